"""The end of every check: the report, the summary, the exit code."""

from __future__ import annotations

import argparse
import sys

from aipplint.check import Result
from aipplint.cli.output import complain, emit, plural, wants_color
from aipplint.findings import Severity
from aipplint.pipeline import INTERNAL_ERROR
from aipplint.report import Context, counts, render


def report(result: Result, options: argparse.Namespace, *, to_stderr: bool = False) -> int:
    """Print what was found (to standard error where the output is a mended file); the exit code."""
    context = Context(result.files, result.suppressed, wants_color(options.color))
    text = render(options.output_format, result.findings, context)
    if to_stderr:
        sys.stderr.write(text)
    else:
        emit(text)
    if not options.quiet:
        complain(_summary(result))
    if any(finding.code == INTERNAL_ERROR for finding in result.findings):
        return 2
    level = Severity[options.fail_level.upper()]
    return int(any(finding.severity >= level for finding in result.findings))


def _summary(result: Result) -> str:
    words = ("error", "warning", "info")
    found = [plural(count, word) for count, word in zip(counts(result.findings), words, strict=True) if count]
    checked = plural(result.files, "file")
    text = f"{', '.join(found)} ({checked} checked)" if found else f"nothing found ({checked} checked)"
    return text + (f", {result.suppressed} silenced by comments" if result.suppressed else "")
