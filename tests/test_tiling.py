"""The codes of Ascend 950, whose operator has checks and codes of its own; one configuration for several products."""

from __future__ import annotations

import pytest

import aipplint
from aipplint.atc.build import Build
from aipplint.atc.options import options_of_mapping
from aipplint.pipeline import Use, lint_source
from aipplint.source import Source
from tests.sizes import ERROR, options, text
from tests.tiling_checks import CHIP

SQUARE = "src_image_size_w: 16 src_image_size_h: 16"


def codes(fields: str, image_format: str = "RGB888_U8", chip: str = CHIP, **atc: str) -> set[tuple[str, str]]:
    """Rule and toolchain code of every error."""
    report = aipplint.lint(text(fields, image_format), atc=options("1,3,16,16", chip, **atc))
    return {(finding.code, finding.atc_code) for finding in report.findings if finding.severity is ERROR}


@pytest.mark.parametrize(
    ("fields", "image_format", "expected"),
    [
        ("mean_chn_0: 256", "RGB888_U8", ("AIPP109", "EZ0033")),
        ("mean_chn_0: 32768", "RGB888_U8", ("AIPP109", "")),
        ("min_chn_0: 70000", "RGB888_U8", ("AIPP109", "EZ0033")),
        ("csc_switch: true matrix_r0c0: 32677", "RGB888_U8", ("AIPP109", "EZ0033")),
        ("csc_switch: true matrix_r0c0: 32768", "RGB888_U8", ("AIPP109", "")),
        ("csc_switch: true matrix_r0c0: 32767", "RGB888_U8", ("AIPP109", "EZ0033")),
        ("csc_switch: true matrix_r0c0: -32768", "RGB888_U8", ("AIPP109", "EZ0033")),
        ("csc_switch: true matrix_r0c0: -32769", "RGB888_U8", ("AIPP109", "")),
        ("var_reci_chn_0: inf", "RGB888_U8", ("AIPP111", "")),
        (f"{SQUARE} padding: true padding_value: inf", "RGB888_U8", ("AIPP111", "EZ0033")),
        ("", "YUYV_U8", ("AIPP411", "EZ0032")),
        ("csc_switch: true", "YUV400_U8", ("AIPP406", "EZ0033")),
        ("ax_swap_switch: true", "RGB888_U8", ("AIPP410", "EZ0033")),
        (f"{SQUARE} crop: true crop_size_h: -1 crop_size_w: 16", "RGB888_U8", ("AIPP112", "EZ0033")),
        ("input_format: 99", "UNDEFINED", ("AIPP105", "EZ0031")),
    ],
)
def test_codes_of_values(fields: str, image_format: str, expected: tuple[str, str]) -> None:
    assert expected in codes(fields, image_format)
    assert ("E81012" in {code for _, code in codes(fields, image_format)}) is False


def test_a_crop_without_a_size_is_not_checked() -> None:
    report = aipplint.lint(text(f"{SQUARE} crop: true load_start_pos_w: 16"), atc=options("1,3,16,16", CHIP))
    assert [(f.code, str(f.severity)) for f in report.findings] == [("AIPP305", "warning")]
    assert codes(f"{SQUARE} crop: true load_start_pos_w: 16", chip="Ascend310P3") == {("AIPP305", "E81012")}


def test_a_rule_that_asks_for_no_build_speaks_for_all_of_them() -> None:
    """One file for two products: what the file says alone has the code that holds for both, or that of most."""
    source = Source("aipp.cfg", text(f"{SQUARE} padding: true left_padding_size: 40"))

    def said(*chips: str) -> set[str]:
        uses = [Use(Build(options_of_mapping({"soc_version": chip}))) for chip in chips]
        return {f.atc_code for f in lint_source(source, uses).findings if f.code == "AIPP308"}

    assert said(CHIP) == {"EZ0033"}
    assert said(CHIP, "Ascend310P3") == {"E81012"}
    assert said() == {"E81012"}


@pytest.mark.parametrize(
    ("chip", "value", "expected"),
    [
        ("SD3403", 15, set()),
        ("SD3403", 16, {("AIPP109", "E81012")}),
        ("BS9SX1AA", 31, set()),
        ("BS9SX1AA", 4294967295, {("AIPP109", "E81012")}),
        ("Ascend310P3", 32, set()),
        (CHIP, 32, set()),
    ],
)
def test_the_shift_of_raw_images(chip: str, value: int, expected: set[tuple[str, str]]) -> None:
    assert codes(f"raw_rgbir_to_f16_n: {value}", chip=chip) == expected
