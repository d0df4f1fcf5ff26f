"""What the files of a repository say about its configurations: who builds them, and how they are set at run time.

Files are read once, and only those that can say something. Nothing is ever run.
"""

from __future__ import annotations

import os
import posixpath
from collections.abc import Callable, Sequence
from functools import cached_property

from aipplint.atc.words import Word
from aipplint.project.border import border_of, within
from aipplint.project.links import Links
from aipplint.project.reading import TooLarge, read_file
from aipplint.project.recognise import is_candidate, is_configuration, is_named, shows_fields
from aipplint.project.repository import SKIPPED, Listing, begins_otherwise
from aipplint.project.resolved import (
    Said,
    builds_of,
    same_build,
    settings_of,
    tool_config,
)
from aipplint.readers import languages
from aipplint.readers.extract import BENCHMARK, NOTHING, Command, Extract, Settings, merged
from aipplint.source import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from aipplint.readers.benchmark_ini import ToolSettings

_SCRIPT = ".sh"
_EARLY = 500
_MOST_CALLS = 8
"""Calls of a script that are followed."""


class Index:
    """All that is said in a repository.

    ``excluded`` tells of paths that the settings leave out. Paths that are asked for and given are absolute.
    ``read`` is what was read before, by path.
    """

    def __init__(
        self,
        listing: Listing,
        excluded: Callable[[str], bool],
        shown: Callable[[str], str],
        read: dict[str, tuple[Source, str, Extract]] | None = None,
    ) -> None:
        self.listing = listing
        self.skipped: dict[str, int] = {}
        """Files that may say something but are too large to be read, with their size in bytes."""
        self.failures: dict[str, Exception] = {}
        """Files at which a reader failed, which is a mistake of aipplint."""
        self._entered: dict[str, bool] = {}
        self._excluded = excluded
        self._shown = shown
        self._read: dict[str, tuple[Source, str, Extract]] = read or {}

    # Files.

    @cached_property
    def configurations(self) -> tuple[str, ...]:
        """The AIPP configurations, by content, in order; one that links lead to by its own name."""
        found = []
        for path in filter(is_candidate, self.listing.paths):
            likely = is_named(path.rpartition("/")[2]) or path in self.listing.speaking
            if likely and self._counts(path):
                full = self._full(path)
                if os.path.isfile(full) and is_configuration(full):
                    found.append(self.real(full))
        return tuple(sorted(dict.fromkeys(found)))

    @cached_property
    def said(self) -> dict[str, Said]:
        """What is said, by the path of the file that says it, in order of path."""
        # Scripts first, as many as are read while git still looks into the other files.
        likely = [path for path in self.listing.paths if path.endswith(_SCRIPT)][:_EARLY]
        for path in filter(self._counts, likely):
            self._reading(self._full(path))
        for path in sorted(self.listing.speaking):
            if languages.may_be_read(path) and self._counts(path):
                self._reading(self._full(path))
        self._follow_calls()
        understood = {path: self.understood(path, *read) for path, read in sorted(self._read.items())}
        return {path: said for path, said in understood.items() if said.found or said.tool}

    def said_by(self, path: str, source: Source, *, anew: bool = False) -> Said:
        """What one file says, whose text is known: it may not be saved, or be none that was looked at.

        ``anew``: all places are in this source, and not in an equal one that was read before.
        """
        if not anew and "said" in self.__dict__ and (known := self.said.get(path)) and known.source.text == source.text:
            return known
        kind = languages.kind_of(path, source.text)
        found = self._found(kind, source, path)
        if not found:
            # Most files say nothing; then the others need not be read.
            return Said(source, kind, found, tool=_tool(source, kind))
        known = self.said.get(path)
        if known is not None and known.source.text == source.text and not anew:
            return known
        return self.understood(path, source, kind, found)

    def _counts(self, path: str) -> bool:
        """Whether a file is looked at: neither it nor a folder above it is excluded, and no link leads out."""
        full = self._full(path)
        return self.enters(path.rpartition("/")[0]) and not self._excluded(full) and within(full, self._border)

    def enters(self, folder: str) -> bool:
        """Whether the files of a folder (its path from the root) are looked at."""
        if folder not in self._entered:
            above, _, name = folder.rpartition("/")
            entered = not folder or (self.enters(above) and not self._excluded(self._full(folder)))
            self._entered[folder] = entered and name not in SKIPPED
        return self._entered[folder]

    def _full(self, path: str) -> str:
        return os.path.join(self.listing.root, *path.split("/"))

    def _reading(self, path: str) -> Extract:
        """What a file says; read once."""
        if path not in self._read:
            content = read_file(path)
            if isinstance(content, TooLarge):
                self.skipped[path] = content.size
            if not isinstance(content, bytes) or (not languages.kind_of_name(path) and not begins_otherwise(content)):
                return NOTHING
            source = Source.from_bytes(self._shown(path), content)
            kind = languages.kind_of(path, source.text)
            self._read[path] = source, kind, self._found(kind, source, path)
        return self._read[path][2]

    def _found(self, kind: str, source: Source, path: str, arguments: Sequence[Word] | None = None) -> Extract:
        """What a reader finds. One that fails says nothing, which is told (``failures``); the other files go on."""
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
        for path in self.listing.naming(list(dict.fromkeys(map(os.path.basename, waiting)))):
            if self._counts(path):
                self._reading(self._full(path))
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
                parts = [self._found(kind, source, path, words) for words in arguments[:_MOST_CALLS]]
                self._read[path] = source, kind, merged(parts)

    # What it means.

    def understood(self, path: str, source: Source, kind: str, found: Extract) -> Said:
        """What a reader found in a file, with the files that are meant by it."""
        shown = kind in languages.DOCUMENTS
        resolve = self.resolve_shown if shown else self.resolve
        builds = {same_build(build): build for build in builds_of(found, path, self.listing.root, resolve, shown=shown)}
        settings = settings_of(found, path, lambda command: self._tool_settings(command, path))
        return Said(source, kind, found, tuple(builds.values()), tuple(settings), _tool(source, kind))

    def lists(self, path: str) -> bool:
        """Whether a file is one of the repository's that are looked at."""
        if not self.inside(path):
            return False
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
                return self.real(candidate)
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
        meant = [self._full(p) for p in self.listing.paths if p.endswith(ending) and p.startswith(prefix)]
        there = [full for full in meant if os.path.isfile(full)]
        return there[0] if len(there) == 1 else found

    def real(self, path: str) -> str:
        """A file (absolute) by its own name, where a link in the repository leads to it."""
        real = os.path.realpath(path)
        inside = real.startswith(self._real_root)
        return os.path.join(self.listing.root, real[len(self._real_root) :]) if inside else os.path.normpath(path)

    @cached_property
    def _real_root(self) -> str:
        return os.path.join(os.path.realpath(self.listing.root), "")

    @cached_property
    def _border(self) -> str:
        return border_of(self.listing.root)

    def inside(self, path: str) -> bool:
        """Whether an absolute path leads into the repository."""
        root = self.listing.root
        return path == root or path.startswith(os.path.join(root, ""))

    def _tool_settings(self, command: Command, file: str) -> Settings | None:
        option = tool_config(command)
        path = self.resolve(option.value, command.folder, file) if option is not None and option.value else ""
        if not path or not within(path, self._border):
            return None
        return next(iter(self._reading(path).settings), None)

    # What belongs together.

    @cached_property
    def links(self) -> Links:
        """Which builds and run-time settings belong to which configuration."""
        return Links(self.listing.root, self.said, lambda: self.configurations)

    def told(self, path: str, said: Said) -> Index:
        """The same repository with what one file says in a text of its own, which may not be saved."""
        read = {**self._read, path: (said.source, said.kind, said.found)}
        index = Index(self.listing, self._excluded, self._shown, read)
        index.said = {**self.said, path: said}
        if said.kind == languages.INI:
            # Commands may name it.
            for other, (source, kind, found) in self._read.items():
                if any(command.program == BENCHMARK for command in found.commands):
                    index.said[other] = index.understood(other, source, kind, found)
        index.links = Links(self.listing.root, index.said, lambda: self.configurations)
        return index


def said_alone(path: str, source: Source) -> Said:
    """What one file says by itself, where nobody looks at others."""
    kind = languages.kind_of(path, source.text)
    found = languages.read(kind, source, os.path.abspath(path)) if kind else NOTHING
    settings = settings_of(found, path, lambda _: None)
    return Said(source, kind, found, settings=tuple(settings), tool=_tool(source, kind))


def _tool(source: Source, kind: str) -> ToolSettings | None:
    """The settings of the benchmark tool in an INI file: one that has the section, or at least the name and fields."""
    if kind != languages.INI:
        return None
    from aipplint.readers.benchmark_ini import tool_settings
    from aipplint.readers.ini import read_ini

    tool = tool_settings(read_ini(source))
    if tool.section is None and not _meant_for_tool(source):
        return None
    return tool


def _meant_for_tool(source: Source) -> bool:
    """Whether an INI file without the tool's section is named like its settings, and has their keys."""
    from aipplint.readers.mindspore_lite import is_converter

    named = is_named(os.path.basename(source.path)) and not is_converter(source.text)
    return named and shows_fields(source.text.encode(errors="replace"))
