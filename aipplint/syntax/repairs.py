"""Tools of error recovery: noting issues, deleting tokens, inspecting the stack."""

from __future__ import annotations

from itertools import pairwise

from aipplint.findings import Edit
from aipplint.source import Span
from aipplint.syntax.lalr import END, Stack, Token
from aipplint.syntax.tree import SyntaxIssue

MAX_ISSUES = 200
"""After so many the rest of the file is not read: it is not a configuration."""
LOOK_AHEAD = 2000
"""Maximum number of tokens that a guess reads, so that recovery stays linear."""

OPEN = {"LBRACE": "RBRACE", "LESSTHAN": "MORETHAN"}
CLOSERS = {"RBRACE": "}", "MORETHAN": ">"}
SEPARATORS = ("SEMICOLON", "COMMA")


class Mender:
    """The mender of one file. ``issues`` is the list of its issues, in the order of reading."""

    def __init__(self, text: str, issues: list[SyntaxIssue]) -> None:
        self.issues = issues
        self._text = text
        self._gave_up = False

    def _issue(
        self,
        kind: str,
        at: Token | Span,
        *,
        values: dict[str, str] | None = None,
        edits: tuple[Edit, ...] = (),
        skipped: bool = False,
        related: int = -1,
    ) -> None:
        if not self._gave_up:
            span = Span(at.start, at.end)
            self.issues.append(SyntaxIssue(kind, span, values or {}, edits, skipped, related))

    def _give_up(self, tokens: list[Token], index: int) -> None:
        token = tokens[index]
        self._issue("too-many", token, skipped=True)
        self._gave_up = True
        del tokens[index:-1]

    def _breaks(self, start: int, end: int) -> bool:
        """Whether a line ends between two offsets."""
        return "\n" in self._text[start:end]

    def _line_end(self, tokens: list[Token], index: int, whole: bool = False) -> int:
        """Index after the last token on the line of ``index``; unless ``whole``, a closing bracket ends it too."""
        stop = (END,) if whole else (END, *CLOSERS)
        last = index + 1
        most = index + LOOK_AHEAD
        while last < most and tokens[last].kind not in stop:
            if self._breaks(tokens[last - 1].end, tokens[last].start):
                break
            last += 1
        return last

    def _delete_line(
        self, tokens: list[Token], index: int, kind: str, values: dict[str, str] | None = None, whole: bool = False
    ) -> None:
        """Skip the rest of the line, but stop before what looks like the next field.

        Lines skipped one after the other are one issue.
        """
        token = tokens[index]
        if token.kind == END:
            self._issue(kind, token, values={"found": "the end of the file", **(values or {})}, skipped=True)
            return
        last = index + 1
        end = self._line_end(tokens, index, whole)
        while last < end and not (tokens[last].kind == "NAME" and tokens[last + 1].kind in ("COLON", "LBRACE")):
            last += 1
        span = Span(token.start, tokens[last - 1].end)
        del tokens[index:last]
        previous = self.issues[-1] if self.issues else None
        if previous and previous.kind == kind and not self._text[previous.span.end : span.start].strip():
            self.issues[-1] = previous._replace(span=Span(previous.span.start, span.end))
        else:
            found = self._text[span.start : span.end]
            self._issue(kind, span, values={"found": found, **(values or {})}, skipped=True)

    def _delete_one(self, tokens: list[Token], index: int, kind: str = "after-value") -> None:
        self._issue(kind, tokens[index], values={"found": tokens[index].text})
        del tokens[index]

    def _delete_separators(self, tokens: list[Token], index: int) -> None:
        last = index
        while tokens[last].kind in SEPARATORS:
            last += 1
        edits = tuple(Edit(t.start, t.end, "") for t in tokens[index:last])
        span = Span(tokens[index].start, tokens[last - 1].end)
        self._issue("extra-separator", span, values={"found": tokens[index].text}, edits=edits)
        del tokens[index:last]

    @staticmethod
    def _delete_brackets(tokens: list[Token], index: int) -> None:
        """Delete a bracket with all that it holds; alone, where nothing near closes it."""
        depth = 0
        for last in range(index, min(index + LOOK_AHEAD, len(tokens))):
            kind = tokens[last].kind
            depth += (kind in OPEN or kind == "LSQB") - (kind in CLOSERS or kind == "RSQB")
            if depth <= 0:
                del tokens[index : last + 1]
                return
        del tokens[index]

    @staticmethod
    def _open_bracket(stack: Stack) -> Token | None:
        for value in reversed(stack.values):
            if isinstance(value, Token) and value.kind in OPEN:
                return value
        return None

    @staticmethod
    def _name_before(stack: Stack) -> Token:
        """The name of the innermost field that is being read."""
        return next(v for v in reversed(stack.values) if isinstance(v, Token) and v.kind == "NAME")

    def _field_before(self, stack: Stack) -> Span:
        """From that name to what was read last."""
        return Span(self._name_before(stack).start, stack.values[-1].end)

    def _has_no_field(self, tokens: list[Token]) -> bool:
        """Whether a file contains neither a block nor a line with a name, a colon and one value.

        A file with more than LOOK_AHEAD tokens may contain one.
        """
        if len(tokens) > LOOK_AHEAD or any(token.kind in OPEN for token in tokens):
            return False
        breaks = (i for i in range(1, len(tokens)) if "\n" in self._text[tokens[i - 1].end : tokens[i].start])
        lines = ([t.kind for t in tokens[start:end]] for start, end in pairwise((0, *breaks, len(tokens) - 1)))
        return not any(kinds[:2] == ["NAME", "COLON"] and len(kinds) - ("MINUS" in kinds) == 3 for kinds in lines)


def other_language(tokens: list[Token]) -> str:
    """Return the language of a file that does not begin like a configuration: JSON, XML, INI; or nothing."""
    first, second = tokens[0].kind, tokens[1].text if len(tokens) > 1 else ""
    if first == "LBRACE":
        return "json" if second[:1] in ('"', "}") else ""
    if first == "LESSTHAN":
        return "xml" if tokens[1].kind == "NAME" or second in ("?", "!") else ""
    if first == "LSQB":
        return "ini" if len(tokens) > 2 and tokens[2].kind == "RSQB" and "." not in second else ""
    return ""
