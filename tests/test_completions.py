"""``aipplint completions`` as far as it goes without the shells; tests/tools/test_shells.py types in them."""

from __future__ import annotations

import shutil
import subprocess
import sys
from importlib import import_module

import pytest

from aipplint.cli import COMMANDS, main
from aipplint.cli.completions import SHELLS
from aipplint.report import FORMATS
from aipplint.rules import RULES
from tests.checkout import ROOT, run

Captured = pytest.CaptureFixture[str]


@pytest.fixture(params=SHELLS)
def script(request: pytest.FixtureRequest, capsys: Captured) -> str:
    assert main(["completions", request.param]) == 0
    return capsys.readouterr().out


def test_a_script_knows_every_command_and_option(script: str) -> None:
    for name in COMMANDS:
        assert name in script
        for option in import_module(f"aipplint.cli.{name}").arguments().options():
            for word in option.option_strings:
                assert word.lstrip("-") in script


def test_a_script_knows_formats_rules_and_fields(script: str) -> None:
    for word in (*FORMATS, *(word for rule in RULES for word in (rule.code, rule.name))):
        assert word in script
    assert "matrix_r0c0" in script
    assert "E81012" in script


def test_a_script_has_no_place_of_this_machine(script: str) -> None:
    assert str(ROOT) not in script
    assert sys.prefix not in script


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash here")
def test_bash_can_read_its_script(capsys: Captured) -> None:
    main(["completions", "bash"])
    done = subprocess.run(
        ["bash", "-n"], input=capsys.readouterr().out, encoding="utf-8", capture_output=True, check=False
    )

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ([], "completions needs the name of a shell: bash, zsh, fish"),
        (["bash", "zsh"], "completions needs the name of a shell: bash, zsh, fish"),
        (["bahs"], "no completions for 'bahs', only for bash, zsh, fish; did you mean 'bash'?"),
        (["--shell"], "unknown option --shell; did you mean '--help'?"),
    ],
)
def test_what_is_no_shell_is_one_line(words: list[str], complaint: str, capsys: Captured) -> None:
    assert main(["completions", *words]) == 2
    assert capsys.readouterr() == ("", f"aipplint: {complaint}\n")


def test_nothing_else_loads_shtab() -> None:
    code = (
        "import sys; from aipplint.cli import main\n"
        "for name in ('check', 'rule', 'completions'): main([name, '--help'])\n"
        "main(['rule', 'AIPP001']); main(['check', '-q', 'examples'])\n"
        "sys.exit('shtab' in sys.modules)"
    )
    run(sys.executable, "-c", code, cwd=ROOT)
