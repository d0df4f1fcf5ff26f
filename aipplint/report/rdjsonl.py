"""Diagnostics for reviewdog, one JSON object on each line."""

from __future__ import annotations

import json
from collections.abc import Sequence

from aipplint.findings import Finding
from aipplint.report import Context
from aipplint.report.rdjson import SOURCE, diagnostic


def render(findings: Sequence[Finding], context: Context) -> str:
    """Render the lines."""
    return "".join(f"{json.dumps(diagnostic(finding, context.root) | {'source': SOURCE})}\n" for finding in findings)
