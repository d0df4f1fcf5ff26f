"""What the files of a repository say about its configurations: who builds them, and how they are set at run time.

Files are read once, and only those that can say something. Nothing is ever run.
"""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Callable, Sequence
from functools import cached_property

from aipplint.atc.build import Build
from aipplint.atc.options import IMAGE
from aipplint.atc.words import Word
from aipplint.project.discovery import is_candidate, is_configuration, is_named
from aipplint.project.found import (
    FoundBuild,
    FoundSettings,
    builds_of,
    same_build,
    settings_of,
    tool_config,
)
from aipplint.project.reading import TooLarge, read_file
from aipplint.project.repository import SKIPPED, Listing, begins_otherwise
from aipplint.readers import kinds
from aipplint.readers.found import BENCHMARK, NOTHING, Command, Found, Settings, merged
from aipplint.records import NamedTuple
from aipplint.runtime.settings import Runtime
from aipplint.source import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from aipplint.readers.tool_settings import ToolSettings

_DYNAMIC = rb"\baipp_mode\s*:\s*(?:dynamic|2)\b"
_SCRIPT = ".sh"
_EARLY = 500
_MOST_CALLS = 8
"""Calls of a script that are followed."""


class Said(NamedTuple):
    """A file that says something: its source, its kind, what a reader found, and that understood.

    ``tool`` is there for a settings file of the benchmark tool.
    """

    source: Source
    kind: str
    found: Found
    builds: tuple[FoundBuild, ...] = ()
    settings: tuple[FoundSettings, ...] = ()
    tool: ToolSettings | None = None


class Index:
    """All that is said in a repository.

    ``excluded`` tells of paths that the settings leave out. Paths that are asked for and given are absolute.
    """

    def __init__(self, listing: Listing, excluded: Callable[[str], bool], shown: Callable[[str], str]) -> None:
        self.listing = listing
        self.skipped: dict[str, int] = {}
        """Files that may say something but are too large to be read, with their size in bytes."""
        self.failures: dict[str, Exception] = {}
        """Files at which a reader failed, which is a mistake of aipplint."""
        self._entered: dict[str, bool] = {}
        self._excluded = excluded
        self._shown = shown
        self._read: dict[str, tuple[Source, str, Found]] = {}

    # Files.

    @cached_property
    def configurations(self) -> tuple[str, ...]:
        """The AIPP configurations, by name or by content, in order."""
        found = []
        for path in filter(is_candidate, self.listing.paths):
            likely = is_named(path.rpartition("/")[2]) or path in self.listing.speaking
            if likely and self._counts(path):
                full = self._full(path)
                if os.path.isfile(full) and is_configuration(full):
                    found.append(full)
        return tuple(sorted(found))

    @cached_property
    def said(self) -> dict[str, Said]:
        """What is said, by the path of the file that says it, in order of path."""
        # Scripts first, as many as are read while git still looks into the other files.
        likely = [path for path in self.listing.paths if path.endswith(_SCRIPT)][:_EARLY]
        for path in filter(self._counts, likely):
            self._reading(self._full(path))
        for path in sorted(self.listing.speaking):
            if kinds.may_be_read(path) and self._counts(path):
                self._reading(self._full(path))
        self._follow_calls()
        understood = {path: self._understood(path, *read) for path, read in sorted(self._read.items())}
        return {path: said for path, said in understood.items() if said.found or said.tool}

    def said_by(self, path: str, source: Source, *, anew: bool = False) -> Said:
        """What one file says, whose text is known: it may not be saved, or be none that was looked at.

        ``anew``: all places are in this source, and not in an equal one that was read before.
        """
        if not anew and "said" in self.__dict__ and (known := self.said.get(path)) and known.source.text == source.text:
            return known
        kind = kinds.kind_of(path, source.text)
        found = self._found(kind, source, path)
        if not found:
            # Most files say nothing; then the others need not be read.
            return Said(source, kind, found, tool=_tool(source, kind))
        known = self.said.get(path)
        if known is not None and known.source.text == source.text and not anew:
            return known
        return self._understood(path, source, kind, found)

    def _counts(self, path: str) -> bool:
        """Whether a file is looked at: neither it nor a folder above it is excluded."""
        return self.enters(path.rpartition("/")[0]) and not self._excluded(self._full(path))

    def enters(self, folder: str) -> bool:
        """Whether the files of a folder (its path from the root) are looked at."""
        if folder not in self._entered:
            above, _, name = folder.rpartition("/")
            entered = not folder or (self.enters(above) and not self._excluded(self._full(folder)))
            self._entered[folder] = entered and name not in SKIPPED
        return self._entered[folder]

    def _full(self, path: str) -> str:
        return os.path.join(self.listing.root, *path.split("/"))

    def _reading(self, path: str) -> Found:
        """What a file says; read once."""
        if path not in self._read:
            content = read_file(path)
            if isinstance(content, TooLarge):
                self.skipped[path] = content.size
            if not isinstance(content, bytes) or (not kinds.kind_of_name(path) and not begins_otherwise(content)):
                return NOTHING
            source = Source.from_bytes(self._shown(path), content)
            kind = kinds.kind_of(path, source.text)
            self._read[path] = source, kind, self._found(kind, source, path)
        return self._read[path][2]

    def _found(self, kind: str, source: Source, path: str, arguments: Sequence[Word] | None = None) -> Found:
        """What a reader finds. One that fails says nothing, which is told (``failures``); the other files go on."""
        try:
            return kinds.read(kind, source, path, arguments) if kind else NOTHING
        except Exception as error:
            self.failures[path] = error
            return NOTHING

    def _follow_calls(self) -> None:
        """Read scripts whose commands depend on their arguments with those that the repository shows."""
        waiting = [path for path, (_, _, found) in self._read.items() if found.positional]
        if not waiting:
            return
        for path in self.listing.naming(list(dict.fromkeys(map(os.path.basename, waiting)))):
            if self._counts(path):
                self._reading(self._full(path))
        calls: dict[str, list[tuple[Word, ...]]] = {path: [] for path in waiting}
        for caller, (_, _, found) in list(self._read.items()):
            for call in found.calls:
                called = self.resolve(call.script, call.folder, caller)
                if called is not None and called in calls and call.words not in calls[called]:
                    calls[called].append(call.words)
        for path, arguments in calls.items():
            if arguments:
                source, kind, _ = self._read[path]
                parts = [self._found(kind, source, path, words) for words in arguments[:_MOST_CALLS]]
                self._read[path] = source, kind, merged(parts)

    # What it means.

    def _understood(self, path: str, source: Source, kind: str, found: Found) -> Said:
        shown = kind in kinds.DOCUMENTS
        resolve = self.resolve_shown if shown else self.resolve
        builds = {same_build(build): build for build in builds_of(found, path, self.listing.root, resolve, shown=shown)}
        settings = settings_of(found, path, lambda command: self._tool_settings(command, path))
        return Said(source, kind, found, tuple(builds.values()), tuple(settings), _tool(source, kind))

    def lists(self, path: str) -> bool:
        """Whether a file is one of the repository's that are looked at."""
        relative = os.path.relpath(path, self.listing.root).replace(os.sep, "/")
        return relative in self._paths and self._counts(relative)

    @cached_property
    def _paths(self) -> frozenset[str]:
        return frozenset(self.listing.paths)

    def resolve(self, path: str, folder: str | None, file: str) -> str | None:
        """The file that is meant by a path in another file; '' where it is not there, None where that cannot be known.

        It is looked for where the working directory is known to be, then from the folder of the file, from the folder
        above that, and from the root of the repository: people start scripts from there. What lies outside of the
        repository may be there on the machine that the script is for.
        """
        here = os.path.dirname(file)
        bases = dict.fromkeys((here, os.path.dirname(here), self.listing.root))
        inside = [base for base in bases if self.inside(base)]
        folders = [os.path.join(base, folder) for base in inside] if folder else []
        candidates = [os.path.normpath(os.path.join(base, path)) for base in (*folders, *inside)]
        for candidate in candidates:
            if os.path.isfile(candidate):
                return candidate
        outside = os.path.isabs(folder or "") and not self.inside(os.path.normpath(folder or ""))
        return None if outside or folder is None or not any(map(self.inside, candidates)) else ""

    def resolve_shown(self, path: str, folder: str | None, file: str) -> str | None:
        """The same for a document, which may say in words where the file is: the only one of that path below counts."""
        found = self.resolve(path, folder, file)
        if found or os.path.isabs(path):
            return found
        below = os.path.relpath(os.path.dirname(file), self.listing.root).replace(os.sep, "/")
        prefix = "" if below == "." else f"{below}/"
        ending = "/" + posixpath.normpath(path).lstrip("./")
        meant = [p for p in self.listing.paths if p.endswith(ending) and p.startswith(prefix)]
        return self._full(meant[0]) if len(meant) == 1 else found

    def inside(self, path: str) -> bool:
        """Whether an absolute path leads into the repository."""
        root = self.listing.root
        return path == root or path.startswith(os.path.join(root, ""))

    def _tool_settings(self, command: Command, file: str) -> Settings | None:
        option = tool_config(command)
        path = self.resolve(option.value, command.folder, file) if option is not None and option.value else ""
        if not path or not self.inside(path):
            return None
        return next(iter(self._reading(path).settings), None)

    # Questions.

    @cached_property
    def builds(self) -> tuple[FoundBuild, ...]:
        """All builds, in the order of the files that show them."""
        return tuple(build for said in self.said.values() for build in said.builds)

    @cached_property
    def _builds_by_config(self) -> dict[str, list[FoundBuild]]:
        by_config: dict[str, list[FoundBuild]] = {}
        for build in self.builds:
            if build.config:
                by_config.setdefault(build.config, []).append(build)
        return by_config

    @cached_property
    def settings(self) -> tuple[FoundSettings, ...]:
        """All run-time settings. A file of the benchmark tool that a command names counts with that command."""
        named = {
            settings.head
            for said in self.said.values()
            for settings in said.settings
            if any(command.program == BENCHMARK for command in said.found.commands)
        }
        return tuple(
            settings
            for said in self.said.values()
            for settings in said.settings
            if said.kind != kinds.INI or settings.head not in named
        )

    @cached_property
    def _settings_by_config(self) -> dict[str, list[FoundSettings]]:
        """Settings that say no model, by the configuration that they are for.

        That is the only one with dynamic AIPP in the folder where they stand, or in the nearest above that has any.
        """
        unnamed = [settings for settings in self.settings if not settings.model]
        by_config: dict[str, list[FoundSettings]] = {}
        if not unnamed:
            return by_config
        dynamic = [path for path in self.configurations if _is_dynamic(path)]
        for settings in unnamed:
            folder = os.path.dirname(settings.file)
            near: list[str] = []
            while not near and self.inside(folder):
                near = [path for path in dynamic if path.startswith(os.path.join(folder, ""))]
                folder = os.path.dirname(folder)
            if len(near) == 1:
                by_config.setdefault(near[0], []).append(settings)
        return by_config

    def builds_of(self, config: str) -> list[FoundBuild]:
        """The builds that use a configuration."""
        return self._builds_by_config.get(os.path.normpath(config), [])

    def concerned(self, said: Said) -> list[str]:
        """The configurations that a file says something about: those of its builds, and those of its settings."""
        found = dict.fromkeys(build.config for build in said.builds if build.config)
        for settings in said.settings:
            found |= dict.fromkeys(self.configurations_set_by(settings))
        return list(found)

    def configurations_set_by(self, settings: FoundSettings) -> list[str]:
        """The configurations that run-time settings are for."""
        if settings.model:
            return [build.config for build in self.builds if build.config and build.model == settings.model]
        by_config = self._settings_by_config.items()
        return [config for config, found in by_config if any(one.head == settings.head for one in found)]

    def settings_of(self, build: FoundBuild) -> list[FoundSettings]:
        """The run-time settings for the model that a build makes, or for its configuration."""
        named = [s for s in self.settings if s.model and s.model == build.model]
        unnamed = self._settings_by_config.get(build.config, []) if build.config else []
        # A size alone is set for a model with several, and may be another model's.
        if build.build.dynamic != IMAGE:
            unnamed = [s for s in unnamed if s.runtime.values.keys() - {"dynamic_hw_size"}]
        return named + unnamed

    def uses_of(self, config: str) -> list[tuple[Build, Runtime | None]]:
        """How a configuration is used: with every build, and every way in which that is set at run time."""
        builds = self.builds_of(config)
        if builds:
            return [use for build in builds for use in self.uses_of_build(build)]
        return [(Build({}), s.runtime) for s in self._settings_by_config.get(os.path.normpath(config), [])]

    def uses_of_build(self, build: FoundBuild) -> list[tuple[Build, Runtime | None]]:
        """The same for one build."""
        settings = self.settings_of(build)
        return [(build.build, s.runtime) for s in settings] or [(build.build, None)]


def _is_dynamic(path: str) -> bool:
    content = read_file(path)
    return isinstance(content, bytes) and re.search(_DYNAMIC, content) is not None


def said_alone(path: str, source: Source) -> Said:
    """What one file says by itself, where nobody looks at others."""
    kind = kinds.kind_of(path, source.text)
    found = kinds.read(kind, source, os.path.abspath(path)) if kind else NOTHING
    settings = settings_of(found, path, lambda _: None)
    return Said(source, kind, found, settings=tuple(settings), tool=_tool(source, kind))


def _tool(source: Source, kind: str) -> ToolSettings | None:
    """The settings of the benchmark tool in an INI file: one that has the section, or whose name promises it."""
    if kind != kinds.INI:
        return None
    from aipplint.readers.ini import read_ini
    from aipplint.readers.mindspore_lite import is_converter
    from aipplint.readers.tool_settings import tool_settings

    tool = tool_settings(read_ini(source))
    promised = is_named(os.path.basename(source.path)) and not is_converter(source.text)
    return tool if tool.section is not None or promised else None
