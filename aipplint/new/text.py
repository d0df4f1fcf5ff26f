"""The text of a configuration for an intent, with comments, in its canonical form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from aipplint.config.normalisation import plain
from aipplint.formatting import format_source
from aipplint.hardware.formats import image_bytes
from aipplint.hardware.size import Size
from aipplint.new.colours import Fields, Value, conversion_fields, conversion_of, swap_fields
from aipplint.new.geometry import Geometry
from aipplint.new.intent import Dynamic, Static
from aipplint.new.normalisations import fields_of, in_channels, padding_value
from aipplint.source import Source

_BIGGEST = "XRGB8888_U8"
"""The format with the most bytes of a pixel that dynamic AIPP takes."""


def text_of(intent: Static | Dynamic) -> str:
    """Return the configuration of an intent. Raises UsageError if the normalisation does not fit the colours."""
    lines = list(_static(intent) if isinstance(intent, Static) else _dynamic(intent))
    text = format_source(Source("aipp.cfg", "\n".join(["aipp_op {", *lines, "}"])), sort=True)
    assert isinstance(text, str), "it is written without a mistake"
    return text


def _static(intent: Static) -> Iterator[str]:
    yield "aipp_mode: static"
    yield from _rank(intent.network.rank)
    conversion = conversion_of(intent.image, intent.target, intent.standard)
    yield f"# Source: images of {intent.image.name}"
    yield from _written([("input_format", intent.image.format), *_sizes(intent.geometry)])
    swaps = swap_fields(intent.image, intent.target, conversion)
    if swaps:
        yield f"# Order of the channels of {intent.image.name}"
        yield from _written(swaps)
    yield from _crop(intent.geometry)
    standard = f", {intent.standard.name}" if intent.standard else ""
    yield f"# Colour: {intent.image.name} to {intent.target}{standard}"
    yield from _written(conversion_fields(conversion))
    mean, deviation = in_channels(intent.normalisation, intent.target)
    yield f"# Normalisation: {intent.normalisation.name}; (pixel - mean_chn - min_chn) * var_reci_chn"
    yield from _written(fields_of(mean, deviation))
    yield from _padding(intent)


def _rank(rank: int) -> Iterator[str]:
    if rank:
        yield f"related_input_rank: {rank}"


def _written(fields: Iterable[tuple[str, Value]]) -> Iterator[str]:
    for name, value in fields:
        yield f"{name}: {str(value).lower() if isinstance(value, bool) else value}"


def _sizes(geometry: Geometry | None) -> Fields:
    if geometry is None:
        return []
    return [("src_image_size_w", geometry.source.width), ("src_image_size_h", geometry.source.height)]


def _crop(geometry: Geometry | None) -> Iterator[str]:
    if geometry is None or geometry.crop is None:
        return
    top, left, (height, width) = geometry.crop
    yield f"# Crop: rows {top} to {top + height - 1}, columns {left} to {left + width - 1} of the source"
    yield "crop: true"
    yield from _written([("load_start_pos_w", left), ("load_start_pos_h", top)])
    yield from _written([("crop_size_w", width), ("crop_size_h", height)])


def _padding(intent: Static) -> Iterator[str]:
    geometry, size = intent.geometry, intent.size
    if geometry is None or geometry.padding is None or size is None:
        return
    kept = geometry.crop.size if geometry.crop else geometry.source
    yield f"# Padding: from {kept} to {size}; the value is that after normalisation"
    if intent.gray is not None:
        mean, deviation = in_channels(intent.normalisation, intent.target)
        value, off = padding_value(intent.gray, mean, deviation)
        yield f"# Border: gray {plain(intent.gray)}" + (
            f"; all channels have one value, up to {plain(off, 2)} levels of 255 from gray" if off > 1 else ""
        )
    yield "padding: true"
    yield from _written((f"{side}_padding_size", length) for side, length in geometry.padding._asdict().items())
    if intent.gray is not None:
        yield f"padding_value: {plain(value)}"


def _dynamic(intent: Dynamic) -> Iterator[str]:
    yield "# The application sets all other parameters at run time, for each image"
    yield "aipp_mode: dynamic"
    yield from _rank(intent.network.rank)
    yield f"# Largest input: {intent.network.batch} x {_kind(intent)} of {intent.largest}"
    yield f"max_src_image_size: {max_source(intent)}"


def _kind(intent: Dynamic) -> str:
    return intent.image.name if intent.image else f"any format, up to {_BIGGEST},"


def max_source(intent: Dynamic) -> int:
    """Return max_src_image_size in bytes."""
    given = intent.image.format if intent.image else _BIGGEST
    return (image_bytes(given, Size(*intent.largest).pixels) or 0) * intent.network.batch
