"""Numbers of C++: literals, conversions, arithmetic."""

from __future__ import annotations

import re
from collections.abc import Sequence

from aipplint.readers.acl.calls import Value

REAL = ("float", "double")
"""Types of numbers with a fraction."""

_NUMBER = re.compile(r"(0[xX][0-9a-fA-F]+|0[bB][01]+|\d+)[uUlLzZ]*|((?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)[fFlL]?")
MAX_NUMBER = 2**64


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


def calculated(operator: str, values: Sequence[Value | None]) -> Value | None:
    """An operation on numbers, as C does it: division of whole numbers cuts off."""
    numbers = [value for value in values if isinstance(value, int | float) and abs(value) < MAX_NUMBER]
    if len(numbers) != len(values):
        return None
    if len(numbers) == 1:
        return {"-": -numbers[0], "+": +numbers[0]}.get(operator)
    left, right = numbers
    if operator == "+":
        return left + right
    if operator == "-":
        return left - right
    if operator == "*":
        return left * right
    if operator == "/" and right:
        whole = isinstance(left, int) and isinstance(right, int)
        return (abs(left) // abs(right)) * (1 if (left < 0) == (right < 0) else -1) if whole else left / right
    if isinstance(left, int) and isinstance(right, int) and left >= 0:
        if operator == "%" and right > 0:
            return left % right
        if operator == "<<" and 0 <= right < 64:
            return left << right
        if operator == ">>" and 0 <= right < 64:
            return left >> right
        if operator in ("&", "|"):
            return left & right if operator == "&" else left | right
    return None
