"""How often a run looks at a file: it is read once and, where it is an INI file, parsed once."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from aipplint.cli import main
from aipplint.project import file_cache
from aipplint.readers import ini
from tests.test_projects import CASES, repository

__all__ = ["repository"]


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each file of the current folder was opened."""
    count: Counter[str] = Counter()
    real = os.open

    def opened(path: Any, *given: Any, **more: Any) -> int:
        name = os.path.relpath(os.fsdecode(path))
        if not name.startswith(os.pardir):
            count[name] += 1
        return real(path, *given, **more)

    monkeypatch.setattr(os, "open", opened)
    return count


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each INI file was parsed."""
    count: Counter[str] = Counter()
    real = ini.read_ini

    def parse(source: Any) -> Any:
        count[source.path] += 1
        return real(source)

    monkeypatch.setattr(ini, "read_ini", parse)
    monkeypatch.setattr("aipplint.run.references.read_ini", parse)
    return count


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
@pytest.mark.parametrize("command", ["check", "builds"])
@pytest.mark.usefixtures("repository")
def test_a_run_reads_and_parses_each_file_once(
    command: str, case: Path, read: Counter[str], parsed: Counter[str], capsys: pytest.CaptureFixture[str]
) -> None:
    main([command, "--quiet"])
    capsys.readouterr()

    # Without git, code is searched for words about builds first; code that trains or feeds a model has none of them.
    of_models = case.name in ("training-code", "feeding-code") and not Path(".git").exists()
    code = (".py", ".yaml", ".cpp") if of_models else ()
    assert {name: times for name, times in read.items() if times > 1 + name.endswith(code)} == {}
    assert {name: times for name, times in parsed.items() if times > 1} == {}


@pytest.mark.parametrize("named", ["run.sh", "aipp.cfg", "tool.config"])
def test_a_file_that_was_named_is_read_once(
    named: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, read: Counter[str], parsed: Counter[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "aipp.cfg").write_text("aipp_op {\n  aipp_mode: dynamic\n  max_src_image_size: 2076672\n}\n")
    (tmp_path / "tool.config").write_text("[aipp_op]\ninput_format = RGB888_U8\nsrc_image_size_w = 8\n")
    (tmp_path / "run.sh").write_text("atc --insert_op_conf=aipp.cfg --output=n\nais_bench --aipp_config tool.config\n")

    main(["check", "--quiet", named])

    assert read[named] == 1
    assert (set(read.values()), set(parsed.values())) == ({1}, {1})


def test_what_is_kept_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_cache, "MAX_KEPT", 10)
    files = file_cache.FileCache()
    for name in "abc":
        (tmp_path / name).write_bytes(name.encode() * 4)

    def kept(name: str) -> bool:
        before = (tmp_path / name).read_bytes()
        (tmp_path / name).write_bytes(b"new")
        same = files.read(str(tmp_path / name)) == before
        (tmp_path / name).write_bytes(before)
        return same

    assert [files.read(str(tmp_path / name)) for name in "abc"] == [b"aaaa", b"bbbb", b"cccc"]
    assert [kept(name) for name in "abc"] == [True, True, False]
    assert files.take(str(tmp_path / "a")) == b"aaaa"
    assert files.read(str(tmp_path / "c")) == b"cccc"
    assert [kept(name) for name in "abc"] == [False, True, True]
    files.forget()
    assert not any(kept(name) for name in "abc")
