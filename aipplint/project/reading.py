"""Reading untrusted files: never blocks, never reads more than the limit."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from aipplint.project.border import leads_out
from aipplint.records import NamedTuple
from aipplint.source import MAX_BYTES

STDIN = "-"


class Unreadable(NamedTuple):
    """The reason why a file cannot be read, as text."""

    reason: str


class TooLarge(NamedTuple):
    """The size in bytes of a file that is above the limit (of standard input: what was read before giving up)."""

    size: int


Content = bytes | Unreadable | TooLarge

_KINDS = (
    (stat.S_ISDIR, "is a folder"),
    (stat.S_ISFIFO, "is a pipe (FIFO)"),
    (stat.S_ISSOCK, "is a socket"),
    (stat.S_ISCHR, "is a device"),
    (stat.S_ISBLK, "is a device"),
)


def read_file(path: str, limit: int = MAX_BYTES) -> Content:
    """The bytes of a regular file; its size is looked at before anything is read."""
    try:
        with opened(path, limit) as descriptor:
            return _read(descriptor, limit) if isinstance(descriptor, int) else descriptor
    except OSError as error:
        return Unreadable(reason_of(error))


@contextmanager
def opened(path: str, limit: int = sys.maxsize) -> Iterator[int | Unreadable | TooLarge]:
    """A descriptor of a regular file, closed at the end; or why there is none.

    There is none for a file of a repository that a link leads out of, nor for one of more bytes than the limit.
    """
    found = _open(path, limit)
    try:
        yield found
    finally:
        if isinstance(found, int):
            os.close(found)


def _open(path: str, limit: int) -> int | Unreadable | TooLarge:
    try:
        if leads_out(path):
            return Unreadable("a link leads out of the repository")
        status = os.stat(path)
        if reason := _not_a_file(status):
            return Unreadable(reason)
        if status.st_size > limit:
            return TooLarge(status.st_size)
        # What was a file a moment ago may be a pipe now: O_NONBLOCK lets the open return.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        if reason := _not_a_file(os.fstat(descriptor)):
            os.close(descriptor)
            return Unreadable(reason)
    except (OSError, ValueError) as error:
        return Unreadable(reason_of(error))
    return descriptor


def read_stdin(limit: int = MAX_BYTES) -> Content:
    """The bytes of standard input."""
    try:
        return _read(0, limit)
    except OSError as error:
        return Unreadable(reason_of(error))


def _read(descriptor: int, limit: int) -> Content:
    chunks: list[bytes] = []
    size = 0
    while size <= limit and (chunk := os.read(descriptor, limit + 1 - size)):
        chunks.append(chunk)
        size += len(chunk)
    return TooLarge(size) if size > limit else b"".join(chunks)


def reason_of(error: OSError | ValueError) -> str:
    """An error of the operating system in words, without its number and path."""
    text = error.strerror if isinstance(error, OSError) else "the path contains a null character"
    return (text or "unknown error").lower()


def _not_a_file(status: os.stat_result) -> str:
    if stat.S_ISREG(status.st_mode):
        return ""
    return next((words for test, words in _KINDS if test(status.st_mode)), "is not a regular file")
