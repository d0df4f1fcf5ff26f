"""One line for each finding, in the format of compilers, for editors and problem matchers; never coloured.

``path:line:column: severity: message [CODE]``, where ``--column-unit`` says what a column counts.
"""

from __future__ import annotations

from collections.abc import Sequence

from aipplint.findings import Finding, clean
from aipplint.report import Context
from aipplint.report.positions import in_editor


def render(findings: Sequence[Finding], context: Context) -> str:
    """Render the lines."""
    return "".join(_line(finding, context.column_unit) for finding in findings)


def _line(finding: Finding, unit: str) -> str:
    line, column = in_editor(finding.place.source, finding.span.start, unit)
    message = clean(" ".join(finding.message.splitlines()))
    return f"{clean(finding.path)}:{line}:{column}: {finding.severity}: {message} [{finding.code}]\n"
