"""What writing leaves of a file besides its text, and when it leaves all of it alone."""

from __future__ import annotations

import os
import stat
from io import FileIO
from pathlib import Path

import pytest

from aipplint.cli import main
from aipplint.fixes import Fixed, Lint, fix_source
from aipplint.project import writing
from aipplint.source import Source

SLIP = "# a\naipp_op {\n  aipp_mode: static\n  input_format = RGB888_U8\n}\n"
MENDED = SLIP.replace("=", ":")
OTHER = 65534
"""The user that has nothing."""
root_only = pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root may give files away")


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "aipp.cfg"
    path.write_text(SLIP)
    return path


def fix(*words: str) -> int:
    return main(["check", "--fix", "--exit-zero", "--output-format=concise", *words])


@pytest.mark.parametrize("mode", [0o600, 0o644, 0o755, 0o4755, 0o666])
def test_the_mode_stays(file: Path, mode: int) -> None:
    file.chmod(mode)

    assert fix() == 0
    assert file.read_text() == MENDED
    assert stat.S_IMODE(file.stat().st_mode) == mode


@root_only
def test_the_owner_stays(file: Path) -> None:
    os.chown(file, OTHER, OTHER)
    file.chmod(0o4755)

    assert fix() == 0
    after = file.stat()
    assert (after.st_uid, after.st_gid, stat.S_IMODE(after.st_mode)) == (OTHER, OTHER, 0o4755)
    assert file.read_text() == MENDED


def test_the_owner_stays_where_nobody_may_give_files_away(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The text is then written into the file as it is."""
    monkeypatch.setattr(writing, "_adopted", lambda *_: False)
    before = file.stat().st_ino

    assert fix() == 0
    assert file.stat().st_ino == before
    assert file.read_text() == MENDED
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_other_names_of_the_file_stay(file: Path) -> None:
    os.link(file, "other.txt")

    assert fix("aipp.cfg") == 0
    assert file.stat().st_nlink == 2
    assert Path("other.txt").read_text() == MENDED


def test_attributes_stay(file: Path) -> None:
    try:
        os.setxattr(file, "user.note", b"1")
    except OSError:
        pytest.skip("the file system has no extended attributes")

    assert fix() == 0
    assert os.getxattr(file, "user.note") == b"1"
    assert file.read_text() == MENDED


@pytest.mark.parametrize("mode", [0o444, 0o400])
def test_a_file_that_may_not_be_written_is_left_alone(
    file: Path, mode: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """Also by root; and no fix is said to be made."""
    file.chmod(mode)

    assert fix() == 2
    assert file.read_text() == SLIP
    lines = capsys.readouterr().err.splitlines()
    assert lines[:2] == [
        "aipplint: cannot write aipp.cfg: the file is write-protected",
        "aipplint: 1 error (1 file checked)",
    ]


def test_the_file_of_somebody_else_is_left_alone(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By a user who may replace it, because the folder is theirs, but not write it."""
    monkeypatch.setattr(os, "access", lambda *_: False)

    assert fix() == 2
    assert file.read_text() == SLIP


def test_an_edit_made_meanwhile_is_not_lost(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def slow(source: Source, lint: Lint, *, unsafe: bool) -> Fixed:
        done = fix_source(source, lint, unsafe=unsafe)
        file.write_text(f"{SLIP}# mine\n")
        return done

    monkeypatch.setattr("aipplint.cli.fix.fix_source", slow)

    assert fix() == 2
    assert file.read_text() == f"{SLIP}# mine\n"
    err = capsys.readouterr().err
    assert "cannot write aipp.cfg: the file has been changed meanwhile" in err
    assert "made" not in err


def test_what_fails_in_the_middle_is_put_back(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk, where the file has other names and cannot be replaced."""
    os.link(file, "other.txt")
    put = writing._put
    calls: list[int] = []

    def full(into: FileIO, data: bytes) -> None:
        calls.append(len(data))
        if len(calls) == 1:
            into.write(b"half of")
            raise OSError(28, "No space left on device")
        put(into, data)

    monkeypatch.setattr(writing, "_put", full)

    assert fix("aipp.cfg") == 2
    assert file.read_text() == SLIP


def test_fixes_do_not_change_how_bytes_are_read(file: Path) -> None:
    """What begins like UTF-16 and has an odd length is none; with an even length it would be."""
    data = b"\xff\xfe" + SLIP.encode() + b"#"
    file.write_bytes(data if len(data) % 2 else data + b"#")

    fix()
    assert len(file.read_bytes()) % 2
