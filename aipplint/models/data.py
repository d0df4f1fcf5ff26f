"""Random access to the bytes of a file, without reading it completely."""

from __future__ import annotations

from collections.abc import Callable

HEAD = 1024
"""How many bytes tell what a file is."""
MAX_TEXT = 1024 * 1024
"""Longest name or command that is read, in bytes."""
_CHUNK = 4096
_AHEAD = 20
"""Most bytes that a tag and a number take."""
_MAX_BYTES = 64 * 1024 * 1024
_MAX_STEPS = 300_000
"""What one file may cost: bytes read, and fields walked. A network of 30,000 operators needs less."""


class Malformed(Exception):
    """The bytes are invalid; the text gives the reason."""


class Exhausted(Malformed):
    """The reading budget is used up."""


class SomethingElse(Malformed):
    """The bytes are valid, but have a different format, which the text names."""


class Data:
    """Bytes that a function reads by offset and ``size``, with a budget for the cost.

    ``chunk`` are the bytes at hand, from the offset ``base`` on.
    """

    __slots__ = ("_bytes_left", "_read_at", "_steps_left", "base", "chunk", "size")

    def __init__(self, read_at: Callable[[int, int], bytes], size: int) -> None:
        self._read_at = read_at
        self.size = size
        self.chunk = b""
        self.base = 0
        self._steps_left = _MAX_STEPS
        self._bytes_left = _MAX_BYTES

    @classmethod
    def of(cls, content: bytes) -> Data:
        """Bytes that are in memory."""
        return cls(lambda offset, size: content[offset : offset + size], len(content))

    def spend(self) -> None:
        """Count one field that is walked."""
        self._steps_left -= 1
        if self._steps_left < 0:
            raise Exhausted("the description of the model has too many parts")

    def load(self, offset: int) -> int:
        """Load the bytes at an offset; return their position in ``chunk``."""
        place = offset - self.base
        if place < 0 or place + _AHEAD > len(self.chunk):
            self.chunk = self.read(offset, min(offset + _CHUNK, self.size))
            self.base = offset
            place = 0
        return place

    def read(self, start: int, end: int) -> bytes:
        """The bytes from ``start`` to ``end``."""
        self._bytes_left -= end - start
        if self._bytes_left < 0:
            raise Exhausted("the description of the model is too large")
        content = self._read_at(start, end - start) if end > start else b""
        if len(content) < end - start:
            raise Malformed("the file ends too early")
        return content

    def text(self, span: tuple[int, int]) -> str:
        """A text of the file; a byte that is not UTF-8 is a lone surrogate (PEP 383)."""
        start, end = span
        if end - start > MAX_TEXT:
            raise Exhausted(f"a text of {end - start:,} bytes in the description of the model")
        place = start - self.base
        if place >= 0 and place + end - start <= len(self.chunk):
            return self.chunk[place : place + end - start].decode("utf-8", "surrogateescape")
        return self.read(start, end).decode("utf-8", "surrogateescape")
