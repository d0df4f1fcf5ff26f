"""The interface of the evaluator for its parts: the value of an expression inside of theirs."""

from __future__ import annotations

import ast
from typing import Protocol

from aipplint.findings import Place
from aipplint.readers.python.items import Value, Where
from aipplint.readers.python.names import Event
from aipplint.readers.python.text import Text


class Evaluator(Protocol):
    """Evaluates the expressions of a file. ``depth`` counts the names and operators inside each other."""

    def of(self, node: ast.expr, where: Where, depth: int) -> Value | None:
        """The value of an expression; None if it is unknown."""

    def text(self, node: ast.expr, where: Where, depth: int) -> Text:
        """The value of an expression as a string; a hole if it is unknown."""

    def apply(self, value: Value | None, event: Event, where: Where, name: str, depth: int) -> Value | None:
        """The value of a name after an event."""

    def place_of(self, node: ast.AST) -> Place:
        """Where an expression is written."""
