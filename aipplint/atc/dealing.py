"""The assignment of profile numbers to the dimensions of the inputs (facts O31, O32, O44; multi_batch_options.cc)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import prod

from aipplint.atc.profiles import Profile
from aipplint.atc.shapes import InputShape
from aipplint.hardware.products import MAX_PROFILES_950
from aipplint.records import NamedTuple

_MAX_INT64 = 2**63 - 1


class ExpandedProfile(NamedTuple):
    """One profile, with the shape that every input has in it: (name, dimensions in the order of the layout)."""

    number: int
    shapes: tuple[tuple[str, tuple[int, ...]], ...]

    def __str__(self) -> str:
        inputs = (f"{name}({','.join(map(str, dims))})" for name, dims in self.shapes)
        return f"Profile {self.number}: {' + '.join(inputs)}"


class InputProfile(NamedTuple):
    """One profile, with the dimensions that one input has in it, in the order of the layout."""

    number: int
    dims: tuple[int, ...]


def spread(shapes: tuple[InputShape, ...], profiles: tuple[Profile, ...]) -> tuple[str, InputShape] | None:
    """Check that the numbers of the profiles fit the dimensions below 0 of the inputs.

    None if they do, else the code with which ATC rejects them and the input (ParserDataToDynamicInfo).
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
    """The indices of dimensions below 0, from 0: ATC replaces them with the numbers of a profile, -1 or not."""
    return [index for index, dim in enumerate(shape.dims) if isinstance(dim.value, int) and dim.value < 0]


def overflowing(shapes: tuple[InputShape, ...], profiles: tuple[Profile, ...]) -> tuple[Profile, InputShape] | None:
    """The first profile whose numbers for an input multiply to more than 64 bits hold, zeros left out, and the input.

    That is fact Z8. The numbers must fit the inputs (``spread``).
    """
    inputs = [(shape, turn, len(below_zero(shape))) for shape, turn in _turns(shapes)]
    most = max((count for _, _, count in inputs), default=0)
    for profile in profiles:
        numbers = profile.numbers
        if max(numbers, default=0) ** most <= _MAX_INT64:
            continue
        for shape, turn, count in inputs:
            dealt = numbers if count == len(numbers) else numbers[turn : turn + count]
            if prod(number for number in dealt if number) > _MAX_INT64:
                return profile, shape
    return None


class Dealt:
    """The inputs of a build with the numbers of its profiles, which fit (``spread``)."""

    def __init__(self, shapes: tuple[InputShape, ...], profiles: tuple[Profile, ...]) -> None:
        self._profiles = profiles
        self._inputs = [(shape, _filler(shape, turn, profiles)) for shape, turn in _turns(shapes)]
        self._by_id = {id(shape): fill for shape, fill in reversed(self._inputs)}

    @property
    def profiles(self) -> tuple[ExpandedProfile, ...]:
        """Each profile with the shapes of all inputs."""
        return tuple(
            ExpandedProfile(number, tuple((shape.name, fill(profile.numbers)) for shape, fill in self._inputs))
            for number, profile in enumerate(self._profiles)
        )

    def of(self, shape: InputShape) -> tuple[InputProfile, ...]:
        """The shape of one input in each profile."""
        fill = self._by_id[id(shape)]
        return tuple(InputProfile(number, fill(profile.numbers)) for number, profile in enumerate(self._profiles))


def deal(shapes: tuple[InputShape, ...], profiles: tuple[Profile, ...]) -> Dealt | None:
    """Deal the numbers of the profiles to the dimensions of -1, as ATC does; None if they do not fit.

    An input gets all numbers of a profile if it has as many such dimensions. Otherwise it gets the next ones, counted
    over the inputs in their order.
    """
    if len(profiles) > MAX_PROFILES_950 or len({len(profile.numbers) for profile in profiles}) > 1:
        return None
    return None if spread(shapes, profiles) is not None else Dealt(shapes, profiles)


def _turns(shapes: tuple[InputShape, ...]) -> Iterator[tuple[InputShape, int]]:
    """Each input with the number of profile numbers that the inputs before it use."""
    turn = 0
    for shape in shapes:
        yield shape, turn
        turn += len(below_zero(shape))


def _filler(
    shape: InputShape, turn: int, profiles: tuple[Profile, ...]
) -> Callable[[tuple[int, ...]], tuple[int, ...]]:
    """A function that puts the numbers of a profile into an input."""
    places = below_zero(shape)
    plain = [dim.value if isinstance(dim.value, int) else 0 for dim in shape.dims]
    start = 0 if all(len(places) == len(profile.numbers) for profile in profiles) else turn

    def fill(numbers: tuple[int, ...]) -> tuple[int, ...]:
        dims = plain.copy()
        for place, value in zip(places, numbers[start : start + len(places)], strict=True):
            dims[place] = value
        return tuple(dims)

    return fill
