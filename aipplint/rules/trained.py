"""AIPP510: the training code of the model normalises otherwise."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from aipplint.config.normalisation import Channel, channels_of, plain
from aipplint.config.op import AippOp
from aipplint.findings import Edit, Fix, Place, Problem, Related, Severity
from aipplint.rules.normalisation import listed
from aipplint.rules.rule import rule
from aipplint.training.normalisation import AGREES, CERTAIN, Normalisation, Training, in_order, levels_of, surest

MAX_PLACES = 8
"""Places in code that a finding names."""
_RELATED = "this code subtracts {trained_mean} and divides by {trained_deviation}: {levels} levels"
_STEMS = ("min_chn", "mean_chn", "var_reci_chn")


@rule("AIPP510", "trained-with-other-values", Severity.WARNING)
def trained_with_other_values(op: AippOp, training: Training) -> Iterator[Problem]:
    """The training code of the model normalises images with other values.

    ATC compiles any mean and reciprocal, but a model recognises only images that are normalised as in its training.
    The difference is in levels of 255: by how much a pixel reaches the model too bright or too dark, on average over
    all pixels, in the worst channel. Below 2 levels it is rounding. If the code has several normalisations, one that
    agrees is enough. The channel order is not compared. It is an info if only circumstances tie the code to the
    configuration.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      min_chn_0: 125.307  # <--
      min_chn_1: 122.961
      min_chn_2: 113.8575
      var_reci_chn_0: 0.0193849
      var_reci_chn_1: 0.0196668
      var_reci_chn_2: 0.0195103
    }
    ```

    ```python
    normalize = transforms.Normalize(mean=[0.485, 0.456, 0.406], std=[0.229, 0.224, 0.225])
    steps = transforms.Compose([transforms.ToTensor(), normalize])
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      min_chn_0: 123.675
      min_chn_1: 116.28
      min_chn_2: 103.53
      var_reci_chn_0: 0.0171247538
      var_reci_chn_1: 0.0175070028
      var_reci_chn_2: 0.0174291939
    }
    ```

    ```python
    normalize = transforms.Normalize(mean=[0.485, 0.456, 0.406], std=[0.229, 0.224, 0.225])
    steps = transforms.Compose([transforms.ToTensor(), normalize])
    ```

    ## Fix

    Set `min_chn` to the mean and `var_reci_chn` to 1 / deviation of the code, both for pixels of 0 to 255. The
    unsafe fix does it where the code has one normalisation and the fields are written. If the code is not that of this
    model, suppress the finding.

    ## Source

    Facts W10 and N4 give the calculation; seen in public repositories.
    """
    channels = channels_of(op)
    compared = [(max(levels), place) for place in training.places if (levels := levels_of(channels, place))]
    if not compared or any(worst < AGREES for worst, _ in compared):
        return
    compared.sort(key=lambda pair: pair[0])
    least, nearest = compared[0]
    values = {
        "mean": listed(channel.offset for channel in channels),
        "factor": listed(channel.reciprocal for channel in channels),
        "levels": f"{least:.1f}",
        **_numbers(nearest),
    }
    related = tuple(
        Related(
            place.place,
            _RELATED,
            {"levels": f"{by:.1f}", **_numbers(place)},
        )
        for by, place in compared[:MAX_PLACES]
    )
    sure = not training.weak and any(place.strength == CERTAIN for _, place in compared)
    message = (
        "AIPP subtracts {mean} and multiplies by {factor}; the training code subtracts {trained_mean} and divides by "
        "{trained_deviation}, a difference of {levels} levels of 255"
    )
    fix = _fix(op, channels, [place for _, place in compared]) if sure else None
    yield Problem(_place(op), message, values, related, fix=fix, severity=None if sure else Severity.INFO)


def _fix(op: AippOp, channels: Sequence[Channel], places: Sequence[Normalisation]) -> Fix | None:
    """Return the numbers of the code, in the fields that are written; None where that is not certain."""
    known = surest(places)
    offsets, factors = [c.offset for c in channels], [c.reciprocal for c in channels]
    trained = in_order(offsets, factors, known[0]) if len(known) == 1 else None
    if trained is None:
        return None
    edits: list[Edit] = []
    for channel, mean, deviation in zip(channels, *trained, strict=True):
        fields = _fields(op, channel.number, mean, plain(1 / deviation, 9))
        if fields is None:
            return None
        edits += [Edit(*op.value_place(name).span, value) for name, value in fields.items()]
    return Fix("set the mean and the reciprocals of the training code", tuple(sorted(edits)), safe=False)


def _fields(op: AippOp, number: int, mean: float, reciprocal: str) -> dict[str, str] | None:
    """The values of the fields that a channel has; None if it lacks one that is needed."""
    whole, rest, factor = (f"{stem}_{number}" for stem in ("mean_chn", "min_chn", "var_reci_chn"))
    rounded = round(mean, 6)
    below = math.floor(rounded) if op.has(whole) else 0
    wanted = {whole: str(below), rest: plain(round(rounded - below, 6)), factor: reciprocal}
    defaults = {whole: "0", rest: "0", factor: "1"}
    if any(value != defaults[name] and not op.has(name) for name, value in wanted.items()):
        return None
    return {name: value for name, value in wanted.items() if op.has(name)}


def _numbers(place: Normalisation) -> dict[str, object]:
    return {"trained_mean": listed(place.mean), "trained_deviation": listed(place.deviation)}


def _place(op: AippOp) -> Place:
    """The first coefficient that is written."""
    names = [f"{stem}_{index}" for stem in _STEMS for index in range(3)]
    return next((op.place(name) for name in names if op.has(name)), op.head)


RULES = (trained_with_other_values,)
