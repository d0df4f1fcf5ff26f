"""What the parts of the evaluator ask of the whole: the value of an expression inside the one that they know of."""

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
        """The value of an expression; None where nothing is known of it."""

    def text(self, node: ast.expr, where: Where, depth: int) -> Text:
        """The value of an expression as a string; a hole where it is not known."""

    def apply(self, value: Value | None, event: Event, where: Where, name: str, depth: int) -> Value | None:
        """What the value of a name becomes by an event."""

    def place_of(self, node: ast.AST) -> Place:
        """Where an expression is written."""
