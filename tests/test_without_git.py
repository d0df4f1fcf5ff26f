"""A folder has the findings of its files, and the answer does not depend on whether git can be asked."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from aipplint.cli import main
from aipplint.project import surroundings
from tests.checkout import commit_all

EXAMPLES = Path(__file__).parents[1] / "examples"
NAMED = (["deploy"], ["convert.sh"], ["deploy", "convert.sh"], ["deploy/detector_aipp.cfg"], ["src/track.cpp"], ["."])
SIZED = (
    "aipp_op {\n  aipp_mode: static\n  input_format: RGB888_U8\n  src_image_size_w: 224\n  src_image_size_h: 224\n}\n"
)
COMMAND = (
    'atc --model=a.onnx --framework=5 --output=a --input_shape="x:1,3,-1,-1" --dynamic_image_size="224,224;448,448" '
    "--soc_version=Ascend310P3 --insert_op_conf={config}\n"
)

Found = Callable[..., list[str]]


@pytest.fixture
def found(capsys: pytest.CaptureFixture[str]) -> Found:
    """What a check of some files finds: a line for each finding."""

    def checked(*named: str) -> list[str]:
        main(["check", "--quiet", "--output-format=concise", *named])
        return capsys.readouterr().out.splitlines()

    return checked


def put(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def git_that(folder: Path, monkeypatch: pytest.MonkeyPatch, lines: str) -> None:
    """Put a script before git, or in its place."""
    folder.mkdir()
    (folder / "git").write_text(f"#!/bin/sh\n{lines}\n")
    (folder / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


@pytest.mark.parametrize("way", ["no repository", "no git", "git fails", "of another user"])
def test_the_examples_have_the_same_findings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, found: Found, way: str
) -> None:
    checkout = tmp_path / "checkout"
    shutil.copytree(EXAMPLES, checkout)
    commit_all(checkout)
    monkeypatch.chdir(checkout)
    with_git = [found(*named) for named in NAMED]
    assert all(with_git)

    if way == "no repository":
        shutil.rmtree(checkout / ".git")
    elif way == "no git":
        monkeypatch.setenv("PATH", "")
    elif way == "git fails":
        git_that(tmp_path / "bin", monkeypatch, "exit 128")
    else:
        git = shutil.which("git")
        git_that(tmp_path / "bin", monkeypatch, f'GIT_TEST_ASSUME_DIFFERENT_OWNER=1 exec {git} "$@"')
    assert [found(*named) for named in NAMED] == with_git


def test_git_lists_the_repository_of_another_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, found: Found
) -> None:
    put(tmp_path / "x", {".gitignore": "made/\n", "made/aipp.cfg": SIZED[:-2], "aipp.cfg": SIZED})
    commit_all(tmp_path / "x")
    git_that(tmp_path / "bin", monkeypatch, f'GIT_TEST_ASSUME_DIFFERENT_OWNER=1 exec {shutil.which("git")} "$@"')
    monkeypatch.chdir(tmp_path / "x")

    assert found(".") == []


@pytest.mark.parametrize("named", [".", "aipp.cfg", "../deploy", "../deploy/aipp.cfg"])
def test_a_script_beside_the_folder_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, found: Found, named: str
) -> None:
    put(tmp_path, {"deploy/aipp.cfg": SIZED, "build.sh": COMMAND.format(config="deploy/aipp.cfg")})
    monkeypatch.chdir(tmp_path / "deploy")

    assert [line.rpartition(" ")[2] for line in found(named)] == ["[AIPP702]"]


@pytest.mark.parametrize("named", [["a/deploy"], ["a/deploy/aipp.cfg"], ["tools/build.sh"], ["a", "tools"]])
def test_settings_say_where_a_project_begins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, found: Found, named: list[str]
) -> None:
    config = {"x/a/deploy/aipp.cfg": SIZED, "x/tools/build.sh": COMMAND.format(config="a/deploy/aipp.cfg")}
    put(tmp_path, {"x/aipplint.toml": "", **config})
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")

    lines = found(*(str(tmp_path / "x" / name) for name in named))
    assert [line.rpartition(" ")[2] for line in lines] == ["[AIPP702]"]


def test_the_search_is_given_up_where_there_is_too_much(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, found: Found, capsys: pytest.CaptureFixture[str]
) -> None:
    put(tmp_path, {"a/b/aipp.cfg": SIZED, "tools/build.sh": COMMAND.format(config="../a/b/aipp.cfg")})
    monkeypatch.chdir(tmp_path)
    assert found("a/b/aipp.cfg") == found("a/b") != []

    monkeypatch.setattr(surroundings, "MAX_AROUND", 4)
    assert found("a/b/aipp.cfg") == found("a/b") == []
    main(["check", "a/b"])
    assert "aipplint: ./: more than 4 files, not searched for builds" in capsys.readouterr().err.splitlines()


def test_no_link_of_a_folder_leads_to_files_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, found: Found
) -> None:
    put(tmp_path, {"x/aipp.cfg": SIZED, "other/build.sh": COMMAND.format(config="../x/aipp.cfg")})
    (tmp_path / "x" / "build.sh").symlink_to(tmp_path / "other" / "build.sh")
    (tmp_path / "linked.sh").symlink_to(tmp_path / "other" / "build.sh")
    monkeypatch.chdir(tmp_path / "x")

    assert found(".") == found("aipp.cfg") == []
