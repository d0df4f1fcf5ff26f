"""One line with a JSON object for each finding, as in the format json."""

from __future__ import annotations

import json
from collections.abc import Sequence

from aipplint.findings import Finding
from aipplint.report import Context
from aipplint.report.as_json import as_object


def render(findings: Sequence[Finding], _context: Context) -> str:
    """Render the lines."""
    return "".join(f"{json.dumps(as_object(finding))}\n" for finding in findings)
