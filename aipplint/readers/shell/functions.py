"""Functions of a script: their definitions, and the effect of a call."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from aipplint.readers.shell import loops
from aipplint.readers.shell.programs import Words
from aipplint.readers.shell.shell import Shell
from aipplint.readers.shell.state import EXITED, Arguments, Frame, Outcome
from aipplint.readers.shell.values import Unknown, may_vanish
from aipplint.readers.traced import Traced

if TYPE_CHECKING:
    from tree_sitter import Node

MAX_CALLS, MAX_CALL_DEPTH = 200, 8
"""Calls of functions in a script, and calls inside calls."""


class Functions:
    """Calls the functions of a script. ``run`` runs a statement."""

    def __init__(self, shell: Shell, run: Callable[[Node], Outcome]) -> None:
        self._shell = shell
        self._run = run
        self._called: set[str] = set()
        self._calls = MAX_CALLS
        self._call_depth = 0
        self._changed: dict[str, tuple[str, ...]] = {}
        """What functions change that were called too often."""

    def __contains__(self, name: object) -> bool:
        return name in self._shell.functions

    def define(self, node: Node) -> Outcome:
        """``name() { ... }``."""
        name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
        if name is not None and body is not None:
            self._shell.functions[self._shell.text.text_of(name)] = (self._shell.text, body)
            self._changed.clear()
        return Outcome.LIKELY

    def never_called(self) -> list[str]:
        """The functions that nothing was seen to call, up to now."""
        return [name for name in self._shell.functions if name not in self._called]

    def call(self, name: str, arguments: Arguments) -> Outcome:
        """Call a function of the script."""
        if self._calls <= 0 or self._call_depth >= MAX_CALL_DEPTH:
            return self._not_called(name)
        self._calls -= 1
        self._call_depth += 1
        self._called.add(name)
        text_before, frame_before, caller = self._shell.text, self._shell.frame, self._shell.state
        self._shell.text, body = self._shell.functions[name]
        self._shell.state = caller.fork()
        self._shell.state.arguments = arguments
        self._shell.frame = frame = Frame(self._shell.state)
        try:
            outcome = self._run(body)
        finally:
            ended = self._shell.state
            self._shell.text, self._shell.frame, self._shell.state = text_before, frame_before, caller
            self._call_depth -= 1
        paths = [*([] if ended.ended else [ended]), *frame.returns]
        for path in paths:
            path.ended, path.arguments = 0, caller.arguments
            for local in frame.local & path.own.keys():
                del path.own[local]
        if len(paths) == 1:
            caller.adopt(paths[0])
        elif paths:
            self._shell.merge(paths)
        else:
            caller.ended = EXITED
        return Outcome.OPEN if frame.returns else outcome

    def _not_called(self, name: str) -> Outcome:
        """The limit of calls is reached: the variables that the function changes become unknown."""
        if name not in self._changed:
            self._changed[name] = tuple(loops.changes(self._shell, *self._shell.functions[name]))
        self._shell.steps -= len(self._changed[name])
        for changed in self._changed[name]:
            self._shell.assign(changed, Unknown())
        return Outcome.OPEN


def arguments_of(words: Words, shell: Shell) -> Arguments:
    """The positional parameters that words become, up to the first one whose number is uncertain."""
    values: list[Traced] = []
    for value, _ in words:
        if may_vanish(value) and not shell.in_document:
            return Arguments(tuple(values), more=True)
        many = next((segment for segment in value if segment.many or segment.optional), None)
        if many is not None:
            return Arguments(tuple(values), more=True, of_script=many.positional)
        values.append(tuple(segment._replace(splits=False) for segment in value))
    return Arguments(tuple(values), more=False)
