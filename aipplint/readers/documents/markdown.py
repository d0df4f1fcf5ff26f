"""Scripts and configurations in Markdown, parsed by markdown-it (CommonMark and tables).

The parser returns the lines of a block but not its columns. Without the marks of quotes and lists, the rest of a line
is always its end, so the text of a block is located in the file line by line.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

from aipplint.readers.contents import EMPTY, Contents
from aipplint.readers.documents.blocks import Blocks, matters
from aipplint.readers.documents.prose import (
    CODE,
    PLAIN,
    STRONG,
    StyledText,
    begins_with_command,
    commands,
    may_hold_command,
)
from aipplint.readers.excerpt import Excerpt, line_spans
from aipplint.source import Source

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

MAX_LINES = 10_000
"""Lines of a document that are read. The parser is linear in them, but slow enough that a limit is kind."""

MAX_BEFORE = 5
"""Number of paragraphs and list items before a block that may name its file; the nearest name is used."""

MAX_DEPTH = 3
"""Documents inside each other that are read: each is an indented block that was meant to be none."""

_FENCE = re.compile(r"[ \t]*(?:`{3}|~{3})")
_BOLD = re.compile(r"[ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?\*\*[ \t]*")
_PRE = re.compile(r"<pre\b[^<>]*>(?:\s*?\n)?(.*?)(?:</pre>|\Z)", re.DOTALL | re.IGNORECASE)
_TAG_OR_ENTITY = re.compile(
    r"</?[a-z][a-z0-9]*(?:\s[^<>]*)?/?>|&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]\w{1,30});", re.IGNORECASE
)


def read_markdown(source: Source) -> Contents:
    """The scripts and configurations of a Markdown file; all its scripts are one shell."""
    if not matters(source.text.replace("\\_", "_")):
        return EMPTY
    blocks = Blocks()
    _Reader(Excerpt.whole(source).plain(), blocks).read()
    return blocks.contents()


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    # A link inside a command is none: [x](y) and <y> stay as they are written. So do definitions of links.
    return MarkdownIt("commonmark").enable("table").disable(["link", "image", "autolink", "html_inline", "reference"])


class _Reader:
    """Reads the blocks of one document from its first to its last."""

    def __init__(self, text: Excerpt, blocks: Blocks, before: Sequence[str] = (), depth: int = 1) -> None:
        self.text = text
        self.lines = line_spans(text.text)
        self.blocks = blocks
        self.depth = depth
        self.before: list[str] = list(before)
        """The words in front of the next block, nearest first, up to the heading or block above them."""

    def read(self) -> None:
        """Take all blocks."""
        text = self.text.text
        if len(self.lines) > MAX_LINES:
            text = text[: self.lines[MAX_LINES][0]]
        parser = _parser()
        tokens: list[Token] = []
        # Letters that the parser would see another way than the file does: a lone CR is no end of a line for us.
        parser.block.parse(text.replace("\r", " ").replace("\ufeff", " "), parser, {}, tokens)
        cell_at = (-1, 0)
        for index, token in enumerate(tokens):
            if token.map is None or not token.content:
                continue
            first = token.map[0]
            if token.type in {"fence", "code_block"}:
                content = self._lines_of(first + (token.type == "fence"), token.content)
                if token.type == "code_block" and self.depth < MAX_DEPTH and _is_document(content.text):
                    self._read_inside(content)
                else:
                    self.blocks.add(content, token.info.strip(), self._words_before())
                    self.before = []
            elif token.type == "html_block":
                self._read_html(self._lines_of(first, token.content))
            elif token.type == "inline":
                if tokens[index - 1].type in {"td_open", "th_open"}:
                    cell_at = self._read_cell(first, token.content, cell_at)
                else:
                    self._remember(token.content, heading=tokens[index - 1].type == "heading_open")
                    if may_hold_command(token.content):
                        self._read_inline(self._lines_of(first, token.content))

    def _remember(self, words: str, *, heading: bool) -> None:
        """Keep what was read last; words above a heading belong to another part."""
        if heading:
            self.blocks.heading()
        else:
            self.blocks.words(words)
        self.before = [words] if heading else [words, *self.before[: MAX_BEFORE - 1]]

    def _words_before(self) -> list[str]:
        """The texts that may name the file of a block: the line before it, the paragraph, then the text above."""
        if not self.before:
            return []
        return [self.before[0].rpartition("\n")[2], *self.before]

    def _lines_of(self, first: int, content: str) -> Excerpt:
        """The lines of a block, found again in the file from a line on."""
        text = self.text.text
        spans: list[tuple[int, int]] = []
        lines = content.split("\n")
        if lines[-1] == "":
            lines.pop()
        for number, line in enumerate(lines, first):
            if number >= len(self.lines):
                break
            start, end = self.lines[number]
            written = text[start:end]
            kept = line
            if not written.endswith(line):
                # Blanks at an end that the parser drops, and tabs of which it left a part.
                written, kept = written.rstrip(), line.strip()
            if written.endswith(kept):
                start += len(written) - len(kept)
                spans.append((start, start + len(kept)))
            else:  # A heading that is closed: ## x ##.
                inside = max(written.find(kept), 0)
                spans.append((start + inside, start + inside + len(kept) if kept in written else end))
            if content.endswith("\n") or number - first < len(lines) - 1:
                spans.append((end, min(end + 1, len(text))))
        return self.text.splice(spans)

    def _read_inside(self, text: Excerpt) -> None:
        """An indented block that is Markdown itself."""
        inner = _Reader(text, self.blocks, self.before, self.depth + 1)
        inner.read()
        self.before = inner.before

    def _read_html(self, text: Excerpt) -> None:
        """``<pre>`` blocks, without the tags in them and with their entities resolved."""
        for match in _PRE.finditer(text.text):
            block = text.part(*match.span(1))
            edits = (
                (found.start(), found.end(), _blank(html.unescape(found[0])) if found[0].startswith("&") else "")
                for found in _TAG_OR_ENTITY.finditer(block.text)
            )
            self.blocks.add(block.replace(edits), "", self._words_before())

    def _read_cell(self, line: int, content: str, last: tuple[int, int]) -> tuple[int, int]:
        """Take a cell of a table; return its line and its end, where the search for the next cell starts."""
        start, end = self.lines[line]
        text = self.text.text
        at = last[1] if last[0] == line else start
        written = content.replace("|", "\\|")  # The only way to write a bar in a cell.
        found = text.find(written, at, end)
        if found < 0:
            return last
        if may_hold_command(content):
            cell = self.text.part(found, found + len(written))
            bars = re.finditer(r"\\\|", written)
            self._read_inline(cell.replace((bar.start(), bar.end(), "|") for bar in bars))
        return line, found + len(written)

    def _read_inline(self, text: Excerpt) -> None:
        if self.blocks.full:
            return
        parser = _parser()
        tokens: list[Token] = []
        parser.inline.parse(text.text, parser, {}, tokens)
        for command in commands(list(_pieces(text, tokens))):
            self.blocks.add_script(command)


def _is_document(block: str) -> bool:
    """Whether an indented block is text by intention: it contains fences, or a command in bold.

    Commands are indented with the item of a list that they belong to, often by more or less than the list requires.
    """
    for line in block.split("\n"):
        if _FENCE.match(line) or ((bold := _BOLD.match(line)) and begins_with_command(line[bold.end() :])):
            return True
    return False


def _pieces(text: Excerpt, tokens: Sequence[Token]) -> Iterator[StyledText]:
    """The text of a paragraph without its markup.

    A token has no location; but all text is a token or the markup of one, in order.
    """
    written = text.text
    strong: list[Excerpt] = []
    depth = at = 0
    for token in tokens:
        piece: Excerpt | None = None
        style = PLAIN
        mark = token.markup if token.type != "text" else token.content
        if token.type in {"softbreak", "hardbreak"}:
            start = written.find("\n", at)
            at = start + 1
            piece = text.part(start - 1 if token.type == "hardbreak" and written[start - 1] == "\\" else start, at)
        elif mark:
            start = written.find(mark, at)
            if start < 0:
                return  # Never seen; better nothing than a wrong place.
            at = start + len(mark)
            if token.type == "text":
                piece = text.part(start, at)
            elif token.type == "text_special":
                piece = text.stand_in(start, at, _blank(token.content))
            elif token.type == "code_inline":
                start, at = at, at + len(token.content)
                if written[start:at].replace("\n", " ") != token.content:  # A blank on both sides is dropped.
                    start, at = start + 1, at + 1
                style, piece = CODE, _code(text.part(start, at))
                at = written.find(mark, at) + len(mark)
        if token.type == "strong_open":
            depth += 1
        elif token.type == "strong_close":
            depth -= 1
            if strong and depth == 0:
                yield StyledText(STRONG, Excerpt.join(strong))
                strong = []
        elif piece is not None and depth > 0:
            strong.append(piece)
        elif piece is not None:
            yield StyledText(style, piece)
    if strong:
        yield StyledText(STRONG, Excerpt.join(strong))


def _blank(text: str) -> str:
    """An entity's text; a space that does not break is one that somebody typed to keep words apart."""
    return text.replace("\xa0", " ")


def _code(text: Excerpt) -> Excerpt:
    """Inline code: a line end is a space, except after a backslash, where it is a line continuation."""
    breaks = re.finditer(r"(?<!\\)\n", text.text)
    return text.replace((found.start(), found.end(), " ") for found in breaks)
