"""The join of values after branches: the common beginning, and what may follow it."""

from __future__ import annotations

from collections.abc import Iterable

from aipplint.readers.traced import Segment, Traced, known, size
from aipplint.source import Span

_SPACES = " \t\n"


def optional(text: Iterable[Segment], *, positional: bool = False) -> Traced:
    """A text as something that may be there or not; ``positional``: on arguments of the script it depends whether."""
    return tuple(one._replace(optional=True, positional=one.positional or positional) for one in text)


def joined(texts: Iterable[Traced], *, positional: bool = False) -> Traced | None:
    """Join alternative texts into one. Equal ones are kept.

    If the longer ones only extend the shortest, the extension is optional. None if they differ otherwise.
    """
    different: dict[object, Traced] = {}
    for text in texts:
        different.setdefault(letters_of(text), text)
    whole, *others = sorted(different.values(), key=lambda text: (size(text) + _gaps(text), len(text)))
    for other in others:
        added = behind(whole, other)
        if added is None or not begins_word(whole, added):
            return None
        whole = (*whole, *optional(added, positional=positional))
    return whole


def behind(start: Traced, whole: Traced) -> Traced | None:
    """The rest of a text after a prefix; None if it does not begin with it."""
    first, second = letters_of(start), letters_of(whole)
    if first != second[: len(first)]:
        *same, (last, _) = first
        following = "".join(text or "" for text, _ in second[len(same) :][:1])
        if tuple(same) != second[: len(same)] or not last or not following.startswith(last):
            return None
    letters, gaps = size(start), _gaps(start)
    made: list[Segment] = []
    for segment in whole:
        if segment.text is None:
            made += [segment] if gaps <= 0 else []
            gaps -= 1
        elif letters < len(segment.text):
            made.append(segment.part(letters, len(segment.text)))
            letters = 0
        else:
            letters -= len(segment.text)
    return tuple(made)


def begins_word(text: Traced, added: Traced) -> bool:
    """Whether an extension of a text begins a new word. An unknown part does not."""
    if not added or known(text) == "":
        return True
    return (text[-1].text or "x")[-1] in _SPACES or (added[0].text or "x")[0] in _SPACES


def _gaps(text: Traced) -> int:
    return sum(segment.text is None for segment in text)


def letters_of(text: Traced) -> tuple[tuple[str | None, Span | None], ...]:
    """The identity of a text: runs of known characters, unknown parts by their location."""
    made: list[tuple[str | None, Span | None]] = []
    for segment in text:
        if segment.text is None:
            made.append((None, segment.place.span))
        elif made and made[-1][0] is not None:
            made[-1] = (made[-1][0] + segment.text, None)
        elif segment.text:
            made.append((segment.text, None))
    return tuple(made)
