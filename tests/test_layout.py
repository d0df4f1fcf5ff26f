"""AIPP705, AIPP706, AIPP708 and AIPP709: rank, layout, channels and ranges of the model's input."""

from __future__ import annotations

from typing import Any

import pytest

import aipplint
from aipplint.findings import Severity

ERROR, WARNING = Severity.ERROR, Severity.WARNING
DYNAMIC = "aipp_op { aipp_mode: dynamic max_src_image_size: 6220800 }"
TO_RGB = "csc_switch: true " + " ".join(
    f"matrix_r{row}c{column}: {value}"
    for row, cells in enumerate(((256, 0, 359), (256, -88, -183), (256, 454, 0)))
    for column, value in enumerate(cells)
)
TO_GRAY = TO_RGB.replace("359", "0").replace("454", "0").replace("-88", "0").replace("-183", "0")


def static(fields: str = "", image_format: str = "RGB888_U8") -> str:
    return f"aipp_op {{ aipp_mode: static input_format: {image_format} {fields} }}"


def found(config: str, code: str, runtime: dict[str, Any] | None = None, **atc: str) -> list[aipplint.Finding]:
    given = {"input_format": "NCHW", **atc}
    given = {name: value for name, value in given.items() if value}
    return [f for f in aipplint.lint(config, atc=given, runtime=runtime).findings if f.code == code]


def severity(config: str, code: str, **atc: str) -> Severity | None:
    findings = found(config, code, None, **atc)
    return findings[0].severity if findings else None


@pytest.mark.parametrize(
    ("shape", "more", "expected"),
    [
        ("data:1,16,8,8", {}, None),
        ("data:1,17,8,8", {}, ERROR),
        ("data:1,17,8,8", {"output_type": "FP16"}, ERROR),
        ("data:1,17,8,8", {"output_type": "UINT8"}, None),
        ("data:1,33,8,8", {"output_type": "UINT8"}, ERROR),
        ("data:1,17,8,8", {"output_type": "out:0:UINT8"}, None),
        ("data:1,17,8,8", {"soc_version": ""}, WARNING),
        ("data:1,17,8,8", {"soc_version": "Ascend950PR_9599"}, None),
        ("data:1,8,8,17", {}, None),
        ("data:1,8,8,17", {"input_format": "NHWC"}, ERROR),
        ("data:1,17,8,8", {"input_format": ""}, None),
    ],
)
def test_too_many_channels(shape: str, more: dict[str, str], expected: Severity | None) -> None:
    # Fact T6: 16 channels of float16, 32 of 8 bits.
    atc = {"soc_version": "Ascend310P3", "input_shape": shape, **more}
    assert severity(static(), "AIPP705", **atc) is expected
    assert severity(static(image_format="NC1HWC0DI_S8"), "AIPP705", **atc) is None


def test_too_many_channels_recognises_the_other_layout() -> None:
    (finding,) = found(static(), "AIPP705", input_shape="data:1,224,224,3", soc_version="Ascend310P3")
    assert finding.help == "write 1,3,224,224, or --input_format=NHWC if the model has that layout"
    assert finding.place.source.text[slice(*finding.span)] == "224"


@pytest.mark.parametrize(
    ("layout", "framework", "code"),
    [
        ("ND", "5", "E13014"),
        ("NCDHW", "5", "E13014"),
        ("ND", "", "E13014"),
        ("NCHW", "5", ""),
        ("NHWC", "3", ""),
        # ATC refuses these before it comes to AIPP (AIPP609).
        ("NDHWC", "5", ""),
        ("CHWN", "0", ""),
    ],
)
def test_layout_of_dynamic_aipp(layout: str, framework: str, code: str) -> None:
    # Fact I4.
    findings = found(DYNAMIC, "AIPP706", input_format=layout, framework=framework, input_shape="data:1,3,8,8")
    assert [finding.atc_code for finding in findings] == ([code] if code else [])


@pytest.mark.parametrize(
    ("config", "shape", "code"),
    [
        (DYNAMIC, "data:1,8", "E10001"),
        (DYNAMIC, "data:3,8,8", ""),
        (DYNAMIC, "data:1,3,8,8", ""),
        (DYNAMIC, "data:1,3,8,8,8", "E10001"),
        (static(), "data:3,8,8", "E70014"),
        (static(), "data:1,3,8,8", ""),
        (static(), "data:1,3,8,8,8", ""),
    ],
)
def test_rank(config: str, shape: str, code: str) -> None:
    # Facts I5 and U2.
    errors = [f for f in found(config, "AIPP706", input_shape=shape) if f.severity is ERROR]
    assert [f.atc_code for f in errors] == ([code] if code else [])


def test_rank_three_is_what_the_run_time_rejects() -> None:
    assert severity(DYNAMIC, "AIPP706", input_shape="data:3,8,8") is WARNING


def test_rank_is_not_sure_where_another_input_has_the_right_one() -> None:
    # --input_shape may list the inputs in another order than the model (I1).
    assert severity(DYNAMIC, "AIPP706", input_shape="info:1,4;data:1,3,8,8") is WARNING
    assert severity(DYNAMIC, "AIPP706", input_shape="info:1,4;more:8") is ERROR
    assert severity(DYNAMIC, "AIPP706", input_shape="data:1,3,8,8;info:1,4") is None


@pytest.mark.parametrize(
    ("height", "width", "more", "letters"),
    [
        (640, 640, {}, []),
        (224, 224, {}, []),
        (222, 642, {}, ["H", "W"]),
        (
            1280,
            640,
            {"crop": {"load_start_pos_w": 0, "load_start_pos_h": 0, "crop_size_w": 640, "crop_size_h": 640}},
            [],
        ),
        (640, 640, {"padding": {"top": 1, "bottom": 0, "left": 0, "right": 0}}, ["H"]),
        (640, 640, {"batch_size": 9}, ["the batch is 9"]),
        (640, 640, {"batch_size": 8}, []),
    ],
)
def test_output_outside_shape_range(height: int, width: int, more: dict[str, Any], letters: list[str]) -> None:
    # Fact U8; facts W12 to W14.
    runtime = {"input_format": "RGB888_U8", "src_image_size_w": width, "src_image_size_h": height, **more}
    findings = found(DYNAMIC, "AIPP708", runtime, framework="5", input_shape="data:1~8,3,224~640,224~640")
    assert len(findings) == len(letters)
    assert all(letter in finding.message for letter, finding in zip(letters, findings, strict=True))
    assert all((finding.severity, finding.atc_code) == (ERROR, "") for finding in findings)
    assert found(DYNAMIC, "AIPP708", runtime, framework="5", input_shape="data:-1,3,-1,-1") == []


@pytest.mark.parametrize(
    ("config", "channels", "expected"),
    [
        (static(), 1, WARNING),
        (static(), 3, None),
        (static(), 4, None),
        (static("csc_switch: true"), 1, None),
        (static(image_format="XRGB8888_U8"), 1, WARNING),
        (static(image_format="YUV420SP_U8"), 1, None),
        (static(TO_RGB, "YUV420SP_U8"), 1, WARNING),
        (static(TO_GRAY, "YUV420SP_U8"), 1, None),
        (static(image_format="YUV400_U8"), 1, None),
        (static(image_format="YUV400_U8"), 3, WARNING),
        (static(image_format="RAW16"), 3, WARNING),
        (static("csc_switch: maybe"), 1, None),
    ],
)
def test_channels_of_another_model(config: str, channels: int, expected: Severity | None) -> None:
    assert severity(config, "AIPP709", input_shape=f"data:1,{channels},8,8") is expected
    assert severity(config, "AIPP709") is None
