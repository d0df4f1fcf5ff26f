"""The effects of an operator's values as text: colours, sizes, normalisation, and the largest image."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import isqrt

from aipplint.atc.geometry import AXES, CROP, SWITCHES, Axis, Stage, Target, pipeline, targets
from aipplint.config.colour import BIAS, MATRIX, MEANS, colour_of
from aipplint.config.normalisation import channels_of, convention_of, plain
from aipplint.config.op import AippOp
from aipplint.hardware.formats import BYTES, DYNAMIC_FORMATS
from aipplint.hardware.products import product_of
from aipplint.pipeline import Use
from aipplint.preview.parameters import Refused, values_of
from aipplint.preview.pixel import COLOURS, outputs

_MAX_SIZES = 8
"""Sizes of the model that are listed; a build may have a hundred."""

COLOUR = frozenset(
    ("csc_switch", "input_format", "rbuv_swap_switch", "ax_swap_switch", *MATRIX, *sum(BIAS.values(), ()))
)
GEOMETRY = frozenset((*SWITCHES, *(field for axis in AXES for field in axis[1:])))
NORMALISATION = frozenset((*sum(MEANS, ()), *(f"var_reci_chn_{channel}" for channel in range(3))))
ROOM = "max_src_image_size"


def effects(op: AippOp, name: str, uses: Sequence[Use]) -> list[str]:
    """Describe the effect of a field, one statement on each line; of the whole operator if ``name`` is empty."""
    lines: list[str] = []
    if op.is_static and (not name or name in COLOUR):
        lines += _colour(op)
    if op.is_static and (not name or name in GEOMETRY):
        lines += _geometry(op, uses)
    if op.is_static and (not name or name in NORMALISATION):
        lines += _normalisation(op)
    if op.is_static and (not name or name in COLOUR | NORMALISATION):
        lines += _pixels(op, uses)
    if op.is_dynamic and (not name or name == ROOM):
        lines += _room(op)
    return lines


def _colour(op: AippOp) -> Iterator[str]:
    colour = colour_of(op)
    if colour is not None:
        yield f"colour: {colour.name}"


def _pixels(op: AippOp, uses: Sequence[Use]) -> Iterator[str]:
    """What a grey, a red and a white pixel become; nothing where that cannot be computed."""
    products = {product_of(use.build.soc_version) for use in uses}
    colour = colour_of(op)
    try:
        parameters = values_of(op, products.pop() if len(products) == 1 else None)
    except Refused:
        return
    if colour is not None:
        for name in ("grey", "red", "white"):
            yield f"a {name} pixel becomes {outputs(parameters, colour, COLOURS[name])}"


def _geometry(op: AippOp, uses: Sequence[Use]) -> Iterator[str]:
    """The stages of the pipeline with their sums; H before W."""
    taken = list(dict.fromkeys(target for use in uses for target in targets(op, use.build)))
    stages = pipeline(op, taken[0].size if len(taken) == 1 else None)
    for before, stage in zip((None, *stages), stages, strict=False):
        sides = [text for axis in AXES if (text := _side(op, axis, stage, before))]
        if sides:
            yield f"{stage.name}: {', '.join(sides)}"
    if taken:
        yield f"the model takes: {_listed(taken)}"


def _side(op: AippOp, axis: Axis, stage: Stage, before: Stage | None) -> str:
    length = stage.along(axis)
    if length is None:
        return ""
    start = op.number(axis.start)
    whole = before.along(axis) if before else None
    if stage.name != CROP or whole is None or not start:
        return f"{axis.letter} {length}" if len(length.terms) > 1 else f"{axis.letter} {length.value}"
    end = start + length.value
    return f"{axis.letter} {length.value} from {start} ({start} + {length.value} = {end} of {whole.value})"


def _listed(taken: Sequence[Target]) -> str:
    more = len(taken) - _MAX_SIZES
    return "; ".join(map(str, taken[:_MAX_SIZES])) + (f" and {more} more" if more > 0 else "")


def _normalisation(op: AippOp) -> Iterator[str]:
    channels = channels_of(op)
    for channel in channels:
        offset = "".join(f" - {plain(part)}" for part in (channel.mean, channel.minimum) if part)
        factor = f" * {plain(channel.reciprocal)}" if channel.reciprocal != 1 else ""
        pixel = f"(pixel{offset})" if offset and factor else f"pixel{offset}"
        low, high = plain(channel.low, 4), plain(channel.high, 4)
        yield f"channel {channel.number}: {pixel}{factor}; 0 to 255 becomes {low} to {high}"
    if convention := convention_of(channels):
        yield f"normalisation: {convention}"


def _room(op: AippOp) -> Iterator[str]:
    """Describe the largest image of each format that max_src_image_size allows, over the whole batch."""
    room = op.number(ROOM)
    if not room:
        return
    for image_format in DYNAMIC_FORMATS:
        times, by = BYTES[image_format]
        pixels = room * by // times
        side = isqrt(pixels)
        yield f"{image_format}: {pixels:,} pixels in all images of a batch together, such as one of {side} x {side}"
