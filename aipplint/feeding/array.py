"""Images of Python programs, with sides that may depend on the image that is read."""

from __future__ import annotations

from itertools import count

from aipplint.feeding.picture import BYTES, FLOATS, PACKED, PLANAR, REVERSED, Picture
from aipplint.hardware.size import Size
from aipplint.records import NamedTuple

_numbers = count()


class Linear(NamedTuple):
    """A number that is not known: a sum of unknown numbers, each with its factor, and a known one."""

    terms: tuple[tuple[int, float], ...]
    constant: float


Number = int | float | Linear


def unknown_number() -> Linear:
    """A number of which nothing is known, but that it is itself."""
    return Linear(((next(_numbers), 1.0),), 0.0)


def added(one: Number, other: Number, sign: int = 1) -> Number:
    """The sum of two numbers, or with the sign -1 their difference."""
    if not isinstance(one, Linear) and not isinstance(other, Linear):
        return one + sign * other
    terms: dict[int, float] = {}
    constant = 0.0
    for number, factor in ((one, 1), (other, sign)):
        line = number if isinstance(number, Linear) else Linear((), number)
        constant += factor * line.constant
        for name, weight in line.terms:
            terms[name] = terms.get(name, 0.0) + factor * weight
    left = tuple(sorted((name, weight) for name, weight in terms.items() if weight))
    whole = int(constant) if constant == int(constant) else constant
    return Linear(left, constant) if left else whole


class Array(NamedTuple):
    """An image: of PIL, or an array or tensor; whatever is not known of it is empty."""

    height: Number
    width: Number
    layout: str = ""
    numbers: str = ""
    order: str = ""
    pil: bool = False

    @property
    def picture(self) -> Picture:
        """The image as it is fed."""
        size: Size | None = None
        if isinstance(self.height, int) and isinstance(self.width, int):
            size = Size(self.height, self.width)
        return Picture(size, self.layout, self.numbers, self.order)

    def sized(self, height: object, width: object) -> Array:
        """The image with another size; a side that is no number is unknown."""
        return self._replace(height=_side(height), width=_side(width))

    def turned(self) -> Array:
        """The image with its channels in the reverse order."""
        return self._replace(order=REVERSED[self.order])

    def moved(self, axes: object) -> Array:
        """The image with its axes in another order."""
        layouts = {(2, 0, 1): (PACKED, PLANAR), (0, 3, 1, 2): (PACKED, PLANAR), (1, 2, 0): (PLANAR, PACKED)}
        before, after = layouts.get(axes, ("", "")) if isinstance(axes, tuple) else ("", "")
        if before and self.layout == before:
            return self._replace(layout=after)
        return unknown_array()

    def cast(self, kind: str) -> Array:
        """The image with numbers of another type."""
        if "float" in kind or kind in ("half", "double"):
            return self._replace(numbers=FLOATS)
        return self._replace(numbers=BYTES if kind in ("uint8", "int8", "byte") else "")

    def calculated(self) -> Array:
        """The image after an operator on its numbers."""
        return self._replace(numbers=FLOATS)


class Batch(NamedTuple):
    """A list of images that are alike."""

    image: Array


def unknown_array() -> Array:
    """An image of which nothing is known."""
    return Array(unknown_number(), unknown_number())


def _side(value: object) -> Number:
    if isinstance(value, Linear):
        return value
    return int(value) if isinstance(value, int | float) else unknown_number()


def common_array(one: Array, other: Array) -> Array:
    """What two images have in common."""
    return Array(
        one.height if one.height == other.height else unknown_number(),
        one.width if one.width == other.width else unknown_number(),
        one.layout if one.layout == other.layout else "",
        one.numbers if one.numbers == other.numbers else "",
        one.order if one.order == other.order else "",
        one.pil and other.pil,
    )
