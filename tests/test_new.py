"""``aipplint new``: right configurations for every intent, and one line for what cannot be."""

from __future__ import annotations

import io
import itertools
import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aipplint import lint
from aipplint.cli import main
from aipplint.config.colour import colour_of
from aipplint.config.config import read_config
from aipplint.config.normalisation import channels_of, convention_of
from aipplint.config.op import AippOp
from aipplint.errors import UsageError, message_of
from aipplint.findings import Severity
from aipplint.formatting import format_source
from aipplint.hardware.products import PRODUCTS, SOC_VERSIONS
from aipplint.new.beside import atc_options
from aipplint.new.colours import IMAGES, STANDARDS, TARGETS, is_possible, needs_standard
from aipplint.new.normalisations import NORMALISATIONS
from aipplint.new.settle import Given, intent_of
from aipplint.new.text import text_of
from aipplint.source import Source
from aipplint.syntax.parser import parse
from tests.networks import onnx_input

Captured = pytest.CaptureFixture[str]

PRODUCTS_WITH_AIPP = [
    *{short: soc for soc, short in SOC_VERSIONS.items() if PRODUCTS[short].formats}.values(),
    "Ascend950PR_9589",
]
RGB = Given(source="RGB", target="RGB", size="640x640", normalize="unit")
NAMES = {
    "NV12": "YUV420SP (NV12)",
    "NV21": "YUV420SP (NV21)",
    "RGB": "RGB888",
    "BGR": "BGR888",
    "GRAY": "YUV400",
}


def op_of(text: str) -> AippOp:
    """The operator of a configuration."""
    source = Source("aipp.cfg", text)
    return read_config(source, parse(source)).ops[0]


def written(asked: Given) -> AippOp:
    """The operator for an intent, after its text has passed the check for its product and both formats."""
    intent = intent_of(asked)
    text = text_of(intent)
    report = lint(text, atc=atc_options(intent))
    found = [f for f in report.findings if f.severity > Severity.INFO and f.code[4] != "6"]
    assert [(f.code, f.message) for f in found] == []
    assert format_source(Source("aipp.cfg", text)) == text
    assert format_source(Source("aipp.cfg", text), sort=True) == text
    return op_of(text)


def conversions() -> Iterator[tuple[str, str, str]]:
    """Every possible image, target and standard."""
    for image, target in itertools.product(IMAGES, TARGETS):
        if is_possible(image, target):
            standards = STANDARDS if needs_standard(image, target) else ("",)
            yield from ((image.name, target, standard) for standard in standards)


# What is written.


@pytest.mark.parametrize("number", range(8))
def test_every_conversion_does_what_it_says(number: int) -> None:
    """The reader of colours, which knows nothing of the writer, calls them by the same names."""
    products = itertools.cycle(PRODUCTS_WITH_AIPP)
    for image, target, standard in itertools.islice(conversions(), number, None, 8):
        asked = RGB._replace(source=image, target=target, standard=standard, normalize="none")
        op = written(asked._replace(soc_version=next(products)))
        colour = colour_of(op)

        assert colour is not None
        if not colour.on and image != "GRAY":
            # Without a conversion the order is that of the images: the switch exchanges it.
            exchanged = (image in ("BGR", "XBGR", "BGRX", "NV21")) != (target in ("BGR", "YVU444"))
            assert colour.swap == exchanged
            continue
        assert colour.target == target
        if image == "GRAY":
            continue
        assert colour.conversion is not None
        assert colour.conversion.documented
        assert colour.conversion.standard in (None, STANDARDS.get(standard))
        if (image, target) != ("NV21", "GRAY"):
            assert colour.source == NAMES.get(image, f"{image}8888")


@pytest.mark.parametrize("name", NORMALISATIONS)
@pytest.mark.parametrize("target", ["RGB", "BGR", "GRAY"])
def test_every_normalisation_is_recognised(name: str, target: str) -> None:
    known = NORMALISATIONS[name]
    asked = RGB._replace(target=target, normalize=name)
    if target == "GRAY" and len(known.mean) == 3:
        assert main(["new", "--from=RGB", f"--to={target}", "--size=640x640", f"--normalize={name}"]) == 2
        return
    channels = channels_of(written(asked))
    order = f", {', '.join(target)}" if known.by_name else ""

    wanted = known.name.removesuffix(" (Caffe)") + order
    assert convention_of(channels) == wanted or name == "mnist"


GEOMETRIES = [
    ({"size": "640x640"}, (640, 640), None, None),
    ({"size": "224x224", "source_size": "256x256", "crop": "center"}, (256, 256), (16, 16, 224, 224), None),
    ({"size": "224x224", "source_size": "260x260", "crop": "224x224"}, (260, 260), (18, 18, 224, 224), None),
    ({"size": "224x224", "source_size": "640x480", "crop": "224x224+2+4"}, (480, 640), (4, 2, 224, 224), None),
    ({"size": "640x640", "source_size": "640x608", "pad": "center"}, (608, 640), None, (0, 0, 16, 16)),
    ({"size": "640x640", "pad": "0,0,0,2", "pad_gray": "114"}, (638, 640), None, (0, 0, 0, 2)),
    (
        {"size": "299x299", "source_size": "304x304", "crop": "298x298+0+0", "pad": "0,1,0,1"},
        (304, 304),
        (0, 0, 298, 298),
        (0, 1, 0, 1),
    ),
]


@pytest.mark.parametrize(("words", "source", "crop", "padding"), GEOMETRIES)
@pytest.mark.parametrize("image", ["NV12", "RGB", "XRGB", "GRAY"])
def test_every_geometry_on_every_product(words: Any, source: Any, crop: Any, padding: Any, image: str) -> None:
    target, standard = ("GRAY", "") if image == "GRAY" else ("RGB", "jpeg" if image == "NV12" else "")
    asked = Given(source=image, target=target, standard=standard, normalize="unit", **words)
    for soc_version in PRODUCTS_WITH_AIPP:
        # These want lines of 16 bytes, which not every size has.
        if SOC_VERSIONS.get(soc_version, "").startswith(("Hi3796", "SD3403")) and words["size"] != "640x640":
            continue
        op = written(asked._replace(soc_version=soc_version))
        assert (op.number("src_image_size_h"), op.number("src_image_size_w")) == source
        names = ("load_start_pos_h", "load_start_pos_w", "crop_size_h", "crop_size_w")
        assert op.on("crop") == (crop is not None)
        assert crop is None or tuple(map(op.number, names)) == crop
        sides = tuple(op.number(f"{side}_padding_size") for side in ("left", "right", "top", "bottom"))
        assert op.on("padding") == (padding is not None)
        assert padding is None or sides == padding


def test_a_crop_of_yuv_begins_at_even_pixels() -> None:
    op = written(RGB._replace(source="NV12", standard="jpeg", source_size="258x262", size="224x224", crop="center"))
    assert (op.number("load_start_pos_w"), op.number("load_start_pos_h")) == (16, 18)


def test_a_border_is_gray_after_the_normalisation() -> None:
    asked = RGB._replace(source_size="640x608", pad="center", pad_gray="114")
    assert written(asked).real("padding_value") == pytest.approx(114 / 255, abs=1e-6)
    assert written(asked._replace(normalize="signed")).real("padding_value") == pytest.approx(114 / 127.5 - 1, abs=1e-6)
    assert written(asked._replace(normalize="none")).real("padding_value") == 114
    text = text_of(intent_of(asked._replace(normalize="imagenet")))
    assert "# Border: gray 114; all channels have one value, up to 11 levels of 255 from gray\n" in text


def test_numbers_of_both_scales_are_the_same() -> None:
    small = written(RGB._replace(normalize="", mean="0.485,0.456,0.406", std="0.229,0.224,0.225"))
    large = written(RGB._replace(normalize="", mean="123.675,116.28,103.53", std="58.395,57.12,57.375"))
    named = written(RGB._replace(normalize="imagenet"))

    assert channels_of(small) == channels_of(large) == channels_of(named)
    assert written(RGB._replace(normalize="", mean="0", std="1", scale="1")).real("var_reci_chn_0") == pytest.approx(
        1 / 255
    )
    assert written(RGB._replace(normalize="", mean="0", std="1", scale="255")).real("var_reci_chn_0") == 1


def test_several_image_sizes_have_no_size_crop_and_padding() -> None:
    asked = RGB._replace(size="", profiles="416,416;832,832", soc_version="Ascend310P3")
    op = written(asked)

    assert not any(op.has(name) for name in ("src_image_size_w", "src_image_size_h", "crop", "padding"))
    assert atc_options(intent_of(asked))["input_shape"] == "INPUT:1,3,-1,-1"


@pytest.mark.parametrize(("image", "halves"), [("NV12", 3), ("RGB", 6), ("", 8)])
def test_dynamic_operators_have_room_for_the_largest_image(image: str, halves: int) -> None:
    op = written(Given(dynamic=True, max_size="1920x1080", source=image, size="640x640", batch="2"))

    assert op.is_dynamic
    assert op.number("max_src_image_size") == 1920 * 1080 * halves


# Sources.


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        ({"image_mean": [0.485, 0.456, 0.406], "image_std": [0.229, 0.224, 0.225]}, "imagenet"),
        ({"image_mean": [0.5] * 3, "image_std": [0.5] * 3, "rescale_factor": 1 / 255}, "signed"),
        ({"image_mean": [127.5] * 3, "image_std": [127.5] * 3, "do_rescale": False}, "signed"),
        ({"image_mean": 0.5, "image_std": 0.5}, "signed"),
        ({"do_normalize": False, "image_mean": [0.5] * 3}, "unit"),
        ({"do_normalize": False, "do_rescale": False}, "none"),
        ({"pretrained_cfg": {"mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225]}}, "imagenet"),
    ],
)
def test_preprocessing_settings(folder: Path, settings: dict[str, Any], name: str) -> None:
    (folder / "preprocessor_config.json").write_text(json.dumps(settings))
    for path in (".", "preprocessor_config.json"):
        for target in ("RGB", "BGR"):
            asked = RGB._replace(target=target, normalize="", normalize_from=path)
            wanted = written(RGB._replace(target=target, normalize=name))
            for channel, known in zip(channels_of(written(asked)), channels_of(wanted), strict=True):
                assert channel.offset == pytest.approx(known.offset, abs=1e-5)
                assert channel.reciprocal == pytest.approx(known.reciprocal)


TRAINING = """\
from torchvision import transforms
def data():
    return transforms.Compose([transforms.ToTensor(), transforms.Normalize({}, {})])
"""
IMAGENET = ("[0.485, 0.456, 0.406]", "[0.229, 0.224, 0.225]")


def test_training_code(folder: Path, capsys: Captured) -> None:
    (folder / "train.py").write_text(TRAINING.format(*IMAGENET))
    (folder / "other.py").write_text("print(1)\n")
    for path in ("train.py", "."):
        asked = RGB._replace(normalize="", normalize_from=path)
        assert channels_of(written(asked)) == channels_of(written(RGB._replace(normalize="imagenet")))
        assert "# Normalisation: as in" in text_of(intent_of(asked))

    (folder / "other.py").write_text(TRAINING.format("[0.5] * 3", "[0.5] * 3").replace("[0.5] * 3", "[0.5, 0.5, 0.5]"))
    words = ["new", "--from=RGB", "--to=RGB", "--size=64x64"]
    assert main([*words, "--normalize-from=."]) == 2
    assert "other.py:3, train.py:3 differ" in capsys.readouterr().err
    (folder / "model" / "src").mkdir(parents=True)
    (folder / "model" / "src" / "data.yaml").write_text(
        "mean: [123.675, 116.28, 103.53]\nstd: [58.395, 57.12, 57.375]\n"
    )
    asked = RGB._replace(normalize="", normalize_from="model")
    assert channels_of(written(asked)) == channels_of(written(RGB._replace(normalize="imagenet")))
    (folder / "none.py").write_text("print(1)\n")
    assert main([*words, "--normalize-from=none.py"]) == 2
    assert "no normalisation found; give --mean and --std" in capsys.readouterr().err
    assert main([*words, "--normalize-from=gone.py"]) == 2
    assert "gone.py: cannot be read: no such file or directory" in capsys.readouterr().err


def video(folder: Path, **stream: Any) -> None:
    known = {"codec_type": "video", "pix_fmt": "yuv420p", "width": 1920, "height": 1080, "coded_width": 1920}
    streams = [{"codec_type": "audio"}, {**known, "coded_height": 1088, **stream}]
    (folder / "clip.json").write_text(json.dumps({"streams": streams}))


@pytest.mark.parametrize(
    ("stream", "standard"),
    [
        ({"color_space": "bt709", "color_range": "tv"}, "bt709-narrow"),
        ({"color_space": "bt709", "color_range": "pc"}, "bt709-full"),
        ({"color_space": "smpte170m", "color_range": "tv"}, "bt601-narrow"),
        ({"color_space": "bt470bg", "pix_fmt": "yuvj420p"}, "bt601-full"),
    ],
)
def test_a_video_gives_colours_and_sizes(folder: Path, stream: dict[str, str], standard: str) -> None:
    video(folder, **stream)
    op = written(Given(video="clip.json", target="RGB", normalize="unit"))
    colour = colour_of(op)

    assert colour is not None
    assert colour.conversion is not None
    assert colour.conversion.standard == STANDARDS[standard]
    assert (op.number("src_image_size_h"), op.number("crop_size_h")) == (1088, 1080)


def test_a_video_that_does_not_say_its_standard(folder: Path, capsys: Captured) -> None:
    video(folder)
    words = ["new", "--video=clip.json", "--to=RGB", "--normalize=unit"]
    assert main(words) == 2
    assert "--standard is needed from NV12 to RGB (clip.json has colour space unknown" in capsys.readouterr().err
    assert main([*words, "--standard=bt709-narrow"]) == 0


def test_a_model_gives_sizes_channels_layout_and_name(folder: Path, capsys: Captured) -> None:
    (folder / "yolo.onnx").write_bytes(onnx_input("images", (1, 3, 480, 640)))
    words = ["new", "--from=BGR", "--to=RGB", "--model=yolo.onnx", "--normalize=unit", "--soc-version=Ascend310P3"]
    assert main([*words, "aipp.cfg"]) == 0
    err = capsys.readouterr().err

    assert err == (
        "aipplint: aipp.cfg written\n"
        "aipplint: feed: UINT8 1,480,640,3 (N,H,W,C), 921600 bytes: BGR of H 480, W 640\n"
        "aipplint: atc --model=yolo.onnx --framework=5 --output=yolo --soc_version=Ascend310P3 --input_format=NCHW "
        "--input_shape=images:1,3,480,640 --insert_op_conf=aipp.cfg\n"
    )
    assert main(["check", "-q", "aipp.cfg"]) == 0
    assert main(["format", "--check", "aipp.cfg"]) == 0
    (folder / "convert.sh").write_text(err.splitlines()[2].removeprefix("aipplint: ") + "\n")
    assert main(["check", "-q", "."]) == 0


# What cannot be.


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (
            "--from GRAY --to RGB --size 64x64 --normalize none",
            "from GRAY to RGB is impossible: the image has no colours",
        ),
        ("--from NV12 --to RGB --size 64x64 --normalize none", "--standard is needed from NV12 to RGB: bt601-narrow,"),
        (
            "SAME --size 64x64 --normalize none --standard jpeg",
            "--standard has no effect from RGB to RGB",
        ),
        ("--from RGB --size 64x64 --normalize none", "--to is needed"),
        ("--to RGB --size 64x64 --normalize none", "--from is needed"),
        ("SAME --size 64x64", "--normalize is needed"),
        ("SAME --normalize none", "--size is needed"),
        ("--from NV13 --to RGB", "--from: 'NV13' is none of NV12, NV21, RGB"),
        ("--from RGB --to RBG --size 64x64", "--to: 'RBG' is none of RGB, BGR"),
        ("--from NV12 --to RGB --standard bt2020", "--standard: 'bt2020' is none of"),
        ("SAME --size 64 --normalize none", "--size: '64' is not WIDTHxHEIGHT, such as 640x480"),
        ("SAME --size 5000x64 --normalize none", "--size: 5000x64 is outside of 1x1 to 4096x4096"),
        ("SAME --size 64x64 --normalize imagnet", "is none of none, unit, signed, imagenet"),
        ("SAME --size 64x64 --normalize unit --mean 1", "exclude each other"),
        ("SAME --size 64x64 --mean 0 --std 1", "add --scale 1 or --scale 255"),
        ("SAME --size 64x64 --mean 1,2", "--mean: '1,2' is not one number, or three with commas"),
        ("SAME --size 64x64 --mean 300 --std 2", "a mean must be 0 to 255"),
        ("SAME --size 64x64 --mean 3 --std 0", "a standard deviation must be above 0"),
        (
            "--from RGB --to YUV444 --standard jpeg --size 64x64 --normalize imagenet",
            "is for R, G and B, not for YUV444",
        ),
        ("SAME --size 64x64 --source-size 128x128 --normalize unit", "AIPP does not resize"),
        (
            "SAME --size 128x128 --source-size 10x10 --pad center --normalize unit",
            "at most 32 to a side",
        ),
        ("SAME --size 64x64 --crop center --normalize unit", "--crop needs --source-size"),
        ("SAME --size 64x64 --pad 1,2,3 --normalize unit", "is not center or LEFT,RIGHT,TOP,BOTTOM"),
        (
            "SAME --size 64x64 --source-size 80x80 --crop 64x64+20+0 --normalize unit",
            "exceed the source",
        ),
        ("--from NV12 --to RGB --standard jpeg --size 63x63 --normalize unit", "this configuration is impossible: "),
        (
            "SAME --dynamic-image-size 64,64 --normalize unit",
            "is not H,W;H,W with at least two profiles",
        ),
        ("SAME --dynamic-image-size 64,64;8,8 --size 8x8 --normalize unit", "exclude each other"),
        ("SAME --dynamic-image-size 64,64;8,8 --pad-gray 1 --normalize unit", "exclude each other"),
        ("SAME --dynamic-image-size 64,64;8,8 --crop center --normalize unit", "exclude each other"),
        ("--dynamic", "--dynamic needs --max-size"),
        ("--dynamic --max-size 64x64 --pad-gray 3", "--pad-gray is for static AIPP"),
        ("--max-size 64x64", "--max-size goes with --dynamic"),
        ("SAME --size 64x64 --normalize unit --soc-version Ascend310X", "did you mean 'Ascend310"),
        ("SAME --size 64x64 --normalize unit --soc-version Ascend035", "Ascend035 has no AIPP"),
        ("SAME --size 64x64 --normalize unit --batch 0", "--batch: '0' is not a whole number"),
        ("SAME --model none.onnx --normalize unit", "--model none.onnx: "),
        ("SAME --size 64x64 --input x --normalize unit", "--input goes with --model"),
        ("SAME --size 64x64 --normalize-from none.json", "--normalize-from none.json: cannot be read:"),
        ("--video none.json", "--video none.json: cannot be read: no such file or directory"),
        ("", "new needs an intent"),
        ("a.cfg b.cfg", "new writes one file"),
    ],
)
def test_what_is_impossible_is_one_line(words: str, complaint: str, capsys: Captured) -> None:
    assert main(["new", *words.replace("SAME", "--from RGB --to RGB").split()]) == 2
    out, err = capsys.readouterr()

    assert out == ""
    assert err.count("\n") == 1
    assert complaint in err


@pytest.mark.parametrize(
    ("dims", "dtype", "words", "complaint"),
    [
        ((1, 1, 64, 64), 1, "--to RGB --normalize unit", "--to RGB contradicts net.onnx, whose input has C 1"),
        ((1, 3, 64, 64), 1, "--to GRAY --normalize unit", "--to GRAY contradicts net.onnx, whose input has C 3"),
        ((1, 3, 64, 64), 1, "--to RGB --normalize unit --size 32x32", "contradicts net.onnx, which takes H 64, W 64"),
        ((4, 3, 64, 64), 1, "--to RGB --normalize unit --batch 2", "net.onnx has a fixed batch of 4"),
        ((1, 8, 64), 1, "--to RGB --normalize unit", "no input has 1 or 3 channels, height and width"),
        ((1, 3, 64, 64), 1, "--to RGB --normalize unit --input x", "x is not an image input of net.onnx"),
        ((1, 3, 64, 64), 1, "--to RGB --normalize unit --dynamic-image-size 8,8;9,9", "net.onnx has a fixed size"),
        ((1, 3, 64, 64), 2, "--to RGB --normalize unit", "takes bytes, which AIPP does not normalise"),
        (
            (1, 3, 64, 64),
            2,
            "--to RGB --normalize none --source-size 60x64 --pad-gray 5",
            "for which ATC rejects a border other than 0",
        ),
    ],
)
def test_a_model_that_contradicts(
    folder: Path, dims: tuple[int, ...], dtype: int, words: str, complaint: str, capsys: Captured
) -> None:
    (folder / "net.onnx").write_bytes(onnx_input("images", dims, dtype))
    assert main(["new", "--from=RGB", "--model=net.onnx", *words.split()]) == 2
    assert complaint in capsys.readouterr().err


@pytest.mark.parametrize(
    "text", ["{", "[]", "{}", '{"streams": 3}', '{"streams": [{"pix_fmt": "p010le"}]}', "[" * 9999]
)
def test_files_that_say_nothing(folder: Path, text: str, capsys: Captured) -> None:
    (folder / "x.json").write_text(text)
    for option in ("--video", "--normalize-from"):
        assert main(["new", "--from=RGB", "--to=RGB", "--size=64x64", option, "x.json"]) == 2
        assert capsys.readouterr().err.count("\n") == 1


def test_a_file_is_not_replaced(folder: Path, capsys: Captured) -> None:
    (folder / "aipp.cfg").write_text("mine")
    words = ["new", "--from=RGB", "--to=RGB", "--size=64x64", "--normalize=unit", "-q", "aipp.cfg"]
    assert main(words) == 2
    assert capsys.readouterr() == ("", "aipplint: aipp.cfg exists; --force replaces it\n")
    assert (folder / "aipp.cfg").read_text() == "mine"
    assert main([*words, "--force"]) == 0
    assert (folder / "aipp.cfg").read_text().startswith("aipp_op {\n    aipp_mode: static\n")
    assert main([*words[:-1], "none/aipp.cfg"]) == 2


WORDS = st.sampled_from(
    "|NV12|RGB|BGR|GRAY|YUV444|bt601-narrow|jpeg|640x640|64x64|608x640|center|64x64+2+2|1,1,1,1|0,0,16,16|114|none|unit"
    "|imagenet|0.5|0.5,0.5,0.5|1|255|64,64;32,32|Ascend310P3|Ascend950PR_9589|.|x.json|-1|\x00|\ud800|1e999|nan".split(
        "|"
    )
)


@given(st.builds(Given, **dict.fromkeys(Given._fields, WORDS | st.text(max_size=4)) | {"dynamic": st.booleans()}))
@example(RGB._replace(pad_gray="nan"))
@example(RGB._replace(normalize="", mean="1e-320", std="1e-320"))
def test_any_words_are_an_intent_or_one_line(given_words: Given) -> None:
    given_words = given_words._replace(model="", video="", normalize_from="")
    said = ""
    try:
        written(given_words)
    except UsageError as error:
        said = message_of(error)
    assert said.isprintable()


@given(
    st.builds(
        Given,
        source=st.sampled_from(["NV12", "RGB", "XBGR"]),
        target=st.sampled_from(["RGB", "BGR", "GRAY"]),
        standard=st.sampled_from(["", "jpeg"]),
        size=st.sampled_from(["64x64", "32x48", "63x64"]),
        source_size=st.sampled_from(["", "64x64", "62x60", "100x80"]),
        crop=st.sampled_from(["", "center", "32x32", "60x60+1+2"]),
        pad=st.sampled_from(["", "center", "1,0,2,2"]),
        pad_gray=st.sampled_from(["", "0", "114"]),
        normalize=st.sampled_from(["unit", "imagenet", "none"]),
        soc_version=st.sampled_from(["", *PRODUCTS_WITH_AIPP]),
    )
)
def test_what_is_possible_passes_its_check(wanted: Given) -> None:
    with suppress(UsageError):
        written(wanted)


# Questions.


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_is_asked(monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    monkeypatch.setattr("sys.stdin", Terminal("\nNV13\n\n\n\n\n\n\n"))
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    assert main(["new"]) == 0
    out, err = capsys.readouterr()

    assert out == text_of(
        intent_of(Given(source="NV12", target="RGB", standard="bt601-narrow", size="640x640", normalize="imagenet"))
    )
    assert "did you mean 'NV12'?" in err
    monkeypatch.setattr("sys.stdin", Terminal("\n"))
    assert main(["new"]) == 2
    assert capsys.readouterr().err.endswith("aipplint: no answer\n")
