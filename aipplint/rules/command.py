"""AIPP624, AIPP627: misspelt and repeated options on ATC's command line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from aipplint.atc.build import Build
from aipplint.atc.options import CANN_VERSION
from aipplint.findings import Edit, Fix, Problem, Related, Severity
from aipplint.rules.options import MAX_PROBLEMS, shortened
from aipplint.rules.rule import rule
from aipplint.suggest import distance, nearest

# Most files are linted without a command line and do not require the names of ATC's options.
if TYPE_CHECKING:
    from aipplint.atc.words import Word

_GLUED = r"(?<![\s/])--([a-z][a-z0-9_]*)="
_SWALLOWED = r"(?<=\s)--([a-z][a-z0-9_]*)(?=[=\s])"
"""Another option in the value of one: glued to it, or behind a space, in quotes that were to end before."""
_SHELL_SIGNS = tuple("<>|&;#")
_DOUBLE = "\u201c\u201d\u201e\u201f\uff02"
_CURLY = _DOUBLE + "\u2018\u2019\u201a\u201b"
_MIN_LETTERS = 5
_MAX_TYPOS = 2
"""The number of letters that can be wrong in the name of an option. A later release may have more options."""


@rule("AIPP624", "unknown-option", Severity.WARNING)
def unknown_option(build: Build) -> Iterator[Problem]:
    """A word on the command line is a misspelt option of ATC.

    If the name of an option is misspelt, has no dashes, follows another option without a space, has a space after the
    `=`, or is in the typographic quotes of a word processor, ATC rejects the command or ignores the option. Options
    that are only unknown to aipplint are not reported, because other releases of ATC may have them.

    ## Wrong

    ```atc
    --input_shape="data:1,3,224,224" --insert_op_config=aipp.cfg
    ```

    ## Right

    ```atc
    --input_shape="data:1,3,224,224" --insert_op_conf=aipp.cfg
    ```

    ## Fix

    Write the option as in the manual of ATC.

    ## Source

    Fact O51, with the option names of GraphEngine up to 9.1 and of its manual; misspellings seen in public scripts.
    """
    found = _in_words(build.words) if build.words else _in_names(build)
    for _, problem in zip(range(MAX_PROBLEMS), found, strict=False):
        yield problem


def _in_names(build: Build) -> Iterator[Problem]:
    """Check options that have only a name, as in a library call."""
    from aipplint.atc.words import NAMES

    for option in build.options.values():
        if meant := _meant(option.name):
            values = {"name": shortened(option.name), "meant": meant}
            yield Problem(option.place, "unknown option --{name}", values, help="did you mean --{meant}?")
        elif option.name not in NAMES and option.name != CANN_VERSION:
            message = "aipplint does not know the option --{name}"
            yield Problem(option.place, message, {"name": shortened(option.name)}, severity=Severity.INFO)


def _in_words(words: Sequence[Word]) -> Iterator[Problem]:
    from aipplint.atc.words import NAMES, given_options

    for given in given_options(words):
        if meant := _meant(given.name):
            place = given.word.part(0, len(given.word.head))
            values = {"name": shortened(given.name), "meant": meant}
            yield Problem(place, "unknown option --{name}", values, help="did you mean --{meant}?")
        value, start = given.value or "", len(given.word.head) + 1
        for glued in re.finditer(_GLUED, value):
            if glued[1] in NAMES:
                place = given.word.part(start + glued.start(), start + glued.end())
                message = "missing space before --{name}; it is read as part of --{before}"
                yield Problem(place, message, {"name": glued[1], "before": shortened(given.name)})
        swallowed = next((option for option in re.finditer(_SWALLOWED, value) if option[1] in NAMES), None)
        if swallowed is not None:
            message = "missing closing quote before --{name}"
            yield Problem(given.word.part(start, start + 1), message, {"name": swallowed[1]})
    before = ""
    for word in words:
        yield from _stray(word, before)
        yield from _curly(word)
        before = word.text or ""


def _stray(word: Word, before: str) -> Iterator[Problem]:
    """Check a word that is not an option, but was probably meant as one or as the value of one."""
    from aipplint.atc.words import DASHES, NAMES

    text = word.text
    if not text or text.startswith("-"):
        return
    name = word.head.lstrip(DASHES)
    if text[0] in DASHES and name in NAMES:
        dashes = word.head[: len(word.head) - len(name)]
        values = {
            "name": name,
            "codes": " ".join(f"U+{ord(dash):04X}" for dash in dict.fromkeys(dashes) if dash != "-"),
        }
        place = word.part(0, len(dashes))
        fix = Fix("replace the dash by '--'", (Edit(*place.span, "--"),), safe=False)
        message = "the dash before {name} is {codes}, not '-'; ATC does not read it as an option"
        yield Problem(place, message, values, fix=fix)
    elif name in NAMES and "=" in text:
        place = word.part(0, len(name))
        fix = Fix("insert '--'", (Edit(place.span.start, place.span.start, "--"),), safe=False)
        message = "missing '--' before {name}; ATC does not read it as an option"
        yield Problem(place, message, {"name": name}, fix=fix)
    elif before.startswith("-") and before.endswith("=") and not text.startswith(_SHELL_SIGNS):
        name = before.strip("-=")
        if name in NAMES:
            message = "unexpected space after --{name}=; the option is empty, write --{name}={word}"
            yield Problem(word.place, message, {"name": name, "word": shortened(text)})


def _curly(word: Word) -> Iterator[Problem]:
    """Check for typographic quotes, which the shell passes on as part of the value."""
    text = word.text or ""
    found = [at for at, letter in enumerate(text) if letter in _CURLY]
    if not found:
        return
    place = word.part(found[0], found[0] + 1)
    quotes = " ".join(dict.fromkeys(text[at] for at in found))
    edits = tuple(Edit(*word.part(at, at + 1).span, '"' if text[at] in _DOUBLE else "'") for at in found)
    fix = Fix("replace them by ASCII quotes", edits, safe=False)
    plain = "'" if not set(_DOUBLE) & {text[at] for at in found} else '"'
    message = "typographic quotes {quotes} become part of the value; use {plain}"
    if len(found) == 1:
        message = "the typographic quote {quotes} becomes part of the value; use {plain}"
    yield Problem(place, message, {"quotes": quotes, "plain": plain}, fix=fix)


def _meant(name: str) -> str:
    """Return the option of which a name is a misspelling; empty for a possible option of another release."""
    from aipplint.atc.words import NAMES

    name = name.replace("-", "_")
    if name in NAMES or len(name) < _MIN_LETTERS:
        return ""
    meant = nearest(name, NAMES)
    if not meant or name.rstrip("0123456789") == meant.rstrip("0123456789"):
        return ""
    typos = 1 if any(name.startswith(f"{known}_") for known in NAMES) else _MAX_TYPOS
    return meant if distance(name.lower(), meant) <= typos else ""


@rule("AIPP627", "option-given-twice", Severity.WARNING, advice=True)
def option_given_twice(build: Build) -> Iterator[Problem]:
    """An option is on the command line twice.

    ATC silently uses the last one. Most often the command was copied and only one of the two was changed.

    ## Wrong

    ```atc
    --framework=5 --input_shape="data:1,3,224,224" --framework=3
    ```

    ## Right

    ```atc
    --framework=5 --input_shape="data:1,3,224,224"
    ```

    ## Fix

    Delete the one that you do not intend.

    ## Source

    Fact O52; seen in public scripts.
    """
    if not build.words:
        return
    from aipplint.atc.words import NAMES, given_options

    first: dict[str, Word] = {}
    for given in given_options(build.words):
        earlier = first.setdefault(given.name, given.word)
        if earlier is not given.word and given.name in NAMES:
            related = (Related(earlier.place, "it is first given here"),)
            message = "duplicate option --{name}; ATC uses the last one"
            yield Problem(given.word.place, message, {"name": given.name}, related)


RULES = (unknown_option, option_given_twice)
