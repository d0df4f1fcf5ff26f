"""AIPP401 to AIPP404: the matrix of a colour conversion and the bias that belongs to it."""

from __future__ import annotations

from collections.abc import Iterator

from aipplint.config.colour import BIAS, MATRIX, Colour, colour_of
from aipplint.config.op import AippOp
from aipplint.findings import Edit, Fix, Place, Problem, Related, Severity
from aipplint.hardware.csc import ATTRIBUTE_DEFAULT, DEFAULT, RGB, STANDARDS, YUV, Conversion, Near
from aipplint.rules.rule import rule


def converted(op: AippOp) -> Colour | None:
    """The colours of an operator that converts, in a format that can be converted; None of any other."""
    colour = colour_of(op) if op.on("csc_switch") else None
    return colour if colour is not None and colour.family in (YUV, RGB) else None


def given_cells(op: AippOp) -> tuple[str, ...]:
    """The matrix fields that are given."""
    return tuple(name for name in MATRIX if op.has(name))


@rule("AIPP401", "csc-without-matrix", Severity.WARNING)
def csc_without_matrix(op: AippOp) -> Iterator[Problem]:
    """The colour conversion is switched on, but no matrix is given.

    The compiler says nothing and takes a matrix of its own: YUV to BGR, BT.601 narrow range. A model that was trained
    on RGB, or on images of full range (JPEG), then sees wrong colours and predicts badly. For every format but
    YUV420SP_U8 the attributes of the model show RGB to YUV, while the operator computes with that same YUV matrix.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: YUV420SP_U8
      csc_switch: true  # <--
    }
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

    ## Fix

    Give all nine cells and the three biases of the conversion that the images and the model need.

    ## Source

    Facts S1 (aipp_op.cc 776-805), S4 (the operator gets the values from before that) and T0 (aipp_comm.py 1794-1841),
    A9 for Ascend 950.
    """
    colour = converted(op)
    if colour is None or given_cells(op) or op.damaged:
        return
    values: dict[str, object] = {
        "default": DEFAULT.arrow,
        "form": colour.image_format,
        "shown": ATTRIBUTE_DEFAULT.arrow,
    }
    message = "csc_switch is on without a matrix: the operator takes {default}"
    if colour.family == RGB:
        message = "csc_switch is on without a matrix: the operator takes {default}, which does not fit {form}"
    if colour.image_format != "YUV420SP_U8":
        message += " (the attributes of the model show {shown})"
    yield Problem(
        op.place("csc_switch"), message, values, help="give the nine cells and three biases of the conversion"
    )


@rule("AIPP402", "partial-matrix", Severity.WARNING)
def partial_matrix(op: AippOp) -> Iterator[Problem]:
    """Some cells of the matrix are given and others are not.

    What is missing is not 0: the compiler fills it in cell by cell from another matrix, YUV to BGR, BT.601 narrow
    range. The result is a mixture that nobody meant. A gray matrix needs its zeros.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: YUV420SP_U8
      csc_switch: true
      matrix_r0c0: 256  # <--
      input_bias_0: 0
      input_bias_1: 0
      input_bias_2: 0
    }
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: YUV420SP_U8
      csc_switch: true
      matrix_r0c0: 256
      matrix_r0c1: 0
      matrix_r0c2: 0
      matrix_r1c0: 0
      matrix_r1c1: 0
      matrix_r1c2: 0
      matrix_r2c0: 0
      matrix_r2c1: 0
      matrix_r2c2: 0
      input_bias_0: 0
      input_bias_1: 0
      input_bias_2: 0
    }
    ```

    ## Fix

    Give all nine cells.

    ## Source

    Facts S1 (aipp_op.cc 776-805) and T0 (aipp_comm.py 1794-1841).
    """
    colour, cells = converted(op), given_cells(op)
    if colour is None or op.damaged or not 0 < len(cells) < len(MATRIX):
        return
    known = colour.conversion
    if known is not None and known.documented and known.source == colour.family:
        return
    missing = [f"{name} {DEFAULT.matrix[i]}" for i, name in enumerate(MATRIX) if not op.has(name)]
    values = {"count": len(missing), "default": DEFAULT.arrow, "cells": ", ".join(missing)}
    message = "{count} of the nine matrix cells are not given and come from {default}: {cells}"
    if len(missing) == 1:
        message = "one of the nine matrix cells is not given and comes from {default}: {cells}"
    yield Problem(op.place(cells[0]), message, values)


@rule("AIPP403", "unknown-matrix", Severity.WARNING)
def unknown_matrix(op: AippOp) -> Iterator[Problem]:
    """The matrix is none of the documented conversions.

    The manual gives the matrices as fixed numbers. One wrong cell tints the whole image, which no program reports: the
    model only gets worse. The message names the nearest documented matrix and the cells that differ.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: YUV420SP_U8
      csc_switch: true
      matrix_r0c0: 256
      matrix_r0c1: 0
      matrix_r0c2: 359
      matrix_r1c0: 256
      matrix_r1c1: -188  # <--
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

    ## Fix

    Compare with the documented matrix. Where one cell differs, the fix puts the documented number there (unsafe: the
    matrix may be meant).

    ## Source

    Fact W9: the 57 conversions of the manual (AIPP, CSC configuration).
    """
    colour = converted(op)
    if colour is None or colour.csc is None or len(given_cells(op)) < len(MATRIX):
        return
    near = colour.near()
    if near is None:
        return
    matrix = colour.csc.matrix
    if not any(matrix):
        yield Problem(op.place(MATRIX[0]), "the matrix is all zeros: every pixel gets the same colour")
    elif near.transposed:
        values: dict[str, object] = {"arrow": near.conversion.arrow}
        yield Problem(op.place(MATRIX[0]), "the matrix is that of {arrow} with rows and columns exchanged", values)
    else:
        yield _unknown(op, near, matrix)


def _unknown(op: AippOp, near: Near, matrix: tuple[int, ...]) -> Problem:
    """The finding for a matrix with some cells that differ from the nearest one."""
    names = [MATRIX[i] for i in near.cells]
    right = [near.conversion.matrix[i] for i in near.cells]
    pairs = zip(names, near.cells, right, strict=True)
    values: dict[str, object] = {
        "arrow": near.conversion.arrow,
        "count": len(names),
        "cells": ", ".join(f"{name} {matrix[i]} (documented {number})" for name, i, number in pairs),
        "name": names[0],
        "found": matrix[near.cells[0]],
        "right": right[0],
    }
    if len(names) == 1:
        place = op.value_place(names[0])
        edit = Edit(place.span.start, place.span.end, str(right[0]))
        fix = Fix("change it to {right}, the documented value", (edit,), safe=False)
        return Problem(
            place, "{name} is {found}; {arrow} has {right} there, and the other eight cells agree", values, fix=fix
        )
    if len(names) <= 3:
        related = tuple(Related(op.value_place(name), "this one differs too") for name in names[1:])
        message = "the matrix is not a documented one; the nearest is {arrow}, but for {cells}"
        return Problem(op.value_place(names[0]), message, values, related)
    message = "the matrix is not a documented one; the nearest is {arrow}, and {count} of its nine cells differ"
    return Problem(op.place(MATRIX[0]), message, values)


@rule("AIPP404", "bias-of-another-standard", Severity.WARNING)
def bias_of_another_standard(op: AippOp) -> Iterator[Problem]:
    """The bias does not belong to the matrix.

    A matrix for narrow range (298 in front of Y) goes with the bias 16, 128, 128, one for full range (256) with 0, 128,
    128, one for gray with zeros. Anything else shifts the brightness or tints the image. A bias that is not given is
    16, 128, 128.

    ## Wrong

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
      input_bias_0: 16  # <--
      input_bias_1: 128
      input_bias_2: 128
    }
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

    ## Fix

    Find out the range of the images (`ffprobe`: color_range tv is narrow, pc is full; JPEG is full) and take matrix and
    bias of one standard. Where a single number is off, the fix puts the documented one there (unsafe).

    ## Source

    Fact W9 (structure of the documented conversions); facts S1 and T0 for a bias that is not given.
    """
    colour = converted(op)
    if colour is None or colour.csc is None or colour.conversion is None or not given_cells(op):
        return
    known = colour.conversion
    if known.source != colour.family:
        return
    used = [known.source == RGB or any(known.matrix[i::3]) for i in range(3)]
    names, found = BIAS[known.bias_side], colour.csc.biases[known.bias_side]
    wrong = [i for i in range(3) if found[i] != known.bias[i] and (used[i] or known.documented)]
    wrong = [i for i in wrong if op.has(names[i]) or (used[i] and _filled_in(op, known))]
    if wrong:
        yield _wrong_bias(op, known, found, wrong, harmless=not any(used[i] for i in wrong))


def _wrong_bias(op: AippOp, known: Conversion, found: tuple[int, ...], wrong: list[int], *, harmless: bool) -> Problem:
    """The finding for a bias of which the numbers ``wrong`` are not those of the conversion."""
    names = BIAS[known.bias_side]
    given = [names[i] for i in wrong if op.has(names[i])]
    owner = next((standard for standard in STANDARDS if standard.bias == found), None)
    values = {
        "side": known.bias_side,
        "found": ", ".join(map(str, found)),
        "right": ", ".join(map(str, known.bias)),
        "arrow": known.arrow,
        "range": owner.range if owner else "",
    }
    message = "{side}_bias is {found}; {arrow} goes with {right}"
    if owner:
        message = "{side}_bias is {found}, that of {range} range; {arrow} goes with {right}"
    if not given:
        message = "{side}_bias is not given and becomes {found}; {arrow} goes with {right}"
    if harmless:
        message += "; here it makes no difference"
    place: Place = op.value_place(given[0]) if given else op.place("csc_switch")
    fix = None
    if len(wrong) == len(given) == 1 and owner is None:
        values["value"] = str(known.bias[wrong[0]])
        fix = Fix("change it to {value}, the documented value", (Edit(*place.span, values["value"]),), safe=False)
    return Problem(place, message, values, fix=fix, severity=Severity.INFO if harmless else None)


def _filled_in(op: AippOp, known: Conversion) -> bool:
    """Whether a bias that is not given is surely the default, and ours to judge (AIPP409: gray made of RGB)."""
    return not op.damaged and (known.source, known.target) != (RGB, "GRAY")


RULES = (csc_without_matrix, partial_matrix, unknown_matrix, bias_of_another_standard)
