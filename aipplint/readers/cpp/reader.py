"""C and C++: the calls that set dynamic AIPP, with the values that can be known from the file."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from aipplint.findings import Place
from aipplint.readers.acl.calls import BY_NAME, CREATE, SET, AclCall
from aipplint.readers.acl.sets import Argument, Branches, Site, settings_of_sites
from aipplint.readers.cpp.tree import branches_of, function_of, name_of, paths_to, text_of, values_of
from aipplint.readers.cpp.unit_tests import in_test_macro, is_meant_to_fail
from aipplint.readers.cpp.values import CppValues, names_in
from aipplint.readers.extract import NOTHING, Extract
from aipplint.readers.grammars import Parsed, parse
from aipplint.records import NamedTuple
from aipplint.source import Source

if TYPE_CHECKING:
    from tree_sitter import Node

_CALL = re.compile(rb"\b(?:%b)\b" % "|".join(BY_NAME).encode())
_MAX_CALLS, _MAX_NAMES = 1_000, 4_000
"""Maximum number of calls that are read in one file, and of their names in a file that is read."""


class _Call(NamedTuple):
    """A call of the ACL in the tree. ``owner`` is the text of the expression for the aipp set."""

    call: AclCall
    name: Node
    arguments: tuple[Node, ...]
    owner: str
    function: int
    branches: Branches
    tested: bool
    """Whether it is a unit test of the call itself: it sets nothing, but the set may be anything then."""


def read_cpp(source: Source) -> Extract:
    """Read the run-time settings in a C or C++ file. Declarations, comments and bodies of macros are not calls."""
    try:
        data = source.text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # no file decodes to this
        return NOTHING
    offsets = [match.start() for match in _CALL.finditer(data)]
    if not 0 < len(offsets) <= _MAX_NAMES:
        return NOTHING
    del offsets[_MAX_CALLS:]
    parsed = parse("cpp", source.text)
    calls = [call for path in paths_to(parsed.root, offsets) if (call := _call_at(path)) is not None]
    if not calls:
        return NOTHING
    values = CppValues(parsed, data, by_value=os.path.splitext(source.path)[1] == ".c")
    values.look_up(name for call in calls for node in call.arguments for name in names_in(node))
    values.look_up(call.owner for call in calls)
    sites = [_site(source, parsed, call, values) for call in calls if not call.tested]
    shared = {(call.function, call.owner) for call in calls if call.tested or values.escapes(call.owner, call.function)}
    return Extract(settings=settings_of_sites(sites, shared, _model(parsed, data)))


def _call_at(path: Sequence[Node]) -> _Call | None:
    """The call with the name at the end of a path; None if it is not the name of a call."""
    name, index = path[-1], len(path) - 2
    while index > 0 and path[index].type in ("qualified_identifier", "field_expression"):
        index -= 1
    node = path[index]
    function = node.child_by_field_name("function")
    if node.type != "call_expression" or function is None or function != path[index + 1]:
        return None
    call = BY_NAME[text_of(name)]
    arguments = tuple(values_of(node.child_by_field_name("arguments")))
    owner = ""
    if call is CREATE:
        owner = _given_to(path[: index + 1])
    elif SET in call.parameters and len(arguments) > call.parameters.index(SET):
        owner = _owner(arguments[call.parameters.index(SET)])
    tested = in_test_macro(path[:index]) or is_meant_to_fail(path[: index + 1])
    return _Call(call, name, arguments, owner, function_of(path), branches_of(path), tested)


def _given_to(path: Sequence[Node]) -> str:
    """The variable that the result of a call is given to."""
    for node in reversed(path[-6:-1]):
        if node.type in ("init_declarator", "assignment_expression"):
            target = node.child_by_field_name("declarator" if node.type == "init_declarator" else "left")
            while target is not None and target.type == "pointer_declarator":
                target = target.child_by_field_name("declarator")
            return "" if target is None else _owner(target)
        if node.type.endswith("_statement"):
            break
    return ""


def _owner(node: Node) -> str:
    """The text of the expression for a set: ``set``, ``this->set_`` (as ``set_``), ``sets[i]``, ``p.get()``."""
    text = "".join(text_of(node).split())
    return text.removeprefix("this->").removesuffix(".get()").removeprefix("*")


def _site(source: Source, parsed: Parsed, call: _Call, values: CppValues) -> Site:
    """A call with its values and places."""
    arguments = None
    if len(call.arguments) == len(call.call.parameters):
        arguments = tuple(
            Argument(values.of(node, call.function), name_of(node), Place(source, parsed.span(node)))
            for node in call.arguments
        )
    home = call.function if values.is_local(call.owner, call.function) else -1
    head = Place(source, parsed.span(call.name))
    return Site(call.call, head, arguments, call.owner, call.function, call.branches, home)


def _model(parsed: Parsed, data: bytes) -> str:
    """The path of the model, if the file names exactly one."""
    found: set[str] = set()
    offsets = sorted({data.rfind(b'"', 0, match.start()) + 1 for match in re.finditer(rb'\.om"', data)})
    for path in paths_to(parsed.root, offsets[:_MAX_CALLS]):
        text = text_of(path[-1])
        if path[-1].type == "string_content" and text.endswith(".om"):
            found.add(text)
    return found.pop() if len(found) == 1 else ""
