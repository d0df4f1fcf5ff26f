"""Blocks of a document: which of them are scripts, which are configurations, and what file those go to."""

from __future__ import annotations

import re
from collections.abc import Iterable

from aipplint.readers.contents import EMPTY, MAX_SCRIPTS, Contents
from aipplint.readers.documents.neighbours import Neighbours
from aipplint.readers.documents.prose import begins_with_command
from aipplint.readers.excerpt import Excerpt
from aipplint.readers.extract import ConfigText, Script
from aipplint.readers.programs import WORDS
from aipplint.readers.templates import has_gaps

_WORDS = [
    # A literal first, so that the search runs at the speed of memory; then what must not stand around it.
    re.compile(rf"{word}(?<!\w{word})(?!\w)", re.ASCII)  # Chinese stands around a word without blanks.
    for word in (*WORDS, "aipp_op", "aapp_op")
]
_SCRIPT_CALL = re.compile(r"\.sh(?!\w)", re.ASCII)
_PREPARES = re.compile(
    r"^[ \t]*(?:[$#>][ \t]+)?(?:cd|export|set|source|\.|pushd|popd|wget|curl|git|cp|mv|ln|tar|unzip|7z|gsutil|aws|mkdir"
    r"|python3?|pip3?|sudo|docker|modelscope|huggingface-cli|[A-Za-z_]\w*\+?=\S.*|[A-Za-z_]\w*=\(.*)(?:[ \t]|$)",
    re.MULTILINE,
)
_NOT_SHELL = frozenset(
    "diff patch c cc cpp c++ cxx h hpp objc csharp cs c# python python3 py ipython pycon json json5 jsonc yaml yml xml"
    " html htm css java kotlin scala javascript js ts typescript go golang rust rs ruby rb perl php swift lua r matlab"
    " julia sql latex tex mermaid plantuml dot proto protobuf cmake make makefile dockerfile docker ini toml"
    " properties markdown md rst powershell ps1 batch bat cmd asm llvm mlir verilog graphql vim"
    " output log".split()
)
_LANGUAGE = re.compile(r"[{.\s]*([\w+#-]*)")

_SUFFIXES = "cfg|config|conf|cnf|aippconfig|aipconfig|aippcfg|aipp|prototxt|pbtxt|txt"
_NAME = re.compile(
    rf"(?<![A-Za-z0-9_./~+${{}}<>*%-])[A-Za-z0-9_./~+-]*[A-Za-z0-9_]\.(?:{_SUFFIXES})(?![A-Za-z0-9_*{{<]|\.[A-Za-z0-9])"
)
_ESCAPED = re.compile(r"\\([_.*-])")
_SHOWS_FILE = re.compile(
    r"\s*(?:[$#>][ \t]+)?(?:(?:cat|vim?|nano|more|less|gedit)[ \t]+)?[A-Za-z0-9_./~+-]++[ \t]*+(?:[:\uff1a][ \t]*+)?\n"
)
_CONFIG = re.compile(r"(?:\s+|(?:#|//)[^\n]*\n)*+a[ai]pp_op\s*+(?::\s*+)?\{")
_ELIDED = re.compile(
    r"^[ \t]*(?:\.{3,}|\u2026+|\.{2} ?\.+)[ \t]*$|^[^#\n]*(?:<[A-Za-z\u4e00-\u9fff]|\$\{|\{\{|\*{3})", re.MULTILINE
)
_BRACE = re.compile(r"#[^\n]*|[{}]")
_EMPTY = re.compile(r"(?:a[ai]pp_op\s*+(?::\s*+)?\{|[\s}]|#[^\n]*|//[^\n]*)*+")
"""A configuration in which no field is set: a template."""
_TOOL_SETTINGS = re.compile(r"(?:\s+|[#;][^\n]*\n)*+\[aipp_op\][ \t]*(?:\n|\Z)")
_TAKES_CONFIG = "insert_op_conf"


def matters(text: str) -> bool:
    """Whether a file may hold anything that aipplint looks for; quick, for most files do not."""
    return any(word.search(text) for word in _WORDS) or _SCRIPT_CALL.search(text) is not None


def is_config(text: str) -> bool:
    """Whether a text begins as an AIPP configuration does, after comments."""
    return _CONFIG.match(text) is not None


def is_shell(language: str) -> bool:
    """Whether a block may be shell, by its language; '' if it has none."""
    match = _LANGUAGE.match(language.lower())
    return match is None or match[1] not in _NOT_SHELL


def named_files(text: str) -> set[str]:
    """The files in a text that may be configurations, such as ``aipp.cfg``.

    Of names with the same end (``aipp.cfg`` and then ``models/aipp.cfg``) the last one is used. A name does not extend
    across Chinese characters, or begin with a dash after them.
    """
    found = _NAME.findall(_ESCAPED.sub(r"\1", text.replace("**", " ")))
    names = [name.lstrip("-") for name in found]
    return set(
        {name.rpartition("/")[2]: name.removeprefix("./") for name in names if not name.startswith("//")}.values()
    )


class Blocks:
    """The blocks of one document, in its order: one shell for its scripts, and its configurations."""

    def __init__(self) -> None:
        self._texts: list[Excerpt] = []
        self._configs: list[ConfigText] = []
        self._tools: list[Excerpt] = []
        self._neighbours = Neighbours()
        self._acting = 0
        self._last = 0
        """The number of texts up to the last relevant one; later ones are dropped."""

    @property
    def full(self) -> bool:
        """Whether there are as many scripts as are read."""
        return self._acting >= MAX_SCRIPTS

    def heading(self) -> None:
        """Take a heading."""
        self._neighbours.heading()

    def words(self, text: str) -> None:
        """Take a paragraph."""
        self._neighbours.words(text)

    def add(self, text: Excerpt, language: str = "", before: Iterable[str] = ()) -> None:
        """Take a block. ``before`` are the texts before it, nearest first."""
        if is_diff(language):
            self._neighbours.other()
            return
        if (tool := _begin(_TOOL_SETTINGS, text.text)) is not None:
            self._neighbours.other()
            if not _ELIDED.search(text.text):
                self._tools.append(text.part(tool[0], len(text.text)))
            return
        config, text = _config_of(text, before)
        if config is not None:
            self._add_config(config)
        # Not everybody says what a block is: commands stand in blocks that are called ``python``.
        if text.text and (is_shell(language) or begins_with_command(text.text)):
            self.add_script(text)
        elif config is None:
            self._neighbours.other()

    def _add_config(self, config: ConfigText) -> None:
        if config.path:
            self._neighbours.other()
        else:
            self._neighbours.config(len(self._configs))
        self._configs.append(config)

    def add_script(self, text: Excerpt) -> None:
        """Take a shell text; it is relevant if it may contain a command, or something that one depends on."""
        if self.full:
            return
        if _TAKES_CONFIG in text.text:
            self._neighbours.command()
        else:
            self._neighbours.other()
        acts = matters(text.text)
        if acts or _PREPARES.search(text.text):
            self._texts.append(text)
        if acts:
            self._acting += 1
            self._last = len(self._texts)

    def contents(self) -> Contents:
        """The content of the blocks so far."""
        texts = tuple(self._texts[: self._last])
        if not (texts or self._configs or self._tools):
            return EMPTY
        near = self._neighbours.near
        configs = (config._replace(near=number in near) for number, config in enumerate(self._configs))
        return Contents((Script(texts, in_document=True),) if texts else (), tuple(configs), tools=tuple(self._tools))


def is_diff(language: str) -> bool:
    """Whether a block shows a diff: it is no literal copy of a file."""
    return language.lower().strip("{}. ").startswith(("diff", "patch"))


def _begin(pattern: re.Pattern[str], text: str) -> tuple[int, int] | None:
    """The match of a pattern at the beginning of a block, perhaps after ``$ cat aipp.cfg`` or the name of the file."""
    match, start = pattern.match(text), 0
    if match is None:
        shows = _SHOWS_FILE.match(text)
        if shows is None or not named_files(shows[0]):
            return None
        start = shows.end()
        match = pattern.match(text, start)
    return None if match is None else (start, match.end())


def _config_of(text: Excerpt, before: Iterable[str]) -> tuple[ConfigText | None, Excerpt]:
    """The configuration in a block, if there is one, and the rest of the block.

    Partial ones (``...``, ``<width>``) and those without a field are ignored.
    """
    whole = text.text
    begin = _begin(_CONFIG, whole)
    if begin is None:
        return None, text
    start, inside = begin
    end = _end_of_config(whole, inside)
    rest = text.part(end, len(whole)) if any(word.search(whole, end) for word in _WORDS) else text.part(0, 0)
    if not rest.text:
        end = len(whole)
    if _ELIDED.search(whole, start, end) or has_gaps(whole[start:end]) or _EMPTY.fullmatch(whole, start, end):
        return None, rest
    names = next(filter(None, (named_files(words) for words in (whole[:inside], *before))), set())
    return ConfigText(text.part(start, end), names.pop() if len(names) == 1 else ""), rest


def _end_of_config(text: str, at: int) -> int:
    """The end of the last message of a configuration; ``at`` is inside the first."""
    depth = 1
    while depth > 0:
        match = _BRACE.search(text, at)
        if match is None:
            return len(text)
        at = match.end()
        depth += {"{": 1, "}": -1}.get(match[0], 0)
        if depth == 0 and (again := _CONFIG.match(text, at)):
            at, depth = again.end(), 1
    return at
