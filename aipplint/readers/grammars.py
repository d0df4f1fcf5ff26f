"""The grammars of other languages (tree-sitter), loaded when the first file of that language is met."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from aipplint.source import Span

if TYPE_CHECKING:
    from tree_sitter import Node, Parser, Tree


class Parsed:
    """A text and its syntax tree.

    tree-sitter counts bytes of UTF-8, aipplint counts code points: ``span`` and ``text_of`` translate.
    """

    __slots__ = ("_offsets", "text", "tree")

    def __init__(self, text: str, tree: Tree, offsets: array[int] | None) -> None:
        self.text = text
        self.tree = tree
        self._offsets = offsets

    @property
    def root(self) -> Node:
        """The root of the tree."""
        return self.tree.root_node

    def offset(self, byte: int) -> int:
        """The code point that a byte belongs to."""
        return byte if self._offsets is None else self._offsets[byte]

    def span(self, node: Node) -> Span:
        """The location of a node."""
        return Span(self.offset(node.start_byte), self.offset(node.end_byte))

    def text_of(self, node: Node) -> str:
        """The text of a node."""
        return self.text[self.offset(node.start_byte) : self.offset(node.end_byte)]


def parse(language: str, text: str) -> Parsed:
    """Parse a text; ``language`` names the grammar (bash, cpp, ...). Never fails: errors are nodes of the tree."""
    data = text.encode("utf-8", "surrogateescape")
    offsets = None if len(data) == len(text) else array("I", _offsets(text))
    return Parsed(text, _parser(language).parse(data), offsets)


def _offsets(text: str) -> Iterator[int]:
    """The code point of every byte, and one more for the end."""
    for index, character in enumerate(text):
        code = ord(character)
        if code < 0x80 or 0xDC80 <= code <= 0xDCFF:
            yield index
        else:
            yield from (index,) * (2 if code < 0x800 else 3 if code < 0x10000 else 4)
    yield len(text)


@cache
def _parser(language: str) -> Parser:
    from tree_sitter import Language, Parser

    return Parser(Language(import_module(f"tree_sitter_{language}").language()))


def walk(node: Node) -> Iterator[Node]:
    """A node and all below it, in the order of the text. No recursion: input may nest as deeply as it likes."""
    cursor = node.walk()
    while True:
        current = cursor.node
        assert current is not None
        yield current
        if cursor.goto_first_child():
            continue
        while not cursor.goto_next_sibling():
            if not cursor.goto_parent():
                return
