"""A repository that is only looked at: nothing that it says is run or fetched, nothing outside is read or written."""

from __future__ import annotations

import hashlib
import os
import subprocess
from pathlib import Path
from threading import Thread

import pytest

from aipplint.cli import main
from aipplint.project import git
from aipplint.project.file_cache import FileCache
from aipplint.project.repository import git_files
from tests.checkout import clean_environment, commit_all, run
from tests.language_client import Client

CONFIG = "aipp_op {\n  aipp_mode: static\n  input_format: RGB888_U8\n}\n"
SCRIPT = "atc --model=a.onnx --framework=5 --soc_version=Ascend310P3 --insert_op_conf=aipp.cfg\n"
SECRET = "password = hunter2\n"


# Programs.

# What each way to have a program started needs to be told, and a command of git that falls for it.
VECTORS: dict[str, tuple[dict[str, str], tuple[str, ...]]] = {
    "fsmonitor": ({"core.fsmonitor": "{program}"}, ("status",)),
    "pager": ({"core.pager": "{program}", "pager.ls-files": "{program}"}, ("log",)),
    "hooks": ({"core.hooksPath": "{hooks}"}, ("commit", "--allow-empty", "-mx")),
    "textconv": ({"diff.x.textconv": "{program}", "diff.x.cachetextconv": "true"}, ("grep", "--textconv", "atc")),
    "external diff": ({"diff.external": "{program}"}, ("diff", "--ext-diff", "HEAD:aipp.cfg", "HEAD:build.sh")),
    "filter": ({"filter.x.clean": "{program}", "filter.x.smudge": "{program}"}, ("add", "--renormalize", ".")),
    "process": ({"filter.x.process": "{program}"}, ("add", "--renormalize", ".")),
    "alias": ({"alias.ls-files": "!{program}", "alias.y": "!{program}"}, ("y",)),
    "credential helper": ({"credential.helper": "!{program}"}, ("credential", "fill")),
    "ssh": ({"remote.origin.url": "ssh://host.invalid/x", "core.sshCommand": "{program} --"}, ()),
    "upload-pack": ({"remote.origin.url": "{folder}", "remote.origin.uploadpack": "{program}"}, ()),
    "ext": ({"remote.origin.url": "ext::{program} x", "protocol.ext.allow": "always"}, ()),
    "git proxy": ({"remote.origin.url": "git://host.invalid/x", "core.gitProxy": "{program}"}, ()),
    "helper": ({"remote.origin.url": "x::y", "protocol.allow": "always"}, ()),
}
FETCH = ("cat-file", "-p", "HEAD:.gitignore")
"""Falls for all that begin with a missing object: a partial clone fetches it."""


class Trap:
    """A repository in which a program waits to be started; ``sprung`` tells whether it was."""

    def __init__(self, folder: Path, vector: str) -> None:
        self.folder = folder / "repository"
        self.folder.mkdir()
        self.mark = folder / "sprung"
        self.settings, tempted = VECTORS[vector]
        self.tempted = tempted or FETCH
        hooks = folder / "hooks"
        hooks.mkdir()
        self.program = hooks / "program"
        self.program.write_text(f"#!/bin/sh\ntouch '{self.mark}'\nexit 1\n")
        self.program.chmod(0o755)
        for name in ("pre-commit", "post-index-change", "post-checkout", "reference-transaction"):
            (hooks / name).symlink_to("program")
        # A helper of a transport must be on the PATH; that it is there must not be enough.
        (hooks / "git-remote-x").symlink_to("program")
        self._fill(str(hooks))

    def _fill(self, hooks: str) -> None:
        files = {
            "aipp.cfg": CONFIG,
            "build.sh": SCRIPT,
            ".gitignore": "made\n",
            ".gitattributes": "* filter=x diff=x\n",
        }
        for name, text in files.items():
            (self.folder / name).write_text(text)
        commit_all(self.folder)
        run("git", "update-index", "--skip-worktree", ".gitignore", cwd=self.folder)
        (self.folder / ".gitignore").unlink()
        (self.folder / "untracked").write_text("x")
        given = {"program": str(self.program), "hooks": hooks, "folder": str(self.folder)}
        partial = {
            "core.repositoryFormatVersion": "1",
            "extensions.partialClone": "origin",
            "remote.origin.promisor": "true",
        }
        for name, value in {**partial, **self.settings}.items():
            run("git", "config", name, value.format_map(given), cwd=self.folder)
        # The object of .gitignore is elsewhere, as in a partial clone.
        missing = run("git", "rev-parse", "HEAD:.gitignore", cwd=self.folder).stdout.strip()
        (self.folder / ".git" / "objects" / missing[:2] / missing[2:]).unlink()

    def tempt(self) -> None:
        """Do what starts the program."""
        environment = clean_environment() | {"PATH": os.environ["PATH"]}
        command = ("git", *self.tempted)
        asked = b"protocol=https\nhost=host.invalid\n\n"
        # For a pager there must be a terminal.
        screen, terminal = os.openpty()
        subprocess.run(
            command,
            cwd=self.folder,
            env=environment,
            input=asked,
            stdout=terminal,
            stderr=subprocess.DEVNULL,
            check=False,
        )
        os.close(terminal)
        os.close(screen)

    def sprung(self) -> bool:
        """Whether the program was started since this was asked last."""
        sprung = self.mark.exists()
        self.mark.unlink(missing_ok=True)
        return sprung


@pytest.fixture(params=VECTORS)
def trap(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Trap:
    """A trap for each vector; helpers of a transport are on the PATH."""
    made = Trap(tmp_path, request.param)
    monkeypatch.setenv("PATH", f"{made.program.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.chdir(made.folder)
    return made


WAYS = (
    ("check", "--fix", "."),
    ("check", "--diff", "."),
    ("check", "aipp.cfg"),
    ("check", "build.sh"),
    ("show", "aipp.cfg"),
    ("builds", "."),
)


def test_no_program_of_a_repository_is_started(
    trap: Trap, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nor where it lies, untracked, in a repository that is trusted. That the trap works is seen first."""
    trap.tempt()
    assert trap.sprung()

    for words in WAYS:
        assert main([*words, "--quiet"] if words[0] != "builds" else [*words]) == 0, capsys.readouterr()
        assert not trap.sprung(), words
    monkeypatch.chdir(trap.folder.parent)
    run("git", "init", "--quiet", cwd=trap.folder.parent)
    assert main(["check"]) == 0
    assert not trap.sprung()
    assert "2 files checked" in capsys.readouterr().err, "the inner repository was looked at"


def test_no_program_of_a_repository_is_started_by_the_server(tmp_path: Path) -> None:
    traps = []
    for number, vector in enumerate(VECTORS):
        (tmp_path / str(number)).mkdir()
        traps.append(Trap(tmp_path / str(number), vector))

    with Client(tmp_path) as client:
        client.start()
        for trap in traps:
            client.open(trap.folder / "aipp.cfg", CONFIG)
            client.at("hover", trap.folder / "aipp.cfg", 1, 4)

    assert [trap.folder for trap in traps if trap.sprung()] == []


def test_variables_of_git_start_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As git sets them for what it starts, or somebody else did."""
    trap = Trap(tmp_path, "pager")
    program = str(trap.program)
    for name in ("SSH", "SSH_COMMAND", "ASKPASS", "EDITOR", "EXTERNAL_DIFF", "PAGER", "PROXY_COMMAND"):
        monkeypatch.setenv(f"GIT_{name}", program)
    given = {"core.fsmonitor": program, "core.sshCommand": program, "protocol.allow": "always"}
    monkeypatch.setenv("GIT_CONFIG_COUNT", str(len(given)))
    for number, (key, value) in enumerate(given.items()):
        monkeypatch.setenv(f"GIT_CONFIG_KEY_{number}", key)
        monkeypatch.setenv(f"GIT_CONFIG_VALUE_{number}", value)
    monkeypatch.setenv("GIT_EXEC_PATH", str(trap.program.parent))
    monkeypatch.setenv("GIT_ALLOW_PROTOCOL", "ssh:ext")
    monkeypatch.setenv("GIT_NO_LAZY_FETCH", "0")
    run("git", "config", "remote.origin.url", "ssh://host.invalid/x", cwd=trap.folder)
    monkeypatch.chdir(trap.folder)

    assert main(["check", "--show-files"]) == 0
    assert not trap.sprung()


# Git.


def test_a_pipe_that_git_would_read_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is asleep and does nothing: after a few looks that is told from work."""
    (tmp_path / "aipp.cfg").write_text(CONFIG)
    commit_all(tmp_path)
    os.mkfifo(tmp_path / ".gitignore")
    looks: list[int] = []
    work_of = git._work_of
    monkeypatch.setattr(git, "_GLANCE", 0.05)

    def look(process: int) -> str:
        looks.append(process)
        return work_of(process)

    monkeypatch.setattr(git, "_work_of", look)

    assert git_files(str(tmp_path), FileCache()) is None
    assert len(looks) < 20


def test_what_git_started_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A script that stands for git may be killed, and its child still hold the pipe open."""
    programs, pipe = tmp_path / "programs", tmp_path / "pipe"
    programs.mkdir()
    os.mkfifo(pipe)
    (programs / "git").write_text(f"#!/bin/sh\ncat '{pipe}'\ntrue\n")
    (programs / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(git, "_GLANCE", 0.05)
    done: list[object] = []

    waiting = Thread(target=lambda: done.append(git.Git(str(tmp_path), "ls-files").output()), daemon=True)
    waiting.start()
    waiting.join(timeout=60)
    ended = list(done)
    os.close(os.open(pipe, os.O_RDWR))  # `cat` is there until somebody has opened its end of the pipe.

    assert ended == [None]


@pytest.mark.parametrize(
    "printed", ["", "echo garbage", "echo garbage; exit 1", r"printf 'a.cfg\0b.cfg\0'", r"printf '/etc/passwd\0'"]
)
def test_what_is_called_git_and_is_none_hides_nothing(
    printed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "aipp.cfg").write_text(CONFIG.replace("static", "statik"))
    commit_all(tmp_path)
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "git").write_text(f"#!/bin/sh\n{printed}\n")
    (programs / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.chdir(tmp_path)

    assert main(["check"]) == 1
    assert "1 file checked" in capsys.readouterr().err


def test_a_forged_index_names_nothing_outside(tmp_path: Path) -> None:
    (tmp_path / "secret_aipp.cfg").write_text(SECRET)
    repository = tmp_path / "repository"
    repository.mkdir()
    (repository / "x..secret_aipp.cfg").write_text(CONFIG)
    commit_all(repository)
    index = repository / ".git" / "index"
    data = index.read_bytes().replace(b"x..secret_aipp.cfg", b"../secret_aipp.cfg")[:-20]
    index.write_bytes(data + hashlib.sha1(data, usedforsecurity=False).digest())
    assert b"../secret_aipp.cfg" in run("git", "ls-files", "-z", cwd=repository).stdout.encode()

    listing = git_files(str(repository), FileCache())

    assert listing is not None
    assert listing.paths == ["x..secret_aipp.cfg"]


# Links.


@pytest.fixture(params=["git", "no git"])
def linked(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder full of links to a secret beside it; the path of the secret."""
    secret = tmp_path / "secret" / "aipp.cfg"
    secret.parent.mkdir()
    secret.write_text(SECRET)
    folder = tmp_path / "repository"
    folder.mkdir()
    monkeypatch.chdir(folder)
    (folder / "good_aipp.cfg").write_text(CONFIG)
    (folder / "build.sh").write_text(
        SCRIPT.replace("aipp.cfg", "secret_aipp.cfg") + SCRIPT.replace("aipp", "deep/aipp")
    )
    (folder / "tool.sh").write_text("ais_bench --model a.om --aipp_config secret.ini\n")
    (folder / "aipplint.toml").write_text("[[build]]\nconfig = 'named.txt'\n")
    for name in ("secret_aipp.cfg", "secret.json", "named.txt", "secret.sh", "secret.md", "secret.ini", "secret.py"):
        (folder / name).symlink_to("../secret/aipp.cfg")
    (folder / "deep").symlink_to("../secret", target_is_directory=True)
    if request.param == "git":
        commit_all(folder)
    return secret


@pytest.mark.parametrize("words", [("check",), ("check", "--diff"), ("check", "--fix", "--unsafe-fixes"), ("builds",)])
def test_links_that_lead_out_are_not_followed(
    words: tuple[str, ...], linked: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main([*words, "."])

    captured = capsys.readouterr()
    assert "hunter2" not in captured.out + captured.err
    assert linked.read_text() == SECRET


def test_a_named_link_out_of_a_repository_is_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    secret = tmp_path / "secret.cfg"
    secret.write_text(SECRET)
    repository = tmp_path / "repository"
    repository.mkdir()
    (repository / "aipp.cfg").symlink_to(secret)
    (repository / "report.txt").symlink_to(secret)
    commit_all(repository)
    monkeypatch.chdir(repository)

    assert main(["check", "--fix", "--unsafe-fixes", "--output-format=concise", "aipp.cfg"]) == 1
    captured = capsys.readouterr()
    assert captured.out == "aipp.cfg:1:1: error: cannot be read: a link leads out of the repository [AIPP904]\n"
    assert main(["show", "aipp.cfg"]) == 2
    assert main(["check", "--output-file=report.txt", "."]) == 2
    assert secret.read_text() == SECRET
    assert "hunter2" not in "".join(capsys.readouterr())


def test_links_inside_and_what_no_repository_holds_are_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "real.cfg").write_text(CONFIG)
    (tmp_path / "link.cfg").symlink_to("real.cfg")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "aipp.cfg").symlink_to("../real.cfg")
    monkeypatch.chdir(folder)
    assert main(["check", "aipp.cfg"]) == 0

    commit_all(tmp_path)
    assert main(["check", "aipp.cfg"]) == main(["check", "../link.cfg"]) == 0
    capsys.readouterr()
