"""One cause is one finding: where a word of the command line explains an error, the two are told as one."""

from __future__ import annotations

from collections.abc import Sequence

from aipplint.findings import Finding, Place, Severity
from aipplint.rules.build_advice import layout_looks_swapped
from aipplint.rules.command import unknown_option
from aipplint.rules.layout import too_many_channels

TYPE_CHECKING = False
if TYPE_CHECKING:
    from aipplint.atc.words import Word


def told_once(found: Sequence[Finding], words: Sequence[Word]) -> list[Finding]:
    """The findings about a command, in which an error that AIPP624 explains has its words, and takes its place.

    A quote that is not closed, or a space that is missing, makes several options wrong at once; ATC reports the first.
    """
    kept = [finding for finding in found if not _is_seen_by_channels(finding, found)]
    explained: list[Place] = []
    for slip in sorted((finding for finding in found if finding.code == unknown_option.code), key=Finding.sort_key):
        word = next((word.place for word in words if _holds(word.place, slip.place)), None)
        if word is None:
            continue
        if word in explained:
            kept = [finding for finding in kept if finding is not slip]
            continue
        errors = [finding for finding in kept if finding.severity is Severity.ERROR and _holds(word, finding.place)]
        if not errors:
            continue
        first = min(errors, key=Finding.sort_key)
        place = slip.place if _line(slip.place) == _line(first.place) else first.place
        told = first._replace(message=slip.message, fix=slip.fix, help=slip.help, place=place)
        explained.append(word)
        rest = [finding for finding in kept if finding is not slip and not any(finding is error for error in errors)]
        kept = [*rest, told]
    return kept


def _is_seen_by_channels(finding: Finding, found: Sequence[Finding]) -> bool:
    """Whether it is a shape in another layout (AIPP628) whose C AIPP705 finds too large."""
    channels = [other for other in found if other.code == too_many_channels.code]
    return finding.code == layout_looks_swapped.code and any(_holds(finding.place, one.place) for one in channels)


def _line(place: Place) -> int:
    return place.source.position(place.span.start)[0]


def _holds(outer: Place, inner: Place) -> bool:
    return outer.source is inner.source and outer.span.start <= inner.span.start <= inner.span.end <= outer.span.end
