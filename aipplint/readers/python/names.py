"""The outline of a Python file: its scopes, what gives a value to each name in them, and the statements that matter."""

from __future__ import annotations

import ast
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import Final

from aipplint.readers.acl.sets import Branches
from aipplint.records import NamedTuple

ASSIGNED, ADDED, APPENDED, INSERTED, UNKNOWN = "assigned", "added", "appended", "inserted", "unknown"
"""What happens to a name: it becomes a value; a value is added (``+=``, ``extend``), appended, inserted in front;
anything else."""

MODULE, CLASS, FUNCTION = "module", "class", "function"

LOOP = -1
"""The arm of a condition that is the body of a loop: the number of rounds is unknown."""

Position = tuple[int, int]
"""Line from 1 and column in bytes of UTF-8, as ``ast`` counts."""


class Event(NamedTuple):
    """Something that happens to a name. ``way`` leads into a tuple that is unpacked."""

    kind: str
    value: ast.expr | None
    at: Position
    branches: Branches
    way: tuple[int, ...] = ()


class Scope:
    """A module, a class or a function."""

    def __init__(self, kind: str, number: int, outer: Scope | None) -> None:
        self.kind: Final = kind
        self.number: Final = number
        self.outer: Final = outer
        self.events: Final[dict[str, list[Event]]] = {}
        self.shared: Final[set[str]] = set()
        """Names that belong to a scope around this one (``global``, ``nonlocal``)."""
        self.of_objects = False
        """Whether this is a class whose annotated names may be those of its objects, each with its own values."""

    def note(self, name: str, event: Event) -> None:
        """Note a change of a name. The time of a change in another scope is unknown."""
        self.events.setdefault(name, []).append(event)
        scope = self.outer if name in self.shared else None
        while scope is not None:
            scope.events.setdefault(name, []).append(Event(UNKNOWN, None, event.at, ()))
            scope = scope.outer


class Statement(NamedTuple):
    """A statement with its own expressions, without those of the statements inside it."""

    node: ast.stmt
    scope: Scope
    branches: Branches


class Outline(NamedTuple):
    """What there is in a file. ``aliases`` are the names that imports give to modules and functions.

    ``members`` are the names that any attribute is assigned under (``self.width = ...``).
    """

    module: Scope
    scopes: list[Scope]
    statements: list[Statement]
    aliases: dict[str, str]
    members: set[str]
    classes: dict[str, list[Scope]]


class _Work(NamedTuple):
    node: ast.stmt
    scope: Scope
    branches: Branches


def outline(tree: ast.Module, lines: Iterable[int]) -> Outline:
    """Walk the statements of a file. ``lines`` are those that may matter; only their statements are kept."""
    wanted = sorted(lines)
    module = Scope(MODULE, -1, None)
    found = Outline(module, [module], [], {}, set(), {})
    todo = [_Work(node, module, ()) for node in reversed(tree.body)]
    while todo:
        work = todo.pop()
        inner = _Visit(found, work).inner()
        if _matters(work.node, wanted):
            found.statements.append(Statement(work.node, work.scope, work.branches))
        todo.extend(reversed(inner))
    return found


def _matters(node: ast.stmt, wanted: list[int]) -> bool:
    """Whether a line that matters lies in a statement."""
    index = bisect_left(wanted, node.lineno)
    return index < len(wanted) and wanted[index] <= (node.end_lineno or node.lineno)


class _Visit:
    """One statement: its effects on names, and the statements inside it."""

    def __init__(self, found: Outline, work: _Work) -> None:
        self._found = found
        self._node, self._scope, self._branches = work
        self._at = (self._node.lineno, self._node.col_offset)

    def inner(self) -> list[_Work]:
        """The statements inside, with their scopes and branches; names are noted on the way."""
        node = self._node
        if isinstance(node, ast.Assign):
            for target in node.targets:
                self._bind(target, node.value)
            self._taken(node.value)
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            self._bind(node.target, node.value)
            if self._scope.of_objects and "ClassVar" not in ast.dump(node.annotation):
                self._found.members.add(dotted(node.target))
        elif isinstance(node, ast.AugAssign):
            kind = ADDED if isinstance(node.op, ast.Add) else UNKNOWN
            self._note(dotted(node.target), kind, node.value)
        elif isinstance(node, ast.Expr):
            self._method(node.value)
            if isinstance(node.value, ast.ListComp):
                self._taken(node.value.elt)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            self._import(node)
        elif isinstance(node, ast.Global | ast.Nonlocal):
            self._scope.shared.update(node.names)
        elif isinstance(node, ast.Delete):
            for target in node.targets:
                self._bind(target, None)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            return self._function(node)
        elif isinstance(node, ast.ClassDef):
            self._note(node.name, UNKNOWN, None)
            scope = self._inner_scope(CLASS)
            scope.of_objects = bool(node.decorator_list or node.bases)
            self._found.classes.setdefault(node.name, []).append(scope)
            return [_Work(child, scope, ()) for child in node.body]
        else:
            return list(self._compound(node))
        return []

    def _compound(self, node: ast.stmt) -> Iterator[_Work]:
        """Statements with blocks: the names that they bind, and their conditional blocks."""
        if isinstance(node, ast.For | ast.AsyncFor):
            self._bind(node.target, None)
        elif isinstance(node, ast.With | ast.AsyncWith):
            for item in node.items:
                if item.optional_vars is not None:
                    self._bind(item.optional_vars, None)
        arms: dict[str, int] = {}
        if isinstance(node, ast.If):
            arms = {"body": 0, "orelse": 1}
        elif isinstance(node, ast.For | ast.AsyncFor | ast.While):
            arms = {"body": LOOP}
        for block in ("body", "orelse", "finalbody"):
            yield from self._block(getattr(node, block, ()), arms.get(block))
        for arm, handler in enumerate(getattr(node, "handlers", ())):
            if handler.name:
                self._note(handler.name, UNKNOWN, None)
            yield from self._block(handler.body, arm)
        for arm, case in enumerate(getattr(node, "cases", ())):
            for pattern in ast.walk(case.pattern):
                name = getattr(pattern, "name", None) or getattr(pattern, "rest", None)
                if name:
                    self._note(name, UNKNOWN, None)
            yield from self._block(case.body, arm)

    def _block(self, body: Iterable[ast.stmt], arm: int | None) -> Iterator[_Work]:
        branches = self._branches if arm is None else (*self._branches, (self._node.lineno, arm))
        for child in body:
            yield _Work(child, self._scope, branches)

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> list[_Work]:
        self._note(node.name, UNKNOWN, None)
        scope = self._inner_scope(FUNCTION)
        given = node.args
        for argument in (*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg):
            if argument is not None:
                scope.note(argument.arg, Event(UNKNOWN, None, self._at, ()))
        return [_Work(child, scope, ()) for child in node.body]

    def _inner_scope(self, kind: str) -> Scope:
        scope = Scope(kind, len(self._found.scopes), self._scope)
        self._found.scopes.append(scope)
        return scope

    def _import(self, node: ast.Import | ast.ImportFrom) -> None:
        module = f"{node.module}." if isinstance(node, ast.ImportFrom) and node.module else ""
        for name in node.names:
            bound = name.asname or name.name.partition(".")[0]
            self._found.aliases[bound] = module + (name.name if name.asname or module else bound)
            self._note(bound, UNKNOWN, None)

    def _bind(self, target: ast.expr, value: ast.expr | None, way: tuple[int, ...] = ()) -> None:
        """Note an assignment; tuples on both sides are assigned element by element."""
        if isinstance(target, ast.Tuple | ast.List):
            starred = any(isinstance(part, ast.Starred) for part in target.elts)
            for number, part in enumerate(target.elts):
                inner = part.value if isinstance(part, ast.Starred) else part
                self._bind(inner, None if starred else value, (*way, number))
            return
        if isinstance(target, ast.Attribute):
            self._found.members.add(target.attr)
        changed = target.value if isinstance(target, ast.Subscript) else target
        kind = UNKNOWN if value is None or changed is not target else ASSIGNED
        self._note(dotted(changed), kind, value, way)

    def _method(self, node: ast.expr) -> None:
        """A call that changes a list: ``cmd.append("--om=1")``."""
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            return
        kind = _METHODS.get(node.func.attr)
        if kind is None:
            return
        index = 1 if kind == INSERTED else 0
        front = index == 0 or (
            len(node.args) > 1 and isinstance(first := node.args[0], ast.Constant) and first.value == 0
        )
        if len(node.args) != index + 1 or node.keywords or not front:
            kind = UNKNOWN
        self._note(dotted(node.func.value), kind, node.args[index] if kind != UNKNOWN else None)

    def _taken(self, node: ast.expr) -> None:
        """A call inside of a statement that changes a list: ``last = cmd.pop()``."""
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _METHODS:
            self._note(dotted(node.func.value), UNKNOWN, None)

    def _note(self, name: str, kind: str, value: ast.expr | None, way: tuple[int, ...] = ()) -> None:
        if name:
            self._scope.note(name, Event(kind, value, self._at, self._branches, way))


_METHODS = {
    "append": APPENDED,
    "extend": ADDED,
    "insert": INSERTED,
    "remove": UNKNOWN,
    "pop": UNKNOWN,
    "clear": UNKNOWN,
    "sort": UNKNOWN,
    "reverse": UNKNOWN,
}


def own_names(node: ast.AST) -> set[str]:
    """The names that a lambda or a comprehension has for itself; none for any other expression."""
    if isinstance(node, ast.Lambda):
        return {part.arg for part in ast.walk(node.args) if isinstance(part, ast.arg)}
    targets = [generator.target for generator in getattr(node, "generators", ())]
    return {part.id for target in targets for part in ast.walk(target) if isinstance(part, ast.Name)}


def dotted(node: ast.expr) -> str:
    """A name, or names with dots between them: ``acl.mdl.create_aipp``; '' for any other expression."""
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    return ".".join(reversed((*names, node.id))) if isinstance(node, ast.Name) else ""


def mentions(node: ast.expr | None, name: str) -> bool:
    """Whether an expression contains a name."""
    return node is not None and any(dotted(part) == name for part in ast.walk(node) if isinstance(part, ast.expr))
