"""What the tests with real editors and shells share: a bad file, the recipes of the guide, what is expected."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import aipplint
from tests.checkout import ROOT, clean_environment

GUIDE = (ROOT / "docs" / "editors.md").read_text(encoding="utf-8")
PATIENCE = 120
"""Seconds that an editor may take: only one that hangs takes so long."""

BAD = """\
# 静态 AIPP
aipp_op { related_input_name: "数据😀" aipp_mode = static input_format: RGB888_U8 colour: 1
\tpadding: 1 padding: 1
}
"""
"""An error behind wide characters and one outside the first 65,536; three severities at one place, behind a tab."""
NAME = "裁 aipp.cfg"
"""A name that has to be quoted."""
BUILD = f"""\
[[build]]
config = "{NAME}"
input-shape = "data:1,3,-1,-1"
dynamic-image-size = "416,416;416,416"
"""
"""Settings with a finding of their own in the fourth line."""


class Shown(NamedTuple):
    """A finding as an editor shows it: where it leads (the rest of that line, by the editor itself), what it says."""

    line: int
    rest: str
    severity: str
    code: str
    message: str


def expected(text: str = BAD) -> list[Shown]:
    """What every editor should show for a text."""
    found = []
    for finding in aipplint.lint(text).findings:
        line, column = finding.place.source.position(finding.span.start)
        rest = text.split("\n")[line - 1][column - 1 :]
        found.append(Shown(line, rest, str(finding.severity), finding.code, finding.message))
    assert {one.severity for one in found} == {"error", "warning", "info"}
    assert any(not text.split("\n")[one.line - 1].removesuffix(one.rest).isascii() for one in found)
    return sorted(found)


def shown(rows: Iterable[Any]) -> list[Shown]:
    """What a driver reports. Where a program has no place for the code it stands at the end of the message."""
    found = []
    for line, rest, severity, code, message in rows:
        match = None if code else re.fullmatch(r"(.*) \[([A-Z]+\d+)\]", message)
        told, number = match.groups() if match else (message, code)
        found.append(Shown(line, rest, severity, number, told))
    return sorted(found)


def recipe(heading: str, kind: str) -> str:
    """The block of code of a kind in the section of docs/editors.md with a heading."""
    section = re.search(rf"^#+ {re.escape(heading)}\n(.*?)(?=^#+ |\Z)", GUIDE, re.MULTILINE | re.DOTALL)
    assert section, heading
    blocks = re.findall(rf"^```{kind}\n(.*?)^```$", section.group(1), re.MULTILINE | re.DOTALL)
    assert len(blocks) == 1, (heading, kind, len(blocks))
    return str(blocks[0])


def needs(program: str, package: str, path: str = "") -> pytest.MarkDecorator:
    """Skip where a program, or a file that a package brings, is not there, and say how to get it."""
    absent = not (Path(path).exists() if path else shutil.which(program))
    return pytest.mark.skipif(absent, reason=f"no {path or program} here (Debian package {package})")


class Workplace:
    """A folder with the bad file, and our program on the PATH."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "home"
        self.folder = folder / "work place"
        programs = folder / "programs"
        for made in (self.home, self.folder, programs):
            made.mkdir()
        self.file = self.folder / NAME
        self.file.write_text(BAD, encoding="utf-8")
        self._program = programs / "aipplint"
        self._program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m aipplint "$@"\n', encoding="utf-8")
        self._program.chmod(0o755)
        self.environment = clean_environment() | {
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            "PYTHONDONTWRITEBYTECODE": "1",
            "HOME": str(self.home),
            "XDG_CONFIG_HOME": str(self.home / ".config"),
            "XDG_DATA_HOME": str(self.home / ".local" / "share"),
            "XDG_STATE_HOME": str(self.home / ".local" / "state"),
            "LC_ALL": "C.UTF-8",
            "TERM": "xterm",
        }

    def tell_how_called(self) -> None:
        """From now on our program only says how it was called, ``<<check::--fix>>``."""
        script = '#!/bin/sh\nprintf "<<"\nfor word; do printf "%s%s" "$between" "$word"; between=::; done\necho ">>"\n'
        self._program.write_text(script, encoding="utf-8")

    def write(self, name: str, text: str) -> Path:
        """Write a file below the home folder."""
        path = self.home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def run(self, *command: str | Path, stdin: str = "", code: int | None = 0) -> str:
        """Run a program in the work place to its end; what it printed."""
        done = subprocess.run(
            [str(word) for word in command],
            cwd=self.folder,
            env=self.environment,
            input=stdin,
            capture_output=True,
            encoding="utf-8",
            timeout=PATIENCE,
            check=False,
        )
        assert code is None or done.returncode == code, f"exit {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def report(self, *command: str | Path) -> Any:
        """Run an editor whose script leaves JSON in $REPORT."""
        path = self.home / "report.json"
        path.unlink(missing_ok=True)
        self.environment["REPORT"] = str(path)
        printed = self.run(*command, code=None)
        assert path.exists(), f"the editor left no report: {printed}"
        return json.loads(path.read_text(encoding="utf-8"))
