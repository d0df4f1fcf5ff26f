"""The sessions for the folders of documents, renewed if settings have changed on disk."""

from __future__ import annotations

import os
from collections.abc import Iterator

from aipplint.run.session import Request, Session

SETTINGS_FILES = ("aipplint.toml", "pyproject.toml")

_Stamp = tuple[tuple[str, int, int], ...]


class Projects:
    """Provides the session of each document, which equals that of the command line."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._known: dict[str, tuple[_Stamp, Session]] = {}

    def session(self, path: str) -> Session:
        """Return the session for a file. Raises SettingsError if its settings are invalid."""
        folder = os.path.dirname(os.path.abspath(path))
        stamp = tuple(self._stamps(folder))
        known = self._known.get(folder)
        if known is not None and known[0] == stamp:
            return known[1]
        session = Session(self._request)
        self._known[folder] = stamp, session
        return session

    def forget(self) -> None:
        """Discard the index of scripts and code, which may have changed."""
        self._known.clear()

    def _stamps(self, folder: str) -> Iterator[tuple[str, int, int]]:
        """Return each settings file that may apply to a folder, with its modification time and size."""
        for path in [self._request.config] if self._request.config else _above(folder):
            try:
                status = os.stat(path)
            except (OSError, ValueError):
                continue
            yield path, status.st_mtime_ns, status.st_size


def _above(folder: str) -> Iterator[str]:
    while True:
        for name in SETTINGS_FILES:
            yield os.path.join(folder, name)
        above = os.path.dirname(folder)
        if above == folder:
            return
        folder = above
