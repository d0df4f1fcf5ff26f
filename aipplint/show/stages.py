"""Sizes, colours and values after each stage, for the file and for run-time settings."""

from __future__ import annotations

from aipplint.atc.geometry import AXES, CROP, PADDING, SOURCE, Axis, Stage, pipeline
from aipplint.config.colour import RAW, Colour, attribute_csc, colour_of, kernel_csc, source_name
from aipplint.config.normalisation import channels_of, convention_of
from aipplint.config.op import AippOp
from aipplint.hardware.csc import recognise
from aipplint.hardware.size import Size
from aipplint.show.description import Case, ChannelValues, Conversion, Feed, Step, Sum, Unknown, Values
from aipplint.show.input_buffer import feed_of
from aipplint.show.profiles import Shape

_LETTERS = {"RGB": "RGB", "BGR": "BGR", "YUV444": "YUV", "YVU444": "YVU"}


def case_of(op: AippOp, shape: Shape, *, from_model: bool = True, room: int | None = None) -> Case:
    """Describe the sizes in one profile.

    ``from_model`` says that sizes of 0 are those of the model (not so at run time); ``room`` is max_src_image_size.
    """
    stages = pipeline(op, shape.size if from_model else None)
    steps = tuple(_step(op, stage, from_model) for stage in stages)
    given = stages[-1].size if stages else None
    fits = None if given is None or shape.size is None else given == shape.size
    feed = feed_of(op.text("input_format"), stages[0].size if stages else None, shape.batch, room)
    return Case(shape.profile, shape.batch, shape.size, steps, fits, feed)


def _step(op: AippOp, stage: Stage, from_model: bool) -> Step:
    height, width = (_side(op, stage, axis, from_model) for axis in AXES)
    return Step(stage.name, height, width, _start(op) if stage.name == CROP else None)


def _side(op: AippOp, stage: Stage, axis: Axis, from_model: bool) -> Sum | None:
    length = stage.along(axis)
    if length is not None:
        first, *rest = length.terms
        return Sum(length.value, (first, *(term for term in rest if term.value)))
    field = {SOURCE: axis.source, CROP: axis.crop}.get(stage.name)
    of_model = from_model and field is not None and op.number(field) == 0 and not op.damaged
    return Sum(None, ()) if of_model else None


def _start(op: AippOp) -> Size | None:
    height, width = (op.number(axis.start) for axis in AXES)
    return None if height is None or width is None else Size(height, width)


def conversion_of(op: AippOp) -> Conversion | None:
    """Describe the colour conversion; None if it is unknown."""
    colour = colour_of(op)
    if colour is None:
        return None
    csc = colour.csc if colour.on else None
    return Conversion(
        colour.name,
        _images(colour),
        colour.target,
        colour.on,
        csc and csc.matrix,
        csc and csc.input_bias,
        csc and csc.output_bias,
        _attributes(op, colour),
    )


def _images(colour: Colour) -> str:
    """Return the names of the source images: two without a conversion, because the channel order is then unknown."""
    names = (source_name(colour.image_format, swap, colour.alpha_first) for swap in (False, True))
    return colour.source if colour.on else " or ".join(dict.fromkeys(names))


def _attributes(op: AippOp, colour: Colour) -> str | None:
    """Return the conversion in the attributes of the model if the operator computes a different one."""
    kernel, shown = kernel_csc(op), attribute_csc(op)
    if not colour.on or kernel is None or shown is None or kernel == shown:
        return None
    known = recognise(shown.matrix, colour.family)
    return known.arrow if known else "a matrix that the manual does not list"


def values_of(op: AippOp, model_channels: int | None = None, *, single: bool = False) -> Values | None:
    """Describe the normalisation; None if it is unknown, or for sensor data, which is not bytes."""
    colour = colour_of(op)
    channels = channels_of(op, model_channels=model_channels, single=single)
    if not channels or colour is None or colour.family == RAW:
        return None
    # Without a conversion the order is the one that is fed, which the file does not know.
    named = colour.on or colour.family not in ("RGB", RAW)
    letters = _LETTERS.get(colour.target or "", "") if named else ""
    found = tuple(
        ChannelValues(c.number, letters[c.number : c.number + 1], c.mean, c.minimum, c.reciprocal, c.low, c.high)
        for c in channels
    )
    return Values(found, convention_of(channels))


def padding_value_of(op: AippOp) -> float | None:
    """Return the value of padding pixels; None without padding, or if it cannot be read."""
    return op.real("padding_value") if op.on(PADDING) else None


def missing(op: AippOp, case: Case, colour: Conversion | None, values: Values | None) -> list[Unknown]:
    """Return the reasons in the configuration itself why a part of the preprocessing is unknown."""
    image_format = op.text("input_format")
    if image_format in (None, "UNDEFINED"):
        return [Unknown("images, colours and values", "needs input_format")]
    found = []
    if not case.steps:
        found.append(Unknown("sizes", "needs crop, resize and padding to be true or false"))
    if colour is None:
        found.append(Unknown("colours", "needs switches that can be read"))
    if values is None:
        reason = "needs coefficients that can be read"
        if _is_raw(op):
            reason = f"{image_format} does not contain bytes of 0 to 255"
        found.append(Unknown("values", reason))
    if _odd(case.feed, case.steps):
        found.append(Unknown("bytes to feed", f"{image_format} requires an even height"))
    return found


def _is_raw(op: AippOp) -> bool:
    colour = colour_of(op)
    return colour is not None and colour.family == RAW


def _odd(feed: Feed | None, steps: tuple[Step, ...]) -> bool:
    if feed is None or feed.bytes is not None or feed.image_bytes is not None or not steps:
        return False
    return all(side is not None and side.value is not None for side in (steps[0].height, steps[0].width))
