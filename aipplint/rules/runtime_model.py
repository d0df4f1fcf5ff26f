"""AIPP805, AIPP806, AIPP812, AIPP814, AIPP815: the run-time settings and the model's input."""

from __future__ import annotations

from collections.abc import Iterator

from aipplint.atc.build import Build
from aipplint.atc.options import BATCH, SHAPE
from aipplint.config.config import Config
from aipplint.config.op import AippOp
from aipplint.findings import Problem, Related, Severity
from aipplint.hardware.formats import image_bytes
from aipplint.hardware.size import Size
from aipplint.rules.options import set_here
from aipplint.rules.rule import rule
from aipplint.runtime.settings import Runtime

SET_INPUT_AIPP = "aclmdlSetInputAIPP"
SET_BATCH_SIZE = "aclmdlSetDynamicBatchSize"


def op_of(config: Config, runtime: Runtime) -> AippOp | None:
    """Return the dynamic operator of the settings: the only one, or that of their input."""
    dynamic = [op for op in config.ops if op.is_dynamic]
    if len(dynamic) == 1:
        return dynamic[0]
    rank = runtime.number("input_rank")
    return next((op for op in dynamic if rank is not None and op.number("related_input_rank") == rank), None)


@rule("AIPP805", "batch-not-the-largest", Severity.ERROR, atc=SET_INPUT_AIPP)
def batch_not_the_largest(config: Config, build: Build, runtime: Runtime) -> Iterator[Problem]:
    """The batch size of aclmdlCreateAIPP differs from the model's.

    It must be the N of the model's input, or with --dynamic_batch_size the largest profile.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: dynamic
      max_src_image_size: 1204224
    }
    ```

    ```atc
    --input_format=NCHW --input_shape="data:-1,3,224,224" --dynamic_batch_size="1,2,4,8"
    ```

    ```runtime
    {"input_format": "RGB888_U8", "src_image_size_w": 224, "src_image_size_h": 224, "batch_size": 4}
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: dynamic
      max_src_image_size: 1204224
    }
    ```

    ```atc
    --input_format=NCHW --input_shape="data:-1,3,224,224" --dynamic_batch_size="1,2,4,8"
    ```

    ```runtime
    {"input_format": "RGB888_U8", "src_image_size_w": 224, "src_image_size_h": 224, "batch_size": 8}
    ```

    ## Fix

    Call aclmdlCreateAIPP with the largest batch size.

    ## Source

    Fact R15: acl_aipp.cpp 174-231; facts W12 to W14.
    """
    op, batch = op_of(config, runtime), runtime.number("batch_size")
    wanted = None if op is None else _model_batch(build, op)
    if wanted is None or batch is None or batch == wanted or batch < 1:
        return  # Below 1: AIPP807
    option = build.option(BATCH)
    related = set_here(build, BATCH if option else SHAPE)
    message = "batch_size is {batch}, but the model requires {wanted}"
    if option:
        message = "batch_size is {batch}, but the largest profile is {wanted}"
    yield Problem(runtime.place("batch_size"), message, {"batch": batch, "wanted": wanted}, related)


def _model_batch(build: Build, op: AippOp) -> int | None:
    """Return the N with which dynamic AIPP must be created."""
    if build.dynamic == BATCH:
        return max(build.batch_sizes) if build.batch_sizes else None
    shape = build.input_of(op)
    batch = None if shape is None else shape.batch
    return batch if batch is not None and batch > 0 else None


@rule("AIPP806", "source-exceeds-max", Severity.ERROR, atc=SET_INPUT_AIPP)
def source_exceeds_max(config: Config, runtime: Runtime) -> Iterator[Problem]:
    """The source images require more bytes than `max_src_image_size`.

    `max_src_image_size` is the size of the buffer, for the whole batch and for the largest format. aclmdlSetInputAIPP
    rejects larger images (EH0005, "bigger than max_src_image_size").

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: dynamic
      max_src_image_size: 260000
    }
    ```

    ```runtime
    {"input_format": "RGB888_U8", "src_image_size_w": 416, "src_image_size_h": 416, "batch_size": 1}
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: dynamic
      max_src_image_size: 519168
    }
    ```

    ```runtime
    {"input_format": "RGB888_U8", "src_image_size_w": 416, "src_image_size_h": 416, "batch_size": 1}
    ```

    ## Fix

    Set `max_src_image_size` to the number in the message and rebuild the model.

    ## Source

    Fact R14: acl_aipp.cpp 238-252, aipp_param_check.cpp 349-395.
    """
    op, size = op_of(config, runtime), runtime.source_size
    form = runtime.text("input_format")
    limit = None if op is None else op.number("max_src_image_size")
    if op is None or size is None or form is None or not limit:
        return
    batch = runtime.number("batch_size") or 1
    needed = image_bytes(form, batch * size.pixels)
    if needed is None or needed <= limit:
        return
    values = {"n": batch, "h": size.height, "w": size.width, "form": form, "needed": needed, "limit": limit}
    message = "{n} x {h} x {w} pixels of {form} require {needed} bytes, which exceeds max_src_image_size {limit}"
    related = (Related(op.place("max_src_image_size"), "max_src_image_size reserves {limit} bytes", values),)
    yield Problem(runtime.place("src_image_size_w"), message, values, related)


@rule("AIPP814", "size-not-the-models", Severity.ERROR, atc=SET_INPUT_AIPP)
def size_not_the_models(config: Config, build: Build, runtime: Runtime) -> Iterator[Problem]:
    """The output size of dynamic AIPP differs from the model's input size.

    The output of the run-time settings (the source or the crop, plus the padding) must equal H and W of the model's
    input. aclmdlSetInputAIPP compares them (EH0005). For an input with 3 dimensions, it sets N, H and W to 0 and
    rejects every size.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: dynamic
      max_src_image_size: 752640
    }
    ```

    ```atc
    --input_format=NCHW --input_shape="data:1,3,224,224"
    ```

    ```runtime
    {"input_format": "RGB888_U8", "src_image_size_w": 256, "src_image_size_h": 256}
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: dynamic
      max_src_image_size: 752640
    }
    ```

    ```atc
    --input_format=NCHW --input_shape="data:1,3,224,224"
    ```

    ```runtime
    {"input_format": "RGB888_U8", "src_image_size_w": 256, "src_image_size_h": 256,
     "crop": {"load_start_pos_w": 16, "load_start_pos_h": 16, "crop_size_w": 224, "crop_size_h": 224}}
    ```

    ## Fix

    Crop or pad to the size of the model, or resize the image to that size first.

    ## Source

    Facts R15 and Z14: acl_aipp.cpp 130-231.
    """
    op, size = op_of(config, runtime), runtime.output_size
    shape = None if op is None or build.image_sizes is not None else build.input_of(op)
    if shape is not None and shape.lacks_batch:
        message = "the model's input has 3 dimensions; the run time requires 4"
        yield Problem(runtime.place("src_image_size_w"), message, related=set_here(build, SHAPE))
        return
    if shape is None or size is None or not shape.height or not shape.width:
        return
    model = Size(shape.height, shape.width)
    if min(model) > 0 and size != model:
        values = {"size": size, "model": model, "sum": runtime.sum_of()}
        message = "AIPP outputs {size} ({sum}), but the model requires {model}"
        yield Problem(runtime.place("src_image_size_w"), message, values, set_here(build, SHAPE))


@rule("AIPP812", "batch-over-127", Severity.WARNING)
def batch_over_127(runtime: Runtime) -> Iterator[Problem]:
    """The batch size of aclmdlCreateAIPP exceeds 127.

    The run time stores the number as a signed 8-bit integer: 128 silently becomes -128.

    ## Wrong

    ```runtime
    {"batch_size": 128}
    ```

    ## Right

    ```runtime
    {"batch_size": 64}
    ```

    ## Fix

    Feed the images in smaller batches.

    ## Source

    Fact R1: acl_aipp_om2.cpp 330-363; fact W11.
    """
    batch = runtime.number("batch_size")
    if batch is not None and batch > 127:
        message = "batch_size is {batch}; the run time stores it as int8, which is {stored}"
        stored = (batch + 128) % 256 - 128
        yield Problem(runtime.place("batch_size"), message, {"batch": batch, "stored": stored})


@rule("AIPP815", "batch-not-a-profile", Severity.ERROR, atc=SET_BATCH_SIZE)
def batch_not_a_profile(build: Build, runtime: Runtime) -> Iterator[Problem]:
    """The size of aclmdlSetDynamicBatchSize is not a profile of the model.

    The number must be one of the profiles of --dynamic_batch_size. Otherwise the call returns 145013
    (ACL_ERROR_GE_DYNAMIC_BATCH_SIZE_INVALID).

    ## Wrong

    ```atc
    --input_format=NCHW --input_shape="data:-1,3,224,224" --dynamic_batch_size="1,2,4,8"
    ```

    ```runtime
    {"dynamic_batch_size": 3}
    ```

    ## Right

    ```atc
    --input_format=NCHW --input_shape="data:-1,3,224,224" --dynamic_batch_size="1,2,4,8"
    ```

    ```runtime
    {"dynamic_batch_size": 4}
    ```

    ## Fix

    Fill the batch up to the size of a profile, or build the model with this size as well.

    ## Source

    Fact R27: ge_executor.cc 138-188 and 470.
    """
    batch, sizes = runtime.number("dynamic_batch_size"), build.batch_sizes
    if batch is None or not sizes or build.dynamic != BATCH or batch in sizes:
        return
    values = {"batch": batch, "profiles": ", ".join(map(str, sizes[:8]))}
    message = "aclmdlSetDynamicBatchSize gets {batch}, which is not a profile ({profiles}); it returns 145013"
    yield Problem(runtime.place("dynamic_batch_size"), message, values, set_here(build, BATCH))


RULES = (batch_not_the_largest, source_exceeds_max, batch_over_127, size_not_the_models, batch_not_a_profile)
