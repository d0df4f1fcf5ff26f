"""AIPP701 to AIPP703 and AIPP707: the configuration and the profiles of the model."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from aipplint.atc.build import Build
from aipplint.atc.options import BATCH, IMAGE
from aipplint.config.op import AippOp
from aipplint.findings import Edit, Fix, Problem, Related, Severity
from aipplint.hardware.formats import DYNAMIC_FORMATS, EVEN_HEIGHT, EVEN_WIDTH, image_bytes
from aipplint.hardware.releases import Release
from aipplint.hardware.size import Size
from aipplint.rules.by_product import is_ascend950
from aipplint.rules.options import MAX_PROBLEMS, set_here
from aipplint.rules.rule import OPERATOR_REJECTS, rule
from aipplint.rules.values import CONFIGURATION_INVALID
from aipplint.rules.wording import Phrase

if TYPE_CHECKING:
    from aipplint.atc.shapes import InputShape
    from aipplint.runtime.settings import Runtime

_SOURCE_SIZE = ("src_image_size_w", "src_image_size_h")
_SINCE = "CANN 8.5 and later reject it"
"""The note for what older releases accept although the manual forbids it (facts D1, D2)."""
_LIMITS = (Size(height=1, width=2), Size(height=4096, width=4096))
_LIMITS_950 = (Size(height=2, width=1), Size(height=4096, width=4096))
"""The smallest and the largest size that an operator accepts from the model (facts T23 and A3)."""


@rule("AIPP701", "crop-or-padding-with-dynamic-image-size", Severity.ERROR, atc=CONFIGURATION_INVALID)
def crop_or_padding_with_dynamic_image_size(op: AippOp, build: Build, release: Release) -> Iterator[Problem]:
    """Crop or padding is true, although the model is built for several image sizes.

    With `--dynamic_image_size`, the image must already have the size of a profile: crop and padding are forbidden. ATC
    (CANN 8.5 and later) rejects the file. It checks every operator, static or dynamic, even if its input has a fixed
    size. For an older release (`cann-version`), the finding is a warning: only the manual forbids it there.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: YUV420SP_U8
      crop: true  # <--
      load_start_pos_w: 8
    }
    ```

    ```atc
    --framework=5 --input_shape="data:1,3,-1,-1" --dynamic_image_size="416,416;832,832"
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: YUV420SP_U8
      crop: false
    }
    ```

    ```atc
    --framework=5 --input_shape="data:1,3,-1,-1" --dynamic_image_size="416,416;832,832"
    ```

    ## Fix

    Set it to false, and resize the image to a profile before you feed it.

    ## Source

    Facts D1, D3 and D4: insert_aipp_op_util.cc 64-88 of GraphEngine 8.5.0 and later; not in r1.11 (2023).
    """
    if build.dynamic != IMAGE:
        return
    severity = Severity.ERROR if release.judges_image_sizes else Severity.WARNING
    for switch in ("crop", "padding"):
        entry = op.last(switch)
        if entry is not None and op.on(switch):
            message = "{switch} is true; with --dynamic_image_size it must be false"
            edit = Edit(entry.scalar.start, entry.scalar.end, "false")
            fix = Fix("set {switch} to false", (edit,), safe=False)
            values, related = {"switch": switch}, set_here(build, IMAGE)
            yield Problem(op.place(switch), message, values, related, fix, severity=severity, note=_SINCE)


@rule("AIPP702", "source-size-with-dynamic-image-size", Severity.ERROR, atc=CONFIGURATION_INVALID)
def source_size_with_dynamic_image_size(op: AippOp, build: Build, release: Release) -> Iterator[Problem]:
    """The source image size is fixed, although the model is built for several image sizes.

    In a static operator, `src_image_size_w` and `src_image_size_h` set one size for all images. With
    `--dynamic_image_size`, the profile in use sets the size, so both must be 0 or absent. ATC (CANN 8.5 and later)
    rejects the file. For an older release (`cann-version`), the finding is a warning: only the manual forbids it there.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: YUV420SP_U8
      src_image_size_w: 832  # <--
      src_image_size_h: 832
    }
    ```

    ```atc
    --framework=5 --input_shape="data:1,3,-1,-1" --dynamic_image_size="416,416;832,832"
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: YUV420SP_U8
    }
    ```

    ```atc
    --framework=5 --input_shape="data:1,3,-1,-1" --dynamic_image_size="416,416;832,832"
    ```

    ## Fix

    Set both to 0 or delete them.

    ## Source

    Facts D2 and D3: insert_aipp_op_util.cc 64-88 of GraphEngine 8.5.0 and later; not in r1.11 (2023).
    """
    if build.dynamic != IMAGE or not op.is_static:
        return
    fixed = [name for name in _SOURCE_SIZE if op.number(name)]
    if not fixed:
        return
    fixed.sort(key=lambda name: op.place(name).span)
    message = "fixed source size: {fields}; with --dynamic_image_size both sides must be 0"
    severity = Severity.ERROR if release.judges_image_sizes else Severity.WARNING
    values = {"fields": [f"{name} {op.number(name)}" for name in fixed]}
    edits = tuple(Edit(*op.value_place(name).span, "0") for name in fixed)
    fix, related = Fix("set the source size to 0", edits, safe=True), set_here(build, IMAGE)
    yield Problem(op.place(fixed[0]), message, values, related, fix, severity=severity, note=_SINCE)


@rule("AIPP703", "profile-outside-aipp-limits", Severity.ERROR, atc=OPERATOR_REJECTS, also=("EZ0034",), tiling="EZ0033")
def profile_outside_aipp_limits(op: AippOp, build: Build) -> Iterator[Problem]:
    """A profile of --dynamic_image_size is a size that AIPP does not support.

    In a static operator without a source size, every profile becomes the source size of its branch. Both sides must
    be even for YUV420SP_U8, and the width for YUV422SP_U8 and YUYV_U8. ATC checks each branch when it compiles the
    operator. The limits:

    | product | width | height | code |
    |---|---|---|---|
    | Ascend 950 | 1 to 4096 | 2 to 4096 | EZ0033; EZ0034 for an odd side |
    | others | 2 to 4096 | 1 to 4096 | E81012 |

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: YUV420SP_U8
    }
    ```

    ```atc
    --framework=5 --input_shape="data:1,3,-1,-1" --dynamic_image_size="416,415;832,832"
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: YUV420SP_U8
    }
    ```

    ```atc
    --framework=5 --input_shape="data:1,3,-1,-1" --dynamic_image_size="416,416;832,832"
    ```

    ## Fix

    Round the profile up to an even size inside the limits, or use a format without this limit.

    ## Source

    Facts T22 and T23: aipp_comm.py 2522-2626 of CANN 8.1.RC1; for Ascend 950 facts A3 and Z3 (aipp_tiling.cpp).
    """
    option, profiles, image_format = build.option(IMAGE), build.profiles(IMAGE), op.text("input_format")
    if build.dynamic != IMAGE or option is None or profiles is None or profiles.flaws or image_format is None:
        return
    tiling = is_ascend950(build)
    if not op.is_static or not _takes_size_from_model(op, build.input_of(op), tiling=tiling):
        return
    limits = _LIMITS_950 if tiling else _LIMITS
    bad = ((p, why) for p in profiles.items if (why := _misfit(Size(*p.numbers), image_format, limits)))
    for index, (profile, why) in enumerate(bad):
        if index == MAX_PROBLEMS:
            return
        message = "profile {profile} is not supported: {why}"
        values = {"profile": profile, "why": why}
        related = (Related(op.place("input_format"), "the input_format is {format}", {"format": image_format}),)
        odd_only = all(low <= side <= high for side, low, high in zip(profile.numbers, *limits, strict=True))
        code = "EZ0034" if tiling and odd_only else None
        yield Problem(option.part(*profile.span), message, values, related, atc=code)


def _takes_size_from_model(op: AippOp, shape: InputShape | None, *, tiling: bool) -> bool:
    """Return whether only the profile sets the size: no switch, no source size, and H and W of the input dynamic.

    Ascend 950 (``tiling``) ignores resize, so that the profile sets the size there too (Z3).
    """
    if shape is None or any(op.flag(switch) is not False for switch in ("crop", "padding")):
        return False
    if op.flag("resize") is not False and not (tiling and op.on("resize")):
        return False
    height, width = shape.axis("H"), shape.axis("W")
    dynamic = height is not None and width is not None and height.value == width.value == -1
    return dynamic and all(op.number(name) == 0 for name in _SOURCE_SIZE)


def _misfit(size: Size, image_format: str, limits: tuple[Size, Size]) -> list[Phrase]:
    """Return why AIPP does not support a size; empty if it does."""
    why = []
    for letter, value, (low, high), even in (
        ("W", size.width, (limits[0].width, limits[1].width), image_format in EVEN_WIDTH),
        ("H", size.height, (limits[0].height, limits[1].height), image_format in EVEN_HEIGHT),
    ):
        values = {"letter": letter, "value": value, "low": low, "high": high, "format": image_format}
        if not low <= value <= high:
            why.append(Phrase("{letter} {value} is outside of {low} to {high}", values))
        elif even and value % 2:
            why.append(Phrase("{letter} {value} is odd, which {format} does not allow", values))
    return why


@rule("AIPP707", "max-src-image-size-too-small", Severity.WARNING)
def max_src_image_size_too_small(op: AippOp, build: Build, runtime: Runtime | None = None) -> Iterator[Problem]:
    """The memory that `max_src_image_size` reserves is too small for the largest image of the build.

    With dynamic AIPP, an image requires batch x height x width x bytes per pixel: 1.5 for YUV420SP_U8, 3 for RGB888_U8,
    4 for XRGB8888_U8, 1 for YUV400_U8. ATC does not compare them; the application fails in aclmdlSetInputAIPP with the
    first image of the largest profile.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: dynamic
      max_src_image_size: 519168  # <--
    }
    ```

    ```atc
    --framework=5 --input_shape="data:1,3,-1,-1" --dynamic_image_size="416,416;832,832"
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: dynamic
      max_src_image_size: 2768896
    }
    ```

    ```atc
    --framework=5 --input_shape="data:1,3,-1,-1" --dynamic_image_size="416,416;832,832"
    ```

    ## Fix

    Multiply the largest batch, height and width by the bytes per pixel of the largest format that the application uses.

    ## Source

    Fact R14 (aipp_param_check.cpp 349-395) and fact W11. A value that is exactly the size of one format is
    not reported. If the run-time settings are known, only their format is checked.
    """
    largest = op.number("max_src_image_size")
    images = _largest_images(build, build.input_of(op)) if op.is_dynamic else None
    if not largest or images is None:
        return
    batch, size = images
    needs = {name: image_bytes(name, batch * size.pixels) or 0 for name in DYNAMIC_FORMATS}
    meant = (runtime and runtime.text("input_format")) or op.text("input_format")
    if meant in needs:
        needs = {str(meant): needs[str(meant)]}
    small = {name: need for name, need in needs.items() if need > largest}
    if not small or largest in needs.values():
        return
    message = "max_src_image_size {given} is too small for {size}; required: {small}"
    if batch > 1:
        message = "max_src_image_size {given} is too small for {batch} images of {size}; required: {small}"
    fit = [name for name, need in needs.items() if need <= largest]
    values: dict[str, object] = {"given": largest, "batch": batch, "size": size, "fit": fit}
    values["small"] = [f"{need} ({name})" for name, need in small.items()]
    # Few applications feed four bytes a pixel: if only that format does not fit, it is advice.
    severity = Severity.INFO if list(small) == ["XRGB8888_U8"] and len(needs) > 1 else Severity.WARNING
    note, related = "it is enough for {fit}" if fit else "", set_here(build, IMAGE, BATCH)
    yield Problem(op.place("max_src_image_size"), message, values, related, severity=severity, note=note)


def _largest_images(build: Build, shape: InputShape | None) -> tuple[int, Size] | None:
    """Return the largest batch and image that an input is built for; None if one of them is unknown."""
    if shape is None:
        return None
    batch = shape.batch
    size = Size(shape.height, shape.width) if shape.height and shape.width else None
    if build.dynamic == BATCH and batch is None and build.batch_sizes:
        batch = max(build.batch_sizes)
    if build.dynamic == IMAGE and size is None:
        size = build.largest_image_size
    return None if not batch or size is None else (batch, size)


RULES = (
    crop_or_padding_with_dynamic_image_size,
    source_size_with_dynamic_image_size,
    profile_outside_aipp_limits,
    max_src_image_size_too_small,
)
