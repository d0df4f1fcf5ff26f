"""``aipplint show``: what is said of some configurations, in both forms, and that it is right."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aipplint.atc.build import Build
from aipplint.atc.options import options_of_mapping
from aipplint.cli import main
from aipplint.config.config import read_config
from aipplint.hardware.formats import BYTES, image_bytes
from aipplint.hardware.size import Size
from aipplint.pipeline import Use
from aipplint.resources import schema_text
from aipplint.runtime.settings import runtime_of_mapping
from aipplint.schema.validate import violations
from aipplint.show import as_json, full
from aipplint.show.describe import describe
from aipplint.show.description import Description, Operator
from aipplint.show.input_buffer import LAYOUTS, feed_of
from aipplint.source import Source
from aipplint.syntax.parser import parse
from tests.checkout import ROOT

FOLDER = Path(__file__).parent / "cases" / "show"
CASES = sorted(FOLDER.glob("*.cfg"))
PROFILES = {"framework": "5", "input_shape": "data:8,3,-1,-1", "dynamic_image_size": "416,416;832,832"}


def told(
    text: str, atc: dict[str, str] | None = None, runtime: dict[str, Any] | None = None, path: str = "aipp.cfg"
) -> Description:
    source = Source(path, text)
    use = Use(Build(options_of_mapping(atc or {})), None if runtime is None else runtime_of_mapping(runtime))
    return describe(read_config(source, parse(source)), use)


def told_of_case(path: Path) -> Description:
    """A case may carry its options in its first lines, as those of test_cases.py."""
    text = path.read_text(encoding="utf-8")
    atc, runtime = None, None
    for line in text.splitlines()[:2]:
        name, _, value = line.removeprefix("# ").partition(": ")
        if name == "atc":
            atc = dict(word.removeprefix("--").split("=", 1) for word in shlex.split(value))
        elif name == "runtime":
            runtime = json.loads(value)
    return told(text, atc, runtime, path.name)


def op_of(fields: str, atc: dict[str, str] | None = None, runtime: dict[str, Any] | None = None) -> Operator:
    return told(f"aipp_op {{ {fields} }}", atc, runtime).ops[0]


def stated(fields: str, atc: dict[str, str] | None = None) -> Operator:
    return op_of(f"aipp_mode: static {fields}", atc)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_cases_look_as_stored(path: Path, pytestconfig: pytest.Config) -> None:
    description = told_of_case(path)
    for suffix, text in ((".txt", full.render([description])), (".json", as_json.render([description]))):
        stored = path.with_suffix(suffix)
        if pytestconfig.getoption("update_cases"):
            stored.write_text(text, encoding="utf-8")

        assert text == stored.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_cases_are_narrow_and_valid(path: Path) -> None:
    description = told_of_case(path)

    assert all(len(line) <= full.WIDTH for line in full.render([description]).splitlines())
    assert violations("show", json.loads(as_json.render([description]))) == []


def test_color_changes_nothing_but_color() -> None:
    description = told_of_case(FOLDER / "static.cfg")
    painted = full.render([description], color=True)

    assert "\x1b[1;34m" in painted
    for code in ("\x1b[1m", "\x1b[1;34m", "\x1b[0m"):
        painted = painted.replace(code, "")
    assert painted == full.render([description])


def test_every_key_of_the_schema_is_required() -> None:
    def walk(part: Any) -> None:
        if isinstance(part, dict):
            if "properties" in part:
                assert sorted(part["required"]) == sorted(part["properties"])
            for inner in part.values():
                walk(inner)
        elif isinstance(part, list):
            for inner in part:
                walk(inner)

    walk(json.loads(schema_text("show")))


@pytest.mark.parametrize("image_format", sorted(BYTES))
def test_what_is_fed_has_the_bytes_that_the_runtime_counts(image_format: str) -> None:
    feed = feed_of(image_format, Size(32, 48), 3)

    assert feed is not None
    assert feed.image_bytes == image_bytes(image_format, 32 * 48)
    assert feed.bytes == 3 * (feed.image_bytes or 0)


def test_published_dimensions_are_those_of_the_manual() -> None:
    dims = {name: feed.dims for name in LAYOUTS if (feed := feed_of(name, Size(10, 20), 2))}

    assert dims["YUV420SP_U8"] == (2, 15, 20, 1)
    assert dims["YUV422SP_U8"] == (2, 20, 20, 1)
    assert dims["YUYV_U8"] == (2, 10, 20, 2)
    assert dims["XRGB8888_U8"] == dims["RGB8_IR"] == (2, 10, 20, 4)
    assert dims["YUV400_U8"] == dims["RAW12"] == (2, 10, 20, 1)


def test_height_comes_first_and_is_never_mixed_up() -> None:
    op = stated(
        "input_format: RGB888_U8 src_image_size_w: 40 src_image_size_h: 30",
        {"input_shape": "a:1,3,30,40", "input_format": "NCHW"},
    )
    assert op.work is not None
    (case,) = op.work.cases

    assert case.feed is not None
    assert case.feed.dims == (1, 30, 40, 3)
    assert case.model == Size(height=30, width=40)
    assert case.fits is True


def test_profiles_are_told_one_by_one() -> None:
    op = stated("input_format: YUV420SP_U8", PROFILES)
    assert op.work is not None

    assert [case.feed.bytes for case in op.work.cases if case.feed] == [8 * 416 * 416 * 3 // 2, 8 * 832 * 832 * 3 // 2]
    assert [(case.profile, case.fits) for case in op.work.cases] == [(0, True), (1, True)]
    assert [one.value for one in op.filled if one.why == "model"] == [None, None]


def test_profiles_of_the_batch_size() -> None:
    atc = {"input_format": "NHWC", "input_shape": "a:-1,20,30,3", "dynamic_batch_size": "1,4"}
    op = op_of("aipp_mode: dynamic max_src_image_size: 3600", atc)
    assert op.dynamic is not None

    assert (op.dynamic.batch, op.dynamic.parameter_bytes) == (4, 64 + 96 * 4)
    assert {feed.format: (feed.bytes, feed.fits) for feed in op.dynamic.needs} == {
        "YUV400_U8": (2400, True),
        "YUV420SP_U8": (3600, True),
        "RGB888_U8": (7200, False),
        "XRGB8888_U8": (9600, False),
    }


def test_the_first_of_the_largest_profiles_counts() -> None:
    atc = {**PROFILES, "dynamic_image_size": "10,10;40,20;20,40"}
    op = op_of("aipp_mode: dynamic max_src_image_size: 1", atc)

    assert op.dynamic is not None
    assert op.dynamic.largest == Size(height=40, width=20)


def test_the_kernel_and_the_attributes_are_told_apart() -> None:
    apart = stated("input_format: RGB888_U8 csc_switch: true")
    alike = stated("input_format: YUV420SP_U8 csc_switch: true")
    assert apart.work is not None
    assert alike.work is not None
    assert apart.work.colour is not None
    assert alike.work.colour is not None

    assert apart.work.colour.attributes == "RGB to YUV444, BT.601 narrow range"
    assert alike.work.colour.attributes is None
    assert alike.work.colour.name == "YUV420SP (NV12) to BGR, BT.601 narrow range"
    assert [one.value for one in alike.filled if one.why == "matrix"] == [
        *(298, 516, 0, 298, -100, -208, 298, 0, 409),
        *(16, 128, 128),
    ]


def test_what_is_switched_off_is_zeroed() -> None:
    op = stated("input_format: RGB888_U8 crop_size_w: 7 left_padding_size: 3 padding_value: 9 resize_output_h: 0")
    zeroed = [(one.field, one.value, one.given) for one in op.filled if one.why == "zeroed"]

    assert zeroed == [("crop_size_w", 0, 7), ("left_padding_size", 0, 3), ("padding_value", 0, 9)]


def test_single_precision_is_kept_where_the_product_has_it() -> None:
    fields = "input_format: YUV400_U8 min_chn_0: 103.53 var_reci_chn_0: 0.017507"
    half, single = (stated(fields, {"soc_version": version}).work for version in ("Ascend310P3", "Ascend310B1"))
    assert half is not None
    assert single is not None
    assert half.values is not None
    assert single.values is not None

    assert half.values.channels[0].low == -1.8115234375
    assert single.values.channels[0].low == -1.8125


@pytest.mark.parametrize(
    ("atc", "why"),
    [
        ({}, "needs --input_shape"),
        ({"input_shape": "a:1,x"}, "needs a correct --input_shape"),
        ({"input_shape": "a:1,3,9,9"}, "needs --input_format (or --framework, which has a default for it)"),
        ({"input_shape": "a:1,3,9,9", "input_format": "ND"}, "needs --input_format=NCHW or NHWC"),
        ({"input_shape": "a:1,9", "framework": "5"}, "needs an input of 3 or 4 dimensions; a has 2"),
        (
            {"input_shape": "a:1,3,-1,-1", "framework": "5"},
            "needs numbers in --input_shape, or the profiles of --dynamic_image_size or --dynamic_batch_size",
        ),
        (
            {"input_shape": "a:1,3,-1,-1", "framework": "5", "dynamic_image_size": "1;2"},
            "needs profiles that match --input_shape",
        ),
    ],
)
def test_what_is_not_known_says_what_would_make_it_known(atc: dict[str, str], why: str) -> None:
    op = stated("input_format: RGB888_U8", atc)

    assert [unknown.why for unknown in op.unknown] == [why]


def test_run_time_settings_are_measured_by_the_largest_profile() -> None:
    runtime = {"input_format": "RGB888_U8", "src_image_size_w": 416, "src_image_size_h": 416}
    op = op_of("aipp_mode: dynamic max_src_image_size: 9000000", PROFILES, runtime)
    assert op.dynamic is not None
    assert op.dynamic.run_time is not None
    (case,) = op.dynamic.run_time.work.cases

    assert (case.model, case.fits) == (Size(832, 832), False)
    assert case.feed is not None
    assert (case.feed.bytes, case.feed.fits) == (8 * 416 * 416 * 3, True)


def test_a_conversion_at_run_time_has_no_defaults() -> None:
    runtime = {"input_format": "YUV420SP_U8", "csc_switch": True, "matrix_r0c0": 256}
    op = op_of("aipp_mode: dynamic max_src_image_size: 9000000", PROFILES, runtime)
    assert op.dynamic is not None
    assert op.dynamic.run_time is not None

    assert op.dynamic.run_time.work.colour is None
    assert [unknown.what for unknown in op.dynamic.run_time.unknown] == ["size of the images", "colours"]


@given(st.text('aipp_op{}: static dynamic crop true false 0123456789-."\n', max_size=200), st.booleans())
def test_any_text_is_shown(text: str, built: bool) -> None:
    description = told(text, PROFILES if built else None)

    assert violations("show", json.loads(as_json.render([description]))) == []
    assert full.render([description])


def test_numbers_at_their_limits_are_shown() -> None:
    fields = "mean_chn_0: 2147483647 min_chn_1: 1e38 var_reci_chn_2: inf src_image_size_h: -2147483648 crop: true"
    description = told(f"aipp_op {{ aipp_mode: static input_format: RGB888_U8 {fields} }}", PROFILES)

    assert violations("show", json.loads(as_json.render([description]))) == []
    assert full.render([description])


# The command.


def test_command_takes_builds_from_the_settings(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["show", "--output-format", "json", str(ROOT / "examples/deploy/tracker_aipp.cfg")])
    out, err = capsys.readouterr()
    (shown,) = json.loads(out)["configurations"]

    assert code == 1
    assert err.endswith("tracker_aipp.cfg: 'aipplint check' finds 1 error and 1 warning\n")
    assert shown["ops"][0]["dynamic"]["run_time"]["size_set"] == {"height": 416, "width": 416}
    assert violations("show", json.loads(out)) == []


def test_command_takes_options_in_both_spellings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.cfg"
    path.write_text("aipp_op { aipp_mode: static input_format: RGB888_U8 }")
    code = main(["show", "--framework=5", "--input-shape=a:1,3,-1,-1", "--dynamic_image_size", "8,8;16,16", str(path)])
    out, err = capsys.readouterr()

    assert (code, err) == (0, "")
    assert "profile 1  [1, 16, 16, 3]  768 bytes  (the largest: buffer size)" in out


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ([], "show needs a configuration or a model: aipplint show FILE"),
        (["none.cfg"], "none.cfg: cannot be read: no such file or directory"),
        (["grammar"], "grammar: no AIPP configuration found"),
        (["--stdin-filename=a", "b"], "--stdin-filename is only for standard input: give '-' as the path"),
        (["-", "b"], "'-' (standard input) cannot be mixed with paths"),
        (["--input-shap=3", "b"], "unknown option --input-shap; did you mean '--input-shape'?"),
    ],
)
def test_mistakes_get_one_line(words: list[str], error: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", *words]) == 2
    assert capsys.readouterr() == ("", f"aipplint: {error}\n")


def test_command_shows_the_configurations_of_a_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("deploy/a_aipp.cfg", "deploy/below/b_aipp.cfg", "other/c_aipp.cfg", "empty/notes.txt"):
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text("aipp_op {\n  aipp_mode: static\n  input_format: RGB888_U8\n}\n")
    Path("empty/notes.txt").write_text("nothing\n")

    assert main(["show", "--output-format=json", "deploy"]) == 0
    shown = [one["path"] for one in json.loads(capsys.readouterr().out)["configurations"]]
    assert shown == ["deploy/a_aipp.cfg", "deploy/below/b_aipp.cfg"]
    assert main(["show", "empty"]) == 2
    assert capsys.readouterr() == ("", "aipplint: empty: no AIPP configuration found\n")
