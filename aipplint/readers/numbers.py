"""Arithmetic on numbers that are known, as C and as Python do it."""

from __future__ import annotations

import operator
from collections.abc import Callable

MAX_NUMBER = 2**64
"""Largest number that is calculated with."""

Number = int | float

_OF_PYTHON: dict[str, Callable[..., Number]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
}


def _quotient(left: Number, right: Number) -> Number:
    """What C divides to: a whole number of two whole ones, without the rest."""
    if isinstance(left, float) or isinstance(right, float):
        return left / right
    quotient = abs(left) // abs(right)
    return quotient if (left < 0) == (right < 0) else -quotient


def _of_whole(operation: Callable[[int, int], int]) -> Callable[[Number, Number], Number | None]:
    """An operation of C on whole numbers from 0 on, for which all compilers agree; a shift is below 64."""

    def calculate(left: Number, right: Number) -> Number | None:
        shifts = operation in (operator.lshift, operator.rshift)
        if not isinstance(left, int) or not isinstance(right, int) or left < 0 or right < 0 or (shifts and right >= 64):
            return None
        return operation(left, right)

    return calculate


_OF_C: dict[str, Callable[..., Number | None]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": _quotient,
    "%": _of_whole(operator.mod),
    "<<": _of_whole(operator.lshift),
    ">>": _of_whole(operator.rshift),
    "&": _of_whole(operator.and_),
    "|": _of_whole(operator.or_),
}


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
