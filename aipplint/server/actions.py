"""Code actions: the fix of a finding, all safe fixes at once, a comment that suppresses a rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from aipplint.findings import Edit, Finding, Fix
from aipplint.fixes import apply, fix_source
from aipplint.formatting import Unformattable, format_source
from aipplint.records import NamedTuple
from aipplint.rules.housekeeping import ALWAYS
from aipplint.server.documents import Document
from aipplint.source import Source, Span

Lint = Callable[[Source], tuple[Finding, ...]]


class Action(NamedTuple):
    """Edits of a document with a title, for a ``finding``; ``preferred`` means that they are safe."""

    title: str
    edits: tuple[Edit, ...]
    finding: Finding
    preferred: bool = False


def quick_fixes(document: Document, asked: Span) -> Iterator[Action]:
    """The fixes of the findings that a span touches."""
    for finding in findings_at(document, asked):
        if finding.fix is not None and finding.fix.edits:
            what = finding.fix.message[:1].upper() + finding.fix.message[1:]
            title = what if finding.fix.safe else f"{what} (look at the result)"
            yield Action(title, finding.fix.edits, finding, finding.fix.safe)


def silencers(document: Document, asked: Span, lint: Lint) -> Iterator[Action]:
    """Return comments that suppress the rules of the findings that a span touches, if a comment can."""
    done: set[str] = set()
    for finding in findings_at(document, asked):
        if finding.code in done or finding.code in ALWAYS:
            continue
        done.add(finding.code)
        edit = _comment(document.source.text, finding)
        after = lint(Source(document.path, apply(document.source.text, [Fix("", (edit,), True)])))
        if len(after) < len(document.findings):
            yield Action(f"Ignore {finding.code} ({finding.name}) here", (edit,), finding)


def fix_all(document: Document, lint: Lint) -> tuple[Edit, ...]:
    """All safe fixes as one edit, of as little text as possible."""
    return _difference(document.source.text, fix_source(document.source, lint).source.text)


def formatting(document: Document) -> tuple[Edit, ...]:
    """Return the canonical form as one edit; nothing for a text that cannot be formatted."""
    made = format_source(document.source)
    return () if isinstance(made, Unformattable) else _difference(document.source.text, made)


def _difference(text: str, after: str) -> tuple[Edit, ...]:
    """Return the edit between two texts; none if they are the same."""
    if after == text:
        return ()
    start = _common(text, after)
    same = _common(text[start:][::-1], after[start:][::-1])
    return (Edit(start, len(text) - same, after[start : len(after) - same]),)


def findings_at(document: Document, asked: Span) -> Iterator[Finding]:
    """The findings in the document that a span touches."""
    for finding in document.findings:
        span = finding.span
        if finding.place.source is document.source and span.start <= asked.end and asked.start <= span.end:
            yield finding


def _comment(text: str, finding: Finding) -> Edit:
    """Return a comment above the line if the finding begins the line, otherwise at the end of the line."""
    at = finding.span.start
    start = text.rfind("\n", 0, at) + 1
    indentation = text[start:at]
    words = f"# aipplint: ignore[{finding.code}]"
    if not indentation.strip():
        return Edit(start, start, f"{indentation}{words}\n")
    end = text.find("\n", at)
    end = len(text) if end < 0 else end
    end -= text[at:end].endswith("\r")
    return Edit(end, end, f"  {words}")


def _common(one: str, other: str) -> int:
    """How many characters two texts have in common at their beginning."""
    for index, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return index
    return min(len(one), len(other))
