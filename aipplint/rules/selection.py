"""Which rules run: codes, names and family prefixes as users write them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from aipplint.records import NamedTuple
from aipplint.rules.rule import Rule
from aipplint.suggest import Nearest

ALL = "ALL"
"""Selects every rule."""


class Layer(NamedTuple):
    """What one place (the settings file, the command line) says about rules; ``select`` may be None: all of them."""

    select: tuple[str, ...] | None = None
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()


def families(code: str) -> tuple[str, ...]:
    """The prefixes that stand for a code and its neighbours: ``AIPP70`` and ``AIPP7`` for AIPP702."""
    return code[:-1], code[:-2]


def vocabulary(rules: Iterable[Rule]) -> dict[str, set[str]]:
    """Every word that names rules (code, name, family prefix), with the codes that it means."""
    words: dict[str, set[str]] = {}
    for rule in rules:
        for word in (rule.code, rule.name, *families(rule.code)):
            words.setdefault(word, set()).add(rule.code)
    return words


def nearest_rule(rules: Iterable[Rule]) -> Callable[[str], str]:
    """What finds the code or name that a wrong word may have meant. No code is nearer to a wrong one than the next."""
    meant_by = Nearest(known for rule in rules for known in (rule.code, rule.name))
    return lambda word: "" if word.startswith("AIPP") and word[4:].isdigit() else meant_by(word)


def selected(rules: Sequence[Rule], layers: Iterable[Layer], preview: bool = False) -> tuple[Rule, ...]:
    """The rules that run. Later layers win; within one, the longer selector wins, and of equal ones ``ignore``.

    Rules in preview run only with ``preview``, whatever selects them.
    """
    chosen = {rule.code for rule in rules}
    for layer in layers:
        if layer.select is not None:
            chosen = set()
        wanted = (*(layer.select or ()), *layer.extend_select)
        for rule in rules:
            plus, minus = _weight(rule, wanted), _weight(rule, layer.ignore)
            if plus > minus:
                chosen.add(rule.code)
            elif minus:
                chosen.discard(rule.code)
    return tuple(rule for rule in rules if rule.code in chosen and (preview or not rule.preview))


def means(word: str, code: str, name: str) -> bool:
    """Whether a code, name or family prefix means a rule."""
    return word in (code, name, ALL, *families(code))


def _weight(rule: Rule, words: Iterable[str]) -> int:
    """How exactly the most exact of the words names a rule; 0 where none does. A name is as exact as a code."""
    found = [word for word in words if means(word, rule.code, rule.name)]
    return (
        max((0 if word == ALL else len(rule.code) if word == rule.name else len(word) for word in found), default=-1)
        + 1
    )
