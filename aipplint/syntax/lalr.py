"""The LALR(1) driver: runs tables over tokens, for any language.

lark makes the tables from grammar/ (generate.py). Running them here, instead of inside lark, keeps start-up at a
few milliseconds and gives error recovery the whole stack to look at.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from itertools import islice
from typing import Any

from aipplint.records import NamedTuple

END = "$END"
UNEXPECTED = "UNEXPECTED"
"""Kind of a token for what no terminal matches: one ASCII character, or a run of others."""
MAX_TOKENS = 60_000
"""Maximum number of tokens: as many as 20,000 fields have. Many more would need more than a second."""
ANYTHING = "*"
"""In a state that can only complete one rule: the completion, for any next token."""

Action = Callable[[list[Any]], Any]
"""The value of a grammar rule from its children (tokens and values of sub-rules, without omissions)."""


class Tables(NamedTuple):
    """A compiled grammar: lexer pattern and parse table.

    A state maps a terminal (upper case) to the next state (0 or above) or to ``~rule``, and a rule name (lower
    case) to the next state.
    ``rules`` holds (action name, rule name, number of children).
    """

    pattern: str
    states: tuple[dict[str, int], ...]
    rules: tuple[tuple[str, str, int], ...]
    start: int
    end: int


class Token(NamedTuple):
    """A terminal with its text and its offsets in the source."""

    kind: str
    text: str
    start: int
    end: int


class Stack:
    """Parser state: three parallel lists, bottom first.

    ``firsts[n]`` is the index of the first token of ``values[n]``, so that recovery can go back to where a
    construct began.
    """

    __slots__ = ("firsts", "states", "values")

    def __init__(self, start: int) -> None:
        self.states = [start]
        self.values: list[Any] = []
        self.firsts: list[int] = []

    def cut(self, depth: int) -> None:
        """Forget everything above ``depth`` values."""
        del self.states[depth + 1 :], self.values[depth:], self.firsts[depth:]


Recover = Callable[[Stack, list[Token], int], int]
"""Called with the index of a token that does not fit. May cut the stack and edit the tokens from there on;
returns the index to go on with, or -1 to give up."""


class Unparsable(Exception):
    """The text is not in the language; ``token`` is the first that does not fit."""

    def __init__(self, token: Token, expected: list[str]) -> None:
        super().__init__(token.text)
        self.token = token
        self.expected = expected


def lex(pattern: re.Pattern[str], text: str) -> tuple[list[Token], list[Token]]:
    """Tokens (closed by one of kind END) and comments of a text, together at most a little more than MAX_TOKENS."""
    tokens: list[Token] = []
    comments: list[Token] = []
    add = tokens.append
    make = tuple.__new__  # what Token() does, without the call of a Python function for every token
    kinds = dict(zip(pattern.groupindex.values(), pattern.groupindex, strict=True))
    comment = pattern.groupindex.get("COMMENT", 0)
    for match in islice(pattern.finditer(text), MAX_TOKENS):
        group = match.lastindex
        if group is None:
            continue
        start, end = match.span(group)
        if group == comment:
            comments.append(make(Token, ("COMMENT", match[group], start, end)))
        else:
            add(make(Token, (kinds[group], match[group], start, end)))
    add(Token(END, "", len(text), len(text)))
    return tokens, comments


def run(tables: Tables, tokens: list[Token], actions: Mapping[str, Action], recover: Recover | None = None) -> Any:
    """Parse tokens and return the value of the start rule.

    Raises Unparsable where nothing helps: no ``recover``, or one that gave up.
    """
    stack = Stack(tables.start)
    states, values, firsts = stack.states, stack.values, stack.firsts
    table, end = tables.states, tables.end
    rules = [(actions.get(name), origin, size) for name, origin, size in tables.rules]
    index = 0
    while True:
        token = tokens[index]
        expected = table[states[-1]]
        action = expected.get(token.kind)
        if action is None:
            action = expected.get(ANYTHING)
        if action is None:
            again = recover(stack, tokens, index) if recover else -1
            if again < 0:
                raise Unparsable(token, [kind for kind in expected if kind.isupper()])
            index = again
        elif action >= 0:
            states.append(action)
            values.append(token)
            firsts.append(index)
            index += 1
        else:
            make, origin, size = rules[~action]
            if size:
                children = values[-size:]
                first = firsts[-size]
                del states[-size:], values[-size:], firsts[-size:]
            else:
                children, first = [], index
            states.append(table[states[-1]][origin])
            values.append(make(children) if make else children[0] if size == 1 else children)
            firsts.append(first)
            if states[-1] == end:
                return values[-1]
