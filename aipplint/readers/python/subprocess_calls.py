"""The command in a value of Python: a list of words, or a text for a shell."""

from __future__ import annotations

import re
from typing import Final, TypeGuard

from aipplint.atc.words import Word
from aipplint.findings import Place
from aipplint.readers.extract import ATC, NOTHING, Call, Command, Extract, Script
from aipplint.readers.programs import ATC_PATTERN, BENCHMARK_PATTERN, MENTION
from aipplint.readers.python.formats import left_open
from aipplint.readers.python.items import Item, Items, Value, as_text
from aipplint.readers.python.text import Text
from aipplint.readers.shell.programs import (
    SHELLS,
    Program,
    builds,
    name_of,
    program_of,
    script_of,
    script_path,
    unwrapped,
)
from aipplint.readers.traced import Traced, as_word, shell_text

_TOOL = rf"(?:[^\s'\"]*/)?(?:{ATC_PATTERN}|{BENCHMARK_PATTERN})"
_BEFORE = r"(?:^|[\n;&|(])\s*(?:\w+=\S*\s+|(?:sudo|nohup|time|env)\s+)*"
_COMMAND = re.compile(rf"{_BEFORE}{_TOOL}\s+(?:\\\s*)?[-\0]")
"""A pattern for a command line in any text. A hole in it is a null character (Text.sketch)."""
_PERHAPS = re.compile(rf"{MENTION}|\.sh\b")
"""A pattern for run texts that are read."""
_OPTIONS = re.compile(r"insert_op_conf|soc_version")
"""What shows that this is a command where its program is not known."""
_UNNAMED = re.compile(rf"{_BEFORE}['\"]?\0['\"]?\s+(?:\\\s*)?[-\0]")
"""A hole in a text (Text.sketch) where a program is named."""
_FRONT = 12
"""The number of words of a list among which its program is searched."""


class Launcher:
    """Reads values as commands. ``path`` is that of the file, for scripts that it starts."""

    def __init__(self, path: str) -> None:
        self._path: Final = path

    def starts(self, value: Value | None, *, run: bool) -> TypeGuard[Text | Items]:
        """Whether a value starts a program. ``run`` means that it is run; any other value must look like a command.

        A text must begin like one (or be a script): examples in a help text are not commands.
        """
        if isinstance(value, Text):
            if run:
                return _PERHAPS.search(value.sketch) is not None or _is_unnamed(value.sketch)
            begin = value.sketch.lstrip()
            return bool(_COMMAND.search(begin) if begin.startswith("#!") else _COMMAND.match(begin))
        if not isinstance(value, Items):
            return False
        found = self._of_list(value, "")
        words = [word for command in found.commands for word in command.words]
        return bool(found if run else found.calls or any(w.text is None or w.text.startswith("-") for w in words))

    def read(self, value: Text | Items, folder: str | None, *, run: bool) -> Extract:
        """The commands in a value, started in a folder. Other effects of a text matter only if it is run."""
        if isinstance(value, Items):
            return self._of_list(value, folder)
        found = self._of_text(value, folder)
        return found if run else Extract(found.commands)

    def _of_text(self, text: Text, folder: str | None) -> Extract:
        from aipplint.readers.shell.reader import read_script

        excerpt = shell_text(left_open(text).segments)
        return NOTHING if excerpt is None else read_script(Script((excerpt,), (), folder), self._path)

    def _of_list(self, value: Items, folder: str | None) -> Extract:
        texts = [item.value if isinstance(item.value, Text) else as_text(item.value, item.use) for item in value.items]
        named = any(_PERHAPS.search(text.sketch) for text in texts[:_FRONT])
        if not named and not any(_OPTIONS.search(text.start) for text in texts):
            return NOTHING
        if len(texts) == 1:  # ["atc --model=..."], with shell=True
            text = texts[0]
            return self._of_text(text, folder) if _COMMAND.match(text.sketch) or _is_unnamed(text.sketch) else NOTHING
        pairs = [(_word(text, item), item) for text, item in zip(texts, value.items, strict=True)]
        words = [one for one, _ in pairs]
        started = unwrapped([(_words(text, item), one.place) for text, (one, item) in zip(texts, pairs, strict=True)])
        if not started:
            return NOTHING
        program = program_of(started)
        if program is not None:
            behind = tuple(words[len(words) - len(program.words) :])
            head = next((_head(one, item) for one, item in pairs if one.place == program.head), program.head)
            return Extract((Command(program.kind, head, behind, folder),)) if _acts(program) else NOTHING
        script = script_of(started)
        if script is not None:
            path, behind = script_path(script.script), tuple(words[len(words) - len(script.words) :])
            return Extract(calls=(Call(path, behind, folder),)) if path else NOTHING
        if name_of(started[0][0]) in SHELLS and words[-2].text in ("-c", "-lc", "-ec"):
            return self._of_text(texts[-1], folder)
        return NOTHING


def _word(text: Text, item: Item) -> Word:
    """An element of a list as a word, located at its characters if these are contiguous."""
    segments = left_open(text).segments
    return as_word(segments, segments[0].place if len(segments) == 1 and segments[0].text is not None else item.use)


def _words(text: Text, item: Item) -> Traced:
    """An element of a list as the shell reader sees it: as one word, or as any number of them."""
    return tuple(segment._replace(many=True) for segment in text.segments) if item.many else text.segments


def _acts(program: Program) -> bool:
    """Whether a program does something: ``atc --help`` is no build."""
    return program.kind != ATC or builds(program.words)


def _is_unnamed(sketch: str) -> bool:
    """Whether a text runs something whose name is not known, with options that only ATC has."""
    return _OPTIONS.search(sketch) is not None and _UNNAMED.search(sketch) is not None


def _head(name: Word, item: Item) -> Place:
    """The location of a program's name in a command, or of the constant with its path."""
    return name.place if item.use.span.start <= name.place.span.start < item.use.span.end else item.use
