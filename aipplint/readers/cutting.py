"""Cut a text out of a file so that every letter keeps its place: plain line ends, parts, replaced parts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from aipplint.readers.excerpt import Excerpt, Run, joined
from aipplint.source import Source, Span


def plain(source: Source) -> Excerpt:
    """All of a source, without its byte order mark and with ``\\n`` at every end of a line, as most parsers want it."""
    text = source.text
    start = 1 if text.startswith("\ufeff") else 0
    if "\r\n" not in text:
        return Excerpt(source, text[start:], (Run(0, start),))
    spans: list[Span] = []
    while (end := text.find("\r\n", start)) >= 0:
        spans.append(Span(start, end))
        start = end + 1
    return Excerpt.of_spans(source, [*spans, Span(start, len(text))])


def cut(text: Excerpt, spans: Iterable[tuple[int, int]]) -> Excerpt:
    """Parts of an excerpt, one behind the other; what touches stays one run."""
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and merged[-1][1] == start:
            merged[-1] = (merged[-1][0], end)
        elif end > start:
            merged.append((start, end))
    return joined([text.part(start, end) for start, end in merged]) if merged else text.part(0, 0)


def instead(text: Excerpt, start: int, end: int, written: str) -> Excerpt:
    """Another text that stands for ``text[start:end]``: an escape, a variable that was filled in."""
    span = text.place(start, end).span
    return Excerpt(text.source, written, (Run(0, span.start, max(span.end - span.start, 0)),))


def replaced(text: Excerpt, edits: Iterable[tuple[int, int, str]]) -> Excerpt:
    """An excerpt with parts replaced; ``edits`` are (start, end, new text), ascending and apart."""
    parts: list[Excerpt] = []
    at = 0
    for start, end, written in edits:
        if start > at:
            parts.append(text.part(at, start))
        if written:
            parts.append(instead(text, start, end, written))
        at = end
    if not parts and at == 0:
        return text
    parts.append(text.part(at, len(text.text)))
    return joined(parts)


def line_spans(text: str) -> list[tuple[int, int]]:
    """Start and end of every line, without its ``\\n``."""
    return list(_line_spans(text))


def _line_spans(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    while (end := text.find("\n", start)) >= 0:
        yield start, end
        start = end + 1
    yield start, len(text)
