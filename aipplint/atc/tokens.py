"""The syntax of option values, split into pieces with their locations.

The grammars (grammar/input_shape.lark, profiles.lark, names.lark) accept every text; shapes.py and profiles.py
interpret the pieces.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from aipplint.records import NamedTuple
from aipplint.source import Span
from aipplint.syntax.lalr import Token, lex, run
from aipplint.syntax.tables import pattern, tables

_BLANKS = " \t\n\v\f\r"
"""What ATC trims: the isspace of the C locale."""
_DIGITS = r"[0-9]+"
_MAX_INT64 = 2**63 - 1


class Element(NamedTuple):
    """Text between two separators, as written, with its offsets in the option's value."""

    raw: str
    start: int
    end: int

    @property
    def word(self) -> str:
        """The text without the spaces around it."""
        return trimmed(self.raw)

    @property
    def span(self) -> Span:
        """The offsets of the word; of the whole piece if it is blank."""
        word = self.word
        if not word:
            return Span(self.start, self.end)
        start = self.start + self.raw.index(word)
        return Span(start, start + len(word))


def cut(grammar: str, value: str) -> list[Any]:
    """Parse a value: lists of lists, separators (tokens) between the elements, pieces at the bottom."""
    tokens, _ = lex(pattern(grammar), value)
    nested: list[Any] = run(tables(grammar), tokens, _ACTIONS)
    _Placer().place(nested)
    return nested


def _joined(children: list[Any]) -> list[Any]:
    """``xs: x | xs SEPARATOR x``: one list, extended in place."""
    if len(children) == 1:
        return children
    joined: list[Any] = children[0]
    joined.extend(children[1:])
    return joined


def _part(children: list[Any]) -> Token | None:
    return children[0] if children else None


_ACTIONS: dict[str, Callable[[list[Any]], Any]] = {
    **dict.fromkeys(("items", "segments", "dims", "dim", "groups", "group", "names"), _joined),
    "part": _part,
}


class _Placer:
    """Locates every piece; an empty one is at the end of the separator before it."""

    def __init__(self) -> None:
        self.at = 0

    def place(self, nested: list[Any]) -> None:
        for index, element in enumerate(nested):
            if isinstance(element, list):
                self.place(element)
            elif index % 2:
                self.at = element.end
            elif element is None:
                nested[index] = Element("", self.at, self.at)
            else:
                nested[index] = Element(element.text, element.start, element.end)
                self.at = element.end


def trimmed(text: str) -> str:
    """A text without the spaces around it, as ATC trims."""
    return text.strip(_BLANKS)


def number(word: str) -> int | None:
    """A word of ASCII digits as a number, capped at the largest of 64 bits as by strtol; None for anything else."""
    if not re.fullmatch(_DIGITS, word):
        return None
    digits = word.lstrip("0")
    return _MAX_INT64 if len(digits) > 19 else min(int(digits or "0"), _MAX_INT64)


class NodeName(NamedTuple):
    """A name in a list, with its offsets in the option's value."""

    name: str
    start: int
    end: int


def read_names(value: str) -> tuple[NodeName, ...]:
    """The names in a list, as ATC cuts it: nothing is trimmed."""
    return tuple(NodeName(piece.raw, piece.start, piece.end) for piece in cut("names", value)[::2])
