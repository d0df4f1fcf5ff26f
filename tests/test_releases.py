"""The releases of CANN: their order, and what is said for an older one. Facts are those of hardware/releases.py."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import aipplint
from aipplint.cli import main
from aipplint.hardware.releases import NEWEST, release_of
from aipplint.schema.fields import table

STATIC = "aipp_op { aipp_mode: static input_format: RGB888_U8 %s }"
IMAGES = {"framework": "5", "input_shape": "data:1,3,-1,-1", "dynamic_image_size": "416,416;832,832"}
BATCHES = {"framework": "5", "input_shape": "data:-1,3,224,224"}
MANY = ",".join(map(str, range(1, 102)))


def said(config: str | None, release: str, atc: Mapping[str, str] | None = None) -> list[tuple[str, str, str]]:
    """Code, severity and ATC code of every finding but advice; the newest release where none is given."""
    options = {**(atc or {}), **({"cann_version": release} if release else {})}
    report = aipplint.lint(config, atc=options)
    return [(f.code, str(f.severity), f.atc_code) for f in report.findings if str(f.severity) != "info"]


ORDER = (
    "3.1 5.0.1 5.0.4.6 5.1.RC1 5.1.RC1.1 5.1.RC2 6.0.1 6.3.RC1.alpha001 6.3.RC1 7.0.RC1 7.0.0 8.0.RC3.alpha003 8.0.RC3"
)
ORDER += " 8.0.0.alpha001 8.0.0 8.1.RC1 8.1 8.2.RC1 8.5.0.alpha002 8.5.0-beta.1 8.5.0 8.5.1 9.0.0-beta.2 9.0.0"
ORDER += " 9.1.0-beta.1 9.1.0-beta.3 9.1 9.10"


def test_releases_are_in_order() -> None:
    for earlier, later in pairwise(ORDER.split()):
        one, other = release_of(earlier), release_of(later)
        assert one is not None
        assert other is not None
        assert one < other < NEWEST, (earlier, later)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("8.1", "8.1.0"),
        ("8.1.rc1", "8.1.RC1"),
        ("8.0.RC3.beta1", "8.0.RC3"),
        ("9.2.0-beta", "9.2"),
        ("8.1RC1", "8.1.RC1"),
    ],
)
def test_two_names_of_one_release(one: str, other: str) -> None:
    assert release_of(one) == release_of(other) is not None
    assert hash(release_of(one)) == hash(release_of(other))


@pytest.mark.parametrize(
    "text", ["", "8", "v8.1", "8,1", "latest", "newest", "8.1.RC", "20.1", "0.1", "8.1 ", "8.१", "8.1.x"]
)
def test_what_is_no_release(text: str) -> None:
    assert release_of(text) is None


@given(st.text(alphabet="0123456789.RCalphbet-", max_size=20))
def test_any_text_is_a_release_or_none(text: str) -> None:
    release = release_of(text)

    assert release is None or release.text == text


@pytest.mark.parametrize("release", ["", "8.5.0", "8.5", "9.1", "nonsense"])
def test_newer_releases_refuse_what_the_newest_does(release: str) -> None:
    config = STATIC % "crop: true load_start_pos_w: 8 src_image_size_w: 832 src_image_size_h: 832"

    assert [finding for finding in said(config, release, IMAGES) if finding[0] in ("AIPP701", "AIPP702")] == [
        ("AIPP701", "error", "E10052"),
        ("AIPP702", "error", "E10052"),
    ]


@pytest.mark.parametrize("release", ["6.3.RC1", "8.1", "8.3.RC1", "8.5.0.alpha001"])
def test_older_releases_do_not_judge_image_sizes(release: str) -> None:
    config = STATIC % "crop: true load_start_pos_w: 8 src_image_size_w: 832 src_image_size_h: 832"
    report = aipplint.lint(config, atc={**IMAGES, "cann_version": release})
    found = [finding for finding in report.findings if finding.code in ("AIPP701", "AIPP702")]

    assert [(f.code, str(f.severity), f.atc_code) for f in found] == [
        ("AIPP701", "warning", ""),
        ("AIPP702", "warning", ""),
    ]
    assert all(finding.message.endswith("CANN 8.5 and later reject it") for finding in found)


@pytest.mark.parametrize(
    ("release", "expected"),
    [("", ("error", "E10052")), ("8.5.0", ("error", "E10052")), ("8.1", ("warning", "")), ("5.0.4", ("warning", ""))],
)
def test_the_number_of_an_unknown_mode(release: str, expected: tuple[str, str]) -> None:
    config = "aipp_op { aipp_mode: 7 input_format: RGB888_U8 }"

    assert said(config, release) == [("AIPP105", *expected)]


@pytest.mark.parametrize(
    ("release", "expected"),
    [
        ("", [("AIPP110", "warning", "")]),
        ("8.5.0", [("AIPP110", "warning", "")]),
        ("8.1", []),
        ("6.0.1", [("AIPP107", "error", "E10052")]),
        ("3.3", [("AIPP107", "error", "E19021")]),
    ],
)
def test_several_input_edges(release: str, expected: list[tuple[str, str, str]]) -> None:
    assert said(STATIC % "input_edge_idx: [0, 1]", release) == expected


@pytest.mark.parametrize(
    ("release", "expected"),
    [("", []), ("5.0.4.6", []), ("5.0.1", []), ("3.3", [("AIPP101", "error", "E19005")])],
)
def test_a_field_that_came_later(release: str, expected: list[tuple[str, str, str]]) -> None:
    config = STATIC % (
        "src_image_size_w: 220 src_image_size_h: 224 padding: true left_padding_size: 4 padding_value: 114.0"
    )

    assert said(config, release) == expected


def test_every_since_of_the_schema_is_a_release() -> None:
    fields = [field for message in table().messages.values() for field in message.values() if field.since]

    assert {field.name for field in fields} == {"related_input_name", "raw_rgbir_to_f16_n", "padding_value"}
    for field in fields:
        assert field.since.startswith("CANN ")
        assert release_of(field.since.removeprefix("CANN ")) is not None
        assert NEWEST.knows(field.since)


@pytest.mark.parametrize(
    ("release", "code"),
    [
        ("", "E13005"),
        ("9.1.0", "E13005"),
        ("9.1", "E13005"),
        ("9.1.0-beta.1", "E19999"),
        ("9.0.0", "E19999"),
        ("8.5.0", "E19999"),
        ("8.1", "E19005"),
        ("8.1.RC1", "E19005"),
        ("7.0", "E19005"),
    ],
)
@pytest.mark.parametrize("config", [STATIC % "crop true", STATIC % "colour: true", STATIC % "mean_chn_0: 1.5"])
def test_codes_of_the_parser(config: str, release: str, code: str) -> None:
    assert {finding[2] for finding in said(config, release) if finding[1] == "error"} == {code}


FIELD = "aipp_op { aipp_mode: static }"
PLACES = FIELD.replace(" }", " input_format: RGB888_U8 }") * 2


@pytest.mark.parametrize(
    ("release", "of_field", "of_place"),
    [
        ("", "E10052", "E10052"),
        ("6.0.1", "E10052", "E10052"),
        ("5.1.RC2", "E10052", "E10052"),
        ("5.1.RC1", "E19021", "E10052"),
        ("5.0.4", "E19021", "E10052"),
        ("3.3", "E19021", "E19021"),
        ("3.2", "E10043", "E10043"),
    ],
)
def test_codes_of_what_the_compiler_checks(release: str, of_field: str, of_place: str) -> None:
    assert said(FIELD, release) == [("AIPP202", "error", of_field)]
    assert said(PLACES, release) == [("AIPP206", "error", of_place)]


@pytest.mark.parametrize(("release", "code"), [("", "E13014"), ("8.1.RC1", "E19014")])
def test_codes_of_the_graph(release: str, code: str) -> None:
    config = "aipp_op { aipp_mode: dynamic max_src_image_size: 752640 }"
    atc = {"framework": "5", "input_format": "ND", "input_shape": "data:1,3,224,224"}

    assert ("AIPP706", "error", code) in said(config, release, atc)


@pytest.mark.parametrize(
    ("release", "options", "expected"),
    [
        ("", {"dynamic_batch_size": "0,1"}, ("AIPP606", "warning", "")),
        ("8.1", {"dynamic_batch_size": "0,1"}, ("AIPP606", "warning", "")),
        ("6.0.1", {"dynamic_batch_size": "0,1"}, ("AIPP606", "error", "E10038")),
        ("", {"dynamic_batch_size": MANY}, ("AIPP604", "warning", "")),
        ("6.0.1", {"dynamic_batch_size": MANY}, ("AIPP604", "error", "E10036")),
        ("8.1", {"dynamic_batch_size": MANY, "soc_version": "Ascend310P3"}, ("AIPP604", "error", "E10036")),
        ("", {"dynamic_batch_size": "1, 2"}, ("AIPP602", "error", "E10003")),
        ("6.0.1", {"dynamic_batch_size": "1, 2"}, ("AIPP602", "warning", "")),
        ("3.3", {"dynamic_batch_size": "1, 2"}, ("AIPP602", "warning", "")),
        ("3.3", {"dynamic_batch_size": "1,b"}, ("AIPP602", "error", "E10033")),
        ("5.0.1", {"dynamic_batch_size": "1,b"}, ("AIPP602", "error", "E10003")),
        ("", {**IMAGES, "dynamic_image_size": "416, 416;832,832"}, ("AIPP602", "error", "E19999")),
        ("8.1", {**IMAGES, "dynamic_image_size": "416, 416;832,832"}, ("AIPP602", "error", "E19999")),
        ("6.0.1", {**IMAGES, "dynamic_image_size": "416, 416;832,832"}, ("AIPP602", "warning", "")),
        ("6.0.1", {**IMAGES, "dynamic_image_size": "416x416;832,832"}, ("AIPP602", "error", "E10003")),
        ("6.0.1", {**IMAGES, "input_format": "ND"}, ("AIPP607", "error", "E10019")),
        ("8.5.0", {**IMAGES, "input_format": "ND"}, ("AIPP609", "error", "E10003")),
        ("6.0.1", {"input_shape_range": "data:[1~2,3]", "dynamic_batch_size": "1,1"}, ("AIPP605", "error", "E10039")),
        ("6.0.1", {"input_shape": "data:1~2,3"}, ("AIPP601", "error", "E10002")),
        ("6.0.1", {"input_shape": "data:1,3;scalar:"}, ("AIPP601", "error", "E10002")),
        ("6.0.1", {"input_shape": "data:-1,3"}, ("AIPP611", "error", "E10011")),
        ("8.5.0", {"input_shape": "data:-1,3", "dynamic_dims": ";"}, ("AIPP602", "error", "E10001")),
        ("9.0.0", {"input_shape": "data:-1,3", "dynamic_dims": ";"}, ("AIPP602", "error", "E10058")),
        ("6.0.1", {"input_shape": "data:-1,3", "dynamic_dims": "1;2"}, ("AIPP613", "error", "E10001")),
        (
            "3.3",
            {"input_format": "ND", "input_shape": "a:-1,3", "dynamic_dims": "1;3,4"},
            ("AIPP613", "error", "E10042"),
        ),
    ],
)
def test_profiles(release: str, options: dict[str, str], expected: tuple[str, str, str]) -> None:
    assert said(None, release, {**BATCHES, **options}) == [expected]


# Where the release comes from.

WRONG = "aipp_op {\n  aipp_mode: static\n  input_format: RGB888_U8\n  colour: true\n}\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder, with one configuration that has an unknown field."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "aipp.cfg").write_text(WRONG)
    return tmp_path


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("flag", ["--cann-version=8.1.RC1", "--cann_version=8.1.RC1"])
def test_the_flag(capsys: pytest.CaptureFixture[str], flag: str) -> None:
    assert main(["check", flag, "aipp.cfg"]) == 1
    assert "E19005" in capsys.readouterr().out
    assert main(["atc", flag, "--insert_op_conf=aipp.cfg", "--framework=5"]) == 1
    assert "E19005" in capsys.readouterr().out


@pytest.mark.parametrize("key", ["cann-version", "cann_version"])
def test_the_settings(folder: Path, capsys: pytest.CaptureFixture[str], key: str) -> None:
    (folder / "aipplint.toml").write_text(f"{key} = '8.1'\n[[build]]\nconfig = 'aipp.cfg'\nframework = 5\n")
    for words in (["check"], ["check", "--soc-version=Ascend310P3"], ["atc", "--insert_op_conf=aipp.cfg"]):
        assert main(words) == 1
        assert "E19005" in capsys.readouterr().out
    main(["check", "--cann-version=9.1"])
    assert "E13005" in capsys.readouterr().out


@pytest.mark.parametrize("command", [["check"], ["atc", "--cann-version=x", "--insert_op_conf=aipp.cfg"]])
@pytest.mark.parametrize("setting", ["8,1", "latest"])
def test_what_is_no_release_is_one_line(
    folder: Path, capsys: pytest.CaptureFixture[str], command: list[str], setting: str
) -> None:
    (folder / "aipplint.toml").write_text(f"ignore = []\ncann-version = '{setting}'\n")
    place, text = ("--cann-version", "x") if len(command) > 1 else ("aipplint.toml:2: cann-version", setting)

    assert main(command) == 2
    out, err = capsys.readouterr()
    assert (out, err) == (
        "",
        f"aipplint: {place}: '{text}' is not a release of CANN; write it like 8.1.RC1 or 8.5.0\n",
    )


def test_a_number_of_toml_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """8.10 would arrive as 8.1."""
    (folder / "aipplint.toml").write_text("cann-version = 8.10\n")

    assert main(["check"]) == 2
    assert capsys.readouterr().err.startswith("aipplint: aipplint.toml:1: cann-version must be a string")


def test_a_comment_that_ignores_by_rule_still_counts(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "aipp.cfg").write_text(WRONG.replace("true", "true  # aipplint: ignore[AIPP101] as a test"))

    assert main(["check", "--cann-version=8.1"]) == 0
    assert main(["check"]) == 0
    assert "AIPP901" not in capsys.readouterr().out
