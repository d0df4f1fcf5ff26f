"""AIPP705, AIPP706, AIPP708, AIPP709: the rank, layout, channels and ranges of the model's input."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from aipplint.atc.build import Build
from aipplint.atc.geometry import AXES
from aipplint.atc.options import IMAGE
from aipplint.atc.places import place_of
from aipplint.config.colour import MATRIX
from aipplint.config.config import Config
from aipplint.config.op import AippOp
from aipplint.findings import Place, Problem, Related, Severity
from aipplint.hardware.formats import ONE_CHANNEL, TENSORS
from aipplint.rules.by_product import ALL_BUT_950, INFER_REJECTS, input_here, severity_for
from aipplint.rules.options import ANY_INPUT_FORMAT, INPUT_FORMATS, MAY_IGNORE_SHAPE, shortened
from aipplint.rules.rule import OPERATOR_REJECTS, rule
from aipplint.rules.runtime_model import op_of
from aipplint.runtime.settings import Runtime

if TYPE_CHECKING:
    from aipplint.atc.shapes import InputShape

_BLOCK_HALF, _BLOCK_BYTE = 16, 32
_RGB = ("RGB888_U8", "XRGB8888_U8", "ARGB8888_U8")
_YUV = ("YUV420SP_U8", "YUV422SP_U8", "YUYV_U8")


def _here(op: AippOp) -> tuple[Related, ...]:
    return (Related(op.place("related_input_rank"), "this operator belongs to it"),)


@rule("AIPP705", "too-many-channels", Severity.ERROR, atc=OPERATOR_REJECTS)
def too_many_channels(op: AippOp, build: Build) -> Iterator[Problem]:
    """The model's input has more channels than AIPP can output.

    The operator outputs at most 16 channels of float16 or 32 channels of 8 bits. If C is a number such as 224, the
    layout of the model probably differs from `--input_format` (by default NCHW; NHWC for TensorFlow). In a command that
    was found with `--framework=1`, this is a warning: an `.air` file has a shape of its own.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
    }
    ```

    ```atc
    --soc_version=Ascend310P3 --input_format=NCHW --input_shape="data:1,224,224,3"
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
    }
    ```

    ```atc
    --soc_version=Ascend310P3 --input_format=NCHW --input_shape="data:1,3,224,224"
    ```

    ## Fix

    Set `--input_format` to the layout of the model, or remove AIPP from this input.

    ## Source

    Facts Z15, T6: aipp_comm.py 2007-2019; Ascend 950 has no such check.
    """
    shape = build.input_of(op) if op.is_static and op.text("input_format") not in (None, *TENSORS) else None
    channels = None if shape is None else shape.channels
    dim = None if shape is None else shape.axis("C")
    if shape is None or channels is None or dim is None or channels <= _BLOCK_HALF:
        return
    half = build.absent("output_type") or build.output_type in ("FP16", "FP32")
    if not half and channels <= _BLOCK_BYTE:
        return
    severity = severity_for(build, lambda product: not product.tiling)
    place = place_of(build, shape, dim)
    if severity is None or place is None:
        return
    message = "C is {channels} in {layout}; AIPP outputs at most {most} channels"
    values = {"channels": channels, "layout": shape.layout, "most": _BLOCK_HALF if half else _BLOCK_BYTE}
    note = ALL_BUT_950 if severity is Severity.WARNING else ""
    first, last = shape.dims[-3].value, shape.dims[-1].value
    other = "NHWC" if shape.layout == "NCHW" else "NCHW"
    few = last if shape.layout == "NCHW" else first
    values |= {"other": other, "shape": _written(shape), "right": _written(shape, other)}
    advice = ""
    if few in (1, 3, 4) and shape.rank == 4:
        message = "{shape} is read as {layout}: C is {channels}, and AIPP outputs at most {most} channels"
        if build.option("input_format") is None:
            message = "{shape} is read as {layout}, because --input_format is not given: C is {channels}"
        advice = "write {right}, or --input_format={other} if the model has that layout"
    if build.may_ignore_shape:
        severity, advice = Severity.WARNING, advice or MAY_IGNORE_SHAPE
    related = (*_here(op), *_said(build, shape))
    yield Problem(place, message, values, related, help=advice, severity=severity, note=note)


def _written(shape: InputShape, other: str = "") -> str:
    """The dimensions of an input as they are written; those that look like another layout in the order of their own."""
    texts = [dim.text for dim in shape.dims]
    if other == "NHWC":
        texts[1:] = [texts[-1], *texts[1:-1]]
    elif other:
        texts[1:] = [*texts[2:], texts[1]]
    return shortened(",".join(texts))


@rule("AIPP706", "dynamic-aipp-layout", Severity.ERROR, atc="E13014", also=("E10001", INFER_REJECTS))
def dynamic_aipp_layout(op: AippOp, build: Build) -> Iterator[Problem]:
    """The model's input is not an image, so ATC cannot insert AIPP before it.

    Dynamic AIPP requires an input with 3 or 4 dimensions in NCHW or NHWC, static AIPP one with 4 dimensions. ATC
    rejects others when it inserts the operator (E13014 for the layout, E10001 for the rank) or infers shapes (E70014).
    With 3 dimensions, dynamic AIPP is a warning: ATC accepts it, but the run time does not.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: dynamic
      max_src_image_size: 752640
    }
    ```

    ```atc
    --framework=5 --input_format=ND --input_shape="data:1,3,224,224"
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: dynamic
      max_src_image_size: 752640
    }
    ```

    ```atc
    --framework=5 --input_format=NCHW --input_shape="data:1,3,224,224"
    ```

    ## Fix

    Set `--input_format` to NCHW or NHWC, and `related_input_rank` to the input for the image.

    ## Source

    Facts I4 (aipp_op.cc 1152-1162), I5 (102-144), U2 (op_proto/aipp.cc 915-938); I1 for the order of the inputs; Z9,
    Z14 (acl_aipp.cpp 130-170). AIPP609 checks the layout for static AIPP.
    """
    option, given = build.option("input_format"), build.input_format
    if op.is_dynamic and option is not None and given is not None and _reaches_aipp(build, given):
        related = (Related(op.place("aipp_mode"), "dynamic AIPP is configured here"),)
        message = "--input_format is {found}; dynamic AIPP requires NCHW or NHWC"
        yield Problem(option.place, message, {"found": shortened(given)}, related)
    shape, shapes = build.input_of(op), build.inputs or ()
    place = None if shape is None else place_of(build, shape)
    if op.is_dynamic and shape is not None and place is not None and shape.lacks_batch:
        message = "input {name} has 3 dimensions: ATC accepts it, but aclmdlSetInputAIPP rejects all settings for it"
        name = {"name": shortened(shape.name or "0")}
        yield Problem(place, message, name, _here(op), severity=Severity.WARNING)
    ranks = (3, 4) if op.is_dynamic else (4, 5)
    if shape is None or place is None or shape.rank in ranks or not (op.is_dynamic or op.is_static):
        return
    if op.is_static and shape.rank > 4:
        return
    message = "input {name} has {rank} dimensions; static AIPP requires 4"
    if op.is_dynamic:
        message = "input {name} has {rank} dimensions; dynamic AIPP requires 3 or 4"
    values = {"name": shortened(shape.name) if shape.name else op.number("related_input_rank"), "rank": shape.rank}
    # ATC numbers the inputs of the model; --input_shape may list them in another order, or only some.
    sure = op.text("related_input_name") or len(shapes) == 1 or build.in_model_order
    severity = Severity.ERROR if sure or all(s.rank not in ranks for s in shapes) else Severity.WARNING
    code = "E10001" if op.is_dynamic else INFER_REJECTS
    yield Problem(place, message, values, (*_here(op), *_said(build, shape)), severity=severity, atc=code)


def _said(build: Build, shape: InputShape) -> tuple[Related, ...]:
    """Return what the model says of an input, where nothing else does."""
    return input_here(build, shape, None, "") if shape.said else ()


def _reaches_aipp(build: Build, layout: str) -> bool:
    """Return whether ATC comes as far as AIPP with a layout that AIPP rejects; if not, AIPP609 reports it."""
    if layout in ("NCHW", "NHWC") or build.known(IMAGE):
        return False
    if build.framework is None:
        return True
    return layout in INPUT_FORMATS.get(build.framework, ANY_INPUT_FORMAT)


@rule("AIPP708", "output-outside-shape-range", Severity.ERROR)
def output_outside_shape_range(config: Config, build: Build, runtime: Runtime) -> Iterator[Problem]:
    """The output of dynamic AIPP is outside of the range of the model's input.

    If `--input_shape` has a range, the size after crop and padding must be in it, and so must the batch. Neither ATC
    nor aclmdlSetInputAIPP checks it; the model fails when it runs.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: dynamic
      max_src_image_size: 6220800
    }
    ```

    ```atc
    --framework=5 --input_shape="data:1,3,224~640,224~640"
    ```

    ```runtime
    {"input_format": "RGB888_U8", "src_image_size_w": 1280, "src_image_size_h": 640}
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: dynamic
      max_src_image_size: 6220800
    }
    ```

    ```atc
    --framework=5 --input_shape="data:1,3,224~640,224~640"
    ```

    ```runtime
    {"input_format": "RGB888_U8", "src_image_size_w": 640, "src_image_size_h": 640}
    ```

    ## Fix

    Crop or scale the image to a size inside the range, or widen the range.

    ## Source

    Fact U8 (op_proto/aipp.cc 753-811); facts W12 to W14; R15, which leaves ranges out.
    """
    op, size = op_of(config, runtime), runtime.output_size
    shape = None if op is None else build.input_of(op)
    if shape is None:
        return
    from aipplint.atc.shapes import Range

    batch, field = runtime.number("batch_size"), "src_image_size"
    stage = next((name for name in ("padding", "crop") if runtime.on(name)), "")
    given: list[tuple[str, int | None, Place]] = [("N", batch, runtime.place("batch_size"))]
    for axis in AXES:
        place = runtime.place(stage or f"{field}_{axis.letter.lower()}")
        given.append((axis.letter, None if size is None else axis.of(size), place))
    for letter, side, place in given:
        dim = shape.axis(letter)
        if side is None or dim is None or not isinstance(dim.value, Range):
            continue
        if not dim.value.low <= side <= dim.value.high:
            where = place_of(build, shape, dim)
            related = (Related(where, "the range is set here"),) if where else ()
            values = {"letter": letter, "side": side, "range": str(dim.value), "sum": runtime.sum_of()}
            message = "AIPP outputs {letter} {side} ({sum}), but the range of the model is {range}"
            if letter == "N":
                message = "the batch is {side}, but the range of the model is {range}"
            yield Problem(place, message, values, related)


@rule("AIPP709", "channels-of-another-model", Severity.WARNING)
def channels_of_another_model(op: AippOp, build: Build) -> Iterator[Problem]:
    """The number of channels after the colour conversion differs from the model's.

    ATC does not compare them: AIPP drops surplus channels and sets missing ones to 0. A grey model then sees only the
    red channel, and a colour model an image without green and blue.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8  # <--
    }
    ```

    ```atc
    --input_format=NCHW --input_shape="data:1,1,32,100"
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: YUV400_U8
    }
    ```

    ```atc
    --input_format=NCHW --input_shape="data:1,1,32,100"
    ```

    ## Fix

    Feed the format of the model, or convert: RGB to GRAY is a matrix whose second and third row are 0 (fact W9).

    ## Source

    Facts T5 and N7. A luma in channel 0 (YUV without conversion, RGB to YUV) is one channel and not reported.
    """
    shape = build.input_of(op) if op.is_static else None
    channels = None if shape is None else shape.channels
    image_format = op.text("input_format")
    if shape is None or channels is None or image_format is None:
        return
    values = {"format": image_format, "channels": channels}
    dim = shape.axis("C")
    related = input_here(build, shape, dim, "C of the model is {channels}", values)
    if channels == 1 and _has_colour(op, image_format):
        message = "{format} has three channels, but the model requires {channels}; AIPP drops the other two"
        yield Problem(op.place("input_format"), message, values, related)
    elif channels == 3 and image_format in ONE_CHANNEL:
        message = "{format} has one channel, but the model requires {channels}; AIPP sets the others to 0"
        yield Problem(op.place("input_format"), message, values, related)


def _has_colour(op: AippOp, image_format: str) -> bool:
    """Return whether channel 0 is certainly one colour of three, and not a grey value."""
    if op.damaged:
        return False
    if image_format in _RGB and op.flag("csc_switch") is False:
        return True
    if image_format not in _YUV or not op.on("csc_switch"):
        return False
    matrix = [op.number(name) for name in MATRIX if op.has(name)]
    if len(matrix) < len(MATRIX) or any(cell is None for cell in matrix):
        return False
    return any(matrix[1:3]) and any(matrix[3:])


RULES = (too_many_channels, dynamic_aipp_layout, output_outside_shape_range, channels_of_another_model)
