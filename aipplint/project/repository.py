"""The files of a repository, and the candidates that may contain builds.

Under git these are the tracked files and the untracked ones that are not ignored, and git itself looks for the words
that matter: it reads a repository faster than we could. Elsewhere the folders are walked.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property

from aipplint.project.border import Border, border_of
from aipplint.project.file_cache import FileCache
from aipplint.project.git import Git, answers
from aipplint.project.reading import Content, TooLarge
from aipplint.project.recognise import is_candidate

WORDS = (
    "aipp",
    "AIPP",
    "insert_op",
    "soc_version",
    "dynamic_image_size",
    "dynamic_batch_size",
    "dynamic_dims",
    "DynamicHWSize",
    "dynamic_hw_size",
    "dymHW",
    "dym-hw",
)
"""Each file about a build or about dynamic AIPP contains one of these."""

SKIPPED = frozenset(
    ".git .hg .svn .jj .bzr .venv .tox .nox .eggs .mypy_cache .ruff_cache .pytest_cache .hypothesis .idea .vscode "
    "__pycache__ node_modules site-packages".split()
)
"""Folders of version control and of tools."""
_VIRTUALENV = "pyvenv.cfg"
_FIRST_LINES = 100
"""Lines in which an INI file begins its first section."""
_STARTERS = (".sh", ".bash", ".zsh", ".ksh", ".md", ".rst", ".yml", ".yaml", ".mk")
_BUILD_FILES = ("akefile", "ockerfile")
"""How names of files end that start scripts, and what else stands in them."""
_GREP = ("-lzaF", "--untracked", "--no-color", "--no-recurse-submodules")


class FileList:
    """The files of a repository: paths from its root.

    ``candidates`` finds those that hold one of WORDS; under git it may still be at work, and is then waited for.
    """

    def __init__(
        self,
        root: str,
        paths: Sequence[str],
        candidates: Callable[[], Iterable[str]],
        *,
        git: bool,
        base: str = "",
        certain: bool = True,
    ) -> None:
        self.root = root
        self.base = base or root
        """The folder from which scripts are usually started: the root, or a folder in it if only single files were
        listed."""
        self.paths = paths
        self.git = git
        self.certain = certain
        """Whether the root is that of a repository or of settings; else it is a guess, and builds may lie elsewhere."""
        self._candidates = candidates

    @cached_property
    def candidates(self) -> frozenset[str]:
        """The files that may reference a configuration."""
        return frozenset(self._candidates())

    def below(self, folder: str) -> list[str]:
        """The paths of the files in a folder, given by its absolute path."""
        prefix = self._path(folder) + "/"
        return list(self.paths) if prefix == "./" else [path for path in self.paths if path.startswith(prefix)]

    @cached_property
    def known(self) -> frozenset[str]:
        """The paths as a set."""
        return frozenset(self.paths)

    def named(self, name: str) -> Sequence[str]:
        """The paths of the files of a name (without folder)."""
        return self._by_name.get(name, ())

    @cached_property
    def _by_name(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for path in self.paths:
            found.setdefault(path.rpartition("/")[2], []).append(path)
        return found

    def has_folder(self, folder: str) -> bool:
        """Whether there is a file in a folder, given by its absolute path."""
        inside = folder == self.base or folder.startswith(os.path.join(self.base, ""))
        return inside and self._path(folder) in self._folders

    def owns(self, path: str) -> bool:
        """Whether a file (its path from the root) is one of these, and not behind a link that leads out."""
        beside = self.base != self.root and "/" not in path
        return beside or self._border.holds(os.path.join(self.root, *path.split("/")))

    @cached_property
    def _border(self) -> Border:
        return Border(border_of(self.base))

    def _path(self, folder: str) -> str:
        return os.path.relpath(folder, self.root).replace(os.sep, "/")

    @cached_property
    def _folders(self) -> frozenset[str]:
        """The folders of all files, and those above them, as paths from the root."""
        folders = {"."} if self.paths else set()
        for path in self.paths:
            above = path.rpartition("/")[0]
            while above and above not in folders:
                folders.add(above)
                above = above.rpartition("/")[0]
        return frozenset(folders)


def git_files(root: str, files: FileCache) -> FileList | None:
    """The files of a git repository and of those inside it; None if git is not there or refuses."""
    searching = Git(root, "grep", *_GREP, *(part for word in WORDS for part in ("-e", word)))
    names = Git(root, "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate").paths()
    # Where nothing that it lists is there, something else may be called git.
    if names is None or not (any(os.path.lexists(os.path.join(root, name)) for name in names) or answers(root)):
        return None
    paths: list[str] = []
    inner: list[tuple[str, FileList]] = []
    submodules = os.path.exists(os.path.join(root, ".gitmodules"))
    for name in names:
        # A repository inside: one that is not tracked, or a submodule.
        if name.endswith("/") or (submodules and _is_folder(os.path.join(root, name))):
            path = os.path.join(root, name)
            files_below = git_files(path, files) if os.path.exists(os.path.join(path, ".git")) else None
            if files_below is not None:
                inner.append((name.rstrip("/") + "/", files_below))
        else:
            paths.append(name)
    paths += [below + path for below, files_below in inner for path in files_below.paths]

    def candidates() -> Iterator[str]:
        found = searching.paths()
        yield from found if found is not None else _candidates(made, files)
        yield from (below + path for below, files_below in inner for path in files_below.candidates)

    made = FileList(root, paths, candidates, git=True)
    return made


def is_starter(path: str) -> bool:
    """Whether a file may start scripts, going by its name."""
    return path.endswith(_STARTERS) or any(part in path.rpartition("/")[2] for part in _BUILD_FILES)


def plain_files(
    root: str, paths: Sequence[str], files: FileCache, *, base: str = "", certain: bool = False
) -> FileList:
    """A list of files (paths from the root) that are searched here; large ones count as matches."""
    paths = [path.replace(os.sep, "/") for path in paths]

    def candidates() -> list[str]:
        return _candidates(made, files)

    made = FileList(root, paths, candidates, git=False, base=base, certain=certain)
    return made


def _candidates(file_list: FileList, files: FileCache) -> list[str]:
    """The files that may reference a configuration, found without git."""
    from aipplint.readers.languages import may_be_read

    readable = (path for path in file_list.paths if may_be_read(path) and file_list.owns(path))
    return [path for path in readable if _may_reference(os.path.join(file_list.root, path), files)]


def _may_reference(path: str, files: FileCache) -> bool:
    """Whether a file may reference a configuration. One that is named like a configuration must begin otherwise."""
    if not is_candidate(os.path.basename(path)):
        found = holds(files.read(path), WORDS)
        if not found and not is_starter(path):
            files.drop(path)
        return found
    content = files.read(path)
    return isinstance(content, bytes) and begins_otherwise(content)


def begins_otherwise(content: bytes) -> bool:
    """Whether a file begins as no AIPP configuration does: with a section, or a shebang."""
    if content.startswith(b"#!"):
        return True
    for line in content.split(b"\n", _FIRST_LINES):
        stripped = line.strip()
        if stripped and not stripped.startswith((b"#", b";")):
            return stripped.startswith((b"[", b"\xef\xbb\xbf["))
    return False


def holds(content: Content, words: Sequence[str]) -> bool:
    """Whether a file holds one of some words, or is too large for a look."""
    if not isinstance(content, bytes):
        return isinstance(content, TooLarge)
    pattern = b"|".join(re.escape(os.fsencode(word)) for word in words)
    return re.search(pattern, content) is not None


def _is_folder(path: str) -> bool:
    return os.path.isdir(path) and not os.path.islink(path)


def walk(
    folder: str, excluded: Callable[[str], bool], failed: Callable[[str, OSError], None]
) -> Iterator[tuple[str, list[os.DirEntry[str]]]]:
    """Every folder below one (itself included) with its files; both in order of name.

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
        folders: list[str] = []
        files: list[os.DirEntry[str]] = []
        for entry in entries:
            if not entry.is_dir(follow_symlinks=False):
                files.append(entry)
            elif entry.name not in SKIPPED:
                path = entry.name if here == "." else os.path.join(here, entry.name)
                if not excluded(path):
                    folders.append(path)
        yield here, files
        open_folders.extend(reversed(folders))
