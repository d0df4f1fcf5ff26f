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

LONGEST = 65536
"""Code points of the longest value that is followed; a real one has some thousands."""

MOST_BITS = 512
"""Parts of the most scattered value that is followed."""

_SOLID = re.compile(r"[^ \t\n]+")


class Bit(NamedTuple):
    """A run of letters of a value, or a part that cannot be known (``text`` is None).

    ``place`` is where it is written: letters that come out of a variable stand in the assignment. ``use`` is the
    expansion they came through last. ``splits``: outside quotes, so that blanks in it end a word. ``optional``: may be
    there or not. ``positional``: depends on the arguments of the script. ``many``: stands for any number of words.
    ``from_start``: a folder, relative to where the script was started.
    """

    text: str | None
    place: Place
    use: Place | None = None
    splits: bool = False
    optional: bool = False
    positional: bool = False
    many: bool = False
    from_start: bool = False

    @property
    def exact(self) -> bool:
        """Whether the text stands at the place letter by letter."""
        return self.text is not None and Piece(self.text, self.place).exact

    def part(self, start: int, end: int) -> Bit:
        """``text[start:end]``."""
        text = self.text or ""
        if start <= 0 and end >= len(text):
            return self
        source, span = self.place
        place = Place(source, Span(span.start + start, span.start + end)) if self.exact else self.place
        return self._replace(text=text[start:end], place=place, from_start=self.from_start and start <= 0)


Value = tuple[Bit, ...]
"""A string of the shell, as far as it is known."""


class Array(NamedTuple):
    """An array of the shell with its elements in order."""

    items: tuple[Value, ...]


class Opaque(NamedTuple):
    """A variable that is set, to what nobody knows."""

    positional: bool = False


Stored = Value | Array | Opaque
"""What a variable holds. (A value is a plain tuple, the others are records.)"""


def as_value(stored: Stored | None) -> Value | None:
    """A variable as a string; an array stands for its first element. None where nothing is known."""
    if isinstance(stored, Array):
        return stored.items[0] if stored.items else ()
    return None if stored is None or isinstance(stored, Opaque) else stored


def known(value: Iterable[Bit]) -> str | None:
    """The text of a value, where all of it is known."""
    parts = []
    for bit in value:
        if bit.text is None or bit.optional:
            return None
        parts.append(bit.text)
    return "".join(parts)


def known_end(value: Value) -> str:
    """The known text at the end of a value: all behind the last unknown part."""
    parts: list[str] = []
    for bit in reversed(value):
        if bit.text is None or bit.optional:
            break
        parts.append(bit.text)
    return "".join(reversed(parts))


def known_start(value: Value) -> str:
    """The known text at the beginning of a value: all before the first unknown part."""
    parts: list[str] = []
    for bit in value:
        if bit.text is None or bit.optional:
            break
        parts.append(bit.text)
    return "".join(parts)


def part(value: Value, start: int, end: int) -> Value:
    """The bits of ``text[start:end]``, an unknown part counting as nothing."""
    made = []
    at = 0
    for bit in value:
        length = len(bit.text or "")
        if bit.text is None:
            if start <= at <= end:
                made.append(bit)
        elif at < end and at + length > start:
            made.append(bit.part(max(start - at, 0), min(end - at, length)))
        at += length
    return tuple(made)


def bounded(value: Value) -> Stored:
    """The value, or that it is not known where it grew beyond all sense."""
    if len(value) > MOST_BITS or sum(len(bit.text or "") for bit in value) > LONGEST:
        return Opaque(any(bit.positional for bit in value))
    return value


def bounded_array(items: Sequence[Value]) -> Stored:
    """The same for an array."""
    if sum(map(len, items)) + len(items) > MOST_BITS:
        return Opaque(any(bit.positional for item in items for bit in item))
    return Array(tuple(items))


def fields(bits: Iterable[Bit | None]) -> list[Value]:
    """The words that bits make: known text outside quotes is split at blanks; None ends a word, too."""
    words: list[Value] = []
    current: list[Bit] = []

    def end() -> None:
        if current:
            words.append(tuple(current))
            current.clear()

    for bit in bits:
        if bit is None:
            end()
        elif not bit.splits or bit.text is None:
            current.append(bit)
        else:
            done = 0
            for solid in _SOLID.finditer(bit.text):
                if solid.start() > done:
                    end()
                current.append(bit.part(solid.start(), solid.end()))
                done = solid.end()
            if done < len(bit.text):
                end()
    end()
    return words


def separated(bits: list[Bit | None], separators: str | None) -> list[Bit | None]:
    """Bits outside quotes, where a script says what ends a word there (``IFS=,``); None: nobody knows, as usual.

    What other signs than blanks would end is not split, only taken as any number of words.
    """
    if separators is None or set(separators) == set(" \t\n"):
        return bits
    made: list[Bit | None] = []
    for bit in bits:
        if bit is None or bit.text is None or not bit.splits:
            made.append(bit)
        elif any(sign in bit.text for sign in separators):
            made.append(bit._replace(text=None, many=True))
        else:
            made.append(bit._replace(splits=False))
    return made


def place_of(value: Value) -> Place | None:
    """Where a value is written, from its first letter to its last, if it stands in one place.

    What came out of a variable stands elsewhere; it counts as standing where the variable is used.
    """
    first, at = (value[0].place, value[0].place.span.start) if value else (None, 0)
    for bit in value:
        if first is None:
            return None
        here = (place for place in (bit.place, bit.use) if place is not None and place.source is first.source)
        place = next((place for place in here if place.span.start >= at or place.span.end == at), None)
        if place is None:
            return None
        at = place.span.end
    return None if first is None else Place(first.source, Span(first.span.start, at))


def word(value: Value, place: Place) -> Word:
    """A value as a word of a command. What may be there or not is an option without a known value."""
    if len(value) == 1 and value[0].text is not None and not value[0].optional and value[0].place == place:
        return Word(value[0].text, place)
    if not any(bit.optional for bit in value):
        return word_of([Piece(bit.text, bit.place) for bit in value], place)
    if not all(bit.optional for bit in value):
        return word_of([Piece(None if bit.optional else bit.text, bit.place) for bit in value], place)
    named: list[Piece] = []
    for bit in value:
        text = bit.text or ""
        name = bit.part(0, text.find("=") + 1 or len(text))
        named.append(Piece(name.text, name.place))
        if bit.text is None or "=" in text:
            break
    return word_of([*named, Piece(None, value[-1].place)], place)


def value_of_word(word: Word) -> Value:
    """A word that another reader made, as a value."""
    if not word.pieces:
        return (Bit(word.text, word.place),)
    return tuple(Bit(piece.text, piece.place) for piece in word.pieces)


def optional(value: Iterable[Bit]) -> Value:
    """The same, as something that may be there or not."""
    return tuple(bit._replace(optional=True) for bit in value)


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
        return _joined_arrays(arrays) or Opaque(taint)
    texts: dict[object, Value] = {}
    for value in values:
        if value is None or isinstance(value, Array | Opaque):
            return Opaque(taint)
        texts.setdefault(_letters(value), value)
    shortest, *others = sorted(texts.values(), key=_length)
    for other in others:
        added = _added(shortest, other)
        if added is None or not _apart(shortest, added):
            return Opaque(taint)
        mark = optional(bit._replace(positional=bit.positional or positional) for bit in added)
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
    return stored.positional if isinstance(stored, Opaque) else any(bit.positional for bit in stored)


def _length(value: Value) -> tuple[int, int]:
    return sum(len(bit.text or " ") for bit in value), len(value)


def _letters(value: Value) -> tuple[tuple[str | None, Span | None], ...]:
    """What tells two values apart: runs of known letters, unknown parts by their place."""
    made: list[tuple[str | None, Span | None]] = []
    for bit in value:
        if bit.text is None:
            made.append((None, bit.place.span))
        elif made and made[-1][0] is not None:
            made[-1] = (made[-1][0] + bit.text, None)
        elif bit.text:
            made.append((bit.text, None))
    return tuple(made)


def _apart(value: Value, added: Value) -> bool:
    """Whether what is added to a value begins a word of its own."""
    last, first = value[-1].text if value else "", added[0].text if added else ""
    if all(bit.text == "" for bit in value) or not added:
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
    for bit in longer:
        if bit.text is None:
            if unknown <= 0:
                made.append(bit)
            unknown -= 1
        else:
            if letters < len(bit.text):
                made.append(bit.part(max(letters, 0), len(bit.text)))
            letters = max(letters - len(bit.text), 0)
    return tuple(made)


def excerpt_of(value: Iterable[Bit]) -> Excerpt | None:
    """A known value as a text in the file; None where a part is not known or stands in another file.

    A text that is put together of scattered parts is said of the place where they were put together.
    """
    bits = [bit for bit in value if bit.text != ""]
    if not bits or any(bit.text is None or bit.optional for bit in bits):
        return None
    places = [bit.place for bit in bits]
    scattered = any(
        other.source is not one.source or other.span.start < one.span.end for one, other in pairwise(places)
    )
    source = (bits[0].use or bits[0].place if scattered else bits[0].place).source
    texts: list[str] = []
    runs: list[Run] = []
    at = last = 0
    for bit in bits:
        exact = bit.exact
        place = bit.place
        if scattered and bit.use is not None:
            place, exact = bit.use, False
        if place.source is not source or place.span.start < last:
            return None
        last = place.span.start
        text = bit.text or ""
        runs.append(Run(at, place.span.start, -1 if exact else place.span.end - place.span.start))
        texts.append(text)
        at += len(text)
    return Excerpt(source, "".join(texts), tuple(runs))
