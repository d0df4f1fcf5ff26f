"""ATC's checks of its options in GraphEngine v1.2 (CANN 3.3), v1.3 (5.0) and r1.11 (6.0), in their order.

Written after facts O30 to O45 and Z16 to Z23, only for comparison, as atc_checks.py for the newest release.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from tests.atc_checks import FORMATS, Refused, Shapes

_BLANKS = " \t\n\v\f\r"
_FIRST = "3.3"
RELEASES = (_FIRST, "5.0", "6.0")


def verdict(options: Mapping[str, str], release: str, *, aipp: bool) -> str:
    """The code with which ATC refuses the options, or an empty text; the framework is 0, 3 or 5."""
    try:
        _check(options, release, aipp=aipp)
    except Refused as refused:
        return str(refused)
    return ""


def _check(options: Mapping[str, str], release: str, *, aipp: bool) -> None:
    framework = options["framework"]
    layout = options.get("input_format") or ("NHWC" if framework == "3" else "NCHW")
    if layout not in FORMATS[framework]:
        raise Refused("E10001")
    batch, image, dims = (options.get(f"dynamic_{name}", "") for name in ("batch_size", "image_size", "dims"))
    shape, ranges = options.get("input_shape", ""), options.get("input_shape_range", "")
    given = [value for value in (batch, image, dims) if value]
    if len(given) > 1:
        raise Refused("E10009")
    if not given:
        if ranges and (":" in ranges or release == _FIRST):
            _check_ranges(ranges)
        if shape:
            _look_up(_parse(shape, positive=True))
    else:
        if not shape:
            raise Refused("E10004")
        shapes = _parse(shape, positive=False)
        if batch:
            _check_batch(batch, shapes, release)
        if image:
            _check_image(image, shapes, layout)
        if dims:
            _check_dims(dims, shapes, layout, release)
        if dims and aipp:
            raise Refused("E10001")
        _look_up(shapes)
    if ranges:
        _check_ranges(ranges)
    if given:
        _check_profiles(batch, image, dims, shapes)


def _look_up(shapes: Shapes) -> None:
    if any(not name for name, _ in shapes):
        raise Refused("E10016")


def _check_ranges(ranges: str) -> None:
    """By name, and with stol, which stops behind the number."""
    for item in ranges.split(";"):
        name, colon, values = item.rpartition(":")
        if not colon or [c for c in values if c in "[]"] != ["[", "]"]:
            raise Refused("E10048")
        for text in values.removeprefix("[").split(","):
            bounds = text.split("~")
            found = [re.match(r"[+-]?[0-9]+", bound.lstrip(_BLANKS)) for bound in bounds]
            if len(bounds) > 2 or None in found:
                raise Refused("E10048")
            numbers = [int(one.group()) for one in found if one is not None]
            if not all(-(2**63) <= number < 2**63 for number in numbers) or (len(bounds) == 2 and min(numbers) < 0):
                raise Refused("E10048")
        if not name.strip(_BLANKS):
            raise Refused("E10016 or E10048")


def _parse(shape: str, *, positive: bool) -> Shapes:
    shapes: Shapes = []
    for item in shape.split(";"):
        name, colon, values = item.rpartition(":")
        if not colon or not values:
            raise Refused("E10002")
        numbers = []
        for text in values.split(","):
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


def _check_batch(batch: str, shapes: Shapes, release: str) -> None:
    counted, logged = False, ""
    for numbers in _by_name(shapes):
        if numbers[0] == -1:
            if min(numbers[1:], default=1) < 1:
                logged = "E10018"
            else:
                counted = True
    if not counted:
        raise Refused(logged or "E10031")
    if set(batch) - set("0123456789, "):
        raise Refused(logged or ("E10033" if release == _FIRST else "E10003"))


def _check_image(image: str, shapes: Shapes, layout: str) -> None:
    axes = {"NCHW": (2, 3), "NHWC": (1, 2)}.get(layout)
    counted = False
    for numbers in _by_name(shapes):
        dynamic = tuple(index for index, number in enumerate(numbers) if number == -1)
        if dynamic:
            counted = True
            if len(numbers) != 4 or dynamic != axes:
                raise Refused("E10019")
    if not counted:
        raise Refused("E10019")
    image = image.removesuffix(";")
    if set(image) - set("0123456789, ;"):
        raise Refused("E10003")
    if any(len(profile.split(",")) != 2 for profile in image.split(";")):
        raise Refused("E10020")


def _check_dims(dims: str, shapes: Shapes, layout: str, release: str) -> None:
    if layout != "ND":
        raise Refused("E10001")
    first = _by_name(shapes)
    if any(not 1 <= len(numbers) <= 4 for numbers in first):
        raise Refused("E10001")
    count = sum(numbers.count(-1) for numbers in first)
    dims = dims.removesuffix(";")
    if not count or not dims:
        raise Refused("E10001")
    for profile in dims.split(";"):
        if len(profile.split(",")) != count:
            raise Refused("E10042" if release == _FIRST else "E10003")
        if set(profile) - set("0123456789,"):
            raise Refused("E10001")


def _check_profiles(batch: str, image: str, dims: str, shapes: Shapes) -> None:
    """The second stage; numbers are read with strtol, empty parts are skipped."""
    groups = [[part] for part in batch.split(",")] if batch else [p.split(",") for p in (image or dims).split(";")]
    read = [[_strtol(part) for part in group if part] for group in groups]
    profiles = [profile for profile in read if profile]
    if not profiles:
        return
    if len(profiles) < 2:
        raise Refused("E10035")
    for profile in profiles:
        if len(profile) != len(profiles[0]):
            raise Refused("E10037")
        if min(profile) <= 0:
            raise Refused("E10038")
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


def _strtol(text: str) -> int:
    number = re.match(r" *([0-9]+)", text)
    return min(int(number.group(1)), 2**63 - 1) if number else 0
