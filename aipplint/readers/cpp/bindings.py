"""What gives a value to a name of C++: declarations, macros, enumerators, assignments."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from aipplint.readers.cpp.numbers import REAL
from aipplint.readers.cpp.tree import function_of, is_cast, last_name, text_of, values_of
from aipplint.records import NamedTuple

if TYPE_CHECKING:
    from tree_sitter import Node

_BY_VALUE = re.compile(
    r"(acl\w+|\w*printf|(std::)?(min|max|to_string)|[A-Z\d_]*(LOG|PRINT|CHECK|INFO|ERROR|WARN|DEBUG)[A-Z\d_]*)$"
)
"""Functions and macros that only read an argument. Any other may modify it by reference."""
_UNDEFINED = re.compile(r"!\s*defined\s*\(?\s*(\w+)\s*\)?\s*")


class Binding(NamedTuple):
    """An assignment of a value to a name.

    ``value`` is None if it is unknown. ``function`` is as in function_of; ``fixed`` means const, constexpr, a macro or
    an enumerator.
    """

    function: int
    at: int
    value: Node | str | None
    fixed: bool


class Declaration(NamedTuple):
    """A declaration of a name: in which function (as in function_of), and whether of a type with a fraction."""

    function: int
    real: bool


def declared_at(path: Sequence[Node]) -> Declaration | None:
    """The declaration of the name at the end of a path; None if this is no declaration."""
    index = len(path) - 2
    while index > 0 and path[index].type in _DECLARATORS:
        index -= 1
    if path[index].type == "init_declarator" and _is(path[index], "declarator", path[index + 1]):
        index -= 1
    elif path[index].type not in ("declaration", "field_declaration") or path[index + 1].type == "init_declarator":
        return None
    kind = path[index].child_by_field_name("type")
    in_class = path[index].type == "field_declaration"
    return Declaration(-1 if in_class else function_of(path), kind is not None and text_of(kind) in REAL)


_DECLARATORS = ("pointer_declarator", "reference_declarator", "array_declarator")


def escapes(path: Sequence[Node]) -> bool:
    """Whether the object in the name at the end of a path escapes to other code.

    It escapes if it is passed to a function that may modify it, returned, or assigned to another name. It does not if
    it is only compared, tested (``!set``), assigned, or used through its ``.get()``.
    """
    index = len(path) - 2
    while index > 0 and path[index].type in _ALIASES:
        index -= 1
        if path[index].type == "call_expression" and _is(path[index], "function", path[index + 1]):
            index -= 1  # set.get()
    parent, child = path[index], path[index + 1]
    if parent.type == "argument_list":
        call = path[index - 1]
        if call.type == "init_declarator":
            return True
        function = call.child_by_field_name("function")
        return function is None or not only_reads(text_of(function))
    if parent.type == "assignment_expression":
        return _is(parent, "right", child)
    if parent.type == "init_declarator":
        return _is(parent, "value", child)
    if parent.type == "parameter_declaration":  # Guard guard(set); the grammar takes it for a type.
        return _is(parent, "type", child)
    return parent.type in _GIVING


_ALIASES = frozenset(
    (
        "pointer_expression",
        "field_expression",
        "subscript_expression",
        "parenthesized_expression",
        "cast_expression",
        "conditional_expression",
    )
)
"""Expressions whose value is one of their parts."""
_GIVING = frozenset(("return_statement", "initializer_list", "initializer_pair", "co_return_statement"))


def argument_of(path: Sequence[Node]) -> str | None:
    """The function that receives the name at the end of a path as an argument; None if there is none."""
    if len(path) < 3 or path[-2].type != "argument_list" or path[-3].type != "call_expression":
        return None
    function = path[-3].child_by_field_name("function")
    return None if function is None or is_cast(path[-3]) else text_of(function)


def only_reads(call: str) -> bool:
    """Whether a function only reads its arguments."""
    return _BY_VALUE.match(call) is not None


def binding_at(path: Sequence[Node]) -> Binding | None:
    """What happens to the name at the end of a path: a value, an unknown one, or nothing (it is only read)."""
    name, index = path[-1], len(path) - 2
    while index > 0 and path[index].type == "qualified_identifier" and last_name(path[index]) == name:
        index -= 1
    parent, child, function = path[index], path[index + 1], function_of(path)
    value: Node | str | None = None
    if parent.type in ("preproc_def", "enumerator") and _is(parent, "name", child):
        value = parent if parent.type == "enumerator" else _macro(path, parent, name)
        return Binding(-1, name.start_byte, value, fixed=True)
    if parent.type == "init_declarator" and _is(parent, "declarator", child):
        value = _initial(parent.child_by_field_name("value"))
        return Binding(function, name.start_byte, value, fixed=_is_fixed(path[index - 1]))
    if parent.type == "field_declaration" and _is(parent, "declarator", child):
        value, fixed = _initial(parent.child_by_field_name("default_value")), _is_fixed(parent)
        outside = value is None and fixed  # Its value stands outside of the class.
        return None if outside else Binding(-1, name.start_byte, value, fixed)
    if parent.type == "assignment_expression" and _is(parent, "left", child):
        value = parent.child_by_field_name("right") if _operator(parent) == "=" else None
        return Binding(function, name.start_byte, value, fixed=False)
    return Binding(function, name.start_byte, None, fixed=False) if _is_changed(parent, child, function) else None


def _macro(path: Sequence[Node], definition: Node, name: Node) -> str:
    """The text of a macro; '' if there is none, or if the compiler's command line may replace it."""
    value = definition.child_by_field_name("value")
    guarded = any(_guards(node, name) for node in path[-8:])
    return "" if guarded or value is None else text_of(value)


def _is_changed(parent: Node, child: Node, function: int) -> bool:
    """Whether a name may have an unknown value."""
    if parent.type == "binary_expression":  # std::cin >> width
        return _operator(parent) == ">>" and _is(parent, "right", child)
    if parent.type == "pointer_expression":
        return _operator(parent) == "&"
    if parent.type == "init_declarator":  # int &other = width
        declarator = parent.child_by_field_name("declarator")
        return declarator is not None and declarator.type == "reference_declarator"
    return parent.type in _CHANGES and (parent.type not in _PARAMETERS or function >= 0)


_PARAMETERS = ("parameter_declaration", "optional_parameter_declaration")
_CHANGES = frozenset(
    (
        *_PARAMETERS,
        "update_expression",
        "for_range_loop",
        "structured_binding_declarator",
        "preproc_function_def",
        "preproc_call",
        "reference_declarator",
        "array_declarator",
        "pointer_declarator",
    )
)
"""What gives a name a value that is unknown. The parameters of a function that is only declared are no names."""


def _operator(node: Node) -> str:
    operator = node.child_by_field_name("operator")
    return "" if operator is None else text_of(operator)


def _is(parent: Node, field: str, child: Node) -> bool:
    return parent.child_by_field_name(field) == child


def _guards(node: Node, name: Node) -> bool:
    """Whether this is ``#ifndef NAME``: then the compiler's command line may say another value."""
    if node.type == "preproc_if":
        condition = node.child_by_field_name("condition")
        asked = _UNDEFINED.fullmatch(text_of(condition)) if condition is not None else None
        return asked is not None and asked[1] == text_of(name)
    guarded = node.child_by_field_name("name") if node.type == "preproc_ifdef" else None
    return guarded is not None and text_of(guarded) == text_of(name)


def _initial(value: Node | None) -> Node | None:
    """The expression in ``= x``, ``(x)`` and ``{x}``."""
    if value is not None and value.type in ("argument_list", "initializer_list"):
        values = values_of(value)
        return values[0] if len(values) == 1 else None
    return value


def _is_fixed(declaration: Node) -> bool:
    """Whether a declaration is const or constexpr."""
    qualifiers = (text_of(child) for child in declaration.children if child.type == "type_qualifier")
    return any(word in ("const", "constexpr") for word in qualifiers)


def bases_of(enumeration: Node) -> dict[int, tuple[Node | None, int]]:
    """For the enumerators of an enumeration, by their start: the value from which they are counted, and the steps.

    After a directive (``#if``) they are unknown.
    """
    found: dict[int, tuple[Node | None, int]] = {}
    value, steps = None, 0
    for child in enumeration.named_children:
        if child.type.startswith("preproc"):
            break
        if child.type == "enumerator":
            own = child.child_by_field_name("value")
            value, steps = (own, 0) if own is not None else (value, steps)
            found[child.start_byte] = value, steps
            steps += 1
    return found
