"""The arithmetic of the published kernel on whole images (facts N1 to N7), in strips of rows and two threads.

Integers up to the byte, then one table of 256 numbers for each channel.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from aipplint.config.normalisation import Channel
from aipplint.hardware.csc import NOTHING
from aipplint.hardware.size import Size
from aipplint.preview.parameters import CHANNELS, Parameters, Window

Bytes = npt.NDArray[np.uint8]
Sums = npt.NDArray[np.int32]
Tensor = npt.NDArray[np.float16] | npt.NDArray[np.uint8]

_THREADS = 2
_STRIP_PIXELS = 1 << 16
"""Pixels of a strip: its sums stay in the cache of a processor."""
_EXACT = 1 << 23
"""Sums below this are rounded exactly; the float and the int16 of the kernel lose larger ones."""


def compute(
    parameters: Parameters,
    images: Bytes,
    layout: str,
    dtype: str,
    tick: Callable[[int, int], None] | None = None,
    clipped: list[int] | None = None,
) -> Tensor:
    """Return what the operator writes for a batch.

    ``images`` has the bytes of one image in each row. ``layout`` is NCHW or NHWC, ``dtype`` float16 or uint8 (which is
    not normalised). ``tick`` is told how many strips are done, and how many there are. To ``clipped`` the number of
    values of each channel is added that the colour conversion clips to 0..255.
    """
    size = parameters.window.output
    shape = (len(images), *((CHANNELS, *size) if layout == "NCHW" else (*size, CHANNELS)))
    tensor: Tensor = np.empty(shape, dtype)
    planes = tensor if layout == "NCHW" else tensor.transpose(0, 3, 1, 2)
    window = filled_window(parameters)
    inside = _pad(planes, window, padding_of(parameters, dtype))
    tables = tables_of(parameters, dtype)

    def work(strip: tuple[int, int, int]) -> list[int]:
        index, first, last = strip
        lost = [0] * CHANNELS if clipped is not None else []
        for channel, values in enumerate(_values(parameters, window, images[index], first, last, lost)):
            target = inside[index, channel, first:last]
            if values.shape == target.shape and target.flags.c_contiguous:
                np.take(tables[channel], values, out=target, mode="clip")
            else:
                target[...] = np.take(tables[channel], values, mode="clip")
        return lost

    strips = [(index, *rows) for index in range(len(images)) for rows in _strips(window.crop)]
    with ThreadPoolExecutor(_THREADS) as threads:
        for done, lost in enumerate(threads.map(work, strips), 1):
            if clipped is not None:
                clipped[:] = map(sum, zip(clipped, lost, strict=True))
            if tick is not None:
                tick(done, len(strips))
    return tensor


def filled_window(parameters: Parameters) -> Window:
    """Return the window with the crop as the kernel fills it.

    Of YUV420SP with even paddings it takes blocks of 2 x 2 pixels whole: at an odd edge, pixels beyond the crop.
    """
    window = parameters.window
    after = [
        whole - first - inner for whole, first, inner in zip(window.output, window.before, window.crop, strict=True)
    ]
    blocks = parameters.image_format == "YUV420SP_U8" and not parameters.gray
    if not blocks or any(side % 2 for side in (*window.before, *after)):
        return window
    room = [
        min(inner + inner % 2, whole - first, source - start)
        for inner, whole, first, source, start in zip(
            window.crop, window.output, window.before, window.source, window.start, strict=True
        )
    ]
    return window._replace(crop=Size(*room))


def tables_of(parameters: Parameters, dtype: str) -> list[Tensor]:
    """Return the output for the bytes 0 to 255 of each channel; a model with uint8 input gets the byte."""
    if dtype == "uint8":
        return [np.arange(256, dtype=np.uint8)] * CHANNELS
    return [_table(channel, repr(channel)) for channel in parameters.channels]


@lru_cache(maxsize=64)
def _table(channel: Channel, _written: str) -> Tensor:
    """The table of a channel, remembered by how it is written: 0.0 and -0.0 are equal, but not their products."""
    with np.errstate(all="ignore"):
        return np.array([channel.output(byte) for byte in range(256)], np.float16)


def padding_of(parameters: Parameters, dtype: str) -> float:
    """Return the value of padding pixels: not normalised; for uint8 clipped to 0..255 and cut off (fact N5)."""
    value = parameters.padding
    if dtype == "uint8":
        return int(min(max(value, 0.0), 255.0))
    with np.errstate(over="ignore"):
        return float(np.float16(value))


def _pad(planes: Tensor, window: Window, value: float) -> Tensor:
    """Fill the padding of planes (N, C, H, W); return the part inside."""
    (top, left), (height, width) = window.before, window.crop
    rows, columns = slice(top, top + height), slice(left, left + width)
    planes[:, :, :top] = value
    planes[:, :, rows.stop :] = value
    planes[:, :, rows, :left] = value
    planes[:, :, rows, columns.stop :] = value
    return planes[:, :, rows, columns]


def _strips(crop: Size) -> Iterator[tuple[int, int]]:
    rows = max(2, _STRIP_PIXELS // crop.width // 2 * 2)
    return ((first, min(first + rows, crop.height)) for first in range(0, crop.height, rows))


def _values(
    parameters: Parameters, window: Window, image: Bytes, first: int, last: int, lost: list[int]
) -> Iterator[Bytes]:
    """The bytes of each channel after the colour conversion, for some rows of the crop; ``lost`` counts the clipped."""
    rows = slice(window.start.height + first, window.start.height + last)
    columns = slice(window.start.width, window.start.width + window.crop.width)
    count = 1 if parameters.gray else CHANNELS
    if parameters.image_format == "YUV420SP_U8":
        made = _from_yuv(parameters, window.source, image, rows, columns, lost)
    else:
        made = _from_rgb(parameters, window.source, image, rows, columns, lost)
    yield from (values for _, values in zip(range(count), made, strict=False))
    for _ in range(CHANNELS - count):
        yield np.zeros((1, 1), np.uint8)


def _from_rgb(
    parameters: Parameters, source: Size, image: Bytes, rows: slice, columns: slice, lost: list[int]
) -> Iterator[Bytes]:
    """Interleaved bytes; YUV400 has one for each pixel."""
    pixels = image.reshape(*source, -1)[rows, columns]
    pixels = pixels[..., parameters.first : parameters.first + CHANNELS]
    for channel in range(CHANNELS):
        row = _row(parameters, channel)
        used = [place for place in range(CHANNELS) if row[place]]
        if len(used) == 1 and row[used[0]] == 256 and parameters.output_bias == NOTHING:
            yield pixels[..., used[0]]
            continue
        sums: Sums = np.full(pixels.shape[:2], _half(parameters, channel), np.int32)
        for place in used:
            sums += pixels[..., place] * np.int32(row[place])
        yield _rounded(sums, parameters, channel, lost)


def _from_yuv(
    parameters: Parameters, source: Size, image: Bytes, rows: slice, columns: slice, lost: list[int]
) -> Iterator[Bytes]:
    """A plane of Y, then one pair of chroma for 2 x 2 pixels, which is repeated (fact N2)."""
    bias = parameters.input_bias
    luma = image[: source.pixels].reshape(source)[rows, columns]
    pairs = image[source.pixels :].reshape(source.height // 2, source.width // 2, 2)
    pairs = pairs[rows.start // 2 : (rows.stop + 1) // 2, columns.start // 2 : (columns.stop + 1) // 2]
    chroma = [pairs[..., place].astype(np.int32) - bias[1 + place] for place in range(2)]
    sums: Sums = np.empty(luma.shape, np.int32)
    lit, factor = sums, None
    for channel in range(CHANNELS):
        row = _row(parameters, channel)
        if row[0] != factor:
            lit, factor = np.multiply(luma, np.int32(row[0]), dtype=np.int32), row[0]
        # What is the same for the whole image is added where there are fewest pixels.
        offset = _half(parameters, channel) - row[0] * bias[0]
        tinted = (chroma[0] * row[1] + chroma[1] * row[2] + offset).repeat(2, axis=1)
        tinted = tinted[:, columns.start % 2 :][:, : luma.shape[1]]
        for parity in range(2):
            mine = slice((parity - rows.start) % 2, None, 2)
            skipped = (rows.start + mine.start) // 2 - rows.start // 2
            lines = lit[mine]
            np.add(lines, tinted[skipped : skipped + len(lines)], out=sums[mine])
        yield _rounded(sums, parameters, channel, lost)


def _row(parameters: Parameters, channel: int) -> Sequence[int]:
    return parameters.matrix[3 * channel : 3 * channel + 3]


def _half(parameters: Parameters, channel: int) -> int:
    """What is added to a sum so that a shift rounds it; 0 where sums may be too large for that."""
    return 128 if sum(map(abs, _row(parameters, channel))) * 255 < _EXACT else 0


def _rounded(sums: Sums, parameters: Parameters, channel: int, lost: list[int]) -> Bytes:
    """Return the sums of a matrix row as bytes: rounded, with the output bias, clipped (fact N6). Spoils the sums.

    They come with the half that rounds them.
    """
    if _half(parameters, channel):
        sums >>= 8
    else:
        exact = (2 * sums + 1).astype(np.float32) / np.float32(512)
        nearest = np.trunc(exact + np.copysign(np.float32(0.5), exact))
        sums = nearest.astype(np.int32).astype(np.int16).astype(np.int32)
    if parameters.output_bias[channel]:
        sums += parameters.output_bias[channel]
    if lost:
        lost[channel] += int(np.count_nonzero((sums < 0) | (sums > 255)))
    return np.clip(sums, 0, 255, out=sums).astype(np.uint8)
