"""AIPP505, AIPP506, AIPP509, AIPP511, AIPP512: coefficients that get lost, are missing, or are on another scale."""

from __future__ import annotations

import math
from collections.abc import Iterator

from aipplint.atc.build import Build
from aipplint.config.normalisation import (
    MAX_HALF,
    NOT_SENT,
    SINGLE_PRECISION,
    SMALLEST_NORMAL,
    channels_in_use,
    channels_of,
    half,
    output_colour,
    plain,
    same_reciprocal,
)
from aipplint.config.op import AippOp
from aipplint.findings import Edit, Fix, Problem, Severity
from aipplint.hardware.products import product_of
from aipplint.rules.options import set_here
from aipplint.rules.rule import rule

_WHITE, _SCALED = 255, 0.1
"""The largest byte; and a reciprocal up to which bytes are brought to another scale."""
_EXACT = 0.5
"""How far a mean may be away from that of ImageNet where a rule rests on it alone, in pixels of 0 to 255."""
_RECIPROCALS = ("var_reci_chn_0", "var_reci_chn_1", "var_reci_chn_2")
_IMAGENET = ((123.675, 116.28, 103.53), (124, 116, 104), (124, 117, 104), (123, 117, 104))
"""The means of ImageNet as they are written; in the order R, G, B."""


@rule("AIPP505", "lost-in-half-precision", Severity.WARNING)
def lost_in_half_precision(op: AippOp, build: Build) -> Iterator[Problem]:
    """A coefficient is too large or too small for half precision.

    The operator stores `min_chn` and `var_reci_chn` in 16 bits: the maximum is 65504, numbers below 0.000061 lose
    digits, and numbers below 0.00000003 become 0. (Chips such as Ascend310B use 32 bits.)

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      var_reci_chn_0: 0.00001  # <--
    }
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      var_reci_chn_0: 0.0039215686
      var_reci_chn_1: 0.0039215686
      var_reci_chn_2: 0.0039215686
    }
    ```

    ## Fix

    Set the coefficient for pixels of 0 to 255. If such a small factor is intended, apply it in the model.

    ## Source

    Facts N8, N9 and W10.
    """
    product = product_of(build.soc_version)
    if not op.is_static or (product is not None and product.short in SINGLE_PRECISION):
        return
    for stem in ("min_chn", "var_reci_chn"):
        for index in channels_in_use(op):
            name = f"{stem}_{index}"
            value = op.real(name) if op.has(name) else None
            if value is None or value == 0 or not math.isfinite(value) or SMALLEST_NORMAL <= abs(value) <= MAX_HALF:
                continue
            values = {"name": name, "found": plain(value), "kept": plain(half(value))}
            message = "{name} {found} is {kept} in half precision, which loses digits below 0.000061"
            if abs(value) > MAX_HALF:
                message = "{name} {found} is {kept} in half precision; the maximum is 65504"
            elif stem == "min_chn" and abs(value) < NOT_SENT:
                message = "{name} {found} is so small that ATC does not pass it to the operator"
            yield Problem(op.place(name), message, values)
            break


@rule("AIPP506", "uneven-channels", Severity.WARNING)
def uneven_channels(op: AippOp, build: Build) -> Iterator[Problem]:
    """Only some of the channels have coefficients.

    Channels are numbered from 0: three channels are 0, 1 and 2. A missing mean defaults to 0 and a missing reciprocal
    to 1, so that the channels have different scales.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      var_reci_chn_1: 0.0039215686  # <--
      var_reci_chn_2: 0.0039215686
      var_reci_chn_3: 0.0039215686
    }
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      var_reci_chn_0: 0.0039215686
      var_reci_chn_1: 0.0039215686
      var_reci_chn_2: 0.0039215686
    }
    ```

    ## Fix

    Set the coefficient of every channel of the format; write 0 or 1 if that is intended.

    ## Source

    Facts S2 and W2 (defaults); N7 for gray, which has one channel.
    """
    shape = build.input_of(op)
    used = channels_in_use(op, None if shape is None else shape.channels)
    if not op.is_static or op.damaged or not used or output_colour(op) == "yuv":
        return
    for what, stems, neutral in (("mean", ("mean_chn", "min_chn"), 0), ("var_reci_chn", ("var_reci_chn",), 1)):
        names = {i: [f"{s}_{i}" for s in stems if op.has(f"{s}_{i}")] for i in range(4)}
        lacking = [index for index in used if not names[index]]
        acting = [name for index in names for name in names[index] if op.value(name) not in (neutral, None)]
        if not lacking or not acting:
            continue
        values = {"what": what, "given": [index for index in names if names[index]], "lacking": lacking}
        message = "{what} is set for channel {given}, but not for channel {lacking} of this format"
        first = min(acting, key=lambda name: op.place(name).span)
        yield Problem(op.place(first), message, values, fix=_shift(op, stems, used))


def _shift(op: AippOp, stems: tuple[str, ...], used: tuple[int, ...]) -> Fix | None:
    """Return a fix that renames the fields if the channels are numbered from 1."""
    given = {index for stem in stems for index in range(4) if op.has(f"{stem}_{index}")}
    if given != {index + 1 for index in used}:
        return None
    edits = [
        Edit(*op.name_place(f"{stem}_{index}").span, f"{stem}_{index - 1}")
        for stem in stems
        for index in sorted(given)
        if op.has(f"{stem}_{index}")
    ]
    return Fix("number the channels from 0", tuple(sorted(edits)), safe=False)


@rule("AIPP509", "no-normalisation-for-uint8", Severity.INFO)
def no_normalisation_for_uint8(op: AippOp, build: Build) -> Iterator[Problem]:
    """Mean, min and reciprocal have no effect on UINT8 output.

    An operator that outputs UINT8 does not change the pixels, whatever the coefficients are. The output type is that of
    the model's input. `--output_type=UINT8`, which strictly speaking sets the model's output, is the only sign of it in
    the options, so this is only an info.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      var_reci_chn_0: 0.0039215686  # <--
      var_reci_chn_1: 0.0039215686
      var_reci_chn_2: 0.0039215686
    }
    ```

    ```atc
    --output_type=UINT8
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
    }
    ```

    ```atc
    --output_type=UINT8
    ```

    ## Fix

    If the model requires UINT8, delete the coefficients and normalise in the model. If it requires floating-point
    numbers, suppress the finding.

    ## Source

    Facts N4, W6 and I6 (the operator takes the type of the model's input).
    """
    if build.output_type != "UINT8" or not op.is_static:
        return
    stems = (("mean_chn", 0), ("min_chn", 0), ("var_reci_chn", 1))
    names = [f"{stem}_{i}" for stem, neutral in stems for i in channels_in_use(op) if _acts(op, f"{stem}_{i}", neutral)]
    if names:
        first = min(names, key=lambda name: op.place(name).span)
        message = "{name} has no effect if the model requires UINT8, as --output_type=UINT8 suggests"
        yield Problem(op.place(first), message, {"name": first}, set_here(build, "output_type"))


def _acts(op: AippOp, name: str, neutral: int) -> bool:
    return op.has(name) and op.value(name) not in (neutral, None)


@rule("AIPP512", "padding-value-before-normalisation", Severity.WARNING, preview=True)
def padding_value_before_normalisation(op: AippOp) -> Iterator[Problem]:
    """`padding_value` is a pixel value, although the operator pads after the normalisation.

    The operator subtracts the mean, applies the reciprocal, and then pads. With a reciprocal of 1/255, a grey of 114
    is 0.447; a padding value of 114 makes the border a hundred times brighter than white.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      src_image_size_w: 640
      src_image_size_h: 608
      padding: true
      top_padding_size: 16
      bottom_padding_size: 16
      padding_value: 114  # <--
      var_reci_chn_0: 0.0039215686
      var_reci_chn_1: 0.0039215686
      var_reci_chn_2: 0.0039215686
    }
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      src_image_size_w: 640
      src_image_size_h: 608
      padding: true
      top_padding_size: 16
      bottom_padding_size: 16
      padding_value: 0.447
      var_reci_chn_0: 0.0039215686
      var_reci_chn_1: 0.0039215686
      var_reci_chn_2: 0.0039215686
    }
    ```

    ## Fix

    Set the value that the border has in the training code after the normalisation.

    ## Source

    The operator's kernel, which pads last (AssignPadValue of ops-cv); facts W4.
    """
    value = op.real("padding_value") if op.on("padding") and op.has("padding_value") else None
    channels = channels_of(op)
    if value is None or not channels or not 1 < value <= _WHITE or max(c.reciprocal for c in channels) > _SCALED:
        return
    if value > 2 * max(channel.high for channel in channels):
        becomes = channels[0].output(round(value))
        message = "padding_value {value} is applied after the normalisation, where a pixel of {byte} is {becomes}"
        values = {"value": plain(value), "byte": round(value), "becomes": plain(becomes, 3)}
        yield Problem(op.place("padding_value"), message, values)


@rule("AIPP511", "imagenet-mean-with-255", Severity.WARNING)
def imagenet_mean_with_255(op: AippOp) -> Iterator[Problem]:
    """The means are those of ImageNet, and the scale is 1/255.

    A model that is trained with the means of ImageNet divides by its deviations as well (58.395, 57.12, 57.375), or, as
    Caffe models do, by nothing. With 1/255 the values come out four times too small, or 255 times. Other means go with
    1/255 in some models, and are passed over.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      mean_chn_0: 124
      mean_chn_1: 116
      mean_chn_2: 104
      var_reci_chn_0: 0.0039215686  # <--
      var_reci_chn_1: 0.0039215686
      var_reci_chn_2: 0.0039215686
    }
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      mean_chn_0: 124
      mean_chn_1: 116
      mean_chn_2: 104
      var_reci_chn_0: 0.0171247538
      var_reci_chn_1: 0.0175070028
      var_reci_chn_2: 0.0174291939
    }
    ```

    ## Fix

    Compare with the code that the model was trained with, and take the deviations from there.

    ## Source

    Facts W10 and W50: the usual constants of training code, mixed in public configurations.
    """
    channels = channels_of(op)
    offsets = [channel.offset for channel in channels]
    if len(channels) != 3 or output_colour(op) != "rgb" or not any(map(op.has, _RECIPROCALS)):
        return
    if not all(same_reciprocal(channel.reciprocal, 255) for channel in channels):
        return
    known = [triple[::step] for triple in _IMAGENET for step in (1, -1)]
    if any(all(abs(o - t) <= _EXACT for o, t in zip(offsets, triple, strict=True)) for triple in known):
        first = min(filter(op.has, _RECIPROCALS), key=lambda name: op.place(name).span)
        message = "the scale is 1/255, but the means {means} are those of ImageNet"
        advice = "with these means, use 1/58.395, 1/57.12 and 1/57.375, or no scale at all"
        yield Problem(op.place(first), message, {"means": ", ".join(map(plain, offsets))}, help=advice)


RULES = (
    lost_in_half_precision,
    uneven_channels,
    no_normalisation_for_uint8,
    padding_value_before_normalisation,
    imagenet_mean_with_255,
)
