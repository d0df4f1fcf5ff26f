"""Paths in reports: relative to the repository, with slashes."""

from __future__ import annotations

import os

from aipplint.report.texts import unicode


def is_file(path: str) -> bool:
    """Return whether a source is a file, and not a command line, standard input or the options of a call."""
    return not (path.startswith("<") and path.endswith(">"))


def in_repository(path: str, root: str) -> str:
    """Return a path relative to the folder ``root`` (resolved), with links resolved; absolute if it is outside.

    Without a root, and if the source is not a file, it is the path as given, without ``./`` at its beginning.
    """
    if root and is_file(path):
        inside = os.path.join(root, "")
        for full in (os.path.realpath(path), os.path.abspath(path)):
            if full.startswith(inside):
                return _slashes(full[len(inside) :])
        return _slashes(os.path.abspath(path))
    return _slashes(os.path.normpath(path) if path.startswith(os.path.join(".", "")) else path)


def as_text(path: str, root: str) -> str:
    """Return the path of a file as Unicode text, with bytes that are not UTF-8 escaped."""
    return unicode(in_repository(path, root))


def as_uri(path: str, root: str) -> str:
    """Return the path of a file as a URI: a relative reference, or ``file:///...`` outside of the repository."""
    from urllib.parse import quote

    name = in_repository(path, root)
    absolute = is_file(path) and (os.path.isabs(name) or name.startswith("/"))
    quoted = quote(name.encode("utf-8", "surrogateescape"), safe="/")
    return f"file://{'' if quoted.startswith('/') else '/'}{quoted}" if absolute else quoted


def _slashes(path: str) -> str:
    return path.replace("\\", "/") if os.sep == "\\" else path
