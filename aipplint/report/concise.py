"""One physical line for each finding, in the form of compilers: what editors and matchers read. Never coloured.

``path:line:column: severity: message [CODE]``
"""

from __future__ import annotations

from collections.abc import Sequence

from aipplint.findings import Finding, clean
from aipplint.report import Context


def render(findings: Sequence[Finding], _context: Context) -> str:
    """The lines."""
    return "".join(map(_line, findings))


def _line(finding: Finding) -> str:
    line, column = finding.place.source.position(finding.span.start)
    message = clean(" ".join(finding.message.splitlines()))
    return f"{clean(finding.path)}:{line}:{column}: {finding.severity}: {message} [{finding.code}]\n"
