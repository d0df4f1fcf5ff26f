"""Backslashes: in words, in double quotes, in ``$'...'``, in what ``echo -e`` and ``printf`` print."""

from __future__ import annotations

import re

from aipplint.readers.shell.text import ShellText
from aipplint.readers.traced import Segment, Traced

_ANSI = re.compile(
    r"\\(?:x(?P<hex>[0-9a-fA-F]{1,2})|u(?P<short>[0-9a-fA-F]{1,4})|U(?P<long>[0-9a-fA-F]{1,8})"
    r"|(?P<octal>[0-7]{1,4})|c(?P<control>.)|(?P<letter>.))",
    re.DOTALL,
)
HEREDOC = "$`\\\n"
"""Characters that a backslash quotes in a here document, as ``special`` below."""
_LETTERS = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "e": "\x1b", "E": "\x1b", "f": "\f", "v": "\v"}


def unescaped(text: ShellText, start: int, end: int, special: str = "") -> list[Segment]:
    """The letters of a range without the backslashes that quote the next one.

    In double quotes only those before a ``special`` letter do. A backslash at the end of a line joins it to the next.
    """
    letters = text.letters
    if letters.find("\\", start, end) < 0:
        return text.segments(start, end)
    segments: list[Segment] = []
    at = look = start
    while (slash := letters.find("\\", look, end)) >= 0 and slash + 1 < end:
        following = letters[slash + 1]
        look = slash + 2
        if special and following not in special:
            continue
        if slash > at:
            segments += text.segments(at, slash)
        at = slash + 2 if following == "\n" else slash + 1
    if at < end:
        segments += text.segments(at, end)
    return segments


def ansi_escapes(text: ShellText, start: int, end: int) -> list[Segment]:
    """The letters of ``$'...'``."""
    segments: list[Segment] = []
    at = start
    for found in _ANSI.finditer(text.letters, start, end):
        if found.start() > at:
            segments += text.segments(at, found.start())
        segments.append(Segment(_letter(found), text.place(found.start(), found.end())))
        at = found.end()
    return segments + text.segments(at, end) if at < end else segments


def printed(value: Traced) -> Traced:
    """A known value as ``echo -e`` and ``printf`` print it."""
    segments: list[Segment] = []
    for segment in value:
        if segment.text is None or "\\" not in segment.text:
            segments.append(segment)
            continue
        at = 0
        for found in _ANSI.finditer(segment.text):
            if found.start() > at:
                segments.append(segment.part(at, found.start()))
            segments.append(segment.part(found.start(), found.end())._replace(text=_letter(found)))
            at = found.end()
        if at < len(segment.text):
            segments.append(segment.part(at, len(segment.text)))
    return tuple(segments)


def _letter(found: re.Match[str]) -> str:
    digits = found["hex"] or found["short"] or found["long"]
    if digits or found["octal"]:
        code = int(digits, 16) if digits else int(found["octal"], 8)
        return "\ufffd" if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF else chr(code)
    if found["control"]:
        return chr(ord(found["control"]) & 0x1F)
    letter = found["letter"]
    return _LETTERS.get(letter, letter if letter in "\\'\"?" else "\\" + letter)
