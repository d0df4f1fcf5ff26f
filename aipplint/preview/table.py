"""The table of a tensor: least, mean and largest value of each channel, and the share that is clipped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from aipplint.config.normalisation import plain
from aipplint.preview.kernel import Tensor
from aipplint.records import NamedTuple


class Row(NamedTuple):
    """One channel. ``clipped`` is the share of its image pixels that the colour conversion clips to 0..255."""

    channel: int
    least: float
    mean: float
    largest: float
    clipped: float


def table_of(tensor: Tensor, layout: str, clipped: Sequence[int], pixels: int) -> list[Row]:
    """Return the rows. ``clipped`` counts the clipped values of each channel among so many image pixels."""
    planes = tensor if layout == "NCHW" else tensor.transpose(0, 3, 1, 2)
    rows = []
    for channel in range(planes.shape[1]):
        plane = planes[:, channel]
        with np.errstate(all="ignore"):
            mean = float(plane.mean(dtype=np.float64))
        rows.append(Row(channel, float(plane.min()), mean, float(plane.max()), clipped[channel] / max(pixels, 1)))
    return rows


def lines_of(rows: Sequence[Row], letters: str) -> Iterator[str]:
    """Yield the table as text; ``letters`` are the names of the channels, where they are known."""
    yield f"{'channel':<10}{'min':>11}{'mean':>11}{'max':>11}{'clipped':>11}"
    for row in rows:
        name = f"{row.channel} {letters[row.channel : row.channel + 1]}"
        numbers = "".join(f"{plain(value, 5):>11}" for value in (row.least, row.mean, row.largest))
        yield f"{name:<10}{numbers}{100 * row.clipped:>9.2f} %"
