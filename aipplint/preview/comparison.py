"""The difference between two tensors in levels of 255, where it lies, and the mistake that explains it."""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from aipplint.preview.kernel import Bytes, Tensor
from aipplint.preview.mistakes import Trained, mistakes, of_values, other_numbers
from aipplint.preview.parameters import Parameters
from aipplint.preview.picture import FORMATS
from aipplint.preview.pipeline import Values
from aipplint.records import NamedTuple

ENOUGH = 0.5
"""A mistake explains a difference if it leaves less than this share of it."""
SEEN = 0.3
"""Levels that a mistake must explain at the least."""
_LIKE = 1.05
"""Explanations that leave so little more than the best are as good."""
_PAIRED = 6
"""Single mistakes of which pairs are tried."""
_HOT = 32.0
"""Levels that a heat map shows as white, at the least."""


class Difference(NamedTuple):
    """How far one channel is from the other side, in levels of 255: the mean, the 99th percentile, the largest."""

    channel: int
    mean: float
    most: float
    largest: float


class Pair(NamedTuple):
    """One image: what is fed, and what the model should get (C, H, W).

    ``lossy`` is what it should get where the picture was converted as it is fed: without what YUV costs.
    """

    data: Bytes
    wanted: Values
    lossy: Values


def levels(tensor: Tensor, wanted: Values, per_level: Sequence[float]) -> npt.NDArray[np.float64]:
    """Return the differences (C, H, W) in levels; ``per_level`` is what one level of 255 is in each channel."""
    with np.errstate(all="ignore"):
        apart = np.abs(tensor[0].astype(np.float64)[: len(wanted)] - wanted)
        apart /= np.abs(np.array(per_level)[: len(wanted), None, None])
    known: npt.NDArray[np.float64] = np.nan_to_num(apart, nan=255.0, posinf=1e9)
    return known


def differences(apart: npt.NDArray[np.float64]) -> list[Difference]:
    """Return the figures of each channel."""
    return [
        Difference(channel, float(plane.mean()), float(np.percentile(plane, 99)), float(plane.max()))
        for channel, plane in enumerate(apart)
    ]


class Scored(NamedTuple):
    """Mistakes, and the mean levels that are left without them. ``number`` is their place: likelier ones come first."""

    after: float
    number: int
    words: tuple[str, ...]
    mended: Parameters


class Diagnosis(NamedTuple):
    """The mistakes that together explain a difference, and the mean levels with and without them."""

    words: tuple[str, ...]
    before: float
    after: float


def diagnose(
    given: Parameters,
    trained: Trained | None,
    score: Callable[[Parameters], float],
    tick: Callable[[int, int], None] | None = None,
) -> Diagnosis | None:
    """Return the mistake, or the two, that explain a difference; None where there is none, or nothing explains it.

    ``score`` is the mean difference in levels with some parameters.
    """
    before = score(given)
    if before < SEEN:
        return None
    tried, numbers = list(mistakes(given)), [] if trained is None else list(other_numbers(given, trained))
    scored: list[Scored] = []
    for number, (words, mended) in enumerate((*tried, *numbers)):
        scored.append(Scored(score(mended), number, (words,), mended))
        if tick is not None:
            tick(number + 1, len(tried) + len(numbers))
    general, one = _best(given, scored[len(tried) :]), _best(given, scored[: len(tried)])
    if one.after > general.after * _LIKE + SEEN:
        two = _pairs(given, scored[: len(tried)], score)
        if two.after < ENOUGH * one.after:
            one = two
    best = one if one.after <= general.after * _LIKE + SEEN else general
    if best.after > ENOUGH * before or before - best.after < SEEN:
        return None
    return Diagnosis(best.words, before, best.after)


def _best(given: Parameters, scored: Sequence[Scored]) -> Scored:
    """The first of those that are as good as the best."""
    least = min((one.after for one in scored), default=math.inf)
    good = (one for one in scored if one.after <= least * _LIKE + 0.02)
    return min(good, key=lambda one: one.number, default=Scored(math.inf, 0, (), given))


def _pairs(given: Parameters, scored: Sequence[Scored], score: Callable[[Parameters], float]) -> Scored:
    """The best two mistakes at once, out of the likeliest."""
    likely: dict[str, Parameters] = {}
    for one in sorted(scored, key=lambda one: (one.after, one.number)):
        likely.setdefault(one.words[0], one.mended)
    found = [
        Scored(score(both), number, (words, other), both)
        for number, (words, mended) in enumerate([*likely.items()][:_PAIRED])
        for other, both in of_values(mended)
        if other != words and both != given
    ]
    return _best(given, found)


def heat_map(apart: npt.NDArray[np.float64], ending: str) -> bytes:
    """Return a picture of the largest difference of each pixel: black is none, white is 32 levels or the most."""
    from PIL import Image

    worst = apart.max(axis=0)
    heat = np.clip(worst / max(_HOT, float(np.percentile(worst, 99.9))), 0, 1)
    parts = [np.clip(3 * heat - step, 0, 1) for step in range(3)]
    stream = io.BytesIO()
    Image.fromarray(np.rint(255 * np.stack(parts, axis=-1)).astype(np.uint8)).save(stream, FORMATS[ending])
    return stream.getvalue()
