"""Findings to edits: applies the fixes of a file, round by round, until none is left.

Pure text work; project/writing.py writes files.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Sequence
from itertools import takewhile

from aipplint.findings import Edit, Finding, Fix, Severity
from aipplint.records import NamedTuple
from aipplint.source import Source

_ROUNDS = 10
"""A fix may reveal another: maximum number of rounds for a source of any size."""
_MOST_ROUNDS = 1000
_LOOKED_AT = 2_000_000
"""Maximum number of characters that are checked again for revealed fixes: a small source gets more rounds."""
_MOST_TRIED = 20
_MOST_TRIED_TEXT = 20_000
"""Fixes, and characters of their source, up to which each is tried alone."""

Lint = Callable[[Source], tuple[Finding, ...]]
"""The findings of a source: the pipeline with all arguments except for the source."""


class Fixed(NamedTuple):
    """A source before and after its fixes, the fixed findings in order, and the remaining ones."""

    before: Source
    source: Source
    mended: tuple[Finding, ...]
    findings: tuple[Finding, ...]

    @property
    def made(self) -> int:
        """The number of fixes; one may resolve several findings."""
        return len(self.mended)


def fix_source(source: Source, lint: Lint, *, unsafe: bool = False) -> Fixed:
    """Apply the fixes of a source until there are none; a second call changes nothing.

    Only safe fixes, unless ``unsafe``. A set of fixes that would leave the file with more errors than it had is
    applied in parts, and those that make it worse are left out.
    """
    before, findings = source, lint(source)
    mended: tuple[Finding, ...] = ()
    seen = {source.text}
    for _ in range(max(_ROUNDS, min(_MOST_ROUNDS, _LOOKED_AT // (len(source.text) + 1)))):
        step = _step(source, findings, lint, unsafe)
        # A text that was there before comes of fixes that undo each other.
        if step is None or step.source.text in seen:
            break
        seen.add(step.source.text)
        source, mended, findings = step.source, mended + step.mended, step.findings
    return Fixed(before, source, mended, findings)


def _step(source: Source, findings: tuple[Finding, ...], lint: Lint, unsafe: bool) -> Fixed | None:
    """One round of fixes; None where it would change nothing.

    A set of fixes that makes the file worse is halved until those are found that do, because each try is a lint.
    """
    step: Fixed | None = None
    kept: list[Fix] = []
    waiting = [fixes_of(source, findings, unsafe=unsafe)]
    while waiting:
        fixes = waiting.pop()
        if (more := _made(source, findings, lint, [*kept, *fixes])) is not None:
            kept += fixes
            step = more
        elif len(fixes) > 1:
            middle = len(fixes) // 2
            waiting += (fixes[middle:], fixes[:middle])
    return step


def _made(source: Source, findings: tuple[Finding, ...], lint: Lint, fixes: Sequence[Fix]) -> Fixed | None:
    """A source with some of its fixes; None if they change nothing or make anything worse."""
    mended = Source(source.path, apply(source.text, fixes), source.encoding)
    if mended.text == source.text or not _is_read_back(mended):
        return None
    after = lint(mended)
    if _errors(after) > _errors(findings):
        return None
    return Fixed(source, mended, tuple(_first_of(fix, findings) for fix in fixes), after)


def _first_of(fix: Fix, findings: Iterable[Finding]) -> Finding:
    return next(finding for finding in findings if finding.fix == fix)


def fixes_of(source: Source, findings: Iterable[Finding], *, unsafe: bool = False) -> list[Fix]:
    """The fixes that can be applied together. Of two that overlap, the first one in the file is applied."""
    candidates = [f.fix for f in findings if f.fix and (f.fix.safe or unsafe) and f.place.source is source]
    chosen: list[Fix] = []
    taken: list[Edit] = []
    for fix in sorted(dict.fromkeys(candidates), key=lambda fix: fix.edits[0].start):
        if fix.edits and not any(_touches(edit, taken) for edit in fix.edits):
            chosen.append(fix)
            for edit in fix.edits:
                insort(taken, edit)
    return chosen


def _touches(edit: Edit, taken: Sequence[Edit]) -> bool:
    """Whether an edit touches one of those in a list that is sorted; those do not touch each other."""
    index = bisect_left(taken, edit)
    before = takewhile(lambda other: other.end >= edit.start, (taken[at] for at in range(index - 1, -1, -1)))
    behind = takewhile(lambda other: other.start <= edit.end, (taken[at] for at in range(index, len(taken))))
    return any(_touch(edit, other) for other in (*before, *behind))


def harmless_alone(source: Source, findings: Sequence[Finding], lint: Lint) -> list[Finding]:
    """The findings; a safe fix becomes unsafe if it alone, as in an editor, results in more errors.

    For texts that the parser is at a loss with. Where there are many fixes, or much text, none is tried.
    """
    safe = [fix for fix in dict.fromkeys(finding.fix for finding in findings) if fix is not None and fix.safe]
    if len(safe) > _MOST_TRIED or len(source.text) > _MOST_TRIED_TEXT:
        return list(findings)
    harmful = {fix for fix in safe if _made(source, tuple(findings), lint, [fix]) is None}
    return [
        finding._replace(fix=finding.fix._replace(safe=False)) if finding.fix in harmful and finding.fix else finding
        for finding in findings
    ]


def apply(text: str, fixes: Iterable[Fix]) -> str:
    """The text with the edits of fixes that do not touch each other."""
    edits = sorted((edit for fix in fixes for edit in fix.edits), key=lambda edit: (edit.start, edit.end))
    pieces: list[str] = []
    at = 0
    for edit in edits:
        pieces += (text[at : edit.start], edit.text)
        at = edit.end
    return "".join([*pieces, text[at:]])


def _touch(one: Edit, other: Edit) -> bool:
    """Whether two edits overlap, or insert at the same place."""
    if one.start == one.end or other.start == other.end:
        return one.start <= other.end and other.start <= one.end
    return one.start < other.end and other.start < one.end


def _is_read_back(source: Source) -> bool:
    """Whether a text is the same after writing and reading: with bytes that are no text, it may look like UTF-16."""
    try:
        data = source.data
    except UnicodeEncodeError:
        # An editor's text with half a character, which no file holds.
        return True
    return Source.from_bytes(source.path, data).text == source.text


def _errors(findings: Iterable[Finding]) -> int:
    return sum(finding.severity is Severity.ERROR for finding in findings)
