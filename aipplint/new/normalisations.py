"""Normalisations by name and by numbers, and the fields that compute them.

Everything is for pixels of 0 to 255: ``(pixel - mean) / deviation``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from aipplint.config.normalisation import MAX_HALF, plain
from aipplint.errors import UsageError
from aipplint.findings import clean
from aipplint.hardware.constants import DEVIATIONS, MEANS, UNIFORM, Triple
from aipplint.records import NamedTuple

Numbers = tuple[float, ...]
_MAX_DIGITS = 30


class Normalisation(NamedTuple):
    """A mean and a deviation with one number for all channels or one for each.

    ``by_name`` says that the numbers are in the order R, G, B; otherwise they are in that of the model's channels.
    """

    name: str
    mean: Numbers
    deviation: Numbers
    by_name: bool = False


def _of_data(dataset: str, name: str) -> Normalisation:
    mean, deviation = (_first(triples, dataset) for triples in (MEANS, DEVIATIONS))
    return Normalisation(name, mean.values, deviation.values, by_name=True)


def _first(triples: Sequence[Triple], dataset: str) -> Triple:
    return next(triple for triple in triples if triple.dataset == dataset)


def _uniform(name: str) -> Normalisation:
    one = next(one for one in UNIFORM if one.name == name)
    return Normalisation(name, (one.mean,), (one.deviation,))


NORMALISATIONS = {
    "none": _uniform("bytes unchanged"),
    "unit": _uniform("0 to 1"),
    "signed": _uniform("-1 to 1"),
    "imagenet": _of_data("ImageNet", "ImageNet"),
    "imagenet-caffe": Normalisation("ImageNet, mean only (Caffe)", MEANS[2].values, (1.0,), by_name=True),
    "mindspore": _of_data("ImageNet (MindSpore)", "ImageNet (MindSpore)"),
    "clip": _of_data("CLIP", "CLIP"),
    "cifar10": _of_data("CIFAR-10", "CIFAR-10"),
    "cifar100": _of_data("CIFAR-100", "CIFAR-100"),
    "mnist": _uniform("MNIST"),
}
"""By the word of the command line."""
_SAME = {"0-1": "unit", "-1-1": "signed", "torchvision": "imagenet", "bytes": "none"}


def normalisation_of(name: str) -> Normalisation:
    """Return a normalisation by its name; raises UsageError for an unknown one."""
    word = _SAME.get(name.lower(), name.lower())
    if word not in NORMALISATIONS:
        known = tuple(NORMALISATIONS)
        raise UsageError(f"--normalize: '{clean(name)}' is none of {', '.join(known)}", word, known)
    return NORMALISATIONS[word]


def of_numbers(mean: str, deviation: str, scale: str) -> Normalisation:
    """Return the normalisation of ``--mean`` and ``--std``, for pixels of 0 to 1 or of 0 to 255.

    Raises UsageError for numbers that are none, or that do not say for which pixels they are.
    """
    means = numbers("--mean", mean or "0")
    deviations = numbers("--std", deviation or "1")
    if scale:
        times = 255.0 if scale == "1" else 1.0
    elif max(means) == 0 and set(deviations) == {1.0}:
        raise UsageError("--mean 0 and --std 1 are for pixels of 0 to 1 or of 0 to 255: add --scale 1 or --scale 255")
    else:
        times = 255.0 if max(means) <= 1 and max(deviations) <= 1 else 1.0
    name = f"mean {', '.join(map(plain, means))}, standard deviation {', '.join(map(plain, deviations))}"
    name += " of pixels of 0 to 1" if times == 255.0 else ""
    return Normalisation(name, tuple(m * times for m in means), tuple(d * times for d in deviations))


def numbers(option: str, text: str) -> Numbers:
    """Return one number, or three with commas; raises UsageError."""
    words = [word for word in re.split(r"[,\s]+", text.strip("[]() ")) if word]
    try:
        found = tuple(float(word) for word in words if len(word) <= _MAX_DIGITS)
    except ValueError:
        found = ()
    if len(found) not in (1, 3) or len(found) != len(words) or not all(map(math.isfinite, found)):
        raise UsageError(f"{option}: '{clean(text)}' is not one number, or three with commas")
    return found


def in_channels(given: Normalisation, target: str) -> tuple[Numbers, Numbers]:
    """Return the mean and the deviation of each channel of a target colour; raises UsageError if they do not fit."""
    count = 1 if target == "GRAY" else 3
    values = []
    for one in (given.mean, given.deviation):
        if len(set(one)) == 1:
            values.append(one[:1] * count)
        elif count == 1:
            raise UsageError(f"{given.name} has three channels; {target} has one")
        elif given.by_name and target not in ("RGB", "BGR"):
            raise UsageError(f"{given.name} is for R, G and B, not for {target}")
        else:
            values.append(one[::-1] if given.by_name and target == "BGR" else one)
    mean, deviation = values
    if min(mean) < 0 or max(mean) > 255:
        raise UsageError(f"{given.name}: a mean must be 0 to 255 for pixels of 0 to 255")
    if min(deviation) <= 0 or max(1 / d for d in deviation) > MAX_HALF:
        raise UsageError(f"{given.name}: a standard deviation must be above 0")
    return mean, deviation


def fields_of(mean: Numbers, deviation: Numbers) -> list[tuple[str, str]]:
    """Return the fields: whole numbers of the mean, their fractions, and the reciprocals of the deviation.

    The whole part in mean_chn is exact; min_chn is half precision, which is coarse above 128.
    """
    rounded = [round(value, 6) for value in mean]
    whole = [math.floor(value) for value in rounded]
    rest = [round(value - below, 6) for value, below in zip(rounded, whole, strict=True)]
    fields = [(f"mean_chn_{channel}", str(value)) for channel, value in enumerate(whole) if any(whole)]
    fields += [(f"min_chn_{channel}", plain(value)) for channel, value in enumerate(rest) if any(rest)]
    return fields + [(f"var_reci_chn_{channel}", plain(1 / value, 9)) for channel, value in enumerate(deviation)]


def padding_value(gray: float, mean: Numbers, deviation: Numbers) -> tuple[float, float]:
    """Return the value of a gray border after normalisation, and the most that a channel is off, in levels of 255.

    The border has one value for all channels, and is not normalised (fact N1).
    """
    wanted = [(gray - m) / d for m, d in zip(mean, deviation, strict=True)]
    value = sum(wanted) / len(wanted)
    return value, max(abs(value - one) * d for one, d in zip(wanted, deviation, strict=True))
