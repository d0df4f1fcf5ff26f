"""Parsed shell texts with the source of their characters: a part of a file, or the value of a variable."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from aipplint.findings import Place
from aipplint.readers.excerpt import Excerpt
from aipplint.readers.grammars import Parsed, parse
from aipplint.readers.traced import Segment, Traced, place_of, sketch
from aipplint.source import Span

if TYPE_CHECKING:
    from tree_sitter import Node

UNKNOWN = "\uf8ff"
"""A mark for an unknown part of a text (a placeholder in a document, an expansion in ``eval``). It is a private-use
character, which the grammar accepts as a part of a word in and outside quotes."""

_NO_TEXT = re.compile("[\ud800-\udc7f\udd00-\udfff]")
"""Surrogates, which only an escape in a string can create. (Those between represent bytes that are not UTF-8.)"""

_JOINT = re.compile(r"(?:\\\n)+")
"""Characters that the grammar reads as a space, and a shell ignores."""


class ShellText(ABC):
    """A text with its syntax tree. ``written``: it is in the file as a script, not in a string of one."""

    __slots__ = ("parsed", "written")

    def __init__(self, text: str, *, written: bool) -> None:
        self.parsed: Parsed = parse("bash", _NO_TEXT.sub("\ufffd", text))
        self.written = written

    @property
    def letters(self) -> str:
        """All of it."""
        return self.parsed.text

    def text_of(self, node: Node) -> str:
        """The text of a node."""
        return self.parsed.text_of(node)

    def start(self, node: Node) -> int:
        """The start of a node."""
        return self.parsed.offset(node.start_byte)

    def end(self, node: Node) -> int:
        """The end of a node."""
        return self.parsed.offset(node.end_byte)

    def joined(self, nodes: Iterable[Node]) -> Iterator[list[Node]]:
        """The nodes of each word: those with nothing but backslashes at ends of lines between them make one."""
        group: list[Node] = []
        for node in nodes:
            if node.type == "comment":  # between the elements of an array
                continue
            if group and not self._continues(self.end(group[-1]), node):
                yield group
                group = []
            group.append(node)
        if group:
            yield group

    def _continues(self, end: int, node: Node) -> bool:
        letters = self.letters
        return letters.startswith("\\\n", end) and _JOINT.fullmatch(letters, end, self.start(node)) is not None

    @abstractmethod
    def segments(self, start: int, end: int) -> list[Segment]:
        """The characters of a range; quotes and escapes have no meaning."""

    @abstractmethod
    def place(self, start: int, end: int) -> Place:
        """Return the location of a range in a file."""

    def place_of(self, node: Node) -> Place:
        """Return the location of a node in a file."""
        return self.place(self.start(node), self.end(node))


class FileText(ShellText):
    """A text in a file. ``returns``: its lines end in CR LF in the file, in LF here."""

    __slots__ = ("_starts", "_whole", "excerpt", "returns")

    def __init__(self, excerpt: Excerpt, *, returns: bool = False) -> None:
        super().__init__(excerpt.text, written=True)
        self.excerpt = excerpt
        self.returns = returns
        self._starts = [run.start for run in excerpt.runs]
        self._whole = excerpt.runs == ((0, 0, -1),)

    def _exact(self, start: int, end: int) -> Place | None:
        """Return the location of a range in the file, if it stands there literally, as nearly all do."""
        starts, (source, _, runs) = self._starts, self.excerpt
        if self._whole:
            return Place(source, Span(start, end))
        index = bisect_right(starts, start)
        first, source_start, length = runs[index - 1]
        if not index or length >= 0 or (index < len(starts) and end > starts[index]):
            return None
        shift = source_start - first
        return Place(source, Span(start + shift, end + shift))

    def place(self, start: int, end: int) -> Place:
        """Return the location of a range in a file."""
        return (start < end and self._exact(start, end)) or self.excerpt.place(start, end)

    def segments(self, start: int, end: int) -> list[Segment]:
        """The letters of a range."""
        letters, exact = self.letters, self._exact(start, end) if start < end else None
        if exact is not None and letters.find(UNKNOWN, start, end) < 0:
            return [Segment(letters[start:end], exact)]
        runs, index = self.excerpt.runs, max(bisect_right(self._starts, start), 1)
        made: list[Segment] = []
        at = start
        while at < end or (at == start == end and not made):
            stop = min(runs[index].start, end) if index < len(runs) else end
            for first, last in _parted(letters, at, stop):
                unknown = letters[first:last] == UNKNOWN
                made.append(Segment(None if unknown else letters[first:last], self.place(first, last)))
            at = max(stop, at + (at == stop))
            index += 1
        return made


class ValueText(ShellText):
    """A text that is made while a script runs: the word after ``bash -c``, the value that is evaluated."""

    __slots__ = ("_segments", "_starts")

    def __init__(self, value: Traced) -> None:
        self._segments = value or ()
        self._starts: list[int] = []
        at = 0
        for segment in value:
            self._starts.append(at)
            at += 1 if segment.text is None else len(segment.text)
        super().__init__(sketch(value, UNKNOWN), written=False)

    def segments(self, start: int, end: int) -> list[Segment]:
        """The letters of a range."""
        made: list[Segment] = []
        for index in range(max(bisect_right(self._starts, start) - 1, 0), len(self._segments)):
            at, segment = self._starts[index], self._segments[index]
            if at >= end and (made or at > start):
                break
            inside = (
                segment if segment.text is None else segment.part(max(start - at, 0), min(end - at, len(segment.text)))
            )
            made.append(inside._replace(splits=False))
        return made

    def place(self, start: int, end: int) -> Place:
        """Return the location of a range in a file."""
        segments = tuple(self.segments(start, end))
        return place_of(segments) or segments[0].place


def _parted(letters: str, start: int, end: int) -> list[tuple[int, int]]:
    """A range, split at the marks of unknown parts."""
    if start == end:
        return [(start, end)]
    parts: list[tuple[int, int]] = []
    at = start
    while at < end:
        found = letters.find(UNKNOWN, at, end)
        stop = end if found < 0 else found
        if stop > at:
            parts.append((at, stop))
        if found >= 0:
            parts.append((found, found + 1))
        at = stop + 1
    return parts
