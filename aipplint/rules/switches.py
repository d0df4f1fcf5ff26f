"""AIPP310, AIPP311, AIPP315: numbers without their switch, switches without effect, the padding value."""

from __future__ import annotations

import math
from collections.abc import Iterator

from aipplint.atc.build import Build
from aipplint.atc.geometry import AXES, CROP, PADDING, RESIZE, model_size, refused_with_profiles
from aipplint.config.normalisation import NOT_SENT
from aipplint.config.op import AippOp
from aipplint.findings import Problem, Related, Severity
from aipplint.hardware.products import product_of
from aipplint.rules.by_product import ALL_BUT_950, ONLY_950, is_ascend950
from aipplint.rules.coefficients import single
from aipplint.rules.rule import OPERATOR_REJECTS, rule

_PADS = tuple(field for axis in AXES for field in (axis.before, axis.after))
_NUMBERS = {
    CROP: tuple(field for axis in AXES for field in (axis.start, axis.crop)),
    RESIZE: tuple(axis.resize for axis in AXES),
    PADDING: (*_PADS, "padding_value"),
}
"""Fields that are ignored while a switch is false (facts S3, S5)."""

_MAX_HALF = 65504
_BYTE_RANGES = {"UINT8": (0, 255), "INT8": (-128, 127)}


@rule("AIPP310", "size-without-switch", Severity.WARNING)
def size_without_switch(op: AippOp) -> Iterator[Problem]:
    """Numbers for crop, padding or resize are set, but the switch is not true.

    ATC silently sets them to 0, and AIPP feeds the whole source to the model. If the switch is written as false, the
    finding is only an info: somebody probably turned the stage off and kept the numbers.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      src_image_size_w: 256
      src_image_size_h: 256
      load_start_pos_w: 16  # <--
      load_start_pos_h: 16
      crop_size_w: 224
      crop_size_h: 224
    }
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      src_image_size_w: 256
      src_image_size_h: 256
      crop: true
      load_start_pos_w: 16
      load_start_pos_h: 16
      crop_size_w: 224
      crop_size_h: 224
    }
    ```

    ## Fix

    Add the switch, or delete the numbers.

    ## Source

    Facts S3 (aipp_op.cc 676-684) and S5.
    """
    if not op.is_static:
        return
    for switch, fields in _NUMBERS.items():
        dead = [field for field in fields if op.value(field)]
        if not dead or op.flag(switch) is not False or (op.damaged and not op.has(switch)):
            continue
        dead.sort(key=lambda field: op.place(field).span)
        values = {"field": dead[0], "more": len(dead) - 1, "switch": switch}
        if op.has(switch):
            message = "{field} has no effect; {switch} is false"
            if len(dead) > 1:
                message = "{field} and {more} more have no effect; {switch} is false"
            related = (Related(op.place(switch), "{switch} is set here", values),)
            yield Problem(op.place(dead[0]), message, values, related, severity=Severity.INFO)
        else:
            message = "{field} has no effect; {switch} is missing"
            if len(dead) > 1:
                message = "{field} and {more} more have no effect; {switch} is missing"
            yield Problem(op.place(dead[0]), message, values, help="add {switch}: true, or delete the numbers")


@rule("AIPP311", "switch-without-effect", Severity.INFO)
def switch_without_effect(op: AippOp, build: Build) -> Iterator[Problem]:
    """The padding adds nothing, or the crop is the whole source.

    The switch has no effect, except that the source size becomes mandatory. Often a number was forgotten. A crop of the
    whole source whose start is written as 0 is meant so, as in a template that many repositories share.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      src_image_size_w: 224
      src_image_size_h: 224
      crop: true  # <--
      crop_size_w: 224
      crop_size_h: 224
    }
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      src_image_size_w: 224
      src_image_size_h: 224
    }
    ```

    ## Fix

    Delete the switch and its numbers, or set the numbers.

    ## Source

    Facts U3 and T20.
    """
    if not op.is_static or op.damaged or refused_with_profiles(op, build):
        return
    if op.on(PADDING) and all(op.number(field) == 0 for field in _PADS):
        yield Problem(op.place(PADDING), "padding is true, but all four sides are 0")
    if not op.on(CROP) or any(op.number(axis.start) != 0 for axis in AXES):
        return
    if all(op.has(axis.start) and op.has(axis.crop) for axis in AXES):
        return
    model = model_size(op, build)
    sides = [(op.number(axis.crop), op.number(axis.source), axis) for axis in AXES]
    whole = [size or (size is not None and model is not None and axis.of(model)) for size, _, axis in sides]
    if all(size and size == source for size, (_, source, _) in zip(whole, sides, strict=True)):
        values = {"sides": ", ".join(f"{axis.letter} {source}" for _, source, axis in sides)}
        yield Problem(op.place(CROP), "crop is true, but it is the whole source ({sides})", values)


@rule("AIPP315", "padding-value-type", Severity.ERROR, atc=OPERATOR_REJECTS, tiling="EZ0033")
def padding_value_type(op: AippOp, build: Build) -> Iterator[Problem]:
    """`padding_value` does not match AIPP's output type.

    ATC passes `padding_value` to the operator as a floating-point number, which most operators accept only if the
    output is float16.

    | output type | Ascend 950 | other products |
    |---|---|---|
    | float16 | -65504 to 65504 | -65504 to 65504, by the manual |
    | uint8 | 0 to 255 | 0 only |
    | int8 | no such output | 0 only |

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      src_image_size_w: 384
      src_image_size_h: 416
      padding: true
      left_padding_size: 16
      right_padding_size: 16
      padding_value: 114  # <--
    }
    ```

    ```atc
    --soc_version=Ascend310P3 --output_type=UINT8 --input_format=NCHW --input_shape="data:1,3,416,416"
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      src_image_size_w: 384
      src_image_size_h: 416
      padding: true
      left_padding_size: 16
      right_padding_size: 16
      padding_value: 114
    }
    ```

    ```atc
    --soc_version=Ascend310P3 --output_type=FP16 --input_format=NCHW --input_shape="data:1,3,416,416"
    ```

    ## Fix

    Set `padding_value` to 0, or set the output type to FP16.

    ## Source

    Facts S7 and T31 (aipp_comm.py 2357-2363, run), A8; fact W2 for the range.
    """
    given = op.real("padding_value") if op.is_static and op.on(PADDING) and op.has("padding_value") else None
    value = 0.0 if given is None else single(given)
    if abs(value) < NOT_SENT or not math.isfinite(value):
        return
    entry = op.last("padding_value")
    output_type, option = build.output_type, build.option("output_type")
    low, high = _BYTE_RANGES.get(output_type or "", (-_MAX_HALF, _MAX_HALF))
    values = {"value": entry.scalar.literal[:24] if entry else value, "type": output_type, "low": low, "high": high}
    related: tuple[Related, ...] = ()
    tiling, unknown = is_ascend950(build), product_of(build.soc_version) is None
    inside, note = low <= value <= high, ""
    if output_type in _BYTE_RANGES:
        related = (Related(option.place, "--output_type={type} is set here", values),) if option else ()
        if tiling and inside:
            return
        message = "padding_value is {value}; with --output_type={type} it must be 0"
        severity = Severity.ERROR
        if tiling:
            message = "padding_value is {value}; with --output_type={type} the range is {low} to {high}"
        elif unknown and inside and output_type == "UINT8":
            note, severity = ALL_BUT_950, Severity.WARNING
    elif inside:
        return
    else:
        message = "padding_value is {value}; the range of float16 is {low} to {high}"
        severity = Severity.ERROR if tiling else Severity.WARNING
        note = ONLY_950 if unknown else ""
    yield Problem(op.value_place("padding_value"), message, values, related, severity=severity, note=note)


RULES = (size_without_switch, switch_without_effect, padding_value_type)
