"""Strings that are run as commands: by ``eval``, by ``bash -c``, by a shell that reads them."""

from __future__ import annotations

from collections.abc import Callable

from aipplint.readers.shell.shell import Shell
from aipplint.readers.shell.state import Arguments, Outcome
from aipplint.readers.shell.text import ShellText, ValueText
from aipplint.readers.traced import Traced

MAX_EVALUATIONS = 200
"""Strings that are run in a script."""


class StringRunner:
    """Runs strings. ``run_text`` interprets a text in the shell."""

    def __init__(self, shell: Shell, run_text: Callable[[ShellText], Outcome]) -> None:
        self._shell = shell
        self._run_text = run_text
        self._left = MAX_EVALUATIONS

    def run(self, value: Traced) -> Outcome:
        """Run a string in this shell."""
        if self._left <= 0 or not value:
            return Outcome.LIKELY
        self._left -= 1
        return self._run_text(ValueText(value))

    def run_in_fork(self, value: Traced, arguments: Arguments) -> None:
        """Run a string in a shell of its own, which has these arguments."""
        with self._shell.in_fork() as fork:
            fork.arguments = arguments
            self.run(value)
