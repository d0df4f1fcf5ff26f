"""The colour conversions that the manual documents, made from four standards.

A matrix holds nine cells in units of 1/256, row by row; a row makes one output channel. From YUV the input bias is
subtracted before the matrix, from RGB the output bias is added after it. The relations between the 57 blocks of the
manual: JPEG uses full range BT.601; BGR is RGB with the first and last rows exchanged, YVU is YUV with the last two
exchanged; a swap of the input channels is a switch and changes no matrix.
"""

from __future__ import annotations

from functools import cache

from aipplint.records import NamedTuple

Matrix = tuple[int, ...]
Bias = tuple[int, int, int]

YUV, RGB = "YUV", "RGB"
"""The families of input formats that can be converted."""

NOTHING: Bias = (0, 0, 0)


class Standard(NamedTuple):
    """A colour standard: its conversion from YUV to RGB, and the reverse.

    ``labels`` are its names in the manual. ``black`` is the Y of black: 16 in narrow range, 0 in full range.
    """

    name: str
    labels: tuple[str, ...]
    black: int
    to_rgb: Matrix
    to_yuv: Matrix

    @property
    def bias(self) -> Bias:
        """The bias on the YUV side."""
        return (self.black, 128, 128)

    @property
    def range(self) -> str:
        """``narrow`` or ``full``."""
        return "narrow" if self.black else "full"


def _standard(
    name: str, label: tuple[str, ...], black: int, chroma: tuple[int, int, int, int], yuv: Matrix
) -> Standard:
    """``chroma``: V in red, U and V in green, U in blue. Narrow range is stretched by 255/219."""
    y = 298 if black else 256
    red, green_u, green_v, blue = chroma
    return Standard(name, label, black, (y, 0, red, y, green_u, green_v, y, blue, 0), yuv)


FULL_601 = _standard(
    "BT.601 full range (JPEG)",
    ("JPEG", "BT-601WIDE"),
    0,
    (359, -88, -183, 454),
    (77, 150, 29, -43, -85, 128, 128, -107, -21),
)
NARROW_601 = _standard(
    "BT.601 narrow range",
    ("BT-601NARROW",),
    16,
    (409, -100, -208, 516),
    (66, 129, 25, -38, -74, 112, 112, -94, -18),
)
FULL_709 = _standard(
    "BT.709 full range",
    ("BT-709WIDE",),
    0,
    (403, -48, -120, 475),
    (55, 183, 19, -29, -99, 128, 128, -116, -12),
)
NARROW_709 = _standard(
    "BT.709 narrow range",
    ("BT-709NARROW",),
    16,
    (459, -55, -136, 541),
    (47, 157, 16, -26, -87, 112, 112, -102, -10),
)
STANDARDS = (FULL_601, NARROW_601, FULL_709, NARROW_709)


class Conversion(NamedTuple):
    """The conversion of a matrix with its bias.

    ``source`` is the family of the input (YUV or RGB), ``target`` that of the output: RGB, BGR, YUV444, YVU444 or GRAY.
    ``standard`` is None if it makes no difference. ``swapped`` means that the columns are exchanged, with the effect of
    rbuv_swap_switch. ``documented`` means that the manual lists it.
    """

    source: str
    target: str
    standard: Standard | None
    matrix: Matrix
    bias: Bias
    swapped: bool = False
    documented: bool = True
    note: str = ""

    @property
    def bias_side(self) -> str:
        """Which bias has an effect (fact W2, fact A10)."""
        return "input" if self.source == YUV else "output"

    @property
    def channels(self) -> int:
        """The number of channels with content."""
        return 1 if self.target == "GRAY" and not self.matrix[3] else 3

    @property
    def arrow(self) -> str:
        """``YUV to RGB, BT.601 narrow range``."""
        standard = f", {self.standard.name}" if self.standard else ""
        note = f", {self.note}" if self.note else ""
        return f"{self.source} to {self.target}{standard}{note}"


def exchange_rows(matrix: Matrix, one: int, other: int) -> Matrix:
    """The matrix with two output channels exchanged."""
    rows = [matrix[0:3], matrix[3:6], matrix[6:9]]
    rows[one], rows[other] = rows[other], rows[one]
    return rows[0] + rows[1] + rows[2]


def exchange_columns(matrix: Matrix, one: int, other: int) -> Matrix:
    """The matrix with two input channels exchanged."""
    return transpose(exchange_rows(transpose(matrix), one, other))


def transpose(matrix: Matrix) -> Matrix:
    """The matrix with rows and columns exchanged."""
    return matrix[0::3] + matrix[1::3] + matrix[2::3]


DEFAULT = Conversion(YUV, "BGR", NARROW_601, exchange_rows(NARROW_601.to_rgb, 0, 2), NARROW_601.bias)
"""The operator's default for missing cells, for all formats (facts T0, A9)."""

ATTRIBUTE_DEFAULT = Conversion(RGB, "YUV444", NARROW_601, NARROW_601.to_yuv, NARROW_601.bias)
"""The default of the model's attributes for formats other than YUV420SP_U8 (fact S1)."""

DEFAULT_BIAS = NARROW_601.bias
"""The default of both biases (S1, T0)."""

IDENTITY: Matrix = (256, 0, 0, 0, 256, 0, 0, 0, 256)
"""The operator's matrix if csc_switch is false (fact A9)."""

_EMPTY_ROWS = (0,) * 6
_LUMA = ((76, 150, 30), (77, 150, 29))
"""The weights of red, green and blue in gray: as the manual rounds them, and as its JPEG tables do."""


@cache
def conversions() -> tuple[Conversion, ...]:
    """Every conversion that is recognised, those of the manual first."""
    made = list(_documented())
    for one in tuple(made):
        columns = (1, 2) if one.source == YUV else (0, 2)
        matrix = exchange_columns(one.matrix, *columns)
        if matrix != one.matrix:
            made.append(one._replace(matrix=matrix, swapped=True, documented=False))
    made += _others()
    return tuple(made)


def _documented() -> tuple[Conversion, ...]:
    made = [
        Conversion(YUV, "GRAY", None, (256, 0, 0, *_EMPTY_ROWS), NOTHING),
        Conversion(RGB, "GRAY", None, (*_LUMA[0], *_EMPTY_ROWS), NOTHING),
    ]
    for standard in STANDARDS:
        rgb, yuv, bias = standard.to_rgb, standard.to_yuv, standard.bias
        made.append(Conversion(YUV, "RGB", standard, rgb, bias))
        made.append(Conversion(YUV, "BGR", standard, exchange_rows(rgb, 0, 2), bias))
        made.append(Conversion(RGB, "YUV444", standard, yuv, bias))
        made.append(Conversion(RGB, "YVU444", standard, exchange_rows(yuv, 1, 2), bias))
    return tuple(made)


def _others() -> tuple[Conversion, ...]:
    """Yield correct conversions that the manual does not list: gray in 3 channels, no change, channels exchanged."""
    threefold = "in three channels"
    made = [
        Conversion(YUV, "GRAY", None, (256, 0, 0) * 3, NOTHING, documented=False, note=threefold),
        Conversion(YUV, "GRAY", None, (298, 0, 0) * 3, (16, 0, 0), documented=False, note=f"stretched, {threefold}"),
        Conversion(YUV, "GRAY", None, (298, 0, 0, *_EMPTY_ROWS), (16, 0, 0), documented=False, note="stretched"),
        Conversion(YUV, "YUV444", None, IDENTITY, NOTHING, documented=False),
        Conversion(YUV, "YVU444", None, exchange_rows(IDENTITY, 1, 2), NOTHING, documented=False),
        Conversion(RGB, "RGB", None, IDENTITY, NOTHING, documented=False),
        Conversion(RGB, "BGR", None, exchange_rows(IDENTITY, 0, 2), NOTHING, documented=False),
        Conversion(RGB, "GRAY", None, (*_LUMA[1], *_EMPTY_ROWS), NOTHING, documented=False),
        Conversion(RGB, "GRAY", None, (*_LUMA[1][::-1], *_EMPTY_ROWS), NOTHING, swapped=True, documented=False),
    ]
    for luma in _LUMA:
        for weights, swapped in ((luma, False), (luma[::-1], True)):
            made.append(Conversion(RGB, "GRAY", None, weights * 3, NOTHING, swapped, documented=False, note=threefold))
    return tuple(made)


class Near(NamedTuple):
    """The documented conversion nearest to a matrix, and which cells (from 0, row by row) differ from it."""

    conversion: Conversion
    cells: tuple[int, ...]
    transposed: bool = False


def recognise(matrix: Matrix, family: str) -> Conversion | None:
    """Return the conversion with exactly this matrix, preferably one for the family."""
    found = [conversion for conversion in conversions() if conversion.matrix == matrix]
    return min(found, key=lambda conversion: conversion.source != family, default=None)


def nearest(matrix: Matrix, family: str, biases: dict[str, Bias]) -> Near:
    """Return the documented conversion with the fewest different cells; of equals by family, then by bias."""

    def distance(conversion: Conversion) -> tuple[int, bool, int, int]:
        pairs = list(zip(matrix, conversion.matrix, strict=True))
        wrong_bias = sum(a != b for a, b in zip(biases[conversion.bias_side], conversion.bias, strict=True))
        off = sum(abs(a - b) for a, b in pairs)
        return sum(a != b for a, b in pairs), conversion.source != family, wrong_bias, off

    documented = _documented()
    turned = transpose(matrix)
    for conversion in documented:
        if conversion.matrix == turned and conversion.source == family:
            return Near(conversion, (), transposed=True)
    best = min(documented, key=distance)
    return Near(best, tuple(i for i in range(9) if matrix[i] != best.matrix[i]))
