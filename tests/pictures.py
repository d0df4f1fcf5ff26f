"""A picture for tests and pages: made by arithmetic, smooth, with coloured squares and some fine detail."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image


def made(height: int = 240, width: int = 320) -> npt.NDArray[np.uint8]:
    """A picture (H, W, 3 in R, G, B) that is nowhere symmetric and of no gray."""
    down, across = np.mgrid[0:height, 0:width].astype(np.float64)
    red = 40 + 190 * across / width
    green = 30 + 150 * down / height + 20 * np.sin(across / 13)
    blue = 120 + 80 * np.sin((down + 2 * across) / 29)
    picture = np.stack([red, green, blue], axis=-1)
    picture[height // 4 : height // 2, width // 4 : width // 2] = (205, 60, 45)
    picture[height // 2 : 3 * height // 4, width // 2 : 7 * width // 8] = (35, 70, 190)
    rounded: npt.NDArray[np.uint8] = np.rint(np.clip(picture, 0, 255)).astype(np.uint8)
    return rounded


def bomb(side: int) -> bytes:
    """A PNG file that claims to have sides of so many pixels."""
    header = b"IHDR" + struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    parts = (header, b"IDAT" + zlib.compress(b""))
    chunks = (struct.pack(">I", len(part) - 4) + part + struct.pack(">I", zlib.crc32(part)) for part in parts)
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def write(path: Path, height: int = 240, width: int = 320) -> None:
    """Write the picture as a file without loss."""
    Image.fromarray(made(height, width)).save(path)
