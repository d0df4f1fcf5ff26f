"""The values of expressions: a number, a text, a list of these; and their sums."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aipplint.findings import Place
from aipplint.readers.acl.sets import Branches
from aipplint.readers.numbers import calculated
from aipplint.readers.python.names import Position, Scope
from aipplint.readers.python.text import Text, filled, hole, together
from aipplint.records import NamedTuple

MAX_ITEMS = 400
"""Maximum number of elements of a list, and of events of a name."""


class Item(NamedTuple):
    """An element of a list: its value, and its location.

    ``many`` means any number of elements: an unknown list.
    """

    value: Value | None
    use: Place
    many: bool = False


class Items(NamedTuple):
    """A list or a tuple."""

    items: tuple[Item, ...]


Value = int | float | Text | Items
"""What can be known. Of a text or a list, parts may be unknown."""


def as_text(value: Value | None, use: Place) -> Text:
    """A value as a string; a hole if it is unknown."""
    if isinstance(value, Text):
        return together([value], use)
    if value is None or isinstance(value, Items):
        return hole(use)
    return filled(str(value), use)


class Where(NamedTuple):
    """The context in which an expression is evaluated.

    ``fixed`` are names with a value of their own there (None: an unknown one). ``branches`` are the conditions
    that hold there, in the scope.
    """

    scope: Scope
    at: Position
    fixed: Mapping[str, Value | None] = {}
    branches: Branches = ()


def element(value: Value | None, index: int) -> Value | None:
    """An element of a list; None if there is none, or if its index is unknown."""
    if not isinstance(value, Items) or not -len(value.items) <= index < len(value.items):
        return None
    counted = value.items[: index + 1] if index >= 0 else value.items[index:]
    return None if any(item.many for item in counted) else value.items[index].value


def same(one: Value | None, other: Value | None) -> bool:
    """Whether two values are known to be one."""
    if isinstance(one, Text) and isinstance(other, Text):
        return one.known is not None and one.known == other.known
    return isinstance(one, int | float) and one == other


def total(items: Sequence[Item]) -> Value | None:
    """The sum of numbers, texts or lists; an unknown part of texts or lists is a hole."""
    values = [item.value for item in items]
    if any(isinstance(value, Items) for value in values):
        lists = [item.value.items if isinstance(item.value, Items) else (unknown_items(item.use),) for item in items]
        whole = [item for part in lists for item in part]
        return Items(tuple(whole)) if len(whole) <= MAX_ITEMS else None
    if any(isinstance(value, Text) for value in values):
        return together(item.value if isinstance(item.value, Text) else hole(item.use) for item in items)
    result = values[0]
    for value in values[1:]:
        result = calculated("+", result, value)
    return result


def unknown_items(use: Place) -> Item:
    """The elements of a list of which nothing is known."""
    return Item(None, use, many=True)
