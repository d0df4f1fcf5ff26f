"""Which repository a file belongs to, and what is said there about configurations."""

from __future__ import annotations

import os
from collections.abc import Callable
from itertools import islice

from aipplint.errors import internal_error
from aipplint.findings import clean
from aipplint.project.border import top_of
from aipplint.project.repository import Listing, git_listing, plain_listing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from aipplint.project.index import Index

_MOST = 1000
"""Entries of a folder that are looked at where there is no repository."""


class Indexes:
    """The index of every repository that was met.

    Outside of git, what was walked belongs together; for a file that nobody walked to, its folder and the one above.
    """

    def __init__(self, excluded: Callable[[str], bool], shown: Callable[[str], str]) -> None:
        self._excluded = excluded
        self._shown = shown
        self._tops: dict[str, str] = {}
        self._listings: dict[str, Listing | None] = {}
        self._indexes: dict[str, Index | None] = {}
        self._walked: list[str] = []

    def of_folder(self, folder: str) -> Index | None:
        """The index for the files of a folder (absolute); None where nothing around them can say anything."""
        known = [index for index in self._indexes.values() if index is not None and index.listing.knows(folder)]
        if known:
            # A repository inside another one that is checked belongs to it, and so does what a script that was named
            # builds in the folder above it.
            return min(known, key=lambda index: len(index.listing.root))
        listing = self.listing_of_folder(folder) or self.listing_of_folder(os.path.realpath(folder))
        if listing is not None:
            return self._index(listing.root, lambda: listing)
        for root in self._walked:
            if os.path.join(folder, "").startswith(os.path.join(root, "")):
                return self._indexes[root]
        return self._index(folder, lambda: _shallow(folder))

    def git_listing(self, top: str) -> Listing | None:
        """The files of a git repository, listed once."""
        if top not in self._listings:
            self._listings[top] = git_listing(top)
        return self._listings[top]

    def listing_of_folder(self, folder: str) -> Listing | None:
        """The listing of the git repository that a folder (absolute) is in.

        None where it is in none, and where git knows no file in it: it is ignored, and was named all the same.
        """
        top = self._top(folder)
        listing = self.git_listing(top) if top else None
        return listing if listing is not None and listing.knows(folder) else None

    def walked(self, root: str, paths: list[str]) -> None:
        """Keep the files (paths from the root) that a walk met outside of git."""
        self._walked.append(root)
        self._index(root, lambda: plain_listing(root, paths))

    def forget(self) -> None:
        """Read the files anew, whose text has changed; which ones there are stays as it was."""
        for root, index in self._indexes.items():
            self._indexes[root] = index and type(index)(index.listing, self._excluded, self._shown)

    def notes(self) -> list[str]:
        """What there is to say of files that could not be searched for builds, a line for each."""
        lines = []
        for index in (index for index in self._indexes.values() if index is not None):
            for path, size in index.skipped.items():
                lines.append(f"{self._shown(path)}: {size:,} bytes, not searched for builds")
            for path, error in index.failures.items():
                why = internal_error(error)
                lines.append(f"{self._shown(path)}: not searched for builds, {why}; please report it with the file")
        return sorted(map(clean, lines))

    def _index(self, root: str, listing: Callable[[], Listing | None]) -> Index | None:
        if root not in self._indexes:
            found = listing()
            self._indexes[root] = None
            if found is not None and (found.git or found.speaking):
                from aipplint.project.index import Index

                self._indexes[root] = Index(found, self._excluded, self._shown)
        return self._indexes[root]

    def _top(self, folder: str) -> str:
        if folder not in self._tops:
            self._tops[folder] = top_of(folder)
        return self._tops[folder]


def _shallow(folder: str) -> Listing | None:
    """What may be read in a folder and in the one above it."""
    from aipplint.readers.languages import may_be_read

    above = os.path.dirname(folder)
    names: list[str] = []
    for here in dict.fromkeys((above, folder)):
        try:
            with os.scandir(here) as entries:
                files = sorted(entry.name for entry in islice(entries, _MOST) if os.path.isfile(entry.path))
        except OSError:
            continue
        names += [os.path.relpath(os.path.join(here, name), above) for name in files if may_be_read(name)]
    return plain_listing(above, names)
