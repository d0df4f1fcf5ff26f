"""A size in pixels. The one type for it, because this field writes both H,W and W,H."""

from __future__ import annotations

from collections.abc import Sequence

from aipplint.records import NamedTuple


class Size(NamedTuple):
    """Height and width in pixels, always by name or in this order: H, W."""

    height: int
    width: int

    @property
    def pixels(self) -> int:
        """Area in pixels."""
        return self.height * self.width

    def __str__(self) -> str:
        return f"H {self.height}, W {self.width}"


def ties(sizes: Sequence[Size]) -> tuple[Size, ...]:
    """The sizes that differ from the first largest one, and have as many pixels."""
    largest = max(sizes, key=lambda size: size.pixels, default=None)
    same = dict.fromkeys(size for size in sizes if largest is not None and size.pixels == largest.pixels)
    return tuple(size for size in same if size != largest)
