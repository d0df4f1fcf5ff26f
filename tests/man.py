"""The manual page, docs/aipplint.1, from the parsers of the commands: what ``--help`` says, as ``man`` shows it.

It is a generated part of docs/ (tests/docs.py), and a wheel installs it where ``man`` looks (pyproject.toml).
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

from aipplint import __version__
from aipplint.cli import COMMANDS
from aipplint.cli.arguments import Parser

_ESCAPED = str.maketrans({"\\": r"\e", "-": r"\-", "'": r"\(aq", "`": r"\(ga", "^": r"\(ha", "~": r"\(ti"})
_HEAD = f"""\
.\\" Made by python -m tests.docs; do not edit.
.TH AIPPLINT 1 "" "aipplint {__version__}" "User Commands"
.SH NAME
aipplint \\- check AIPP configurations of Huawei Ascend as the ATC compiler will
.SH SYNOPSIS
.B aipplint
.I COMMAND
[\\fIOPTIONS\\fR] [\\fIARGUMENTS\\fR]
.SH DESCRIPTION
A linter for Huawei Ascend AIPP configurations (\\fB\\-\\-insert_op_conf\\fR of ATC) that knows what the compiler will
say. What passes aipplint passes ATC, and what aipplint calls an error, ATC rejects.
.PP
Builds and settings come from
.I aipplint.toml
or the table
.B tool.aipplint
of
.IR pyproject.toml ,
the nearest to a file.
.SH COMMANDS
"""
_TAIL = """\
.SH FILES
.TP
.I aipplint.toml
Settings, in the folder of a configuration or above it.
.TP
.I pyproject.toml
The same, in the table
.BR tool.aipplint .
.SH ENVIRONMENT
.TP
.BR NO_COLOR ", " FORCE_COLOR
Never, or always, colour what
.B \\-\\-color
leaves open.
.TP
.BR GITHUB_WORKSPACE ", " CI_PROJECT_DIR
The folder to which the paths of the reports for GitHub and GitLab are relative.
"""


def man_page() -> str:
    """The source of the page."""
    return _HEAD + "".join(map(_command, COMMANDS)) + _TAIL


def _command(name: str) -> str:
    parser: Parser = import_module(f"aipplint.cli.{name}").arguments()
    lines = [f".SS {_escaped(parser.usage or name)}", _escaped(parser.description or ""), *_options(parser)]
    for block in (parser.epilog or "").strip().split("\n\n"):
        lines += _block(block)
    return "\n".join(lines) + "\n"


def _options(parser: Parser) -> Iterator[str]:
    for group in parser._action_groups:
        shown = [action for action in group._group_actions if action in parser.options()]
        if shown:
            yield f".PP\n{_escaped(group.title or '')}:"
        for action in shown:
            value = "" if action.nargs == 0 else rf" \fI{_escaped(str(action.metavar))}\fR"
            names = ", ".join(rf"\fB{_escaped(name)}\fR" for name in action.option_strings)
            yield f".TP\n{names}{value}\n{_escaped(action.help or '')}"


def _block(text: str) -> Iterator[str]:
    """A paragraph, or lines that stay as they are, such as examples, with the line above them."""
    if "\n " not in text:
        yield ".PP\n" + _escaped(text)
        return
    head, _, rest = text.partition("\n")
    yield ".PP\n" + _escaped(head)
    yield ".RS 4\n.nf\n" + "\n".join(_escaped(line.removeprefix("  ")) for line in rest.split("\n")) + "\n.fi\n.RE"


def _escaped(text: str) -> str:
    """Text for the formatter: no character of it means anything, also not a point at the beginning of a line."""
    lines = (line.translate(_ESCAPED) for line in text.split("\n"))
    return "\n".join(rf"\&{line}" if line.startswith(".") else line for line in lines)
