"""aipplint in a real terminal: the line while it takes long, the width of help, colours."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.checkout import ROOT, clean_environment
from tests.terminal import Terminal

pytestmark = pytest.mark.skipif(os.name != "posix", reason="this system has no pseudo terminals")

BAD = "aipp_op {\n  aipp_mode: static\n  input_format: RGB888_U8\n  colour: true\n}\n"
LINE = r"\r\x1b\[Kaipplint: checking 50 files, \d s"
# A run that takes a while, by a file whose reading waits for the line, with less patience than people have.
SLOW = """
import signal, sys
from aipplint.cli import main, progress
from aipplint.project import file_cache
progress.Progress.__init__.__defaults__ = (None, 0.05)
read_file = file_cache.read_file
def slowly(path, *limit):
    if "49" in path and signal.getitimer(signal.ITIMER_REAL)[0]:
        signal.pause()  # until the line was shown
    return read_file(path, *limit)
file_cache.read_file = slowly
sys.exit(main(sys.argv[1:]))
"""


def terminal(folder: Path, *command: str, environment: Mapping[str, str] | None = None, columns: int = 80) -> Terminal:
    given = clean_environment() | {"PYTHONPATH": str(ROOT), "TERM": "xterm"} | dict(environment or {})
    return Terminal((sys.executable, *command), folder, given, columns)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number in range(50):
        (tmp_path / f"{number:02}_aipp.cfg").write_text(BAD)
    return tmp_path


def test_a_long_run_says_so_and_leaves_no_trace(folder: Path) -> None:
    with terminal(folder, "-c", SLOW, "check", "--output-format=concise") as seen:
        assert seen.end() == 1

    assert re.search(LINE, seen.seen)
    # The last thing that happens to the line is that it is cleared, before anything else is printed.
    before, _, after = seen.seen.rpartition("\r\x1b[K")
    assert re.search(LINE, before)
    assert after.startswith("00_aipp.cfg:4:3: error: ")
    assert "aipplint: 50 errors (50 files checked)\r\n" in after
    assert "\x1b" not in after


@pytest.mark.parametrize(
    ("words", "environment"),
    [(("-q",), {}), (("--output-format=jsonl",), {}), ((), {"TERM": "dumb"}), (("--fix",), {})],
)
def test_no_line_where_it_would_be_in_the_way(
    words: tuple[str, ...], environment: dict[str, str], folder: Path
) -> None:
    with terminal(folder, "-c", SLOW, "check", "--color=never", *words, environment=environment) as seen:
        assert seen.end() == 1

    assert "AIPP101" in seen.seen
    assert "checking" not in seen.seen
    assert "\x1b" not in seen.seen


@pytest.mark.parametrize("redirection", ["2> errors", "2>&1 > report | cat"])
def test_no_line_in_files_and_pipes(redirection: str, folder: Path) -> None:
    """Although the other streams are a terminal."""
    (folder / "slow.py").write_text(SLOW)
    shell = f"import os; os.execvp('sh', ['sh', '-c', '\"{sys.executable}\" slow.py check *.cfg {redirection}'])"
    with terminal(folder, "-c", shell) as seen:
        seen.end()

    texts = [seen.seen, *((folder / name).read_text() for name in ("errors", "report") if (folder / name).exists())]
    assert any("50 errors" in text for text in texts)
    assert not any("checking" in text for text in texts)


@pytest.mark.parametrize("columns", [80, 100, 200])
def test_help_is_as_wide_as_the_terminal(columns: int, folder: Path) -> None:
    with terminal(folder, "-m", "aipplint", "check", "--help", columns=columns) as seen:
        assert seen.end() == 0

    widest = max(len(line) for line in seen.seen.partition("Examples:")[0].splitlines())
    assert min(columns, 100) - 8 <= widest <= min(columns, 100)


@pytest.mark.parametrize(
    ("environment", "colored"), [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)]
)
def test_a_terminal_is_coloured_unless_somebody_minds(environment: dict[str, str], colored: bool, folder: Path) -> None:
    with terminal(folder, "-m", "aipplint", "check", "00_aipp.cfg", environment=environment) as seen:
        assert seen.end() == 1

    assert ("\x1b[1;31m" in seen.seen) is colored


def test_the_server_says_what_it_waits_for_and_ends_by_ctrl_c(folder: Path) -> None:
    pytest.importorskip("pygls", reason="the language server needs pygls (aipplint[lsp])")
    with terminal(folder, "-m", "aipplint", "server") as seen:
        seen.until("aipplint: serving an editor on standard input; press Ctrl-C to stop\r\n")
        seen.quiet()
        seen.type("\x03")
        assert seen.end() != 0

    assert "Traceback" not in seen.seen


def test_ctrl_c_ends_a_run_without_a_word(folder: Path) -> None:
    for_ever = SLOW.replace("    if ", "    while ")
    with terminal(folder, "-c", for_ever, "check") as seen:
        seen.until("checking 50 files")
        seen.type("\x03")
        assert seen.end() == 130

    assert "Traceback" not in seen.seen
    assert seen.seen.endswith(("\r\x1b[K", "^C\r\x1b[K"))
