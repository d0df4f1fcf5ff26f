"""Variables and constants that are named as the mean and the deviation of pixels."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from aipplint.records import NamedTuple
from aipplint.training.calls import Values
from aipplint.training.names import channel_key, deviation_key, mean_key
from aipplint.training.normalisation import Numbers
from aipplint.training.numbers import numbers, vector
from aipplint.training.scopes import Scope

MAX_VALUES = 4
"""Values of one name that are tried."""


class _Named(NamedTuple):
    name: str
    node: ast.expr
    values: Numbers


def of_names(scope: Scope) -> Iterator[tuple[str, Values]]:
    """The normalisations that the names of a scope say, with the name of the mean."""
    means, deviations = _named(scope, mean_key), _named(scope, deviation_key)
    for key, mean in means.items():
        only = next(iter(deviations.values())) if len(means) == len(deviations) == 1 else None
        deviation = deviations.get(key) or only
        if deviation is not None and 3 in (len(mean.values), len(deviation.values)):
            yield mean.name, Values(mean.values, deviation.values, mean.node)
    yield from _by_channel(scope)


def _named(scope: Scope, key_of: Callable[[str], str | None]) -> dict[str, _Named]:
    """The names of a kind that have numbers, by what is left of the name."""
    found: dict[str, _Named] = {}
    for name, assigned in scope.assigned.items():
        key = key_of(name)
        known = ((value, vector(value, scope)) for _, value in assigned[:MAX_VALUES]) if key is not None else ()
        first = next(((value, values) for value, values in known if values), None)
        if key is not None and first is not None:
            found[key] = _Named(name, *first)
    return found


def _by_channel(scope: Scope) -> Iterator[tuple[str, Values]]:
    """``_R_MEAN = 123.68`` with its two fellows, which are subtracted without a division."""
    groups: dict[str, dict[str, tuple[str, ast.expr, float]]] = {}
    for name, assigned in scope.assigned.items():
        key = channel_key(name) if mean_key(name) is not None else None
        number = numbers(assigned[-1][1], scope) if key is not None else None
        if key is not None and isinstance(number, float):
            channel, rest = key
            groups.setdefault(rest, {})[channel] = name, assigned[-1][1], number
    for group in groups.values():
        if len(group) == 3:
            name, node, _ = group["r"]
            yield name, Values(tuple(group[channel][2] for channel in "rgb"), (1.0,), node)
