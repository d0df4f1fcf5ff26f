"""AIPP406, AIPP410 to AIPP412: the stages that an input format allows, and the products that support it."""

from __future__ import annotations

from collections.abc import Iterator

from aipplint.atc.build import Build
from aipplint.config.colour import colour_of
from aipplint.config.op import AippOp
from aipplint.findings import Edit, Fix, Problem, Related, Severity
from aipplint.hardware.csc import YUV
from aipplint.hardware.formats import DYNAMIC_FORMATS, ONE_CHANNEL
from aipplint.hardware.products import PRODUCTS, Product, product_of
from aipplint.rules.by_product import ONLY_950, input_here
from aipplint.rules.rule import OPERATOR_REJECTS, rule

_ALL = ("csc_switch", "resize", "padding")

_IMPOSSIBLE = {
    "YUV400_U8": ("csc_switch",),
    "RGB16": ("csc_switch", "resize"),
    "RGB8_IR": ("resize", "padding"),
} | dict.fromkeys("RAW10 RAW12 RAW16 NC1HWC0DI_FP16 NC1HWC0DI_S8 RGB20 RGB24 RGB16_IR RGB24_IR".split(), _ALL)
"""The switches that must be false, by format (facts T4 and T7)."""

_NO_SWAP = {
    "rbuv_swap_switch": "rbuv_swap_switch has no effect on {form}; it is for formats with colour",
    "ax_swap_switch": "ax_swap_switch has no effect on {form}; it is for {formats}",
}
_AX = ("XRGB8888_U8", "ARGB8888_U8", "AYUV444_U8")
_TILING_AX = ("XRGB8888_U8",)
"""The formats for ax_swap_switch: of the operator (N10), and of the stricter one of Ascend 950 (A6)."""


@rule("AIPP406", "csc-not-possible", Severity.ERROR, atc=OPERATOR_REJECTS, tiling="EZ0033")
def csc_not_possible(op: AippOp) -> Iterator[Problem]:
    """A switch is true that the input format does not support.

    YUV400_U8 has no colour to convert. Raw sensor data and tensors do not support conversion, resize and padding, RGB16
    does not support conversion and resize, and RGB8_IR does not support resize and padding. ATC finds it only when it
    compiles the operator.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: YUV400_U8
      csc_switch: true  # <--
    }
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: YUV400_U8
      csc_switch: false
    }
    ```

    ## Fix

    Set the switch to false, or set the format of the images that you feed.

    ## Source

    Facts T4 and T7: aipp_comm.py 1972 and 2021-2068; A5 for Ascend 950.
    """
    image_format = op.text("input_format")
    if not op.is_static or image_format is None:
        return
    for switch in _IMPOSSIBLE.get(image_format, ()):
        if op.on(switch):
            values = {"switch": switch, "form": image_format}
            related = (Related(op.place("input_format"), "the format is set here"),)
            message = "{switch} is true, but {form} does not support it"
            if image_format == "YUV400_U8":
                message = "{switch} is true, but {form} has no colour to convert"
            yield Problem(op.place(switch), message, values, related)


@rule("AIPP410", "swap-without-effect", Severity.WARNING, atc=OPERATOR_REJECTS, tiling="EZ0033")
def swap_without_effect(op: AippOp, build: Build) -> Iterator[Problem]:
    """A swap switch is true, but has no effect on this format.

    `rbuv_swap_switch` swaps R and B, or U and V; YUV400_U8 and raw data have neither. `ax_swap_switch` moves the fourth
    channel to the front; formats with three channels have none. The operator of Ascend 950 rejects `ax_swap_switch`
    with all formats except for XRGB8888_U8; there it is an error.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      ax_swap_switch: true  # <--
    }
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      ax_swap_switch: false
    }
    ```

    ## Fix

    Set it to false, as the fix does; the images do not change.

    ## Source

    Facts N10 and A6.
    """
    image_format = op.text("input_format")
    if not op.is_static or image_format in (None, "UNDEFINED"):
        return
    product = product_of(build.soc_version)
    for switch, useless, refused in (
        ("rbuv_swap_switch", image_format in ONE_CHANNEL, False),
        ("ax_swap_switch", image_format not in _AX, image_format not in _TILING_AX),
    ):
        rejected = refused and product is not None and product.tiling
        if not op.on(switch) or not (useless or rejected):
            continue
        message = _NO_SWAP[switch]
        if rejected:
            message = "{switch} is true with {form}; {short} supports it only with XRGB8888_U8"
        note = ONLY_950 if refused and product is None else ""
        values = {"switch": switch, "form": image_format, "formats": list(_AX), "short": product and product.short}
        fix = Fix("set it to false", (Edit(*op.value_place(switch).span, "false"),), safe=True) if useless else None
        severity = Severity.ERROR if rejected else None
        yield Problem(op.place(switch), message, values, fix=fix, severity=severity, note=note)


@rule("AIPP411", "format-not-on-product", Severity.ERROR, atc=OPERATOR_REJECTS, tiling="EZ0032")
def format_not_on_product(op: AippOp, build: Build) -> Iterator[Problem]:
    """The product does not support this input format.

    The schema has twenty formats, and each product supports only some of them. All products support YUV420SP_U8,
    RGB888_U8, XRGB8888_U8 and YUV400_U8, none supports RAW24. The finding is a warning if `--soc_version` is unknown,
    or if the operator accepts a format that the manual of the Atlas products does not allow.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: YUYV_U8  # <--
    }
    ```

    ```atc
    --soc_version=Ascend310P3
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: YUV420SP_U8
    }
    ```

    ```atc
    --soc_version=Ascend310P3
    ```

    ## Fix

    Convert the images (with DVPP or in the application) to a format of the product.

    ## Source

    Facts T21 and C1, A1 for Ascend 950; fact W5.
    """
    image_format = op.text("input_format")
    if not op.is_static or image_format in (None, "UNDEFINED", *DYNAMIC_FORMATS):
        return
    product = product_of(build.soc_version)
    takers = [each.short for each in PRODUCTS.values() if image_format in each.formats]
    if product is not None and not product.formats:
        return
    values: dict[str, object] = {"form": image_format, "takers": ", ".join(takers), "four": ", ".join(DYNAMIC_FORMATS)}
    place = op.value_place("input_format")
    option = build.option("soc_version")
    related = (Related(option.place, "the product is set here"),) if product and option else ()
    if not takers:
        yield Problem(place, "no product supports {form}; all support {four}", values)
    elif product is None:
        message = "only {takers} support {form}; other products reject it"
        yield Problem(place, message, values, severity=Severity.WARNING)
    elif image_format not in product.formats:
        values |= {"short": product.short, "formats": ", ".join(product.formats)}
        yield Problem(place, "{short} does not support {form}; it supports {formats}", values, related)
    elif _is_atlas(product):
        values["short"] = product.short
        message = "the operator of {short} accepts {form}, but the manual allows only {four}"
        yield Problem(place, message, values, related, severity=Severity.WARNING)


def _is_atlas(product: Product) -> bool:
    """Return whether the manual that allows four formats is about this product."""
    return product.family.startswith("Atlas")


@rule("AIPP412", "yuv-without-conversion", Severity.INFO)
def yuv_without_conversion(op: AippOp, build: Build) -> Iterator[Problem]:
    """A model with three channels gets YUV images without colour conversion.

    If `csc_switch` is false, the model gets Y, U and V (as YUV444) in its three channels. Nearly every model is trained
    on RGB or BGR; then it runs, but its predictions are wrong.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: YUV420SP_U8  # <--
    }
    ```

    ```atc
    --input_shape="data:1,3,224,224" --input_format=NCHW
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: YUV420SP_U8
      csc_switch: true
      matrix_r0c0: 256
      matrix_r0c1: 0
      matrix_r0c2: 359
      matrix_r1c0: 256
      matrix_r1c1: -88
      matrix_r1c2: -183
      matrix_r2c0: 256
      matrix_r2c1: 454
      matrix_r2c2: 0
      input_bias_0: 0
      input_bias_1: 128
      input_bias_2: 128
    }
    ```

    ```atc
    --input_shape="data:1,3,224,224" --input_format=NCHW
    ```

    ## Fix

    Set `csc_switch` to true and set its matrix. If the model was trained on YUV, ignore this finding.

    ## Source

    Fact W9 (YUV420SP_U8 to YUV444 is a conversion of the manual); fact T5 (three channels in any
    case).
    """
    shape = build.input_of(op)
    if shape is None or shape.channels != 3 or (op.damaged and not op.has("csc_switch")):
        return
    colour = colour_of(op)
    if colour is None or colour.on or colour.family != YUV or op.has("matrix_r0c0"):
        return
    values = {"form": colour.image_format, "target": colour.target, "name": shape.name}
    related = input_here(build, shape, None, "the input has three channels")
    message = "csc_switch is false, so the model gets {form} as {target}; a model trained on RGB requires conversion"
    place = op.place("csc_switch") if op.has("csc_switch") else op.place("input_format")
    yield Problem(place, message, values, related)


RULES = (csc_not_possible, swap_without_effect, format_not_on_product, yuv_without_conversion)
