"""The shell that interprets a script: the data that all parts of the interpreter share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from aipplint.readers.shell.collector import Collector
from aipplint.readers.shell.state import EXITED, Frame, Output, State
from aipplint.readers.shell.text import ShellText, ValueText
from aipplint.readers.shell.values import Array, Stored, Unknown
from aipplint.readers.traced import Traced, known

if TYPE_CHECKING:
    from tree_sitter import Node

MAX_STEPS = 5_000
"""Statements that are gone through in a script, those of loops and functions counted each time."""

MAX_LOOKS = 40_000
"""Nodes of a script that are searched for the changes of loops and functions; nested ones count several times."""

MAX_DEPTH = 60
"""Maximum nesting of commands and words. Real scripts have about ten."""

_PARTS_IN_A_STEP = 16

_LOGS = (".log", ".txt", ".out")


class Shell:
    """The state of the shell, and its results.

    ``path`` is that of the script, '' if it is unknown; ``in_document``: the script stands in a document.
    ``state`` has the variables and the folder, ``text`` is what is being read, ``frame`` the function that is being
    called, ``input`` what a command may read and ``output`` where it prints to, if anybody wants to know. ``fetched``
    says that a file may have been made or fetched. ``depth``, ``steps`` and ``looks`` hold to the limits.
    """

    def __init__(self, path: str, state: State, *, in_document: bool) -> None:
        self.path = path
        self.in_document = in_document
        self.state = state
        self.text: ShellText = ValueText(())
        self.functions: dict[str, tuple[ShellText, Node]] = {}
        self.frame: Frame | None = None
        self.input: Traced | None = None
        self.output: Output | None = None
        self.collector = Collector(in_document=in_document)
        self.fetched = False
        self.depth = 0
        self.steps = MAX_STEPS
        self.looks = MAX_LOOKS

    def assign(self, name: str, stored: Stored | None) -> None:
        """Give a variable a value, which may hold a command. One of many parts costs more than one step."""
        self.state.own[name] = stored
        if isinstance(stored, tuple):
            self.steps -= len(stored) // _PARTS_IN_A_STEP
        self._notice(stored)

    def _notice(self, stored: Stored | None) -> None:
        if stored is not None and not isinstance(stored, Array | Unknown):
            self.collector.notice(stored, self.state)

    def write(self, target: Traced, content: Traced | None, *, appended: bool) -> None:
        """Write a file, which may be a configuration, or another script."""
        path = known(target)
        if path is not None and (path.startswith("/dev/") or path.isdigit()):
            return
        if path is None or not path.endswith(_LOGS):
            self.fetched = True
        self.collector.write(target, content, self.state, appended=appended)
        if path is not None and path.endswith(".sh"):
            self._notice(content)

    def merge(self, forks: Sequence[State], *, positional: bool = False) -> None:
        """Continue with the state that holds after any of the forks, as State.merge."""
        self.prints_unknown()
        for stored in self.state.merge(forks, positional=positional).values():
            self._notice(stored)

    def leave(self, reason: int) -> None:
        """``return`` and ``exit``."""
        if reason != EXITED and self.frame is not None:
            self.frame.returns.append(self.state.since(self.frame.base.parent or self.frame.base))
        self.state.ended = reason

    def prints_unknown(self) -> None:
        """Add unknown text to the output."""
        if self.output is not None:
            self.output.known = False

    @contextmanager
    def in_fork(self) -> Iterator[State]:
        """Go on in a state of its own for a while, which is given."""
        before, self.state = self.state, self.state.fork()
        try:
            yield self.state
        finally:
            self.state = before

    @contextmanager
    def reading(self, text: ShellText) -> Iterator[None]:
        """Read another text for a while."""
        before, self.text = self.text, text
        try:
            yield
        finally:
            self.text = before

    @contextmanager
    def other_streams(self) -> Iterator[None]:
        """Input and output may be others for a while."""
        before = self.input, self.output
        try:
            yield
        finally:
            self.input, self.output = before
