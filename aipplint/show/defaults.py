"""Effective values that differ from the written ones: defaults, and values that are dropped."""

from __future__ import annotations

from collections.abc import Iterator

from aipplint.atc.geometry import AXES, CROP, PADDING, RESIZE, SOURCE
from aipplint.config.colour import BIAS, MATRIX, colour_of
from aipplint.config.normalisation import channels_in_use
from aipplint.config.op import AippOp
from aipplint.show.description import Case, Filled

_ZEROED = {
    CROP: tuple(name for axis in AXES for name in (axis.start, axis.crop)),
    RESIZE: tuple(axis.resize for axis in AXES),
    PADDING: (*(name for axis in AXES for name in (axis.before, axis.after)), "padding_value"),
}
"""What counts only while a switch is on (facts S3, S5)."""


def filled_in(op: AippOp, cases: tuple[Case, ...]) -> Iterator[Filled]:
    """Return the effective values of a static operator that differ from the written ones, in order of the stages."""
    yield from _input(op)
    yield from _zeroed(op)
    yield from _from_model(cases)
    yield from _matrix(op)
    if not op.damaged:
        for index in channels_in_use(op):
            name = f"var_reci_chn_{index}"
            if not op.has(name):
                yield Filled(name, 1.0, "default", None)


def filled_in_dynamic(op: AippOp) -> Iterator[Filled]:
    """Return the effective values of a dynamic operator that differ from the written ones; only its input is used."""
    yield from _input(op)


def _input(op: AippOp) -> Iterator[Filled]:
    if not op.has("related_input_rank") and op.text("related_input_name") == "" and not op.damaged:
        yield Filled("related_input_rank", 0, "default", None)


def _zeroed(op: AippOp) -> Iterator[Filled]:
    for switch, names in _ZEROED.items():
        if op.flag(switch) is False and not (op.damaged and not op.has(switch)):
            for name in names:
                given = op.real(name)
                if given:
                    yield Filled(name, 0, "zeroed", given)


def _from_model(cases: tuple[Case, ...]) -> Iterator[Filled]:
    """Return the sizes of 0 that are replaced by those of the model."""
    found: dict[str, set[int | None]] = {}
    for case in cases:
        for step in case.steps:
            for axis, side in zip(AXES, (step.height, step.width), strict=True):
                if side is not None and step.name != PADDING and all(term.field is None for term in side.terms):
                    name = {SOURCE: axis.source, CROP: axis.crop, RESIZE: axis.resize}[step.name]
                    found.setdefault(name, set()).add(side.value)
    for name, values in found.items():
        yield Filled(name, values.pop() if len(values) == 1 else None, "model", None)


def _matrix(op: AippOp) -> Iterator[Filled]:
    """Return the cells and the effective bias that the operator fills in (fact T0)."""
    colour = colour_of(op)
    if colour is None or not colour.on or colour.csc is None:
        return
    sides = (colour.conversion.bias_side,) if colour.conversion else tuple(BIAS)
    acting = (*MATRIX, *(name for side in sides for name in BIAS[side]))
    values = colour.csc.values
    for name in acting:
        if name in colour.csc.filled:
            yield Filled(name, values[name], "matrix", None)
