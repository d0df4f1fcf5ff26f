"""AIPP308, AIPP309: the padding of a static operator."""

from __future__ import annotations

from collections.abc import Iterator

from aipplint.atc.build import Build
from aipplint.atc.geometry import AXES, PADDING, WIDTH, Length, Term, model_size, output, refused_with_profiles
from aipplint.config.op import AippOp
from aipplint.findings import Problem, Severity
from aipplint.hardware.products import PRODUCTS, product_of
from aipplint.rules.by_product import NOT_CHECKED, model_side_here
from aipplint.rules.rule import OPERATOR_REJECTS, rule

_MAX_PADDING = 32
_NARROW, _WIDE = 1080, 4096
_MANUAL_NARROW = ("Ascend310", "Ascend310P", "Ascend910")
"""Products for which the manual, too, limits the padded width to 1080 (fact W6); for others to 4096."""


@rule("AIPP308", "padding-too-large", Severity.ERROR, atc=OPERATOR_REJECTS, tiling="EZ0033")
def padding_too_large(op: AippOp) -> Iterator[Problem]:
    """The padding of one side exceeds 32 pixels.

    If `padding` is true, every product limits each side to 32 pixels.

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

    Scale the image to nearly the model's input size and pad only the rest here. Add larger borders before you feed the
    image.

    ## Source

    Facts T19 (aipp_comm.py 2372-2383) and A8.
    """
    if not op.is_static or not op.on(PADDING):
        return
    for axis in AXES:
        for field in (axis.before, axis.after):
            size = op.number(field)
            if size is not None and size > _MAX_PADDING:
                values = {"field": field, "size": size, "most": _MAX_PADDING}
                yield Problem(op.value_place(field), "{field} is {size}; the maximum is {most}", values)


@rule("AIPP309", "padded-too-wide", Severity.ERROR, atc=OPERATOR_REJECTS, tiling="EZ0009")
def padded_too_wide(op: AippOp, build: Build) -> Iterator[Problem]:
    """The output with padding is wider than the hardware supports.

    The manual allows more than some operators do, and the operators count.

    | product | the operator | the manual |
    |---|---|---|
    | Ascend310P, Ascend910 | 1080 | 1080 |
    | Ascend310, Ascend610, Ascend610Lite, BS9SX2A, MC61AM21A, AS31XM1 | 1080 | not named |
    | Ascend310B, Ascend910B, Ascend 950 | 1080 | 4096 |
    | Ascend910_93 | not checked | 4096 |
    | Hi3796CV300, SD3403 | 4096 | not named |

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

    Pad the image before you feed it.

    ## Source

    Facts T18 (aipp_comm.py 2343-2355), A8, R21; fact W6 (template and API page disagree).
    """
    stage = None
    if op.is_static and op.on(PADDING) and not refused_with_profiles(op, build):
        model = model_size(op, build)
        stage = output(op, model)
    side = None if stage is None else stage.width
    if side is None or stage is None:
        return
    # The operator checks the model's width. If that is known and differs, AIPP704 reports it.
    width = model.width if model is not None else side.value
    product = product_of(build.soc_version)
    limit = _NARROW if product is None else product.padded_width
    shown = side if side.value == width else Length(WIDTH, (Term(None, width),))
    severity, note = Severity.ERROR, ""
    if product is None:
        note, severity = "every product except for {spared} rejects it", Severity.WARNING
    elif not limit:
        note, severity, limit = NOT_CHECKED, Severity.WARNING, _WIDE
    elif limit == _NARROW and product.short not in _MANUAL_NARROW:
        note = "the manual gives {wide} for {short}, but its operator rejects more than {limit}"
    if width > limit:
        spared = [p.short for p in PRODUCTS.values() if p.formats and p.padded_width != _NARROW]
        values = {"sum": shown, "limit": limit, "spared": spared, "wide": _WIDE, "short": product and product.short}
        message = "{sum}; with padding, the maximum output width is {limit}"
        place = op.place(side.field or PADDING)
        yield Problem(place, message, values, model_side_here(op, build, WIDTH), severity=severity, note=note)


RULES = (padding_too_large, padded_too_wide)
