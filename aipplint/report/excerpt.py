"""Source lines for a terminal, with invisible characters escaped and a span underlined."""

from __future__ import annotations

from collections.abc import Iterator

from aipplint.findings import clean
from aipplint.records import NamedTuple
from aipplint.source import Source, Span

WIDTH = 120
"""Characters of a line that are shown at the most; of a longer one, the part around the place."""
_BEFORE = 40
"""Characters shown before a place that does not fit from the beginning of its line."""
_CUT = "..."
_TAB = 4


class ExcerptRow(NamedTuple):
    """A source line with its number, or the underline below one (number 0; ``text`` is then spaces before ``mark``)."""

    number: int
    text: str
    mark: str = ""


def rows(source: Source, span: Span, sign: str) -> Iterator[ExcerptRow]:
    """Return the first line of a span and, if it differs, the last one, with the span underlined."""
    start, end = span
    first = source.position(start).line
    last = source.position(max(start, end - 1)).line
    yield from _row(source, first, start, end, sign)
    if last > first:
        if last > first + 1:
            yield ExcerptRow(0, _CUT)
        yield from _row(source, last, start, end, sign)


def _row(source: Source, number: int, start: int, end: int, sign: str) -> Iterator[ExcerptRow]:
    """Return one line, underlined between two offsets. The cost does not depend on the length of the line."""
    text, starts = source.text, source.line_starts
    line_start = starts[number - 1]
    line_end = starts[number] - 1 if number < len(starts) else len(text)
    if line_end > line_start and text[line_end - 1] == "\r":
        line_end -= 1
    if start < line_start:
        # The end of a longer span: not below the indentation.
        inside = text[line_start : min(line_end, line_start + WIDTH)]
        start = line_start + len(inside) - len(inside.lstrip())
    start, end = min(start, line_end), min(max(end, start), line_end)
    shown_from = line_start
    if line_end - line_start > WIDTH and start - line_start > WIDTH - _BEFORE:
        shown_from = max(line_start, min(start - _BEFORE, line_end - WIDTH))
    shown_to = min(line_end, shown_from + WIDTH)
    shown, columns = show(text[shown_from:shown_to])
    before = _CUT if shown_from > line_start else ""
    after = _CUT if shown_to < line_end else ""
    left = columns[start - shown_from]
    right = columns[min(end, shown_to) - shown_from]
    yield ExcerptRow(number, f"{before}{shown}{after}".rstrip())
    yield ExcerptRow(0, " " * (len(before) + left), sign * max(1, right - left))


def show(text: str) -> tuple[str, list[int]]:
    """Return a text as shown, and the column in which each of its characters begins (and, last, in which it ends).

    Tabs become spaces, invisible characters and bytes that are not UTF-8 their escapes; a wide character (Chinese)
    fills two columns.
    """
    if text.isascii() and text.isprintable():
        return text, list(range(len(text) + 1))
    from unicodedata import combining, east_asian_width

    shown: list[str] = []
    columns = [0]
    at = 0
    for character in text:
        if character == "\t":
            piece = " " * (_TAB - at % _TAB)
            at += len(piece)
        else:
            piece = clean(character)
            if len(piece) > 1 or character.isascii():
                at += len(piece)
            elif not combining(character):
                at += 2 if east_asian_width(character) in "WF" else 1
        shown.append(piece)
        columns.append(at)
    return "".join(shown), columns
