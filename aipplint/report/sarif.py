"""SARIF 2.1.0, for code scanning and editors, with the properties that GitHub requires.

Lists the rules that fired, in order of code; the help of a rule is its page. Lines and columns count from 1, in code
points; an end is exclusive.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from aipplint import __version__
from aipplint.findings import Edit, Finding, Fix, Place, Severity, clean
from aipplint.report import Context, Described
from aipplint.report.paths import as_uri, is_file
from aipplint.report.positions import code_points
from aipplint.report.texts import is_unicode, one_line
from aipplint.source import Source

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_PROBLEMS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "recommendation"}
_MAX_DESCRIPTION = 1024
"""Characters of a description that GitHub takes."""
_TAGS = 10
"""Tags of a rule that GitHub keeps."""


def render(findings: Sequence[Finding], context: Context) -> str:
    """Render the document."""
    first = {finding.code: finding for finding in reversed(findings)}
    codes = sorted(first)
    driver = {
        "name": "aipplint",
        "semanticVersion": __version__,
        "rules": [_rule(first[code], context.describe(code)) for code in codes],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": True}],
        "results": [_result(finding, codes.index(finding.code), context.root) for finding in findings],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule(finding: Finding, described: Described | None) -> dict[str, Any]:
    """Describe a rule by its page, or by its first finding if it has no page."""
    if described is None:
        described = Described(finding.severity, one_line(finding.message), one_line(finding.message))
    page = "\n".join(map(clean, described.page.splitlines()))
    return {
        "id": finding.code,
        "name": finding.name,
        "shortDescription": {"text": _cut(described.summary)},
        "fullDescription": {"text": _cut(" ".join(page.split("\n## ", 1)[0].split()))},
        **({"helpUri": described.address} if described.address else {}),
        "help": {"text": page, "markdown": f"# {finding.code} {finding.name}\n\n{page}"},
        "defaultConfiguration": {"level": _LEVELS[described.severity]},
        "properties": {
            "tags": ["aipp", *described.codes][:_TAGS],
            # An error is what the toolchain rejects: a fact. The others say what is very probably not meant.
            "precision": "very-high" if described.severity is Severity.ERROR else "high",
            "problem.severity": _PROBLEMS[described.severity],
        },
    }


def _cut(text: str) -> str:
    return text if len(text) <= _MAX_DESCRIPTION else text[: _MAX_DESCRIPTION - 3].rsplit(" ", 1)[0] + "..."


def _result(finding: Finding, index: int, root: str) -> dict[str, Any]:
    made: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": index,
        "level": _LEVELS[finding.severity],
        "message": {"text": _message(finding)},
        "locations": [{"physicalLocation": _location(finding.place, root)}],
    }
    if finding.related:
        made["relatedLocations"] = [
            {"id": number, "physicalLocation": _location(one.place, root), "message": {"text": one_line(one.message)}}
            for number, one in enumerate(finding.related, 1)
        ]
    if finding.fix is not None and is_file(finding.path):
        fix = _fix(finding.fix, finding.place.source, root)
        made |= {"fixes": [fix]} if fix else {}
    return made


def _message(finding: Finding) -> str:
    """Return the message, the help and links to the related locations: GitHub shows only linked ones."""
    parts = [_unlinked(one_line(finding.message))]
    if finding.help:
        parts.append(_unlinked(clean(finding.help)))
    parts += [f"[{_link(related.message)}]({number})" for number, related in enumerate(finding.related, 1)]
    return "; ".join(parts)


def _unlinked(text: str) -> str:
    """Escape a text so that nothing in it is a link: names in a file are not trusted."""
    return text.replace("[", "\\[").replace("]", "\\]") if "](" in text else text


def _link(text: str) -> str:
    return one_line(text).replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")


def _location(place: Place, root: str) -> dict[str, Any]:
    source, (start, end) = place
    region = _region(source, start, end)
    if (region["startLine"], region["startColumn"]) == (region["endLine"], region["endColumn"]):
        # Readers take an empty region for the whole line, or for one that ends before it begins.
        region["endColumn"] += 1
    if not is_file(source.path):
        # Nobody can open it, so it is here: the line of a command.
        region["snippet"] = {"text": clean(source.line(region["startLine"]))}
    return {"artifactLocation": {"uri": as_uri(source.path, root)}, "region": region}


def _region(source: Source, start: int, end: int) -> dict[str, Any]:
    first, last = code_points(source, start), code_points(source, max(start, end))
    return {"startLine": first.line, "startColumn": first.column, "endLine": last.line, "endColumn": last.column}


def _fix(fix: Fix, source: Source, root: str) -> dict[str, Any] | None:
    """Convert a fix; None if it cannot be written as Unicode."""
    if not fix.edits or not all(is_unicode(edit.text) for edit in fix.edits):
        return None
    change = {
        "artifactLocation": {"uri": as_uri(source.path, root)},
        "replacements": [dict(_replacement(edit, source)) for edit in fix.edits],
    }
    note = "" if fix.safe else " (unsafe: the meaning may change)"
    return {"description": {"text": one_line(fix.message) + note}, "artifactChanges": [change]}


def _replacement(edit: Edit, source: Source) -> Iterator[tuple[str, Any]]:
    yield "deletedRegion", _region(source, edit.start, edit.end)
    if edit.text:
        yield "insertedContent", {"text": edit.text}
