"""Which builds and run-time settings belong to which configuration."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property

from aipplint.atc.build import Build
from aipplint.atc.options import IMAGE
from aipplint.project.reading import Content
from aipplint.project.resolved import FoundBuild, FoundSettings, IndexedFile
from aipplint.readers import languages
from aipplint.readers.extract import BENCHMARK
from aipplint.runtime.settings import Runtime

_DYNAMIC = rb"\baipp_mode\s*:\s*(?:dynamic|2)\b"


class Links:
    """The references of a repository, held together. Paths are absolute.

    ``dynamic`` finds the configurations with dynamic AIPP.
    """

    def __init__(self, root: str, files: Mapping[str, IndexedFile], dynamic: Callable[[], Sequence[str]]) -> None:
        self._root = root
        self._files = files
        self._find_dynamic = dynamic
        self._near: dict[str, str] = {}

    @cached_property
    def builds(self) -> tuple[FoundBuild, ...]:
        """All builds, in the order of the files that show them."""
        return tuple(build for file in self._files.values() for build in file.builds)

    @cached_property
    def _builds_by_config(self) -> dict[str, list[FoundBuild]]:
        by_config: dict[str, list[FoundBuild]] = {}
        for build in self.builds:
            if build.config:
                by_config.setdefault(build.config, []).append(build)
        return by_config

    @cached_property
    def _named_by_commands(self) -> dict[str, list[FoundSettings]]:
        """What runs of the benchmark tool take from a file that they name, by the file as it is shown."""
        named: dict[str, list[FoundSettings]] = {}
        for file in self._files.values():
            if any(command.program == BENCHMARK for command in file.extract.commands):
                for settings in file.settings:
                    named.setdefault(settings.head.source.path, []).append(settings)
        return named

    @cached_property
    def _settings(self) -> tuple[FoundSettings, ...]:
        """All run-time settings; those of a file that a run of the benchmark tool names count with that."""
        return tuple(
            settings
            for file in self._files.values()
            for settings in file.settings
            if file.kind != languages.INI or settings.head.source.path not in self._named_by_commands
        )

    @cached_property
    def _settings_by_model(self) -> dict[str, list[FoundSettings]]:
        by_model: dict[str, list[FoundSettings]] = {}
        for settings in self._settings:
            if settings.model:
                by_model.setdefault(settings.model, []).append(settings)
        return by_model

    @cached_property
    def _settings_by_config(self) -> dict[str, list[FoundSettings]]:
        """Settings that say no model, by the configuration that they are for."""
        by_config: dict[str, list[FoundSettings]] = {}
        for settings in self._settings:
            if not settings.model and (config := self._nearest_dynamic(os.path.dirname(settings.file))):
                by_config.setdefault(config, []).append(settings)
        return by_config

    def _nearest_dynamic(self, folder: str) -> str:
        """The only configuration with dynamic AIPP in a folder, or in the nearest above that has any; '' for none."""
        if folder not in self._near:
            near: list[str] = []
            for above in self._upwards(folder):
                near = [path for path in self._dynamic if path.startswith(os.path.join(above, ""))]
                if near:
                    break
            self._near[folder] = near[0] if len(near) == 1 else ""
        return self._near[folder]

    @cached_property
    def _dynamic(self) -> Sequence[str]:
        return self._find_dynamic()

    def _upwards(self, folder: str) -> Iterator[str]:
        """A folder of the repository and those above it, up to the root."""
        while folder == self._root or folder.startswith(os.path.join(self._root, "")):
            yield folder
            if folder == self._root:
                return
            folder = os.path.dirname(folder)

    def _makes(self, build: FoundBuild, settings: FoundSettings) -> bool:
        """Whether a build makes the model that run-time settings name.

        Many models have the same name. The one in the folder of the settings is meant, or else the nearest one: that in
        the nearest folder above which has any below it, unless these are made in several folders.
        """
        if build.model != settings.model:
            return False
        made, folder = self._folders_by_model[build.model], os.path.dirname(settings.file)
        if len(made) == 1 or folder in made:
            return len(made) == 1 or os.path.dirname(build.file) == folder
        for above in self._upwards(folder):
            near = {one for one in made if one == above or one.startswith(os.path.join(above, ""))}
            if near:
                return near == {os.path.dirname(build.file)}
        return False

    @cached_property
    def _builds_by_model(self) -> dict[str, list[FoundBuild]]:
        by_model: dict[str, list[FoundBuild]] = {}
        for build in self.builds:
            by_model.setdefault(build.model, []).append(build)
        return by_model

    @cached_property
    def _folders_by_model(self) -> dict[str, set[str]]:
        """The folders of the files that build a model, by its name."""
        made = self._builds_by_model.items()
        return {model: {os.path.dirname(build.file) for build in builds} for model, builds in made}

    def referenced_configs(self, file: IndexedFile) -> list[str]:
        """The configurations that a file references: those of its builds, and those that its settings are for."""
        found = dict.fromkeys(build.config for build in file.builds if build.config)
        for settings in file.settings:
            found |= dict.fromkeys(self.configurations_set_by(settings))
        return list(found)

    def configurations_set_by(self, settings: FoundSettings) -> list[str]:
        """The configurations that run-time settings are for."""
        if settings.model:
            builds = self._builds_by_model.get(settings.model, ())
            return [build.config for build in builds if build.config and self._makes(build, settings)]
        file = self._files.get(settings.file)
        runs = self._named_by_commands.get(settings.head.source.path, ())
        if file is not None and file.kind == languages.INI and runs:
            return list(dict.fromkeys(config for run in runs for config in self.configurations_set_by(run)))
        config = self._nearest_dynamic(os.path.dirname(settings.file))
        return [config] if config else []

    def settings_of(self, build: FoundBuild) -> list[FoundSettings]:
        """The run-time settings for the model that a build makes, or for its configuration."""
        named = [one for one in self._settings_by_model.get(build.model, ()) if self._makes(build, one)]
        unnamed = self._settings_by_config.get(build.config, []) if build.config else []
        # A size alone is set for a model with several, and may be another model's.
        if build.build.dynamic != IMAGE:
            unnamed = [one for one in unnamed if one.runtime.values.keys() - {"dynamic_hw_size"}]
        return named + unnamed

    def uses_of(self, config: str) -> list[tuple[Build, Runtime | None]]:
        """How a configuration is used: with every build, and every way in which that is set at run time."""
        builds = self._builds_by_config.get(config, ())
        if builds:
            return [use for build in builds for use in self.uses_of_build(build)]
        return [(Build({}), settings.runtime) for settings in self._settings_by_config.get(config, ())]

    def uses_of_build(self, build: FoundBuild) -> list[tuple[Build, Runtime | None]]:
        """How a configuration is used by one build: with every way in which it is set at run time."""
        settings = self.settings_of(build)
        return [(build.build, one.runtime) for one in settings] or [(build.build, None)]


def is_dynamic(content: Content) -> bool:
    """Whether a configuration has dynamic AIPP."""
    return isinstance(content, bytes) and re.search(_DYNAMIC, content) is not None
