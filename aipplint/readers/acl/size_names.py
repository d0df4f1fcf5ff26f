"""Whether the name of a variable is that of a width, a height, or neither."""

from __future__ import annotations

import re

WIDTH, HEIGHT = "width", "height"

_WORDS = {
    "w": WIDTH,
    "width": WIDTH,
    "wid": WIDTH,
    "cols": WIDTH,
    "h": HEIGHT,
    "height": HEIGHT,
    "hgt": HEIGHT,
    "rows": HEIGHT,
}
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
"""A word of a name: ``srcImageSizeH``, ``model_width2``, ``IMG_W``; ``HW`` and ``Weight`` are words of their own."""


def side_of(name: str) -> str | None:
    """WIDTH or HEIGHT, by a word in a name; None if it has neither, or both."""
    said = {_WORDS[word] for word in map(str.lower, _WORD.findall(name)) if word in _WORDS}
    return said.pop() if len(said) == 1 else None
