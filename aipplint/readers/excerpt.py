"""A text in another language inside a file: a script in a document, a configuration in a script."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

from aipplint.findings import Place
from aipplint.records import NamedTuple
from aipplint.source import Source, Span


class Run(NamedTuple):
    """From an offset of the excerpt on, its text stands letter by letter at an offset of the source."""

    start: int
    source_start: int
    length: int = -1
    """Code points that it takes in the source, where its letters are not those of the excerpt (an escape, a variable
    that was filled in); -1 where they are."""


_ONE_RUN = (Run(0, 0),)


class Excerpt(NamedTuple):
    """A text cut out of a source, as its own language sees it: without indentation, quotes and escapes.

    ``runs`` ascend and begin at 0; each goes on to the next. They say where every offset of ``text`` stands in the
    source, so that whatever is found in the text is said of the file.
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
        """Parts of a source, one behind the other: the lines of a block without their indentation."""
        parts: list[str] = []
        runs: list[Run] = []
        at = 0
        for start, end in spans:
            runs.append(Run(at, start))
            parts.append(source.text[start:end])
            at += end - start
        return cls(source, "".join(parts), tuple(runs) or (Run(0, 0),))

    def place(self, start: int, end: int) -> Place:
        """Where ``text[start:end]`` stands in the source."""
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


def joined(parts: Iterable[Excerpt]) -> Excerpt:
    """Excerpts of one source, one behind the other."""
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
    return Excerpt(source, "".join(texts), tuple(runs))
