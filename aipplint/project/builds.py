"""The builds and run-time settings of a configuration in its settings file and on the command line.

The command line overrides the settings: its options replace those of the same name in their builds, and one
of the profile options replaces any other, because ATC takes one only. Where the settings have no build for a file,
the command line makes one.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from aipplint.atc.build import Build
from aipplint.atc.options import CANN_VERSION, EXCLUSIVE, MODEL, Option, Options
from aipplint.errors import SettingsError, where
from aipplint.findings import clean
from aipplint.project.command import OPTIONS
from aipplint.project.models import Models
from aipplint.project.patterns import matches
from aipplint.project.reading import TooLarge, Unreadable, read_file
from aipplint.project.settings import MAX_SETTINGS, BuildTable, Selector, Settings, kebab, within_limits
from aipplint.records import NamedTuple
from aipplint.runtime.settings import Runtime, runtime_of_mapping
from aipplint.source import Source

if TYPE_CHECKING:
    from aipplint.project.locate import Locator

FoundUses = Sequence[tuple[Build, Runtime | None]]
"""Builds and run-time settings that were found in files around a configuration."""

_DEFAULTS = ("soc_version", CANN_VERSION)
"""Options that the settings may give once for all builds."""


class Configured(NamedTuple):
    """An interpreted build of the settings."""

    configs: tuple[Selector, ...]
    options: Options
    runtime: Runtime | None
    model_file: str


class Builds:
    """The builds of one settings file and of the command line."""

    def __init__(self, settings: Settings, flags: Options, runtime: Runtime | None, models: Models) -> None:
        self._settings = settings
        self._models = models
        self._flags = flags
        self._runtime = runtime
        self._defaults = _options(settings, settings.values, (), _DEFAULTS)
        release_option(settings)
        self._configured = tuple(_configured(settings, table) for table in settings.builds)
        self._by_path: dict[str, list[int]] = {}
        self._by_pattern: list[tuple[str, int]] = []
        for number, configured in enumerate(self._configured):
            for text in _anchored(configured.configs):
                self._note(text, number)

    def _note(self, text: str, number: int) -> None:
        """Note which configurations a build is for: a path finds it at once, a pattern is tried on every one."""
        if any(sign in text for sign in "*?["):
            self._by_pattern.append((text, number))
        named = os.path.normpath(os.path.join(self._settings.folder, text))
        # The path may be that of a link, here as well as where the configuration is named.
        for path in {named, os.path.realpath(named)}:
            self._by_path.setdefault(path, []).append(number)

    def configured(self, path: str) -> list[Configured]:
        """The builds of the settings for a configuration, given by its absolute path."""
        if not self._configured:
            return []
        numbers = {number for text, number in self._by_pattern if matches(text, self._settings.folder, path)}
        for named in (path, os.path.realpath(path), *_folders_above(path)):
            numbers.update(self._by_path.get(named, ()))
        return [self._configured[number] for number in sorted(numbers)]

    def uses_of(self, path: str, found: FoundUses = ()) -> list[tuple[Build, Runtime | None]]:
        """How the configuration at a path is used: how it is compiled, and how it is set at run time (if known).

        ``found`` is what the files around it show. It counts where the settings say nothing.
        """
        mine = self.configured(os.path.abspath(path))
        if mine:
            builds = (self.build(Build(c.options, model_file=c.model_file)) for c in mine)
            return [(build, self._runtime or c.runtime) for build, c in zip(builds, mine, strict=True)]
        if found:
            return [(self.build(build), self._runtime or runtime) for build, runtime in found]
        if not self._flags and not self._defaults and self._runtime is None:
            return []
        return [(self.build(Build({})), self._runtime)]

    def build(self, build: Build) -> Build:
        """A build with the options for all builds from the command line and the settings, and with its model."""
        if self._settings.values.get("commands-without-aipp"):
            build = build.with_advice()
        if self._flags or self._defaults:
            kept = build.options
            if any(name in EXCLUSIVE for name in self._flags):
                kept = {name: option for name, option in kept.items() if name not in EXCLUSIVE}
            typed = self._flags.get(MODEL)
            model_file = os.path.abspath(typed.value) if typed is not None and typed.value else ""
            build = build.with_options({**self._defaults, **kept, **self._flags}, model_file)
        return self._models.read(build)


def _anchored(configs: tuple[Selector, ...]) -> list[str]:
    """The paths of a build are relative to the settings file, even without a slash."""
    return [text if "/" in text else f"./{text}" for text, _ in configs]


def _folders_above(path: str) -> Iterator[str]:
    """The folders that a path lies in, from the nearest to the root."""
    while (above := os.path.dirname(path)) != path:
        yield above
        path = above


def _configured(settings: Settings, table: BuildTable) -> Configured:
    options = _options(settings, table.values, table.path, OPTIONS)
    given = table.values.get("runtime")
    runtime = None
    if given is not None and (locator := settings.locator(*table.path, "runtime")):
        runtime = _runtime(given, locator)
    model = table.values.get(MODEL)
    return Configured(table.configs, options, runtime, os.path.join(settings.folder, model) if model else "")


def release_option(settings: Settings) -> dict[str, Option]:
    """Return the release of CANN in the settings as an option. Raises SettingsError if it is not valid."""
    option = _options(settings, settings.values, (), (CANN_VERSION,))
    for given in option.values():
        check_release(given.value or "", f"{where(given.place)}: {kebab(CANN_VERSION)}")
    return option


def check_release(text: str, name: str) -> None:
    """Raise SettingsError if a text is no release of CANN; ``name`` is the key or option."""
    from aipplint.hardware.releases import release_of

    if release_of(text) is None:
        raise SettingsError(f"{name}: '{clean(text)}' is not a release of CANN; write it like 8.1.RC1 or 8.5.0")


def _options(
    settings: Settings, values: Mapping[str, Any], path: tuple[str | int, ...], names: tuple[str, ...]
) -> dict[str, Option]:
    found = {}
    for name in names:
        value = values.get(kebab(name))
        if value is not None:
            place, exact = settings.text_place(str(value), *path, kebab(name))
            found[name] = Option(name, str(value), place, exact)
    return found


def read_runtime(path: str) -> Runtime:
    """The run-time settings in a JSON file. Raises SettingsError if they are invalid."""
    import json

    from aipplint.project.locate import json_locator

    data = read_file(path, MAX_SETTINGS)
    if isinstance(data, Unreadable):
        raise SettingsError(f"{clean(path)}: cannot be read: {data.reason}")
    if isinstance(data, TooLarge):
        raise SettingsError(f"{clean(path)}: run-time settings have at most {MAX_SETTINGS:,} bytes, not {data.size:,}")
    with within_limits(path):
        try:
            source = Source(path, data.decode())
            values = json.loads(source.text)
        except UnicodeDecodeError:
            raise SettingsError(f"{clean(path)}: not UTF-8") from None
        except json.JSONDecodeError as error:
            raise SettingsError(f"{clean(path)}:{error.lineno}:{error.colno}: not valid JSON") from None
        return _runtime(values, json_locator(source, values, kebab))


def _runtime(values: Any, locator: Locator) -> Runtime:
    from aipplint.project.validation import check

    plain = _in_snake(values)
    check("runtime", plain, locator)
    return runtime_of_mapping(plain, locator.place)


def _in_snake(value: Any) -> Any:
    """Return the keys in the spelling of the schema of run-time settings."""
    if isinstance(value, dict):
        return {key.replace("-", "_"): _in_snake(part) for key, part in value.items()}
    return value
