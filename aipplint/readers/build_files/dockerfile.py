"""Scripts and configurations in Dockerfiles: RUN, CMD and ENTRYPOINT, with ENV, ARG and WORKDIR."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from aipplint.atc.words import Word
from aipplint.readers.build_files.docker_lines import Instruction, exec_form, instructions, quoted
from aipplint.readers.contents import EMPTY, Contents, may_fetch
from aipplint.readers.documents.blocks import is_config, matters
from aipplint.readers.excerpt import Excerpt
from aipplint.readers.extract import ConfigText, Script
from aipplint.readers.traced import Segment, Traced, as_word, of_word
from aipplint.source import Source

_FROM = re.compile(r"(\S+)(?:\s+AS\s+(\S+))?", re.IGNORECASE)
_NAME = re.compile(r"\s*([A-Za-z_]\w*)(=)?")
_GAP = re.compile(r"(?:\s|\\\n)+")
_TOKENS = re.compile(
    r"(?P<break>\\\n)|\\(?P<escaped>.)|(?P<quote>[\"'])"
    r"|\$(?:(?P<name>[A-Za-z_]\w*)|\{(?P<braced>[A-Za-z_]\w*)(?::?(?P<how>[-+])(?P<word>[^{}$]*))?\}|(?P<other>\{[^{}]*\}?))"
    r"|(?P<blank>\s+)|(?P<text>[^\s\\\"'$]+|\$)"
)
_SHELLS = re.compile(r"(?:\S*/)?(?:ba|da|z|k|a)?sh\Z")
_OWN_INTERPRETER = re.compile(r"#!\s*(?:\S*/env\s+)?(?:\S*/)?(?!(?:ba|da|z|k|a)?sh\b)\w")
_ALL_ARGUMENTS = ' "$@"'
"""What ``docker run`` adds to the words of an ENTRYPOINT."""

Variables = dict[str, Word]

MAX_VARIABLES = 200
"""More are not kept: every RUN carries all that it sees. Real files have some ten."""

MAX_PIECES = 200
"""A value of more parts is unknown: ``ENV A=$A$A`` doubles with every line."""


def read_dockerfile(source: Source) -> Contents:
    """The scripts and configurations of a Dockerfile. Each RUN is a script of its own, with the variables it sees."""
    if not matters(source.text):
        return EMPTY
    reader = _Reader()
    for instruction in instructions(Excerpt.whole(source).plain()):
        reader.read(instruction)
    reader.end_stage()
    if not reader.scripts and not reader.configs:
        return EMPTY
    return Contents(tuple(reader.scripts), tuple(reader.configs), reader.fetches)


class _Reader:
    """Follows a build from instruction to instruction, stage by stage."""

    def __init__(self) -> None:
        self.scripts: list[Script] = []
        self.configs: list[ConfigText] = []
        self.fetches = False
        self.stages: dict[str, tuple[Variables, str | None]] = {}
        self.stage = ""
        self.before_stages: Variables = {}
        """ARGs in front of the first FROM; a stage sees those that it declares again."""
        self.arguments = self.before_stages
        self.environment: Variables = {}
        self.folder: str | None = None
        """WORKDIR; None before the first one, for the base image has its own."""
        self.commands_in_variables = False
        self.in_shell = True
        self.entrypoint: Instruction | None = None
        self.command: Instruction | None = None

    def read(self, instruction: Instruction) -> None:
        """Take one instruction."""
        name, arguments = instruction.name, instruction.arguments
        if name == "FROM":
            self._begin_stage(arguments.text)
        elif name == "ARG":
            for key, word in self._assignments(arguments, old_form=False):
                self._set(self.arguments, key, word if word is not None else self._declared(key, arguments))
        elif name == "ENV":
            for key, word in list(self._assignments(arguments, old_form=True)):
                if word is not None:
                    self._set(self.environment, key, word)
        elif name == "WORKDIR":
            self._change_folder(self._word(arguments.part(0, len(arguments.text.rstrip()))).text)
        elif name == "SHELL":
            words = exec_form(arguments)
            self.in_shell = not words or _SHELLS.match(words[0].text) is not None
        elif name == "RUN":
            self._run(instruction)
        elif name == "ENTRYPOINT":
            self.entrypoint, self.command = instruction, None
        elif name == "CMD":
            self.command = instruction
        elif name in {"COPY", "ADD"}:
            self.fetches = True
            self._read_copy(instruction)

    def _set(self, variables: Variables, name: str, word: Word) -> None:
        if name in variables or len(variables) < MAX_VARIABLES:
            variables[name] = word
            self.commands_in_variables |= matters(word.text or "")

    def _begin_stage(self, text: str) -> None:
        self.end_stage()
        match = _FROM.search(text)
        base, self.stage = (match[1].lower(), (match[2] or "").lower()) if match else ("", "")
        environment, self.folder = self.stages.get(base, ({}, None))
        self.environment, self.arguments, self.in_shell = dict(environment), {}, True

    def end_stage(self) -> None:
        """The command of the container: the last ENTRYPOINT with the last CMD as its arguments."""
        if self.stage:
            self.stages[self.stage] = (self.environment, self.folder)
        main, command = self.entrypoint, self.command
        self.entrypoint = self.command = None
        if main is None and command is not None:
            self._run(command)
        elif main is not None:
            words = exec_form(main.arguments)
            more = exec_form(command.arguments) if command is not None else None
            if words is None or _inner_script(words) is not None:
                self._run(main)
            elif words:
                added = [*more] if more else []
                size = len(main.arguments.text)
                tail = [] if more else [main.arguments.stand_in(size, size, _ALL_ARGUMENTS)]
                self._add(Excerpt.join([_command_line([*words, *added]), *tail]))

    def _run(self, instruction: Instruction) -> None:
        words = exec_form(instruction.arguments)
        if words is not None:
            script = _inner_script(words)
            if script is not None or words:
                self._add(script if script is not None else _command_line(words))
        elif self.in_shell:
            heredocs = instruction.heredocs
            if heredocs and heredocs[0].mark[0] == 0:
                # RUN <<EOF: the text is the script; a program may stand behind it that reads it, or in its first line.
                program = instruction.arguments.text[heredocs[0].mark[1] :].strip()
                text = heredocs[0].text
                if _OWN_INTERPRETER.match(text.text) or (program and not _SHELLS.match(program)):
                    return
                self._add(text)
            else:
                self._add(instruction.script)

    def _add(self, text: Excerpt) -> None:
        self.fetches = self.fetches or may_fetch(text.text)
        if matters(text.text) or (self.commands_in_variables and "$" in text.text):
            self.scripts.append(Script((text,), tuple(self._seen().items()), self.folder))

    def _seen(self) -> Variables:
        """The variables of a RUN; ENV overrides ARG."""
        return self.arguments | self.environment

    def _read_copy(self, instruction: Instruction) -> None:
        """``COPY <<EOF /work/aipp.cfg`` writes a file."""
        target = instruction.arguments.text.rstrip().rpartition(" ")[2]
        for heredoc in instruction.heredocs:
            body = heredoc.text
            if is_config(body.text) and (heredoc.quoted or "$" not in body.text):
                path = "" if "$" in target or target.endswith("/") else target
                self.configs.append(ConfigText(body, path, self.folder))

    def _change_folder(self, path: str | None) -> None:
        if path is None or (self.folder is None and not path.startswith("/")):
            self.folder = None
        else:
            self.folder = posixpath.normpath(posixpath.join(self.folder or "/", path))

    def _declared(self, name: str, arguments: Excerpt) -> Word:
        """An ARG without a value: that of the ARG in front of all stages, or unknown."""
        if self.arguments is not self.before_stages and name in self.before_stages:
            return self.before_stages[name]
        place = arguments.place(0, len(arguments.text))
        return as_word((Segment(None, place),), place)

    def _assignments(self, arguments: Excerpt, *, old_form: bool) -> Iterator[tuple[str, Word | None]]:
        """``a=b c="d e"``, or in the old form of ENV ``a b c``; None for a name without a value."""
        text = arguments.text
        at = 0
        while (match := _NAME.match(text, at)) is not None:
            if match[2] is None and old_form and at == 0:
                gap = _GAP.match(text, match.end())
                if gap:
                    yield match[1], self._word(arguments.part(gap.end(), len(text.rstrip())), blanks=True)
                return
            if match[2] is None:
                yield match[1], None
                at = match.end()
            else:
                at = _end_of_word(text, match.end())
                yield match[1], self._word(arguments.part(match.end(), at))
            gap = _GAP.match(text, at)
            if gap is None:
                return
            at = gap.end()

    def _word(self, text: Excerpt, *, blanks: bool = False) -> Word:
        """A value as Docker reads it: without quotes, variables filled in. ``blanks``: they do not end it."""
        segments: list[Segment] = []
        quote = ""
        seen = self._seen()
        for match in _TOKENS.finditer(text.text):
            kind, place = match.lastgroup, text.place(*match.span())
            name = match["name"] or match["braced"]
            if kind == "quote":
                if not quote:
                    quote = match[0]
                elif quote == match[0]:
                    quote = ""
                else:
                    segments.append(Segment(match[0], place))
            elif quote == "'" or match["text"] or (match["blank"] and (quote or blanks)):
                segments.append(Segment(match[0], place))
            elif match["escaped"]:
                kept = quote == '"' and match["escaped"] not in '"$\\'
                start = match.start() if kept else match.start("escaped")
                segments.append(Segment(text.text[start : match.end()], text.place(start, match.end())))
            elif name:
                segments += _expansion(seen.get(name), match, text)
            elif match["other"]:
                segments.append(Segment(None, place))
            elif match["blank"]:
                break
        place = text.place(0, len(text.text))
        word = as_word(tuple(segments), place)
        return word if len(word.pieces) <= MAX_PIECES else as_word((Segment(None, place),), place)


def _expansion(known: Word | None, match: re.Match[str], text: Excerpt) -> Traced:
    """The parts of ``$x`` or ``${x:-default}``."""
    if match["how"] == "-" and known is None:
        return (Segment(match["word"], text.place(*match.span("word"))),)
    if known is None or match["how"] == "+":
        return (Segment(None, text.place(*match.span())),)
    return of_word(known)


def _end_of_word(text: str, at: int) -> int:
    """The end of a value: the first blank outside quotes."""
    quote = ""
    for match in _TOKENS.finditer(text, at):
        if match["quote"] and quote in {"", match[0]}:
            quote = "" if quote else match[0]
        elif (match["blank"] or match["break"]) and not quote:
            return match.start()
    return len(text)


def _inner_script(words: list[Excerpt]) -> Excerpt | None:
    """The script in ``["sh", "-c", "script"]``."""
    if len(words) >= 3 and _SHELLS.match(words[0].text) and re.match(r"-\w*c\w*\Z", words[-2].text):
        return words[-1]
    return None


def _command_line(words: list[Excerpt]) -> Excerpt:
    """Words that are passed as they are, as a shell would have to read them."""
    parts: list[Excerpt] = []
    for word in words:
        if parts:
            parts.append(word.stand_in(0, 0, " "))
        parts.append(quoted(word))
    return Excerpt.join(parts)
