"""Every fact that a text cites is in the book of facts, and every fact there says where it can be read."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from aipplint.cli import main
from aipplint.rules import RULES
from aipplint.rules.documentation import FACT, FACT_PAGES, cited_facts, fact_page
from aipplint.rules.page import read_page
from aipplint.rules.rule import Rule
from hatch_build import generated_modules
from tests.checkout import ROOT
from tests.facts import BOOK, cited_by, facts, unused

OWN = {
    "AIPP816": "a key of a runtime file, which is a format of aipplint",
    "AIPP901": "comments of aipplint",
    "AIPP902": "comments of aipplint",
    "AIPP903": "a failure of aipplint",
    "AIPP905": "the limits of aipplint",
    "AIPP907": "comments of aipplint",
}
"""Rules that cite no fact of the toolchain, because they are about aipplint itself."""
FACTS = {fact.number: fact for fact in facts()}
SOURCES = sorted((ROOT / "aipplint").rglob("*.py"))


def test_a_number_is_given_once_and_stands_on_the_page_of_its_letter() -> None:
    numbers = [fact.number for fact in facts()]

    assert len(numbers) == len(set(numbers))
    assert [fact for fact in facts() if fact.page != f"{FACT_PAGES[fact.number[0]]}.md"] == []


def test_every_fact_names_its_source() -> None:
    rows = [fact for fact in facts() if fact.text.rstrip().endswith("|")]

    assert len(rows) > 200
    assert [fact.number for fact in rows if not fact.text.rstrip(" |").rpartition("|")[2].strip()] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_what_a_page_cites_is_in_the_book(rule: Rule) -> None:
    assert [number for number in cited_by(rule) if number not in FACTS] == []


def test_every_rule_about_the_toolchain_cites_a_fact() -> None:
    assert {rule.code for rule in RULES if not cited_by(rule)} == OWN.keys()


def test_comments_and_docstrings_cite_what_is_in_the_book() -> None:
    missing = [
        f"{path.relative_to(ROOT)}: {number}"
        for path in SOURCES
        for found in re.finditer(r"\b[Ff]acts? ([A-Z]\d+(?:(?:,? and|,| to|-)? ?[A-Z]\d+)*)", path.read_text("utf-8"))
        for number in cited_facts(f"facts {found[1]}")
        if number not in FACTS
    ]

    assert missing == []


@pytest.mark.parametrize("page", sorted(BOOK.glob("*.md")), ids=lambda page: page.stem)
def test_links_of_the_book_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]*)(?:#([a-z]\d+))?\)", page.read_text(encoding="utf-8"))

    assert [link for link, _ in links if link and not (page.parent / link).exists()] == []
    assert [anchor for _, anchor in links if anchor and anchor.upper() not in FACTS] == []


def test_a_page_in_docs_links_what_it_cites() -> None:
    for rule in RULES:
        text = (ROOT / "docs" / "rules" / f"{rule.code}.md").read_text(encoding="utf-8")
        for found in FACT.finditer(read_page(rule.page).sections["Source"]):
            assert f"[{found.group()}](../{fact_page(found.group()).removeprefix('docs/')})" in text


def test_a_range_of_facts_is_all_of_them() -> None:
    assert list(cited_facts("Facts F1 to F3 and D2.")) == ["F1", "F2", "F3", "D2"]


def test_a_product_is_no_fact() -> None:
    assert list(cited_facts("The chips of Atlas A2 and A3.\n\n## Source\n\nFact T12.")) == ["T12"]


def test_the_list_of_unused_facts_is_printed() -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "tests.facts"], cwd=ROOT, check=True, capture_output=True, text=True, encoding="utf-8"
    )

    assert len(shown.stdout.splitlines()) == len(unused()) > 0


@pytest.fixture
def published(monkeypatch: pytest.MonkeyPatch) -> str:
    """The documentation lives somewhere, as far as this process knows."""
    monkeypatch.setattr("aipplint.rules.documentation.base", lambda: "https://docs.example.com/")
    return "https://docs.example.com/"


def test_a_rule_says_where_to_read_on(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rule", "AIPP305"]) == 0

    end = capsys.readouterr().out.partition("To read on:\n")[2].split()
    assert end[:3] == ["docs/rules/AIPP305.md", "docs/facts/operator.md#t12", "docs/facts/operator.md#a4"]
    assert [path for path in end if not (ROOT / path.partition("#")[0]).exists()] == []


def test_reports_carry_the_address_of_the_page(published: str, capsys: pytest.CaptureFixture[str]) -> None:
    config = ROOT / "examples" / "deploy" / "detector_aipp.cfg"
    main(["check", "--output-format", "sarif", str(config)])

    rules = json.loads(capsys.readouterr().out)["runs"][0]["tool"]["driver"]["rules"]
    assert {rule["helpUri"] for rule in rules} == {f"{published}docs/rules/{rule['id']}.md" for rule in rules}


def test_without_an_address_no_report_makes_one_up(capsys: pytest.CaptureFixture[str]) -> None:
    config = ROOT / "examples" / "deploy" / "detector_aipp.cfg"
    main(["check", "--output-format", "sarif", str(config)])

    assert "helpUri" not in capsys.readouterr().out


def test_the_build_says_where_the_documentation_lives(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIPPLINT_DOCS_URL", "https://docs.example.com/aipplint")
    assert "DOCS: str = 'https://docs.example.com/aipplint/'" in generated_modules()["address.py"]

    monkeypatch.setenv("AIPPLINT_DOCS_URL", "docs.example.com")
    with pytest.raises(ValueError, match="no address"):
        generated_modules()
