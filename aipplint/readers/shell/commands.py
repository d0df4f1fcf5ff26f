"""Simple commands: relevant programs, started scripts, printed text."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from typing import TYPE_CHECKING

from aipplint.findings import Place
from aipplint.readers.shell import printing
from aipplint.readers.shell.assignments import Assignments
from aipplint.readers.shell.builtins import Builtins
from aipplint.readers.shell.collector import Tail
from aipplint.readers.shell.expansion import Expander
from aipplint.readers.shell.functions import Functions, arguments_of
from aipplint.readers.shell.mistakes import blanks_behind_slash
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
from aipplint.readers.shell.shell import Shell
from aipplint.readers.shell.state import Arguments, Outcome
from aipplint.readers.shell.strings import StringRunner
from aipplint.readers.shell.values import Unknown, bounded
from aipplint.readers.traced import Segment, Traced, known, known_start, part, size
from aipplint.records import NamedTuple
from aipplint.source import Span

if TYPE_CHECKING:
    from tree_sitter import Node

MAX_WORDS = 5_000
"""Words of one command that are read; later ones are ignored."""

_SILENT = frozenset(("mkdir", "rm", "touch", "chmod", "sleep", "wait"))
_TESTS = frozenset(("grep", "egrep", "diff", "cmp", "which", "type", "pgrep", "id", "expr", "ls", "hash", "command"))


class SimpleCommand(NamedTuple):
    """A simple command: its expanded words, and the rest of its node.

    ``settings`` are variables that are set for it alone: ``SOC=x build``.
    """

    node: Node
    words: Words
    settings: Sequence[Node]
    redirects: Sequence[Node]


class Commands:
    """Reads simple commands. ``whole`` means that their string is one command, even where a shell would split it."""

    def __init__(
        self, shell: Shell, expander: Expander, assignments: Assignments, functions: Functions, strings: StringRunner
    ) -> None:
        self._shell = shell
        self._expander = expander
        self._assignments = assignments
        self._functions = functions
        self._strings = strings
        self._builtins = Builtins(shell, assignments, strings)
        self._tail: Tail | None = None
        self.whole = False

    def passed_over(self, node: Node) -> bool:
        """Whether a statement is the rest of a command; a document may mean it as a part of it."""
        tail = self._tail
        if tail is None or tail.text is not self._shell.text or self._shell.text.start(node) >= tail.end:
            return False
        children = [node] if node.type == "variable_assignment" else node.children
        rest = [child for child in children if self._shell.text.start(child) < tail.end]
        if tail.draft is not None:
            self._tail = None  # commands inside words are no part of it
            for child in rest:
                tail.draft.words += self._without_blanks(child, self._words_of_option(child))
            self._tail = tail
        # The grammar takes options at the beginning of a line as assignments before the command on the next one.
        return len(rest) == len(children) or node.type != "command"

    def _without_blanks(self, node: Node, words: Words) -> Words:
        """The words of a node without a backslash and spaces that end its line: they were meant to join two lines."""
        blanks = blanks_behind_slash(self._shell.text.letters, self._shell.text.end(node))
        if not blanks or not words:
            return words
        value, (source, span) = words[-1]
        kept = part(value, 0, size(value) - blanks + 1)
        rest = [*words[:-1]]
        return [*rest, (kept, Place(source, Span(span.start, span.end - blanks)))] if kept else rest

    def _words_of_option(self, node: Node) -> Words:
        """``--name=value`` at the beginning of a line, which the grammar parses as an assignment."""
        if node.type != "variable_assignment":
            return self._expander.words_at(node)
        text, value = self._shell.text, node.child_by_field_name("value")
        segments: list[Segment] = text.segments(
            text.start(node), text.end(node) if value is None else text.start(value)
        )
        return [((*segments, *(() if value is None else self._expander.value_at(value))), text.place_of(node))]

    def at(self, node: Node) -> SimpleCommand | None:
        """The command at a node; None for one without words."""
        start = self._shell.text.start(node)
        if self._shell.text.letters[start - 1 : start] == "=":  # the grammar tore a word apart
            return None
        words: list[tuple[Traced, Place]] = []
        redirects: list[Node] = []
        settings: list[Node] = []
        behind: list[Node] = []
        for child in node.children:
            kind = child.type
            if kind == "command_name":
                words += self._expander.words_at(child.children[0] if child.child_count == 1 else child)
            elif kind.endswith("redirect"):
                redirects.append(child)
            elif kind == "variable_assignment":
                settings.append(child)
            elif child.is_named:
                behind.append(child)
        words += self._expander.words_of(behind[:MAX_WORDS])
        for child in behind[MAX_WORDS : MAX_WORDS + 1]:
            place = self._shell.text.place_of(child)
            words.append(((Segment(None, place, optional=True, many=True),), place))
        return SimpleCommand(node, words, settings, redirects) if words else None

    def run(self, command: SimpleCommand) -> Outcome:
        """Run a command as far as that can be known."""
        node, words, settings, _ = command
        name = known(words[0][0])
        if not settings or (name not in self._functions and name_of(words[0][0]) not in SHELLS):
            return self._started(words, node)
        before = {name: self._shell.state.get(name) for name in map(self._assignments.name_at, settings)}
        for setting in settings:
            self._assignments.assign_at(setting)
        outcome = self._started(words, node)
        self._shell.state.own.update(before)
        return outcome

    def _started(self, words: Words, node: Node) -> Outcome:
        name = known(words[0][0]) or ""
        if name in self._functions:
            return self._functions.call(name, arguments_of(words[1:], self._shell))
        words = unwrapped(words)
        if not words:
            return Outcome.LIKELY
        name = known(words[0][0]) or ""
        outcome = self._builtins.run(words)
        if outcome is not None:
            return outcome
        program = program_of(words)
        if program is not None:
            self._shell.prints_unknown()
            shell = self._shell
            tail = shell.collector.add(program, shell.state, shell.text, node, fetches=shell.fetched, whole=self.whole)
            self._tail = tail or self._tail
            return Outcome.LIKELY
        if name in printing.PRINTERS:
            return self._print(name, words)
        if not (name or self._shell.text.written or known_start(words[0][0])):  # eval "$(settings)"
            self._shell.state.forget()
        return self._other(words)

    def _other(self, words: Words) -> Outcome:
        """A program that is unknown here."""
        name = name_of(words[0][0])
        if name not in _SILENT:
            self._shell.prints_unknown()
        if name in SHELLS and self._run_shell(words[1:]):
            return Outcome.LIKELY
        script = script_of(words)
        if script is not None:
            path = script_path(script.script)
            if path:
                self._shell.collector.call(path, script.words, self._shell.state)
            if not (script.sourced and sets_up(script.script)):
                self._shell.fetched = True
                if script.sourced:
                    self._shell.state.forget()
            return Outcome.LIKELY
        if name not in PRINTING:
            for value, _ in words:
                self._shell.collector.notice(value, self._shell.state)
        self._shell.fetched = self._shell.fetched or fetches(words)
        return Outcome.OPEN if name in _TESTS else Outcome.LIKELY

    def _run_shell(self, words: Words) -> bool:
        """``bash -c "..."``, and a shell that reads its commands from a here document."""
        for at, (value, _) in enumerate(words):
            text = known(value)
            if text is None or not text.startswith("-"):
                return False
            if text.endswith("c") and not text.startswith("--") and at + 1 < len(words):
                arguments = arguments_of(words[at + 3 :], self._shell)
                self._strings.run_in_fork(words[at + 1][0], arguments)
                return True
        if self._shell.input:
            self._strings.run_in_fork(self._shell.input, Arguments((), more=False))
            return True
        return False

    # Commands that print

    def _print(self, name: str, words: Words) -> Outcome:
        """echo, cat, pwd, dirname and similar commands: their output is known if their words are."""
        printed: Traced | None = None
        if name in ("pwd", "realpath", "readlink"):
            printed = self._resolved(name, words)
        elif name in ("cat", "tee"):
            printed = self._passed_on(name, words)
        else:
            printed = printing.printed(name, words)
        if name == "printf" and len(words) > 2 and known(words[1][0]) == "-v":
            printed = printing.printed(name, [words[0], *words[3:]])
            self._shell.assign(known(words[2][0]) or "", Unknown() if printed is None else bounded(printed))
            return Outcome.LIKELY
        if self._shell.output is None:
            return Outcome.LIKELY
        if printed is None:
            self._shell.output.known = False
        else:
            self._shell.output.write(printed)
        return Outcome.LIKELY

    def _resolved(self, name: str, words: Words) -> Traced | None:
        """``pwd``, ``realpath x``, ``readlink -f x``."""
        place, end = words[0][1], printing.newline(words)
        if name == "pwd":
            return (self._expander.present_folder(place), end)
        paths = [value for value, _ in words[1:] if not (known(value) or "").startswith("-")]
        text = known(paths[0]) if len(paths) == 1 else None
        if not text:
            return None
        if posixpath.isabs(text) or paths[0][0].from_start:
            return (*paths[0], end)
        folder = self._expander.present_folder(place)
        return None if folder.text is None else (folder, Segment("/", place), *paths[0], end)

    def _passed_on(self, name: str, words: Words) -> Traced | None:
        """``cat`` and ``tee`` with what they read."""
        files = [value for value, _ in words[1:] if not (known(value) or "").startswith("-")]
        if name == "tee":
            appended = any(known(value) in ("-a", "--append") for value, _ in words[1:])
            for target in files:
                self._shell.write(target, self._shell.input, appended=appended)
            return self._shell.input
        return None if files else self._shell.input
