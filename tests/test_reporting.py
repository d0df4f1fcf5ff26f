"""Where a report goes, and what is said besides: files, exit codes, counts, the line while it takes long."""

from __future__ import annotations

import io
import json
import operator
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from aipplint.cli import main, reporting
from aipplint.cli.progress import Progress
from aipplint.pipeline import Report, lint_source
from aipplint.run import execute
from aipplint.source import Source
from tests.checkout import ROOT

GOOD = "aipp_op {\n  aipp_mode: static\n  input_format: RGB888_U8\n}\n"
BAD = "aipp_op {\n  aipp_mode: static\n  input_format: RGB888_U8\n  colour: true\n  color: true\n}\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, in a repository, with a clean configuration and one with two errors."""
    here = tmp_path / "repository" / "deploy"
    here.mkdir(parents=True)
    monkeypatch.chdir(here)
    for variable in ("NO_COLOR", "FORCE_COLOR", "GITHUB_WORKSPACE", "CI_PROJECT_DIR"):
        monkeypatch.delenv(variable, raising=False)
    (here / "good_aipp.cfg").write_text(GOOD)
    (here / "bad_aipp.cfg").write_text(BAD)
    return here


Captured = pytest.CaptureFixture[str]


# --output-file.


def test_the_report_goes_to_a_file_and_leaves_stdout_empty(folder: Path, capsys: Captured) -> None:
    main(["check", "--output-format=sarif"])
    printed = capsys.readouterr().out

    assert main(["check", "--output-format=sarif", "--output-file=out.sarif"]) == 1
    out, err = capsys.readouterr()
    assert (out, err.splitlines()[0]) == ("", "aipplint: 2 errors (2 files checked)")
    assert (folder / "out.sarif").read_text(encoding="utf-8") == printed
    assert sorted(path.name for path in folder.iterdir()) == ["bad_aipp.cfg", "good_aipp.cfg", "out.sarif"]

    assert main(["check", "good_aipp.cfg", "--output-file=out.sarif"]) == 0
    assert (folder / "out.sarif").read_text(encoding="utf-8") == ""


def test_a_file_is_not_coloured_unless_that_is_said(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    main(["check", "--output-file=plain.txt"])
    main(["check", "--output-file=painted.txt", "--color=always"])

    assert "\x1b" not in (folder / "plain.txt").read_text(encoding="utf-8")
    assert "\x1b[" in (folder / "painted.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("path", "reason"), [("gone/out.json", "no such file or directory"), (".", "is a directory"), ("", "")]
)
def test_a_file_that_cannot_be_written_is_one_line_and_exit_code_2(path: str, reason: str, capsys: Captured) -> None:
    code = main(["check", "--output-format=json", f"--output-file={path}", "-q"])
    out, err = capsys.readouterr()

    if path:
        assert (code, out, err) == (2, "", f"aipplint: cannot write {path}: {reason}\n")
    else:
        # An empty name is none.
        assert (code, err) == (1, "")


@pytest.mark.parametrize("name", ["bad_aipp.cfg", "good_aipp.cfg", "../deploy/good_aipp.cfg"])
def test_a_file_that_was_checked_is_not_written_over(name: str, folder: Path, capsys: Captured) -> None:
    assert main(["check", "--output-file", name]) == 2
    assert capsys.readouterr().err == f"aipplint: --output-file {name}: that file was checked, and would be lost\n"
    assert (folder / "good_aipp.cfg").read_text() == GOOD


def test_a_device_is_written_to_directly(capsys: Captured) -> None:
    assert main(["check", "-q", "--output-file", os.devnull]) == 1
    assert capsys.readouterr() == ("", "")
    assert Path(os.devnull).is_char_device()


def test_the_mode_of_a_file_stays_and_a_link_is_followed(folder: Path) -> None:
    (folder / "real.json").write_text("old")
    (folder / "real.json").chmod(0o640)
    (folder / "link.json").symlink_to("real.json")
    main(["check", "-q", "--output-format=json", "--output-file=link.json"])

    assert (folder / "link.json").is_symlink()
    assert len(json.loads((folder / "real.json").read_text())["findings"]) == 2
    assert (folder / "real.json").stat().st_mode & 0o777 == 0o640


def test_fixes_and_files_go_together(folder: Path, capsys: Captured) -> None:
    assert main(["check", "--diff", "--output-file=x"]) == 2
    assert "--diff prints no report" in capsys.readouterr().err
    assert main(["check", "--fix", "-q", "--output-format=concise", "--output-file=x"]) == 1
    assert (folder / "x").read_text().startswith("bad_aipp.cfg:4:3: error: ")


# --exit-zero, --statistics.


def test_exit_zero_is_for_findings_only(capsys: Captured) -> None:
    assert main(["check", "--exit-zero"]) == 0
    assert "AIPP101" in capsys.readouterr().out
    assert main(["atc", "--exit-zero", "--insert_op_conf=bad_aipp.cfg"]) == 0
    assert main(["check", "--exit-zero", "--no-such-option"]) == 2
    assert main(["check", "--exit-zero", "--output-file=gone/x"]) == 2


def test_statistics_are_counts_on_stderr(capsys: Captured) -> None:
    main(["check", "--statistics", "-q", "--output-format=jsonl"])
    out, err = capsys.readouterr()

    assert err == "aipplint: 2  AIPP101  error    unknown-field\n"
    assert len(out.splitlines()) == 2
    assert main(["check", "--statistics", "-q", "good_aipp.cfg"]) == 0
    assert capsys.readouterr() == ("", "")


# --column-unit.


def test_columns_count_what_the_editor_counts(folder: Path, capsys: Captured) -> None:
    (folder / "bad_aipp.cfg").write_text('aipp_op { related_input_name: "裁🚗" colour: 1 }\n', encoding="utf-8")
    found = []
    for unit in ("characters", "bytes", "utf-16"):
        main(["check", "bad_aipp.cfg", "--select=AIPP101", "-q", "--output-format=concise", f"--column-unit={unit}"])
        found.append(capsys.readouterr().out.split(": ")[0])

    assert found == [f"bad_aipp.cfg:1:{column}" for column in (36, 41, 37)]
    assert main(["check", "--column-unit=cells"]) == 2
    complaint = "aipplint: --column-unit: 'cells' is none of characters, bytes, utf-16\n"
    assert capsys.readouterr().err == complaint


# Paths that a service wants.


@pytest.mark.parametrize(
    ("name", "variable"),
    [("sarif", "GITHUB_WORKSPACE"), ("github", "GITHUB_WORKSPACE"), ("gitlab", "CI_PROJECT_DIR")],
)
def test_paths_are_relative_to_the_repository_where_the_service_says_it(
    name: str, variable: str, folder: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    def printed() -> str:
        main(["check", "./bad_aipp.cfg", f"--output-format={name}"])
        return capsys.readouterr().out

    quoted = printed()
    assert "deploy/bad_aipp.cfg" not in quoted
    assert "./bad_aipp.cfg" not in quoted
    monkeypatch.setenv(variable, str(folder.parent))
    assert printed().replace("deploy/bad_aipp.cfg", "bad_aipp.cfg").count("bad_aipp.cfg") == quoted.count(
        "bad_aipp.cfg"
    )
    monkeypatch.setenv(variable, "/somewhere/else")
    assert printed() == quoted


def test_junit_and_checkstyle_know_the_clean_files(capsys: Captured) -> None:
    for name in ("junit", "checkstyle"):
        main(["check", f"--output-format={name}"])
        assert "good_aipp.cfg" in capsys.readouterr().out


# Formats that are read while the run goes on.


SHARED = """\
[[build]]
config = "*_aipp.cfg"
input-shape = "data:1,3,-1,-1"
dynamic-image-size = "416,416;416,416"
"""
"""Settings in which every configuration finds the same mistake."""


@pytest.mark.parametrize("name", ["jsonl", "rdjsonl"])
def test_lines_appear_as_soon_as_a_file_is_done(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "good_aipp.cfg").write_text(BAD)
    events: list[str] = []

    def linted(source: Source, *given: Any) -> Report:
        events.append(source.path)
        return lint_source(source, *given)

    monkeypatch.setattr(execute, "lint_source", linted)
    monkeypatch.setattr(reporting, "emit", events.append)
    main(["check", f"--output-format={name}", "-q"])

    assert [events[0], events[2]] == ["bad_aipp.cfg", "good_aipp.cfg"]
    printed = [events[1], events[3], events[4]]
    assert [text.count("\n") for text in printed] == [2, 2, 0]
    assert [[name in text for name in ("bad_aipp", "good_aipp")] for text in printed[:2]] == [
        [True, False],
        [False, True],
    ]


@pytest.mark.parametrize("name", ["json", "full", "concise", "sarif"])
def test_other_reports_are_printed_at_once(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    printed: list[str] = []
    monkeypatch.setattr(reporting, "emit", printed.append)
    main(["check", f"--output-format={name}", "-q"])

    assert len(printed) == 1


@pytest.mark.parametrize("count", [3, 200])
def test_streamed_lines_are_the_findings_of_json_in_the_order_of_the_files(
    count: int, folder: Path, capsys: Captured
) -> None:
    for number in range(count):
        (folder / f"{number:03}_aipp.cfg").write_text(BAD if number % 2 else BAD.replace("color", "colour_2"))
    (folder / "aipplint.toml").write_text(SHARED)
    main(["check", "-q", "--output-format=jsonl"])
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    main(["check", "-q", "--output-format=json"])
    findings = json.loads(capsys.readouterr().out)["findings"]

    assert len(lines) == 2 * count + 3
    key = operator.itemgetter("path")
    assert sorted(lines, key=key) == sorted(findings, key=key)
    assert [line["path"] for line in lines] == [
        *sorted(line["path"] for line in lines if line["path"] != "aipplint.toml"),
        "aipplint.toml",
    ]
    assert len(lines[-1]["related"]) == len(next(one for one in findings if one["path"] == "aipplint.toml")["related"])


def test_a_report_in_a_file_is_all_or_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    printed: list[str] = []
    monkeypatch.setattr(reporting, "emit", printed.append)
    main(["check", "-q", "--output-format=jsonl", "--output-file=out.jsonl"])

    assert printed == []
    assert len((folder / "out.jsonl").read_text().splitlines()) == 2


# The line while it takes long.


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


needs_timer = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="this system has no timers")


@needs_timer
def test_a_long_run_says_so_and_cleans_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    terminal, before = Terminal(), signal.getsignal(signal.SIGALRM)
    with Progress(300, terminal, after=0.01):
        while not terminal.getvalue():
            signal.pause()

    assert terminal.getvalue().startswith("\r\x1b[Kaipplint: checking 300 files, 0 s")
    assert terminal.getvalue().endswith("\r\x1b[K")
    assert signal.getsignal(signal.SIGALRM) is before
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


@needs_timer
@pytest.mark.parametrize(
    ("stream", "files", "term"), [(io.StringIO(), 300, "xterm"), (Terminal(), 1, "xterm"), (Terminal(), 300, "dumb")]
)
def test_elsewhere_nothing_is_said(stream: io.StringIO, files: int, term: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", term)
    before = signal.getsignal(signal.SIGALRM)
    with Progress(files, stream, after=0.001):
        assert signal.getsignal(signal.SIGALRM) is before
        assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)

    assert stream.getvalue() == ""


def test_a_short_run_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    terminal = Terminal()
    with Progress(300, terminal, after=600):
        pass

    assert terminal.getvalue() == ""


# What costs start-up time.


def test_a_format_that_is_not_used_is_not_loaded() -> None:
    code = (
        "import sys; from aipplint.cli import main; main(['check', '-q', 'good_aipp.cfg', '--output-format=concise'])\n"
        "heavy = {'json', 'xml.etree.ElementTree', 'hashlib', 'urllib.parse', 'tempfile', 'dataclasses', 'inspect'}\n"
        "print(sorted((heavy & set(sys.modules)) | {m for m in sys.modules if m.startswith('aipplint.report.')}))"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, env=environment, check=True, timeout=60)

    loaded = done.stdout.decode().strip()
    # A checkout that was never built makes its parser on the spot, and needs more for that.
    if (ROOT / "aipplint" / "_generated").exists():
        assert loaded == "['aipplint.report.concise', 'aipplint.report.positions']"
    else:
        assert "'aipplint.report.sarif'" not in loaded


# Standard output that does not take it.

full_device = pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")


def _sh(script: str, **more: str) -> subprocess.CompletedProcess[str]:
    command = script.replace("aipplint", f'"{sys.executable}" -m aipplint')
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **more}
    return subprocess.run(["sh", "-c", command], capture_output=True, env=environment, encoding="utf-8", check=False)


@full_device
@pytest.mark.parametrize(
    "words", ["check", "check --output-format=jsonl", "check --diff", "show good_aipp.cfg", "rule", "--help"]
)
def test_a_full_disk_is_one_line_and_exit_code_2(words: str) -> None:
    done = _sh(f"aipplint {words} > /dev/full")

    assert done.returncode == 2
    assert done.stderr == "aipplint: cannot write to standard output: no space left on device\n"


@pytest.mark.skipif(os.name != "posix", reason="the redirections of a POSIX shell")
@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-"])
def test_closed_streams_change_no_exit_code(closed: str, folder: Path) -> None:
    done = _sh(f"aipplint check --output-file=report.txt {closed}")

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines()[:1] in ([], ["aipplint: 2 errors (2 files checked)"])
    assert (folder / "report.txt").read_text(encoding="utf-8").count("AIPP101") == 2
    assert _sh(f"aipplint check {closed}").returncode == 1
    assert _sh("aipplint explain <&-").stderr.startswith("aipplint: nothing to explain: ")


def test_a_reader_that_goes_away_is_no_error() -> None:
    done = _sh("aipplint rule | head -n 1")

    assert (done.returncode, done.stderr, done.stdout[:8]) == (0, "", "AIPP001 ")


# What settings say of output.


def test_settings_say_what_the_command_line_leaves_open(
    folder: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "aipplint.toml").write_text(
        'output-format = "concise"\nfail-level = "error"\ncolor = "always"\nseverity = { AIPP101 = "warning" }\n'
    )
    assert main(["check", "bad_aipp.cfg"]) == 0
    assert "bad_aipp.cfg:4:3: " in capsys.readouterr().out
    assert main(["check", "bad_aipp.cfg", "--fail-level=warning", "--output-format=full", "--no-color"]) == 1
    assert capsys.readouterr().out.startswith("warning[AIPP101]")
    assert main(["check", "bad_aipp.cfg", "--output-format=full"]) == 0
    assert "\x1b[" in capsys.readouterr().out
    main(["show", "good_aipp.cfg"])
    assert "\x1b[" in capsys.readouterr().out
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"E10016: x\n")))
    main(["explain"])
    assert "\x1b[" in capsys.readouterr().out


def test_settings_of_a_folder_below_do_not_change_the_report(folder: Path, capsys: Captured) -> None:
    (folder / "below").mkdir()
    (folder / "below" / "bad_aipp.cfg").write_text(BAD)
    (folder / "below" / "aipplint.toml").write_text('output-format = "json"\nfail-level = "error"\n')
    assert main(["check", "--output-format=concise", "below"]) == 1
    assert main(["check", "below"]) == 1
    assert "error[AIPP101]" in capsys.readouterr().out


def test_atc_takes_them_too(folder: Path, capsys: Captured) -> None:
    (folder / "aipplint.toml").write_text('output-format = "concise"\nfail-level = "warning"\n')
    assert main(["atc", "--framework=5", "--soc_version=Ascend"]) == 1
    assert "[AIPP617]" in capsys.readouterr().out


def test_short_options(capsys: Captured) -> None:
    main(["check", "-f", "json", "-q", "good_aipp.cfg"])
    assert json.loads(capsys.readouterr().out)["findings"] == []
    main(["check", "-fjson", "-o", "out.json", "-q", "good_aipp.cfg"])
    assert json.loads(Path("out.json").read_text(encoding="utf-8"))["findings"] == []


def test_options_of_atc_with_one_dash_are_not_taken_for_short_ones(capsys: Captured) -> None:
    assert main(["check", "-framework=5"]) == 2
    assert capsys.readouterr().err == "aipplint: unknown option -framework; did you mean '--framework'?\n"
