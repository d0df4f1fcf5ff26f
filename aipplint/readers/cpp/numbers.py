"""Numbers of C++: literals and conversions."""

from __future__ import annotations

import re

from aipplint.readers.acl.calls import Value
from aipplint.readers.numbers import MAX_NUMBER

REAL = ("float", "double")
"""Types of numbers with a fraction."""

_NUMBER = re.compile(r"(0[xX][0-9a-fA-F]+|0[bB][01]+|\d+)[uUlLzZ]*|((?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)[fFlL]?")


def number(text: str) -> int | float | None:
    """A literal: decimal, hexadecimal, binary, octal, with suffixes and separators."""
    text, negative = text.replace("'", ""), text.startswith("-")
    value = _unsigned(text.removeprefix("-").strip())
    return -value if negative and value is not None else value


def _unsigned(text: str) -> int | float | None:
    match = _NUMBER.fullmatch(text)
    if match is None or len(text) > 40:
        return None
    whole, real = match.groups()
    if whole is None:
        return float(real)
    if whole[:2] in ("0x", "0X", "0b", "0B"):
        return int(whole, 0)
    return int(whole) if whole == "0" or whole[0] != "0" else _octal(whole)


def _octal(digits: str) -> int | None:
    return int(digits, 8) if re.fullmatch("[0-7]+", digits) else None


def converted(value: Value | None, kind: str) -> Value | None:
    """A number in the type that a cast or a declaration names; '' for none."""
    if not kind or not isinstance(value, int | float):
        return value
    if kind in REAL:
        return float(value)
    return int(value) if abs(value) < MAX_NUMBER else None
