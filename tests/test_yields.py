"""``make bench FIELD=FOLDER``: the yield of each mechanism of the readers, in work trees that are made here."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.benchmarks.yields import MECHANISMS, Yield, files_in, main, said_by, with_calls, yield_of
from tests.checkout import commit_all

SCRIPT = """\
CFG=conf/aipp.cfg
if [ "$CFG" = other.cfg ]; then
    atc --model=other.onnx --framework=5 --soc_version=Ascend310 --insert_op_conf=other.cfg --output=a
fi
atc --model=net.onnx --framework=5 --soc_version=Ascend310 --insert_op_conf=$CFG --output=b
"""

CALLED = """\
case $1 in
    310P3) size=224 ;;
    *) size=448 ;;
esac
atc --model=net.onnx --framework=5 --soc_version=Ascend310P3 --input_shape="data:1,3,$size,$size" --output=c
"""


@pytest.fixture
def field(tmp_path: Path) -> Path:
    """A folder with one work tree."""
    tree = tmp_path / "tree"
    tree.mkdir()
    (tree / "convert.sh").write_text(SCRIPT)
    (tree / "again.sh").write_text("echo nothing that matters\n")
    (tree / "call.sh").write_text("bash called.sh 310P3 # atc\n")
    (tree / "called.sh").write_text(CALLED)
    commit_all(tree)
    return tmp_path


def yields(field: Path) -> dict[str, Yield]:
    files = with_calls(list(files_in(field)))
    return {one.name: yield_of(one, files, [said_by(file) for file in files]) for one in MECHANISMS}


def test_what_is_known_only_with_a_mechanism_is_its_yield(field: Path) -> None:
    assert yields(field)["variables"] == Yield(values=2, configurations=1, false_commands=1)


def test_a_command_that_is_never_run_is_a_false_word_without_deciding(field: Path) -> None:
    found = yields(field)["deciding [ ]"]
    assert (found.commands, found.false_commands) == (0, 1)


def test_a_script_is_read_with_the_arguments_that_a_call_gives_it(field: Path) -> None:
    assert yields(field)["deciding case"].values == 1


def test_every_mechanism_can_be_switched_off(field: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(field)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("4 texts that name a program or set AIPP: 3 commands, 14 of 15 values")
    assert [line[:36].strip() for line in lines[4:]] == [one.name for one in MECHANISMS]
    assert next(line for line in lines if line.startswith("arrays")).endswith("  nothing")
    assert lines[-1].endswith("  nothing to read")


def test_a_folder_without_work_trees_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)]) == 2
    assert capsys.readouterr().err.startswith("usage: ")
