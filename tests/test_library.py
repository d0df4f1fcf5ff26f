"""The library as a program uses it: what a finding has, and names that ATC has not."""

from __future__ import annotations

import pydoc

import pytest

import aipplint

GOOD = "aipp_op { aipp_mode: static input_format: RGB888_U8 }"


def test_a_finding_says_where_it_stands() -> None:
    (finding,) = aipplint.lint(
        "aipp_op {\n  aipp_mode: static\n  input_format: RGB888_U8\n  colour: true\n}\n"
    ).findings

    assert (finding.line, finding.column) == (4, 3)
    assert (finding.end_line, finding.end_column) == (4, 9)


@pytest.mark.parametrize("name", ["input_shap", "Input_Shape", "foo"])
def test_a_name_that_atc_has_not_is_told(name: str) -> None:
    (finding,) = aipplint.lint(GOOD, atc={name: "data:1,3,224,224"}).findings

    assert finding.code == "AIPP624"
    assert name in finding.message


@pytest.mark.parametrize("name", ["input_shape", "input-shape", "--input_shape", "precision_mode", "cann_version"])
def test_a_name_of_atc_is_taken_in_every_spelling(name: str) -> None:
    assert not any(finding.code == "AIPP624" for finding in aipplint.lint(GOOD, atc={name: "8.1"}).findings)


def test_dashes_do_not_hide_an_option() -> None:
    codes = [
        {finding.code for finding in aipplint.lint(GOOD, atc={name: "data:1,3,-1"}).findings}
        for name in ("input_shape", "input-shape")
    ]
    assert codes[0] == codes[1]


def test_a_run_time_setting_that_is_none_is_told() -> None:
    settings = {"input_format": "RGB888_U8", "src_image_size_ww": 224, "crop": {"crop_size_w": 1, "start": 2}, "foo": 1}
    found = aipplint.lint("aipp_op { aipp_mode: dynamic max_src_image_size: 150528 }", runtime=settings).findings

    told = [(finding.message, finding.help) for finding in found if finding.code == "AIPP816"]
    assert told == [
        ("no run-time setting is called src_image_size_ww", "did you mean src_image_size_w?"),
        ("no run-time setting is called crop.start", ""),
        ("no run-time setting is called foo", ""),
    ]


def test_help_shows_the_library() -> None:
    text = pydoc.plain(pydoc.render_doc(aipplint))

    assert all(name in text for name in ("lint(", "class Finding", "class Report", "class Severity"))


def test_the_chip_with_the_fewest_wrong_letters_is_meant() -> None:
    """Not the one that has most letters in common, which is Ascend310P1."""
    (finding,) = aipplint.lint(GOOD, atc={"input_shape": "data:1,3,224,224", "soc_version": "Ascend311"}).findings

    assert finding.help == "did you mean Ascend310?"
