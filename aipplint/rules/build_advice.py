"""AIPP616, AIPP623, AIPP625, AIPP628: options that ATC accepts, but that do not work with AIPP or cost too much."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod
from typing import TYPE_CHECKING

from aipplint.atc.build import Build
from aipplint.atc.options import PROFILE_OPTIONS
from aipplint.atc.places import place_of
from aipplint.config.config import Config
from aipplint.config.op import AippOp
from aipplint.findings import Problem, Related, Severity
from aipplint.hardware.products import product_of
from aipplint.rules.by_product import NOT_CHECKED, input_here
from aipplint.rules.options import set_here, shortened
from aipplint.rules.rule import OPERATOR_REJECTS, rule

if TYPE_CHECKING:
    from aipplint.atc.shapes import InputShape

_MANY = 32
"""The number of profiles above which a build is reported. Real builds have fewer than 20."""
_HEAVY_PROFILE = 256 * 2**20
_HEAVY_BUILD = 2**30
"""Bytes of the inputs in half precision, of one profile and of all. A batch of 8 images of 832 by 832 has 33 MB."""
_HALF = 2
"""Bytes of a number in half precision."""

_IMAGE_CHANNELS = (1, 3, 4)
_SMALLEST_SIDE = 16
"""The smallest number that can be the side of an image, in pixels."""


@rule("AIPP616", "small-channel-with-dynamic-aipp", Severity.WARNING)
def small_channel_with_dynamic_aipp(config: Config, build: Build) -> Iterator[Problem]:
    """--enable_small_channel=1 does not work with dynamic AIPP.

    With small channels, the first convolution works on 4 channels instead of 16. The operator of dynamic AIPP cannot
    output that layout, and the manual allows the option only with static AIPP (and recommends it there).

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: dynamic
      max_src_image_size: 752640
    }
    ```

    ```atc
    --input_shape="data:1,3,224,224" --enable_small_channel=1
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: dynamic
      max_src_image_size: 752640
    }
    ```

    ```atc
    --input_shape="data:1,3,224,224" --enable_small_channel=0
    ```

    ## Fix

    Delete the option.

    ## Source

    Facts B6, W8, W13 (the operator refuses the layout NC1HWC0_C04) and T30.
    """
    option = build.option("enable_small_channel")
    dynamic = next((op for op in config.ops if op.is_dynamic), None)
    if option is not None and build.enable_small_channel and dynamic is not None:
        related = (Related(dynamic.place("aipp_mode"), "dynamic AIPP is configured here"),)
        message = "--enable_small_channel=1 does not work with dynamic AIPP; delete it"
        yield Problem(option.place, message, {}, related)


@rule("AIPP623", "heavy-profiles", Severity.INFO, advice=True)
def heavy_profiles(build: Build) -> Iterator[Problem]:
    """The build has many or large profiles.

    ATC compiles the model once for every profile, and the device reserves memory for the largest. With too many or too
    large profiles, the conversion fails or the inference host swaps. The estimate includes only the inputs in half
    precision; the layers require several times as much in addition.

    ## Wrong

    ```atc
    --input_shape="data:8,3,-1,-1" --dynamic_image_size="4096,4096;2160,3840"
    ```

    ## Right

    ```atc
    --input_shape="data:8,3,-1,-1" --dynamic_image_size="416,416;832,832"
    ```

    ## Fix

    Keep only the profiles that you use. If you need all of them, disable swapping on the inference host (`swapoff -a`).

    ## Source

    Fact W20 (the manual's warning and its advice).
    """
    name = build.dynamic
    if name is None:
        return
    option, profiles = build.option(name), build.profiles(name)
    if option is None or profiles is None or profiles.flaws:
        return
    sizes = [sum(_bytes(dims) for _, dims in profile.shapes) for profile in build.expanded_profiles]
    total, largest = sum(sizes), max(sizes, default=0)
    count = len(profiles.items)
    if count <= _MANY and total <= _HEAVY_BUILD and largest <= _HEAVY_PROFILE:
        return
    message = "{count} profiles are compiled one by one; the conversion may run out of memory"
    if sizes:
        message = "{count} profiles require {total} for their inputs in half precision; the largest requires {largest}"
    values = {"count": count, "total": _megabytes(total), "largest": _megabytes(largest)}
    help_text = "keep only the profiles that you use; 'swapoff -a' on the inference host avoids swapping"
    yield Problem(option.place, message, values, help=help_text)


def _bytes(dims: tuple[int, ...]) -> int:
    return prod(dims) * _HALF if all(dim > 0 for dim in dims) else 0


def _megabytes(size: int) -> str:
    return f"{size / 2**20:,.0f} MB" if size < 10 * 2**30 else f"{size / 2**30:,.0f} GB"


@rule("AIPP625", "static-aipp-with-shape-range", Severity.ERROR, atc=OPERATOR_REJECTS)
def static_aipp_with_shape_range(op: AippOp, build: Build) -> Iterator[Problem]:
    """Static AIPP belongs to an input whose shape is a range.

    Without profiles, a -1 or `1~10` in `--input_shape` makes a model with dynamic shapes. The manual forbids static
    AIPP on such an input, and only three chips (310, 310P, 910) have an AIPP operator for dynamic shapes; for the
    others, ATC rejects it.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
    }
    ```

    ```atc
    --input_shape="data:1,3,-1,-1" --input_format=NCHW --soc_version=Ascend910B3
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
    }
    ```

    ```atc
    --input_shape="data:1,3,-1,-1" --input_format=NCHW --dynamic_image_size="224,224;448,448" --soc_version=Ascend910B3
    ```

    ## Fix

    Set the sizes as profiles (`--dynamic_image_size`, `--dynamic_batch_size`), or use dynamic AIPP.

    ## Source

    Facts B3, T33, W8 and W14.
    """
    shape = build.input_of(op)
    option = build.option("input_shape_range") or build.option("input_shape")
    if not op.is_static or shape is None or shape.said or option is None or not _ranged(build):
        return
    dims = [dim for dim in shape.dims if dim.value == -1 or not isinstance(dim.value, int)]
    if not dims:
        return
    place = option.part(dims[0].span.start, dims[-1].span.end)
    product = product_of(build.soc_version)
    values = {"input": shortened(str(shape)), "short": product.short if product else ""}
    related = (Related(op.head, "static AIPP belongs to it"),)
    message = "{input} is a range; static AIPP does not support it"
    if product is not None and product.formats and not product.shape_range and not product.tiling:
        note = "{short} has no operator for it"
        yield Problem(place, message, values, (*related, *set_here(build, "soc_version")), note=note)
    elif product is None:
        note = "only Ascend310, Ascend310P and Ascend910 have an operator for it, although the manual forbids it"
        yield Problem(place, message, values, related, severity=Severity.WARNING, note=note)
    elif product.formats:
        yield Problem(place, message, values, related, severity=Severity.WARNING, note=NOT_CHECKED)


def _ranged(build: Build) -> bool:
    """Return whether the shapes are ranges: profiles are neither set nor possible."""
    if build.option("input_shape_range") is not None:
        return not build.known(*PROFILE_OPTIONS) and not build.hidden(*PROFILE_OPTIONS)
    return build.as_ranges is True


@rule("AIPP628", "layout-looks-swapped", Severity.WARNING, advice=True)
def layout_looks_swapped(build: Build, config: Config | None = None) -> Iterator[Problem]:
    """The order of a shape looks like NHWC although the layout is NCHW, or vice versa.

    In NCHW, 1,224,224,3 is an image with 224 channels, a height of 224 and a width of 3. `--input_format` defaults to
    NCHW except for TensorFlow, and AIPP reads H, W and C in the order of the layout.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: dynamic
      max_src_image_size: 752640
    }
    ```

    ```atc
    --framework=1 --input_shape="data:1,224,224,3"
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: dynamic
      max_src_image_size: 752640
    }
    ```

    ```atc
    --framework=1 --input_shape="data:1,3,224,224"
    ```

    ## Fix

    Write the shape in the order of the layout, or set the `--input_format` of the model.

    ## Source

    Facts O5 (the default layouts) and W7; seen in public scripts.
    """
    layout = build.input_format
    if build.option("input_shape_range") is not None or layout not in ("NCHW", "NHWC"):
        return
    other = "NHWC" if layout == "NCHW" else "NCHW"
    for shape in _images(build, config):
        dims = [dim.value for dim in shape.dims]
        sides, channels = (dims[1:3], dims[3]) if layout == "NCHW" else (dims[2:4], dims[1])
        if channels not in _IMAGE_CHANNELS or any(not isinstance(s, int) or s < _SMALLEST_SIDE for s in sides):
            continue
        values = {
            "shape": shortened(str(shape)),
            "layout": layout,
            "other": other,
            "c": shape.dims[layout.index("C")].text,
            "h": shape.dims[layout.index("H")].text,
            "w": shape.dims[layout.index("W")].text,
        }
        message = "{shape} looks like {other}; in {layout} it is C {c}, H {h}, W {w}"
        place = place_of(build, shape)
        if place is not None:
            related = (*set_here(build, "input_format"), *(input_here(build, shape, None, "") if shape.said else ()))
            yield Problem(place, message, values, related)


def _images(build: Build, config: Config | None) -> list[InputShape]:
    """Return the inputs that are images because AIPP belongs to them; without a configuration, all that may be."""
    if config is not None:
        by_op = [build.input_of(op) for op in config.ops if op.is_static or op.is_dynamic]
        found = [shape for shape in by_op if shape is not None]
    elif build.text("insert_op_conf") is not None or build.text("input_format") is not None:
        found = list(build.inputs or ())
    else:
        found = []
    unique = {(shape.name, shape.span): shape for shape in found if shape.rank == 4}
    return list(unique.values())


RULES = (small_channel_with_dynamic_aipp, heavy_profiles, static_aipp_with_shape_range, layout_looks_swapped)
