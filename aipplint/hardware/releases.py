"""The releases of CANN: their order, and the differences of older ones.

Evidence are sources with dates: GraphEngine v0.2 to v1.3 (2020-03 to 2021-07) and r1.11 (2023-04), the toolkit of CANN
8.1.RC1, and everything from CANN 8.5.0 on. CANN 3 ended before v1.3.0 and CANN 6.0 before r1.11, so the behaviour of
these sources is certain for those releases; for releases between them, no finding becomes more severe.
"""

from __future__ import annotations

from functools import lru_cache, total_ordering
from typing import Final

FORMER_CODES: Final = {
    "E10052": (("3.3", "E10043"), ("5.1.RC2", "E19021")),
    "E10054": (("6.1", "E10004"),),
    "E10058": (("9.0.0", "E10001"),),
    "E10061": (("9.0.0", "E19999"),),
    "E13001": (("8.2", "E19001"), ("9.0.0", "E19999")),
    "E13005": (("8.2", "E19005"), ("9.1.0", "E19999")),
    "E13014": (("8.2", "E19014"),),
    "E13015": (("8.2", "E19015"),),
}
"""What codes were called before a release, oldest first (facts O60, Z16, Z17, Z23 and W40)."""
FORMER_PLACE_CODES: Final = (("3.3", "E10043"), ("5.0", "E19021"))
"""The former names of E10052 for the input of an operator, by rank or by name, each with the release that ended it
(Z23)."""

_FORM = (
    r"(?P<numbers>\d{1,2}(?:\.\d{1,3}){1,3})(?:\.?RC(?P<candidate>\d{1,2}(?:\.\d{1,2})?))?"
    r"(?:-beta\.(?P<beta>\d{1,3})|[.-](?P<kind>alpha|beta)\.?(?P<count>\d{1,3})?)?"
)
_YEARS = 20
"""From here on a number is a year: CANN 3.1 was sold as 20.1. Such names are not read."""
_FINAL = 1000
"""The number of a release without a candidate, alpha or beta: after all that have one."""
_ALPHAS = 1000
"""Alphas precede all betas: their numbers start from minus this."""


@total_ordering
class Release:
    """A release, such as 8.1.RC1 or 8.5.0.

    An alpha precedes its candidate, candidates precede the release; 8.1 equals 8.1.0. A beta of the community edition
    (``8.0.RC3.beta1``) is another name of a commercial release; a beta of the open source, from 8.5 on
    (``9.1.0-beta.1``), precedes the release.
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
        """Return whether the schema may have a field of a release (``CANN 5.0``); always true for the first release."""
        first = release_of(since.removeprefix("CANN ")) if since else None
        return first is None or self.series >= first.series

    def code(self, code: str, *, places: bool = False) -> str:
        """The name in this release of a code of the newest one; ``places``: the input of an operator is rejected."""
        former = FORMER_PLACE_CODES if places and code == "E10052" else FORMER_CODES.get(code, ())
        return next((old for until, old in former if self < _known(until)), code)

    @property
    def judges_image_sizes(self) -> bool:
        """Whether ATC checks crop, padding and source size against --dynamic_image_size (D1 to D4)."""
        return self >= _CHECKED

    @property
    def judges_mode_numbers(self) -> bool:
        """Whether ATC rejects any aipp_mode that is neither static nor dynamic, and not only a missing one (V1)."""
        return self >= _CHECKED

    @property
    def ignores_edges(self) -> bool:
        """Whether input_edge_idx is known to have no effect (V4)."""
        return self >= _CHECKED

    @property
    def takes_one_edge(self) -> bool:
        """Whether ATC is known to reject several values of input_edge_idx (V4)."""
        return self._as_in_r1_11

    @property
    def counts_profiles(self) -> bool:
        """Whether ATC is known to reject more than a hundred profiles (E10036, fact O34)."""
        return self._as_in_r1_11

    @property
    def refuses_zero(self) -> bool:
        """Whether ATC is known to reject a 0, in a profile (E10038, fact O36) and after the -1 of a batch (E10018)."""
        return self._as_in_r1_11

    @property
    def skips_blanks(self) -> bool:
        """Whether spaces in --dynamic_batch_size and --dynamic_image_size are known to be skipped (Z21)."""
        return self._as_in_r1_11

    @property
    def names_profiles_apart(self) -> bool:
        """Whether wrong characters in batches are known to give E10033, and dims of a wrong length E10042."""
        return self.series < (5, 0)

    @property
    def reads_shapes_plainly(self) -> bool:
        """Whether --input_shape is known to support no range, no -1 by itself and no scalar (Z18 to Z20).

        --input_shape_range is then independent of it: neither replaces the other, and other options are allowed.
        """
        return self._as_in_r1_11

    @property
    def names_every_range(self) -> bool:
        """Whether --input_shape_range is known to need names whatever the framework (GraphEngine v1.2)."""
        return self.series < (5, 0)

    @property
    def looks_up_names(self) -> bool:
        """Whether names in --input_shape are known to be looked up in MindSpore models too (Z15)."""
        return self >= _CHECKED

    @property
    def spares_soc_version(self) -> bool:
        """Whether ATC is known to run without --soc_version (Z24)."""
        return self._as_in_r1_11

    @property
    def takes_hints(self) -> bool:
        """Whether ATC is known to have --input_hint_shape (GraphEngine 9.0)."""
        return self >= _HINTED

    @property
    def refuses_dynamic_om2(self) -> bool:
        """Whether ATC rejects dynamic AIPP with --mode=7, as in one beta (Z26)."""
        return self == release_of("9.2.0-beta.1")

    @property
    def takes_layout_for_axes(self) -> bool:
        """Whether a wrong layout beside --dynamic_image_size is known to give E10019 instead of E10003."""
        return self._as_in_r1_11

    @property
    def wants_dims_in_nd(self) -> bool:
        """Whether --dynamic_dims is known to need --input_format=ND and inputs of 1 to 4 dimensions (Z22)."""
        return self._as_in_r1_11

    @property
    def _as_in_r1_11(self) -> bool:
        return self.series <= (6, 0)


NEWEST: Final = Release((99,), (_FINAL, 0, _FINAL), "newest")
"""The release if none is given."""
_OPEN: Final = (8, 5)
"""From here on the sources are open, and betas are numbered as they are."""
_HINTED: Final = Release((9, 0), (_FINAL, 0, _FINAL), "9.0.0")
_CHECKED: Final = Release(_OPEN, (_FINAL, 0, _FINAL), "8.5.0")


@lru_cache(maxsize=64)
def release_of(text: str) -> Release | None:
    """The release of a name (``8.1``, ``8.1.RC1``, ``8.0.RC3.alpha003``, ``8.5.0``); None if it is not one."""
    import re

    match = re.fullmatch(_FORM, text, re.IGNORECASE | re.ASCII)
    if match is None:
        return None
    numbers = tuple(map(int, match["numbers"].split(".")))
    if not 0 < numbers[0] < _YEARS:
        return None
    candidate, _, update = (match["candidate"] or str(_FINAL)).partition(".")
    early = _FINAL
    if (match["kind"] or "").lower() == "alpha":
        early = int(match["count"] or 0) - _ALPHAS
    elif match["beta"] and numbers >= _OPEN:
        early = int(match["beta"])
    return Release(numbers, (int(candidate), int(update or 0), early), text)


def former_names(code: str, since: str = "1.0") -> str:
    """Return the older names of a code for releases from ``since`` on, as text; empty if there are none."""
    former = FORMER_CODES.get(code, ())
    return ", ".join(f"{old} before CANN {until}" for until, old in former if _known(until) > _known(since))


def _known(text: str) -> Release:
    release = release_of(text)
    assert release is not None
    return release
