"""The tree of a configuration file: fields with their locations, comments, and syntax issues."""

from __future__ import annotations

from collections.abc import Iterator

from aipplint.findings import Edit
from aipplint.records import NamedTuple
from aipplint.source import Span
from aipplint.syntax.lalr import Token


class Scalar(NamedTuple):
    """A literal. ``kind`` is its terminal: NAME, INTEGER, FLOAT, STRING, BAD_NUMBER or BAD_STRING.

    ``parts`` holds the tokens: several where strings stand side by side, none where recovery filled in a value
    that was missing (then ``text`` is empty and every rule that needs it is silent).
    """

    kind: str
    text: str
    negative: bool
    start: int
    end: int
    parts: tuple[Token, ...]

    @property
    def span(self) -> Span:
        """The literal with its sign."""
        return Span(self.start, self.end)

    @property
    def missing(self) -> bool:
        """Whether nothing stood here in the file."""
        return not self.text

    @property
    def literal(self) -> str:
        """The literal as written, without a space after the sign."""
        return "-" + self.text if self.negative else self.text


class Block(NamedTuple):
    """``{ fields }`` or ``< fields >``. ``close`` is empty if the bracket is missing."""

    open: Token
    fields: list[Field]
    close: Token

    @property
    def span(self) -> Span:
        """From bracket to bracket; without a closing one, to the end of the last field."""
        end = self.close.end if self.close.text or not self.fields else self.fields[-1].end
        return Span(self.open.start, max(end, self.open.end))


class Field(NamedTuple):
    """``name: value``, ``name { ... }`` or a list of either. ``end`` lies after the value, before a separator."""

    name: Token
    colon: bool
    scalars: list[Scalar]
    blocks: list[Block]
    listed: bool
    end: int

    @property
    def span(self) -> Span:
        """From the name to the end of the value."""
        return Span(self.name.start, self.end)

    @property
    def name_span(self) -> Span:
        """The name alone."""
        return Span(self.name.start, self.name.end)

    @property
    def value_span(self) -> Span:
        """The value (or the whole list); the name if the list is empty or the value is missing."""
        values = self.scalars or self.blocks
        if not values or (self.scalars and self.scalars[0].missing):
            return self.name_span
        return Span(values[0].span.start, values[-1].span.end)


class SyntaxIssue(NamedTuple):
    """One syntax error: its kind, its location and the edits that repair it.

    ``skipped`` says that text was skipped which may have held fields, so that nothing is to be concluded from the
    absence of a field around it. ``related`` is the offset of a second place, or -1.
    """

    kind: str
    span: Span
    values: dict[str, str] = {}
    edits: tuple[Edit, ...] = ()
    skipped: bool = False
    related: int = -1


class Tree(NamedTuple):
    """A parsed file."""

    fields: list[Field]
    comments: list[Token]
    tokens: list[Token]
    issues: list[SyntaxIssue]

    def walk(self) -> Iterator[Field]:
        """Every field at every depth, in the order of the file."""
        open_lists = [iter(self.fields)]
        while open_lists:
            field = next(open_lists[-1], None)
            if field is None:
                open_lists.pop()
                continue
            yield field
            open_lists.extend(iter(block.fields) for block in reversed(field.blocks))
