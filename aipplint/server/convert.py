"""Findings, spans and edits in the types of the protocol."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from lsprotocol import types
from pygls.uris import from_fs_path

from aipplint.findings import Edit, Finding, Place, Severity, clean
from aipplint.rules.documentation import address, rule_page
from aipplint.server.documents import Document
from aipplint.server.positions import Lines
from aipplint.source import Source, Span

NAME = "aipplint"

_SEVERITY = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.INFO: types.DiagnosticSeverity.Information,
}


def range_of(lines: Lines, span: Span) -> types.Range:
    """A span as a range."""
    return types.Range(types.Position(*lines.position(span.start)), types.Position(*lines.position(span.end)))


def span_of(document: Document, asked: types.Range) -> Span:
    """A range as a span."""
    return Span(offset_of(document, asked.start), offset_of(document, asked.end))


def offset_of(document: Document, position: types.Position) -> int:
    """A position as an offset."""
    return document.lines.offset(position.line, position.character)


def text_edits(document: Document, edits: Iterable[Edit]) -> list[types.TextEdit]:
    """Edits of a document's source."""
    return [types.TextEdit(range_of(document.lines, Span(edit.start, edit.end)), edit.text) for edit in edits]


def location_of(document: Document, place: Place) -> types.Location | None:
    """Convert a location in the document or in another file; None if it is not in a file, such as on a command line."""
    if place.source is document.source:
        return types.Location(document.uri, range_of(document.lines, place.span))
    uri = uri_of(place.source)
    return types.Location(uri, range_of(Lines(place.source.text, document.encoding), place.span)) if uri else None


def uri_of(source: Source) -> str | None:
    """Return the URI of a file; None for a source that is not a file, which has a name in angle brackets."""
    if source.path.startswith("<"):
        return None
    uri: str | None = from_fs_path(os.path.abspath(source.path))
    return uri


def diagnostics_of(document: Document, findings: Iterable[Finding]) -> dict[str, list[types.Diagnostic]]:
    """Return the diagnostics by the URI of their file, which is usually the document itself."""
    found: dict[str, list[types.Diagnostic]] = {document.uri: []}
    for finding in findings:
        location = location_of(document, finding.place) or types.Location(document.uri, _start())
        found.setdefault(location.uri, []).append(_diagnostic(document, finding, location.range))
    return found


def settings_diagnostic(message: str) -> types.Diagnostic:
    """Return a diagnostic for invalid settings, so that the user sees that nothing is checked."""
    text = f"{message}\nnothing is checked until the settings are corrected"
    return types.Diagnostic(_start(), text, severity=types.DiagnosticSeverity.Error, source=NAME, code="settings")


def identity(finding: Finding) -> str:
    """Return the key of a finding with a fix within a version of a document."""
    return f"{finding.code}:{finding.span.start}:{finding.span.end}"


def _start() -> types.Range:
    return types.Range(types.Position(0, 0), types.Position(0, 0))


def _diagnostic(document: Document, finding: Finding, where: types.Range) -> types.Diagnostic:
    related = [
        types.DiagnosticRelatedInformation(location, clean(one.message))
        for one in finding.related
        if (location := location_of(document, one.place))
    ]
    page = address(rule_page(finding.code))
    return types.Diagnostic(
        where,
        "\n".join(_message(finding)),
        severity=_SEVERITY[finding.severity],
        code=finding.code,
        code_description=types.CodeDescription(page) if page else None,
        source=NAME,
        related_information=related or None,
        data=identity(finding) if finding.fix else None,
    )


def _message(finding: Finding) -> Iterator[str]:
    yield clean(" ".join(finding.message.splitlines()))
    if finding.help:
        yield clean(finding.help)
    kind = "ATC" if finding.atc_code.startswith("E") else "at run time"
    yield f"{finding.name}{f', {kind}: {finding.atc_code}' if finding.atc_code else ''}"
