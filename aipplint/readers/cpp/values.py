"""Evaluation of C++ expressions within one file: numbers, and names of numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from aipplint.readers.acl.calls import FORMATS, Value
from aipplint.readers.cpp.bindings import Binding, argument_of, bases_of, binding_at, declared_at, escapes, only_reads
from aipplint.readers.cpp.numbers import converted, number
from aipplint.readers.cpp.tree import cast_of, function_of, last_name, paths_to, text_of
from aipplint.readers.grammars import Parsed, parse
from aipplint.readers.numbers import calculated

if TYPE_CHECKING:
    from tree_sitter import Node

_NAME = re.compile(rb"[A-Za-z_]\w*")
_MAX_DEPTH = 20
"""Most names and operators inside each other."""
_MAX_BINDINGS = 2000
"""Maximum number of values of one name."""
_MAX_WAVES = 4
"""Maximum depth of references between constants: ``A = B + 1`` where ``B = C``."""


class CppValues:
    """The names in a file and their values."""

    def __init__(self, parsed: Parsed, data: bytes, *, by_value: bool) -> None:
        """``data`` is the text in UTF-8; ``by_value`` means that functions cannot change their arguments: C."""
        self._root = parsed.root
        self._data = data
        self._by_value = by_value
        self._places: dict[str, list[int]] | None = None
        self._bindings: dict[str, dict[int, list[Binding]]] = {}
        self._calls: dict[tuple[str, int], set[str]] = {}
        self._real: set[tuple[str, int]] = set()
        """Names that are declared as float or double, each with its scope."""
        self._local: set[tuple[str, int]] = set()
        """Names that are declared in a function, each with that function."""
        self._away: set[tuple[str, int]] = set()
        """Names whose objects escape to other code, each with the function in which they do."""
        self._loose: set[str] = set()
        """Macros that are a sum or the like without parentheses: beside an operator they mean something else."""
        self._enumerations: dict[int, dict[int, tuple[Node | None, int]]] = {}
        self._settled: dict[tuple[str, int], tuple[Value | None, int]] = {}

    def look_up(self, names: Iterable[str]) -> None:
        """Find what gives a value to names, and to the names in those values: to be called before ``of``."""
        wanted = set(names)
        for _ in range(_MAX_WAVES):
            wanted -= self._bindings.keys()
            if not wanted:
                return
            wanted = self._collect(wanted)

    def of(self, node: Node, function: int, depth: int = 0) -> Value | None:
        """The value of an expression in a function; None if it is unknown.

        ``depth`` is 0 for a complete expression.
        """
        type_name, node = cast_of(node)
        if depth > _MAX_DEPTH or node.has_error:
            return None
        return converted(self._of_bare(node, function, depth), type_name)

    def _of_bare(self, node: Node, function: int, depth: int) -> Value | None:
        kind = node.type
        if kind == "number_literal":
            return number(text_of(node))
        if kind in ("true", "false"):
            return kind == "true"
        if kind in ("identifier", "qualified_identifier", "field_identifier"):
            return self._of_name(text_of(last_name(node)), function, node.start_byte, depth)
        if kind == "field_expression":
            owner = node.child_by_field_name("argument")
            field = node.child_by_field_name("field")
            of_this = owner is not None and owner.type == "this" and field is not None
            return self._of_name(text_of(field), -1, node.start_byte, depth) if of_this and field else None
        operator = node.child_by_field_name("operator")
        if operator is None or kind not in ("unary_expression", "binary_expression"):
            return None
        names = ("argument",) if kind == "unary_expression" else ("left", "right")
        operands = [node.child_by_field_name(name) for name in names]
        values = [None if operand is None else self.of(operand, function, depth + 1) for operand in operands]
        sign = text_of(operator)
        if len(values) == 1:
            return calculated(sign, 0, values[0], of_c=True) if sign in ("-", "+") else None
        return calculated(sign, *values, of_c=True)

    def passed_to(self, name: str, function: int) -> set[str]:
        """The functions that a name is handed to in a function, by their names as they are written."""
        return self._calls.get((name, function), set())

    def is_local(self, name: str, function: int) -> bool:
        """Whether a name is declared in a function."""
        return (name, function) in self._local

    def escapes(self, name: str, function: int) -> bool:
        """Whether the object in a name of a function escapes to other code."""
        return (name, function) in self._away

    def _of_name(self, name: str, function: int, at: int, depth: int) -> Value | None:
        if name.removeprefix("ACL_") in FORMATS:
            return name
        bindings = self._bindings.get(name, {})
        scope = function if function in bindings else -1
        if (name, scope) not in self._settled:
            # A name that is made of itself is not known.
            self._settled[(name, scope)] = None, 0
            self._settled[(name, scope)] = self._settle(name, scope, bindings.get(scope, []), depth)
        value, last = self._settled[(name, scope)]
        usable = scope < 0 or last < at
        return value if usable and (depth == 0 or name not in self._loose) else None

    def _settle(self, name: str, scope: int, bindings: Sequence[Binding], depth: int) -> tuple[Value | None, int]:
        """The only value of a name in a scope, and where it is assigned."""
        fixed = [binding.fixed for binding in bindings]
        if not all(fixed) and scope < 0:
            return None, 0
        if not (any(fixed) or self._by_value) and not all(map(only_reads, self.passed_to(name, scope))):
            return None, 0
        kind = "float" if (name, scope) in self._real else ""
        values = {converted(self._of_binding(name, binding, depth), kind) for binding in bindings[:_MAX_BINDINGS]}
        last = max((binding.at for binding in bindings), default=0)
        return (values.pop() if len(values) == 1 and len(bindings) <= _MAX_BINDINGS else None), last

    def _of_binding(self, name: str, binding: Binding, depth: int) -> Value | None:
        value = binding.value
        if value is None or isinstance(value, str):
            return self._of_macro(name, value, depth) if value else None
        if value.type == "enumerator":
            return self._of_enumerator(value, depth)
        return self.of(value, binding.function, depth + 1)

    def _of_macro(self, name: str, text: str, depth: int) -> Value | None:
        declarations = parse("cpp", f"auto value = {text};").root.named_children
        declarator = declarations[0].child_by_field_name("declarator") if len(declarations) == 1 else None
        value = None if declarator is None else declarator.child_by_field_name("value")
        if value is not None and value.type == "binary_expression":
            self._loose.add(name)
        return None if value is None else self.of(value, -1, depth + 1)

    def _of_enumerator(self, node: Node, depth: int) -> Value | None:
        """Its own value, or that of the last one before it that has one, and as many more."""
        value, steps = self._base(node)
        if steps is None:
            return None
        first = 0 if value is None else self.of(value, -1, depth + 1)
        return first + steps if isinstance(first, int) else None

    def _base(self, node: Node) -> tuple[Node | None, int | None]:
        """The value from which an enumerator is counted (None: 0), and the distance; None if it is unknown."""
        enumeration = node.parent
        if enumeration is None:
            return None, None
        if enumeration.start_byte not in self._enumerations:
            self._enumerations[enumeration.start_byte] = bases_of(enumeration)
        return self._enumerations[enumeration.start_byte].get(node.start_byte, (None, None))

    def _collect(self, wanted: set[str]) -> set[str]:
        """Note all that happens to names; the names that this leads to."""
        if self._places is None:
            self._places = {}
            for match in _NAME.finditer(self._data):
                self._places.setdefault(match.group().decode(), []).append(match.start())
        places = self._places
        offsets = sorted(offset for name in wanted for offset in places.get(name, ()))
        for name in wanted:
            self._bindings[name] = {}
        more: set[str] = set()
        for path in paths_to(self._root, offsets):
            name = text_of(path[-1])
            if name not in wanted:
                continue
            call = argument_of(path)
            if call is not None:
                self._calls.setdefault((name, function_of(path)), set()).add(call)
            if escapes(path):
                self._away.add((name, function_of(path)))
            declared = declared_at(path)
            if declared is not None:
                self._bindings[name].setdefault(declared.function, [])
                self._real.update({(name, declared.function)} if declared.real else ())
                self._local.update({(name, declared.function)} if declared.function >= 0 else ())
            binding = binding_at(path)
            if binding is not None:
                self._bindings[name].setdefault(binding.function, []).append(binding)
                value = binding.value
                if value is not None and not isinstance(value, str) and value.type == "enumerator":
                    value = self._base(value)[0]
                more.update(names_in(value))
        return more


def names_in(value: Node | str | None) -> Iterator[str]:
    """The names in an expression that is small enough to be known."""
    if isinstance(value, str):
        yield from (match.group().decode() for match in _NAME.finditer(value[:200].encode("utf-8", "replace")))
        return
    if value is not None and value.end_byte - value.start_byte < 200:
        yield from names_in(text_of(value))
