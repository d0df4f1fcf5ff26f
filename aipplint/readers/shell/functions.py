"""Functions of a script, and the states that its branches come to."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from aipplint.readers.shell import loops
from aipplint.readers.shell.assignments import Assignments
from aipplint.readers.shell.state import EXITED, Arguments, Frame, Outcome, Output, State
from aipplint.readers.shell.text import Text
from aipplint.readers.shell.values import Unknown

if TYPE_CHECKING:
    from tree_sitter import Node

MAX_STEPS = 20_000
"""Statements that are gone through in a script, those of loops and functions counted each time."""

MAX_CALLS, MAX_CALL_DEPTH = 200, 8
"""Calls of functions in a script, and calls inside calls."""


class Functions(Assignments):
    """Calls the functions of a script, and brings its branches together."""

    def __init__(self, path: str, state: State) -> None:
        super().__init__(path, state)
        self.functions: dict[str, tuple[Text, Node]] = {}
        self.called: set[str] = set()
        self.steps = MAX_STEPS
        self.calls = MAX_CALLS
        self.call_depth = 0
        self._changed: dict[str, tuple[str, ...]] = {}
        """What functions change that were called too often."""
        self.output: Output | None = None

    @abstractmethod
    def run(self, node: Node) -> Outcome:
        """Go through one statement."""

    def in_fork(self, run: Callable[[], object]) -> State:
        """Go on in a state of its own, which is given back."""
        before, self.state = self.state, self.state.fork()
        try:
            run()
            return self.state
        finally:
            self.state = before

    def merge(self, forks: Sequence[State], *, positional: bool = False) -> None:
        """Come to what holds whichever of the forks was run, as State.merge."""
        if self.output is not None:
            self.output.known = False
        for stored in self.state.merge(forks, positional=positional).values():
            self.noticed(stored)

    def define(self, node: Node) -> Outcome:
        """``name() { ... }``."""
        name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
        if name is not None and body is not None:
            self.functions[self.text.text_of(name)] = (self.text, body)
            self._changed.clear()
        return Outcome.LIKELY

    def call(self, name: str, arguments: Arguments) -> Outcome:
        """Call a function of the script."""
        if self.calls <= 0 or self.call_depth >= MAX_CALL_DEPTH:
            return self._not_called(name)
        self.calls -= 1
        self.call_depth += 1
        self.called.add(name)
        text_before, frame_before, caller = self.text, self.frame, self.state
        self.text, body = self.functions[name]
        self.state = caller.fork()
        self.state.arguments = arguments
        self.frame = frame = Frame(self.state)
        try:
            outcome = self.run(body)
        finally:
            ended = self.state
            self.text, self.frame, self.state = text_before, frame_before, caller
            self.call_depth -= 1
        paths = [*([] if ended.ended else [ended]), *frame.returns]
        for path in paths:
            path.ended, path.arguments = 0, caller.arguments
            for local in frame.local & path.own.keys():
                del path.own[local]
        if len(paths) == 1:
            caller.adopt(paths[0])
        elif paths:
            self.merge(paths)
        else:
            caller.ended = EXITED
        return Outcome.OPEN if frame.returns else outcome

    def _not_called(self, name: str) -> Outcome:
        """One call too many: what the function changes is not known."""
        if name not in self._changed:
            self._changed[name] = tuple(loops.changes(*self.functions[name], self.functions))
        self.steps -= len(self._changed[name])
        for changed in self._changed[name]:
            self.assign(changed, Unknown())
        return Outcome.OPEN

    def leave(self, reason: int) -> None:
        """``return`` and ``exit``."""
        if reason != EXITED and self.frame is not None:
            self.frame.returns.append(self.state.since(self.frame.base.parent or self.frame.base))
        self.state.ended = reason
