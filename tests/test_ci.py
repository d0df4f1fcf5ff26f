"""What docs/ci.md, action.yml and the Dockerfile tell CI systems to do, done here as far as that goes without them.

Commands run in a scratch repository, with this aipplint; what is not ours (reviewdog, docker, pip) is a stand-in that
notes how it was called and what it was given.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from aipplint import __version__
from tests.checkout import ROOT, clean_environment, run
from tests.test_report import CONCISE, shared_findings

yaml: Any = pytest.importorskip("yaml", reason="PyYAML, which comes with pre-commit, is not installed")

BAD = "aipp_op {\n  aipp_mode: static\n  input_format: RGB888_U8\n  colour: true\n}\n"
GUIDE = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
MATCHER = ROOT / "docs" / "problem-matcher.json"
BASH = shutil.which("bash")
needs_bash = pytest.mark.skipif(BASH is None or os.name != "posix", reason="the commands are for a POSIX bash")


def blocks(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)


def guide_yaml(key: str) -> Any:
    """The block of YAML with a key at its top."""
    (found,) = [document for document in map(yaml.safe_load, blocks("yaml")) if key in document]
    return found


class Scratch:
    """A repository with one bad file, and a folder of programs: ours, and stand-ins."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "repository"
        self.notes = folder / "called"
        self._programs = folder / "programs"
        for made in (self.folder / "deploy", self._programs, self.notes):
            made.mkdir(parents=True)
        (self.folder / "deploy" / "aipp.cfg").write_text(BAD, encoding="utf-8")
        self._program("aipplint", f'exec "{sys.executable}" -m aipplint "$@"')
        for name in ("reviewdog", "docker", "pip"):
            self._program(name, f'echo "$@" >> "{self.notes}/{name}"\n[ -t 0 ] || cat > "{self.notes}/{name}.stdin"')

    def _program(self, name: str, script: str) -> None:
        program = self._programs / name
        program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        program.chmod(0o755)

    def __call__(self, script: str, **variables: str) -> subprocess.CompletedProcess[str]:
        environment = clean_environment()
        for name in ("GITHUB_WORKSPACE", "CI_PROJECT_DIR"):
            environment.pop(name, None)
        environment["PATH"] = f"{self._programs}{os.pathsep}{environment['PATH']}"
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
            cwd=self.folder,
            env=environment | {"PYTHONPATH": str(ROOT)} | variables,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )


@pytest.fixture
def scratch(tmp_path: Path) -> Scratch:
    return Scratch(tmp_path)


# docs/ci.md.


def commands() -> list[str]:
    """Every command of the guide, without line continuations."""
    lines = [line for block in blocks("sh") for line in block.replace("\\\n", "").splitlines()]
    return [*lines, *guide_yaml("aipplint")["aipplint"]["script"]]


@needs_bash
@pytest.mark.parametrize("command", commands())
def test_every_command_of_the_guide_runs(command: str, scratch: Scratch) -> None:
    done = scratch(command)

    assert "unknown" not in done.stderr, done.stderr
    # What is checked is bad, so exit code 1 is right where the code is that of aipplint.
    expected = int(command.startswith("aipplint ") and "--exit-zero" not in command)
    assert done.returncode == expected, done.stderr


@needs_bash
def test_reviewdog_gets_what_it_reads(scratch: Scratch) -> None:
    (command,) = [command for command in commands() if "reviewdog" in command]
    scratch(command)

    assert (scratch.notes / "reviewdog").read_text().startswith("-f=rdjson ")
    (diagnostic,) = json.loads((scratch.notes / "reviewdog.stdin").read_text())["diagnostics"]
    assert diagnostic["location"]["path"] == "deploy/aipp.cfg"


@needs_bash
def test_the_report_of_gitlab_is_the_artifact_that_the_job_names(scratch: Scratch) -> None:
    job = guide_yaml("aipplint")["aipplint"]
    for line in job["script"]:
        scratch(line)

    assert job["artifacts"]["when"] == "always"
    (entry,) = json.loads((scratch.folder / job["artifacts"]["reports"]["codequality"]).read_text())
    assert entry["location"] == {"path": "deploy/aipp.cfg", "lines": {"begin": 4}}


def test_the_guide_names_this_release() -> None:
    assert set(re.findall(r"\bv(\d+\.\d+\.\d+)", GUIDE)) == {__version__}


def test_the_guide_names_every_format() -> None:
    from aipplint.report import FORMATS

    table = "".join(line for line in GUIDE.splitlines() if line.startswith("| `"))
    assert set(re.findall(r"`(\w+)`", table)) == set(FORMATS)


def test_the_files_that_the_guide_links_to_exist() -> None:
    links = re.findall(r"\]\(([\w./-]+)\)", GUIDE)

    assert links
    assert [link for link in links if not (ROOT / "docs" / link).exists()] == []


# action.yml.


def action() -> Any:
    return yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))


def steps() -> dict[str, Any]:
    return {step.get("name", step.get("uses")): step for step in action()["runs"]["steps"]}


def test_the_workflow_uses_inputs_that_the_action_has() -> None:
    (used,) = [
        step["with"]
        for step in guide_yaml("jobs")["jobs"]["aipplint"]["steps"]
        if step["uses"].startswith("OWNER/aipplint@")
    ]

    assert set(used) <= set(action()["inputs"])
    assert all("default" in given and "description" in given for given in action()["inputs"].values())


def test_no_script_of_the_action_contains_an_input() -> None:
    """It would be run as a part of the script: an injection."""
    scripts = [step["run"] for step in steps().values() if "run" in step]

    assert len(scripts) == 3
    assert not any("${{" in script for script in scripts)
    for step in steps().values():
        assert ("run" in step) == ("shell" in step)
        named = re.findall(r"inputs\.([\w-]+)", json.dumps(step))
        assert set(named) <= set(action()["inputs"])


def test_the_action_uses_others_as_they_are_now() -> None:
    """A tag can be moved to another commit, a commit cannot."""
    used = [step["uses"] for step in steps().values() if "uses" in step]

    assert len(used) == 2
    assert all(re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", name) for name in used)


@needs_bash
@pytest.mark.parametrize("step", ["Check", "Write the SARIF report", "Install aipplint"])
def test_the_action_imports_nothing_of_the_checkout(step: str, scratch: Scratch) -> None:
    """Neither do we where somebody forgets -P; of pip that cannot be said."""
    for name in ("yaml", "argparse", "pip", "json", "aipplint"):
        (scratch.folder / f"{name}.py").write_text("open('imported', 'w')\nraise SystemExit(7)\n", encoding="utf-8")
    (scratch.folder / "deploy" / "ci.yml").write_text("run: atc --insert_op_conf=aipp.cfg\n", encoding="utf-8")
    given = {"PYTHON": sys.executable, "INPUT_PATHS": ".", "INPUT_OPTIONS": "", "INPUT_SARIF": "a.sarif"}
    # pip reaches no registry, and finds nothing to install.
    given |= {"FORMAT": "github", "RUNNER_TEMP": str(scratch.folder), "GITHUB_ACTION_PATH": "/nowhere"}

    done = scratch(steps()[step]["run"], **given)

    assert done.returncode == (0 if "SARIF" in step else 1), done.stderr
    assert not (scratch.folder / "imported").exists()


def test_as_a_module_it_imports_nothing_of_the_current_folder(tmp_path: Path) -> None:
    (tmp_path / "yaml.py").write_text("open('imported', 'w')\n")
    (tmp_path / "ci.yml").write_text("run: atc --insert_op_conf=aipp.cfg\n")

    run(sys.executable, "-m", "aipplint", "check", cwd=tmp_path, env={"PYTHONPATH": str(ROOT)}, fails=True)

    assert not (tmp_path / "imported").exists()


@needs_bash
@pytest.mark.parametrize(
    ("paths", "options", "code"),
    [
        (".\n", "", 1),
        ("deploy\n", "--ignore=AIPP1\n", 0),
        ("deploy/aipp.cfg\na b.cfg\n", "--select=AIPP1\n\n--fail-level=error", 1),
        ("$(touch injected)\n`touch injected`", "", 1),
        ("--no-such-option", "", 1),
        (".", "--no-such-option", 2),
    ],
)
def test_the_action_annotates(paths: str, options: str, code: int, scratch: Scratch) -> None:
    (scratch.folder / "a b.cfg").write_text(BAD, encoding="utf-8")
    done = scratch(
        steps()["Check"]["run"],
        PYTHON=sys.executable,
        INPUT_PATHS=paths,
        INPUT_OPTIONS=options,
        FORMAT="github",
        GITHUB_WORKSPACE=str(scratch.folder),
    )

    assert done.returncode == code, done.stderr
    assert not (scratch.folder / "injected").exists()
    assert all(line.startswith("::error file=") for line in done.stdout.splitlines())
    assert bool(done.stdout) == (code == 1)


@needs_bash
def test_the_action_writes_the_report_that_it_uploads(scratch: Scratch) -> None:
    done = scratch(
        steps()["Write the SARIF report"]["run"],
        PYTHON=sys.executable,
        INPUT_PATHS="deploy",
        INPUT_OPTIONS="",
        INPUT_SARIF="aipplint.sarif",
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    document = json.loads((scratch.folder / "aipplint.sarif").read_text(encoding="utf-8"))
    assert len(document["runs"][0]["results"]) == 1
    upload = steps()["Upload the SARIF report"]
    assert upload["with"]["sarif_file"] == "${{ inputs.sarif }}"
    assert upload["if"] == steps()["Write the SARIF report"]["if"]


@needs_bash
@pytest.mark.registry
def test_the_action_installs_what_it_runs(scratch: Scratch, tmp_path: Path) -> None:
    places = {"RUNNER_TEMP": str(tmp_path / "runner"), "PYTHON": sys.executable}
    installed = scratch(steps()["Install aipplint"]["run"], GITHUB_ACTION_PATH=str(ROOT), PYTHONPATH="", **places)
    assert installed.returncode == 0, installed.stderr
    given = {"INPUT_PATHS": "deploy", "INPUT_OPTIONS": "", "FORMAT": "github"}
    done = scratch(steps()["Check"]["run"], PYTHONPATH=f"{places['RUNNER_TEMP']}/aipplint", **places, **given)

    assert (done.returncode, done.stdout.split(" ")[0]) == (1, "::error"), done.stderr


# The problem matcher, of GitHub and (in the same form) of VS Code.


def matcher() -> dict[str, Any]:
    groups = ("file", "line", "column", "severity", "message", "code")
    pattern = {"regexp": CONCISE.pattern} | {name: at for at, name in enumerate(groups, 1)}
    return {"problemMatcher": [{"owner": "aipplint", "pattern": [pattern]}]}


def test_the_problem_matcher_is_up_to_date(request: pytest.FixtureRequest) -> None:
    text = json.dumps(matcher(), indent=2) + "\n"
    if request.config.getoption("--update-cases"):
        MATCHER.write_text(text, encoding="utf-8")

    assert MATCHER.read_text(encoding="utf-8") == text


@needs_bash
def test_the_problem_matcher_reads_what_is_printed(scratch: Scratch) -> None:
    pattern = json.loads(MATCHER.read_text(encoding="utf-8"))["problemMatcher"][0]["pattern"][0]
    done = scratch("aipplint check --output-format=concise --color=always")
    match = re.match(pattern["regexp"], done.stdout.rstrip("\n"))

    assert match is not None, done.stdout
    values = {name: match.group(at) for name, at in pattern.items() if isinstance(at, int)}
    message = values.pop("message")
    assert values == {"file": "deploy/aipp.cfg", "line": "4", "column": "3", "severity": "error", "code": "AIPP101"}
    assert "colour" in message


@pytest.mark.skipif(shutil.which("node") is None, reason="no node: the pattern is JavaScript's where it is used")
def test_the_problem_matcher_means_the_same_in_javascript(tmp_path: Path) -> None:
    from aipplint.report import Context, render

    windows = r"C:\a b\x.cfg:1:2: info: m [x] [AIPP101]"
    lines = [*render("concise", shared_findings(), Context()).split("\n")[:-1], windows]
    script = (
        "const [pattern, lines] = JSON.parse(require('fs').readFileSync(0));"
        "console.log(JSON.stringify(lines.map(line => line.match(new RegExp(pattern)))));"
    )
    done = subprocess.run(
        ["node", "-e", script],
        input=json.dumps([CONCISE.pattern, lines]),
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=True,
    )

    for found, line in zip(json.loads(done.stdout), lines, strict=True):
        match = CONCISE.match(line)
        assert match is not None
        assert found == [match.group(), *match.groups()]


# The Dockerfile.


def test_the_dockerfile_copies_what_the_wheel_needs(tmp_path: Path) -> None:
    copies = re.findall(r"^COPY (.+) (\S+)$", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
    for names, where in copies:
        for name in names.split():
            if (ROOT / name).is_dir():
                ignored = shutil.ignore_patterns("__pycache__", "_generated")
                shutil.copytree(ROOT / name, tmp_path / where, ignore=ignored)
            else:
                shutil.copy(ROOT / name, tmp_path / where / name)
    run(sys.executable, "-m", "hatchling", "build", "--target=wheel", f"--directory={tmp_path}/wheels", cwd=tmp_path)

    assert len(list((tmp_path / "wheels").glob("aipplint-*.whl"))) == 1
