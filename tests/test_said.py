"""What was not checked is said: configurations without a build, no files, a search that was narrow."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from aipplint.cli import main
from tests.checkout import commit_all

CONFIG = (
    "aipp_op {\n  aipp_mode: static\n  input_format: YUV420SP_U8\n  src_image_size_w: 416\n  src_image_size_h: 416\n}\n"
)
COMMAND = (
    'atc --model=a.onnx --framework=5 --output=a --input_format=NCHW --input_shape="x:1,3,416,416" '
    "--soc_version=Ascend310P3 --insert_op_conf=one_aipp.cfg\n"
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A git repository as the current folder: two configurations and a script that builds one of them."""
    for name, text in (("one_aipp.cfg", CONFIG), ("two_aipp.cfg", CONFIG), ("build.sh", COMMAND)):
        (tmp_path / name).write_text(text)
    commit_all(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def notes(capsys: pytest.CaptureFixture[str], *words: str) -> list[str]:
    """The lines on standard error after the summary."""
    main(["check", "--ignore=AIPP634", *words])
    lines = capsys.readouterr().err.splitlines()
    return [line.removeprefix("aipplint: ") for line in lines if " checked)" not in line]


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("named", "said"),
    [
        (["."], ["no build is known for 1 of the 2 configurations (see 'aipplint builds')"]),
        (["one_aipp.cfg"], []),
        (["two_aipp.cfg"], ["no build is known for the configuration (see 'aipplint builds')"]),
        (
            ["two_aipp.cfg", "--soc-version=Ascend310P3"],
            ["no build is known for the configuration (see 'aipplint builds')"],
        ),
        (["two_aipp.cfg", "--input-shape=x:1,3,416,416"], []),
        (["two_aipp.cfg", "--quiet"], []),
        (["--no-discovery"], []),
        (["build.sh"], []),
    ],
)
def test_configurations_without_a_build_are_counted(
    capsys: pytest.CaptureFixture[str], named: list[str], said: list[str]
) -> None:
    assert notes(capsys, *named) == said


def test_where_none_has_a_build(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "build.sh").unlink()

    assert notes(capsys) == ["no build is known for any of the 2 configurations (see 'aipplint builds')"]


def test_a_build_of_the_settings_counts_and_the_chip_alone_does_not(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = folder / "aipplint.toml"
    settings.write_text('soc-version = "Ascend310P3"\n')
    assert len(notes(capsys, "two_aipp.cfg")) == 1

    settings.write_text('[[build]]\nconfig = "two_aipp.cfg"\ninput-shape = "x:1,3,416,416"\n')
    assert notes(capsys, "two_aipp.cfg") == []


@pytest.mark.usefixtures("folder")
def test_json_has_the_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    main(["check", "--output-format=json", "--quiet"])

    summary = json.loads(capsys.readouterr().out)["summary"]
    assert (summary["files"], summary["configurations"], summary["without_build"]) == (3, 2, 1)


@pytest.mark.usefixtures("folder")
def test_several_processes_count_the_same(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    alone = notes(capsys, "--jobs=1")
    monkeypatch.setattr("aipplint.run.execute.MANY", 1)
    monkeypatch.setattr("aipplint.run.execute._FEW", 1)

    assert notes(capsys, "--jobs=2") == alone


@pytest.mark.parametrize("text", ["0", "-1", "x", "", "1.5", "²", "99999"])
def test_jobs_are_a_number(capsys: pytest.CaptureFixture[str], text: str) -> None:
    assert main(["check", f"--jobs={text}"]) == 2
    assert capsys.readouterr().err == f"aipplint: --jobs: '{text}' is no number from 1 to 9999\n"


def test_no_process_is_started_for_one_job(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert folder.exists()
    monkeypatch.setattr("aipplint.run.execute.MANY", 1)
    monkeypatch.setattr("aipplint.run.execute._in_processes", lambda *_: pytest.fail("a process was started"))

    assert main(["check", "--jobs=1", "--quiet", "--exit-zero"]) == 0


def test_nothing_to_check_can_be_an_error(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "empty").mkdir()

    assert main(["check", "empty"]) == 0
    assert capsys.readouterr().err.splitlines()[0] == "aipplint: 0 configurations found"
    assert main(["check", "--error-on-no-files", "--exit-zero", "empty"]) == 2
    assert capsys.readouterr() == ("", "aipplint: 0 configurations found (--error-on-no-files)\n")
    assert main(["check", "--error-on-no-files", "--exit-zero", "one_aipp.cfg"]) == 0


@pytest.mark.parametrize("command", ["check", "builds"])
@pytest.mark.parametrize("named", ["deploy", "deploy/aipp.cfg"])
def test_a_search_that_may_have_missed_a_build_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str, named: str
) -> None:
    (tmp_path / "deploy").mkdir()
    (tmp_path / "deploy" / "aipp.cfg").write_text(CONFIG)
    (tmp_path / "elsewhere").mkdir()

    for here, told in ((tmp_path, "./"), (tmp_path / "elsewhere", "../deploy/")):
        monkeypatch.chdir(here)
        main([command, str(tmp_path / named)])
        line = f"aipplint: not under git: only {told} was searched for builds"
        assert line in capsys.readouterr().err.splitlines()

    (tmp_path / "aipplint.toml").touch()
    main([command, str(tmp_path / named)])
    assert "not under git" not in capsys.readouterr().err
