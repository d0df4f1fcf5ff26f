"""Findings in a part of a document, with their locations in the document."""

from __future__ import annotations

from aipplint.findings import Edit, Finding, Fix, Place, Related
from aipplint.readers.excerpt import Excerpt
from aipplint.source import Source


def moved(finding: Finding, source: Source, excerpt: Excerpt) -> Finding:
    """Move a finding about the text of an excerpt (``source``) into the file that the excerpt was taken from."""
    related = tuple(Related(_place(r.place, source, excerpt), r.message) for r in finding.related)
    here = finding.place.source is source
    fix = finding.fix if not here or finding.fix is None else _fix(finding.fix, excerpt)
    return finding._replace(place=_place(finding.place, source, excerpt), related=related, fix=fix)


def _place(place: Place, source: Source, excerpt: Excerpt) -> Place:
    return excerpt.place(*place.span) if place.source is source else place


def _fix(fix: Fix, excerpt: Excerpt) -> Fix | None:
    """Move edits; None if their text is not written literally in the file, or if they add lines."""
    edits: list[Edit] = []
    for start, end, text in fix.edits:
        source, span = excerpt.place(start, end)
        if source.text[span.start : span.end] != excerpt.text[start:end] or "\n" in text:
            return None
        edits.append(Edit(span.start, span.end, text))
    return fix._replace(edits=tuple(edits))
