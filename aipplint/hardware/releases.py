"""The releases of CANN: their order, and what older ones do differently.

What is known of them are sources with dates: GraphEngine v0.2 to v1.3 (2020-03 to 2021-07) and r1.11 (2023-04), the
toolkit of CANN 8.1.RC1, and everything from CANN 8.5.0 on. CANN 3 ended before v1.3.0 and CANN 6.0 before r1.11, so
what these sources do is certain of those releases; in between nothing is claimed that makes a finding worse.
"""

from __future__ import annotations

from functools import lru_cache, total_ordering
from typing import Final

FORMER_CODES: Final = {"E13001": "E19001", "E13005": "E19005", "E13014": "E19014", "E13015": "E19015"}
"""What codes were called up to CANN 8.1 (fact 7.7, documentation.md 6.1)."""

_FORM = r"(\d{1,2}(?:\.\d{1,3}){1,3})(?:\.?RC(\d{1,2}(?:\.\d{1,2})?))?(?:[.-](alpha|beta)\.?(\d{1,3})?)?"
_YEARS = 20
"""From here on a number is a year: CANN 3.1 was sold as 20.1. Such names are not read."""
_FINAL = 1000
"""Stands where a release has no number for its candidate or alpha: behind all that have one."""


@total_ordering
class Release:
    """A release, such as 8.1.RC1 or 8.5.0.

    An alpha comes before its candidate, candidates before the release; 8.1 is the same as 8.1.0. The betas of the
    community edition are the releases of the commercial one under another name.
    """

    __slots__ = ("_key", "text")

    def __init__(self, numbers: tuple[int, ...], stage: tuple[int, ...], text: str) -> None:
        self._key = (*numbers, *(0,) * (4 - len(numbers)), *stage)
        self.text = text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Release) and self._key == other._key

    def __lt__(self, other: Release) -> bool:
        return self._key < other._key

    def __hash__(self) -> int:
        return hash(self._key)

    def __repr__(self) -> str:
        return f"Release({self.text})"

    def __str__(self) -> str:
        return f"CANN {self.text}"

    @property
    def series(self) -> tuple[int, ...]:
        """The first two numbers, which the candidates of a release share with it."""
        return self._key[:2]

    def knows(self, since: str) -> bool:
        """Whether the schema may have what came with a release (``CANN 5.0``); always for what came with the first."""
        first = release_of(since.removeprefix("CANN ")) if since else None
        return first is None or self.series >= first.series

    def code(self, code: str) -> str:
        """What a code of the newest release is called in this one."""
        return FORMER_CODES.get(code, code) if self.series <= (8, 1) else code

    @property
    def judges_image_sizes(self) -> bool:
        """Whether ATC holds crop, padding and source size against --dynamic_image_size (D1 to D4)."""
        return self >= _CHECKED

    @property
    def judges_mode_numbers(self) -> bool:
        """Whether an aipp_mode that is neither static nor dynamic is refused, and not only a missing one (V1)."""
        return self >= _CHECKED

    @property
    def ignores_edges(self) -> bool:
        """Whether input_edge_idx is known to have no effect (V4)."""
        return self >= _CHECKED

    @property
    def takes_one_edge(self) -> bool:
        """Whether input_edge_idx is known to be refused when it has several values (V4)."""
        return self._as_in_r1_11

    @property
    def counts_profiles(self) -> bool:
        """Whether ATC itself is known to refuse more than a hundred profiles (E10036, fact 7.4)."""
        return self._as_in_r1_11

    @property
    def refuses_zero(self) -> bool:
        """Whether a profile with a 0 is known to be refused (E10038, fact 7.4)."""
        return self._as_in_r1_11

    @property
    def skips_blanks_in_sizes(self) -> bool:
        """Whether a blank in --dynamic_image_size is known to be skipped (fact 7.5)."""
        return self._as_in_r1_11

    @property
    def skips_blanks_in_batches(self) -> bool:
        """Whether a blank in --dynamic_batch_size is known to be skipped, and other characters give E10033 (7.4)."""
        return self.series < (5, 0)

    @property
    def _as_in_r1_11(self) -> bool:
        return self.series <= (6, 0)


NEWEST: Final = Release((99,), (_FINAL, 0, _FINAL), "newest")
"""Stands for the release where none is given."""
_CHECKED: Final = Release((8, 5), (_FINAL, 0, _FINAL), "8.5.0")


@lru_cache(maxsize=64)
def release_of(text: str) -> Release | None:
    """The release of a name (``8.1``, ``8.1.RC1``, ``8.0.RC3.alpha003``, ``8.5.0``); None where it is not one."""
    import re

    match = re.fullmatch(_FORM, text, re.IGNORECASE | re.ASCII)
    if match is None:
        return None
    numbers = tuple(map(int, match[1].split(".")))
    if not 0 < numbers[0] < _YEARS:
        return None
    candidate, _, update = (match[2] or str(_FINAL)).partition(".")
    alpha = int(match[4] or 0) if (match[3] or "").lower() == "alpha" else _FINAL
    return Release(numbers, (int(candidate), int(update or 0), alpha), text)
