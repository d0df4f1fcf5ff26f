"""AIPP501 to AIPP504: mean, min and reciprocal on the wrong scale, or subtracted twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from aipplint.config.normalisation import Channel, channels_of, deviation_readings, plain
from aipplint.config.op import AippOp
from aipplint.findings import Edit, Fix, Problem, Severity
from aipplint.rules.rule import rule

_BYTES = frozenset(
    ("YUV420SP_U8", "YUYV_U8", "YUV422SP_U8", "AYUV444_U8", "RGB888_U8", "XRGB8888_U8", "ARGB8888_U8", "YUV400_U8")
)
"""Formats whose pixels are bytes. The others have more bits, and reciprocals that are smaller accordingly."""


def listed(values: Iterable[float]) -> str:
    """Return some numbers for a message, or one number if all are equal."""
    texts = [plain(value) for value in values]
    return texts[0] if len(set(texts)) == 1 else ", ".join(texts)


def replacing(op: AippOp, stem: str, values: Sequence[tuple[int, float]]) -> tuple[Edit, ...]:
    """Return edits that set other values of channels; none if one of the fields is missing."""
    names = [f"{stem}_{index}" for index, _ in values]
    if not all(op.has(name) for name in names):
        return ()
    return tuple(
        Edit(*op.value_place(name).span, plain(value, 9)) for name, (_, value) in zip(names, values, strict=True)
    )


def _fix(message: str, edits: tuple[Edit, ...]) -> Fix | None:
    return Fix(message, tuple(sorted(edits)), safe=False) if edits else None


@rule("AIPP501", "zero-to-one-mean", Severity.WARNING)
def zero_to_one_mean(op: AippOp) -> Iterator[Problem]:
    """The mean or standard deviation was copied from code that scales pixels to 0-1.

    Such training code has constants like 0.485 and 0.229. AIPP gets pixels from 0 to 255, subtracts the mean and
    multiplies by the reciprocal of the standard deviation. ATC compiles it, but the model gets values that it was never
    trained with.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      min_chn_0: 0.485  # <--
      min_chn_1: 0.456
      min_chn_2: 0.406
      var_reci_chn_0: 0.229
      var_reci_chn_1: 0.224
      var_reci_chn_2: 0.225
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

    Set `min_chn` to 255 times the mean, and `var_reci_chn` to 1 / (255 * deviation). A fraction in addition to an
    integer in `mean_chn` (123 and 0.675) is right and not reported.

    ## Source

    Facts W10, W50 and N4. Seen in public configurations.
    """
    channels = channels_of(op)
    pasted_mean = bool(channels) and all(c.mean == 0 and 0.02 <= c.minimum < 1 for c in channels)
    factors = [channel.reciprocal for channel in channels]
    pasted = bool(channels) and (pasted_mean or _plain_deviations(channels))
    if not pasted:
        return
    deviations = [_on_bytes(factor) for factor in factors]
    if pasted_mean and all(0.001 < factor < 0.1 for factor in factors):
        deviations = factors
    values = {
        "min": listed(channel.offset for channel in channels),
        "var": listed(factors),
        "right_min": listed(channel.offset * 255 for channel in channels),
        "right_var": listed(deviations),
    }
    by_var = [(channel.number, value) for channel, value in zip(channels, deviations, strict=True)]
    edits = replacing(op, "var_reci_chn", by_var) if deviations != factors else ()
    if not pasted_mean:
        message = "var_reci_chn {var} is for pixels of 0 to 1; for 0 to 255, use 1 / (255 * deviation), {right_var}"
        fix = _fix("scale the reciprocals to pixels of 0 to 255", edits)
        yield Problem(op.place("var_reci_chn_0"), message, values, fix=fix)
        return
    message = (
        "min_chn {min} and var_reci_chn {var} are for pixels of 0 to 1; for 0 to 255, use {right_min} and {right_var}"
    )
    if deviations == factors:
        message = "min_chn {min} is for pixels of 0 to 1; for 0 to 255, use {right_min}"
    by_min = [(channel.number, channel.minimum * 255) for channel in channels]
    whole = bool(edits) or deviations == factors
    mended = (*replacing(op, "min_chn", by_min), *edits) if whole else ()
    fix = _fix("scale mean and reciprocal to pixels of 0 to 255", mended)
    yield Problem(op.place("min_chn_0"), message, values, fix=fix)


def _plain_deviations(channels: Sequence[Channel]) -> bool:
    """Return whether the reciprocals are known deviations of images of 0 to 1, or their reciprocals."""
    factors = [channel.reciprocal for channel in channels]
    if len(factors) == 3 and any(
        deviation_readings(scaled) for scaled in ([f / 255 for f in factors], [1 / (255 * f) for f in factors if f])
    ):
        return True
    return all(channel.offset == 127.5 and channel.reciprocal in (0.5, 2) for channel in channels)


def _on_bytes(factor: float) -> float:
    """Return the reciprocal for pixels of 0 to 255 of a deviation, or of its reciprocal, for pixels of 0 to 1."""
    if factor == 0:
        return 0.0
    return factor / 255 if factor >= 1 else 1 / (255 * factor)


@rule("AIPP502", "scaled-twice", Severity.WARNING)
def scaled_twice(op: AippOp) -> Iterator[Problem]:
    """The reciprocal is so small that all pixels become nearly equal.

    `var_reci_chn` is 1 / deviation, with the deviation for pixels of 0 to 255. Dividing by 255 a second time (1 / (255
    * 58.395)) squeezes the input into a range below 0.1, so all images look the same to the model.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      var_reci_chn_0: 0.0000671559  # <--
      var_reci_chn_1: 0.0000686549
      var_reci_chn_2: 0.0000683498
    }
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      var_reci_chn_0: 0.0171247538
      var_reci_chn_1: 0.0175070028
      var_reci_chn_2: 0.0174291939
    }
    ```

    ## Fix

    Multiply the reciprocals by 255.

    ## Source

    Facts W10 and N4 give the range; seen in public configurations.
    """
    if op.text("input_format") not in _BYTES:
        return
    small = [channel for channel in channels_of(op) if 0 < abs(channel.reciprocal) * 255 < 0.1]
    if not small:
        return
    first = small[0]
    right = [(channel.number, channel.reciprocal * 255) for channel in small]
    values = {
        "name": f"var_reci_chn_{first.number}",
        "found": plain(first.reciprocal),
        "range": plain(255 * abs(first.reciprocal), 3),
        "right": plain(first.reciprocal * 255),
        "deviation": plain(1 / (first.reciprocal * 255), 6),
    }
    message = "{name} {found} squeezes pixels of 0 to 255 into a range of {range}"
    note = "it was probably divided by 255 twice; 1 / {deviation} is {right}"
    if abs(first.reciprocal * 255) <= 0.002:
        right, note = [], ""
    fix = _fix("multiply the reciprocals by 255", replacing(op, "var_reci_chn", right))
    yield Problem(op.place(f"var_reci_chn_{first.number}"), message, values, fix=fix, note=note)


@rule("AIPP503", "mean-given-twice", Severity.WARNING)
def mean_given_twice(op: AippOp) -> Iterator[Problem]:
    """mean_chn and min_chn both contain the whole mean.

    AIPP subtracts both. Put an integer mean in `mean_chn` and another one in `min_chn`, or split it between them (123
    and 0.675). If the mean is subtracted twice, nearly every pixel becomes negative.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      mean_chn_0: 124  # <--
      mean_chn_1: 116
      mean_chn_2: 104
      min_chn_0: 123.675
      min_chn_1: 116.28
      min_chn_2: 103.53
    }
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      mean_chn_0: 123
      mean_chn_1: 116
      mean_chn_2: 103
      min_chn_0: 0.675
      min_chn_1: 0.28
      min_chn_2: 0.53
    }
    ```

    ## Fix

    Keep one of the two.

    ## Source

    Facts W10 and N4.
    """
    twice = [c for c in channels_of(op) if c.mean > 1 and c.minimum > 1 and abs(c.mean - c.minimum) < 1.5]
    if not twice:
        return
    first = twice[0]
    values = {"index": first.number, "mean": first.mean, "min": plain(first.minimum), "sum": plain(first.offset)}
    message = "mean_chn_{index} {mean} and min_chn_{index} {min} are both subtracted, {sum} in all; keep one of them"
    edits = tuple(Edit(*op.value_place(f"mean_chn_{c.number}").span, "0") for c in twice)
    yield Problem(op.place(f"mean_chn_{first.number}"), message, values, fix=_fix("set mean_chn to 0", edits))


@rule("AIPP504", "zero-reciprocal", Severity.WARNING)
def zero_reciprocal(op: AippOp) -> Iterator[Problem]:
    """The reciprocal of a channel is 0, so every pixel of it becomes 0.

    `var_reci_chn` defaults to 1. An explicit 0 sets every pixel of the channel to 0. It is harmless in a fourth channel
    that the format does not have.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      var_reci_chn_0: 0  # <--
      var_reci_chn_1: 0
      var_reci_chn_2: 0
    }
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      var_reci_chn_0: 1
      var_reci_chn_1: 1
      var_reci_chn_2: 1
    }
    ```

    ## Fix

    Set 1 / deviation, or delete the field for no scaling.

    ## Source

    Facts S2, N4 and W10.
    """
    dead = [channel.number for channel in channels_of(op) if channel.reciprocal == 0]
    if dead:
        values = {"index": dead[0], "channels": dead}
        message = "var_reci_chn_{index} is 0; every pixel of channel {channels} becomes 0"
        yield Problem(op.place(f"var_reci_chn_{dead[0]}"), message, values)


RULES = (zero_to_one_mean, scaled_twice, mean_given_twice, zero_reciprocal)
