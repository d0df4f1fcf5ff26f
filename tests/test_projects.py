"""Repositories as people write them: the builds that are found in each, and what is said of it.

A case is a folder in ``cases/projects``: ``repository`` holds its files, ``builds.json`` what ``aipplint builds`` lists
and ``check.txt`` what ``aipplint check`` says. ``pytest --update-cases`` writes the two.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import jsonschema
import pytest

from aipplint.cli import main
from aipplint.resources import schema_text
from tests.checkout import run

FOLDER = Path(__file__).parent / "cases" / "projects"
CASES = sorted(path for path in FOLDER.iterdir() if path.is_dir())


@pytest.fixture(params=[False, True], ids=["plain", "git"])
def repository(request: pytest.FixtureRequest, case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The repository of a case as the current folder: as plain files, and under git."""
    folder = tmp_path / case.name
    shutil.copytree(case / "repository", folder)
    if request.param:
        run("git", "init", "--quiet", cwd=folder)
        run("git", "add", "--all", cwd=folder)
    monkeypatch.chdir(folder)
    return folder


def output_of(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    main(list(words))
    captured = capsys.readouterr()
    assert captured.err == ""
    return captured.out


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
@pytest.mark.usefixtures("repository")
def test_builds(case: Path, capsys: pytest.CaptureFixture[str], pytestconfig: pytest.Config) -> None:
    listed = json.loads(output_of(capsys, "builds", "--quiet", "--output-format=json"))
    jsonschema.validate(listed, json.loads(schema_text("builds")))
    told = {key: listed[key] for key in ("builds", "unused")}
    file = case / "builds.json"
    if pytestconfig.getoption("update_cases"):
        file.write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")

    assert told == json.loads(file.read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
@pytest.mark.usefixtures("repository")
def test_check(case: Path, capsys: pytest.CaptureFixture[str], pytestconfig: pytest.Config) -> None:
    said = output_of(capsys, "check", "--quiet", "--output-format=concise")
    file = case / "check.txt"
    if pytestconfig.getoption("update_cases"):
        file.write_text(said, encoding="utf-8")

    assert said == file.read_text(encoding="utf-8")


def test_every_case_is_complete() -> None:
    assert [case.name for case in CASES if not (case / "repository").is_dir()] == []
    assert len(CASES) > 20
