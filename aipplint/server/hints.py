"""Inlay hints: the sum behind a size, the name of a colour conversion and of a normalisation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aipplint.atc.geometry import AXES, CROP, Axis, Stage, pipeline, targets
from aipplint.config.colour import MEANS, colour_of
from aipplint.config.normalisation import channels_of, convention_of
from aipplint.config.op import AippOp
from aipplint.pipeline import Use
from aipplint.records import NamedTuple
from aipplint.server.documents import Document
from aipplint.source import Span

_NORMALISATION = (*(name for names in MEANS for name in names), *(f"var_reci_chn_{number}" for number in range(3)))


class Hint(NamedTuple):
    """A text to show after an offset."""

    offset: int
    text: str


def hints(document: Document, asked: Span, uses: Sequence[Use]) -> list[Hint]:
    """Return the hints in a span, in its order."""
    ops = document.config.ops if document.config else ()
    found = {hint for op in ops if op.is_static for hint in _of_op(op, uses) if asked.start <= hint.offset <= asked.end}
    return sorted(found)


def _of_op(op: AippOp, uses: Sequence[Use]) -> Iterator[Hint]:
    colour = colour_of(op)
    if colour is not None and colour.on and op.has("csc_switch"):
        yield _after(op, "csc_switch", colour.name)
    taken = {target.size for use in uses for target in targets(op, use.build)}
    stages = pipeline(op, taken.pop() if len(taken) == 1 else None)
    for before, stage in zip((None, *stages), stages, strict=False):
        for axis in AXES:
            yield from _sum(op, axis, stage, before)
    written = [name for name in _NORMALISATION if op.has(name)]
    if written and (convention := convention_of(channels_of(op))):
        yield _after(op, min(written, key=lambda name: op.place(name).span), convention)


def _sum(op: AippOp, axis: Axis, stage: Stage, before: Stage | None) -> Iterator[Hint]:
    """The sum of a size with padding, or of a crop with its start, at the field of the size."""
    length = stage.along(axis)
    if length is None or length.field is None or not op.has(length.field):
        return
    start, whole = op.number(axis.start), before.along(axis) if before else None
    if stage.name == CROP and start and whole is not None:
        yield _after(op, length.field, f"{start} + {length.value} = {start + length.value} of {whole.value}")
    elif len([term for term in length.terms if term.value]) > 1:
        numbers = " + ".join(str(term.value) for term in length.terms if term.value)
        yield _after(op, length.field, f"{numbers} = {length.value} with padding")


def _after(op: AippOp, name: str, text: str) -> Hint:
    return Hint(op.place(name).span.end, text)
