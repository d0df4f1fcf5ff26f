"""The package as it is built and installed: what a wheel carries, and that each way to install it can lint.

grammar/ and schemas/ stand beside the package, so every local test would pass with a wheel that lacks them.
"""

from __future__ import annotations

import json
import shutil
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from hatch_build import GENERATED, generated_modules
from tests.checkout import ROOT, copy_checkout, run

CASES = ROOT / "tests" / "cases" / "projects"
GOOD = "aipp_op {\n  aipp_mode: static\n  input_format: RGB888_U8\n}\n"
# The first needs the schema's text and jsonschema, the second the parse tables and the field table.
BAD = "aipp_op {\n  aipp_mode: static\n  input_format: RGB888_U8\n  crop: yes\n  mean_chn_0 = 1\n  corp: true\n}\n"
CODES = ["AIPP102", "AIPP005", "AIPP101"]


def test_generated_modules_are_fresh() -> None:
    folder = ROOT / GENERATED
    if not folder.exists():
        pytest.skip("nothing was generated in this checkout")
    found = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.py")}

    assert found == generated_modules(), "run: python hatch_build.py"


def test_generated_modules_are_reproducible() -> None:
    command = (sys.executable, "-c", "import hatch_build; print(hatch_build.generated_modules())")
    texts = {run(*command, cwd=ROOT, env={"PYTHONHASHSEED": str(seed)}).stdout for seed in (1, 2, 3)}

    assert len(texts) == 1


def _contents(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_wheel_carries_grammar_schemas_and_generated_modules(wheel: Path) -> None:
    names = _contents(wheel).keys()

    for folder in ("grammar", "schemas"):
        for path in (ROOT / folder).iterdir():
            assert f"aipplint/_resources/{folder}/{path.name}" in names
    assert {f"{GENERATED}/{name}" for name in generated_modules()} <= names
    assert "aipplint/py.typed" in names
    assert not any(name.startswith(("tests/", "examples/", "hatch_build")) for name in names)


def test_sdist_carries_the_whole_repository(tmp_path: Path) -> None:
    """Its own tests among it, and what these look at."""
    run(sys.executable, "-m", "hatchling", "build", "--target=sdist", f"--directory={tmp_path}", cwd=ROOT)
    with tarfile.open(next(tmp_path.glob("*.tar.gz"))) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    listed = run("git", "ls-files", cwd=ROOT, fails=True)
    if listed.returncode:
        pytest.skip("no repository of git")

    assert set(listed.stdout.splitlines()) <= names


@pytest.mark.registry
def test_sdist_builds_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    """In an environment of its own: nothing is needed but what pyproject.toml asks for."""
    run(sys.executable, "-m", "hatchling", "build", "--target=sdist", f"--directory={tmp_path}", cwd=ROOT)
    sdist = next(tmp_path.glob("*.tar.gz"))
    run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", f"--wheel-dir={tmp_path}", sdist, cwd=tmp_path)

    mine, other = _contents(wheel), _contents(next(tmp_path.glob("*.whl")))

    assert mine.keys() == other.keys()
    # RECORD and WHEEL name the builder's version and so may differ.
    assert [name for name in mine if mine[name] != other[name] and name.startswith("aipplint/")] == []


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty virtual environment: its folder of programs."""
    folder = tmp_path_factory.mktemp("environment")
    run(sys.executable, "-m", "venv", folder, cwd=folder)
    return folder / "bin"


def _install(environment: Path, *what: str | Path) -> None:
    folder = environment.parent
    run(environment / "python", "-m", "pip", "install", "--quiet", *what, cwd=folder)
    lark = run(environment / "python", "-c", "import lark", cwd=folder, fails=True)
    assert "No module named 'lark'" in lark.stderr


def _assert_lints(folder: Path, *program: str | Path, env: dict[str, str] | None = None) -> None:
    (folder / "good_aipp.cfg").write_text(GOOD, encoding="utf-8")
    (folder / "bad_aipp.cfg").write_text(BAD, encoding="utf-8")
    run(*program, "check", "good_aipp.cfg", cwd=folder, env=env)
    words = ("check", "--output-format=concise", f"--select={','.join(CODES)}", "bad_aipp.cfg")
    bad = run(*program, *words, cwd=folder, env=env, fails=True)
    assert bad.returncode == 1, bad.stderr
    assert [line.rpartition("[")[2].rstrip("]") for line in bad.stdout.splitlines()] == CODES, bad.stdout


def _assert_finds_builds(folder: Path, program: Path) -> None:
    """Every reader works with what the package brings: each finds what it finds here."""
    for case in ("shell-variables", "markdown", "restructured", "dockerfile", "makefile", "ci-github", "python", "cpp"):
        shutil.copytree(CASES / case / "repository", folder / case)
        listed = run(program, "builds", "--output-format=json", cwd=folder / case).stdout
        expected = json.loads((CASES / case / "builds.json").read_text(encoding="utf-8"))["builds"]
        assert json.loads(listed)["builds"] == expected, case


@pytest.mark.registry
def test_installed_wheel_lints_without_lark(wheel: Path, environment: Path, tmp_path: Path) -> None:
    _install(environment, wheel)

    _assert_lints(tmp_path, environment / "aipplint")
    _assert_finds_builds(tmp_path / "cases", environment / "aipplint")


@pytest.mark.registry
def test_editable_install_lints_without_lark(environment: Path, tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    tree.mkdir()
    _install(environment, "--editable", copy_checkout(tree))

    assert {path.name for path in (tree / GENERATED).glob("*.py")} == generated_modules().keys()
    _assert_lints(tmp_path, environment / "aipplint")


def test_plain_checkout_lints_with_lark(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    tree.mkdir()
    copy_checkout(tree)

    assert not (tree / GENERATED).exists()
    _assert_lints(tmp_path, sys.executable, "-m", "aipplint", env={"PYTHONPATH": str(tree)})
