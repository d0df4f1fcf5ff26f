"""A text in another language inside a file: a script in a document, a configuration in a script."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator

from aipplint.findings import Place
from aipplint.records import NamedTuple
from aipplint.source import Source, Span


class Run(NamedTuple):
    """From an offset of the excerpt on, its text is a literal copy of the source at another offset."""

    start: int
    source_start: int
    length: int = -1
    """Length in the source, in code points, if its characters differ from the excerpt (an escape, a replaced variable);
    -1 if they are the same."""


_ONE_RUN = (Run(0, 0),)


class Excerpt(NamedTuple):
    """A text from a source, decoded by its language: without indentation, quotes and escapes.

    ``runs`` ascend from 0, and each ends at the next. They map every offset of ``text`` to the source, so that findings
    in the text have locations in the file.
    """

    source: Source
    text: str
    runs: tuple[Run, ...]

    @classmethod
    def whole(cls, source: Source) -> Excerpt:
        """All of a source."""
        return cls(source, source.text, _ONE_RUN)

    @classmethod
    def of_spans(cls, source: Source, spans: Iterable[Span]) -> Excerpt:
        """Parts of a source, one after the other: the lines of a block without their indentation."""
        parts: list[str] = []
        runs: list[Run] = []
        at = 0
        for start, end in spans:
            runs.append(Run(at, start))
            parts.append(source.text[start:end])
            at += end - start
        return cls(source, "".join(parts), tuple(runs) or (Run(0, 0),))

    @classmethod
    def join(cls, parts: Iterable[Excerpt]) -> Excerpt:
        """Excerpts of one source, at least one, one after the other."""
        texts: list[str] = []
        runs: list[Run] = []
        source: Source | None = None
        at = 0
        for part in parts:
            source = part.source
            runs += [Run(run.start + at, run.source_start, run.length) for run in part.runs]
            texts.append(part.text)
            at += len(part.text)
        assert source is not None, "at least one excerpt"
        return cls(source, "".join(texts), tuple(runs))

    def place(self, start: int, end: int) -> Place:
        """The location of ``text[start:end]`` in the source."""
        if self.runs is _ONE_RUN:
            return Place(self.source, Span(start, max(start, end)))
        first, last = self._bounds(start)[0], self._bounds(max(end - 1, start))[1]
        if end <= start:
            last = first
        return Place(self.source, self.source.span(first, max(first, last)))

    def _bounds(self, offset: int) -> tuple[int, int]:
        """The half-open range of source offsets that one code point of the text comes from."""
        index = max(bisect_right(self.runs, offset, key=lambda run: run.start) - 1, 0)
        run = self.runs[index]
        if run.length >= 0:
            return run.source_start, run.source_start + run.length
        at = run.source_start + offset - run.start
        return at, at + 1

    def part(self, start: int, end: int) -> Excerpt:
        """A part of the text as an excerpt of its own."""
        first = max(bisect_right(self.runs, start, key=lambda run: run.start) - 1, 0)
        runs: list[Run] = []
        for index in range(first, len(self.runs)):  # no slice: a text may be cut into as many parts as it has runs
            run = self.runs[index]
            if run.start >= end and runs:
                break
            inside = max(start - run.start, 0)
            at = run.source_start + inside if run.length < 0 else run.source_start
            runs.append(Run(max(run.start - start, 0), at, run.length))
        return Excerpt(self.source, self.text[start:end], tuple(runs))

    def plain(self) -> Excerpt:
        """The text as most parsers require it: without a byte order mark, with ``\\n`` at every line end."""
        text = self.text
        start = 1 if text.startswith("\ufeff") else 0
        if not start and "\r\n" not in text:
            return self
        spans: list[tuple[int, int]] = []
        while (end := text.find("\r\n", start)) >= 0:
            spans.append((start, end))
            start = end + 1
        return self.splice([*spans, (start, len(text))])

    def splice(self, spans: Iterable[tuple[int, int]]) -> Excerpt:
        """Parts of the text, one after the other; what touches stays one run."""
        merged: list[tuple[int, int]] = []
        for start, end in spans:
            if merged and merged[-1][1] == start:
                merged[-1] = (merged[-1][0], end)
            elif end > start:
                merged.append((start, end))
        return Excerpt.join([self.part(start, end) for start, end in merged]) if merged else self.part(0, 0)

    def stand_in(self, start: int, end: int, written: str) -> Excerpt:
        """Another text in place of ``text[start:end]``: the meaning of an escape, the value of a variable."""
        span = self.place(start, end).span
        return Excerpt(self.source, written, (Run(0, span.start, max(span.end - span.start, 0)),))

    def replace(self, edits: Iterable[tuple[int, int, str]]) -> Excerpt:
        """The text with parts replaced; ``edits`` are (start, end, new text), ascending and apart."""
        parts: list[Excerpt] = []
        at = 0
        for start, end, written in edits:
            if start > at:
                parts.append(self.part(at, start))
            if written:
                parts.append(self.stand_in(start, end, written))
            at = end
        if not parts and at == 0:
            return self
        return Excerpt.join([*parts, self.part(at, len(self.text))])


def line_spans(text: str) -> list[tuple[int, int]]:
    """Start and end of every line, without its ``\\n``."""
    return list(_line_spans(text))


def _line_spans(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    while (end := text.find("\n", start)) >= 0:
        yield start, end
        start = end + 1
    yield start, len(text)
