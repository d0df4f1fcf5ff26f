"""The index of a repository: files that reference configurations, their builds and run-time settings.

A file is interpreted when somebody asks for it. For one configuration these are the few that may concern it (Mentions);
for a whole repository all that may hold a command, a configuration or settings. Nothing is ever run.
"""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from aipplint.atc.words import Word
from aipplint.project.border import Border, border_of, within
from aipplint.project.callers import Callers
from aipplint.project.command import CONFIG
from aipplint.project.file_cache import FileCache
from aipplint.project.links import Links, is_dynamic
from aipplint.project.paths import Paths
from aipplint.project.readings import Reading, Readings
from aipplint.project.recognise import is_candidate, is_configuration, is_named, shows_fields
from aipplint.project.resolved import (
    FoundBuild,
    IndexedFile,
    builds_of,
    same_build,
    settings_of,
    tool_config,
)
from aipplint.readers import languages
from aipplint.readers.extract import BENCHMARK, NOTHING, Command, Extract, Settings, merged
from aipplint.source import Source
from aipplint.suggest import nearest

if TYPE_CHECKING:
    from aipplint.readers.benchmark_ini import ToolSettings

_SCRATCH = frozenset("tmp temp build out output outputs work".split())
"""Folders for what a script makes."""
MANY = 50
"""Files of a folder from which on all files of the repository are interpreted: most are asked for then."""
MAX_CALLS_FOLLOWED = 8
"""Calls of a script that are followed."""


def _is_scratch(path: str) -> bool:
    """Whether a relative path leads into a folder of files that are made and thrown away."""
    if os.path.isabs(path):
        return False
    folders = posixpath.normpath(path.replace("\\", "/")).split("/")[:-1]
    return any(folder in _SCRATCH for folder in folders)


class Index:
    """The files of a repository that reference configurations, with their references.

    Paths that are asked for and given are absolute. ``known`` are files that were interpreted before.
    """

    def __init__(self, readings: Readings, cache: FileCache, known: dict[str, IndexedFile] | None = None) -> None:
        self.readings = readings
        self.file_list = readings.file_list
        self._cache = cache
        self._paths = Paths(self.file_list)
        self._callers = Callers(readings, self._paths)
        self._files = known or {}
        self._links: dict[str, Links] = {}

    # Files.

    @property
    def configurations(self) -> tuple[str, ...]:
        """The AIPP configurations, by content, in order; one that links lead to by its own name."""
        return tuple(self._is_dynamic)

    @cached_property
    def _is_dynamic(self) -> dict[str, bool]:
        """The configurations, and whether they have dynamic AIPP."""
        found: dict[str, bool] = {}
        for path in filter(is_candidate, self.file_list.paths):
            likely = is_named(path.rpartition("/")[2]) or path in self.file_list.candidates
            if likely and self.readings.is_included(path):
                full = self.readings.full(path)
                if os.path.isfile(full) and is_configuration(full, self._cache.read):
                    found[self.real(full)] = is_dynamic(self._cache.read(full))
        return dict(sorted(found.items()))

    @cached_property
    def files(self) -> dict[str, IndexedFile]:
        """The files that reference configurations, or at which a reader failed, by path and in its order."""
        return self._told(path for path in self.readings.candidates if self.readings.mentions(path).speaks)

    def files_in(self, folder: str) -> dict[str, IndexedFile]:
        """Those of the files that lie in a folder, or below it."""
        inside = os.path.join(folder, "")
        paths = [path for path in self.readings.candidates if path.startswith(inside)]
        if self._is_whole or len(paths) > MANY:
            return {path: file for path, file in self.files.items() if path.startswith(inside)}
        return self._told(path for path in paths if self.readings.mentions(path).speaks)

    def builds_around(self, config: str) -> list[FoundBuild]:
        """The builds that may concern a configuration, and all in the files beside it, in order."""
        here = os.path.dirname(config)
        concerning = self.links_of_configuration(config).builds
        paths = (path for path in self._by_folder.get(here, ()) if self.readings.mentions(path).speaks)
        beside = [build for file in self._told(paths).values() for build in file.builds]
        elsewhere = (build for build in concerning if os.path.dirname(build.file) != here)
        return sorted((*elsewhere, *beside), key=lambda build: build.file)

    @cached_property
    def _by_folder(self) -> dict[str, list[str]]:
        """The candidates, by their folder."""
        found: dict[str, list[str]] = {}
        for path in self.readings.candidates:
            found.setdefault(os.path.dirname(path), []).append(path)
        return found

    @property
    def _is_whole(self) -> bool:
        """Whether all files are interpreted already."""
        return "files" in self.__dict__

    def _told(self, paths: Iterable[str]) -> dict[str, IndexedFile]:
        """Those of some files that reference something, or at which a reader failed."""
        files = {path: file for path in paths if (file := self._file(path)) is not None}
        failures = self.readings.failures
        return {path: file for path, file in files.items() if file.extract or file.tool or path in failures}

    def _file(self, path: str) -> IndexedFile | None:
        """What a file references, with the arguments that others give it; None where it cannot be read."""
        if path not in self._files:
            reading = self.readings.of_file(path)
            if reading is None:
                return None
            self._files[path] = self.resolved(path, self._with_arguments(path, reading))
        return self._files[path]

    def index_file(self, path: str, source: Source, *, anew: bool = False) -> IndexedFile:
        """Index one file whose text is known: it may not be saved, or be none of the repository's candidates.

        ``anew``: all places are in this source, and not in an equal one that was read before.
        """
        known = self.readings.source_of(path)
        if not anew and known is not None and known.text == source.text:
            return self._file(path) or self.resolved(path, Reading(source, "", NOTHING))
        reading = self.readings.of_text(path, source)
        if anew:
            return self.resolved(path, reading)
        self.readings.note(path, reading)
        return self._file(path) or self.resolved(path, reading)

    def source_of(self, path: str) -> Source | None:
        """The text of a file that was interpreted for the index; None for any other."""
        return self.readings.source_of(path)

    def _with_arguments(self, path: str, reading: Reading) -> Reading:
        """What a script says, if its commands depend on its arguments with those that the repository shows."""
        source, kind, extract = reading
        if not extract.positional or not (extract.commands or extract.configs or extract.settings):
            return reading
        arguments = list(dict.fromkeys(self._arguments(path)))[:MAX_CALLS_FOLLOWED]
        parts = [self.readings.extract(kind, source, path, words) for words in arguments]
        return reading._replace(extract=merged(parts)) if parts else reading

    def _arguments(self, script: str) -> Iterator[tuple[Word, ...]]:
        """The arguments that others call a script with."""
        for call, caller, kind in self._callers.of(script):
            if call.vague or (kind in languages.DOCUMENTS and not any(word.text for word in call.words)):
                continue  # A document that only mentions a script, or shows its usage, gives it no arguments.
            if self.resolve(call.script, call.folder, caller) == script:
                yield call.words

    # References.

    def resolved(self, path: str, reading: Reading) -> IndexedFile:
        """Resolve what a reader found in a file: the configurations and settings that are meant by it."""
        source, kind, extract = reading
        in_document = kind in languages.DOCUMENTS
        resolve = self.resolve_in_document if in_document else self.resolve
        found = builds_of(extract, path, self.file_list.base, resolve, in_document=in_document)
        builds = {same_build(build): build for build in found}
        settings = settings_of(extract, path, lambda command: self._tool_settings(command, path))
        return IndexedFile(source, kind, extract, tuple(builds.values()), tuple(settings), _tool(source, extract))

    def looked_for(self, build: FoundBuild) -> FoundBuild:
        """Add the paths that were tried, and a similar name, to a build whose configuration does not exist."""
        origin, option = build.build.origin, build.build.option(CONFIG)
        if build.config != "" or origin is None or option is None or not option.value:
            return build
        tried = self._tried(option.value, build.folder, build.file)
        below = (path for path in tried if path.startswith(os.path.join(self.file_list.base, "")))
        paths = (os.path.relpath(path, self.file_list.base).replace(os.sep, "/") for path in below)
        name = posixpath.basename(option.value.replace("\\", "/"))
        similar = nearest(name, sorted({os.path.basename(path) for path in self.configurations}))
        build.build.origin = origin._replace(tried=tuple(dict.fromkeys(paths)), similar=similar)
        return build

    def includes(self, path: str) -> bool:
        """Whether a file is one of the repository's that are looked at."""
        if not self.inside(path):
            return False
        relative = os.path.relpath(path, self.file_list.root).replace(os.sep, "/")
        return relative in self.file_list.known and self.readings.is_included(relative)

    def resolve(self, path: str, folder: str | None, file: str) -> str | None:
        """Resolve a path in a file; '' if the file does not exist, None if that is unknown.

        It is looked for where the working directory is known to be, then from the folder of the file, from the folder
        above that, and from the root of the repository: people start scripts from there; then from where other files
        start the file. What lies outside of the repository, by its path or through a link, may be there on the machine
        that the script is for.
        """
        candidates = _joined(self._paths.folders(folder, file), path)
        found = next(filter(os.path.isfile, candidates), "")
        if found:
            return self.real(found)
        candidates = self._tried(path, folder, file)
        found = next(filter(os.path.isfile, candidates), "")
        if found:
            return self.real(found)
        outside = os.path.isabs(folder or "") and not self.inside(os.path.normpath(folder or ""))
        unsure = outside or folder is None or None in self._callers.starts(file) or _is_scratch(path)
        named = list(filter(self.inside, candidates))
        elsewhere = any(not within(one, self.file_list.root) for one in named)
        return None if unsure or elsewhere or not named else ""

    def _tried(self, path: str, folder: str | None, file: str) -> list[str]:
        """The candidates for a path in a file (all absolute), the likeliest first."""
        started = [start for start in self._callers.starts(file) if start is not None]
        return _joined([*self._paths.folders(folder, file), *started], path)

    def resolve_in_document(self, path: str, folder: str | None, file: str) -> str | None:
        """Resolve a path in a document, which may say in words where the file is: the only one below it."""
        found = self.resolve(path, folder, file)
        if found or os.path.isabs(path):
            return found
        below = os.path.relpath(os.path.dirname(file), self.file_list.root).replace(os.sep, "/")
        prefix = "" if below == "." else f"{below}/"
        ending = posixpath.normpath(path).lstrip("./")
        named = self.file_list.named(posixpath.basename(ending))
        meant = [self.readings.full(p) for p in named if f"/{p}".endswith(f"/{ending}") and p.startswith(prefix)]
        there = [full for full in meant if os.path.isfile(full)]
        return there[0] if len(there) == 1 else found

    def real(self, path: str) -> str:
        """A file (absolute) by its own name, where a link in the repository leads to it."""
        return self._paths.real(path)

    def inside(self, path: str) -> bool:
        """Whether an absolute path leads into the repository."""
        return self._paths.inside(path)

    @cached_property
    def _border(self) -> Border:
        return Border(border_of(self.file_list.base))

    def _tool_settings(self, command: Command, file: str) -> Settings | None:
        option = tool_config(command)
        path = self.resolve(option.value, command.folder, file) if option is not None and option.value else ""
        reading = self.readings.of_file(path) if path and self._border.holds(path) else None
        return next(iter(reading.extract.settings), None) if reading is not None else None

    # What belongs together.

    @cached_property
    def links(self) -> Links:
        """Which builds and run-time settings belong to which configuration."""
        return self._links_of(self.files)

    def links_of_configuration(self, config: str) -> Links:
        """The links of one configuration: only what may concern it is interpreted."""
        if self._is_whole:
            return self.links
        if config not in self._links:
            self._links[config] = self._links_of(self._concerning(config))
        return self._links[config]

    def links_of_file(self, file: IndexedFile) -> Links:
        """The links of one file: only what may concern its builds and settings is interpreted."""
        if self._is_whole or any(settings.model for settings in file.settings):
            return self.links
        files = {build.file: file for build in file.builds}
        models = {build.model for build in file.builds} - {""}
        return self._links_of(self._with_settings(files, models) if models or file.settings else files)

    def _links_of(self, files: dict[str, IndexedFile]) -> Links:
        return Links(self.file_list.root, files, lambda: [path for path, found in self._is_dynamic.items() if found])

    def _concerning(self, config: str) -> dict[str, IndexedFile]:
        """The files that may concern a configuration: its builds, and the settings of the models that these make."""
        names = {os.fsencode(os.path.basename(path)) for path in (config, *self._links_to(config))}
        mentions = ((path, self.readings.mentions(path)) for path in self.readings.candidates)
        files = self._told(path for path, said in mentions if said.open or said.configurations & names)
        builds = (build for file in files.values() for build in file.builds)
        models = {build.model for build in builds if build.config == config} - {""}
        if models or is_dynamic(self._cache.read(config)):
            return self._with_settings(files, models)
        return files

    def _with_settings(self, files: dict[str, IndexedFile], models: set[str]) -> dict[str, IndexedFile]:
        """Some files, and those that set something at run time for some models, or do not say for which."""
        if any(settings.model in models for file in self._setting.values() for settings in file.settings):
            # Which of several models of that name is meant depends on all who make one.
            return self.files
        return dict(sorted({**self._setting, **files}.items()))

    @cached_property
    def _setting(self) -> dict[str, IndexedFile]:
        """The files that may hold run-time settings."""
        return self._told(path for path in self.readings.candidates if self.readings.mentions(path).sets)

    def _links_to(self, config: str) -> Iterator[str]:
        """The links in the repository that lead to a configuration, of those that commands name."""
        named = {name for path in self.readings.candidates for name in self.readings.mentions(path).configurations}
        for name in named - {os.fsencode(os.path.basename(config))}:
            for path in map(self.readings.full, self.file_list.named(os.fsdecode(name))):
                if os.path.islink(path) and self.real(path) == config:
                    yield path

    def with_overlay(self, path: str, file: IndexedFile) -> Index:
        """A copy of the index with one file on top, whose text may not be saved."""
        tells = file.kind == languages.INI
        known = {other: found for other, found in self._files.items() if not (tells and _runs_tool(found))}
        reading = Reading(file.source, file.kind, file.extract)
        index = Index(self.readings.with_text(path, reading), self._cache, {**known, path: file})
        if "_is_dynamic" in self.__dict__:
            index.__dict__["_is_dynamic"] = self._is_dynamic
        return index


def index_standalone(path: str, source: Source) -> IndexedFile:
    """Index one file by itself."""
    kind = languages.kind_of(path, source.text)
    extract = languages.read(kind, source, os.path.abspath(path)) if kind else NOTHING
    settings = settings_of(extract, path, lambda _: None)
    return IndexedFile(source, kind, extract, settings=tuple(settings), tool=_tool(source, extract))


def _joined(folders: Iterable[str], path: str) -> list[str]:
    """Return a path from each of some folders, once. No file has a null character in its name."""
    joined = (os.path.join(folder, path) for folder in folders)
    return list(dict.fromkeys(os.path.normpath(one) for one in joined if "\0" not in one))


def _runs_tool(file: IndexedFile) -> bool:
    """Whether a file has a run of the benchmark tool, which may name a file of settings."""
    return any(command.program == BENCHMARK for command in file.extract.commands)


def _tool(source: Source, extract: Extract) -> ToolSettings | None:
    """The settings of the benchmark tool in an INI file: one that has the section, or at least the name and fields."""
    if extract.ini is None:
        return None
    from aipplint.readers.benchmark_ini import tool_settings

    tool = tool_settings(extract.ini)
    if tool.section is None and not _meant_for_tool(source):
        return None
    return tool


def _meant_for_tool(source: Source) -> bool:
    """Whether an INI file without the tool's section is named like its settings, and has their keys."""
    from aipplint.readers.mindspore_lite import is_converter

    named = is_named(os.path.basename(source.path)) and not is_converter(source.text)
    return named and shows_fields(source.text.encode(errors="replace"))
