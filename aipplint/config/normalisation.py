"""The normalisation of a static operator: the values of each output channel, and the known convention.

The operator computes ``(pixel - mean_chn - min_chn) * var_reci_chn`` for each channel after the colour conversion, in
half precision (fact N4; fact W10). var_reci_chn is 1 over the standard deviation, in spite of its
name.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Sequence

from aipplint.config.op import AippOp
from aipplint.hardware.constants import BGR, DEVIATIONS, MEANS, RGB, UNIFORM, Triple
from aipplint.records import NamedTuple

SMALLEST_NORMAL = 2.0**-14
"""Below this a number in half precision loses digits (6.1e-5)."""
MAX_HALF = 65504.0
"""The largest number in half precision."""
NOT_SENT = 1e-6
"""A min_chn or padding_value below this never reaches the operator (fact S5)."""

SINGLE_PRECISION = frozenset(("Ascend310B", "AS31XM1", "Ascend610Lite", "BS9SX2A", "MC61AM21A"))
"""Products, by short name, that keep min and var_reci in single precision (fact N9)."""

_YUV = frozenset(("YUV420SP_U8", "YUYV_U8", "YUV422SP_U8", "AYUV444_U8"))
_RGB = frozenset(("RGB888_U8", "XRGB8888_U8", "ARGB8888_U8"))
_GRAY = frozenset(("YUV400_U8",))
_RAW = frozenset(("RAW10", "RAW12", "RAW16", "RAW24"))
_LOWER_ROWS = tuple(f"matrix_r{row}c{column}" for row in (1, 2) for column in range(3))


def half(value: float) -> float:
    """Round a number to half precision like the registers; it is infinite if it is too large."""
    try:
        rounded: float = struct.unpack("<e", struct.pack("<e", float(value)))[0]
    except OverflowError:
        return math.copysign(math.inf, value)
    return rounded


def single(value: float) -> float:
    """Round a number to single precision, as which the compiler reads it; it is infinite if it is too large."""
    try:
        rounded: float = struct.unpack("<f", struct.pack("<f", float(value)))[0]
    except OverflowError:
        return math.copysign(math.inf, value)
    return rounded


def plain(value: float, digits: int = 7) -> str:
    """Format a number for people and for a configuration with some significant digits, without exponent."""
    if value == 0 or not math.isfinite(value):
        return f"{value:g}"
    places = max(0, digits - 1 - math.floor(math.log10(abs(value))))
    text = f"{value:.{min(places, 45)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


class Channel(NamedTuple):
    """One channel of the output, counted from 0.

    ``mean`` (an integer) and ``minimum`` are both subtracted, ``reciprocal`` is multiplied with; all three as written
    or by default. ``single`` says that the product keeps the last two in single precision.
    """

    number: int
    mean: int
    minimum: float
    reciprocal: float
    single: bool = False

    @property
    def offset(self) -> float:
        """The total subtracted value, in pixels of 0 to 255."""
        return self.mean + self.minimum

    def output(self, pixel: int) -> float:
        """Return the output for a byte, rounded after each step like the operator.

        Constants are read as single precision before they become half (fact N8).
        """
        minimum, reciprocal = single(self.minimum), single(self.reciprocal)
        if self.single:
            return half((pixel - single(self.mean + minimum)) * reciprocal)
        return half(half(half(pixel - self.mean) - half(minimum)) * half(reciprocal))

    @property
    def low(self) -> float:
        """The lowest output value."""
        return min(self.output(0), self.output(255))

    @property
    def high(self) -> float:
        """The highest output value."""
        return max(self.output(0), self.output(255))


class Reading(NamedTuple):
    """A known triple that some numbers match, and its order (``R, G, B`` or ``B, G, R``)."""

    triple: Triple
    order: str


def output_colour(op: AippOp) -> str | None:
    """Return the output colour of a static operator: ``rgb`` (any order), ``yuv``, ``gray``, ``raw``; None if unknown.

    Gray is a matrix whose lower rows are written as 0: only the first channel is computed (fact N7).
    """
    image, csc = op.text("input_format"), op.flag("csc_switch")
    if not op.is_static:
        return None
    if image in _GRAY:
        return "gray"
    if image in _RAW:
        return "raw"
    if csc is None or image not in _YUV | _RGB:
        return None
    if csc and all(op.has(name) and op.value(name) == 0 for name in _LOWER_ROWS):
        return "gray"
    return "rgb" if csc == (image in _YUV) else "yuv"


def channels_in_use(op: AippOp, model_channels: int | None = None) -> tuple[int, ...]:
    """Return the channels that certainly contain an image; none if the format does not determine them.

    The X of XRGB8888_U8 is not counted. ``model_channels`` is C of the model's input, where it is known.
    """
    colour = output_colour(op)
    if colour is None:
        return ()
    count = 1 if colour in ("gray", "raw") else 3
    return tuple(range(count if model_channels is None else min(count, model_channels)))


def channels_of(op: AippOp, *, model_channels: int | None = None, single: bool = False) -> tuple[Channel, ...]:
    """The channels in use of a static operator with their effective numbers; none where one of them is unknown."""
    indices = channels_in_use(op, model_channels)
    found = [channel for index in indices if (channel := channel_of(op, index, in_single=single)) is not None]
    return tuple(found) if len(found) == len(indices) else ()


def channel_of(op: AippOp, index: int, *, in_single: bool = False) -> Channel | None:
    """The effective numbers of one channel; None where one of them is unknown. A tiny min_chn is 0 (fact S5)."""
    mean, minimum = op.number(f"mean_chn_{index}"), op.real(f"min_chn_{index}")
    factor = op.real(f"var_reci_chn_{index}") if op.has(f"var_reci_chn_{index}") else 1.0
    if mean is None or minimum is None or factor is None or not math.isfinite(minimum * factor):
        return None
    return Channel(index, mean, 0.0 if abs(single(minimum)) < single(NOT_SENT) else minimum, factor, in_single)


def same_mean(value: float, known: float) -> bool:
    """Whether a mean is a known one, exact or cut to an integer (up or down)."""
    return abs(value - known) <= 0.1 or (value == int(value) and abs(value - known) < 1)


def same_reciprocal(value: float, deviation: float) -> bool:
    """Return whether a reciprocal is that of a known deviation, except for omitted digits."""
    return abs(value * deviation - 1) <= 0.008


def mean_readings(offsets: Sequence[float]) -> list[Reading]:
    """Return the known means that three numbers match."""
    return [
        Reading(triple, order)
        for triple in MEANS
        for order in (RGB, BGR)
        if len(offsets) == 3 and all(map(same_mean, offsets, triple.in_order(order)))
    ]


def deviation_readings(reciprocals: Sequence[float]) -> list[Reading]:
    """Return the known deviations that three reciprocals match."""
    return [
        Reading(triple, order)
        for triple in DEVIATIONS
        for order in (RGB, BGR)
        if len(reciprocals) == 3 and all(map(same_reciprocal, reciprocals, triple.in_order(order)))
    ]


def convention_of(channels: Sequence[Channel]) -> str:
    """Return the name of the normalisation, such as ``ImageNet, R, G, B``; empty if it has none."""
    offsets = [channel.offset for channel in channels]
    factors = [channel.reciprocal for channel in channels]
    if not channels:
        return ""
    for known in UNIFORM:
        if all(abs(o - known.mean) <= 0.1 for o in offsets) and all(
            same_reciprocal(f, known.deviation) for f in factors
        ):
            return known.name
    if all(offset in (127, 127.5, 128) for offset in offsets) and all(0.0077 < f < 0.0079 for f in factors):
        return "-1 to 1"
    means = [(reading.triple.dataset, reading.order) for reading in mean_readings(offsets)]
    deviations = {(reading.triple.dataset, reading.order) for reading in deviation_readings(factors)}
    for dataset, order in means:
        if all(factor == 1 for factor in factors):
            return f"{dataset}, mean only, {order}"
        if (dataset, order) in deviations:
            return f"{dataset}, {order}"
    return ""
