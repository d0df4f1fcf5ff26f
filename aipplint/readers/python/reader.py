"""Python: the commands that code runs, the configurations that it writes, the calls that set dynamic AIPP."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Sequence

from aipplint.readers.extract import NOTHING, Extract
from aipplint.readers.programs import WORDS
from aipplint.readers.python.calls import Calls
from aipplint.readers.python.commands import Commands
from aipplint.readers.python.configs import Configs
from aipplint.readers.python.names import outline
from aipplint.readers.python.places import Coordinates, lines_with
from aipplint.readers.python.values import PythonValues
from aipplint.source import Source


def _tool(name: str) -> str:
    """The name of a tool as a whole word, or after an escape (``"\\natc"``). What begins with letters is fast."""
    return rf"{name}(?:(?<![A-Za-z0-9]{name})|(?<=\\[nrt]{name}))(?![A-Za-z0-9])"


_TOOLS = "|".join(map(_tool, WORDS))
_WANTED = re.compile(rf"acl\b|aipp|set_dynamic_hw_size|insert_op_conf|soc_version|{_TOOLS}")
"""A pattern for files that are read at all."""
_WORDS = re.compile(rf"--[a-z]|\.sh\b|{_TOOLS}")
"""A pattern for lines that may be part of a command."""
_LINES = re.compile(
    r"aipp|AIPP|set_dynamic_|subprocess|run\b|call\b|check_|Popen|popen|system\b|getoutput|chdir|create_sub|exec"
    rf"|{_WORDS.pattern}"
)
"""A pattern for relevant lines; in a file with a configuration, also the lines that write it."""
_WRITES = re.compile(rf"write|print|open\(|{_LINES.pattern}")
_SETS = re.compile(r"(?:create|set|input|by_input_index)_?aipp|set_dynamic_hw_size")
"""Calls that set dynamic AIPP: then every line may matter, as the set may be handed on anywhere."""


MAX_STATEMENTS = 4_000
"""Maximum number of statements that can matter in one file."""


def read_python(source: Source, path: str) -> Extract:
    """Read a Python file. ``path`` is relative to the root of the repository.

    The result is empty if this Python cannot parse the file (Python 2, a template), or if it is longer than
    MAX_STATEMENTS.
    """
    if not _WANTED.search(source.text):
        return NOTHING
    try:
        return _read(source, path)
    except RecursionError:
        # Brackets nest deeper than Python itself can bear.
        return NOTHING


def _read(source: Source, path: str) -> Extract:
    places = Coordinates(source)
    tree = _parsed(places.code)
    if tree is None:
        return NOTHING
    found = outline(tree, _lines(places))
    if len(found.statements) > MAX_STATEMENTS:
        return NOTHING
    values = PythonValues(source, path, found, places.place_of, _rebound(tree, places.code))
    commands = Commands(source, path, found, values, lines_with(_WORDS, places))
    configs, calls = Configs(source, values), Calls(source, found, values)
    for statement in found.statements:
        for reader in (commands, configs, calls):
            reader.look_at(statement)
    said = commands.found()
    return said._replace(configs=said.configs + configs.found(), settings=calls.found(tree))


def _lines(places: Coordinates) -> Sequence[int]:
    """The lines that can matter."""
    if _SETS.search(places.code):
        return range(1, len(places.starts) + 1)
    return lines_with(_WRITES if "aipp_op" in places.code else _LINES, places)


def _rebound(tree: ast.Module, code: str) -> set[str]:
    """The names that are assigned inside of an expression."""
    if ":=" not in code:
        return set()
    return {node.target.id for node in ast.walk(tree) if isinstance(node, ast.NamedExpr)}


def _parsed(code: str) -> ast.Module | None:
    """The tree of a file; None if it is not Python."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of escapes that mean nothing
            return ast.parse(code)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return None
