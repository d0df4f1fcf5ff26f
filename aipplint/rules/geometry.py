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
    even_axes,
    in_words,
    judged,
    model_side_here,
    on_tiling,
)
from aipplint.rules.rule import rule
from aipplint.rules.values import OPERATOR_REJECTS

_LONGEST = 4096


def _spares_width(product: Product) -> bool:
    """Whether a height of 1 is rejected, and a width of 1 is not (fact A3)."""
    return product.tiling


def _spares_height(product: Product) -> bool:
    """Whether a width of 1 is rejected, and a height of 1 is not (fact T23)."""
    return not product.tiling


def source_of(op: AippOp, build: Build, axis: Axis) -> Length | None:
    """One side of the source as the operator takes it; None where it is not known, or wrong by itself.

    The model's side counts where the field is 0 and nothing is switched on (fact T22; with a switch on, T8 asks for
    the field); on Ascend 950 always (5.2). The profiles of --dynamic_image_size are AIPP703's.
    """
    given = op.number(axis.source)
    if given:
        return Length(axis, (Term(axis.source, given),)) if given > 0 else None
    if given is None or op.damaged or not switches_known(op) or (switched_on(op) and not on_tiling(build)):
        return None
    model = next((axis.of(target.size) for target in targets(op, build) if target.profile is None), None)
    return None if model is None else Length(axis, (Term(None, model),))


@rule("AIPP301", "source-size-out-of-range", Severity.ERROR, atc=OPERATOR_REJECTS)
def source_size_out_of_range(op: AippOp, build: Build) -> Iterator[Problem]:
    """The source image is larger or smaller than AIPP can read.

    A width of 2 to 4096 and a height of 1 to 4096; Ascend 950 takes a width of 1, but not a height of 1. Where the file
    gives no size, that of the model counts. Only the compilation of the operator notices.

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

    Scale the image down before it is handed over.

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
        tail = ""
        if side <= _LONGEST:
            if side != 1:
                continue
            severity = judged(build, _spares_width if axis is HEIGHT else _spares_height)
            if severity is None:
                continue
            if severity is Severity.WARNING:
                tail = "; Ascend 950 rejects it" if axis is HEIGHT else ALL_BUT_950
        low = 2 if axis is WIDTH or side == 1 else 1
        values = {"field": axis.source, "letter": axis.letter, "side": side, "low": low, "high": _LONGEST}
        message = "{field} is {side}; it takes {low} to {high}"
        if models:
            message = "{field} is not set, so {letter} {side} of the model counts; AIPP takes {low} to {high}"
        place = op.head if models else op.value_place(axis.source)
        related = model_side_here(op, build, axis) if models else ()
        yield Problem(place, message + tail, values, related, severity=severity)


@rule("AIPP302", "odd-source-size", Severity.ERROR, atc=OPERATOR_REJECTS)
def odd_source_size(op: AippOp, build: Build) -> Iterator[Problem]:
    """The source image has an odd side although pixels share their colour in pairs.

    YUV420SP_U8 stores one colour for two by two pixels, so width and height are even; YUV422SP_U8 and YUYV_U8 need an
    even width. The same holds for the model's size where the file gives none.

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

    Give an even source; an odd model is reached by a crop to the even size below and one line of padding.

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
    needs = "an even width and height" if len(even) == 2 else "an even width"
    message = "{sides}: odd, but {format} needs {needs}"
    if taken:
        message += "; without a source size, the model's counts"
    place = op.value_place(given[0].axis.source) if given else op.place("input_format")
    values = {"sides": in_words([str(source) for source in odd]), "format": image_format, "needs": needs}
    yield Problem(place, message, values, model_side_here(op, build, *taken))


@rule("AIPP303", "source-size-needed", Severity.ERROR, atc=OPERATOR_REJECTS, also=(INFER_REJECTS,))
def source_size_needed(op: AippOp, build: Build) -> Iterator[Problem]:
    """Crop, padding or resize is on, but the file does not say how large the source is.

    Only where nothing is switched on, the size of the model stands in for `src_image_size_w` and `src_image_size_h`.
    With padding, ATC already says so when it infers shapes (E70014): the model's size plus padding is never the model's
    size. Ascend 950 takes the model's size all the same; the manual does not allow it.

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
    severity = Severity.ERROR if unfit else judged(build, lambda product: not product.tiling)
    needs = "needs" if len(on) == 1 else "need"
    fields = in_words([axis.source for axis in missing])
    values = {"switches": in_words(on), "needs": needs, "fields": fields}
    message = "{switches} {needs} the size of the source, but {fields} is 0 or absent"
    if len(missing) == 2:
        message = "{switches} {needs} the size of the source, but {fields} are 0 or absent"
    if severity is None:
        message += "; this product takes the model's size, the manual forbids it"
        severity = Severity.WARNING
    elif severity is Severity.WARNING:
        message += ALL_BUT_950
    yield Problem(op.place(on[0]), message, values, severity=severity, atc=INFER_REJECTS if unfit else None)


@rule("AIPP304", "half-a-source-size", Severity.WARNING)
def half_a_source_size(op: AippOp, build: Build) -> Iterator[Problem]:
    """One side of the source is given and the other is not.

    The compiler takes the missing side from the model. That is what was meant only where the image has that side
    already; more often a line was forgotten.

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

    Give both or neither.

    ## Source

    Fact T22: aipp_comm.py 2522-2587.
    """
    if not op.is_static or op.damaged or switched_on(op) or refused_with_profiles(op, build):
        return
    for axis, other in (AXES, AXES[::-1]):
        given = op.number(axis.source)
        if given and given > 0 and op.number(other.source) == 0:
            message = "{field} is {given}, but {other} is 0 or absent; {letter} comes from the model"
            values = {"field": axis.source, "given": given, "other": other.source, "letter": other.letter}
            related = (Related(op.place(other.source), "0 here"),) if op.has(other.source) else ()
            yield Problem(op.place(axis.source), message, values, related)


RULES = (source_size_out_of_range, odd_source_size, source_size_needed, half_a_source_size)
