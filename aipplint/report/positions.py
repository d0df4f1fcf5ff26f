"""Conversion of offsets to the lines and columns of other programs, for each unit. Both count from 1."""

from __future__ import annotations

from aipplint.source import Position, Source

_UNITS = {"characters": ("utf-32-le", 4), "bytes": ("utf-8", 1), "utf-16": ("utf-16-le", 2)}
"""Each of COLUMN_UNITS as an encoding, and the bytes that its unit has."""

_MARK = "\ufeff"
"""A byte order mark stays in our text, because the compiler sees it; most programs do not count it."""


def code_points(source: Source, offset: int) -> Position:
    """Return the position in code points, without counting a byte order mark (SARIF 2.1.0, 3.30)."""
    line, column = source.position(offset)
    if line == 1 and column > 1 and source.text.startswith(_MARK):
        column -= 1
    return Position(line, column)


def in_editor(source: Source, offset: int, unit: str) -> Position:
    """Return the position in a unit of COLUMN_UNITS, as in an editor, which does not count a byte order mark."""
    line, column = source.position(offset)
    if source.text.isascii():
        return Position(line, column)
    before = source.text[offset - column + 1 : offset]
    if line == 1:
        before = before.removeprefix(_MARK)
    encoding, width = _UNITS[unit]
    return Position(line, len(before.encode(encoding, "surrogatepass")) // width + 1)


def utf8_bytes(source: Source, offset: int) -> Position:
    """Return the position in bytes of UTF-8; a byte that is not UTF-8 counts as one."""
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
