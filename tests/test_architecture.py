"""docs/architecture.md says what the code is now."""

from __future__ import annotations

import re

from tests.checkout import ROOT
from tests.test_floors import FLOORS

PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")


def rows_of(heading: str) -> list[list[str]]:
    """The cells of the table under a heading, without its head."""
    section = PAGE.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    rows = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows[2:]]


def test_the_floors_of_the_page_are_those_of_the_code() -> None:
    told = [tuple(re.findall(r"`(\w+)`", rooms)) for _, rooms, _ in rows_of("The floors")]

    assert told == list(FLOORS)
    assert [int(floor) for floor, _, _ in rows_of("The floors")] == list(range(len(FLOORS), 0, -1))


def test_every_question_is_answered_by_a_module_that_is_there() -> None:
    answers = rows_of("Twelve questions")

    assert len(answers) == 12
    assert [answer for _, answer in answers if not (ROOT / "aipplint" / answer.strip("`")).is_file()] == []
