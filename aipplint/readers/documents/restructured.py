"""Scripts and configurations in reStructuredText.

Only this part of its grammar matters: a text that is indented below a line with ``::`` at its end, or below a directive
for code. This module reads it line by line. docutils drops the content of unknown directives (most of Sphinx's),
returns lines but no columns, and needs 10 ms for a page; the time of tree-sitter-rst 0.2 grows with the square of the
emphasis in a paragraph (4 s for 60 kB of ``*a``), and it does not parse the content of ``.. note::``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from aipplint.readers.contents import EMPTY, Contents
from aipplint.readers.documents.blocks import Blocks, matters
from aipplint.readers.documents.prose import CODE, PLAIN, STRONG, StyledText, commands, may_hold_command
from aipplint.readers.excerpt import Excerpt, line_spans
from aipplint.source import Source

MAX_BEFORE = 5
"""Number of paragraphs and list items before a block that may name its file; the nearest name is used."""

_DIRECTIVE = re.compile(r"\.\.[ \t]+(?P<name>[A-Za-z][\w.:+-]*?)::(?:[ \t]+(?P<argument>\S[^\n]*))?[ \t]*\Z")
_OPTION = re.compile(r":[\w-]+:(?:\s|\Z)")
_CAPTION = re.compile(r":(?:caption|name|filename):\s*(.*)")
_ITEM = re.compile(r"(?:[*+\u2022-]|\(?(?:\d{1,9}|[A-Za-z]|#)[.)])[ \t]+(?=\S)")
_COMMENT = re.compile(r"\.\.(?:[ \t]|\Z)")
_ADORNMENT = re.compile(r"([!-/:-@\[-`{-~])\1{2,}[ \t]*\Z")
_INLINE = re.compile(
    r"``(?P<code>[^`\n]+(?:\n[^`\n]+)*)``|\*\*(?P<strong>[^*\n]+(?:\n[^*\n]+)*)\*\*|\\(?P<escaped>[\S ])"
)
_ESCAPED = re.compile(r"\\(?=[^A-Za-z0-9\s])")
_BOLD = re.compile(r"\*\*(?=\S)|(?<=\S)\*\*")
_WITH_LANGUAGE = frozenset(("code", "code-block", "sourcecode"))
_CODE = _WITH_LANGUAGE | {"parsed-literal", "prompt", "console", "terminal"}
_NO_TEXT = frozenset(
    ("image", "figure", "toctree", "math", "graphviz", "raw", "csv-table", "doctest", "literalinclude")
)


def read_restructured(source: Source) -> Contents:
    """The scripts and configurations of a reStructuredText file; all its scripts are one shell."""
    if not matters(source.text):
        return EMPTY
    return _Reader(Excerpt.whole(source).plain()).read()


class _Reader:
    """Reads the lines of one document from the first to the last."""

    def __init__(self, text: Excerpt) -> None:
        self.text = text
        self.lines = line_spans(text.text)
        self.at = 0
        self.blocks = Blocks()
        self.before: list[str] = []
        self.paragraph: list[tuple[int, int]] = []
        """The locations of the lines of the current paragraph."""

    def read(self) -> Contents:
        """All blocks."""
        while self.at < len(self.lines):
            start, end = self.lines[self.at]
            line = self.text.text[start:end].rstrip()
            words = line.lstrip(" \t")
            column = len(line) - len(words)
            self.at += 1
            if not words:
                self._end_paragraph()
            elif _COMMENT.match(words):
                self._end_paragraph()
                self._read_explicit(words, column)
            elif _ADORNMENT.match(words) and words != "::":
                self.before = []
                self.blocks.heading()
                self._end_paragraph()
            else:
                for _ in range(8):  # Items in items: "- 1. text".
                    item = _ITEM.match(words)
                    if item is None:
                        break
                    self._end_paragraph()
                    column += item.end()
                    words = words[item.end() :]
                if _COMMENT.match(words):
                    self._end_paragraph()
                    self._read_explicit(words, column)
                    continue
                self.paragraph.append((start + column, start + len(line)))
                if words.endswith("::"):
                    column = min(column, self._column_of_paragraph())
                    self._end_paragraph()
                    self._add(self._indented(column), "")
        self._end_paragraph()
        return self.blocks.contents()

    def _column_of_paragraph(self) -> int:
        """The column of the current paragraph."""
        start = self.paragraph[0][0]
        return start - (self.text.text.rfind("\n", 0, start) + 1)

    def _read_explicit(self, words: str, column: int) -> None:
        """Take a directive or a comment; the content of a directive other than code (``.. note::``) is read as text."""
        match = _DIRECTIVE.match(words)
        name = match["name"].lower().rpartition(":")[2] if match else ""
        if name in _CODE:
            lines = self._indented(column)
            while lines and _OPTION.match(self.text.text[slice(*lines[0])]):
                if caption := _CAPTION.match(self.text.text[slice(*lines[0])]):
                    self.before = [caption[1], *self.before[: MAX_BEFORE - 1]]
                lines.pop(0)
            while lines and lines[0][0] == lines[0][1]:
                lines.pop(0)
            argument = (match["argument"] or "") if match else ""
            self._add(lines, argument if name in _WITH_LANGUAGE else "", marked=name == "parsed-literal")
        elif name in _NO_TEXT or (match is None and not re.match(r"\.\.[ \t]+(?:_|\[|\|)", words)):
            self._indented(column)

    def _indented(self, column: int) -> list[tuple[int, int]]:
        """Take the lines that are indented deeper than a column, without their common indentation."""
        text = self.text.text
        found: list[tuple[int, int, int]] = []
        last = self.at
        for number in range(self.at, len(self.lines)):
            start, end = self.lines[number]
            line = text[start:end]
            words = line.lstrip(" \t")
            if not words.strip():
                found.append((start, end, -1))
                continue
            indent = len(line) - len(words)
            if indent <= column:
                break
            found.append((start, end, indent))
            last = number + 1
        found = found[: last - self.at]
        self.at = last
        margin = min((indent for _, _, indent in found if indent >= 0), default=0)
        lines = [(min(start + margin, end), end) for start, end, _ in found]
        while lines and lines[0][0] == lines[0][1]:
            lines.pop(0)
        return lines

    def _add(self, lines: list[tuple[int, int]], language: str, *, marked: bool = False) -> None:
        """Take a block; ``marked`` means that it may contain bold text."""
        if not lines:
            return
        size = len(self.text.text)
        block = self.text.splice(((start, min(end + 1, size)) for start, end in lines))
        if marked:
            block = block.replace((mark.start(), mark.end(), "") for mark in _BOLD.finditer(block.text))
        self.blocks.add(block, language, self.before)
        self.before = []

    def _end_paragraph(self) -> None:
        """The paragraph is read: look for commands in it, and keep it as the words in front of the next block."""
        if not self.paragraph:
            return
        size = len(self.text.text)
        spans = [(start, min(end + 1, size)) for start, end in self.paragraph[:-1]]
        spans.append(self.paragraph[-1])
        self.paragraph = []
        words = "".join(self.text.text[start:end] for start, end in spans)
        self.before = [words, *self.before[: MAX_BEFORE - 1]]
        self.blocks.words(words)
        if may_hold_command(words):
            for command in commands(list(_pieces(self.text.splice(spans)))):
                self.blocks.add_script(command)


def _pieces(text: Excerpt) -> Iterator[StyledText]:
    """The text of a paragraph without its markup."""
    at = 0
    for match in _INLINE.finditer(text.text):
        if match.start() > at:
            yield StyledText(PLAIN, text.part(at, match.start()))
        at = match.end()
        if match["code"] is not None:
            yield StyledText(CODE, text.part(*match.span("code")))
        elif match["strong"] is not None:
            strong = text.part(*match.span("strong"))
            escapes = ((found.start(), found.start() + 1, "") for found in _ESCAPED.finditer(strong.text))
            yield StyledText(STRONG, strong.replace(escapes))
        else:
            yield StyledText(PLAIN, text.stand_in(match.start(), match.end(), match["escaped"].strip()))
    if at < len(text.text):
        yield StyledText(PLAIN, text.part(at, len(text.text)))
