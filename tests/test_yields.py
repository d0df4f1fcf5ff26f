"""``make bench FIELD=FOLDER``: the yield of each mechanism of the readers, in work trees that are made here."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.benchmarks.yields import MECHANISMS, Yield, files_in, main, said_by, yield_of
from tests.checkout import commit_all

SCRIPT = """\
CFG=conf/aipp.cfg
if [ "$CFG" = other.cfg ]; then
    atc --model=other.onnx --framework=5 --soc_version=Ascend310 --insert_op_conf=other.cfg --output=a
fi
atc --model=net.onnx --framework=5 --soc_version=Ascend310 --insert_op_conf=$CFG --output=b
"""


@pytest.fixture
def field(tmp_path: Path) -> Path:
    """A folder with one work tree."""
    tree = tmp_path / "tree"
    tree.mkdir()
    (tree / "convert.sh").write_text(SCRIPT)
    (tree / "again.sh").write_text("echo nothing that matters\n")
    commit_all(tree)
    return tmp_path


def yields(field: Path) -> dict[str, Yield]:
    files = list(files_in(field))
    return {one.name: yield_of(one, files, [said_by(file) for file in files]) for one in MECHANISMS}


def test_what_is_known_only_with_a_mechanism_is_its_yield(field: Path) -> None:
    assert yields(field)["variables"] == Yield(values=1, configurations=1, false_commands=1)


def test_a_command_that_is_never_run_is_a_false_word_without_deciding(field: Path) -> None:
    found = yields(field)["deciding [ ]"]
    assert (found.commands, found.false_commands) == (0, 1)


def test_every_mechanism_can_be_switched_off(field: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(field)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("1 files that name a program or set AIPP: 1 commands, 5 of 5 values")
    assert [line[:36].strip() for line in lines[4:]] == [one.name for one in MECHANISMS]
    assert next(line for line in lines if line.startswith("arrays")).endswith("  nothing")
    assert lines[-1].endswith("  nothing to read")


def test_a_folder_without_work_trees_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)]) == 2
    assert capsys.readouterr().err.startswith("usage: ")
