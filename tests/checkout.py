"""Copies of this working tree, as a clone of it would be, and processes that run in a clean environment."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def copy_checkout(folder: Path) -> Path:
    """Copy what git tracks or would track (nothing that it ignores) into a new folder."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout: what belongs to the project cannot be told from what was built")
    listed = run("git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", cwd=ROOT).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    return folder


def commit_all(folder: Path) -> str:
    """Make a git repository of a folder, with one commit of everything in it; the name of the commit."""
    run("git", "init", "--quiet", cwd=folder)
    run("git", "add", "--all", cwd=folder)
    run("git", "commit", "--quiet", "--no-verify", "--message=all", cwd=folder)
    return run("git", "rev-parse", "HEAD", cwd=folder).stdout.strip()


def run(
    *command: str | Path, cwd: Path, env: Mapping[str, str] | None = None, fails: bool = False
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, without what this process's environment says about Python and git.

    A failure that is not expected fails the test, with what the command printed.
    """
    done = subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env=clean_environment() | dict(env or {}),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert fails or done.returncode == 0, f"{command}: exit {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done


def clean_environment() -> dict[str, str]:
    """The environment without PYTHON*, GIT_*, a virtual environment and colours; git gets a name to commit by."""
    foreign = ("PYTHON", "GIT_", "VIRTUAL_ENV", "PRE_COMMIT", "NO_COLOR", "FORCE_COLOR", "AIPPLINT")
    kept = {key: value for key, value in os.environ.items() if not key.startswith(foreign)}
    who = {f"GIT_{role}_{what}": f"test{at}" for role in ("AUTHOR", "COMMITTER") for what, at in _WHO}
    return (
        kept | who | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    )


_WHO = (("NAME", ""), ("EMAIL", "@localhost"))
