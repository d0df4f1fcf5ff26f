"""Every Python from 3.11 to 3.14 that is found on the machine, besides the one that runs the tests.

A release that is not found is a skipped test that says so. 3.14 is also taken from Pyodide, which .ci/run installs into
.venv/pyodide where there is npm.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from tests.checkout import ROOT, run
from tests.test_examples import EXAMPLES, README, commands_shown

RELEASES = ("3.11", "3.12", "3.13", "3.14")
OWN = f"{sys.version_info.major}.{sys.version_info.minor}"
PYODIDE = ROOT / ".venv" / "pyodide" / "node_modules" / "pyodide"
PROGRAM = "tests/each_python.py"


@cache
def interpreter(release: str) -> str | None:
    """The Python of a release: on the PATH, or of pyenv."""
    versions = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"), "versions")
    installed = sorted(versions.glob(f"{release}.*/bin/python{release}"))
    for candidate in (shutil.which(f"python{release}"), *map(str, reversed(installed))):
        # The shims of pyenv are there for versions that are not active, and fail.
        if candidate and _answers(candidate, release):
            return candidate
    return None


def _answers(candidate: str, release: str) -> bool:
    command = (candidate, "-Ic", "import sys; print('%d.%d' % sys.version_info[:2])")
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    return done.returncode == 0 and done.stdout.strip() == release


def _command(release: str) -> tuple[str | Path, ...]:
    """What runs the program on a release."""
    if found := interpreter(release):
        return found, "-I", ROOT / PROGRAM
    node = shutil.which("node")
    if release == "3.14" and node and PYODIDE.is_dir():
        return node, ROOT / "tests" / "pyodide.mjs", PYODIDE, ROOT, PROGRAM
    pytest.skip(f"no Python {release} was found")


@pytest.mark.parametrize("release", RELEASES)
def test_compiles_lints_and_prints_the_same_everywhere(release: str) -> None:
    """Whatever the Python: modules compile without a warning, and pages, fields and findings are the same."""
    expected = run(sys.executable, "-I", ROOT / PROGRAM, cwd=ROOT).stdout

    assert "AIPP702" in expected.splitlines()[-1] + expected.splitlines()[-2]
    assert run(*_command(release), cwd=ROOT).stdout == expected


@pytest.mark.registry
@pytest.mark.parametrize("release", [one for one in RELEASES if one != OWN])
def test_installed_it_lints_the_example_everywhere(release: str, wheel: Path, tmp_path: Path) -> None:
    python = interpreter(release)
    if python is None:
        pytest.skip(f"no Python {release} was found that packages can be installed for")
    run(python, "-m", "venv", "--without-pip", tmp_path / "venv", cwd=tmp_path)
    install = ("-m", "pip", "--quiet", "--python", tmp_path / "venv", "install", "--only-binary=:all:", "--no-compile")
    run(sys.executable, *install, wheel, cwd=tmp_path)
    examples = Path(shutil.copytree(EXAMPLES, tmp_path / "examples"))
    command, expected = commands_shown(README)[0]

    done = run(tmp_path / "venv" / "bin" / "aipplint", *command.split()[1:], cwd=examples, fails=True)

    assert done.stdout + done.stderr == expected


def test_the_classifiers_name_them() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")

    assert tuple(re.findall(r'"Programming Language :: Python :: (3\.\d+)"', text)) == RELEASES
    assert f'requires-python = ">={RELEASES[0]}"' in text
