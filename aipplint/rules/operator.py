"""AIPP201 to AIPP205, AIPP212: the mode of an operator, and the fields that the mode requires."""

from __future__ import annotations

from collections.abc import Iterator

from aipplint.config.config import Config
from aipplint.config.op import AippOp
from aipplint.findings import Place, Problem, Related, Severity
from aipplint.rules.rule import rule
from aipplint.rules.values import CONFIGURATION_INVALID
from aipplint.schema.fields import op_fields


def _absent(op: AippOp, name: str) -> bool:
    """Return whether a field is certainly absent: not if the parser skipped text."""
    return not op.has(name) and not op.damaged


@rule("AIPP201", "missing-mode", Severity.ERROR, atc=CONFIGURATION_INVALID)
def missing_mode(op: AippOp) -> Iterator[Problem]:
    """`aipp_mode` is missing.

    There is no default: every `aipp_op` must set `aipp_mode` to `static` or `dynamic`, not to `undefined`.

    ## Wrong

    ```aipp
    aipp_op {  # <--
      input_format: RGB888_U8
    }
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
    }
    ```

    ## Fix

    Add `aipp_mode: static`, or `aipp_mode: dynamic` if the application sets the parameters.

    ## Source

    Fact V1: aipp_op.cc 692.
    """
    if _absent(op, "aipp_mode"):
        yield Problem(op.head, "missing aipp_mode; it must be static or dynamic")
    elif op.has("aipp_mode") and op.value("aipp_mode") == "undefined":
        yield Problem(op.place("aipp_mode"), "aipp_mode is undefined; it must be static or dynamic")


@rule("AIPP202", "missing-input-format", Severity.ERROR, atc=CONFIGURATION_INVALID)
def missing_input_format(op: AippOp) -> Iterator[Problem]:
    """`input_format` is missing in a static operator.

    There is no default: ATC rejects the configuration with E10052. For a dynamic operator, the application sets it at
    run time.

    ## Wrong

    ```aipp
    aipp_op {  # <--
      aipp_mode: static
      csc_switch: false
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

    Add `input_format`.

    ## Source

    Fact V6: aipp_op.cc 746.
    """
    if not op.is_static:
        return
    if _absent(op, "input_format"):
        yield Problem(op.head, "missing input_format; static AIPP requires it")
    elif op.has("input_format") and op.value("input_format") == "UNDEFINED":
        yield Problem(op.place("input_format"), "input_format is UNDEFINED; static AIPP requires a format")


@rule("AIPP203", "missing-max-src-image-size", Severity.ERROR, atc=CONFIGURATION_INVALID)
def missing_max_src_image_size(op: AippOp) -> Iterator[Problem]:
    """`max_src_image_size` is missing in a dynamic operator.

    ATC reserves `max_src_image_size` bytes as the input buffer of the whole batch.

    ## Wrong

    ```aipp
    aipp_op {  # <--
      aipp_mode: dynamic
    }
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: dynamic
      max_src_image_size: 752640
    }
    ```

    ## Fix

    Add `max_src_image_size`: N x H x W of the largest image, times 1.5 for YUV420SP_U8, 3 for RGB888_U8, 4 for
    XRGB8888_U8, 1 for YUV400_U8.

    ## Source

    Fact V5: aipp_op.cc 741; fact W11.
    """
    if not op.is_dynamic:
        return
    if _absent(op, "max_src_image_size"):
        yield Problem(op.head, "missing max_src_image_size; dynamic AIPP requires it, in bytes")
    elif op.has("max_src_image_size") and op.number("max_src_image_size") == 0:
        message = "max_src_image_size is 0; dynamic AIPP requires the bytes of the largest image"
        yield Problem(op.place("max_src_image_size"), message)


@rule("AIPP204", "static-field-in-dynamic-op", Severity.WARNING)
def static_field_in_dynamic_op(op: AippOp) -> Iterator[Problem]:
    """A dynamic operator sets a field that only static AIPP uses.

    The model contains only `max_src_image_size` and the selected input. The application sets format, sizes, colour
    conversion and coefficients at run time; ATC ignores those in the file.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: dynamic
      max_src_image_size: 752640
      input_format: RGB888_U8  # <--
    }
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: dynamic
      max_src_image_size: 752640
    }
    ```

    ## Fix

    Delete the field and set the value with aclmdlSetAIPPInputFormat and similar calls.

    ## Source

    Fact S5; fact W2 (column S/D).
    """
    if not op.is_dynamic:
        return
    specs = op_fields()
    ignored = [name for name in op.entries if specs[name].mode == "static" and not specs[name].reserved]
    if ignored:
        message = "dynamic AIPP ignores {name}; the application sets it at run time"
        if len(ignored) > 1:
            message = "dynamic AIPP ignores {name} and {more} more fields; the application sets them at run time"
        yield Problem(op.place(ignored[0]), message, {"name": ignored[0], "more": len(ignored) - 1})


@rule("AIPP205", "dynamic-field-in-static-op", Severity.WARNING)
def dynamic_field_in_static_op(op: AippOp) -> Iterator[Problem]:
    """A static operator sets a field that only dynamic AIPP uses.

    `max_src_image_size` has no effect in static AIPP: format and geometry set the size of the input.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      max_src_image_size: 752640  # <--
    }
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
    }
    ```

    ## Fix

    Delete the field.

    ## Source

    Fact S5; fact W2 (column S/D).
    """
    if not op.is_static:
        return
    for name in op.entries:
        if op_fields()[name].mode == "dynamic" and op.value(name):
            yield Problem(op.place(name), "static AIPP ignores {name}", {"name": name})


@rule("AIPP212", "static-and-dynamic-mixed", Severity.WARNING)
def static_and_dynamic_mixed(config: Config) -> Iterator[Problem]:
    """The file has static and dynamic operators.

    The manual allows only one of the two modes in a model. ATC does not check it.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
    }
    aipp_op {
      aipp_mode: dynamic  # <--
      related_input_rank: 1
      max_src_image_size: 752640
    }
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
    }
    aipp_op {
      aipp_mode: static
      related_input_rank: 1
      input_format: RGB888_U8
    }
    ```

    ## Fix

    Make all operators static, or all dynamic.

    ## Source

    Fact P6: accepted by the compiler (run), forbidden by the manual (aipp_intro).
    """
    known = [op for op in config.ops if op.is_static or op.is_dynamic]
    other = next((op for op in known if op.is_static != known[0].is_static), None)
    if other is not None:
        place = Place(config.source, known[0].place("aipp_mode").span)
        related = Related(place, "this operator is {mode}", {"mode": known[0].value("aipp_mode")})
        message = "this operator is {mode}, but another one is not; the manual allows only one mode in a model"
        yield Problem(other.place("aipp_mode"), message, {"mode": other.value("aipp_mode")}, (related,))


RULES = (
    missing_mode,
    missing_input_format,
    missing_max_src_image_size,
    static_field_in_dynamic_op,
    dynamic_field_in_static_op,
    static_and_dynamic_mixed,
)
