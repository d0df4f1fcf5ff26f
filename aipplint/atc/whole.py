"""Whole commands: those of which it is known what they do not give (fact Z24)."""

from __future__ import annotations

from collections.abc import Mapping

from aipplint.atc.build import Build
from aipplint.atc.options import MODEL
from aipplint.atc.words import NAMES, Given, given_options

MAKES_MODEL, MAKES_OM2 = "0", "7"
"""Values of --mode: what ATC does without the option, and the model of another form."""
_NOT_FOR_MODELS = frozenset(("singleop", "help", "h"))


def whole_command(build: Build, mode: str = MAKES_MODEL) -> Mapping[str, Given] | None:
    """The options that a whole command gives with a value, by name; None where it is not known to be one.

    It is one where it was typed after ``aipplint atc``, or was found, has --model, and every word of it is understood;
    and where ATC runs in ``mode``: others need other options. What the settings or the flags of ``check`` say of a
    build makes none.
    """
    words = build.words
    if not build.complete or not words or not (build.typed or build.origin is not None):
        return None
    if any(word.text is None and "=" not in word.start for word in words):
        return None
    given: dict[str, Given] = {}
    taken = 0
    for option in given_options(words):
        given[option.name.replace("-", "_")] = option
        # A word behind an option without "=" is its value.
        taken += 1 if option.value is not None or "=" in option.word.start else 2
    if taken < len(words) or _NOT_FOR_MODELS & given.keys() or not given.keys() <= NAMES:
        return None
    if ("mode" in given and given["mode"].value != mode) or ("mode" not in given and mode != MAKES_MODEL):
        return None
    named = {name: option for name, option in given.items() if option.value != ""}
    return named if build.typed or MODEL in named else None
