"""The geometry pipeline of a static operator: source, crop, resize, padding, and the model's input size.

Sizes that are 0 or absent default to the model's, as in the compiler (facts U3, T11, T17, T22). Each axis is calculated
separately, because a file may determine only one of them; None is *unknown* throughout.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipplint.atc.build import Build
from aipplint.atc.options import IMAGE
from aipplint.config.op import AippOp
from aipplint.hardware.size import Size
from aipplint.records import NamedTuple

if TYPE_CHECKING:
    from aipplint.atc.dealing import InputProfile

SOURCE, CROP, RESIZE, PADDING = "source", "crop", "resize", "padding"
SWITCHES = (CROP, RESIZE, PADDING)
"""The stages that a switch of the same name turns on, in the order in which they work."""


class Axis(NamedTuple):
    """One direction: its letter, and its fields in the configuration."""

    letter: str
    source: str
    start: str
    crop: str
    resize: str
    before: str
    after: str

    def of(self, size: Size) -> int:
        """The side of a size along this axis, in pixels."""
        return size.height if self.letter == "H" else size.width


HEIGHT = Axis(
    "H",
    "src_image_size_h",
    "load_start_pos_h",
    "crop_size_h",
    "resize_output_h",
    "top_padding_size",
    "bottom_padding_size",
)
WIDTH = Axis(
    "W",
    "src_image_size_w",
    "load_start_pos_w",
    "crop_size_w",
    "resize_output_w",
    "left_padding_size",
    "right_padding_size",
)
AXES = (HEIGHT, WIDTH)
"""In the order of the field: H, W."""


class Term(NamedTuple):
    """A number of a sum and its field, or None if it is the model's own side."""

    field: str | None
    value: int


class Length(NamedTuple):
    """One side of an image after a stage, in pixels: the sum of its terms."""

    axis: Axis
    terms: tuple[Term, ...]

    @property
    def value(self) -> int:
        """The sum."""
        return sum(term.value for term in self.terms)

    @property
    def field(self) -> str | None:
        """The field with the length before padding; None if it is the model's."""
        return self.terms[0].field

    def __str__(self) -> str:
        """The sum as text: ``crop_size_h 298 + bottom_padding_size 1 = 299``."""
        shown = [self.terms[0], *(term for term in self.terms[1:] if term.value)]
        models = f"model {self.axis.letter}"
        text = " + ".join(f"{term.field or models} {term.value}" for term in shown)
        return text if len(shown) == 1 else f"{text} = {self.value}"


class Stage(NamedTuple):
    """The image after one stage of the pipeline; a side is None if it is unknown."""

    name: str
    height: Length | None
    width: Length | None

    @property
    def size(self) -> Size | None:
        """Both sides, where both are known."""
        if self.height is None or self.width is None:
            return None
        return Size(self.height.value, self.width.value)

    def along(self, axis: Axis) -> Length | None:
        """The side along an axis."""
        return self.height if axis is HEIGHT else self.width


class Target(NamedTuple):
    """A size that the model accepts: of one profile of --dynamic_image_size, or fixed (no profile)."""

    size: Size
    profile: InputProfile | None = None

    def __str__(self) -> str:
        return str(self.size) if self.profile is None else f"profile {self.profile.number} ({self.size})"


def targets(op: AippOp, build: Build) -> tuple[Target, ...]:
    """The sizes of the input that an operator feeds: one for each profile, or one. None known: none."""
    shape = build.input_of(op)
    if shape is None:
        return ()
    if shape.height and shape.width:
        return (Target(Size(shape.height, shape.width)),)
    if build.dynamic != IMAGE:
        return ()
    height, width = shape.axis("H"), shape.axis("W")
    if height is None or width is None:
        return ()
    at = shape.dims.index(height), shape.dims.index(width)
    sizes = ((profile, Size(*(profile.dims[place] for place in at))) for profile in build.profiles_of(shape))
    return tuple(Target(size, profile) for profile, size in sizes if min(size) > 0)


def model_size(op: AippOp, build: Build) -> Size | None:
    """The size of an operator's input, that of the first profile if there are several; None if unknown."""
    found = targets(op, build)
    return found[0].size if found else None


def refused_with_profiles(op: AippOp, build: Build) -> bool:
    """Whether ATC rejects an operator because of --dynamic_image_size, before it checks the geometry (facts D1, D2)."""
    if build.dynamic != IMAGE:
        return False
    return op.on(CROP) or op.on(PADDING) or any(op.number(axis.source) for axis in AXES)


def switched_on(op: AippOp) -> tuple[str, ...]:
    """Return the enabled stages."""
    return tuple(name for name in SWITCHES if op.on(name))


def switches_known(op: AippOp) -> bool:
    """Whether every switch is known to be on or off."""
    return all(op.flag(name) is not None for name in SWITCHES)


def pipeline(op: AippOp, model: Size | None = None, *, resizes: bool = True) -> tuple[Stage, ...]:
    """Return the sizes after each stage; the last one is the output. Empty if a switch is unknown.

    ``model`` is the size that the model accepts, for sizes that the configuration omits. ``resizes`` means that the
    operator supports resize; that of Ascend 950 ignores the stage (Z3).
    """
    if not switches_known(op):
        return ()
    names = (SOURCE, *(name for name in switched_on(op) if resizes or name != RESIZE))
    sides = [_sides(op, names, axis, None if model is None else axis.of(model)) for axis in AXES]
    return tuple(Stage(name, height, width) for name, height, width in zip(names, *sides, strict=True))


def output(op: AippOp, model: Size | None = None, *, resizes: bool = True) -> Stage | None:
    """Return the output size of the operator; None if a switch is unknown."""
    stages = pipeline(op, model, resizes=resizes)
    return stages[-1] if stages else None


def _sides(op: AippOp, names: tuple[str, ...], axis: Axis, model: int | None) -> list[Length | None]:
    """One side after each stage.

    A size of 0 is the model's; after a crop, a resize to 0 leaves the crop as it is. Padding without a source size adds
    to the model's side (fact U4).
    """
    sides: list[Length | None] = []
    for name in names:
        if name == PADDING:
            sides.append(_padded(op, sides[-1], axis))
            continue
        field = {SOURCE: axis.source, CROP: axis.crop, RESIZE: axis.resize}[name]
        given = op.number(field)
        if given is None:
            sides.append(None)
        elif given:
            sides.append(Length(axis, (Term(field, given),)))
        elif name == RESIZE and CROP in names:
            sides.append(sides[-1])
        else:
            sides.append(None if model is None else Length(axis, (Term(None, model),)))
    return sides


def _padded(op: AippOp, side: Length | None, axis: Axis) -> Length | None:
    pads = [(field, op.number(field)) for field in (axis.before, axis.after)]
    known = tuple(Term(field, value) for field, value in pads if value is not None)
    return None if side is None or len(known) < len(pads) else side._replace(terms=side.terms + known)


def never_fits(op: AippOp, axis: Axis) -> bool:
    """Whether the output is the model's own side plus padding, which no model accepts (fact U4)."""
    stage = output(op, Size(1, 1))
    side = None if stage is None else stage.along(axis)
    return side is not None and side.field is None and side.value > 1
