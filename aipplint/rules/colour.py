"""AIPP401 to AIPP404: the matrix of a colour conversion and its bias."""

from __future__ import annotations

from collections.abc import Iterator

from aipplint.config.colour import BIAS, MATRIX, Colour, colour_of
from aipplint.config.op import AippOp
from aipplint.findings import Edit, Fix, Place, Problem, Related, Severity
from aipplint.hardware.csc import ATTRIBUTE_DEFAULT, DEFAULT, RGB, STANDARDS, YUV, Conversion, Near
from aipplint.rules.rule import rule

_FAR_OFF = 5
"""Cells of a matrix that may differ from a known conversion for it to be worth naming."""


def converted(op: AippOp) -> Colour | None:
    """Return the colours of an operator that converts them, in a format that can be converted; otherwise None."""
    colour = colour_of(op) if op.on("csc_switch") else None
    return colour if colour is not None and colour.family in (YUV, RGB) else None


def given_cells(op: AippOp) -> tuple[str, ...]:
    """Return the matrix fields that are set."""
    return tuple(name for name in MATRIX if op.has(name))


@rule("AIPP401", "csc-without-matrix", Severity.WARNING)
def csc_without_matrix(op: AippOp) -> Iterator[Problem]:
    """`csc_switch` is true, but no matrix is set.

    ATC reports nothing and uses its default matrix: YUV to BGR, BT.601 narrow range. A model that was trained on RGB or
    on images in full range (JPEG) then sees wrong colours and predicts badly. For formats other than YUV420SP_U8, the
    compiled model reports an RGB-to-YUV matrix, but the operator still applies the default YUV-to-BGR one.

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

    Set all nine cells and the three biases of the conversion that the images and the model require.

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
    message = "csc_switch is true but no matrix is set; AIPP uses its default, {default}"
    if colour.family == RGB:
        message = "csc_switch is true but no matrix is set; AIPP uses its default, {default}, which does not fit {form}"
    note = "" if colour.image_format == "YUV420SP_U8" else "the attributes of the model show {shown}"
    advice = "set the nine cells and the three biases of the conversion"
    yield Problem(op.place("csc_switch"), message, values, help=advice, note=note)


@rule("AIPP402", "partial-matrix", Severity.WARNING)
def partial_matrix(op: AippOp) -> Iterator[Problem]:
    """Some cells of the matrix are set and others are not.

    A missing cell is not 0: ATC fills it in from its default matrix, YUV to BGR, BT.601 narrow range. The result is a
    mixture that nobody intended. A gray matrix requires explicit zeros.

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

    Set all nine cells.

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
    message = "{count} of the nine matrix cells are missing and default to those of {default}: {cells}"
    if len(missing) == 1:
        message = "one of the nine matrix cells is missing and defaults to that of {default}: {cells}"
    yield Problem(op.place(cells[0]), message, values)


@rule("AIPP403", "unknown-matrix", Severity.WARNING)
def unknown_matrix(op: AippOp) -> Iterator[Problem]:
    """The matrix differs from all documented conversions.

    The manual lists the matrices as fixed numbers. One wrong cell tints the whole image, which no program reports: only
    the accuracy of the model drops. The message names the nearest documented matrix and the cells that differ.

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

    Compare it with the documented matrix. If one cell differs, the fix sets the documented number (unsafe: the matrix
    may be intended).

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
        yield Problem(op.place(MATRIX[0]), "the matrix is all zeros; every pixel gets the same colour")
    elif near.transposed:
        values: dict[str, object] = {"arrow": near.conversion.arrow}
        yield Problem(op.place(MATRIX[0]), "the matrix is that of {arrow} with rows and columns exchanged", values)
    else:
        yield _unknown(op, near, matrix)


def _unknown(op: AippOp, near: Near, matrix: tuple[int, ...]) -> Problem:
    """Return the finding for a matrix with some cells that differ from the nearest one."""
    names = [MATRIX[i] for i in near.cells]
    right = [near.conversion.matrix[i] for i in near.cells]
    pairs = zip(names, near.cells, right, strict=True)
    values: dict[str, object] = {
        "arrow": near.conversion.arrow,
        "count": len(names),
        "cells": ", ".join(f"{name} {matrix[i]} ({number})" for name, i, number in pairs),
        "name": names[0],
        "found": matrix[near.cells[0]],
        "right": right[0],
    }
    if len(names) == 1:
        place = op.value_place(names[0])
        edit = Edit(place.span.start, place.span.end, str(right[0]))
        fix = Fix("set the documented value, {right}", (edit,), safe=False)
        message = "{name} is {found}; the documented value of {arrow} is {right}, and the other eight cells match"
        return Problem(place, message, values, fix=fix)
    if len(names) <= 3:
        related = tuple(Related(op.value_place(name), "this cell differs as well") for name in names[1:])
        message = "the matrix is not documented; it matches {arrow} except for {cells}"
        return Problem(op.value_place(names[0]), message, values, related)
    message = "the matrix is not documented"
    if len(names) <= _FAR_OFF:
        message = "the matrix is not documented; {count} of nine cells differ from the nearest, {arrow}"
    return Problem(op.place(MATRIX[0]), message, values)


@rule("AIPP404", "bias-of-another-standard", Severity.WARNING)
def bias_of_another_standard(op: AippOp) -> Iterator[Problem]:
    """The bias does not match the matrix.

    A matrix for narrow range (factor 298 for Y) requires the bias 16, 128, 128, a matrix for full range (256) the bias
    0, 128, 128, and a matrix for gray zeros. Another bias shifts the brightness or tints the image. The bias defaults
    to 16, 128, 128.

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

    Find out the range of the images (`ffprobe`: color_range tv is narrow, pc is full; JPEG is full) and use matrix and
    bias of one standard. If a single number differs, the fix sets the documented one (unsafe).

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
    """Return the finding for a bias whose numbers ``wrong`` differ from those of the conversion."""
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
    message = "{side}_bias is {found}; {arrow} requires {right}"
    if owner:
        message = "{side}_bias is {found}, which is for {range} range; {arrow} requires {right}"
    if not given:
        message = "{side}_bias is not set and defaults to {found}; {arrow} requires {right}"
    note = "here it makes no difference" if harmless else ""
    place: Place = op.value_place(given[0]) if given else op.place("csc_switch")
    fix = None
    if len(wrong) == len(given) == 1 and owner is None:
        values["value"] = str(known.bias[wrong[0]])
        fix = Fix("set the documented value, {value}", (Edit(*place.span, values["value"]),), safe=False)
    return Problem(place, message, values, fix=fix, severity=Severity.INFO if harmless else None, note=note)


def _filled_in(op: AippOp, known: Conversion) -> bool:
    """Return whether a missing bias is certainly the default, and not left to AIPP409 (RGB to gray)."""
    return not op.damaged and (known.source, known.target) != (RGB, "GRAY")


RULES = (csc_without_matrix, partial_matrix, unknown_matrix, bias_of_another_standard)
