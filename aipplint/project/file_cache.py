"""The contents of the files of a run: each file is read once, though several parts of a run look into it."""

from __future__ import annotations

import os

from aipplint.project.reading import Content, TooLarge, read_file
from aipplint.source import MAX_BYTES

MAX_KEPT = 8 * 1024 * 1024
"""Bytes that are kept for somebody who may look again. What comes after that may be read twice."""


class FileCache:
    """Reads files and keeps what it read until it is taken: by the last who needs it."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}
        self._size = 0

    def read(self, path: str, limit: int = MAX_BYTES) -> Content:
        """The content of a file, which somebody will look at again. ``limit``: the size in bytes."""
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
        """The content of a file, which nobody will look at again."""
        content = self._kept.pop(os.path.abspath(path), None)
        if content is None:
            return read_file(path)
        self._size -= len(content)
        return content

    def drop(self, path: str) -> None:
        """Keep a file no longer: there was nothing in it."""
        if (content := self._kept.pop(os.path.abspath(path), None)) is not None:
            self._size -= len(content)

    def forget(self) -> None:
        """Keep nothing: files may have changed."""
        self._kept.clear()
        self._size = 0
