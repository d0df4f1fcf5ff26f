"""The hook as pre-commit runs it: the real program, a scratch repository, this working tree as the repo of the hook."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.checkout import ROOT, commit_all, copy_checkout, run

pytestmark = pytest.mark.registry

GOOD = "aipp_op {\n  aipp_mode: static\n  input_format: RGB888_U8\n}\n"
REPOSITORY = {
    "deploy/aipp.cfg": GOOD.replace("}", "  src_image_size_w: 224\n  src_image_size_h: 224\n}"),
    "tools/build.sh": (
        'atc --model=a.onnx --framework=5 --input_format=NCHW --input_shape="x:1,3,-1,-1" '
        '--dynamic_image_size="224,224;448,448" --soc_version=Ascend310P3 --insert_op_conf=../deploy/aipp.cfg\n'
    ),
}
BAD = "aipp_op {\n  aipp_mode: static\n}\n"


class Hook:
    """A commit of this working tree that pre-commit can install, and the environments it made from it."""

    def __init__(self, folder: Path) -> None:
        self._repository = folder / "aipplint"
        self._repository.mkdir()
        self._home = folder / "home"
        self._revision = commit_all(copy_checkout(self._repository))

    def run(self, scratch: Path, files: dict[str, str], *words: str, hook: str = "aipplint") -> tuple[int, str]:
        """Exit code and output of ``pre-commit run`` over a new repository with these files; over all by default."""
        for name, text in files.items():
            (scratch / name).parent.mkdir(parents=True, exist_ok=True)
            (scratch / name).write_text(text, encoding="utf-8")
        (scratch / ".pre-commit-config.yaml").write_text(
            f"repos:\n  - repo: {self._repository}\n    rev: {self._revision}\n    hooks:\n      - id: {hook}\n",
            encoding="utf-8",
        )
        commit_all(scratch)
        command = (sys.executable, "-m", "pre_commit", "run", *(words or ["--all-files"]), "--color=never")
        done = run(*command, cwd=scratch, env={"PRE_COMMIT_HOME": str(self._home)}, fails=True)
        return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def hook(tmp_path_factory: pytest.TempPathFactory) -> Hook:
    return Hook(tmp_path_factory.mktemp("hook"))


def test_manifest_is_valid() -> None:
    run(sys.executable, "-m", "pre_commit", "validate-manifest", ".pre-commit-hooks.yaml", cwd=ROOT)


def test_good_file_passes(hook: Hook, tmp_path: Path) -> None:
    code, output = hook.run(tmp_path, {"deploy/aipp.cfg": GOOD, "setup.cfg": "[not an AIPP file]\n"})

    assert code == 0, output
    assert "aipplint" in output
    assert "Passed" in output


def test_bad_file_fails_with_the_finding(hook: Hook, tmp_path: Path) -> None:
    code, output = hook.run(tmp_path, {"deploy/good_aipp.cfg": GOOD, "deploy/bad_aipp.cfg": BAD})

    assert code == 1, output
    assert "Failed" in output
    assert "AIPP202" in output
    assert "deploy/bad_aipp.cfg:1:1" in output
    assert "good_aipp.cfg" not in output


@pytest.mark.parametrize("changed", ["deploy/aipp.cfg", "tools/build.sh"])
def test_what_was_changed_is_held_against_the_rest_of_the_repository(hook: Hook, tmp_path: Path, changed: str) -> None:
    code, output = hook.run(tmp_path, REPOSITORY, "--files", changed)

    assert code == 1, output
    assert output.count("error[AIPP702]") == 1
    assert "tools/build.sh:1:" in output


def test_a_script_that_has_nothing_to_do_with_it_passes(hook: Hook, tmp_path: Path) -> None:
    code, output = hook.run(tmp_path, {**REPOSITORY, "x.sh": "echo atc\n"}, "--files", "x.sh")

    assert code == 0, output
    assert "Passed" in output


def test_the_second_hook_checks_the_whole_repository(hook: Hook, tmp_path: Path) -> None:
    changed = "README.md"
    code, output = hook.run(
        tmp_path, {**REPOSITORY, changed: "# Title\n"}, "--files", changed, hook="aipplint-repository"
    )

    assert code == 1, output
    assert "deploy/aipp.cfg:4:3" in output


def test_excluded_file_passes_although_pre_commit_names_it(hook: Hook, tmp_path: Path) -> None:
    settings = 'exclude = ["vendor"]\n'
    code, output = hook.run(tmp_path, {"vendor/bad_aipp.cfg": BAD, "aipplint.toml": settings})

    assert code == 0, output
    assert "Passed" in output
