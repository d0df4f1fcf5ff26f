"""Comments that suppress the findings of a configuration, each with a reason to fill in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from aipplint.findings import Edit, Finding, Fix
from aipplint.fixes import apply
from aipplint.records import NamedTuple
from aipplint.rules.housekeeping import ALWAYS
from aipplint.source import Source
from aipplint.syntax.parser import parse
from aipplint.syntax.tree import Field, Tree

REASON = "TODO: give the reason"
_MAX_TRIED = 100
"""Comments of one file that are tried one by one, where they do not work together."""

Lint = Callable[[Source], tuple[Finding, ...]]


class Spot(NamedTuple):
    """Where a comment is inserted, and the text around its words."""

    at: int
    before: str
    after: str
    verb: str = "ignore"


class Ignored(NamedTuple):
    """A file with its new comments, and their number."""

    source: Source
    comments: int


def ignore(source: Source, findings: Iterable[Finding], lint: Lint) -> Ignored:
    """Add comments for findings of a configuration; only those that suppress something, and add no finding."""
    tree = parse(source)
    spots: dict[Spot, list[str]] = {}
    for finding in findings:
        if finding.code not in ALWAYS and finding.path == source.path:
            codes = spots.setdefault(spot_of(source, tree, finding), [])
            codes += [finding.code] if finding.code not in codes else []
    edits = [
        Edit(s.at, s.at, f"{s.before}# aipplint: {s.verb}[{', '.join(c)}] {REASON}{s.after}") for s, c in spots.items()
    ]
    before = lint(source)
    if edits and _helps(source, edits, before, lint):
        return Ignored(_edited(source, edits), len(edits))
    kept: list[Edit] = []
    for edit in edits[:_MAX_TRIED]:
        if _helps(source, [*kept, edit], lint(_edited(source, kept)), lint):
            kept.append(edit)
    return Ignored(_edited(source, kept), len(kept))


def spot_of(source: Source, tree: Tree, finding: Finding) -> Spot:
    """Return the place of a comment: above the field if that begins its line, else at the end of the line.

    A finding at the head of a block is suppressed there, not in the whole block; one about the file, in the file.
    """
    text, at = source.text, finding.span.start
    line_end = "\r\n" if "\r\n" in text else "\n"
    field = _innermost(tree.fields, at)
    if field is None and finding.span.end == 0:
        start = 1 if text.startswith("\ufeff") else 0
        return Spot(start, "", line_end, "ignore-file")
    if field is not None and not field.blocks:
        start = text.rfind("\n", 0, field.name.start) + 1
        indentation = text[start : field.name.start]
        if not indentation.strip():
            return Spot(start, indentation, line_end)
    end = text.find("\n", at)
    end = len(text) if end < 0 else end
    return Spot(end - text[at:end].endswith("\r"), "  ", "")


def _innermost(fields: Sequence[Field], offset: int) -> Field | None:
    """Return the innermost field around an offset."""
    found = None
    while inner := next((field for field in fields if field.name.start <= offset < field.end), None):
        found, fields = inner, [one for block in inner.blocks for one in block.fields]
    return found


def _edited(source: Source, edits: Sequence[Edit]) -> Source:
    return Source(source.path, apply(source.text, [Fix("", tuple(edits), True)]), source.encoding)


def _helps(source: Source, edits: Sequence[Edit], before: Sequence[Finding], lint: Lint) -> bool:
    """Whether a text with more comments has fewer findings, and none that is new."""
    after = lint(_edited(source, edits))
    codes = (Counter(finding.code for finding in found) for found in (after, before))
    return len(after) < len(before) and next(codes) <= next(codes)
