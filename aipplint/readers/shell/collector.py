"""What has been found in a script so far: commands with their mistakes, configurations, calls of other scripts."""

from __future__ import annotations

import posixpath
import re
from itertools import pairwise
from typing import TYPE_CHECKING

from aipplint.atc.words import RETURN, SEPARATOR, ShellMistake, Word
from aipplint.findings import Edit, Place
from aipplint.readers.extract import ATC, Call, Command, ConfigText, Extract
from aipplint.readers.shell import mistakes
from aipplint.readers.shell.programs import Program, Words, builds
from aipplint.readers.shell.state import State, normal
from aipplint.readers.shell.text import UNKNOWN, FileText, ShellText
from aipplint.readers.shell.values import may_vanish
from aipplint.readers.traced import Segment, Traced, as_excerpt, as_word, known, part, size, sketch, split
from aipplint.records import NamedTuple
from aipplint.source import Source, Span

if TYPE_CHECKING:
    from tree_sitter import Node

_COMMAND = re.compile(
    rf"(?:^|[\n;&|({{]|\b(?:sudo|nohup|time|then|do|else|exec|eval)\s)\s*(?:[\w./~{UNKNOWN}$-]*/)?"
    rf"(?P<atc>atc(?:\.bin)?)\s+[-{UNKNOWN}]"
)
_ASK_FOR_HELP = ("-h", "--help", "-help", "-?")
_CONFIGURATIONS = ("insert_op_conf", "aipp_config")
"""The options of ATC and of the benchmark tool that name a configuration."""


class Draft:
    """A command that may still be added to. ``words`` are those after the program."""

    def __init__(self, program: Program, state: State, *, fetches: bool) -> None:
        self.kind = program.kind
        self.head = program.head
        self.words = list(program.words)
        self.folder = state.folder
        self.fetches = fetches
        self.mistakes: list[ShellMistake] = []


class Candidate(NamedTuple):
    """A string that holds a command of ATC; whether it is run will be seen."""

    value: Traced
    folder: str | None


class Tail(NamedTuple):
    """Letters after a command that belong to it although a shell ends it before them, up to an offset of a text.

    ``draft`` is the command that they are added to, where they are read as a part of it.
    """

    text: ShellText
    end: int
    draft: Draft | None


class Collector:
    """Collects the commands, configurations and calls of a script, each once."""

    def __init__(self, *, in_document: bool) -> None:
        self._in_document = in_document
        self._drafts: list[Draft] = []
        self._heads: set[tuple[int, int]] = set()
        self._mistakes_known: set[tuple[str, int]] = set()
        self._returns_noted = False
        self._candidates: dict[tuple[int, int], Candidate] = {}
        self._calls: list[Call] = []
        self._files: dict[tuple[str, str | None], list[Segment] | None] = {}
        self._texts: list[tuple[Traced | None, str, str | None]] = []
        self._looked_for: set[str] = set()
        self._positional = False

    def look_for(self, file: Traced, folder: str | None) -> None:
        """The script tests whether a file exists, so it handles its absence."""
        if path := known(file):
            self._looked_for.add(normal(posixpath.join(folder or "", path)))

    def _is_looked_for(self, words: Words, folder: str | None) -> bool:
        """Whether that is the configuration which a command is given."""
        if not self._looked_for:
            return False
        texts = [known(value) or "" for value, _ in words]
        for text, following in pairwise([*texts, ""]):
            name, equals, path = text.partition("=")
            path = path if equals else following
            if name.lstrip("-") in _CONFIGURATIONS and normal(posixpath.join(folder or "", path)) in self._looked_for:
                return True
        return False

    def add(
        self, program: Program, state: State, text: ShellText, node: Node | None, *, fetches: bool, whole: bool
    ) -> Tail | None:
        """A command; ``node`` is the statement in the text that it is. With ``whole``, a ``;`` in a value is no end."""
        fetches = fetches or self._is_looked_for(program.words, state.folder)
        draft = Draft(program, state, fetches=fetches)
        self._drafts.append(draft)
        self._heads.add(_key(program.head.source, program.head.span.start))
        if node is None or program.kind != ATC:
            return None
        cut = self._cut(draft, text, node, whole=whole) if draft.words else None
        return cut or self._broken(draft, text, node)

    def _cut(self, draft: Draft, text: ShellText, node: Node, *, whole: bool) -> Tail | None:
        """A ``;`` outside quotes in the value of an option."""
        end = text.end(node)
        if not text.letters.startswith(";", end):
            return None
        option = mistakes.option_of([known(value) or sketch(value, "?") for value, _ in draft.words])
        found, skipped = mistakes.cuts(text.letters, text.start(node.children[-1]), end, option)
        if not found:
            return None
        if whole:
            segments = [
                segment._replace(splits=True) for segment in text.segments(text.start(node.children[-1]), skipped)
            ]
            place = text.place(text.start(node.children[-1]), skipped)
            draft.words[-1:] = [(value, place) for value in split(segments)]
            return Tail(text, skipped, None)
        for cut in found:
            place = text.place(cut.at, cut.at + 1)
            fix = None
            if cut.plain and text.written:
                source, span = text.place(cut.start, cut.end)
                written = text.letters[cut.start : cut.end]
                if source.text[span.start : span.end] == written:
                    fix = Edit(span.start, span.end, f'"{written}"')
            self._add_mistake(draft, ShellMistake(SEPARATOR, place, text.letters[cut.at + 1 : cut.end], fix))
        return Tail(text, skipped, None)

    def _broken(self, draft: Draft, text: ShellText, node: Node) -> Tail | None:
        """A line without a continuation, although options follow on the next one."""
        if not text.written:
            return None
        letters, end = text.letters, text.end(node)
        blanks = mistakes.quoted_blanks(letters, end)
        if blanks and draft.words and letters.startswith("\n", end):
            end -= blanks
            value, (source, span) = draft.words[-1]
            count = size(value)
            draft.words[-1] = (part(value, 0, count - blanks + 1), Place(source, Span(span.start, span.end - blanks)))
        found, skipped = mistakes.breaks(letters, end, in_document=self._in_document)
        for broken in found:
            place = text.place(broken.start, broken.end)
            fix = _line_that_goes_on(text, *broken.mended) if broken.mended else None
            self._add_mistake(draft, ShellMistake(broken.kind, place, broken.skipped, fix))
        if isinstance(text, FileText) and text.returns and not self._in_document and not self._returns_noted:
            at = letters.find("\\\n", text.start(node), end)
            if at >= 0:
                self._returns_noted = True
                after = text.place(at, at + 1)
                place = Place(after.source, after.source.span(after.span.end, after.span.end + 1))
                self._add_mistake(draft, ShellMistake(RETURN, place, letters[at + 2 :].split(maxsplit=1)[0]))
        if skipped == end:
            return None
        # A document is read as it is meant.
        return Tail(text, skipped, draft if self._in_document else None)

    def _add_mistake(self, draft: Draft, mistake: ShellMistake) -> None:
        key = (mistake.kind, mistake.place.span.start)
        if key not in self._mistakes_known:
            self._mistakes_known.add(key)
            draft.mistakes.append(mistake)

    # Strings that hold a command

    def notice(self, value: Traced, state: State) -> None:
        """A string that may contain an ATC command and may be run later; its last value is used."""
        if not any(segment.text is not None and "atc" in segment.text for segment in value):
            return
        text = sketch(value, UNKNOWN)
        found = _COMMAND.search(text)
        if found is None:
            return
        at = found.start("atc")
        for segment in value:
            length = 1 if segment.text is None else len(segment.text)
            if at < length:
                place = segment.part(at, at + 1).place
                self._candidates[_key(place.source, place.span.start)] = Candidate(value, state.folder)
                break
            at -= length

    def never_run(self) -> list[Candidate]:
        """The strings that hold a command which nothing was seen to run."""
        return [candidate for key, candidate in self._candidates.items() if key not in self._heads]

    # Files and scripts

    def call(self, script: str, words: Words, state: State) -> None:
        """Note the call of a script. After a word that may vanish, the arguments are unknown.

        A call that asks for help has no arguments.
        """
        if words and known(words[0][0]) in _ASK_FOR_HELP:
            return
        if not self._in_document:
            vanishing = next((at for at, (value, _) in enumerate(words) if may_vanish(value)), len(words))
            words = words[: vanishing + 1]
        vague = any(segment.many or segment.optional for value, _ in words for segment in value)
        call = Call(script, self._words(words, state.folder), state.folder, vague)
        if call not in self._calls:
            self._calls.append(call)

    def write(self, target: Traced, content: Traced | None, state: State, *, appended: bool) -> None:
        """Something is printed into a file."""
        path = known(self._from_folder(target, state.folder)) or ""
        if not path:
            self._texts.append((content, "", state.folder))
            return
        key = (path, state.folder)
        before = self._files.get(key) if appended else []
        if key in self._files and not appended:
            self._close(key)
        if content is None or before is None:
            self._files[key] = None if content is None else list(content)
        elif key in self._files and appended:
            before += content
        else:
            self._files[key] = list(content)

    def _close(self, key: tuple[str, str | None]) -> None:
        segments = self._files.pop(key)
        self._texts.append((None if segments is None else tuple(segments), *key))

    def _configs(self) -> tuple[ConfigText, ...]:
        for key in list(self._files):
            self._close(key)
        found: dict[tuple[int, str, str], ConfigText] = {}
        for value, path, folder in self._texts:
            if value is None or not any("aipp_op" in (segment.text or "") for segment in value):
                continue
            excerpt = as_excerpt(value)
            if excerpt is not None and re.search(r"aipp_op\s*\{", excerpt.text):
                found.setdefault((excerpt.runs[0].source_start, excerpt.text, path), ConfigText(excerpt, path, folder))
        return tuple(found.values())

    # The end

    def _words(self, words: Words, folder: str | None) -> tuple[Word, ...]:
        made = []
        for value, place in words:
            self._positional = self._positional or any(segment.positional for segment in value)
            made.append(as_word(self._from_folder(value, folder), place))
        return tuple(made)

    @staticmethod
    def _from_folder(value: Traced, folder: str | None) -> Traced:
        """Convert paths that are relative to where the script was started into paths that are relative to a folder."""
        if not folder and folder is not None:
            return value
        away = folder is None or folder.startswith(("/", ".."))

        def seen(segment: Segment) -> Segment:
            if not segment.from_start or segment.text is None:
                return segment
            return segment._replace(text=None if away else posixpath.relpath(segment.text, folder or "."))

        return tuple(map(seen, value))

    def found(self, source: Source | None) -> Extract:
        """All of it, in the order of the file."""
        commands: dict[object, Command] = {}
        for draft in self._drafts:
            if draft.kind == ATC and not draft.mistakes and not builds(draft.words):
                continue
            words = self._words(draft.words, draft.folder)
            key = (draft.kind, draft.head.span, tuple(_said(word) for word in words), draft.folder)
            command = Command(draft.kind, draft.head, words, draft.folder, tuple(draft.mistakes), draft.fetches)
            if key not in commands or draft.mistakes:
                commands[key] = command
        ordered = sorted(
            commands.values(), key=lambda command: command.head.span.start if command.head.source is source else -1
        )
        return Extract(tuple(ordered), self._configs(), (), tuple(self._calls), self._positional)


def _line_that_goes_on(text: ShellText, start: int, end: int, written: str) -> Edit | None:
    """Writes something at the end of a line, in place of a range; None if no line ends there in the file."""
    source, before = text.place(start - 1, start)
    stop = text.place(end - 1, end).span.end
    if written and not source.text.startswith(("\n", "\r\n"), stop):
        return None
    return Edit(before.end, stop, written)


def _said(word: Word) -> object:
    return word.text, tuple((piece.text, piece.place.span) for piece in word.pieces), word.place.span


def _key(source: Source, start: int) -> tuple[int, int]:
    return id(source), start
