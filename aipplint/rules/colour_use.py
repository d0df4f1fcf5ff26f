"""AIPP405, AIPP407 to AIPP409, AIPP413: a valid colour conversion that does not match the images or the model."""

from __future__ import annotations

from collections.abc import Iterator

from aipplint.config.colour import BIAS, MATRIX, MEANS, OUTPUT_BIAS, colour_of, means_of
from aipplint.config.op import AippOp
from aipplint.findings import Edit, Fix, Problem, Related, Severity
from aipplint.hardware.csc import IDENTITY, RGB, recognise
from aipplint.rules.colour import converted, given_cells
from aipplint.rules.rule import rule
from aipplint.rules.wording import Phrase

_RGB_MEANS = {
    "ImageNet": (123.675, 116.28, 103.53),
    "Caffe Detection": (122.7717, 115.9465, 102.9801),
    "COCO": (119.85, 113.985, 104.04),
    "CIFAR-10": (125.307, 122.961, 113.8575),
}
"""Well-known means of red, green and blue, 0 to 255, by data set."""


@rule("AIPP405", "csc-fields-without-switch", Severity.INFO)
def csc_fields_without_switch(op: AippOp) -> Iterator[Problem]:
    """A matrix is set, but `csc_switch` is not true.

    The matrix has no effect: without `csc_switch: true`, AIPP does not convert the colours. This is harmless in a
    copied file; but if the file should convert them, the model gets YUV instead of RGB.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      csc_switch: false
      matrix_r0c0: 256  # <--
      matrix_r0c1: 0
      matrix_r0c2: 359
      matrix_r1c0: 256
      matrix_r1c1: -88
      matrix_r1c2: -183
      matrix_r2c0: 256
      matrix_r2c1: 454
      matrix_r2c2: 0
    }
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      csc_switch: false
    }
    ```

    ## Fix

    Delete the matrix, or set `csc_switch: true`.

    ## Source

    Fact W2; fact A9 (if the switch is false, the operator uses the identity).
    """
    cells = given_cells(op)
    if not op.is_static or op.flag("csc_switch") is not False or not cells:
        return
    if op.damaged and not op.has("csc_switch"):
        return
    matrix = tuple(op.number(name) if op.has(name) else 0 for name in MATRIX)
    if not any(matrix) or matrix == IDENTITY:
        return
    colour = colour_of(op)
    known = None
    if None not in matrix:
        known = recognise(tuple(cell for cell in matrix if cell is not None), colour.family if colour else RGB)
    message = "the matrix has no effect; csc_switch is {switch}"
    if known is not None:
        message = "the matrix for {arrow} has no effect; csc_switch is {switch}"
    values = {"arrow": known and known.arrow, "switch": "false" if op.has("csc_switch") else Phrase("missing")}
    related = (Related(op.place("csc_switch"), "csc_switch is set here"),) if op.has("csc_switch") else ()
    yield Problem(op.place(cells[0]), message, values, related)


@rule("AIPP407", "unused-bias", Severity.INFO)
def unused_bias(op: AippOp) -> Iterator[Problem]:
    """A bias is set that this direction of conversion does not use.

    A conversion from YUV uses the input bias and ignores the output bias; a conversion from RGB uses the output bias
    and ignores the input bias. If only the wrong bias is set, the other one keeps its default of 16, 128, 128.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: YUV420SP_U8
      csc_switch: true
      matrix_r0c0: 298
      matrix_r0c1: 0
      matrix_r0c2: 409
      matrix_r1c0: 298
      matrix_r1c1: -100
      matrix_r1c2: -208
      matrix_r2c0: 298
      matrix_r2c1: 516
      matrix_r2c2: 0
      output_bias_0: 16  # <--
      output_bias_1: 128
      output_bias_2: 128
    }
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: YUV420SP_U8
      csc_switch: true
      matrix_r0c0: 298
      matrix_r0c1: 0
      matrix_r0c2: 409
      matrix_r1c0: 298
      matrix_r1c1: -100
      matrix_r1c2: -208
      matrix_r2c0: 298
      matrix_r2c1: 516
      matrix_r2c2: 0
      input_bias_0: 16
      input_bias_1: 128
      input_bias_2: 128
    }
    ```

    ## Fix

    Set the bias that the conversion uses, and delete the other.

    ## Source

    Fact W2 (output_bias: RGB to YUV only, input_bias: YUV to RGB only); fact A10 for Ascend 950.
    """
    colour = converted(op)
    if colour is None or colour.conversion is None or colour.conversion.source != colour.family or not given_cells(op):
        return
    used = colour.conversion.bias_side
    side = "output" if used == "input" else "input"
    given = [name for name in BIAS[side] if op.has(name)]
    if not given or (any(op.has(name) for name in BIAS[used]) and not any(op.number(name) for name in given)):
        return
    values = {"side": side, "used": used, "from": colour.family}
    message = "{side}_bias has no effect; a conversion from {from} uses {used}_bias"
    if not any(op.has(name) for name in BIAS[used]) and not op.damaged:
        message = "{side}_bias has no effect; a conversion from {from} uses {used}_bias, which is missing"
    yield Problem(op.place(given[0]), message, values)


@rule("AIPP408", "matrix-direction", Severity.WARNING)
def matrix_direction(op: AippOp) -> Iterator[Problem]:
    """The direction of the matrix does not match the input format.

    A matrix for YUV to RGB garbles images that are RGB already, and vice versa. ATC does not check the numbers.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      csc_switch: true
      matrix_r0c0: 256  # <--
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

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      csc_switch: false
    }
    ```

    ## Fix

    If the model requires the format that you feed, set `csc_switch` to false. Otherwise correct the input format.

    ## Source

    Fact W9: the conversions of the manual by input format.
    """
    colour, cells = converted(op), given_cells(op)
    if colour is None or not cells or colour.conversion is None or colour.conversion.source == colour.family:
        return
    values = {"arrow": colour.conversion.arrow, "form": colour.image_format, "family": colour.family}
    related = (Related(op.place("input_format"), "the format is set here"),)
    yield Problem(op.place(cells[0]), "the matrix is for {arrow}, but {form} is {family}", values, related)


@rule("AIPP409", "gray-with-default-bias", Severity.WARNING)
def gray_with_default_bias(op: AippOp) -> Iterator[Problem]:
    """A conversion from RGB to gray uses the default output bias.

    The default is 16, 128, 128, as for YUV in narrow range: every gray value is 16 too high, and all values from 239 on
    become 255. A template of the toolkit has this mistake; the manual sets the three output biases to 0.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      csc_switch: true  # <--
      matrix_r0c0: 76
      matrix_r0c1: 150
      matrix_r0c2: 30
      matrix_r1c0: 0
      matrix_r1c1: 0
      matrix_r1c2: 0
      matrix_r2c0: 0
      matrix_r2c1: 0
      matrix_r2c2: 0
    }
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      csc_switch: true
      matrix_r0c0: 76
      matrix_r0c1: 150
      matrix_r0c2: 30
      matrix_r1c0: 0
      matrix_r1c1: 0
      matrix_r1c2: 0
      matrix_r2c0: 0
      matrix_r2c1: 0
      matrix_r2c2: 0
      output_bias_0: 0
      output_bias_1: 0
      output_bias_2: 0
    }
    ```

    ## Fix

    Set the three output biases to 0 (the fix adds those that are missing; unsafe, because the pixels change).

    ## Source

    Facts W2 and W9 (the gray conversions); fact W52; facts S1 and T0 for the default.
    """
    colour = converted(op)
    known = None if colour is None else colour.conversion
    if colour is None or known is None or known.source != colour.family or known.target != "GRAY":
        return
    if colour.family != RGB or op.has(OUTPUT_BIAS[0]) or op.damaged:
        return
    message = "output_bias_0 is not set and defaults to 16, so gray is 16 too high; the manual sets it to 0"
    yield Problem(op.place("csc_switch"), message, fix=_zero_output_bias(op))


def _zero_output_bias(op: AippOp) -> Fix | None:
    """Return a fix that adds the missing output biases as 0 after the last cell of the matrix."""
    last = max((entry.field.span for name in MATRIX if (entry := op.last(name))), default=None)
    if last is None:
        return None
    source = op.source
    line = source.text.rfind("\n", 0, last.start) + 1
    indent = source.text[line : last.start]
    glue = ("\r\n" if "\r\n" in source.text else "\n") + indent if not indent.strip() else " "
    lines = "".join(f"{glue}{name}: 0" for name in OUTPUT_BIAS if not op.has(name))
    return Fix("set the output biases to 0", (Edit(last.end, last.end, lines),), safe=False)


@rule("AIPP413", "mean-order", Severity.WARNING)
def mean_order(op: AippOp) -> Iterator[Problem]:
    """The means are in BGR order, but the conversion outputs RGB, or vice versa.

    The means are subtracted after colour conversion, in the channel order that it produces. Well-known means, such as
    123.675, 116.28, 103.53 of ImageNet, show which channel order the model requires; the matrix produces the other one.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: YUV420SP_U8
      csc_switch: true
      matrix_r0c0: 298
      matrix_r0c1: 0
      matrix_r0c2: 409
      matrix_r1c0: 298
      matrix_r1c1: -100
      matrix_r1c2: -208
      matrix_r2c0: 298
      matrix_r2c1: 516
      matrix_r2c2: 0
      input_bias_0: 16
      input_bias_1: 128
      input_bias_2: 128
      mean_chn_0: 104  # <--
      mean_chn_1: 117
      mean_chn_2: 123
    }
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: YUV420SP_U8
      csc_switch: true
      matrix_r0c0: 298
      matrix_r0c1: 516
      matrix_r0c2: 0
      matrix_r1c0: 298
      matrix_r1c1: -100
      matrix_r1c2: -208
      matrix_r2c0: 298
      matrix_r2c1: 0
      matrix_r2c2: 409
      input_bias_0: 16
      input_bias_1: 128
      input_bias_2: 128
      mean_chn_0: 104
      mean_chn_1: 117
      mean_chn_2: 123
    }
    ```

    ## Fix

    Find out how the model was trained. For BGR, swap the first and the last row of the matrix. For RGB, swap the first
    and the last mean (and reciprocal).

    ## Source

    Facts W4 (the order of the stages) and W9; fact W50.
    """
    colour = converted(op)
    if colour is None or colour.target not in ("RGB", "BGR") or colour.family == RGB:
        return
    means = means_of(op)
    if means is None:
        return
    order, data_set = _order(means)
    if not order or order == colour.target:
        return
    names = [name for pair in MEANS for name in pair if op.real(name)]
    shown = ", ".join(f"{mean:.7g}" for mean in means)
    values = {"means": shown, "set": data_set, "order": order, "target": colour.target}
    related = (Related(op.place((given_cells(op) or ("csc_switch",))[0]), "the conversion outputs {target}", values),)
    message = "the means {means} are those of {set} in {order} order, but the conversion outputs {target}"
    yield Problem(op.place(names[0]), message, values, related)


def _order(means: tuple[float, ...]) -> tuple[str, str]:
    """Return RGB or BGR and the data set if the means are well known; otherwise empty strings."""
    for data_set, known in _RGB_MEANS.items():
        for order, triple in (("RGB", known), ("BGR", known[::-1])):
            if all(abs(mean - right) < 1 for mean, right in zip(means, triple, strict=True)):
                return order, data_set
    return "", ""


RULES = (csc_fields_without_switch, unused_bias, matrix_direction, gray_with_default_bias, mean_order)
