"""What an operator does to colours: the values in force, the conversion they make, and its name.

Read by the rules, by ``show`` and by the editor's hover. Everything here is about static operators; what a dynamic
one does is decided at run time.
"""

from __future__ import annotations

from functools import lru_cache

from aipplint.config.op import AippOp
from aipplint.hardware.csc import (
    ATTRIBUTE_DEFAULT,
    DEFAULT,
    DEFAULT_BIAS,
    IDENTITY,
    NOTHING,
    RGB,
    YUV,
    Bias,
    Conversion,
    Matrix,
    Near,
    nearest,
    recognise,
)
from aipplint.records import NamedTuple

MATRIX = tuple(f"matrix_r{row}c{column}" for row in range(3) for column in range(3))
INPUT_BIAS = tuple(f"input_bias_{channel}" for channel in range(3))
OUTPUT_BIAS = tuple(f"output_bias_{channel}" for channel in range(3))
BIAS = {"input": INPUT_BIAS, "output": OUTPUT_BIAS}
MEANS = tuple((f"mean_chn_{channel}", f"min_chn_{channel}") for channel in range(3))

GRAY, RAW = "GRAY", "RAW"
"""The families of formats that are not converted: one channel; sensor data and tensors."""

FAMILIES = {
    "YUV420SP_U8": YUV,
    "YUV422SP_U8": YUV,
    "YUYV_U8": YUV,
    "AYUV444_U8": YUV,
    "RGB888_U8": RGB,
    "XRGB8888_U8": RGB,
    "ARGB8888_U8": RGB,
    "RGB8_IR": RGB,
    "YUV400_U8": GRAY,
}
_PLAIN = {
    "YUV420SP_U8": ("YUV420SP (NV12)", "YUV420SP (NV21)"),
    "YUV422SP_U8": ("YUV422SP (NV16)", "YUV422SP (NV61)"),
    "YUYV_U8": ("YUYV", "YVYU"),
    "RGB888_U8": ("RGB888", "BGR888"),
    "RGB8_IR": ("RGB8_IR", "BGR8_IR"),
    "YUV400_U8": ("YUV400", "YUV400"),
}
_FOUR_CHANNELS = {"XRGB8888_U8": "X", "ARGB8888_U8": "A", "AYUV444_U8": "A"}
"""Formats with a fourth channel that ax_swap_switch moves, and its letter."""


class Csc(NamedTuple):
    """Effective matrix and biases. ``filled`` names the fields that are not set and were filled in."""

    matrix: Matrix
    input_bias: Bias
    output_bias: Bias
    filled: tuple[str, ...] = ()

    @property
    def biases(self) -> dict[str, Bias]:
        """The biases by side, ``input`` and ``output``."""
        return {"input": self.input_bias, "output": self.output_bias}

    @property
    def values(self) -> dict[str, int]:
        """All values by field."""
        return dict(
            zip(MATRIX + INPUT_BIAS + OUTPUT_BIAS, self.matrix + self.input_bias + self.output_bias, strict=True)
        )


IDLE = Csc(IDENTITY, NOTHING, NOTHING)
"""What is in force while csc_switch is off."""


class Colour(NamedTuple):
    """The colour conversion of an operator.

    ``family`` is YUV, RGB, GRAY or RAW. ``swap`` and ``alpha_first`` are the two swap switches. ``csc`` holds what the
    operator computes with (None where a value cannot be read), ``conversion`` the known one that this is.
    """

    image_format: str
    family: str
    swap: bool
    alpha_first: bool
    on: bool
    csc: Csc | None
    conversion: Conversion | None

    @property
    def source(self) -> str:
        """The name of the source images, such as ``YUV420SP (NV12)`` or ``XBGR8888``."""
        exchanged = self.conversion is not None and self.conversion.swapped
        return source_name(self.image_format, self.swap != exchanged, self.alpha_first)

    @property
    def target(self) -> str | None:
        """The output colour: RGB, BGR, YUV444, YVU444, GRAY, RAW; None if the matrix is not a known one.

        Without csc_switch, the order is that of the source images: RGB means "unchanged", BGR means "exchanged".
        """
        if self.on:
            known = self.conversion
            return known.target if known is not None and known.source == self.family else None
        plain = {YUV: ("YUV444", "YVU444"), RGB: ("RGB", "BGR")}.get(self.family, (self.family, self.family))
        return plain[self.swap]

    @property
    def channels(self) -> int | None:
        """The number of channels with an image; None if it is unknown."""
        if self.on:
            return None if self.conversion is None else self.conversion.channels
        return 3 if self.family in (YUV, RGB) else 1 if self.family == GRAY else None

    def near(self) -> Near | None:
        """The nearest documented conversion, if the matrix is known and is not documented."""
        if self.csc is None or self.conversion is not None or not self.on:
            return None
        return nearest(self.csc.matrix, self.family, self.csc.biases)

    @property
    def name(self) -> str:
        """For people: ``YUV420SP (NV12) to RGB, BT.601 full range (JPEG)``."""
        if not self.on:
            return self._unconverted
        if self.csc is None:
            return f"{self.source}, converted by a matrix that cannot be read"
        if self.conversion is None:
            near = self.near()
            like = f", nearest to {near.conversion.arrow}" if near else ""
            return f"{self.source}, converted by a matrix that the manual does not list{like}"
        if self.conversion.source != self.family:
            return f"{self.source}, converted by a matrix for {self.conversion.arrow}"
        return self.source + self.conversion.arrow.removeprefix(self.conversion.source)

    @property
    def _unconverted(self) -> str:
        source = source_name(self.image_format, False, self.alpha_first)
        target = self.target
        if target in (GRAY, RAW):
            return f"{source} as it is" if target == RAW else f"{source} to GRAY, no conversion"
        other = source_name(self.image_format, True, self.alpha_first)
        first, second = ("YUV444", "YVU444") if self.family == YUV else ("RGB", "BGR")
        if self.swap:
            return f"{source} to {second}, or {other} to {first}, no conversion"
        return f"{source} to {first}, or {other} to {second}, no conversion"


def source_name(image_format: str, swap: bool, alpha_first: bool) -> str:
    """Return the common name of the images: the format with the two swaps applied (fact W7)."""
    if letter := _FOUR_CHANNELS.get(image_format):
        order = ("YVU" if swap else "YUV") if "YUV" in image_format else "BGR" if swap else "RGB"
        bits = "444" if "YUV" in image_format else "8888"
        return (letter + order if alpha_first else order + letter) + bits
    return _PLAIN[image_format][swap] if image_format in _PLAIN else image_format


@lru_cache(maxsize=4)
def colour_of(op: AippOp) -> Colour | None:
    """Return the colour conversion of a static operator; None if it is unknown.

    Remembered for the last few operators, because one rule after the other asks the same.
    """
    image_format, swap, on = op.text("input_format"), op.flag("rbuv_swap_switch"), op.flag("csc_switch")
    alpha_first = op.flag("ax_swap_switch")
    if not op.is_static or image_format in (None, "UNDEFINED") or swap is None or on is None or alpha_first is None:
        return None
    assert image_format is not None
    family = FAMILIES.get(image_format, RAW)
    csc = kernel_csc(op) if on else IDLE
    matrix = _cells(op) if csc is None else csc.matrix
    known = recognise(matrix, family) if matrix and on else None
    return Colour(image_format, family, swap, alpha_first, on, csc, known)


def _cells(op: AippOp) -> Matrix | None:
    """Return the written matrix if each of its cells can be read; a bias may be wrong."""
    cells = [op.number(name) for name in MATRIX if op.has(name)]
    known = tuple(cell for cell in cells if cell is not None)
    return known if len(known) == len(MATRIX) and not op.damaged else None


def kernel_csc(op: AippOp) -> Csc | None:
    """Return the matrix and biases of the operator if csc_switch is true (facts S4, T0); None if one cannot be read."""
    return _filled(op, DEFAULT.matrix)


def attribute_csc(op: AippOp) -> Csc | None:
    """Return those in the attributes of the model if csc_switch is true (fact S1), which the operator does not use."""
    default = DEFAULT if op.text("input_format") == "YUV420SP_U8" else ATTRIBUTE_DEFAULT
    return _filled(op, default.matrix)


def _filled(op: AippOp, matrix: Matrix) -> Csc | None:
    defaults = dict(zip(MATRIX + INPUT_BIAS + OUTPUT_BIAS, matrix + DEFAULT_BIAS * 2, strict=True))
    filled = tuple(name for name in defaults if not op.has(name))
    values = {name: defaults[name] if name in filled else op.number(name) for name in defaults}
    if op.damaged and any(name in filled for name in MATRIX):
        return None
    known = tuple(value for value in values.values() if value is not None)
    if len(known) != len(values):
        return None
    return Csc(known[:9], (known[9], known[10], known[11]), (known[12], known[13], known[14]), filled)


def means_of(op: AippOp) -> tuple[float, ...] | None:
    """Return the values subtracted from the three channels, mean plus min; None if one cannot be read."""
    means = []
    for names in MEANS:
        parts = [op.real(name) for name in names]
        if None in parts or (op.damaged and not any(op.has(name) for name in names)):
            return None
        means.append(sum(part for part in parts if part is not None))
    return tuple(means)
