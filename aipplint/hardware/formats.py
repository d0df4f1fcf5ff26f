"""Image formats: bytes of a pixel, and which sides of an image must be even."""

from __future__ import annotations

BYTES = {
    "YUV400_U8": (1, 1),
    "YUV420SP_U8": (3, 2),
    "RGB888_U8": (3, 1),
    "XRGB8888_U8": (4, 1),
    "ARGB8888_U8": (4, 1),
    "AYUV444_U8": (4, 1),
    "YUYV_U8": (2, 1),
    "YUV422SP_U8": (2, 1),
    "RAW10": (2, 1),
    "RAW12": (2, 1),
    "RAW16": (2, 1),
    "RAW24": (4, 1),
}
"""Bytes of a pixel as a fraction, by format, as the runtime counts them (fact R14)."""

DYNAMIC_FORMATS = ("YUV400_U8", "YUV420SP_U8", "RGB888_U8", "XRGB8888_U8")
"""Formats that dynamic AIPP accepts at run time on every product that supports it (fact R16), the smallest first."""

EVEN_WIDTH = frozenset(("YUV420SP_U8", "YUV422SP_U8", "YUYV_U8"))
EVEN_HEIGHT = frozenset(("YUV420SP_U8",))
"""Formats whose images have an even width and height (facts T9, T22)."""

ONE_CHANNEL = ("YUV400_U8", "RAW10", "RAW12", "RAW16")
"""Formats of one channel that some product accepts (fact T5)."""
TENSORS = ("NC1HWC0DI_FP16", "NC1HWC0DI_S8")
"""Formats of another model's output instead of an image."""


def image_bytes(image_format: str, pixels: int) -> int | None:
    """Return the bytes of an image by its number of pixels; None for a format that the runtime does not support."""
    if image_format not in BYTES:
        return None
    times, by = BYTES[image_format]
    return pixels * times // by
