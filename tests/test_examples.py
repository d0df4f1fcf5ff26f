"""The example deployment: README.md and examples/README.md show what aipplint prints, and the demo runs it.

``pytest tests/test_examples.py --update-cases`` writes what is printed now into those files.
"""

from __future__ import annotations

import re
import shlex
import shutil
import sys
from pathlib import Path

import pytest

from tests import networks
from tests.checkout import ROOT, run

EXAMPLES = ROOT / "examples"
README = EXAMPLES / "README.md"
_SHOWN = re.compile(r"^```console\n\$ (aipplint [^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def commands_shown(readme: Path) -> list[tuple[str, str]]:
    """Commands and their output in a README; they are run in its folder."""
    return _SHOWN.findall(readme.read_text(encoding="utf-8"))


def _printed(command: str, folder: Path) -> str:
    program, *arguments = shlex.split(command)
    assert program == "aipplint"
    done = run(sys.executable, "-m", "aipplint", *arguments, cwd=folder, env={"PYTHONPATH": str(ROOT)}, fails=True)
    assert done.returncode in (0, 1), done.stderr
    return done.stdout + done.stderr


@pytest.mark.parametrize("readme", [ROOT / "README.md", README], ids=["README", "examples/README"])
def test_readme_shows_what_is_printed(readme: Path, pytestconfig: pytest.Config) -> None:
    shown = commands_shown(readme)
    printed = [(command, _printed(command, readme.parent)) for command, _ in shown]
    if pytestconfig.getoption("--update-cases"):
        text = readme.read_text(encoding="utf-8")
        for command, output in printed:
            before, block, after = text.partition(f"```console\n$ {command}\n")
            text = before + block + output + after[after.index("```\n") :]
        readme.write_text(text, encoding="utf-8")
        shown = commands_shown(readme)

    assert shown
    assert shown == printed


def test_readme_shows_the_library_as_it_is() -> None:
    """The Python block prints what the block behind it says."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    code, _, behind = readme.partition("```python\n")[2].partition("```\n")
    output = behind.partition("```text\n")[2].partition("```")[0]

    assert run(sys.executable, "-c", code, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}).stdout == output


def test_demo_runs_what_the_readme_shows() -> None:
    recipe = (ROOT / "Makefile").read_text(encoding="utf-8").partition("\ndemo:")[2].partition("\n\n")[0]

    assert f"{commands_shown(README)[0][0]} ||" in recipe


def test_the_model_is_what_the_script_makes() -> None:
    assert (EXAMPLES / "models" / "reader.onnx").read_bytes() == networks.example()


def test_the_examples_are_in_the_canonical_form() -> None:
    run(sys.executable, "-m", "aipplint", "format", "--check", "examples", cwd=ROOT, env={"PYTHONPATH": str(ROOT)})


def test_mended_as_the_readme_says_it_is_clean(tmp_path: Path) -> None:
    mended = Path(shutil.copytree(EXAMPLES, tmp_path / "examples"))
    for name, pattern, replacement in (
        ("deploy/detector_aipp.cfg", r"(?m)^ +(src_image_size|crop|load_start_pos).*\n", ""),
        ("deploy/tracker_aipp.cfg", r"max_src_image_size: \d+", "max_src_image_size: 8306688"),
        ("deploy/reader_aipp.cfg", r"size_w: 192\n    src_image_size_h: 48", "size_w: 256\n    src_image_size_h: 64"),
        ("classifier/classifier_aipp.cfg", r"127\.5", "114.75"),
        ("classifier/train.py", r"(?m)= \[.*\]$", "= [0.45, 0.45, 0.45], [0.5, 0.5, 0.5]"),
        ("src/track.cpp", r"= 416\b", "= 832"),
    ):
        text, count = re.subn(pattern, replacement, (mended / name).read_text(encoding="utf-8"))
        assert count
        (mended / name).write_text(text, encoding="utf-8")

    done = run(sys.executable, "-m", "aipplint", "check", cwd=mended, env={"PYTHONPATH": str(ROOT)})

    assert done.stdout == ""
