"""``aipplint init``: settings, a hook and a CI job for a repository."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from aipplint.cli import FAILED
from aipplint.cli.arguments import Parser
from aipplint.cli.diff import unified
from aipplint.cli.output import complain, emit_bytes, plural
from aipplint.errors import UsageError
from aipplint.findings import Severity, clean
from aipplint.new.repository import Change, setup_of
from aipplint.project.reading import reason_of
from aipplint.project.writing import write_file
from aipplint.run.execute import check_all
from aipplint.run.session import Request, Session
from aipplint.run.targets import find_targets

_EPILOG = """\
Writes aipplint.toml if there are no settings; an entry in .pre-commit-config.yaml if the repository has that file; a
workflow if it has .github; a job if it has .gitlab-ci.yml. What exists is extended at its end, never replaced. The
changes are shown first, and written with --yes or after a question on the terminal.

If there are findings, the settings name a baseline, which 'aipplint check --write-baseline' then writes.

Exit code: 0 written, or nothing to do; 1 shown but not written; 2 a mistake in the command, or a file that cannot be
written.

Examples:
  aipplint init
  aipplint init --yes
  aipplint init --repository https://git.example.com/tools/aipplint
"""


def arguments() -> Parser:
    """Return the parser of this command's options."""
    parser = Parser(
        "aipplint init",
        "aipplint init [OPTIONS] [FOLDER]",
        "Set up aipplint in a repository: settings, a hook, a CI job.",
        _EPILOG,
    )
    parser.add_argument(
        "--repository",
        metavar="URL",
        default="",
        help="git repository that has aipplint (default: the package index, and for the hook what is installed)",
    )
    parser.add_argument("--yes", action="store_true", help="write without a question")
    parser.add_argument("-q", "--quiet", action="store_true", help="do not print notes")
    parser.add_argument("-h", "--help", action="store_true", help="show this help")
    return parser


def run(words: list[str]) -> int:
    """Run the command and return the exit code."""
    parser = arguments()
    options, paths = parser.read(words)
    if options.help:
        emit_bytes(parser.format_help().encode())
        return 0
    folder = paths[0] if paths else "."
    if len(paths) > 1 or not os.path.isdir(folder):
        raise UsageError("init takes one folder: aipplint init [OPTIONS] [FOLDER]")
    if options.repository and (not options.repository.isprintable() or set(options.repository) & set(" '\"#{}")):
        raise UsageError(f"--repository: '{clean(options.repository)}' is not an address")
    findings = _has_findings(folder)
    setup = setup_of(folder, repository=options.repository.rstrip("/"), baseline=findings)
    changes = [change._replace(path=os.path.normpath(change.path)) for change in setup.changes]
    for change in changes:
        before = (change.before or b"").decode("utf-8", "surrogateescape")
        lines = "".join(unified(change.path, before, change.after.decode("utf-8", "surrogateescape")))
        emit_bytes(lines.encode("utf-8", "surrogateescape"))
    notes = [*setup.notes]
    if not changes:
        notes.append("nothing to write")
    elif not (options.yes or _agreed(len(changes))):
        complain("nothing written; --yes writes it")
        return 1
    failed = _write(changes)
    if changes and findings and not failed:
        notes.append("next: 'aipplint check --write-baseline' accepts the findings of today")
    for note in () if options.quiet else notes:
        complain(note)
    return FAILED if failed else 0


def _has_findings(folder: str) -> bool:
    """Whether a check would fail."""
    session = Session(Request())
    found = check_all(session, find_targets(session, [folder])).findings
    return any(finding.severity >= Severity.WARNING for finding in found)


def _agreed(count: int) -> bool:
    """Ask on a terminal; elsewhere nobody agrees."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    sys.stderr.write(f"Write {plural(count, 'file')}? [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _write(changes: Sequence[Change]) -> bool:
    """Write the files; return whether one failed."""
    failed = False
    for path, before, after in changes:
        try:
            os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
            write_file(path, after, before)
        except OSError as error:
            complain(f"cannot write {clean(path)}: {reason_of(error)}")
            failed = True
    return failed
