"""ONNX: the inputs of the graph, and the outputs whose length depends on the data."""

from __future__ import annotations

from aipplint.models.data import Data, Exhausted
from aipplint.models.model import ONNX, Dims, Input, Loose, Model
from aipplint.models.protobuf import Message, Span, fields, signed, spans
from aipplint.records import NamedTuple

_TYPES = (
    "UNDEFINED FLOAT UINT8 INT8 UINT16 INT16 INT32 INT64 STRING BOOL FLOAT16 DOUBLE UINT32 UINT64 COMPLEX64"
    " COMPLEX128 BFLOAT16 FLOAT8E4M3FN FLOAT8E4M3FNUZ FLOAT8E5M2 FLOAT8E5M2FNUZ UINT4 INT4 FLOAT4E2M1 FLOAT8E8M0"
    " UINT2 INT2 FLOAT6E2M3 FLOAT6E3M2"
).split()
"""TensorProto.DataType by its numbers."""
_TENSOR, _SPARSE_TENSOR = 1, 8
_KINDS = (_TENSOR, 4, 5, _SPARSE_TENSOR, 9)
"""The fields of TypeProto of which one counts: tensor, sequence, map, sparse tensor, optional."""
_DATA_DEPENDENT = frozenset(("NonZero", "NonMaxSuppression", "Unique", "Compress"))
"""Operators whose output has no length before they run, whatever their inputs are (fact M12)."""
_OPAQUE = frozenset(("Shape", "Size", "If", "Loop", "Scan", "Constant"))
"""Operators through which no data comes for certain: of shapes, of bodies that are not read, or of nothing."""
_OWN = ("", "ai.onnx")
"""The names of ONNX's own set of operators."""


class _Node(NamedTuple):
    """One operator."""

    name: str
    operator: str
    domain: str
    inputs: list[str]
    outputs: list[str]


class _Graph(NamedTuple):
    """The relevant parts of a graph as spans, and the names of its weights."""

    nodes: Message
    inputs: Message
    outputs: Message
    weights: frozenset[str]


def type_name(number: int) -> str:
    """The name of an element type; its number where there is none."""
    return _TYPES[number] if 0 <= number < len(_TYPES) else str(number)


def read(data: Data, path: str, message: Message) -> Model:
    """The model in a ModelProto."""
    graph = _graph(data, [span for number, span in spans(data, message) if number == 7])
    found = [_input(data, span) for span in graph.inputs]
    inputs = tuple(one for one in found if one.name not in graph.weights or not one.name)
    try:
        nodes = [_node(data, span) for span in graph.nodes]
        outputs = [_text_field(data, span, 1) for span in graph.outputs]
    except Exhausted:
        return Model(path, ONNX, inputs=inputs)
    # A weight becomes an operator of its own in ATC.
    names = frozenset(node.name for node in nodes if node.name) | graph.weights
    return Model(path, ONNX, inputs=inputs, nodes=names, loose=_loose(nodes, inputs, outputs))


def _graph(data: Data, message: Message) -> _Graph:
    found: dict[int, Message] = {1: [], 11: [], 12: []}
    weights = set()
    for number, span in spans(data, message):
        if number in found:
            found[number].append(span)
        elif number == 5:
            weights.add(_text_field(data, span, 8))
    return _Graph(found[1], found[11], found[12], frozenset(weights))


def _text_field(data: Data, span: Span, wanted: int) -> str:
    """Return a string of a message; the last of several."""
    last: Span | None = None
    for number, inner in spans(data, [span]):
        if number == wanted:
            last = inner
    return data.text(last) if last else ""


def _input(data: Data, span: Span) -> Input:
    name: Span = (0, 0)
    kind: Message = []
    for number, inner in spans(data, [span]):
        if number == 1:
            name = inner
        elif number == 2:
            kind.append(inner)
    which, tensor = 0, list[Span]()
    for number, inner in spans(data, kind):
        if number in _KINDS:
            if number != which:
                which, tensor = number, []
            tensor.append(inner)
    dtype, dims = _tensor(data, tensor) if which in (_TENSOR, _SPARSE_TENSOR) else (None, None)
    return Input(data.text(name), dtype, dims)


def _tensor(data: Data, message: Message) -> tuple[str, Dims | None]:
    element = 0
    shape: Message = []
    for number, value in fields(data, message):
        if number == 1 and isinstance(value, int):
            element = value & 0xFFFF_FFFF
        elif number == 2 and not isinstance(value, int):
            shape.append(value)
    if not shape:
        return type_name(element), None
    return type_name(element), tuple(_dim(data, span) for number, span in spans(data, shape) if number == 1)


def _dim(data: Data, span: Span) -> int | str | None:
    """Read one dimension: the last of its number and its name is used."""
    dim: int | str | None = None
    for number, value in fields(data, [span]):
        if number == 1 and isinstance(value, int):
            dim = signed(value)
        elif number == 2 and not isinstance(value, int):
            dim = data.text(value)
    return None if dim in (-1, "") else dim


def _node(data: Data, span: Span) -> _Node:
    node = _Node("", "", "", [], [])
    for number, inner in spans(data, [span]):
        if number == 1:
            node.inputs.append(data.text(inner))
        elif number == 2:
            node.outputs.append(data.text(inner))
        elif number == 3:
            node = node._replace(name=data.text(inner))
        elif number == 4:
            node = node._replace(operator=data.text(inner))
        elif number == 7:
            node = node._replace(domain=data.text(inner))
    return node


def _loose(nodes: list[_Node], inputs: tuple[Input, ...], outputs: list[str]) -> tuple[Loose, ...]:
    """Yield the outputs that come directly from an operator whose output length depends on the data.

    Only where data of an input reaches the operator: from constants and shapes alone, its result may be computed
    while the model is compiled.
    """
    fed = {one.name for one in inputs}
    maker: dict[str, str] = {}
    for node in nodes:
        if node.domain not in _OWN or node.operator in _OPAQUE or not fed.intersection(node.inputs):
            continue
        made = [name for name in node.outputs if name]
        fed.update(made)
        if node.operator in _DATA_DEPENDENT:
            maker.update(dict.fromkeys(made, node.operator))
    return tuple(Loose(name, maker[name]) for name in outputs if name in maker)
