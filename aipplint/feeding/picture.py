"""An image in a program, and an image that reaches a model."""

from __future__ import annotations

from aipplint.findings import Place
from aipplint.hardware.size import Size
from aipplint.records import NamedTuple

PACKED, PLANAR, NV12, NV21 = "packed", "planar", "NV12", "NV21"
"""Layouts of an image: pixel by pixel (H, W, C), channel by channel (C, H, W), and the two forms of YUV420SP."""
BYTES, FLOATS = "bytes", "floats"
"""Types of its numbers."""
RGB, BGR = "RGB", "BGR"
"""Orders of its channels."""
REVERSED = {RGB: BGR, BGR: RGB, "": ""}


class Picture(NamedTuple):
    """An image, as far as a program shows it: whatever is not known is empty or None.

    ``part`` says that its rows are not contiguous in memory: it is a part of a wider image, without a copy.
    """

    size: Size | None = None
    layout: str = ""
    numbers: str = ""
    order: str = ""
    part: bool = False


UNKNOWN = Picture()


def common(one: Picture, other: Picture) -> Picture:
    """What two images have in common."""
    return Picture(
        one.size if one.size == other.size else None,
        one.layout if one.layout == other.layout else "",
        one.numbers if one.numbers == other.numbers else "",
        one.order if one.order == other.order else "",
        one.part and other.part,
    )


class Fed(NamedTuple):
    """An image that a program feeds, at the place in its code where it becomes the input of a model.

    ``model`` is the name of the model file without folder and suffix; empty if the program does not say it.
    """

    picture: Picture
    place: Place
    model: str = ""


class Program(NamedTuple):
    """What a program feeds to the model that a configuration is compiled into.

    ``model`` is the size of the model's input, as far as its commands agree, ``command`` where one of them is.
    ``trained`` is the place in training code that reads images, if all of that code reads them in the order
    ``trained_order``.
    """

    fed: Fed
    model: Size | None = None
    command: Place | None = None
    trained_order: str = ""
    trained: Place | None = None


class Feeding(NamedTuple):
    """The programs that feed the model of one configuration."""

    programs: tuple[Program, ...]
