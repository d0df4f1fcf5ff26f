"""Which literal fits which type, and what it means (facts X7 to X12)."""

from __future__ import annotations

import math

import pytest

from aipplint.config.config import Config, read_config
from aipplint.schema.fields import op_fields, table
from aipplint.schema.literals import FieldValue, is_zero
from aipplint.source import Source
from aipplint.syntax.parser import parse
from tests.strategies import refused_literals, taken_literals

OF_TYPE = {
    "int32": "mean_chn_0",
    "uint32": "related_input_rank",
    "float": "min_chn_0",
    "bool": "crop",
    "string": "related_input_name",
    "AippMode": "aipp_mode",
    "InputFormat": "input_format",
}


def config_of(field: str, literal: str) -> Config:
    source = Source("aipp.cfg", f"aipp_op {{ {field}: {literal} }}")
    return read_config(source, parse(source))


def value_of(field: str, literal: str) -> FieldValue | None:
    (op,) = config_of(field, literal).ops
    return op.value(field)


def is_right(config: Config) -> bool:
    """No slip, and no offence but an enum number without a name, which the parser lets pass."""
    values = [offence.violation.value for offence in config.offences]
    return not config.tree.issues and all(type(value) is int and value in range(-(2**31), 2**31) for value in values)


def pairs(literals: dict[str, list[str]]) -> pytest.MarkDecorator:
    rows = [(OF_TYPE[proto], literal) for proto, of_proto in literals.items() for literal in of_proto]
    return pytest.mark.parametrize(("field", "literal"), rows, ids=ascii)


@pairs({proto: taken_literals(proto) for proto in OF_TYPE})
def test_taken(field: str, literal: str) -> None:
    config = config_of(field, literal)

    assert is_right(config)
    assert config.ops[0].value(field) is not None


@pairs({proto: refused_literals(proto) for proto in OF_TYPE if proto not in ("int32", "uint32")})
def test_refused(field: str, literal: str) -> None:
    assert not is_right(config_of(field, literal))


@pytest.mark.parametrize("literal", ["2147483648", "-2147483649", "0x80000000", "99999999999999999999"])
def test_beyond_int32(literal: str) -> None:
    config = config_of("mean_chn_0", literal)

    assert [offence.violation.keyword for offence in config.offences] in (["minimum"], ["maximum"])
    assert value_of("mean_chn_0", literal) is None


@pytest.mark.parametrize(
    ("field", "literal", "value"),
    [
        ("mean_chn_0", "010", 8),
        ("mean_chn_0", "-0x1F", -31),
        ("mean_chn_0", "- 5", -5),
        ("mean_chn_0", "-0", 0),
        ("related_input_rank", "037777777777", 4294967295),
        ("min_chn_0", "3f", 3.0),
        ("min_chn_0", ".5e1F", 5.0),
        ("min_chn_0", "1e400", math.inf),
        ("min_chn_0", "-Infinity", -math.inf),
        ("min_chn_0", "1e-400", 0.0),
        ("crop", "t", True),
        ("crop", "00", False),
        ("aipp_mode", "0x1", "static"),
        ("aipp_mode", "7", 7),
        ("input_format", "3", "RGB888_U8"),
        ("related_input_name", r'"a" "\x62" ' + "'c'", "abc"),
        ("related_input_name", r'"\344\275\240"', "\u4f60"),
        ("related_input_name", r'"\xE4\XBD\xa0\u4f60\U00004f60"', "\u4f60\u4f60\u4f60"),
        ("related_input_name", r'"\ud83d\ude00"', "\U0001f600"),
        ("related_input_name", r'"\400\n\?"', "\0\n?"),
    ],
)
def test_meaning(field: str, literal: str, value: FieldValue) -> None:
    assert value_of(field, literal) == value
    assert type(value_of(field, literal)) is type(value)


def test_minus_zero_is_kept() -> None:
    assert str(value_of("min_chn_0", "-0")) == "-0.0"


@pytest.mark.parametrize(
    ("value", "zero"),
    [
        (0, True),
        (0.0, True),
        (-0.0, False),
        (1e-60, True),
        (1e-40, False),
        (1e60, False),
        (False, True),
        ("", True),
        ("a", False),
    ],
)
def test_what_counts_as_never_set(value: FieldValue, zero: bool) -> None:
    assert is_zero(value) is zero


def test_nan() -> None:
    assert math.isnan(float(value_of("min_chn_0", "-NaN") or 0))


def test_defaults_are_the_zeros_of_their_types() -> None:
    config = config_of("crop", "false")
    zeros = {"int32": 0, "uint32": 0, "float": 0.0, "bool": False, "string": ""}

    for spec in op_fields().values():
        expected = table().enums[spec.proto][0] if spec.proto in table().enums else zeros[spec.proto]
        if spec.name != "var_reci_chn_0":
            assert config.ops[0].value(spec.name) is not None
        if not spec.repeated:
            assert config.ops[0].value(spec.name) == expected
