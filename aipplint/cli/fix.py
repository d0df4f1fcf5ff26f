"""``aipplint check --fix`` and ``--diff``: apply fixes and report the remaining findings."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from functools import partial

from aipplint.cli import FAILED
from aipplint.cli.diff import unified
from aipplint.cli.output import complain, emit_bytes
from aipplint.cli.reporting import report
from aipplint.findings import Finding, clean
from aipplint.fixes import Fixed, fix_source
from aipplint.project.reading import Content, reason_of
from aipplint.project.writing import write_file
from aipplint.rules.selection import means
from aipplint.run.execute import check, check_all
from aipplint.run.plan import plan_content, plan_text
from aipplint.run.result import Result
from aipplint.run.rule_settings import known_words
from aipplint.run.session import Session
from aipplint.run.targets import Targets
from aipplint.source import Source

Settle = Callable[[Result, Sequence[str]], Result]
"""Takes the findings of the baseline out of the result of some files."""


def fix_files(session: Session, targets: Targets, options: argparse.Namespace, settle_result: Settle) -> int:
    """Fix files in place, or with ``--diff`` only print the changes; return the exit code."""
    known_words("--fix-only", options.fix_only or ())
    known_words("--unfixable", options.unfixable)
    changes: list[str] = []
    count = failures = 0
    # Scripts first: configurations are then checked against what is left in them.
    for paths in (targets.references, targets.configs):
        made = 0
        for path in paths:
            fixed = _fixed(session, path, session.files.read(path), options)
            if fixed is None or not fixed.made:
                continue
            if options.diff:
                changes += unified(path, fixed.before.text, fixed.source.text)
            else:
                try:
                    write_file(path, fixed.source.data, fixed.before.data)
                except OSError as error:
                    complain(f"cannot write {path}: {reason_of(error)}")
                    failures += 1
                    continue
            made += fixed.made
            _list(fixed, options)
        count += made
        if made and not options.diff:
            session.indexes.forget()
    if options.diff:
        return _show_diff(changes, count, options)
    if count and not options.quiet:
        complain(f"{_fixes(count)} made")
    result = settle_result(check_all(session, targets, processes=options.jobs), targets.paths)
    code = report(result, options, targets.paths)
    return FAILED if failures else code


def fix_stdin(session: Session, name: str, content: Content, options: argparse.Namespace, settle_result: Settle) -> int:
    """Print the fixed text (or the difference) to standard output, and remaining findings to standard error."""
    known_words("--fix-only", options.fix_only or ())
    known_words("--unfixable", options.unfixable)
    fixed = _fixed(session, name, content, options)
    if fixed is None:
        result = check(session, name, partial(plan_content, session, name, content))
        return report(result, options, [name], to_stderr=not options.diff)
    _list(fixed, options)
    if options.diff:
        return _show_diff(unified(name, fixed.before.text, fixed.source.text), fixed.made, options)
    _print(fixed.source.text, fixed.source.encoding)
    left = check(session, name, partial(plan_text, session, fixed.source, alone=True))
    left = settle_result(left, [name])
    return report(left, options, [name], to_stderr=True)


def pass_through(content: Content, options: argparse.Namespace) -> int:
    """Print the text of an excluded file unchanged, because an editor replaces its text with the output."""
    if isinstance(content, bytes) and not options.diff:
        emit_bytes(content)
    return report(Result((), 0, 0), options, to_stderr=True)


def _fixed(session: Session, path: str, content: Content, options: argparse.Namespace) -> Fixed | None:
    """Return a file with its fixes; None if it cannot be read."""
    if not isinstance(content, bytes):
        return None
    source = Source.from_bytes(path, content)

    def lint(mended: Source) -> tuple[Finding, ...]:
        findings = check(session, path, partial(plan_text, session, mended, alone=True)).findings
        return tuple(finding if _is_fixable(finding, options) else finding._replace(fix=None) for finding in findings)

    return fix_source(source, lint, unsafe=options.unsafe_fixes)


def _is_fixable(finding: Finding, options: argparse.Namespace) -> bool:
    """Whether ``--fix-only`` and ``--unfixable`` allow the fix of a finding."""
    only: list[str] | None = options.fix_only
    left_out = any(means(word, finding.code, finding.name) for word in options.unfixable)
    return not left_out and (only is None or any(means(word, finding.code, finding.name) for word in only))


def _list(fixed: Fixed, options: argparse.Namespace) -> None:
    """With ``--show-fixes``, list the fixes of a file, each with the location of its finding when it was applied."""
    if not options.show_fixes:
        return
    for finding in fixed.mended:
        assert finding.fix is not None, "it was mended by it"
        place = f"{clean(finding.path)}:{finding.line}:{finding.column}"
        complain(f"{place}: {clean(finding.fix.message)} [{finding.code}]")


def _show_diff(changes: Sequence[str], count: int, options: argparse.Namespace) -> int:
    _print("".join(changes))
    if not options.quiet:
        complain(f"{_fixes(count)} would be made" if count else "nothing to fix")
    return int(bool(changes) and not options.exit_zero)


def _fixes(count: int) -> str:
    return "1 fix" if count == 1 else f"{count} fixes"


def _print(text: str, encoding: str = "utf-8") -> None:
    """Print text as the bytes that it was read from."""
    emit_bytes(text.encode(encoding, "surrogateescape"))
