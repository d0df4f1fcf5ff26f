"""Which files of a repository are looked at: what git knows, and what it does not ignore."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from aipplint.project import git
from aipplint.project.border import top_of
from aipplint.project.file_cache import FileCache
from aipplint.project.repository import git_files
from aipplint.run.plan import uses_of
from aipplint.run.session import Request, Session
from aipplint.run.targets import find_targets
from tests.checkout import commit_all, run

CONFIG = "aipp_op {\n  aipp_mode: static\n  input_format: RGB888_U8\n}\n"
SCRIPT = "atc --model=a.onnx --framework=5 --soc_version=Ascend310P3 --insert_op_conf=aipp.cfg\n"


def put(folder: Path, **files: str) -> None:
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_DOT_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A git repository as the current folder, with one commit."""
    put(tmp_path, aipp_DOT_cfg=CONFIG, tools__build_DOT_sh=SCRIPT, _DOT_gitignore="made/\n*.tmp.cfg\n")
    commit_all(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def found(*paths: str) -> tuple[list[str], list[str]]:
    files = find_targets(Session(Request()), paths or ["."])
    return files.configs, files.references


def test_tracked_and_new_files_count_and_ignored_ones_do_not(folder: Path) -> None:
    put(folder, made__aipp_DOT_cfg=CONFIG, aipp_DOT_tmp_DOT_cfg=CONFIG, new__aipp_DOT_cfg=CONFIG, new__x_DOT_sh=SCRIPT)

    assert found() == (["aipp.cfg", "new/aipp.cfg"], ["new/x.sh", "tools/build.sh"])


def test_an_ignored_folder_that_is_named_is_walked(folder: Path) -> None:
    put(folder, made__aipp_DOT_cfg=CONFIG)

    assert found("made")[0] == ["made/aipp.cfg"]


def test_a_file_that_is_deleted_but_tracked_is_no_finding(folder: Path) -> None:
    (folder / "aipp.cfg").unlink()

    assert found() == ([], ["tools/build.sh"])


def test_from_a_folder_inside_the_whole_repository_counts_and_the_folder_is_checked(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(folder, deploy__aipp_DOT_cfg=CONFIG, tools__deploy_DOT_sh=SCRIPT.replace("aipp.cfg", "../deploy/aipp.cfg"))
    monkeypatch.chdir(folder / "deploy")

    assert found() == (["aipp.cfg"], [])
    uses = uses_of(Session(Request()), "aipp.cfg")
    assert [use.build.origin.head.source.path for use in uses if use.build.origin] == ["../tools/deploy.sh"]


def test_repositories_inside_are_looked_at(folder: Path) -> None:
    put(folder, inner__aipp_DOT_cfg=CONFIG, inner__b_DOT_sh=SCRIPT)
    commit_all(folder / "inner")

    assert found() == (["aipp.cfg", "inner/aipp.cfg"], ["inner/b.sh", "tools/build.sh"])


@pytest.mark.parametrize("how", ["missing", "failing"])
def test_without_git_folders_are_walked(folder: Path, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    if how == "missing":
        monkeypatch.setenv("PATH", "")
    else:
        (folder / ".git" / "HEAD").write_text("broken")
    put(folder, made__aipp_DOT_cfg=CONFIG)

    assert found() == (["aipp.cfg", "made/aipp.cfg"], ["tools/build.sh"])


def test_nothing_that_a_repository_says_is_run(folder: Path, tmp_path: Path) -> None:
    script = tmp_path / "hook.sh"
    script.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    script.chmod(0o755)
    run("git", "config", "core.fsmonitor", str(script), cwd=folder)
    run("git", "config", "core.pager", str(script), cwd=folder)
    run("git", "config", "grep.patternType", "perl", cwd=folder)

    assert found()[0] == ["aipp.cfg"]
    assert not (tmp_path / "ran").exists()


@pytest.mark.usefixtures("folder")
def test_the_environment_of_a_git_hook_does_not_mislead(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    monkeypatch.setenv("GIT_INDEX_FILE", "/nowhere/index")

    assert found()[0] == ["aipp.cfg"]


def test_names_that_git_would_quote(folder: Path) -> None:
    put(folder, **{"模型/aipp x.cfg": CONFIG})

    assert found()[0] == ["aipp.cfg", "模型/aipp x.cfg"]


def test_git_is_not_waited_for_forever(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = folder / "bin"
    fake.mkdir()
    (fake / "git").write_text("#!/bin/sh\nexec sleep 60\n")
    (fake / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{fake}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(git, "_GLANCE", 0.01)

    assert git_files(str(folder), FileCache()) is None


def test_the_top_is_found_from_below(folder: Path) -> None:
    assert top_of(str(folder / "tools" / "deep" / "er")) == str(folder)
    assert top_of(os.sep) == ""


def test_loops_of_links_are_not_entered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, a__aipp_DOT_cfg=CONFIG, a__x_DOT_sh=SCRIPT)
    (tmp_path / "a" / "loop").symlink_to(tmp_path)
    (tmp_path / "self.sh").symlink_to(tmp_path / "self.sh")
    monkeypatch.chdir(tmp_path)

    assert found() == (["a/aipp.cfg"], ["a/x.sh"])
    subprocess.run(["git", "init", "--quiet"], check=True)
    assert found() == (["a/aipp.cfg"], ["a/x.sh"])


@pytest.mark.parametrize("named", [".", "aipp.cfg", "deep/build.sh"])
def test_a_repository_that_ignores_a_folder_says_nothing_of_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    put(folder, made__aipp_DOT_cfg=CONFIG, made__deep__build_DOT_sh=SCRIPT.replace("=aipp.cfg", "=../aipp.cfg"))
    monkeypatch.chdir(folder / "made")
    session = Session(Request())
    files = find_targets(session, [named])

    assert files.configs == ["aipp.cfg"]
    scripts = {use.build.origin.head.source.path for use in uses_of(session, "aipp.cfg") if use.build.origin}
    assert scripts == {"deep/build.sh"}


def test_what_the_outer_repository_builds_in_one_inside_counts_when_both_are_checked(folder: Path) -> None:
    put(folder, inner__aipp_DOT_cfg=CONFIG, inner__b_DOT_sh=SCRIPT)
    put(folder, outer_DOT_sh=SCRIPT.replace("=aipp.cfg", "=inner/aipp.cfg"))
    run("git", "init", "--quiet", cwd=folder / "inner")

    def scripts(*named: str) -> list[str]:
        session = Session(Request())
        find_targets(session, named)
        return [use.build.origin.head.source.path for use in uses_of(session, "inner/aipp.cfg") if use.build.origin]

    assert scripts(".") == scripts("inner", ".") == ["inner/b.sh", "outer.sh"]
    assert scripts("inner") == ["inner/b.sh"]


def test_a_document_means_no_file_that_was_deleted(folder: Path) -> None:
    text = f"```sh\n{SCRIPT.replace('=aipp.cfg', '=deep/aipp.cfg')}```\n"
    put(folder, README_DOT_md=text, one__deep__aipp_DOT_cfg=CONFIG)
    commit_all(folder)
    assert found("README.md") == (["one/deep/aipp.cfg"], ["README.md"])

    (folder / "one" / "deep" / "aipp.cfg").unlink()
    assert found("README.md") == ([], ["README.md"])
