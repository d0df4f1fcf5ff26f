"""Which repository a file belongs to, and the index of each repository, made once."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection
from itertools import islice
from typing import TYPE_CHECKING

from aipplint.errors import internal_error
from aipplint.findings import clean
from aipplint.project.border import top_of
from aipplint.project.file_cache import FileCache
from aipplint.project.repository import FileList, git_files, plain_files

if TYPE_CHECKING:
    from aipplint.project.index import Index

_MAX_ENTRIES = 1000
"""Entries of a folder that are looked at where there is no repository."""


class Indexes:
    """The index of every repository that was met.

    Outside of git, what was walked belongs together; for a file that nobody walked to, its folder and the one above.
    """

    def __init__(self, files: FileCache, excluded: Callable[[str], bool], display_path: Callable[[str], str]) -> None:
        self._files = files
        self._excluded = excluded
        self._display_path = display_path
        self._tops: dict[str, str] = {}
        self._file_lists: dict[str, FileList | None] = {}
        self._indexes: dict[str, Index | None] = {}
        self._walked: list[str] = []

    def of_folder(self, folder: str) -> Index | None:
        """The index for the files of a folder (absolute); None where nothing around them can say anything."""
        known = [index for index in self._indexes.values() if index is not None and index.file_list.has_folder(folder)]
        if known:
            # A repository inside another one that is checked belongs to it, and so does what a script that was named
            # builds in the folder above it.
            return min(known, key=lambda index: len(index.file_list.root))
        file_list = self.files_of_folder(folder) or self.files_of_folder(os.path.realpath(folder))
        if file_list is not None:
            return self._index(file_list.root, lambda: file_list)
        for root in self._walked:
            if os.path.join(folder, "").startswith(os.path.join(root, "")):
                return self._indexes[root]
        return self._index(folder, lambda: _shallow(folder, self._files))

    def git_files(self, top: str) -> FileList | None:
        """The files of a git repository, listed once."""
        if top not in self._file_lists:
            self._file_lists[top] = git_files(top, self._files)
        return self._file_lists[top]

    def files_of_folder(self, folder: str) -> FileList | None:
        """The files of the git repository that a folder (absolute) is in.

        None where it is in none, and where git knows no file in it: it is ignored, and was named all the same.
        """
        top = self._top(folder)
        file_list = self.git_files(top) if top else None
        return file_list if file_list is not None and file_list.has_folder(folder) else None

    def walked(self, root: str, paths: list[str]) -> None:
        """Keep the files (paths from the root) that a walk met outside of git."""
        self._walked.append(root)
        self._index(root, lambda: plain_files(root, paths, self._files))

    def forget(self) -> None:
        """Read the files anew, whose text has changed; which ones there are stays as it was."""
        self._files.forget()
        for root, index in self._indexes.items():
            self._indexes[root] = index and type(index)(
                index.file_list, self._files, self._excluded, self._display_path
            )

    def notes(self, reported: Collection[str] = ()) -> list[str]:
        """What there is to say of files that could not be searched for builds, a line for each.

        Failures in files of these names are reported as findings.
        """
        lines = []
        for index in (index for index in self._indexes.values() if index is not None):
            for path, size in index.skipped.items():
                lines.append(f"{self._display_path(path)}: {size:,} bytes, not searched for builds")
            for path, error in index.failures.items():
                name, why = self._display_path(path), internal_error(error)
                if name not in reported:
                    lines.append(f"{name}: not searched for builds, {why}; please report it with the file")
        return sorted(map(clean, lines))

    def _index(self, root: str, file_list: Callable[[], FileList | None]) -> Index | None:
        if root not in self._indexes:
            found = file_list()
            self._indexes[root] = None
            if found is not None and (found.git or found.candidates):
                from aipplint.project.index import Index

                self._indexes[root] = Index(found, self._files, self._excluded, self._display_path)
        return self._indexes[root]

    def _top(self, folder: str) -> str:
        if folder not in self._tops:
            self._tops[folder] = top_of(folder)
        return self._tops[folder]


def _shallow(folder: str, files: FileCache) -> FileList | None:
    """What may be read in a folder and in the one above it."""
    from aipplint.readers.languages import may_be_read

    above = os.path.dirname(folder)
    names: list[str] = []
    for here in dict.fromkeys((above, folder)):
        try:
            with os.scandir(here) as entries:
                found = sorted(entry.name for entry in islice(entries, _MAX_ENTRIES) if os.path.isfile(entry.path))
        except OSError:
            continue
        names += [os.path.relpath(os.path.join(here, name), above) for name in found if may_be_read(name)]
    return plain_files(above, names, files)
