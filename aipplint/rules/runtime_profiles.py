"""AIPP801 to AIPP804, AIPP808, AIPP809, AIPP813: the run-time settings and the profiles of --dynamic_image_size."""

from __future__ import annotations

from collections.abc import Iterator

from aipplint.atc.build import Build
from aipplint.atc.options import IMAGE
from aipplint.config.config import Config
from aipplint.findings import Problem, Related, Severity
from aipplint.hardware.size import Size, ties
from aipplint.rules.options import set_here
from aipplint.rules.rule import rule
from aipplint.rules.runtime_model import SET_INPUT_AIPP, op_of
from aipplint.runtime.settings import Runtime

SET_HW_SIZE = "aclmdlSetDynamicHWSize"


@rule("AIPP801", "size-not-the-largest-profile", Severity.ERROR, atc=SET_INPUT_AIPP)
def size_not_the_largest_profile(config: Config, build: Build, runtime: Runtime) -> Iterator[Problem]:
    """The output size of dynamic AIPP differs from the largest profile.

    For a model with several image sizes, dynamic AIPP must be set to the largest one, whatever the size of the next
    image: aclmdlSetInputAIPP compares its output with the largest profile (the most bytes; of equal ones, the first)
    and fails with EH0005, "aipp output shape set by ACL must be equal to aipp output shape in the model".

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: dynamic
      max_src_image_size: 2076672
    }
    ```

    ```atc
    --input_format=NCHW --input_shape="data:1,3,-1,-1" --dynamic_image_size="416,416;832,832"
    ```

    ```runtime
    {"input_format": "RGB888_U8", "src_image_size_w": 416, "src_image_size_h": 416}
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: dynamic
      max_src_image_size: 2076672
    }
    ```

    ```atc
    --input_format=NCHW --input_shape="data:1,3,-1,-1" --dynamic_image_size="416,416;832,832"
    ```

    ```runtime
    {"input_format": "RGB888_U8", "src_image_size_w": 832, "src_image_size_h": 832,
     "dynamic_hw_size": {"height": 832, "width": 832}}
    ```

    ## Fix

    Pass the largest profile to aclmdlSetAIPPSrcImageSize (W, H) and to aclmdlSetDynamicHWSize (H, W).

    ## Source

    Facts R15 and R28 (acl_aipp.cpp 174-231, model_common.cpp 788); the manual page of --dynamic_image_size.
    """
    largest, size = build.largest_image_size, runtime.output_size
    if op_of(config, runtime) is None or largest is None or size is None or size == largest:
        return
    values: dict[str, object] = {"size": size, "largest": largest, "sum": runtime.sum_of()}
    values |= {"width": largest.width, "height": largest.height}
    message = "AIPP outputs {size}, but the largest profile is {largest}"
    if runtime.on("crop") or runtime.on("padding") or runtime.on("resize"):
        message = "AIPP outputs {size} ({sum}), but the largest profile is {largest}"
    hint = "call aclmdlSetAIPPSrcImageSize(aippDynamicSet, {width}, {height}), with the width first"
    yield Problem(runtime.place("src_image_size_w"), message, values, set_here(build, IMAGE), help=hint)


@rule("AIPP802", "crop-or-padding-with-profiles", Severity.ERROR, atc=SET_INPUT_AIPP)
def crop_or_padding_with_profiles(config: Config, build: Build, runtime: Runtime) -> Iterator[Problem]:
    """Crop, padding or resize is true at run time, although the model has several image sizes.

    The manual forbids it. The call compares only the output size with the largest profile: it accepts a crop of that
    size, and every smaller profile then gets the pixels of the largest one. Every product rejects resize.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: dynamic
      max_src_image_size: 3110400
    }
    ```

    ```atc
    --input_format=NCHW --input_shape="data:1,3,-1,-1" --dynamic_image_size="416,416;832,832"
    ```

    ```runtime
    {"input_format": "RGB888_U8", "src_image_size_w": 900, "src_image_size_h": 900,
     "crop": {"load_start_pos_w": 0, "load_start_pos_h": 0, "crop_size_w": 832, "crop_size_h": 832}}
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: dynamic
      max_src_image_size: 3110400
    }
    ```

    ```atc
    --input_format=NCHW --input_shape="data:1,3,-1,-1" --dynamic_image_size="416,416;832,832"
    ```

    ```runtime
    {"input_format": "RGB888_U8", "src_image_size_w": 832, "src_image_size_h": 832}
    ```

    ## Fix

    Set the switches to false, and resize the image to a profile before you feed it.

    ## Source

    Facts R28 (documented) and R19; the manual page of --dynamic_image_size.
    """
    if op_of(config, runtime) is None or not build.image_sizes:
        return
    for name in ("crop", "padding", "resize"):
        if runtime.on(name):
            message = "{name} is true; with --dynamic_image_size it must be false"
            yield Problem(runtime.place(name), message, {"name": name}, set_here(build, IMAGE))


@rule("AIPP803", "hw-not-a-profile", Severity.ERROR, atc=SET_HW_SIZE)
def hw_not_a_profile(build: Build, runtime: Runtime) -> Iterator[Problem]:
    """The size of aclmdlSetDynamicHWSize is not a profile of the model.

    The pair must equal one profile exactly, height first. Otherwise the call returns 145013
    (ACL_ERROR_GE_DYNAMIC_BATCH_SIZE_INVALID).

    ## Wrong

    ```atc
    --input_format=NCHW --input_shape="data:1,3,-1,-1" --dynamic_image_size="416,416;832,832"
    ```

    ```runtime
    {"dynamic_hw_size": {"height": 640, "width": 640}}
    ```

    ## Right

    ```atc
    --input_format=NCHW --input_shape="data:1,3,-1,-1" --dynamic_image_size="416,416;832,832"
    ```

    ```runtime
    {"dynamic_hw_size": {"height": 832, "width": 832}}
    ```

    ## Fix

    Pass one of the profiles, or build the model with this size as well.

    ## Source

    Fact R27: ge_executor.cc 138-188.
    """
    size, sizes = runtime.dynamic_size, build.image_sizes
    if size is None or not sizes or size in sizes:
        return
    swapped = Size(size.width, size.height)
    values = {"size": size, "swapped": swapped, "profiles": "; ".join(f"{s.height},{s.width}" for s in sizes[:8])}
    hint = "the height is the first argument; {swapped} is a profile" if swapped in sizes else ""
    message = "aclmdlSetDynamicHWSize gets {size}, which is not a profile (H,W: {profiles}); it returns 145013"
    yield Problem(runtime.place("dynamic_hw_size"), message, values, set_here(build, IMAGE), help=hint)


@rule("AIPP804", "hw-differs-from-aipp", Severity.ERROR)
def hw_differs_from_aipp(config: Config, build: Build, runtime: Runtime) -> Iterator[Problem]:
    """The sizes of AIPP and aclmdlSetDynamicHWSize differ.

    The manual requires that both are the largest profile. No program checks it; the model then reads an image with the
    layout of another size.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: dynamic
      max_src_image_size: 2076672
    }
    ```

    ```atc
    --input_format=NCHW --input_shape="data:1,3,-1,-1" --dynamic_image_size="416,416;832,832"
    ```

    ```runtime
    {"input_format": "RGB888_U8", "src_image_size_w": 832, "src_image_size_h": 832,
     "dynamic_hw_size": {"height": 416, "width": 416}}
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: dynamic
      max_src_image_size: 2076672
    }
    ```

    ```atc
    --input_format=NCHW --input_shape="data:1,3,-1,-1" --dynamic_image_size="416,416;832,832"
    ```

    ```runtime
    {"input_format": "RGB888_U8", "src_image_size_w": 832, "src_image_size_h": 832,
     "dynamic_hw_size": {"height": 832, "width": 832}}
    ```

    ## Fix

    Pass the largest profile to both.

    ## Source

    Fact R28 (documented, no program checks it); the manual page of --dynamic_image_size.
    """
    size, hw = runtime.source_size, runtime.dynamic_size
    if op_of(config, runtime) is None or not build.image_sizes or size is None or hw is None or size == hw:
        return
    related = (Related(runtime.place("src_image_size_w"), "the size of AIPP is set here"), *set_here(build, IMAGE))
    message = "aclmdlSetDynamicHWSize gets {hw}, but AIPP gets {size}; both must be the largest profile"
    yield Problem(runtime.place("dynamic_hw_size"), message, {"hw": hw, "size": size}, related)


@rule("AIPP808", "width-height-swapped", Severity.WARNING)
def width_height_swapped(build: Build, runtime: Runtime) -> Iterator[Problem]:
    """Width and height are probably swapped.

    The arguments of aclmdlSetAIPPSrcImageSize are W, H, those of aclmdlSetDynamicHWSize are H, W. Programs call one
    after the other and pass the numbers in the wrong order.

    ## Wrong

    ```atc
    --input_format=NCHW --input_shape="data:1,3,-1,-1" --dynamic_image_size="224,224;480,640"
    ```

    ```runtime
    {"src_image_size_w": 480, "src_image_size_h": 640, "dynamic_hw_size": {"height": 480, "width": 640}}
    ```

    ## Right

    ```atc
    --input_format=NCHW --input_shape="data:1,3,-1,-1" --dynamic_image_size="224,224;480,640"
    ```

    ```runtime
    {"src_image_size_w": 640, "src_image_size_h": 480, "dynamic_hw_size": {"height": 480, "width": 640}}
    ```

    ## Fix

    Swap the two numbers.

    ## Source

    Facts R6 and R27 (order of the arguments); seen in published code.
    """
    sizes = build.image_sizes or ()
    told: list[int] = []
    order = "the arguments of aclmdlSetAIPPSrcImageSize are W, H, those of aclmdlSetDynamicHWSize are H, W"
    for key, size in (("src_image_size_w", runtime.source_size), ("dynamic_hw_size", runtime.dynamic_size)):
        if size is None or size in sizes:
            continue
        swapped = Size(size.width, size.height)
        if swapped in sizes:
            message, place = "{size} is not a profile, but {swapped} is", runtime.place(key)
            told.append(place.span.start)
            yield Problem(place, message, {"size": size, "swapped": swapped}, set_here(build, IMAGE), help=order)
    for swap in runtime.swaps:
        if swap.place.span.start not in told:
            values = {"call": swap.call, "order": swap.order, "first": swap.first, "second": swap.second}
            yield Problem(swap.place, "the arguments of {call} are {order}, but it gets {first}, {second}", values)


@rule("AIPP809", "no-single-largest-profile", Severity.WARNING)
def no_single_largest_profile(config: Config, build: Build) -> Iterator[Problem]:
    """Several profiles are the largest.

    Dynamic AIPP must be set to the largest profile, which is the one with the most bytes. If two are equal, such as
    416,832 and 832,416, the run time uses the first one, and the size of the other one cannot be set.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: dynamic
      max_src_image_size: 1038336
    }
    ```

    ```atc
    --input_format=NCHW --input_shape="data:1,3,-1,-1" --dynamic_image_size="416,832;832,416"
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: dynamic
      max_src_image_size: 2076672
    }
    ```

    ```atc
    --input_format=NCHW --input_shape="data:1,3,-1,-1" --dynamic_image_size="416,832;832,416;832,832"
    ```

    ## Fix

    Add a profile that is larger than all others, or list the one for dynamic AIPP first.

    ## Source

    Fact R15: GetMaxShapeIndex, model_common.cpp 788.
    """
    largest, option = build.largest_image_size, build.option(IMAGE)
    equal = ties(build.image_sizes or ())
    if largest is not None and option is not None and equal and any(op.is_dynamic for op in config.ops):
        values = {"ties": ", ".join(f"({size})" for size in (largest, *equal[:3])), "largest": largest}
        message = "{ties} are equally large; dynamic AIPP must be set to the first, {largest}"
        yield Problem(option.place, message, values)


@rule("AIPP813", "size-never-set", Severity.INFO)
def size_never_set(build: Build, runtime: Runtime) -> Iterator[Problem]:
    """The model has several image sizes, but aclmdlSetDynamicHWSize is never called.

    Then the model reads every image in the size of the largest profile.

    ## Wrong

    ```atc
    --input_format=NCHW --input_shape="data:1,3,-1,-1" --dynamic_image_size="416,416;832,832"
    ```

    ```runtime
    {"src_image_size_w": 832, "src_image_size_h": 832}
    ```

    ## Right

    ```atc
    --input_format=NCHW --input_shape="data:1,3,-1,-1" --dynamic_image_size="416,416;832,832"
    ```

    ```runtime
    {"src_image_size_w": 832, "src_image_size_h": 832, "dynamic_hw_size": {"height": 832, "width": 832}}
    ```

    ## Fix

    Call aclmdlSetDynamicHWSize before aclmdlExecute; set its arguments in the settings (`dynamic_hw_size`).

    ## Source

    Fact R29 (documented); the manual page of --dynamic_image_size.
    """
    largest = build.largest_image_size
    called = "dynamic_hw_size" in runtime.values or "dynamic_hw_size" in runtime.unknown
    if largest is not None and runtime.values and not called:
        message = "missing dynamic_hw_size; without aclmdlSetDynamicHWSize the model reads every image as {largest}"
        yield Problem(runtime.place(), message, {"largest": largest}, set_here(build, IMAGE))


RULES = (
    size_not_the_largest_profile,
    crop_or_padding_with_profiles,
    hw_not_a_profile,
    hw_differs_from_aipp,
    width_height_swapped,
    no_single_largest_profile,
    size_never_set,
)
