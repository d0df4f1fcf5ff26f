"""``aipplint init``: what a repository uses is extended, shown first, and never replaced."""

from __future__ import annotations

import io
import tomllib
from pathlib import Path

import pytest
import yaml

from aipplint import __version__
from aipplint.cli import main

Captured = pytest.CaptureFixture[str]

BAD = "aipp_op {\n  aipp_mode: static\n  input_format: RGB888\n}\n"
HOOKS = """\
repos:
  - repo: https://example.com/a
    rev: v1
    hooks:
      - id: a

# the stages
default_stages: [pre-commit]
"""
GITLAB = "stages: [build, lint]\nbuild:\n  script: make\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder: a repository with hooks, GitHub and GitLab, and a bad configuration."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    (tmp_path / ".github").mkdir()
    (tmp_path / "bad_aipp.cfg").write_text(BAD)
    (tmp_path / ".pre-commit-config.yaml").write_text(HOOKS)
    (tmp_path / ".gitlab-ci.yml").write_bytes(GITLAB.replace("\n", "\r\n").encode())
    return tmp_path


def texts(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_changes_are_shown_and_not_written(folder: Path, capsys: Captured) -> None:
    before = texts(folder)
    assert main(["init"]) == 1
    out, err = capsys.readouterr()

    assert texts(folder) == before
    assert [line for line in out.splitlines() if line.startswith("+++")] == [
        "+++ b/aipplint.toml",
        "+++ b/.pre-commit-config.yaml",
        "+++ b/.gitlab-ci.yml",
        "+++ b/.github/workflows/aipplint.yml",
    ]
    assert err == "aipplint: nothing written; --yes writes it\n"


def test_changes_are_written_and_the_repository_comes_to_0(folder: Path, capsys: Captured) -> None:
    assert main(["init", "--yes"]) == 0
    assert (
        capsys.readouterr().err == "aipplint: next: 'aipplint check --write-baseline' accepts the findings of today\n"
    )
    assert main(["check", "-q", "--write-baseline"]) == 0
    assert main(["check", "-q"]) == 0

    assert tomllib.loads((folder / "aipplint.toml").read_text()) == {"baseline": "aipplint-baseline.json"}
    hooks = (folder / ".pre-commit-config.yaml").read_text()
    assert hooks.endswith("\n\n# the stages\ndefault_stages: [pre-commit]\n")
    assert [repo["repo"] for repo in yaml.safe_load(hooks)["repos"]] == ["https://example.com/a", "local"]
    jobs = (folder / ".gitlab-ci.yml").read_bytes()
    assert jobs.count(b"\n") == jobs.count(b"\r\n")
    assert yaml.safe_load(jobs)["aipplint"]["stage"] == "lint"
    workflow = yaml.safe_load((folder / ".github/workflows/aipplint.yml").read_text())
    assert workflow["jobs"]["aipplint"]["steps"][-2]["run"] == f'pip install "aipplint=={__version__}"'

    # A second time there is nothing to do.
    capsys.readouterr()
    after = texts(folder)
    assert main(["init", "--yes"]) == 0
    assert capsys.readouterr() == ("", "aipplint: nothing to write\n")
    assert texts(folder) == after


def test_the_address_of_a_repository(folder: Path) -> None:
    assert main(["init", "--yes", "-q", "--repository", "https://example.com/aipplint/"]) == 0
    (_, mine) = yaml.safe_load((folder / ".pre-commit-config.yaml").read_text())["repos"]

    rev = f"v{__version__}"
    assert mine == {"repo": "https://example.com/aipplint", "rev": rev, "hooks": [{"id": "aipplint"}]}
    assert f'pip install "aipplint @ git+https://example.com/aipplint@{rev}"' in (folder / ".gitlab-ci.yml").read_text()


def test_a_plain_folder_gets_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    (tmp_path / "plain").mkdir()
    (tmp_path / "plain" / "Jenkinsfile").write_text("")
    monkeypatch.chdir(tmp_path / "plain")
    assert main(["init", "--yes"]) == 0
    assert capsys.readouterr().err == "aipplint: Jenkinsfile: see docs/ci.md for a step\n"
    assert tomllib.loads(Path("aipplint.toml").read_text()) == {}


@pytest.mark.parametrize("hooks", ["repos: []\n", "repo: 3\n", "{}\n", "- repos:\n", "repos:\n# none\n"])
def test_settings_of_pre_commit_of_another_form_stay(folder: Path, hooks: str, capsys: Captured) -> None:
    (folder / ".pre-commit-config.yaml").write_text(hooks)
    assert main(["init", "--yes"]) == 0
    assert (
        ".pre-commit-config.yaml: aipplint cannot be added here; see docs/ci.md and README.md"
        in capsys.readouterr().err
    )
    assert (folder / ".pre-commit-config.yaml").read_text() == hooks


def test_settings_that_exist_are_not_replaced(folder: Path, capsys: Captured) -> None:
    (folder / "pyproject.toml").write_text("[tool.aipplint]\npreview = true\n")
    assert main(["init", "--yes"]) == 0
    assert not (folder / "aipplint.toml").exists()
    assert 'there are settings already: add baseline = "aipplint-baseline.json"' in capsys.readouterr().err


def test_a_file_that_cannot_be_written(folder: Path, capsys: Captured) -> None:
    (folder / ".gitlab-ci.yml").chmod(0o444)
    assert main(["init", "--yes", "-q"]) == 2
    assert "cannot write .gitlab-ci.yml: the file is write-protected" in capsys.readouterr().err
    assert (folder / "aipplint.toml").exists()


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("answer", "written"), [("y\n", True), ("\n", False), ("", False)])
def test_a_terminal_is_asked(folder: Path, monkeypatch: pytest.MonkeyPatch, answer: str, written: bool) -> None:
    monkeypatch.setattr("sys.stdin", Terminal(answer))
    monkeypatch.setattr("sys.stderr", Terminal())
    assert main(["init"]) == int(not written)
    assert (folder / "aipplint.toml").exists() == written


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["none"], "init takes one folder: aipplint init [OPTIONS] [FOLDER]"),
        (["--repository", "a b"], "--repository: 'a b' is not an address"),
    ],
)
def test_mistakes_in_the_command(words: list[str], complaint: str, capsys: Captured) -> None:
    assert main(["init", *words]) == 2
    assert capsys.readouterr() == ("", f"aipplint: {complaint}\n")
