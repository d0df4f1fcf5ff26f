"""The shapes of an operator's input, one for each profile or one, and the reason if one is unknown."""

from __future__ import annotations

from aipplint.atc.build import Build
from aipplint.atc.options import BATCH, EXCLUSIVE, IMAGE, SHAPE
from aipplint.config.op import AippOp
from aipplint.hardware.size import Size
from aipplint.records import NamedTuple
from aipplint.show.description import Unknown

LAYOUTS = ("NCHW", "NHWC")


class Shape(NamedTuple):
    """The input in one profile (None: no profiles). A dimension that is unknown or a range is None."""

    profile: int | None
    batch: int | None
    size: Size | None


def shapes_of(op: AippOp, build: Build) -> tuple[Shape, ...]:
    """Return the shapes of an operator's input; a single unknown one if nothing is known."""
    shape = build.input_of(op)
    if shape is None:
        return (Shape(None, None, None),)
    at = {letter: shape.dims.index(dim) for letter in "NHW" if (dim := shape.axis(letter)) is not None}
    size = Size(shape.height, shape.width) if shape.height and shape.width else None
    moving = set(at.values()).intersection(shape.dynamic_dims)
    if build.dynamic not in (IMAGE, BATCH) or not moving:
        return (Shape(None, shape.batch, size),)
    found = []
    for number, dims in build.profiles_of(shape):
        sides = Size(dims[at["H"]], dims[at["W"]]) if {"H", "W"} <= at.keys() else None
        batch = dims[at["N"]] if "N" in at else shape.batch
        fine = sides is not None and min(sides) > 0
        found.append(Shape(number, batch if batch and batch > 0 else None, sides if fine else None))
    return tuple(found) or (Shape(None, shape.batch, size),)


def largest(shapes: tuple[Shape, ...]) -> Shape:
    """Return the shape with the most pixels in a batch, the first of equals (fact R15); the first if none is known."""
    return max(shapes, key=lambda shape: (shape.batch or 1) * (shape.size.pixels if shape.size else 0))


def why_unknown(op: AippOp, build: Build) -> Unknown | None:
    """Return the reason why the shape of an operator's input is unknown; None if it is known."""
    return next((Unknown("size of the model's input", why) for why in (_why(op, build),) if why), None)


def _why(op: AippOp, build: Build) -> str:
    if build.inputs is None:
        option = build.shape_option
        return f"needs a correct --{option.name}" if option else f"needs --{SHAPE}"
    shape = build.input_of(op)
    if shape is None:
        name, rank = op.text("related_input_name"), op.number("related_input_rank")
        which = (
            f"input '{name}'" if name else "an input that the file names correctly" if rank is None else f"input {rank}"
        )
        return f"needs {which} in --{SHAPE}"
    if shape.layout is None:
        if build.input_format is None:
            return "needs --input_format (or --framework, which has a default for it)"
        return f"needs --input_format={' or '.join(LAYOUTS)}"
    if shape.axis("H") is None:
        return f"needs an input of 3 or 4 dimensions; {shape.name or 'this one'} has {shape.rank}"
    if all(known.size is not None and known.batch is not None for known in shapes_of(op, build)):
        return ""
    if build.known(*EXCLUSIVE):
        return "needs profiles that match --input_shape"
    return f"needs numbers in --{SHAPE}, or the profiles of --{IMAGE} or --{BATCH}"
