"""TensorFlow: the placeholders of a frozen graph."""

from __future__ import annotations

from aipplint.models.data import Data, Malformed, SomethingElse
from aipplint.models.model import TENSORFLOW, Dims, Input, Model
from aipplint.models.protobuf import Message, Span, fields, signed, spans

_TYPES = (
    "INVALID FLOAT DOUBLE INT32 UINT8 INT16 INT8 STRING COMPLEX64 INT64 BOOL QINT8 QUINT8 QINT32 BFLOAT16 QINT16"
    " QUINT16 UINT16 COMPLEX128 HALF RESOURCE VARIANT UINT32 UINT64 FLOAT8_E5M2 FLOAT8_E4M3FN"
).split()
"""DataType by its numbers."""
_TYPE, _SHAPE = 6, 7
_VALUES = range(1, 11)
"""The fields of AttrValue of which one counts."""


def read(data: Data, path: str, message: Message) -> Model:
    """The model in a GraphDef. A SavedModel raises SomethingElse."""
    names = set()
    inputs = []
    for number, value in fields(data, message):
        if isinstance(value, int):
            if number == 1:
                raise SomethingElse("SavedModel, not a frozen GraphDef")
        elif number == 1:
            name, placeholder = _node(data, value)
            names.add(name)
            if placeholder is not None:
                inputs.append(placeholder)
    return Model(path, TENSORFLOW, inputs=tuple(inputs), nodes=frozenset(names))


def _node(data: Data, span: Span) -> tuple[str, Input | None]:
    """Return the name of an operator, and its input if it is a placeholder."""
    name = operator = ""
    attributes: Message = []
    for number, inner in spans(data, [span]):
        if number == 1:
            name = _text(data, inner)
        elif number == 2:
            operator = _text(data, inner)
        elif number == 5:
            attributes.append(inner)
    if operator != "Placeholder":
        return name, None
    dtype: str | None = None
    dims: Dims | None = None
    for attribute in attributes:
        key, value = _entry(data, attribute)
        kind, single, parts = _value(data, value)
        if key == "dtype":
            dtype = _type_name(single) if kind == _TYPE else None
        elif key == "shape":
            dims = _dims(data, parts) if kind == _SHAPE else None
    return name, Input(name, dtype, dims)


def _text(data: Data, span: Span) -> str:
    """A name; one that is not UTF-8 makes the graph unreadable, as proto3 has it."""
    text = data.text(span)
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise Malformed("a name is not UTF-8") from None
    return text


def _entry(data: Data, span: Span) -> tuple[str, Message]:
    """Key and value of a map."""
    key, value = "", list[Span]()
    for number, inner in spans(data, [span]):
        if number == 1:
            key = _text(data, inner)
        elif number == 2:
            value.append(inner)
    return key, value


def _value(data: Data, message: Message) -> tuple[int, int, Message]:
    """Return the last field of an AttrValue, and its value: a number or a message."""
    which, single, parts = 0, 0, list[Span]()
    for number, value in fields(data, message):
        if number not in _VALUES:
            continue
        if number != which:
            which, parts = number, []
        if isinstance(value, int):
            single = value
        else:
            parts.append(value)
    return which, single, parts


def _dims(data: Data, message: Message) -> Dims | None:
    dims: list[int | str | None] = []
    for number, value in fields(data, message):
        if isinstance(value, int):
            if number == 3 and value:
                return None
        elif number == 2:
            size = 0
            for inner, part in fields(data, [value]):
                if inner == 1 and isinstance(part, int):
                    size = signed(part)
            dims.append(None if size == -1 else size)
    return tuple(dims)


def _type_name(number: int) -> str:
    return f"DT_{_TYPES[number]}" if number < len(_TYPES) else str(number)
