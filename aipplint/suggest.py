"""Did you mean: the nearest known name."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

DID_YOU_MEAN = "did you mean {better}?"

MAX_WORDS = 200
"""Wrong words of one file that are compared with the known ones; those after them get no suggestion."""
_CANDIDATES = 5
_MAX_WORD = 60
"""Letters of a word that may be a name."""


def nearest(word: str, known: Iterable[str]) -> str:
    """The known name that is most like a word, or nothing. Case and the sign between words do not count."""
    return Nearest(known)(word)


class Nearest:
    """Finds the known name that is most like a word, for many words: each is compared once, and MAX_WORDS at most."""

    def __init__(self, known: Iterable[str]) -> None:
        self._known = known
        self._found: dict[str, str] = {}

    @cached_property
    def _by_key(self) -> dict[str, str]:
        """The known names by their keys: made for the first wrong word, and most files have none."""
        return {_key(name): name for name in self._known}

    def __call__(self, word: str) -> str:
        """The name that is most like a word, or nothing."""
        key = _key(word)
        if key in self._by_key:
            return self._by_key[key]
        if key not in self._found:
            if len(word) > _MAX_WORD or len(self._found) >= MAX_WORDS:
                return ""
            self._found[key] = self._compared(key)
        return self._found[key]

    def _compared(self, key: str) -> str:
        from difflib import get_close_matches

        close = get_close_matches(key, self._by_key, n=_CANDIDATES, cutoff=0.75)
        # The ratio of difflib prefers what is longer: Ascend310P1 to Ascend310 for Ascend311.
        return self._by_key[min(close, key=lambda name: distance(key, name))] if close else ""


def distance(one: str, other: str) -> int:
    """Return how many letters must be inserted, deleted, replaced or swapped to turn one word into the other."""
    rows = [list(range(len(other) + 1))]
    for i, letter in enumerate(one, 1):
        row = [i]
        for j, wanted in enumerate(other, 1):
            cost = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, rows[-2][j - 2] + 1)
            row.append(cost)
        rows.append(row)
    return rows[-1][-1]


def _key(name: str) -> str:
    return name.lower().replace("-", "_")
