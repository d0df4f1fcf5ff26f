"""``aipplint explain``: the meaning of an error of ATC or of the runtime, its rules and its location."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from typing import BinaryIO

from aipplint.cli.arguments import COLORS, Parser, settle
from aipplint.cli.output import complain, emit, plural, wants_color
from aipplint.errors import UsageError
from aipplint.explain.explanation import Explanation, explanations, with_all_findings, with_sizes
from aipplint.explain.log import Log, read_log
from aipplint.explain.search import Looked, look
from aipplint.findings import clean
from aipplint.project.reading import STDIN, reason_of

_EPILOG = """\
FILE is a log of ATC or of an application, or any text with an error in it; without FILE, or with '-', standard
input is read. Logs of any size are read line by line; the language of the text around an error does not matter.

The configuration is found by the ATC command in the log, by the error itself, or in the current folder; what
aipplint finds there is shown with the error. A command in the log is the build; else the settings file says it.

A cause is named where the text decides it. Where several rules stand behind a code, all are named; where a code may
come from anything, that is said. Buffers that do not have the size of the model's input are read as images: so many of
a height and width, of which format or type; what the repository builds says which readings fit.

Exit code: 0 something was explained (or the log says that ATC succeeded), 1 there is nothing in it that aipplint
knows, 2 a mistake in the command, or a file that cannot be read.

Examples:
  atc --model=resnet50.onnx --framework=5 --insert_op_conf=aipp.cfg ... 2>&1 | aipplint explain
  aipplint explain build.log
  echo "input image size[602112] is not equal to model input size[150528]" | aipplint explain
  echo "E10052: When --dynamic_image_size is set, crop and padding cannot be set to 'true'" | aipplint explain
"""

_FORMATS = ("full", "json")
_UNKNOWN = 1


def run(words: list[str]) -> int:
    """Run the command and return the exit code."""
    parser = arguments()
    options, files = parser.read(words)
    if options.help:
        emit(parser.format_help())
        return 0
    if len(files) > 1:
        raise UsageError("explain reads one log at a time")
    path = files[0] if files else STDIN
    if path == STDIN and (sys.stdin is None or sys.stdin.isatty()):
        raise UsageError("nothing to explain: name a log, or pipe one (atc ... 2>&1 | aipplint explain)")
    name = "<stdin>" if path == STDIN else path
    log = _read(path)
    explained = explanations(log)
    looked = _looked(log, explained, path)
    explained = with_all_findings([with_sizes(one, looked.inputs) for one in explained], looked.findings)
    if options.output_format == "json":
        from aipplint.explain.as_json import render as as_json

        emit(as_json(explained, looked, log, name))
    else:
        from aipplint.explain.full import render as full

        emit(full(explained, looked, name, color=_wants_color(options)))
    return _ending(log, explained, name)


def arguments() -> Parser:
    """Return the parser of this command's options."""
    parser = Parser(
        "aipplint explain",
        "aipplint explain [OPTIONS] [FILE|-]",
        "Explain the errors in a log of ATC or of the runtime.",
        _EPILOG,
    )
    parser.add_argument(
        "-f", "--output-format", metavar="NAME", choices=_FORMATS, default="full", help="full or json (default: full)"
    )
    parser.add_argument(
        "--color", metavar="WHEN", choices=COLORS, help="auto, always or never (default: the setting color, or auto)"
    )
    parser.add_argument("-h", "--help", action="store_true", help="show this help")
    return parser


def _read(path: str) -> Log:
    try:
        if path == STDIN:
            return read_log(sys.stdin.buffer)
        with _opened(path) as stream:
            return read_log(stream)
    except (OSError, ValueError) as error:
        raise UsageError(f"{clean(path)}: cannot be read: {reason_of(error)}") from None


def _opened(path: str) -> BinaryIO:
    return open(path, "rb")


def _wants_color(options: Namespace) -> bool:
    """Return whether to colour. Invalid settings are ignored here, because they are reported elsewhere."""
    from aipplint.errors import SettingsError
    from aipplint.project.settings import Finder

    try:
        settle(options, Finder())
    except SettingsError:
        options.color = options.color or COLORS[0]
    return wants_color(options.color)


def _looked(log: Log, explained: list[Explanation], path: str) -> Looked:
    """Find the configuration of the log. Explain the log even if the settings are invalid."""
    from aipplint.errors import SettingsError, message_of

    if not explained:
        return Looked((), "", ())
    try:
        return look(log, explained, "" if path == STDIN else os.path.dirname(path))
    except SettingsError as error:
        complain(message_of(error))
        return Looked((), "the settings cannot be read", ())


def _ending(log: Log, explained: list[Explanation], name: str) -> int:
    """The last line, on standard error, and the exit code."""
    others = f"; not known here: {' '.join(log.unknown[:10])}" if log.unknown else ""
    if explained:
        more = f" ({log.dropped} more left out)" if log.dropped else ""
        complain(f"{plural(len(explained), 'error')} explained{more}{others}")
        return 0
    if log.succeeded:
        complain(f"{clean(name)}: ATC succeeded; there is nothing to explain")
        return 0
    complain(f"{clean(name)}: no known error{others}")
    return _UNKNOWN
