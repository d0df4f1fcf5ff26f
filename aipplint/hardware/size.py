"""A size in pixels. The one type for it, because this field writes both H,W and W,H."""

from __future__ import annotations

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
