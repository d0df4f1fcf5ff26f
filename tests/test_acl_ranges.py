"""AIPP807 and AIPP814: numbers that wrap on their way to a setter, a batch of none, an image without a batch."""

from __future__ import annotations

import pytest

import aipplint

DYNAMIC = "aipp_op { aipp_mode: dynamic max_src_image_size: 752640 }"
SETTINGS = {"input_format": "RGB888_U8", "src_image_size_w": 224, "src_image_size_h": 224, "batch_size": 1}
ATC = {"framework": "5", "input_format": "NCHW"}


def said(runtime: dict[str, object], shape: str = "1,3,224,224") -> list[tuple[str, str, str]]:
    """Rule, severity and failing call of every finding but advice."""
    report = aipplint.lint(DYNAMIC, atc={**ATC, "input_shape": f"data:{shape}"}, runtime={**SETTINGS, **runtime})
    return [(f.code, str(f.severity), f.atc_code) for f in report.findings if str(f.severity) != "info"]


CSC = {"csc_switch": True}


@pytest.mark.parametrize(
    ("runtime", "expected"),
    [
        ({}, []),
        ({"mean_chn_0": 256}, [("AIPP807", "error", "aclmdlSetAIPPDtcPixelMean")]),
        ({"mean_chn_0": -1}, [("AIPP807", "error", "aclmdlSetAIPPDtcPixelMean")]),
        ({"mean_chn_0": 65636}, [("AIPP807", "warning", "")]),
        ({"mean_chn_0": 65536 + 256}, [("AIPP807", "error", "aclmdlSetAIPPDtcPixelMean")]),
        ({**CSC, "matrix_r0c0": 40000}, [("AIPP807", "warning", "")]),
        ({**CSC, "matrix_r0c0": 32677}, [("AIPP807", "error", "aclmdlSetAIPPCscParams")]),
        ({**CSC, "matrix_r0c0": -32769}, [("AIPP807", "error", "aclmdlSetAIPPCscParams")]),
        ({**CSC, "input_bias_1": 256}, [("AIPP807", "warning", "")]),
        ({**CSC, "output_bias_1": -1}, [("AIPP807", "warning", "")]),
        ({"input_bias_1": 256}, []),
        ({"min_chn_0": 65636}, [("AIPP807", "error", "aclmdlSetAIPPDtcPixelMin")]),
        ({"batch_size": 0}, [("AIPP807", "error", "aclmdlCreateAIPP")]),
    ],
)
def test_what_a_setter_sees(runtime: dict[str, object], expected: list[tuple[str, str, str]]) -> None:
    assert said(runtime) == expected


@pytest.mark.parametrize(
    ("stage", "field", "low", "high"),
    [
        ("", "src_image_size_w", 2, 4096),
        ("", "src_image_size_h", 1, 4096),
        ("csc_switch", "matrix_r2c2", -32677, 32676),
        ("csc_switch", "output_bias_2", 0, 255),
        ("csc_switch", "input_bias_2", 0, 255),
        ("crop", "load_start_pos_h", 0, 4095),
        ("crop", "crop_size_w", 1, 4096),
        ("resize", "input_w", 16, 4096),
        ("resize", "output_w", 16, 1920),
        ("resize", "output_h", 16, 4096),
        ("padding", "left", 0, 32),
        ("", "mean_chn_3", 0, 255),
        ("", "min_chn_3", 0, 255),
        ("", "var_reci_chn_3", -65504, 65504),
    ],
)
def test_the_range_of_each_setter(stage: str, field: str, low: int, high: int) -> None:
    # Facts R4 to R12.
    for value, outside in ((low - 1, True), (low, False), (high, False), (high + 1, True)):
        runtime: dict[str, object] = {field: value}
        if stage == "csc_switch":
            runtime[stage] = True
        elif stage:
            runtime = {stage: {field: value}}
        report = aipplint.lint(DYNAMIC, atc=ATC, runtime={**SETTINGS, **runtime})
        said = [f.message for f in report.findings if f.code == "AIPP807" and f" {value}" in f.message]
        assert any(f"{field} is {value}" in message for message in said) is outside, value


def test_the_message_says_what_arrives() -> None:
    report = aipplint.lint(DYNAMIC, atc=ATC, runtime={**SETTINGS, **CSC, "input_bias_0": 256, "matrix_r0c0": 40000})
    assert {f.message.partition(";")[0] for f in report.findings if f.code == "AIPP807"} == {
        "matrix_r0c0 is 40000, which arrives as -25536",
        "input_bias_0 is 256, which arrives as 0",
    }


def test_the_run_time_knows_no_image_of_three_dimensions() -> None:
    assert said({}, "3,224,224") == [("AIPP706", "warning", ""), ("AIPP814", "error", "aclmdlSetInputAIPP")]
    assert said({}, "3,1~224,224") == []
