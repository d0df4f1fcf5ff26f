"""Which repository a file belongs to, and the index of each repository, made once."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from aipplint.errors import internal_error
from aipplint.findings import clean
from aipplint.project.border import RealPaths, top_of
from aipplint.project.file_cache import FileCache
from aipplint.project.repository import FileList, git_files
from aipplint.project.surroundings import Surroundings

if TYPE_CHECKING:
    from aipplint.project.index import Index


class Indexes:
    """The index of every repository that was met.

    What git does not list is looked for around a folder (Surroundings).
    """

    def __init__(
        self,
        files: FileCache,
        excluded: Callable[[str], bool],
        display_path: Callable[[str], str],
        settings_folder: Callable[[str], str],
    ) -> None:
        self._files = files
        self._excluded = excluded
        self._display_path = display_path
        self.surroundings = Surroundings(files, excluded, settings_folder)
        self._tops: dict[str, str] = {}
        self._real = RealPaths()
        self._file_lists: dict[str, FileList | None] = {}
        self._indexes: dict[str, Index | None] = {}

    def of_folder(self, folder: str) -> Index | None:
        """Return the index for the files of a folder (absolute); None if no file around them can have references."""
        known = [index for index in self._indexes.values() if index is not None and index.file_list.has_folder(folder)]
        if known:
            # A repository inside another one that is checked belongs to it, and so does what a script that was named
            # builds in the folder above it.
            return min(known, key=lambda index: len(index.file_list.root))
        file_list = self.files_of_folder(folder) or self.files_of_folder(self._real.of_folder(folder))
        if file_list is None:
            top = self._top(folder)
            ignored = bool(top) and self.git_files(top) is not None
            file_list = self.surroundings.of_folder(folder, ignored=ignored)
        return self._index(file_list)

    def git_files(self, top: str) -> FileList | None:
        """The files of a git repository, listed once."""
        if top not in self._file_lists:
            self._file_lists[top] = git_files(top, self._files)
        return self._file_lists[top]

    def files_of_folder(self, folder: str) -> FileList | None:
        """The files of the git repository that a folder (absolute) is in.

        None if it is in none, and where git knows no file in it: it is ignored, and was named all the same.
        """
        top = self._top(folder)
        file_list = self.git_files(top) if top else None
        return file_list if file_list is not None and file_list.has_folder(folder) else None

    def forget(self) -> None:
        """Read the files anew, whose text has changed; which ones there are stays as it was."""
        self._files.forget()
        self._real = RealPaths()
        for base, index in self._indexes.items():
            self._indexes[base] = index and self._made(index.file_list)

    def notes(self, reported: Collection[str] = (), unbuilt: Collection[str] = ()) -> list[str]:
        """Return a note for each file that could not be searched for builds.

        Failures in files of the names ``reported`` are findings already. ``unbuilt`` are configurations of which no
        build is known: those may be where nobody has looked.
        """
        lines = []
        for index in (index for index in self._indexes.values() if index is not None):
            for path, size in index.readings.skipped.items():
                lines.append(f"{self._display_path(path)}: {size:,} bytes, not searched for builds")
            for path, error in index.readings.failures.items():
                name, why = self._display_path(path), internal_error(error)
                if name not in reported:
                    lines.append(f"{name}: not searched for builds, {why}; please report it with the file")
        for folder, limit in self.surroundings.too_large.items():
            lines.append(f"{self._folder_name(folder)}: more than {limit:,} files, not searched for builds")
        for folder in self.surroundings.guessed(unbuilt):
            lines.append(f"not under git: only {self._folder_name(folder)} was searched for builds")
        return sorted(map(clean, lines))

    def _folder_name(self, folder: str) -> str:
        return os.path.join(self._display_path(folder), "")

    def _index(self, file_list: FileList) -> Index | None:
        base = file_list.base
        if base not in self._indexes:
            self._indexes[base] = None
            if file_list.git or file_list.candidates:
                self._indexes[base] = self._made(file_list)
        return self._indexes[base]

    def _made(self, file_list: FileList) -> Index:
        from aipplint.project.index import Index
        from aipplint.project.readings import Readings

        return Index(Readings(file_list, self._files, self._excluded, self._display_path), self._files)

    def _top(self, folder: str) -> str:
        if folder not in self._tops:
            self._tops[folder] = top_of(folder)
        return self._tops[folder]
