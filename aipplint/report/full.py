"""Text for people: each finding with its source lines, related locations and help."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from aipplint.findings import Finding, Place, Severity, clean
from aipplint.report import Context
from aipplint.report.excerpt import rows
from aipplint.report.texts import notes

Paint = Callable[[str, str], str]
"""Gives a text a colour, named by its ANSI code; or does not."""

_SEVERITY = {Severity.ERROR: "1;31", Severity.WARNING: "1;33", Severity.INFO: "1;36"}
_FRAME = "1;34"
_STRONG = "1"


def render(findings: Sequence[Finding], context: Context) -> str:
    """Render the findings, separated by empty lines."""
    paint = _painted if context.color else _plain
    return "\n".join("".join(f"{line}\n" for line in _lines(finding, paint)) for finding in findings)


def _painted(text: str, color: str) -> str:
    return f"\x1b[{color}m{text}\x1b[0m" if text else text


def _plain(text: str, _color: str) -> str:
    return text


def _lines(finding: Finding, paint: Paint) -> Iterator[str]:
    color = _SEVERITY[finding.severity]
    places = [finding.place, *(related.place for related in finding.related)]
    gutter = max(len(str(source.position(span.end).line)) for source, span in places)
    head = paint(f"{finding.severity}[{finding.code}]", color)
    message = clean(" ".join(finding.message.splitlines()))
    yield f"{head} {finding.name}: {paint(message, _STRONG)}"
    yield from _excerpt(finding.place, "-->", "^", color, "", gutter, paint)
    for related in finding.related:
        yield from _excerpt(related.place, ":::", "-", _FRAME, clean(related.message), gutter, paint)
    for word, text in notes(finding):
        yield f"{' ' * gutter} {paint('=', _FRAME)} {paint(word, _STRONG)}: {text}"


def _excerpt(place: Place, arrow: str, sign: str, color: str, note: str, gutter: int, paint: Paint) -> Iterator[str]:
    """Render a location and its source lines with a note below them."""
    source, span = place
    line, column = source.position(span.start)
    yield f"{' ' * gutter}{paint(arrow, _FRAME)} {clean(source.path)}:{line}:{column}"
    bar = paint("|", _FRAME)
    if not source.text:
        if note:
            yield f"{' ' * gutter} {bar} {note}"
        return
    yield f"{' ' * gutter} {bar}"
    drawn = list(rows(source, span, sign))
    for row in drawn:
        number = paint(str(row.number or "").rjust(gutter), _FRAME)
        ending = f" {note}" if note and row is drawn[-1] else ""
        yield f"{number} {bar} {row.text}{paint(row.mark + ending, color)}".rstrip()
