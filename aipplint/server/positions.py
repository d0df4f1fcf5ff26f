"""Conversion between offsets and protocol positions: lines from 0, columns in the negotiated unit."""

from __future__ import annotations

import re
from bisect import bisect_right

UTF_8, UTF_16, UTF_32 = "utf-8", "utf-16", "utf-32"

_LINE_END = re.compile(r"\r\n|\n|\r")
"""What ends a line for an editor; for the compiler, and so in Source, only the second does."""


class Lines:
    """The lines of a text as the protocol counts them. Offsets count code points, as everywhere else."""

    __slots__ = ("_encoding", "_starts", "_text")

    def __init__(self, text: str, encoding: str) -> None:
        self._text = text
        self._encoding = encoding
        self._starts = [0, *(end.end() for end in _LINE_END.finditer(text))]

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset."""
        line = bisect_right(self._starts, offset) - 1
        return line, units(self._text[self._starts[line] : offset], self._encoding)

    def offset(self, line: int, column: int) -> int:
        """Return the offset of a position. A position outside of the text is cut to the line or to the end.

        A column in the middle of a character is the place before it.
        """
        if line >= len(self._starts):
            return len(self._text)
        start = self._starts[line]
        end = self._starts[line + 1] if line + 1 < len(self._starts) else len(self._text)
        content = self._text[start:end].rstrip("\r\n")
        if content.isascii() or self._encoding == UTF_32:
            return start + min(column, len(content))
        left = column
        for index, character in enumerate(content):
            left -= units(character, self._encoding)
            if left < 0:
                return start + index
        return start + len(content)


def units(text: str, encoding: str) -> int:
    """Return the length of a text in code units of an encoding. Bytes that are not UTF-8 are lone surrogates."""
    if encoding == UTF_32 or text.isascii():
        return len(text)
    if encoding == UTF_8:
        return len(text.encode("utf-8", "surrogatepass"))
    return len(text) + sum(character > "\uffff" for character in text)
