"""Arithmetic of C and of Python on known numbers."""

from __future__ import annotations

import operator
from collections.abc import Callable

MAX_NUMBER = 2**64
"""Largest operand."""

Number = int | float

_OF_BOTH: dict[str, Callable[..., Number]] = {"+": operator.add, "-": operator.sub, "*": operator.mul}


def _quotient(left: Number, right: Number) -> Number:
    """The quotient in C: that of two integers is truncated."""
    if isinstance(left, float) or isinstance(right, float):
        return left / right
    quotient = abs(left) // abs(right)
    return quotient if (left < 0) == (right < 0) else -quotient


_OF_C = _OF_BOTH | {"/": _quotient}
_OF_PYTHON = _OF_BOTH | {"/": operator.truediv, "//": operator.floordiv, "%": operator.mod}


def calculated(sign: str, left: object, right: object, *, of_c: bool = False) -> Number | None:
    """The result of an operation on two numbers; None if there is no result, or one of them is not a number.

    In C (``of_c``) the division of integers truncates; in Python ``/`` returns a fraction and ``//`` rounds down.
    """
    if not isinstance(left, int | float) or not isinstance(right, int | float):
        return None
    if max(abs(left), abs(right)) > MAX_NUMBER or (sign in ("/", "//", "%") and not right):
        return None
    operation = (_OF_C if of_c else _OF_PYTHON).get(sign)
    return None if operation is None else operation(left, right)
