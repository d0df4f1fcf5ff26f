"""What the rules about sizes share: the severity by product, and the location of the model's sizes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from aipplint.atc.build import Build
from aipplint.atc.geometry import HEIGHT, WIDTH, Axis
from aipplint.atc.places import place_of
from aipplint.config.op import AippOp
from aipplint.findings import Related, Severity
from aipplint.hardware.formats import EVEN_HEIGHT, EVEN_WIDTH
from aipplint.hardware.products import Product, product_of

if TYPE_CHECKING:
    from aipplint.atc.shapes import Dim, InputShape

INFER_REJECTS = "E70014"
"""The code with which ATC rejects an output size that differs from the model's (fact U3)."""

ALL_BUT_950 = "every product except for Ascend 950 rejects it"
ONLY_950 = "Ascend 950 rejects it"
NOT_CHECKED = "the manual forbids it, but the operator of this product does not check it"


def severity_for(build: Build, rejects: Callable[[Product], bool]) -> Severity | None:
    """Return the severity of what some products reject.

    An error on those products and None on others. A warning if the product is unknown: its message then names them.
    """
    product = product_of(build.soc_version)
    if product is None:
        return Severity.WARNING
    return Severity.ERROR if rejects(product) else None


def is_ascend950(build: Build) -> bool:
    """Return whether the model is built for Ascend 950, whose operator has its own checks (facts A1 to A10)."""
    product = product_of(build.soc_version)
    return product is not None and product.tiling


def even_axes(image_format: str) -> list[Axis]:
    """Return the axes along which a format has pixels in pairs (facts T9, T22)."""
    return [axis for axis, formats in ((HEIGHT, EVEN_HEIGHT), (WIDTH, EVEN_WIDTH)) if image_format in formats]


def model_side_here(op: AippOp, build: Build, *axes: Axis) -> tuple[Related, ...]:
    """Return the locations of those sides of the model's input that are one number."""
    shape = build.input_of(op)
    if shape is None:
        return ()
    dims = [(axis, dim) for axis in axes if (dim := shape.axis(axis.letter)) is not None and dim.value != -1]
    if shape.said:
        return input_here(build, shape, None, "") if dims else ()
    message = "{letter} of the model is {size}"
    found = (input_here(build, shape, dim, message, {"letter": axis.letter, "size": dim.text}) for axis, dim in dims)
    return tuple(related for one in found for related in one)


def input_here(
    build: Build, shape: InputShape, dim: Dim | None, message: str, values: Mapping[str, object] | None = None
) -> tuple[Related, ...]:
    """Return the location of an input, or of one of its dimensions; what the model says of it, where it is there."""
    where = place_of(build, shape, dim)
    if where is None:
        return ()
    return (Related(where, "{said}", {"said": shape.said}) if shape.said else Related(where, message, values),)
