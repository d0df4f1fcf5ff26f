"""Commands that are built up in a variable: a list or a text is assigned, and then grows (``cmd.append("--om=1")``)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from aipplint.readers.acl.sets import Branches
from aipplint.readers.python.names import ADDED, APPENDED, ASSIGNED, Event, Scope
from aipplint.readers.python.text import Part, Text, filled, hole, split, together
from aipplint.readers.python.values import Item, Items, Value, Values, Where, mentions
from aipplint.source import Source, Span

_CONFIG = "insert_op_conf"
_MOST = 400
"""Most assignments to a name that may begin a command, and most events by which one grows."""


class Growth:
    """Follows the values of variables."""

    def __init__(self, source: Source, values: Values) -> None:
        self._source: Final = source
        self._values: Final = values

    def values(self, scope: Scope, name: str, events: Sequence[Event]) -> Iterator[tuple[Event, Value | None]]:
        """The values that a name has in the end, each with the assignment that it began with."""
        fresh = [event.kind == ASSIGNED and not mentions(event.value, name) for event in events[: 2 * _MOST]]
        for index, first in enumerate(events[:_MOST]):
            growth = _growth(events, fresh, index) if fresh[index] else None
            if growth is not None:
                yield first, self._grown(scope, name, first, growth)

    def _grown(self, scope: Scope, name: str, first: Event, growth: Sequence[Event]) -> Value | None:
        """The value of an assignment after all that is added to it.

        Of what stands under conditions, that which comes with the configuration is taken as done, and what excludes it
        as not done. Anything else may be there or not.
        """
        chosen = self._chosen(first, growth)
        value = self._values.apply(None, first, Where(scope, first.at), name, 0)
        seen: set[str] = set()
        for event in growth:
            where = Where(scope, event.at)
            if _within(event.branches, chosen):
                value = self._values.apply(value, event, where, name, 0)
            elif _compatible(event.branches, chosen):
                value = self._perhaps(value, event, where, seen)
        return value

    def _chosen(self, first: Event, growth: Sequence[Event]) -> Branches:
        """The branches in which the command has its configuration."""
        chosen = first.branches
        for event in growth:
            if event.value is not None and len(event.branches) > len(chosen):
                span = self._values.span_of(event.value)
                if _CONFIG in self._source.text[span.start : span.end] and _compatible(event.branches, chosen):
                    chosen = event.branches
        return chosen

    def _perhaps(self, value: Value | None, event: Event, where: Where, seen: set[str]) -> Value | None:
        """A command to which something may have been added: options whose values are not known.

        ``seen`` are those that were added so before: one that both arms of a condition add is there once.
        """
        if event.value is None or event.kind not in (ADDED, APPENDED):
            return None
        added, use = self._values.of(event.value, where), self._values.span_of(event.value)
        if isinstance(value, Text):
            texts = self._unseen(split(self._values.as_text(added, use)), use, seen)
            blank = filled(self._source, " ", Span(use.start, use.start))
            return together([value, *(part for text in texts for part in (blank, text))])
        if isinstance(value, Items):
            items = added.items if isinstance(added, Items) and event.kind == ADDED else (Item(added, use),)
            texts = self._unseen([self._values.as_text(item.value, item.use) for item in items], use, seen)
            return Items((*value.items, *(Item(text, text.parts[0].use) for text in texts)))
        return None

    def _unseen(self, texts: Sequence[Text], use: Span, seen: set[str]) -> list[Text]:
        """Words as options without their values, and without those that were seen."""
        options = [option for option in (_option(text, use) for text in texts) if option.start not in seen]
        seen.update(option.start for option in options if option.start)
        return options


def _option(text: Text, use: Span) -> Text:
    """The name of an option with its ``=``, and a value that is not known."""
    name, equals, _ = text.start.partition("=")
    if not name.startswith("-") or not text.parts or text.parts[0].letters is None:
        return hole(use)
    first = text.parts[0]
    letters = text.parts[0].letters.part(0, len(name + equals))
    return together([Text((Part(letters, first.use),)), hole(use)])


def _growth(events: Sequence[Event], fresh: Sequence[bool], index: int) -> list[Event] | None:
    """What is added to the value of an assignment, up to the one that surely replaces it; None where that is too much.

    ``fresh`` says of each event whether it is an assignment that does not go on from the value before.
    """
    first, found = events[index], list[Event]()
    for event, is_fresh in zip(events[index + 1 : index + 1 + _MOST], fresh[index + 1 :], strict=False):
        if is_fresh:
            if _within(event.branches, first.branches):
                return found
        elif _compatible(event.branches, first.branches):
            found.append(event)
    return found if len(events) <= index + 1 + _MOST else None


def _within(branches: Branches, chosen: Branches) -> bool:
    """Whether something stands under no other conditions than something else."""
    return chosen[: len(branches)] == branches


def _compatible(one: Branches, other: Branches) -> bool:
    """Whether two things can both happen: no arm of one condition excludes the other."""
    arms = dict(one)
    return all(arms.get(choice, arm) == arm for choice, arm in other)
