"""Source to tree: lexing, parsing, recovery. Never raises, whatever the bytes."""

from __future__ import annotations

from typing import Any

from aipplint.source import Source, Span
from aipplint.syntax.lalr import MAX_TOKENS, UNEXPECTED, Recover, Stack, Tables, Token, Unparsable, lex, run
from aipplint.syntax.tables import pattern, tables
from aipplint.syntax.tree import Block, Field, Scalar, SyntaxIssue, Tree

_GRAMMAR = "insert_op_conf"
_MAX_OPS = 100
"""Blocks that an unclosed one gives back at the most: more are not a configuration, and would cost their square."""


def parse(source: Source) -> Tree:
    """The tree of a configuration file, with every departure from the syntax as an issue."""
    tokens, comments, issues = _read(source)
    if len(tokens) + len(comments) > MAX_TOKENS:
        return Tree([], [], tokens[-1:], [SyntaxIssue("too-large", Span(0, 0), skipped=True)])
    compiled = tables(_GRAMMAR)
    try:
        fields = run(compiled, tokens, _ACTIONS, _recover(source, compiled, issues))
    except Unparsable as stuck:
        fields, issues = [], [*issues, SyntaxIssue("too-many", Span(stuck.token.start, stuck.token.end), skipped=True)]
    return Tree(fields, comments, tokens, sorted(issues, key=lambda issue: issue.span))


def _recover(source: Source, compiled: Tables, issues: list[SyntaxIssue]) -> Recover:
    """Recovery, imported when it is needed."""
    made: list[Recover] = []

    def recover(stack: Stack, tokens: list[Token], index: int) -> int:
        if not made:
            from aipplint.syntax.recovery import Recovery

            made.append(Recovery(source.text, compiled, issues).recover)
        return made[0](stack, tokens, index)

    return recover


def _read(source: Source) -> tuple[list[Token], list[Token], list[SyntaxIssue]]:
    """Lex the text as it stands, or, where something in it is not what it seems, its reading."""
    scanner = pattern(_GRAMMAR)
    text = source.text
    if source.encoding == "utf-8" and "\0" not in text:
        tokens, comments = lex(scanner, text)
        if not any(token.kind == UNEXPECTED for token in tokens):
            return tokens, comments, []
    from aipplint.syntax.lookalikes import read

    return read(source, scanner)


# What the grammar's rules make of their children: see the productions in grammar/insert_op_conf.lark.


def _append(children: list[Any]) -> list[Any]:
    """``xs: x | xs x | xs "," x | (nothing)``: one list, extended in place."""
    if not children:
        return []
    if isinstance(children[0], list):
        children[0].append(children[-1])
        result: list[Any] = children[0]
        return result
    return [children[0]]


def _fields(children: list[Any]) -> list[Field]:
    """Like _append; a block that was never closed gives back what belongs after it."""
    if not children:
        return []
    fields: list[Field] = children[0]
    field: Field = children[1]
    fields.append(field)
    if field.blocks and not field.blocks[-1].close.text:
        fields.extend(_misplaced(field))
    return fields


def _misplaced(field: Field) -> list[Field]:
    """Cut an unclosed block before a block of its own name: ``aipp_op { ... aipp_op { ... }``."""
    inside = field.blocks[-1].fields
    if len(inside) > _MAX_OPS:
        return []
    for index, inner in enumerate(inside):
        if inner.blocks and inner.name.text == field.name.text:
            behind = inside[index:]
            del inside[index:]
            return behind
    return []


def _scalar_field(children: list[Any]) -> Field:
    scalar: Scalar = children[2]
    return Field(children[0], True, [scalar], [], False, scalar.end)


def _scalar_list_field(children: list[Any]) -> Field:
    return Field(children[0], True, children[3], [], True, children[4].end)


def _block_field(children: list[Any]) -> Field:
    at = 1 if isinstance(children[1], Block) else 2
    block: Block = children[at]
    return Field(children[0], at == 2, [], [block], False, block.span.end)


def _empty_list_field(children: list[Any]) -> Field:
    colon = children[1].kind == "COLON"
    return Field(children[0], colon, [], [], True, children[2 + colon].end)


def _block_list_field(children: list[Any]) -> Field:
    colon = children[1].kind == "COLON"
    return Field(children[0], colon, [], children[2 + colon], True, children[3 + colon].end)


def _block(children: list[Any]) -> Block:
    return Block(*children)


def _scalar(children: list[Any]) -> Scalar:
    first = children[0]
    if not isinstance(first, list):
        return Scalar(first.kind, first.text, False, first.start, first.end, (first,))
    parts = tuple(first)
    bad = next((p.kind for p in parts if p.kind == "BAD_STRING"), "STRING")
    text = " ".join(p.text for p in parts)
    return Scalar(bad, text, False, parts[0].start, parts[-1].end, parts)


def _negative(children: list[Any]) -> Scalar:
    minus, literal = children
    return Scalar(literal.kind, literal.text, True, minus.start, literal.end, (literal,))


_ACTIONS = {
    "fields": _fields,
    "scalar_field": _scalar_field,
    "scalar_list_field": _scalar_list_field,
    "block_field": _block_field,
    "empty_list_field": _empty_list_field,
    "block_list_field": _block_list_field,
    "block": _block,
    "blocks": _append,
    "scalars": _append,
    "scalar": _scalar,
    "negative": _negative,
    "strings": _append,
}
