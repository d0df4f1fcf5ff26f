"""AIPP305 to AIPP309: cutting out of the source, and what is added around it."""

from __future__ import annotations

from collections.abc import Iterator

from aipplint.atc.build import Build
from aipplint.atc.geometry import (
    AXES,
    CROP,
    PADDING,
    RESIZE,
    WIDTH,
    Length,
    Term,
    model_size,
    never_fits,
    output,
    refused_with_profiles,
    switched_on,
)
from aipplint.config.op import AippOp
from aipplint.findings import Problem, Related, Severity
from aipplint.hardware.formats import EVEN_HEIGHT
from aipplint.hardware.products import PRODUCTS, Product, product_of
from aipplint.rules.by_product import INFER_REJECTS, even_axes, in_words, judged, model_side_here
from aipplint.rules.geometry import source_of
from aipplint.rules.rule import rule
from aipplint.rules.values import OPERATOR_REJECTS

_THICKEST = 32
_NARROW, _WIDE = 1080, 4096
_MANUAL_NARROW = ("Ascend310", "Ascend310P", "Ascend910")
"""Where the manual, too, limits the padded width to 1080 (documentation.md 1.5); elsewhere it says 4096."""


@rule("AIPP305", "crop-outside-source", Severity.ERROR, atc=OPERATOR_REJECTS)
def crop_outside_source(op: AippOp, build: Build) -> Iterator[Problem]:
    """The crop reaches over the edge of the source.

    `load_start_pos` plus `crop_size` may be as large as `src_image_size`, not larger, in both directions. A crop_size
    of 0 is the size of the model.

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

    Move the start to the left or top, or feed a larger source.

    ## Source

    Facts T12 (aipp_comm.py 2180-2202) and A4 (aipp_tiling.cpp 655-752).
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
        values: dict[str, object] = {"field": axis.start, "start": start, "edge": str(source)}
        message = "{field} is {start}, outside {edge}"
        if size or side:
            end = Length(axis, (Term(axis.crop if size else None, size or side), Term(axis.start, start)))
            message, values["sum"] = "{sum}, above {edge}", str(end)
            outside = end.value > source.value
        else:
            outside = start >= source.value and not op.damaged
        if outside:
            if source.field:
                related += (Related(op.place(source.field), "the edge of the source"),)
            yield Problem(op.place(axis.crop if size else axis.start), message, values, related)


@rule("AIPP306", "odd-crop-start", Severity.ERROR, atc=OPERATOR_REJECTS)
def odd_crop_start(op: AippOp, build: Build) -> Iterator[Problem]:
    """The crop starts in the middle of a pair of pixels that share their colour.

    For YUV420SP_U8 both starts are even, for YUV422SP_U8 and YUYV_U8 that of the width. The operators of Ascend910B,
    Ascend910_93, Ascend310B and the car chips take odd ones; the manual and the run time do not.

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

    Facts T13 and T15 (aipp_comm.py 2204-2235, list 157), A4; R20 for the run time, documentation.md 1.5.
    """
    image_format = op.text("input_format") or ""
    even = even_axes(image_format)
    odd = [axis for axis in even if (op.number(axis.start) or 0) > 0 and (op.number(axis.start) or 0) % 2]
    if not op.is_static or not op.on(CROP) or not odd:
        return
    planar = image_format in EVEN_HEIGHT
    spared = [p.short for p in PRODUCTS.values() if p.formats and not _wants_even_start(p, planar=planar)]
    severity = judged(build, lambda product: _wants_even_start(product, planar=planar))
    starts = in_words([f"{axis.start} {op.number(axis.start)}" for axis in odd])
    values = {"starts": starts, "format": image_format, "spared": in_words(spared)}
    message = "{starts}: odd, but a crop of {format} starts at even pixels"
    if severity is None:
        message += " by the manual; the operator of this product does not check it"
        severity = Severity.WARNING
    elif severity is Severity.WARNING:
        message += "; every product but {spared} rejects it"
    yield Problem(min((op.place(a.start) for a in odd), key=lambda p: p.span), message, values, severity=severity)


def _wants_even_start(product: Product, *, planar: bool) -> bool:
    return not (product.odd_crop_start if planar else product.odd_crop_start_422)


@rule("AIPP307", "crop-size-needed", Severity.ERROR, atc=OPERATOR_REJECTS, also=(INFER_REJECTS,))
def crop_size_needed(op: AippOp, build: Build) -> Iterator[Problem]:
    """A crop without a size is followed by padding or a resize.

    A crop_size of 0 stands for the size of the model, and works only where the crop is the last stage: padded, the
    result is larger than the model. ATC says so when it infers shapes (E70014), or when it compiles the operator.

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

    Set both sides of `crop_size` to what is left when the padding is taken from the model's size.

    ## Source

    Facts T11 (aipp_comm.py 2158-2178), T17, U3; for Ascend 950 A8, where 0 stays 0.
    """
    missing = [axis for axis in AXES if op.number(axis.crop) == 0]
    after = [name for name in switched_on(op) if name in (RESIZE, PADDING)]
    if not op.is_static or not op.on(CROP) or not after or not missing or op.damaged:
        return
    if refused_with_profiles(op, build):
        return
    severity: Severity | None = Severity.ERROR
    if PADDING not in after and (severity := judged(build, lambda product: not product.tiling)) is None:
        return
    unfit = any(never_fits(op, axis) for axis in missing)
    are = "is" if len(missing) == 1 else "are"
    message = "{fields} {are} 0 or absent, but {after} after a crop needs its size"
    values = {"fields": in_words([axis.crop for axis in missing]), "are": are, "after": in_words(after)}
    place = op.place(next((axis.crop for axis in missing if op.has(axis.crop)), CROP))
    yield Problem(place, message, values, severity=severity, atc=INFER_REJECTS if unfit else None)


@rule("AIPP308", "padding-too-large", Severity.ERROR, atc=OPERATOR_REJECTS)
def padding_too_large(op: AippOp) -> Iterator[Problem]:
    """More than 32 pixels are added on one side.

    That is the limit of every product, for each side, where padding is on.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      src_image_size_w: 300
      src_image_size_h: 416
      padding: true
      left_padding_size: 58  # <--
      right_padding_size: 26
    }
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      src_image_size_w: 352
      src_image_size_h: 416
      padding: true
      left_padding_size: 32
      right_padding_size: 32
    }
    ```

    ## Fix

    Scale the image to nearly the size of the model, and pad only the rest here; larger borders are painted before the
    image is handed over.

    ## Source

    Facts T19 (aipp_comm.py 2372-2383) and A8.
    """
    if not op.is_static or not op.on(PADDING):
        return
    for axis in AXES:
        for field in (axis.before, axis.after):
            size = op.number(field)
            if size is not None and size > _THICKEST:
                yield Problem(
                    op.value_place(field), "{field} is {size}; 32 is the most", {"field": field, "size": size}
                )


@rule("AIPP309", "padded-too-wide", Severity.ERROR, atc=OPERATOR_REJECTS)
def padded_too_wide(op: AippOp, build: Build) -> Iterator[Problem]:
    """With padding on, the image that comes out is wider than the hardware can pad.

    1080 is the limit of most products, 4096 that of Hi3796CV300 and SD3403; Ascend910_93 checks none. The manual says
    1080 for Ascend310P and Ascend910 and 4096 for the others, but their operators stop at 1080 as well.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      src_image_size_w: 1264  # <--
      src_image_size_h: 720
      padding: true
      left_padding_size: 8
      right_padding_size: 8
    }
    ```

    ```atc
    --soc_version=Ascend310P3 --input_format=NCHW --input_shape="data:1,3,720,1280"
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      src_image_size_w: 1280
      src_image_size_h: 720
    }
    ```

    ```atc
    --soc_version=Ascend310P3 --input_format=NCHW --input_shape="data:1,3,720,1280"
    ```

    ## Fix

    Pad before the image is handed over.

    ## Source

    Facts T18 (aipp_comm.py 2343-2355), A8, R21; documentation.md 1.5 (template and API page disagree).
    """
    stage = None
    if op.is_static and op.on(PADDING) and not refused_with_profiles(op, build):
        model = model_size(op, build)
        stage = output(op, model)
    side = None if stage is None else stage.width
    if side is None or stage is None:
        return
    # The operator looks at the model's width; where that is known and another, AIPP704 says so.
    width = model.width if model is not None else side.value
    product = product_of(build.soc_version)
    limit = _NARROW if product is None else product.padded_width
    values = {"sum": str(side) if side.value == width else f"W {width} of the model", "limit": limit}
    message = "{sum}; with padding on, the output can be {limit} wide"
    severity = Severity.ERROR
    if product is None:
        message += " on every product but {spared}"
        values["spared"] = in_words([p.short for p in PRODUCTS.values() if p.formats and p.padded_width != _NARROW])
        severity = Severity.WARNING
    elif not limit:
        values["limit"] = limit = _WIDE
        message += " by the manual; the operator of {short} does not check it"
        severity = Severity.WARNING
    elif limit == _NARROW and product.short not in _MANUAL_NARROW:
        message += " on {short}; the manual says 4096, the operator does not"
    elif product is not None:
        message += " on {short}"
    values["short"] = product.short if product else ""
    if width > limit:
        place = op.place(side.field or PADDING)
        yield Problem(place, message, values, model_side_here(op, build, WIDTH), severity=severity)


RULES = (crop_outside_source, odd_crop_start, crop_size_needed, padding_too_large, padded_too_wide)
