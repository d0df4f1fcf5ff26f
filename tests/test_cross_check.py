"""AIPP701, AIPP702, AIPP703 and AIPP707: the configuration against the profiles."""

from __future__ import annotations

import pytest

import aipplint
from aipplint.findings import Fix

IMAGES = {
    "framework": "5",
    "input_shape": "data:1,3,-1,-1;img_info:1,4",
    "dynamic_image_size": "416,416;832,832",
}


def config(fields: str, mode: str = "static", image_format: str | None = "YUV420SP_U8") -> str:
    given = "" if image_format is None else f"  input_format: {image_format}\n"
    return f"aipp_op {{\n  aipp_mode: {mode}\n{given}  {fields}\n}}\n"


def found(text: str, atc: dict[str, str] | None = None, *codes: str) -> list[aipplint.Finding]:
    findings = aipplint.lint(text, atc=IMAGES if atc is None else atc).findings
    return [finding for finding in findings if finding.code in codes or (not codes and finding.code[4] == "7")]


def under(finding: aipplint.Finding) -> str:
    return finding.place.source.text[finding.span.start : finding.span.end]


def fixed(text: str, fix: Fix | None) -> str:
    assert fix is not None
    for edit in sorted(fix.edits, reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


@pytest.mark.parametrize("mode", ["static", "dynamic\n  max_src_image_size: 2768896"])
@pytest.mark.parametrize("switch", ["crop", "padding"])
@pytest.mark.parametrize("value", ["true", "1", "t"])
def test_crop_and_padding_are_refused_in_every_mode(mode: str, switch: str, value: str) -> None:
    text = config(f"{switch}: {value}", mode)
    (finding,) = found(text, None, "AIPP701")
    assert (finding.atc_code, under(finding)) == ("E10052", f"{switch}: {value}")
    assert switch in finding.message
    assert [related.message for related in finding.related] == ["--dynamic_image_size is set here"]
    assert not found(fixed(text, finding.fix), None, "AIPP701")
    assert finding.fix is not None
    assert not finding.fix.safe


def test_both_switches_are_two_findings() -> None:
    assert [under(f) for f in found(config("padding: true crop: true"), None, "AIPP701")] == [
        "padding: true",
        "crop: true",
    ]


def test_every_operator_is_looked_at_also_on_an_input_of_fixed_size() -> None:
    text = config("crop: false") + config("related_input_rank: 1 crop: true src_image_size_w: 8")
    assert [f.code for f in found(text, IMAGES, "AIPP701", "AIPP702")] == ["AIPP701", "AIPP702"]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ("src_image_size_w: 832 src_image_size_h: 416", "src_image_size_w 832 and src_image_size_h 416;"),
        ("src_image_size_h: 416 src_image_size_w: 832", "src_image_size_h 416 and src_image_size_w 832;"),
        ("src_image_size_h: 416", "src_image_size_h 416;"),
        ("src_image_size_w: 0 src_image_size_h: -2", "src_image_size_h -2;"),
    ],
)
def test_the_source_size_is_zero(fields: str, message: str) -> None:
    text = config(fields)
    (finding,) = found(text, None, "AIPP702")
    assert finding.message.startswith(f"fixed source size: {message}")
    assert finding.atc_code == "E10052"
    assert finding.fix is not None
    assert finding.fix.safe
    assert aipplint.lint(fixed(text, finding.fix), atc=IMAGES).ok


@pytest.mark.parametrize(
    "text",
    [
        config("crop: false padding: 0 load_start_pos_w: 8"),
        config("src_image_size_w: 0 src_image_size_h: 0x0"),
        config("max_src_image_size: 2768896 src_image_size_w: 832 src_image_size_h: 832", "dynamic", None),
    ],
)
def test_what_is_accepted(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    "atc",
    [
        {},
        {**IMAGES, "dynamic_image_size": ""},
        {**IMAGES, "dynamic_batch_size": "1,2"},
        {"framework": "5", "input_shape": "data:-1,3,8,8", "dynamic_batch_size": "1,2"},
    ],
    ids=str,
)
def test_without_image_sizes_in_force_nothing_is_said(atc: dict[str, str]) -> None:
    assert found(config("crop: true src_image_size_w: 8 src_image_size_h: 8"), atc, "AIPP701", "AIPP702") == []


def images(sizes: str, **more: str) -> dict[str, str]:
    return IMAGES | {"dynamic_image_size": sizes} | more


@pytest.mark.parametrize(
    ("image_format", "sizes", "bad"),
    [
        ("YUV420SP_U8", "416,415;415,416;416,416", ["416,415", "415,416"]),
        ("YUV422SP_U8", "416,415;415,416;416,416", ["416,415"]),
        ("YUYV_U8", "416,415;415,416", ["416,415"]),
        ("RGB888_U8", "415,415;1,2", []),
        ("RGB888_U8", "4096,4096;4098,4;4,4098", ["4098,4", "4,4098"]),
        ("RGB888_U8", "8,1;0,8;8,8", ["8,1", "0,8"]),
    ],
)
def test_profiles_outside_the_limits(image_format: str, sizes: str, bad: list[str]) -> None:
    text = config("", image_format=image_format)
    findings = found(text, images(sizes), "AIPP703")
    assert [under(finding) for finding in findings] == bad
    assert {finding.atc_code for finding in findings} <= {"E81012"}
    for finding in findings:
        assert under(finding) in finding.message


def test_limits_of_ascend_950_are_its_own() -> None:
    """Fact A3: a height begins at 2, a width at 1, and both end at 4096 (in pixels)."""
    sizes = images("2,1;1,8;4098,8;8,4098", soc_version="Ascend950PR_9599")
    findings = found(config("", image_format="RGB888_U8"), sizes, "AIPP703")

    assert [under(finding) for finding in findings] == ["1,8", "4098,8", "8,4098"]


@pytest.mark.parametrize(
    ("fields", "atc"),
    [
        ("crop: true", images("415,415;8,8")),
        ("src_image_size_w: 8 src_image_size_h: 8", images("415,415;8,8")),
        ("related_input_rank: 1", images("415,415;8,8")),
        ("related_input_rank: 7", images("415,415;8,8")),
        ("", {"dynamic_image_size": "415,415;8,8", "framework": "5"}),
        ("", {**images("415,415;8,8"), "framework": ""}),
    ],
    ids=str,
)
def test_profiles_that_do_not_become_the_source_size(fields: str, atc: dict[str, str]) -> None:
    assert found(config(fields), atc, "AIPP703") == []


@pytest.mark.parametrize(
    ("given", "severity", "small", "fit"),
    [
        (1000, "warning", ["YUV400_U8", "YUV420SP_U8", "RGB888_U8", "XRGB8888_U8"], []),
        (752640, "warning", ["1038336 (YUV420SP_U8)", "RGB888_U8", "XRGB8888_U8"], ["YUV400_U8"]),
        (2200000, "info", ["2768896 (XRGB8888_U8)"], ["RGB888_U8"]),
    ],
)
def test_what_the_memory_holds(given: int, severity: str, small: list[str], fit: list[str]) -> None:
    (finding,) = found(config(f"max_src_image_size: {given}", "dynamic", None), None, "AIPP707")
    assert str(finding.severity) == severity
    before, _, after = finding.message.partition("; it is enough for")
    assert all(name in before for name in small)
    assert all(name in after for name in fit)
    assert "H 832, W 832" in finding.message
    assert under(finding) == f"max_src_image_size: {given}"


@pytest.mark.parametrize("given", [692224, 1038336, 2076672, 2768896, 5000000])
def test_memory_for_one_format_is_taken_as_meant(given: int) -> None:
    assert found(config(f"max_src_image_size: {given}", "dynamic", None), None, "AIPP707") == []


def test_a_format_in_the_operator_says_what_is_meant() -> None:
    assert found(config("max_src_image_size: 1100000", "dynamic"), None, "AIPP707") == []
    (finding,) = found(config("max_src_image_size: 1000000", "dynamic"), None, "AIPP707")
    assert "XRGB8888_U8" not in finding.message


def test_the_largest_batch_counts() -> None:
    atc = {"framework": "5", "input_shape": "data:-1,3,10,20", "dynamic_batch_size": "1,8,4"}
    (finding,) = found(config("max_src_image_size: 1599", "dynamic", None), atc, "AIPP707")
    assert "8 images of H 10, W 20" in finding.message
    assert found(config("max_src_image_size: 6400", "dynamic", None), atc, "AIPP707") == []
