"""Pages whose commands are run: blocks of a page are files, and what a command prints stands below it.

A block ``aipp`` is aipp.cfg from there on, ``json NAME`` or ``python NAME`` a file of that name; ``console`` is one
command with its output. photo.png is the picture of tests/pictures.py.
"""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from aipplint.cli import main
from tests.pictures import write

_BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def as_run(page: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """The page with what its commands print now. Everything happens in the folder, which is the current one."""
    write(folder / "photo.png")

    def shown(block: re.Match[str]) -> str:
        language, name, text = block.groups()
        if language == "aipp" or name:
            (folder / (name or "aipp.cfg")).write_text(text, encoding="utf-8")
        if language != "console":
            return block.group()
        command = text.partition("\n")[0]
        main(shlex.split(command.removeprefix("$ aipplint ")))
        told = capsys.readouterr()
        return f"```console\n{command}\n{told.out}{told.err}```"

    return _BLOCK.sub(shown, page)
