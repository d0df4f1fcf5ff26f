"""AIPP405, AIPP407 to AIPP409, AIPP413: a conversion that is sound in itself, in the wrong place."""

from __future__ import annotations

from collections.abc import Iterator

from aipplint.config.colour import BIAS, MATRIX, MEANS, OUTPUT_BIAS, colour_of, means_of
from aipplint.config.op import AippOp
from aipplint.findings import Edit, Fix, Problem, Related, Severity
from aipplint.hardware.csc import IDENTITY, RGB, recognise
from aipplint.rules.colour import converted, given_cells
from aipplint.rules.rule import rule

_RGB_MEANS = {
    "ImageNet": (123.675, 116.28, 103.53),
    "Caffe detection": (122.7717, 115.9465, 102.9801),
    "COCO": (119.85, 113.985, 104.04),
    "CIFAR-10": (125.307, 122.961, 113.8575),
}
"""Well-known means of red, green and blue, 0 to 255, by data set."""


@rule("AIPP405", "csc-fields-without-switch", Severity.INFO)
def csc_fields_without_switch(op: AippOp) -> Iterator[Problem]:
    """A matrix is given while the colour conversion is off.

    The numbers are dead: without `csc_switch: true` the images pass unconverted. In a file that was copied that is
    harmless; in one that should convert it means that the model gets YUV in place of RGB.

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

    Delete the matrix, or switch the conversion on.

    ## Source

    Fact W2; fact A9 (with the switch off the operator has the identity).
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
    values = {"what": f" for {known.arrow}" if known else "", "switch": "off" if op.has("csc_switch") else "not given"}
    related = (Related(op.place("csc_switch"), "switched off here"),) if op.has("csc_switch") else ()
    yield Problem(op.place(cells[0]), "the matrix{what} has no effect: csc_switch is {switch}", values, related)


@rule("AIPP407", "unused-bias", Severity.INFO)
def unused_bias(op: AippOp) -> Iterator[Problem]:
    """A bias is given that this direction of conversion does not use.

    From YUV the input bias counts and the output bias has no effect; from RGB it is the other way round. A bias on the
    wrong side leaves the one that counts at its default of 16, 128, 128.

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

    Give the bias on the side that counts, and delete the other.

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
    message = "{side}_bias has no effect on {from}; {used}_bias counts"
    if not any(op.has(name) for name in BIAS[used]) and not op.damaged:
        message += ", and is not given"
    yield Problem(op.place(given[0]), message, values)


@rule("AIPP408", "matrix-direction", Severity.WARNING)
def matrix_direction(op: AippOp) -> Iterator[Problem]:
    """The matrix converts in the other direction than the input format asks for.

    A matrix for YUV to RGB makes nonsense of images that are RGB already, and the reverse. The compiler does not look
    at the numbers.

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

    Switch the conversion off if the model wants what is fed, or give the format that is really fed.

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
    """Gray is made of RGB, and the output bias is left to its default.

    The default is 16, 128, 128, as for YUV of narrow range: every gray value comes out 16 too high, and 239 and above
    all become 255. A template of the toolkit has this mistake; the manual sets the three output biases to 0.

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
    message = "output_bias_0 is not given and becomes 16: gray comes out 16 too high; the manual sets it to 0"
    yield Problem(op.place("csc_switch"), message, fix=_zero_output_bias(op))


def _zero_output_bias(op: AippOp) -> Fix | None:
    """Output biases of 0 for those that are missing, behind the last cell of the matrix and indented like it."""
    last = max((entry.field.span for name in MATRIX if (entry := op.last(name))), default=None)
    if last is None:
        return None
    source = op.source
    line = source.text.rfind("\n", 0, last.start) + 1
    indent = source.text[line : last.start]
    glue = ("\r\n" if "\r\n" in source.text else "\n") + indent if not indent.strip() else " "
    lines = "".join(f"{glue}{name}: 0" for name in OUTPUT_BIAS if not op.has(name))
    return Fix("output biases of 0", (Edit(last.end, last.end, lines),), safe=False)


@rule("AIPP413", "mean-order", Severity.WARNING)
def mean_order(op: AippOp) -> Iterator[Problem]:
    """The means are in BGR order and the conversion gives RGB, or the reverse.

    The means are taken off the channels behind the conversion, in their order. Well-known means, such as 123.675,
    116.28, 103.53 of ImageNet, tell in which order the model wants its channels; here the matrix makes the other order.

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

    Ask how the model was trained. For BGR exchange the first and the last row of the matrix, for RGB the first and the
    last mean (and reciprocal).

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
    related = (Related(op.place((given_cells(op) or ("csc_switch",))[0]), "the conversion gives {target}", values),)
    message = "the means {means} are those of {set} in {order} order, but the conversion gives {target}"
    yield Problem(op.place(names[0]), message, values, related)


def _order(means: tuple[float, ...]) -> tuple[str, str]:
    """RGB or BGR, and the data set, where the means are well known; else nothing."""
    for data_set, known in _RGB_MEANS.items():
        for order, triple in (("RGB", known), ("BGR", known[::-1])):
            if all(abs(mean - right) < 1 for mean, right in zip(means, triple, strict=True)):
                return order, data_set
    return "", ""


RULES = (csc_fields_without_switch, unused_bias, matrix_direction, gray_with_default_bias, mean_order)
