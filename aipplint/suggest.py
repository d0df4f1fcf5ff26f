"""Did you mean: the nearest known name."""

from __future__ import annotations

from collections.abc import Iterable

DID_YOU_MEAN = "did you mean {better}?"

_CANDIDATES = 5


def nearest(word: str, known: Iterable[str]) -> str:
    """The known name that is most like a word, or nothing. Case and the sign between words do not count."""
    by_key = {_key(name): name for name in known}
    key = _key(word)
    if key in by_key:
        return by_key[key]
    if len(word) > 60:
        return ""
    from difflib import get_close_matches

    close = get_close_matches(key, by_key, n=_CANDIDATES, cutoff=0.75)
    # The ratio of difflib prefers what is longer: Ascend310P1 to Ascend310 for Ascend311.
    return by_key[min(close, key=lambda name: distance(key, name))] if close else ""


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
