"""Text and locations in it.

Offsets count code points of the decoded text from 0. Lines and columns count from 1; a line ends at ``\\n`` and
nowhere else, as for the compiler. Lines are computed only when somebody asks for a position.
"""

from __future__ import annotations

from bisect import bisect_right
from contextlib import suppress

from aipplint.records import NamedTuple

MAX_BYTES = 2 * 1024 * 1024
"""Largest file that is checked, in bytes. The largest real one known has 4 kB; the compiler itself has no limit."""

MAX_OPS = 500
"""Most operators in a file that is checked; no model has so many inputs."""
MAX_FOUND = 250
"""Maximum number of commands, and of configurations, run-time settings and calls, of one script or document."""
_LOOKED_AT = 64
"""Bytes at the beginning of a file that show whether it is UTF-16."""


class Span(NamedTuple):
    """A half-open range of code points, ``text[start:end]``."""

    start: int
    end: int


class Position(NamedTuple):
    """A position as shown to users: line and column from 1, in code points."""

    line: int
    column: int


class Source:
    """A named text: a file, standard input, a command line, or the options of a library call.

    ``path`` is the name as given, never resolved. ``text`` is lossless: a byte that is not UTF-8 is a lone
    surrogate (PEP 383), so ``text.encode(encoding, "surrogateescape")`` gives the file back.
    """

    __slots__ = ("_line_starts", "encoding", "path", "text")

    def __init__(self, path: str, text: str, encoding: str = "utf-8") -> None:
        self.path = path
        self.text = text
        self.encoding = encoding
        self._line_starts: list[int] | None = None

    @classmethod
    def from_bytes(cls, path: str, data: bytes) -> Source:
        """Decode a file: UTF-16 if it has a byte order mark or looks like it, otherwise UTF-8.

        A UTF-8 byte order mark stays in the text (as U+FEFF), because the compiler sees it too.
        """
        encoding = _utf_16(data)
        if encoding:
            with suppress(UnicodeDecodeError):
                return cls(path, data.decode(encoding), encoding)
        return cls(path, data.decode("utf-8", "surrogateescape"))

    @property
    def data(self) -> bytes:
        """The bytes of the file, without loss. Raises UnicodeEncodeError for a text that is of no file."""
        return self.text.encode(self.encoding, "surrogateescape")

    @property
    def line_starts(self) -> list[int]:
        """Offset of the first code point of every line."""
        starts = self._line_starts
        if starts is None:
            starts, find, at = [0], self.text.find, 0
            while (at := find("\n", at) + 1) > 0:
                starts.append(at)
            self._line_starts = starts
        return starts

    def position(self, offset: int) -> Position:
        """Line and column of an offset; the end of the text is a valid offset."""
        starts = self.line_starts
        line = bisect_right(starts, offset)
        return Position(line, offset - starts[line - 1] + 1)

    def line(self, number: int) -> str:
        """One line without its end (``\\n`` or ``\\r\\n``)."""
        starts = self.line_starts
        end = starts[number] - 1 if number < len(starts) else len(self.text)
        return self.text[starts[number - 1] : end].removesuffix("\r")

    def span(self, start: int, end: int) -> Span:
        """A span cut to the text, for the one place where arithmetic could step outside."""
        size = len(self.text)
        return Span(min(start, size), min(max(start, end), size))


def _utf_16(data: bytes) -> str:
    """The kind of UTF-16 that a file is, by its mark or a null in every other byte of its beginning; or nothing."""
    first, second = data[:_LOOKED_AT:2], data[1:_LOOKED_AT:2]
    if data.startswith(b"\xff\xfe") or (second and all(first) and not any(second)):
        return "utf-16-le"
    return "utf-16-be" if data.startswith(b"\xfe\xff") or (second and all(second) and not any(first)) else ""
