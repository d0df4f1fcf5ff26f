"""Which files are checked: by name, by content, and what is left out."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from aipplint.cli import main
from aipplint.findings import Finding
from aipplint.project.reading import TooLarge, Unreadable, read_file
from aipplint.project.recognise import is_candidate, is_configuration, shows_fields
from aipplint.run.session import Request, Session
from aipplint.run.targets import find_targets
from aipplint.schema.fields import op_fields
from aipplint.source import MAX_BYTES

CONFIG = "aipp_op {\n  aipp_mode: static\n  input_format: RGB888_U8\n}\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def put(folder: Path, *names: str, text: str = CONFIG) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def found(*paths: str, request: Request | None = None, force_exclude: bool = False) -> list[str]:
    return find_targets(Session(request or Request()), paths or ["."], force_exclude=force_exclude).configs


def failures(*paths: str) -> list[Finding]:
    return find_targets(Session(Request()), paths).findings


def test_files_are_found_by_name_and_a_field_at_any_depth_in_order(folder: Path) -> None:
    names = ["a/x/my_AIPP.conf", "aipp.pbtxt", "b/insert_op.cfg", "c.aipconfig", "resnet.aippconfig"]
    put(folder, *names, "notes_aipp.md", "aipp.py", "model.cfg", "aipp", text="aipp_mode = static")

    assert found() == names


@pytest.mark.parametrize("text", ["", "x", "CLASS_NUM=1000\nSOFTMAX=false\n", "[net]\nsize = 3\n", '{"model": "aipp"}'])
def test_a_name_alone_makes_no_configuration_unless_a_person_says_it(folder: Path, text: str) -> None:
    put(folder, "resnet50_aipp_tf.cfg", text=text)

    assert found() == []
    assert found("resnet50_aipp_tf.cfg") == (["resnet50_aipp_tf.cfg"] if not text.startswith("[") else [])


def test_every_field_that_only_aipp_has_tells_a_configuration() -> None:
    shared = {"input_format", "crop", "resize", "padding", "padding_value"}

    assert [name for name in op_fields() if name not in shared and not shows_fields(name.encode())] == []
    assert not any(shows_fields(name.encode()) for name in shared)
    assert shows_fields("aipp_mode: static".encode("utf-16"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (CONFIG, True),
        ("# resnet\naipp_op{aipp_mode:static}", True),
        ("aipp_op: <\n>", True),
        ("aipp_op\n: [\n{}]", True),
        ("\ufeffaipp_op { }", False),
        ('{"aipp_op": {"aipp_mode": "static"}}', False),
        ("aipp_op", False),
        ("my_aipp_op {", False),
        ("// aipp_op", False),
        ("", False),
    ],
)
def test_files_are_found_by_content(folder: Path, text: str, expected: bool) -> None:
    put(folder, "facenet.cfg", "mobilenet.json", text=text)

    assert found() == (["facenet.cfg", "mobilenet.json"] if expected else [])


def test_only_plausible_files_of_modest_size_are_opened(folder: Path) -> None:
    put(folder, "facenet.py", "facenet.onnx", "facenet")
    put(folder, "large.cfg", text=CONFIG + "#" * 300_000)

    assert found() == []
    assert is_configuration("large.cfg") is False
    assert not is_candidate("facenet.onnx")


def test_folders_of_tools_are_left_out(folder: Path) -> None:
    put(folder, ".git/aipp.cfg", "node_modules/x/aipp.cfg", ".venv/aipp.cfg", "__pycache__/aipp.cfg")
    put(folder, "env/pyvenv.cfg", "env/aipp.cfg", text=CONFIG)
    put(folder, ".config/aipp.cfg", "build/aipp.cfg")

    assert found() == [".config/aipp.cfg", "build/aipp.cfg"]
    assert found(".git") == [".git/aipp.cfg"]


def test_links_to_folders_are_not_followed_and_links_to_files_are(folder: Path) -> None:
    put(folder, "a/aipp.cfg", "elsewhere/net.txt")
    (folder / "a" / "loop").symlink_to(folder)
    (folder / "b").symlink_to(folder / "a")
    (folder / "linked_aipp.cfg").symlink_to(folder / "a" / "aipp.cfg")
    (folder / "other_aipp.cfg").symlink_to(folder / "elsewhere" / "net.txt")
    (folder / "broken_aipp.cfg").symlink_to(folder / "nowhere")

    assert found() == ["a/aipp.cfg", "other_aipp.cfg"]
    assert found("b") == ["b/aipp.cfg"]
    assert found("linked_aipp.cfg") == ["linked_aipp.cfg"]


def test_links_that_lead_nowhere_end_nothing(folder: Path) -> None:
    put(folder, "good_aipp.cfg", "closed/aipp.cfg")
    (folder / "loop_aipp.cfg").symlink_to("loop_aipp.cfg")
    (folder / "loop.sh").symlink_to("loop.sh")
    (folder / "there_aipp.cfg").symlink_to("back_aipp.cfg")
    (folder / "back_aipp.cfg").symlink_to("there_aipp.cfg")
    (folder / "into_aipp.cfg").symlink_to("closed/aipp.cfg")
    (folder / "closed").chmod(0)
    try:
        assert found() == ["good_aipp.cfg"] if os.geteuid() else "good_aipp.cfg" in found()
        assert main(["check", "--quiet", "good_aipp.cfg"]) == 0
    finally:
        (folder / "closed").chmod(0o755)


def test_a_named_file_is_checked_whatever_its_name_and_once(folder: Path) -> None:
    put(folder, "deploy/model.dat", "deploy/aipp.cfg")

    assert found("deploy/model.dat", "./deploy/model.dat", "deploy") == ["deploy/aipp.cfg", "deploy/model.dat"]
    assert found("deploy/") == ["deploy/aipp.cfg"]
    assert found(str(folder / "deploy")) == [str(folder / "deploy" / "aipp.cfg")]


def test_excludes(folder: Path) -> None:
    put(folder, "a/aipp.cfg", "vendor/aipp.cfg", "vendor/deep/aipp.cfg")
    (folder / "aipplint.toml").write_text("exclude = ['vendor']\n")
    request = Request(exclude=("a/*",))

    assert found() == ["a/aipp.cfg"]
    assert found(request=request) == []
    assert found("vendor/aipp.cfg") == ["vendor/aipp.cfg"]
    assert found("vendor/aipp.cfg", "a/aipp.cfg", force_exclude=True) == ["a/aipp.cfg"]
    assert found("a/aipp.cfg", request=request, force_exclude=True) == []


def test_a_folder_that_cannot_be_listed_is_a_finding(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(folder, "a/aipp.cfg", "b/aipp.cfg")
    scandir = os.scandir

    def refuse(path: str) -> object:
        if path.endswith("a"):
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    (finding,) = failures(".")

    assert (finding.code, finding.path, finding.message) == ("AIPP904", "a", "cannot be read: permission denied")
    assert found() == ["b/aipp.cfg"]


def test_what_is_no_regular_file_is_never_opened(folder: Path) -> None:
    os.mkfifo(folder / "pipe_aipp.cfg")
    (folder / "sub").mkdir()

    assert read_file("pipe_aipp.cfg") == Unreadable("is a pipe (FIFO)")
    assert read_file("sub") == Unreadable("is a folder")
    assert read_file("/dev/zero") == Unreadable("is a device")
    assert read_file("gone") == Unreadable("no such file or directory")
    assert read_file("nul\0l") == Unreadable("the path contains a null character")
    assert found() == []


def test_a_pipe_that_takes_the_place_of_a_file_does_not_block(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(folder, "plain")
    status = Path("plain").stat()
    os.mkfifo(folder / "pipe")
    monkeypatch.setattr(os, "stat", lambda *_, **__: status)

    assert read_file("pipe") == Unreadable("is a pipe (FIFO)")


def test_the_size_is_looked_at_before_anything_is_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with (folder / "huge").open("wb") as file:
        file.truncate(50 * 1024 * 1024)
    monkeypatch.setattr(os, "open", lambda *_: pytest.fail("it was opened"))

    assert read_file("huge") == TooLarge(50 * 1024 * 1024)


def test_a_file_that_grows_while_it_is_read_is_cut(folder: Path) -> None:
    put(folder, "small", text="x" * 100)

    assert read_file("small", 100) == b"x" * 100
    assert read_file("small", 99) == TooLarge(100)
    assert MAX_BYTES == 2 * 1024 * 1024
