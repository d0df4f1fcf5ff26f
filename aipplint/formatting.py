"""The canonical form of a configuration: the layout of a text, without a change to what it says.

Pure text work, like the fixes; cli/format.py reads and writes the files.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from aipplint.config.dialects import dialect
from aipplint.records import NamedTuple
from aipplint.schema.fields import table
from aipplint.schema.spec import OP, ROOT
from aipplint.source import Source, Span
from aipplint.suppressions import read_suppressions
from aipplint.syntax.lalr import Token
from aipplint.syntax.parser import parse
from aipplint.syntax.tree import Block, Field, Scalar, Tree

INDENT = "    "
_MAX_DEPTH = 50
"""Blocks inside of each other; a configuration has one."""
_BLANKS = " \t\r\v\f"
_SEPARATORS = (":", ",", ";")
_PLAIN = {"<": "{", ">": "}"}
_DISABLED = re.compile(r"#\s*txtpbfmt:\s*disable\b")
_ENCODING = ("byte-order-mark", "utf-16")
"""Issues that are about the file and not about its layout: such a file is formatted, and stays as it is encoded."""

PROCESSING = (
    ("aipp_mode", "related_input_rank", "related_input_name", "input_edge_idx", "max_src_image_size"),
    ("input_format", "src_image_size_w", "src_image_size_h", "support_rotation", "single_line_mode"),
    ("ax_swap_switch", "rbuv_swap_switch"),
    ("crop", "load_start_pos_w", "load_start_pos_h", "crop_size_w", "crop_size_h"),
    ("resize", "resize_output_w", "resize_output_h"),
    (
        "csc_switch",
        *(f"matrix_r{row}c{column}" for row in range(3) for column in range(3)),
        *(f"input_bias_{channel}" for channel in range(3)),
        *(f"output_bias_{channel}" for channel in range(3)),
    ),
    (
        "raw_rgbir_to_f16_n",
        *(f"{name}_chn_{channel}" for name in ("mean", "min", "var_reci") for channel in range(4)),
    ),
    (
        "padding",
        *(f"{side}_padding_size" for side in ("left", "right", "top", "bottom")),
        "padding_value",
        "cpadding_value",
    ),
)
"""The fields of ``aipp_op`` in the order in which AIPP processes an image (docs/facts/arithmetic.md), by stage."""


class Unformattable(NamedTuple):
    """The reason why a text is left as it is, and where it is found."""

    reason: str
    span: Span


class _Line(NamedTuple):
    """One line of the result. ``gap``: an empty line comes before it. ``comment`` ends it."""

    depth: int
    text: str
    gap: bool = False
    comment: str = ""


def format_source(source: Source, *, sort: bool = False) -> str | Unformattable:
    """Return the canonical form of a text: four spaces for each level, ``name: value``, one field in a line.

    Comments, the order of fields, the spelling of values, the line ends and a byte order mark stay. With ``sort`` the
    fields of an ``aipp_op`` are grouped in the order of processing. A second call changes nothing.
    """
    tree = parse(source)
    if reason := _reason_against(source, tree):
        return reason
    if _is_disabled(tree) or not (tree.fields or tree.comments):
        return source.text
    text = _Layout(source.text, tree, sort).text()
    return _changed_suppression(source, tree, text) or text


def _reason_against(source: Source, tree: Tree) -> Unformattable | None:
    """A text with errors in its syntax may mean anything, and one of another tool belongs to that."""
    if other := dialect(source, tree):
        return Unformattable(f"it is a file of {other.name}", other.span)
    for issue in tree.issues:
        if issue.kind in ("too-large", "too-many"):
            return Unformattable("it is too large for a configuration", issue.span)
        if issue.kind not in _ENCODING:
            return Unformattable("it has a syntax error", issue.span)
    for token in tree.tokens:
        if token.kind in ("BAD_NUMBER", "BAD_STRING"):
            return Unformattable("it has a syntax error", Span(token.start, token.end))
    return _too_deep(tree)


def _too_deep(tree: Tree) -> Unformattable | None:
    depth = 0
    for token in tree.tokens:
        depth += (token.text in ("{", "<")) - (token.text in ("}", ">"))
        if depth > _MAX_DEPTH:
            return Unformattable("it is nested too deeply", Span(token.start, token.end))
    return None


def _is_disabled(tree: Tree) -> bool:
    """Whether a comment before the first field asks every formatter of this syntax to keep the file as it is."""
    first = tree.fields[0].name.start if tree.fields else None
    head = (comment for comment in tree.comments if first is None or comment.start < first)
    return any(_DISABLED.match(comment.text) for comment in head)


def _changed_suppression(source: Source, tree: Tree, text: str) -> Unformattable | None:
    """A comment that would suppress findings of other fields: it is for a line that would be broken."""
    if not any("aipplint" in comment.text for comment in tree.comments):
        return None
    after = Source(source.path, text, source.encoding)
    left = [target for _, target in _suppressed(after, parse(after))]
    for span, target in _suppressed(source, tree):
        if target not in left:
            return Unformattable("this comment would suppress findings of other fields", span)
        left.remove(target)
    return None


def _suppressed(source: Source, tree: Tree) -> list[tuple[Span, tuple[str, ...]]]:
    """The comments that suppress findings, each with its text and that of the fields and brackets it is for."""
    found = []
    for one in read_suppressions(source, tree):
        start, end = one.target
        tokens = (token.text for token in tree.tokens if start <= token.start < end)
        words = sorted(_PLAIN.get(text, text) for text in tokens if text not in _SEPARATORS)
        found.append((one.span, (source.text[slice(*one.comment)].rstrip(_BLANKS), *words)))
    return found


class _Layout:
    """Makes the lines of a text: goes through the tree, and takes the comments on the way."""

    def __init__(self, text: str, tree: Tree, sort: bool) -> None:
        self._text = text
        self._tree = tree
        self._sort = sort
        self._next = 0
        """Index of the first comment that is in no line yet."""
        self._end = 0
        """Where the last thing ends that is in a line, for the empty lines after it."""

    def text(self) -> str:
        """The whole text. A line ends as most lines of the original do."""
        mark = "\ufeff" if self._text.startswith("\ufeff") else ""
        self._end = len(mark)
        lines = self._fields(self._tree.fields, len(self._text), 0, ROOT)
        printed: list[str] = []
        for line in lines:
            if line.gap and printed:
                printed.append("")
            comment = f"  {line.comment}" if line.text and line.comment else line.comment
            printed.append(f"{INDENT * line.depth}{line.text}{comment}")
        returns = self._text.count("\r\n")
        end = "\r\n" if 2 * returns > self._text.count("\n") else "\n"
        return mark + "".join(line + end for line in printed)

    def _fields(self, fields: Sequence[Field], end: int, depth: int, message: str) -> list[_Line]:
        """The lines of the fields of a block that ends at an offset. No empty line is at its beginning or end."""
        units: list[tuple[str, list[_Line]]] = []
        limits = [*(field.name.start for field in fields[1:]), end]
        for field, limit in zip(fields, limits, strict=True) if fields else ():
            lines = self._comments(field.name.start, depth)
            gap = self._gap(field.name.start)
            inner = table().messages.get(message, {}).get(field.name.text)
            own = self._field(field, depth, inner.proto if inner else "")
            own[0] = own[0]._replace(gap=gap)
            own[-1] = self._ended(own[-1], limit)
            units.append((field.name.text, [*lines, *own]))
        rest = self._comments(end, depth)
        if self._sort and message == OP:
            units = _sorted(units)
        made = [line for _, unit in units for line in unit] + rest
        if made:
            made[0] = made[0]._replace(gap=False)
        return made

    def _field(self, field: Field, depth: int, message: str) -> list[_Line]:
        """The lines of one field, with the comments inside of it: those before its value stand above it."""
        name = field.name.text
        values = field.scalars or field.blocks
        opening = self._opening(field)
        above = self._comments(opening, depth, inside=True)
        if field.blocks and not field.listed:
            return [*above, *self._block(field.blocks[0], f"{name} ", depth, message)]
        if not field.listed:
            above += self._comments(field.end, depth, inside=True)
            self._end = field.end
            return [*above, _Line(depth, f"{name}: {field.scalars[0].literal}")]
        commented = self._next < len(self._tree.comments) and self._tree.comments[self._next].start < field.end
        if field.blocks or commented:
            return [*above, *self._list(field, values, depth, message)]
        self._end = field.end
        return [*above, _Line(depth, f"{name}: [{', '.join(scalar.literal for scalar in field.scalars)}]")]

    def _opening(self, field: Field) -> int:
        """Where the value of a field begins: its bracket, or its first literal."""
        if field.listed:
            return self._text.index("[", self._after_comments(field.name.end))
        return field.blocks[0].open.start if field.blocks else field.scalars[0].start

    def _after_comments(self, offset: int) -> int:
        """The first offset from here on that is neither space, colon nor comment."""
        passed = re.compile(r"(?:[\s:]|#[^\n]*)*").match(self._text, offset)
        return passed.end() if passed else offset

    def _block(self, block: Block, head: str, depth: int, message: str) -> list[_Line]:
        end = block.close.start
        first = block.fields[0].name.start if block.fields else end
        self._end = block.open.end
        opened = self._ended(_Line(depth, head + "{"), first)
        self._end = max(self._end, block.open.end)
        inside = self._fields(block.fields, end, depth + 1, message)
        self._end = block.close.end
        if not inside and not opened.comment:
            return [_Line(depth, head + "{}")]
        return [opened, *inside, _Line(depth, "}")]

    def _list(self, field: Field, values: Sequence[Scalar | Block], depth: int, message: str) -> list[_Line]:
        """A list of blocks, or one with comments: each element has lines of its own."""
        limits = [*(value.span.start for value in values), field.end - 1]
        self._end = self._opening(field) + 1
        lines = [self._ended(_Line(depth, f"{field.name.text}: ["), limits[0])]
        for index, value in enumerate(values):
            lines += self._comments(value.span.start, depth + 1)
            gap = self._gap(value.span.start) and index > 0
            if isinstance(value, Block):
                own = self._block(value, "", depth + 1, message)
            else:
                own = [*self._comments(value.end, depth + 1, inside=True), _Line(depth + 1, value.literal)]
                self._end = value.end
            own[0] = own[0]._replace(gap=gap)
            comma = "," if index + 1 < len(values) else ""
            own[-1] = self._ended(own[-1]._replace(text=own[-1].text + comma), limits[index + 1])
            lines += own
        lines += self._comments(field.end - 1, depth + 1)
        self._end = field.end
        return [*lines, _Line(depth, "]")]

    def _comments(self, end: int, depth: int, *, inside: bool = False) -> list[_Line]:
        """The comments up to an offset, each with a line of its own."""
        lines: list[_Line] = []
        comments = self._tree.comments
        while self._next < len(comments) and comments[self._next].start < end:
            comment = comments[self._next]
            gap = not inside and self._gap(comment.start)
            lines.append(_Line(depth, "", gap, comment.text.rstrip(_BLANKS)))
            self._end = comment.end
            self._next += 1
        return lines

    def _ended(self, line: _Line, limit: int) -> _Line:
        """A line with the comment that follows on the same line of the original, before an offset."""
        comments = self._tree.comments
        if line.comment or self._next == len(comments) or comments[self._next].start >= limit:
            return line
        comment = comments[self._next]
        if not self._before(comment).strip():
            return line
        self._end = comment.end
        self._next += 1
        return line._replace(comment=comment.text.rstrip(_BLANKS))

    def _before(self, comment: Token) -> str:
        """What is before a comment in its line."""
        return self._text[self._text.rfind("\n", 0, comment.start) + 1 : comment.start].lstrip("\ufeff")

    def _gap(self, start: int) -> bool:
        """Whether an empty line is between the last thing and an offset."""
        return self._text.count("\n", self._end, start) > 1


def _sorted(units: list[tuple[str, list[_Line]]]) -> list[tuple[str, list[_Line]]]:
    """Fields with their lines in the order of processing, an empty line between two stages.

    Fields of one name keep their order, because the last one is used; unknown fields are at the end.
    """
    places = {name: (stage, at) for stage, names in enumerate(PROCESSING) for at, name in enumerate(names)}
    last = (len(PROCESSING), 0)
    ordered = sorted(units, key=lambda unit: places.get(unit[0], last))
    made: list[tuple[str, list[_Line]]] = []
    before = None
    for name, lines in ordered:
        stage = places.get(name, last)[0]
        first = lines[0]._replace(gap=stage != before)
        made.append((name, [first, *(line._replace(gap=False) for line in lines[1:])]))
        before = stage
    return made
