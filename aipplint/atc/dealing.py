"""The numbers of profiles, dealt to the dimensions of the inputs (facts O31, O32, O44; multi_batch_options.cc)."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

from aipplint.atc.profiles import Profile
from aipplint.atc.shapes import InputShape
from aipplint.records import NamedTuple

_MAX_INT64 = 2**63 - 1


class ExpandedProfile(NamedTuple):
    """One profile, with the shape that every input has in it: (name, dimensions in the order of the layout)."""

    number: int
    shapes: tuple[tuple[str, tuple[int, ...]], ...]

    def __str__(self) -> str:
        inputs = (f"{name}({','.join(map(str, dims))})" for name, dims in self.shapes)
        return f"Profile {self.number}: {' + '.join(inputs)}"


def spread(shapes: tuple[InputShape, ...], profiles: tuple[Profile, ...]) -> tuple[str, InputShape] | None:
    """Whether the numbers of the profiles can be dealt to the dimensions below 0 of the inputs.

    None where they can, else the code with which ATC refuses it and the input where it does
    (ParserDataToDynamicInfo).
    """
    size = max((len(profile.numbers) for profile in profiles), default=0)
    turn = 0
    for shape in shapes:
        count = len(below_zero(shape))
        if count > size:
            return "E10046", shape
        if 0 < count < size and turn + count > size:
            return "E10045", shape
        turn += count
    return None


def below_zero(shape: InputShape) -> list[int]:
    """Where a number below 0 stands, from 0: what ATC fills with the numbers of a profile, -1 or not."""
    return [index for index, dim in enumerate(shape.dims) if isinstance(dim.value, int) and dim.value < 0]


def _dealt(shapes: tuple[InputShape, ...], numbers: tuple[int, ...]) -> Iterator[tuple[InputShape, tuple[int, ...]]]:
    """Each input with the numbers of a profile that it gets."""
    turn = 0
    for shape in shapes:
        count = len(below_zero(shape))
        yield shape, numbers if count == len(numbers) else numbers[turn : turn + count]
        turn += count


def overflowing(shapes: tuple[InputShape, ...], profile: Profile) -> InputShape | None:
    """The input whose numbers of a profile multiply to more than 64 bits hold, zeros left out (Z8)."""
    for shape, dealt in _dealt(shapes, profile.numbers):
        if prod(number for number in dealt if number) > _MAX_INT64:
            return shape
    return None


def filled(shapes: tuple[InputShape, ...], numbers: tuple[int, ...]) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Each input with its shape in a profile."""
    for shape, dealt in _dealt(shapes, numbers):
        places = below_zero(shape)
        dims = [dim.value if isinstance(dim.value, int) else 0 for dim in shape.dims]
        for place, value in zip(places, dealt, strict=True):
            dims[place] = value
        yield shape.name, tuple(dims)
