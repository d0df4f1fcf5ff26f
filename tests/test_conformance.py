"""Agreement with the real compiler and runtime does not fall below what was reached."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.conformance import FILES, FOLDER, KINDS, Result, judge, main, read_cases

FLOORS: dict[str, dict[str, int]] = json.loads((FOLDER / "floors.json").read_text(encoding="utf-8"))
"""By kind, how many cases at least agree in their verdict, and in their code."""


@cache
def results(kind: str) -> list[Result]:
    return [judge(case) for case in read_cases(FILES[kind])]


@pytest.mark.parametrize("kind", KINDS)
def test_agreement_is_not_below_its_floor(kind: str) -> None:
    wrong = [(r.case.name, r.trouble) for r in results(kind) if r.trouble]

    assert sum(result.verdict for result in results(kind)) >= FLOORS[kind]["verdicts"], wrong
    assert sum(result.code for result in results(kind)) >= FLOORS[kind]["codes"], wrong


@pytest.mark.parametrize("kind", ["syntax", "ops", "options"])
def test_what_comes_before_compilation_agrees_entirely(kind: str) -> None:
    of_kind = results(kind)

    assert [result.case.name for result in of_kind if not result.verdict] == []
    assert sum(result.code for result in of_kind) >= 0.995 * len(of_kind)


def test_no_case_makes_a_rule_fail() -> None:
    every = [(result.case.name, error) for kind in KINDS for result in results(kind) for error in result.errors]

    assert [(name, error.message) for name, error in every if error.code == "AIPP903"] == []


def test_program_prints_a_row_for_each_kind(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--kind", "syntax", "--min", "99"]) == 0

    heads = [line.split()[0] for line in capsys.readouterr().out.splitlines() if line]
    assert [*heads[:3], heads[-1]] == ["kind", "syntax", "source", "all"]


def test_cases_may_be_bytes_and_name_their_source(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    accept = {"accept": True, "stage": "ok", "code": None}
    refuse = {"accept": False, "stage": "parse", "code": "E13005"}
    rows: list[dict[str, Any]] = [
        {"id": "a", "config": None, "hex": b"# \xff\n".hex(), "verdict": accept, "source": "bytes"},
        {"id": "b", "config": None, "hex": b"\xffaipp_op {}\n".hex(), "verdict": refuse, "source": "bytes"},
        {"id": "c", "config": "aipp_op", "verdict": refuse, "source": "text"},
    ]
    cases = tmp_path / "cases.jsonl"
    cases.write_text("".join(json.dumps({"kind": "syntax", "atc": {}, **row}) + "\n" for row in rows))

    assert main([str(cases), "--min", "100"]) == 0
    table = [line.split()[:4] for line in capsys.readouterr().out.splitlines() if line]
    assert table == [
        ["kind", "cases", "verdict", "code"],
        ["syntax", "3", "3", "100.00"],
        ["source", "cases", "verdict", "code"],
        ["bytes", "2", "2", "100.00"],
        ["text", "1", "1", "100.00"],
        ["all", "3", "3", "100.00"],
    ]
