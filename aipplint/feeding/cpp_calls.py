"""What the functions of OpenCV, of the DVPP wrapper of mxBase and of AclLite do to images."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from aipplint.feeding.picture import (
    BGR,
    BYTES,
    FLOATS,
    NV12,
    PACKED,
    PLANAR,
    REVERSED,
    UNKNOWN,
    Picture,
)
from aipplint.hardware.size import Size
from aipplint.readers.cpp.tree import text_of, values_of
from aipplint.records import NamedTuple

if TYPE_CHECKING:
    from tree_sitter import Node

Thing = Picture | Size | int
"""What a name can be: an image, a size (also that of a rectangle), or a whole number."""

_READS = frozenset("imread imwrite imshow MemoryData blobFromImage blobFromImages move Mat".split())
"""Functions that leave an image as it is."""
_FLIPS = ("BGR2RGB", "RGB2BGR")


class Call(NamedTuple):
    """A call: the last part of its name, its arguments, the object before the name, the whole expression."""

    name: str
    arguments: Node
    owner: Node | None
    whole: Node


class Numbers(Protocol):
    """Knows the numbers of expressions."""

    def number(self, node: Node, frame: Any) -> int | None:
        """The whole number that an expression is; None if it is unknown."""


def value_of(
    call: Call,
    owner: Thing | None,
    given: Sequence[Thing | None],
    names: Mapping[str, Thing],
    numbers: Numbers,
    frame: object,
) -> Thing | None:
    """What a call returns, if it is an image or a size."""
    nodes = values_of(call.arguments)
    name = call.name
    if name in ("Size", "Size2i", "Rect", "Rect2i"):
        pair = [numbers.number(node, frame) for node in (nodes[:2] if name.startswith("Size") else nodes[2:4])]
        width, height = pair if len(pair) == 2 else (None, None)
        return Size(height, width) if width and height else None
    if name in ("imread", "imdecode"):
        coloured = len(nodes) < 2 or text_of(nodes[1]).rpartition("::")[2] in ("IMREAD_COLOR", "1")
        return Picture(None, PACKED, BYTES, BGR) if coloured else UNKNOWN
    if name == "clone" and isinstance(owner, Picture):
        return owner._replace(part=False)
    if name in ("blobFromImage", "blobFromImages") and given and isinstance(given[0], Picture):
        return _blob(given[0], nodes, given)
    if name in ("move", "Mat") and len(given) == 1:
        return given[0]
    image = names.get(name)
    if isinstance(image, Picture) and len(given) == 1:
        return _part(image, given[0])
    return None


def _part(image: Picture, rectangle: Thing | None) -> Picture:
    """``image(rectangle)``: its rows are as far apart as those of the image."""
    size = rectangle if isinstance(rectangle, Size) else None
    narrower = size is not None and image.size is not None and size.width != image.size.width
    return image._replace(size=size, part=narrower)


def _blob(image: Picture, nodes: Sequence[Node], given: Sequence[Thing | None]) -> Picture:
    """``blobFromImages(images, scale, size, mean, swap, crop, depth)``: channel by channel, as floats unless told."""
    size = given[2] if len(given) > 2 else None
    swaps = len(nodes) > 4 and text_of(nodes[4]) == "true"
    depth = text_of(nodes[6]) if len(nodes) > 6 else ""
    return Picture(
        size if isinstance(size, Size) else image.size,
        PLANAR,
        BYTES if "8U" in depth else FLOATS,
        REVERSED[image.order] if swaps else image.order,
    )


def effect_of(
    call: Call,
    owner: Thing | None,
    given: Sequence[Thing | None],
    targets: Sequence[str],
    numbers: Numbers,
    frame: object,
) -> Iterator[tuple[str, Thing | None]]:
    """What a call assigns to its arguments, by name."""
    nodes, name = values_of(call.arguments), call.name
    first = given[0] if given and isinstance(given[0], Picture) else UNKNOWN
    if name == "push_back" and call.owner is not None and len(nodes) == 1:
        yield text_of(call.owner), first
    elif name == "copyTo" and isinstance(owner, Picture) and nodes:
        yield targets[0], owner._replace(part=False)
    elif name in ("resize", "warpAffine", "warpPerspective") and len(nodes) > 2:
        size = given[2 if name == "resize" else 3] if len(nodes) > (name != "resize") + 2 else None
        yield targets[1], first._replace(size=size if isinstance(size, Size) else None, part=False)
    elif name == "cvtColor" and len(nodes) > 2:
        flips = any(word in text_of(nodes[2]) for word in _FLIPS)
        yield targets[1], first._replace(order=REVERSED[first.order], part=False) if flips else UNKNOWN
    elif name == "copyMakeBorder" and len(nodes) > 5:
        sides = [numbers.number(node, frame) for node in nodes[2:6]]
        yield targets[1], first._replace(size=_widened(first.size, sides), part=False)
    elif name == "convertTo" and len(nodes) > 1:
        kind = FLOATS if "32F" in text_of(nodes[1]) else BYTES if "8U" in text_of(nodes[1]) else ""
        if isinstance(owner, Picture):
            yield targets[0], owner._replace(numbers=kind, part=False)
    elif name in ("DvppJpegDecode", "VpcResize", "VpcCrop", "VpcCropAndPaste", "JpegD", "Resize") and len(nodes) > 1:
        yield from _of_dvpp(call, nodes, targets, numbers, frame)
    elif name not in _READS:
        # Any other function may write its arguments.
        pairs = zip(targets, given, strict=True)
        yield from ((target, UNKNOWN) for target, value in pairs if isinstance(value, Picture))


def _widened(size: Size | None, sides: Sequence[int | None]) -> Size | None:
    top, bottom, left, right = sides
    if size is None or top is None or bottom is None or left is None or right is None:
        return None
    return Size(size.height + top + bottom, size.width + left + right)


def _of_dvpp(
    call: Call, nodes: Sequence[Node], targets: Sequence[str], numbers: Numbers, frame: Any
) -> Iterator[tuple[str, Thing | None]]:
    """What the hardware makes of an image: NV12, unless a format is asked for."""
    names: Mapping[str, Thing] = frame.names
    if call.name in ("JpegD", "Resize"):  # AclLite: the result comes first.
        sides = [numbers.number(node, frame) for node in nodes[2:4]]
        width, height = sides if call.name == "Resize" and len(sides) == 2 else (None, None)
        yield targets[0], Picture(Size(height, width) if width and height else None, NV12, BYTES)
        return
    size: Size | None = None
    if call.name == "VpcResize" and len(nodes) > 2:
        high, wide = names.get(f"{targets[2]}.height"), names.get(f"{targets[2]}.width")
        size = Size(high, wide) if isinstance(high, int) and isinstance(wide, int) else None
    yield targets[1], Picture(size, NV12, BYTES)
