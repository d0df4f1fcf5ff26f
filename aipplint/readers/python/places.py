"""Locations of the nodes of ``ast``: it counts lines and bytes of UTF-8, aipplint counts code points."""

from __future__ import annotations

import ast
import re
from bisect import bisect_right
from functools import cached_property
from itertools import chain

from aipplint.findings import Place
from aipplint.source import Source, Span

_LINE_END = re.compile(r"\r\n|\r|\n")
_SURROGATES = re.compile("[\ud800-\udfff]")
_MARK = "\ufeff"


class Coordinates:
    """The code of a file as Python reads it, and the mapping to the file."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._first = 1 if source.text.startswith(_MARK) else 0

    @cached_property
    def code(self) -> str:
        """The text without its byte order mark; bytes that are no UTF-8 are question marks, one for each."""
        return _SURROGATES.sub("?", self._source.text[self._first :])

    @cached_property
    def starts(self) -> list[int]:
        """Where each line begins in the code. Other than for the compiler, a lone carriage return ends a line, too."""
        if "\r" not in self.code:
            return [0, *(match.end() for match in re.finditer("\n", self.code))]
        return list(chain((0,), (match.end() for match in _LINE_END.finditer(self.code))))

    def span_of(self, node: ast.AST) -> Span:
        """The span of a node with a location."""
        first, last = getattr(node, "lineno", 1), getattr(node, "end_lineno", None) or 1
        start = self._offset(first, getattr(node, "col_offset", 0))
        return self._source.span(start, self._offset(last, getattr(node, "end_col_offset", None) or 0))

    def place_of(self, node: ast.AST) -> Place:
        """The span of a node with a location, and its file."""
        return Place(self._source, self.span_of(node))

    def _offset(self, line: int, column: int) -> int:
        start = self.starts[min(line, len(self.starts)) - 1]
        before = self.code[start : start + column]
        if not before.isascii():
            before = before.encode()[:column].decode("utf-8", "ignore")
        return self._first + start + len(before)


def lines_with(pattern: re.Pattern[str], places: Coordinates) -> list[int]:
    """The lines, from 1, in which a pattern matches."""
    return sorted({bisect_right(places.starts, match.start()) for match in pattern.finditer(places.code)})
