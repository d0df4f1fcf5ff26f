"""AIPP301 to AIPP304: the source image of a static operator."""

from __future__ import annotations

from collections.abc import Iterator

from aipplint.atc.build import Build
from aipplint.atc.geometry import (
    AXES,
    HEIGHT,
    WIDTH,
    Axis,
    Length,
    Term,
    never_fits,
    refused_with_profiles,
    switched_on,
    switches_known,
    targets,
)
from aipplint.config.op import AippOp
from aipplint.findings import Problem, Related, Severity
from aipplint.hardware.products import Product
from aipplint.rules.by_product import (
    ALL_BUT_950,
    INFER_REJECTS,
    NOT_CHECKED,
    ONLY_950,
    even_axes,
    is_ascend950,
    model_side_here,
    severity_for,
)
from aipplint.rules.rule import OPERATOR_REJECTS, rule

_MAX_SIDE = 4096


def _spares_width(product: Product) -> bool:
    """Return whether the product rejects a height of 1, but accepts a width of 1 (fact A3)."""
    return product.tiling


def _spares_height(product: Product) -> bool:
    """Return whether the product rejects a width of 1, but accepts a height of 1 (fact T23)."""
    return not product.tiling


def source_of(op: AippOp, build: Build, axis: Axis) -> Length | None:
    """Return one side of the source as the operator sees it; None if it is unknown or wrong by itself.

    A field of 0 defaults to the model's side if all switches are false (fact T22; otherwise T8 requires the field), and
    on Ascend 950 always (fact A2). AIPP703 checks the profiles of --dynamic_image_size.
    """
    given = op.number(axis.source)
    if given:
        return Length(axis, (Term(axis.source, given),)) if given > 0 else None
    if given is None or op.damaged or not switches_known(op) or (switched_on(op) and not is_ascend950(build)):
        return None
    model = next((axis.of(target.size) for target in targets(op, build) if target.profile is None), None)
    return None if model is None else Length(axis, (Term(None, model),))


@rule("AIPP301", "source-size-out-of-range", Severity.ERROR, atc=OPERATOR_REJECTS, tiling="EZ0033")
def source_size_out_of_range(op: AippOp, build: Build) -> Iterator[Problem]:
    """The source image is larger or smaller than AIPP supports.

    A size that the file does not set defaults to the model's input size. ATC finds it only when it compiles the
    operator.

    | size, in pixels | Ascend 950 | other products |
    |---|---|---|
    | width | 1 to 4096 | 2 to 4096 |
    | height | 2 to 4096 | 1 to 4096 |
    | code | EZ0033 | E81012 |

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      src_image_size_w: 4608  # <--
      src_image_size_h: 3456
    }
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      src_image_size_w: 4096
      src_image_size_h: 3072
    }
    ```

    ## Fix

    Scale the image down before you feed it.

    ## Source

    Facts T23 (aipp_comm.py 2589-2626 of CANN 8.1.RC1) and, for Ascend 950, A3 (aipp_tiling.cpp 261-347).
    """
    if not op.is_static:
        return
    for axis in AXES:
        source = source_of(op, build, axis)
        if source is None:
            continue
        side, models = source.value, source.field is None
        severity: Severity | None = Severity.ERROR
        note = ""
        if side <= _MAX_SIDE:
            if side != 1:
                continue
            severity = severity_for(build, _spares_width if axis is HEIGHT else _spares_height)
            if severity is None:
                continue
            if severity is Severity.WARNING:
                note = ONLY_950 if axis is HEIGHT else ALL_BUT_950
        low = 2 if axis is WIDTH or side == 1 else 1
        values = {"field": axis.source, "letter": axis.letter, "side": side, "low": low, "high": _MAX_SIDE}
        message = "{field} is {side}; the range is {low} to {high}"
        if models:
            message = "{field} is not set and defaults to the model's {letter}, {side}; the range is {low} to {high}"
        place = op.head if models else op.value_place(axis.source)
        related = model_side_here(op, build, axis) if models else ()
        yield Problem(place, message, values, related, severity=severity, note=note)


@rule("AIPP302", "odd-source-size", Severity.ERROR, atc=OPERATOR_REJECTS, tiling="EZ0034")
def odd_source_size(op: AippOp, build: Build) -> Iterator[Problem]:
    """The source image has an odd side, although pairs of pixels share their colour.

    YUV420SP_U8 stores one colour for two by two pixels, so width and height must be even; YUV422SP_U8 and YUYV_U8
    require an even width. If the file sets no source size, the model's input size must be even.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: YUV420SP_U8
      src_image_size_w: 299  # <--
      src_image_size_h: 300
    }
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: YUV420SP_U8
      src_image_size_w: 304
      src_image_size_h: 304
      crop: true
      crop_size_w: 298
      crop_size_h: 298
      padding: true
      right_padding_size: 1
      bottom_padding_size: 1
    }
    ```

    ```atc
    --input_format=NCHW --input_shape="data:1,3,299,299"
    ```

    ## Fix

    Set an even source size. If the model's size is odd, crop to the next smaller even size and pad one row or column.

    ## Source

    Facts T9 and T22 (aipp_comm.py 2099-2113, 2522-2587), A3.
    """
    image_format = op.text("input_format") or ""
    even = even_axes(image_format)
    if not op.is_static or not even:
        return
    odd = [source for axis in even if (source := source_of(op, build, axis)) is not None and source.value % 2]
    if not odd:
        return
    given = [source for source in odd if source.field]
    taken = [source.axis for source in odd if not source.field]
    message = "odd source size: {sides}; {format} requires an even width"
    if len(even) == len(AXES):
        message = "odd source size: {sides}; {format} requires an even width and height"
    note = "a source size that is not set defaults to the model's" if taken else ""
    place = op.value_place(given[0].axis.source) if given else op.place("input_format")
    values = {"sides": odd, "format": image_format}
    yield Problem(place, message, values, model_side_here(op, build, *taken), note=note)


@rule("AIPP303", "source-size-needed", Severity.ERROR, atc=OPERATOR_REJECTS, also=(INFER_REJECTS,))
def source_size_needed(op: AippOp, build: Build) -> Iterator[Problem]:
    """Crop, padding or resize is true, but the source size is not set.

    Only if crop, padding and resize are all false, `src_image_size_w` and `src_image_size_h` default to the model's
    input size. With padding, ATC rejects it when it infers shapes (E70014): the model's size plus padding differs from
    the model's size. Ascend 950 uses the model's size in any case, although the manual forbids it.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      crop: true  # <--
      crop_size_w: 224
      crop_size_h: 224
    }
    ```

    ```atc
    --soc_version=Ascend310P3 --input_format=NCHW --input_shape="data:1,3,224,224"
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      src_image_size_w: 256
      src_image_size_h: 256
      crop: true
      crop_size_w: 224
      crop_size_h: 224
    }
    ```

    ```atc
    --soc_version=Ascend310P3 --input_format=NCHW --input_shape="data:1,3,224,224"
    ```

    ## Fix

    Set `src_image_size_w` and `src_image_size_h` to the size of the images that the application feeds.

    ## Source

    Facts T8 (aipp_comm.py 2070-2097) and U4 (op_proto/aipp.cc 265-292); for Ascend 950 the operator's own source
    (aipp_tiling.cpp, SetImagesValue).
    """
    on = switched_on(op)
    missing = [axis for axis in AXES if op.number(axis.source) == 0]
    if not op.is_static or not on or not missing or op.damaged or refused_with_profiles(op, build):
        return
    unfit = any(never_fits(op, axis) for axis in missing)
    severity = Severity.ERROR if unfit else severity_for(build, lambda product: not product.tiling)
    values = {"switches": list(on), "fields": [axis.source for axis in missing]}
    message, note = "missing {fields} (0 or absent); the source size is mandatory with {switches}", ""
    if severity is None:
        note, severity = NOT_CHECKED, Severity.WARNING
    elif severity is Severity.WARNING:
        note = ALL_BUT_950
    code = INFER_REJECTS if unfit else None
    yield Problem(op.place(on[0]), message, values, severity=severity, atc=code, note=note)


@rule("AIPP304", "half-a-source-size", Severity.WARNING)
def half_a_source_size(op: AippOp, build: Build) -> Iterator[Problem]:
    """Only one side of the source size is set.

    The other side defaults to the model's input size. This is right only if the image has that side already; more often
    a line was forgotten.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      src_image_size_w: 224  # <--
    }
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      src_image_size_w: 224
      src_image_size_h: 224
    }
    ```

    ## Fix

    Set both or neither.

    ## Source

    Fact T22: aipp_comm.py 2522-2587.
    """
    if not op.is_static or op.damaged or switched_on(op) or refused_with_profiles(op, build):
        return
    for axis, other in (AXES, AXES[::-1]):
        given = op.number(axis.source)
        if given and given > 0 and op.number(other.source) == 0:
            message = "{field} is {given}, but {other} is 0 or absent and defaults to the model's {letter}"
            values = {"field": axis.source, "given": given, "other": other.source, "letter": other.letter}
            related = (Related(op.place(other.source), "{other} is 0 here", values),) if op.has(other.source) else ()
            yield Problem(op.place(axis.source), message, values, related)


RULES = (source_size_out_of_range, odd_source_size, source_size_needed, half_a_source_size)
