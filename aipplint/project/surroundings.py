"""The files around a folder that git does not list: it is in no repository, git is absent or fails, or ignores it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from aipplint.project.border import top_of
from aipplint.project.file_cache import FileCache
from aipplint.project.repository import FileList, plain_files, walk
from aipplint.records import NamedTuple

MAX_IN_PROJECT = 100_000
"""Files and folders below the root of a repository or of settings that are listed; no wider search is made above."""
MAX_AROUND = 10_000
"""The limit of the same kind for a folder that only may be the root of a project."""
MAX_ABOVE = 1000
"""Maximum number of entries of the parent folder that are searched, without their contents."""


class _Base(NamedTuple):
    """A folder that may be searched with its contents. ``certain``: it is certainly the root of a project."""

    folder: str
    limit: int
    certain: bool = False


class Surroundings:
    """Lists the files around folders, each folder once.

    The widest of these is searched that is not too large: the repository that git cannot be asked about; the folder
    of the settings; the current folder; what was named; the folder alone. Where no project is known to begin, the
    files of the folder above count as well: a script beside the folder of its configurations is common.
    """

    def __init__(
        self, files: FileCache, excluded: Callable[[str], bool], settings_folder: Callable[[str], str]
    ) -> None:
        self._files = files
        self._excluded = excluded
        self._settings_folder = settings_folder
        self._named: tuple[str, ...] = ()
        self._below: dict[str, list[str] | None] = {}
        """The files below a folder, as relative paths; None if they are too many."""
        self._lists: dict[str, FileList] = {}
        self._around: dict[tuple[str, bool], FileList] = {}
        """The files around a folder, in a repository that does not count or not: many files ask for one folder."""
        self.too_large: dict[str, int] = {}
        """Folders in which a search was given up, and the limit."""

    def named(self, folders: Iterable[str]) -> None:
        """Note the folders (absolute) that the user named, or of which he named a file."""
        self._named = tuple(sorted(set(folders), key=len))
        self._around.clear()

    def walked(self, folder: str, paths: list[str]) -> None:
        """Note the files (paths from a folder, which is absolute) that a walk met."""
        self._below[folder] = paths
        self._around.clear()

    def of_folder(self, folder: str, *, ignored: bool) -> FileList:
        """The files around a folder (absolute). ``ignored``: it is in a repository, which does not count."""
        if (folder, ignored) not in self._around:
            self._around[folder, ignored] = self._search(folder, ignored=ignored)
        return self._around[folder, ignored]

    def _search(self, folder: str, *, ignored: bool) -> FileList:
        for base in self._bases(folder, ignored=ignored):
            if base.folder in self._lists:
                return self._lists[base.folder]
            paths = self._paths_below(base)
            if paths is not None:
                return self._listed(base, paths)
        alone = _Base(folder, 0)
        return self._listed(alone, _names(folder))

    def guessed(self, paths: Iterable[str]) -> list[str]:
        """The folders that were searched for some files, of those where no project is known to begin."""
        folders = {os.path.dirname(os.path.abspath(path)) for path in paths}
        guesses = [made.base for made in self._lists.values() if not made.certain]
        return [base for base in guesses if any(_is_below(folder, base) for folder in folders)]

    def _bases(self, folder: str, *, ignored: bool) -> Iterator[_Base]:
        here = os.getcwd()
        if not ignored:
            for root in (top_of(folder), self._settings_folder(folder)):
                if root and _is_below(folder, root):
                    yield _Base(root, MAX_IN_PROJECT, certain=True)
            if _is_below(folder, here) and os.path.dirname(here) != here:
                yield _Base(here, MAX_AROUND)
        for named in self._named:
            if _is_below(folder, named):
                # What was walked already, because it was named, has no limit.
                yield _Base(named, sys.maxsize if named in self._below else MAX_AROUND)
                break
        yield _Base(folder, MAX_AROUND)

    def _paths_below(self, base: _Base) -> list[str] | None:
        folder = base.folder
        if folder not in self._below:
            self._below[folder] = self._walk(base)
        return self._below[folder]

    def _walk(self, base: _Base) -> list[str] | None:
        paths: list[str] = []
        count = 0
        for here, entries in walk(base.folder, self._excluded, lambda *_: None):
            count += 1 + len(entries)
            if count > base.limit:
                self.too_large[base.folder] = base.limit
                return None
            below = os.path.relpath(here, base.folder)
            paths += [entry.name if below == "." else os.path.join(below, entry.name) for entry in entries]
        return paths

    def _listed(self, base: _Base, paths: list[str]) -> FileList:
        folder = base.folder
        above = os.path.dirname(folder)
        if base.certain or above == folder:
            made = plain_files(folder, paths, self._files, certain=base.certain)
        else:
            name = os.path.basename(folder)
            paths = [*_names(above), *(os.path.join(name, path) for path in paths)]
            made = plain_files(above, paths, self._files, base=folder)
        self._lists[folder] = made
        return made


def _is_below(folder: str, root: str) -> bool:
    """Whether a folder is another one or in it, by its name."""
    return os.path.join(folder, "").startswith(os.path.join(root, ""))


def _names(folder: str) -> list[str]:
    """The files in a folder that may be read, without links, which may lead anywhere."""
    from aipplint.readers.languages import may_be_read

    try:
        with os.scandir(folder) as entries:
            found = sorted(entry.name for entry in islice(entries, MAX_ABOVE) if entry.is_file(follow_symlinks=False))
    except OSError:
        return []
    return [name for name in found if may_be_read(name)]
