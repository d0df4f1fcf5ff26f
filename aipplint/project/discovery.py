"""Which files are AIPP configurations: by name, or by what stands in them."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator

from aipplint.project.reading import read_file

# Patterns stay texts, here and elsewhere: one that is compiled at import costs every run, used or not.
NAMED = r"(?i)(?:[^/]*(?:aipp|insert_op)[^/]*\.(?:cfg|conf|config|prototxt|pbtxt|txtpb|textproto)|.*\.ai?pp?config)\Z"
"""Names that say what is inside: the pattern of the pre-commit hook."""

_PLAUSIBLE = (".cfg", ".conf", ".config", ".prototxt", ".pbtxt", ".txtpb", ".textproto", ".textpb", ".aipp", ".json")
"""Suffixes of files that are worth a look inside. No .txt: data sets have a hundred thousand of them."""

_CONTENT = rb"(?:^|[\s,;\]}>])aipp_op\s*:?\s*(?:\[\s*)?[{<]"
"""The beginning of an operator: what no other file holds."""
_MODEST = 256 * 1024
"""Bytes up to which a file is opened only to see whether it is an AIPP configuration."""

_SKIPPED = frozenset(
    ".git .hg .svn .jj .bzr .venv .tox .nox .eggs .mypy_cache .ruff_cache .pytest_cache .hypothesis .idea .vscode "
    "__pycache__ node_modules site-packages".split()
)
_VIRTUALENV = "pyvenv.cfg"


def walk(
    folder: str, excluded: Callable[[str], bool], failed: Callable[[str, OSError], None]
) -> Iterator[tuple[str, list[str]]]:
    """Every folder below one (itself included), with the AIPP configurations in it; both in order of name.

    Links to folders are not followed, so that no loop is entered. Folders of version control, virtual environments and
    node_modules are left out. ``failed`` is told of folders that cannot be listed.
    """
    open_folders = [folder]
    while open_folders:
        here = open_folders.pop()
        try:
            with os.scandir(here) as listing:
                entries = sorted(listing, key=lambda entry: entry.name)
        except OSError as error:
            failed(here, error)
            continue
        if here != folder and any(entry.name == _VIRTUALENV for entry in entries):
            continue
        files: list[str] = []
        folders: list[str] = []
        for entry in entries:
            path = entry.name if here == "." else os.path.join(here, entry.name)
            if entry.is_dir(follow_symlinks=False):
                if entry.name not in _SKIPPED and not excluded(path):
                    folders.append(path)
            elif is_candidate(entry.name) and not excluded(path) and entry.is_file() and is_configuration(path):
                files.append(path)
        yield here, files
        open_folders.extend(reversed(folders))


def is_candidate(name: str) -> bool:
    """Whether a file of this name can be a configuration at all."""
    return name.lower().endswith(_PLAUSIBLE) or re.match(NAMED, name) is not None


def is_configuration(path: str) -> bool:
    """Whether a file is an AIPP configuration by its name, or else by its content."""
    if re.match(NAMED, os.path.basename(path)):
        return True
    content = read_file(path, _MODEST)
    return isinstance(content, bytes) and b"aipp_op" in content and re.search(_CONTENT, content) is not None
