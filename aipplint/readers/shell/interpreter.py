"""Interprets a whole script: the composition of the parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipplint.readers.shell.assignments import Assignments
from aipplint.readers.shell.commands import Commands
from aipplint.readers.shell.expansion import Expander
from aipplint.readers.shell.functions import Functions
from aipplint.readers.shell.shell import Shell
from aipplint.readers.shell.state import Arguments, Outcome, State
from aipplint.readers.shell.statements import Statements
from aipplint.readers.shell.strings import StringRunner
from aipplint.readers.shell.text import ShellText, ValueText
from aipplint.readers.traced import Traced

if TYPE_CHECKING:
    from tree_sitter import Node


class Interpreter:
    """One shell, and the parts that interpret a script in it.

    Expansion needs the output of commands, and functions and strings run statements: these callbacks are passed down
    from here.
    """

    def __init__(self, path: str, state: State, *, in_document: bool) -> None:
        self.shell = Shell(path, state, in_document=in_document)
        expander = Expander(self.shell, self._captured)
        assignments = Assignments(self.shell, expander)
        self._functions = Functions(self.shell, self._run)
        strings = StringRunner(self.shell, self.run_text)
        self._commands = Commands(self.shell, expander, assignments, self._functions, strings)
        self._statements = Statements(self.shell, expander, assignments, self._functions, self._commands)

    def _captured(self, node: Node) -> Traced | None:
        return self._statements.captured(node)

    def _run(self, node: Node) -> Outcome:
        return self._statements.run(node)

    def run_text(self, text: ShellText) -> Outcome:
        """Go through a text."""
        with self.shell.reading(text):
            return self._statements.run(text.parsed.root)

    def finish(self) -> None:
        """Read the parts of the script that did not run: functions for other scripts, commands in strings."""
        self.shell.state.ended = 0
        for name in self._functions.never_called():
            with self.shell.in_fork():
                self._functions.call(name, Arguments())
        self._commands.whole = True
        for candidate in self.shell.collector.never_run():
            with self.shell.in_fork() as fork:
                fork.folder = candidate.folder
                # Others run it, later: all that the script fetches may be there by then.
                self.run_text(ValueText(candidate.value))
