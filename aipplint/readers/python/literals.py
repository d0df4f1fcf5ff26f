"""String literals of Python: their values, and the location of each letter in the file.

``ast`` locates expressions, but not the characters inside a literal: the text of the file has escapes, prefixes,
several literals after each other, and fields of f-strings.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from aipplint.readers.excerpt import Excerpt, Run
from aipplint.records import NamedTuple
from aipplint.source import Source, Span

_OPENING = re.compile(r"([A-Za-z]{0,2})('''|\"\"\"|'|\")")
_BETWEEN = re.compile(r"(?:[\s()]|\\\r?\n|#[^\r\n]*)*")
_ESCAPE = re.compile(
    r"\\(?:(\r\n|\n|\r)|([\\'\"abfnrtv])|([0-7]{1,3})|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|N\{([^}]*)\})"
)
_SIMPLE = dict(zip("\\'\"abfnrtv", "\\'\"\a\b\f\n\r\t\v", strict=True))
_MARKS = re.compile(r"\\|\r|[{}]")
_PLAIN_MARKS = re.compile(r"\\|\r")
_LAST_CODE = 0x10FFFF
_SURROGATES = range(0xD800, 0xE000)


class FormatField(NamedTuple):
    """A field of an f-string, ``{...}`` with its braces; ``plain`` if it has neither conversion nor format."""

    span: Span
    plain: bool


def literal_parts(source: Source, span: Span) -> list[Excerpt | FormatField] | None:
    """The characters and the fields of the literals in a span; None if it contains anything else."""
    found: list[Excerpt | FormatField] = []
    at, text = span.start, source.text
    while (at := _end(_BETWEEN, text, at, span.end)) < span.end:
        opening = _OPENING.match(text, at, span.end)
        if opening is None:
            return None
        prefix, quote = opening[1].lower(), opening[2]
        end = _close(text, opening.end(), span.end, quote, formatted="f" in prefix)
        if end is None or "b" in prefix:
            return None
        found += _Reader(source, Span(opening.end(), end), raw="r" in prefix, formatted="f" in prefix).parts()
        at = end + len(quote)
    return found


def _end(pattern: re.Pattern[str], text: str, start: int, end: int) -> int:
    match = pattern.match(text, start, end)
    return start if match is None else match.end()


def _close(text: str, start: int, end: int, quote: str, *, formatted: bool) -> int | None:
    """The start of a literal's closing quotes. The fields of an f-string may contain other quotes."""
    marks = re.compile(rf"\\|{quote}|[{{}}]" if formatted else rf"\\|{quote}")
    at, depth = start, 0
    while (match := marks.search(text, at, end)) is not None:
        mark, at = match.group(), match.end()
        if mark == "\\" or (mark == "{" and not depth and text.startswith("{", at)):
            at += 1
        elif mark in "{}":
            depth = max(depth + (1 if mark == "{" else -1), 0)
        elif not depth:
            return match.start()
    return None


class _Reader:
    """Reads the body of one literal."""

    def __init__(self, source: Source, body: Span, *, raw: bool, formatted: bool) -> None:
        self._source = source
        self._body = body
        self._raw = raw
        self._formatted = formatted
        self._letters: list[str] = []
        self._runs: list[Run] = []
        self._length = 0

    def parts(self) -> Iterator[Excerpt | FormatField]:
        """Characters and fields in their order."""
        text, (at, end) = self._source.text, self._body
        marks = _MARKS if self._formatted else _PLAIN_MARKS
        while (match := marks.search(text, at, end)) is not None:
            self._add(text[at : match.start()], at)
            at, mark = match.start(), match.group()
            if mark in "{}" and not text.startswith(mark * 2, at):
                yield from self._flush()
                field = _field(text, at, end)
                yield field
                at = field.span.end
            else:
                at = self._special(text, at, mark)
        self._add(text[at:end], at)
        yield from self._flush()

    def _special(self, text: str, at: int, mark: str) -> int:
        """Take an escape, a doubled brace or a line end; return the offset after it."""
        letters, length = mark, 1
        if mark in "{}":
            length = 2
        elif mark == "\r":
            letters, length = "\n", 2 if text.startswith("\r\n", at) else 1
        elif not self._raw:
            escape = _ESCAPE.match(text, at, self._body.end)
            if escape is not None:
                letters, length = _meant(escape), len(escape.group())
        self._add(letters, at, -1 if length == 1 and mark != "\r" else length)
        return at + length

    def _add(self, letters: str, at: int, length: int = -1) -> None:
        if letters:
            self._letters.append(letters)
            self._runs.append(Run(self._length, at, length))
            self._length += len(letters)

    def _flush(self) -> Iterator[Excerpt]:
        if self._letters:
            yield Excerpt(self._source, "".join(self._letters), tuple(self._runs))
        self._letters, self._runs, self._length = [], [], 0


def _meant(escape: re.Match[str]) -> str:
    """Return the value of an escape."""
    line, simple, octal, *codes, name = escape.groups()
    if line:
        return ""
    if simple:
        return _SIMPLE[simple]
    if octal:
        return chr(int(octal, 8))
    code = next((code for code in codes if code), "")
    if code:
        number = int(code, 16)
        return "?" if number > _LAST_CODE or number in _SURROGATES else chr(number)
    try:
        return unicodedata.lookup(name)
    except KeyError:
        return "?"


def _field(text: str, start: int, end: int) -> FormatField:
    """The field that begins at an opening brace: up to the brace that closes it, past strings and brackets in it."""
    at, depth, quote, plain = start + 1, 1, "", True
    while at < end and depth:
        letter = text[at]
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "'\"":
            quote = letter
        elif letter in "{[(":
            depth += 1
        elif letter in "}])":
            depth -= 1
        elif depth == 1 and letter in ":!=" and not (letter in "!=" and text[at + 1 : at + 2] == "="):
            plain = plain and text[at - 1] in "=<>!" and letter == "="
        at += 1
    return FormatField(Span(start, at), plain)
