"""What the rules about sizes share: how bad it is on which product, where the model's sizes stand, lists in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from aipplint.atc.build import Build
from aipplint.atc.geometry import HEIGHT, WIDTH, Axis
from aipplint.atc.options import SHAPE, SHAPE_RANGE
from aipplint.config.op import AippOp
from aipplint.findings import Related, Severity
from aipplint.hardware.formats import EVEN_HEIGHT, EVEN_WIDTH
from aipplint.hardware.products import Product, product_of

INFER_REJECTS = "E70014"
"""The code with which ATC refuses an output size that is not the model's (fact U3)."""

ALL_BUT_950 = "; every product but Ascend 950 rejects it"


def judged(build: Build, rejects: Callable[[Product], bool]) -> Severity | None:
    """How bad it is that some products reject a thing.

    An error on those, nothing on others; a warning where the product is not known: its message then names them.
    """
    product = product_of(build.soc_version)
    if product is None:
        return Severity.WARNING
    return Severity.ERROR if rejects(product) else None


def on_tiling(build: Build) -> bool:
    """Whether the model is known to be for Ascend 950, whose operator has checks of its own (facts 5.2)."""
    product = product_of(build.soc_version)
    return product is not None and product.tiling


def even_axes(image_format: str) -> list[Axis]:
    """The axes along which a format has pixels in pairs (facts T9, T22)."""
    return [axis for axis, formats in ((HEIGHT, EVEN_HEIGHT), (WIDTH, EVEN_WIDTH)) if image_format in formats]


def model_side_here(op: AippOp, build: Build, *axes: Axis) -> tuple[Related, ...]:
    """Where the sides of the model input stand, for those that are one number."""
    option = build.option(SHAPE_RANGE) or build.option(SHAPE)
    shape = build.input_of(op)
    if option is None or shape is None:
        return ()
    dims = [(axis, dim) for axis in axes if (dim := shape.axis(axis.letter)) is not None and dim.value != -1]
    return tuple(Related(option.part(*dim.span), f"{axis.letter} of the model is {dim.text}") for axis, dim in dims)


def in_words(items: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    return " and ".join(filter(None, [", ".join(items[:-1]), *items[-1:]]))
