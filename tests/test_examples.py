"""The example deployment: examples/README.md shows what aipplint prints, and the demo runs it.

``pytest tests/test_examples.py --update-cases`` writes what is printed now into that file.
"""

from __future__ import annotations

import re
import shlex
import shutil
import sys
from pathlib import Path

import pytest

from tests.checkout import ROOT, run

EXAMPLES = ROOT / "examples"
README = EXAMPLES / "README.md"
_SHOWN = re.compile(r"^```console\n\$ (aipplint [^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def _shown() -> list[tuple[str, str]]:
    """Commands and their output in the examples' README."""
    return _SHOWN.findall(README.read_text(encoding="utf-8"))


def _printed(command: str) -> str:
    program, *arguments = shlex.split(command)
    assert program == "aipplint"
    done = run(sys.executable, "-m", "aipplint", *arguments, cwd=EXAMPLES, env={"PYTHONPATH": str(ROOT)}, fails=True)
    assert done.returncode in (0, 1), done.stderr
    return done.stdout + done.stderr


def test_readme_shows_what_is_printed(pytestconfig: pytest.Config) -> None:
    shown = _shown()
    printed = [(command, _printed(command)) for command, _ in shown]
    if pytestconfig.getoption("--update-cases"):
        text = README.read_text(encoding="utf-8")
        for command, output in printed:
            before, block, after = text.partition(f"```console\n$ {command}\n")
            text = before + block + output + after[after.index("```\n") :]
        README.write_text(text, encoding="utf-8")
        shown = _shown()

    assert shown == printed


def test_demo_runs_what_the_readme_shows() -> None:
    recipe = (ROOT / "Makefile").read_text(encoding="utf-8").partition("\ndemo:")[2].partition("\n\n")[0]

    assert f"{_shown()[0][0]} ||" in recipe


def test_mended_as_the_readme_says_it_is_clean(tmp_path: Path) -> None:
    mended = Path(shutil.copytree(EXAMPLES, tmp_path / "examples"))
    for name, pattern, replacement in (
        ("deploy/detector_aipp.cfg", r"(?m)^  (src_image_size|crop|load_start_pos).*\n", ""),
        ("deploy/tracker_aipp.cfg", r"max_src_image_size: \d+", "max_src_image_size: 8306688"),
        ("aipplint.toml", r"= 416\b", "= 832"),
    ):
        text, count = re.subn(pattern, replacement, (mended / name).read_text(encoding="utf-8"))
        assert count
        (mended / name).write_text(text, encoding="utf-8")

    done = run(sys.executable, "-m", "aipplint", "check", "deploy", cwd=mended, env={"PYTHONPATH": str(ROOT)})

    assert done.stdout == ""
