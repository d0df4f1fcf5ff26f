"""``aipplint check --add-ignores``: comments that suppress the findings of configurations."""

from __future__ import annotations

import argparse
from functools import partial

from aipplint.cli import FAILED
from aipplint.cli.diff import unified
from aipplint.cli.fix import Settle
from aipplint.cli.output import complain, emit_bytes, plural
from aipplint.cli.reporting import report
from aipplint.findings import Finding, clean
from aipplint.project.reading import reason_of
from aipplint.project.writing import write_file
from aipplint.run.execute import check, check_all
from aipplint.run.ignores import Ignored, ignore
from aipplint.run.plan import plan_text
from aipplint.run.session import Session
from aipplint.run.targets import Targets
from aipplint.source import Source


def add_ignores(session: Session, targets: Targets, options: argparse.Namespace, settle_result: Settle) -> int:
    """Add the comments, or with ``--diff`` only show them; report what remains, and return the exit code."""
    found = settle_result(check_all(session, targets, processes=options.jobs), targets.paths)
    by_path: dict[str, list[Finding]] = {}
    for finding in found.findings:
        by_path.setdefault(finding.path, []).append(finding)
    comments = failures = 0
    for path in targets.configs:
        made = _ignored(session, path, by_path.get(path, []))
        if made is None or not made[1].comments:
            continue
        source, ignored = made
        if options.diff:
            emit_bytes(
                "".join(unified(path, source.text, ignored.source.text)).encode(source.encoding, "surrogateescape")
            )
        elif not _save(path, source, ignored.source):
            failures += 1
            continue
        comments += ignored.comments
    if not options.quiet:
        complain(f"{plural(comments, 'comment')} {'would be added' if options.diff else 'added; fill in the reasons'}")
    if options.diff:
        return int(bool(comments) and not options.exit_zero)
    session.indexes.forget()
    left = settle_result(check_all(session, targets, processes=options.jobs), targets.paths)
    code = report(left, options, targets.paths)
    return FAILED if failures else code


def _ignored(session: Session, path: str, findings: list[Finding]) -> tuple[Source, Ignored] | None:
    content = session.files.read(path) if findings else None
    if not isinstance(content, bytes):
        return None
    source = Source.from_bytes(path, content)

    def lint(text: Source) -> tuple[Finding, ...]:
        return check(session, path, partial(plan_text, session, text, alone=True)).findings

    return source, ignore(source, findings, lint)


def _save(path: str, before: Source, after: Source) -> bool:
    try:
        write_file(path, after.data, before.data)
    except OSError as error:
        complain(f"cannot write {clean(path)}: {reason_of(error)}")
        return False
    return True
