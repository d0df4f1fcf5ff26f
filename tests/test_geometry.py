"""AIPP301 to AIPP304 and AIPP704, and the pipeline: sizes, against an oracle and by hand."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import aipplint
from aipplint.atc.build import Build
from aipplint.atc.geometry import AXES, model_size, pipeline, targets
from aipplint.atc.options import options_of_mapping
from aipplint.config.config import read_config
from aipplint.config.op import AippOp
from aipplint.findings import Severity
from aipplint.hardware.size import Size
from aipplint.source import Source
from aipplint.syntax.parser import parse
from tests import tiling_checks
from tests.operator_checks import CHIPS, LINE_BYTES, verdict
from tests.sizes import ERROR, WARNING, found, one, options, severity, text, under


def op(fields: str) -> AippOp:
    source = Source("aipp.cfg", text(fields))
    return read_config(source, parse(source)).ops[0]


# The oracle.

SQUARE = {"src_image_size_h": 16, "src_image_size_w": 16}


@st.composite
def sides(draw: Any, axis: str, ends: tuple[str, str], switches: dict[str, int]) -> tuple[int, dict[str, int]]:
    """One side of a model, and fields that nearly lead to it: the sums are right more often than not."""
    model = draw(st.sampled_from([1, 2, 16, 31, 32, 224, 299, 300, 416, 1080, 1088, 1920, 4096, 4098]))
    fields = {f"{end}_padding_size": draw(st.sampled_from([0, 0, 1, 2, 16, 32, 33])) for end in ends}
    side = max(model - sum(fields.values()), 0) if switches["padding"] else model
    if switches["resize"]:
        fields[f"resize_output_{axis}"] = draw(st.sampled_from([side, side, side, 0, model]))
        side = draw(st.sampled_from([side, side * 2, side * 16, side * 17, max(side // 17, 1)]))
    if switches["crop"] or draw(st.integers(0, 4)) == 0:
        fields[f"crop_size_{axis}"] = draw(st.sampled_from([side, side, side, 0, side + 1]))
        fields[f"load_start_pos_{axis}"] = start = draw(st.sampled_from([0, 0, 2, 16, 1]))
        if switches["crop"]:
            side += start + draw(st.sampled_from([0, 0, 16, 1, -1]))
    if draw(st.integers(0, 4)):
        fields[f"src_image_size_{axis}"] = max(side, 0)
    return model, fields


@st.composite
def geometries(draw: Any) -> tuple[dict[str, int], Size]:
    """Switches and numbers of an operator, and the size of a model."""
    switches = {name: draw(st.integers(0, 1)) for name in ("crop", "padding")}
    switches["resize"] = int(draw(st.integers(0, 3)) == 0)
    height, fields = draw(sides("h", ("top", "bottom"), switches))
    width, more = draw(sides("w", ("left", "right"), switches))
    return {**switches, **fields, **more}, Size(height, width)


@given(geometries(), st.sampled_from(sorted(LINE_BYTES)), st.sampled_from(CHIPS))
@settings(max_examples=600)
@example(({"resize": 1, "src_image_size_h": 150, "src_image_size_w": 32}, Size(150, 2)), "YUV420SP_U8", "SD3403")
def test_the_oracle_and_aipplint_agree(geometry: tuple[dict[str, int], Size], image_format: str, chip: str) -> None:
    fields, model = geometry
    expected = verdict(fields, image_format, chip, model.height, model.width, profile=False)
    config = text("\n ".join(f"{name}: {value}" for name, value in fields.items()), image_format)
    report = aipplint.lint(config, atc=options(f"1,3,{model.height},{model.width}", chip))
    codes = {finding.atc_code for finding in report.findings if finding.severity is ERROR}
    assert (expected in codes) if expected else not codes, config


@given(geometries(), st.sampled_from(CHIPS))
@settings(max_examples=200)
def test_the_oracle_and_aipplint_agree_on_profiles(geometry: tuple[dict[str, int], Size], chip: str) -> None:
    fields, model = geometry
    other = Size(model.height + 16, model.width)
    verdicts = [verdict(fields, "YUV420SP_U8", chip, size.height, size.width, profile=True) for size in (model, other)]
    # Shapes are inferred in every branch before an operator is compiled.
    expected = next((code for code in ("E10052", "E70014", "E81012") if code in verdicts), "")
    config = text("\n ".join(f"{name}: {value}" for name, value in fields.items()), "YUV420SP_U8")
    sizes = ";".join(f"{size.height},{size.width}" for size in (model, other))
    report = aipplint.lint(config, atc=options("1,3,-1,-1", chip, dynamic_image_size=sizes))
    codes = {finding.atc_code for finding in report.findings if finding.severity is ERROR}
    assert (expected in codes) if expected else not codes, config


@given(geometries(), st.sampled_from(sorted(LINE_BYTES)))
@settings(max_examples=400)
@example(
    ({**SQUARE, "padding": 1, "left_padding_size": 1, "resize": 1, "resize_output_w": 15}, Size(16, 16)), "RGB888_U8"
)
@example(({**SQUARE, "crop": 1, "load_start_pos_w": 16}, Size(16, 16)), "RGB888_U8")
@example(({**SQUARE, "crop": 1, "padding": 1}, Size(16, 16)), "RGB888_U8")
def test_the_oracle_of_ascend_950_and_aipplint_agree(geometry: tuple[dict[str, int], Size], image_format: str) -> None:
    fields, model = geometry
    expected = tiling_checks.verdict(fields, image_format, model.height, model.width)
    config = text("\n ".join(f"{name}: {value}" for name, value in fields.items()), image_format)
    report = aipplint.lint(config, atc=options(f"1,3,{model.height},{model.width}", tiling_checks.CHIP))
    codes = {finding.atc_code for finding in report.findings if finding.severity is ERROR}
    assert (expected in codes) if expected else not codes, config


@given(geometries(), st.sampled_from(["YUV420SP_U8", "RGB888_U8"]))
@settings(max_examples=150)
def test_the_oracle_of_ascend_950_and_aipplint_agree_on_profiles(
    geometry: tuple[dict[str, int], Size], image_format: str
) -> None:
    fields, model = geometry
    other = Size(model.height + 16, model.width)
    verdicts = [
        tiling_checks.verdict(fields, image_format, size.height, size.width, profile=True) for size in (model, other)
    ]
    first = next((code for code in ("E10052", "E70014") if code in verdicts), "")
    expected = {first} if first else set(verdicts) - {""}
    config = text("\n ".join(f"{name}: {value}" for name, value in fields.items()), image_format)
    sizes = ";".join(f"{size.height},{size.width}" for size in (model, other))
    report = aipplint.lint(config, atc=options("1,3,-1,-1", tiling_checks.CHIP, dynamic_image_size=sizes))
    codes = {finding.atc_code for finding in report.findings if finding.severity is ERROR}
    assert expected <= codes if expected else not codes, config


# The pipeline itself.


def test_every_stage_is_a_sum_that_names_its_fields() -> None:
    stages = pipeline(
        op(
            "src_image_size_w: 304 src_image_size_h: 304 crop: true crop_size_w: 298 crop_size_h: 298"
            " padding: true right_padding_size: 1 bottom_padding_size: 1"
        )
    )
    assert [stage.name for stage in stages] == ["source", "crop", "padding"]
    assert [stage.size for stage in stages] == [Size(304, 304), Size(298, 298), Size(299, 299)]
    assert str(stages[-1].height) == "crop_size_h 298 + bottom_padding_size 1 = 299"
    assert str(stages[1].width) == "crop_size_w 298"


@pytest.mark.parametrize(
    ("fields", "size"),
    [
        ("", Size(224, 320)),
        ("src_image_size_w: 100", Size(224, 100)),
        ("crop: true crop_size_h: 200", Size(200, 320)),
        ("crop: true crop_size_h: 200 crop_size_w: 300 resize: true resize_output_w: 64", Size(200, 64)),
        ("resize: true src_image_size_w: 640 src_image_size_h: 640", Size(224, 320)),
        ("padding: true top_padding_size: 8 left_padding_size: 1", Size(232, 321)),
        ("crop_size_h: 10 crop_size_w: 10 top_padding_size: 8", Size(224, 320)),
    ],
)
def test_what_is_left_open_is_the_models(fields: str, size: Size) -> None:
    # Facts U3, U4 and S3.
    assert pipeline(op(fields), Size(224, 320))[-1].size == size


def test_what_is_not_known_stays_unknown() -> None:
    assert pipeline(op("crop: maybe")) == ()
    source = pipeline(op("src_image_size_w: 1x"), Size(224, 224))[0]
    assert (source.size, source.width) == (None, None)
    assert [None if (side := source.along(axis)) is None else side.value for axis in AXES] == [224, None]
    assert pipeline(op("padding: true top_padding_size: x"), Size(2, 2))[-1].height is None


def test_every_profile_is_a_target_with_its_number() -> None:
    given = options("1,-1,-1,3", input_format="NHWC", dynamic_image_size="416,832;224,112")
    both = targets(op(""), Build(options_of_mapping(given)))
    assert [str(target) for target in both] == ["profile 0 (H 416, W 832)", "profile 1 (H 224, W 112)"]
    fixed = targets(op(""), Build(options_of_mapping(options("1,3,224,320"))))
    assert [str(target) for target in fixed] == ["H 224, W 320"]
    assert targets(op("related_input_rank: 1"), Build(options_of_mapping(given))) == ()
    assert targets(op(""), Build(options_of_mapping(options("1,3,1~224,224")))) == ()


def test_the_size_of_the_model_is_that_of_the_first_profile() -> None:
    given = options("1,3,-1,-1", dynamic_image_size="416,832;224,112")
    assert model_size(op(""), Build(options_of_mapping(given))) == Size(416, 832)
    assert model_size(op("related_input_rank: 1"), Build(options_of_mapping(given))) is None


# The source (AIPP301 to AIPP304).


@pytest.mark.parametrize(
    ("fields", "chip", "expected"),
    [
        ("src_image_size_w: 4097 src_image_size_h: 4", "", ERROR),
        ("src_image_size_w: 4 src_image_size_h: 4097", "Ascend950PR_9599", ERROR),
        ("src_image_size_w: 1 src_image_size_h: 4", "Ascend310P3", ERROR),
        ("src_image_size_w: 1 src_image_size_h: 4", "Ascend950PR_9599", None),
        ("src_image_size_w: 1 src_image_size_h: 4", "", WARNING),
        ("src_image_size_w: 4 src_image_size_h: 1", "Ascend310P3", None),
        ("src_image_size_w: 4 src_image_size_h: 1", "Ascend950PR_9599", ERROR),
        ("src_image_size_w: 4096 src_image_size_h: 4096", "", None),
        ("src_image_size_w: -1 src_image_size_h: 4", "", None),
    ],
)
def test_source_range(fields: str, chip: str, expected: Severity | None) -> None:
    # Facts T23 and A3.
    assert severity(text(fields), "AIPP301", chip=chip) is expected


def test_source_range_says_which_products_reject_it() -> None:
    narrow, low = text("src_image_size_w: 1 src_image_size_h: 4"), text("src_image_size_w: 4 src_image_size_h: 1")
    assert one(narrow, "AIPP301").message.endswith(
        "the range is 2 to 4096; every product except for Ascend 950 rejects it"
    )
    assert one(narrow, "AIPP301", chip="Ascend310P3").message.endswith("the range is 2 to 4096")
    assert one(low, "AIPP301").message.endswith("the range is 2 to 4096; Ascend 950 rejects it")
    assert one(low, "AIPP301", chip="Ascend950PR_9599").message.endswith("the range is 2 to 4096")


def test_source_from_the_model() -> None:
    finding = one(text(""), "AIPP301", shape="1,3,224,5000", chip="Ascend310P3")
    assert "defaults to the model's W, 5000; the range is 2 to 4096" in finding.message
    assert finding.related[0].place.source.text[slice(*finding.related[0].place.span)] == "5000"
    assert found(text("crop: true"), "AIPP301", shape="1,3,224,5000", chip="Ascend310P3") == []
    # The operator of Ascend 950 looks at the size of the image in any case (aipp_tiling.cpp, CheckInputImage).
    assert found(text("crop: true"), "AIPP301", shape="1,3,1,500", chip="Ascend950PR_9599")


@pytest.mark.parametrize(
    ("image_format", "fields", "sides"),
    [
        ("YUV420SP_U8", "src_image_size_w: 31 src_image_size_h: 33", "src_image_size_h 33 and src_image_size_w 31"),
        ("YUYV_U8", "src_image_size_w: 31 src_image_size_h: 33", "src_image_size_w 31"),
        ("YUV420SP_U8", "src_image_size_w: 32", "model H 33"),
        ("RGB888_U8", "src_image_size_w: 31 src_image_size_h: 33", ""),
        ("YUV420SP_U8", "crop: true src_image_size_h: 64", ""),
    ],
)
def test_odd_source(image_format: str, fields: str, sides: str) -> None:
    # Facts T9 and T22.
    messages = [f.message for f in found(text(fields, image_format), "AIPP302", shape="1,3,33,32")]
    assert [message.split(": ")[1].split(";")[0] for message in messages] == ([sides] if sides else [])


def test_odd_model_reached_by_crop_and_padding_is_right() -> None:
    fields = (
        "src_image_size_w: 304 src_image_size_h: 304 crop: true crop_size_w: 298 crop_size_h: 298"
        " padding: true right_padding_size: 1 bottom_padding_size: 1"
    )
    report = aipplint.lint(text(fields, "YUV420SP_U8"), atc=options("1,3,299,299", "Ascend310P3"))
    assert [f.code for f in report.findings if f.code[4] in "37"] == []


@pytest.mark.parametrize(
    ("fields", "chip", "expected"),
    [
        ("crop: true crop_size_w: 224 crop_size_h: 224", "Ascend310", (ERROR, "E81012")),
        ("crop: true crop_size_w: 224 crop_size_h: 224", "", (WARNING, "")),
        ("crop: true crop_size_w: 224 crop_size_h: 224", "Ascend950PR_9599", (WARNING, "")),
        ("padding: true top_padding_size: 1", "", (ERROR, "E70014")),
        ("padding: true", "Ascend310", (ERROR, "E81012")),
    ],
)
def test_source_size_needed(fields: str, chip: str, expected: tuple[Severity, str]) -> None:
    # Facts T8 and U4.
    finding = one(text(fields), "AIPP303", chip=chip, shape="1,3,224,224")
    assert (finding.severity, finding.atc_code) == expected
    assert found(text(fields), "AIPP704", chip=chip, shape="1,3,224,224") == []


def test_source_size_is_not_asked_for_where_profiles_forbid_it() -> None:
    profiles = {"shape": "1,3,-1,-1", "dynamic_image_size": "32,32;64,64", "chip": "SD3403"}
    assert found(text("crop: true"), "AIPP303", **profiles) == []
    # Resize with profiles can only fail: D2 wants no source size, T8 wants one.
    assert one(text("resize: true"), "AIPP303", **profiles).atc_code == "E81012"


def test_half_a_source_size() -> None:
    assert under(one(text("src_image_size_h: 4\n src_image_size_w: 0"), "AIPP304")) == "src_image_size_h: 4"
    assert found(text("src_image_size_h: 4 crop: true"), "AIPP304") == []


# The output (AIPP704).


def test_output_mismatch_shows_the_sum() -> None:
    fields = "src_image_size_w: 304\n src_image_size_h: 304\n crop: true\n crop_size_w: 298\n crop_size_h: 298"
    config = text(f"{fields} padding: true right_padding_size: 1")
    finding = one(config, "AIPP704", shape="1,3,299,299")
    assert finding.message == "output size is crop_size_h 298, but the model requires H 299"
    assert (finding.atc_code, under(finding)) == ("E70014", "crop_size_h: 298")
    finding = one(config, "AIPP704", shape="1,3,300,300")
    assert (
        finding.message == "output size is crop_size_h 298 and crop_size_w 298 + right_padding_size 1 = 299,"
        " but the model requires H 300, W 300"
    )
    assert [related.message for related in finding.related] == ["H of the model is 300", "W of the model is 300"]


def test_output_mismatch_with_profiles_names_them() -> None:
    atc = {"shape": "1,3,-1,-1", "dynamic_image_size": "64,64;32,32;16,16"}
    finding = one(text("resize: true resize_output_w: 32 resize_output_h: 32"), "AIPP704", **atc)
    assert finding.message.endswith("but profile 0 requires H 64, W 64; it does not match profile 2 either")
    atc["dynamic_image_size"] = ";".join(f"{side},64" for side in range(16, 30))
    finding = one(text("resize: true resize_output_w: 64 resize_output_h: 16"), "AIPP704", **atc)
    assert finding.message.startswith("output size is resize_output_h 16, but profile 1 requires H 17;")
    assert finding.message.endswith("; it does not match profile 2, 3, 4 and 9 more either")
    # Crop, padding and source sizes are AIPP701 and AIPP702 there.
    assert found(text("src_image_size_w: 32 src_image_size_h: 32"), "AIPP704", **atc) == []


@pytest.mark.parametrize(
    ("fields", "shape", "advice"),
    [
        ("src_image_size_w: 224 src_image_size_h: 320", "1,3,224,320", "swapped"),
        ("src_image_size_w: 64 src_image_size_h: 64 crop_size_w: 32 crop_size_h: 32", "1,3,32,32", "crop is false"),
        ("src_image_size_w: 64 src_image_size_h: 64", "1,3,32,32", ""),
    ],
)
def test_output_mismatch_gives_advice(fields: str, shape: str, advice: str) -> None:
    finding = one(text(fields), "AIPP704", shape=shape)
    assert advice in finding.help if advice else not finding.help


@pytest.mark.parametrize(
    "atc",
    [
        {},
        {"shape": "1,3,-1,-1"},
        {"shape": "1,3,1~300,1~300"},
        {"shape": "3,224"},
        {"shape": "1,3,224,x"},
        {"shape": "1,3,224,224", "input_format": "ND"},
    ],
)
def test_what_is_not_known_is_silent(atc: dict[str, str]) -> None:
    assert found(text("src_image_size_w: 32 src_image_size_h: 32"), "AIPP704", **atc) == []


def test_dynamic_operators_have_no_geometry() -> None:
    config = text("max_src_image_size: 9 crop: true crop_size_w: 9 padding: true left_padding_size: 99")
    config = config.replace("static", "dynamic")
    codes = {f.code for f in aipplint.lint(config, atc=options("1,3,32,32", "Ascend310P3")).findings}
    assert not any(code.startswith("AIPP3") or code == "AIPP704" for code in codes)
