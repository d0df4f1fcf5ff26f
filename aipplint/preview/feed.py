"""The bytes that an application feeds for a picture: raw files as they are, pictures converted as the program would."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from aipplint.hardware.csc import FULL_601, FULL_709, NARROW_601, NARROW_709, Standard
from aipplint.hardware.size import Size
from aipplint.preview.kernel import Bytes
from aipplint.preview.parameters import Parameters, Refused
from aipplint.records import NamedTuple

STANDARDS = {"bt601-narrow": NARROW_601, "bt601-full": FULL_601, "bt709-narrow": NARROW_709, "bt709-full": FULL_709}
"""The documented standards, by the word that chooses one."""
ORDERS = ("rgb", "bgr")
CHROMA = ("nv12", "nv21")
_LUMA = (77, 150, 29)


class Program(NamedTuple):
    """What the application feeds: the standard of its YUV, the order of U and V, and the order of the colours."""

    standard: str = "bt601-narrow"
    chroma: str = "nv12"
    order: str = "rgb"

    def words(self, image_format: str) -> str:
        """What was made of a picture, in words."""
        if image_format == "YUV420SP_U8":
            return f"{self.chroma.upper()}, {STANDARDS[self.standard].name}"
        if image_format == "YUV400_U8":
            return "gray, 77/256 R + 150/256 G + 29/256 B"
        return f"bytes in the order {', '.join(self.order.upper())}"


def fed(picture: Bytes, parameters: Parameters, program: Program) -> Bytes:
    """Return the bytes of a picture (H, W, 3 in R, G, B) in the format of a configuration."""
    image_format = parameters.image_format
    if image_format == "YUV420SP_U8":
        return _yuv420sp(picture, STANDARDS[program.standard], swapped=program.chroma == "nv21")
    if image_format == "YUV400_U8":
        luma: Bytes = ((picture.astype(np.int32) @ np.array(_LUMA, np.int32) + 128) >> 8).astype(np.uint8)
        return luma.reshape(-1)
    pixels = picture if program.order == "rgb" else picture[..., ::-1]
    if image_format == "RGB888_U8":
        return np.ascontiguousarray(pixels).reshape(-1)
    wide = np.full((*picture.shape[:2], 4), 255, np.uint8)
    wide[..., parameters.first : parameters.first + 3] = pixels
    return wide.reshape(-1)


def _yuv420sp(picture: Bytes, standard: Standard, *, swapped: bool) -> Bytes:
    """Convert with the documented matrix; U and V are those of the mean of 2 x 2 pixels."""
    height, width = picture.shape[:2]
    if height % 2 or width % 2:
        raise Refused(f"a picture of {Size(height, width)} cannot be YUV420SP, which has even sides")
    matrix, offset = np.array(standard.to_yuv, np.int32).reshape(3, 3), standard.bias
    pixels = picture.astype(np.int32)
    luma = ((pixels @ matrix[0] + 128) >> 8) + offset[0]
    blocks = pixels.reshape(height // 2, 2, width // 2, 2, 3).sum((1, 3), dtype=np.int32)
    pairs = ((blocks @ matrix[1:].T + 512) >> 10) + offset[1]
    if swapped:
        pairs = pairs[..., ::-1]
    return np.concatenate([np.clip(part, 0, 255).astype(np.uint8).reshape(-1) for part in (luma, pairs)])


def pictured(image: Bytes, parameters: Parameters, program: Program) -> Bytes:
    """Return the picture (H, W, 3 in R, G, B) that raw bytes show, as the program made them."""
    source, image_format = parameters.window.source, parameters.image_format
    if image_format == "YUV400_U8":
        return np.repeat(image.reshape(*source, 1), 3, axis=2)
    if image_format != "YUV420SP_U8":
        pixels = image.reshape(*source, -1)[..., parameters.first : parameters.first + 3]
        return np.ascontiguousarray(pixels if program.order == "rgb" else pixels[..., ::-1])
    standard = STANDARDS[program.standard]
    luma = image[: source.pixels].reshape(*source, 1)
    pairs = image[source.pixels :].reshape(source.height // 2, source.width // 2, 2)
    pairs = pairs[..., ::-1] if program.chroma == "nv21" else pairs
    whole = np.concatenate([luma, pairs.repeat(2, 0).repeat(2, 1)], axis=2).astype(np.int32) - np.array(standard.bias)
    matrix: npt.NDArray[np.int32] = np.array(standard.to_rgb, np.int32).reshape(3, 3)
    shown: Bytes = np.clip((whole @ matrix.T + 128) >> 8, 0, 255).astype(np.uint8)
    return shown
