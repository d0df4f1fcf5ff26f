"""AIPP109, AIPP111: coefficients that the operator rejects."""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator

from aipplint.atc.build import Build
from aipplint.config.colour import INPUT_BIAS, MATRIX, OUTPUT_BIAS
from aipplint.config.normalisation import NOT_SENT
from aipplint.config.op import AippOp
from aipplint.findings import Problem, Severity
from aipplint.hardware.products import Product, product_of
from aipplint.rules.by_product import ALL_BUT_950, NOT_CHECKED, ONLY_950, is_ascend950
from aipplint.rules.rule import OPERATOR_REJECTS, rule
from aipplint.schema.fields import op_fields

_INT16 = (-32768, 32767)
_MEAN_HIGH = {"RGB16": 65535, "RGB16_IR": 65535, "RGB20": 1048575, "RGB24": 16777215, "RGB24_IR": 16777215}


@rule("AIPP109", "value-out-of-range", Severity.ERROR, atc=OPERATOR_REJECTS, tiling="EZ0033")
def value_out_of_range(op: AippOp, build: Build) -> Iterator[Problem]:
    """A coefficient is out of the range of the operator.

    If `csc_switch` is true, the range counts for matrix and biases too. ATC checks them only when it compiles the
    operator, after minutes.

    | field | Ascend 950 | other products |
    |---|---|---|
    | mean_chn | 0 to 255 | 0 to 255; more for RGB16, RGB20 and RGB24 |
    | min_chn | -65504 to 65504 | 0 to 255 |
    | var_reci_chn | -65504 to 65504 | -65504 to 65504 |
    | matrix | -32677 to 32676, as in the manual | -32768 to 32767; matrix_r1c2 is not checked |
    | input_bias, output_bias | 0 to 255 | 0 to 255 |
    | raw_rgbir_to_f16_n | not used | 0 to 15 on Hi3796CV300 and SD3403, 0 to 31 on BS9SX1A, else not used |
    | code | EZ0033; none for a mean, matrix or bias that exceeds 16 bits | E81012 |

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      mean_chn_0: 256  # <--
    }
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      mean_chn_0: 255
    }
    ```

    ## Fix

    Set a value in the range. Convert a mean in other units to the range of the pixels, 0 to 255.

    ## Source

    Facts T24 to T28 (aipp_comm.py 2628-2721, with the slip in line 2677), A5, A7 and Z5, fact W2.
    """
    if not op.is_static:
        return
    product = product_of(build.soc_version)
    for name, low, high, everywhere in _ranges(op, product):
        given = op.real(name) if op.has(name) else None
        value = None if given is None else single(given)
        if (
            value is None
            or (name.startswith("min_chn") and abs(value) < NOT_SENT)
            or not math.isfinite(value)
            or low <= value <= high
        ):
            continue
        tiling, others = _rejected_by(name, value, low, high)
        values = {"name": name, "found": op.entries[name][-1].scalar.literal[:24], "low": low, "high": high}
        place = op.value_place(name)
        message = "{name} is {found}; the range is {low} to {high}"
        if (tiling and others and everywhere) or (product is not None and (tiling if product.tiling else others)):
            # What does not fit into the 16 bits of the operator of Ascend 950 has no code there.
            fits = _in_single(name) or _INT16[0] <= value <= _INT16[1]
            yield Problem(place, message, values, atc="" if is_ascend950(build) and not fits else None)
            continue
        note = NOT_CHECKED
        if product is None and (tiling or others):
            note = ALL_BUT_950 if others else ONLY_950
        yield Problem(place, message, values, severity=Severity.WARNING, note=note)


def _ranges(op: AippOp, product: Product | None) -> Iterator[tuple[str, float, float, bool]]:
    """Yield each field with its lowest and highest value, and whether both operators have the same range."""
    mean_high = _MEAN_HIGH.get(op.text("input_format") or "", 255)
    for channel in range(4):
        yield f"mean_chn_{channel}", 0, mean_high, True
        yield f"min_chn_{channel}", 0, 255, False
        yield f"var_reci_chn_{channel}", -65504, 65504, True
    if op.on("csc_switch"):
        for name in MATRIX:
            yield name, -32677, 32676, False
        for name in (*OUTPUT_BIAS, *INPUT_BIAS):
            yield name, 0, 255, True
    if product is not None and product.raw_shift:
        yield "raw_rgbir_to_f16_n", 0, product.raw_shift, False


def _in_single(name: str) -> bool:
    """Whether a coefficient is a number of single precision, and not a whole one of 16 bits."""
    return name.startswith(("min_chn", "var_reci"))


def _rejected_by(name: str, value: float, low: float, high: float) -> tuple[bool, bool]:
    """Return whether the operator of Ascend 950 and whether that of the other products rejects a value."""
    if name.startswith("min_chn"):
        return not -65504 <= value <= 65504, not low <= value <= high
    if name.startswith("matrix"):
        return True, name != "matrix_r1c2" and not -32768 <= value <= 32767
    return True, True


@rule("AIPP111", "not-a-number", Severity.ERROR, atc=OPERATOR_REJECTS, also=("EZ0033",), tiling="")
def not_a_number(op: AippOp, build: Build) -> Iterator[Problem]:
    """A coefficient is infinite or not a number.

    The parser accepts `inf` and `nan`, and it reads a number that is too large for single precision as infinity. ATC
    passes both to the operator as `null`, and the operator cannot be compiled. A value that ATC does not pass has no
    effect.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      var_reci_chn_0: inf  # <--
    }
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      var_reci_chn_0: 0.0171247
    }
    ```

    ## Fix

    Set a finite number.

    ## Source

    Facts S5 (what is passed: min and padding_value only from 1e-6 on, so that nan is dropped) and S6 (run).
    """
    for name, entries in op.entries.items():
        if op_fields()[name].proto != "float":
            continue
        entry = entries[-1]
        value = single(entry.value) if isinstance(entry.value, (int, float)) else 0.0
        if math.isfinite(value):
            continue
        values = {"name": name, "found": entry.scalar.literal[:24], "value": value}
        if op.is_static and _reaches_kernel(op, name, value):
            message = "{name} {found} is {value}; the operator cannot be compiled"
            code = "EZ0033" if name == "padding_value" and is_ascend950(build) else None
            yield Problem(op.value_place(name), message, values, atc=code)
        else:
            message = "{name} {found} is {value}; ATC does not pass it to the operator"
            yield Problem(op.value_place(name), message, values, severity=Severity.WARNING)


def _reaches_kernel(op: AippOp, name: str, value: float) -> bool:
    if name.startswith("var_reci"):
        return True
    if math.isnan(value):
        return False
    return name.startswith("min_chn") or (name == "padding_value" and op.on("padding"))


def single(value: float) -> float:
    """Return a number as the parser keeps it: in single precision, infinite if it is too large."""
    try:
        packed: float = struct.unpack("<f", struct.pack("<f", value))[0]
    except OverflowError:
        return math.copysign(math.inf, value)
    return packed


RULES = (value_out_of_range, not_a_number)
