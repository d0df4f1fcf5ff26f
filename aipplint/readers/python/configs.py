"""Configurations that Python code writes to files: ``open("aipp.cfg", "w").write("aipp_op { ... }")``."""

from __future__ import annotations

import ast
import re
from typing import Final

from aipplint.readers.acl.sets import Branches
from aipplint.readers.extract import ConfigText
from aipplint.readers.python.items import MAX_ITEMS, Items, Where, as_text
from aipplint.readers.python.names import Position, Statement, dotted
from aipplint.readers.python.text import Text, filled, together
from aipplint.readers.python.values import PythonValues
from aipplint.readers.traced import written
from aipplint.records import NamedTuple
from aipplint.source import Source

_CONFIG = re.compile(r"\baipp_op\s*+(?::\s*+)?\{")


class _Written(NamedTuple):
    """The text written to one file: its path ('' if unknown), the parts, and the location of each."""

    path: str
    texts: list[Text]
    branches: list[Branches]


class Configs:
    """Finds the configurations of a file: it takes all statements, then returns the configurations."""

    def __init__(self, source: Source, values: PythonValues) -> None:
        self._source: Final = source
        self._values: Final = values
        self._files: Final[dict[tuple[int, str], tuple[Position, _Written]]] = {}
        self._all: Final[list[_Written]] = []

    def look_at(self, statement: Statement) -> None:
        """Take a statement that opens a file or writes a text."""
        node = statement.node
        where = Where(statement.scope, (node.lineno, node.col_offset), branches=statement.branches)
        if isinstance(node, ast.With | ast.AsyncWith):
            for item in node.items:
                if item.optional_vars is not None:
                    self._open(item.context_expr, dotted(item.optional_vars), where)
        elif isinstance(node, ast.Assign) and len(node.targets) == 1:
            self._open(node.value, dotted(node.targets[0]), where)
        if isinstance(node, ast.Expr | ast.Assign) and isinstance(node.value, ast.Call):
            self._write(node.value, where, statement.branches)

    def _open(self, node: ast.expr, name: str, where: Where) -> None:
        """Note a file that is opened under a name."""
        path = self._path(node, where)
        if path is not None and name:
            self._files[(where.scope.number, name)] = where.at, self._new(path)

    def _opened(self, name: str, where: Where) -> _Written | None:
        """The file in a name, if the last assignment of the name opened it."""
        at, written = self._files.get((where.scope.number, name), (where.at, None))
        events = where.scope.events.get(name, ())
        later = len(events) > MAX_ITEMS or any(at < event.at < where.at for event in events)
        return None if later else written

    def _new(self, path: str) -> _Written:
        written = _Written(path, [], [])
        self._all.append(written)
        return written

    def _path(self, node: ast.expr, where: Where) -> str | None:
        """The path of a file that a call opens to overwrite it ('' if unknown); None if it opens none."""
        if not isinstance(node, ast.Call):
            return None
        path, rest = (node.args[0], node.args[1:]) if node.args else (node, [])
        if dotted(node.func) not in ("open", "io.open", "codecs.open"):
            if not (isinstance(node.func, ast.Attribute) and node.func.attr == "open"):
                return None
            path, rest = node.func.value, node.args
        mode = next((keyword.value for keyword in node.keywords if keyword.arg == "mode"), rest[0] if rest else None)
        known = mode.value if isinstance(mode, ast.Constant) else None
        writes = isinstance(known, str) and known.startswith(("w", "x"))
        return self._values.text(path, where).known or "" if writes else None

    def _write(self, call: ast.Call, where: Where, branches: Branches) -> None:
        """Note a text that is written."""
        function = call.func
        target: ast.expr | None = None
        if isinstance(function, ast.Name) and function.id == "print":
            target = next((keyword.value for keyword in call.keywords if keyword.arg == "file"), None)
        elif isinstance(function, ast.Attribute) and function.attr in ("write", "writelines", "write_text"):
            target = function.value
        if target is None or len(call.args) != 1:
            return
        written = self._opened(dotted(target), where)
        if isinstance(function, ast.Attribute) and function.attr == "write_text":
            written = self._new(self._values.text(target, where).known or "")
        elif written is None:
            path = self._path(target, where)
            written = self._new(path) if path is not None else None
        if written is not None:
            text, use = self._text(call.args[0], where), self._values.place_of(call.args[0])
            end = filled("\n", use) if isinstance(function, ast.Name) else Text(())
            written.texts.append(together([text, end]))
            written.branches.append(branches)

    def _text(self, node: ast.expr, where: Where) -> Text:
        """The written text: one, or several one after the other."""
        value, use = self._values.of(node, where), self._values.place_of(node)
        if not isinstance(value, Items):
            return as_text(value, use)
        return together([as_text(item.value, item.use) for item in value.items])

    def found(self) -> tuple[ConfigText, ...]:
        """The configurations whose whole text is known."""
        configs: list[ConfigText] = []
        for file in self._all:
            text = together(file.texts)
            always = all(branches == file.branches[0] for branches in file.branches)
            if always and text.known and _CONFIG.search(text.known):
                # Where the program is when it writes is followed for commands only.
                folder = None if "chdir(" in self._source.text else ""
                configs.append(ConfigText(written(text.segments), file.path, folder))
        return tuple(configs)
