"""Many files in several processes: whatever becomes of these, every finding is reported, once and in order."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from aipplint.cli import main
from aipplint.pipeline import lint_source
from aipplint.project.recognise import is_configuration_text
from aipplint.run import execute
from aipplint.run.plan import plan_file, uses_of
from aipplint.run.processes import Pool
from aipplint.run.session import Request, Session

BAD = "aipp_op {\n  aipp_mode: static\n  input_fromat: RGB888_U8\n}\n"
SCRIPT = (
    "atc --model=a.onnx --framework=5 --insert_op_conf=aipp.cfg --soc_version=Ascend310P3 --input_shape=x:1,3,9,9\n"
)
FIRST = os.getpid()

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs processes that are forks")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Twenty configurations with their scripts, and limits so small that they are checked in several processes."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(execute, "MANY", 4)
    monkeypatch.setattr(execute, "_FEW", 2)
    monkeypatch.setattr(os, "cpu_count", lambda: 3)
    for number in range(20):
        (tmp_path / f"m{number:02}").mkdir()
        (tmp_path / f"m{number:02}" / "aipp.cfg").write_text(BAD)
        (tmp_path / f"m{number:02}" / "build.sh").write_text(SCRIPT)
    return tmp_path


def report(capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    code = main(["check", "--quiet", "--output-format=json"])
    return code, capsys.readouterr().out


@pytest.fixture
def alone(folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> tuple[int, str]:
    """What one process reports."""
    assert folder.exists()
    with monkeypatch.context() as patch:
        patch.setattr(execute, "MANY", 10_000)
        return report(capsys)


def elsewhere(monkeypatch: pytest.MonkeyPatch, what: Callable[[], object], every: int = 1) -> None:
    """Let something happen in other processes than this one, when every so many texts are linted."""
    count = iter(range(1, 1000))

    def linted(*given: Any) -> Any:
        if os.getpid() != FIRST and next(count) % every == 0:
            what()
        return lint_source(*given)

    monkeypatch.setattr(execute, "lint_source", linted)


def test_jobs_are_sent_to_processes(
    alone: tuple[int, str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def note() -> None:
        (tmp_path / f"{os.getpid()}.worked").touch()

    elsewhere(monkeypatch, note)

    assert report(capsys) == alone
    assert 1 < len(list(tmp_path.glob("*.worked"))) <= 3


@pytest.mark.parametrize("every", [1, 3])
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_what_a_killed_process_had_is_done_in_the_first(
    alone: tuple[int, str],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    number: signal.Signals,
    every: int,
) -> None:
    elsewhere(monkeypatch, lambda: os.kill(os.getpid(), number), every)

    assert report(capsys) == alone


@pytest.mark.parametrize("error", [MemoryError, RecursionError])
def test_what_fails_in_a_process_is_done_in_the_first(
    alone: tuple[int, str],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    error: type[BaseException],
) -> None:
    def fail() -> None:
        raise error

    elsewhere(monkeypatch, fail)
    monkeypatch.setattr(execute, "guarded", lambda _, work: work())

    assert report(capsys) == alone


@pytest.mark.parametrize("granted", [0, 1])
def test_processes_that_the_system_refuses_are_not_needed(
    alone: tuple[int, str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, granted: int
) -> None:
    forks, fork = iter(range(1000)), os.fork

    def refused() -> int:
        if next(forks) < granted:
            return fork()
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(os, "fork", refused)

    assert report(capsys) == alone


def test_no_thread_is_needed(
    alone: tuple[int, str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refused)

    assert report(capsys) == alone


_KILLED = """
import os, signal
from aipplint.run.processes import Pool

def work(piece):
    return piece

pool = Pool(work, 3)
for made in pool.map(range(9)):
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_no_process_outlives_the_first() -> None:
    # The output is at its end when nobody holds it any more.
    ended = subprocess.run([sys.executable, "-c", _KILLED], capture_output=True, timeout=60, check=False)

    assert ended.returncode == -signal.SIGKILL


def square(number: int) -> int:
    return number * number


def test_pieces_are_asked_for_when_a_process_is_free() -> None:
    asked: list[int] = []

    def pieces() -> Iterator[int]:
        for number in range(20):
            asked.append(number)
            yield number

    pool = Pool(square, 2)
    made = pool.map(pieces(), (-number for number in range(3)))

    assert next(made) == 0
    assert len(asked) < 10
    assert list(made) == [*(number * number for number in range(1, 20)), 0, -1, -2]
    pool.close()


def test_a_piece_that_cannot_be_sent_is_done_here() -> None:
    pool: Pool[Callable[[], int], int] = Pool(lambda piece: piece(), 2)

    assert list(pool.map([lambda: 1, lambda: 2])) == [1, 2]
    pool.close()


def test_a_process_makes_its_own_session_of_the_request(folder: Path) -> None:
    import pickle

    (folder / "aipplint.toml").write_text(
        '[[build]]\nconfig = "m00/aipp.cfg"\ninput-shape = "x:1,3,9,9"\nruntime = { input-format = "RGB888_U8" }\n'
    )
    session = pickle.loads(pickle.dumps(Session(Request())))  # noqa: S301 - our own
    plans = [plan_file(session, f"m{number:02}/aipp.cfg") for number in range(2)]
    sent = pickle.loads(pickle.dumps(plans))  # noqa: S301 - our own

    results = [execute.execute(session, plan).findings for plan in plans]
    assert [[f.sort_key() for f in execute.execute(session, plan).findings] for plan in sent] == [
        [f.sort_key() for f in findings] for findings in results
    ]
    assert [len(uses_of(session, plan.path)) for plan in sent] == [1, 1]
    assert all(results)


# What fails between a file and its findings.


@pytest.mark.parametrize("many", [4, 10_000])
def test_a_file_at_which_the_check_fails_is_one_finding(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, many: int
) -> None:
    def failing(source: Any, *given: Any) -> Any:
        if source is not None and source.path == "m03/aipp.cfg":
            raise IndexError("list index out of range")
        return lint_source(source, *given)

    monkeypatch.setattr(execute, "lint_source", failing)
    monkeypatch.setattr(execute, "MANY", many)

    assert main(["check", "--quiet", "--output-format=concise", "."]) == 2
    lines = capsys.readouterr().out.splitlines()
    assert folder.exists()
    assert [line for line in lines if line.startswith("m03/aipp.cfg")] == [
        "m03/aipp.cfg:1:1: error: the check of this file failed: IndexError: list index out of range [AIPP903]"
    ]
    assert {line[:3] for line in lines} == {f"m{number:02}" for number in range(20)}


@pytest.mark.parametrize("many", [4, 10_000])
def test_a_file_whose_planning_fails_is_one_finding(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, many: int
) -> None:
    def failing(path: str, text: str) -> bool:
        if "m05" in path:
            raise RecursionError("too deep")
        return is_configuration_text(path, text)

    monkeypatch.setattr(execute, "MANY", many)
    monkeypatch.setattr("aipplint.run.plan.is_configuration_text", failing)

    assert main(["check", "--quiet", "--output-format=concise", "."]) == 2
    lines = capsys.readouterr().out.splitlines()
    assert folder.exists()
    assert {line.partition(":")[0] for line in lines if "AIPP903" in line} == {"m05/aipp.cfg", "m05/build.sh"}
    assert {line[:3] for line in lines} == {f"m{number:02}" for number in range(20)}


def test_processes_that_are_no_forks_give_the_same(
    alone: tuple[int, str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on Windows and macOS: everything that a process needs is sent to it."""
    monkeypatch.setattr("aipplint.run.processes.FORKS", False)

    assert report(capsys) == alone
