"""Backslashes: in words, in double quotes, in ``$'...'``, in what ``echo -e`` and ``printf`` print."""

from __future__ import annotations

import re

from aipplint.readers.shell.text import Text
from aipplint.readers.shell.values import Bit, Value

_ANSI = re.compile(
    r"\\(?:x(?P<hex>[0-9a-fA-F]{1,2})|u(?P<short>[0-9a-fA-F]{1,4})|U(?P<long>[0-9a-fA-F]{1,8})"
    r"|(?P<octal>[0-7]{1,4})|c(?P<control>.)|(?P<letter>.))",
    re.DOTALL,
)
_LETTERS = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "e": "\x1b", "E": "\x1b", "f": "\f", "v": "\v"}


def unescaped(text: Text, start: int, end: int, special: str = "") -> list[Bit]:
    """The letters of a range without the backslashes that quote the next one.

    In double quotes only those before a ``special`` letter do. A backslash at the end of a line joins it to the next.
    """
    letters = text.letters
    if letters.find("\\", start, end) < 0:
        return text.bits(start, end)
    bits: list[Bit] = []
    at = look = start
    while (slash := letters.find("\\", look, end)) >= 0 and slash + 1 < end:
        following = letters[slash + 1]
        look = slash + 2
        if special and following not in special:
            continue
        if slash > at:
            bits += text.bits(at, slash)
        at = slash + 2 if following == "\n" else slash + 1
    if at < end:
        bits += text.bits(at, end)
    return bits


def ansi_escapes(text: Text, start: int, end: int) -> list[Bit]:
    """The letters of ``$'...'``."""
    bits: list[Bit] = []
    at = start
    for found in _ANSI.finditer(text.letters, start, end):
        if found.start() > at:
            bits += text.bits(at, found.start())
        bits.append(Bit(_letter(found), text.place(found.start(), found.end())))
        at = found.end()
    return bits + text.bits(at, end) if at < end else bits


def printed(value: Value) -> Value:
    """A known value as ``echo -e`` and ``printf`` print it."""
    bits: list[Bit] = []
    for bit in value:
        if bit.text is None or "\\" not in bit.text:
            bits.append(bit)
            continue
        at = 0
        for found in _ANSI.finditer(bit.text):
            if found.start() > at:
                bits.append(bit.part(at, found.start()))
            bits.append(bit.part(found.start(), found.end())._replace(text=_letter(found)))
            at = found.end()
        if at < len(bit.text):
            bits.append(bit.part(at, len(bit.text)))
    return tuple(bits)


def _letter(found: re.Match[str]) -> str:
    digits = found["hex"] or found["short"] or found["long"]
    if digits or found["octal"]:
        code = int(digits, 16) if digits else int(found["octal"], 8)
        return "\ufffd" if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF else chr(code)
    if found["control"]:
        return chr(ord(found["control"]) & 0x1F)
    letter = found["letter"]
    return _LETTERS.get(letter, letter if letter in "\\'\"?" else "\\" + letter)
