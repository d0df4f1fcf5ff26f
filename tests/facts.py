"""The book of facts, docs/facts, as data: every fact with its page, and the rules that cite it.

``python -m tests.facts`` lists the facts that no rule cites.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from aipplint.rules import RULES
from aipplint.rules.documentation import cited_facts
from aipplint.rules.rule import Rule
from tests.checkout import ROOT

BOOK = ROOT / "docs" / "facts"
_ANCHOR = re.compile(r'<a id="([a-z]\d+)"></a>(.*)')


class Fact(NamedTuple):
    """A fact: its number, the page on which it stands (``operator.md``), and its row or paragraph."""

    number: str
    page: str
    text: str


def facts() -> list[Fact]:
    """Return all facts of the book, in the order of the pages."""
    return [
        Fact(found[1].upper(), page.name, found[2])
        for page in sorted(BOOK.glob("*.md"))
        for found in _ANCHOR.finditer(page.read_text(encoding="utf-8"))
    ]


def cited_by(rule: Rule) -> list[str]:
    """Return the facts that the page of a rule cites."""
    return list(cited_facts(rule.page))


def unused() -> list[Fact]:
    """Return the facts that no rule cites."""
    used = {number for rule in RULES for number in cited_by(rule)}
    return [fact for fact in facts() if fact.number not in used]


if __name__ == "__main__":
    for fact in unused():
        print(f"{fact.page}: {fact.number}{fact.text[len(fact.number) :].rstrip(' |')}")
