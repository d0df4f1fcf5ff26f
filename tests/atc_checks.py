"""ATC's checks of its options in the order in which it makes them: the verdict is the first code.

Written after facts O1 to O45 and 9.1, one function for one function of the compiler, and only for comparison:
aipplint finds everything at once, this stops at the first complaint. Older releases: atc_checks_old_releases.py.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import prod

_BLANKS = " \t\n\v\f\r"
FORMATS = {
    "0": ("NCHW", "ND"),
    "3": ("NCHW", "NHWC", "ND", "NCDHW", "NDHWC"),
    "5": ("NCHW", "ND", "NCDHW"),
}

_KNOWN = ("NCHW", "NHWC", "ND", "CHWN", "NC1HWC0", "NHWC1C0", "NCDHW", "NDHWC")

Shapes = list[tuple[str, list[int]]]


class Refused(Exception):
    """ATC stops; the message is the code."""


def verdict(options: Mapping[str, str], *, aipp: bool) -> str:
    """The code with which ATC refuses the options, or an empty text; ``aipp`` says that --insert_op_conf is given."""
    try:
        _check(options, aipp=aipp)
    except Refused as refused:
        return str(refused)
    return ""


def _check(options: Mapping[str, str], *, aipp: bool) -> None:
    framework = options["framework"]
    layout = options.get("input_format") or ("NHWC" if framework == "3" else "NCHW")
    if framework in FORMATS and layout not in FORMATS[framework]:
        raise Refused("E10001")
    batch, image, dims = (options.get(f"dynamic_{name}", "") for name in ("batch_size", "image_size", "dims"))
    shape, ranges = options.get("input_shape", ""), options.get("input_shape_range", "")
    shape, ranges = _moved_to_ranges(shape, ranges, profiles=bool(batch or image or dims))
    given = [value for value in (batch, image, dims, ranges) if value]
    if len(given) > 1:
        raise Refused("E10009")
    if ranges or not given:
        if ":" in ranges:
            _check_named_ranges(ranges)
        _check_known(layout)
        if shape:
            _look_up(_parse(shape, positive=True))
        _read_ranges_again(ranges, framework)
        return
    if not shape:
        raise Refused("E10004")
    shapes = _parse(shape, positive=False)
    if batch:
        _check_batch(batch, shapes)
    if image:
        _check_image(image, shapes, layout)
    if dims:
        _check_dims(dims, shapes)
    if dims and aipp:
        raise Refused("E10001")
    _check_known(layout)
    _look_up(shapes)
    profiles = _profiles(batch, image, dims)
    if not profiles:
        return
    dynamic = sum(numbers.count(-1) for _, numbers in shapes)
    if dims and any(len(profile) != dynamic for profile in profiles):
        raise Refused("E10001")
    _deal(profiles, shapes)


def _check_known(layout: str) -> None:
    """InitDomiOmgContext."""
    if layout not in _KNOWN:
        raise Refused("E10061")


def _look_up(shapes: Shapes) -> None:
    """CheckUserInputShape; the model is taken to have every name but the empty one."""
    if any(not name for name, _ in shapes):
        raise Refused("E10016")


def _moved_to_ranges(shape: str, ranges: str, *, profiles: bool) -> tuple[str, str]:
    """--input_shape with ``~`` or ``-1`` becomes --input_shape_range where no profiles are set."""
    if ranges:
        return "", ranges
    if profiles:
        if "~" in shape:
            raise Refused("E10040")
        return shape, ""
    if "~" not in shape and "-1" not in shape:
        return shape, ""
    made = []
    for item in shape.split(";"):
        name, colon, values = item.rpartition(":")
        if ":" in shape:
            if not colon or not name:
                raise Refused("E10002")
            if not values:
                continue
        if set(values) - set("0123456789 ,~-"):
            raise Refused("E10002")
        made.append(f"{name}:[{values}]" if ":" in shape else f"[{values}]")
    return "", (";" if ":" in shape else ",").join(made)


def _read_ranges_again(ranges: str, framework: str) -> None:
    """UpdateDynamicInputShapeRange: by name, but for MindSpore, which reads them elsewhere."""
    if not ranges:
        return
    if framework == "1":
        if ":" not in ranges:
            _check_ranges_by_index(ranges)
        return
    if ":" not in ranges:
        raise Refused("E10048")
    if any(not item.rpartition(":")[0].strip(_BLANKS) for item in ranges.split(";")):
        raise Refused("E10016")


def _check_named_ranges(ranges: str) -> None:
    for item in ranges.split(";"):
        _, colon, values = item.rpartition(":")
        if not colon or [c for c in values if c in "[]"] != ["[", "]"]:
            raise Refused("E10048")
        for text in values.removeprefix("[").removesuffix("]").split(","):
            _check_bounds(text)


def _check_ranges_by_index(ranges: str) -> None:
    """``[1~10,3],[-1]``; ATC reads these later than the named ones, when it has the model."""
    if len(ranges) == 1:
        raise Refused("E10048")
    for item in ranges.split("]"):
        inner = item.removeprefix("[")
        inner = inner[2:] if inner.startswith(",") else inner
        for text in inner.split(","):
            if text:
                _check_bounds(text)


def _check_bounds(text: str) -> None:
    bounds = text.split("~")
    numbers = []
    for bound in bounds:
        if not re.fullmatch(r"[+-]?[0-9]+", bound.strip(_BLANKS)) or not -(2**63) <= int(bound) < 2**63:
            raise Refused("E10048")
        numbers.append(int(bound))
    if len(bounds) > 2 or (len(bounds) == 2 and min(numbers) < 0):
        raise Refused("E10048")


def _parse(shape: str, *, positive: bool) -> Shapes:
    shapes: Shapes = []
    for item in shape.split(";"):
        name, colon, values = item.rpartition(":")
        if not colon:
            raise Refused("E10002")
        numbers = []
        for text in values.split(",") if values else []:
            if "." in text:
                raise Refused("E10002")
            word = text.strip(_BLANKS)
            number = re.match(r"[+-]?[0-9]+", word)
            if number is None:
                raise Refused("E10014")
            if not -(2**63) <= int(number.group()) < 2**63:
                raise Refused("E10013")
            if not re.fullmatch(r"-?[0-9]+", word):
                raise Refused("E10002")
            if positive and int(word) <= 0:
                raise Refused("E10011")
            numbers.append(int(word))
        shapes.append((name.strip(_BLANKS), numbers))
    return shapes


def _by_name(shapes: Shapes) -> list[list[int]]:
    first: dict[str, list[int]] = {}
    for name, numbers in shapes:
        first.setdefault(name, numbers)
    return [first[name] for name in sorted(first)]


def _check_batch(batch: str, shapes: Shapes) -> None:
    logged, counted = "", False
    for numbers in _by_name(shapes):
        if not numbers:
            raise Refused(logged or "E10012")
        if numbers[0] == -1:
            if min(numbers[1:], default=0) < 0:
                logged = logged or "E10018"
            else:
                counted = True
    if not counted:
        raise Refused(logged or "E10031")
    if set(batch) - set("0123456789,"):
        raise Refused(logged or "E10003")


def _check_image(image: str, shapes: Shapes, layout: str) -> None:
    axes = {"NCHW": (2, 3), "NHWC": (1, 2)}.get(layout)
    counted = False
    if layout.upper() not in (*_KNOWN, "HWCN"):
        raise Refused("E10003")
    for numbers in _by_name(shapes):
        dynamic = tuple(index for index, number in enumerate(numbers) if number == -1)
        if dynamic:
            counted = True
            if len(numbers) != 4:
                raise Refused("E10019")
            if axes is None:
                raise Refused("E10003")
            if dynamic != axes:
                raise Refused("E10019")
    if not counted:
        raise Refused("E10019")
    image = image.removesuffix(";")
    if set(image) - set("0123456789, ;"):
        raise Refused("E10003")
    if any(len(profile.split(",")) != 2 for profile in image.split(";")):
        raise Refused("E10020")


def _check_dims(dims: str, shapes: Shapes) -> None:
    count = sum(numbers.count(-1) for numbers in _by_name(shapes))
    if not count:
        raise Refused("E10001")
    dims = dims.removesuffix(";")
    if not dims:
        raise Refused("E10058")
    for profile in dims.split(";"):
        if len(profile.split(",")) != count:
            raise Refused("E10003")
        if set(profile) - set("0123456789,"):
            raise Refused("E10001")


def _profiles(batch: str, image: str, dims: str) -> list[list[int]]:
    groups = [[part] for part in batch.split(",")] if batch else [p.split(",") for p in (image or dims).split(";")]
    if any(not part.isdigit() for group in groups for part in group if part):
        raise Refused("E19999")
    read = [[min(int(part), 2**63 - 1) for part in group if part] for group in groups]
    return [profile for profile in read if profile]


def _deal(profiles: list[list[int]], shapes: Shapes) -> None:
    """The second stage: how many profiles, all of one length, no two alike, enough numbers for every input."""
    if len(profiles) < 2:
        raise Refused("E10035")
    if len({len(profile) for profile in profiles}) > 1:
        raise Refused("E10037")
    if len({tuple(profile) for profile in profiles}) < len(profiles):
        raise Refused("E10039")
    size, turn = len(profiles[0]), 0
    for _, numbers in shapes:
        count = sum(number < 0 for number in numbers)
        if count > size:
            raise Refused("E10046")
        if 0 < count < size and turn + count > size:
            raise Refused("E10045")
        turn += count
    for profile in profiles:
        turn = 0
        for _, numbers in shapes:
            count = sum(number < 0 for number in numbers)
            dealt = profile if count == size else profile[turn : turn + count]
            turn += count
            if prod(filter(None, dealt)) >= 2**63:
                raise Refused("E19999")
