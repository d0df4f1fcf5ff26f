"""The tree of a file: places to the character, comments kept, every slip named once and the rest still read."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from aipplint.source import Source
from aipplint.syntax.parser import parse
from aipplint.syntax.tree import Field, Tree
from tests import strategies
from tests.strategies import encoded


def tree_of(text: str) -> Tree:
    return parse(Source("aipp.cfg", text))


def names(text: str) -> list[str]:
    return [field.name.text for field in tree_of(text).walk()]


def issues(text: str) -> list[tuple[str, str]]:
    """Kind and text of every slip."""
    return [(issue.kind, text[issue.span.start : issue.span.end]) for issue in tree_of(text).issues]


def written(text: str, field: Field) -> tuple[str, str, str]:
    """A field, its name and its value as they stand in the file."""
    name, value = field.name_span, field.value_span
    return text[field.span.start : field.span.end], text[name.start : name.end], text[value.start : value.end]


def test_places_are_exact() -> None:
    text = "aipp_op {\n  crop : true ; # on\n  mean_chn_0: - 5\n  input_edge_idx: [1, 2]\n}\n"
    (block,) = tree_of(text).fields
    crop, mean, edges = block.blocks[0].fields

    assert written(text, crop) == ("crop : true", "crop", "true")
    assert written(text, mean) == ("mean_chn_0: - 5", "mean_chn_0", "- 5")
    assert written(text, edges)[2] == "1, 2"
    assert text[block.blocks[0].span.start : block.span.end] == text[text.index("{") : text.index("}") + 1]


def test_comments_are_kept_with_their_places() -> None:
    text = "# first\naipp_op { # second {\n  related_input_name: '# none' }\n#"

    assert [(text[c.start : c.end]) for c in tree_of(text).comments] == ["# first", "# second {", "#"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a { b true }", [("missing-colon", "b true")]),
        ("a { b = true }", [("equals-sign", "=")]),
        ("a { b := true }", [("equals-sign", "=")]),
        ("a { b: true", [("unclosed-block", "{")]),
        ("a { b: true } }", [("unmatched-close", "}")]),
        ("a { b: true }}}", [("unmatched-close", "}}")]),
        ("a { b: true >", [("wrong-close", ">")]),
        ("a { b: true;; c: 1 }", [("extra-separator", ";")]),
        ("a {\n b:\n c: 1\n}", [("missing-value", "b:")]),
        ("a {\n b: c: 1\n}", [("missing-value", "b:")]),
        ("a {\n b\n c: 1\n}", [("lone-name", "b")]),
        ("a {\n 'b': 1\n c: 1\n}", [("quoted-name", "'b'")]),
        ('a {\n b: x\n "c": 1\n}', [("quoted-name", '"c"')]),
        ("a { b: 1,5 }", [("decimal-comma", "1,5")]),
        ("a { b: 224c: 1 }", [("missing-blank", "224c")]),
        ("a { b: +1 }", []),
        ("a { b: [1 2] }", [("missing-comma", "2")]),
        ("a { b: [1, 2,] }", [("extra-separator", ",")]),
        ("a {\n b: [1, 2\n c: 1\n}", [("unclosed-list", "c")]),
        ("a { b [1] }", [("missing-colon", "b ")]),
        ("a ( b: 1 )", [("wrong-bracket", "(")]),
        ("a\n b: 1\n}", [("missing-open", "a")]),
        ("a { b: ${X} }", [("instead-of-value", "$")]),
        ("a { b: 1 }\nls -l > x", [("after-name", "-l > x")]),
        ("// x\na { b: 1 }", [("foreign-comment", "// x")]),
        ("a { /* x\n */ b: 1 }", [("foreign-comment", "/* x\n */")]),
        ("a { some words here\n b: 1 }", [("prose", "some words here")]),
        ("a { b\uff1a1 }", [("look-alike", "\uff1a")]),
        ("a {\u3000b: 1 }", [("look-alike-blank", "\u3000")]),
        ("a { b: 1\u202c }", [("invisible", "\u202c")]),
        ("a { b\u200bc: 1 }", [("invisible", "\u200b")]),
        ("\ufeffa { b: 1 }", [("byte-order-mark", "\ufeff")]),
        ("a { # \0\n b: 1 }", [("invisible", "\0")]),
        ('{ "a": 1 }', [("json", "{")]),
        ("<?xml version='1.0'?><a/>", [("xml", "<")]),
        ("[section]\na = 1", [("ini", "[")]),
    ],
)
def test_a_slip_is_named_once(text: str, expected: list[tuple[str, str]]) -> None:
    assert issues(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "aipp_op {{ aipp_mode: static\n {} crop: true }}",
        "aipp_op {{\n aipp_mode: static\n {}\n crop: true\n}}\n",
    ],
)
@pytest.mark.parametrize(
    "issue", ["x 1", "x = 1", "x:: 1", "x: 1;;", "x: +1", "x: [1 2]", "x: 1/2", 'x: "\\q"', "x\uff1a1", "x: 1 /* */"]
)
def test_the_fields_around_a_slip_are_read(text: str, issue: str) -> None:
    assert names(text.format(issue)) == ["aipp_op", "aipp_mode", "x", "crop"]


def test_fixes_of_slips_give_clean_text() -> None:
    text = "aipp_op {\n  crop true\n  padding = false;;\n  resize\uff1afalse\n  var_reci_chn_0: 0.5\u202c\n}\n"
    for issue in reversed(tree_of(text).issues):
        for edit in reversed(issue.edits):
            text = text[: edit.start] + edit.text + text[edit.end :]

    assert issues(text) == []
    assert names(text) == ["aipp_op", "crop", "padding", "resize", "var_reci_chn_0"]


def test_unclosed_block_ends_before_the_next_of_its_name() -> None:
    tree = tree_of("aipp_op {\n crop: true\naipp_op {\n padding: true\n}\n")

    assert [issue.kind for issue in tree.issues] == ["unclosed-block"]
    assert [[f.name.text for f in field.blocks[0].fields] for field in tree.fields] == [["crop"], ["padding"]]


@settings(max_examples=200)
@given(encoded(strategies.configs()))
def test_tokens_and_comments_cover_the_text(data: bytes) -> None:
    """What is neither a token nor a comment is blank, wherever the text holds no slip."""
    source = Source.from_bytes("aipp.cfg", data)
    tree = parse(source)
    if not tree.issues:
        pieces = sorted((token.start, token.end) for token in [*tree.tokens, *tree.comments])
        at = 0
        for start, end in pieces:
            assert source.text[at:start].strip(" \t\r\n\v\f") == ""
            at = end
        assert source.text[at:].strip(" \t\r\n\v\f") == ""
        for token in (*tree.tokens, *tree.comments):
            assert source.text[token.start : token.end] == token.text


@settings(max_examples=200)
@given(strategies.damaged(encoded(strategies.configs())))
def test_spans_are_in_order_and_inside(data: bytes) -> None:
    source = Source.from_bytes("aipp.cfg", data)
    tree = parse(source)

    assert source.text.encode(source.encoding, "surrogateescape") == data or source.encoding != "utf-8"
    for issue in tree.issues:
        assert 0 <= issue.span.start <= issue.span.end <= len(source.text)
    for field in tree.walk():
        assert 0 <= field.name.start <= field.name.end <= field.end <= len(source.text)
