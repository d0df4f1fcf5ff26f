"""Names of sources as the programs that read our reports want them: relative to the repository, with slashes."""

from __future__ import annotations

import os

from aipplint.report.texts import unicode


def is_file(path: str) -> bool:
    """Whether a source is a file, and not a command line, standard input or the options of a call."""
    return not (path.startswith("<") and path.endswith(">"))


def in_repository(path: str, root: str) -> str:
    """A path relative to the folder ``root``, which is resolved, as the path will be; one outside becomes absolute.

    Without a root, and for what is no file, the path as given, without ``./`` at its beginning.
    """
    if root and is_file(path):
        inside = os.path.join(root, "")
        for full in (os.path.realpath(path), os.path.abspath(path)):
            if full.startswith(inside):
                return _slashes(full[len(inside) :])
        return _slashes(os.path.abspath(path))
    return _slashes(os.path.normpath(path) if path.startswith(os.path.join(".", "")) else path)


def as_text(path: str, root: str) -> str:
    """The path of a file as Unicode text: a byte that is not UTF-8 is escaped."""
    return unicode(in_repository(path, root))


def as_uri(path: str, root: str) -> str:
    """The path of a file as a URI: a relative reference, or ``file:///...`` for what lies outside of the repository."""
    from urllib.parse import quote

    name = in_repository(path, root)
    absolute = is_file(path) and (os.path.isabs(name) or name.startswith("/"))
    quoted = quote(name.encode("utf-8", "surrogateescape"), safe="/")
    return f"file://{'' if quoted.startswith('/') else '/'}{quoted}" if absolute else quoted


def _slashes(path: str) -> str:
    return path.replace("\\", "/") if os.sep == "\\" else path
