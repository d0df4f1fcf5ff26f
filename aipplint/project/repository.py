"""Which files a repository has, and which of them may say something about builds.

Under git these are the tracked files and the untracked ones that are not ignored, and git itself looks for the words
that matter: it reads a repository faster than we could. Elsewhere the folders are walked.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence

from aipplint.project.reading import TooLarge, read_file
from aipplint.records import NamedTuple

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
"""One of these stands in every file that says something about a build or about dynamic AIPP."""

SKIPPED = frozenset(
    ".git .hg .svn .jj .bzr .venv .tox .nox .eggs .mypy_cache .ruff_cache .pytest_cache .hypothesis .idea .vscode "
    "__pycache__ node_modules site-packages".split()
)
"""Folders of version control and of tools."""
_VIRTUALENV = "pyvenv.cfg"
_PATIENCE = 60
"""Seconds after which git is not waited for any more."""
# What a repository could make git run, or ask of a terminal or a network: none of it.
_SAFE = ("--no-pager", "-c", "core.fsmonitor=false", "-c", "safe.bareRepository=explicit", "-c", "core.quotePath=false")

_STARTERS = ("*.sh", "*.bash", "*.zsh", "*.ksh", "*.md", "*.rst", "*.yml", "*.yaml", "*.mk", "*akefile*", "*ockerfile*")
"""Names of files that start scripts."""
_GREP = ("-lzIF", "--untracked", "--no-color", "--no-recurse-submodules")


class Listing(NamedTuple):
    """The files of a repository: paths from its root; ``speaking`` are those that hold one of WORDS."""

    root: str
    paths: tuple[str, ...]
    speaking: frozenset[str]
    git: bool = False

    def below(self, folder: str) -> list[str]:
        """The paths of the files in a folder, given by its absolute path."""
        prefix = os.path.relpath(folder, self.root).replace(os.sep, "/") + "/"
        return list(self.paths) if prefix == "./" else [path for path in self.paths if path.startswith(prefix)]

    def naming(self, scripts: Sequence[str]) -> list[str]:
        """The files that hold the name of one of some scripts, and may start it."""
        if self.git:
            # git is slow with many words.
            suffixes = dict.fromkeys(os.path.splitext(name)[1] or name for name in scripts)
            patterns = (part for word in suffixes for part in ("-e", word))
            found = _git(self.root, ("grep", *_GREP, *patterns, "--", *_STARTERS))[0] or []
        else:
            found = [path for path in self.paths if _is_starter(path)]
        return [path for path in found if holds(os.path.join(self.root, path), scripts)]


def top_of(folder: str) -> str:
    """The root of the git repository that a folder (absolute) is in; empty where it is in none."""
    while not os.path.exists(os.path.join(folder, ".git")):
        above = os.path.dirname(folder)
        if above == folder:
            return ""
        folder = above
    return folder


def git_listing(root: str) -> Listing | None:
    """The files of a git repository and of those inside it; None where git is not there or refuses."""
    names, speaking = _git(
        root,
        ("ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate"),
        ("grep", *_GREP, *(part for word in WORDS for part in ("-e", word))),
    )
    if names is None or speaking is None:
        return None
    paths: list[str] = []
    holding = set(speaking)
    submodules = os.path.exists(os.path.join(root, ".gitmodules"))
    for name in names:
        # A repository inside: one that is not tracked, or a submodule.
        if name.endswith("/") or (submodules and _is_folder(os.path.join(root, name))):
            path = os.path.join(root, name)
            inner = git_listing(path) if os.path.exists(os.path.join(path, ".git")) else None
            if inner is not None:
                below = name.rstrip("/") + "/"
                paths += [below + inside for inside in inner.paths]
                holding |= {below + inside for inside in inner.speaking}
        else:
            paths.append(name)
    return Listing(root, tuple(paths), frozenset(holding), git=True)


def _is_starter(path: str) -> bool:
    from fnmatch import fnmatchcase

    return any(fnmatchcase(path, pattern) for pattern in _STARTERS)


def plain_listing(root: str, paths: Sequence[str]) -> Listing:
    """A listing of files (paths from the root) that are looked into here; large ones are taken to hold the words."""
    return Listing(root, tuple(paths), frozenset(path for path in paths if holds(os.path.join(root, path), WORDS)))


def holds(path: str, words: Sequence[str]) -> bool:
    """Whether a file holds one of some words, or is too large for a look."""
    content = read_file(path)
    if not isinstance(content, bytes):
        return isinstance(content, TooLarge)
    pattern = b"|".join(re.escape(os.fsencode(word)) for word in words)
    return re.search(pattern, content) is not None


def _is_folder(path: str) -> bool:
    return os.path.isdir(path) and not os.path.islink(path)


def _git(root: str, *commands: Sequence[str]) -> list[list[str] | None]:
    """What some commands of git list, run side by side; None for one that fails."""
    import subprocess

    env = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    env |= {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
    found: list[list[str] | None] = []
    running: list[subprocess.Popen[bytes]] = []
    try:
        for command in commands:
            running.append(
                subprocess.Popen(
                    ("git", *_SAFE, *command),
                    cwd=root,
                    env=env,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                )
            )
        for process in running:
            output, _ = process.communicate(timeout=_PATIENCE)
            # grep: 1 says that nothing was found.
            good = process.returncode == 0 or (process.returncode == 1 and not output)
            found.append([os.fsdecode(name) for name in output.split(b"\0") if name] if good else None)
    except (OSError, subprocess.SubprocessError):
        for process in running:
            process.kill()
            process.communicate()
        return [None] * len(commands)
    return found


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
