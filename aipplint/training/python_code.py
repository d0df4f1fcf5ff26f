"""Python: the normalisations that training, evaluation and preprocessing code contains. Nothing is executed."""

from __future__ import annotations

import ast
import re
import warnings
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from aipplint.readers.python.places import Coordinates, lines_with
from aipplint.records import NamedTuple
from aipplint.source import Source
from aipplint.training.calls import Values, of_call, of_table
from aipplint.training.chains import Chains, Change
from aipplint.training.flags import arms, off_by_default
from aipplint.training.normalisation import CERTAIN, NAMED, OPTIONAL, SCALED, Normalisation, on_bytes
from aipplint.training.pairs import of_names
from aipplint.training.scopes import MAX_NODES, Scope, scopes_of

MAX_FOUND = 200
"""Normalisations of one file that are looked at."""
WORDS = re.compile(rb"(?i)normali|[^a-z:]std|std[a-z_]* *=|_std|25[56]|12[78]|rescale|totensor|1[0-2]\d\.\d|_mean\b.*=")
"""One of these stands in every file that normalises images."""
_LINES = re.compile(f"{WORDS.pattern.decode()}|mean|std|blob|subtract")
"""One of these stands in every function that does."""
_SPECIAL = frozenset(("__init__", "__call__", "__getitem__", "__iter__", "__next__", "main"))
"""Methods that Python calls by itself, and the function that the module calls."""
_UNIFORM = 100
"""The smallest deviation of pixels of 0 to 255 that a calculation with one number for all channels may have."""
_LAYERS = re.compile(r"(?i)mean_?shift|rgb_?normal|sub_mean|add_mean")
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def has_layer(text: str) -> bool:
    """Whether code has a layer that subtracts the mean inside of the network."""
    return bool(_LAYERS.search(text))


class Code(NamedTuple):
    """A Python file: its syntax tree, all nodes of it, and where they are."""

    tree: ast.Module
    nodes: Sequence[ast.AST]
    places: Coordinates


def parse_code(source: Source) -> Code | None:
    """Parse a Python file; None if this Python cannot, or if it is too large."""
    places = Coordinates(source)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of escapes that mean nothing
            tree = ast.parse(places.code)
        nodes = list(islice(ast.walk(tree), MAX_NODES + 1))
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return None
    return Code(tree, nodes, places) if len(nodes) <= MAX_NODES else None


def read_code(source: Source) -> list[Normalisation]:
    """Read the normalisations of a Python file. One that this Python cannot parse says nothing."""
    code = parse_code(source)
    try:
        return [] if code is None else _Reader(*code).found()
    except (ValueError, RecursionError):
        return []


class _Reader:
    """One file."""

    def __init__(self, tree: ast.Module, nodes: Sequence[ast.AST], places: Coordinates) -> None:
        self._places: Final = places
        self._module: Final = scopes_of(tree)
        self._off: Final = off_by_default(nodes)
        self._loaded: Final = _loaded(nodes)
        self._lines: Final = lines_with(_LINES, places)
        self._found: Final[dict[tuple[object, ...], Normalisation]] = {}

    def found(self) -> list[Normalisation]:
        """All normalisations in order, each once."""
        for scope in filter(self._matters, self._module.all()):
            for node, optional in _expressions(scope, self._off):
                known = of_call(node, scope) if isinstance(node, ast.Call) else of_table(node, scope)
                for values in known:
                    self._note(values, scope, OPTIONAL if optional else CERTAIN if _is_call(node) else NAMED)
            for name, values in of_names(scope):
                # Code that was taken out because AIPP does it leaves its numbers behind.
                self._note(values, scope, NAMED if name in self._loaded else OPTIONAL)
            for change in Chains(scope, self._off).changes():
                self._calculation(change, scope)
        calls = {one[:2] for one in self._found.values() if one.strength == CERTAIN}
        said = [one for one in self._found.values() if one.strength != NAMED or one[:2] not in calls]
        return sorted(said, key=lambda one: one.place.span)[:MAX_FOUND]

    def _matters(self, scope: Scope) -> bool:
        """Whether a line that matters lies in a scope."""
        if scope is self._module:
            return True
        at = bisect_left(self._lines, getattr(scope.node, "lineno", 0))
        return at < len(self._lines) and self._lines[at] <= getattr(scope.node, "end_lineno", 0)

    def _note(self, values: Values, scope: Scope, strength: str) -> None:
        known = on_bytes(values.mean, values.deviation) if values.mean and values.deviation else None
        if known is None:
            return
        path = scope.path()
        names = [name for name in path if name not in _SPECIAL][:1]
        place = self._places.place_of(values.node)
        key = (place.span.start, *known)
        if key not in self._found or strength == CERTAIN:
            self._found[key] = Normalisation(*known, place, strength, tuple(names), " ".join(path))

    def _calculation(self, change: Change, scope: Scope) -> None:
        """A calculation on pixels; with one number for all channels it has to be one of the usual ones."""
        if min(change.scale) <= 0:
            return
        shifts = zip(change.scale, change.shift, strict=True)
        mean = tuple(-shift / scale if shift else 0.0 for scale, shift in shifts)
        deviation = tuple(1 / scale for scale in change.scale)
        several = len(set(mean)) > 1 or len(set(deviation)) > 1
        if several or max(deviation) >= _UNIFORM or max(deviation) == max(mean) == 0.5:
            strength = CERTAIN if several or max(mean) > 0 else SCALED
            self._note(Values(mean, deviation, change.node), scope, OPTIONAL if change.optional else strength)


def _is_call(node: ast.Call | ast.Dict) -> bool:
    return isinstance(node, ast.Call)


def _expressions(scope: Scope, off: frozenset[str]) -> Iterator[tuple[ast.Call | ast.Dict, bool]]:
    """The calls and tables of a scope without those of inner ones, and whether an option that is off asks for them."""
    todo: list[tuple[ast.AST, bool]] = [(node, False) for node in reversed(scope.body)]
    while todo:
        node, optional = todo.pop()
        if isinstance(node, _FUNCTIONS):
            continue
        if isinstance(node, ast.Call | ast.Dict):
            yield node, optional
        if isinstance(node, ast.If):
            todo += [(child, optional or is_off) for block, is_off in arms(node, off) for child in block]
            todo.append((node.test, optional))
        else:
            todo += [(child, optional) for child in ast.iter_child_nodes(node)]


def _loaded(nodes: Sequence[ast.AST]) -> frozenset[str]:
    """The names that a file uses."""
    names = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    attributes = {node.attr for node in nodes if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load)}
    return frozenset(names | attributes)
