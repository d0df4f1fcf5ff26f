"""Settings files: where they are found, what they mean, what is said of wrong ones, and where their values stand."""

from __future__ import annotations

import cProfile
import json
import re
import string
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aipplint import __version__
from aipplint.cli import main
from aipplint.cli.arguments import COLORS, FAIL_LEVELS
from aipplint.errors import SettingsError
from aipplint.project.command import CONFIG, OPTIONS
from aipplint.project.locate import Locator, json_locator, toml_locator
from aipplint.project.patterns import matches
from aipplint.project.settings import kebab, read_settings
from aipplint.project.toml_errors import reason_of
from aipplint.report import FORMATS
from aipplint.resources import schema_text
from aipplint.run.plan import uses_of
from aipplint.run.session import Request, Session
from aipplint.source import Source
from tests.checkout import ROOT

BAD = """\
aipp_op {
  aipp_mode: static
  input_format: RGB888_U8
  colour: true
  src_image_size_w: 224
  src_image_size_h: 224
}
"""
PROFILES = 'input-shape = "data:8,3,-1,-1"\ndynamic-image-size = "416,416;832,832"\n'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder, with one configuration that has an unknown field and a fixed source width."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "aipp.cfg").write_text(BAD)
    return tmp_path


def check(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, list[str], str]:
    """Exit code, the findings as ``path:line:code``, and standard error."""
    code = main(["check", "--output-format=concise", *words])
    out, err = capsys.readouterr()
    lines = [[*line.split(":")[:2], line[line.rindex("[") + 1 : -1]] for line in out.splitlines()]
    return code, [":".join(parts) for parts in lines], err


def error_of(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """The one line on standard error of a command that fails."""
    code, findings, err = check(capsys, *words)
    assert (code, findings) == (2, [])
    assert err.count("\n") == 1, err
    return err.removeprefix("aipplint: ").rstrip("\n")


# Finding the file.


def test_the_nearest_settings_file_counts(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "aipplint.toml").write_text('ignore = ["AIPP101"]\n')
    (folder / "near").mkdir()
    (folder / "near" / "pyproject.toml").write_text("[tool.other]\nname = 'x'\n")
    (folder / "near" / "aipp.cfg").write_text(BAD)
    (folder / "nearer").mkdir()
    (folder / "nearer" / "pyproject.toml").write_text("[tool.aipplint]\nignore = ['AIPP105']\n")
    (folder / "nearer" / "aipp.cfg").write_text(BAD)

    _, findings, _ = check(capsys)
    assert findings == ["nearer/aipp.cfg:4:AIPP101"]
    _, findings, _ = check(capsys, "--isolated")
    assert findings == ["aipp.cfg:4:AIPP101", "near/aipp.cfg:4:AIPP101", "nearer/aipp.cfg:4:AIPP101"]
    _, findings, _ = check(capsys, "--config", "nearer/pyproject.toml", "aipp.cfg")
    assert findings == ["aipp.cfg:4:AIPP101"]


def test_aipplint_toml_goes_before_pyproject_in_one_folder(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "aipplint.toml").write_text('ignore = ["unknown-field"]\n')
    (folder / "pyproject.toml").write_text("[tool.aipplint]\nselect = ['AIPP101']\n")

    assert check(capsys)[:2] == (0, [])


def test_a_broken_pyproject_that_is_not_ours_does_not_matter(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "pyproject.toml").write_text("[tool.other\n")

    assert check(capsys)[1] == ["aipp.cfg:4:AIPP101"]


# Which rules run.


@pytest.mark.parametrize(
    ("settings", "words", "expected"),
    [
        ('select = ["AIPP7"]', [], []),
        ('select = ["AIPP7"]\nextend-select = ["unknown-field"]', [], ["aipp.cfg:4:AIPP101"]),
        ('select = ["AIPP1"]\nignore = ["AIPP101"]', [], []),
        ('select = ["AIPP101"]\nignore = ["AIPP1"]', [], ["aipp.cfg:4:AIPP101"]),
        ('ignore = ["ALL"]\nextend_select = ["AIPP10"]', [], ["aipp.cfg:4:AIPP101"]),
        ('ignore = ["AIPP101"]', ["--select=AIPP101"], ["aipp.cfg:4:AIPP101"]),
        ('select = ["AIPP101"]', ["--ignore", "AIPP101,AIPP2"], []),
        ('per-file-ignores = { "*.cfg" = ["unknown-field"] }', [], []),
        ('per_file_ignores = { "deploy/*.cfg" = ["AIPP101"] }', [], ["aipp.cfg:4:AIPP101"]),
        ('exclude = ["aipp.*"]', [], []),
        ('exclude = ["aipp.*"]', ["aipp.cfg"], ["aipp.cfg:4:AIPP101"]),
        ('exclude = ["aipp.*"]', ["aipp.cfg", "--force-exclude"], []),
    ],
)
def test_selection(
    folder: Path, capsys: pytest.CaptureFixture[str], settings: str, words: list[str], expected: list[str]
) -> None:
    (folder / "aipplint.toml").write_text(settings)

    assert check(capsys, *words)[1] == expected


def test_severity_by_code_family_and_name_changes_the_exit_code(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for table, code in (
        ("AIPP101 = 'warning'", 1),
        ("AIPP101 = 'info'\nAIPP1 = 'error'", 0),
        ("unknown-field = 'info'", 0),
        ("AIPP1 = 'info'", 0),
    ):
        (folder / "aipplint.toml").write_text(f"[severity]\n{table}\n")

        assert check(capsys)[0] == code, table


# What is wrong with settings.


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ("\nslect = []\n", "aipplint.toml:2: unknown key 'slect'; did you mean 'select'?"),
        ("select = 'AIPP1'\n", "aipplint.toml:1: select must be a list, not a string"),
        (
            "[build]\nconfigs = ['a.cfg']\n",
            "aipplint.toml:1: build must be a list of tables; write [[build]] with double brackets",
        ),
        ("select = [\n 'AIPP1',\n 7]\n", "aipplint.toml:3: select must be a string, not a whole number"),
        ("preview = 1\n", "aipplint.toml:1: preview must be true or false, not a whole number"),
        (
            "\nignore = ['AIPP1',\n'unkown-field']\n",
            "aipplint.toml:3: ignore: no rule has the code or name 'unkown-field'; did you mean 'unknown-field'?",
        ),
        ("select = ['AIPP999']\n", "aipplint.toml:1: select: no rule has the code or name 'AIPP999'"),
        (
            "[severity]\nAIPP101 = 'eror'\n",
            "aipplint.toml:2: severity.AIPP101 must be error, warning or info, not 'eror'; did you mean 'error'?",
        ),
        (
            "[severity]\nAIPP101 = 'error'\nAIPP998 = 'info'\n",
            "aipplint.toml:3: severity: no rule has the code or name 'AIPP998'",
        ),
        (
            "[per-file-ignores]\n'*.cfg' = ['x']\n",
            "aipplint.toml:2: per-file-ignores.*.cfg: no rule has the code or name 'x'",
        ),
        (
            "[[build]]\nconfig = 'aipp.cfg'\n[[build]]\nconfig = 'aipp.cfg'\ndynamic-image-sise = '1,1'\n",
            "aipplint.toml:5: unknown key 'dynamic-image-sise'; did you mean 'dynamic-image-size'?",
        ),
        ("[[build]]\ninput-shape = 'a:1'\n", "aipplint.toml:1: build needs a 'config'"),
        ("[[build]]\ncofnig = 'a'\n", "aipplint.toml:2: unknown key 'cofnig'; did you mean 'config'?"),
        ("[[build]]\nconfig = ''\n", "aipplint.toml:2: build.config must not be empty"),
        (
            "[[build]]\nconfig = 'a'\nframework = 5.5\n",
            "aipplint.toml:3: build.framework must be a string or a whole number, not a number",
        ),
        (
            "[[build]]\nconfig='aipp.cfg'\n[build.runtime]\nsrc-image-size-x = 1\n",
            "aipplint.toml:4: unknown key 'src_image_size_x'; did you mean 'src_image_size_w'?",
        ),
        ("[[build]]\nconfig='aipp.cfg'\nruntime = { input-format = 'YUV420SP_U8',\n batch-size = 'x' }\n", None),
        (
            "[[build]]\nconfig='aipp.cfg'\nruntime = { batch-size = 'x' }\n",
            "aipplint.toml:3: batch_size must be a whole number, not a string",
        ),
        ("input-shape = 'a:1'\n", "aipplint.toml:1: unknown key 'input-shape'"),
        ("soc-version = 'a'\nsoc_version = 'b'\n", "aipplint.toml:2: soc-version is given twice, in two spellings"),
        ("select = [1", "aipplint.toml:1:12: not valid TOML: a list is not closed, or a ',' is missing in it"),
        ("ignore = []\nignore = []\n", "aipplint.toml:2:12: not valid TOML: the key is given already"),
        (
            "[tool.aipplint]\n",
            "aipplint.toml:1: this file must not have the table [tool.aipplint]; only pyproject.toml has it",
        ),
        (
            'severity = {X = "off"}\n',
            (
                "aipplint.toml:1: severity.X must be error, warning or info, not 'off'; "
                "to leave a rule out, put it into 'ignore'"
            ),
        ),
        (
            'required-version = ">=99"\nkey-of-the-future = 1\n',
            f"aipplint.toml:1: required-version is >=99; this is aipplint {__version__}",
        ),
        (
            'required-version = "new"\n',
            "aipplint.toml:1: required-version is a version or conditions such as '>=0.1,<1', not 'new'",
        ),
    ],
)
def test_one_clear_line_for_a_mistake(
    folder: Path, capsys: pytest.CaptureFixture[str], settings: str, message: str | None
) -> None:
    (folder / "aipplint.toml").write_text(settings)
    line = error_of(capsys)

    assert line.startswith("aipplint.toml:") if message is None else line == message


def test_settings_that_cannot_be_read(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert error_of(capsys, "--config=none.toml") == "none.toml: cannot be read: no such file or directory"
    (folder / "pyproject.toml").write_text("[tool.other]\n")
    assert error_of(capsys, "--config=pyproject.toml") == "pyproject.toml: no table [tool.aipplint]"
    (folder / "aipplint.toml").write_bytes(b"# \xff\n")
    assert error_of(capsys) == "aipplint.toml: not UTF-8"
    (folder / "aipplint.toml").write_text("a = " + "[" * 100_000)
    assert error_of(capsys).startswith("aipplint.toml: ")


def test_wrong_words_on_the_command_line(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert folder.exists()
    line = error_of(capsys, "--ignore=unkown-field")
    assert line == "--ignore: no rule has the code or name 'unkown-field'; did you mean 'unknown-field'?"


# Builds.


@pytest.mark.parametrize("name", ["aipplint.toml", "pyproject.toml"])
def test_a_build_is_what_its_configuration_is_checked_against(
    folder: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    prefix = "tool.aipplint." if name == "pyproject.toml" else ""
    (folder / "sub").mkdir()
    (folder / "sub" / "aipp.cfg").write_text(BAD)
    (folder / name).write_text(f"[[{prefix}build]]\nconfig = 'sub/*.cfg'\n{PROFILES}")

    _, findings, _ = check(capsys, "--select=AIPP702")
    assert findings == ["sub/aipp.cfg:5:AIPP702"]


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ("sub/aipp.cfg", 1),
        ("./sub/../sub/aipp.cfg", 1),
        ("sub", 1),
        ("sub/", 1),
        ("s?b", 1),
        ("**/aipp.cfg", 2),
        ("link.cfg", 1),
        ("linked/aipp.cfg", 1),
        ("linked", 1),
        ("{folder}/sub/aipp.cfg", 1),
        ("aipp.cfg", 1),
        (".", 2),
        ("ub/aipp.cfg", 0),
    ],
)
def test_a_build_names_configurations_by_path_folder_pattern_or_link(
    folder: Path, capsys: pytest.CaptureFixture[str], config: str, expected: int
) -> None:
    (folder / "sub").mkdir()
    (folder / "sub" / "aipp.cfg").write_text(BAD)
    (folder / "link.cfg").symlink_to("sub/aipp.cfg")
    (folder / "linked").symlink_to("sub")
    (folder / "aipplint.toml").write_text(f"[[build]]\nconfig = '{config.format(folder=folder)}'\n{PROFILES}")

    _, findings, _ = check(capsys, "--select=AIPP702", "aipp.cfg", "sub/aipp.cfg")
    assert len(findings) == expected


def test_many_builds_cost_no_more_than_their_number(folder: Path) -> None:
    for number in range(200):
        (folder / f"aipp{number}.cfg").write_text(BAD)

    def calls(builds: int) -> int:
        """Function calls that one configuration costs where there are as many builds: a count, not a time."""
        tables = (f"[[build]]\nconfig = 'aipp{number}.cfg'\n{PROFILES}" for number in range(builds))
        (folder / "aipplint.toml").write_text("".join(tables))
        session = Session(Request(("aipplint", "check"), 2))
        uses_of(session, "aipp0.cfg")
        profile = cProfile.Profile()
        profile.runcall(uses_of, session, "aipp1.cfg")
        return sum(entry.callcount for entry in profile.getstats())

    assert calls(200) < 2 * calls(2)


def test_a_finding_about_an_option_stands_in_the_settings_at_its_letters(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "[[build]]\nconfig = 'aipp.cfg'\ninput-shape = 'data:8,3,-1,-1'\ndynamic-image-size = '416,416;832,x'\n"
    (folder / "aipplint.toml").write_text(text)
    main(["check", "--select=AIPP6", "--output-format=json"])
    (finding,) = json.loads(capsys.readouterr().out)["findings"]

    assert (finding["code"], finding["path"]) == ("AIPP602", "aipplint.toml")
    assert text[finding["start"]["offset"]] == "x"


def test_one_build_for_several_files_is_complained_of_once(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "aipp2.cfg").write_text(BAD)
    (folder / "aipplint.toml").write_text(f"[[build]]\nconfig = ['aipp.cfg', 'aipp2.cfg']\n{PROFILES[:-3]}x\"\n")

    assert check(capsys, "--select=AIPP6")[1] == ["aipplint.toml:4:AIPP602"]


def test_what_two_builds_find_in_the_same_words_is_one_finding(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "aipplint.toml").write_text(f"[[build]]\nconfig = 'aipp.cfg'\n{PROFILES}" * 2)
    main(["check", "--select=AIPP702", "--output-format=json"])
    (finding,) = json.loads(capsys.readouterr().out)["findings"]

    assert [related["start"]["line"] for related in finding["related"]] == [4, 8]


def test_the_command_line_wins_over_a_build(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "aipplint.toml").write_text(f"[[build]]\nconfig = 'aipp.cfg'\n{PROFILES}soc-version='Ascend310P3'\n")
    session = Session(Request(("aipplint", "check", "--dynamic_batch_size=1,2", "--soc-version", "Ascend310B1"), 2))
    (use,) = uses_of(session, "aipp.cfg")

    values = {name: option.value for name, option in use.build.options.items()}
    assert values == {"input_shape": "data:8,3,-1,-1", "dynamic_batch_size": "1,2", "soc_version": "Ascend310B1"}
    assert use.build.options["input_shape"].place.source.path == "aipplint.toml"
    assert use.build.options["soc_version"].place.source.path == "<command line>"
    assert check(capsys, "--select=AIPP702", "--input-shape=data:1,3,-1,-1")[1] == ["aipp.cfg:5:AIPP702"]


def test_values_for_all_builds_are_taken_where_a_build_has_none(folder: Path) -> None:
    (folder / "aipplint.toml").write_text(
        "soc-version = 'Ascend310P3'\ncann-version = '8.5.0'\n"
        "[[build]]\nconfig = 'aipp.cfg'\n[[build]]\nconfig = './aipp.cfg'\nsoc_version = 'Ascend950'\nframework = 5\n"
    )
    first, second = uses_of(Session(Request()), "aipp.cfg")

    assert (first.build.soc_version, second.build.soc_version) == ("Ascend310P3", "Ascend950")
    assert second.build.framework == 5
    (other,) = uses_of(Session(Request()), "other.cfg")
    assert other.build.soc_version == "Ascend310P3"
    assert not other.build.complete


def test_a_build_whose_configuration_is_not_there_is_a_finding(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "aipplint.toml").write_text("[[build]]\nconfig = [\n  'gone/aipp.cfg',\n  'gone/*.cfg',\n]\n")

    assert check(capsys)[1] == ["aipp.cfg:4:AIPP101", "aipplint.toml:3:AIPP904"]
    assert check(capsys, "aipp.cfg")[1] == ["aipp.cfg:4:AIPP101"]


def test_a_configuration_that_a_build_names_is_checked_whatever_it_is_called(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "settings.dat").write_text(BAD)
    (folder / "aipplint.toml").write_text("[[build]]\nconfig = 'settings.dat'\n")

    assert check(capsys)[1] == ["aipp.cfg:4:AIPP101", "settings.dat:4:AIPP101"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x = " + "1" * 5000, "aipplint.toml: a number has too many digits"),
        ("[[build]]\nconfig = 'a'\nframework = " + "1" * 5000, "aipplint.toml: a number has too many digits"),
        ("x = " + "[" * 5000, "aipplint.toml: nested too deeply"),
        ('[[build]]\nconfig = ["a", "b\\u0000c"]', "aipplint.toml:2: config is no path: it holds a null character"),
    ],
    ids=["digits", "digits of an option", "deep", "null"],
)
def test_settings_that_python_cannot_take(
    folder: Path, capsys: pytest.CaptureFixture[str], text: str, message: str
) -> None:
    (folder / "aipplint.toml").write_text(text)

    assert error_of(capsys) == message


@pytest.mark.parametrize("depth", [100, 200, 400, 480, 900])
def test_deep_settings_are_one_line(folder: Path, capsys: pytest.CaptureFixture[str], depth: int) -> None:
    (folder / "aipplint.toml").write_text("x = " + "{ a = " * depth + "1" + " }" * depth)

    assert error_of(capsys) in ("aipplint.toml: nested too deeply", "aipplint.toml:1: unknown key 'x'")


RUNTIME = "aipp_op {\n  aipp_mode: dynamic\n  max_src_image_size: 9000000\n}\n"


@pytest.mark.parametrize(
    "runtime",
    [
        "runtime = { input-format = 'YUV420SP_U8', src-image-size-w = 416, src-image-size-h = 416 }",
        "[build.runtime]\ninput_format = 'YUV420SP_U8'\nsrc_image_size_w = 416\nsrc_image_size_h = 416",
    ],
)
def test_run_time_settings_of_a_build(folder: Path, capsys: pytest.CaptureFixture[str], runtime: str) -> None:
    (folder / "aipp.cfg").write_text(RUNTIME)
    (folder / "aipplint.toml").write_text(f"[[build]]\nconfig = 'aipp.cfg'\n{PROFILES}{runtime}\n")
    _, findings, _ = check(capsys, "--select=AIPP801")

    assert [finding.split(":")[0] + finding[-8:] for finding in findings] == ["aipplint.toml:AIPP801"]


def test_run_time_settings_in_a_json_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "aipp.cfg").write_text(RUNTIME)
    build = ["--input-shape=data:8,3,-1,-1", "--dynamic-image-size=416,416;832,832", "--runtime=run.json"]
    (folder / "run.json").write_text(
        '{\n "input_format": "YUV420SP_U8",\n "src-image-size-w": 416,\n "src-image-size-h": 416\n}\n'
    )
    _, findings, _ = check(capsys, "--select=AIPP801", *build)
    assert [finding.split(":")[0] for finding in findings] == ["run.json"]

    for text, message in (
        ('{\n "src_image_size_x": 1}', "run.json:2: unknown key 'src_image_size_x'; did you mean 'src_image_size_w'?"),
        ('{\n "x" 1}', "run.json:2:6: not valid JSON"),
        ("[1]", "run.json:1: this must be a table, not a list"),
        ("[" * 100_000, "run.json: nested too deeply"),
        *(('{"crop":' * depth + "1" + "}" * depth, "run.json: nested too deeply") for depth in (480, 960)),
        ('{"mean_chn_0": ' + "1" * 5000 + "}", "run.json: a number has too many digits"),
    ):
        (folder / "run.json").write_text(text)
        assert error_of(capsys, *build) == message


def test_the_schema_knows_the_options_that_flags_know() -> None:
    build = json.loads(schema_text("settings"))["$defs"]["build"]["properties"]

    assert set(build) - {"config", "runtime"} == {kebab(name) for name in OPTIONS if name != CONFIG}


# Where values stand.

DOCUMENT = """\
# [[build]] is not here, nor select = ["x"]
select = ["AIPP1", 'AIPP2', # "no"
  "AIPP\\u0033"]
[per-file-ignores]
"a b" = []
'c.d' = [["x"], {y = 1}]
[[build]]
config = \"\"\"
long\"\"\"
runtime.crop = { w = 1, "h" = 0x10 }
[[build]]
config = 'second'
[build.runtime]
size = 1_000
when = 2024-01-01T00:00:00Z
"""


def located(locator: Locator, *path: str | int) -> str:
    source, span = locator.place(path)
    return source.text[span.start : span.end]


def test_places_in_toml() -> None:
    locator = toml_locator(Source("x", DOCUMENT), tomllib.loads(DOCUMENT), kebab)

    assert located(locator, "select", 2) == '"AIPP\\u0033"'
    assert located(locator, "per_file_ignores", "a b") == "[]"
    assert located(locator, "per-file-ignores", "c.d", 1, "y") == "1"
    assert located(locator, "build", 0, "config") == '"""\nlong"""'
    assert located(locator, "build", 0, "runtime", "crop", "h") == "0x10"
    assert located(locator, "build", 1, "config") == "'second'"
    assert located(locator, "build", 1, "runtime", "size") == "1_000"
    assert located(locator, "build", 1, "runtime", "when") == "2024-01-01T00:00:00Z"
    assert located(locator, "build", 1, "runtime") == "[build.runtime]"
    assert located(locator, "build", 1, "runtime", "gone") == "[build.runtime]"
    assert located(locator, "gone") == ""
    assert locator.text_place(("build", 1, "config"), "second")[1] is True
    assert locator.text_place(("select", 2), "AIPP3")[1] is False


_KEYS = st.text(alphabet=string.ascii_letters + string.digits + "_-. é\"'#", min_size=1, max_size=6)
_LEAVES = st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.floats(allow_nan=False) | st.text(max_size=8)


def _paths(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    if isinstance(value, dict):
        return [path] * bool(path) + [p for key, part in value.items() for p in _paths(part, (*path, key))]
    if isinstance(value, list):
        return [path] * bool(path) + [p for index, part in enumerate(value) for p in _paths(part, (*path, index))]
    return [path] if path else []


@given(st.recursive(_LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=3)))
def test_every_value_of_a_json_text_is_found_where_it_stands(value: Any) -> None:
    text = json.dumps(value, indent=1, ensure_ascii=False)
    locator = json_locator(Source("x", text), value, str)

    for path in _paths(value):
        found: Any = value
        for step in path:
            found = found[step]
        assert json.loads(located(locator, *path)) == found


@given(st.text(alphabet="ab.[]{}=,\"'# \n1", max_size=60))
def test_no_toml_text_confuses_the_scanner_into_a_wrong_place(text: str) -> None:
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    locator = toml_locator(Source("x", text), data, str)
    for path in _paths(data):
        span = locator.place(path).span
        assert 0 <= span.start <= span.end <= len(text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a." * 64 + "b = 1\n", "a key has more than 64 parts"),
        ('"a" . ' * 64 + "b = 1\n", "a key has more than 64 parts"),
        ("#" * 600_000, "settings have at most 524,288 bytes, not 600,000"),
    ],
)
def test_settings_that_would_take_long_are_refused(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "aipplint.toml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(SettingsError, match=reason):
        read_settings(str(path), str(tmp_path))


# Path patterns.


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("*.cfg", "a/b.cfg", True),
        ("*.cfg", "a/b.cfg.bak", False),
        ("vendor", "a/vendor/x.cfg", True),
        ("vendor/", "vendor/x.cfg", True),
        ("vendor", "vendored/x.cfg", False),
        ("a/*.cfg", "a/b.cfg", True),
        ("a/*.cfg", "x/a/b.cfg", False),
        ("a/*.cfg", "a/b/c.cfg", False),
        ("a/**/*.cfg", "a/b.cfg", True),
        ("a/**/*.cfg", "a/b/c/d.cfg", True),
        ("**/b.cfg", "b.cfg", True),
        ("./b.cfg", "b.cfg", True),
        ("a/**", "a/b/c", True),
        ("[ab].cfg", "a.cfg", True),
        ("[!ab].cfg", "a.cfg", False),
        ("a?.cfg", "ab.cfg", True),
        ("a[.cfg", "a[.cfg", True),
        ("*.cfg", "../b.cfg", False),
        ("../*.cfg", "../b.cfg", True),
        ("/root/a", "a/x", True),
        ("/other/a", "a/x", False),
        ("a[!b]c", "a/c", False),
        ("a**/c", "ab/d/c", True),
        ("a**/c", "ac", False),
        ("a/**/b/*c/**/d", "a/b/xc/b/ycc/e/d/f", True),
        ("a/**/b/*c/**/d", "a/b/xc/b/ycc/e/dd", False),
        ("*ab*b.cfg", "aabab.cfg", True),
        ("[z-a].cfg", "[z-a].cfg", True),
        ("[[a].cfg", "[.cfg", True),
    ],
)
def test_patterns(pattern: str, path: str, expected: bool) -> None:
    import os

    assert matches(pattern, "/root", os.path.normpath(f"/root/{path}")) is expected


@pytest.mark.parametrize(
    ("pattern", "path"),
    [("*a" * 40 + "b", "a" * 250), ("**/" * 40 + "b", "a/" * 200 + "c"), ("**a" * 40 + "b/*c", "a" * 250 + "/b")],
)
def test_no_pattern_takes_a_choice_back(pattern: str, path: str) -> None:
    assert not matches(pattern, "/root", f"/root/{path}")


# The schema, the documents and the code say the same.


def test_the_schema_has_the_values_of_the_command_line() -> None:
    keys = json.loads(schema_text("settings"))["properties"]
    assert keys["output-format"]["enum"] == list(FORMATS)
    assert keys["fail-level"]["enum"] == list(FAIL_LEVELS)
    assert keys["color"]["enum"] == list(COLORS)


def test_every_schema_is_linked_from_a_document() -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    linked = {name for page in pages for name in re.findall(r"schemas/([\w.]+)", page.read_text(encoding="utf-8"))}
    assert {path.name for path in (ROOT / "schemas").iterdir()} <= linked


@pytest.mark.parametrize(
    "text",
    [
        *(
            "a=1\na=2",
            "[a]\n[a]",
            "a=",
            "a=b",
            "a",
            "= 1",
            "a=[1",
            "a={b=1",
            'a="x',
            'a="x\ny"',
            'a="\\q"',
            "[a",
            "[[a]",
        ),
        *("a={b=1,b=2}", "a=1 b=2", "a.b=1\na.b.c=2", "a=[1]\n[[a]]", 'a="\\ud800"', "a='x", 'a="\x01"', "\x01", "ü=1"),
    ],
)
def test_every_mistake_in_toml_has_its_reason(text: str) -> None:
    with pytest.raises(tomllib.TOMLDecodeError) as caught:
        tomllib.loads(text)
    assert reason_of(str(caught.value))


# Settings that extend others.


def test_extended_settings_give_what_is_not_set_here(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "base.toml").write_text('ignore = ["AIPP101"]\nselect = ["AIPP3"]\n')
    (folder / "aipplint.toml").write_text('extend = "base.toml"\nselect = ["AIPP1"]\n')
    assert check(capsys)[:2] == (0, [])

    (folder / "aipplint.toml").write_text('extend = "base.toml"\nselect = ["AIPP1"]\nignore = []\n')
    assert check(capsys)[:2] == (1, ["aipp.cfg:4:AIPP101"])


def test_extended_settings_are_told_where_they_stand(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "base.toml").write_text('preview = true\nseverity = {AIPP0000 = "error"}\n')
    (folder / "aipplint.toml").write_text('extend = "base.toml"\n')

    assert check(capsys)[2].startswith("aipplint: base.toml:2: severity: no rule has the code or name 'AIPP0000'")


def test_extended_builds_begin_at_the_folder_of_the_settings(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "shared").mkdir()
    (folder / "shared" / "base.toml").write_text(f'[[build]]\nconfig = "aipp.cfg"\n{PROFILES}')
    (folder / "aipplint.toml").write_text('extend = "shared/base.toml"\nselect = ["AIPP7"]\n')

    assert check(capsys)[1] == ["aipp.cfg:5:AIPP702"]


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("aipplint.toml", "aipplint.toml:1: extend leads back to aipplint.toml"),
        ("round.toml", "round.toml:1: extend leads back to aipplint.toml"),
        ("../base.toml", "aipplint.toml:1: extend must name a file of the repository, not '../base.toml'"),
        ("none.toml", "none.toml: cannot be read: no such file or directory"),
        ("bad.toml", "bad.toml:1: unknown key 'selekt'; did you mean 'select'?"),
        ("pyproject.toml", "aipplint.toml:1: extend: pyproject.toml has no table [tool.aipplint]"),
        ("0.toml", "9.toml:1: extend leads through more than 10 files"),
    ],
)
def test_settings_that_cannot_be_extended(
    folder: Path, capsys: pytest.CaptureFixture[str], name: str, complaint: str
) -> None:
    (folder / "round.toml").write_text('extend = "aipplint.toml"\n')
    (folder / "bad.toml").write_text('selekt = "x"\n')
    (folder / "pyproject.toml").write_text("")
    for number in range(12):
        (folder / f"{number}.toml").write_text(f'extend = "{number + 1}.toml"\n')
    (folder / "aipplint.toml").write_text(f'extend = "{name}"\n')

    assert check(capsys) == (2, [], f"aipplint: {complaint}\n")
