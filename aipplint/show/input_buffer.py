"""Input buffers: element type, dimensions and bytes of an image in each format."""

from __future__ import annotations

from math import prod

from aipplint.hardware.size import Size
from aipplint.records import NamedTuple
from aipplint.show.description import Feed


class Layout(NamedTuple):
    """An image in memory.

    ``rows`` is the number of rows for ``per`` rows of the picture, ``channels`` the C of the published dimensions,
    ``width`` the bytes of an element of the type.
    """

    type: str = "UINT8"
    channels: int = 1
    rows: int = 1
    per: int = 1
    width: int = 1


LAYOUTS = {
    "YUV420SP_U8": Layout(rows=3, per=2),
    "YUV422SP_U8": Layout(rows=2),
    "YUYV_U8": Layout(channels=2),
    "YUV400_U8": Layout(),
    "RGB888_U8": Layout(channels=3),
    "XRGB8888_U8": Layout(channels=4),
    "ARGB8888_U8": Layout(channels=4),
    "AYUV444_U8": Layout(channels=4),
    "RGB8_IR": Layout(channels=4),
    "RAW10": Layout("UINT16", width=2),
    "RAW12": Layout("UINT16", width=2),
    "RAW16": Layout("UINT16", width=2),
    "RAW24": Layout("UINT32", width=4),
    "RGB16": Layout("UINT16", 3, width=2),
    "RGB20": Layout("UINT32", 3, width=4),
    "RGB24": Layout("UINT32", 3, width=4),
    "RGB16_IR": Layout("UINT16", 4, width=2),
    "RGB24_IR": Layout("UINT32", 4, width=4),
}
"""By format (facts U5, U6). The NC1HWC0DI formats hold feature maps, not images, and are not here."""


def feed_of(image_format: str | None, size: Size | None, batch: int | None, room: int | None = None) -> Feed | None:
    """Return the input buffer for a batch; ``room`` is max_src_image_size. None for a format without a layout."""
    layout = LAYOUTS.get(image_format or "")
    if layout is None or image_format is None:
        return None
    if size is None or min(size) <= 0 or size.height * layout.rows % layout.per:
        return Feed(image_format, layout.type, None, None, None, None)
    inner = (size.height * layout.rows // layout.per, size.width, layout.channels)
    one = prod(inner) * layout.width
    many = None if batch is None else one * batch
    fits = None if many is None or not room else many <= room
    return Feed(image_format, layout.type, (batch, *inner), one, many, fits)
