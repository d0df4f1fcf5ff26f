"""Compiled models (.om): their build data and input buffers.

The layout is that of framework_types_internal.h and om_file_helper.cc; the sizes in the table count, its offsets do
not, as for the run time.
"""

from __future__ import annotations

import json
import struct
from math import prod

from aipplint.models.data import Data, Malformed
from aipplint.models.ge import Definition, Operator, Value, definition_of, input_of
from aipplint.models.model import MAGIC, OM, Compiled, Dims, Feed, Input, Model, Profiles
from aipplint.models.protobuf import Span

_HEADER = 256
_LENGTH, _ENCRYPTED, _KIND, _MODEL_LENGTH = 76, 80, 82, 184
"""Offsets in the header."""
_FLOW = 3
_MAX_PARTITIONS, _MAX_FLOW_PARTITIONS = 8, 4096
_DEFINITION, _INTRODUCTION = 0, 8
"""Types of partitions: the network in protobuf, and what goes in and out in a table."""
_INPUT_BLOCK = 0
_MAX_INPUTS = 10_000
_OPTIONS = {1: "dynamic_batch_size", 2: "dynamic_image_size", 3: "dynamic_dims"}
"""Values of mbatch_dynamic_type."""
_PROFILE_COUNT, _PROFILE, _PROFILE_KIND = "batch_num", "_pred_value_{}", "mbatch_dynamic_type"
_MAX_PROFILES = 1000
_RUN_TIME_TYPES = {
    **dict(enumerate(("FLOAT", "FLOAT16", "INT8", "INT32", "UINT8"))),
    **dict(enumerate(("INT16", "UINT16", "UINT32", "INT64", "UINT64", "DOUBLE", "BOOL"), 6)),
    27: "BFLOAT16",
}
"""Types in the table of inputs, by the numbers of ge::DataType: others than those of the description."""
_BYTES = {
    **dict.fromkeys(("INT8", "UINT8", "BOOL"), 1),
    **dict.fromkeys(("FLOAT16", "INT16", "UINT16", "BFLOAT16"), 2),
    **dict.fromkeys(("FLOAT", "INT32", "UINT32"), 4),
    **dict.fromkeys(("INT64", "UINT64", "DOUBLE"), 8),
}


def read(data: Data, path: str) -> Model:
    """The model in a compiled file."""
    partitions = _partitions(data)
    if _DEFINITION not in partitions:
        raise Malformed("no model definition partition")
    try:
        definition = definition_of(data, [partitions[_DEFINITION]])
    except Malformed as error:
        raise Malformed(f"the model definition is not readable: {error}") from None
    told = _introduction(data, partitions[_INTRODUCTION]) if _INTRODUCTION in partitions else {}
    operators = definition.inputs()
    texts = {name: value if isinstance(value, str) else "" for name, value in definition.attributes.items()}
    compiled = Compiled(
        texts.get("atc_cmdline", ""),
        texts.get("soc_version", ""),
        texts.get("atc_version", ""),
        texts.get("opp_version", ""),
        _profiles(definition),
        tuple(_configurations(definition)),
        tuple(_feed(operator, told.get(operator.name)) for operator in operators),
    )
    inputs = tuple(input_of(operator) for operator in operators)
    return Model(path, OM, inputs=inputs, nodes=definition.names, compiled=compiled)


def _partitions(data: Data) -> dict[int, Span]:
    """Return the span of each type of partition; the first of several."""
    header = data.read(0, min(_HEADER, data.size))
    if not header.startswith(MAGIC[: len(header)]):
        raise Malformed("not an .om file: it does not begin with IMOD")
    if len(header) < _HEADER:
        raise Malformed("truncated header")
    if header[_ENCRYPTED] == 1:
        raise Malformed("encrypted model")
    (long,) = struct.unpack_from("<Q", header, _MODEL_LENGTH)
    flow = header[_KIND] == _FLOW
    entry, pad = ("<I4xQQ", 4) if long or flow else ("<III", 0)
    count = data.read(_HEADER, min(_HEADER + 4, data.size))
    if len(count) < 4:
        raise Malformed("truncated partition table or partition")
    (number,) = struct.unpack("<I", count)
    if not 1 <= number <= (_MAX_FLOW_PARTITIONS if flow else _MAX_PARTITIONS):
        raise Malformed(f"impossible partition count: {number}")
    start = _HEADER + 4 + pad
    at = start + number * struct.calcsize(entry)
    if at > data.size:
        raise Malformed("truncated partition table or partition")
    found: dict[int, Span] = {}
    for kind, _, size in struct.iter_unpack(entry, data.read(start, at)):
        if at + size > data.size:
            raise Malformed("partition beyond the end of the file")
        found.setdefault(kind, (at, at + size))
        at += size
    return found


def _introduction(data: Data, span: Span) -> dict[str, tuple[str | None, Dims]]:
    """Return (dtype, dims) of the buffers by name of the input; dims include the effect of AIPP."""
    at, end = span
    while at + 8 <= end:
        kind, length = struct.unpack("<II", data.read(at, at + 8))
        at += 8
        if at + length > end:
            break
        if kind == _INPUT_BLOCK:
            return dict(_block(data, (at, at + length)))
        at += length
    return {}


def _block(data: Data, span: Span) -> list[tuple[str, tuple[str | None, Dims]]]:
    at, end = span
    found: list[tuple[str, tuple[str | None, Dims]]] = []
    if at + 4 > end:
        return found
    (count,) = struct.unpack("<I", data.read(at, at + 4))
    at += 4
    for _ in range(min(count, _MAX_INPUTS)):
        if at + 32 > end:
            break
        _, _, dtype, name, dims, fed, ranges = struct.unpack("<QiiIIII", data.read(at, at + 32))
        at += 32
        if at + name + dims + fed + ranges > end:
            break
        text = data.text((at, at + name))
        at += name + dims
        numbers = [number for (number,) in struct.iter_unpack("<q", data.read(at, at + fed - fed % 8))]
        at += fed + ranges
        found.append(
            (text, (_RUN_TIME_TYPES.get(dtype), tuple(None if number == -1 else number for number in numbers)))
        )
    return found


def _feed(operator: Operator, told: tuple[str | None, Dims] | None) -> Feed:
    one: Input = input_of(operator)
    dims = _dims(operator.attributes.get("input_dims"))
    if dims is None:
        dims = one.dims or ()
    dtype = one.dtype
    if told is not None:
        dtype, dims = told[0] or dtype, told[1]
    known = [dim for dim in dims if isinstance(dim, int)]
    size = _BYTES.get(dtype or "")
    fixed = len(known) == len(dims) and all(dim >= 0 for dim in known)
    return Feed(one.name, dtype, dims, one.layout, prod(known) * size if fixed and size else None)


def _dims(value: Value) -> Dims | None:
    if not isinstance(value, list) or not value:
        return None
    return tuple(item if isinstance(item, int) and item != -1 else None for item in value)


def _profiles(definition: Definition) -> Profiles | None:
    """The profiles of the operator that chooses between them."""
    for operator in definition.operators:
        kind, count = operator.attributes.get(_PROFILE_KIND), operator.attributes.get(_PROFILE_COUNT)
        if operator.kind != "Case" or not isinstance(kind, int) or not isinstance(count, int):
            continue
        lists = (operator.attributes.get(_PROFILE.format(index)) for index in range(min(count, _MAX_PROFILES)))
        found = tuple(_numbers(value) for value in lists)
        return Profiles(_OPTIONS.get(kind, ""), found) if kind in _OPTIONS else None
    return None


def _numbers(value: Value) -> tuple[int, ...]:
    return tuple(item for item in value if isinstance(item, int)) if isinstance(value, list) else ()


def _configurations(definition: Definition) -> list[tuple[tuple[str, str], ...]]:
    """Return the fields of each AIPP operator, from its own text or from the attributes of the inputs."""
    noted = [
        _noted(one) for operator in definition.inputs() if isinstance(one := operator.attributes.get("aipp"), dict)
    ]
    written = [
        fields
        for operator in definition.operators
        if operator.kind == "Aipp" and (fields := _written(operator.attributes.get("aipp_config_path")))
    ]
    return written if len(written) >= len(noted) else noted


def _written(text: Value) -> tuple[tuple[str, str], ...]:
    if not isinstance(text, str):
        return ()
    try:
        held = json.loads(text)
    except (ValueError, RecursionError):
        return ()
    if not isinstance(held, dict):
        return ()
    return tuple((name, _literal(one)) for name, one in held.items() if isinstance(one, (str, int, float)))


def _noted(attributes: dict[str, Value]) -> tuple[tuple[str, str], ...]:
    from aipplint.schema.fields import op_fields, table

    known, names = op_fields(), table().enums
    found = []
    for field, value in attributes.items():
        item = value[0] if isinstance(value, list) and value else value
        proto = known[field].proto if field in known else ""
        if isinstance(item, int) and proto in names and 0 <= item < len(names[proto]):
            found.append((field, names[proto][item]))
        elif isinstance(item, int) and proto == "bool":
            found.append((field, str(bool(item)).lower()))
        elif isinstance(item, (str, int, float)):
            found.append((field, _literal(item)))
    return tuple(found)


def _literal(value: str | float) -> str:
    """Return a value as a configuration contains it."""
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:.9g}" if isinstance(value, float) else str(value)
