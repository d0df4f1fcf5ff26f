"""Output formats: one module for each, with ``render(findings, context) -> str``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from importlib import import_module

from aipplint.findings import Finding, Severity
from aipplint.records import NamedTuple

FORMATS = {
    "full": "full",
    "concise": "concise",
    "json": "as_json",
    "jsonl": "jsonl",
    "sarif": "sarif",
    "github": "github",
    "gitlab": "gitlab",
    "checkstyle": "checkstyle",
    "junit": "junit",
    "rdjson": "rdjson",
    "rdjsonl": "rdjsonl",
}
"""Module of every format, by the name that users know. The first is the default."""

COLUMN_UNITS = ("characters", "bytes", "utf-16")
"""What a column of the concise format may count, by the name that users know: Emacs counts characters, Vim the bytes of
UTF-8, VS Code and most language servers UTF-16. The first is the default."""


class Described(NamedTuple):
    """The data of a rule for a report: its page and the address of that, and the codes that its errors prevent."""

    severity: Severity
    summary: str
    page: str
    codes: tuple[str, ...] = ()
    address: str = ""
    """Where a browser finds the page; empty where the build did not say where the documentation lives."""


def _unknown(_code: str) -> Described | None:
    return None


class Context(NamedTuple):
    """The data for a report in addition to the findings."""

    files: int = 0
    """Files that were looked at."""
    configs: int = 0
    """Those of them that are configurations."""
    unbuilt: int = 0
    """Configurations of which no build is known."""
    suppressed: int = 0
    """Findings that comments silenced."""
    color: bool = False
    paths: tuple[str, ...] = ()
    """Names of the files, where a format lists also those without findings."""
    root: str = ""
    """Folder to which the paths of formats for servers are relative, resolved; empty leaves them as given."""
    column_unit: str = COLUMN_UNITS[0]
    describe: Callable[[str], Described | None] = _unknown
    """The rule with a code."""


def render(name: str, findings: Sequence[Finding], context: Context) -> str:
    """Render the report in a format. Every line ends with a line feed; the report may be empty."""
    text: str = import_module(f"aipplint.report.{FORMATS[name]}").render(findings, context)
    return text


def counts(findings: Sequence[Finding]) -> tuple[int, int, int]:
    """Count errors, warnings and infos."""
    found = Counter(finding.severity for finding in findings)
    return found[Severity.ERROR], found[Severity.WARNING], found[Severity.INFO]
