"""Offsets to the lines and columns of other programs: one function for every unit. Both count from 1."""

from __future__ import annotations

from aipplint.source import Position, Source

_MARK = "\ufeff"
"""A byte order mark stays in our text, because the compiler sees it; most programs do not count it."""


def code_points(source: Source, offset: int) -> Position:
    """In code points, as our own; a byte order mark is not counted (SARIF 2.1.0, 3.30)."""
    line, column = source.position(offset)
    if line == 1 and column > 1 and source.text.startswith(_MARK):
        column -= 1
    return Position(line, column)


def utf8_bytes(source: Source, offset: int) -> Position:
    """In bytes of the file as UTF-8: a Chinese character has three, a byte that is not UTF-8 is itself one."""
    line, column = source.position(offset)
    if source.text.isascii():
        return Position(line, column)
    before = source.text[offset - column + 1 : offset]
    try:
        size = len(before.encode("utf-8", "surrogateescape"))
    except UnicodeEncodeError:
        # A lone surrogate that no file can hold, in a text that a caller of the library made.
        size = len(before.encode("utf-8", "surrogatepass"))
    return Position(line, size + 1)
