"""The compiler's description of a model, in AIR files and compiled models (ge_ir.proto)."""

from __future__ import annotations

import struct

from aipplint.models.data import Data
from aipplint.models.model import AIR, Input, Model
from aipplint.models.protobuf import Message, Span, attributes, fields, numbers, signed, spans
from aipplint.records import NamedTuple

_TYPES = (
    "UNDEFINED FLOAT FLOAT16 INT8 UINT8 INT16 UINT16 INT32 INT64 UINT32 UINT64 BOOL DOUBLE STRING DUAL_SUB_INT8"
    " DUAL_SUB_UINT8 COMPLEX64 COMPLEX128 QINT8 QINT16 QINT32 QUINT8 QUINT16 RESOURCE STRING_REF DUAL BFLOAT16"
    " UINT1 INT2 UINT2 INT4"
).split()
"""DataType by its numbers, which are not those of ONNX."""
_INPUTS = ("Data", "AippData", "AnnData")
_WITH_ATTRIBUTES = (*_INPUTS, "Aipp", "Case")
"""The operators of which more than the name is read."""

_MAX_DEPTH = 8
"""How deep named values may stand in each other: AIPP needs two."""
_MAX_REALS = 1000
"""Most numbers of a list in single precision that are read: AIPP needs one."""

Item = int | float | str
Value = Item | list[Item] | dict[str, "Value"] | None
"""What an attribute holds: one thing, a list, or named values. None for what is not read."""


class Operator(NamedTuple):
    """One operator: its type, its attributes, and its inputs as (dtype, dims, layout)."""

    name: str
    kind: str
    attributes: dict[str, Value]
    tensor: tuple[str, tuple[int | None, ...], str] | None


class Definition(NamedTuple):
    """A ModelDef: its attributes, the relevant operators of its graph, and the names of all operators."""

    attributes: dict[str, Value]
    operators: tuple[Operator, ...]
    names: frozenset[str]

    def inputs(self) -> list[Operator]:
        """The operators that represent inputs, in the order of their index (of the file if there is none)."""
        found = [operator for operator in self.operators if operator.kind in _INPUTS]
        return sorted(found, key=lambda operator: _index(operator.attributes.get("index")))


def _index(value: Value) -> int:
    return value if isinstance(value, int) else 0


def read(data: Data, path: str, message: Message) -> Model:
    """The model in an AIR file: a ModelDef, and nothing around it."""
    definition = definition_of(data, message)
    return Model(path, AIR, inputs=tuple(input_of(one) for one in definition.inputs()), nodes=definition.names)


def input_of(operator: Operator) -> Input:
    """Return the input that an operator represents."""
    if operator.tensor is None:
        return Input(operator.name, None, None)
    dtype, dims, layout = operator.tensor
    return Input(operator.name, dtype, dims, layout or None)


def definition_of(data: Data, message: Message) -> Definition:
    """Read the ModelDef in a message. Only the first graph is read; the others are bodies of its operators."""
    graph: Span | None = None
    attributes: dict[str, Value] = {}
    for number, span in spans(data, message):
        if number == 7 and graph is None:
            graph = span
        elif number == 11:
            key, value = _entry(data, span)
            attributes[key] = _value(data, value)
    operators, names = [], set()
    for number, span in spans(data, [graph] if graph else []):
        if number == 6:
            operator = _operator(data, span)
            names.add(operator.name)
            if operator.kind in _WITH_ATTRIBUTES:
                operators.append(operator)
    return Definition(attributes, tuple(operators), frozenset(names))


def type_name(number: int) -> str:
    """The name of a type; its number where there is none."""
    return _TYPES[number] if 0 <= number < len(_TYPES) else str(number)


def _operator(data: Data, span: Span) -> Operator:
    name = kind = ""
    held: dict[int, Message] = {10: [], 33: [], 34: []}
    for number, inner in spans(data, [span]):
        if number == 1:
            name = data.text(inner)
        elif number == 2:
            kind = data.text(inner)
        elif number in held:
            held[number].append(inner)
    if kind not in _WITH_ATTRIBUTES:
        return Operator(name, kind, {}, None)
    attributes = {key: _value(data, value) for key, value in (_entry(data, inner) for inner in held[10])}
    tensors = held[33] or held[34]
    return Operator(name, kind, attributes, _tensor(data, tensors[0]) if tensors else None)


def _tensor(data: Data, span: Span) -> tuple[str, tuple[int | None, ...], str]:
    element, layout = 0, ""
    shape: Message = []
    for number, value in fields(data, [span]):
        if isinstance(value, int):
            if number == 2:
                element = value & 0xFFFF_FFFF
        elif number == 3:
            shape.append(value)
        elif number == 4:
            layout = data.text(value)
    dims = [dim for number, value in fields(data, shape) if number == 1 for dim in numbers(data, value)]
    return type_name(element), tuple(None if dim == -1 else dim for dim in dims), layout


def _entry(data: Data, span: Span) -> tuple[str, Message]:
    """Key and value of a map."""
    key, value = "", list[Span]()
    for number, inner in spans(data, [span]):
        if number == 1:
            key = data.text(inner)
        elif number == 2:
            value.append(inner)
    return key, value


def _value(data: Data, message: Message, depth: int = 0) -> Value:
    """Return the value of an attribute; the last one is used."""
    found: Value = None
    for number, value in attributes(data, message):
        if isinstance(value, (int, float)):
            found = signed(value) if isinstance(value, int) else value
        elif number == 2:
            found = data.text(value)
        elif number == 1:
            found = _list(data, value)
        elif number == 10 and depth < _MAX_DEPTH:
            found = {}
            for inner, span in spans(data, [value]):
                if inner == 2:
                    key, held = _entry(data, span)
                    found[key] = _value(data, held, depth + 1)
    return found


def _list(data: Data, span: Span) -> list[Item]:
    found: list[Item] = []
    for number, value in attributes(data, [span]):
        if number == 20:
            continue
        if isinstance(value, float):
            found.append(value)
        elif isinstance(value, int):
            found.append(signed(value))
        elif number == 2:
            found.append(data.text(value))
        elif number == 4:
            start, end = value
            packed = data.read(start, min(end, start + _MAX_REALS * 4))
            found += [real for (real,) in struct.iter_unpack("<f", packed[: len(packed) // 4 * 4])]
        else:
            found += numbers(data, value)
    return found
