"""What can be known of an expression: a number, a text, a list of such; and what comes of adding them up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aipplint.findings import Place
from aipplint.readers.acl.sets import Branches
from aipplint.readers.numbers import calculated
from aipplint.readers.python.names import Position, Scope
from aipplint.readers.python.text import Text, filled, hole, together
from aipplint.records import NamedTuple

MAX_ITEMS = 400
"""Most elements of a list, and most events of a name, that are looked at."""


class Item(NamedTuple):
    """An element of a list: its value, and its location.

    ``many`` says that it stands for any number of elements: a list of which nothing is known.
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
    """A value as a string that is used somewhere; a hole where it is not known."""
    if isinstance(value, Text):
        return together([value], use)
    if value is None or isinstance(value, Items):
        return hole(use)
    return filled(str(value), use)


class Where(NamedTuple):
    """Where an expression is asked for its value.

    ``fixed`` are names that have a value of their own there (None: an unknown one). ``branches`` are the conditions
    that hold there, in the scope.
    """

    scope: Scope
    at: Position
    fixed: Mapping[str, Value | None] = {}
    branches: Branches = ()


def element(value: Value | None, index: int) -> Value | None:
    """An element of a list; None where there is none, or where it cannot be counted to."""
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
    """Numbers, texts or lists together; what is not known among texts or lists is a hole."""
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
