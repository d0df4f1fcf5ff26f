"""``aipplint completions``, in the shells: somebody types a part of a command, then Tab, then Enter."""

from __future__ import annotations

import shutil
import sys
from functools import cache
from pathlib import Path

import pytest

from tests.checkout import ROOT, run
from tests.terminal import Terminal
from tests.tools.workplace import NAME, Workplace

pytest.importorskip("shtab", reason="completions need shtab (aipplint[completions])")

BASH_COMPLETION = Path("/usr/share/bash-completion/bash_completion")

# Where a script has to lie, what else the shell has to know, and how it is started, without anybody's own settings.
SHELLS = {
    "bash": (
        ".local/share/bash-completion/completions/aipplint",
        {".bashrc": f"PS1='ready> '\nsource {BASH_COMPLETION}\n"},
        ("bash", "--rcfile", ".bashrc", "-i"),
    ),
    "zsh": (
        ".zfunc/_aipplint",
        {".zshrc": "PS1='ready> '\nfpath+=~/.zfunc\nautoload -Uz compinit && compinit -u\n"},
        ("zsh", "-i"),
    ),
    "fish": (
        ".config/fish/completions/aipplint.fish",
        {".config/fish/config.fish": "function fish_prompt; echo -n 'ready> '; end\nset -g fish_greeting\n"},
        ("fish", "-i"),
    ),
}
needs = {
    "bash": pytest.mark.skipif(not BASH_COMPLETION.exists(), reason="no bash-completion here (Debian package)"),
    "zsh": pytest.mark.skipif(not shutil.which("zsh"), reason="no zsh here (Debian package zsh)"),
    "fish": pytest.mark.skipif(not shutil.which("fish"), reason="no fish here (Debian package fish)"),
}

# What is typed (a bar is Tab), and the words that the command gets.
CASES = {
    "a command": ("che|", ["check"]),
    "an option": ("check --stati|", ["check", "--statistics"]),
    "an option behind a file": ("check x.cfg --stati|", ["check", "x.cfg", "--statistics"]),
    "a format": ("check --output-format sar|", ["check", "--output-format", "sarif"]),
    "a format behind an equals sign": ("check --output-format=sar|", ["check", "--output-format=sarif"]),
    "a rule to select": (
        "check --select source-size-with-d|",
        ["check", "--select", "source-size-with-dynamic-image-size"],
    ),
    "a product": ("check --soc-version Ascend310P5|", ["check", "--soc-version", "Ascend310P5"]),
    "a file": ("check 裁|", ["check", NAME]),
    "a file of an option": ("show --runtime 裁|", ["show", "--runtime", NAME]),
    "the name of a rule": ("rule source-size-with-d|", ["rule", "source-size-with-dynamic-image-size"]),
    "an error code": ("rule E810|", ["rule", "E81012"]),
    "a call": ("rule aclmdlSetI|", ["rule", "aclmdlSetInputAIPP"]),
    "a second rule": ("rule AIPP101 source-size-with-d|", ["rule", "AIPP101", "source-size-with-dynamic-image-size"]),
    "a field": ("field max_src|", ["field", "max_src_image_size"]),
    "a shell": ("completions fi|", ["completions", "fish"]),
    "an option of ATC": ("atc --insert_op|", ["atc", "--insert_op_conf"]),
    "a file of ATC": ("atc --insert_op_conf=裁|", ["atc", f"--insert_op_conf={NAME}"]),
}


@cache
def script(shell: str) -> str:
    """The completions for a shell."""
    return run(sys.executable, "-m", "aipplint", "completions", shell, cwd=ROOT).stdout


class Shell:
    """A shell with our completions, in which ``aipplint`` only says how it was called."""

    def __init__(self, name: str, workplace: Workplace) -> None:
        place, files, command = SHELLS[name]
        workplace.write(place, script(name))
        for path, text in files.items():
            workplace.write(path, text)
        workplace.tell_how_called()
        environment = workplace.environment | {"HOME": str(workplace.home), "ZDOTDIR": str(workplace.home)}
        command = tuple(str(workplace.home / word) if word == ".bashrc" else word for word in command)
        self._terminal = Terminal(command, workplace.folder, environment)

    def complete(self, typed: str) -> list[str]:
        """The words of the command when the bars in it are Tab."""
        with self._terminal as terminal:
            terminal.until("ready> ")
            terminal.type(f"aipplint {typed}".replace("|", "\t") + "\r")
            return terminal.until("<<(.*)>>").group(1).split("::")


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("name", [pytest.param(name, marks=needs[name]) for name in SHELLS])
def test_tab_completes(name: str, case: str, workplace: Workplace) -> None:
    typed, words = CASES[case]

    assert Shell(name, workplace).complete(typed) == words
