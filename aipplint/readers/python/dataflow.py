"""The value of a name: a text or a list is assigned and then extended, perhaps under conditions.

A conditional extension is certain if it adds the configuration, and it does not happen if it excludes the
configuration. Of other ones (``if debug: cmd += " --log=debug"``, or in a loop) only the names of the options are
known, which may be absent.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence

from aipplint.findings import Place
from aipplint.readers.acl.sets import Branches
from aipplint.readers.branches import begins_word, behind, optional
from aipplint.readers.python.evaluator import Evaluator
from aipplint.readers.python.items import MAX_ITEMS, Item, Items, Value, Where, as_text, same
from aipplint.readers.python.names import ASSIGNED, INSERTED, UNKNOWN, Event, mentions
from aipplint.readers.python.text import Text, hole, together
from aipplint.readers.traced import Segment, Traced, known_start, split_at_spaces
from aipplint.source import Span

_CONFIG = "insert_op_conf"


def folded(values: Evaluator, name: str, events: Sequence[Event], where: Where, depth: int) -> Value | None:
    """The value of a name at a use; ``events`` are all its changes in that scope.

    A number is known if it is assigned once, or always the same; a text or a list may be extended.
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
    values: Evaluator, name: str, first: Event, growth: Sequence[Event], where: Where, depth: int = 0
) -> Value | None:
    """The value of an event after all that is added to it."""
    conditions = _conditions(values, first, growth, where.branches)
    value = values.apply(None, first, where, name, depth)
    seen: set[str] = set()
    for event in growth:
        if within(event.branches, conditions):
            value = values.apply(value, event, where, name, depth)
        elif compatible(event.branches, conditions):
            after = values.apply(value, event, where, name, depth)
            value = _perhaps_grown(value, after, event, seen)
    return value


def either(values: Evaluator, node: ast.IfExp, where: Where, depth: int) -> Value | None:
    """``more if x else ""``: what may be there or not; None if both are something, and not the same."""
    one, other = values.of(node.body, where, depth), values.of(node.orelse, where, depth)
    if same(one, other):
        return one
    empty = Text(()), Items(())
    if (one in empty) == (other in empty):
        return None
    arm, value, nothing = (node.body, one, other) if other in empty else (node.orelse, other, one)
    use = values.place_of(arm)
    if _names_config(use):
        return value
    if isinstance(value, Text) and isinstance(nothing, Text):
        return Text(optional(value.segments)) if value.sketch[0].isspace() else hole(use)
    if isinstance(value, Items) and isinstance(nothing, Items):
        return Items(tuple(_perhaps(value.items, set())))
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


def _conditions(values: Evaluator, first: Event, growth: Sequence[Event], asked: Branches) -> Branches:
    """The conditions that hold: those of the assignment, of the use, and of the configuration."""
    found = _both(first.branches, asked) if compatible(asked, first.branches) else first.branches
    for event in (first, *growth):
        if event.value is None or not compatible(event.branches, found):
            continue
        if _names_config(values.place_of(event.value)):
            return _both(found, event.branches)
    return found


def _names_config(place: Place) -> bool:
    source, (start, end) = place
    return source.text.find(_CONFIG, start, end) >= 0


def _both(one: Branches, other: Branches) -> Branches:
    return (*one, *(branch for branch in other if branch not in one))


def _perhaps_grown(value: Value | None, after: Value | None, event: Event, seen: set[str]) -> Value | None:
    """A value that an event may have extended; None if it may be anything.

    ``after`` is the value after the event. ``seen`` are options that earlier events added: one that both arms of a
    condition add occurs once.
    """
    if event.kind == INSERTED:
        return value  # What may stand in front of a command (sudo) makes it no other.
    if isinstance(value, Items) and isinstance(after, Items):
        old, new = value.items, after.items
        if new[: len(old)] == old:
            return Items((*old, *_perhaps(new[len(old) :], seen)))
        return value if new[len(new) - len(old) :] == old else None
    if not isinstance(value, Text) or not isinstance(after, Text):
        return None
    added = behind(value.segments, after.segments)
    if not added:
        return value if added == () or after.sketch.endswith(value.sketch) else None
    if not (begins_word(value.segments, added) or (added[0].text is None and " " in value.sketch)):
        return together([value, hole(added[0].place)])
    words = [word for word in split_at_spaces(added) if _is_new(word, seen)]
    return Text((*value.segments, *optional(segment for word in words for segment in (_space_before(word), *word))))


def _perhaps(items: Iterable[Item], seen: set[str]) -> Iterator[Item]:
    """Elements of a list as options that may be there or not, without those that were seen."""
    for item in items:
        segments = as_text(item.value, item.use).segments
        if _is_new(segments, seen):
            yield Item(Text(optional(segments)), item.use)


def _is_new(word: Traced, seen: set[str]) -> bool:
    """Whether a word gives an option that was not seen, which then is; what gives none always is."""
    name, equals, _ = known_start(word).partition("=")
    if not name.startswith("-"):
        return True
    new = name + equals not in seen
    seen.add(name + equals)
    return new


def _space_before(word: Traced) -> Segment:
    source, (start, _) = word[0].place
    place = Place(source, Span(start, start))
    return Segment(" ", place, word[0].use and place)
