"""--input_shape and --input_shape_range: the inputs of the model, with the place of every number.

Facts 7.2 and 7.3. What is wrong with a text depends on how ATC reads it: *plainly* (every dimension one number)
beside a profile option and for fixed shapes, or as *ranges* where the text holds ``~`` or ``-1`` and no profile
option is set.
"""

from __future__ import annotations

import re

from aipplint.atc.tokens import Piece, cut, trimmed
from aipplint.records import NamedTuple
from aipplint.source import Span

_NUMBER = re.compile(r"[+-]?[0-9]+")
_RANGE_CHARACTERS = frozenset("0123456789 ,~-")
_AXES = {("NCHW", 4): "NCHW", ("NHWC", 4): "NHWC", ("NCHW", 3): "CHW", ("NHWC", 3): "HWC"}
"""The order of the axes by layout and rank."""


class Range(NamedTuple):
    """``low~high``, both included."""

    low: int
    high: int

    def __str__(self) -> str:
        return f"{self.low}~{self.high}"


class Dim(NamedTuple):
    """One dimension. ``value`` is a number (-1: dynamic), a range, or None where it is neither."""

    pieces: tuple[Piece, ...]
    value: int | Range | None

    @property
    def span(self) -> Span:
        """The dimension without the blanks around it, as offsets in the option's value."""
        return Span(self.pieces[0].span.start, self.pieces[-1].span.end)

    @property
    def raw(self) -> str:
        """The dimension as written, with its blanks."""
        return "~".join(piece.raw for piece in self.pieces)

    @property
    def text(self) -> str:
        """The dimension as written."""
        return trimmed(self.raw)


class InputShape(NamedTuple):
    """One input of the model: ``name:d,d,d``. No dimensions: a scalar. No name: the inputs go by index.

    ``layout`` is the order of the axes (``NCHW``, ``NHWC``) or None where it is not known.
    """

    name: str
    dims: tuple[Dim, ...]
    name_span: Span
    span: Span
    named: bool
    layout: str | None = None

    @property
    def rank(self) -> int:
        """How many dimensions there are."""
        return len(self.dims)

    @property
    def dynamic_dims(self) -> tuple[int, ...]:
        """Where -1 stands, from 0."""
        return tuple(index for index, dim in enumerate(self.dims) if dim.value == -1)

    def axis(self, name: str) -> Dim | None:
        """The dimension called N, C, H or W; None where layout or rank do not tell. With three, N is not written."""
        at = _AXES.get((self.layout or "", self.rank), "").find(name)
        return self.dims[at] if at >= 0 else None

    def size_of(self, name: str) -> int | None:
        """The length of an axis where it is one number above 0; None for -1, ranges and what is not known."""
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


class Fault(NamedTuple):
    """Why ATC refuses a part of the text: its code, a sentence (a template over ``text``), the part."""

    code: str
    reason: str
    span: Span
    text: str


def read_shapes(value: str) -> tuple[InputShape, ...]:
    """Cut the value of --input_shape into inputs. Every text gives some; ``faults`` says what is wrong with them."""
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
        where = Piece(name, start, name_end)
        shapes.append(InputShape(where.word, dims, where.span, Span(start, end), colon))
    return tuple(shapes)


def _first(nested: list[object]) -> Piece:
    first = nested[0]
    while not isinstance(first, Piece):
        assert isinstance(first, list)
        first = first[0]
    return first


def _dim(pieces: list[Piece]) -> Dim:
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
    return _long(word)


def _long(word: str) -> int | None:
    """What stol makes of ``[+-]digits``: None where it is out of range."""
    digits = word.lstrip("+-").lstrip("0")
    if len(digits) > 19:
        return None
    value = int(digits or "0") * (-1 if word[0] == "-" else 1)
    return value if -(2**63) <= value < 2**63 else None


def plain_faults(shapes: tuple[InputShape, ...]) -> list[Fault]:
    """What ATC refuses where every dimension must be one number (ParseInputShape)."""
    found = []
    for shape in shapes:
        if not shape.named:
            found.append(_nameless(shape))
            continue
        for dim in shape.dims:
            if fault := _plain_fault(dim):
                found.append(fault)
    return found


def _nameless(shape: InputShape) -> Fault:
    if not shape.dims:
        reason = "nothing stands between two ';' or behind the last one; an input is name:d,d,..."
        return Fault("E10002", reason, shape.span, "")
    return Fault("E10002", "{text} has no name; an input is name:d,d,...", shape.span, _text(shape))


def _text(shape: InputShape) -> str:
    return trimmed(",".join(dim.raw for dim in shape.dims))


def _plain_fault(dim: Dim) -> Fault | None:
    """One dimension, in ATC's order of looking: a point, stol, the range of stol, what stol left over."""
    word, span = dim.text, dim.span
    if "." in word:
        return Fault("E10002", "{text} is not a whole number", span, word)
    number = _NUMBER.match(word)
    if number is None:
        if not word:
            return Fault("E10014", "a number is missing", span, word)
        return Fault("E10014", "{text} is not a number", span, word)
    if _long(number.group()) is None:
        return Fault("E10013", "{text} does not fit into 64 bits", span, word)
    if number.end() < len(word) or word[0] == "+":
        return Fault("E10002", "{text} is not a number of digits alone", span, word)
    return None


def range_faults(shapes: tuple[InputShape, ...]) -> list[Fault]:
    """What ATC refuses where it rewrites --input_shape to ranges: by name where there is any ``:``, else by index."""
    by_name = any(shape.named for shape in shapes)
    found = []
    for shape in shapes:
        if by_name and not shape.named:
            found.append(_nameless(shape))
        elif by_name and shape.name_span.end == shape.span.start and not shape.name:
            found.append(Fault("E10002", "an input without a name; write name:d,d,...", shape.span, ""))
        else:
            for dim in shape.dims:
                if fault := _range_fault(dim, by_name=by_name):
                    found.append(fault)
    return found


def _range_fault(dim: Dim, *, by_name: bool) -> Fault | None:
    strange = next((c for c in dim.raw if c not in _RANGE_CHARACTERS), None)
    if strange is not None:
        reason = "{text} holds something else than digits, blanks, ',', '~' and '-'"
        return Fault("E10002", reason, dim.span, dim.text)
    return bound_fault(dim, dim.pieces, empty_is_zero=not by_name)


def bound_fault(dim: Dim, pieces: tuple[Piece, ...], *, empty_is_zero: bool) -> Fault | None:
    """What ATC refuses in one ``n`` or ``n1~n2``."""
    if empty_is_zero and len(pieces) == 1 and not pieces[0].raw:
        return None
    if len(pieces) > 2:
        return Fault("E10048", "{text} has more than one '~'; a range is n1~n2", dim.span, dim.text)
    for piece in pieces:
        word = piece.word
        if not word:
            return Fault("E10048", "a number is missing", piece.span if len(pieces) == 1 else dim.span, dim.text)
        if not _NUMBER.fullmatch(word) or _long(word) is None:
            return Fault("E10048", "{text} is not a number", piece.span, word)
        if len(pieces) == 2 and word[0] == "-" and _long(word):
            return Fault("E10048", "{text} is below 0; the bounds of a range are not", piece.span, word)
    return None


def bracket_faults(value: str, shapes: tuple[InputShape, ...]) -> list[Fault]:
    """What ATC refuses in --input_shape_range: ``name:[1~10,3];name2:[-1]`` or, by index, ``[1~10,3],[-1]``."""
    if ":" in value:
        return [fault for shape in shapes for fault in _named_bracket_faults(value, shape)]
    if len(shapes) > 1:
        return [Fault("E10048", "without names, ranges are separated by ',', not by ';'", shapes[0].span, "")]
    found = []
    for dim in shapes[0].dims:
        inner = tuple(_without(piece, "[", "]") for piece in dim.pieces)
        if fault := bound_fault(dim, inner, empty_is_zero=True):
            found.append(fault)
    return found


def _named_bracket_faults(value: str, shape: InputShape) -> list[Fault]:
    if not shape.named or not shape.dims:
        reason = "{text} is not name:[d,d,...]"
        return [Fault("E10048", reason, shape.span, trimmed(value[shape.span.start : shape.span.end]))]
    start, end = shape.dims[0].pieces[0].start, shape.span.end
    text = value[start:end]
    if [c for c in text if c in "[]"] != ["[", "]"] or text[0] != "[" or text[-1] != "]":
        return [Fault("E10048", "{text} is not one pair of brackets, [d,d,...]", Span(start, end), text)]
    found = []
    last = len(shape.dims) - 1
    for index, dim in enumerate(shape.dims):
        inner = list(dim.pieces)
        if index == 0:
            inner[0] = _without(inner[0], "[", "")
        if index == last:
            inner[-1] = _without(inner[-1], "", "]")
        if fault := bound_fault(dim, tuple(inner), empty_is_zero=False):
            found.append(fault)
    return found


def _without(piece: Piece, front: str, back: str) -> Piece:
    raw, start, end = piece.raw, piece.start, piece.end
    if front and raw.startswith(front):
        raw, start = raw[1:], start + 1
    if back and raw.endswith(back):
        raw, end = raw[:-1], end - 1
    return Piece(raw, start, end)


def without_brackets(shapes: tuple[InputShape, ...]) -> tuple[InputShape, ...]:
    """The inputs of a --input_shape_range that has no faults; without names, each ``]`` ends an input."""
    made = []
    for shape in shapes:
        dims: list[Dim] = []
        for dim in shape.dims:
            inner = _dim([_without(piece, "[", "]") for piece in dim.pieces])
            dims.append(inner)
            if dim.pieces[-1].raw.endswith("]"):
                made.append(shape._replace(dims=tuple(dims)))
                dims = []
        if dims or not shape.dims:
            made.append(shape._replace(dims=tuple(dims)))
    return tuple(made)
