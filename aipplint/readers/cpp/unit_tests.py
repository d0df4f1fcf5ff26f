"""Unit tests of googletest: their calls are tests of the interface, and not settings of an application.

A call inside of a macro (``EXPECT_EQ(aclmdlSetAIPPCropParams(...), ACL_SUCCESS)``) is a test in any case; one whose
result is checked in the next statement is a test only if it is expected to fail.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from aipplint.readers.cpp.tree import text_of

if TYPE_CHECKING:
    from tree_sitter import Node

_MACRO = re.compile(r"(?:EXPECT|ASSERT)_[A-Z]\w*")
_SUCCESS = r"(?:ACL_SUCCESS|ACL_ERROR_NONE|0)"
_CHECK = re.compile(r"(?:EXPECT|ASSERT)_(?P<kind>NE|EQ|TRUE|FALSE)\((?P<inner>[^()]*)\)")
_STEPS = 8
"""Most nodes between a call and its statement, and most comments after that."""


def in_test_macro(path: Sequence[Node]) -> bool:
    """Whether the node at the end of a path is an argument of a macro of googletest."""
    for node in path:
        function = node.child_by_field_name("function") if node.type == "call_expression" else None
        if function is not None and function.type == "identifier" and _MACRO.fullmatch(text_of(function)):
            return True
    return False


def is_meant_to_fail(path: Sequence[Node]) -> bool:
    """Whether the statement after a call, which is the end of the path, expects that its result is an error."""
    for index in range(len(path) - 2, max(len(path) - 2 - _STEPS, 0), -1):
        node = path[index]
        if node.type in ("init_declarator", "assignment_expression"):
            target = node.child_by_field_name("declarator" if node.type == "init_declarator" else "left")
            return target is not None and _expects_error(text_of(target), path[index - 1])
        if node.type.endswith("_statement"):
            return False
    return False


def _expects_error(name: str, statement: Node) -> bool:
    following = statement.next_named_sibling
    for _ in range(_STEPS):
        if following is None or following.type != "comment":
            break
        following = following.next_named_sibling
    if following is None or following.end_byte - following.start_byte > 200:
        return False
    check = _CHECK.match("".join(text_of(following).split()))
    if check is None:
        return False
    kind, inner, result = check["kind"], check["inner"], re.escape(name)
    if kind == "NE":
        return bool(re.fullmatch(rf"{result},{_SUCCESS}|{_SUCCESS},{result}", inner))
    if kind == "EQ":
        sides = re.fullmatch(rf"{result},(?P<right>.*)|(?P<left>.*),{result}", inner)
        return sides is not None and _is_error(sides["right"] or sides["left"] or "")
    sign = "!=" if kind == "TRUE" else "=="
    return bool(re.fullmatch(rf"{result}{sign}{_SUCCESS}|{_SUCCESS}{sign}{result}", inner))


def _is_error(value: str) -> bool:
    return not re.fullmatch(_SUCCESS, value) and bool(re.match(r"ACL_ERROR_|[1-9-]", value))
