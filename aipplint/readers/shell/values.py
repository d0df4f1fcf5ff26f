"""The value of a shell variable: a text, an array, or unknown."""

from __future__ import annotations

from collections.abc import Sequence

from aipplint.readers import branches
from aipplint.readers.branches import letters_of, optional
from aipplint.readers.traced import MAX_LETTERS, Segment, Traced, size
from aipplint.records import NamedTuple

MAX_SEGMENTS = 256
"""Parts of the most scattered value that is followed."""


class Array(NamedTuple):
    """An array of the shell with its elements in order."""

    items: tuple[Traced, ...]


class Unknown(NamedTuple):
    """A variable that is set to an unknown value."""

    positional: bool = False


Stored = Traced | Array | Unknown
"""The content of a variable. (A value is a plain tuple, the others are records.)"""


def as_value(stored: Stored | None) -> Traced | None:
    """A variable as a string; that of an array is its first element. None if it is unknown."""
    if isinstance(stored, Array):
        return stored.items[0] if stored.items else ()
    return None if stored is None or isinstance(stored, Unknown) else stored


def may_vanish(value: Traced) -> bool:
    """Whether a word may be no word at all: a variable outside quotes that the script never sets."""
    return bool(value) and all(segment.unset and segment.splits for segment in value)


def bounded(value: Traced) -> Stored:
    """The value, or an unknown one if it is too long."""
    if len(value) > MAX_SEGMENTS or size(value) > MAX_LETTERS:
        return Unknown(any(segment.positional for segment in value))
    return value


def bounded_array(items: Sequence[Traced]) -> Stored:
    """The array, or an unknown one if it is too long."""
    if sum(map(len, items)) + len(items) > MAX_SEGMENTS:
        return Unknown(any(segment.positional for item in items for segment in item))
    return Array(tuple(items))


def separated(segments: list[Segment | None], separators: str | None) -> list[Segment | None]:
    """Apply the separators of a script (``IFS=,``) to segments outside quotes; None: the usual ones.

    A text with separators other than spaces is not split; it counts as any number of words.
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


def joined(values: Sequence[Stored | None], *, positional: bool = False) -> Stored | None:
    """Join the alternative values of a variable; None: it is not set.

    Equal values are kept. If the longer ones only extend the shortest, the extension is optional.
    """
    first = values[0]
    if all(value is first for value in values[1:]):
        return first
    taint = positional or any(_positional(value) for value in values)
    arrays = [value.items for value in values if isinstance(value, Array)]
    if len(arrays) == len(values):
        return _joined_arrays(arrays) or Unknown(taint)
    texts = [value for value in values if value is not None and not isinstance(value, Array | Unknown)]
    text = branches.joined(texts, positional=positional) if len(texts) == len(values) else None
    return Unknown(taint) if text is None else bounded(text)


def _joined_arrays(arrays: list[tuple[Traced, ...]]) -> Array | None:
    arrays = sorted(arrays, key=len)
    items = list(arrays[0])
    keys = [letters_of(item) for item in items]
    for other in arrays[1:]:
        if [letters_of(item) for item in other[: len(keys)]] != keys:
            return None
        items += [optional(item) for item in other[len(keys) :]]
    return Array(tuple(items))


def _positional(stored: Stored | None) -> bool:
    if isinstance(stored, Array) or stored is None:
        return False
    return stored.positional if isinstance(stored, Unknown) else any(segment.positional for segment in stored)
