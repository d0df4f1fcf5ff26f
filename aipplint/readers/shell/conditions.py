"""Conditions: ``[ ]``, ``[[ ]]``, ``test`` and the patterns of ``case``, as far as they can be decided."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from aipplint.readers.shell.parameters import matches
from aipplint.readers.shell.state import Outcome, outcome_of
from aipplint.readers.traced import Traced, known

if TYPE_CHECKING:
    from tree_sitter import Node

    from aipplint.readers.shell.expansion import Expander
    from aipplint.readers.shell.shell import Shell

_MAX_DEPTH = 20
_NUMBER = re.compile(r"-?[1-9]\d{0,17}|0", re.ASCII)

_NUMBERS: dict[str, Callable[[int, int], bool]] = {
    "-eq": lambda left, right: left == right,
    "-ne": lambda left, right: left != right,
    "-lt": lambda left, right: left < right,
    "-le": lambda left, right: left <= right,
    "-gt": lambda left, right: left > right,
    "-ge": lambda left, right: left >= right,
}
_EQUAL = ("=", "==", "!=")
_UNARY = frozenset(f"-{letter}" for letter in "abcdefghknoprstuvwxzGLNOS")
_LOOKING = ("-e", "-f", "-r", "-s")
_SIGNS = frozenset((*_NUMBERS, *_EQUAL, "=~", "<", ">", "-nt", "-ot", "-ef", "!", "-a", "-o", "&&", "||", "(", ")"))

TestToken = str | Traced
"""A sign of a test, or an operand."""


def tested(shell: Shell, test: Test) -> Outcome:
    """The result of a test. A file that it tests for need not exist."""
    for file in test.files():
        shell.collector.look_for(file, shell.state.folder)
    return outcome_of(test.outcome())


def test_at(expander: Expander, node: Node) -> Test:
    """The test that a ``test_command`` makes."""
    tokens = [] if node.has_error else list(_tokens(expander, node, 0))
    return Test(tokens, patterns=node.children[0].type == "[[")


def test_of_words(words: Sequence[Traced]) -> Test:
    """The test that the words after ``test`` make."""
    tokens: list[TestToken] = []
    for word in words:
        text = known(word)
        sign = text is not None and (text in _SIGNS or (text in _UNARY and len(words) > 1))
        tokens.append(text if sign and text is not None else word)
    return Test(tokens, patterns=False)


def _tokens(expander: Expander, node: Node, depth: int) -> Iterator[TestToken]:
    """The tokens of a test in the order of the text: the grammar knows nothing of what binds stronger."""
    for child in node.children:
        if child.type in ("binary_expression", "unary_expression", "parenthesized_expression", "negation"):
            if depth < _MAX_DEPTH:
                yield from _tokens(expander, child, depth + 1)
        elif child.type in ("[", "]", "[[", "]]"):
            continue
        elif child.type == "test_operator" or not child.is_named:
            yield expander.shell.text.text_of(child)
        elif child.type in ("extglob_pattern", "regex"):
            yield tuple(expander.shell.text.segments(expander.shell.text.start(child), expander.shell.text.end(child)))
        else:
            yield expander.value_at(child)


class Test:
    """Reads a test from left to right: ``or`` binds weakest, then ``and``, then ``!``."""

    def __init__(self, tokens: Sequence[TestToken], *, patterns: bool) -> None:
        self._tokens = tokens
        self._at = 0
        self._patterns = patterns
        self._depth = 0

    def files(self) -> Iterator[Traced]:
        """The files that it looks for."""
        for sign, operand in pairwise(self._tokens):
            if sign in _LOOKING and isinstance(operand, tuple):
                yield operand

    def outcome(self) -> bool | None:
        """Whether the test succeeds; None if that is unknown, or if the test is not supported."""
        if not self._tokens:
            return None
        holds = self._either()
        return holds if self._at == len(self._tokens) else None

    def _next(self) -> TestToken | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _either(self) -> bool | None:
        holds = self._both()
        while self._next() in ("-o", "||"):
            self._at += 1
            other = self._both()
            holds = True if holds is True or other is True else None if holds is None or other is None else False
        return holds

    def _both(self) -> bool | None:
        holds = self._one()
        while self._next() in ("-a", "&&"):
            self._at += 1
            other = self._one()
            holds = False if holds is False or other is False else None if holds is None or other is None else True
        return holds

    def _one(self) -> bool | None:
        token = self._next()
        self._at += 1
        self._depth += 1
        if token is None or self._depth > _MAX_DEPTH:
            return None
        if token == "!":
            holds = self._one()
            return None if holds is None else not holds
        if token == "(":
            holds = self._either()
            self._at += 1
            return holds
        if isinstance(token, str):
            operand = self._next()
            self._at += 1
            return _unary(token, operand) if isinstance(operand, tuple) else None
        sign = self._next()
        if not isinstance(sign, str) or sign in ("-a", "-o", "&&", "||", ")"):
            return _nonempty(token)
        self._at += 1
        right = self._next()
        self._at += 1
        return self._compared(token, sign, right) if isinstance(right, tuple) else None

    def _compared(self, left: Traced, sign: str, right: Traced) -> bool | None:
        first, second = known(left), known(right)
        if first is None or second is None:
            return None
        if sign in _EQUAL:
            equal = matches(second, first) if self._patterns else first == second
            return None if equal is None else equal is (sign != "!=")
        if sign not in _NUMBERS or not (_NUMBER.fullmatch(first) and _NUMBER.fullmatch(second)):
            return None
        return _NUMBERS[sign](int(first), int(second))


def _unary(sign: str, operand: Traced) -> bool | None:
    holds = _nonempty(operand) if sign in ("-n", "-z") else None
    return holds if sign == "-n" or holds is None else not holds


def _nonempty(value: Traced) -> bool | None:
    if any(segment.text and not segment.optional for segment in value):
        return True
    return None if any(segment.text is None or segment.optional for segment in value) else False


def case_matches(expander: Expander, item: Node, value: Traced) -> tuple[bool | None, list[Node]]:
    """Whether a branch of a ``case`` is taken for a value, if the ones before it are not; and its statements."""
    text = known(value)
    closing = next((at for at, child in enumerate(item.children) if child.type == ")"), len(item.children))
    holds: bool | None = False
    for pattern in item.children[:closing]:
        if not pattern.is_named:
            continue
        written = expander.shell.text.text_of(pattern)
        if written == "*":
            return True, item.children[closing + 1 :]
        said = (
            known(expander.value_at(pattern)) if pattern.type in ("string", "raw_string", "word", "number") else written
        )
        fits = None if text is None or said is None or "$" in said else matches(said, text)
        holds = True if fits or holds else None if fits is None or holds is None else False
    return holds, item.children[closing + 1 :]
