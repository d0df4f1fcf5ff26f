"""The numbers of expressions in Python: means and deviations as lists, arrays, tables, or calculated from these."""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable

from aipplint.training.scopes import Scope, dotted

MAX_DEPTH = 20
"""Expressions inside each other that are followed."""
MAX_ITEMS = 16
"""Elements of a list that is read."""
MAX_NUMBER = 1e9
"""Largest number that is read."""

_OPERATIONS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_KEEPS = frozenset(
    "array asarray constant tensor as_tensor Tensor float32 float64 float16 float tuple list reshape view expand_dims "
    "astype unsqueeze copy to from_numpy asnumpy numpy cuda npu half convert_to_tensor cast stack FloatTensor "
    "ascontiguousarray broadcast_to newaxis to_tensor detach clone".split()
)
"""Functions and methods that return the numbers that they are given."""
IMAGENET = ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
_TIMM = {
    "IMAGENET_DEFAULT_MEAN": IMAGENET[0],
    "IMAGENET_DEFAULT_STD": IMAGENET[1],
    "IMAGENET_INCEPTION_MEAN": (0.5, 0.5, 0.5),
    "IMAGENET_INCEPTION_STD": (0.5, 0.5, 0.5),
    "IMAGENET_DPN_MEAN": (124 / 255, 117 / 255, 104 / 255),
    "IMAGENET_DPN_STD": (1 / (0.0167 * 255),) * 3,
    "OPENAI_CLIP_MEAN": (0.48145466, 0.4578275, 0.40821073),
    "OPENAI_CLIP_STD": (0.26862954, 0.26130258, 0.27577711),
}
"""The constants of timm (timm/data/constants.py), which code imports by name."""


class Vector(tuple[float, ...]):
    """Some numbers. ``array`` says that operators work on the elements; those of a plain list repeat or join it."""

    __slots__ = ()
    array = False


class Array(Vector):
    """The elements of an array."""

    __slots__ = ()
    array = True


Number = float | Vector


def numbers(node: ast.expr, scope: Scope, depth: int = 0) -> Number | None:
    """The value of an expression; None if it is not known to be a number or some numbers."""
    if depth > MAX_DEPTH or not scope.may_go_on():
        return None
    if isinstance(node, ast.Constant):
        if not isinstance(node.value, int | float) or isinstance(node.value, bool):
            return None
        return float(node.value) if abs(node.value) <= MAX_NUMBER else None
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        value = numbers(node.operand, scope, depth + 1)
        return -value if isinstance(value, float) else None
    if isinstance(node, ast.BinOp):
        return _operation(node, scope, depth)
    if isinstance(node, ast.List | ast.Tuple):
        return _listed(node, scope, depth)
    if isinstance(node, ast.ListComp | ast.GeneratorExp):
        return _comprehension(node, scope, depth)
    if isinstance(node, ast.Call):
        return _call(node, scope, depth)
    if isinstance(node, ast.Subscript):
        return _subscript(node, scope, depth)
    return _named(node, scope, depth)


def vector(node: ast.expr | None, scope: Scope) -> tuple[float, ...]:
    """The numbers of an expression, one or several; empty if they are not known."""
    value = None if node is None else numbers(node, scope)
    return () if value is None else tuple(value) if isinstance(value, Vector) else (value,)


def alternatives(node: ast.expr, scope: Scope) -> list[tuple[float, ...]]:
    """The numbers that an expression can have: several for a name that is assigned on several paths."""
    name = dotted(node)
    values = scope.values(name, node.lineno) if name else []
    if len(values) > 1:
        found = [vector(value, scope) for value in values]
        return [one for one in found if one]
    one = vector(node, scope)
    return [one] if one else []


def _named(node: ast.expr, scope: Scope, depth: int) -> Number | None:
    name = dotted(node)
    if not name:
        return None
    values = scope.values(name, node.lineno)
    if not values:
        known = _TIMM.get(name.rpartition(".")[2])
        return None if known is None else Vector(known)
    return numbers(values[-1], scope, depth + 1)


def _each(work: Callable[[float, float], float], left: Number, right: Number) -> Number | None:
    """An operation on numbers or on the elements of arrays."""
    try:
        if isinstance(left, Vector) and isinstance(right, Vector):
            if 1 not in (len(left), len(right)) and len(left) != len(right):
                return None
            size = max(len(left), len(right))
            pairs = zip(_wide(left, size), _wide(right, size), strict=True)
            return _finite(Array(work(a, b) for a, b in pairs))
        if isinstance(left, Vector):
            return _finite(Array(work(a, right) for a in left)) if isinstance(right, float) else None
        if isinstance(right, Vector):
            return _finite(Array(work(left, b) for b in right))
        return _finite(work(left, right))
    except (ArithmeticError, ValueError):
        return None


def _wide(values: Vector, size: int) -> Vector:
    return Vector(values * size) if len(values) == 1 else values


def _finite(value: Number) -> Number | None:
    every = value if isinstance(value, Vector) else (value,)
    return value if all(math.isfinite(one) for one in every) else None


def _operation(node: ast.BinOp, scope: Scope, depth: int) -> Number | None:
    left, right = numbers(node.left, scope, depth + 1), numbers(node.right, scope, depth + 1)
    if left is None or right is None:
        return None
    lists = [isinstance(one, Vector) and not one.array for one in (left, right)]
    if isinstance(node.op, ast.Mult) and any(lists):
        # [0.5] * 3; where an array is multiplied with a list, the elements are.
        values, times = (left, right) if lists[0] else (right, left)
        if isinstance(values, Vector) and isinstance(times, float):
            return Vector(values * int(times)) if 0 < times * len(values) <= MAX_ITEMS and times == int(times) else None
    work = _OPERATIONS.get(type(node.op))
    return None if work is None or all(lists) else _each(work, left, right)


def _listed(node: ast.List | ast.Tuple, scope: Scope, depth: int) -> Vector | None:
    """A list; one of lists of one element each, or of one list, is flat."""
    if not 0 < len(node.elts) <= MAX_ITEMS:
        return None
    found: list[float] = []
    for part in node.elts:
        value = numbers(part, scope, depth + 1)
        if value is None or (isinstance(value, Vector) and len(value) > 1 and len(node.elts) > 1):
            return None
        found.extend(value if isinstance(value, Vector) else (value,))
    return Vector(found)


def _comprehension(node: ast.ListComp | ast.GeneratorExp, scope: Scope, depth: int) -> Vector | None:
    """``[x * 255 for x in mean]``."""
    first = node.generators[0]
    if len(node.generators) != 1 or first.ifs or not isinstance(first.target, ast.Name):
        return None
    over = numbers(first.iter, scope, depth + 1)
    if not isinstance(over, Vector):
        return None
    found: list[float] = []
    for value in over:
        inner = Scope(scope.node, "", scope)
        inner.assigned[first.target.id] = [(0, ast.Constant(value))]
        element = numbers(node.elt, inner, depth + 1)
        if not isinstance(element, float):
            return None
        found.append(element)
    return Vector(found)


def _call(node: ast.Call, scope: Scope, depth: int) -> Number | None:
    """Calls that make an array of what they are given, or keep it."""
    function = node.func
    name = function.attr if isinstance(function, ast.Attribute) else dotted(function)
    if name not in _KEEPS:
        return None
    arguments = [function.value, *node.args] if isinstance(function, ast.Attribute) else node.args
    for argument in arguments[:2]:
        value = numbers(argument, scope, depth + 1)
        if value is not None:
            return value if isinstance(value, float) or name in ("tuple", "list") else Array(value)
    return None


def _subscript(node: ast.Subscript, scope: Scope, depth: int) -> Number | None:
    """An entry of a table, an element of a list, or a list from its end."""
    if isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str):
        entry = entry_of(node.value, node.slice.value, scope, depth + 1)
        return None if entry is None else numbers(entry, scope, depth + 1)
    value = numbers(node.value, scope, depth + 1)
    if not isinstance(value, Vector):
        return None
    if isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, int):
        return value[node.slice.value] if -len(value) <= node.slice.value < len(value) else None
    step = node.slice.step if isinstance(node.slice, ast.Slice) else None
    if step is not None:
        backwards = numbers(step, scope, depth + 1) == -1
        return type(value)(value[::-1]) if backwards else None
    return value  # New axes, or all elements.


def entry_of(table: ast.expr, key: str, scope: Scope, depth: int = 0) -> ast.expr | None:
    """The expression behind a key of a table that the file contains."""
    if depth > MAX_DEPTH:
        return None
    if isinstance(table, ast.Dict):
        for name, value in zip(table.keys, table.values, strict=True):
            if isinstance(name, ast.Constant) and name.value == key:
                return value
        return None
    if isinstance(table, ast.Call):
        return next((keyword.value for keyword in table.keywords if keyword.arg == key), None)
    if (
        isinstance(table, ast.Subscript)
        and isinstance(table.slice, ast.Constant)
        and isinstance(table.slice.value, str)
    ):
        inner = entry_of(table.value, table.slice.value, scope, depth + 1)
        return None if inner is None else entry_of(inner, key, scope, depth + 1)
    values = scope.values(dotted(table), table.lineno) if dotted(table) else []
    return entry_of(values[-1], key, scope, depth + 1) if len(values) == 1 else None
