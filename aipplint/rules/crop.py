"""AIPP305 to AIPP307: the crop of a static operator."""

from __future__ import annotations

from collections.abc import Iterator

from aipplint.atc.build import Build
from aipplint.atc.geometry import (
    AXES,
    CROP,
    PADDING,
    RESIZE,
    Length,
    Term,
    model_size,
    never_fits,
    refused_with_profiles,
    switched_on,
)
from aipplint.config.op import AippOp
from aipplint.findings import Problem, Related, Severity
from aipplint.hardware.formats import EVEN_HEIGHT
from aipplint.hardware.products import PRODUCTS, Product
from aipplint.rules.by_product import INFER_REJECTS, NOT_CHECKED, even_axes, is_ascend950, model_side_here, severity_for
from aipplint.rules.geometry import source_of
from aipplint.rules.rule import OPERATOR_REJECTS, rule

_MAX_CROP = 4096


@rule("AIPP305", "crop-outside-source", Severity.ERROR, atc=OPERATOR_REJECTS, also=("EZ0033",), tiling="EZ0034")
def crop_outside_source(op: AippOp, build: Build) -> Iterator[Problem]:
    """The crop exceeds the source image.

    In both directions, `load_start_pos` plus `crop_size` must not exceed `src_image_size`. A `crop_size` of 0 defaults
    to the model's input size; Ascend 950 adds 0 instead, accepts it and reads beyond the image, so there it is a
    warning.

    | product | code |
    |---|---|
    | Ascend 950 | EZ0034; EZ0033 if a start exceeds 4095 or a size 4096 |
    | others | E81012 |

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      src_image_size_w: 256
      src_image_size_h: 256
      crop: true
      load_start_pos_w: 64
      load_start_pos_h: 16
      crop_size_w: 224  # <--
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
      load_start_pos_w: 32
      load_start_pos_h: 16
      crop_size_w: 224
      crop_size_h: 224
    }
    ```

    ## Fix

    Move the start to the left or up, or feed a larger image.

    ## Source

    Facts T12 (aipp_comm.py 2180-2202), A4 and Z4 (aipp_tiling.cpp 655-752).
    """
    if not op.is_static or not op.on(CROP) or refused_with_profiles(op, build):
        return
    model = model_size(op, build)
    for axis in AXES:
        start, size, source = op.number(axis.start), op.number(axis.crop), source_of(op, build, axis)
        if start is None or start < 0 or size is None or size < 0 or source is None:
            continue
        side = axis.of(model) if model else 0
        related = model_side_here(op, build, axis) if not size or not source.field else ()
        values: dict[str, object] = {"field": axis.start, "start": start, "edge": source}
        message = "{field} {start} is outside of the source image; {edge}"
        if size or side:
            end = Length(axis, (Term(axis.crop if size else None, size or side), Term(axis.start, start)))
            message, values["sum"] = "{sum} exceeds {edge}", end
            outside = end.value > source.value
        else:
            outside = start >= source.value and not op.damaged
        if not outside:
            continue
        if source.field:
            related += (Related(op.place(source.field), "the source size is set here"),)
        severity, note, code = None, "", None
        if is_ascend950(build):
            code = "EZ0033" if size > _MAX_CROP or start >= _MAX_CROP else None
            if code is None and start + size <= source.value:
                note, severity = "the operator of this product does not check a crop without a size", Severity.WARNING
        place = op.place(axis.crop if size else axis.start)
        yield Problem(place, message, values, related, severity=severity, atc=code, note=note)


@rule("AIPP306", "odd-crop-start", Severity.ERROR, atc=OPERATOR_REJECTS, tiling="EZ0034")
def odd_crop_start(op: AippOp, build: Build) -> Iterator[Problem]:
    """The crop start is odd, although pairs of pixels share their colour.

    YUV420SP_U8 requires that both starts are even, YUV422SP_U8 and YUYV_U8 that `load_start_pos_w` is even.

    | who | YUV420SP_U8 | YUV422SP_U8, YUYV_U8 |
    |---|---|---|
    | Ascend310, Ascend310P, Ascend610, Ascend910, BS9SX1A, Hi3796CV300, SD3403 | even | even width |
    | Ascend910B, Ascend910_93 | not checked | even width |
    | Ascend310B, AS31XM1, Ascend610Lite, BS9SX2A, MC61AM21A | not checked | not checked |
    | Ascend 950 | even | no such format |
    | the run time and the manual, on every product | even | even width |

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: YUV420SP_U8
      src_image_size_w: 256
      src_image_size_h: 256
      crop: true
      load_start_pos_w: 15  # <--
      load_start_pos_h: 16
      crop_size_w: 224
      crop_size_h: 224
    }
    ```

    ```atc
    --soc_version=Ascend310P3 --input_format=NCHW --input_shape="data:1,3,224,224"
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: YUV420SP_U8
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
    --soc_version=Ascend310P3 --input_format=NCHW --input_shape="data:1,3,224,224"
    ```

    ## Fix

    Start one pixel earlier or later.

    ## Source

    Facts T13 and T15 (aipp_comm.py 2204-2235, list 157), A4; R20 for the run time, fact W6.
    """
    image_format = op.text("input_format") or ""
    even = even_axes(image_format)
    odd = [axis for axis in even if (op.number(axis.start) or 0) > 0 and (op.number(axis.start) or 0) % 2]
    if not op.is_static or not op.on(CROP) or not odd:
        return
    planar = image_format in EVEN_HEIGHT
    spared = [p.short for p in PRODUCTS.values() if p.formats and not _wants_even_start(p, planar=planar)]
    severity = severity_for(build, lambda product: _wants_even_start(product, planar=planar))
    starts = [f"{axis.start} {op.number(axis.start)}" for axis in odd]
    values = {"starts": starts, "format": image_format, "spared": spared}
    message, note = "odd crop start: {starts}; {format} requires an even one", ""
    if severity is None:
        note, severity = NOT_CHECKED, Severity.WARNING
    elif severity is Severity.WARNING:
        note = "every product except for {spared} rejects it"
    place = min((op.place(axis.start) for axis in odd), key=lambda place: place.span)
    yield Problem(place, message, values, severity=severity, note=note)


def _wants_even_start(product: Product, *, planar: bool) -> bool:
    return not (product.odd_crop_start if planar else product.odd_crop_start_422)


@rule("AIPP307", "crop-size-needed", Severity.ERROR, atc=OPERATOR_REJECTS, also=(INFER_REJECTS,), tiling="EZ0009")
def crop_size_needed(op: AippOp, build: Build) -> Iterator[Problem]:
    """A crop without a size is followed by padding or resize.

    A `crop_size` of 0 defaults to the model's input size. This works only if the crop is the last stage: with padding,
    the output exceeds the model's input. ATC rejects it when it infers shapes (E70014) or compiles the operator.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      src_image_size_w: 224
      src_image_size_h: 224
      crop: true  # <--
      padding: true
      left_padding_size: 8
      right_padding_size: 8
    }
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      src_image_size_w: 224
      src_image_size_h: 224
      crop: true
      crop_size_w: 208
      crop_size_h: 224
      padding: true
      left_padding_size: 8
      right_padding_size: 8
    }
    ```

    ```atc
    --input_format=NCHW --input_shape="data:1,3,224,224"
    ```

    ## Fix

    Set both sides of `crop_size` to the model's input size minus the padding.

    ## Source

    Facts T11 (aipp_comm.py 2158-2178), T17, U3; for Ascend 950 A8, where 0 remains 0.
    """
    missing = [axis for axis in AXES if op.number(axis.crop) == 0]
    after = [name for name in switched_on(op) if name in (RESIZE, PADDING)]
    if not op.is_static or not op.on(CROP) or not after or not missing or op.damaged:
        return
    if refused_with_profiles(op, build):
        return
    severity: Severity | None = Severity.ERROR
    if PADDING not in after and (severity := severity_for(build, lambda product: not product.tiling)) is None:
        return
    unfit = any(never_fits(op, axis) for axis in missing)
    message = "missing {fields} (0 or absent); {after} after crop requires a crop size"
    values = {"fields": [axis.crop for axis in missing], "after": list(after)}
    place = op.place(next((axis.crop for axis in missing if op.has(axis.crop)), CROP))
    yield Problem(place, message, values, severity=severity, atc=INFER_REJECTS if unfit else None)


RULES = (crop_outside_source, odd_crop_start, crop_size_needed)
