"""AIPP601, AIPP607 and AIPP610 to AIPP612: --input_shape, alone and with the profile options."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from aipplint.atc.build import Build
from aipplint.atc.options import BATCH, IMAGE, MAX_VALUE, PROFILE_OPTIONS, SHAPE, SHAPE_RANGE, Option
from aipplint.findings import Problem, Related, Severity
from aipplint.rules.options import MAX_PROBLEMS, set_here, shortened, too_long
from aipplint.rules.rule import rule
from aipplint.rules.wording import Phrase

if TYPE_CHECKING:
    from aipplint.atc.shapes import InputShape


@rule("AIPP601", "input-shape-syntax", Severity.ERROR, atc="E10002", also=("E10013", "E10014", "E10016", "E10048"))
def input_shape_syntax(build: Build) -> Iterator[Problem]:
    """The syntax of --input_shape or --input_shape_range is invalid.

    An input is `name:d,d,...`; `;` separates inputs, and the last `:` ends the name. Without a profile option, a value
    with `~` or `-1` contains ranges (`1~10`, `-1` for any size). ATC rejects the first part that it cannot read,
    including a `;` after the last input. Ranges without names pass the first check and fail in the second, except for
    MindSpore models.

    | release | allowed in `--input_shape` |
    |---|---|
    | up to CANN 6.0 | a number for each dimension, `-1` with a profile option |
    | later | ranges as well, and scalars (`name:`) |

    ## Wrong

    ```atc
    --input_shape="data:1,3,224.0,224"
    ```

    ## Right

    ```atc
    --input_shape="data:1,3,224,224;img_info:1,3"
    ```

    ## Fix

    Write integers, separated by commas, after the name of each input.

    ## Source

    Facts O10 to O15, O20 and O21.
    """
    for name, faults in ((SHAPE, build.shape_faults), (SHAPE_RANGE, build.range_faults)):
        option = build.option(name)
        if option is None or option.value is None:
            continue
        if len(option.value) > MAX_VALUE:
            yield too_long(option.place, name, len(option.value))
        bracketed = next((fault for fault in faults if name == SHAPE and set("[]") & set(fault.text)), None)
        if bracketed is not None:
            right = shortened(re.sub(r"[\[\]]", "", option.value))
            message = "--{option}: brackets belong to --input_shape_range; write {right}"
            place = option.part(bracketed.span.start, bracketed.span.end)
            yield Problem(place, message, {"option": name, "right": right}, atc=bracketed.code)
        # What is wrong in the same way at several places is one mistake, such as a variable that is used for each.
        others = [fault for fault in faults if bracketed is None or not set("[]") & set(fault.text)]
        different = {(fault.reason, fault.text): fault for fault in reversed(others)}
        for fault in sorted(different.values(), key=lambda fault: fault.span)[:MAX_PROBLEMS]:
            values = {"option": name, "reason": Phrase(fault.reason, {"text": shortened(fault.text)})}
            place = option.part(fault.span.start, fault.span.end)
            yield Problem(place, "--{option}: {reason}", values, atc=fault.code)
    if build.framework is None and (option := build.without_names) is not None:
        message = "--{option}: only MindSpore models (--framework=1) support ranges without names; write name:d,d,..."
        yield Problem(option.place, message, {"option": option.name}, severity=Severity.WARNING)
    yield from _names(build)


def _names(build: Build) -> Iterator[Problem]:
    """Inputs without a name, which ATC looks up in the model; names that are there twice beside profiles."""
    from aipplint.atc.faults import looks_up_names

    option, shapes = build.shape_option, build.written_shapes
    if option is None:
        return
    faults = build.shape_faults
    if option.name == SHAPE_RANGE:
        shapes, faults = build.written_ranges, build.range_faults
    plainly = option.name == SHAPE and build.as_ranges is False
    said = {fault.span for fault in faults}
    nameless = [s for s in shapes or () if s.named and not s.name and s.span not in said]
    if nameless and looks_up_names(build.framework, build.release, plainly=plainly):
        for shape in nameless[:MAX_PROBLEMS]:
            message = "--{option}: missing name of the input; write name:d,d,..."
            yield Problem(option.part(*shape.span), message, {"option": option.name}, atc="E10016")
    first: dict[str, InputShape] = {}
    again = [s for s in shapes or () if s.name and first.setdefault(s.name, s) is not s] if build.dynamic else []
    for shape in again[:MAX_PROBLEMS]:
        message = "--input_shape: duplicate input {name}; ATC uses the first in one step and the last in another"
        related = (Related(option.part(*first[shape.name].span), "it is first given here"),)
        values = {"name": shortened(shape.name)}
        yield Problem(option.part(*shape.span), message, values, related, severity=Severity.WARNING)


@rule("AIPP607", "wrong-dynamic-axes", Severity.ERROR, atc="E10019", also=("E10012", "E10018", "E10031"))
def wrong_dynamic_axes(build: Build) -> Iterator[Problem]:
    """The -1 of --input_shape do not match the profile option.

    With `--dynamic_image_size`, an input with four dimensions must have -1 for H and W and nowhere else (in the order
    of `--input_format`), and at least one input must have them. With `--dynamic_batch_size`, only N can be -1, and no
    input can be a scalar.

    ## Wrong

    ```atc
    --framework=5 --input_shape="data:1,-1,-1,3" --dynamic_image_size="416,416;832,832"
    ```

    ## Right

    ```atc
    --framework=5 --input_shape="data:1,3,-1,-1" --dynamic_image_size="416,416;832,832"
    ```

    ## Fix

    Write -1 for H and W (for N), and check that `--input_format` is the layout of the shape.

    ## Source

    Facts O31, O32 and O40. The manual wants scalars listed with `--dynamic_batch_size` (W64); the code refuses
    them.
    """
    option, shapes = build.option(SHAPE), build.shapes
    if option is None or option.value is None or shapes is None or build.dynamic is None:
        return
    seen: dict[str, InputShape] = {}
    for shape in shapes:
        seen.setdefault(shape.name, shape)
    ordered = [seen[name] for name in sorted(seen)]
    if build.dynamic == BATCH:
        yield from _batch_axes(build, option, ordered)
    elif build.dynamic == IMAGE:
        yield from _image_axes(build, option, ordered)


def _batch_axes(build: Build, option: Option, shapes: list[InputShape]) -> Iterator[Problem]:
    """Check that only N is -1, in at least one input."""
    related = set_here(build, BATCH)
    found, counted = 0, False
    for shape in shapes:
        name = {"name": shortened(shape.name)}
        if not shape.dims:
            found += 1
            message = "--input_shape: {name} is a scalar; --dynamic_batch_size does not allow it"
            yield Problem(option.part(*shape.span), message, name, related, atc="E10012")
        elif shape.dims[0].value == -1:
            least = 1 if build.release.refuses_zero else 0
            other = next((d for d in shape.dims[1:] if isinstance(d.value, int) and d.value < least), None)
            counted |= other is None
            if other is not None:
                found += 1
                message = "--input_shape: {name} has {found} after N; with --dynamic_batch_size, only N can be -1"
                values = {**name, "found": shortened(other.text)}
                yield Problem(option.part(*other.span), message, values, related, atc="E10018")
        if found >= MAX_PROBLEMS:
            return
    if not counted and not found:
        message = "--input_shape: no input has -1 for N; --dynamic_batch_size requires it"
        yield Problem(option.place, message, {}, related, atc="E10031")


def _image_axes(build: Build, option: Option, shapes: list[InputShape]) -> Iterator[Problem]:
    """Check that only H and W are -1, in at least one input."""
    layout = build.input_format
    axes = {"NCHW": [(2, 3)], "NHWC": [(1, 2)], None: [(2, 3), (1, 2)]}.get(layout)
    related = set_here(build, IMAGE, "input_format")
    found, counted = 0, False
    for shape in shapes:
        open_dims = shape.dynamic_dims
        if not open_dims:
            continue
        counted = True
        if shape.rank == 4 and (open_dims in axes if axes is not None else not build.release.takes_layout_for_axes):
            continue
        found += 1
        values: dict[str, object] = {
            "shape": shortened(str(shape)),
            "rank": shape.rank,
            "layout": layout or "NCHW or NHWC",
        }
        message = "--input_shape: {shape} has -1 and {rank} dimensions; --dynamic_image_size requires 4"
        if shape.rank == 4 and axes is None:
            message = "--input_shape: {release} does not know where H and W of {shape} are in {layout}"
            values["release"] = build.release
        elif shape.rank == 4:
            message = "--input_shape: {shape} must have -1 only for H and W of {layout}; write {right}"
            pairs = [_right(shape, pair) for pair in axes or ()]
            values |= {"right": pairs[:1], "other": pairs[1:]}
            if len(pairs) > 1:
                message = "--input_shape: {shape} must have -1 only for H and W of {layout}; write {right} or {other}"
        yield Problem(option.part(*shape.span), message, values, related)
        if found >= MAX_PROBLEMS:
            return
    if not counted:
        message = "--input_shape: no input has -1 for H and W; --dynamic_image_size requires it"
        yield Problem(option.place, message, {}, related)


def _right(shape: InputShape, axes: tuple[int, int]) -> str:
    """Return the shape with -1 only for H and W, and the axis by name in place of another -1."""
    names = "NCHW" if axes == (2, 3) else "NHWC"
    dims = ["-1" if i in axes else dim.text if dim.value != -1 else names[i] for i, dim in enumerate(shape.dims)]
    return shortened(f"{shape.name}:{','.join(dims)}")


@rule("AIPP610", "missing-input-shape", Severity.ERROR, atc="E10004")
def missing_input_shape(build: Build) -> Iterator[Problem]:
    """A profile option is set, but --input_shape is not.

    The profiles set the sizes of the -1 in `--input_shape`. Without it, ATC does not know which inputs are dynamic, and
    rejects the option.

    ## Wrong

    ```atc
    --dynamic_image_size="416,416;832,832"
    ```

    ## Right

    ```atc
    --input_shape="data:1,3,-1,-1" --dynamic_image_size="416,416;832,832"
    ```

    ## Fix

    Set `--input_shape` with -1 for the dimensions of the profiles.

    ## Source

    Facts O1 and O3.
    """
    given = build.known(*PROFILE_OPTIONS)
    if given and build.absent(SHAPE) and not build.shapes_dropped:
        message = "missing --input_shape; --{option} requires it, with -1 for the dimensions of its profiles"
        yield Problem(given[0].place, message, {"option": given[0].name})


@rule("AIPP611", "non-positive-shape", Severity.ERROR, atc="E10011")
def non_positive_shape(build: Build) -> Iterator[Problem]:
    """A dimension of --input_shape is 0 or negative.

    Without a profile option, every number must be greater than 0, except for -1, which means any size. ATC does not
    check it with a profile option, or in a value with -1 or a range. Up to CANN 6.0 (`cann-version`), it rejects -1 as
    well.

    ## Wrong

    ```atc
    --input_shape="data:1,3,0,224"
    ```

    ## Right

    ```atc
    --input_shape="data:1,3,224,224"
    ```

    ## Fix

    Set the size, or -1 for a dynamic dimension.

    ## Source

    Fact O16.
    """
    option, shapes = build.option(SHAPE), build.written_shapes
    if option is None or shapes is None or build.as_ranges is not False:
        return
    if not all(build.absent(name) for name in PROFILE_OPTIONS):
        return
    low = (d for s in shapes if s.named for d in s.dims if isinstance(d.value, int) and d.value <= 0)
    for dim in islice(low, MAX_PROBLEMS):
        message = "--input_shape: {found} must be greater than 0"
        yield Problem(option.part(*dim.span), message, {"found": shortened(dim.text)})


@rule("AIPP612", "range-with-profiles", Severity.ERROR, atc="E10040")
def range_with_profiles(build: Build) -> Iterator[Problem]:
    """--input_shape contains a range, although a profile option is set.

    With a profile option, a dimension is fixed or -1, and the profiles list its sizes. ATC then rejects every `~`.

    ## Wrong

    ```atc
    --input_shape="data:1,3,1~1024,-1" --dynamic_image_size="416,416;832,832"
    ```

    ## Right

    ```atc
    --input_shape="data:1,3,-1,-1" --dynamic_image_size="416,416;832,832"
    ```

    ## Fix

    Write -1 for the dimensions of the profiles, or delete the profile option and keep the range.

    ## Source

    Facts O1 and O19.
    """
    option = build.option(SHAPE)
    given = build.known(*PROFILE_OPTIONS)
    if not given or option is None or option.value is None or build.shapes_dropped:
        return
    if build.release.reads_shapes_plainly:
        return  # AIPP601: a range is no number there
    at = option.value.find("~")
    if at < 0:
        return
    dims = [dim for shape in build.written_shapes or () for dim in shape.dims if len(dim.pieces) > 1]
    place = option.part(*dims[0].span) if dims else option.part(at, at + 1)
    values = {"text": shortened(dims[0].text if dims else "~"), "option": given[0].name}
    message = "--input_shape: {text} is not allowed with --{option}; write -1"
    yield Problem(place, message, values, set_here(build, given[0].name))


RULES = (input_shape_syntax, wrong_dynamic_axes, missing_input_shape, non_positive_shape, range_with_profiles)
