"""Who starts a script, from which folder, and with which arguments."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cached_property

from aipplint.project.paths import Paths
from aipplint.project.readings import Readings
from aipplint.project.repository import is_starter
from aipplint.readers import languages
from aipplint.readers.extract import Call
from aipplint.records import NamedTuple


class FoundCall(NamedTuple):
    """A call of a script, the file that it was found in, and the kind of that."""

    call: Call
    caller: str
    kind: str


class Callers:
    """Who calls a script: candidates, wherever they are, and other scripts, documents and build files near it.

    Near are the folder of the script and all below it, the folders above it, and those beside any of these.
    """

    def __init__(self, readings: Readings, paths: Paths) -> None:
        self._readings = readings
        self._paths = paths
        self._calls: dict[str, list[FoundCall]] = {}
        self._starts: dict[str, tuple[str | None, ...]] = {}

    def of(self, script: str) -> list[FoundCall]:
        """The calls, in files around, of anything that has the name of a script, in the order of the files."""
        if languages.kind_of_name(script) not in ("", languages.SHELL):
            return []
        if script not in self._calls:
            name = os.path.basename(script)
            self._calls[script] = [
                FoundCall(call, path, reading.kind)
                for path in self._naming(script, name)
                if (reading := self._readings.of_file(path)) is not None
                for call in reading.extract.calls
                if os.path.basename(call.script) == name
            ]
        return self._calls[script]

    def starts(self, script: str) -> tuple[str | None, ...]:
        """The folders that others start a script in; None for one that cannot be known."""
        if script not in self._starts:
            found: dict[str | None, None] = {}
            for call, caller, _ in self.of(script):
                for start in map(os.path.normpath, self._paths.folders(call.folder, caller)):
                    called = os.path.normpath(os.path.join(start, call.script))
                    if called == script:
                        found[None if call.folder is None else start] = None
                    if os.path.isfile(called):
                        break
            self._starts[script] = tuple(found)
        return self._starts[script]

    def _naming(self, script: str, name: str) -> Iterator[str]:
        """The files around a script in which its name stands and, in other folders, that of its folder."""
        readings, folder = self._readings, os.path.dirname(script)
        near = (path for path in self._around(folder) if readings.is_included(path))
        for full in sorted({*readings.candidates, *map(readings.full, near)} - {script}):
            if readings.names(full, name):
                here = os.path.dirname(full)
                beside = os.path.join(here, "").startswith(os.path.join(folder, "")) or os.path.dirname(here) == folder
                if beside or folder == self._paths.root or readings.names(full, os.path.basename(folder)):
                    yield full

    def _around(self, folder: str) -> set[str]:
        """The files (of the list) near a folder that may start scripts."""
        here = os.path.relpath(folder, self._paths.root).replace(os.sep, "/").removeprefix(".")
        found: set[str] = set()
        for above in _upwards(here):
            found.update(self._starters.get(above, ()))
            for beside in self._folders_in.get(above, ()):
                found.update(self._starters[beside])
        below = here and f"{here}/"
        found.update(path for inner, paths in self._starters.items() if inner.startswith(below) for path in paths)
        return found

    @cached_property
    def _starters(self) -> dict[str, list[str]]:
        """The scripts and documents of each folder, which may start others."""
        found: dict[str, list[str]] = {}
        for path in self._readings.file_list.paths:
            if is_starter(path):
                found.setdefault(path.rpartition("/")[0], []).append(path)
        return found

    @cached_property
    def _folders_in(self) -> dict[str, list[str]]:
        """The folders with scripts or documents, by the folder that they are in."""
        found: dict[str, list[str]] = {}
        for folder in self._starters:
            if folder:
                found.setdefault(folder.rpartition("/")[0], []).append(folder)
        return found


def _upwards(folder: str) -> Iterator[str]:
    """A folder (its path from the root) and those above it, up to the root."""
    while folder:
        yield folder
        folder = folder.rpartition("/")[0]
    yield ""
