"""The normalisation in training code, and how far a configuration is from it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from aipplint.config.normalisation import Channel
from aipplint.findings import Place
from aipplint.records import NamedTuple

PIXELS = range(256)
"""The values of a byte."""
MAX_DEVIATION = 300.0
"""The largest deviation of pixels of 0 to 255 that is taken for one."""
AGREES = 2.0
"""Levels of 255 below which two normalisations agree: rounding and truncation stay below 1."""

_SAME = 2
"""Decimal places of levels of 255 in which equal normalisations agree."""
CERTAIN, NAMED, SCALED, OPTIONAL = "certain", "named", "scaled", "optional"
"""How sure it is that code normalises so: it does; its numbers are named so; it divides by 255, and others may go on;
an option is off, or nothing uses the numbers."""

Numbers = tuple[float, ...]


class Normalisation(NamedTuple):
    """``(pixel - mean) / deviation`` of training or evaluation code, for pixels of 0 to 255, with its location.

    ``mean`` and ``deviation`` have one number for all channels, or three in the order of the code. ``strength`` is
    CERTAIN, NAMED, SCALED or OPTIONAL. ``names`` are the functions and constants that other code has to
    mention before it is executed; ``words`` are the names around it, which may mention a data set.
    """

    mean: Numbers
    deviation: Numbers
    place: Place
    strength: str = CERTAIN
    names: tuple[str, ...] = ()
    words: str = ""

    @property
    def line(self) -> int:
        """The line in its file, from 1."""
        return self.place.source.position(self.place.span.start).line


def on_bytes(mean: Numbers, deviation: Numbers) -> tuple[Numbers, Numbers] | None:
    """Convert a mean and a deviation to pixels of 0 to 255; None if they cannot be those of images.

    Numbers up to 1 are for pixels of 0 to 1. Mean 0 with deviation 1 does not say which pixels it is for.
    """
    if len(mean) not in (1, 3) or len(deviation) not in (1, 3):
        return None
    if max(mean) <= 1 and max(deviation) <= 1:
        if max(mean) == 0 and min(deviation) == 1:
            return None
        mean, deviation = tuple(m * 255 for m in mean), tuple(d * 255 for d in deviation)
    fits = min(mean) >= 0 and max(mean) <= PIXELS[-1] and min(deviation) >= 1 and max(deviation) <= MAX_DEVIATION
    return (mean, deviation) if fits else None


def levels_of(channels: Sequence[Channel], place: Normalisation) -> tuple[float, ...] | None:
    """How far each channel is from training code, in levels of 255; None if the numbers of channels do not match."""
    offsets = [channel.offset for channel in channels]
    return difference(offsets, [channel.reciprocal for channel in channels], place)


def difference(offsets: Sequence[float], factors: Sequence[float], trained: Normalisation) -> tuple[float, ...] | None:
    """Return how far each channel of a configuration is from the training code, in levels of 255.

    ``offsets`` are subtracted from pixels of 0 to 255, ``factors`` are multiplied with. It is the average over all
    pixels, in the channel order (that of the code or its reverse) in which the worst channel is nearer. None if the
    numbers of channels do not match.
    """
    count = len(offsets)
    means, deviations = _spread(trained.mean, count), _spread(trained.deviation, count)
    if not count or len(means) != count or len(deviations) != count:
        return None
    orders = [(means, deviations), (means[::-1], deviations[::-1])]
    return min((_levels(offsets, factors, *order) for order in orders), key=max)


def _spread(values: Numbers, count: int) -> Numbers:
    return values * count if len(values) == 1 else values[:1] if count == 1 and len(set(values)) == 1 else values


def _levels(
    offsets: Sequence[float], factors: Sequence[float], means: Numbers, deviations: Numbers
) -> tuple[float, ...]:
    channels = zip(offsets, factors, means, deviations, strict=True)
    return tuple(
        _level(factor * deviation, mean - offset * factor * deviation) for offset, factor, mean, deviation in channels
    )


def _level(scale: float, shift: float) -> float:
    return sum(abs(pixel * scale + shift - pixel) for pixel in PIXELS) / len(PIXELS)


def in_order(
    offsets: Sequence[float], factors: Sequence[float], trained: Normalisation
) -> tuple[Numbers, Numbers] | None:
    """Return the mean and the deviation of training code in the channel order of a configuration with three channels.

    The order is the one in which the first and the last channel differ in the same direction; None if none shows.
    """
    means, deviations = (_spread(values, len(offsets)) for values in (trained.mean, trained.deviation))
    if len(set(means)) == len(set(deviations)) == 1:
        return means, deviations
    reciprocals = [1 / deviation for deviation in deviations]
    for ours, theirs in ((offsets, means), (factors, reciprocals)):
        direction = (ours[0] - ours[-1]) * (theirs[0] - theirs[-1])
        if direction:
            return (means, deviations) if direction > 0 else (means[::-1], deviations[::-1])
    return None


def surest(found: Iterable[Normalisation]) -> list[Normalisation]:
    """Of the normalisations that are as sure as any other, the first of each that has the same numbers."""
    every = list(found)
    best = next((kind for kind in (CERTAIN, NAMED, SCALED) if any(one.strength == kind for one in every)), None)
    known: dict[object, Normalisation] = {}
    for one in every:
        if one.strength == best:
            known.setdefault(
                tuple(
                    tuple(round(value, _SAME) for value in (part * 3 if len(part) == 1 else part)) for part in one[:2]
                ),
                one,
            )
    return list(known.values())


class Training(NamedTuple):
    """The normalisations of the code that belongs to one configuration, in the order of their files.

    ``weak`` says that only circumstances tie the code to the configuration: no command names it, or several models have
    their code in one folder.
    """

    places: tuple[Normalisation, ...]
    weak: bool = False
