"""Image files: pictures by Pillow, raw bytes as they are. Nothing that a file says makes it large or slow."""

from __future__ import annotations

import io
import os
import struct
import warnings
import zlib

import numpy as np

from aipplint.findings import clean
from aipplint.preview.kernel import Bytes
from aipplint.preview.parameters import MAX_SIDE, Refused
from aipplint.project.reading import TooLarge, Unreadable, read_file
from aipplint.records import NamedTuple

MAX_FILE = 1 << 28
"""Bytes of an image file that is read."""
RAW = (".nv12", ".nv21", ".yuv", ".y", ".gray", ".rgb", ".bgr", ".xrgb", ".rgbx", ".raw", ".bin")
"""Endings of files that are bytes and nothing else."""
_FORMATS = ("PNG", "JPEG", "BMP", "GIF", "PPM", "TIFF", "WEBP")
"""What Pillow reads by itself; for others, such as EPS, it runs programs."""
_BROKEN = (OSError, ValueError, SyntaxError, TypeError, LookupError, EOFError, OverflowError, struct.error, zlib.error)
"""What Pillow raises for files that are not what they say."""


class Image(NamedTuple):
    """An image file: a picture (H, W, 3 in R, G, B), or raw bytes (then ``picture`` is None)."""

    path: str
    picture: Bytes | None
    raw: bytes = b""


def read_image(path: str, *, raw: bool) -> Image:
    """Read a file; ``raw`` says that it is bytes whatever its name. Raises Refused where it cannot be read."""
    content = read_file(path, MAX_FILE)
    if isinstance(content, Unreadable):
        raise Refused(f"{clean(path)}: cannot be read: {content.reason}")
    if isinstance(content, TooLarge):
        raise Refused(f"{clean(path)}: {content.size:,} bytes are too many for an image")
    if raw or os.path.splitext(path)[1].lower() in RAW:
        return Image(path, None, content)
    return Image(path, _picture(path, content))


def _picture(path: str, content: bytes) -> Bytes:
    from PIL import Image as Pillow

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Pillow.open(io.BytesIO(content), formats=_FORMATS) as opened:
                if max(opened.size) > MAX_SIDE:
                    raise Refused(f"{clean(path)}: too large for a preview; a side may have {MAX_SIDE} pixels")
                return np.asarray(opened.convert("RGB"))
    except Pillow.DecompressionBombError:
        raise Refused(f"{clean(path)}: too large for a preview; a side may have {MAX_SIDE} pixels") from None
    except MemoryError:
        raise Refused(f"{clean(path)}: needs more memory than there is") from None
    except _BROKEN:
        raise Refused(
            f"{clean(path)}: no image that can be read; raw bytes need --size (or an ending such as .nv12, .rgb)"
        ) from None
