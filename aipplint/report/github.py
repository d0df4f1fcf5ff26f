"""Workflow commands of GitHub Actions, which become annotations: errors first, because a step shows ten of a kind.

User text reaches a stream in which a line may be a command, so the escaping is also what keeps it harmless.
"""

from __future__ import annotations

from collections.abc import Sequence

from aipplint.findings import Finding, Severity, clean
from aipplint.report import Context
from aipplint.report.paths import in_repository, is_file
from aipplint.report.texts import full_message

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def render(findings: Sequence[Finding], context: Context) -> str:
    """Render the commands, one on each line."""
    ordered = sorted(findings, key=lambda finding: -finding.severity)
    return "".join(_command(finding, context.root) for finding in ordered)


def _command(finding: Finding, root: str) -> str:
    source, span = finding.place
    start, end = source.position(span.start), source.position(max(span.start, span.end))
    path = clean(in_repository(source.path, root))
    properties: dict[str, object] = {}
    if is_file(source.path):
        # A command line is no file: an annotation without a place is shown with the run.
        properties = {"file": path, "line": start.line, "endLine": end.line}
        if start.line == end.line:
            # Columns of several lines are refused.
            properties |= {"col": start.column, "endColumn": end.column}
    properties["title"] = f"{finding.code} {finding.name}"
    shown = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    # The log shows only the message, so the place stands there too.
    message = _data(f"{path}:{start.line}:{start.column}: {full_message(finding)}")
    return f"::{_COMMANDS[finding.severity]} {shown}::{message}\n"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
