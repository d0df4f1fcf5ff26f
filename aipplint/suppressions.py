"""Comments that suppress findings: ``# aipplint: ignore[CODE, name] reason`` and ``ignore-file[...]``.

After a field, a comment counts for what stands on its line; on a line of its own, for the next field, block or list
element. It is bound to the span of what it stands at, not to a printed line. In the brackets stand codes, names and
family prefixes such as ``AIPP7``; without brackets, every rule is meant.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import islice

from aipplint.findings import Finding
from aipplint.records import NamedTuple
from aipplint.source import Source, Span
from aipplint.syntax.tree import Field, Tree

MAX_COMMENTS, MAX_WORDS = 10_000, 1_000
"""Suppression comments of one file, and codes in one comment, that are read; the others have no effect."""
EVERYTHING = ""
"""The code for missing brackets: the comment suppresses every rule."""

# Brackets end at the next opening one, so that many that are never closed cost no more than their letters.
_WORDS_OF_IT = r"\s*aipplint:\s*(ignore-file|ignore)(?![\w-])(?:\s*\[([^\[\]]*)\]|(?!\s*\[))"
_DIRECTIVE = "#" + _WORDS_OF_IT
_DIRECTIVE_ELSEWHERE = r"(?:#|//|/\*|<!--|\.\.|;)" + _WORDS_OF_IT
"""A suppression comment in other files, after the sign that begins a comment there."""
_ATTEMPT = (
    r"(?i)(?P<head>aipplint\s*(?:[:=-]\s*|(?=\w{1,40}\s*[\[=:(]|\w{1,40} AIPP\d))"
    r"(?:ignore|disable|suppress|skip|noqa|nolint|allow|off)[-_\w]*|(?:noqa|nolint)\s*[:(])"
    r"(?P<tail>[^#]*)"
)
"""Suppression comments of other linters, or with spelling mistakes, up to the next comment."""
_ATTEMPT_WORDS = ("aipplint", "noqa", "nolint")
"""Each attempt contains one of these: most comments need no pattern."""
_RULE_WORD = r"AIPP\d{1,3}|(?<=[\[=, ])[a-z]+(?:-[a-z0-9]+)+"
_COMMENT_LINE = r"[ \t>]*(?:#(?![A-Za-z])|//|/\*|<!--|;|\.\.\s+aipplint:)"
"""The beginning of a line that is a comment; ``#define`` is none."""
_COMMENT_ELSEWHERE = r"(?m)(?:^|(?<=[ \t]))(?:#|//|/\*|;)[^\n]*"
_FENCE = r"[ >]*(?:(?:[-*+]|\d+[.)])[ ]+)*(```|~~~)"
_WORD = r"[^\s,]+"
_CLOSING = ("}", ">", "]", "")


class SuppressedCode(NamedTuple):
    """One code, name or family prefix in the brackets of a comment; for a comment without brackets, EVERYTHING."""

    text: str
    span: Span


class Suppression(NamedTuple):
    """One comment.

    ``span`` is its directive, from the number sign to the bracket; ``comment`` goes on to the end of the comment, with
    the reason. ``target`` is the span whose findings it suppresses.
    """

    span: Span
    comment: Span
    target: Span
    words: tuple[SuppressedCode, ...]


def read_suppressions(source: Source, tree: Tree) -> list[Suppression]:
    """The suppressions in the comments of a file, in its order."""
    found: list[Suppression] = []
    targets: _Targets | None = None
    for comment in tree.comments:
        match = re.search(_DIRECTIVE, comment.text) if "aipplint" in comment.text else None
        if match is None or len(found) >= MAX_COMMENTS:
            continue
        start = comment.start + match.start()
        span = Span(start, comment.start + match.end())
        if match.group(1) == "ignore-file":
            target = Span(0, len(source.text))
        else:
            targets = targets or _Targets(source, tree)
            target = targets.of(comment.start)
        found.append(Suppression(span, Span(start, comment.end), target, _words(match, comment.start, span)))
    return found


class Attempt(NamedTuple):
    """An invalid suppression comment. ``better`` is the right form; empty if unknown."""

    span: Span
    better: str


def read_attempts(tree: Tree) -> list[Attempt]:
    """The comments of a file that look like suppressions but have no effect."""
    return [found for comment in tree.comments for found in _attempts(comment.text, comment.start)]


def attempts_in(source: Source) -> list[Attempt]:
    """Attempts in a file that is no configuration: in what begins like a comment, up to the end of the line."""
    if "aipp" not in source.text.lower():
        return []
    comments = re.finditer(_COMMENT_ELSEWHERE, source.text)
    return [found for comment in comments for found in _attempts(comment.group(), comment.start())]


def _attempts(comment: str, at: int) -> Iterator[Attempt]:
    """The suppression that an invalid comment at an offset was meant to be."""
    lower = comment.lower()
    if "aipp" not in lower or not any(word in lower for word in _ATTEMPT_WORDS):
        return
    if "aipplint:" in comment and re.search(_DIRECTIVE_ELSEWHERE, comment):
        return
    match = re.search(_ATTEMPT, comment)
    if match is None or "aipp" not in match.group().lower():
        return
    span = Span(at + match.start(), at + match.start() + len(match.group().rstrip()))
    words = ", ".join(dict.fromkeys(re.findall(_RULE_WORD, match["tail"])))
    whole = match["head"].lower().endswith(("-file", "_file"))
    verb = "aipplint: ignore-file" if whole else "aipplint: ignore"
    yield Attempt(span, f"{verb}[{words}]" if words else verb if whole else "")


def _words(match: re.Match[str], offset: int, span: Span) -> tuple[SuppressedCode, ...]:
    if match.group(2) is None:
        return (SuppressedCode(EVERYTHING, span),)
    offset += match.start(2)
    return tuple(
        SuppressedCode(w.group(), Span(offset + w.start(), offset + w.end()))
        for w in islice(re.finditer(_WORD, match.group(2)), MAX_WORDS)
    )


class _Targets:
    """Finds the target of a comment. Created once for a file, so that the cost is linear in the number of comments."""

    def __init__(self, source: Source, tree: Tree) -> None:
        self.text = source.text
        self.tokens = tree.tokens
        self.token_starts = [token.start for token in tree.tokens]
        self.fields = sorted(tree.walk(), key=lambda field: field.name.start)
        self.field_starts = [field.name.start for field in self.fields]
        self.spans: dict[int, Span] = {}
        """By the offset of its first token, the span of every field, block and list element."""
        for field in self.fields:
            spans = [scalar.span for scalar in field.scalars] + [block.span for block in field.blocks]
            self.spans |= {span.start: span for span in spans}
            self.spans[field.name.start] = field.span

    def of(self, comment: int) -> Span:
        """The target of the comment at an offset."""
        line_start = self.text.rfind("\n", 0, comment) + 1
        if self.text[line_start:comment].strip():
            return self._on_line(line_start, comment)
        index = bisect_left(self.token_starts, comment)
        while self.tokens[index].text in (",", ";"):
            index += 1
        token = self.tokens[index]
        if token.text in _CLOSING:
            return Span(comment, comment)
        return self.spans.get(token.start, Span(token.start, token.end))

    def _on_line(self, start: int, end: int) -> Span:
        """The fields in a part of a line, each complete; of a block that only opens there, its head."""
        first, last = start, end
        index = bisect_left(self.field_starts, start)
        if index and self._reaches(self.fields[index - 1], start):
            first = self.fields[index - 1].name.start
        for field in self.fields[index : bisect_left(self.field_starts, end)]:
            if not field.blocks:
                last = max(last, field.end)
        return Span(first, last)

    def _reaches(self, field: Field, start: int) -> bool:
        """Whether a field that began on an earlier line ends on this one."""
        return not field.blocks and field.end > start


class Silencer:
    """Applies suppressions to findings, which must be in the order of their start, and collects ``used`` ones."""

    def __init__(self, suppressions: Iterable[Suppression]) -> None:
        self.used: set[SuppressedCode] = set()
        self._waiting = sorted(suppressions, key=lambda s: (s.target.start, -s.target.end), reverse=True)
        self._active: dict[str, list[tuple[int, SuppressedCode]]] = {}

    def silences(self, finding: Finding) -> bool:
        """Whether a comment applies to a finding, which must begin in its target. The innermost one is used."""
        at = finding.span.start
        while self._waiting and self._waiting[-1].target.start <= at:
            suppression = self._waiting.pop()
            for word in suppression.words:
                self._active.setdefault(word.text, []).append((suppression.target.end, word))
        for name in (finding.code, finding.name, finding.code[:-1], finding.code[:-2], EVERYTHING):
            active = self._active.get(name, ())
            while active and active[-1][0] < at:
                active.pop()
            if active:
                self.used.add(active[-1][1])
                return True
        return False


def suppressions_in(source: Source) -> list[Suppression]:
    """The suppressions in a script or a document.

    After something, a comment counts for its line; on a line of its own for the next one that is no comment, with all
    that belongs to it: what is indented below it, what goes on after a backslash, the whole of a fenced block.
    """
    text = source.text
    found: list[Suppression] = []
    blocks: _Blocks | None = None
    for match in islice(re.finditer(_DIRECTIVE_ELSEWHERE, text), MAX_COMMENTS) if "aipplint:" in text else ():
        blocks = blocks or _Blocks(text)
        span = Span(*match.span())
        target = Span(0, len(text)) if match[1] == "ignore-file" else blocks.of(span.start)
        found.append(Suppression(span, span, target, _words(match, 0, span)))
    return found


class _Blocks:
    """The lines of a script or a document that are not blank, and what belongs to each.

    Made once for a file, so that many comments cost no more than their number.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.comment_line = re.compile(_COMMENT_LINE)
        self.printed = [Span(*line.span()) for line in re.finditer(r"[^\n]+", text)]
        self.lines: list[Span] = []
        """Logical lines: each with the lines that continue it after a backslash."""
        goes_on = False
        for start, end in self.printed:
            line = text[start:end].rstrip()
            if goes_on:
                self.lines[-1] = Span(self.lines[-1].start, end)
            elif line:
                self.lines.append(Span(start, end))
            goes_on = line.endswith("\\") and not self._is_comment(start)
        self.printed_starts = [line.start for line in self.printed]
        self.line_starts = [line.start for line in self.lines]
        self.ends = self._ends([_indentation(text[start:end]) for start, end in self.lines])
        self.closings = {
            fence: [m.start() for m in re.finditer(rf"^[ >]*{fence}", text, re.MULTILINE)] for fence in ("```", "~~~")
        }

    def of(self, comment: int) -> Span:
        """The target of the comment at an offset."""
        start, end = self.printed[bisect_right(self.printed_starts, comment) - 1]
        if not self._is_comment(start):
            return Span(start, end)
        index = bisect_right(self.line_starts, start) - 1
        if self.lines[index].end > end:
            return Span(end + 1, self.lines[index].end)
        index = self.after[index]
        if index == len(self.lines):
            return Span(comment, comment)
        start, end = self.lines[index]
        fence = re.match(_FENCE, self.text[start:end])
        if fence is None:
            return Span(start, self.ends[index])
        closings = self.closings[fence[1]]
        closing = bisect_left(closings, end)
        return Span(start, closings[closing] if closing < len(closings) else len(self.text))

    def _ends(self, depths: list[int]) -> list[int]:
        """Where everything ends that a line begins: in front of the next one that is indented no deeper."""
        ends = [len(self.text)] * len(depths)
        open_lines: list[int] = []
        for index, depth in enumerate(depths):
            while open_lines and depths[open_lines[-1]] >= depth:
                ends[open_lines.pop()] = self.lines[index - 1].end
            open_lines.append(index)
        return ends

    @cached_property
    def after(self) -> list[int]:
        """By the index of a line, that of the first one from there on that is no comment."""
        after = [len(self.lines)]
        for index in range(len(self.lines) - 1, -1, -1):
            after.append(after[-1] if self._is_comment(self.lines[index].start) else index)
        return after[::-1]

    def _is_comment(self, start: int) -> bool:
        return self.comment_line.match(self.text, start) is not None


def _indentation(line: str) -> int:
    return len(line) - len(line.lstrip(" \t>"))
