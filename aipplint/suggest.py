"""Did you mean: the nearest known name."""

from __future__ import annotations

from collections.abc import Iterable

DID_YOU_MEAN = "did you mean {better}?"


def nearest(word: str, known: Iterable[str]) -> str:
    """The known name that is most like a word, or nothing. Case and the sign between words do not count."""
    by_key = {_key(name): name for name in known}
    key = _key(word)
    if key in by_key:
        return by_key[key]
    if len(word) > 60:
        return ""
    from difflib import get_close_matches

    close = get_close_matches(key, by_key, n=1, cutoff=0.75)
    return by_key[close[0]] if close else ""


def _key(name: str) -> str:
    return name.lower().replace("-", "_")
