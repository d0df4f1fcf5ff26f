"""Where rules begin to speak: of two neighbouring values, one is reported and the other is not.

Geometry, ranges and profiles have the cases of the compiler (test_conformance.py); these are the limits of warnings.
"""

from __future__ import annotations

from typing import Any

import pytest

import aipplint
from aipplint.findings import Finding

IMAGENET = "min_chn_0: 123.675 min_chn_1: 116.28 min_chn_2: 103.53"
ALL_ONE = "var_reci_chn_0: @ var_reci_chn_1: @ var_reci_chn_2: @"
PADDED = "padding: true left_padding_size: 2 padding_value: @"


def scales(reciprocal: float) -> str:
    return ALL_ONE.replace("@", str(reciprocal))


def static(fields: str, image: str = "RGB888_U8") -> str:
    return f"aipp_op {{ aipp_mode: static input_format: {image} {fields} }}"


def found(config: str | None, code: str, **given: Any) -> list[Finding]:
    return [finding for finding in aipplint.lint(config, **given).findings if finding.code == code]


@pytest.mark.parametrize(
    ("code", "fields", "silent", "spoken"),
    [
        ("AIPP501", "min_chn_0: @ min_chn_1: 0.5 min_chn_2: 0.5", "0.019", "0.02"),
        ("AIPP501", "min_chn_0: @ min_chn_1: 0.5 min_chn_2: 0.5", "1", "0.999"),
        ("AIPP502", ALL_ONE, "0.0004", "0.00039"),
        ("AIPP503", "mean_chn_0: @ min_chn_0: 1.5", "1", "2"),
        ("AIPP503", "mean_chn_0: 2 min_chn_0: @", "1", "1.001"),
        ("AIPP505", "var_reci_chn_0: @", "65504", "65505"),
        ("AIPP505", "var_reci_chn_0: @", "-65504", "-65505"),
        ("AIPP505", "var_reci_chn_0: @", "0.00006103515625", "0.000061"),
        # Everything that goes with a mean of 0 is near 1/255.
        ("AIPP507", ALL_ONE, "0.0042353", "0.0042313"),
        ("AIPP507", ALL_ONE, "0.0036078", "0.0036118"),
        ("AIPP507", f"min_chn_0: 127.5 min_chn_1: 127.5 min_chn_2: 127.5 {ALL_ONE}", "0.0090275", "0.0090118"),
        ("AIPP507", f"mean_chn_0: 127 mean_chn_1: 127 mean_chn_2: 127 {ALL_ONE}", "0.0090275", "0.0090118"),
        ("AIPP507", f"mean_chn_0: 127 mean_chn_1: 127 mean_chn_2: 127 {ALL_ONE}", "0.0045137", "0.0045059"),
        ("AIPP507", f"mean_chn_0: 128 mean_chn_1: 128 mean_chn_2: 128 {ALL_ONE}", "0.0089922", "0.0089766"),
        ("AIPP507", f"mean_chn_0: 128 mean_chn_1: 128 mean_chn_2: 128 {ALL_ONE}", "0.0044961", "0.0044883"),
        ("AIPP507", f"mean_chn_0: @ mean_chn_1: @ mean_chn_2: @ {scales(0.0085)}", "126", "127"),
        # All three are 3 or 20 of 100 above the deviations that go with these means.
        ("AIPP507", f"{IMAGENET} {ALL_ONE}", "0.01703", "0.01697"),
        ("AIPP507", f"{IMAGENET} {ALL_ONE}", "0.02061", "0.0205"),
        (
            "AIPP511",
            f"mean_chn_1: 116 mean_chn_2: 104 min_chn_0: @ {scales(0.0039216)}",
            "124.6",
            "124.5",
        ),
        # A white pixel becomes 4.0035.
        (
            "AIPP512",
            f"{PADDED} {scales(0.0157)}",
            "8",
            "8.01",
        ),
        (
            "AIPP512",
            f"{PADDED} {scales(0.0019)}",
            "1",
            "1.1",
        ),
        (
            "AIPP512",
            f"{PADDED} {scales(0.0157)}",
            "256",
            "255",
        ),
    ],
)
def test_numbers_of_a_normalisation(code: str, fields: str, silent: str, spoken: str) -> None:
    assert found(static(fields.replace("@", silent)), code) == []
    assert len(found(static(fields.replace("@", spoken)), code)) == 1


@pytest.mark.parametrize(
    ("code", "config", "atc", "silent", "spoken"),
    [
        ("AIPP623", None, {"input_shape": "x:-1,3,8,8", "dynamic_batch_size": "@"}, 32, 33),
        # 256 MB for one profile: a batch of this many images of 1 KB by 64 KB in half precision.
        ("AIPP623", None, {"input_shape": "x:-1,1,1024,32768", "dynamic_batch_size": "@"}, (1, 4), (1, 5)),
        ("AIPP628", static(""), {"input_format": "NCHW", "input_shape": "x:1,@,16,3"}, 15, 16),
        ("AIPP628", static(""), {"input_format": "NCHW", "input_shape": "x:1,16,@,3"}, 15, 16),
        ("AIPP628", static(""), {"input_format": "NCHW", "input_shape": "x:1,16,16,@"}, 2, 4),
        ("AIPP601", None, {"input_shape": "x:1,3;y:1,@"}, 3, "q"),
    ],
)
def test_numbers_of_a_build(code: str, config: str | None, atc: dict[str, str], silent: Any, spoken: Any) -> None:
    def count(value: Any) -> int:
        if isinstance(value, tuple):
            text = ",".join(map(str, value))
        else:
            text = ",".join(map(str, range(1, value + 1))) if code == "AIPP623" else str(value)
        given = {"framework": "5", **{name: option.replace("@", text) for name, option in atc.items()}}
        return len(found(config, code, atc=given))

    assert (count(silent), count(spoken)) == (0, 1)


@pytest.mark.parametrize(("length", "shown"), [(40, "x" * 40), (41, "x" * 37 + "...")])
def test_a_long_value_is_cut(length: int, shown: str) -> None:
    (finding,) = found(None, "AIPP601", atc={"framework": "5", "input_shape": f"a:1,{'x' * length}"})

    assert f"'{shown}'" in finding.message or f" {shown} " in f" {finding.message} "


@pytest.mark.parametrize(
    ("fields", "soc", "severity"),
    [
        ("csc_switch: true input_bias_0: 256", {}, "error"),
        ("csc_switch: true output_bias_2: 256", {}, "error"),
        ("csc_switch: true input_bias_0: 255", {}, None),
        ("min_chn_0: 256", {}, "warning"),
        ("min_chn_0: 255", {}, None),
        ("var_reci_chn_0: 65505", {}, "error"),
    ],
)
def test_a_range_of_both_operators_is_an_error_without_a_product(
    fields: str, soc: dict[str, str], severity: str | None
) -> None:
    image = "YUV420SP_U8" if "csc" in fields else "RGB888_U8"
    assert [str(finding.severity) for finding in found(static(fields, image), "AIPP109", atc=soc)] == (
        [severity] if severity else []
    )


def test_a_resize_to_the_size_of_a_model_that_is_not_known_is_not_judged() -> None:
    fields = "src_image_size_w: 64 src_image_size_h: 64 resize: true"

    assert found(static(fields), "AIPP313", atc={"soc_version": "SD3403"}) == []


def test_a_batch_list_without_a_number_is_told_where_it_stands() -> None:
    (finding,) = aipplint.lint(None, atc={"input_shape": "a:1,3;b:-1,3,8,8", "dynamic_batch_size": ","}).findings

    assert finding.code == "AIPP603"


def test_much_memory_is_told_in_gigabytes() -> None:
    (finding,) = found(None, "AIPP623", atc={"input_shape": "x:-1,1,1024,1024", "dynamic_batch_size": "1,5200"})

    assert "require 10 GB for their inputs in half precision; the largest requires 10 GB" in finding.message


def test_a_number_below_a_signed_field_is_not_called_unsigned() -> None:
    (finding,) = found(static("src_image_size_w: -3000000000"), "AIPP103")

    assert finding.message == "src_image_size_w is -3000000000; the range is -2147483648 to 2147483647"


def test_means_in_the_wrong_order_are_seen_beside_a_slip() -> None:
    """The slip may have hidden another field, but not one of these."""
    to_rgb = (256, 0, 359, 256, -88, -183, 256, 454, 0)
    cells = " ".join(f"matrix_r{i // 3}c{i % 3}: {value}" for i, value in enumerate(to_rgb))
    fields = f"csc_switch: true {cells} mean_chn_0: 104 mean_chn_1: 117 mean_chn_2: 123"

    assert len(found(static(fields, "YUV420SP_U8"), "AIPP413")) == 1
    assert len(found(static(f"{fields}\ncrop\n", "YUV420SP_U8"), "AIPP413")) == 1


def test_an_unused_comment_goes_without_the_end_of_its_line() -> None:
    text = "aipp_op {  # aipplint: ignore[AIPP401]\r\n  aipp_mode: static input_format: RGB888_U8\r\n}\r\n"
    (finding,) = found(text, "AIPP901")
    assert finding.fix is not None
    (edit,) = finding.fix.edits

    assert text[: edit.start] + edit.text + text[edit.end :] == text.replace("  # aipplint: ignore[AIPP401]", "")
