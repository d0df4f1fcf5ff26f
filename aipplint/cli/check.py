"""``aipplint check``: files, folders and standard input."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from aipplint.cli.arguments import Parser, add_build, add_common, has_build, request_of, selectors, settle
from aipplint.cli.output import complain, emit
from aipplint.cli.progress import Progress
from aipplint.cli.reporting import Stream, report
from aipplint.errors import UsageError
from aipplint.project.command import COMMAND_LINE
from aipplint.project.reading import STDIN, read_stdin
from aipplint.run.execute import check, check_all
from aipplint.run.plan import plan_content, plan_options
from aipplint.run.result import merged
from aipplint.run.session import Request, Session
from aipplint.run.targets import Targets, find_targets

if TYPE_CHECKING:
    from aipplint.cli.fix import Settle

_MAX_DIGITS = 4
_EPILOG = """\
Without PATH the current folder is checked. Folders are searched for AIPP configurations, by name and by
content, and for scripts, documents and code that say how these are built and set; a file that is named is
checked whatever its name, and a script with the configurations that it builds.

Builds come from the settings file ([[build]] tables), else from the atc commands of the whole repository
('aipplint builds' lists them). Options of ATC given here replace those of the same name in them; where there is
no build for a file, they make one. Both spellings are understood: --input-shape and --input_shape. What is not
given is taken as not known.

Exit code: 0 clean, 1 findings at or above the fail level, 2 a mistake in the command, the settings or aipplint
(with --error-on-no-files also where there is nothing to check).

Examples:
  aipplint check
  aipplint check aipp.cfg --input-shape "data:8,3,-1,-1" --dynamic-image-size "416,416;832,832"
  aipplint check deploy/ --runtime aipp_settings.json --soc-version Ascend310P3
  aipplint check --diff deploy/             what --fix would change
  aipplint check --output-format=concise --stdin-filename deploy/aipp.cfg - < buffer
"""


def arguments() -> Parser:
    """Return the parser of this command's options."""
    parser = Parser(
        "aipplint check",
        "aipplint check [OPTIONS] [PATH...]",
        "Check AIPP configurations, alone or against their builds.",
        _EPILOG,
    )
    add_build(parser)
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
    files.add_argument(
        "--no-discovery",
        dest="discovery",
        action="store_false",
        help="do not search scripts and code for builds and run-time settings",
    )
    files.add_argument("--error-on-no-files", action="store_true", help="exit with 2 if there is no file to check")
    files.add_argument(
        "--jobs",
        metavar="NUMBER",
        type=_positive,
        default=0,
        help="most processes for many files (default: the number of processors)",
    )
    files.add_argument("--show-files", action="store_true", help="print the files that would be checked")
    files.add_argument("--show-settings", action="store_true", help="print their settings")
    files.add_argument("--show-profiles", action="store_true", help="print the profiles of their builds, expanded")
    fixes = parser.add_argument_group("Fixes")
    fixes.add_argument(
        "--fix", action="store_true", help="apply the safe fixes to the files and report the remaining findings"
    )
    fixes.add_argument("--unsafe-fixes", action="store_true", help="with --fix or --diff: also apply the unsafe fixes")
    fixes.add_argument(
        "--fix-only",
        metavar="RULES",
        type=selectors,
        action="extend",
        help="with --fix or --diff: fix only these rules",
    )
    fixes.add_argument(
        "--unfixable",
        metavar="RULES",
        type=selectors,
        action="extend",
        default=[],
        help="with --fix or --diff: do not fix these rules",
    )
    fixes.add_argument("--show-fixes", action="store_true", help="with --fix or --diff: list the fixes, on stderr")
    fixes.add_argument("--diff", action="store_true", help="print the changes of --fix without writing them")
    adoption = parser.add_argument_group("Adoption")
    adoption.add_argument(
        "--baseline",
        metavar="FILE",
        default="",
        help="do not report the findings in this file (default: the setting baseline)",
    )
    adoption.add_argument(
        "--write-baseline", action="store_true", help="write the findings to the baseline, to accept them from now on"
    )
    adoption.add_argument(
        "--add-ignores",
        action="store_true",
        help="suppress the findings of configurations with comments; with --diff, show them",
    )
    add_common(parser, fail_level="warning")
    return parser


def _positive(text: str) -> int:
    """A number of processes."""
    if not text.isascii() or not text.isdigit() or len(text) > _MAX_DIGITS or int(text) < 1:
        raise UsageError(f"--jobs: '{text}' is no number from 1 to {10**_MAX_DIGITS - 1}")
    return int(text)


def run(words: list[str]) -> int:
    """Run the command and return the exit code."""
    parser = arguments()
    options, paths = parser.read(words)
    if options.help:
        emit(parser.format_help())
        return 0
    request: Request = request_of(
        options,
        words=("aipplint", "check", *words) if has_build(options) else (),
        first=2,
        exclude=tuple(options.exclude),
        runtime=options.runtime,
        discovery=options.discovery,
    )
    _refuse_contradictions(options, paths)
    session = Session(request)
    settle(options, session.finder, "warning")
    settle_result = _acceptance(session, options)
    if STDIN in paths:
        return _check_stdin(session, options, settle_result)
    targets = find_targets(session, paths or ["."], force_exclude=options.force_exclude)
    if options.show_files or options.show_settings or options.show_profiles:
        return _show(session, targets, options)
    if not targets.paths:
        if options.error_on_no_files:
            raise UsageError("0 configurations found (--error-on-no-files)")
        if not options.quiet:
            complain("0 configurations found")
    if options.add_ignores:
        from aipplint.cli.ignores import add_ignores

        return add_ignores(session, targets, options, settle_result)
    if options.fix or options.diff:
        from aipplint.cli.fix import fix_files

        return fix_files(session, targets, options, settle_result)
    # What the baseline has is known at the end.
    stream = None if options.has_baseline else Stream(options, targets.configs)
    # Lines of a report on the same terminal would be written behind it.
    silent = options.quiet or (stream is not None and stream.prints and sys.stdout.isatty())
    with Progress(0 if silent else len(targets.paths)):
        results = [check_all(session, targets, stream, processes=options.jobs)]
    if not targets.configs and has_build(options):
        results.append(check(session, COMMAND_LINE, partial(plan_options, session)))
    result = settle_result(merged(results), targets.paths)
    code = report(result, options, targets.paths, stream=stream)
    if not options.quiet:
        for line in session.indexes.notes(targets.paths, result.unbuilt):
            complain(line)
    return code


def _refuse_contradictions(options: argparse.Namespace, paths: Sequence[str]) -> None:
    """Raise an error for options that exclude each other."""
    if options.unsafe_fixes and not (options.fix or options.diff):
        raise UsageError("--unsafe-fixes goes with --fix or --diff")
    for name in ("show_fixes", "fix_only", "unfixable"):
        if getattr(options, name) and not (options.fix or options.diff):
            raise UsageError(f"--{name.replace('_', '-')} goes with --fix or --diff")
    if options.write_baseline and (options.fix or options.diff or STDIN in paths):
        raise UsageError("--write-baseline goes with files, without --fix and --diff")
    if options.add_ignores and (options.fix or options.write_baseline or STDIN in paths):
        raise UsageError("--add-ignores goes with files, without --fix and --write-baseline")
    if options.diff and options.output_file:
        raise UsageError("--diff prints no report for --output-file")
    if STDIN in paths and len(paths) > 1:
        raise UsageError("'-' (standard input) cannot be mixed with paths")
    if options.stdin_filename and STDIN not in paths:
        raise UsageError("--stdin-filename is only for standard input: give '-' as the path")


def _acceptance(session: Session, options: argparse.Namespace) -> Settle:
    """Return what takes the findings of the baseline out of a result."""
    options.has_baseline = bool(options.baseline or "baseline" in session.finder.of_folder(os.getcwd()).values)
    if not (options.has_baseline or options.write_baseline):
        return lambda result, _paths: result
    from aipplint.cli.accepted import Accepted

    return Accepted(session, options).settle


def _check_stdin(session: Session, options: argparse.Namespace, settle_result: Settle) -> int:
    name = options.stdin_filename
    excluded = bool(name) and session.excluded(name)
    if options.show_files or options.show_settings or options.show_profiles:
        return _show(session, Targets([] if excluded else [name or "<stdin>"], [], []), options)
    if excluded and not options.fix:
        return report(merged([]), options)
    content = read_stdin()
    if options.fix or options.diff:
        from aipplint.cli.fix import fix_stdin, pass_through

        if excluded:
            return pass_through(content, options)
        return fix_stdin(session, name or "<stdin>", content, options, settle_result)
    name = name or "<stdin>"
    plan = partial(plan_content, session, name, content, alone=True)
    result = settle_result(check(session, name, plan), [name])
    return report(result, options, [name])


def _show(session: Session, targets: Targets, options: argparse.Namespace) -> int:
    from aipplint.cli.show_options import files, profiles, settings

    if options.show_files:
        emit(files(sorted(targets.paths)))
    if options.show_settings:
        emit(settings(session, targets.configs))
    if options.show_profiles:
        emit(profiles(session, targets.configs))
    return 0
