"""Traced text: known runs with their source locations, and unknown parts.

A script, a build file or a program composes a text from literals, variables and arguments. Every run keeps its
location, so that a finding in the text points to the characters in the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby, pairwise

from aipplint.atc.words import Piece, Word, word_of
from aipplint.findings import Place
from aipplint.readers.excerpt import Excerpt, Run
from aipplint.readers.placeholders import with_placeholders
from aipplint.records import NamedTuple
from aipplint.source import Span

MAX_LETTERS = 65536
"""Maximum length of a text, in code points; real ones have some thousands."""

_VARIABLE = "unknown_value"
"""The shell variable for an unknown part without a name of its own."""

_WORD = re.compile(r"[^ \t\n]+")


class Segment(NamedTuple):
    """A run of characters, or an unknown part (``text`` is None).

    ``place`` is its source: that of characters from a variable is in the assignment. ``use`` is where they were last
    inserted. ``optional``: may be absent. ``many``: any number of words. ``variable`` replaces an unknown part if a
    shell reads the text.

    The rest is for shell scripts only. ``splits``: is outside quotes, so that spaces in it end a word. ``positional``:
    depends on the arguments of the script. ``from_start``: a folder, relative to where the script was started.
    ``unset``: a variable that the script never sets.
    """

    text: str | None
    place: Place
    use: Place | None = None
    optional: bool = False
    many: bool = False
    variable: str = ""
    splits: bool = False
    positional: bool = False
    from_start: bool = False
    unset: bool = False

    @property
    def exact(self) -> bool:
        """Whether the text is written literally at the location."""
        source, span = self.place
        return self.text is not None and source.text[span.start : span.end] == self.text

    def part(self, start: int, end: int) -> Segment:
        """``text[start:end]``."""
        text = self.text or ""
        if start <= 0 and end >= len(text):
            return self
        source, span = self.place
        place = Place(source, Span(span.start + start, span.start + end)) if self.exact else self.place
        return self._replace(text=text[start:end], place=place, from_start=self.from_start and start <= 0)


Traced = tuple[Segment, ...]
"""A text, as far as it is known."""


def known(text: Iterable[Segment]) -> str | None:
    """The characters of a text, if all of them are known."""
    letters: list[str] = []
    for segment in text:
        if segment.text is None or segment.optional:
            return None
        letters.append(segment.text)
    return "".join(letters)


def known_start(text: Iterable[Segment]) -> str:
    """The known beginning of a text, up to the first unknown part."""
    return "".join(_known_run(text))


def known_end(text: Traced) -> str:
    """The known end of a text, after the last unknown part."""
    return "".join(reversed([*_known_run(reversed(text))]))


def _known_run(text: Iterable[Segment]) -> Iterator[str]:
    for segment in text:
        if segment.text is None or segment.optional:
            return
        yield segment.text


def sketch(text: Iterable[Segment], mark: str) -> str:
    """All known characters, with a mark for every unknown part."""
    return "".join(mark if segment.text is None else segment.text for segment in text)


def size(text: Iterable[Segment]) -> int:
    """The number of known characters, in code points."""
    return sum(len(segment.text or "") for segment in text)


def part(text: Traced, start: int, end: int) -> Traced:
    """The segments of ``text[start:end]``, an unknown part counting as nothing."""
    made: list[Segment] = []
    at = 0
    for segment in text:
        length = len(segment.text or "")
        if segment.text is None:
            if start <= at <= end:
                made.append(segment)
        elif at < end and at + length > start:
            made.append(segment.part(max(start - at, 0), min(end - at, length)))
        at += length
    return tuple(made)


def split(segments: Iterable[Segment | None]) -> list[Traced]:
    """Split segments into words: at spaces in segments that split, and at None."""
    words: list[Traced] = []
    current: list[Segment] = []

    def end() -> None:
        if current:
            words.append(tuple(current))
            current.clear()

    for segment in segments:
        if segment is None:
            end()
        elif not segment.splits or segment.text is None:
            current.append(segment)
        else:
            done = 0
            for solid in _WORD.finditer(segment.text):
                if solid.start() > done:
                    end()
                current.append(segment.part(solid.start(), solid.end()))
                done = solid.end()
            if done < len(segment.text):
                end()
    end()
    return words


def split_at_spaces(text: Traced) -> list[Traced]:
    """The words of a text of which every space ends one. An unknown part is a word, or a part of one."""
    words = split(segment._replace(splits=True) for segment in text)
    return [tuple(segment._replace(splits=False) for segment in word) for word in words]


def place_of(text: Traced) -> Place | None:
    """The source of a text, from its first character to its last, if it is contiguous.

    The value of a variable counts as written where the variable is used.
    """
    first, at = (text[0].place, text[0].place.span.start) if text else (None, 0)
    for segment in text:
        if first is None:
            return None
        here = (place for place in (segment.place, segment.use) if place is not None and place.source is first.source)
        place = next((place for place in here if place.span.start >= at or place.span.end == at), None)
        if place is None:
            return None
        at = place.span.end
    return None if first is None else Place(first.source, Span(first.span.start, at))


# Between texts, words of a command and excerpts of a file


def of_word(word: Word) -> Traced:
    """A word that a reader made, as a text."""
    if not word.pieces:
        return (Segment(word.text, word.place),)
    return tuple(Segment(piece.text, piece.place) for piece in word.pieces)


def as_word(text: Traced, place: Place) -> Word:
    """A text as a word of a command. What may be there or not is an option without a known value."""
    if len(text) == 1 and text[0].text is not None and not text[0].optional and text[0].place == place:
        return Word(text[0].text, place)
    if text and all(segment.optional for segment in text):
        text = _option(text)
    pieces: list[Piece] = []
    for segment in text:
        piece = Piece(None if segment.optional else segment.text, segment.place)
        if pieces and (whole := _joined(pieces[-1], piece)) is not None:
            pieces[-1] = whole
        else:
            pieces.append(piece)
    return word_of(pieces, place)


def _joined(one: Piece, other: Piece) -> Piece | None:
    """Two segments joined into one; None if they are not contiguous in the file."""
    (source, span), (other_source, following) = one.place, other.place
    if source is not other_source or span.end != following.start or not (one.exact and other.exact):
        return None
    return Piece((one.text or "") + (other.text or ""), Place(source, Span(span.start, following.end)))


def _option(word: Traced) -> Traced:
    """The known part of an optional word: the name of an option with its ``=``, and an unknown part."""
    letters = known_start(segment._replace(optional=False) for segment in word)
    name = part(word, 0, letters.find("=") + 1 or len(letters))
    value = next((segment for segment in word if segment.text is None), word[-1])._replace(text=None)
    return tuple(segment._replace(optional=False) for segment in (*name, value) if segment.text or segment is value)


def of_excerpt(excerpt: Excerpt) -> Traced:
    """A part of a file as a text: a segment for each literal run."""
    source, letters, runs = excerpt
    made: list[Segment] = []
    for run, following in zip(runs, (*runs[1:], None), strict=True):
        text = letters[run.start : following.start if following else None]
        if text:
            length = run.length if run.length >= 0 else len(text)
            made.append(Segment(text, Place(source, source.span(run.source_start, run.source_start + length))))
    return tuple(made)


def written(text: Iterable[Segment]) -> Excerpt:
    """At least one known segment of one source, as a text in the file."""
    letters: list[str] = []
    runs: list[Run] = []
    at, source = 0, None
    for segment in text:
        source, span = segment.place
        length = -1 if segment.exact else span.end - span.start
        if length < 0 or not runs or runs[-1][1:] != (span.start, length):
            runs.append(Run(at, span.start, length))
        letters.append(segment.text or "")
        at += len(segment.text or "")
    assert source is not None, "at least one segment"
    return Excerpt(source, "".join(letters), tuple(runs))


def as_excerpt(text: Iterable[Segment]) -> Excerpt | None:
    """A known text as a text in the file; None if a part is unknown or from another file.

    The location of a text from scattered parts is the expression that joins them.
    """
    segments = [segment for segment in text if segment.text != ""]
    if not segments or known(segments) is None:
        return None
    if not _ascends(segments):
        segments = [segment._replace(place=segment.use or segment.place) for segment in segments]
        starts = [segment.place.span.start for segment in segments]
        if starts != sorted(starts) or any(one.place.source is not segments[0].place.source for one in segments):
            return None
    return written(segments)


def _ascends(segments: list[Segment]) -> bool:
    """Whether segments are in one source, in ascending order."""
    places = [segment.place for segment in segments]
    return all(one.source is other.source and one.span.end <= other.span.start for one, other in pairwise(places))


def shell_text(text: Iterable[Segment]) -> Excerpt | None:
    """A text from one source, as input for a shell; None for no text.

    Unknown parts, and values of options that may be absent, are variables in it. The location of a text from outside of
    its use is the use.
    """
    segments: list[Segment] = []
    unknown: list[tuple[int, int, str]] = []
    at = 0
    for segment in _without_optional(text):
        letters = "?" if segment.text is None else segment.text
        if segment.text is None:
            unknown.append((at, at + 1, segment.variable or _VARIABLE))
        if letters:
            segments.append(segment._replace(text=letters, place=_place_in_use(segment)))
            at += len(letters)
    return with_placeholders(written(segments), unknown) if segments else None


def _place_in_use(segment: Segment) -> Place:
    start, use = segment.place.span.start, segment.use
    return segment.place if use is None or use.span.start <= start <= use.span.end else use


def _without_optional(text: Iterable[Segment]) -> Iterator[Segment]:
    """The segments of a text, with options without their values for those that may be there or not."""
    for may_be_there, group in groupby(text, lambda segment: segment.optional):
        if not may_be_there:
            yield from group
            continue
        for word in split_at_spaces(tuple(group)):
            source, span = _place_in_use(word[0])
            yield Segment(" ", Place(source, Span(span.start, span.start)))
            option = _option(word)
            yield from option if (option[0].text or "").startswith("-") else option[-1:]
