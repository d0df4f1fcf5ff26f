"""Commands that are built up in a variable: a list or a text is assigned, and then grows (``cmd.append("--om=1")``)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aipplint.readers.python.dataflow import compatible, grown, is_fresh, within
from aipplint.readers.python.items import MAX_ITEMS, Value, Where
from aipplint.readers.python.names import ASSIGNED, Event, Scope
from aipplint.readers.python.values import PythonValues


def grown_values(
    values: PythonValues, scope: Scope, name: str, events: Sequence[Event]
) -> Iterator[tuple[Event, Value | None]]:
    """The values that a name has in the end, each with the assignment that it began with."""
    fresh = [event.kind == ASSIGNED and is_fresh(event, name) for event in events[: 2 * MAX_ITEMS]]
    for index, first in enumerate(events[:MAX_ITEMS]):
        growth = _growth(events, fresh, index) if fresh[index] else None
        if growth is not None:
            yield first, grown(values, name, first, growth, Where(scope, first.at))


def _growth(events: Sequence[Event], fresh: Sequence[bool], index: int) -> list[Event] | None:
    """The events that extend an assigned value, up to the one that certainly replaces it; None if there are too many.

    ``fresh`` tells for each event whether it is an assignment that does not extend the value before it.
    """
    first, found = events[index], list[Event]()
    for event, is_one in zip(events[index + 1 : index + 1 + MAX_ITEMS], fresh[index + 1 :], strict=False):
        if is_one:
            if within(event.branches, first.branches):
                return found
        elif compatible(event.branches, first.branches):
            found.append(event)
    return found if len(events) <= index + 1 + MAX_ITEMS else None
