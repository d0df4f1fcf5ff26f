"""The code quality report of GitLab: one JSON array.

A finding is known by its fingerprint, which must not change when lines above it come or go, and must be unique: so it
is made of the code, the path and the text of the line, and counts where these are equal.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from hashlib import sha256

from aipplint.findings import Finding, Severity
from aipplint.report import Context
from aipplint.report.paths import as_text
from aipplint.report.texts import with_help

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.INFO: "info"}
_LINE = 500
"""Characters of a line that tell it from others; more would cost time on a very long one."""


def render(findings: Sequence[Finding], context: Context) -> str:
    """Render the array."""
    seen: dict[str, int] = {}
    return json.dumps([_entry(finding, context.root, seen) for finding in findings], indent=2) + "\n"


def _entry(finding: Finding, root: str, seen: dict[str, int]) -> dict[str, object]:
    source = finding.place.source
    line = source.position(finding.span.start).line
    path = as_text(source.path, root)
    return {
        # The code here too: the widget does not show check_name.
        "description": f"{finding.code}: {with_help(finding)}",
        "check_name": finding.code,
        "fingerprint": _fingerprint((finding.code, path, _normalised(source.line(line))), seen),
        "severity": _SEVERITIES[finding.severity],
        "location": {"path": path, "lines": {"begin": line}},
    }


def _fingerprint(parts: tuple[str, ...], seen: dict[str, int]) -> str:
    """Return a fingerprint that is equal for equal parts in every run; duplicates within a run get different ones."""
    made = _hash("\0".join(parts))
    seen[made] = count = seen.get(made, 0) + 1
    return made if count == 1 else _hash(f"{made}\0{count}")


def _hash(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _normalised(line: str) -> str:
    """Return a line without indentation and with single spaces, so that reformatting does not change it."""
    return " ".join(line[:_LINE].split())
