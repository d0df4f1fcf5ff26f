"""The report as one JSON document (schemas/report.schema.json), in ASCII, so that no terminal can misread it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from aipplint import __version__
from aipplint.findings import Edit, Finding, Fix, Place, Related
from aipplint.report import Context, counts
from aipplint.report.texts import unicode
from aipplint.source import Source

VERSION = 1


def render(findings: Sequence[Finding], context: Context) -> str:
    """Render the document."""
    errors, warnings, infos = counts(findings)
    document = {
        "version": VERSION,
        "tool": {"name": "aipplint", "version": __version__},
        "findings": [as_object(finding) for finding in findings],
        "summary": {
            "files": context.files,
            "configurations": context.configs,
            "without_build": context.unbuilt,
            "errors": errors,
            "warnings": warnings,
            "infos": infos,
            "suppressed": context.suppressed,
        },
    }
    return json.dumps(document, indent=2) + "\n"


def as_object(finding: Finding) -> dict[str, Any]:
    """One finding."""
    return {
        "code": finding.code,
        "name": finding.name,
        "severity": str(finding.severity),
        "message": unicode(finding.message),
        **_place(finding.place),
        "atc_code": finding.atc_code,
        "help": unicode(finding.help),
        "related": [_related(related) for related in finding.related],
        "fix": None if finding.fix is None else _fix(finding.fix, finding.place.source),
    }


def _place(place: Place) -> dict[str, Any]:
    source, span = place
    return {
        "path": unicode(source.path),
        "start": _position(source, span.start),
        "end": _position(source, span.end),
    }


def _position(source: Source, offset: int) -> dict[str, int]:
    line, column = source.position(offset)
    return {"line": line, "column": column, "offset": offset}


def _related(related: Related) -> dict[str, Any]:
    return {**_place(related.place), "message": unicode(related.message)}


def _fix(fix: Fix, source: Source) -> dict[str, Any]:
    return {"message": unicode(fix.message), "safe": fix.safe, "edits": [_edit(edit, source) for edit in fix.edits]}


def _edit(edit: Edit, source: Source) -> dict[str, Any]:
    start, end, text = edit
    return {"start": _position(source, start), "end": _position(source, end), "text": unicode(text)}
