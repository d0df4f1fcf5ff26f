"""Faults for which ATC rejects --input_shape and --input_shape_range (facts O10 to O22, Z1, Z6, Z18 and Z19).

They depend on how ATC reads a text: *plainly* (every dimension is one number) with a profile option and for fixed
shapes, or as *ranges* if the text contains ``~`` or ``-1`` and no profile option is set.
"""

from __future__ import annotations

import re

from aipplint.atc.options import MINDSPORE, TENSORFLOW
from aipplint.atc.shapes import Dim, InputShape, as_long, without
from aipplint.atc.tokens import Element, trimmed
from aipplint.hardware.releases import Release
from aipplint.records import NamedTuple
from aipplint.source import Span

_NUMBER = r"[+-]?[0-9]+"
_RANGE_CHARACTERS = frozenset("0123456789 ,~-")
_BY_NAME = frozenset((0, TENSORFLOW, 5))
"""Frameworks for whose models ATC reads ranges a second time, and then by name alone (Z1)."""


class ShapeFault(NamedTuple):
    """Why ATC rejects a part of the text: its code, a sentence (a template over ``text``), the part."""

    code: str
    reason: str
    span: Span
    text: str


def looks_up_names(framework: int | None, release: Release, *, plainly: bool) -> bool:
    """Whether ATC is known to look the names of inputs up in the model: plain ones, or those of ranges."""
    if framework == MINDSPORE:
        return plainly and release.looks_up_names
    return plainly or framework in _BY_NAME


def any_faults(value: str, shapes: tuple[InputShape, ...], framework: int | None) -> list[ShapeFault]:
    """What ATC rejects in --input_shape whether it reads plainly or ranges, which is not known."""
    ranges = range_faults(shapes, framework)
    if "~" in value:
        return ranges
    plain = {fault.span for fault in plain_faults(shapes)}
    return [fault for fault in ranges if fault.span in plain]


def plain_faults(shapes: tuple[InputShape, ...], *, scalars: bool = True) -> list[ShapeFault]:
    """What ATC rejects where every dimension must be one number (ParseInputShape); ``scalars``: a scalar may be."""
    found = []
    for shape in shapes:
        if not shape.named:
            found.append(_nameless(shape))
            continue
        if not shape.dims and not scalars:
            reason = "{text} is a scalar, which this release does not support"
            found.append(ShapeFault("E10002", reason, shape.span, shape.name))
        for dim in shape.dims:
            if fault := _plain_fault(dim):
                found.append(fault)
    return found


def _nameless(shape: InputShape) -> ShapeFault:
    if not shape.dims or not _text(shape):
        reason = "missing input between two ';' or after the last one; an input is name:d,d,..."
        return ShapeFault("E10002", reason, shape.span, "")
    return ShapeFault("E10002", "{text} has no name; an input is name:d,d,...", shape.span, _text(shape))


def _text(shape: InputShape) -> str:
    return trimmed(",".join(dim.raw for dim in shape.dims))


def _plain_fault(dim: Dim) -> ShapeFault | None:
    """One dimension, in ATC's order of looking: a point, stol, the range of stol, what stol left over."""
    word, span = dim.text, dim.span
    if "." in word:
        return ShapeFault("E10002", "{text} is not a whole number", span, word)
    number = re.match(_NUMBER, word)
    if number is None:
        if not word:
            return ShapeFault("E10014", "missing number", span, word)
        return ShapeFault("E10014", "{text} is not a number", span, word)
    if as_long(number.group()) is None:
        return ShapeFault("E10013", "{text} does not fit into 64 bits", span, word)
    if number.end() < len(word) or word[0] == "+":
        return ShapeFault("E10002", "{text} is not a number; use only digits", span, word)
    return None


def range_faults(shapes: tuple[InputShape, ...], framework: int | None) -> list[ShapeFault]:
    """Faults of --input_shape that ATC rewrites to ranges: by name if it contains a ``:``, else by index.

    For most frameworks, ATC rewrites ranges by index and then rejects them, because they have no names.
    """
    by_name = any(shape.named for shape in shapes)
    found = []
    if not by_name and framework in _BY_NAME:
        found.append(_unnamed(shapes[0], shapes[-1]))
    for shape in shapes:
        if by_name and not shape.named:
            found.append(_nameless(shape))
        elif by_name and shape.name_span.end == shape.span.start and not shape.name:
            found.append(ShapeFault("E10002", "missing name of the input; an input is name:d,d,...", shape.span, ""))
        else:
            for dim in shape.dims:
                if fault := _range_fault(dim, by_name=by_name):
                    found.append(fault)
    return found


def _range_fault(dim: Dim, *, by_name: bool) -> ShapeFault | None:
    strange = next((c for c in dim.raw if c not in _RANGE_CHARACTERS), None)
    if strange is not None:
        reason = "{text} contains characters other than digits, spaces, ',', '~' and '-'"
        return ShapeFault("E10002", reason, dim.span, dim.text)
    return bound_fault(dim, dim.pieces, empty_is_zero=not by_name)


def bound_fault(dim: Dim, pieces: tuple[Element, ...], *, empty_is_zero: bool, whole: bool = True) -> ShapeFault | None:
    """The fault of one ``n`` or ``n1~n2``; ``whole``: no text may follow a number, although stol accepts it."""
    if empty_is_zero and len(pieces) == 1 and not pieces[0].raw:
        return None
    if len(pieces) > 2:
        return ShapeFault("E10048", "{text} has more than one '~'; a range is n1~n2", dim.span, dim.text)
    for piece in pieces:
        word = piece.word
        if not word:
            return ShapeFault("E10048", "missing number", piece.span if len(pieces) == 1 else dim.span, dim.text)
        digits = re.fullmatch(_NUMBER, word) if whole else re.match(_NUMBER, word)
        if digits is None or as_long(digits.group()) is None:
            return ShapeFault("E10048", "{text} is not a number", piece.span, word)
        if len(pieces) == 2 and word[0] == "-" and as_long(digits.group()):
            return ShapeFault("E10048", "{text} is negative; the bounds of a range must not be", piece.span, word)
    return None


def _unnamed(first: InputShape, last: InputShape) -> ShapeFault:
    reason = "missing names of the inputs; only for MindSpore models ranges have no names"
    return ShapeFault("E10048", reason, Span(first.span.start, last.span.end), "")


def bracket_faults(
    value: str, shapes: tuple[InputShape, ...], framework: int | None, release: Release
) -> list[ShapeFault]:
    """What ATC rejects in --input_shape_range: ``name:[1~10,3];name2:[-1]`` or, by index, ``[1~10,3],[-1]``."""
    whole = not release.reads_shapes_plainly
    if ":" in value:
        return [fault for shape in shapes for fault in _named_bracket_faults(value, shape, whole=whole)]
    if framework in _BY_NAME or release.names_every_range:
        return [_unnamed(shapes[0], shapes[-1])]
    if len(shapes) > 1:
        return [ShapeFault("E10048", "unexpected ';'; without names, separate ranges by ','", shapes[0].span, "")]
    found = []
    for dim in shapes[0].dims:
        inner = tuple(without(piece, "[", "]") for piece in dim.pieces)
        if fault := bound_fault(dim, inner, empty_is_zero=True, whole=whole):
            found.append(fault)
    return found


def _named_bracket_faults(value: str, shape: InputShape, *, whole: bool) -> list[ShapeFault]:
    if not shape.named or not shape.dims:
        reason = "{text} is not name:[d,d,...]"
        return [ShapeFault("E10048", reason, shape.span, trimmed(value[shape.span.start : shape.span.end]))]
    start, end = shape.dims[0].pieces[0].start, shape.span.end
    text = value[start:end]
    if [c for c in text if c in "[]"] != ["[", "]"] or text[0] != "[" or (whole and text[-1] != "]"):
        return [ShapeFault("E10048", "{text} is not one pair of brackets, [d,d,...]", Span(start, end), text)]
    found = []
    last = len(shape.dims) - 1
    for index, dim in enumerate(shape.dims):
        inner = list(dim.pieces)
        if index == 0:
            inner[0] = without(inner[0], "[", "")
        if index == last:
            inner[-1] = without(inner[-1], "", "]")
        if fault := bound_fault(dim, tuple(inner), empty_is_zero=False, whole=whole):
            found.append(fault)
    return found
