"""One cause is one finding: where a word of the command line explains an error, the two are told as one."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from operator import itemgetter

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
    kept = _without_swapped_layouts(found)
    slips = [finding for finding in kept if finding.code == unknown_option.code]
    if not slips:
        return kept
    holders = _Words(words)
    slipped = {word for slip in slips if (word := holders.holder(slip.place)) is not None}
    others: list[Finding] = []
    explained: dict[int, list[Finding]] = {word: [] for word in slipped}
    for finding in kept:
        word = holders.holder(finding.place)
        explained.get(-1 if word is None else word, others).append(finding)
    return [*others, *(one for word in sorted(explained) for one in _explained(explained[word]))]


def _explained(found: Sequence[Finding]) -> Sequence[Finding]:
    """The findings in a word with a slip (AIPP624): one if there is an error among them."""
    errors = [finding for finding in found if finding.severity is Severity.ERROR]
    if not errors:
        return found
    slip = min((finding for finding in found if finding.code == unknown_option.code), key=Finding.sort_key)
    first = min(errors, key=Finding.sort_key)
    place = slip.place if _line(slip.place) == _line(first.place) else first.place
    told = first._replace(message=slip.message, fix=slip.fix, help=slip.help, place=place)
    slips_and_errors = {id(finding) for finding in found if finding.code == unknown_option.code} | set(map(id, errors))
    return [*(finding for finding in found if id(finding) not in slips_and_errors), told]


class _Words:
    """Finds the word of a command that a place lies in. Words of one text do not overlap."""

    def __init__(self, words: Sequence[Word]) -> None:
        self._places: dict[int, list[tuple[int, int, int]]] = {}
        for index, word in enumerate(words):
            span = word.place.span
            self._places.setdefault(id(word.place.source), []).append((span.start, span.end, index))
        for places in self._places.values():
            places.sort()

    def holder(self, place: Place) -> int | None:
        """The index of the word that holds a place; None if there is none."""
        places = self._places.get(id(place.source), [])
        at = bisect_right(places, place.span.start, key=itemgetter(0)) - 1
        return places[at][2] if at >= 0 and place.span.end <= places[at][1] else None


def _without_swapped_layouts(found: Sequence[Finding]) -> list[Finding]:
    """The findings without a shape in another layout (AIPP628) whose C AIPP705 finds too large."""
    channels = [finding for finding in found if finding.code == too_many_channels.code]
    return [
        finding
        for finding in found
        if finding.code != layout_looks_swapped.code or not any(_holds(finding.place, one.place) for one in channels)
    ]


def _line(place: Place) -> int:
    return place.source.position(place.span.start)[0]


def _holds(outer: Place, inner: Place) -> bool:
    return outer.source is inner.source and outer.span.start <= inner.span.start <= inner.span.end <= outer.span.end
