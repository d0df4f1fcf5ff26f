"""What becomes of a name: a text or a list is assigned and then grows, perhaps under conditions.

Of what stands under conditions, that which comes with the configuration is taken as done, and what excludes it as not
done. Of anything else that is added (``if debug: cmd += " --log=debug"``, or in a loop) only the names of the options
are known, and that they may be there.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import TYPE_CHECKING

from aipplint.readers.acl.sets import Branches
from aipplint.readers.python.items import MAX_ITEMS, Item, Items, Value, Where, same
from aipplint.readers.python.names import ADDED, APPENDED, ASSIGNED, INSERTED, UNKNOWN, Event, mentions
from aipplint.readers.python.text import Part, Text, filled, hole, split, together
from aipplint.source import Span

if TYPE_CHECKING:
    from aipplint.readers.python.values import Values

_CONFIG = "insert_op_conf"


def folded(values: Values, name: str, events: Sequence[Event], where: Where, depth: int) -> Value | None:
    """The value of a name where it is asked for; ``events`` are all that happens to it in that scope.

    A number is known if it is assigned once, or always the same; a text or a list may grow.
    """
    before = [event for event in events[: MAX_ITEMS + 1] if event.at < where.at]
    if not before or len(events) > MAX_ITEMS:
        return None
    fresh = [is_fresh(event, name) for event in before]
    first = 0
    if all(event.kind == ASSIGNED for event in events):
        if len(before) > 1 and all(fresh):
            assigned = [values.apply(None, event, where, name, depth) for event in before]
            known = len(before) == len(events) and all(same(value, assigned[0]) for value in assigned)
            return assigned[0] if known else None
        if any(fresh[1:]):
            return None
    elif any(fresh[1:]):
        first = max(index for index, is_one in enumerate(fresh) if is_one)
        straight = all(event.branches == before[0].branches for event in before)
        if not straight and not within(before[first].branches, where.branches):
            return None
    if "." in name and not within(before[first].branches, where.branches):
        return None  # An attribute may have had a value before.
    value = grown(values, name, before[first], before[first + 1 :], where, depth)
    return value if isinstance(value, Text | Items) or len(events) == 1 else None


def grown(
    values: Values, name: str, first: Event, growth: Sequence[Event], where: Where, depth: int = 0
) -> Value | None:
    """The value of an event after all that is added to it."""
    conditions = _conditions(values, first, growth, where.branches)
    value = values.apply(None, first, where, name, depth)
    seen: set[str] = set()
    for event in growth:
        if within(event.branches, conditions):
            value = values.apply(value, event, where, name, depth)
        elif compatible(event.branches, conditions):
            value = _Perhaps(values, name, event, where, depth).behind(value, seen)
    return value


def either(values: Values, node: ast.IfExp, where: Where, depth: int) -> Value | None:
    """``more if x else ""``: what may be there or not; None where both are something, and not the same."""
    one, other = values.of(node.body, where, depth), values.of(node.orelse, where, depth)
    if same(one, other):
        return one
    empty = Text(()), Items(())
    if (one in empty) == (other in empty):
        return None
    arm, value, nothing = (node.body, one, other) if other in empty else (node.orelse, other, one)
    use = values.span_of(arm)
    if _names_config(values, use):
        return value
    if isinstance(value, Text) and isinstance(nothing, Text):
        return _options(values, value, use, set()) if value.sketch[0].isspace() else hole(use)
    if isinstance(value, Items) and isinstance(nothing, Items):
        texts = [values.as_text(item.value, item.use) for item in value.items]
        return Items(tuple(Item(option, option.parts[0].use) for option in _unseen(texts, use, set())))
    return None


def is_fresh(event: Event, name: str) -> bool:
    """Whether an event gives a name a value that does not go on from the one before."""
    return event.kind in (ASSIGNED, UNKNOWN) and not mentions(event.value, name)


def within(branches: Branches, conditions: Branches) -> bool:
    """Whether something happens wherever all of some conditions hold."""
    return all(branch in conditions for branch in branches)


def compatible(one: Branches, other: Branches) -> bool:
    """Whether two things can both happen: no arm of one condition excludes the other."""
    arms = dict(one)
    return all(arms.get(choice, arm) == arm for choice, arm in other)


def _conditions(values: Values, first: Event, growth: Sequence[Event], asked: Branches) -> Branches:
    """The conditions that hold: those of the beginning, of the place that asks, and of the configuration."""
    found = _both(first.branches, asked) if compatible(asked, first.branches) else first.branches
    for event in (first, *growth):
        if event.value is None or not compatible(event.branches, found):
            continue
        if _names_config(values, values.span_of(event.value)):
            return _both(found, event.branches)
    return found


def _names_config(values: Values, span: Span) -> bool:
    return _CONFIG in values.source.text[span.start : span.end]


def _both(one: Branches, other: Branches) -> Branches:
    return (*one, *(branch for branch in other if branch not in one))


class _Perhaps:
    """An event that may happen or not: options whose values are not known."""

    def __init__(self, values: Values, name: str, event: Event, where: Where, depth: int) -> None:
        self._values = values
        self._name = name
        self._event = event
        self._where = where
        self._depth = depth

    def behind(self, value: Value | None, seen: set[str]) -> Value | None:
        """A value to which something may have been added; None where it may have become anything.

        ``seen`` are options that were added so before: one that both arms of a condition add is there once.
        """
        if self._event.value is None or self._event.kind == UNKNOWN:
            return None
        use = self._values.span_of(self._event.value)
        if self._event.kind == INSERTED:
            return value  # What may stand in front of a command (sudo) makes it no other.
        if isinstance(value, Text):
            added = self._text(value, use)
            if added is None or not added.parts:
                return None if added is None else value
            if not _apart(value, added):
                return together([value, hole(use)])
            return together([value, _options(self._values, added, use, seen)])
        if isinstance(value, Items):
            items = self._items(value, use)
            if items is None:
                return None
            texts = [self._values.as_text(item.value, item.use) for item in items]
            options = _unseen(texts, use, seen)
            return Items((*value.items, *(Item(option, option.parts[0].use) for option in options)))
        return None

    def _added(self) -> Value | None:
        """The value that ``+=`` or the like adds."""
        assert self._event.value is not None
        return self._values.of(self._event.value, self._where._replace(at=self._event.at), self._depth + 1)

    def _after(self, value: Value) -> Value | None:
        """The value after ``x = x + more``."""
        return self._values.apply(value, self._event, self._where, self._name, self._depth)

    def _text(self, before: Text, use: Span) -> Text | None:
        """What comes behind a text; None where it becomes another one."""
        if self._event.kind == ADDED:
            return self._values.as_text(self._added(), use)
        after = self._after(before) if self._event.kind == ASSIGNED else None
        if not isinstance(after, Text):
            return None
        old, new = [part.letters for part in before.parts], [part.letters for part in after.parts]
        if new[: len(old)] == old:
            return Text(after.parts[len(old) :])
        return Text(()) if new[len(new) - len(old) :] == old else None

    def _items(self, before: Items, use: Span) -> tuple[Item, ...] | None:
        """What comes behind a list; None where it becomes another one."""
        if self._event.kind == ASSIGNED:
            after = self._after(before)
            if not isinstance(after, Items):
                return None
            old, new = before.items, after.items
            if new[: len(old)] == old:
                return new[len(old) :]
            return () if new[len(new) - len(old) :] == old else None
        added = self._added()
        return added.items if isinstance(added, Items) and self._event.kind != APPENDED else (Item(added, use),)


def _apart(value: Text, added: Text) -> bool:
    """Whether what is added to a text begins a word of its own. What nothing is known of does so in a command."""
    before, behind = value.sketch, added.sketch
    return before[-1:].isspace() or behind[0].isspace() or (behind[0] == "\0" and " " in before)


def _options(values: Values, text: Text, use: Span, seen: set[str]) -> Text:
    """The words of a text as options without their values, each behind a blank."""
    blank = filled(values.source, " ", Span(use.start, use.start))
    return together(part for option in _unseen(split(text), use, seen) for part in (blank, option))


def _unseen(texts: Sequence[Text], use: Span, seen: set[str]) -> list[Text]:
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
