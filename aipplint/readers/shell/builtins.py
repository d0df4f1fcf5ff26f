"""Built-in commands of the shell, and their effect on its state."""

from __future__ import annotations

from collections.abc import Callable

from aipplint.readers.shell.assignments import Assignments
from aipplint.readers.shell.conditions import test_of_words, tested
from aipplint.readers.shell.functions import arguments_of
from aipplint.readers.shell.programs import Invocation, Words
from aipplint.readers.shell.shell import Shell
from aipplint.readers.shell.state import EXITED, RETURNED, Arguments, Outcome
from aipplint.readers.shell.strings import StringRunner
from aipplint.readers.traced import Segment, known

MAX_FOLDERS = 50
"""Folders that ``popd`` can go back to."""


class Builtins:
    """Runs the shell's own commands."""

    def __init__(self, shell: Shell, assignments: Assignments, strings: StringRunner) -> None:
        self._shell = shell
        self._strings = strings
        self._by_name: dict[str, Callable[[Invocation], Outcome]] = {
            "cd": self._cd,
            "pushd": self._cd,
            "popd": self._popd,
            "eval": self._eval,
            "set": self._set,
            "shift": self._shift,
            "exit": self._exit,
            "return": self._return,
            "read": assignments.read,
            "getopts": assignments.read,
            "mapfile": assignments.read,
            "readarray": assignments.read,
            "let": assignments.let,
            "test": self._test,
            "true": lambda _: Outcome.TRUE,
            ":": lambda _: Outcome.TRUE,
            "false": lambda _: Outcome.FALSE,
        }

    def run(self, words: Words) -> Outcome | None:
        """Run a built-in command; None if it is not one."""
        run = self._by_name.get(known(words[0][0]) or "")
        return None if run is None else run(Invocation(words[1:], words[0][1]))

    def _cd(self, invocation: Invocation) -> Outcome:
        state = self._shell.state
        targets = [
            value for value, _ in invocation.words if not (known(value) or "").startswith("-") or known(value) == "-"
        ]
        before = state.folder
        if not targets:
            state.enter((), None)
        elif known(targets[0]) == "-":
            state.folder, state.previous = state.previous, state.folder
        else:
            state.enter(targets[0], known(targets[0]))
        state.stack = (*state.stack, before)[-MAX_FOLDERS:]
        return Outcome.LIKELY

    def _popd(self, _: Invocation) -> Outcome:
        state = self._shell.state
        state.previous = state.folder
        state.folder = state.stack[-1] if state.stack else None
        state.stack = state.stack[:-1]
        return Outcome.LIKELY

    def _eval(self, invocation: Invocation) -> Outcome:
        segments: list[Segment] = []
        for value, _ in invocation.words:
            segments += [*value, Segment(" ", invocation.place)]
        return self._strings.run(tuple(segments[:-1]))

    def _set(self, invocation: Invocation) -> Outcome:
        """``set -e``, ``set -euo pipefail``, ``set -- a b``, ``set a b``."""
        words, at = invocation.words, 0
        while at < len(words):
            text = known(words[at][0])
            at += 1
            if text is None or not text.startswith(("-", "+")):
                self._set_arguments(words[at - 1 :])
                break
            if text == "--" or (text == "-" and at < len(words)):
                self._set_arguments(words[at:])
                break
            named = text.count("o")
            while named and at < len(words) and not (known(words[at][0]) or "").startswith(("-", "+")):
                named -= 1
                at += 1
        return Outcome.LIKELY

    def _set_arguments(self, words: Words) -> None:
        """Outside quotes, an unknown part may be any number of words: ``set -- $line``."""
        evaluated = not self._shell.text.written  # eval set -- "$OPTIONS"

        def spread(segment: Segment) -> Segment:
            return segment._replace(many=segment.many or (segment.text is None and (segment.splits or evaluated)))

        made = [(tuple(map(spread, value)), place) for value, place in words]
        self._shell.state.arguments = arguments_of(made, self._shell)

    def _shift(self, invocation: Invocation) -> Outcome:
        text = known(invocation.words[0][0]) if invocation.words else "1"
        arguments = self._shell.state.arguments
        if text is None or not text.isdigit():
            self._shell.state.arguments = Arguments((), more=True, of_script=arguments.of_script)
        else:
            self._shell.state.arguments = arguments.shifted(int(text[:4]))
        return Outcome.LIKELY

    def _exit(self, _: Invocation) -> Outcome:
        if not self._shell.in_document:
            self._shell.leave(EXITED)
        return Outcome.OPEN

    def _return(self, _: Invocation) -> Outcome:
        if self._shell.frame is not None:
            self._shell.leave(RETURNED)
        return Outcome.OPEN

    def _test(self, invocation: Invocation) -> Outcome:
        return tested(self._shell, test_of_words([value for value, _ in invocation.words]))
