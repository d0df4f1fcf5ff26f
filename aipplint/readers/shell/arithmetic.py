"""Whole numbers that a shell computes, where all of them are known."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from aipplint.readers.shell.values import as_value
from aipplint.readers.traced import known

if TYPE_CHECKING:
    from tree_sitter import Node

    from aipplint.readers.shell.expansion import Expander

_CHANGED = re.compile(
    r"(?<![\w$])([A-Za-z_]\w*)(?:\[[^\[\]]{0,200}\])?\s{0,20}(?:\+\+|--|(?:[-+*/%&|^]|<<|>>)?=(?!=))"
    r"|(?:\+\+|--)\s{0,20}([A-Za-z_]\w*)"
)
_MAX_NUMBER = 2**63
_MAX_DEPTH = 12

_BINARY: dict[str, Callable[[int, int], int | bool]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}


def changed_in(written: str) -> list[str]:
    """The variables that an expression changes: ``i++``, ``--i``, ``i += 2``."""
    return [found[1] or found[2] for found in _CHANGED.finditer(written)]


def number_of(shell: Expander, node: Node, depth: int = 0) -> int | None:
    """The number that an expression comes to; None where it is not known, or not simple."""
    if depth > _MAX_DEPTH:
        return None
    kind = node.type
    if kind in ("number", "word", "variable_name"):
        text = shell.text.text_of(node)
        return as_number(text) if text[:1].isdigit() else _number_in(shell, text)
    if kind in ("simple_expansion", "expansion"):
        return as_number(known(shell.value_at(node)))
    children = node.named_children
    if kind in ("arithmetic_expansion", "parenthesized_expression") and len(children) == 1:
        return number_of(shell, children[0], depth + 1)
    if kind == "unary_expression" and len(children) == 1 and node.children[0].type == "-":
        inner = number_of(shell, children[0], depth + 1)
        return None if inner is None else -inner
    if kind == "binary_expression" and len(children) == 2:
        left, right = (number_of(shell, child, depth + 1) for child in children)
        if left is None or right is None:
            return None
        return _computed(node.children[1].type, left, right)
    return None


def _computed(sign: str, left: int, right: int) -> int | None:
    if sign in ("/", "%"):
        if right == 0:
            return None
        quotient = abs(left) // abs(right) * (1 if (left < 0) == (right < 0) else -1)
        return quotient if sign == "/" else left - quotient * right
    compute = _BINARY.get(sign)
    result = int(compute(left, right)) if compute else None
    return result if result is not None and abs(result) < _MAX_NUMBER else None


def as_number(text: str | None) -> int | None:
    """A decimal number; None for other notations, such as octal."""
    if text is None or not text.removeprefix("-").isdecimal() or not text.isascii() or len(text) > 18:
        return None
    return None if text.removeprefix("-").startswith("0") and text not in ("0", "-0") else int(text)


def _number_in(shell: Expander, name: str) -> int | None:
    value = as_value(shell.stored(name))
    return None if value is None else as_number(known(value))
