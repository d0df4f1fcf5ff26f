"""Configurations, and settings of the benchmark tool, that are written out in a file of another kind.

They are checked by themselves; what is found is said where they stand.
"""

from __future__ import annotations

from collections.abc import Sequence

from aipplint.checker import Checker, Result
from aipplint.findings import Edit, Finding, Fix, Place, Related
from aipplint.pipeline import Use
from aipplint.readers.excerpt import Excerpt
from aipplint.source import Source


def lint_embedded(checker: Checker, excerpt: Excerpt, path: str, uses: Sequence[Use]) -> Result:
    """Check a configuration in the file of a path; the findings are about that file."""
    source = Source(path, excerpt.text)
    result = checker.lint(source, path, uses)
    return Result(tuple(_moved(finding, source, excerpt) for finding in result.findings), 0, result.suppressed)


def lint_embedded_tool(checker: Checker, excerpt: Excerpt, path: str) -> Result:
    """The same for settings of the benchmark tool."""
    from aipplint.readers.benchmark_ini import tool_settings
    from aipplint.readers.ini import read_ini

    source = Source(path, excerpt.text)
    result = checker.lint(None, path, (), tool_settings(read_ini(source)))
    return Result(tuple(_moved(finding, source, excerpt) for finding in result.findings), 0, result.suppressed)


def _moved(finding: Finding, source: Source, excerpt: Excerpt) -> Finding:
    """A finding about the excerpt as one about the file that it stands in."""
    related = tuple(Related(_place(r.place, source, excerpt), r.message) for r in finding.related)
    here = finding.place.source is source
    fix = finding.fix if not here or finding.fix is None else _fix(finding.fix, excerpt)
    return finding._replace(place=_place(finding.place, source, excerpt), related=related, fix=fix)


def _place(place: Place, source: Source, excerpt: Excerpt) -> Place:
    return excerpt.place(*place.span) if place.source is source else place


def _fix(fix: Fix, excerpt: Excerpt) -> Fix | None:
    """The same edits in the file; None where they would touch what is not written letter by letter, or add lines."""
    edits: list[Edit] = []
    for start, end, text in fix.edits:
        source, span = excerpt.place(start, end)
        if source.text[span.start : span.end] != excerpt.text[start:end] or "\n" in text:
            return None
        edits.append(Edit(span.start, span.end, text))
    return fix._replace(edits=tuple(edits))
