"""The result of a run: findings of many files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aipplint.findings import Finding, Place
from aipplint.records import NamedTuple
from aipplint.rules.housekeeping import unreadable_file


class Result(NamedTuple):
    """Findings in order, the number of checked files, and the number of suppressed findings.

    ``configs`` is the number of configurations, ``unbuilt`` are those without a known build. ``accepted`` counts the
    findings that the baseline has.
    """

    findings: tuple[Finding, ...]
    files: int
    suppressed: int
    configs: int = 0
    unbuilt: tuple[str, ...] = ()
    accepted: int = 0


def merged(results: Sequence[Result]) -> Result:
    """Merge many results into one.

    What is found about an option, and so with every file, is said once; what several builds find at one place in the
    same words is one finding, related to all of them.
    """
    findings: dict[tuple[object, ...], Finding] = {}
    for result in results:
        for finding in result.findings:
            key = finding.sort_key()
            same = findings.get(key)
            findings[key] = finding if same is None else _joined(same, finding)
    ordered = tuple(sorted(findings.values(), key=Finding.sort_key))
    unbuilt = tuple(path for result in results for path in result.unbuilt)
    suppressed, configs = sum(r.suppressed for r in results), sum(r.configs for r in results)
    return Result(ordered, sum(r.files for r in results), suppressed, configs, unbuilt)


def _joined(one: Finding, other: Finding) -> Finding:
    """Return a finding with the related locations of another. Sources may be copies from different processes."""
    related = {(r.place.source.path, r.place.span, r.message): r for r in (*other.related, *one.related)}
    if len(related) == len(one.related):
        return one
    return one._replace(related=tuple(related[key] for key in sorted(related)))


def unreadable(place: Place, reason: str, path: str = "") -> Iterator[Finding]:
    """Return AIPP904 for a file that cannot be read; ``path`` is set if the location is not in the file itself."""
    return unreadable_file.findings({"place": place, "reason": reason, "path": path})
