"""A progress line on the terminal during a long run, removed before other output."""

from __future__ import annotations

import os
import sys
import time
from typing import Any, Self, TextIO

from aipplint.cli.output import plural

_AFTER = 1.0
"""Seconds after which somebody wonders, and between two lines."""
_OFTEN = 0.1
"""Seconds between two states of a bar."""
_WIDE = 30
_CLEAR = "\r\x1b[K"


class Progress:
    """Shows the number of files and the elapsed time during a long run: ``with Progress(files):``.

    A timer of the system does it: no thread, which processes that are started meanwhile would have to fear. Windows has
    none, and goes without.
    """

    def __init__(self, files: int, stream: TextIO | None = None, after: float = _AFTER) -> None:
        self._files = files
        self._stream = stream or sys.stderr
        self._after = after
        self._begin = 0.0
        self._shown = False
        self._before: Any = None

    def __enter__(self) -> None:
        if self._files < 2 or not self._stream.isatty() or os.environ.get("TERM") == "dumb":
            return
        import signal

        if hasattr(signal, "setitimer"):
            self._begin = time.monotonic()
            self._before = signal.signal(signal.SIGALRM, self._show)
            signal.setitimer(signal.ITIMER_REAL, self._after, self._after)

    def __exit__(self, *_: object) -> None:
        if self._before is None:
            return
        import signal

        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, self._before)
        if self._shown:
            self._stream.write(_CLEAR)
            self._stream.flush()

    def _show(self, _signal: int, _frame: object) -> None:
        self._shown = True
        seconds = time.monotonic() - self._begin
        self._stream.write(f"{_CLEAR}aipplint: checking {plural(self._files, 'file')}, {seconds:.0f} s")
        self._stream.flush()


class Bar:
    """Shows how far a computation is, on a terminal and once it takes long: ``with Bar("computing") as bar:``."""

    def __init__(self, what: str, stream: TextIO | None = None, after: float = _AFTER) -> None:
        self._what = what
        self._stream = stream or sys.stderr
        self._due = time.monotonic() + after
        self._shown = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._shown:
            self._stream.write(_CLEAR)
            self._stream.flush()

    def tick(self, done: int, of: int) -> None:
        """Show how many steps are done, at most ten times a second."""
        now = time.monotonic()
        if now < self._due or not self._stream.isatty() or os.environ.get("TERM") == "dumb":
            return
        self._due, self._shown = now + _OFTEN, True
        filled = _WIDE * done // of
        self._stream.write(
            f"{_CLEAR}aipplint: {self._what} [{'#' * filled}{'.' * (_WIDE - filled)}] {100 * done // of} %"
        )
        self._stream.flush()
