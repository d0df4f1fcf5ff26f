"""Braces that make several words of one: ``{a,b}``, ``{1..8}``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aipplint.readers.shell.text import Text
from aipplint.readers.shell.values import Bit

if TYPE_CHECKING:
    from tree_sitter import Node

_ALTERNATIVES = re.compile(r"\{([^{}\"'`$\\\s]*,[^{}\"'`$\\\s]*)\}")
_NUMBERS = re.compile(r"\{(-?\d{1,6})\.\.(-?\d{1,6})\}", re.ASCII)
_MOST = 64


def alternatives(text: Text, node: Node) -> list[Bit | None]:
    """The bits of ``{a,b}``, with None between the words; nothing where it is not as plain as that."""
    found = _ALTERNATIVES.fullmatch(text.text_of(node))
    bits: list[Bit | None] = []
    at = text.start(node) + 1
    for item in found.group(1).split(",") if found else ():
        bits += [*text.bits(at, at + len(item)), None]
        at += len(item) + 1
    return bits


def numbers(text: Text, node: Node) -> list[Bit | None]:
    """The same for ``{1..8}``; nothing, too, where there are too many."""
    found = _NUMBERS.fullmatch(text.text_of(node))
    if found is None:
        return []
    first, last = int(found.group(1)), int(found.group(2))
    if abs(first - last) >= _MOST:
        return []
    place, step = text.place_of(node), 1 if last >= first else -1
    bits: list[Bit | None] = []
    for number in range(first, last + step, step):
        bits += [Bit(str(number), place), None]
    return bits
