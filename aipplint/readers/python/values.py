"""The values of Python expressions that one file determines: numbers, texts, lists of them."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import Final

from aipplint.findings import Place
from aipplint.readers.acl.sets import Branches
from aipplint.readers.excerpt import Excerpt
from aipplint.readers.numbers import MAX_NUMBER, calculated
from aipplint.readers.python.dataflow import either, folded
from aipplint.readers.python.formats import braces, percent, replaced
from aipplint.readers.python.items import (
    MAX_ITEMS,
    Item,
    Items,
    Value,
    Where,
    as_text,
    element,
    total,
    unknown_items,
)
from aipplint.readers.python.literals import FormatField, literal_parts
from aipplint.readers.python.names import (
    ADDED,
    APPENDED,
    ASSIGNED,
    CLASS,
    UNKNOWN,
    Event,
    Outline,
    Scope,
    dotted,
)
from aipplint.readers.python.paths import absolute, in_folder, parent
from aipplint.readers.python.text import Text, filled, hole, together
from aipplint.readers.traced import of_excerpt, split_at_spaces
from aipplint.source import Source, Span

_MAX_DEPTH = 24
"""Most names and operators inside each other."""
_END = (1 << 31, 0)
_SIGNS: dict[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
}


class PythonValues:
    """The values of the expressions in a file."""

    def __init__(
        self, source: Source, path: str, found: Outline, place_of: Callable[[ast.AST], Place], rebound: set[str]
    ) -> None:
        """``path`` is that of the file; if it is absolute, it is ``__file__``.

        ``rebound`` are names that are assigned inside of expressions (``:=``), which is not supported.
        """
        self._source: Final = source
        self._path: Final = path if path.startswith("/") else ""
        self.place_of: Final = place_of
        self._found: Final = found
        self._rebound: Final = rebound
        self._settled: dict[tuple[str, int, int, Branches], Value | None] = {}

    def of(self, node: ast.expr, where: Where, depth: int = 0) -> Value | None:
        """The value of an expression; None if it is unknown."""
        if depth > _MAX_DEPTH:
            return None
        if isinstance(node, ast.Constant):
            return self._constant(node)
        if isinstance(node, ast.JoinedStr):
            return self._f_string(node, where, depth)
        if isinstance(node, ast.Name):
            if node.id == "__file__":
                return filled(self._path, self.place_of(node)) if self._path else None
            return self._name(node.id, where, depth)
        if isinstance(node, ast.Attribute):
            return self._attribute(node, where, depth)
        if isinstance(node, ast.List | ast.Tuple):
            return self._list(node, where, depth)
        if isinstance(node, ast.UnaryOp):
            value = self.of(node.operand, where, depth + 1)
            signs = {ast.USub: -1, ast.UAdd: 1}
            sign = signs.get(type(node.op))
            return sign * value if sign and isinstance(value, int | float) else None
        if isinstance(node, ast.BinOp):
            return self._operation(node, where, depth)
        if isinstance(node, ast.Subscript):
            return self._subscript(node, where, depth)
        if isinstance(node, ast.IfExp):
            return either(self, node, where, depth + 1)
        return self._call(node, where, depth) if isinstance(node, ast.Call) else None

    def text(self, node: ast.expr, where: Where, depth: int = 0, use: Place | None = None) -> Text:
        """The value of an expression as a string; a hole if it is unknown. ``use`` is where it is inserted."""
        return as_text(self.of(node, where, depth), use or self.place_of(node))

    def events(self, name: str, where: Where) -> tuple[Scope, list[Event]] | None:
        """The scope that a name belongs to, and what happens to it there."""
        scope: Scope | None = where.scope
        if name.partition(".")[0] in self._rebound:
            return None
        while scope is not None:
            if name in scope.shared:
                scope = self._found.module
            events = scope.events.get(name)
            if events and (scope.kind != CLASS or scope is where.scope):
                return scope, events
            scope = scope.outer
        return None

    def apply(self, value: Value | None, event: Event, where: Where, name: str, depth: int) -> Value | None:
        """The value after an event."""
        if event.kind == UNKNOWN or event.value is None:
            return None
        if event.kind == ASSIGNED:
            fixed = {**where.fixed, name: value}
            there = where._replace(at=event.at, fixed=fixed, branches=event.branches)
            assigned = self.of(event.value, there, depth + 1)
            for index in event.way:
                assigned = element(assigned, index)
            return assigned
        added = self.of(event.value, where._replace(at=event.at, branches=event.branches), depth + 1)
        if event.kind == ADDED:
            use = self.place_of(event.value)
            return total([Item(value, use), Item(added, use)])
        if not isinstance(value, Items) or len(value.items) > MAX_ITEMS:
            return None
        item = Item(added, self.place_of(event.value))
        return Items((*value.items, item) if event.kind == APPENDED else (item, *value.items))

    def _constant(self, node: ast.Constant) -> Value | None:
        if isinstance(node.value, str):
            use = self.place_of(node)
            letters = [part for part in literal_parts(*use) or () if isinstance(part, Excerpt)]
            if "".join(part.text for part in letters) == node.value:
                return Text(tuple(segment for part in letters for segment in of_excerpt(part)))
            return filled(node.value, use)
        return node.value if isinstance(node.value, int | float) and abs(node.value) <= MAX_NUMBER else None

    def _f_string(self, node: ast.JoinedStr, where: Where, depth: int) -> Text:
        use = self.place_of(node)
        parts = literal_parts(*use)
        expressions = [part.value for part in node.values if isinstance(part, ast.FormattedValue)]
        if parts is None or sum(isinstance(part, FormatField) for part in parts) != len(expressions):
            return hole(use)
        texts: list[Text] = []
        for part in parts:
            if isinstance(part, Excerpt):
                texts.append(Text(of_excerpt(part)))
                continue
            inner, field = expressions.pop(0), Place(self._source, part.span)
            texts.append(self.text(inner, where, depth + 1, field) if part.plain else hole(field))
        return together(texts)

    def _name(self, name: str, where: Where, depth: int) -> Value | None:
        if name in where.fixed:
            return where.fixed[name]
        found = self.events(name, where)
        if found is None:
            return None
        scope, events = found
        if scope is not where.scope and scope.kind != CLASS:
            where = Where(scope, _END)  # A function runs when all of the module has run.
        return self._folded(name, scope, events, where, depth)

    def _folded(self, name: str, scope: Scope, events: Sequence[Event], where: Where, depth: int) -> Value | None:
        """The value of a name after all its changes in its scope before its use."""
        key = name, scope.number, sum(event.at < where.at for event in events[: MAX_ITEMS + 1]), where.branches
        if key not in self._settled:
            self._settled[key] = None  # A name that is made of itself is not known.
            here = Where(scope, where.at, branches=where.branches)
            self._settled[key] = folded(self, name, events, here, depth)
        return self._settled[key]

    def _attribute(self, node: ast.Attribute, where: Where, depth: int) -> Value | None:
        """A constant of a class (``Config.WIDTH``, ``self.WIDTH``), or an attribute that this function sets."""
        if node.attr == "parent":
            return self._parent(node.value, 1, node, where, depth)
        owner = dotted(node.value)
        name = f"{owner}.{node.attr}"
        if name == "sys.executable":
            return filled("python3", self.place_of(node))
        if owner and name in where.fixed:
            return where.fixed[name]
        if owner and (events := where.scope.events.get(name)):
            replaced = self._found_anew(owner.partition(".")[0], events[0], where)
            return None if replaced else self._folded(name, where.scope, events, where, depth)
        scopes = self._found.classes.get(owner, [])
        if owner in ("self", "cls") and where.scope.outer is not None and where.scope.outer.kind == CLASS:
            # An object may be of any class that goes on from this one.
            scopes = [scope for scope in self._found.scopes if scope.kind == CLASS and node.attr in scope.events]
        if len(scopes) != 1 or node.attr not in scopes[0].events or node.attr in self._found.members:
            return None
        return self._name(node.attr, Where(scopes[0], _END), depth + 1)

    @staticmethod
    def _found_anew(owner: str, first: Event, where: Where) -> bool:
        """Whether a name refers to another object than the one whose attribute was set."""
        return any(first.at <= event.at < where.at for event in where.scope.events.get(owner, ())[: MAX_ITEMS + 1])

    def _subscript(self, node: ast.Subscript, where: Where, depth: int) -> Value | None:
        """An element of a list, or a folder around a path (``path.parents[1]``)."""
        index = self.of(node.slice, where, depth + 1)
        if not isinstance(index, int):
            return None
        if isinstance(node.value, ast.Attribute) and node.value.attr == "parents":
            return self._parent(node.value.value, index + 1, node, where, depth)
        return element(self.of(node.value, where, depth + 1), index)

    def _parent(self, path: ast.expr, steps: int, node: ast.expr, where: Where, depth: int) -> Text | None:
        """The folder around a path, or some steps further up."""
        value = self.of(path, where, depth + 1)
        return parent(value, steps, self.place_of(node)) if isinstance(value, Text) else None

    def _list(self, node: ast.List | ast.Tuple, where: Where, depth: int) -> Items | None:
        items: list[Item] = []
        for part in node.elts[: MAX_ITEMS + 1]:
            if isinstance(part, ast.Starred):
                inner = self.of(part.value, where, depth + 1)
                items += inner.items if isinstance(inner, Items) else (unknown_items(self.place_of(part)),)
            else:
                items.append(Item(self.of(part, where, depth + 1), self.place_of(part)))
        return Items(tuple(items)) if len(items) <= MAX_ITEMS else None

    def _operation(self, node: ast.BinOp, where: Where, depth: int) -> Value | None:
        operands = [node.right]
        left = node.left
        if isinstance(node.op, ast.Add):
            # A long sum leans to the left; it is no deeper for that.
            while isinstance(left, ast.BinOp) and isinstance(left.op, ast.Add):
                operands.append(left.right)
                left = left.left
        first = Item(self.of(left, where, depth + 1), self.place_of(left))
        if isinstance(node.op, ast.Mod) and isinstance(first.value, Text):
            return percent(self, first.value, node.right, where, depth)
        rest = [Item(self.of(right, where, depth + 1), self.place_of(right)) for right in reversed(operands)]
        if isinstance(node.op, ast.Add):
            return total([first, *rest])
        if isinstance(node.op, ast.Div) and any(isinstance(item.value, Text) for item in (first, *rest)):
            texts = [as_text(item.value, item.use) for item in (first, *rest)]
            return in_folder(texts, self.place_of(node))
        return calculated(_SIGNS.get(type(node.op), ""), first.value, rest[0].value)

    def _call(self, node: ast.Call, where: Where, depth: int) -> Value | None:
        """Calls that make texts, and those that only convert."""
        use, function = self.place_of(node), node.func
        name = dotted(function)
        if name.endswith(_JOINS):
            return in_folder([self.text(argument, where, depth + 1) for argument in node.args], use)
        if name.endswith("path.dirname") and len(node.args) == 1:
            return self._parent(node.args[0], 1, node, where, depth)
        if name.endswith(_ABSOLUTE) and len(node.args) == 1:
            value = self.of(node.args[0], where, depth + 1)
            return absolute(value) if isinstance(value, Text) else None
        if len(node.args) == 1 and not node.keywords and name in _CONVERSIONS:
            value = self.of(node.args[0], where, depth + 1)
            if name in ("int", "float"):
                return (int if name == "int" else float)(value) if isinstance(value, int | float) else None
            return value if isinstance(value, Items) else as_text(value, use)
        if not isinstance(function, ast.Attribute):
            return None
        if function.attr == "join" and len(node.args) == 1:
            return self._joined(function.value, node.args[0], where, depth)
        if function.attr not in _METHODS:
            return None
        text = self.of(function.value, where, depth + 1)
        if not isinstance(text, Text):
            return None
        if function.attr == "format":
            return braces(self, text, node, where, depth)
        if function.attr == "replace":
            return replaced(self, text, node, where, depth)
        if node.keywords or any(
            not (isinstance(argument, ast.Constant) and argument.value == " ") for argument in node.args
        ):
            return None
        if function.attr in ("resolve", "absolute"):
            return absolute(text)
        if function.attr == "split":
            return Items(tuple(Item(Text(word), word[0].place) for word in split_at_spaces(text.segments)))
        return text

    def _joined(self, separator: ast.expr, argument: ast.expr, where: Where, depth: int) -> Text | None:
        """``" ".join(words)``."""
        glue, items = self.of(separator, where, depth + 1), self.of(argument, where, depth + 1)
        if not isinstance(glue, Text) or glue.known is None or not isinstance(items, Items):
            return None
        texts: list[Text] = []
        for item in items.items:
            texts += [filled(glue.known, _start_of(item.use))] if texts else []
            texts.append(item.value if isinstance(item.value, Text) else as_text(item.value, item.use))
        return together(texts)


def _start_of(place: Place) -> Place:
    source, (start, _) = place
    return Place(source, Span(start, start))


_CONVERSIONS = frozenset(
    "int float str list tuple Path pathlib.Path PurePath shlex.quote os.fspath dedent textwrap.dedent".split()
)
"""Calls that return their argument, as far as it matters here: spaces at the start of lines are ignored."""

_TRIMS = ("strip", "lstrip", "rstrip", "as_posix", "encode")
"""Methods that change nothing that matters."""

_JOINS = ("path.join", "osp.join")
_METHODS = frozenset(("format", "join", "replace", "split", "resolve", "absolute", *_TRIMS))
_ABSOLUTE = ("path.abspath", "path.realpath")


def makes_text(node: ast.Call) -> bool:
    """Whether a call may make a text or a list that can be known."""
    name = dotted(node.func)
    return name in _CONVERSIONS or name.endswith(_JOINS) or getattr(node.func, "attr", "") in _METHODS
