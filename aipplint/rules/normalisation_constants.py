"""AIPP507, AIPP508: typos in well-known constants, and well-known constants that do not match."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aipplint.config.normalisation import (
    Channel,
    Reading,
    channels_of,
    deviation_readings,
    mean_readings,
    output_colour,
    plain,
    same_mean,
    same_reciprocal,
)
from aipplint.config.op import AippOp
from aipplint.findings import Edit, Fix, Problem, Related, Severity
from aipplint.hardware.constants import (
    BGR,
    DEVIATIONS,
    MEANS,
    RGB,
    UNIFORM_DEVIATIONS,
    UNIFORM_MEANS,
)
from aipplint.records import NamedTuple
from aipplint.rules.rule import rule
from aipplint.rules.wording import Phrase
from aipplint.training.normalisation import Training

_FAR = 0.2
"""How far, of the known number, a slip may be away: one that is further is taken for a number of its own."""
_SLIGHT = 0.03
"""Three reciprocals that are all this near are taken for a rounded or averaged deviation, not for a slip."""

_MOVED = 4
"""Digits that stand elsewhere in a number in which a digit was moved."""
_SAME = 0.002
"""How far, of the known number, one in training code may be away that confirms it."""
_RECIPROCALS = ("var_reci_chn_0", "var_reci_chn_1", "var_reci_chn_2")

_USUAL = {
    0.0: ((255.0,), 0.08),
    127.0: ((127.5, 255.0), 0.15),
    127.5: ((127.5, 255.0), 0.15),
    128.0: ((128.0, 256.0), 0.15),
}
"""Deviations that go with a mean of all channels, and how far a slip may be away from them."""


class _Slip(NamedTuple):
    """A field that nearly holds a known number: the field, what it holds, what it should, and whose number that is.

    ``misfit`` says how badly the other channels fit, to choose between several. ``alone`` says that the other channels
    have what they should. ``mean`` is what is subtracted in all, and what should be, where two fields add up to it.
    """

    field: str
    found: float
    right: float
    whose: Phrase
    misfit: float = 0
    alone: bool = False
    mean: tuple[float, float] | None = None


@rule("AIPP507", "near-miss-constant", Severity.INFO)
def near_miss_constant(op: AippOp, training: Training | None = None) -> Iterator[Problem]:
    """A mean or a reciprocal differs by a digit from a well-known one.

    The constants of ImageNet, CIFAR, CLIP and the usual ranges are copied by hand from file to file. If two channels
    match and the third nearly, or if the means match and the reciprocals nearly, it is probably a typo. The model still
    works, but its accuracy is lower. The finding is a warning if only one channel has two digits swapped or a digit
    missing, or if the training code of the model has the well-known number.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      min_chn_0: 123.675
      min_chn_1: 116.28
      min_chn_2: 103.33  # <--
      var_reci_chn_0: 0.0171247538
      var_reci_chn_1: 0.0175070028
      var_reci_chn_2: 0.0174291939
    }
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

    ## Fix

    Compare it with the training code of the model. If the number is right, suppress the finding.

    ## Source

    The constants of the training code in wide use; fact W10. Seen in public configurations.
    """
    channels = channels_of(op)
    if not channels or output_colour(op) not in ("rgb", "gray"):
        return
    for issue in (_mean_slip(op, channels), _reciprocal_slip(channels)):
        if issue is None:
            continue
        value = plain(issue.right, 9)
        values: dict[str, object] = {"field": issue.field, "found": plain(issue.found), "right": plain(issue.right)}
        values |= {"value": value, "whose": issue.whose}
        trained = _confirmed(issue, channels, training)
        severity = Severity.WARNING if trained or (issue.alone and _miswritten(issue)) else None
        edit = Edit(*op.value_place(issue.field).span, value)
        fix = Fix("set it to {value}", (edit,), safe=False)
        message = "{field} {found} is close to {right}, {whose}, but differs from it"
        if issue.mean is not None:
            values |= {"number": issue.field[-1], "total": plain(issue.mean[0]), "target": plain(issue.mean[1])}
            message = "mean_chn_{number} + min_chn_{number} is {total}; {whose} is {target}"
        yield Problem(op.place(issue.field), message, values, trained, fix=fix, severity=severity)


def _confirmed(issue: _Slip, channels: Sequence[Channel], training: Training | None) -> tuple[Related, ...]:
    """Return the training code that has the right number; nothing if no code has it."""
    channel = next(channel for channel in channels if issue.field.endswith(str(channel.number)))
    in_mean = not issue.field.startswith("var")
    right = channel.offset - issue.found + issue.right if in_mean else 1 / issue.right
    for place in training.places if training is not None else ():
        if any(abs(number - right) < _SAME * abs(right) for number in (place.mean if in_mean else place.deviation)):
            return (Related(place.place, "the training code has {trained}", {"trained": plain(right)}),)
    return ()


def _miswritten(issue: _Slip) -> bool:
    """Return whether the digits are those of the right number with two of them swapped, or with one missing."""
    if issue.mean is not None:
        found, right = map(_digits, issue.mean)
    else:
        found, right = _digits(issue.found), _digits(issue.right)
    for at in range(min(len(found), len(right))):
        if found[at] != right[at]:
            without = right[:at] + right[at + 1 :]
            prefix = right[: len(found)]
            swapped = sorted(found) == sorted(prefix) and sum(map(str.__ne__, found, prefix)) <= _MOVED
            return swapped or without.startswith(found)
    return False


def _digits(number: float) -> str:
    """Return the digits of a number with its leading zeros."""
    return plain(number, 9).replace(".", "").replace("-", "")


def _mean_slip(op: AippOp, channels: Sequence[Channel]) -> _Slip | None:
    """Return the one mean of three that does not match the other two."""
    offsets = [channel.offset for channel in channels]
    if len(channels) != 3 or mean_readings(offsets):
        return None
    known = [
        (triple.in_order(order), Phrase("the mean of {set}", {"set": triple.dataset}))
        for triple in MEANS
        for order in (RGB, BGR)
    ]
    known += [((mean, mean, mean), Phrase("the mean of the other channels")) for mean in UNIFORM_MEANS]
    if any(all(map(same_mean, offsets, targets)) for targets, _ in known):
        return None
    issues = []
    for targets, whose in known:
        odd = [i for i in range(3) if not same_mean(offsets[i], targets[i])]
        if len(odd) == 1 and abs(offsets[odd[0]] / targets[odd[0]] - 1) < _FAR / 2:
            channel, target = channels[odd[0]], targets[odd[0]]
            stem, right = ("min_chn", target - channel.mean) if channel.minimum else ("mean_chn", round(target))
            found = channel.minimum or channel.mean
            misfit = sum(abs(o - t) for o, t in zip(offsets, targets, strict=True)) - abs(channel.offset - target)
            mean = (channel.offset, target) if channel.mean and channel.minimum else None
            field = f"{stem}_{channel.number}"
            issues.append(_Slip(field, found, right, whose, round(misfit, 6), alone=True, mean=mean))
    written = [issue for issue in issues if op.has(issue.field)]
    return min(written, key=lambda issue: (issue.misfit, abs(issue.right - issue.found)), default=None)


def _reciprocal_slip(channels: Sequence[Channel]) -> _Slip | None:
    """Return a reciprocal that does not match the other channels or the means."""
    factors = [channel.reciprocal for channel in channels]
    if deviation_readings(factors) or any(
        all(same_reciprocal(factor, deviation) for factor in factors) for deviation in (*UNIFORM_DEVIATIONS, 1.0)
    ):
        return None
    issue = _uniform_slip(channels) if len({*factors}) == 1 else _odd_one(channels)
    return issue or _set_slip(channels)


def _odd_one(channels: Sequence[Channel]) -> _Slip | None:
    """Return the one reciprocal of three that does not match the other two."""
    known = [(t.in_order(order), Phrase(t.dataset)) for t in DEVIATIONS for order in (RGB, BGR)]
    known += [((d, d, d), Phrase("the other channels")) for d in UNIFORM_DEVIATIONS]
    issues = []
    for targets, whose in known:
        odd = [c for c, target in zip(channels, targets, strict=True) if not same_reciprocal(c.reciprocal, target)]
        if len(odd) == 1:
            deviation = targets[channels.index(odd[0])]
            if _near(odd[0].reciprocal, deviation):
                rest = [abs(c.reciprocal * t - 1) for c, t in zip(channels, targets, strict=True) if c is not odd[0]]
                issues.append(_issue(odd[0], deviation, whose)._replace(misfit=sum(rest), alone=True))
    return min(issues, key=lambda issue: issue.misfit, default=None)


def _uniform_slip(channels: Sequence[Channel]) -> _Slip | None:
    """Return the reciprocal of all channels if it is close to that of a usual range."""
    offsets = {channel.offset for channel in channels}
    if len(offsets) != 1 or not offsets <= _USUAL.keys():
        return None
    deviations, limit = _USUAL[offsets.pop()]
    factor = channels[0].reciprocal
    near = [d for d in deviations if abs(factor * d - 1) < limit or _decimal_slip(factor, d)]
    return _issue(channels[0], near[0]) if near else None


def _set_slip(channels: Sequence[Channel]) -> _Slip | None:
    """Return the first reciprocal if the means are known and the reciprocals are close to their data set."""
    means = mean_readings([channel.offset for channel in channels])
    for reading in means:
        for triple in DEVIATIONS:
            if triple.dataset != reading.triple.dataset:
                continue
            away = [abs(c.reciprocal * d - 1) for c, d in zip(channels, triple.in_order(reading.order), strict=True)]
            if _SLIGHT < max(away) < _FAR:
                return _issue(channels[0], triple.in_order(reading.order)[0], Phrase(triple.dataset))
    return None


def _issue(channel: Channel, deviation: float, whose: Phrase | None = None) -> _Slip:
    template = "1 / {deviation}" if whose is None else "1 / {deviation} of {whose}"
    owner = Phrase(template, {"deviation": plain(deviation), "whose": whose})
    return _Slip(f"var_reci_chn_{channel.number}", channel.reciprocal, 1 / deviation, owner)


def _near(factor: float, deviation: float) -> bool:
    return abs(factor * deviation - 1) < _FAR or _decimal_slip(factor, deviation)


def _decimal_slip(factor: float, deviation: float) -> bool:
    """Return whether the number has a zero too many or too few."""
    return any(same_reciprocal(factor, deviation * scale) for scale in (0.1, 10))


@rule("AIPP508", "mixed-constants", Severity.INFO)
def mixed_constants(op: AippOp) -> Iterator[Problem]:
    """The means and the deviations are from different data sets, or in different orders.

    Means and deviations are used in pairs and in the same order: R, G, B or B, G, R. Here both are well known, but do
    not match, for example because only one of the two was copied or reversed. The finding is a warning if both are from
    one data set, but in opposite orders.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      min_chn_0: 103.53
      min_chn_1: 116.28
      min_chn_2: 123.675
      var_reci_chn_0: 0.0171247538  # <--
      var_reci_chn_1: 0.0175070028
      var_reci_chn_2: 0.0174291939
    }
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      min_chn_0: 103.53
      min_chn_1: 116.28
      min_chn_2: 123.675
      var_reci_chn_0: 0.0174291939
      var_reci_chn_1: 0.0175070028
      var_reci_chn_2: 0.0171247538
    }
    ```

    ## Fix

    Copy both from the training code of the model, in the order of its channels. If only the orders differ, the unsafe
    fix puts the reciprocals into the order of the means.

    ## Source

    The constants of the training code in wide use; fact W50. Seen in public
    configurations.
    """
    channels = channels_of(op)
    if len(channels) != 3 or output_colour(op) != "rgb":
        return
    means = mean_readings([channel.offset for channel in channels])
    deviations = deviation_readings([channel.reciprocal for channel in channels])
    if not means or not deviations or {*map(_kind, means)} & {*map(_kind, deviations)}:
        return
    mean, deviation = means[0], deviations[0]
    same = {reading.triple.dataset for reading in means} & {reading.triple.dataset for reading in deviations}
    values = {
        "mean": mean.triple.dataset,
        "deviation": deviation.triple.dataset,
        "mean_order": mean.order,
        "deviation_order": deviation.order,
    }
    message = "the reciprocals are those of {deviation}, but the means are those of {mean}"
    severity = Severity.WARNING if same else None
    if same:
        message = "the reciprocals are in {deviation_order} order, but the means of {mean} are in {mean_order} order"
    field = "min_chn_0" if op.real("min_chn_0") else "mean_chn_0"
    related = (Related(op.place(field), "the means are set here"),)
    fix = _reversed_reciprocals(op) if same else None
    yield Problem(op.place("var_reci_chn_0"), message, values, related, fix=fix, severity=severity)


def _reversed_reciprocals(op: AippOp) -> Fix | None:
    """Return the exchange of the first and the last reciprocal, as they are written."""
    first, last = op.last(_RECIPROCALS[0]), op.last(_RECIPROCALS[2])
    if first is None or last is None:
        return None
    places = [Edit(*one.scalar.span, other.scalar.literal) for one, other in ((first, last), (last, first))]
    return Fix("put the reciprocals into {mean_order} order", tuple(sorted(places)), safe=False)


def _kind(reading: Reading) -> tuple[str, str]:
    return reading.triple.dataset, reading.order


RULES = (near_miss_constant, mixed_constants)
