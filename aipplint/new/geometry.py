"""Sizes of the source, crop and padding for a size of the model."""

from __future__ import annotations

import re

from aipplint.errors import UsageError
from aipplint.findings import clean
from aipplint.hardware.formats import EVEN_HEIGHT
from aipplint.hardware.size import Size
from aipplint.records import NamedTuple

MAX_PADDING = 32
_MAX_SIDE = 4096
_CENTER = "center"


class Crop(NamedTuple):
    """The part of the source that is kept: its first row and column from 0, and its size."""

    top: int
    left: int
    size: Size


class Padding(NamedTuple):
    """Rows and columns of the border."""

    left: int
    right: int
    top: int
    bottom: int


class Wish(NamedTuple):
    """Crop and padding as the user wrote them; empty if not given. ``source`` is None if it is not given."""

    source: Size | None = None
    crop: str = ""
    padding: str = ""
    bordered: bool = False
    """Whether a border was asked for without its sizes (``--pad-gray``)."""


class Geometry(NamedTuple):
    """The sizes of a static operator."""

    source: Size
    crop: Crop | None
    padding: Padding | None


def size_of(option: str, text: str) -> Size:
    """Read ``WIDTHxHEIGHT``; raises UsageError."""
    found = re.fullmatch(r"(\d{1,5})[xX*](\d{1,5})", text.strip(), re.ASCII)
    if found is None:
        raise UsageError(f"{option}: '{clean(text)}' is not WIDTHxHEIGHT, such as 640x480")
    size = Size(int(found[2]), int(found[1]))
    if not 1 <= min(size) <= max(size) <= _MAX_SIDE:
        raise UsageError(f"{option}: {clean(text)} is outside of 1x1 to {_MAX_SIDE}x{_MAX_SIDE}")
    return size


def geometry_of(model: Size, wish: Wish, image_format: str) -> Geometry:
    """Return the sizes that end at the size of the model; raises UsageError if there are none."""
    padding = _given_padding(wish.padding)
    inner = (
        model
        if padding is None
        else Size(model.height - padding.top - padding.bottom, model.width - padding.left - padding.right)
    )
    if min(inner) < 1:
        raise UsageError(f"--pad: the borders leave no image of the model's {_words(model)}")
    crop = _crop(wish, inner, image_format) if wish.crop else None
    source = wish.source or inner
    if crop is not None and (crop.top + crop.size.height > source.height or crop.left + crop.size.width > source.width):
        raise UsageError(
            f"--crop: {_words(crop.size)} from row {crop.top}, column {crop.left} exceed the source, {_words(source)}"
        )
    kept = crop.size if crop else source
    if padding is None and (wish.padding or wish.bordered):
        padding = _centred(kept, model)
    if padding is not None:
        _check_sum(kept, padding, model)
    elif kept != model:
        raise UsageError(
            f"the image has {_words(kept)}, the model {_words(model)}; AIPP does not resize: add --crop or --pad, "
            "or resize the image before"
        )
    return Geometry(source, crop, padding)


def _crop(wish: Wish, inner: Size, image_format: str) -> Crop:
    """Read ``center``, ``WxH`` (in the centre) or ``WxH+LEFT+TOP``."""
    found = re.fullmatch(r"(\d{1,5}[xX]\d{1,5})(?:\+(\d{1,5})\+(\d{1,5}))?", wish.crop, re.ASCII)
    if found is None and wish.crop != _CENTER:
        raise UsageError(f"--crop: '{clean(wish.crop)}' is not center, WIDTHxHEIGHT or WIDTHxHEIGHT+LEFT+TOP")
    size = size_of("--crop", found[1]) if found else inner
    if found and found[2]:
        return Crop(int(found[3]), int(found[2]), size)
    if wish.source is None:
        raise UsageError("--crop needs --source-size, the size of the image that is cropped")
    top, left = (max(0, outer - own) // 2 for outer, own in zip(wish.source, size, strict=True))
    if image_format in EVEN_HEIGHT:
        # Chroma is for two rows and two columns.
        top, left = top - top % 2, left - left % 2
    return Crop(top, left, size)


def _given_padding(text: str) -> Padding | None:
    """Read ``LEFT,RIGHT,TOP,BOTTOM``; None for ``center`` and for nothing."""
    if text in ("", _CENTER):
        return None
    found = re.fullmatch(r"(\d{1,4}),(\d{1,4}),(\d{1,4}),(\d{1,4})", text.replace(" ", ""), re.ASCII)
    if found is None:
        raise UsageError(f"--pad: '{clean(text)}' is not center or LEFT,RIGHT,TOP,BOTTOM")
    return Padding(*map(int, found.groups()))


def _centred(kept: Size, model: Size) -> Padding:
    """Return the border around an image in the middle of the model's."""
    high, wide = model.height - kept.height, model.width - kept.width
    if min(high, wide) < 0:
        raise UsageError(f"--pad: the image has {_words(kept)}, more than the model's {_words(model)}")
    return Padding(wide // 2, wide - wide // 2, high // 2, high - high // 2)


def _check_sum(kept: Size, padding: Padding, model: Size) -> None:
    if max(padding) > MAX_PADDING:
        raise UsageError(f"--pad: a border of {max(padding)} pixels; AIPP adds at most {MAX_PADDING} to a side")
    made = Size(kept.height + padding.top + padding.bottom, kept.width + padding.left + padding.right)
    if made != model:
        raise UsageError(f"--pad: image and border have {_words(made)}, the model {_words(model)}")


def _words(size: Size) -> str:
    return f"{size.width}x{size.height} pixels"
