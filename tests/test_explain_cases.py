"""Lines of logs as toolchain, tools and programs write them, each with the answer that is right.

A case is one file in cases/explain: the log, the files of the repository that it comes from, and the answers: the code,
whether the cause is certain, the rules (``*``: any), and where it matters the findings, whether there is a fix, how
often it was said, and the readings of the bytes that were fed and needed (``*``: any). No answer and no rules say that
nothing can be known.
"""

from __future__ import annotations

import io
import json
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from aipplint.cli import main

CASES = sorted((Path(__file__).parent / "cases" / "explain").glob("*.toml"))


def explained(log: str, folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Any:
    """What ``aipplint explain`` says of a log in a folder."""
    monkeypatch.chdir(folder)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(log.encode())))
    main(["explain", "--output-format=json"])
    out = capfd.readouterr().out
    return json.loads(out)["errors"] if out else []


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_line_of_a_log(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    case = tomllib.loads(path.read_text(encoding="utf-8"))
    for name, text in case.get("files", {}).items():
        (tmp_path / name).write_text(text, encoding="utf-8")

    errors = explained(case["log"], tmp_path, monkeypatch, capfd)

    assert [shown(error, answer) for error, answer in zip(errors, case["answers"], strict=True)] == case["answers"]


def shown(error: Any, answer: Any) -> dict[str, Any]:
    """An error of the document, in the keys of an answer."""
    sizes = error["sizes"] or {"fed": [], "need": []}
    found = {
        "code": error["code"],
        "certain": error["certain"],
        "rules": [rule["code"] for rule in error["rules"]],
        "findings": [finding["code"] for finding in error["findings"]],
        "fix": bool(error["fix"]),
        "times": error["times"],
        **sizes,
    }
    return {key: ["*"] if value == ["*"] and found[key] else found[key] for key, value in answer.items()}


def test_there_are_enough_of_them() -> None:
    assert len(CASES) >= 40
