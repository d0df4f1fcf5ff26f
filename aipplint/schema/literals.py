"""The valid literals of each type, and their values (facts X7 to X12, protobuf's text format)."""

from __future__ import annotations

import re
import struct

from aipplint.schema.spec import FieldSpec
from aipplint.syntax.tree import Scalar

FieldValue = int | float | bool | str
"""What a fitting literal means. Enum values are names where the number has one."""


class Misfit(dict[str, str]):
    """A literal or block that does not fit its field. It is an object, because no scalar field allows one."""


_TRUE = ("true", "True", "t")
_FALSE = ("false", "False", "f")
INT32 = range(-(2**31), 2**31)
_UINT32 = range(2**32)
_LONG = 3000
_HUGE = 10**_LONG
"""Stands for every longer number: Python refuses to print one of more than 4300 digits."""
_SIMPLE_ESCAPES = dict(zip("abfnrtv\\?'\"", "\a\b\f\n\r\t\v\\?'\"", strict=True))
_KNOWN_ESCAPE = (
    r"([abfnrtv\\?'\"])|([0-7]{1,3})|[xX]([0-9A-Fa-f]{1,2})"
    r"|u([dD][89ABab][0-9A-Fa-f]{2}\\u[dD][C-Fc-f][0-9A-Fa-f]{2}|[0-9A-Fa-f]{4})|U(00[01][0-9A-Fa-f]{5})"
)
_ESCAPE = rf"\\(?:{_KNOWN_ESCAPE}|(.?))"
_GOOD = rf"(?:[^\\]++|\\(?:{_KNOWN_ESCAPE}))*+"
"""Text up to the first escape that the parser does not know."""


def value_of(scalar: Scalar, spec: FieldSpec, enums: dict[str, tuple[str, ...]]) -> FieldValue | Misfit:
    """The value of a literal in a field, or a Misfit. Integers are returned whatever their size.

    Where the field takes a message, no literal fits: the result is its text, which no message is.
    """
    proto, kind = spec.proto, scalar.kind
    fitting: FieldValue | None
    if proto == "float":
        fitting = float_value(scalar)
    elif proto == "int32":
        fitting = int_value(scalar) if kind == "INTEGER" else None
    elif proto in enums:
        fitting = _enum_value(scalar, enums[proto])
    elif proto == "bool":
        fitting = _bool_value(scalar)
    elif proto == "uint32":
        fitting = int_value(scalar) if kind == "INTEGER" and not scalar.negative else None
    elif proto == "string":
        fitting = string_value(scalar)
    else:
        return scalar.text
    return Misfit(literal=scalar.text) if fitting is None else fitting


def value_in_range(value: FieldValue | Misfit, spec: FieldSpec, enums: dict[str, tuple[str, ...]]) -> FieldValue | None:
    """A value that the parser takes; None for what it rejects, from which nothing is to be concluded."""
    if isinstance(value, Misfit):
        return None
    if spec.proto in enums:
        return value if value in enums[spec.proto] or (type(value) is int and value in INT32) else None
    if type(value) is int and spec.proto != "float":
        return value if value in (_UINT32 if spec.proto == "uint32" else INT32) else None
    return value


def int_value(scalar: Scalar) -> int:
    """The value of an INTEGER literal: decimal, ``0x1F``, or octal ``010``."""
    text = scalar.text
    base = 10
    if len(text) > 1 and text[0] == "0":
        base = 16 if text[1] in "xX" else 8
        text = text[2 if base == 16 else 1 :].lstrip("0") or "0"
    value = int(text, base) if len(text) < _LONG else _HUGE
    return -value if scalar.negative else value


def float_value(scalar: Scalar) -> float | None:
    """The value in a float field: decimal only; too large becomes infinite, as in the parser."""
    kind, text = scalar.kind, scalar.text
    if kind == "FLOAT":
        value = float(text.rstrip("fF"))
    elif kind == "INTEGER":
        if len(text) > 1 and text[0] == "0":
            return None
        value = float(text)
    elif kind == "NAME" and text.lower() in ("inf", "infinity", "nan"):
        value = float(text)
    else:
        return None
    return -value if scalar.negative else value


def is_zero(value: FieldValue) -> bool:
    """Whether the parser takes a singular field with this value for one that was never set.

    A float that underflows in single precision counts as 0; -0.0 does not.
    """
    if not isinstance(value, float):
        return value in (0, "", False)
    try:
        return struct.pack("<f", value) == b"\0\0\0\0"
    except OverflowError:
        return False


def _bool_value(scalar: Scalar) -> bool | None:
    if scalar.negative:
        return None
    if scalar.kind == "NAME":
        return True if scalar.text in _TRUE else False if scalar.text in _FALSE else None
    if scalar.kind == "INTEGER" and (number := int_value(scalar)) in (0, 1):
        return number == 1
    return None


def _enum_value(scalar: Scalar, names: tuple[str, ...]) -> str | int | None:
    """A name as written, known or not; a number by its name, or as it is where it has none."""
    if scalar.kind == "NAME" and not scalar.negative:
        return scalar.text
    if scalar.kind != "INTEGER":
        return None
    number = int_value(scalar)
    return names[number] if 0 <= number < len(names) else number


def string_value(scalar: Scalar) -> str | None:
    """The text of a string literal without quotes and escapes; None where it is none or an escape is wrong."""
    if scalar.kind != "STRING" or scalar.negative:
        return None
    out = []
    for part in scalar.parts:
        body = part.text[1:-1]
        if "\\" in body:
            if bad_escape(body):
                return None
            body = (
                re.sub(_ESCAPE, _unescape, body).encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape")
            )
        out.append(body)
    return "".join(out)


def bad_escape(body: str) -> str:
    """The first escape that the parser does not know, or nothing."""
    good = re.match(_GOOD, body)
    bad = re.match(_ESCAPE, body[good.end() :]) if good is not None else None
    return "" if bad is None else bad.group()


def _unescape(match: re.Match[str]) -> str:
    """What an escape stands for.

    Escapes spell bytes, several of which may make one character: each byte above 127 becomes a lone surrogate, and
    string_value decodes them together.
    """
    simple, octal, hexadecimal, short, long, _ = match.groups()
    if simple:
        return _SIMPLE_ESCAPES[simple]
    if octal or hexadecimal:
        data = bytes([int(octal, 8) & 0xFF if octal else int(hexadecimal, 16)])
    elif long:
        if int(long, 16) > 0x10FFFF:  # the lexer lets it pass and the parser leaves it as it is
            return match.group()
        data = chr(int(long, 16)).encode("utf-8", "surrogatepass")
    elif len(short) == 4:
        data = chr(int(short, 16)).encode("utf-8", "surrogatepass")
    else:  # two that make one character
        data = bytes.fromhex(short.replace("\\u", "")).decode("utf-16-be").encode()
    return data.decode("ascii", "surrogateescape")
