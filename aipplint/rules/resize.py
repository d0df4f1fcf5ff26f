"""AIPP312 to AIPP314: resize, and the other checks of Hi3796CV300 and SD3403 alone."""

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
from aipplint.rules.by_product import even_axes, is_ascend950, model_side_here, severity_for
from aipplint.rules.rule import OPERATOR_REJECTS, rule
from aipplint.rules.wording import Phrase

_LINE_BYTES = {
    **dict.fromkeys("YUV420SP_U8 YUV400_U8 YUV422SP_U8 RAW10 RAW12 RAW16".split(), 1),
    "YUYV_U8": 2,
    "RGB888_U8": 3,
    **dict.fromkeys("XRGB8888_U8 ARGB8888_U8 AYUV444_U8".split(), 4),
}
"""Bytes of a pixel in a line, as the alignment check computes them (fact T10)."""
_ALIGNMENT = 16
_MIN_SIDE, _MAX_SIDE = 16, 4096
_MAX_OUTPUT_WIDTH = 1920
_RATIO = 16


def _resizers() -> list[str]:
    return [product.short for product in PRODUCTS.values() if product.hisi]


@rule("AIPP312", "resize-unsupported", Severity.ERROR, atc=OPERATOR_REJECTS)
def resize_unsupported(op: AippOp, build: Build) -> Iterator[Problem]:
    """`resize` is true, but the hardware does not support resize.

    Only Hi3796CV300ES, Hi3796CV300CS and SD3403 support it. All other products reject it when ATC compiles the
    operator, except for Ascend 950, which silently ignores it.

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

    Resize the image before AIPP, for example with DVPP (VPC), and delete `resize`.

    ## Source

    Fact T16 (aipp_comm.py 2237-2241); fact W2; for Ascend 950 the operator's source, which has no
    resize. AIPP406 reports the formats that no product can resize (T7).
    """
    if not op.is_static or not op.on(RESIZE):
        return
    severity = severity_for(build, lambda product: not product.hisi)
    product = product_of(build.soc_version)
    values = {"resizers": _resizers(), "short": product.short if product else ""}
    if severity is None:
        return
    message = "{short} does not support resize; only {resizers} do"
    if is_ascend950(build):
        message = "{short} does not support resize and silently ignores it"
        severity = Severity.WARNING
    elif product is None:
        message = "only {resizers} support resize; Ascend 950 ignores it, and every other product rejects it"
    yield Problem(op.place(RESIZE), message, values, severity=severity)


@rule("AIPP313", "resize-out-of-range", Severity.ERROR, atc=OPERATOR_REJECTS)
def resize_out_of_range(op: AippOp, build: Build) -> Iterator[Problem]:
    """A size before or after the resize, or their ratio, exceeds the range of the hardware.

    On Hi3796CV300ES, Hi3796CV300CS and SD3403, width and height must be 16 to 4096 before and after the resize, the
    width after it must not exceed 1920, and the factor must be 1/16 to 16. With padding, the size after the resize is
    mandatory.

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
    severity = severity_for(build, lambda product: product.hisi)
    if not op.is_static or not op.on(RESIZE) or severity is None or refused_with_profiles(op, build) or op.damaged:
        return
    for axis in AXES:
        problem = next(_bad_resizes(op, build, axis), None)
        if problem is None:
            continue
        field, message, values = problem
        place = op.place(field if op.has(field) else RESIZE)
        note = "only {resizers} support resize" if severity is Severity.WARNING else ""
        yield Problem(place, message, {**values, "resizers": _resizers()}, severity=severity, note=note)


def _bad_resizes(op: AippOp, build: Build, axis: Axis) -> Iterator[tuple[str, str, dict[str, object]]]:
    """Yield what is wrong along one axis: a field, a message and its values.

    A resize_output of 0 defaults to the model's side, which must be in the same range.
    """
    cause = axis.crop if op.on(CROP) else axis.source
    before, given = op.number(cause), op.number(axis.resize)
    if before and before > 0 and not _MIN_SIDE <= before <= _MAX_SIDE:
        values: dict[str, object] = {"field": cause, "side": before, "low": _MIN_SIDE, "high": _MAX_SIDE}
        yield cause, "{field} is {side}; the range before resize is {low} to {high}", values
    if given == 0 and op.on(PADDING):
        values = {"field": axis.resize}
        yield axis.resize, "missing {field} (0 or absent); padding after resize requires it", values
    if given is None or given < 0:
        return
    model = model_size(op, build)
    after = given or (axis.of(model) if model else 0)
    widest = _MAX_OUTPUT_WIDTH if axis is WIDTH else _MAX_SIDE
    values = {"field": axis.resize, "side": after, "letter": axis.letter, "low": _MIN_SIDE, "high": widest}
    if after and not _MIN_SIDE <= after <= widest:
        message = "{field} is {side}; the range after resize is {low} to {high}"
        if not given:
            message = (
                "{field} is 0 or absent and defaults to the model's {letter}, {side};"
                " the range after resize is {low} to {high}"
            )
        yield axis.resize, message, values
    if before and min(before, after) > 0 and not before <= _RATIO * after <= _RATIO**2 * before:
        values |= {"cause": cause, "before": before}
        values["ratio"] = _RATIO
        yield axis.resize, "{cause} is {before} and resized to {letter} {side}; the maximum factor is {ratio}", values


@rule("AIPP314", "unaligned-source", Severity.ERROR, atc=OPERATOR_REJECTS)
def unaligned_source(op: AippOp, build: Build) -> Iterator[Problem]:
    """A line of the source is not a multiple of 16 bytes, or a crop has an odd side.

    Only Hi3796CV300ES, Hi3796CV300CS and SD3403 require it. A pixel has 1 byte in YUV420SP, YUV422SP, YUV400 and RAW, 2
    in YUYV, 3 in RGB888, and 4 in the formats with four channels. The rule runs only if `--soc_version` names one of
    these products.

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

    Feed lines that are padded to the next multiple of 16 bytes, and crop the image.

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
            if width * bytes_each % _ALIGNMENT:
                message = "{owner} {width} is {bytes} bytes per line in {format}; {short} requires a multiple of {unit}"
                values = {"owner": owner, "width": width, "bytes": width * bytes_each, "unit": _ALIGNMENT}
                values |= {"format": image_format, "short": product.short}
                related = () if given else model_side_here(op, build, WIDTH)
                yield Problem(op.place(WIDTH.source if given else "input_format"), message, values, related)
                break
    even = even_axes(image_format)
    for axis in even if op.on(CROP) else ():
        size = _crop_side(op, build, axis)
        if size % 2:
            place = op.place(axis.crop if op.number(axis.crop) else CROP)
            message = "{field} is {size}; {short} requires an even crop size for {format}"
            values = {"field": axis.crop, "size": size, "short": product.short, "format": image_format}
            yield Problem(place, message, values)


def _line_widths(op: AippOp, build: Build, given: int) -> Iterator[tuple[int, object]]:
    """Yield the widths of a line of the source and their owner: the field, the model or a profile of it."""
    if given:
        yield given, WIDTH.source
    elif switches_known(op) and not switched_on(op) and not op.damaged:
        for target in targets(op, build):
            yield (
                target.size.width,
                "model W" if target.profile is None else Phrase("profile {number} W", target.profile._asdict()),
            )


def _crop_side(op: AippOp, build: Build, axis: Axis) -> int:
    """Return one side of the crop in pixels, by default the model's; 0 if it is unknown."""
    size = op.number(axis.crop)
    if size is None:
        return 0
    model = model_size(op, build)
    return size or (axis.of(model) if model else 0)


RULES = (resize_unsupported, resize_out_of_range, unaligned_source)
