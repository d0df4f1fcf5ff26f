"""Whole commands: those whose missing options are certainly not given (fact Z24)."""

from __future__ import annotations

from collections.abc import Mapping

from aipplint.atc.build import Build
from aipplint.atc.options import MODEL
from aipplint.atc.words import NAMES, Given, given_options

MAKES_MODEL, MAKES_OM2 = "0", "7"
"""Values of --mode: what ATC does without the option, and the model of another form."""
_NOT_FOR_MODELS = frozenset(("singleop", "help", "h"))


def whole_command(build: Build, mode: str = MAKES_MODEL) -> Mapping[str, Given] | None:
    """The options of a whole command with their values, by name; None if it may not be whole.

    It is whole if it is the command line of ``aipplint atc``, or if it was discovered, has --model, and every word of
    it is known. ATC must run in ``mode``, because other modes require other options. A build from the settings or the
    flags of ``check`` is not whole.
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
