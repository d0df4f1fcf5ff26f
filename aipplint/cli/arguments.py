"""Arguments: the parser of all commands, and the options that several commands share."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, NoReturn

from aipplint.errors import UsageError
from aipplint.project.command import OPTIONS
from aipplint.report import COLUMN_UNITS, FORMATS

if TYPE_CHECKING:
    from aipplint.project.settings import Finder

_WIDEST = 100
"""Columns that help takes at the most."""

FAIL_LEVELS = ("error", "warning")
COLORS = ("auto", "always", "never")

_ATC_HELP = {
    "model": "the model file, from which the inputs are read",
    "framework": "0 Caffe, 1 MindSpore, 3 TensorFlow, 5 ONNX",
    "input_format": "layout of the model's inputs, such as NCHW",
    "input_shape": 'such as "data:8,3,-1,-1"',
    "input_shape_range": "deprecated form of ranges",
    "dynamic_batch_size": 'such as "1,2,4"',
    "dynamic_image_size": 'H,W of every profile, such as "416,416;832,832"',
    "dynamic_dims": "profiles for any dimensions",
    "soc_version": "the product, such as Ascend310P3",
    "input_fp16_nodes": "inputs that are passed as fp16",
    "enable_small_channel": "0 or 1",
    "output_type": "FP32, FP16, UINT8 or INT8",
}


class Parser(argparse.ArgumentParser):
    """argparse with one-line errors and suggestions. ``read`` returns the other words in their order."""

    def __init__(self, prog: str, usage: str, description: str, epilog: str) -> None:
        super().__init__(
            prog=prog,
            usage=usage,
            description=description,
            epilog=epilog,
            allow_abbrev=False,
            add_help=False,
            # With a width of its own argparse need not import what measures the terminal.
            formatter_class=partial(argparse.RawDescriptionHelpFormatter, width=_WIDEST, max_help_position=32),
        )
        self._optionals.title = "Options"

    def format_help(self) -> str:
        """Format the help for the width of the terminal, up to a readable maximum."""
        columns = min(_columns(), _WIDEST)
        self.formatter_class = partial(argparse.RawDescriptionHelpFormatter, width=columns, max_help_position=32)
        epilog, self.epilog = self.epilog, _wrapped(self.epilog or "", columns)
        try:
            return super().format_help().replace("usage:", "Usage:", 1)
        finally:
            self.epilog = epilog

    def read(self, words: list[str]) -> tuple[argparse.Namespace, list[str]]:
        """Parse options and paths. Options may appear between paths, until ``--``."""
        self._refuse_single_dashes(words)
        options, rest = self.parse_known_args(words)
        paths: list[str] = []
        for index, word in enumerate(rest):
            if word == "--":
                paths += rest[index + 1 :]
                break
            if word.startswith("-") and word != "-":
                flag = word.partition("=")[0]
                raise UsageError(
                    f"unknown option {flag}",
                    flag,
                    tuple(known for known in self._option_string_actions if "_" not in known),
                )
            paths.append(word)
        return options, paths

    def _refuse_single_dashes(self, words: list[str]) -> None:
        """Raise for ``-framework=5``, which argparse takes for ``-f ramework=5``: ATC has options with one dash."""
        for word in words:
            flag = word.partition("=")[0]
            if word == "--":
                return
            if len(flag) > 2 and flag[0] == "-" != flag[1] and f"-{flag}" in self._option_string_actions:
                raise UsageError(f"unknown option {flag}", flag, (f"-{flag}",))

    def split(self, words: list[str]) -> tuple[list[str], list[str]]:
        """Split the arguments into own options at the beginning and all other words."""
        at = 0
        while at < len(words):
            flag, equals, _ = words[at].partition("=")
            action = self._option_string_actions.get(flag)
            if action is None:
                break
            at += 1 if equals or action.nargs == 0 else 2
        return words[:at], words[at:]

    def options(self) -> Iterator[argparse.Action]:
        """Return the options that help shows."""
        return (action for action in self._actions if action.help != argparse.SUPPRESS)

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        """Reject an invalid choice, with the nearest valid one."""
        choices = tuple(map(str, action.choices or ()))
        if choices and value not in choices:
            flag = action.option_strings[-1]
            raise UsageError(f"{flag}: '{value}' is none of {', '.join(choices)}", str(value), choices)

    def error(self, message: str) -> NoReturn:
        """Raise an error instead of printing the usage and ending the process."""
        raise UsageError(message.removeprefix("argument "))


def _columns() -> int:
    """Return the width of the terminal; a large number if output is not a terminal or its width is unknown."""
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or _WIDEST
    except (OSError, ValueError):
        return _WIDEST


def _wrapped(text: str, columns: int) -> str:
    """Wrap paragraphs, except for those with indented lines, such as examples and lists."""
    import textwrap

    blocks = (block if "\n " in block else textwrap.fill(block, columns) for block in text.strip().split("\n\n"))
    return "\n\n".join(blocks)


def selectors(text: str) -> list[str]:
    """Split a list of codes and names at commas."""
    return [word for word in text.replace(",", " ").split() if word]


def add_build(parser: Parser) -> None:
    """Add the options of ATC, in both spellings, and the run-time settings."""
    build = parser.add_argument_group("Build (the options of ATC)")
    for name in OPTIONS:
        dest = f"atc_{name}"
        build.add_argument(f"--{name.replace('_', '-')}", dest=dest, metavar="VALUE", help=_ATC_HELP[name])
        if "_" in name:
            build.add_argument(f"--{name}", dest=dest, help=argparse.SUPPRESS)
    build.add_argument("--runtime", metavar="FILE", default="", help="run-time settings of dynamic AIPP, in JSON")


def has_build(options: argparse.Namespace) -> bool:
    """Return whether an option of ATC is set."""
    return any(getattr(options, f"atc_{name}") is not None for name in OPTIONS)


def add_settings(parser: Parser) -> None:
    """Add the options that select the settings."""
    settings = parser.add_argument_group("Settings")
    settings.add_argument("--config", metavar="FILE", default="", help="use this settings file for everything")
    settings.add_argument(
        "--cann-version", metavar="RELEASE", default="", help="release of CANN, such as 8.1.RC1 (default: the newest)"
    )
    settings.add_argument("--cann_version", dest="cann_version", help=argparse.SUPPRESS)
    settings.add_argument("--isolated", action="store_true", help="use no settings file")


def add_common(parser: Parser, fail_level: str) -> None:
    """Add the options of all commands that check files."""
    rules = parser.add_argument_group("Rules (a code, a family such as AIPP7, or a name; several with commas)")
    rules.add_argument("--select", metavar="RULES", type=selectors, action="extend", help="run only these rules")
    rules.add_argument(
        "--extend-select",
        metavar="RULES",
        type=selectors,
        action="extend",
        default=[],
        help="run these rules in addition",
    )
    rules.add_argument(
        "--ignore", metavar="RULES", type=selectors, action="extend", default=[], help="do not run these rules"
    )
    rules.add_argument("--preview", action="store_true", help="also run preview rules")
    add_settings(parser)
    output = parser.add_argument_group("Output")
    output.add_argument(
        "-f",
        "--output-format",
        metavar="NAME",
        choices=tuple(FORMATS),
        help=f"{', '.join(FORMATS)} (default: the setting output-format, or {next(iter(FORMATS))})",
    )
    output.add_argument(
        "--column-unit",
        metavar="UNIT",
        choices=COLUMN_UNITS,
        default=COLUMN_UNITS[0],
        help="unit of the columns of concise: characters, bytes (Vim) or utf-16 (VS Code) (default: characters)",
    )
    output.add_argument("-o", "--output-file", metavar="FILE", default="", help="write the report to a file")
    output.add_argument(
        "--fail-level",
        metavar="LEVEL",
        choices=FAIL_LEVELS,
        help=f"lowest severity that makes the run fail: {' or '.join(FAIL_LEVELS)} "
        f"(default: the setting fail-level, or {fail_level})",
    )
    output.add_argument("--exit-zero", action="store_true", help="exit with 0 even if there are findings")
    output.add_argument("--statistics", action="store_true", help="also count the findings of every rule, on stderr")
    output.add_argument(
        "--color",
        metavar="WHEN",
        choices=COLORS,
        help="auto, always or never (default: the setting color, or auto; see also NO_COLOR and FORCE_COLOR)",
    )
    output.add_argument(
        "--no-color", dest="color", action="store_const", const="never", help="do not use colours, like --color=never"
    )
    output.add_argument("-q", "--quiet", action="store_true", help="do not print the summary and notes")
    output.add_argument("-h", "--help", action="store_true", help="show this help")


def settle(options: argparse.Namespace, finder: Finder, fail_level: str = "") -> None:
    """Complete the options for output from the settings of the current folder.

    Raises SettingsError where they cannot be read.
    """
    values = finder.of_folder(os.getcwd()).values
    options.color = options.color or values.get("color", COLORS[0])
    if fail_level:
        options.output_format = options.output_format or values.get("output-format", next(iter(FORMATS)))
        options.fail_level = options.fail_level or values.get("fail-level", fail_level)


def request_of(options: argparse.Namespace, **more: Any) -> Any:
    """Return the request that the common options describe."""
    from aipplint.rules.selection import Layer
    from aipplint.run.session import Request

    if options.config and options.isolated:
        raise UsageError("--config and --isolated exclude each other")
    select = None if options.select is None else tuple(options.select)
    layer = Layer(select, tuple(options.extend_select), tuple(options.ignore))
    given = {"config": options.config, "isolated": options.isolated, "preview": options.preview}
    given["release"] = options.cann_version
    return Request(layer=layer, **given, **more)
