"""MindIR: the inputs of the graph. ATC does not read it; MindSpore Lite's converter does."""

from __future__ import annotations

from aipplint.models.data import Data
from aipplint.models.model import MINDIR, Input, Model
from aipplint.models.onnx import type_name
from aipplint.models.protobuf import Message, Span, fields, numbers, spans

_DOUBLE = 17
"""The one number that ONNX gives to another type."""


def read(data: Data, path: str, message: Message) -> Model:
    """The model in a ModelProto of MindIR."""
    graph = [span for number, span in spans(data, message) if number == 7]
    return Model(path, MINDIR, inputs=tuple(_input(data, span) for number, span in spans(data, graph) if number == 5))


def _input(data: Data, span: Span) -> Input:
    name, tensors = "", list[Span]()
    for number, inner in spans(data, [span]):
        if number == 1:
            name = data.text(inner)
        elif number == 2:
            tensors.append(inner)
    if not tensors:
        return Input(name, None, None)
    element, dims = 0, list[int]()
    for number, value in fields(data, tensors[:1]):
        if number == 1:
            dims += numbers(data, value)
        elif number == 2 and isinstance(value, int):
            element = value & 0xFFFF_FFFF
    dtype = "DOUBLE" if element == _DOUBLE else type_name(element)
    return Input(name, dtype, tuple(None if dim == -1 else dim for dim in dims))
