"""AIPP305 to AIPP315: crop, padding, resize and their switches."""

from __future__ import annotations

import pytest

from aipplint.findings import Severity
from tests.sizes import ERROR, INFO, WARNING, found, one, severity, text, under

# Crop (AIPP305 to AIPP307).


@pytest.mark.parametrize(
    ("fields", "shape", "message"),
    [
        (
            "load_start_pos_h: 20 crop_size_h: 300",
            "",
            "crop_size_h 300 + load_start_pos_h 20 = 320 exceeds src_image_size_h 300",
        ),
        ("crop_size_h: 301", "", "crop_size_h 301 exceeds src_image_size_h 300"),
        ("load_start_pos_h: 300", "", "load_start_pos_h 300 is outside of the source image; src_image_size_h 300"),
        (
            "load_start_pos_h: 77",
            "1,3,224,224",
            "model H 224 + load_start_pos_h 77 = 301 exceeds src_image_size_h 300",
        ),
        ("load_start_pos_h: 299", "", ""),
        ("load_start_pos_h: 76", "1,3,224,224", ""),
        ("load_start_pos_h: 20 crop_size_h: 280", "", ""),
    ],
)
def test_crop_outside_source(fields: str, shape: str, message: str) -> None:
    # Fact T12.
    config = text(f"src_image_size_w: 300 src_image_size_h: 300 crop: true {fields}")
    assert [f.message for f in found(config, "AIPP305", shape=shape)] == ([message] if message else [])
    assert found(config.replace("crop: true", "crop: false"), "AIPP305", shape=shape) == []


def test_crop_against_the_models_size_on_ascend_950() -> None:
    # Fact A4, with the size of the image tensor for a source size of 0.
    config = text("crop: true load_start_pos_h: 1 crop_size_h: 224")
    assert found(config, "AIPP305", shape="1,3,224,224", chip="Ascend950PR_9599")
    assert found(config, "AIPP305", shape="1,3,224,224", chip="Ascend310") == []


@pytest.mark.parametrize(
    ("chip", "expected"),
    [
        ("Ascend310P3", ERROR),
        ("Ascend910B", ERROR),
        ("Ascend910B1", WARNING),
        ("Ascend310B1", WARNING),
        ("Ascend950PR_9599", ERROR),
        ("", WARNING),
    ],
)
def test_odd_crop_start(chip: str, expected: Severity) -> None:
    # Facts T13 and A4; the bare Ascend910B is the first Ascend910 (C3).
    fields = "src_image_size_w: 256 src_image_size_h: 256 crop: true load_start_pos_w: 3 crop_size_w: 32"
    assert severity(text(fields, "YUV420SP_U8"), "AIPP306", chip=chip) is expected
    assert found(text(fields, "RGB888_U8"), "AIPP306", chip=chip) == []


def test_odd_crop_start_of_422() -> None:
    # Fact T15: the width only.
    fields = "src_image_size_w: 256 src_image_size_h: 256 crop: true load_start_pos_h: 3 load_start_pos_w: {}"
    assert severity(text(fields.format(3), "YUYV_U8"), "AIPP306", chip="SD3403") is ERROR
    assert severity(text(fields.format(2), "YUYV_U8"), "AIPP306", chip="SD3403") is None


@pytest.mark.parametrize(
    ("fields", "chip", "expected"),
    [
        ("padding: true top_padding_size: 1", "", (ERROR, "E70014")),
        ("padding: true", "", (ERROR, "E81012")),
        ("resize: true resize_output_w: 32 resize_output_h: 32", "SD3403", (ERROR, "E81012")),
        ("resize: true resize_output_w: 32 resize_output_h: 32", "", (WARNING, "")),
    ],
)
def test_crop_size_needed(fields: str, chip: str, expected: tuple[Severity, str]) -> None:
    # Facts T11, U3 and A8.
    finding = one(text(f"src_image_size_w: 32 src_image_size_h: 32 crop: true {fields}"), "AIPP307", chip=chip)
    assert (finding.severity, finding.atc_code) == expected


# Padding (AIPP308, AIPP309, AIPP315).


def test_padding_too_large_counts_only_with_padding_on() -> None:
    fields = (
        "src_image_size_w: 32 src_image_size_h: 32 left_padding_size: 33 right_padding_size: 32 top_padding_size: 40"
    )
    messages = [f.message for f in found(text(f"{fields} padding: true"), "AIPP308")]
    assert sorted(messages) == [
        "left_padding_size is 33; the maximum is 32",
        "top_padding_size is 40; the maximum is 32",
    ]
    assert found(text(fields), "AIPP308") == []


@pytest.mark.parametrize(
    ("chip", "width", "expected"),
    [
        ("Ascend310P3", 1080, None),
        ("Ascend310P3", 1081, ERROR),
        ("Ascend310B1", 1081, ERROR),
        ("Ascend910B1", 1081, ERROR),
        ("Ascend950PR_9599", 1081, ERROR),
        ("Ascend910_9391", 1081, None),
        ("Ascend910_9391", 4097, WARNING),
        ("SD3403", 4096, None),
        ("SD3403", 4097, ERROR),
        ("", 1080, None),
        ("", 1081, WARNING),
    ],
)
def test_padded_too_wide(chip: str, width: int, expected: Severity | None) -> None:
    # Facts T18 and A8; 910_93 is not in the list of the operator, the manual says 4096.
    config = text(f"src_image_size_w: {width - 1} src_image_size_h: 32 padding: true left_padding_size: 1")
    assert severity(config, "AIPP309", chip=chip) is expected
    assert severity(config, "AIPP309", chip=chip, shape=f"1,3,32,{width}") is expected


def test_padded_too_wide_says_what_the_manual_says() -> None:
    config = text("src_image_size_w: 1279 src_image_size_h: 32 padding: true left_padding_size: 1")
    assert "the manual gives 4096" in one(config, "AIPP309", chip="Ascend910B1").message
    assert "manual" not in one(config, "AIPP309", chip="Ascend310P3").message
    assert "src_image_size_w 1279 + left_padding_size 1 = 1280" in one(config, "AIPP309").message


def test_padded_too_wide_says_which_products_allow_it() -> None:
    config = text("src_image_size_w: 1279 src_image_size_h: 32 padding: true left_padding_size: 1")
    spared = "Ascend910_93, BS9SX1A, Hi3796CV300ES, Hi3796CV300CS and SD3403"
    assert one(config, "AIPP309").message.endswith(f"; every product except for {spared} rejects it")


@pytest.mark.parametrize(
    ("value", "output_type", "chip", "expected"),
    [
        ("114", "UINT8", "Ascend310P3", ERROR),
        ("-3", "INT8", "Ascend310P3", ERROR),
        ("0.0000001", "UINT8", "Ascend310P3", None),
        ("114", "UINT8", "Ascend950PR_9599", None),
        ("256", "UINT8", "Ascend950PR_9599", ERROR),
        ("114", "UINT8", "", WARNING),
        ("256", "UINT8", "", ERROR),
        ("114", "FP16", "Ascend310P3", None),
        ("114", "FP32", "Ascend310P3", None),
        ("114", "out:0:UINT8", "Ascend310P3", None),
        ("70000", "FP16", "Ascend310P3", WARNING),
        ("70000", "FP16", "Ascend950PR_9599", ERROR),
        ("65504", "", "", None),
    ],
)
def test_padding_value(value: str, output_type: str, chip: str, expected: Severity | None) -> None:
    # Facts T31, S5 and A8.
    fields = f"src_image_size_w: 31 src_image_size_h: 32 padding: true left_padding_size: 1 padding_value: {value}"
    assert severity(text(fields), "AIPP315", chip=chip, output_type=output_type) is expected
    assert severity(text(fields.replace("true", "false")), "AIPP315", chip=chip, output_type=output_type) is None


# Switches (AIPP310, AIPP311).


def test_numbers_without_a_switch() -> None:
    absent = one(text("crop_size_w: 32 crop_size_h: 32"), "AIPP310")
    assert (absent.severity, under(absent)) == (WARNING, "crop_size_w: 32")
    assert severity(text("crop: false crop_size_w: 32"), "AIPP310") is INFO
    assert severity(text("crop: maybe crop_size_w: 32"), "AIPP310") is None
    assert severity(text("crop_size_w: 0 load_start_pos_w: 0 padding_value: 0"), "AIPP310") is None
    assert severity(text("crop: true crop_size_w: 32"), "AIPP310") is None


def test_switches_without_effect() -> None:
    whole = "src_image_size_w: 32 src_image_size_h: 16 crop: true"
    assert under(one(text(f"{whole} crop_size_w: 32 crop_size_h: 16"), "AIPP311")) == "crop: true"
    assert found(text(f"{whole} crop_size_w: 32 crop_size_h: 15"), "AIPP311") == []
    assert found(text(whole), "AIPP311") == []
    # Somebody wrote all of it: that is meant.
    start = "load_start_pos_w: 0 load_start_pos_h: 0"
    assert found(text(f"{whole} {start} crop_size_w: 32 crop_size_h: 16"), "AIPP311") == []
    assert found(text(whole), "AIPP311", shape="1,3,16,32")
    assert under(one(text("src_image_size_w: 4 src_image_size_h: 4 padding: true"), "AIPP311")) == "padding: true"


# Resize and alignment (AIPP312 to AIPP314).


@pytest.mark.parametrize(
    ("chip", "expected"),
    [
        ("Ascend310P3", ERROR),
        ("SD3403", None),
        ("Hi3796CV300ES", None),
        ("Hi3796CV300CS", None),
        ("Ascend950PR_9599", WARNING),
        ("", WARNING),
    ],
)
def test_resize_unsupported(chip: str, expected: Severity | None) -> None:
    # Fact T16; the operator of Ascend 950 has no resize.
    fields = "src_image_size_w: 64 src_image_size_h: 64 resize: true resize_output_w: 32 resize_output_h: 32"
    assert severity(text(fields), "AIPP312", chip=chip) is expected


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ("src_image_size_h: 8", "src_image_size_h is 8; the range before resize is 16 to 4096"),
        ("crop: true crop_size_w: 64 crop_size_h: 8", "crop_size_h is 8; the range before resize is 16 to 4096"),
        ("resize_output_w: 1936", "resize_output_w is 1936; the range after resize is 16 to 1920"),
        ("resize_output_h: 1936", "src_image_size_h is 64 and resized to H 1936; the maximum factor is 16"),
        ("resize_output_h: 8", "resize_output_h is 8; the range after resize is 16 to 4096"),
        ("padding: true", "missing resize_output_h (0 or absent); padding after resize requires it"),
        ("resize_output_h: 1024 resize_output_w: 1024", ""),
    ],
)
def test_resize_out_of_range(fields: str, message: str) -> None:
    # Fact T17.
    rest = [f"{name}: 64" for name in ("src_image_size_h", "src_image_size_w") if name not in fields]
    config = text(" ".join(["resize: true", fields, *rest]))
    messages = [f.message for f in found(config, "AIPP313", chip="SD3403")]
    assert message in messages if message else messages == []
    assert [f.severity for f in found(config, "AIPP313")] == [WARNING] * len(messages)
    assert found(config, "AIPP313", chip="Ascend310P3") == []


def test_resize_to_the_models_size_is_held_to_the_range() -> None:
    config = text("src_image_size_w: 1920 src_image_size_h: 64 resize: true")
    finding = one(config, "AIPP313", chip="SD3403", shape="1,3,64,1936")
    assert "defaults to the model's W, 1936; the range after resize is 16 to 1920" in finding.message


@pytest.mark.parametrize(
    ("image_format", "good", "bad"),
    [
        ("YUV420SP_U8", 32, 40),
        ("YUV400_U8", 32, 40),
        ("YUV422SP_U8", 32, 40),
        ("RAW10", 32, 40),
        ("RGB888_U8", 32, 40),
        ("XRGB8888_U8", 36, 34),
        ("AYUV444_U8", 36, 34),
        ("YUYV_U8", 40, 36),
    ],
)
def test_unaligned_source(image_format: str, good: int, bad: int) -> None:
    # Facts T10 and T22.
    fields = "src_image_size_w: {} src_image_size_h: 64"
    assert severity(text(fields.format(bad), image_format), "AIPP314", chip="SD3403") is ERROR
    assert severity(text(fields.format(good), image_format), "AIPP314", chip="SD3403") is None
    assert severity(text(fields.format(bad), image_format), "AIPP314", chip="Ascend310P3") is None
    assert severity(text(fields.format(bad), image_format), "AIPP314") is None
    assert severity(text("", image_format), "AIPP314", chip="SD3403", shape=f"1,3,64,{bad}") is ERROR


def test_unaligned_profile_is_named() -> None:
    atc = {"shape": "1,3,-1,-1", "chip": "SD3403", "dynamic_image_size": "32,32;32,40"}
    assert "profile 1 W 40" in one(text("", "YUV400_U8"), "AIPP314", **atc).message


def test_odd_crop_sizes_on_hisi_chips() -> None:
    # Facts T14 and T15.
    fields = "src_image_size_w: 64 src_image_size_h: 64 crop: true crop_size_h: 31 crop_size_w: 33"
    both = [f.message.split(" is ")[0] for f in found(text(fields, "YUV420SP_U8"), "AIPP314", chip="SD3403")]
    assert sorted(both) == ["crop_size_h", "crop_size_w"]
    assert len(found(text(fields, "YUYV_U8"), "AIPP314", chip="SD3403")) == 1
    assert found(text(fields, "RGB888_U8"), "AIPP314", chip="SD3403") == []
