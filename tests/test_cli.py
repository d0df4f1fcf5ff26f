"""The command line as a person, a script and an editor meet it."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import sys
import termios
from array import array
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import aipplint.run.execute
import aipplint.run.rule_settings
from aipplint import __version__
from aipplint.cli import main
from aipplint.config.config import Config
from aipplint.findings import Problem, Severity
from aipplint.project.command import options_of_command
from aipplint.report import FORMATS
from aipplint.rules import RULES
from aipplint.rules.rule import Rule, rule
from aipplint.rules.selection import Layer, selected
from aipplint.schema.validate import violations
from aipplint.source import MAX_BYTES
from tests.checkout import clean_environment
from tests.networks import onnx_input

ROOT = Path(__file__).parents[1]
GOOD = "aipp_op {\n  aipp_mode: static\n  input_format: RGB888_U8\n}\n"
BAD = """\
aipp_op {
  aipp_mode: static
  input_format: RGB888_U8
  colour: true
  src_image_size_w: 224
  src_image_size_h: 224
}
"""
WARN = "# no aipp_op\n"
SHAPE = "data:8,3,-1,-1"
SIZES = "416,416;832,832"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with a clean configuration, one with an error and one with a warning."""
    monkeypatch.chdir(tmp_path)
    for variable in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(variable, raising=False)
    for name, text in (("good_aipp.cfg", GOOD), ("bad_aipp.cfg", BAD), ("warn_aipp.cfg", WARN)):
        (tmp_path / name).write_text(text)
    return tmp_path


class Cli:
    """Runs ``main`` and keeps what it printed."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys
        self.out = self.err = ""

    def __call__(self, *words: str) -> int:
        code = main(list(words))
        self.out, self.err = self._capsys.readouterr()
        return code

    def concise(self, *words: str) -> list[str]:
        """The findings of a check, one line each."""
        self(*words[:1], "--output-format=concise", *words[1:])
        return self.out.splitlines()


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Cli:
    """The command line."""
    return Cli(capsys)


def process(*words: str, **more: Any) -> subprocess.CompletedProcess[bytes]:
    """The command line in a process of its own."""
    command = [sys.executable, "-m", "aipplint", *words]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, capture_output=True, env=environment, timeout=60, check=False, **more)


# Exit codes.


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["good_aipp.cfg"], 0),
        (["bad_aipp.cfg"], 1),
        (["warn_aipp.cfg"], 1),
        (["warn_aipp.cfg", "--fail-level=error"], 0),
        (["warn_aipp.cfg", "bad_aipp.cfg", "--fail-level", "error"], 1),
        (["gone.cfg"], 1),
        (["--fail-level=info"], 2),
        (["--no-such-option"], 2),
    ],
)
def test_exit_codes(cli: Cli, words: list[str], code: int) -> None:
    assert cli("check", *words) == code


def test_info_never_fails(cli: Cli, folder: Path) -> None:
    (folder / "aipplint.toml").write_text("severity = { AIPP0 = 'info', AIPP1 = 'info' }\n")

    assert cli("check") == 0
    assert "info[AIPP101]" in cli.out


def test_findings_go_to_stdout_and_the_summary_to_stderr(cli: Cli) -> None:
    cli("check")
    assert "error[AIPP101] unknown-field" in cli.out
    assert cli.err.splitlines()[0] == "aipplint: 1 error, 1 warning (3 files checked)"

    cli("check", "-q")
    assert cli.err == ""

    cli("check", "good_aipp.cfg")
    assert (cli.out, cli.err.splitlines()[0]) == ("", "aipplint: no findings (1 file checked)")


def test_silenced_findings_are_counted(cli: Cli, folder: Path) -> None:
    (folder / "bad_aipp.cfg").write_text(BAD.replace("true", "true # aipplint: ignore[AIPP101]"))

    assert cli("check", "bad_aipp.cfg") == 0
    assert cli.err.splitlines()[0] == "aipplint: no findings (1 file checked), 1 suppressed by comments"


def test_no_configuration_is_no_error_but_a_note(cli: Cli, folder: Path) -> None:
    (folder / "empty").mkdir()

    assert cli("check", "empty") == 0
    assert (cli.out, cli.err.splitlines()[0]) == ("", "aipplint: 0 configurations found")
    assert cli("check", "empty", "--output-format=json") == 0
    assert json.loads(cli.out)["findings"] == []


# Mistakes in the command.


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["chek"], "unknown command 'chek'; did you mean 'check'?"),
        (["good_aipp.cfg"], "unknown command 'good_aipp.cfg'; to check a file: aipplint check good_aipp.cfg"),
        (["--verison"], "unknown option '--verison'; did you mean '--version'?"),
        (
            ["check", "--dynamic-image-sise=1"],
            "unknown option --dynamic-image-sise; did you mean '--dynamic-image-size'?",
        ),
        (["check", "--sel", "AIPP1"], "unknown option --sel; did you mean '--select'?"),
        (
            ["check", "--output-format=ful"],
            f"--output-format: 'ful' is none of {', '.join(FORMATS)}; did you mean 'full'?",
        ),
        (["check", "--select"], "--select: expected one argument"),
        (["check", "-", "good_aipp.cfg"], "'-' (standard input) cannot be mixed with paths"),
        (["check", "--stdin-filename=x.cfg"], "--stdin-filename is only for standard input: give '-' as the path"),
        (["check", "--config=a", "--isolated"], "--config and --isolated exclude each other"),
        (["check", "--runtime=gone.json"], "gone.json: cannot be read: no such file or directory"),
        (["rule", "AIPP999"], "no rule has the code or name 'AIPP999'"),
        (["rule", "unkown-field"], "no rule has the code or name 'unkown-field'; did you mean 'unknown-field'?"),
        (["rule", "crop_size_w"], "crop_size_w is a field, not a rule: 'aipplint field crop_size_w' lists its rules"),
        (["rule", "a\nb\x1b"], "no rule has the code or name 'a\\x0ab\\x1b'"),
    ],
)
def test_a_mistake_is_one_line_and_exit_code_2(cli: Cli, words: list[str], line: str) -> None:
    assert cli(*words) == 2
    assert (cli.out, cli.err) == ("", f"aipplint: {line}\n")


def test_without_a_command_the_help_is_shown(cli: Cli) -> None:
    assert cli() == 2
    assert "Usage: aipplint COMMAND" in cli.err


def test_help_and_version(cli: Cli) -> None:
    for words in (["--help"], ["check", "--help"], ["atc", "-h"], ["atc"], ["rule", "--help"]):
        assert cli(*words) == 0, words
        assert "Examples:" in cli.out
        assert max(map(len, cli.out.splitlines())) <= 120
    assert cli("--version") == 0
    assert cli.out == f"aipplint {__version__}\n"
    cli("check", "--help")
    assert "--dynamic-image-size" in cli.out
    assert "--dynamic_image_size VALUE" not in cli.out


# The options of ATC.


@pytest.mark.parametrize(
    "spelling", ["--input-shape={} --dynamic-image-size={}", "--input_shape {} --dynamic_image_size {}"]
)
def test_options_of_atc_in_both_spellings(cli: Cli, spelling: str) -> None:
    words = [word.replace("{}", value) for word, value in _pairs(spelling)]

    assert cli.concise("check", "bad_aipp.cfg", "--select=AIPP702", *words)[0].startswith("bad_aipp.cfg:5:3: error: ")


def _pairs(spelling: str) -> list[tuple[str, str]]:
    values = iter((SHAPE, SIZES))
    return [(word, next(values) if "{}" in word else "") for word in spelling.split()]


def test_a_finding_about_an_option_stands_in_the_command_line_as_typed(cli: Cli) -> None:
    cli("check", "good_aipp.cfg", "--input-shape", SHAPE, "--dynamic_image_size=416,416;832,x", "--select=AIPP602")

    assert " --> <command line>:1:" in cli.out
    assert ' "416,416;832,x"' in cli.out.replace("dynamic_image_size=", " ")
    line, mark = next(
        (above, below)
        for above, below in zip(cli.out.splitlines(), cli.out.splitlines()[1:], strict=False)
        if "^" in below
    )
    assert line[mark.index("^")] == "x"


def test_it_is_said_once_for_many_files(cli: Cli) -> None:
    lines = cli.concise("check", "--select=AIPP6", "--input-shape", SHAPE, "--dynamic_image_size=416,416")

    assert [line.split(": ")[0][:14] for line in lines] == ["<command line>"]


def test_options_alone_are_checked_where_there_is_no_file(cli: Cli, folder: Path) -> None:
    (folder / "empty").mkdir()
    assert cli("check", "empty", "--input-shape", SHAPE, "--dynamic_image_size=416,416") == 1
    assert "AIPP603" in cli.out


def test_options_alone_have_the_settings_of_the_current_folder(
    cli: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = folder / "here"
    (here / "empty").mkdir(parents=True)
    (here / "aipplint.toml").write_text('severity = { AIPP603 = "info" }\n')
    (folder / "beside" / "below").mkdir(parents=True)
    (folder / "beside" / "aipplint.toml").write_text("of no concern = [\n")
    monkeypatch.chdir(here)

    for words in (["check", "empty"], ["atc"]):
        cli(*words, "--input_shape", SHAPE, "--dynamic_image_size=416,416")
        assert "info[AIPP603]" in cli.out, cli.err


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--input_shape=a:1"], {"input_shape": "a:1"}),
        (["-input_shape=a:1"], {"input_shape": "a:1"}),
        (["--input_shape", "data:-1,3"], {"input_shape": "data:-1,3"}),
        (["--input_shape", "-1,3"], {"input_shape": "-1,3"}),
        (["--input_shape", "--soc_version=x"], {"input_shape": "--soc_version=x"}),
        (["--input-shape=a:1"], {"input_shape": "a:1"}),
        (["--input_shape=a:1", "--input_shape=b:2"], {"input_shape": "b:2"}),
        (["--input_shape="], {"input_shape": ""}),
        (["--log", "debug", "--mode=0", "stray", "--soc_version", "x"], {"soc_version": "x", "mode": "0"}),
        (["--input_shape"], {}),
        ([], {}),
    ],
)
def test_options_as_atc_reads_them(words: list[str], expected: dict[str, str]) -> None:
    options = options_of_command(["aipplint", "atc", *words], 2)

    assert {name: option.value for name, option in options.items()} == expected
    for option in options.values():
        source, span = option.place
        assert source.text[span.start : span.end] == option.value


def test_quotes_that_a_shell_needs_do_not_move_the_places() -> None:
    words = ["aipplint", "atc", "a b", "--soc_version=x y", "--input_shape", 'a"b$c', "--dynamic_dims=1;2"]
    options = options_of_command(words, 2)
    text = options["input_shape"].place.source.text

    assert text == 'aipplint atc "a b" --soc_version="x y" --input_shape \'a"b$c\' --dynamic_dims="1;2"'
    assert options["soc_version"].part(2, 3).span == (text.index("y"), text.index("y") + 1)
    assert options["dynamic_dims"].exact
    assert not options["input_shape"].exact


@given(
    st.lists(st.sampled_from(["--input_shape", "--input_shape=", "-", "--", "--a=b"]) | st.text(max_size=6), max_size=6)
)
def test_no_words_confuse_the_places_of_options(words: list[str]) -> None:
    for own in (True, False):
        for option in options_of_command(["aipplint", *words], 1, own=own).values():
            source, (start, end) = option.place
            assert 0 <= start <= end <= len(source.text)
            assert not option.exact or source.text[start:end] == option.value


# aipplint atc.


REQUIRED = ("--model=x.onnx", "--framework=5", "--output=x", "--soc_version=Ascend310P3")
"""What ATC requires of every command."""


def a_model(*dims: int | str) -> None:
    """Write the model that they name."""
    Path("x.onnx").write_bytes(onnx_input("data", dims or (1, 3, 224, 224)))


def test_atc_finds_the_configuration_and_checks_it_against_the_options(cli: Cli) -> None:
    a_model(8, 3, "H", "W")
    command = [*REQUIRED, "--insert_op_conf=bad_aipp.cfg", "--log", "debug"]

    lines = cli.concise("atc", *command, f"--input_shape={SHAPE}", f"--dynamic_image_size={SIZES}")
    assert [line.rsplit(" ", 1)[1] for line in lines] == ["[AIPP101]", "[AIPP702]"]


def test_atc_works_without_a_configuration(cli: Cli) -> None:
    a_model()
    assert cli.concise("atc", *REQUIRED, f"--dynamic_image_size={SIZES}")[0].endswith("[AIPP610]")
    assert cli("atc", *REQUIRED, "--insert_op_conf=") == 0


def test_atc_requires_what_atc_does(cli: Cli) -> None:
    a_model()

    def missing(*words: str) -> list[str]:
        lines = cli.concise("atc", *words)
        return [line.partition("missing --")[2].split(",")[0] for line in lines if "missing --" in line]

    assert missing(*REQUIRED) == []
    assert missing(*REQUIRED[1:]) == ["model"]
    assert missing(*REQUIRED[:-1]) == ["soc_version"]
    assert missing("--cann-version=6.0", *REQUIRED[:-1]) == []
    assert missing("--output=") == ["framework", "model", "output", "soc_version"]
    assert missing("--mode=1", "--om=net.om", "--json=net.json") == []
    assert missing("--singleop=op.json", "--output=x") == []


def test_atc_says_once_that_the_configuration_is_not_there(cli: Cli) -> None:
    a_model()
    fixed = "--input_shape=data:1,3,224,224"
    (line,) = cli.concise("atc", "--insert_op_conf=gone.cfg", *REQUIRED, fixed)

    assert line == "<command line>:1:55: error: missing file gone.cfg, relative to the working directory [AIPP620]"
    assert cli("atc", "--insert_op_conf=.") == 1


def test_atc_fails_on_errors_only_and_takes_own_options_first(cli: Cli) -> None:
    a_model()
    words = (*REQUIRED, "--input_shape=data:1,3,224,224", "--insert_op_conf=warn_aipp.cfg")
    assert cli("atc", *words) == 0
    assert cli("atc", "--fail-level=warning", "-q", *words) == 1
    assert cli.err == ""
    assert cli("atc", *words, "--fail-level=warning") == 0


def test_atc_is_not_told_of_other_builds(cli: Cli, folder: Path) -> None:
    (folder / "aipplint.toml").write_text(
        f"ignore = ['AIPP101']\n[[build]]\nconfig = 'bad_aipp.cfg'\ninput-shape = '{SHAPE}'\n"
        f"dynamic-image-size = '{SIZES}'\n"
    )
    a_model()
    assert cli.concise("atc", *REQUIRED, "--insert_op_conf=bad_aipp.cfg", "--input_shape=data:1,3,224,224") == []


# Standard input.


def test_stdin_has_the_name_that_it_is_given_and_its_settings(folder: Path) -> None:
    (folder / "sub").mkdir()
    (folder / "sub" / "aipplint.toml").write_text("ignore = ['AIPP101']\nexclude = ['left_*']\n")

    def lint(*words: str) -> subprocess.CompletedProcess[bytes]:
        return process("check", "--output-format=concise", *words, input=BAD.encode())

    assert lint("-").stdout.startswith(b"<stdin>:4:3: error: ")
    assert lint("-", "--stdin-filename", "other/aipp.cfg").stdout.startswith(b"other/aipp.cfg:4:3: error: ")
    assert lint("-", "--stdin-filename=sub/aipp.cfg").returncode == 0
    assert lint("-", "--stdin-filename=sub/left_aipp.cfg", "--select=AIPP101").returncode == 0


def test_a_folder_as_standard_input_is_a_finding(cli: Cli, folder: Path) -> None:
    # The interpreter itself refuses to start with a folder as standard input: this is what would come after that.
    descriptor, stdin = os.open(folder, os.O_RDONLY), os.dup(0)
    os.dup2(descriptor, 0)
    try:
        lines = cli.concise("check", "-")
    finally:
        os.dup2(stdin, 0)
        os.close(stdin)
        os.close(descriptor)

    assert lines == ["<stdin>:1:1: error: cannot be read: is a directory [AIPP904]"]


def test_standard_input_is_read_up_to_the_limit() -> None:
    done = process("check", "-", "--output-format=concise", input=b"#" * (MAX_BYTES + 10))

    assert done.returncode == 1
    assert done.stdout.startswith(b"<stdin>:1:1: error: the file has 2,097,153 bytes and was not checked")


# Files that are not what they should be.


def test_each_bad_file_gets_one_clear_line(cli: Cli, folder: Path) -> None:
    os.mkfifo(folder / "pipe.cfg")
    with (folder / "huge.cfg").open("wb") as file:
        file.truncate(50 * 1024 * 1024)

    limit = f"{MAX_BYTES:,}"
    assert cli.concise("check", "good_aipp.cfg", "gone.cfg", "pipe.cfg", "huge.cfg", "bad\n.cfg") == [
        "bad\\x0a.cfg:1:1: error: cannot be read: no such file or directory [AIPP904]",
        "gone.cfg:1:1: error: cannot be read: no such file or directory [AIPP904]",
        f"huge.cfg:1:1: error: the file has 52,428,800 bytes and was not checked; the maximum is {limit} [AIPP906]",
        "pipe.cfg:1:1: error: cannot be read: is a pipe (FIFO) [AIPP904]",
    ]
    assert cli("check", "--ignore=ALL", "gone.cfg") == 1


def test_any_bytes_in_any_format_are_printable(cli: Cli, folder: Path) -> None:
    (folder / "bytes_aipp.cfg").write_bytes(bytes(range(256)) + b"\naipp_op { \xff\xfe\x1b[31m: 1 }\n")

    for name in (*FORMATS, "json"):
        assert cli("check", "bytes_aipp.cfg", f"--output-format={name}") == 1
        cli.out.encode("utf-8")
        assert "\x1b" not in cli.out
    assert violations("report", json.loads(cli.out)) == []


def test_a_rule_that_fails_is_a_finding_and_the_rest_goes_on(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(config: Config) -> Iterator[Problem]:
        yield Problem(config.whole, "what is {missing}", {"given": 1})

    broken = Rule("AIPP100", "broken", Severity.ERROR, "", fail, ("config",), ("config",))
    monkeypatch.setattr(aipplint.run.rule_settings, "RULES", (broken, *RULES))

    assert cli("check", "--output-format=concise", "--ignore=AIPP903", "bad_aipp.cfg", "good_aipp.cfg") == 2
    lines = cli.out.splitlines()
    assert [line.rsplit("[", 1)[1] for line in lines] == ["AIPP903]", "AIPP101]", "AIPP903]"]
    assert "rule AIPP100 (broken) failed: KeyError: 'missing'" in lines[0]


def test_rules_in_preview_run_only_with_preview() -> None:
    @rule("AIPP999", "new", Severity.INFO, preview=True)
    def new(config: Config) -> Iterator[Problem]:
        """New."""
        yield Problem(config.whole, "new")

    assert selected([new], [Layer(select=("AIPP999",))]) == ()
    assert selected([new], [], preview=True) == (new,)


# Showing.


def test_show_files_settings_and_profiles(cli: Cli, folder: Path) -> None:
    (folder / "pyproject.toml").write_text(
        "[[tool.aipplint.build]]\nconfig = 'good_aipp.cfg'\n"
        f"input_shape = '{SHAPE};img_info:8,4,-1,-1'\ndynamic-image-size = '{SIZES}'\n"
    )
    assert cli("check", "--show-files") == 0
    assert (cli.out, cli.err) == ("bad_aipp.cfg\ngood_aipp.cfg\nwarn_aipp.cfg\n", "")

    assert cli("check", "--show-settings", "bad_aipp.cfg", "--select=AIPP70") == 0
    assert cli.out.startswith("settings: pyproject.toml\n")
    assert "\nrules: AIPP701 AIPP702 " in cli.out

    assert cli("check", "--show-profiles") == 0
    assert cli.out == (
        "good_aipp.cfg:\n"
        "Profile 0: data(8,3,416,416) + img_info(8,4,416,416)\n"
        "Profile 1: data(8,3,832,832) + img_info(8,4,832,832)\n"
    )


# Colour.


@pytest.mark.parametrize(
    ("environment", "words", "colored"),
    [
        ({}, [], False),
        ({}, ["--color=always"], True),
        ({"FORCE_COLOR": "1"}, [], True),
        ({"FORCE_COLOR": "1"}, ["--no-color"], False),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, [], False),
        ({"NO_COLOR": "1"}, ["--color", "always"], True),
        ({"FORCE_COLOR": "1"}, ["--output-format=concise"], False),
        ({"FORCE_COLOR": "1"}, ["--output-format=json"], False),
    ],
)
def test_color(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], words: list[str], colored: bool
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    cli("check", *words)

    assert ("\x1b[" in cli.out) is colored
    assert "\x1b[" not in cli.err


# Rules.


def test_the_list_of_rules_and_a_page(cli: Cli) -> None:
    assert cli("rule") == 0
    assert len(cli.out.splitlines()) == len(RULES)
    assert cli.out.splitlines()[0].split()[:3] == ["AIPP001", "syntax-error", "error"]
    assert cli("rule", "AIPP702") == 0
    page = cli.out
    assert page.startswith("AIPP702 source-size-with-dynamic-image-size (error, ATC: E10052)\n\n")
    for heading in ("## Wrong", "## Right", "## Fix", "## Source"):
        assert heading in page
    assert cli("rule", "source-size-with-dynamic-image-size") == 0
    assert cli.out == page
    assert cli("rule", "aipp90") == 0
    assert [line.split()[0] for line in cli.out.splitlines()] == [
        "AIPP901",
        "AIPP902",
        "AIPP903",
        "AIPP904",
        "AIPP905",
        "AIPP906",
        "AIPP907",
    ]


# Many files.


def test_many_files_in_several_processes_give_what_one_gives(
    cli: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for index in range(80):
        (folder / f"more_{index}_aipp.cfg").write_text(BAD if index % 7 == 0 else GOOD)
    words = ("check", f"--input-shape={SHAPE}", f"--dynamic-image-size={SIZES};1,x", "--output-format=json")
    cli(*words)
    several = cli.out
    monkeypatch.setattr(aipplint.run.execute, "MANY", 10_000)
    cli(*words)

    assert several == cli.out
    assert json.loads(several)["summary"]["files"] == 83


# Processes, pipes, signals.


def test_the_real_command_from_a_process() -> None:
    done = process("check", "bad_aipp.cfg", "--output-format=concise")

    assert done.returncode == 1
    assert done.stdout.startswith(b"bad_aipp.cfg:4:3: error: ")
    assert done.stderr.splitlines()[0] == b"aipplint: 1 error (1 file checked)"


def test_an_encoding_that_lacks_a_character_does_not_matter(folder: Path) -> None:
    (folder / "bad_aipp.cfg").write_text("aipp_op { 名称: 1 }  # 图像\n", encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "ascii"}
    command = [sys.executable, "-m", "aipplint", "check", "bad_aipp.cfg"]
    done = subprocess.run(command, capture_output=True, env=environment, check=False, timeout=60)

    assert done.returncode == 1
    assert b"Traceback" not in done.stderr
    assert b"\\u56fe" in done.stdout


def test_a_reader_that_goes_away_is_no_error(folder: Path) -> None:
    (folder / "many_aipp.cfg").write_text("aipp_op {\n" + "".join(f"  f{n}: 1\n" for n in range(3000)) + "}\n")
    read, write = os.pipe()
    os.close(read)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "aipplint", "check", "-q", "many_aipp.cfg"]
    done = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, env=environment, check=False, timeout=60)
    os.close(write)

    assert (done.returncode, done.stderr) == (1, b"")


def _wait_until_read(pipe: int, reader: subprocess.Popen[bytes]) -> None:
    """Wait until a program has read what was written to a pipe, or has ended."""
    waiting = array("i", [1])
    while waiting[0] and reader.poll() is None:
        fcntl.ioctl(pipe, termios.FIONREAD, waiting)


def test_an_interrupt_ends_it_quietly() -> None:
    """The signal comes while the text is read; also where the parent ignores it, as a background job does.

    Python may ask for more between our signal and its handler, so the text ends then: nothing waits for a clock.
    """
    read, write = os.pipe()
    running = subprocess.Popen(
        [sys.executable, "-m", "aipplint", "check", "-"],
        stdin=read,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - a test has one thread
    )
    try:
        os.write(write, b"aipp_op {")
        _wait_until_read(read, running)
        running.send_signal(signal.SIGINT)
    finally:
        os.close(read)
        os.close(write)
    try:
        out, err = running.communicate(timeout=60)
    finally:
        running.kill()

    assert (running.returncode, out, err) == (130, b"", b"")


def test_an_error_of_aipplint_itself_is_one_line(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("no\nway")

    monkeypatch.setattr("aipplint.cli.check.find_targets", fail)

    assert cli("check", "good_aipp.cfg") == 2
    assert cli.err == "aipplint: internal error: ZeroDivisionError: no\\x0away; please report it with the command\n"


_PROGRAM = """
import sys
before = set(sys.modules)
from aipplint.cli import main
main(["check", *sys.argv[1:]])
print(*sorted((set(sys.modules) - before) & set("%s".split())))
"""


GENERATED = ROOT / "aipplint" / "_generated"


@pytest.mark.parametrize("words", [["good_aipp.cfg"], ["--output-format=concise", "warn_aipp.cfg"]])
@pytest.mark.skipif(not GENERATED.is_dir(), reason="needs the modules that the build generates")
def test_one_file_imports_only_what_it_needs(words: list[str]) -> None:
    names = (
        "jsonschema lark json difflib shlex tomllib inspect dataclasses pathlib concurrent shutil multiprocessing glob"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", _PROGRAM % names, *words]
    done = subprocess.run(command, capture_output=True, env=environment, check=False, timeout=60)

    assert done.returncode == 0
    assert done.stdout.decode().splitlines()[-1] == ""


def test_settings_of_another_tool_are_named_and_never_fixed(cli: Cli, folder: Path) -> None:
    text = "CLASS_NUM=1000\nSOFTMAX=false\nTOP_K=5\n"
    (folder / "resnet50_aipp_tf.cfg").write_text(text)

    assert cli("check", "--fix", "--output-format=concise", "resnet50_aipp_tf.cfg") == 0
    assert "info: 'CLASS_NUM' is for the post-processing of MindX SDK" in cli.out
    assert (folder / "resnet50_aipp_tf.cfg").read_text() == text
    assert cli("atc", "--insert_op_conf=resnet50_aipp_tf.cfg") == 1
    assert "error[AIPP015]" in cli.out


@pytest.mark.parametrize("words", [("check",), ("check", "."), ("check", "-"), ("atc", "--model=a.onnx"), ("builds",)])
def test_a_current_folder_that_was_deleted_is_one_line(words: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "gone").mkdir()
    script = 'cd gone && rmdir ../gone && exec "$0" -m aipplint "$@"'
    command = ("sh", "-c", script, sys.executable, *words)
    environment = clean_environment() | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, input="", capture_output=True, encoding="utf-8", check=False
    )

    assert done.returncode == 2
    assert done.stderr == "aipplint: the current folder cannot be used: no such file or directory\n"
