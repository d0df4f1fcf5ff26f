"""A cache of file contents: each file of a run is read once."""

from __future__ import annotations

import os

from aipplint.project.reading import Content, TooLarge, read_file
from aipplint.source import MAX_BYTES

MAX_KEPT = 8 * 1024 * 1024
"""Maximum number of bytes that are kept. Later files may be read twice."""


class FileCache:
    """Reads files and keeps their contents until the last user takes them."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}
        self._size = 0

    def read(self, path: str, limit: int = MAX_BYTES) -> Content:
        """Return the content of a file and keep it. ``limit``: the maximum size in bytes."""
        full = os.path.abspath(path)
        content = self._kept.get(full)
        if content is not None:
            return content if len(content) <= limit else TooLarge(len(content))
        read = read_file(path, limit)
        if isinstance(read, bytes) and self._size + len(read) <= MAX_KEPT:
            self._kept[full] = read
            self._size += len(read)
        return read

    def take(self, path: str) -> Content:
        """Return the content of a file and drop it."""
        content = self._kept.pop(os.path.abspath(path), None)
        if content is None:
            return read_file(path)
        self._size -= len(content)
        return content

    def drop(self, path: str) -> None:
        """Drop the content of a file."""
        if (content := self._kept.pop(os.path.abspath(path), None)) is not None:
            self._size -= len(content)

    def forget(self) -> None:
        """Drop all contents, because files may have changed."""
        self._kept.clear()
        self._size = 0
