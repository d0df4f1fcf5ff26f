"""Find the sentences of the rules in their source: every literal that a user can read, as a translator needs it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

RULES = Path(__file__).parent.parent / "aipplint" / "rules"
NOT_RULES = {"documentation.py", "page.py", "rule.py", "wording.py", "selection.py"}
"""Modules beside the rules that have no sentences of them."""


def modules() -> list[Path]:
    """The modules whose sentences are those of findings."""
    return [path for path in sorted(RULES.glob("*.py")) if path.name not in NOT_RULES]


def sentences(path: Path) -> Iterator[tuple[int, str]]:
    """The sentences of a module with their lines: literals of several words that are no docstrings and no lists."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    hidden = {id(child) for node in ast.walk(tree) if _is_no_sentence(node) for child in ast.walk(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in hidden and _has_words(node.value):
            assert isinstance(node.value, str)
            yield node.lineno, node.value


def glued(path: Path) -> Iterator[int]:
    """The lines on which a sentence is made of parts: f-strings with words, and sums of them."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    edits = {id(child) for node in ast.walk(tree) if _name(node) == "Edit" for child in ast.walk(node)}
    for node in ast.walk(tree):
        if id(node) in edits:
            continue
        if isinstance(node, ast.JoinedStr):
            parts: list[ast.AST] = [value for value in node.values if isinstance(value, ast.Constant)]
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            parts = [node.left, node.right]
        elif isinstance(node, ast.AugAssign):
            parts = [node.value]
        else:
            continue
        if any(isinstance(part, ast.Constant) and _has_words(part.value) for part in parts):
            yield node.lineno


def _is_no_sentence(node: ast.AST) -> bool:
    """Whether a node is a docstring, a list of names to split, an f-string or a pattern."""
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    if isinstance(node, ast.Call):
        return _name(node) in (
            "split",
            "join",
            "compile",
            "search",
            "match",
            "fullmatch",
            "finditer",
            "sub",
            "rule",
            "Edit",
        )
    return isinstance(node, (ast.JoinedStr, ast.Assert))


def _name(node: ast.AST) -> str:
    """The name of the function that a node calls."""
    function = node.func if isinstance(node, ast.Call) else None
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _has_words(value: object) -> bool:
    return isinstance(value, str) and bool(re.search(r"[a-z}'\"] [a-z{]|[a-z] \W*$|^\W* [a-z]", value))
