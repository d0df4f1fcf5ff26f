"""The names of a Python file: which expressions are assigned to them, in each scope."""

from __future__ import annotations

import ast
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Final

MAX_NODES = 60_000
"""Nodes of the syntax tree of a file that is read."""
MAX_ALTERNATIVES = 8
"""Values of one name that are looked at."""
MAX_STEPS = 50_000
"""Expressions of a file whose numbers are calculated."""

Function = ast.FunctionDef | ast.AsyncFunctionDef
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Module)


class Scope:
    """A module, a class or a function with its assignments: names lead to pairs of line and expression, in order.

    ``self.NAME`` in a method is a name of its class.
    """

    def __init__(self, node: ast.AST, name: str, outer: Scope | None) -> None:
        self.node: Final = node
        self.name: Final = name
        self.outer: Final = outer
        self.assigned: Final[dict[str, list[tuple[int, ast.expr]]]] = {}
        self.inner: Final[list[Scope]] = []
        self.steps: Final[list[int]] = [MAX_STEPS] if outer is None else outer.steps

    @property
    def is_class(self) -> bool:
        """Whether it is a class, whose names its methods do not see."""
        return isinstance(self.node, ast.ClassDef)

    @property
    def body(self) -> list[ast.stmt]:
        """The statements of the scope."""
        return list(getattr(self.node, "body", ()))

    def may_go_on(self) -> bool:
        """Count one more expression that is calculated; False if they are too many for one file."""
        self.steps[0] -= 1
        return self.steps[0] >= 0

    def all(self) -> Iterator[Scope]:
        """The scope and all inside of it."""
        todo = [self]
        while todo:
            scope = todo.pop()
            yield scope
            todo.extend(reversed(scope.inner))

    def path(self) -> list[str]:
        """The names of the classes and functions around, the outermost first."""
        names: list[str] = []
        scope: Scope | None = self
        while scope is not None and scope.name:
            names.append(scope.name)
            scope = scope.outer
        return names[::-1]

    def of_class(self) -> Scope | None:
        """The class around, if there is one."""
        scope: Scope | None = self
        while scope is not None and not scope.is_class:
            scope = scope.outer
        return scope

    def values(self, name: str, line: int) -> list[ast.expr]:
        """The last expressions that a name can have at a line: those before it in a function, else all."""
        scope: Scope | None = self
        if name.startswith("self."):
            scope, name = self.of_class(), name.removeprefix("self.")
            return _last(scope.assigned.get(name, ())) if scope is not None else []
        while scope is not None:
            found = scope.assigned.get(name)
            if found and (not scope.is_class or scope is self):
                before = bisect_left(found, line, key=lambda pair: pair[0]) if scope is self else 0
                return _last(found, before)
            scope = scope.outer
        return []


def _last(found: Sequence[tuple[int, ast.expr]], before: int = 0) -> list[ast.expr]:
    """The last expressions of a name: those up to an index, or of all if there are none before it."""
    end = before or len(found)
    return [value for _, value in found[max(0, end - MAX_ALTERNATIVES) : end]]


def scopes_of(tree: ast.Module) -> Scope:
    """Read the scopes of a file."""
    module = Scope(tree, "", None)
    todo: list[tuple[ast.AST, Scope]] = [(node, module) for node in reversed(tree.body)]
    while todo:
        node, scope = todo.pop()
        if isinstance(node, _SCOPES):
            inner = Scope(node, getattr(node, "name", ""), scope)
            scope.inner.append(inner)
            if isinstance(node, Function):
                _defaults(node, inner)
            todo.extend((child, inner) for child in reversed(node.body))
            continue
        _assign(node, scope)
        todo.extend(
            (child, scope) for child in reversed(list(ast.iter_child_nodes(node))) if not isinstance(child, ast.expr)
        )
    return module


def _defaults(node: Function, scope: Scope) -> None:
    """Note the defaults of parameters as values."""
    given = node.args
    names = [*given.posonlyargs, *given.args]
    pairs = [
        *zip(names[::-1], given.defaults[::-1], strict=False),
        *zip(given.kwonlyargs, given.kw_defaults, strict=True),
    ]
    for argument, default in pairs:
        if default is not None:
            scope.assigned.setdefault(argument.arg, []).append((node.lineno, default))


def _assign(node: ast.AST, scope: Scope) -> None:
    if isinstance(node, ast.Assign):
        for target in node.targets:
            _bind(target, node.value, scope)
    elif isinstance(node, ast.AnnAssign) and node.value is not None:
        _bind(node.target, node.value, scope)


def _bind(target: ast.expr, value: ast.expr, scope: Scope) -> None:
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
        for part, item in zip(target.elts, value.elts, strict=True):
            _bind(part, item, scope)
    elif isinstance(target, ast.Name):
        scope.assigned.setdefault(target.id, []).append((target.lineno, value))
    elif isinstance(target, ast.Attribute):
        owner = target.value
        mine = scope.of_class() if isinstance(owner, ast.Name) and owner.id == "self" else None
        (mine or scope).assigned.setdefault(target.attr, []).append((target.lineno, value))


def dotted(node: ast.expr) -> str:
    """A name, or names with dots between them; empty for any other expression."""
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    return ".".join(reversed((*names, node.id))) if isinstance(node, ast.Name) else ""
