"""The inputs of a build with a known model: those of the model file, replaced by those of --input_shape.

The shapes of --input_shape replace those of the model without a comparison (fact M6); inputs that it does not name keep
theirs.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

from aipplint.findings import clean
from aipplint.models.model import AIR, CAFFE, ONNX, TENSORFLOW, Input, Model
from aipplint.source import Span

if TYPE_CHECKING:
    from aipplint.atc.shapes import InputShape

FRAMEWORK_FORMS = {0: CAFFE, 1: AIR, 3: TENSORFLOW, 5: ONNX}
"""The form of --model for each value of --framework."""
_UNORDERED = (CAFFE, TENSORFLOW)
"""Forms in which the order of several inputs does not determine the order in which ATC counts them."""


def framework_of(model: Model) -> int | None:
    """The --framework of a model; None if there is none."""
    return next((number for number, form in FRAMEWORK_FORMS.items() if form == model.form), None)


def name_of(model: Model) -> str:
    """Return the name of a model in messages."""
    return clean(os.path.basename(model.path.replace("\\", "/")) or model.path)


def said_of(model: Model, one: Input) -> str:
    """Describe an input of a model in a sentence."""
    return f"input `{clean(one.name)}` of {name_of(model)} is {clean(one.shape)}"


def shape_of(model: Model, one: Input, layout: str | None) -> InputShape:
    """An input as if it stood in --input_shape."""
    from aipplint.atc.shapes import Dim, InputShape
    from aipplint.atc.tokens import Element

    at = len(one.name) + 1
    dims = []
    for number in one.numbers:
        text = str(number)
        dims.append(Dim((Element(text, at, at + len(text)),), number))
        at += len(text) + 1
    span = Span(0, max(at - 1, len(one.name) + 1))
    return InputShape(one.name, tuple(dims), Span(0, len(one.name)), span, True, layout, said_of(model, one))


def joined(model: Model, given: tuple[InputShape, ...] | None, layout: str | None) -> tuple[InputShape, ...] | None:
    """The inputs of a model in its order, with the given shapes; without any, with the model's.

    If a given name is no input of the model, the result is the given shapes only.
    """
    if not model.readable or not model.inputs:
        return given
    own = tuple(shape_of(model, one, layout) for one in model.inputs)
    if given is None:
        return own
    if not all(shape.named for shape in given):
        return (*given, *own[len(given) :])
    named = {shape.name: shape for shape in given}
    if not named.keys() <= {one.name for one in own}:
        return given
    if model.form in _UNORDERED:
        return (*given, *(one for one in own if one.name not in named))
    return tuple(named.get(one.name, one) for one in own)


def in_model_order(model: Model | None, inputs: tuple[InputShape, ...] | None) -> bool:
    """Whether these are all inputs of a model, in the order in which ATC counts them."""
    if model is None or not model.readable or inputs is None:
        return False
    names = [one.name for one in model.inputs]
    return [shape.name for shape in inputs] == names and (len(names) == 1 or model.form not in _UNORDERED)


def inputs_by_name(model: Model | None, inputs: tuple[InputShape, ...]) -> dict[str, InputShape]:
    """The inputs by the name for related_input_name: for a Caffe model, that is the output blob of the layer."""
    by_name = {shape.name: shape for shape in reversed(inputs)}
    if model is None or model.form != CAFFE:
        return by_name
    by_blob = {one.blob: by_name.get(one.name) for one in reversed(model.inputs)}
    return {name: shape for name, shape in (by_name | by_blob).items() if shape is not None}


def named_pairs(model: Model, shapes: tuple[InputShape, ...]) -> Iterator[tuple[InputShape, Input]]:
    """Yield the inputs of --input_shape, each with the model's input of that name."""
    inputs = {one.name: one for one in model.inputs}
    for shape in shapes:
        if shape.named and shape.name in inputs:
            yield shape, inputs[shape.name]


def rejected_ranks(model: Model, shapes: tuple[InputShape, ...]) -> tuple[tuple[InputShape, Input], ...]:
    """The inputs whose number of dimensions the parser of ONNX models rejects (fact M5)."""
    if model.form != ONNX or not model.readable:
        return ()
    return tuple((shape, one) for shape, one in named_pairs(model, shapes) if one.dims and shape.rank != len(one.dims))
