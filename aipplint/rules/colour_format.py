"""AIPP406, AIPP410 to AIPP412: what an input format allows, and which products take it."""

from __future__ import annotations

from collections.abc import Iterator

from aipplint.atc.build import Build
from aipplint.config.colour import colour_of
from aipplint.config.op import AippOp
from aipplint.findings import Edit, Fix, Problem, Related, Severity
from aipplint.hardware.csc import YUV
from aipplint.hardware.formats import DYNAMIC_FORMATS, ONE_CHANNEL
from aipplint.hardware.products import PRODUCTS, Product, product_of
from aipplint.rules.rule import rule
from aipplint.rules.values import OPERATOR_REJECTS

_ALL = ("csc_switch", "resize", "padding")
_STAGES = {"csc_switch": "colour conversion", "resize": "resize", "padding": "padding"}
_IMPOSSIBLE = {
    "YUV400_U8": ("csc_switch",),
    "RGB16": ("csc_switch", "resize"),
    "RGB8_IR": ("resize", "padding"),
} | dict.fromkeys("RAW10 RAW12 RAW16 NC1HWC0DI_FP16 NC1HWC0DI_S8 RGB20 RGB24 RGB16_IR RGB24_IR".split(), _ALL)
"""The switches that must be off, by format (facts T4 and T7)."""

_SWAP_FORMATS = {
    "rbuv_swap_switch": "formats with colour",
    "ax_swap_switch": "XRGB8888_U8, ARGB8888_U8 and AYUV444_U8",
}
_AX = ("XRGB8888_U8", "ARGB8888_U8", "AYUV444_U8")
_TILING_AX = ("XRGB8888_U8",)
"""Where the swaps act: by the operator (N10), and with the stricter one of Ascend 950 (A6)."""


@rule("AIPP406", "csc-not-possible", Severity.ERROR, atc=OPERATOR_REJECTS)
def csc_not_possible(op: AippOp) -> Iterator[Problem]:
    """A stage is switched on that the input format does not allow.

    YUV400_U8 has no colour that could be converted; raw sensor data and tensors pass without conversion, resize and
    padding; RGB16 takes no conversion and no resize, RGB8_IR no resize and no padding. The compiler finds out only when
    it compiles the operator.

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

    Switch the stage off, or give the format that is really fed.

    ## Source

    Facts T4 and T7: aipp_comm.py 1972 and 2021-2068; A5 for Ascend 950.
    """
    image_format = op.text("input_format")
    if not op.is_static or image_format is None:
        return
    for switch in _IMPOSSIBLE.get(image_format, ()):
        if op.on(switch):
            values = {"switch": switch, "form": image_format, "stage": _STAGES[switch]}
            related = (Related(op.place("input_format"), "the format is set here"),)
            message = "{switch} is on, but {form} allows no {stage}"
            if image_format == "YUV400_U8":
                message = "{switch} is on, but YUV400_U8 has no colour to convert"
            yield Problem(op.place(switch), message, values, related)


@rule("AIPP410", "swap-without-effect", Severity.WARNING, atc=OPERATOR_REJECTS)
def swap_without_effect(op: AippOp, build: Build) -> Iterator[Problem]:
    """A swap is switched on that does nothing to this format.

    `rbuv_swap_switch` exchanges R and B, or U and V: YUV400_U8 and raw data have neither. `ax_swap_switch` moves the
    fourth channel to the front: three channels have none. The operator of Ascend 950 rejects `ax_swap_switch` with all
    but XRGB8888_U8, so there it is an error.

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

    Switch it off; the images stay the same (the fix does).

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
        message = "{switch} does nothing to {form}; it is for {formats}"
        if rejected:
            message = "{switch} is on with {form}; {short} takes it with XRGB8888_U8 only"
        elif refused and product is None:
            message += ", and Ascend950 rejects it"
        values = {
            "switch": switch,
            "form": image_format,
            "formats": _SWAP_FORMATS[switch],
            "short": product.short if product else "",
        }
        span = op.value_place(switch).span
        fix = Fix("switch it off", (Edit(span.start, span.end, "false"),), safe=True) if useless else None
        yield Problem(op.place(switch), message, values, fix=fix, severity=Severity.ERROR if rejected else None)


@rule("AIPP411", "format-not-on-product", Severity.ERROR, atc=OPERATOR_REJECTS)
def format_not_on_product(op: AippOp, build: Build) -> Iterator[Problem]:
    """The product does not take this input format.

    The schema knows twenty formats, every product only some of them. YUV420SP_U8, RGB888_U8, XRGB8888_U8 and YUV400_U8
    work everywhere, RAW24 nowhere. Where the operator takes more than the manual of the Atlas products allows, this is
    a warning; where `--soc_version` is not known, too.

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
        yield Problem(place, "no product takes {form}; all take {four}", values)
    elif product is None:
        message = "{form} works on {takers} only; other products reject it"
        yield Problem(place, message, values, severity=Severity.WARNING)
    elif image_format not in product.formats:
        values |= {"short": product.short, "formats": ", ".join(product.formats)}
        yield Problem(place, "{short} does not take {form}; it takes {formats}", values, related)
    elif _is_atlas(product):
        values["short"] = product.short
        message = "the operator of {short} takes {form}, but the manual names {four} only"
        yield Problem(place, message, values, related, severity=Severity.WARNING)


def _is_atlas(product: Product) -> bool:
    """Whether the manual that names four formats is about this product."""
    return product.family.startswith("Atlas")


@rule("AIPP412", "yuv-without-conversion", Severity.INFO)
def yuv_without_conversion(op: AippOp, build: Build) -> Iterator[Problem]:
    """YUV images go into a model of three channels without conversion.

    With `csc_switch` off the model gets Y, U and V (as YUV444) in its three channels. Nearly every model is trained on
    RGB or BGR; then it runs and predicts nonsense.

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

    Switch the conversion on and give its matrix. If the model was trained on YUV, all is well: ignore this.

    ## Source

    Fact W9 (YUV420SP_U8 to YUV444 is a conversion of the manual); fact T5 (three channels whatever the
    conversion).
    """
    shape = build.input_of(op)
    if shape is None or shape.channels != 3 or (op.damaged and not op.has("csc_switch")):
        return
    colour = colour_of(op)
    if colour is None or colour.on or colour.family != YUV or op.has("matrix_r0c0"):
        return
    values = {"form": colour.image_format, "target": colour.target, "name": shape.name}
    option = build.option("input_shape")
    related = (Related(option.part(*shape.span), "three channels here"),) if option else ()
    message = (
        "the model gets {form} as {target}, because csc_switch is off; a model trained on RGB needs the conversion"
    )
    place = op.place("csc_switch") if op.has("csc_switch") else op.place("input_format")
    yield Problem(place, message, values, related)


RULES = (csc_not_possible, swap_without_effect, format_not_on_product, yuv_without_conversion)
