"""--input_shape and --input_shape_range: the inputs of the model, with the location of every number.

Facts O10 to O22. Every text results in some inputs; faults.py finds its faults.
"""

from __future__ import annotations

from aipplint.atc.tokens import Element, cut, trimmed
from aipplint.records import NamedTuple
from aipplint.source import Span

_AXES = {("NCHW", 4): "NCHW", ("NHWC", 4): "NHWC", ("NCHW", 3): "CHW", ("NHWC", 3): "HWC"}
"""The order of the axes by layout and rank."""


class Range(NamedTuple):
    """``low~high``, both included."""

    low: int
    high: int

    def __str__(self) -> str:
        return f"{self.low}~{self.high}"


class Dim(NamedTuple):
    """One dimension. ``value`` is a number (-1: dynamic), a range, or None if it is neither."""

    pieces: tuple[Element, ...]
    value: int | Range | None

    @property
    def span(self) -> Span:
        """The dimension without the spaces around it, as offsets in the option's value."""
        return Span(self.pieces[0].span.start, self.pieces[-1].span.end)

    @property
    def raw(self) -> str:
        """The dimension as written, with its spaces."""
        return "~".join(piece.raw for piece in self.pieces)

    @property
    def text(self) -> str:
        """The dimension as written."""
        return trimmed(self.raw)


class InputShape(NamedTuple):
    """One input of the model: ``name:d,d,d``. No dimensions: a scalar. No name: the inputs are given by index.

    ``layout`` is the order of the axes (``NCHW``, ``NHWC``) or None if unknown. ``said`` is a sentence about an input
    that only the model file contains; its spans are not in --input_shape.
    """

    name: str
    dims: tuple[Dim, ...]
    name_span: Span
    span: Span
    named: bool
    layout: str | None = None
    said: str = ""

    @property
    def rank(self) -> int:
        """How many dimensions there are."""
        return len(self.dims)

    @property
    def dynamic_dims(self) -> tuple[int, ...]:
        """The indices of -1, from 0."""
        return tuple(index for index, dim in enumerate(self.dims) if dim.value == -1)

    @property
    def lacks_batch(self) -> bool:
        """Whether it is an image of three fixed dimensions, which dynamic AIPP cannot serve at run time (Z14)."""
        return self.layout is not None and self.rank == 3 and all(isinstance(dim.value, int) for dim in self.dims)

    def axis(self, name: str) -> Dim | None:
        """The dimension called N, C, H or W; None if layout or rank do not determine it. Three dimensions have no N."""
        at = _AXES.get((self.layout or "", self.rank), "").find(name)
        return self.dims[at] if at >= 0 else None

    def size_of(self, name: str) -> int | None:
        """The length of an axis if it is one number above 0; None for -1, ranges and unknown ones."""
        dim = self.axis(name)
        if dim is None:
            return 1 if name == "N" and self.rank == 3 and self.layout else None
        return dim.value if isinstance(dim.value, int) and dim.value > 0 else None

    @property
    def batch(self) -> int | None:
        """N; an input of three dimensions has one image."""
        return self.size_of("N")

    @property
    def channels(self) -> int | None:
        """C."""
        return self.size_of("C")

    @property
    def height(self) -> int | None:
        """H in pixels."""
        return self.size_of("H")

    @property
    def width(self) -> int | None:
        """W in pixels."""
        return self.size_of("W")

    def __str__(self) -> str:
        return f"{self.name}({','.join(dim.text for dim in self.dims)})"


def read_shapes(value: str) -> tuple[InputShape, ...]:
    """Split the value of --input_shape into inputs. Every text results in some; faults.py finds their faults."""
    shapes = []
    for segments in cut("input_shape", value)[::2]:
        name, colon = "", len(segments) > 1
        start = _first(segments).start
        name_end = start
        if colon:
            name_end = segments[-2].start
            name = value[start:name_end]
        dims = tuple(_dim(pieces[::2]) for pieces in segments[-1][::2])
        end = dims[-1].pieces[-1].end
        if not dims[0].raw and len(dims) == 1:
            dims = ()
        where = Element(name, start, name_end)
        shapes.append(InputShape(where.word, dims, where.span, Span(start, end), colon))
    return tuple(shapes)


def _first(nested: list[object]) -> Element:
    first = nested[0]
    while not isinstance(first, Element):
        assert isinstance(first, list)
        first = first[0]
    return first


def _dim(pieces: list[Element]) -> Dim:
    numbers = [_integer(piece.word) for piece in pieces]
    first, last = numbers[0], numbers[-1]
    value: int | Range | None = first
    if len(pieces) == 2 and first is not None and last is not None and min(first, last) >= 0:
        value = Range(first, last)
    elif len(pieces) > 1:
        value = None
    return Dim(tuple(pieces), value)


def _integer(word: str) -> int | None:
    """A word as a number of 64 bits, or None."""
    if not word.removeprefix("-").isascii() or not word.removeprefix("-").isdigit():
        return None
    return as_long(word)


def as_long(word: str) -> int | None:
    """Convert ``[+-]digits`` like stol; None if it is out of range."""
    digits = word.lstrip("+-").lstrip("0")
    if len(digits) > 19:
        return None
    value = int(digits or "0") * (-1 if word[0] == "-" else 1)
    return value if -(2**63) <= value < 2**63 else None


def without(piece: Element, front: str, back: str) -> Element:
    """A piece without a bracket in front of it, or after it."""
    raw, start, end = piece.raw, piece.start, piece.end
    if front and raw.startswith(front):
        raw, start = raw[1:], start + 1
    if back and raw.endswith(back):
        raw, end = raw[:-1], end - 1
    return Element(raw, start, end)


def without_brackets(shapes: tuple[InputShape, ...]) -> tuple[InputShape, ...]:
    """The inputs of a --input_shape_range that has no faults; without names, each ``]`` ends an input."""
    made = []
    for shape in shapes:
        dims: list[Dim] = []
        for dim in shape.dims:
            inner = _dim([without(piece, "[", "]") for piece in dim.pieces])
            dims.append(inner)
            if dim.pieces[-1].raw.endswith("]"):
                made.append(shape._replace(dims=tuple(dims)))
                dims = []
        if dims or not shape.dims:
            made.append(shape._replace(dims=tuple(dims)))
    return tuple(made)
