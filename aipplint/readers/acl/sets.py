"""From calls to run-time settings: the calls for one image input, and their settings together.

The readers of C++ and Python find the calls (a Site for each) and leave the rest to this module.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from aipplint.findings import Place
from aipplint.readers.acl.calls import (
    BATCH,
    CREATE,
    GROUPS,
    HW_SIZE,
    OTHER,
    REQUIRED,
    SET,
    SET_HW_SIZE,
    AclCall,
    Value,
    is_switch,
    setting,
)
from aipplint.readers.acl.size_names import HEIGHT, WIDTH, side_of
from aipplint.readers.extract import Settings
from aipplint.records import NamedTuple
from aipplint.runtime.settings import Path, Places, Runtime, Swap
from aipplint.source import Span

Branches = tuple[tuple[int, int], ...]
"""The conditions of a statement, outermost first: the start of each, and which of its arms it is."""


_NOT_OF_IMAGES = (SET, BATCH, OTHER, ("input_rank",))


class Argument(NamedTuple):
    """An argument of a call: its value (None if unknown), its name if it is one, its location."""

    value: Value | None
    name: str
    place: Place


class Site(NamedTuple):
    """One call in a file.

    ``arguments`` are None if their number is wrong. ``owner`` is the name of its aipp set ('' if it has none) and
    ``function`` the function around it, by its start (-1 outside of functions). ``home`` is the function whose local
    variable the owner is; -1 for a name that several functions can see (a member, a global).
    """

    call: AclCall
    head: Place
    arguments: tuple[Argument, ...] | None
    owner: str
    function: int
    branches: Branches
    home: int = -1


class _Said(NamedTuple):
    """The value of one setting in calls, None if it is unknown, and its location."""

    value: Value | None
    place: Place


def settings_of_sites(sites: Sequence[Site], shared: Iterable[tuple[int, str]], model: str) -> tuple[Settings, ...]:
    """The run-time settings that calls make, in their order.

    ``shared`` are aipp sets (function, owner) that escape to other code, which may set them, too.
    """
    groups: dict[tuple[int, str], list[Site]] = {}
    sizes: list[Site] = []
    for site in sites:
        if site.call is SET_HW_SIZE:
            sizes.append(site)
        elif site.owner:
            groups.setdefault((site.function, site.owner), []).append(site)
    groups = {key: group for key, group in groups.items() if any(_sets(site) for site in group)}
    open_sets = {*shared, *_elsewhere(groups)}
    found: list[tuple[int, Settings]] = []
    used: set[int] = set()
    for key, group in groups.items():
        own = [index for index, site in enumerate(sizes) if site.function == key[0]]
        own = own or ([0] if len(sizes) == 1 else [])
        used.update(own)
        settings = _together(group, [sizes[index] for index in own], complete=key not in open_sets, model=model)
        found.append((settings.head.span.start, settings))
    for index, site in enumerate(sizes):
        if index not in used:
            found.append((site.head.span.start, _together([], [site], complete=True, model=model)))
    found.sort(key=lambda pair: pair[0])
    return tuple(settings for _, settings in found)


def _sets(site: Site) -> bool:
    """Whether a call makes settings: to create a set, pass it on and destroy it does not."""
    return site.call is not CREATE and any(path not in _NOT_OF_IMAGES for path in site.call.parameters)


def _elsewhere(groups: Mapping[tuple[int, str], list[Site]]) -> Iterator[tuple[int, str]]:
    """Sets that are not created in the function that sets them, or are set in several functions.

    Local variables of two functions are two sets, whatever their names.
    """
    functions: dict[tuple[int, str], set[int]] = {}
    for (function, owner), group in groups.items():
        if not any(site.call is CREATE for site in group):
            functions.setdefault((group[0].home, owner), set()).add(function)
            yield function, owner
    for (function, owner), group in groups.items():
        if functions.get((group[0].home, owner), set()) - {function}:
            yield function, owner


def _together(group: Sequence[Site], sizes: Sequence[Site], *, complete: bool, model: str) -> Settings:
    """The calls on one set, and those that set the size of the model's input, as one."""
    calls = sorted((*group, *sizes), key=lambda site: site.head.span.start)
    base = _base(group)
    said: dict[Path, _Said] = {}
    for site in calls:
        for path, one in _said_by(site):
            now = one.value if _certain(site, base, complete=complete) else None
            before = said.get(path)
            if before is None:
                said[path] = _Said(now, one.place)
            elif before.value != now:
                said[path] = _Said(None, before.place)
    values, unknown = _document(said)
    if sizes:
        values.setdefault(HW_SIZE, {})
    else:
        unknown.add(HW_SIZE)
    if not complete:
        unknown.update({*GROUPS, "csc_switch"} - values.keys())
    places = {path: one.place for path, one in said.items()}
    head = calls[0].head
    if sizes:
        places.setdefault((HW_SIZE,), sizes[0].head)
    swaps = tuple(swap for site in calls for swap in _swaps(site))
    return Settings(Runtime(values, Places(places, head), frozenset(unknown), swaps), head, model)


def _certain(site: Site, base: Branches, *, complete: bool) -> bool:
    """Whether a call always happens if its set is created.

    A mandatory call that occurs once always happens; the model's size is what it is set to. Any other call under a
    condition of its own may be skipped.
    """
    required = site.call is SET_HW_SIZE or (complete and site.call in REQUIRED)
    return required or base[: len(site.branches)] == site.branches


def _base(group: Sequence[Site]) -> Branches:
    """The conditions under which a set is created; if that is unknown, the conditions that all its calls share."""
    made = next((site.branches for site in group if site.call is CREATE), None)
    if made is not None or not group:
        return made or ()
    base = group[0].branches
    for site in group[1:]:
        shared = 0
        while site.branches[: shared + 1] == base[: shared + 1] and shared < len(base):
            shared += 1
        base = base[:shared]
    return base


def _said_by(site: Site) -> Iterator[tuple[Path, _Said]]:
    """What one call sets. Of the images in a batch the first one is used; they must be alike."""
    parameters = site.call.parameters
    if site.arguments is None:
        for path in parameters:
            if path not in (SET, BATCH, OTHER):
                yield path, _Said(None, site.head)
        return
    pairs = list(zip(parameters, site.arguments, strict=True))
    if any(path == BATCH and type(argument.value) is int and argument.value > 0 for path, argument in pairs):
        return
    off = any(
        path[0] in GROUPS and is_switch(path) and setting(path, argument.value) is not True for path, argument in pairs
    )
    for path, argument in pairs:
        if path not in (SET, BATCH, OTHER) and not (off and len(path) > 1):
            yield path, _Said(setting(path, argument.value), argument.place)


def _document(said: Mapping[Path, _Said]) -> tuple[dict[str, Any], set[str]]:
    """Settings as in runtime.schema.json, and the keys of its first level in which something is unknown."""
    values: dict[str, Any] = {}
    unknown: set[str] = set()
    for path, one in said.items():
        key = path[0]
        switched = said.get((key,))
        if one.value is None:
            # A model has inputs in any order; where the index is not known, nothing is said about it.
            unknown.update({key} - {"input_rank"})
        elif key in GROUPS and len(path) == 1:
            if one.value:
                values.setdefault(key, {})
        elif len(path) == 1:
            values[key] = one.value
        elif key == HW_SIZE or (switched is not None and switched.value is True):
            values.setdefault(key, {})[path[1]] = one.value
    return values, unknown


def _swaps(site: Site) -> Iterator[Swap]:
    """Widths and heights that are handed over in the other order, going by their names."""
    call = site.call
    if site.arguments is None:
        return
    wanted = (WIDTH, HEIGHT) if call.order == "W, H" else (HEIGHT, WIDTH)
    for index in call.pairs:
        first, second = site.arguments[index : index + 2]
        same = first.value is not None and first.value == second.value
        if (side_of(second.name), side_of(first.name)) == wanted and not same:
            source, (start, end) = site.head
            place = Place(source, Span(first.place.span.start, second.place.span.end))
            yield Swap(source.text[start:end], call.order, first.name, second.name, place)
