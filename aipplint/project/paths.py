"""Which file a path means that a file of the repository gives."""

from __future__ import annotations

import os
from functools import cached_property

from aipplint.project.border import RealPaths
from aipplint.project.repository import FileList


class Paths:
    """Resolves paths as far as that is possible without knowing who starts a script. All paths are absolute."""

    def __init__(self, file_list: FileList) -> None:
        self.root = file_list.root
        self._base = file_list.base
        self._real_paths = RealPaths()

    def folders(self, folder: str | None, file: str) -> list[str]:
        """The folders that a command in a file may be run in, after a ``cd`` to a folder."""
        here = os.path.dirname(file)
        bases = dict.fromkeys((here, os.path.dirname(here), self._base))
        inside = [base for base in bases if self.inside(base)]
        return [*(os.path.join(base, folder) for base in inside if folder), *inside]

    def inside(self, path: str) -> bool:
        """Whether a path leads into the repository."""
        return path == self.root or path.startswith(os.path.join(self.root, ""))

    def real(self, path: str) -> str:
        """A file by its own name, where a link in the repository leads to it."""
        real = self._real_paths.of_file(path)
        inside = real.startswith(self._real_root)
        return os.path.join(self.root, real[len(self._real_root) :]) if inside else os.path.normpath(path)

    @cached_property
    def _real_root(self) -> str:
        return os.path.join(os.path.realpath(self.root), "")
