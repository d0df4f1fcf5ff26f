"""Completion: the fields that an operator does not have yet, the values of a field, whole operators.

The context is derived from the tokens before the cursor, so that completion works in a text that does not parse.
"""

from __future__ import annotations

from collections.abc import Iterator

from aipplint.explain.fields import description
from aipplint.records import NamedTuple
from aipplint.schema.fields import table
from aipplint.schema.spec import OP, ROOT, FieldSpec
from aipplint.server.documents import Document
from aipplint.server.templates import templates
from aipplint.source import MAX_BYTES, Span
from aipplint.syntax.lalr import lex
from aipplint.syntax.tables import pattern

_OPEN, _CLOSE = ("{", "<"), ("}", ">")
_STRINGS = ("STRING", "BAD_STRING")
_WORDS = ("true", "false")

STATIC = """\
aipp_op {
    aipp_mode: static
    input_format: ${1|YUV420SP_U8,RGB888_U8,XRGB8888_U8,YUV400_U8|}
    src_image_size_w: ${2:0}
    src_image_size_h: ${3:0}
    mean_chn_0: ${4:0}
    mean_chn_1: ${5:0}
    mean_chn_2: ${6:0}
    var_reci_chn_0: ${7:1.0}
    var_reci_chn_1: ${8:1.0}
    var_reci_chn_2: ${9:1.0}
}
"""
DYNAMIC = """\
aipp_op {
    aipp_mode: dynamic
    max_src_image_size: ${1:0}
}
"""


class Proposal(NamedTuple):
    """One completion. ``snippet`` is ``text`` with placeholders; empty if it has none."""

    label: str
    kind: str
    text: str
    detail: str = ""
    about: str = ""
    snippet: str = ""


class Cursor(NamedTuple):
    """The context of the cursor: its message (OP, ROOT, another, or "" if unknown), and whether ``field:`` precedes it.

    ``span`` is the word before the cursor, which the choice replaces.
    """

    message: str
    field: str
    span: Span


def proposals(document: Document, offset: int) -> tuple[Span, list[Proposal]]:
    """Return the completions at an offset, and the span that they replace."""
    context = context_at(document.source.text[:offset])
    if context is None:
        return Span(offset, offset), []
    if context.field:
        spec = table().messages.get(context.message, {}).get(context.field)
        return context.span, list(_values(spec)) if spec else []
    if context.message == ROOT:
        return context.span, list(_operators())
    return context.span, list(_fields(document, context, offset))


def context_at(text: str) -> Cursor | None:
    """Return the context of the end of a text; None in a comment or a string."""
    offset = len(text)
    if offset > MAX_BYTES:
        return None
    before, comments = lex(pattern("insert_op_conf"), text)
    inside = [*comments[-1:], *(token for token in before[-2:] if token.kind in _STRINGS)]
    if any(token.start < offset == token.end for token in inside):
        return None
    before = [token for token in before if token.text]
    span = Span(offset, offset)
    if before and before[-1].end == offset and before[-1].text.isidentifier():
        span = Span(before.pop().start, offset)
    open_messages = [ROOT]
    name = ""
    for token in before:
        if token.text in _OPEN:
            fields = table().messages.get(open_messages[-1], {})
            open_messages.append(fields[name].proto if name in fields else "")
        elif token.text in _CLOSE and len(open_messages) > 1:
            open_messages.pop()
        elif token.text.isidentifier():
            name = token.text
    field = ""
    if len(before) > 1 and before[-1].text == ":" and before[-2].text.isidentifier():
        field = before[-2].text
    return Cursor(open_messages[-1], field, span)


def _values(spec: FieldSpec) -> Iterator[Proposal]:
    if spec.proto == "bool":
        for word in _WORDS:
            yield Proposal(word, "value", word)
    for value in _named(spec):
        yield Proposal(value, "enum", value, spec.proto)


def _named(spec: FieldSpec) -> list[str]:
    """Return the names of an enum without the one for "undefined"."""
    return [value for value in table().enums.get(spec.proto, ()) if value.lower() != "undefined"]


def _operators() -> Iterator[Proposal]:
    about = description(ROOT, "aipp_op")
    for mode, skeleton in (("static", STATIC), ("dynamic", DYNAMIC)):
        plain = f"aipp_op {{\n    aipp_mode: {mode}\n}}\n"
        yield Proposal(f"aipp_op ({mode})", "snippet", plain, "a whole operator", about, skeleton)
    yield Proposal("aipp_op", "field", "aipp_op ", "block", about, "aipp_op {\n    $0\n}")
    for name, text in templates().items():
        yield Proposal(f"aipp_op ({name})", "snippet", text, "a whole configuration", about)


def _fields(document: Document, context: Cursor, offset: int) -> Iterator[Proposal]:
    """Return the fields that are not set yet and that the mode uses. The word at the cursor does not set a field."""
    op = document.op_at(offset) if context.message == OP else None
    mode = op.text("aipp_mode") if op else None
    taken: set[str] = set()
    for name, entries in op.entries.items() if op else ():
        if any(entry.field.name.start != context.span.start for entry in entries):
            taken.add(name)
    for name, spec in table().messages.get(context.message, {}).items():
        other = mode in ("static", "dynamic") and spec.mode not in (mode, "both")
        if name not in taken and not other and not spec.reserved:
            yield _field(context.message, spec)


def _field(message: str, spec: FieldSpec) -> Proposal:
    values = _WORDS if spec.proto == "bool" else tuple(_named(spec))
    default = spec.default[0] if isinstance(spec.default, (list, tuple)) and spec.default else spec.default
    if values:
        rest = "${1|" + ",".join(values) + "|}"
    elif spec.proto == "string":
        rest = '"$1"'
    else:
        rest = f"${{1:{default if isinstance(default, (int, float)) else 0}}}"
    detail = f"{spec.proto}{f', {spec.unit}' if spec.unit else ''}"
    about = description(message, spec.name)
    return Proposal(spec.name, "field", f"{spec.name}: ", detail, about, f"{spec.name}: {rest}")
