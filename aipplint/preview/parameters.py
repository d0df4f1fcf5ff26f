"""What the operator computes with: geometry, matrix, constants, worked out from a configuration and its product.

Plain numbers without numpy, so that the editor and ``show`` can compute a pixel (facts N1 to N12, A4 to A10).
"""

from __future__ import annotations

import math

from aipplint.atc.geometry import AXES, CROP, PADDING, RESIZE, SOURCE, Axis, Stage, pipeline
from aipplint.config.colour import GRAY, Colour, colour_of
from aipplint.config.normalisation import NOT_SENT, SINGLE_PRECISION, Channel, channel_of, single
from aipplint.config.op import AippOp
from aipplint.errors import UserError
from aipplint.hardware.csc import NOTHING, YUV, Bias, Matrix, exchange_columns
from aipplint.hardware.products import Product
from aipplint.hardware.size import Size
from aipplint.records import NamedTuple

FORMATS = ("YUV420SP_U8", "RGB888_U8", "XRGB8888_U8", "YUV400_U8")
"""The formats whose arithmetic is published."""
CHANNELS = 3
"""What the operator computes of every pixel."""
MAX_SIDE = 8192
"""Pixels; the operator takes 4096 and some padding."""


class Refused(UserError):
    """A preview that cannot be made, with the reason in one line."""


class Window(NamedTuple):
    """Where the pixels come from: a crop of the source, with padding around it. All in pixels.

    ``start`` is the top left corner of the crop in the source, ``before`` the padding above and on the left.
    """

    source: Size
    start: Size
    crop: Size
    before: Size
    output: Size


class Parameters(NamedTuple):
    """Everything that decides the value of an output pixel.

    ``matrix`` has the columns as rbuv_swap_switch exchanges them, and the biases are those that have an effect.
    ``gray`` says that only the first channel has an image; ``first`` is the byte of a pixel at which the three channels
    begin (1 in XRGB8888 with ax_swap_switch). ``padding`` is the value of padding pixels, before it becomes the type of
    the model.
    """

    image_format: str
    window: Window
    matrix: Matrix
    input_bias: Bias
    output_bias: Bias
    gray: bool
    first: int
    channels: tuple[Channel, ...]
    padding: float


_PIXEL = Window(*(Size(*pair) for pair in ((1, 1), (0, 0), (1, 1), (0, 0), (1, 1))))


def parameters_of(op: AippOp, model: Size | None = None, product: Product | None = None) -> Parameters:
    """Return the parameters of a static operator.

    ``model`` is the size of the model's input, for sizes that the configuration leaves open. Where ``product`` is not
    known, they are those of Ascend 950, whose kernel is published. Raises Refused where something is not known.
    """
    return values_of(op, product)._replace(window=_window(op, model, product))


def values_of(op: AippOp, product: Product | None = None) -> Parameters:
    """Return the parameters without the geometry, for single pixels. Raises Refused where something is not known."""
    colour = _colour(op, product)
    assert colour.csc is not None
    matrix, input_bias, output_bias = colour.csc[:3]
    # The other side has no effect (fact A10).
    input_bias, output_bias = (input_bias, NOTHING) if colour.family == YUV else (NOTHING, output_bias)
    return Parameters(
        colour.image_format,
        _PIXEL,
        _swapped(matrix, colour),
        input_bias,
        output_bias,
        _is_gray(colour, matrix, input_bias, output_bias),
        int(colour.alpha_first and colour.image_format == "XRGB8888_U8"),
        _constants(op, product),
        _padding_value(op),
    )


def _colour(op: AippOp, product: Product | None) -> Colour:
    image_format = op.text("input_format")
    if image_format in (None, "UNDEFINED"):
        raise Refused("a preview needs input_format")
    if image_format not in FORMATS:
        known = ", ".join(FORMATS)
        raise Refused(f"nothing that is published says how {image_format} is computed; a preview needs one of {known}")
    colour = colour_of(op)
    if colour is None or colour.csc is None:
        raise Refused("the colour conversion cannot be read: look at its switches, matrix and biases")
    if colour.on and colour.family == GRAY:
        raise Refused(f"csc_switch is true, but {image_format} has no colours")
    if colour.alpha_first and image_format != "XRGB8888_U8" and product is not None and product.tiling:
        raise Refused(f"ax_swap_switch is true, but {image_format} has no fourth byte")
    return colour


def _swapped(matrix: Matrix, colour: Colour) -> Matrix:
    """Return the matrix with the columns that rbuv_swap_switch exchanges: no byte moves, biases stay (fact N3)."""
    if not colour.swap or colour.family == GRAY:
        return matrix
    return exchange_columns(matrix, *((1, 2) if colour.family == YUV else (0, 2)))


def _is_gray(colour: Colour, matrix: Matrix, input_bias: Bias, output_bias: Bias) -> bool:
    """Whether only the first channel has an image; decided before the swap (fact N7)."""
    if colour.family == GRAY:
        return True
    if any(matrix[3:]):
        return False
    if colour.family == YUV:
        return not any(matrix[1:3]) and input_bias == NOTHING
    return output_bias == NOTHING


def _constants(op: AippOp, product: Product | None) -> tuple[Channel, ...]:
    in_single = product is not None and product.short in SINGLE_PRECISION
    channels = [channel_of(op, index, in_single=in_single) for index in range(CHANNELS)]
    known = tuple(channel for channel in channels if channel is not None)
    if len(known) < CHANNELS:
        raise Refused("the normalisation cannot be read: look at mean_chn, min_chn and var_reci_chn")
    return known


def _padding_value(op: AippOp) -> float:
    value = op.real("padding_value") if op.on(PADDING) else 0.0
    if value is None or (value == 0.0 and op.damaged):
        raise Refused("padding_value cannot be read")
    value = single(value)
    return 0.0 if math.isnan(value) or abs(value) < single(NOT_SENT) else value


def _window(op: AippOp, model: Size | None, product: Product | None) -> Window:
    resizes = product is None or not product.tiling
    if op.on(RESIZE) and resizes:
        raise Refused("nothing that is published says how resize computes its pixels, so there is no preview with it")
    stages = {stage.name: stage for stage in pipeline(op, model, resizes=False)}
    if not stages:
        raise Refused("the sizes are not known: crop, resize and padding must be true or false")
    sides = [_side(op, axis, stages) for axis in AXES]
    source, start, crop, before, output = (Size(*pair) for pair in zip(*sides, strict=True))
    window = Window(source, start, crop, before, output)
    if op.text("input_format") == "YUV420SP_U8":
        _check_even(window, product)
    return window


def _side(op: AippOp, axis: Axis, stages: dict[str, Stage]) -> tuple[int, int, int, int, int]:
    """Source, start, crop, padding before, and output along one axis."""
    lengths = [stage.along(axis) for stage in stages.values()]
    if any(length is None for length in lengths):
        raise Refused(f"{axis.letter} is not known: a size of 0 is that of the model, which --input-shape says")
    values = {name: length.value for name, length in zip(stages, lengths, strict=True) if length is not None}
    start = (op.number(axis.start) or 0) if CROP in values else 0
    before = (op.number(axis.before) or 0) if PADDING in values else 0
    source, output = values[SOURCE], values.get(PADDING, values.get(CROP, values[SOURCE]))
    crop = values.get(CROP, source)
    if min(source, crop) < 1 or min(start, before, output - before - crop) < 0:
        raise Refused(f"a size along {axis.letter} is below its minimum")
    if start + crop > source:
        raise Refused(f"the crop leaves the image: {axis.start} {start} + {axis.crop} {crop} > {axis.source} {source}")
    if max(source, output) > MAX_SIDE:
        raise Refused(f"{axis.letter} {max(source, output)} is too large for a preview; the limit is {MAX_SIDE}")
    return source, start, crop, before, output


def _check_even(window: Window, product: Product | None) -> None:
    if any(side % 2 for side in window.source):
        raise Refused(f"the source must have even sides with YUV420SP_U8, but is {window.source}")
    if any(side % 2 for side in window.start) and not (product is not None and product.odd_crop_start):
        raise Refused(f"the crop must start at even pixels with YUV420SP_U8, but starts at {window.start}")
