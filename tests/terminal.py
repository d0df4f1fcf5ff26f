"""A terminal that nobody looks at: a program in it believes that somebody types and reads."""

from __future__ import annotations

import os
import re
import select
import signal
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Self

PATIENCE = 60.0
"""Seconds to wait for something to appear: only a program that hangs takes so long."""


class Terminal:
    """A program in a terminal. Only where Python has ``pty``: not on Windows."""

    def __init__(self, command: Sequence[str], folder: Path, environment: Mapping[str, str], columns: int = 80) -> None:
        import pty
        import termios

        self.seen = ""
        """Everything that the program printed, standard output and standard error, as the terminal got it."""
        self._process, self._terminal = pty.fork()
        if self._process == 0:
            try:
                termios.tcsetwinsize(0, (24, columns))
                os.chdir(folder)
                os.execvpe(command[0], list(command), dict(environment))
            finally:
                os._exit(127)

    def type(self, text: str) -> None:
        """Press keys."""
        os.write(self._terminal, text.encode())

    def until(self, pattern: str) -> re.Match[str]:
        """Wait until what was printed matches a pattern."""
        while not (match := re.search(pattern, self.seen)):
            assert self._read(), f"the program ended without {pattern!r}: {self.seen!r}"
        return match

    def quiet(self, seconds: float = 0.2) -> None:
        """Wait until nothing has been printed for a while."""
        size = -1
        while len(self.seen) > size:
            size = len(self.seen)
            if select.select([self._terminal], [], [], seconds)[0]:
                self._read()

    def end(self) -> int:
        """Wait for the end of the program; its exit code."""
        while self._read():
            pass
        status = os.waitpid(self._process, 0)[1]
        self._process = 0
        return os.waitstatus_to_exitcode(status)

    def _read(self) -> bool:
        """Read what is there or comes next; whether the program still has its terminal."""
        if not select.select([self._terminal], [], [], PATIENCE)[0]:
            raise AssertionError(f"nothing more was printed for {PATIENCE:.0f} s: {self.seen!r}")
        try:
            data = os.read(self._terminal, 65536)
        except OSError:
            return False
        self.seen += data.decode(errors="replace")
        return bool(data)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process:
            with suppress(ProcessLookupError):
                os.kill(self._process, signal.SIGKILL)
            os.waitpid(self._process, 0)
        os.close(self._terminal)
