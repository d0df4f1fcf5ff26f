"""AIPP401 to AIPP413 and the matcher below them: what an operator does to colours."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import aipplint
from aipplint.config.colour import BIAS, MATRIX, Colour, attribute_csc, colour_of, kernel_csc
from aipplint.config.config import read_config
from aipplint.config.op import AippOp
from aipplint.findings import Severity
from aipplint.hardware.csc import STANDARDS, conversions
from aipplint.hardware.products import PRODUCTS, SOC_VERSIONS
from aipplint.source import Source
from aipplint.syntax.parser import parse

DOCUMENTED: list[dict[str, Any]] = json.loads((Path(__file__).parent / "data" / "csc.json").read_text("utf-8"))
CONVERTED = [entry for entry in DOCUMENTED if entry["fields"].get("csc_switch")]

# The names of images and targets in the manual, and ours.
IMAGES = {"YUV420SP_U8": "YUV420SP (NV12)", "YVU420SP_U8": "YUV420SP (NV21)", "FP16 RGB": "RGB"}


def named(entry: dict[str, Any]) -> str:
    return f"{entry['from']}-{entry['to']}-{entry['standard']}".replace(" ", "-")


def written(fields: dict[str, Any], **changes: Any) -> str:
    lines = (
        f"  {name}: {str(value).lower() if isinstance(value, bool) else value}\n"
        for name, value in ({**fields, **changes}).items()
        if value is not None
    )
    return "aipp_op {\n" + "".join(lines) + "}\n"


def op_of(text: str) -> AippOp:
    source = Source("aipp.cfg", text)
    return read_config(source, parse(source)).ops[0]


def colour(text: str) -> Colour:
    found = colour_of(op_of(text))
    assert found is not None
    return found


def found(text: str, atc: dict[str, str] | None = None) -> list[aipplint.Finding]:
    return [finding for finding in aipplint.lint(text, atc=atc).findings if finding.code.startswith("AIPP4")]


def codes(text: str, atc: dict[str, str] | None = None) -> list[str]:
    return [finding.code for finding in found(text, atc)]


def under(finding: aipplint.Finding) -> str:
    return finding.place.source.text[finding.span.start : finding.span.end]


def fixed(text: str, finding: aipplint.Finding) -> str:
    assert finding.fix is not None
    for edit in sorted(finding.fix.edits, reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def example(source: str, target: str, standard: str | None = None, /, **changes: Any) -> str:
    """A documented conversion, changed; None takes a field away."""
    entry = next(e for e in DOCUMENTED if (e["from"], e["to"], e["standard"]) == (source, target, standard))
    return written(entry["fields"], **changes)


# The documented conversions.


@pytest.mark.parametrize("entry", DOCUMENTED, ids=named)
def test_a_documented_conversion_is_clean(entry: dict[str, Any]) -> None:
    report = aipplint.lint(written({"aipp_mode": "static", **entry["fields"]}))
    assert not report.findings


@pytest.mark.parametrize("entry", DOCUMENTED, ids=named)
def test_a_documented_conversion_is_named(entry: dict[str, Any]) -> None:
    seen = colour(written({"aipp_mode": "static", **entry["fields"]}))
    image = IMAGES.get(entry["from"], entry["from"].removesuffix("_U8"))
    target = IMAGES.get(entry["to"], entry["to"])
    assert f"{image} to {target}" in seen.name
    if entry["standard"]:
        assert seen.conversion is not None
        assert seen.conversion.standard is not None
        assert entry["standard"] in seen.conversion.standard.labels
        assert seen.name.endswith(seen.conversion.standard.name)
        assert (seen.source, seen.target) == (image, target)
        assert seen.conversion.documented


def test_the_table_holds_each_matrix_once_for_a_family() -> None:
    keys = [(conversion.source, conversion.matrix) for conversion in conversions()]
    assert len(set(keys)) == len(keys)


def test_the_standards_are_those_of_the_manual() -> None:
    labels = {label for standard in STANDARDS for label in standard.labels}
    assert labels == {entry["standard"] for entry in DOCUMENTED} - {None}


@given(st.sampled_from(CONVERTED), st.sampled_from(MATRIX), st.integers(-32768, 32767))
def test_one_changed_cell_is_reported(entry: dict[str, Any], cell: str, value: int) -> None:
    assume(value != entry["fields"][cell])
    findings = found(written(entry["fields"], **{cell: value}))
    assert {finding.code for finding in findings} & {"AIPP403", "AIPP404", "AIPP408"}
    assert not any(finding.severity is Severity.ERROR for finding in findings)


@given(st.sampled_from(CONVERTED), st.sampled_from(MATRIX), st.sampled_from([1, -1, 2, 10, 100, -100]))
def test_a_near_miss_is_found_in_its_cell_and_can_be_mended(entry: dict[str, Any], cell: str, off: int) -> None:
    text = written(entry["fields"], **{cell: entry["fields"][cell] + off})
    (finding,) = found(text)
    assert (finding.code, under(finding)) == ("AIPP403", str(entry["fields"][cell] + off))
    assert finding.place.source.position(finding.span.start).line == list(entry["fields"]).index(cell) + 2
    assert finding.fix is not None
    assert not finding.fix.safe
    assert fixed(text, finding) == written(entry["fields"])


@given(st.sampled_from(CONVERTED), st.integers(0, 2), st.integers(0, 255))
def test_one_changed_bias_is_reported(entry: dict[str, Any], channel: int, value: int) -> None:
    name = next(name for names in BIAS.values() for name in names[channel : channel + 1] if name in entry["fields"])
    assume(value != entry["fields"][name])
    text = written(entry["fields"], **{name: value})
    (finding,) = found(text)
    assert (finding.code, under(finding)) == ("AIPP404", str(value))
    if finding.fix is not None:
        assert fixed(text, finding) == written(entry["fields"])


# What is in force.

YUV_ON = {"aipp_mode": "static", "input_format": "YUV420SP_U8", "csc_switch": True}
RGB_ON = {**YUV_ON, "input_format": "RGB888_U8"}
DEFAULT = (298, 516, 0, 298, -100, -208, 298, 0, 409)


def test_a_missing_matrix_is_filled_in_by_format_for_the_model_and_always_as_yuv_for_the_kernel() -> None:
    for fields, shown in ((YUV_ON, DEFAULT), (RGB_ON, (66, 129, 25, -38, -74, 112, 112, -94, -18))):
        op = op_of(written(fields))
        kernel, attributes = kernel_csc(op), attribute_csc(op)
        assert kernel is not None
        assert attributes is not None
        assert (kernel.matrix, attributes.matrix) == (DEFAULT, shown)
        assert kernel.input_bias == kernel.output_bias == (16, 128, 128)
        assert len(kernel.filled) == 15


def test_only_the_missing_cells_are_filled_in() -> None:
    kernel = kernel_csc(op_of(written(RGB_ON, matrix_r0c0=7, matrix_r2c2=0, input_bias_1=3)))
    assert kernel is not None
    assert kernel.matrix == (7, 516, 0, 298, -100, -208, 298, 0, 0)
    assert kernel.input_bias == (16, 3, 128)
    assert kernel.values["matrix_r0c0"] == 7
    assert "matrix_r0c0" not in kernel.filled


def test_a_cell_that_cannot_be_read_makes_the_conversion_unknown() -> None:
    text = example("YUV420SP_U8", "RGB", "JPEG", matrix_r1c1="x")
    assert colour(text).csc is None
    assert not codes(text)


@pytest.mark.parametrize(
    ("image_format", "swaps", "name"),
    [
        ("XRGB8888_U8", "", "RGBX8888 to RGB, or BGRX8888 to BGR, no conversion"),
        ("XRGB8888_U8", "ax_swap_switch: true", "XRGB8888 to RGB, or XBGR8888 to BGR, no conversion"),
        ("AYUV444_U8", "ax_swap_switch: true", "AYUV444 to YUV444, or AYVU444 to YVU444, no conversion"),
        ("RGB888_U8", "rbuv_swap_switch: true", "RGB888 to BGR, or BGR888 to RGB, no conversion"),
        ("YUV400_U8", "", "YUV400 to GRAY, no conversion"),
        ("RAW10", "", "RAW10 as it is"),
    ],
)
def test_names_without_conversion(image_format: str, swaps: str, name: str) -> None:
    assert colour(f"aipp_op {{ aipp_mode: static input_format: {image_format} {swaps} }}").name == name


def test_an_exchange_of_columns_is_a_swap() -> None:
    seen = colour(written(YUV_ON, **dict(zip(MATRIX, (256, 359, 0, 256, -183, -88, 256, 0, 454), strict=True))))
    assert seen.name == "YUV420SP (NV21) to RGB, BT.601 full range (JPEG)"
    assert seen.conversion is not None
    assert not seen.conversion.documented


def test_the_name_of_an_unknown_matrix_tells_the_nearest() -> None:
    seen = colour(example("YUV420SP_U8", "RGB", "JPEG", matrix_r1c1=-188))
    assert seen.name.endswith("does not list, nearest to YUV to RGB, BT.601 full range (JPEG)")
    assert (seen.target, seen.channels) == (None, None)


# The rules.


@pytest.mark.parametrize(
    ("image_format", "words"),
    [("YUV420SP_U8", ("BGR",)), ("RGB888_U8", ("does not fit", "YUV444")), ("YUV422SP_U8", ("BGR", "YUV444"))],
)
def test_a_conversion_without_matrix_says_which_one_is_taken(image_format: str, words: tuple[str, ...]) -> None:
    findings = found(written(YUV_ON, input_format=image_format, input_bias_0=0), {"soc_version": "SD3403"})
    (finding,) = findings
    assert (finding.code, finding.severity, under(finding)) == ("AIPP401", Severity.WARNING, "csc_switch: true")
    assert all(word in finding.message for word in ("YUV to BGR, BT.601 narrow range", *words))


def test_a_partial_matrix_names_what_is_filled_in() -> None:
    (finding,) = found(example("YUV420SP_U8", "RGB", "JPEG", matrix_r0c1=None, matrix_r2c2=None))
    assert (finding.code, under(finding)) == ("AIPP402", "matrix_r0c0: 256")
    assert "2 of the nine" in finding.message
    assert "matrix_r0c1 516, matrix_r2c2 409" in finding.message


def test_a_partial_matrix_that_the_default_completes_is_right() -> None:
    assert not found(example("YUV420SP_U8", "BGR", "BT-601NARROW", matrix_r0c2=None, input_bias_2=None))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (dict.fromkeys(MATRIX, 0), "all zeros"),
        (dict(zip(MATRIX, (256, 256, 256, 0, -88, 454, 359, -183, 0), strict=True)), "rows and columns exchanged"),
        ({"matrix_r0c2": 360, "matrix_r2c1": 455}, "matrix_r0c2 360 (359), matrix_r2c1 455"),
        (dict.fromkeys(MATRIX, 3), "the matrix is not documented"),
    ],
)
def test_matrices_that_are_further_off(changes: dict[str, int], words: str) -> None:
    (finding,) = found(example("YUV420SP_U8", "RGB", "JPEG", **changes))
    assert finding.code == "AIPP403"
    assert words in finding.message
    assert finding.fix is None
    assert under(finding) == ("360" if finding.related else f"matrix_r0c0: {changes['matrix_r0c0']}")


@pytest.mark.parametrize(
    ("image_format", "matrix", "bias"),
    [
        ("YUV420SP_U8", (256, 0, 0) * 3, (0, 0, 0)),
        ("YUV420SP_U8", (298, 0, 0) * 3, (16, 128, 128)),
        ("YUV420SP_U8", (256, 0, 0, 0, 256, 0, 0, 0, 256), (0, 0, 0)),
        ("RGB888_U8", (77, 150, 29) * 3, (0, 0, 0)),
        ("RGB888_U8", (30, 150, 76, 0, 0, 0, 0, 0, 0), (0, 0, 0)),
        ("RGB888_U8", (0, 0, 256, 0, 256, 0, 256, 0, 0), (0, 0, 0)),
    ],
)
def test_what_is_plainly_right_is_no_finding(image_format: str, matrix: tuple[int, ...], bias: tuple[int, ...]) -> None:
    side = "input" if image_format.startswith("YUV") else "output"
    fields = dict(zip(MATRIX, matrix, strict=True)) | dict(zip(BIAS[side], bias, strict=True))
    assert not found(written(YUV_ON, input_format=image_format, **fields))


def test_a_full_range_matrix_without_bias_gets_the_narrow_one() -> None:
    (finding,) = found(example("YUV420SP_U8", "RGB", "JPEG", input_bias_0=None))
    assert (finding.code, under(finding)) == ("AIPP404", "csc_switch: true")
    assert "is not set and defaults to 16, 128, 128" in finding.message


def test_a_bias_of_the_other_range_is_named_and_not_mended() -> None:
    (finding,) = found(example("YUV420SP_U8", "RGB", "BT-709NARROW", input_bias_0=0))
    assert "0, 128, 128, which is for full range" in finding.message
    assert finding.fix is None


def test_a_bias_that_nothing_is_multiplied_with_is_an_info() -> None:
    (finding,) = found(example("YUV420SP_U8", "GRAY", input_bias_1=128))
    assert (finding.code, finding.severity) == ("AIPP404", Severity.INFO)


@pytest.mark.parametrize("switch", [False, None])
def test_a_matrix_without_switch_is_dead(switch: bool | None) -> None:
    (finding,) = found(example("YUV420SP_U8", "RGB", "JPEG", csc_switch=switch))
    assert (finding.code, finding.severity, under(finding)) == ("AIPP405", Severity.INFO, "matrix_r0c0: 256")
    assert "YUV to RGB, BT.601 full range (JPEG)" in finding.message


def test_zeros_without_switch_are_nothing_to_speak_of() -> None:
    assert not found(written(YUV_ON, csc_switch=False, **dict.fromkeys(MATRIX, 0)))


@pytest.mark.parametrize(
    ("image_format", "switches"),
    [
        ("YUV400_U8", {"csc_switch"}),
        ("RGB16", {"csc_switch", "resize"}),
        ("RGB8_IR", {"resize", "padding"}),
        ("RAW12", {"csc_switch", "resize", "padding"}),
        ("NC1HWC0DI_S8", {"csc_switch", "resize", "padding"}),
        ("RGB24_IR", {"csc_switch", "resize", "padding"}),
    ],
)
def test_stages_that_a_format_does_not_allow(image_format: str, switches: set[str]) -> None:
    fields = {"aipp_mode": "static", "input_format": image_format, "csc_switch": True, "resize": True, "padding": True}
    findings = [finding for finding in found(written(fields)) if finding.code == "AIPP406"]
    assert {under(finding) for finding in findings} == {f"{switch}: true" for switch in switches}
    assert {finding.atc_code for finding in findings} == {"E81012"}
    assert not {"AIPP401", "AIPP403"} & set(codes(written(fields))) or image_format == "RGB8_IR"


def test_a_bias_on_the_wrong_side_is_an_info() -> None:
    wrong: dict[str, Any] = {"output_bias_0": 16, "output_bias_1": 128, "output_bias_2": 128}
    (finding,) = found(example("YUV420SP_U8", "RGB", "JPEG", **wrong))
    assert (finding.code, finding.severity) == ("AIPP407", Severity.INFO)
    assert not found(example("YUV420SP_U8", "GRAY", **dict.fromkeys(wrong, 0)))
    (finding,) = found(
        example(
            "RGB888_U8",
            "YUV444",
            "BT-601NARROW",
            output_bias_0=None,
            output_bias_1=None,
            output_bias_2=None,
            input_bias_0=0,
        )
    )
    assert "uses output_bias, which is missing" in finding.message


@pytest.mark.parametrize(
    ("source", "target", "standard", "other"),
    [("YUV420SP_U8", "BGR", "BT-709WIDE", "RGB888_U8"), ("RGB888_U8", "YUV444", "JPEG", "YUV420SP_U8")],
)
def test_a_matrix_of_the_other_direction(source: str, target: str, standard: str, other: str) -> None:
    (finding,) = found(example(source, target, standard, input_format=other))
    assert finding.code == "AIPP408"
    assert other in finding.message


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_gray_without_output_bias_is_mended_in_place(end: str) -> None:
    none = dict.fromkeys(BIAS["output"])
    text = example("RGB888_U8", "GRAY", **none).replace("\n", end)
    (finding,) = found(text)
    assert finding.code == "AIPP409"
    assert fixed(text, finding) == example("RGB888_U8", "GRAY").replace("\n", end)
    one_line = " ".join(text.split())
    assert not found(fixed(one_line, found(one_line)[0]))


@pytest.mark.parametrize(
    ("fields", "soc", "expected"),
    [
        ("input_format: YUV400_U8 rbuv_swap_switch: true", "", Severity.WARNING),
        ("input_format: RGB888_U8 rbuv_swap_switch: true", "", None),
        ("input_format: RGB888_U8 ax_swap_switch: true", "", Severity.WARNING),
        ("input_format: RGB888_U8 ax_swap_switch: true", "Ascend310P3", Severity.WARNING),
        ("input_format: YUV420SP_U8 ax_swap_switch: 1", "Ascend950PR_9599", Severity.ERROR),
        ("input_format: XRGB8888_U8 ax_swap_switch: true", "Ascend950PR_9599", None),
    ],
)
def test_swaps(fields: str, soc: str, expected: Severity | None) -> None:
    text = f"aipp_op {{ aipp_mode: static {fields} }}"
    findings = found(text, {"soc_version": soc})
    assert [finding.code for finding in findings] == ["AIPP410"] * (expected is not None)
    for finding in findings:
        assert finding.severity is expected
        assert finding.fix is not None
        assert finding.fix.safe
        assert not found(fixed(text, finding), {"soc_version": soc})


FORMATS = sorted({form for product in PRODUCTS.values() for form in product.formats} | {"RAW24"})


@pytest.mark.parametrize("image_format", FORMATS)
def test_formats_by_product(image_format: str) -> None:
    """Fact C1: an error exactly where the operator of the product does not take the format."""
    text = written({"aipp_mode": "static", "input_format": image_format})
    for version, short in SOC_VERSIONS.items():
        product = PRODUCTS[short]
        errors = [finding for finding in found(text, {"soc_version": version}) if finding.severity is Severity.ERROR]
        refused = bool(product.formats) and image_format not in product.formats
        assert [finding.code for finding in errors] == ["AIPP411"] * refused


def test_a_format_with_no_product_known() -> None:
    (finding,) = found(written({"aipp_mode": "static", "input_format": "YUYV_U8"}))
    assert (finding.code, finding.severity) == ("AIPP411", Severity.WARNING)
    assert "SD3403" in finding.message
    (finding,) = found(written({"aipp_mode": "static", "input_format": "RAW24"}))
    assert (finding.code, finding.severity, finding.atc_code) == ("AIPP411", Severity.ERROR, "E81012")


def test_a_format_beyond_the_manual_is_a_warning() -> None:
    (finding,) = found(written({"aipp_mode": "static", "input_format": "RAW10"}), {"soc_version": "Ascend310B1"})
    assert (finding.code, finding.severity) == ("AIPP411", Severity.WARNING)
    assert not found(written({"aipp_mode": "static", "input_format": "YUYV_U8"}), {"soc_version": "SD3403"})


@pytest.mark.parametrize(
    ("shape", "expected"), [("1,3,224,224", ["AIPP412"]), ("1,1,224,224", []), ("1,-1,224,224", []), ("", [])]
)
def test_yuv_without_conversion_depends_on_the_model(shape: str, expected: list[str]) -> None:
    atc = {"framework": "5"} | ({"input_shape": f"data:{shape}"} if shape else {})
    assert codes(example("YUV420SP_U8", "YUV444"), atc) == expected


@pytest.mark.parametrize(
    ("target", "means", "minima", "expected"),
    [
        ("RGB", (104, 117, 123), (0, 0, 0), ["AIPP413"]),
        ("BGR", (104, 117, 123), (0, 0, 0), []),
        ("BGR", (0, 0, 0), (123.675, 116.28, 103.53), ["AIPP413"]),
        ("BGR", (123, 116, 103), (0.675, 0.28, 0.53), ["AIPP413"]),
        ("RGB", (123, 116, 103), (0.675, 0.28, 0.53), []),
        ("RGB", (104, 114, 120), (0, 0, 0), ["AIPP413"]),
        ("RGB", (100, 110, 120), (0, 0, 0), []),
        ("RGB", (128, 128, 128), (0, 0, 0), []),
        # The sets of means, to less than 1 away.
        ("RGB", (0, 0, 0), (103.9, 115.1, 123.7), ["AIPP413"]),
        ("RGB", (0, 0, 0), (103.9, 116.9, 121.8), ["AIPP413"]),
        ("RGB", (0, 0, 0), (103.1, 114.9, 119.0), ["AIPP413"]),
        ("RGB", (0, 0, 0), (114.8, 122.0, 126.3), ["AIPP413"]),
        ("RGB", (0, 0, 0), (114.8, 122.0, 126.4), []),
    ],
)
def test_the_order_of_well_known_means(
    target: str, means: tuple[int, ...], minima: tuple[float, ...], expected: list[str]
) -> None:
    fields: dict[str, float] = {f"mean_chn_{i}": mean for i, mean in enumerate(means)}
    fields |= {f"min_chn_{i}": value for i, value in enumerate(minima)}
    assert codes(example("YUV420SP_U8", target, "JPEG", **fields)) == expected


def test_images_that_are_fed_in_an_unknown_order_have_no_wrong_means() -> None:
    assert not found(example("RGB888_U8", "BGR", mean_chn_0=124, mean_chn_1=116, mean_chn_2=104))


def test_a_dynamic_operator_has_no_colours() -> None:
    text = example("YUV420SP_U8", "RGB", "JPEG", aipp_mode="dynamic", max_src_image_size=9, matrix_r0c0=1)
    assert colour_of(op_of(text)) is None
    assert not found(text)


@given(st.text(alphabet="aipp_op{} :matrix_r0c1csc_switchtrue\n0123456789-#", max_size=200))
def test_nothing_raises(noise: str) -> None:
    text = example("YUV420SP_U8", "RGB", "JPEG")
    middle = len(text) // 2
    assert not any(
        finding.code == "AIPP903" for finding in aipplint.lint(text[:middle] + noise + text[middle:]).findings
    )
