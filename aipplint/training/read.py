"""Any file of training code: what it says, and what of that counts."""

from __future__ import annotations

from collections.abc import Iterable

from aipplint.source import Source
from aipplint.training import python_code, settings_file
from aipplint.training.normalisation import CERTAIN, NAMED, SCALED, Normalisation

_SAME = 2
"""Decimal places of levels of 255 in which equal normalisations agree."""


def may_normalise(path: str, content: bytes) -> bool:
    """Whether a file has one of the words that stand in every file with a normalisation."""
    words = python_code.WORDS if path.endswith(".py") else settings_file.WORDS
    return bool(words.search(content))


def read_training(source: Source) -> list[Normalisation]:
    """Read the normalisations of Python code, YAML or JSON, by the ending of the name."""
    return python_code.read_code(source) if source.path.endswith(".py") else settings_file.read_settings(source)


def surest(found: Iterable[Normalisation]) -> list[Normalisation]:
    """Of the normalisations that are as sure as any other, the first of each that has the same numbers."""
    every = list(found)
    best = next((kind for kind in (CERTAIN, NAMED, SCALED) if any(one.strength == kind for one in every)), None)
    known: dict[object, Normalisation] = {}
    for one in every:
        if one.strength == best:
            known.setdefault(tuple(tuple(round(value, _SAME) for value in _three(part)) for part in one[:2]), one)
    return list(known.values())


def _three(values: tuple[float, ...]) -> tuple[float, ...]:
    return values * 3 if len(values) == 1 else values
