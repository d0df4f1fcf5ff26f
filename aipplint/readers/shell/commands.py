"""Simple commands: the programs that are looked for, and what the shell's own commands do."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from aipplint.findings import Place
from aipplint.readers.shell import printing
from aipplint.readers.shell.collector import Collector, Tail
from aipplint.readers.shell.conditions import Test, test_of_words
from aipplint.readers.shell.programs import (
    PRINTING,
    SHELLS,
    Words,
    fetches,
    name_of,
    program_of,
    script_of,
    script_path,
    sets_up,
    unwrapped,
)
from aipplint.readers.shell.redirections import redirections
from aipplint.readers.shell.state import EXITED, RETURNED, Arguments, Outcome, State, outcome_of
from aipplint.readers.shell.statements import Statements
from aipplint.readers.shell.text import ValueText
from aipplint.readers.shell.values import Array, Stored, Unknown, bounded, may_vanish
from aipplint.readers.traced import Segment, Traced, known, known_start

if TYPE_CHECKING:
    from tree_sitter import Node

_LOGS = (".log", ".txt", ".out")
_SILENT = frozenset(("mkdir", "rm", "touch", "chmod", "sleep", "wait"))
_TESTS = frozenset(("grep", "egrep", "diff", "cmp", "which", "type", "pgrep", "id", "expr", "ls", "hash", "command"))
_MAX_EVALUATIONS = 200


class Interpreter(Statements):
    """Reads a script to its end. ``in_document``: it stands in a document."""

    def __init__(self, path: str, state: State, *, in_document: bool) -> None:
        super().__init__(path, state)
        self.in_document = in_document
        self.collector = Collector(in_document=in_document)
        self.fetched = False
        self._unsure = False
        self._evaluations = _MAX_EVALUATIONS
        self._tail: Tail | None = None
        self._builtins: dict[str, Callable[[Words, Place], Outcome]] = {
            "cd": self._cd,
            "pushd": self._cd,
            "popd": self._popd,
            "eval": self._eval,
            "set": self._set,
            "shift": self._shift,
            "exit": self._exit,
            "return": self._return,
            "read": self.run_read,
            "getopts": self.run_read,
            "mapfile": self.run_read,
            "readarray": self.run_read,
            "let": self.run_let,
            "test": self._test_words,
            "true": lambda _words, _place: Outcome.TRUE,
            ":": lambda _words, _place: Outcome.TRUE,
            "false": lambda _words, _place: Outcome.FALSE,
        }

    def finish(self) -> None:
        """What stands in the script but was not run: functions for others to call, commands in strings."""
        self.state.ended = 0
        for name in list(self.functions):
            if name not in self.called:
                self.in_fork(partial(self.call, name, Arguments()))
        self._unsure = True
        for candidate in self.collector.never_run():
            fork = self.state.fork()
            fork.folder = candidate.folder
            before, self.state = self.state, fork
            # Others run it, later: all that the script fetches may be there by then.
            self.run_text(ValueText(candidate.value))
            self.state = before

    # What the statements ask for

    def noticed(self, stored: Stored | None) -> None:
        """A string that is given to a variable may hold a command."""
        if isinstance(stored, tuple) and not isinstance(stored, Array | Unknown):
            self.collector.notice(stored, self.state)

    def tested(self, test: Test) -> Outcome:
        """A file that is looked for need not be there."""
        for file in test.files():
            self.collector.look_for(file, self.state.folder)
        return outcome_of(test.outcome())

    def written(self, target: Traced, content: Traced | None, *, appended: bool) -> None:
        """A file is written, which may be a configuration, or another script."""
        text = known(target)
        if text is not None and (text.startswith("/dev/") or text.isdigit()):
            return
        if text is None or not text.endswith(_LOGS):
            self.fetched = True
        self.collector.write(target, content, self.state, appended=appended)
        if text is not None and text.endswith(".sh") and content is not None:
            self.collector.notice(content, self.state)

    def passed_over(self, node: Node) -> bool:
        """Whether a statement is the rest of a command; a document may mean it as a part of it."""
        tail = self._tail
        if tail is None or tail.text is not self.text or self.text.start(node) >= tail.end:
            return False
        children = [node] if node.type == "variable_assignment" else node.children
        rest = [child for child in children if self.text.start(child) < tail.end]
        if tail.draft is not None:
            self._tail = None  # commands inside words are no part of it
            for child in rest:
                tail.draft.words += self._words_of_option(child)
            self._tail = tail
        # The grammar takes options at the beginning of a line as assignments before the command on the next one.
        return len(rest) == len(children) or node.type != "command"

    def _words_of_option(self, node: Node) -> Words:
        """``--name=value`` at the beginning of a line, which the grammar takes as an assignment."""
        if node.type != "variable_assignment":
            return self.words_at(node)
        text, value = self.text, node.child_by_field_name("value")
        segments: list[Segment] = text.segments(
            text.start(node), text.end(node) if value is None else text.start(value)
        )
        return [((*segments, *(() if value is None else self.value_at(value))), text.place_of(node))]

    # Commands

    def run_command(self, node: Node) -> Outcome:
        """A simple command: its words are expanded, then it is looked at."""
        start = self.text.start(node)
        if self.passed_over(node) or self.text.letters[start - 1 : start] == "=":  # the grammar tore a word apart
            return Outcome.LIKELY
        words: list[tuple[Traced, Place]] = []
        redirects: list[Node] = []
        settings: list[Node] = []
        behind: list[Node] = []
        for child in node.children:
            kind = child.type
            if kind == "command_name":
                words += self.words_at(child.children[0] if child.child_count == 1 else child)
            elif kind.endswith("redirect"):
                redirects.append(child)
            elif kind == "variable_assignment":
                settings.append(child)
            elif child.is_named:
                behind.append(child)
        words += self.words_of(behind)
        if not words:
            return Outcome.LIKELY
        if redirects:
            return self.redirected(redirections(self, redirects), lambda: self._simple(words, node, settings))
        return self._simple(words, node, settings)

    def _simple(self, words: Words, node: Node, settings: Sequence[Node]) -> Outcome:
        """A command, given its words; ``settings`` are variables that are set for it alone: ``SOC=x build``."""
        name = known(words[0][0])
        if not settings or (name not in self.functions and name_of(words[0][0]) not in SHELLS):
            return self._started(words, node)
        before = {name: self.state.get(name) for name in map(self.name_at, settings)}
        for setting in settings:
            self.assign_at(setting)
        outcome = self._started(words, node)
        self.state.own.update(before)
        return outcome

    def _started(self, words: Words, node: Node) -> Outcome:
        name = known(words[0][0])
        if name in self.functions:
            return self.call(name, self._arguments(words[1:]))
        words = unwrapped(words)
        if not words:
            return Outcome.LIKELY
        name = known(words[0][0]) or ""
        builtin = self._builtins.get(name)
        if builtin is not None:
            return builtin(words[1:], words[0][1])
        program = program_of(words)
        if program is not None:
            self._unprinted()
            self._tail = (
                self.collector.add(program, self.state, self.text, node, fetches=self.fetched, whole=self._unsure)
                or self._tail
            )
            return Outcome.LIKELY
        if name in printing.PRINTERS:
            return self._print(name, words)
        if not (name or self.text.written or known_start(words[0][0])):  # eval "$(settings)"
            self.state.forget()
        return self._other(words)

    def _other(self, words: Words) -> Outcome:
        """A program that is not known here."""
        name = name_of(words[0][0])
        if name not in _SILENT:
            self._unprinted()
        if name in SHELLS and self._shell(words[1:]):
            return Outcome.LIKELY
        script = script_of(words)
        if script is not None:
            path = script_path(script.script)
            if path:
                self.collector.call(path, script.words, self.state)
            if not (script.sourced and sets_up(script.script)):
                self.fetched = True
                if script.sourced:
                    self.state.forget()
            return Outcome.LIKELY
        if name not in PRINTING:
            for value, _ in words:
                self.collector.notice(value, self.state)
        self.fetched = self.fetched or fetches(words)
        return Outcome.OPEN if name in _TESTS else Outcome.LIKELY

    def _unprinted(self) -> None:
        """Something prints what is not known."""
        if self.output is not None:
            self.output.known = False

    def _shell(self, words: Words) -> bool:
        """``bash -c "..."``, and a shell that reads its commands from a here document."""
        for at, (value, _) in enumerate(words):
            text = known(value)
            if text is None or not text.startswith("-"):
                return False
            if text.endswith("c") and not text.startswith("--") and at + 1 < len(words):
                arguments = self._arguments(words[at + 3 :])
                self._evaluate(words[at + 1][0], arguments)
                return True
        if self.input:
            self._evaluate(self.input, Arguments((), more=False))
            return True
        return False

    def _evaluate(self, value: Traced, arguments: Arguments | None) -> Outcome:
        """Run a string: in this shell, or with ``arguments`` in one of its own."""
        if self._evaluations <= 0 or not value:
            return Outcome.LIKELY
        self._evaluations -= 1
        text = ValueText(value)
        if arguments is None:
            return self.run_text(text)

        def run() -> None:
            self.state.arguments = arguments
            self.run_text(text)

        self.in_fork(run)
        return Outcome.LIKELY

    def _arguments(self, words: Words) -> Arguments:
        values: list[Traced] = []
        for value, _ in words:
            if may_vanish(value) and not self.in_document:
                return Arguments(tuple(values), more=True)
            many = next((segment for segment in value if segment.many or segment.optional), None)
            if many is not None:
                return Arguments(tuple(values), more=True, of_script=many.positional)
            values.append(tuple(segment._replace(splits=False) for segment in value))
        return Arguments(tuple(values), more=False)

    # The shell's own commands

    def _cd(self, words: Words, place: Place) -> Outcome:
        del place
        state = self.state
        targets = [value for value, _ in words if not (known(value) or "").startswith("-") or known(value) == "-"]
        before = state.folder
        if not targets:
            state.enter((), None)
        elif known(targets[0]) == "-":
            state.folder, state.previous = state.previous, state.folder
        else:
            state.enter(targets[0], known(targets[0]))
        state.stack = (*state.stack, before)[-50:]
        return Outcome.LIKELY

    def _popd(self, words: Words, place: Place) -> Outcome:
        del words, place
        state = self.state
        state.previous = state.folder
        state.folder = state.stack[-1] if state.stack else None
        state.stack = state.stack[:-1]
        return Outcome.LIKELY

    def _eval(self, words: Words, place: Place) -> Outcome:
        segments: list[Segment] = []
        for value, _ in words:
            segments += [*value, Segment(" ", place)]
        return self._evaluate(tuple(segments[:-1]), None)

    def _set(self, words: Words, place: Place) -> Outcome:
        del place
        """``set -e``, ``set -euo pipefail``, ``set -- a b``, ``set a b``."""
        at = 0
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
        """Outside quotes, what is not known may be any number of words: ``set -- $line``."""
        evaluated = not self.text.written  # eval set -- "$OPTIONS"

        def spread(segment: Segment) -> Segment:
            return segment._replace(many=segment.many or (segment.text is None and (segment.splits or evaluated)))

        made = [(tuple(map(spread, value)), place) for value, place in words]
        self.state.arguments = self._arguments(made)

    def _shift(self, words: Words, place: Place) -> Outcome:
        del place
        text = known(words[0][0]) if words else "1"
        arguments = self.state.arguments
        if text is None or not text.isdigit():
            self.state.arguments = Arguments((), more=True, of_script=arguments.of_script)
        else:
            self.state.arguments = arguments.shifted(int(text[:4]))
        return Outcome.LIKELY

    def _exit(self, words: Words, place: Place) -> Outcome:
        del words, place
        if not self.in_document:
            self.leave(EXITED)
        return Outcome.OPEN

    def _return(self, words: Words, place: Place) -> Outcome:
        del words, place
        if self.frame is not None:
            self.leave(RETURNED)
        return Outcome.OPEN

    def _test_words(self, words: Words, place: Place) -> Outcome:
        del place
        return self.tested(test_of_words([value for value, _ in words]))

    # Commands that print

    def _print(self, name: str, words: Words) -> Outcome:
        """echo, cat, pwd, dirname and the like: what they print is known where their words are."""
        printed: Traced | None = None
        if name in ("pwd", "realpath", "readlink"):
            printed = self._resolved(name, words)
        elif name in ("cat", "tee"):
            printed = self._passed_on(name, words)
        else:
            printed = printing.printed(name, words)
        if name == "printf" and len(words) > 2 and known(words[1][0]) == "-v":
            printed = printing.printed(name, [words[0], *words[3:]])
            self.assign(known(words[2][0]) or "", Unknown() if printed is None else bounded(printed))
            return Outcome.LIKELY
        if self.output is None:
            return Outcome.LIKELY
        if printed is None:
            self.output.known = False
        else:
            self.output.write(printed)
        return Outcome.LIKELY

    def _resolved(self, name: str, words: Words) -> Traced | None:
        """``pwd``, ``realpath x``, ``readlink -f x``."""
        place, end = words[0][1], printing.newline(words)
        if name == "pwd":
            return (self.present_folder(place), end)
        paths = [value for value, _ in words[1:] if not (known(value) or "").startswith("-")]
        text = known(paths[0]) if len(paths) == 1 else None
        if not text:
            return None
        if posixpath.isabs(text) or paths[0][0].from_start:
            return (*paths[0], end)
        folder = self.present_folder(place)
        return None if folder.text is None else (folder, Segment("/", place), *paths[0], end)

    def _passed_on(self, name: str, words: Words) -> Traced | None:
        """``cat`` and ``tee`` with what they read."""
        files = [value for value, _ in words[1:] if not (known(value) or "").startswith("-")]
        if name == "tee":
            appended = any(known(value) in ("-a", "--append") for value, _ in words[1:])
            for target in files:
                self.written(target, self.input, appended=appended)
            return self.input
        return None if files else self.input
