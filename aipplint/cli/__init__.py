"""The command line: dispatch to commands, and handling of all errors.

Exit codes: 0 clean, 1 findings at or above the fail level, 2 a mistake in the command or the settings, or in
aipplint itself, 130 interrupted.
"""

from __future__ import annotations

import gc
import os
import sys
from importlib import import_module
from typing import NoReturn

from aipplint import __version__
from aipplint.errors import UsageError, message_of, silence_output

COMMANDS = {
    "check": "Check configurations, alone or against their builds.",
    "format": "Format configurations.",
    "new": "Write a configuration from an intent.",
    "init": "Set up aipplint in a repository: settings, a hook, a CI job.",
    "atc": "Check what an ATC command line would compile, before ATC does.",
    "builds": "List the builds and run-time settings that are discovered in scripts and code.",
    "show": "Show what a configuration does, or the inputs of a model file.",
    "preview": "Show what the model sees of an image.",
    "compare": "Compare what the model sees with what it was trained with.",
    "rule": "Explain a rule, or list all of them.",
    "explain": "Explain the errors in a log of ATC or of the runtime.",
    "field": "Describe a field of the configuration, or list all of them.",
    "server": "Serve editors (language server protocol).",
    "completions": "Print a completion script for bash, zsh or fish.",
}
"""Every command is a module of this package, with ``arguments() -> Parser`` and ``run(words) -> exit code``."""

_HELP = """\
Find mistakes in Huawei Ascend AIPP configurations (--insert_op_conf of ATC) before ATC does.

Usage: aipplint COMMAND [OPTIONS] [ARGUMENTS]

Commands:
{commands}

Options:
  -h, --help     show this help; 'aipplint COMMAND --help' shows a command's help
  --version      show the version

Examples:
  aipplint check deploy/                    all configurations in a folder
  aipplint check aipp.cfg --input-shape "data:8,3,-1,-1" --dynamic-image-size "416,416;832,832"
  aipplint atc --model=resnet.onnx --insert_op_conf=aipp.cfg --soc_version=Ascend310P3
  aipplint rule AIPP702
"""

FAILED = 2
GARBAGE = 60_000
"""Objects until the collector looks for cycles. Few files make fewer; Python's own 700 cost a fifth of the time."""
_INTERRUPTED = 130


def program() -> NoReturn:
    """Run the command line and end the process at once.

    All output has been written by then; the clean-up of Python would take a sixth of a short run.
    """
    code = main()
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except ValueError:
            continue  # The server has closed it.
        except OSError:
            code = code or FAILED
    os._exit(code)


def main(argv: list[str] | None = None) -> int:
    """Run the command line with ``argv``, without the name of the program. Never raises."""
    words = sys.argv[1:] if argv is None else argv
    gc.set_threshold(GARBAGE)
    try:
        _open_closed()
        _forgive_encoding()
        return _run(words)
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:
        silence_output()
        return FAILED
    except Exception as error:
        from aipplint.cli.output import complain

        complain(message_of(error))
        return FAILED


def _run(words: list[str]) -> int:
    from aipplint.cli.output import emit

    command = words[0] if words else ""
    if command in COMMANDS:
        _need_a_folder()
        run = import_module(f"aipplint.cli.{command}").run
        return int(run(words[1:]))
    if command in ("-V", "--version"):
        emit(f"aipplint {__version__}\n")
        return 0
    if command == "help" and words[1:] and words[1] in COMMANDS:
        return _run([words[1], "--help"])
    text = _HELP.format(commands="\n".join(f"  {name:<15}{summary}" for name, summary in COMMANDS.items()))
    if command in ("-h", "--help", "help"):
        emit(text)
        return 0
    if not words:
        sys.stderr.write(text)
        return FAILED
    if command == "-" or os.path.exists(command):
        raise UsageError(f"unknown command '{command}'; to check a file: aipplint check {command}")
    kind = "option" if command.startswith("-") else "command"
    raise UsageError(f"unknown {kind} '{command}'", command, (*COMMANDS, "--version", "--help"))


def _need_a_folder() -> None:
    """Raise an error if the current folder, to which paths are relative, has been deleted."""
    try:
        os.getcwd()
    except OSError as error:
        raise UsageError(f"the current folder cannot be used: {(error.strerror or str(error)).lower()}") from error


def _open_closed() -> None:
    """Discard output if the caller has closed it (``>&-``), because Python then has no stream."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 - as long as the process lives


def _forgive_encoding() -> None:
    """Escape characters that the encoding of the terminal lacks, instead of raising an exception."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
