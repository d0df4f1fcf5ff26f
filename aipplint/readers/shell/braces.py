"""Braces that make several words of one: ``{a,b}``, ``{1..8}``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aipplint.readers.shell.text import ShellText
from aipplint.readers.traced import Segment

if TYPE_CHECKING:
    from tree_sitter import Node

_PLAIN = r"[^{}\"'`$\\\s]*"
_ALTERNATIVES = re.compile(rf"({_PLAIN})\{{({_PLAIN},{_PLAIN})\}}({_PLAIN})")
_NUMBERS = re.compile(r"\{(-?\d{1,6})\.\.(-?\d{1,6})\}", re.ASCII)
_MAX_WORDS = 64


def alternatives(text: ShellText, node: Node) -> list[Segment | None]:
    """The segments of ``x{a,b}y``, with None between the words; empty if the braces are of another kind."""
    start, end = text.start(node), text.end(node)
    found = _ALTERNATIVES.fullmatch(text.letters, start, end)
    items = found[2].split(",") if found else []
    if found is None or len(items) > _MAX_WORDS:
        return []
    segments: list[Segment | None] = []
    at = found.start(2)
    for item in items:
        for first, last in (found.span(1), (at, at + len(item)), found.span(3)):
            segments += text.segments(first, last) if first < last else ()
        segments.append(None)
        at += len(item) + 1
    return segments


def numbers(text: ShellText, node: Node) -> list[Segment | None]:
    """The segments of ``{1..8}``, with None between the words; empty if there are too many."""
    found = _NUMBERS.fullmatch(text.text_of(node))
    if found is None:
        return []
    first, last = int(found.group(1)), int(found.group(2))
    if abs(first - last) >= _MAX_WORDS:
        return []
    place, step = text.place_of(node), 1 if last >= first else -1
    segments: list[Segment | None] = []
    for number in range(first, last + step, step):
        segments += [Segment(str(number), place), None]
    return segments
