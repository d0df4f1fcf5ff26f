"""Run-time settings of dynamic AIPP: what an application passes to the aclmdlSetAIPP* calls.

The keys are those of schemas/runtime.schema.json. Every value knows where it stands, so that a finding can
point at it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import inf
from typing import Any

from aipplint.findings import Place
from aipplint.hardware.size import Size
from aipplint.records import NamedTuple
from aipplint.source import Source, Span

Path = tuple[str, ...]
"""Keys from the root of the settings to a value: ``("crop", "crop_size_w")``."""

_MAX_DEPTH = 4
"""Maximum nesting of settings; real ones have two levels."""
_MAX_BITS = 8192
"""Size of the largest whole number; Python prints none of more than 4300 digits, which are 14,284 bits."""


class Swap(NamedTuple):
    """A call whose arguments have names of width and height in the wrong order.

    ``call`` is the name of the function, ``order`` what it takes ("W, H"), ``first`` and ``second`` what it is given.
    """

    call: str
    order: str
    first: str
    second: str
    place: Place


class Runtime:
    """One set of run-time settings.

    Accessors give None for what is not set and for a value of another type; the documents are judged by the schema
    before they come here. ``unknown`` are the keys of the first level that are set to what cannot be known (a variable
    of the program): a switch in it may be on or off.
    """

    __slots__ = ("_place_of", "swaps", "unknown", "values")

    def __init__(
        self,
        values: Mapping[str, Any],
        place_of: Callable[[Path], Place],
        unknown: frozenset[str] = frozenset(),
        swaps: tuple[Swap, ...] = (),
    ) -> None:
        self.values = values
        self._place_of = place_of
        self.unknown = unknown
        self.swaps = swaps

    def _get(self, path: Path) -> Any:
        value: Any = self.values
        for key in path:
            if not isinstance(value, Mapping):
                return None
            value = value.get(key)
        return value

    def number(self, *path: str) -> int | None:
        """An integer. One that Python cannot print counts as another type."""
        value = self._get(path)
        return value if type(value) is int and value.bit_length() <= _MAX_BITS else None

    def real(self, *path: str) -> float | None:
        """A number; infinity for a whole number that is too large for a float."""
        value = self._get(path)
        try:
            return float(value) if type(value) in (int, float) else None
        except OverflowError:
            return inf if value > 0 else -inf

    def text(self, *path: str) -> str | None:
        """A string."""
        value = self._get(path)
        return value if isinstance(value, str) else None

    def on(self, name: str) -> bool:
        """Whether a stage is switched on: crop, padding and resize by being there, csc_switch by its value."""
        value = self._get((name,))
        return value is True or (isinstance(value, Mapping) and name in ("crop", "padding", "resize"))

    def place(self, *path: str) -> Place:
        """The location of a value."""
        return self._place_of(path)

    @property
    def source_size(self) -> Size | None:
        """The size given to aclmdlSetAIPPSrcImageSize (which takes W, H)."""
        return self._size("src_image_size_h", "src_image_size_w")

    @property
    def dynamic_size(self) -> Size | None:
        """The size given to aclmdlSetDynamicHWSize (which takes H, W)."""
        height, width = self.number("dynamic_hw_size", "height"), self.number("dynamic_hw_size", "width")
        return None if height is None or width is None else Size(height, width)

    @property
    def output_size(self) -> Size | None:
        """The output size: the crop, or the scaled image, or the source, and the padding around it (fact R15)."""
        if not self.unknown.isdisjoint(("crop", "resize", "padding")):
            return None
        size = self.source_size
        if self.on("crop"):
            size = self._inner("crop", "crop_size_h", "crop_size_w")
        elif self.on("resize"):
            size = self._inner("resize", "output_h", "output_w")
        if size is None or not self.on("padding"):
            return size
        top, bottom, left, right = (self.number("padding", side) or 0 for side in ("top", "bottom", "left", "right"))
        return Size(size.height + top + bottom, size.width + left + right)

    def sum_of(self) -> str:
        """The calculation of the output size, for a message."""
        size = self.source_size
        terms = f"source {size}"
        if self.on("crop"):
            terms = f"crop {self._inner('crop', 'crop_size_h', 'crop_size_w')}"
        elif self.on("resize"):
            terms = f"resize {self._inner('resize', 'output_h', 'output_w')}"
        if not self.on("padding"):
            return terms
        sides = {side: self.number("padding", side) or 0 for side in ("top", "bottom", "left", "right")}
        return terms + " + padding H {top}+{bottom}, W {left}+{right}".format(**sides)

    def _size(self, height: str, width: str) -> Size | None:
        h, w = self.number(height), self.number(width)
        return None if h is None or w is None else Size(h, w)

    def _inner(self, group: str, height: str, width: str) -> Size | None:
        h, w = self.number(group, height), self.number(group, width)
        return None if h is None or w is None else Size(h, w)


def runtime_of_mapping(values: Mapping[str, Any], place_of: Callable[[Path], Place] | None = None) -> Runtime:
    """Settings from keys and values.

    ``place_of`` says where the value at a path stands (the whole for the empty path); without it a text is made
    that holds them.
    """
    return Runtime(values, place_of or _written(values))


def _written(values: Mapping[str, Any]) -> Places:
    """Places in a text that is made for the values, one line for each."""
    spans: dict[Path, Span] = {}
    lines: list[str] = []
    at = 0

    def write(text: str, path: Path, value_start: int) -> None:
        nonlocal at
        spans[path] = Span(at + value_start, at + len(text))
        lines.append(text)
        at += len(text) + 1

    def walk(group: Mapping[str, Any], path: Path) -> None:
        for key, value in group.items():
            here = (*path, str(key))
            head = ".".join(here) + ": "
            if isinstance(value, Mapping):
                write(head + "on", here, len(head))
                if len(here) < _MAX_DEPTH:
                    walk(value, here)
            else:
                write(head + _printed(value), here, len(head))

    walk(values, ())
    source = Source("<runtime>", "\n".join(lines))
    places = {path: Place(source, span) for path, span in spans.items()}
    return Places(places, Place(source, Span(0, len(source.text))))


def _printed(value: object) -> str:
    """A value in a text; its type where Python prints no number so long, or no list so deep."""
    try:
        return repr(value)
    except (ValueError, RecursionError):
        return f"<{type(value).__name__}>"


class Places:
    """The locations of discovered settings: one for every key, and one for all of them."""

    __slots__ = ("places", "whole")

    def __init__(self, places: Mapping[Path, Place], whole: Place) -> None:
        self.places = places
        self.whole = whole

    def __call__(self, path: Path) -> Place:
        """The place of the value at a path, or of the nearest thing around it."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.places:
                return self.places[path[:length]]
        return self.whole
