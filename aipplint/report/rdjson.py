"""Diagnostics for reviewdog as one document, with fixes as suggestions. Columns are bytes of UTF-8."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from aipplint.findings import Finding, Fix, Place
from aipplint.fixes import apply
from aipplint.report import Context
from aipplint.report.paths import as_text, is_file
from aipplint.report.positions import utf8_bytes
from aipplint.report.texts import full_message, is_unicode, one_line
from aipplint.source import Source, Span

SOURCE = {"name": "aipplint"}


def render(findings: Sequence[Finding], context: Context) -> str:
    """Render the document."""
    document: dict[str, Any] = {"source": SOURCE}
    if findings:
        document["severity"] = str(max(finding.severity for finding in findings)).upper()
    document["diagnostics"] = [diagnostic(finding, context.root) for finding in findings]
    return json.dumps(document, indent=2) + "\n"


def diagnostic(finding: Finding, root: str) -> dict[str, Any]:
    """One finding."""
    made: dict[str, Any] = {
        "message": full_message(finding, related=False),
        "location": _location(finding.place, root),
        "severity": str(finding.severity).upper(),
        "code": {"value": finding.code},
    }
    suggestion = None if finding.fix is None else _suggestion(finding.fix, finding.place.source)
    if suggestion is not None:
        made["suggestions"] = [suggestion]
    if finding.related:
        made["related_locations"] = [
            {"message": one_line(related.message), "location": _location(related.place, root)}
            for related in finding.related
        ]
    return made


def _location(place: Place, root: str) -> dict[str, Any]:
    source, span = place
    return {"path": as_text(source.path, root), "range": _range(source, span)}


def _range(source: Source, span: Span) -> dict[str, Any]:
    start, end = (utf8_bytes(source, offset)._asdict() for offset in span)
    return {"start": start, "end": end}


def _suggestion(fix: Fix, source: Source) -> dict[str, Any] | None:
    """Return a fix as one replacement, because reviewdog offers several separately; None if it cannot be encoded."""
    if not fix.edits or not is_file(source.path):
        return None
    start = min(edit.start for edit in fix.edits)
    end = max(edit.end for edit in fix.edits)
    moved = fix._replace(
        edits=tuple(edit._replace(start=edit.start - start, end=edit.end - start) for edit in fix.edits)
    )
    text = apply(source.text[start:end], [moved])
    return {"range": _range(source, Span(start, end)), "text": text} if is_unicode(text) else None
