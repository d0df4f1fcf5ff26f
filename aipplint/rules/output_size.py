"""AIPP704: what comes out of a static operator against what the model takes."""

from __future__ import annotations

from collections.abc import Iterator

from aipplint.atc.build import Build
from aipplint.atc.geometry import (
    AXES,
    CROP,
    PADDING,
    RESIZE,
    Axis,
    Length,
    Target,
    never_fits,
    output,
    refused_with_profiles,
    targets,
)
from aipplint.atc.options import IMAGE
from aipplint.config.op import AippOp
from aipplint.findings import Edit, Fix, Place, Problem, Severity
from aipplint.hardware.formats import EVEN_HEIGHT, EVEN_WIDTH
from aipplint.hardware.size import Size
from aipplint.rules.by_product import INFER_REJECTS, is_ascend950, model_side_here
from aipplint.rules.options import MAY_IGNORE_SHAPE, set_here
from aipplint.rules.rule import rule
from aipplint.rules.wording import Phrase

_TILING_REJECTS = "EZ0009"
_NAMED = 3
"""How many more profiles a message names."""


@rule("AIPP704", "output-size-mismatch", Severity.ERROR, atc=INFER_REJECTS, also=(_TILING_REJECTS,))
def output_size_mismatch(op: AippOp, build: Build) -> Iterator[Problem]:
    """AIPP's output size does not match the model's input size.

    The output is the crop, the resized image or the source, plus the padding. It must equal H and W of the model's
    input in every profile. ATC compares them when it infers shapes, before it compiles the operator. The operator of
    Ascend 950 compares once more if padding is true, and leaves out the resize, which it ignores (EZ0009). In a command
    that was found with `--framework=1`, this is a warning: an `.air` file has a shape of its own, and the manual says
    that `--input_shape` has no effect on it.

    ## Wrong

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
      crop_size_h: 224  # <--
    }
    ```

    ```atc
    --input_format=NCHW --input_shape="data:1,3,304,224"
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

    ```atc
    --input_format=NCHW --input_shape="data:1,3,224,224"
    ```

    ## Fix

    Correct the crop or the padding, or the shape of the model. The unsafe fix sets the crop size, or without a crop the
    source size, to the size that the model requires.

    ## Source

    Facts Z3, Z15, U3 (op_proto/aipp.cc 265-292, 954-960), T20 and T22, which check the same later.
    """
    if not op.is_static or op.damaged or refused_with_profiles(op, build):
        return
    code = None
    wrong = [(target, sides) for target in targets(op, build) if (sides := _mismatch(op, target))]
    if not wrong and is_ascend950(build) and op.on(RESIZE) and op.on(PADDING):
        code = _TILING_REJECTS
        wrong = [(target, sides) for target in targets(op, build) if (sides := _mismatch(op, target, resizes=False))]
    if not wrong:
        return
    target, sides = wrong[0]
    axes = [side.axis for side in sides]
    takes = ", ".join(f"{axis.letter} {axis.of(target.size)}" for axis in axes)
    values: dict[str, object] = {"given": sides, "takes": takes}
    message, note = "output size is {given}, but the model requires {takes}", ""
    related = model_side_here(op, build, *axes)
    if target.profile is not None:
        message = "output size is {given}, but profile {number} requires {takes}"
        numbers = [other.profile.number for other, _ in wrong[1:] if other.profile is not None]
        others: list[object] = [*numbers[:_NAMED]]
        if len(numbers) > _NAMED:
            others.append(Phrase("{count} more", {"count": len(numbers) - _NAMED}))
        if others:
            note = "it does not match profile {others} either"
        values |= {"number": target.profile.number, "others": others}
        related = set_here(build, IMAGE)
    severity = Severity.WARNING if build.may_ignore_shape else None
    advice = _advice(op, target.size) or (MAY_IGNORE_SHAPE if build.may_ignore_shape else "")
    fix = _fix(op, target, sides) if severity is None and code is None else None
    place = _place(op, sides)
    yield Problem(place, message, values, related, fix=fix, help=advice, severity=severity, atc=code, note=note)


def _fix(op: AippOp, target: Target, sides: list[Length]) -> Fix | None:
    """Return the size that fits the model; None if several profiles differ, or if the source has no such part."""
    if target.profile is not None or op.on(RESIZE) or op.flag(PADDING) is None:
        return None
    edits = []
    for side in sides:
        axis = side.axis
        border = sum(op.number(name) or 0 for name in (axis.before, axis.after)) if op.on(PADDING) else 0
        right = axis.of(target.size) - border
        field = axis.crop if op.on(CROP) else axis.source
        if not op.has(field) or right < 1 or not _has_room(op, axis, right):
            return None
        edits.append(Edit(*op.value_place(field).span, str(right)))
    return Fix("make the output {takes}", tuple(sorted(edits)), safe=False)


def _has_room(op: AippOp, axis: Axis, length: int) -> bool:
    """Whether the source is long enough for a crop of a length, or can be of this length itself."""
    even = op.text("input_format") in (EVEN_HEIGHT if axis is AXES[0] else EVEN_WIDTH)
    if not op.on(CROP):
        return not even or length % 2 == 0
    source, start = op.number(axis.source), op.number(axis.start)
    return source is not None and start is not None and start + length <= source


def _mismatch(op: AippOp, target: Target, *, resizes: bool = True) -> list[Length]:
    """Return the sides of the output that differ from the model's, except for those of AIPP303 and AIPP307."""
    stage = output(op, target.size, resizes=resizes)
    if stage is None:
        return []
    explained = _explained if resizes else _crop_without_size
    sides = [(axis, stage.along(axis)) for axis in AXES if not explained(op, axis)]
    return [side for axis, side in sides if side is not None and side.value != axis.of(target.size)]


def _explained(op: AippOp, axis: Axis) -> bool:
    return (op.on(CROP) or not op.on(RESIZE)) and never_fits(op, axis)


def _crop_without_size(op: AippOp, axis: Axis) -> bool:
    return op.on(CROP) and not op.number(axis.crop)


def _place(op: AippOp, sides: list[Length]) -> Place:
    """Return the location of the first field that sets a side which does not match."""
    fields = [term.field for side in sides for term in side.terms if term.field and op.has(term.field)]
    sizes = [side.field for side in sides if side.field and op.has(side.field)]
    return min((op.place(field) for field in sizes or fields), key=lambda place: place.span, default=op.head)


def _advice(op: AippOp, model: Size) -> str:
    """Return a help line with what was probably intended."""
    stage = output(op, model)
    size = None if stage is None else stage.size
    if size is not None and Size(size.width, size.height) == model:
        return "H and W may be swapped; --input_shape and --dynamic_image_size give H first"
    if op.flag(CROP) is False and all(op.number(axis.crop) == axis.of(model) for axis in AXES):
        return "crop_size matches the model, but crop is false"
    return ""


RULES = (output_size_mismatch,)
