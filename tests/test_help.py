"""``--help`` of every command, for people: it fits the terminal, and shows how."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

import pytest

from aipplint.cli import COMMANDS, arguments, main
from tests.checkout import ROOT, run

Captured = pytest.CaptureFixture[str]


@pytest.mark.parametrize("columns", [80, 100, 300])
@pytest.mark.parametrize("name", COMMANDS)
def test_help_fits_the_terminal(name: str, columns: int, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arguments, "_columns", lambda: columns)
    assert main([name, "--help"]) == 0
    text = capsys.readouterr().out

    help_, examples = text.split("Example", 1)
    assert help_.startswith(f"Usage: aipplint {name}")
    assert max(len(line) for line in help_.splitlines()) <= min(columns, 100)
    # Examples are to be copied, so no line of them is broken.
    assert f"\n  aipplint {name}" in examples or f"| aipplint {name}" in examples


@pytest.mark.parametrize("name", COMMANDS)
def test_help_has_every_option_with_a_text(name: str, capsys: Captured) -> None:
    main([name, "--help"])
    text = capsys.readouterr().out

    for option in import_module(f"aipplint.cli.{name}").arguments().options():
        assert option.help
        assert all(word in text for word in option.option_strings)


def test_help_of_a_command_may_be_asked_for_in_front_of_it(capsys: Captured) -> None:
    assert main(["help", "field"]) == main(["field", "--help"]) == 0
    first, second = capsys.readouterr().out.split("Usage: ")[1:]

    assert first == second


def test_help_of_all_names_every_command(capsys: Captured) -> None:
    assert main(["--help"]) == 0
    text = capsys.readouterr().out

    assert all(f"\n  {name} " in text for name in COMMANDS)
    assert max(len(line) for line in text.splitlines()) <= 115


@pytest.mark.parametrize("name", COMMANDS)
def test_the_examples_are_options_that_exist(name: str, capsys: Captured) -> None:
    """A word with dashes in an example of a command is one of its options, or one of ATC."""
    parser = import_module(f"aipplint.cli.{name}").arguments()
    known = {word for option in parser._actions for word in option.option_strings}
    main([name, "--help"])
    lines = capsys.readouterr().out.partition("\nExample")[2].splitlines()
    used = {word.partition("=")[0] for line in lines if f"aipplint {name} " in line for word in line.split()}

    if name not in ("atc", "explain"):
        assert {word for word in used if word.startswith("--")} <= known


def test_help_does_not_cost_a_run(tmp_path: Path) -> None:
    """What only help needs is not loaded without it."""
    (tmp_path / "aipp.cfg").write_text("aipp_op { aipp_mode: static input_format: RGB888_U8 }\n")
    check = "import sys; from aipplint.cli import main; main(['check', '-q', 'aipp.cfg'])"
    run(
        sys.executable,
        "-c",
        f"{check}; sys.exit('textwrap' in sys.modules)",
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
    )
