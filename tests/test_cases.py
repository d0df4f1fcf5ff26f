"""Configurations as people write them: those in cases/ok are silent, those in cases/err say what their .out says.

The first lines of a case may carry its options: ``# atc: --input_shape="data:1,3,224,224"`` and
``# runtime: {"input_format": "RGB888_U8"}``. A new case is two files; ``pytest --update-cases`` writes the second.
"""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any

import pytest

from aipplint import Finding, lint
from tests.shown import read_lines, shown, write_lines

FOLDER = Path(__file__).parent / "cases"
OK = sorted((FOLDER / "ok").glob("*.cfg"))
ERR = sorted((FOLDER / "err").glob("*.cfg"))


def by_name(paths: list[Path]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("path", paths, ids=lambda path: path.stem)


def findings(path: Path) -> tuple[Finding, ...]:
    data = path.read_bytes()
    atc: dict[str, str] | None = None
    runtime: dict[str, Any] | None = None
    for line in data.decode("utf-8", "replace").splitlines()[:3]:
        name, _, value = line.removeprefix("#").strip().partition(": ")
        if name == "atc":
            options = (word.removeprefix("--").partition("=") for word in shlex.split(value))
            atc = {option: text for option, _, text in options}
        elif name == "runtime":
            runtime = json.loads(value)
    return lint(data, path=path.name, atc=atc, runtime=runtime).findings


@by_name(OK)
def test_ok(path: Path) -> None:
    assert shown(findings(path), path.name) == []


@by_name(ERR)
def test_err(path: Path, pytestconfig: pytest.Config) -> None:
    out = path.with_suffix(".out")
    lines = shown(findings(path), path.name)
    if pytestconfig.getoption("update_cases"):
        write_lines(out, lines)

    assert lines == read_lines(out)
    assert lines, "a case without findings belongs into ok"


def test_every_expectation_has_its_case() -> None:
    assert {out.stem for out in (FOLDER / "err").glob("*.out")} == {path.stem for path in ERR}
    assert len(OK) > 20
    assert len(ERR) > 40
