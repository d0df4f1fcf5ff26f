"""What belongs to a repository: the border that no link of it leads across.

A repository may hold links to anything on the machine that looks at it. What lies outside is no part of it, and is
neither read nor written through them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator


def top_of(folder: str) -> str:
    """The root of the git repository that a folder (absolute) is in; empty where it is in none."""
    return next(_tops(folder), "")


def leads_out(path: str) -> bool:
    """Whether a file is in a repository by its name, and outside of it once all links are followed.

    Raises OSError where the current folder is gone, and ValueError for a null character.
    """
    full = os.path.abspath(path)
    real = os.path.realpath(full)
    # Of repositories inside each other, none: the inner one may be a link itself.
    return real != full and not all(within(real, top) for top in _tops(os.path.dirname(full)))


def border_of(folder: str) -> str:
    """The folder that what was found in a folder may lie in.

    That is its repository; where there is none, the current folder if it is inside of that, or else itself.
    """
    full, here = os.path.abspath(folder), os.getcwd()
    return top_of(full) or (here if full == here or within(full, here) else full)


def within(path: str, folder: str) -> bool:
    """Whether a file lies in a folder once all links are followed."""
    return os.path.realpath(path).startswith(os.path.join(os.path.realpath(folder), ""))


def _tops(folder: str) -> Iterator[str]:
    """The roots of the repositories that a folder is in, from the innermost."""
    while True:
        if os.path.exists(os.path.join(folder, ".git")):
            yield folder
        above = os.path.dirname(folder)
        if above == folder:
            return
        folder = above
