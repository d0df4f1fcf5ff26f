"""Links are followed as the standard library does, and folders no more often than there are folders."""

from __future__ import annotations

import os
from pathlib import Path
from unittest.mock import patch

import pytest

from aipplint.project.border import Border, RealPaths, top_of, within
from aipplint.project.file_cache import FileCache
from aipplint.project.surroundings import Surroundings


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A folder with links of every kind, beside a folder outside of it."""
    top = tmp_path / "repository"
    (top / "a" / "b").mkdir(parents=True)
    (tmp_path / "outside").mkdir()
    for path in (top / "a" / "b" / "file", tmp_path / "outside" / "file"):
        path.write_text("", encoding="utf-8")
    (top / "to-file").symlink_to(top / "a" / "b" / "file")
    (top / "to-link").symlink_to("to-file")
    (top / "to-folder").symlink_to("a")
    (top / "out").symlink_to(tmp_path / "outside")
    (top / "file-out").symlink_to(tmp_path / "outside" / "file")
    (top / "loop").symlink_to("loop")
    (top / "nowhere").symlink_to("missing")
    return top


PATHS = (
    "a/b/file",
    "a/b/missing",
    "a/../a/b/file",
    "a/b/..",
    "a/b/.",
    "a/b/",
    "to-file",
    "to-link",
    "to-folder/b/file",
    "to-folder/../a/b/file",
    "out/file",
    "out/..",
    "file-out",
    "loop",
    "loop/file",
    "nowhere",
    "nowhere/file",
)


@pytest.mark.parametrize("path", PATHS)
def test_links_are_followed_as_realpath_does(tree: Path, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """By absolute paths and by relative ones, and so for the border."""
    monkeypatch.chdir(tree)
    for named in (f"{tree}/{path}", path):
        assert RealPaths().of_file(named) == os.path.realpath(named)
        assert Border(str(tree)).holds(named) == within(named, str(tree))


def test_a_folder_is_followed_once(tree: Path) -> None:
    """However many of its files are asked for: with each of them, only the file itself is looked at."""
    border = Border(str(tree))
    border.holds(str(tree / "a" / "b" / "file"))
    with patch("os.lstat", wraps=os.lstat) as looked:
        for number in range(100):
            border.holds(str(tree / "a" / "b" / str(number)))
    assert looked.call_count == 100


def test_the_surroundings_of_a_folder_are_found_once(tree: Path) -> None:
    """However many of its files ask for them; what the user names or a walk meets may change them."""
    surroundings = Surroundings(FileCache(), lambda _: False, lambda _: "")
    with patch("aipplint.project.surroundings.top_of", wraps=top_of) as asked:
        found = [surroundings.of_folder(str(tree / "a"), ignored=False) for _ in range(100)]
        assert len(set(map(id, found))) == asked.call_count == 1
        surroundings.named([str(tree)])
        surroundings.of_folder(str(tree / "a"), ignored=False)
        assert asked.call_count == 2
