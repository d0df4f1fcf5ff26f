"""Readings of a number of bytes as images, height, width, channels and type that match the known inputs.

What is known are the inputs of the models that the repository builds; without any, pictures of usual sizes are tried.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import isqrt

from aipplint.hardware.size import Size
from aipplint.records import NamedTuple
from aipplint.show.input_buffer import LAYOUTS, feed_of

MAX_READINGS = 4
"""Readings of one number that are told; more would say nothing."""
_MAX_IMAGES = 256
_SIDES = (16, 8192)
"""Pixels: least and most of the side of a square picture."""

_TYPES = {"float32": 4, "float16": 2}
"""Bytes of an element of a tensor."""
_FORMATS = ("RGB888_U8", "YUV420SP_U8", "XRGB8888_U8", "YUV400_U8", "YUYV_U8")
"""Formats of images that programs make; others are read only where a configuration names them."""
_USUAL = tuple(
    Size(height, width)
    for width, height in ((1920, 1080), (1280, 720), (960, 540), (640, 480), (640, 384), (640, 352), (192, 256))
)
_LINES = 16
"""DVPP makes lines of a multiple of so many bytes."""


class KnownInput(NamedTuple):
    """An input of a model, as known from the repository.

    ``name`` is what it is called in an answer. ``format`` is what AIPP makes the application feed, of the size
    ``source``; None where there is no AIPP. ``model`` and ``channels`` are the tensor that AIPP outputs. ``room`` is
    max_src_image_size of dynamic AIPP, in bytes.
    """

    name: str
    format: str | None
    source: Size | None
    batch: int | None
    model: Size | None
    channels: int | None
    room: int | None = None


class SizeReading(NamedTuple):
    """One reading of a number of bytes: a number of images of a size, in a format of AIPP or of a tensor type.

    ``whose`` is the input that takes exactly this, or empty. A number that is max_src_image_size has no size.
    """

    kind: str
    images: int
    size: Size | None
    channels: int
    whose: str = ""

    @property
    def is_tensor(self) -> bool:
        """Whether the reading is a tensor, and not an image for AIPP."""
        return self.kind in _TYPES

    def __str__(self) -> str:
        if self.size is None:
            return f"{self.kind} ({self.whose})"
        dims = f"{self.images}x{self.size.height}x{self.size.width}"
        text = f"{dims}x{self.channels} {self.kind}" if self.is_tensor else f"{dims} {self.kind}"
        return f"{text} ({self.whose})" if self.whose else text


class Decoded(NamedTuple):
    """The passed bytes and the required bytes, each with its readings, the likeliest first."""

    fed: tuple[SizeReading, ...]
    need: tuple[SizeReading, ...]

    @property
    def certain(self) -> bool:
        """Whether there is exactly one way to read both, and the repository builds what the model takes."""
        return len(self.fed) == len(self.need) == 1 and bool(self.need[0].whose)


def decode(fed: int, need: int, inputs: Sequence[KnownInput]) -> Decoded:
    """Return the readings of a buffer and of the input that rejects it."""
    needs = _known(need, inputs) if inputs else ()
    owners = {reading.whose for reading in needs if reading.whose}
    mine = [one for one in inputs if one.name in owners] or list(inputs)
    needs = tuple(reading for reading in needs if reading.whose or not owners) or _usual(need)
    feds = _known(fed, mine)
    if not owners or not feds:
        feds = (*feds, *_usual(fed))
    feds, needs = _once(feds), _once(needs)
    if not feds or not needs:
        return Decoded(feds[:MAX_READINGS], needs[:MAX_READINGS])
    with_aipp = any(one.format is not None or one.room is not None for one in inputs)
    pairs = [(one, other) for other in needs for one in feds]
    likeliest = min(pairs, key=lambda pair: _unlike(pair[0], pair[1], with_aipp))
    return Decoded(_begun_by(likeliest[0], feds), _begun_by(likeliest[1], needs))


def _unlike(fed: SizeReading, need: SizeReading, with_aipp: bool) -> int:
    """Return the number of differences between two readings, weighted: one mistake is likelier than two.

    Pictures of another size weigh a little more than another format or number of them; that AIPP is there and the model
    takes a tensor all the same weighs as a mistake of its own.
    """
    wrong = 3 * (fed.size != need.size) + 2 * (fed.kind != need.kind) + 2 * (fed.images != need.images)
    return wrong + 2 * (with_aipp and need.is_tensor and not need.whose)


def _begun_by(first: SizeReading, readings: Sequence[SizeReading]) -> tuple[SizeReading, ...]:
    return (first, *(reading for reading in readings if reading != first))[:MAX_READINGS]


def _once(readings: Sequence[SizeReading]) -> tuple[SizeReading, ...]:
    """Return the readings without duplicates, preferring those with a known owner."""
    merged: dict[SizeReading, str] = {}
    for reading in readings:
        plain = reading._replace(whose="")
        merged[plain] = merged.get(plain) or reading.whose
    return tuple(plain._replace(whose=whose) for plain, whose in merged.items())


def _known(number: int, inputs: Sequence[KnownInput]) -> tuple[SizeReading, ...]:
    """Return the readings that match known inputs exactly, else similar ones."""
    exact = [reading for one in inputs for reading in _exact(number, one)]
    return tuple(dict.fromkeys((*exact, *(reading for one in inputs for reading in _like(number, one, exact)))))


def _exact(number: int, one: KnownInput) -> Iterator[SizeReading]:
    """Return the reading as the images of AIPP, or without AIPP as the tensor, if the number of bytes is equal."""
    if one.room is not None:
        if one.room == number:
            yield SizeReading("max_src_image_size", one.batch or 1, None, 0, one.name)
    elif one.format is not None:
        if one.source is not None and (images := _images(number, _image_bytes(one.format, one.source), one.batch)):
            yield SizeReading(one.format, images, one.source, 0, one.name)
    elif one.model is not None and one.channels is not None:
        for kind, width in _TYPES.items():
            pixels = one.model.pixels * one.channels
            if images := _images(number, pixels * width, one.batch):
                yield SizeReading(kind, images, one.model, one.channels, one.name)


def _like(number: int, one: KnownInput, exact: Sequence[SizeReading]) -> Iterator[SizeReading]:
    """Return readings that are similar to an input: its tensor, or images that differ in format, size or number."""
    batch = one.batch or 1
    if one.model is not None and one.channels is not None:
        for kind, width in _TYPES.items():
            if number == batch * one.model.pixels * one.channels * width:
                yield SizeReading(kind, batch, one.model, one.channels)
    for size in dict.fromkeys(size for size in (one.source, one.model) if size is not None):
        for kind in dict.fromkeys(kind for kind in (one.format, *_FORMATS) if kind is not None):
            if number == batch * (_image_bytes(kind, size) or 0):
                yield SizeReading(kind, batch, size, 0)
    if one.format is not None and one.source is not None:
        padded = Size(one.source.height + one.source.height % 2, -(-one.source.width // _LINES) * _LINES)
        if padded != one.source and number == batch * (_image_bytes(one.format, padded) or 0):
            yield SizeReading(one.format, batch, padded, 0)
    yield from _several(number, one, exact)


def _several(number: int, one: KnownInput, exact: Sequence[SizeReading]) -> Iterator[SizeReading]:
    """Return readings as a different number of images, or as one square image of a different size."""
    if one.format is None or one.source is None or exact:
        return
    each = _image_bytes(one.format, one.source)
    if each and number % each == 0 and number // each <= _MAX_IMAGES:
        yield SizeReading(one.format, number // each, one.source, 0)
    if (square := _square(number, one.format)) is not None:
        yield SizeReading(one.format, 1, square, 0)


def _images(number: int, each: int | None, batch: int | None) -> int:
    """How many images of so many bytes a number is, where the input takes as many; else 0."""
    if not each or number % each:
        return 0
    count = number // each
    return count if count == batch or (batch is None and count <= _MAX_IMAGES) else 0


def _image_bytes(kind: str, size: Size) -> int | None:
    feed = feed_of(kind, size, 1)
    return None if feed is None else feed.image_bytes


def _square(number: int, kind: str) -> Size | None:
    """The square image of a format that has so many bytes."""
    layout = LAYOUTS.get(kind)
    if layout is None:
        return None
    pixels, left = divmod(number * layout.per, layout.rows * layout.channels * layout.width)
    return _square_of(pixels) if not left else None


def _square_of(pixels: int) -> Size | None:
    side = isqrt(pixels)
    return Size(side, side) if side * side == pixels and _SIDES[0] <= side <= _SIDES[1] else None


def _usual(number: int) -> tuple[SizeReading, ...]:
    """One square image or tensor of three channels, or one of a usual size."""
    found = []
    for kind in _FORMATS[:4]:
        sizes = (*_USUAL, _square(number, kind))
        found += [SizeReading(kind, 1, size, 0) for size in sizes if size and _image_bytes(kind, size) == number]
    for kind, width in _TYPES.items():
        sizes = (*_USUAL, _square_of(number // (3 * width)))
        found += [SizeReading(kind, 1, size, 3) for size in sizes if size and size.pixels * 3 * width == number]
    return tuple(dict.fromkeys(found))


def cause_of(decoded: Decoded) -> str:
    """Return the likely cause by the first readings, as one sentence; empty if a number has no reading."""
    if not decoded.fed or not decoded.need:
        return ""
    fed, need = decoded.fed[0], decoded.need[0]
    if need.size is None:
        return (
            "the model has dynamic AIPP: its input always requires max_src_image_size bytes, for an image of any size"
        )
    if fed.is_tensor and not need.is_tensor:
        return (
            f"the application passes a tensor of {fed.kind}, which AIPP computes itself; "
            f"pass the original pixels, as {need.kind}, without normalisation"
        )
    if need.is_tensor and not fed.is_tensor:
        return (
            f"the application passes images, but this model requires a tensor of {need.kind}: it was built without "
            "AIPP (--insert_op_conf), or the wrong model is loaded"
        )
    if fed.kind != need.kind:
        return f"the application passes {fed.kind}; the model requires {need.kind}"
    if fed.size != need.size:
        return f"the application passes images of {fed.size}; the model requires {need.size}"
    return f"the application passes {fed.images} at a time; the model requires {need.images}"
