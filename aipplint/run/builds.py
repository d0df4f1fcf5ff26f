"""The list of ``aipplint builds``: every known build with its location and its known options."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import Any

from aipplint.atc.build import Build
from aipplint.atc.options import Option
from aipplint.findings import Place
from aipplint.project.index import Index
from aipplint.readers import languages
from aipplint.records import NamedTuple
from aipplint.run.session import Session
from aipplint.run.targets import find_targets
from aipplint.runtime.settings import Runtime

SETTINGS, FOUND, OVERRIDDEN = "settings", "found", "overridden"
"""Location a build comes from; a found one is overridden where the settings have builds for its configuration."""

CONFIG_HERE, CONFIG_MISSING, CONFIG_ELSEWHERE = "here", "missing", "elsewhere"
CONFIG_HIDDEN, CONFIG_WRITTEN, CONFIG_NONE = "hidden", "written", "none"
"""What is known of the configuration: a file; not there; outside of the repository; not to be known; written out in the
same file; not given."""


class Location(NamedTuple):
    """A location as shown to users: path, line and column from 1."""

    path: str
    line: int
    column: int


class RuntimeRow(NamedTuple):
    """Run-time settings of a build: their location, their values, and the keys with unknown values."""

    where: Location
    values: dict[str, Any]
    unknown: tuple[str, ...]


class BuildRow(NamedTuple):
    """One build. ``options`` are the options of ATC with known values, ``unknown`` those with unknown values."""

    config: str
    state: str
    source: str
    where: Location | None
    kind: str
    options: dict[str, str]
    unknown: tuple[str, ...]
    profiles: tuple[str, ...]
    runtime: tuple[RuntimeRow, ...]


class BuildList(NamedTuple):
    """All rows in order, configurations that no build was found for, and files that were too large to be read."""

    rows: tuple[BuildRow, ...]
    unused: tuple[str, ...]
    skipped: tuple[tuple[str, int], ...]


def list_builds(session: Session, paths: Sequence[str]) -> BuildList:
    """The builds of the configurations and scripts that the user names, or that lie in a folder."""
    targets = find_targets(session, paths)
    indexes = dict.fromkeys(index for path in targets.paths if (index := session.index(path)))
    wanted = {os.path.abspath(path) for path in targets.paths}
    rows = [row for path in targets.configs for row in _of_settings(session, path)]
    for index in indexes:
        rows += _of_index(session, index, wanted)
    rows.sort(key=lambda row: (row.config == "", row.config, row.source != SETTINGS, row.where or Location("", 0, 0)))
    used = {row.config for row in rows}
    used |= {session.display_path(path) for index in indexes for path in index.files}
    unused = tuple(path for path in targets.configs if path not in used)
    skipped = tuple(
        (session.display_path(path), size) for index in indexes for path, size in sorted(index.readings.skipped.items())
    )
    return BuildList(tuple(rows), unused, tuple(skipped))


def _of_settings(session: Session, path: str) -> Iterator[BuildRow]:
    """Yield the builds of a configuration in the settings."""
    for configured in session.builds(path).configured(os.path.abspath(path)):
        where = _where(configured.configs[0].place)
        runtime = [_runtime(configured.runtime, configured.runtime.place())] if configured.runtime else []
        yield _row(path, CONFIG_HERE, SETTINGS, where, "settings", Build(configured.options), runtime)


def _of_index(session: Session, index: Index, wanted: set[str]) -> Iterator[BuildRow]:
    """Yield the discovered builds of the requested configurations and files."""
    for build in index.links.builds:
        if build.file not in wanted and build.config not in wanted:
            continue
        origin = build.build.origin
        assert origin is not None, "it was found somewhere"
        options = {name: _relative(session, index, option) for name, option in build.build.options.items()}
        readable = build.build.with_options(options)
        config, state = _configuration(session, readable, build.config, written=bool(build.texts))
        overridden = build.config and session.builds(build.config).configured(build.config)
        runtime = [_runtime(settings.runtime, settings.head) for settings in index.links.settings_of(build)]
        kind = languages.kind_of(build.file, origin.head.source.text)
        source = OVERRIDDEN if overridden else FOUND
        yield _row(config, state, source, _where(origin.head), kind, readable, runtime)


def _relative(session: Session, index: Index, option: Option) -> Option:
    """Return an option with an absolute path in the repository made relative."""
    if option.value and os.path.isabs(option.value) and index.inside(os.path.normpath(option.value)):
        return option._replace(value=session.display_path(os.path.normpath(option.value)))
    return option


def _configuration(session: Session, build: Build, config: str | None, *, written: bool) -> tuple[str, str]:
    """Return the name of a build's configuration, and its state."""
    option = build.option("insert_op_conf")
    if option is None:
        return "", CONFIG_NONE if build.complete or all(word.start for word in build.words) else CONFIG_HIDDEN
    if config:
        return session.display_path(config), CONFIG_HERE
    if option.value is None:
        return "", CONFIG_HIDDEN
    return option.value, CONFIG_WRITTEN if written else CONFIG_MISSING if config == "" else CONFIG_ELSEWHERE


def _row(
    config: str, state: str, source: str, where: Location, kind: str, build: Build, runtime: list[RuntimeRow]
) -> BuildRow:
    options = {name: option.value for name, option in build.options.items() if option.value is not None}
    unknown = tuple(name for name, option in build.options.items() if option.value is None)
    profiles = tuple(map(str, build.expanded_profiles))
    return BuildRow(config, state, source, where, kind, options, unknown, profiles, tuple(runtime))


def _runtime(runtime: Runtime, head: Place) -> RuntimeRow:
    return RuntimeRow(_where(head), dict(runtime.values), tuple(sorted(runtime.unknown)))


def _where(place: Place) -> Location:
    return Location(place.source.path, *place.source.position(place.span.start))
