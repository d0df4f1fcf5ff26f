"""A tree of C++: paths to offsets of the text, the context of a node, names as written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from aipplint.readers.acl.sets import Branches

if TYPE_CHECKING:
    from tree_sitter import Node

MAX_NESTING = 300
"""Nodes that lie deeper are ignored: no person nests like that, and looking around costs by the depth."""

_CHOICES = frozenset(("if_statement", "conditional_expression", "lambda_expression", "catch_clause"))
_DIRECTIVES = frozenset(("preproc_if", "preproc_ifdef", "preproc_elif", "preproc_elifdef"))
_ELSE = frozenset(("preproc_else", "preproc_elif", "preproc_elifdef"))
_TYPES = frozenset(
    [f"{sign}int{bits}_t" for sign in ("", "u") for bits in (8, 16, 32, 64)]
    + ["size_t", "int", "long", "short", "unsigned", "float", "double", "aclAippInputFormat"]
)


def paths_to(root: Node, offsets: Sequence[int]) -> Iterator[list[Node]]:
    """For each byte offset (ascending) the nodes from the root to the token that begins there.

    One walk, which skips nodes without any of the offsets. The same list is yielded each time.
    """
    cursor = root.walk()
    path = [root]
    for offset in offsets:
        while True:
            node = path[-1]
            if len(path) > 1 and node.end_byte <= offset:
                if cursor.goto_next_sibling():
                    path[-1] = _current(cursor.node)
                elif path[-2].end_byte > offset:
                    break  # Nothing was made of the text there.
                else:
                    cursor.goto_parent()
                    path.pop()
            elif node.start_byte <= offset and cursor.goto_first_child():
                path.append(_current(cursor.node))
            else:
                break
        if path[-1].start_byte == offset and len(path) < MAX_NESTING:
            yield path


def _current(node: Node | None) -> Node:
    assert node is not None
    return node


def function_of(path: Sequence[Node]) -> int:
    """The start of the function that contains the end of a path; -1 outside of functions."""
    return next((node.start_byte for node in reversed(path) if node.type == "function_definition"), -1)


def branches_of(path: Sequence[Node]) -> Branches:
    """The conditions of a path. A condition does not apply to itself."""
    found: list[tuple[int, int]] = []
    for node, child in pairwise(path):
        if node.type in _CHOICES:
            condition = node.child_by_field_name("condition")
            if condition is None or child.start_byte != condition.start_byte:
                found.append((node.start_byte, child.start_byte))
        elif node.type in _DIRECTIVES:
            found.append((node.start_byte, child.start_byte if child.type in _ELSE else 0))
        elif node.type == "case_statement":
            found.append((node.start_byte, 0))
    return tuple(found)


def text_of(node: Node) -> str:
    """The text of a node."""
    return (node.text or b"").decode("utf-8", "replace")


def values_of(node: Node | None) -> list[Node]:
    """The expressions in a list of arguments or initialisers."""
    return [] if node is None else [child for child in node.named_children if child.type != "comment"]


def name_of(node: Node) -> str:
    """The name that an expression is: of a variable, a member, a getter (``config->GetWidth()``); '' for any other."""
    node = cast_of(node)[1]
    if node.type == "call_expression" and not values_of(node.child_by_field_name("arguments")):
        node = node.child_by_field_name("function") or node
    if node.type == "field_expression":
        node = node.child_by_field_name("field") or node
    return text_of(last_name(node)) if last_name(node).type in ("identifier", "field_identifier") else ""


def last_name(node: Node) -> Node:
    """The name after the last ``::``."""
    for _ in range(MAX_NESTING):
        inner = node.child_by_field_name("name") if node.type == "qualified_identifier" else None
        if inner is None:
            break
        node = inner
    return node


def cast_of(node: Node) -> tuple[str, Node]:
    """The type of the outermost cast ('' for none), and the expression without casts and parentheses."""
    outermost = ""
    for _ in range(MAX_NESTING):
        inner: Node | None = None
        kind = ""
        if node.type == "parenthesized_expression" and node.named_child_count == 1:
            inner = node.named_child(0)
        elif node.type == "cast_expression":
            inner, named = node.child_by_field_name("value"), node.child_by_field_name("type")
            kind = "" if named is None else text_of(named)
        elif node.type in ("call_expression", "compound_literal_expression") and is_cast(node):
            inner = values_of(node.child_by_field_name("arguments") or node.child_by_field_name("value"))[0]
            named = node.child_by_field_name("function") or node.child_by_field_name("type")
            kind = "" if named is None else text_of(named).removeprefix("static_cast<").removesuffix(">")
        if inner is None:
            break
        outermost, node = outermost or kind, inner
    return outermost, node


def is_cast(node: Node) -> bool:
    """Whether a call only converts one number: ``static_cast<int>(x)``, ``int32_t(x)``, ``int{x}``."""
    function = node.child_by_field_name("function") or node.child_by_field_name("type")
    values = node.child_by_field_name("arguments") or node.child_by_field_name("value")
    if function is None or len(values_of(values)) != 1:
        return False
    name = text_of(function)
    if function.type == "template_function":
        return name.startswith("static_cast")
    return function.type == "primitive_type" or name.removeprefix("std::") in _TYPES
