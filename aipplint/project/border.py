"""The border of a repository, which aipplint does not cross by links.

A repository may hold links to anything on the machine that looks at it. What lies outside is no part of it, and is
neither read nor written through them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator


def top_of(folder: str) -> str:
    """The root of the git repository around a folder (absolute); empty if there is none."""
    return next(_tops(folder), "")


def leads_out(path: str) -> bool:
    """Whether a file is in a repository by its path, but outside of it after all links are resolved.

    Raises OSError where the current folder is gone, and ValueError for a null character.
    """
    full = os.path.abspath(path)
    real = os.path.realpath(full)
    # Of repositories inside each other, none: the inner one may be a link itself.
    return real != full and not all(within(real, top) for top in _tops(os.path.dirname(full)))


def border_of(folder: str) -> str:
    """The folder that contains all files that may be used for a folder.

    That is its repository; where there is none, the current folder if it is inside of that, or else itself.
    """
    full, here = os.path.abspath(folder), os.getcwd()
    return top_of(full) or (here if full == here or within(full, here) else full)


def within(path: str, folder: str) -> bool:
    """Whether a file lies in a folder once all links are followed."""
    return os.path.realpath(path).startswith(os.path.join(os.path.realpath(folder), ""))


class RealPaths:
    """Resolves links like os.path.realpath, but those of a folder only once for all its files.

    What it followed it remembers: it is for one look at a repository, not for longer.
    """

    def __init__(self) -> None:
        self._folders: dict[str, str] = {}

    def of_folder(self, path: str) -> str:
        """The absolute path of a folder once all links are followed."""
        if path not in self._folders:
            self._folders[path] = os.path.realpath(path)
        return self._folders[path]

    def of_file(self, path: str) -> str:
        """The absolute path of a file once all links are followed."""
        folder, name = os.path.split(path)
        # Windows gives a file several names (short ones, in any case) that are no links.
        if name in ("", ".", "..") or os.name == "nt":
            return os.path.realpath(path)
        full = os.path.join(self.of_folder(folder), name)
        return os.path.realpath(full) if os.path.islink(full) else full


class Border:
    """Answers ``within`` for many files. Files that are read are checked again (``leads_out``)."""

    def __init__(self, folder: str) -> None:
        self._real = RealPaths()
        self._inside = os.path.join(self._real.of_folder(folder), "")

    def holds(self, path: str) -> bool:
        """Whether a file lies in the folder once all links are followed."""
        return self._real.of_file(path).startswith(self._inside)


def _tops(folder: str) -> Iterator[str]:
    """The roots of the repositories that a folder is in, from the innermost."""
    while True:
        if os.path.exists(os.path.join(folder, ".git")):
            yield folder
        above = os.path.dirname(folder)
        if above == folder:
            return
        folder = above
