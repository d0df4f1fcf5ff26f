"""Redirections: the input of a command (here documents, here strings), and the target of its output."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from aipplint.readers.shell.escapes import HEREDOC
from aipplint.readers.traced import Segment, Traced
from aipplint.records import NamedTuple

if TYPE_CHECKING:
    from tree_sitter import Node

    from aipplint.readers.shell.expansion import Expander

_OUTPUT = (">", ">>", "&>", "&>>", ">|", ">&")
_TABS = re.compile(r"(?m)^\t+")


class Redirections(NamedTuple):
    """The redirections of one command.

    ``input`` is its input, if it ``has_input``: None if unknown. ``target`` is the file for its output, ``piped`` are
    the commands that read its output and ``rest`` follows after ``&&`` or ``||``, on the line of a here document.
    """

    input: Traced | None = None
    has_input: bool = False
    target: Traced | None = None
    appended: bool = False
    piped: tuple[Node, ...] = ()
    rest: tuple[tuple[str, Node], ...] = ()


def redirections(expander: Expander, nodes: Sequence[Node]) -> Redirections:
    """Read the redirections of a command; the last one of each kind is used."""
    found = Redirections()
    for node in nodes:
        if node.type == "file_redirect":
            found = _file(expander, node, found)
        elif node.type == "herestring_redirect" and node.named_children:
            value = expander.value_at(node.named_children[-1])
            end = Segment("\n", expander.shell.text.place_of(node))
            found = found._replace(input=(*value, end), has_input=True)
        elif node.type == "heredoc_redirect":
            found = _heredoc(expander, node, found)
    return found


def _file(expander: Expander, node: Node, found: Redirections) -> Redirections:
    sign = next((child.type for child in node.children if not child.is_named), "")
    target = node.child_by_field_name("destination")
    descriptor = node.child_by_field_name("descriptor")
    if sign == ">&" and target is not None and (number := expander.shell.text.text_of(target)).isdigit():
        if number == "1" or (descriptor is not None and expander.shell.text.text_of(descriptor) != "1"):
            return found
        return found._replace(target=(Segment("/dev/stderr", expander.shell.text.place_of(node)),), appended=True)
    if sign == "<":
        return found._replace(input=None, has_input=True)
    if sign not in _OUTPUT or target is None:
        return found
    if descriptor is not None and expander.shell.text.text_of(descriptor) != "1":
        return found
    return found._replace(target=expander.value_at(target), appended=sign.endswith(">>"))


def _heredoc(expander: Expander, node: Node, found: Redirections) -> Redirections:
    start = body = end = None
    sign = right = None
    for child in node.children:
        if child.type == "file_redirect":
            found = _file(expander, child, found)
        elif child.type == "pipeline":
            found = found._replace(piped=tuple(stage for stage in child.children if stage.is_named))
        elif child.type in ("&&", "||"):
            sign = child.type
        elif child.type == "heredoc_start":
            start = child
        elif child.type == "heredoc_body":
            body = child
        elif child.type == "heredoc_end":
            end = child
        elif sign is not None and child.is_named and right is None:
            right = child
    if sign is not None and right is not None:
        found = found._replace(rest=((sign, right),))
    if start is None or body is None:
        return found._replace(input=() if start is not None and end is not None else None, has_input=True)
    text, letters = expander.shell.text, expander.shell.text.letters
    first = letters.rfind("\n", 0, text.start(body)) + 1
    if letters[first : text.start(body)].strip():
        first = text.start(body)
    last = text.end(body) if end is None else letters.rfind("\n", first, text.start(end)) + 1
    last = max(last, first)
    if re.search(r"[\"'\\]", text.text_of(start)):
        segments: list[Segment | None] = [*text.segments(first, last)] if last > first else []
    else:
        segments = expander.parts(body, first, last, quoted=True, special=HEREDOC)
    value = expander.unsplit(segments, text.place_of(node))
    if node.children[0].type == "<<-":
        value = _without_tabs(value)
    return found._replace(input=value, has_input=True)


def _without_tabs(value: Traced) -> Traced:
    """Lines without the tabs that they begin with."""
    made: list[Segment] = []
    begins = True
    for segment in value:
        if segment.text is None:
            made.append(segment)
            begins = False
            continue
        at = 0
        for tabs in _TABS.finditer(segment.text):
            if tabs.start() == 0 and not begins:
                continue
            if tabs.start() > at:
                made.append(segment.part(at, tabs.start()))
            at = tabs.end()
        if at < len(segment.text):
            made.append(segment.part(at, len(segment.text)))
        begins = segment.text.endswith("\n") or (begins and not segment.text)
    return tuple(made)
