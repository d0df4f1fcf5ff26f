"""AIPP501 to AIPP509 and the arithmetic below them: mean, min and reciprocal."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import aipplint
from aipplint.config.config import read_config
from aipplint.config.normalisation import (
    Channel,
    channels_in_use,
    channels_of,
    convention_of,
    half,
    output_colour,
    plain,
)
from aipplint.config.op import AippOp
from aipplint.findings import Finding, Severity
from aipplint.source import Source
from aipplint.syntax.parser import parse

IMAGENET = (123.675, 116.28, 103.53)
IMAGENET_RECIPROCALS = (0.0171247538316637, 0.0175070028011204, 0.0174291938997821)
TO_RGB = "csc_switch: true matrix_r0c0: 256 matrix_r1c1: -88 matrix_r2c2: 0"
TO_GRAY = "csc_switch: true matrix_r0c0: 76 " + " ".join(f"matrix_r{r}c{c}: 0" for r in (1, 2) for c in range(3))
Numbers = tuple[object, ...] | None


def config(
    minimum: Numbers = None, factor: Numbers = None, mean: Numbers = None, image: str = "RGB888_U8", more: str = ""
) -> str:
    lines = [
        f"  {stem}_{channel}: {value}\n"
        for stem, values in (("mean_chn", mean), ("min_chn", minimum), ("var_reci_chn", factor))
        for channel, value in enumerate(values or ())
        if value is not None
    ]
    return f"aipp_op {{\n  aipp_mode: static\n  input_format: {image}\n  {more}\n{''.join(lines)}}}\n"


def op_of(text: str) -> AippOp:
    source = Source("aipp.cfg", text)
    return read_config(source, parse(source)).ops[0]


def found(text: str, **atc: Any) -> list[Finding]:
    """The findings of this family."""
    return [f for f in aipplint.lint(text, atc=atc or None).findings if f.code.startswith("AIPP5")]


def codes(text: str, **atc: Any) -> list[str]:
    return [finding.code for finding in found(text, **atc)]


def fixed(text: str) -> str:
    """The text with the fixes of the family, last edit first."""
    edits = sorted({edit for finding in found(text) if finding.fix for edit in finding.fix.edits}, reverse=True)
    for edit in edits:
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


class TestHalfPrecision:
    # fact W10: how the constants in use are rounded.
    @pytest.mark.parametrize(
        ("value", "kept"),
        [
            (1 / 255, 0.0039215088),
            (0.0171247538, 0.0171203613),
            (123.675, 123.6875),
            (116.28, 116.25),
            (103.53, 103.5),
            (65519.0, 65504.0),
            (65520.0, float("inf")),
            (-1e6, float("-inf")),
            (2.0**-24, 2.0**-24),
            (2.0**-26, 0.0),
        ],
    )
    def test_rounds(self, value: float, kept: float) -> None:
        assert half(value) == pytest.approx(kept, rel=1e-7)

    @given(st.integers(0, 255), st.floats(0, 255), st.floats(-200, 200))
    def test_output_is_near_the_formula(self, mean: int, minimum: float, factor: float) -> None:
        exact = (200 - mean - minimum) * factor
        for single in (False, True):
            value = Channel(0, mean, minimum, factor, single).output(200)
            assert abs(value - exact) <= 0.2 * abs(factor) + abs(exact) * 0.003 + 1e-4

    @given(st.floats(allow_nan=False, allow_infinity=False, width=32))
    def test_plain_is_the_number_without_an_exponent(self, value: float) -> None:
        text = plain(value, 9)
        assert "e" not in text
        assert float(text) == pytest.approx(value, rel=1e-8, abs=1e-45)


class TestReading:
    @pytest.mark.parametrize(
        ("text", "colour", "used"),
        [
            (config(), "rgb", (0, 1, 2)),
            (config(image="XRGB8888_U8"), "rgb", (0, 1, 2)),
            (config(image="YUV400_U8"), "gray", (0,)),
            (config(image="RAW12"), "raw", (0,)),
            (config(image="YUV420SP_U8"), "yuv", (0, 1, 2)),
            (config(image="YUV420SP_U8", more=TO_RGB), "rgb", (0, 1, 2)),
            (config(image="YUV420SP_U8", more=TO_GRAY), "gray", (0,)),
            (config(more=TO_GRAY), "gray", (0,)),
            (config(more="csc_switch: true"), "yuv", (0, 1, 2)),
            (config(image="NC1HWC0DI_S8"), None, ()),
            (config(image="YUV400_U8").replace("static", "dynamic"), None, ()),
            (config(more="csc_switch: maybe"), None, ()),
        ],
    )
    def test_colour_and_channels(self, text: str, colour: str | None, used: tuple[int, ...]) -> None:
        assert output_colour(op_of(text)) == colour
        assert channels_in_use(op_of(text)) == used

    def test_model_with_one_channel(self) -> None:
        assert channels_in_use(op_of(config()), 1) == (0,)

    def test_value_range(self) -> None:
        channels = channels_of(op_of(config(IMAGENET, IMAGENET_RECIPROCALS)))
        assert [round(channel.low, 3) for channel in channels] == [-2.117, -2.035, -1.804]
        assert [round(channel.high, 3) for channel in channels] == [2.246, 2.428, 2.641]

    def test_unknown_number_gives_no_channels(self) -> None:
        assert channels_of(op_of(config(("oops", 1, 1)))) == ()
        assert channels_of(op_of(config(factor=("inf", 1, 1)))) == ()

    @pytest.mark.parametrize(
        ("text", "name"),
        [
            (config(IMAGENET, IMAGENET_RECIPROCALS), "ImageNet, R, G, B"),
            (config(IMAGENET[::-1], IMAGENET_RECIPROCALS[::-1]), "ImageNet, B, G, R"),
            (config(mean=(104, 117, 123)), "ImageNet, mean only, B, G, R"),
            (config(mean=(124, 116, 104), factor=(0.01713, 0.01751, 0.01743)), "ImageNet, R, G, B"),
            (config(factor=(0.0039216,) * 3), "0 to 1"),
            (config((127.5,) * 3, (0.00784,) * 3), "-1 to 1"),
            (config(mean=(128,) * 3, factor=(0.00390625,) * 3), "-0.5 to 0.5, by 1/256"),
            (config(), "bytes unchanged"),
            (config((1, 2, 3)), ""),
            (config(image="NC1HWC0DI_S8"), ""),
        ],
    )
    def test_convention(self, text: str, name: str) -> None:
        assert convention_of(channels_of(op_of(text))) == name


class TestTraps:
    """What looks wrong and is right."""

    @pytest.mark.parametrize(
        "text",
        [
            config((0.675, 0.28, 0.53), IMAGENET_RECIPROCALS, mean=(123, 116, 103)),
            config((-0.325, 0.28, -0.47), IMAGENET_RECIPROCALS, mean=(124, 116, 104)),
            config(mean=(128,) * 3, factor=(0.00390625,) * 3),
            config(mean=(127,) * 3, factor=(0.0078125,) * 3),
            config((127.5,) * 3, (0.0078125,) * 3),
            config((128,) * 3, (0.00781,) * 3),
            config(mean=(104, 117, 123), factor=(1, 1, 1)),
            config((103.94, 116.78, 123.68), (0.017,) * 3),
            config(IMAGENET, (1, 1, 1)),
            config(IMAGENET, (1 / 57.6,) * 3),
            config(IMAGENET[::-1], IMAGENET_RECIPROCALS[::-1], more="rbuv_swap_switch: true"),
            config((125.307, 122.961, 113.8575), (0.01938492, 0.01966684, 0.01951029)),
            config((129.304, 124.07, 112.434), (0.0146692093296171, 0.015292390506484, 0.0142009145388963)),
            config((*IMAGENET, 0.0), (*IMAGENET_RECIPROCALS, 0.0), mean=(0, 0, 0, 0)),
            config((0.0,), (0.00392157,), mean=(0,), image="YUV420SP_U8", more=TO_GRAY),
            config((33.3285,), (0.012728,), image="YUV400_U8"),
            config(mean=(None, 128, 128), image="YUV420SP_U8"),
            config(factor=(0.0002,), image="RAW12"),
            config((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)).replace("static", "dynamic max_src_image_size: 9"),
            config(),
        ],
    )
    def test_silent(self, text: str) -> None:
        assert codes(text) == []


class TestScale:
    def test_pasted_constants_get_the_right_numbers(self) -> None:
        text = config((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
        (finding,) = found(text)
        assert (finding.code, finding.severity) == ("AIPP501", Severity.WARNING)
        assert "123.675, 116.28, 103.53 and 0.01712475, 0.017507, 0.01742919" in finding.message
        assert "min_chn_0: 123.675" in fixed(text)
        assert "var_reci_chn_1: 0.0175070028" in fixed(text)
        assert codes(fixed(text)) == []

    @pytest.mark.parametrize(
        "text",
        [
            config((0.5,) * 3, (0.5,) * 3),
            config((0.5,) * 3, (2,) * 3),
            config((0.485, 0.456, 0.406), (4.367, 4.464, 4.444)),
            config((0.485, 0.456, 0.406), IMAGENET_RECIPROCALS),
            config((0.485, 0.456, 0.406), (1 / 255,) * 3),
            config((0.485, 0.456, 0.406)),
            config(IMAGENET, (0.229, 0.224, 0.225)),
            config(IMAGENET, (4.367, 4.464, 4.444)),
            config((127.5,) * 3, (0.5,) * 3),
            config((0.1307,), (0.3081,), image="YUV400_U8"),
            config((0.5,), (0.5,), image="YUV420SP_U8", more=TO_GRAY),
        ],
    )
    def test_zero_to_one(self, text: str) -> None:
        (finding,) = found(text)
        assert finding.code == "AIPP501"
        if finding.fix:
            # A mean of ImageNet with nothing but 1/255 stays doubtful.
            assert codes(fixed(text)) in ([], ["AIPP511"])

    def test_scaled_twice(self) -> None:
        text = config(mean=(124, 116, 104), factor=(0.0000671558973791, 0.0000686549129456, 0.0000683497799991))
        (finding,) = found(text)
        assert finding.code == "AIPP502"
        assert "0.0000671559 squeezes pixels of 0 to 255 into a range of 0.0171;" in finding.message
        assert "1 / 58.395 is 0.01712475" in finding.message
        assert codes(fixed(text)) == []

    def test_mean_given_twice(self) -> None:
        text = config(IMAGENET, IMAGENET_RECIPROCALS, mean=(124, 116, 104))
        assert codes(text) == ["AIPP503"]
        assert codes(fixed(text)) == []

    @pytest.mark.parametrize(
        ("minimum", "code"), [(122.51, "AIPP503"), (122.5, ""), (122.49, ""), (125.49, "AIPP503"), (125.5, "")]
    )
    def test_means_that_are_one_apart_are_the_same(self, minimum: float, code: str) -> None:
        assert codes(config((minimum,), mean=(124,), image="YUV400_U8")) == ([code] if code else [])

    def test_zero_reciprocal(self) -> None:
        (finding,) = found(config(factor=(0.0039216, 0, 0.0039216)))
        assert (finding.code, finding.message) == (
            "AIPP504",
            "var_reci_chn_1 is 0; every pixel of channel 1 becomes 0",
        )
        assert codes(config(factor=(1, 0, 0), image="YUV400_U8")) == []


class TestHardware:
    @pytest.mark.parametrize(
        ("field", "said"),
        [
            ("var_reci_chn_0: 70000", "is inf in half precision"),
            ("var_reci_chn_0: 0.00005", "loses digits"),
            ("var_reci_chn_0: 0.00000001", "is 0 in half precision"),
            ("min_chn_0: 0.00001", "loses digits"),
            ("min_chn_0: 0.0000001", "does not pass it"),
        ],
    )
    def test_lost(self, field: str, said: str) -> None:
        messages = [f.message for f in found(config(more=field)) if f.code == "AIPP505"]
        assert len(messages) == 1
        assert said in messages[0]

    def test_single_precision_chips_keep_it(self) -> None:
        text = config(more="var_reci_chn_0: 0.00005")
        assert "AIPP505" in codes(text, soc_version="Ascend310P3")
        assert "AIPP505" not in codes(text, soc_version="Ascend310B1")

    def test_bytes_stay_bytes(self) -> None:
        text = config(factor=(0.0039216,) * 3)
        (finding,) = found(text, output_type="UINT8")
        assert (finding.code, finding.severity) == ("AIPP509", Severity.INFO)
        assert codes(text, output_type="FP16") == []
        assert codes(config(factor=(1, 1, 1)), output_type="UINT8") == []


class TestChannels:
    @pytest.mark.parametrize(
        ("text", "atc"),
        [
            (config(factor=(None, 0.0039, 0.0039, 0.0039)), {}),
            (config(factor=(0.0039216,)), {}),
            (config(mean=(104, 117)), {}),
            (config((None, None, 103.53), mean=(123,)), {}),
            (config(factor=(None, 0.0039216), image="YUV400_U8"), {}),
            (config(factor=(0.0039216,)), {"framework": "5", "input_shape": "data:1,3,8,8"}),
        ],
    )
    def test_uneven(self, text: str, atc: dict[str, str]) -> None:
        assert codes(text, **atc) == ["AIPP506"]

    @pytest.mark.parametrize(
        "text",
        [
            config(mean=(104, 117, 0)),
            config(factor=(1,)),
            config((0, 0), (0.0039216,) * 3),
            config((None, 0.28, 0.53), (0.0039216,) * 3, mean=(123, 116, 103)),
            config(factor=(0.0039216,), more="crop"),
        ],
    )
    def test_even(self, text: str) -> None:
        assert "AIPP506" not in codes(text)

    def test_model_with_one_channel(self) -> None:
        assert codes(config(factor=(0.0039216,)), framework="5", input_shape="data:1,1,8,8") == []

    def test_counted_from_one(self) -> None:
        text = config(factor=(None, 0.0039216, 0.0039216, 0.0039216))
        assert fixed(text) == config(factor=(0.0039216,) * 3)


class TestConstants:
    @pytest.mark.parametrize(
        ("text", "field", "right"),
        [
            (config((123.675, 116.28, 103.33), IMAGENET_RECIPROCALS), "min_chn_2", "103.53"),
            (config((103.33, 116.28, 123.675)), "min_chn_0", "103.53"),
            (config(mean=(124, 116, 106), factor=IMAGENET_RECIPROCALS), "mean_chn_2", "104"),
            (config(IMAGENET, (0.0171247538, 0.0170507, 0.0174291939)), "var_reci_chn_1", "0.0175070028"),
            (config(IMAGENET, (0.0161247538, 0.0165070028, 0.0164291939)), "var_reci_chn_0", "0.0171247538"),
            (config(IMAGENET, (0.02,) * 3), "var_reci_chn_0", "0.0171247538"),
            (config((127.5,) * 3, (0.008844325,) * 3), "var_reci_chn_0", "0.00784313725"),
            (config(factor=(0.0392157,) * 3), "var_reci_chn_0", "0.00392156863"),
            (config(factor=(0.0039216, 0.0093216, 0.0039216)), "", ""),
            (config(factor=(0.0039216, 0.0036216, 0.0039216)), "var_reci_chn_1", "0.00392156863"),
            (config((127.5,), (0.0074313,), image="YUV400_U8"), "var_reci_chn_0", "0.00784313725"),
        ],
    )
    def test_near_miss(self, text: str, field: str, right: str) -> None:
        slips = [finding for finding in found(text) if finding.code == "AIPP507"]
        assert len(slips) == bool(field)
        if field:
            moved = "0.0170507" in text
            assert slips[0].severity is (Severity.WARNING if moved else Severity.INFO)
            assert slips[0].message.startswith(f"{field} ")
            assert f"{field}: {right}\n" in fixed(text)

    @pytest.mark.parametrize(
        ("text", "weighs"),
        [
            (config((123.675, 116.28, 103.35), IMAGENET_RECIPROCALS), Severity.WARNING),
            (config((123.675, 116.28, 103.3), IMAGENET_RECIPROCALS), Severity.WARNING),
            (config((123.675, 116.28, 103.33), IMAGENET_RECIPROCALS), Severity.INFO),
            (config(IMAGENET, (0.0171247538, 0.0157070, 0.0174291939)), Severity.WARNING),
            (config(IMAGENET, (0.0171247538, 0.175070, 0.0174291939)), Severity.WARNING),
            (config(IMAGENET, (0.0171247538, 0.0185070, 0.0174291939)), Severity.INFO),
        ],
    )
    def test_a_moved_or_missing_digit_is_a_mistake(self, text: str, weighs: Severity) -> None:
        assert [finding.severity for finding in found(text) if finding.code == "AIPP507"] == [weighs]

    def test_a_mean_in_two_fields_is_told_as_their_sum(self) -> None:
        text = config(minimum=(0.008, 0.28, 0.53), mean=(123, 116, 103), factor=IMAGENET_RECIPROCALS)
        said = [finding.message for finding in found(text) if finding.code == "AIPP507"]
        assert said == ["mean_chn_0 + min_chn_0 is 123.008; the mean of ImageNet is 123.675"]

    @pytest.mark.parametrize("means", [IMAGENET, IMAGENET[::-1], (124, 116, 104), (104, 117, 123), (104, 117, 124)])
    def test_the_means_of_imagenet_do_not_go_with_255(self, means: tuple[float, ...]) -> None:
        (finding,) = found(config(means, (0.0039216,) * 3))
        assert (finding.code, finding.severity) == ("AIPP511", Severity.WARNING)

    @pytest.mark.parametrize(
        ("means", "factor"),
        [((103.53, 116.535, 122.4), 0.0039216), (IMAGENET, 1.0), (IMAGENET, 0.0078431), ((0.0, 0.0, 0.0), 0.0039216)],
    )
    def test_other_means_and_scales_may_go_together(self, means: tuple[float, ...], factor: float) -> None:
        assert "AIPP511" not in codes(config(means, (factor,) * 3))

    @pytest.mark.parametrize(
        "text",
        [
            config(IMAGENET[::-1], IMAGENET_RECIPROCALS),
            config(mean=(104, 117, 123), factor=IMAGENET_RECIPROCALS),
            config((125.307, 122.961, 113.8575), IMAGENET_RECIPROCALS),
        ],
    )
    def test_mixed(self, text: str) -> None:
        (finding,) = found(text)
        opposite = " order, but the means of ImageNet are in " in finding.message
        assert (finding.code, finding.severity) == ("AIPP508", Severity.WARNING if opposite else Severity.INFO)
        assert opposite == ("125.307" not in text)
        assert finding.related


@given(
    st.sampled_from(["RGB888_U8", "YUV420SP_U8", "YUV400_U8", "RAW12"]),
    st.lists(st.integers(0, 255), max_size=4),
    st.lists(st.floats(-1e5, 1e5).map(lambda value: f"{value:.9f}"), max_size=4),
    st.lists(st.floats(-7e4, 7e4).map(lambda value: f"{value:.12f}"), max_size=4),
)
def test_any_numbers(image: str, mean: list[int], minimum: list[str], factor: list[str]) -> None:
    text = config(tuple(minimum), tuple(factor), tuple(mean), image)
    report = aipplint.lint(text)
    assert all(finding.code != "AIPP903" for finding in report.findings)
    assert all(finding.severity < Severity.ERROR for finding in found(text))
