"""One pixel through the operator, in plain Python: its bytes, the colour conversion, the values that come out.

For ``show``, the editor and people who want to follow the arithmetic; kernel.py does the same with whole images.
"""

from __future__ import annotations

from collections.abc import Iterator

from aipplint.config.colour import Colour
from aipplint.config.normalisation import plain
from aipplint.hardware.csc import NARROW_601, YUV, Standard
from aipplint.preview.parameters import CHANNELS, Parameters, Refused
from aipplint.records import NamedTuple

Triple = tuple[int, int, int]

COLOURS: dict[str, Triple] = {
    "black": (0, 0, 0),
    "grey": (128, 128, 128),
    "white": (255, 255, 255),
    "red": (255, 0, 0),
    "green": (0, 255, 0),
    "blue": (0, 0, 255),
}
"""Colours that people know, in R, G, B."""


class Channel(NamedTuple):
    """One output channel of a pixel: the sum of the matrix row, the byte before and after clipping, and the value."""

    total: int
    unclipped: int
    byte: int
    value: float


def channels_of(parameters: Parameters, stored: Triple) -> tuple[Channel, ...]:
    """Return what becomes of a pixel. ``stored`` are its bytes: Y, U, V, or the three in the order of the format."""
    return tuple(_channel(parameters, stored, number) for number in range(CHANNELS))


def _channel(parameters: Parameters, stored: Triple, number: int) -> Channel:
    if parameters.gray and number:
        return Channel(0, 0, 0, parameters.channels[number].output(0))
    row = parameters.matrix[3 * number : 3 * number + 3]
    total = sum(m * (byte - bias) for m, byte, bias in zip(row, stored, parameters.input_bias, strict=True))
    unclipped = ((total + 128) >> 8) + parameters.output_bias[number]
    byte = min(max(unclipped, 0), 255)
    return Channel(total, unclipped, byte, parameters.channels[number].output(byte))


def standard_of(colour: Colour) -> Standard:
    """Return the standard that a configuration converts from; BT.601 narrow range where it is none."""
    known = colour.conversion
    return known.standard if known is not None and known.standard is not None else NARROW_601


def stored_as(colour: Colour, rgb: Triple, standard: Standard) -> Triple:
    """Return the bytes of a colour as the format has them, fed in the order of its name: NV12, R, G, B."""
    if colour.family == YUV:
        y, u, v = (
            ((sum(m * part for m, part in zip(standard.to_yuv[at : at + 3], rgb, strict=True)) + 128) >> 8) + offset
            for at, offset in zip((0, 3, 6), standard.bias, strict=True)
        )
        return min(max(y, 0), 255), min(max(u, 0), 255), min(max(v, 0), 255)
    if colour.family == "GRAY":
        return (77 * rgb[0] + 150 * rgb[1] + 29 * rgb[2] + 128) >> 8, 0, 0
    return rgb


def stored_words(text: str, parameters: Parameters) -> Triple:
    """Read ``16,128,128``: one byte for YUV400, else three. Raises Refused where they are none."""
    parts = text.replace(",", " ").split()
    count = 1 if parameters.image_format == "YUV400_U8" else CHANNELS
    if len(parts) != count or not all(part.isascii() and part.isdigit() and int(part[:5]) < 256 for part in parts):
        raise Refused(f"a pixel of {parameters.image_format} is {count} numbers of 0 to 255, such as 16,128,128")
    first, second, third = (*map(int, parts), 0, 0)[:CHANNELS]
    return first, second, third


def steps(parameters: Parameters, stored: Triple) -> Iterator[str]:
    """Yield the arithmetic of a pixel, one line for each step of each channel."""
    for number, made in enumerate(channels_of(parameters, stored)):
        channel = parameters.channels[number]
        if parameters.gray and number:
            yield f"channel {number}: no image, so the byte 0"
        else:
            yield f"channel {number}: {_sum(parameters, stored, number)} = {made.unclipped}{_clipped(made)}"
        minimum = f" - {plain(channel.minimum)}" if channel.minimum else ""
        yield f"  ({made.byte} - {channel.mean}{minimum}) * {plain(channel.reciprocal)} = {plain(made.value, 6)}"


def _sum(parameters: Parameters, stored: Triple, number: int) -> str:
    row = parameters.matrix[3 * number : 3 * number + 3]
    terms = []
    for cell, byte, bias in zip(row, stored, parameters.input_bias, strict=True):
        if cell:
            terms.append(f"{cell} * {f'({byte} - {bias})' if bias else byte}")
    text = f"({' + '.join(terms) or '0'} + 128) >> 8".replace("+ -", "- ")
    bias = parameters.output_bias[number]
    return f"({text}) + {bias}" if bias else text


def _clipped(made: Channel) -> str:
    return "" if made.unclipped == made.byte else f", clipped to {made.byte}"


def matrix_lines(parameters: Parameters) -> Iterator[str]:
    """Yield the matrix in force, written out: the columns as the switch exchanges them, the biases that have effect."""
    for number in range(CHANNELS):
        row = parameters.matrix[3 * number : 3 * number + 3]
        cells = " ".join(f"{cell:>5}" for cell in row)
        left, right = parameters.input_bias[number], parameters.output_bias[number]
        yield f"channel {number} = (| {cells} | * | byte {number} - {left:>3} | + 128) / 256 + {right:>3}"


def colour_lines(parameters: Parameters, colour: Colour) -> Iterator[str]:
    """Yield the table of the colours that people know."""
    standard = standard_of(colour)
    fed = f"bytes, {standard.name}" if colour.family == YUV else "bytes"
    yield f"{'colour':<7} {fed:<30} {'converted':<14} {'values'}"
    for name, rgb in COLOURS.items():
        yield f"{name:<7} {colour_text(parameters, colour, rgb)}"


def outputs(parameters: Parameters, colour: Colour, rgb: Triple) -> str:
    """Return the values that one colour becomes."""
    made = channels_of(parameters, stored_as(colour, rgb, standard_of(colour)))
    return ", ".join(plain(one.value, 4) for one in made[: 1 if parameters.gray else CHANNELS])


def colour_text(parameters: Parameters, colour: Colour, rgb: Triple) -> str:
    """Return what becomes of one colour."""
    stored = stored_as(colour, rgb, standard_of(colour))
    made = channels_of(parameters, stored)
    fed = ", ".join(map(str, stored[:1] if colour.family == "GRAY" else stored))
    bytes_ = ", ".join(str(one.byte) for one in made)
    return f"{fed:<30} {bytes_:<14} {', '.join(plain(one.value, 4) for one in made)}"
