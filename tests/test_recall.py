"""The counts of what is found in repositories (tests/field.py), and what is said where there are none."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.field import Recall, main, recall_in

CASES = Path(__file__).parent / "cases" / "projects"


def test_counts_of_a_repository(tmp_path: Path) -> None:
    shutil.copytree(CASES / "markdown" / "repository", tmp_path / "tree")

    assert recall_in(tmp_path / "tree") == Recall(commands=3, options=21, links=3, shapes=3, profiles=2)


def test_placeholders_count_as_unknown(tmp_path: Path) -> None:
    shutil.copytree(CASES / "markdown-placeholders" / "repository", tmp_path / "tree")
    recall = recall_in(tmp_path / "tree")

    assert (recall.commands, recall.shapes) == (8, 0)


def test_without_trees_nothing_is_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for folder in (tmp_path, tmp_path / "gone"):
        assert main([str(folder)]) == 2
        assert capsys.readouterr().err == f"{folder} holds no work trees: nothing is counted\n"
