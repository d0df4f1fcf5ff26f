"""What the shell reader knows of a value: its letters and where each is written, or that it cannot be known."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from aipplint.atc.words import Piece, Word, word_of
from aipplint.findings import Place
from aipplint.readers.excerpt import Excerpt, Run
from aipplint.records import NamedTuple
from aipplint.source import Span

MAX_LETTERS = 65536
"""Code points of the longest value that is followed; a real one has some thousands."""

MAX_SEGMENTS = 512
"""Parts of the most scattered value that is followed."""

_SOLID = re.compile(r"[^ \t\n]+")


class Segment(NamedTuple):
    """A run of letters of a value, or a part that cannot be known (``text`` is None).

    ``place`` is where it is written: letters that come out of a variable stand in the assignment. ``use`` is the
    expansion they came through last. ``splits``: outside quotes, so that blanks in it end a word. ``optional``: may be
    there or not. ``positional``: depends on the arguments of the script. ``many``: stands for any number of words.
    ``from_start``: a folder, relative to where the script was started. ``unset``: a variable that is never set.
    """

    text: str | None
    place: Place
    use: Place | None = None
    splits: bool = False
    optional: bool = False
    positional: bool = False
    many: bool = False
    from_start: bool = False
    unset: bool = False

    @property
    def exact(self) -> bool:
        """Whether the text stands at the place letter by letter."""
        return self.text is not None and Piece(self.text, self.place).exact

    def part(self, start: int, end: int) -> Segment:
        """``text[start:end]``."""
        text = self.text or ""
        if start <= 0 and end >= len(text):
            return self
        source, span = self.place
        place = Place(source, Span(span.start + start, span.start + end)) if self.exact else self.place
        return self._replace(text=text[start:end], place=place, from_start=self.from_start and start <= 0)


Value = tuple[Segment, ...]
"""A string of the shell, as far as it is known."""


class Array(NamedTuple):
    """An array of the shell with its elements in order."""

    items: tuple[Value, ...]


class Unknown(NamedTuple):
    """A variable that is set, to what nobody knows."""

    positional: bool = False


Stored = Value | Array | Unknown
"""What a variable holds. (A value is a plain tuple, the others are records.)"""


def as_value(stored: Stored | None) -> Value | None:
    """A variable as a string; an array stands for its first element. None where nothing is known."""
    if isinstance(stored, Array):
        return stored.items[0] if stored.items else ()
    return None if stored is None or isinstance(stored, Unknown) else stored


def known(value: Iterable[Segment]) -> str | None:
    """The text of a value, where all of it is known."""
    parts = []
    for segment in value:
        if segment.text is None or segment.optional:
            return None
        parts.append(segment.text)
    return "".join(parts)


def known_end(value: Value) -> str:
    """The known text at the end of a value: all behind the last unknown part."""
    parts: list[str] = []
    for segment in reversed(value):
        if segment.text is None or segment.optional:
            break
        parts.append(segment.text)
    return "".join(reversed(parts))


def known_start(value: Value) -> str:
    """The known text at the beginning of a value: all before the first unknown part."""
    parts: list[str] = []
    for segment in value:
        if segment.text is None or segment.optional:
            break
        parts.append(segment.text)
    return "".join(parts)


def may_vanish(value: Value) -> bool:
    """Whether a word may be no word at all: a variable outside quotes that the script never sets."""
    return bool(value) and all(segment.unset and segment.splits for segment in value)


def part(value: Value, start: int, end: int) -> Value:
    """The segments of ``text[start:end]``, an unknown part counting as nothing."""
    made = []
    at = 0
    for segment in value:
        length = len(segment.text or "")
        if segment.text is None:
            if start <= at <= end:
                made.append(segment)
        elif at < end and at + length > start:
            made.append(segment.part(max(start - at, 0), min(end - at, length)))
        at += length
    return tuple(made)


def bounded(value: Value) -> Stored:
    """The value, or that it is not known where it grew beyond all sense."""
    if len(value) > MAX_SEGMENTS or sum(len(segment.text or "") for segment in value) > MAX_LETTERS:
        return Unknown(any(segment.positional for segment in value))
    return value


def bounded_array(items: Sequence[Value]) -> Stored:
    """The array, or that it is not known where it grew beyond all sense."""
    if sum(map(len, items)) + len(items) > MAX_SEGMENTS:
        return Unknown(any(segment.positional for item in items for segment in item))
    return Array(tuple(items))


def fields(segments: Iterable[Segment | None]) -> list[Value]:
    """The words that segments make: known text outside quotes is split at blanks; None ends a word, too."""
    words: list[Value] = []
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
            for solid in _SOLID.finditer(segment.text):
                if solid.start() > done:
                    end()
                current.append(segment.part(solid.start(), solid.end()))
                done = solid.end()
            if done < len(segment.text):
                end()
    end()
    return words


def separated(segments: list[Segment | None], separators: str | None) -> list[Segment | None]:
    """Bits outside quotes, where a script says what ends a word there (``IFS=,``); None: nobody knows, as usual.

    What other signs than blanks would end is not split, only taken as any number of words.
    """
    if separators is None or set(separators) == set(" \t\n"):
        return segments
    made: list[Segment | None] = []
    for segment in segments:
        if segment is None or segment.text is None or not segment.splits:
            made.append(segment)
        elif any(sign in segment.text for sign in separators):
            made.append(segment._replace(text=None, many=True))
        else:
            made.append(segment._replace(splits=False))
    return made


def place_of(value: Value) -> Place | None:
    """Where a value is written, from its first letter to its last, if it stands in one place.

    What came out of a variable stands elsewhere; it counts as standing where the variable is used.
    """
    first, at = (value[0].place, value[0].place.span.start) if value else (None, 0)
    for segment in value:
        if first is None:
            return None
        here = (place for place in (segment.place, segment.use) if place is not None and place.source is first.source)
        place = next((place for place in here if place.span.start >= at or place.span.end == at), None)
        if place is None:
            return None
        at = place.span.end
    return None if first is None else Place(first.source, Span(first.span.start, at))


def word(value: Value, place: Place) -> Word:
    """A value as a word of a command. What may be there or not is an option without a known value."""
    if len(value) == 1 and value[0].text is not None and not value[0].optional and value[0].place == place:
        return Word(value[0].text, place)
    if not any(segment.optional for segment in value):
        return word_of([Piece(segment.text, segment.place) for segment in value], place)
    if not all(segment.optional for segment in value):
        return word_of([Piece(None if segment.optional else segment.text, segment.place) for segment in value], place)
    named: list[Piece] = []
    for segment in value:
        text = segment.text or ""
        name = segment.part(0, text.find("=") + 1 or len(text))
        named.append(Piece(name.text, name.place))
        if segment.text is None or "=" in text:
            break
    return word_of([*named, Piece(None, value[-1].place)], place)


def value_of_word(word: Word) -> Value:
    """A word that another reader made, as a value."""
    if not word.pieces:
        return (Segment(word.text, word.place),)
    return tuple(Segment(piece.text, piece.place) for piece in word.pieces)


def optional(value: Iterable[Segment]) -> Value:
    """A value as something that may be there or not."""
    return tuple(segment._replace(optional=True) for segment in value)


def joined(values: Sequence[Stored | None], *, positional: bool = False) -> Stored | None:
    """What a variable holds where it depends on something unknown which of these it is; None: it is not set.

    Equal values stay. Where the longer ones only go on behind the shortest, what they add may be there or not.
    """
    first = values[0]
    if all(value is first for value in values[1:]):
        return first
    taint = positional or any(_positional(value) for value in values)
    arrays = [value.items for value in values if isinstance(value, Array)]
    if len(arrays) == len(values):
        return _joined_arrays(arrays) or Unknown(taint)
    texts: dict[object, Value] = {}
    for value in values:
        if value is None or isinstance(value, Array | Unknown):
            return Unknown(taint)
        texts.setdefault(_letters(value), value)
    shortest, *others = sorted(texts.values(), key=_length)
    for other in others:
        added = _added(shortest, other)
        if added is None or not _apart(shortest, added):
            return Unknown(taint)
        mark = optional(segment._replace(positional=segment.positional or positional) for segment in added)
        shortest = (*shortest, *mark)
    return bounded(shortest)


def _joined_arrays(arrays: list[tuple[Value, ...]]) -> Array | None:
    arrays = sorted(arrays, key=len)
    items = list(arrays[0])
    keys = [_letters(item) for item in items]
    for other in arrays[1:]:
        if [_letters(item) for item in other[: len(keys)]] != keys:
            return None
        items += [optional(item) for item in other[len(keys) :]]
    return Array(tuple(items))


def _positional(stored: Stored | None) -> bool:
    if isinstance(stored, Array) or stored is None:
        return False
    return stored.positional if isinstance(stored, Unknown) else any(segment.positional for segment in stored)


def _length(value: Value) -> tuple[int, int]:
    return sum(len(segment.text or " ") for segment in value), len(value)


def _letters(value: Value) -> tuple[tuple[str | None, Span | None], ...]:
    """What tells two values apart: runs of known letters, unknown parts by their place."""
    made: list[tuple[str | None, Span | None]] = []
    for segment in value:
        if segment.text is None:
            made.append((None, segment.place.span))
        elif made and made[-1][0] is not None:
            made[-1] = (made[-1][0] + segment.text, None)
        elif segment.text:
            made.append((segment.text, None))
    return tuple(made)


def _apart(value: Value, added: Value) -> bool:
    """Whether what is added to a value begins a word of its own."""
    last, first = value[-1].text if value else "", added[0].text if added else ""
    if all(segment.text == "" for segment in value) or not added:
        return True
    return (last or "x")[-1] in " \t\n" or (first or "x")[0] in " \t\n"


def _added(shorter: Value, longer: Value) -> Value | None:
    """What the longer value has behind the shorter one; None where it does not begin with it."""
    first, second = _letters(shorter), _letters(longer)
    size = len(first)
    if size:
        (last, span), (other, other_span) = first[-1], second[size - 1] if len(second) >= size else ("", None)
        begins = span == other_span if last is None or other is None else other.startswith(last)
        if first[:-1] != second[: size - 1] or not begins or (last is None) != (other is None):
            return None
    letters, unknown = sum(len(text or "") for text, _ in first), sum(text is None for text, _ in first)
    made = []
    for segment in longer:
        if segment.text is None:
            if unknown <= 0:
                made.append(segment)
            unknown -= 1
        else:
            if letters < len(segment.text):
                made.append(segment.part(max(letters, 0), len(segment.text)))
            letters = max(letters - len(segment.text), 0)
    return tuple(made)


def excerpt_of(value: Iterable[Segment]) -> Excerpt | None:
    """A known value as a text in the file; None where a part is not known or stands in another file.

    A text that is put together of scattered parts is said of the place where they were put together.
    """
    segments = [segment for segment in value if segment.text != ""]
    if not segments or any(segment.text is None or segment.optional for segment in segments):
        return None
    places = [segment.place for segment in segments]
    scattered = any(
        other.source is not one.source or other.span.start < one.span.end for one, other in pairwise(places)
    )
    source = (segments[0].use or segments[0].place if scattered else segments[0].place).source
    texts: list[str] = []
    runs: list[Run] = []
    at = last = 0
    for segment in segments:
        exact = segment.exact
        place = segment.place
        if scattered and segment.use is not None:
            place, exact = segment.use, False
        if place.source is not source or place.span.start < last:
            return None
        last = place.span.start
        text = segment.text or ""
        runs.append(Run(at, place.span.start, -1 if exact else place.span.end - place.span.start))
        texts.append(text)
        at += len(text)
    return Excerpt(source, "".join(texts), tuple(runs))
