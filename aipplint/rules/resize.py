"""AIPP312 to AIPP314: resizing, and the other habits of the Hi3796CV300 and SD3403."""

from __future__ import annotations

from collections.abc import Iterator

from aipplint.atc.build import Build
from aipplint.atc.geometry import (
    AXES,
    CROP,
    PADDING,
    RESIZE,
    WIDTH,
    Axis,
    model_size,
    refused_with_profiles,
    switched_on,
    switches_known,
    targets,
)
from aipplint.config.op import AippOp
from aipplint.findings import Problem, Severity
from aipplint.hardware.products import PRODUCTS, product_of
from aipplint.rules.by_product import even_axes, in_words, judged, model_side_here, on_tiling
from aipplint.rules.rule import rule
from aipplint.rules.values import OPERATOR_REJECTS

_LINE_BYTES = {
    **dict.fromkeys("YUV420SP_U8 YUV400_U8 YUV422SP_U8 RAW10 RAW12 RAW16".split(), 1),
    "YUYV_U8": 2,
    "RGB888_U8": 3,
    **dict.fromkeys("XRGB8888_U8 ARGB8888_U8 AYUV444_U8".split(), 4),
}
"""Bytes of a pixel in a line, as the alignment check counts them (fact T10)."""
_ALIGNMENT = 16
_SHORTEST, _LONGEST = 16, 4096
_WIDEST_OUTPUT = 1920
_RATIO = 16


def _resizers() -> str:
    return in_words([product.short for product in PRODUCTS.values() if product.hisi])


@rule("AIPP312", "resize-unsupported", Severity.ERROR, atc=OPERATOR_REJECTS)
def resize_unsupported(op: AippOp, build: Build) -> Iterator[Problem]:
    """Resize is on, but the hardware does not resize.

    Only Hi3796CV300ES, Hi3796CV300CS and SD3403 do. All others refuse it when the operator is
    compiled, but for Ascend 950, which does not look at it and does not resize.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      src_image_size_w: 1920
      src_image_size_h: 1080
      resize: true  # <--
      resize_output_w: 640
      resize_output_h: 640
    }
    ```

    ```atc
    --soc_version=Ascend310P3 --input_format=NCHW --input_shape="data:1,3,640,640"
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      src_image_size_w: 640
      src_image_size_h: 640
    }
    ```

    ```atc
    --soc_version=Ascend310P3 --input_format=NCHW --input_shape="data:1,3,640,640"
    ```

    ## Fix

    Resize before AIPP, for example with DVPP (VPC), and leave `resize` out.

    ## Source

    Fact T16 (aipp_comm.py 2237-2241); documentation.md 1.2; for Ascend 950 the operator's source, which has no
    resize. Formats that no product resizes are AIPP406 (T7).
    """
    if not op.is_static or not op.on(RESIZE):
        return
    severity = judged(build, lambda product: not product.hisi)
    product = product_of(build.soc_version)
    values = {"resizers": _resizers(), "short": product.short if product else ""}
    if severity is None:
        return
    message = "{short} does not resize; only {resizers} do"
    if on_tiling(build):
        message = "{short} does not resize, and does not say so: the image is taken as it is"
        severity = Severity.WARNING
    elif product is None:
        message = "only {resizers} resize; every other product rejects it (Ascend 950 ignores it)"
    yield Problem(op.place(RESIZE), message, values, severity=severity)


@rule("AIPP313", "resize-out-of-range", Severity.ERROR, atc=OPERATOR_REJECTS)
def resize_out_of_range(op: AippOp, build: Build) -> Iterator[Problem]:
    """A size before or after the resize, or their ratio, is outside of what the hardware can do.

    On Hi3796CV300ES, Hi3796CV300CS and SD3403: from 16 to 4096 on both sides before and after, but a width of 1920 at
    most after, and a factor between 1/16 and 16. With padding, the resized size must be given.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: YUV420SP_U8
      src_image_size_w: 3840
      src_image_size_h: 2160
      resize: true
      resize_output_w: 224  # <--
      resize_output_h: 224
    }
    ```

    ```atc
    --soc_version=SD3403 --input_format=NCHW --input_shape="data:1,3,224,224"
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: YUV420SP_U8
      src_image_size_w: 1920
      src_image_size_h: 1088
      resize: true
      resize_output_w: 224
      resize_output_h: 224
    }
    ```

    ```atc
    --soc_version=SD3403 --input_format=NCHW --input_shape="data:1,3,224,224"
    ```

    ## Fix

    Shrink the image in two steps, the first before AIPP.

    ## Source

    Fact T17: aipp_comm.py 2243-2341.
    """
    severity = judged(build, lambda product: product.hisi)
    if not op.is_static or not op.on(RESIZE) or severity is None or refused_with_profiles(op, build) or op.damaged:
        return
    for axis in AXES:
        problem = next(_bad_resizes(op, build, axis), None)
        if problem is None:
            continue
        field, message, values = problem
        place = op.place(field if op.has(field) else RESIZE)
        if severity is Severity.WARNING:
            message += " on {resizers}, the only products that resize"
            values = {**values, "resizers": _resizers()}
        yield Problem(place, message, values, severity=severity)


def _bad_resizes(op: AippOp, build: Build, axis: Axis) -> Iterator[tuple[str, str, dict[str, object]]]:
    """What is wrong along one axis, the first first: a field, a message and its values.

    A resize_output of 0 is the model's side, and is held to the same range.
    """
    cause = axis.crop if op.on(CROP) else axis.source
    before, given = op.number(cause), op.number(axis.resize)
    if before and before > 0 and not _SHORTEST <= before <= _LONGEST:
        values: dict[str, object] = {"field": cause, "side": before, "low": _SHORTEST, "high": _LONGEST}
        yield cause, "{field} is {side}; what is resized must be {low} to {high}", values
    if given == 0 and op.on(PADDING):
        values = {"field": axis.resize}
        yield axis.resize, "{field} is 0 or absent, but padding after a resize needs its size", values
    if given is None or given < 0:
        return
    model = model_size(op, build)
    after = given or (axis.of(model) if model else 0)
    widest = _WIDEST_OUTPUT if axis is WIDTH else _LONGEST
    values = {"field": axis.resize, "side": after, "letter": axis.letter, "low": _SHORTEST, "high": widest}
    if after and not _SHORTEST <= after <= widest:
        message = "{field} is {side}; a resize gives {low} to {high}"
        if not given:
            message = "{field} is 0 or absent, so {letter} {side} of the model counts; a resize gives {low} to {high}"
        yield axis.resize, message, values
    if before and min(before, after) > 0 and not before <= _RATIO * after <= _RATIO**2 * before:
        values |= {"cause": cause, "before": before}
        yield axis.resize, "{cause} {before} becomes {letter} {side}: more than a factor of 16", values


@rule("AIPP314", "unaligned-source", Severity.ERROR, atc=OPERATOR_REJECTS)
def unaligned_source(op: AippOp, build: Build) -> Iterator[Problem]:
    """A line of the source does not fill whole blocks of 16 bytes, or a crop has an odd side.

    Hi3796CV300ES, Hi3796CV300CS and SD3403 alone ask for it: 1 byte a pixel for YUV420SP, YUV422SP, YUV400 and RAW, 2
    for YUYV, 3 for RGB888, 4 for the formats of four channels. Said only where `--soc_version` names one of them.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      src_image_size_w: 300  # <--
      src_image_size_h: 300
    }
    ```

    ```atc
    --soc_version=SD3403 --input_format=NCHW --input_shape="data:1,3,300,300"
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      src_image_size_w: 304
      src_image_size_h: 300
      crop: true
      crop_size_w: 300
      crop_size_h: 300
    }
    ```

    ```atc
    --soc_version=SD3403 --input_format=NCHW --input_shape="data:1,3,300,300"
    ```

    ## Fix

    Feed lines that are padded to the next multiple of 16 bytes, and crop them.

    ## Source

    Facts T10 and T22 (aipp_comm.py 2115-2141, 2522-2587), T14 and T15.
    """
    product, image_format = product_of(build.soc_version), op.text("input_format") or ""
    if product is None or not product.hisi or not op.is_static:
        return
    bytes_each = _LINE_BYTES.get(image_format)
    given = op.number(WIDTH.source)
    if bytes_each and given is not None:
        for width, owner in _line_widths(op, build, given):
            if width > 0 and width * bytes_each % _ALIGNMENT:
                message = "a line of {owner} {width} has {bytes} bytes in {format}; {short} wants a multiple of 16"
                values = {"owner": owner, "width": width, "bytes": width * bytes_each}
                values |= {"format": image_format, "short": product.short}
                related = () if given else model_side_here(op, build, WIDTH)
                yield Problem(op.place(WIDTH.source if given else "input_format"), message, values, related)
                break
    even = even_axes(image_format)
    for axis in even if op.on(CROP) else ():
        size = _crop_side(op, build, axis)
        if size % 2:
            place = op.place(axis.crop if op.number(axis.crop) else CROP)
            message = "{field} is {size}; {short} wants an even crop of {format}"
            values = {"field": axis.crop, "size": size, "short": product.short, "format": image_format}
            yield Problem(place, message, values)


def _line_widths(op: AippOp, build: Build, given: int) -> Iterator[tuple[int, str]]:
    """The widths that a line of the source has, and whose they are: the field's, or those of the model's profiles."""
    if given:
        yield given, WIDTH.source
    elif switches_known(op) and not switched_on(op) and not op.damaged:
        for target in targets(op, build):
            whose = "W of the model" if target.profile is None else f"profile {target.profile.number}, W"
            yield target.size.width, whose


def _crop_side(op: AippOp, build: Build, axis: Axis) -> int:
    """One side of the crop in pixels, the model's where it is 0; 0 where it is not known."""
    size = op.number(axis.crop)
    if size is None:
        return 0
    model = model_size(op, build)
    return size or (axis.of(model) if model else 0)


RULES = (resize_unsupported, resize_out_of_range, unaligned_source)
