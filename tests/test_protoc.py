"""aipplint accepts and rejects the syntax exactly as the C++ parser of protobuf does, and reads the same values.

The usual run takes a few seconds; AIPPLINT_TEST_EXAMPLES=20000 makes it long, and different every time.
"""

from __future__ import annotations

import math
import os
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from aipplint import Severity, lint
from aipplint.config.config import read_config
from aipplint.config.op import AippOp
from aipplint.schema.fields import table
from aipplint.schema.spec import OP, ROOT, FieldSpec
from aipplint.source import Source
from aipplint.syntax.parser import parse
from tests import strategies
from tests.protoc import Answer, Protoc

LONG = "AIPPLINT_TEST_EXAMPLES" in os.environ
EXAMPLES = int(os.environ.get("AIPPLINT_TEST_EXAMPLES", "300"))
CASES = sorted(Path(__file__).parent.glob("cases/**/*.cfg"))


@pytest.fixture(scope="module")
def protoc() -> Iterator[Protoc]:
    with Protoc() as running:
        yield running


def rejections(data: bytes) -> list[str]:
    """What aipplint says that the parser would reject."""
    errors = [f for f in lint(data).findings if f.severity is Severity.ERROR]
    return [f"{f.code} {f.message}" for f in errors if f.atc_code == "E13005" or f.code == "AIPP903"]


def assert_agreement(protoc: Protoc, data: bytes) -> None:
    """One probe: the verdict, and where it is accepted, every value. ATC never gives an empty file to the parser."""
    if not data:
        return
    answer = protoc.parse(data)
    said = rejections(data)

    assert answer.accepted == (not said), (data, answer.message, said)
    if answer.accepted:
        assert_same_values(protoc, data, answer)


def assert_same_values(protoc: Protoc, data: bytes, answer: Answer) -> None:
    source = Source.from_bytes("aipp.cfg", data)
    ops = read_config(source, parse(source)).ops
    message = protoc.message(answer.encoded)

    assert len(ops) == len(message.aipp_op)
    for op, theirs in zip(ops, message.aipp_op, strict=True):
        for spec in table().messages[OP].values():
            assert our_values(op, spec) == their_values(theirs, spec), (data, spec.name)


def our_values(op: AippOp, spec: FieldSpec) -> list[Any]:
    """The effective values of a field, in a form that compares (NaN is NaN, -0 is not 0)."""
    values = [entry.value for entry in op.entries.get(spec.name, [])] if spec.repeated else [op.value(spec.name)]
    if spec.proto in table().enums:
        names = table().enums[spec.proto]
        return [names.index(value) if isinstance(value, str) else value for value in values]
    if spec.proto == "string":
        return [str(value).encode("utf-8", "surrogateescape") for value in values]
    return [
        repr(_single(0.0 if value is None else float(value))) if spec.proto == "float" else value for value in values
    ]


def their_values(message: Any, spec: FieldSpec) -> list[Any]:
    value = getattr(message, spec.name)
    values = list(value) if spec.repeated else [value]
    return list(map(repr, values)) if spec.proto == "float" else values


def _single(value: float) -> float:
    """Rounded to single precision."""
    try:
        return float(struct.unpack("<f", struct.pack("<f", value))[0])
    except OverflowError:
        return math.copysign(math.inf, value)


FIELDS = [
    (root.name, spec) for root in table().messages[ROOT].values() for spec in table().messages[root.proto].values()
]
ONE_OF_A_TYPE = list({(root, spec.proto, spec.repeated): (root, spec) for root, spec in FIELDS}.values())


@pytest.mark.parametrize(
    ("root", "spec"), FIELDS if LONG else ONE_OF_A_TYPE, ids=lambda part: getattr(part, "name", part)
)
def test_every_literal_in_a_field_of_each_type(protoc: Protoc, root: str, spec: FieldSpec) -> None:
    literals = strategies.ANY_LITERAL if LONG else strategies.taken_literals(spec.proto)
    for literal in dict.fromkeys([*literals, *strategies.refused_literals(spec.proto)]):
        for data in strategies.as_bytes(f"{root} {{ {spec.name}: {literal} }}"):
            assert_agreement(protoc, data)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_every_case(protoc: Protoc, path: Path) -> None:
    assert_agreement(protoc, path.read_bytes())


@settings(max_examples=EXAMPLES)
@given(strategies.encoded(strategies.configs()))
def test_generated_configurations(protoc: Protoc, data: bytes) -> None:
    assert_agreement(protoc, data)


@settings(max_examples=EXAMPLES)
@given(strategies.damaged(strategies.encoded(strategies.configs())))
def test_damaged_configurations(protoc: Protoc, data: bytes) -> None:
    assert_agreement(protoc, data)


@settings(max_examples=EXAMPLES // 4)
@given(strategies.soup())
def test_any_words_in_any_order(protoc: Protoc, data: bytes) -> None:
    assert_agreement(protoc, data)
