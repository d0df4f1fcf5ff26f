"""Command lines in Python code: lists and strings that start ATC or the benchmark tool, however they are made."""

from __future__ import annotations

import ast
import posixpath
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Final

from aipplint.findings import Place
from aipplint.readers.acl.sets import Branches
from aipplint.readers.contents import MAX_SCRIPTS
from aipplint.readers.extract import Command, Extract, merged
from aipplint.readers.python.builders import grown_values
from aipplint.readers.python.items import MAX_ITEMS, Items, Value, Where
from aipplint.readers.python.names import Outline, Scope, Statement, dotted, own_names
from aipplint.readers.python.subprocess_calls import Launcher
from aipplint.readers.python.text import Text
from aipplint.readers.python.values import PythonValues, makes_text
from aipplint.records import NamedTuple
from aipplint.source import Source, Span

_RUNS = frozenset(
    (
        "run call check_call check_output Popen system popen getoutput getstatusoutput spawn execvp"
        " create_subprocess_shell create_subprocess_exec"
    ).split()
)
"""Functions that run a command, by the last part of their names."""

_QUIET = frozenset(
    "print log debug info warning warn error exception critical add_argument ArgumentParser exit fail skip".split()
)
"""Functions that only print or log a command."""

_FETCHES = re.compile(
    r"urlretrieve|urlopen|requests\.get|wget|curl|hf_hub|shutil\.|tarfile|zipfile|write_text"
    r"|open\([^)\n]*['\"][wax]|\bcp\b"
)
"""What makes or fetches files."""


class _Expression(NamedTuple):
    """An expression to search: whether its value is run, and in which folder (None if unknown)."""

    node: ast.AST
    run: bool = False
    folder: str | None = ""


class _Started(NamedTuple):
    """A value that is a command, the locations of its source and its use, and how it is run (see _Expression)."""

    value: Text | Items
    use: Place
    where: Where
    run: bool
    folder: str | None


class _Move(NamedTuple):
    """A change of the working directory."""

    where: Where
    folder: str | None


class Commands:
    """Finds the commands of a file: it takes all statements, then returns the commands."""

    def __init__(self, source: Source, path: str, found: Outline, values: PythonValues, lines: Sequence[int]) -> None:
        """``lines`` are those with a word of a command in them."""
        self._source: Final = source
        self._found: Final = found
        self._values: Final = values
        self._lines: Final = lines
        self._launcher: Final = Launcher(path)
        self._started: Final[list[_Started]] = []
        self._moves: Final[list[_Move]] = []
        self._grown: Final[set[tuple[int, str]]] = set()
        """Names, each with its scope, that a command extends (``f"{cmd} --log=info"``)."""
        self._runs: Final[dict[tuple[int, str], tuple[bool, str | None]]] = {}

    def look_at(self, statement: Statement) -> None:
        """Take a statement's own expressions."""
        node = statement.node
        if isinstance(node, ast.Raise | ast.Assert | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            return
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            return  # A docstring.
        where = Where(statement.scope, (node.lineno, node.col_offset), branches=statement.branches)
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.withitem):
                self._visit(child.context_expr, where, statement.branches)
            elif isinstance(child, ast.expr) and not _is_followed(node, child):
                self._visit(child, where, statement.branches)

    def _visit(self, node: ast.expr, where: Where, branches: Branches) -> None:
        """Search an expression for commands, from the outside in, and not inside a command."""
        todo = [_Expression(node)]
        fixed = dict(where.fixed)
        where = where._replace(fixed=fixed)
        while todo:
            current, run, folder = todo.pop()
            if isinstance(current, ast.Compare):
                continue
            # To be on the safe side, they are unknown in all that is still to come of the expression.
            fixed.update(dict.fromkeys(own_names(current)))
            if isinstance(current, ast.Name | ast.Attribute) and dotted(current):
                self._note_run(dotted(current), where, run=run, folder=folder)
                continue
            if isinstance(current, ast.expr) and _may_be_text(current):
                value = self._values.of(current, where)
                if self._launcher.starts(value, run=run):
                    self._started.append(_Started(value, self._values.place_of(current), where, run, folder))
                    self._note_grown(current, where)
                    continue
            if isinstance(current, ast.Call):
                todo += self._inside_call(_Expression(current, run, folder), current, where, branches)
            else:
                # A word of a list is no command of its own, unless it looks like one.
                run = run and not isinstance(current, ast.List | ast.Tuple)
                todo += [_Expression(child, run, folder) for child in _parts(current)]

    def _inside_call(
        self, outer: _Expression, node: ast.Call, where: Where, branches: Branches
    ) -> Iterator[_Expression]:
        """The parts of a call, and whether they are run; a call that only prints or logs has none."""
        name = dotted(node.func) or getattr(node.func, "attr", "")
        last = name.rpartition(".")[2]
        if name in ("os.chdir", "chdir") and len(node.args) == 1:
            self._moves.append(_Move(where, None if branches else self._values.text(node.args[0], where).known))
        if last in _QUIET:
            return
        run, folder = outer.run or last in _RUNS, outer.folder
        for keyword in node.keywords:
            if keyword.arg == "cwd" and not (isinstance(keyword.value, ast.Constant) and keyword.value.value is None):
                folder = self._values.text(keyword.value, where).known
        for keyword in node.keywords:
            if keyword.arg in ("args", "cmd", "command"):
                yield _Expression(keyword.value, run, folder)
        if last == "create_subprocess_exec" and len(node.args) > 1:
            yield _Expression(ast.copy_location(ast.List(node.args, ast.Load()), node), run, folder)
            return
        for argument in node.args:
            yield _Expression(argument, run, folder)
        if isinstance(node.func, ast.Attribute):
            yield outer._replace(node=node.func.value)

    def _note_run(self, name: str, where: Where, *, run: bool, folder: str | None) -> None:
        """Note how the command in a variable is run."""
        found = self._values.events(name, where) if run or folder != "" else None
        if found is not None:
            key = found[0].number, name
            ran, before = self._runs.get(key, (run, folder))
            self._runs[key] = run or ran, before if before == folder else None

    def _note_grown(self, node: ast.expr, where: Where) -> None:
        """Note the variables of a command that are known there."""
        for part in ast.walk(node):
            if not isinstance(part, ast.Name | ast.Attribute):
                continue
            found = self._values.events(dotted(part), where)
            if found is not None and isinstance(self._values.of(part, where), Text | Items):
                self._grown.add((found[0].number, dotted(part)))

    def found(self) -> Extract:
        """All commands, each once, in the order of the file."""
        for scope in self._found.scopes:
            for name, events in scope.events.items():
                if any(self._is_wordy(event.value) for event in events):
                    self._follow(scope, name)
        # Of two ways to the same command the one that runs it knows the folder.
        self._started.sort(key=lambda started: (not started.run, started.use.span))
        started = self._started[:MAX_SCRIPTS]
        found = merged([self._launcher.read(one.value, self._folder(one), run=one.run) for one in started])
        commands = sorted(_once(found.commands), key=lambda command: command.head.span)
        if _FETCHES.search(self._source.text):
            commands = [command._replace(fetches=True) for command in commands]
        return found._replace(commands=tuple(commands))

    def _is_wordy(self, node: ast.expr | None) -> bool:
        """Whether a line of an expression has a word of a command in it."""
        if node is None or not _may_be_text(node):
            return False
        index = bisect_left(self._lines, node.lineno)
        return index < len(self._lines) and self._lines[index] <= (node.end_lineno or node.lineno)

    def _follow(self, scope: Scope, name: str) -> None:
        """Take the commands that are built up in a variable, or a list of commands."""
        key = scope.number, name
        if key in self._grown and key not in self._runs:
            return  # Only what it becomes is run.
        run, folder = self._runs.get(key, (False, ""))
        for first, whole in grown_values(self._values, scope, name, scope.events[name]):
            values: list[Value | None] = [whole]
            if isinstance(whole, Items) and not self._launcher.starts(whole, run=run):
                values = [item.value for item in whole.items]
            for value in values:
                if first.value is not None and self._launcher.starts(value, run=run):
                    use = self._values.place_of(first.value)
                    self._started.append(_Started(value, use, Where(scope, first.at), run, folder))

    def _folder(self, started: _Started) -> str | None:
        """The working directory of a command: the folder of the script, earlier changes of it, and ``cwd=``."""
        if len(self._moves) > MAX_ITEMS:
            return None
        folder: str | None = ""
        scope, at = started.where.scope, started.where.at
        for moved in self._moves:
            here = moved.where.at < at if moved.where.scope is scope else moved.where.scope is self._found.module
            if here:
                folder = _below(folder, moved.folder)
        return _below(folder, started.folder)


def _parts(node: ast.AST) -> Iterator[ast.AST]:
    """The parts of an expression; those of a long sum are its operands, not all the sums that it begins with."""
    while isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        yield node.right
        if not (isinstance(node.left, ast.BinOp) and isinstance(node.left.op, ast.Add)):
            yield node.left
            return
        node = node.left
    yield from ast.iter_child_nodes(node)


def _is_followed(node: ast.stmt, value: ast.expr) -> bool:
    """Whether an expression is an assigned value; its name is searched as well."""
    if not isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign) or value is not node.value:
        return False
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return _may_be_text(value) and all(map(dotted, targets))


def _may_be_text(node: ast.expr) -> bool:
    """Whether an expression can be a text or a list."""
    if isinstance(node, ast.Call):
        return makes_text(node)
    kinds = ast.JoinedStr | ast.List | ast.Tuple | ast.BinOp
    return isinstance(node, kinds) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def _below(folder: str | None, path: str | None) -> str | None:
    """A path, as seen from a folder."""
    if path is None or path.startswith(("/", "~")):
        return path
    if folder is None:
        return None
    return posixpath.normpath(posixpath.join(folder, path)) if path else folder


def _once(commands: Sequence[Command]) -> Iterator[Command]:
    """Each command once: one that others go on from (``base + more``) is none of its own."""
    keys = [tuple(word.start if word.text is None else word.text for word in command.words) for command in commands]
    by_head: dict[Span, list[int]] = {}
    for index, command in enumerate(commands):
        by_head.setdefault(command.head.span, []).append(index)
    for index, command in enumerate(commands):
        key = keys[index]
        rivals = [other for other in by_head[command.head.span][:50] if other != index]
        longer = any(len(keys[other]) > len(key) and keys[other][: len(key)] == key for other in rivals)
        if not longer and not any(other < index and keys[other] == key for other in rivals):
            yield command
