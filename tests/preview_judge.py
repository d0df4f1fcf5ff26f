"""A second reading of the arithmetic, pixel by pixel in plain Python, that shares nothing with the preview.

Slow and literal: it takes the fields as a dict and follows docs/facts/arithmetic.md. It does not know the values that
the kernel never writes (odd sides of YUV420SP), so cases for it have even ones.
"""

from __future__ import annotations

import struct
from typing import Any

IDENTITY = [[256, 0, 0], [0, 256, 0], [0, 0, 256]]


def half(value: float) -> float:
    try:
        return float(struct.unpack("<e", struct.pack("<e", value))[0])
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")


def half_of_text(value: float) -> float:
    return half(struct.unpack("<f", struct.pack("<f", value))[0])


def stored(fields: dict[str, Any], image: bytes, y: int, x: int) -> list[int]:
    """The bytes of a source pixel, before anything is exchanged."""
    height, width = fields["src_image_size_h"], fields["src_image_size_w"]
    at = y * width + x
    match fields["input_format"]:
        case "YUV400_U8":
            return [image[at], 0, 0]
        case "YUV420SP_U8":
            pair = height * width + (y // 2) * width + (x // 2) * 2
            return [image[at], image[pair], image[pair + 1]]
        case "RGB888_U8":
            return list(image[3 * at : 3 * at + 3])
    first = 4 * at + bool(fields.get("ax_swap_switch"))
    return list(image[first : first + 3])


def converted(fields: dict[str, Any], pixel: list[int]) -> list[int]:
    """The three bytes after the colour conversion."""
    on, yuv = bool(fields.get("csc_switch")), fields["input_format"] == "YUV420SP_U8"
    matrix = [[fields.get(f"matrix_r{r}c{c}", 0) for c in range(3)] for r in range(3)] if on else IDENTITY
    before = [fields.get(f"input_bias_{c}", 0) if on and yuv else 0 for c in range(3)]
    after = [fields.get(f"output_bias_{c}", 0) if on and not yuv else 0 for c in range(3)]
    gray = matrix[1] == matrix[2] == [0, 0, 0]
    gray = gray and (matrix[0][1:] == [0, 0] and before == [0] * 3 if yuv else after == [0] * 3)
    gray = gray or fields["input_format"] == "YUV400_U8"
    one, other = (1, 2) if yuv else (0, 2)
    found = []
    for row in matrix:
        cells = list(row)
        if fields.get("rbuv_swap_switch") and fields["input_format"] != "YUV400_U8":
            cells[one], cells[other] = cells[other], cells[one]
        total = sum(cell * (byte - bias) for cell, byte, bias in zip(cells, pixel, before, strict=True))
        found.append((total + 128) // 256)
    clipped = [min(max(value + bias, 0), 255) for value, bias in zip(found, after, strict=True)]
    return [clipped[0], 0, 0] if gray else clipped


def normalised(fields: dict[str, Any], byte: int, channel: int) -> float:
    mean, minimum = fields.get(f"mean_chn_{channel}", 0), fields.get(f"min_chn_{channel}", 0.0)
    factor = fields.get(f"var_reci_chn_{channel}", 1.0)
    minimum = half_of_text(minimum) if abs(minimum) >= 1e-6 else 0.0
    return half(half(half(byte - mean) - minimum) * half_of_text(factor))


def judged(fields: dict[str, Any], image: bytes, dtype: str) -> list[list[list[float]]]:
    """The tensor as channels of rows of values."""
    crop, pad = bool(fields.get("crop")), bool(fields.get("padding"))
    top, bottom, left, right = (
        fields.get(f"{side}_padding_size", 0) if pad else 0 for side in ("top", "bottom", "left", "right")
    )
    start_y, start_x = (fields.get(f"load_start_pos_{axis}", 0) if crop else 0 for axis in "hw")
    height, width = (fields[f"crop_size_{axis}" if crop else f"src_image_size_{axis}"] for axis in "hw")
    value = fields.get("padding_value", 0.0) if pad else 0.0
    value = value if abs(value) >= 1e-6 else 0.0
    outside = float(int(min(max(value, 0), 255))) if dtype == "uint8" else half_of_text(value)

    def at(y: int, x: int) -> list[float]:
        if not (top <= y < top + height and left <= x < left + width):
            return [outside] * 3
        pixel = converted(fields, stored(fields, image, start_y + y - top, start_x + x - left))
        if dtype == "uint8":
            return [float(byte) for byte in pixel]
        return [normalised(fields, byte, channel) for channel, byte in enumerate(pixel)]

    rows = [[at(y, x) for x in range(left + width + right)] for y in range(top + height + bottom)]
    return [[[pixel[channel] for pixel in row] for row in rows] for channel in range(3)]
