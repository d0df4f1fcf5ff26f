"""A finding as the stored expectations of cases show it, with everything that a user or an editor gets."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from aipplint.findings import Finding, Place


def shown(findings: Sequence[Finding], path: str) -> list[str]:
    """The lines of findings; ``path`` is the file of the case, which locations do not repeat."""
    return [line for finding in findings for line in _lines(finding, path)]


def _lines(finding: Finding, path: str) -> Iterator[str]:
    code = f" ({finding.atc_code})" if finding.atc_code else ""
    yield f"{_where(finding.place, path)}: {finding.severity}: {finding.message} [{finding.code}]{code}"
    for related in finding.related:
        yield f"  see {_where(related.place, path)}: {related.message}"
    if finding.help:
        yield f"  help: {finding.help}"
    if finding.fix is not None:
        yield f"  {'fix' if finding.fix.safe else 'unsafe fix'}: {finding.fix.message}"
        for edit in finding.fix.edits:
            place = finding.place._replace(span=finding.span._replace(start=edit.start, end=edit.end))
            yield f"    {_where(place, path)}: {json.dumps(edit.text, ensure_ascii=False)}"


def _where(place: Place, path: str) -> str:
    """``[file:]line:column-column``, with the line of the end if it is another one."""
    start, end = (place.source.position(offset) for offset in place.span)
    file = "" if place.source.path == path else f"{place.source.path}:"
    line = "" if end.line == start.line else f"{end.line}:"
    return f"{file}{start.line}:{start.column}-{line}{end.column}"


def write_lines(path: Path, lines: Sequence[str]) -> None:
    """Store what a case reports (``pytest --update-cases``). A character that is no text becomes an escape."""
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", errors="backslashreplace")


def read_lines(path: Path) -> list[str]:
    """What a case reported when it was stored."""
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []
