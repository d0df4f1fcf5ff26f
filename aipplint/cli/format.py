"""``aipplint format``: the canonical form of configurations."""

from __future__ import annotations

import argparse
import os
from collections import Counter
from collections.abc import Sequence

from aipplint.cli import FAILED
from aipplint.cli.arguments import Parser
from aipplint.cli.diff import unified
from aipplint.cli.output import complain, emit, emit_bytes, plural
from aipplint.errors import UsageError, where
from aipplint.findings import Place, clean
from aipplint.formatting import Unformattable, format_source
from aipplint.project.reading import STDIN, Content, TooLarge, Unreadable, read_file, read_stdin, reason_of
from aipplint.project.recognise import is_configuration_text
from aipplint.project.writing import write_file
from aipplint.records import NamedTuple
from aipplint.run.session import Request, Session
from aipplint.run.targets import configurations_in
from aipplint.source import Source

_EPILOG = """\
One field in a line, four spaces for each level, 'name: value'. Comments, values, the order of the fields, the
line ends and at most one empty line between two fields stay as they are; what ATC reads does not change.

Without PATH the configurations below the current folder are formatted. A file with a syntax error is not
changed, nor is one with '# txtpbfmt: disable' at its beginning.

Exit code: 0 formatted, 1 with --check or --diff if a file would change, 2 a mistake in the command, or a file
that cannot be formatted.

Examples:
  aipplint format aipp.cfg
  aipplint format --sort deploy/
  aipplint format --check .
  aipplint format --stdin-filename deploy/aipp.cfg - < buffer
"""


CHANGED, SAME, FAILURE = "changed", "same", "failure"
"""Outcomes of a file."""


class _Formatted(NamedTuple):
    """A file before and after, or the reason why it is left as it is."""

    path: str
    source: Source | None
    text: str
    reason: str = ""

    @property
    def changed(self) -> bool:
        """Whether the canonical form is another text."""
        return self.source is not None and not self.reason and self.text != self.source.text


def arguments() -> Parser:
    """Return the parser of this command's options."""
    parser = Parser(
        "aipplint format",
        "aipplint format [OPTIONS] [PATH...]",
        "Format AIPP configurations.",
        _EPILOG,
    )
    files = parser.add_argument_group("Files")
    files.add_argument(
        "--stdin-filename",
        metavar="NAME",
        default="",
        help="file name to assume for standard input ('-'), also when looking for settings",
    )
    files.add_argument(
        "--exclude",
        metavar="PATTERN",
        action="append",
        default=[],
        help="exclude files and folders (can be repeated)",
    )
    files.add_argument(
        "--force-exclude", action="store_true", help="exclude files even if they are named on the command line"
    )
    files.add_argument("--config", metavar="FILE", default="", help="use this settings file for everything")
    files.add_argument("--isolated", action="store_true", help="use no settings file")
    output = parser.add_argument_group("Output")
    output.add_argument("--sort", action="store_true", help="group the fields in the order of processing")
    output.add_argument("--check", action="store_true", help="list the files that would change, without writing them")
    output.add_argument("--diff", action="store_true", help="print the changes, without writing them")
    output.add_argument("-q", "--quiet", action="store_true", help="do not print the summary")
    output.add_argument("-h", "--help", action="store_true", help="show this help")
    return parser


def run(words: list[str]) -> int:
    """Run the command and return the exit code."""
    parser = arguments()
    options, paths = parser.read(words)
    if options.help:
        emit(parser.format_help())
        return 0
    if options.config and options.isolated:
        raise UsageError("--config and --isolated exclude each other")
    if STDIN in paths and len(paths) > 1:
        raise UsageError("'-' (standard input) cannot be mixed with paths")
    if options.stdin_filename and STDIN not in paths:
        raise UsageError("--stdin-filename is only for standard input: give '-' as the path")
    session = Session(
        Request(exclude=tuple(options.exclude), config=options.config, isolated=options.isolated, discovery=False)
    )
    if STDIN in paths:
        return _format_stdin(session, options)
    found = [_formatted(path, read_file(path), options.sort) for path in _files(session, paths, options.force_exclude)]
    if not found and not options.quiet:
        complain("0 configurations found")
    return _finish(found, options)


def _files(session: Session, paths: Sequence[str], force_exclude: bool) -> list[str]:
    """Return the files to format, each once: configurations in folders, and every named file."""
    found: dict[str, str] = {}
    for path in paths or ["."]:
        if os.path.isdir(path):
            for config in configurations_in(session, path):
                found.setdefault(os.path.realpath(config), config)
        elif not (force_exclude and session.excluded(path)):
            found.setdefault(os.path.realpath(path), path)
    return list(found.values())


def _formatted(path: str, content: Content, sort: bool) -> _Formatted:
    if isinstance(content, Unreadable):
        return _Formatted(path, None, "", f"{clean(path)}: cannot be read: {content.reason}")
    if isinstance(content, TooLarge):
        return _Formatted(path, None, "", f"{clean(path)}: {content.size:,} bytes are too many for a configuration")
    source = Source.from_bytes(path, content)
    if not is_configuration_text(path, source.text):
        return _Formatted(path, source, "", f"{clean(path)}: not formatted: it is not an AIPP configuration")
    made = format_source(source, sort=sort)
    if isinstance(made, Unformattable):
        return _Formatted(path, source, "", f"{where(Place(source, made.span))}: not formatted: {made.reason}")
    return _Formatted(path, source, made)


def _finish(found: Sequence[_Formatted], options: argparse.Namespace) -> int:
    """Write or show the changed files and print the summary; return the exit code."""
    outcomes = Counter(_apply(one, options) for one in found)
    if found and not options.quiet:
        named = [(outcomes[CHANGED], "would be reformatted" if _is_dry(options) else "reformatted")]
        named += [(outcomes[SAME], "already formatted")]
        said = ", ".join(f"{plural(count, 'file')} {words}" for count, words in named if count)
        complain(said or "0 files reformatted")
    if outcomes[FAILURE]:
        return FAILED
    return int(_is_dry(options) and outcomes[CHANGED] > 0)


def _is_dry(options: argparse.Namespace) -> bool:
    return bool(options.check or options.diff)


def _apply(one: _Formatted, options: argparse.Namespace) -> str:
    """Write or show one file; return the outcome."""
    if one.source is None or one.reason:
        complain(one.reason)
        return FAILURE
    if not one.changed:
        return SAME
    if options.check:
        emit(f"would reformat {clean(one.path)}\n")
    if options.diff:
        _print("".join(unified(one.path, one.source.text, one.text)), one.source.encoding)
    if _is_dry(options):
        return CHANGED
    try:
        write_file(one.path, Source(one.path, one.text, one.source.encoding).data, one.source.data)
    except OSError as error:
        complain(f"cannot write {clean(one.path)}: {reason_of(error)}")
        return FAILURE
    return CHANGED


def _format_stdin(session: Session, options: argparse.Namespace) -> int:
    """Print the formatted text; one that cannot be formatted, or is excluded, is printed unchanged."""
    name = options.stdin_filename or "<stdin>"
    one = _formatted(name, read_stdin(), options.sort)
    if one.source is not None and options.stdin_filename and session.excluded(name):
        one = _Formatted(name, one.source, one.source.text)
    if _is_dry(options):
        return _finish([one], options)
    if one.source is not None:
        # An editor replaces its text with the output.
        _print(one.source.text if one.reason else one.text, one.source.encoding)
    if one.reason:
        complain(one.reason)
    return FAILED if one.reason else 0


def _print(text: str, encoding: str) -> None:
    """Print text as the bytes that it was read from."""
    emit_bytes(text.encode(encoding, "surrogateescape"))
