"""Where the documentation is: the page of a rule, and the pages of the facts that it cites.

A path is relative to the repository of aipplint. An address is what a browser opens; there is one only where the build
said where the documentation lives (``AIPPLINT_DOCS_URL``, hatch_build.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache

FACT_PAGES = {
    **dict.fromkeys("K", "schema"),
    **dict.fromkeys("X", "syntax"),
    **dict.fromkeys("FPDVSIB", "compiler"),
    **dict.fromkeys("UTAC", "operator"),
    **dict.fromkeys("O", "options"),
    **dict.fromkeys("R", "runtime"),
    **dict.fromkeys("N", "arithmetic"),
    **dict.fromkeys("Z", "releases"),
    **dict.fromkeys("W", "manual"),
    **dict.fromkeys("M", "models"),
}
"""The page in docs/facts on which the facts with a letter stand."""

FACT = re.compile(rf"\b([{''.join(FACT_PAGES)}])(\d{{1,2}})\b")
"""A fact, as texts cite it: T12."""
_RANGE = re.compile(rf"{FACT.pattern}(?: to |-){FACT.pattern}")
_CITATION = re.compile(rf"\b[Ff]acts? {FACT.pattern}(?:(?:,| and| to) {FACT.pattern})*")


def rule_page(code: str) -> str:
    """Return the path of the page of a rule."""
    return f"docs/rules/{code}.md"


def fact_page(fact: str) -> str:
    """Return the path of a fact, with its anchor: ``docs/facts/operator.md#t12``."""
    return f"docs/facts/{FACT_PAGES[fact[0]]}.md#{fact.lower()}"


def cited_facts(text: str) -> Iterator[str]:
    """Yield the facts that a page cites, in order, each once.

    They stand behind the heading *Source*, and elsewhere behind the word: fact T12. A range (F1 to F9) is all of them.
    """
    numbers = (number for part in _citing(text) for number in FACT.findall(_RANGE.sub(_spelled_out, part)))
    yield from dict.fromkeys(letter + number for letter, number in numbers)


def linked(text: str, link: Callable[[str], str]) -> str:
    """Return a page in which ``link`` has replaced every fact that it cites."""
    for part in _citing(text):
        text = text.replace(part, FACT.sub(lambda found: link(found.group()), part), 1)
    return text


def _citing(text: str) -> Iterator[str]:
    """Yield the parts of a page in which a letter with a number is a fact. Elsewhere it may be a product: Atlas A2."""
    body, _, source = text.partition("## Source\n")
    yield from (found.group() for found in _CITATION.finditer(body))
    yield source


def _spelled_out(found: re.Match[str]) -> str:
    letter, first, other, last = found.groups()
    if letter != other:
        raise ValueError(f"a range of facts with two letters: {found.group()}")
    return " ".join(f"{letter}{number}" for number in range(int(first), int(last) + 1))


@cache
def base() -> str:
    """Return the address under which the repository's documentation can be read, ending in ``/``; empty for none."""
    try:
        from aipplint._generated.address import DOCS
    except ImportError:
        return ""
    return DOCS


def address(path: str) -> str:
    """Return the address of a page given by its path; empty where the build did not say where it lives."""
    return base() and base() + path
