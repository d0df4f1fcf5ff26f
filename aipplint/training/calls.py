"""Calls and tables with a mean and a deviation: ``Normalize(mean, std)`` and its kind."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Sequence

from aipplint.records import NamedTuple
from aipplint.training.names import deviation_key, mean_key
from aipplint.training.normalisation import Numbers
from aipplint.training.numbers import alternatives, numbers, vector
from aipplint.training.scopes import Scope, dotted

_NORMALISERS = frozenset(
    "normalize normalise imnormalize normalization normalizeimage color_norm color_normalize".split()
)
_SUBTRACTS = re.compile(r"subtract|sub|.*mean.*sub.*|.*sub.*mean.*")

Arguments = dict[str, ast.expr]


class Values(NamedTuple):
    """A mean, a deviation and the expression that has them; pixels may be 0 to 1 or 0 to 255."""

    mean: Numbers
    deviation: Numbers
    node: ast.expr


def name_of(node: ast.Call) -> str:
    """The last part of the name of a called function."""
    return node.func.attr if isinstance(node.func, ast.Attribute) else dotted(node.func)


def of_call(node: ast.Call, scope: Scope) -> Iterator[Values]:
    """The normalisations that a call asks for."""
    name = name_of(node).lower()
    keywords = {keyword.arg: keyword.value for keyword in node.keywords if keyword.arg}
    if name in ("blobfromimage", "blobfromimages"):
        yield from _blob(node, keywords, scope)
    elif name == "rescale":
        yield from _rescale(node, keywords, scope)
    elif name in _NORMALISERS:
        yield from _normaliser(node, keywords, scope)
    elif name != "print":
        yield from _named(node, name, keywords, scope)


def of_table(node: ast.Dict, scope: Scope) -> Iterator[Values]:
    """The normalisation in a table with the keys of a mean and of a deviation."""
    entries: Arguments = {}
    for key, value in zip(node.keys, node.values, strict=True):
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            entries.setdefault(key.value, value)
    mean, deviation = _first(entries, mean_key), _first(entries, deviation_key)
    values = vector(mean, scope), vector(deviation, scope)
    if mean is not None and 3 in map(len, values):
        yield Values(*values, mean)


def _first(named: Arguments, key_of: Callable[[str], str | None]) -> ast.expr | None:
    return next((value for name, value in named.items() if key_of(name) is not None), None)


def _normaliser(node: ast.Call, keywords: Arguments, scope: Scope) -> Iterator[Values]:
    """``Normalize(mean, std)``: what has no keyword is given in this order, behind an image or alone."""
    known = [argument for argument in node.args if vector(argument, scope)]
    mean = _first(keywords, mean_key) or (known.pop(0) if known else None)
    deviation = _first(keywords, deviation_key) or (known.pop(0) if known else None)
    yield from _pairs(mean, deviation, node, scope)


def _named(node: ast.Call, name: str, keywords: Arguments, scope: Scope) -> Iterator[Values]:
    """Any other call: with keywords, or with variables that are named so; ``mean_subtraction(image, means)``."""
    variables = {dotted(argument).rpartition(".")[2]: argument for argument in node.args if dotted(argument)}
    mean = _first(keywords, mean_key) or _first(variables, mean_key)
    deviation = _first(keywords, deviation_key) or _first(variables, deviation_key)
    if mean is not None and deviation is not None:
        yield from (one for one in _pairs(mean, deviation, node, scope) if 3 in map(len, one[:2]))
    elif node.args and _SUBTRACTS.fullmatch(name):
        values = vector(node.args[-1], scope)
        if len(values) == 3 and max(values) > 1:
            yield Values(values, (1.0,), node)


def _pairs(mean: ast.expr | None, deviation: ast.expr | None, node: ast.expr, scope: Scope) -> Iterator[Values]:
    """A mean and a deviation; where both have several values, these belong together in their order."""
    if mean is None or deviation is None:
        return
    means, deviations = alternatives(mean, scope), alternatives(deviation, scope)
    if len(means) == 1:
        means *= len(deviations)
    elif len(deviations) == 1:
        deviations *= len(means)
    if len(means) == len(deviations):
        yield from (Values(one, other, node) for one, other in zip(means, deviations, strict=True))


def _given(node: ast.Call, keywords: Arguments, names: Sequence[str]) -> Arguments:
    return dict(zip(names, node.args, strict=False)) | keywords


def _blob(node: ast.Call, keywords: Arguments, scope: Scope) -> Iterator[Values]:
    """``blobFromImage(image, scalefactor, size, mean)`` of OpenCV: (pixel - mean) * scalefactor."""
    given = _given(node, keywords, ("image", "scalefactor", "size", "mean"))
    factor = numbers(given["scalefactor"], scope) if "scalefactor" in given else 1.0
    mean = vector(given["mean"], scope) if "mean" in given else (0.0,)
    if isinstance(factor, float) and factor > 0 and mean:
        yield Values(mean[:3], (1 / factor,), node)


def _rescale(node: ast.Call, keywords: Arguments, scope: Scope) -> Iterator[Values]:
    """``Rescale(rescale, shift)`` of MindSpore: pixel * rescale + shift. Without a shift, a Normalize may follow."""
    given = _given(node, keywords, ("rescale", "shift"))
    factor, shift = (numbers(given[name], scope) if name in given else None for name in ("rescale", "shift"))
    if isinstance(factor, float) and isinstance(shift, float) and 0 < factor < 0.1 and shift:
        yield Values((-shift / factor,), (1 / factor,), node)
