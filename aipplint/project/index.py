"""The index of a repository: files that reference configurations, their builds and run-time settings.

Files are read once, and only those that can say something. Nothing is ever run.
"""

from __future__ import annotations

import os
import posixpath
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from aipplint.atc.words import Word
from aipplint.project.border import Border, RealPaths, border_of, within
from aipplint.project.command import CONFIG
from aipplint.project.file_cache import FileCache
from aipplint.project.links import Links
from aipplint.project.reading import TooLarge
from aipplint.project.recognise import is_candidate, is_configuration, is_named, shows_fields
from aipplint.project.repository import SKIPPED, FileList, begins_otherwise, holds
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

_SCRIPT = ".sh"
MAX_READ_EARLY = 500
"""Scripts that are read while git still looks into the other files."""
_SCRATCH = frozenset("tmp temp build out output outputs work".split())
"""Folders for what a script makes."""
MAX_CALLS_FOLLOWED = 8
"""Calls of a script that are followed."""


Extracted = tuple[Source, str, Extract]
"""A file as it was read: its source, its kind, what a reader found in it."""


def _is_scratch(path: str) -> bool:
    """Whether a relative path leads into a folder of files that are made and thrown away."""
    if os.path.isabs(path):
        return False
    folders = posixpath.normpath(path.replace("\\", "/")).split("/")[:-1]
    return any(folder in _SCRATCH for folder in folders)


class Index:
    """The files of a repository that reference configurations, with their references.

    ``excluded`` tells of paths that the settings leave out, ``display_path`` how people see a path. Paths that are
    asked for and given are absolute. ``read`` is what was read before, by path.
    """

    def __init__(
        self,
        file_list: FileList,
        cache: FileCache,
        excluded: Callable[[str], bool],
        display_path: Callable[[str], str],
        read: dict[str, Extracted] | None = None,
    ) -> None:
        self.file_list = file_list
        self.skipped: dict[str, int] = {}
        """Files that may say something but are too large to be read, with their size in bytes."""
        self.failures: dict[str, Exception] = {}
        """Files at which a reader failed, which is a mistake of aipplint."""
        self._named: tuple[str, Extracted] | None = None
        self._entered: dict[str, bool] = {}
        self._real_paths = RealPaths()
        self._excluded = excluded
        self._display_path = display_path
        self._cache = cache
        self._read: dict[str, Extracted] = read or {}

    # Files.

    @cached_property
    def configurations(self) -> tuple[str, ...]:
        """The AIPP configurations, by content, in order; one that links lead to by its own name."""
        found = []
        for path in filter(is_candidate, self.file_list.paths):
            likely = is_named(path.rpartition("/")[2]) or path in self.file_list.candidates
            if likely and self._is_included(path):
                full = self._full(path)
                if os.path.isfile(full) and is_configuration(full, self._cache.read):
                    found.append(self.real(full))
        return tuple(sorted(dict.fromkeys(found)))

    @cached_property
    def files(self) -> dict[str, IndexedFile]:
        """The files that reference configurations, or at which a reader failed, by path and in its order."""
        # Scripts first, as many as are read while git still looks into the other files.
        likely = [path for path in self.file_list.paths if path.endswith(_SCRIPT)][:MAX_READ_EARLY]
        for path in filter(self._is_included, likely):
            self._extract_of(self._full(path))
        for path in sorted(self.file_list.candidates):
            if languages.may_be_read(path) and self._is_included(path):
                self._extract_of(self._full(path))
        self._follow_calls()
        files = {path: self.resolved(path, *read) for path, read in sorted(self._read.items())}
        return {path: file for path, file in files.items() if file.extract or file.tool or path in self.failures}

    def source_of(self, path: str) -> Source | None:
        """The text of a file that was read for the index; None for any other."""
        return self._read[path][0] if path in self._read else None

    def index_file(self, path: str, source: Source, *, anew: bool = False) -> IndexedFile:
        """Index one file whose text is known: it may not be saved, or be none of the repository's candidates.

        ``anew``: all places are in this source, and not in an equal one that was read before.
        """
        known = self.files.get(path) if "files" in self.__dict__ and not anew else None
        if known is not None and known.source.text == source.text:
            return known
        self._named = path, self._extracted(path, source)
        _, kind, extract = self._named[1]
        if not extract:
            # Most files reference nothing; then the others need not be read.
            return IndexedFile(source, kind, extract, tool=_tool(source, extract))
        known = self.files.get(path)
        if known is not None and known.source.text == source.text and not anew:
            return known
        return self.resolved(path, source, kind, extract)

    def _is_included(self, path: str) -> bool:
        """Whether a file is looked at: neither it nor a folder above it is excluded, and no link leads out."""
        full = self._full(path)
        return self.includes_folder(path.rpartition("/")[0]) and not self._excluded(full) and self.file_list.owns(path)

    def includes_folder(self, folder: str) -> bool:
        """Whether the files of a folder (its path from the root) are looked at."""
        if folder not in self._entered:
            above, _, name = folder.rpartition("/")
            entered = not folder or (self.includes_folder(above) and not self._excluded(self._full(folder)))
            self._entered[folder] = entered and name not in SKIPPED
        return self._entered[folder]

    def _full(self, path: str) -> str:
        return os.path.join(self.file_list.root, *path.split("/"))

    def _extract_of(self, path: str) -> Extract:
        """What a reader finds in a file; read once."""
        if path not in self._read:
            # What may be a configuration as well is looked at again.
            content = self._cache.read(path) if is_candidate(path) else self._cache.take(path)
            if isinstance(content, TooLarge):
                self.skipped[path] = content.size
            if not isinstance(content, bytes) or (not languages.kind_of_name(path) and not begins_otherwise(content)):
                return NOTHING
            source = Source.from_bytes(self._display_path(path), content)
            self._read[path] = self._first(path, source) or self._extracted(path, source)
        return self._read[path][2]

    def _first(self, path: str, source: Source) -> Extracted | None:
        """What was extracted of a file that the user named, before the others were read."""
        if self._named is None or self._named[0] != path:
            return None
        named = self._named[1]
        return named if (named[0].path, named[0].text) == (source.path, source.text) else None

    def _extracted(self, path: str, source: Source) -> Extracted:
        kind = languages.kind_of(path, source.text)
        return source, kind, self._extract(kind, source, path)

    def _extract(self, kind: str, source: Source, path: str, arguments: Sequence[Word] | None = None) -> Extract:
        """What a reader finds. One that fails finds nothing, which is noted (``failures``); the other files go on."""
        try:
            return languages.read(kind, source, path, arguments) if kind else NOTHING
        except Exception as error:
            self.failures[path] = error
            return NOTHING

    def _follow_calls(self) -> None:
        """Read scripts whose commands depend on their arguments with those that the repository shows."""
        waiting = [path for path, (_, _, found) in self._read.items() if found.positional]
        if not waiting:
            return
        names = list(dict.fromkeys(map(os.path.basename, waiting)))
        for path in filter(self._is_included, self.file_list.callers(names)):
            full = self._full(path)
            if full not in self._read and holds(self._cache.read(full), names):
                self._extract_of(full)
        calls: dict[str, list[tuple[Word, ...]]] = {path: [] for path in waiting}
        for caller, (_, kind, found) in list(self._read.items()):
            for call in found.calls:
                if call.vague or (kind in languages.DOCUMENTS and not any(word.text for word in call.words)):
                    continue  # A document that only mentions a script, or shows its usage, gives it no arguments.
                called = self.resolve(call.script, call.folder, caller)
                if called is not None and called in calls and call.words not in calls[called]:
                    calls[called].append(call.words)
        for path, arguments in calls.items():
            if arguments:
                source, kind, _ = self._read[path]
                parts = [self._extract(kind, source, path, words) for words in arguments[:MAX_CALLS_FOLLOWED]]
                self._read[path] = source, kind, merged(parts)

    # References.

    def resolved(self, path: str, source: Source, kind: str, extract: Extract) -> IndexedFile:
        """Resolve what a reader found in a file: the configurations and settings that are meant by it."""
        in_document = kind in languages.DOCUMENTS
        resolve = self.resolve_in_document if in_document else self.resolve
        found = builds_of(extract, path, self.file_list.base, resolve, in_document=in_document)
        builds = {same_build(build): self._looked_for(build, path) for build in found}
        settings = settings_of(extract, path, lambda command: self._tool_settings(command, path))
        return IndexedFile(source, kind, extract, tuple(builds.values()), tuple(settings), _tool(source, extract))

    def _looked_for(self, build: FoundBuild, file: str) -> FoundBuild:
        """Add the paths that were tried, and a similar name, to a build whose configuration does not exist."""
        origin, option = build.build.origin, build.build.option(CONFIG)
        if build.config != "" or origin is None or option is None or not option.value:
            return build
        tried = self._candidates(option.value, build.folder, file)
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
        return relative in self._paths and self._is_included(relative)

    @cached_property
    def _paths(self) -> frozenset[str]:
        return frozenset(self.file_list.paths)

    def resolve(self, path: str, folder: str | None, file: str) -> str | None:
        """Resolve a path in a file; '' if the file does not exist, None if that is unknown.

        It is looked for where the working directory is known to be, then from the folder of the file, from the folder
        above that, and from the root of the repository: people start scripts from there. What lies outside of the
        repository, by its path or through a link, may be there on the machine that the script is for.
        """
        candidates = self._candidates(path, folder, file)
        for candidate in candidates:
            if os.path.isfile(candidate):
                return self.real(candidate)
        outside = os.path.isabs(folder or "") and not self.inside(os.path.normpath(folder or ""))
        unsure = outside or folder is None or None in self._starts.get(file, ()) or _is_scratch(path)
        named = list(filter(self.inside, candidates))
        elsewhere = any(not within(one, self.file_list.root) for one in named)
        return None if unsure or elsewhere or not named else ""

    def _candidates(self, path: str, folder: str | None, file: str) -> list[str]:
        """Return the candidates for a path in a file (all absolute), the likeliest first.

        No file has a null character in its name.
        """
        started = [start for start in self._starts.get(file, ()) if start is not None]
        starts = [*self._folders(folder, file), *started]
        joined = (os.path.join(start, path) for start in starts)
        return list(dict.fromkeys(os.path.normpath(one) for one in joined if "\0" not in one))

    def _folders(self, folder: str | None, file: str) -> list[str]:
        """The folders (absolute) that a command in a file may be run in, after a ``cd`` to a folder."""
        here = os.path.dirname(file)
        bases = dict.fromkeys((here, os.path.dirname(here), self.file_list.base))
        inside = [base for base in bases if self.inside(base)]
        return [*(os.path.join(base, folder) for base in inside if folder), *inside]

    @cached_property
    def _starts(self) -> dict[str, tuple[str | None, ...]]:
        """The folders that others start a script in, by its path; None for one that is unknown."""
        found: dict[str, dict[str | None, None]] = {}
        calls = [(call, caller) for caller, (_, _, extract) in self._read.items() for call in extract.calls]
        for call, caller in calls:
            for start in map(os.path.normpath, self._folders(call.folder, caller)):
                script = os.path.normpath(os.path.join(start, call.script))
                if script in self._read:
                    found.setdefault(script, {})[None if call.folder is None else start] = None
                    break
        return {script: tuple(starts) for script, starts in found.items()}

    def resolve_in_document(self, path: str, folder: str | None, file: str) -> str | None:
        """Resolve a path in a document, which may say in words where the file is: the only one below it."""
        found = self.resolve(path, folder, file)
        if found or os.path.isabs(path):
            return found
        below = os.path.relpath(os.path.dirname(file), self.file_list.root).replace(os.sep, "/")
        prefix = "" if below == "." else f"{below}/"
        ending = "/" + posixpath.normpath(path).lstrip("./")
        meant = [self._full(p) for p in self.file_list.paths if p.endswith(ending) and p.startswith(prefix)]
        there = [full for full in meant if os.path.isfile(full)]
        return there[0] if len(there) == 1 else found

    def real(self, path: str) -> str:
        """A file (absolute) by its own name, where a link in the repository leads to it."""
        real = self._real_paths.of_file(path)
        inside = real.startswith(self._real_root)
        return os.path.join(self.file_list.root, real[len(self._real_root) :]) if inside else os.path.normpath(path)

    @cached_property
    def _real_root(self) -> str:
        return os.path.join(os.path.realpath(self.file_list.root), "")

    @cached_property
    def _border(self) -> Border:
        return Border(border_of(self.file_list.base))

    def inside(self, path: str) -> bool:
        """Whether an absolute path leads into the repository."""
        root = self.file_list.root
        return path == root or path.startswith(os.path.join(root, ""))

    def _tool_settings(self, command: Command, file: str) -> Settings | None:
        option = tool_config(command)
        path = self.resolve(option.value, command.folder, file) if option is not None and option.value else ""
        if not path or not self._border.holds(path):
            return None
        return next(iter(self._extract_of(path).settings), None)

    # What belongs together.

    @cached_property
    def links(self) -> Links:
        """Which builds and run-time settings belong to which configuration."""
        return Links(self.file_list.root, self.files, lambda: self.configurations, self._cache)

    def with_overlay(self, path: str, file: IndexedFile) -> Index:
        """A copy of the index with one file on top, whose text may not be saved."""
        read = {**self._read, path: (file.source, file.kind, file.extract)}
        index = Index(self.file_list, self._cache, self._excluded, self._display_path, read)
        index.files = {**self.files, path: file}
        if file.kind == languages.INI:
            # Commands may name it.
            for other, (source, kind, extract) in self._read.items():
                if any(command.program == BENCHMARK for command in extract.commands):
                    index.files[other] = index.resolved(other, source, kind, extract)
        index.links = Links(self.file_list.root, index.files, lambda: self.configurations, self._cache)
        return index


def index_standalone(path: str, source: Source) -> IndexedFile:
    """Index one file by itself."""
    kind = languages.kind_of(path, source.text)
    extract = languages.read(kind, source, os.path.abspath(path)) if kind else NOTHING
    settings = settings_of(extract, path, lambda _: None)
    return IndexedFile(source, kind, extract, settings=tuple(settings), tool=_tool(source, extract))


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
