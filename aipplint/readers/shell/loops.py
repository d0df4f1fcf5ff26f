"""What loops and branches are about: the words of a ``for``, the variables that a body changes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aipplint.readers.grammars import walk
from aipplint.readers.shell.arithmetic import changed_in
from aipplint.readers.shell.text import ShellText
from aipplint.readers.shell.values import Array, Stored, Unknown, as_value, bounded, bounded_array
from aipplint.readers.traced import Segment, Traced

if TYPE_CHECKING:
    from tree_sitter import Node

    from aipplint.readers.shell.expansion import Expander
    from aipplint.readers.shell.shell import Shell

_ARGUMENT = re.compile(r"\$\{?[1-9@*#]|\bgetopts?\b|\bshift\b")
_SHIFT = re.compile(r"\b(?:shift|set)\b")
_LEAVES = re.compile(r"\b(?:break|continue)\b")
_FILE_PATTERN = re.compile(r"[*?\[]")
_READS = frozenset(("read", "mapfile", "readarray", "getopts"))
UNNAMED = ("OPTARG", "OPTIND", "REPLY", "MAPFILE")
"""What ``read`` and its kin set without naming it."""
_ARITHMETIC = ("arithmetic_expansion", "compound_statement", "c_style_for_statement")
_DEFAULTS = ("=", ":=")
_NAME = re.compile(r"[A-Za-z_]\w*")


def names_arguments(written: str) -> bool:
    """Whether a part of a script reads its arguments."""
    return _ARGUMENT.search(written) is not None


def shifts(written: str) -> bool:
    """Whether a part of a script changes its arguments."""
    return _SHIFT.search(written) is not None


def is_file_pattern(written: str) -> bool:
    """Whether an unquoted word may match names of files."""
    return _FILE_PATTERN.search(written) is not None


def may_break(written: str) -> bool:
    """Whether rounds of a loop may be left."""
    return _LEAVES.search(written) is not None


def clauses(node: Node) -> list[tuple[list[Node], list[Node]]]:
    """The conditions of an ``if`` with their statements; ``else`` has no condition."""
    found: list[tuple[list[Node], list[Node]]] = []
    condition: list[Node] = []
    body: list[Node] = []
    current = condition
    for child in node.children:
        if child.type == "then":
            current = body
        elif child.type in ("elif_clause", "else_clause"):
            if child.type == "elif_clause":
                found += clauses(child)
            else:
                found.append(([], child.children))
        else:
            current.append(child)
    found.insert(0, (condition, body))
    return found


def words(expander: Expander, node: Node) -> list[Traced] | None:
    """The words of a ``for``; None if they are unknown."""
    nodes = node.children_by_field_name("value")
    found: list[Traced] = []
    if not nodes:
        arguments = expander.shell.state.arguments
        return None if arguments.more else list(arguments.values)
    for child in nodes:
        for value, _ in expander.words_at(child):
            if any(segment.text is None or segment.optional for segment in value):
                return None
            if child.type not in ("string", "raw_string") and any(
                is_file_pattern(segment.text or "") for segment in value
            ):
                return None
            found.append(value)
    return found


def changes(shell: Shell, text: ShellText, node: Node) -> dict[str, bool]:
    """The variables that a part of a script may change; whether it only adds to their ends.

    If too much of the script was searched in this way, any variable may have changed: the state forgets them.
    """
    found: dict[str, bool] = {}
    left = [(text, node)]
    seen: set[str] = set()
    while left:
        text, node = left.pop()
        seen_to = 0
        for child in walk(node):
            shell.looks -= 1
            if shell.looks < 0:
                shell.state.forget()
                return found
            kind = child.type
            if kind == "variable_assignment":
                name = text.text_of(child.children[0]).partition("[")[0]
                found[name] = found.get(name, True) and _adds(text.text_of(child), name)
            elif kind in ("for_statement", "unset_command"):
                for named in child.named_children[: 1 if kind == "for_statement" else None]:
                    found[unquoted_name(text.text_of(named))] = False
            elif kind == "expansion" and any(part.type in _DEFAULTS for part in child.children):
                found.update(dict.fromkeys(_NAME.findall(text.text_of(child))[:1], False))
            elif kind in _ARITHMETIC and text.start(child) >= seen_to and is_arithmetic(child):
                body = child.child_by_field_name("body") if kind == "c_style_for_statement" else None
                seen_to = text.end(child) if body is None else text.start(body)
                found.update(dict.fromkeys(changed_in(text.letters[text.start(child) : seen_to]), False))
            elif kind == "command":
                written = text.text_of(child)
                words = written.split() or [""]  # the grammar makes up a command where it misses one
                if words[0] in _READS or words[:2] == ["printf", "-v"]:
                    named_in = (word for part in words[1:] for word in _NAME.findall(part))
                    found.update(dict.fromkeys((*named_in, *UNNAMED), False))
                elif words[0] == "let":
                    found.update(dict.fromkeys(changed_in(written), False))
                elif words[0] in shell.functions and words[0] not in seen:
                    seen.add(words[0])
                    left.append(shell.functions[words[0]])
    return found


def is_arithmetic(node: Node) -> bool:
    """Whether a compound statement is ``(( ))``; other nodes of its kinds are."""
    return node.type != "compound_statement" or (node.child_count > 0 and node.children[0].type == "((")


def unquoted_name(written: str) -> str:
    """The variable that ``name``, ``'name[0]'`` names."""
    return written.strip("\"'").partition("[")[0]


def _adds(written: str, name: str) -> bool:
    """Whether an assignment only adds to the end: ``x+=...``, ``x="$x ..."``."""
    _, sign, value = written.partition("=")
    if not sign:
        return False
    start = value.removeprefix('"')
    return written.startswith(f"{name}+=") or re.match(rf"\$(?:{name}(?!\w)|\{{{name}\}})", start) is not None


def forgotten(stored: Stored | None, *, only_added: bool, positional: bool) -> Stored:
    """The value of a variable that a loop changes an unknown number of times."""
    if only_added and stored is not None and not isinstance(stored, Unknown):
        if isinstance(stored, Array):
            last = stored.items[-1] if stored.items else ()
            return Array((*stored.items, (_anything(last[-1], positional),))) if last else Unknown(positional)
        if stored and stored[-1].optional and stored[-1].text is None:
            return stored
        return bounded((*stored, _anything(stored[-1], positional))) if stored else Unknown(positional)
    return Unknown(positional)


def _anything(last: Segment, positional: bool) -> Segment:
    return Segment(None, last.place, splits=True, optional=True, positional=positional, many=True)


def with_element(stored: Stored | None, index: str, value: Traced) -> Stored:
    """An array in which one element is changed."""
    items = list(stored.items) if isinstance(stored, Array) else [] if as_value(stored) is None else None
    if items is None or not index.isdigit() or int(index[:6]) > len(items):
        return Unknown()
    number = int(index)
    items[number : number + 1] = [value]
    return bounded_array(items)
