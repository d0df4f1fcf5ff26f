"""``aipplint compare``: right configurations agree, planted mistakes are named, bad input is one line."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from aipplint.cli import main
from aipplint.hardware.csc import FULL_601, FULL_709, NARROW_601, NARROW_709, Matrix
from tests.pictures import bomb, made

TRAIN = """\
from torchvision import transforms
mean, std = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]
test = transforms.Compose([
    transforms.Resize(120), transforms.CenterCrop((112, 112)), transforms.ToTensor(), transforms.Normalize(mean, std)
])
train = transforms.Compose([transforms.RandomCrop(112), transforms.ToTensor(), transforms.Normalize(mean, std)])
"""
MEAN, DEVIATION = (123.675, 116.28, 103.53), (58.395, 57.12, 57.375)
Captured = pytest.CaptureFixture[str]


def config(image_format: str = "RGB888_U8", *, matrix: Matrix | None = None, black: int = 16, **fields: Any) -> str:
    given: dict[str, Any] = {"aipp_mode": "static", "input_format": image_format}
    given |= {"src_image_size_w": 160, "src_image_size_h": 120, "crop": "true", "crop_size_w": 112, "crop_size_h": 112}
    given |= {"load_start_pos_w": 24, "load_start_pos_h": 4}
    if matrix is not None:
        given["csc_switch"] = "true"
        given |= {f"matrix_r{at // 3}c{at % 3}": cell for at, cell in enumerate(matrix)}
        given |= {"input_bias_0": black, "input_bias_1": 128, "input_bias_2": 128}
    for channel in range(3):
        given[f"min_chn_{channel}"] = MEAN[channel]
        given[f"var_reci_chn_{channel}"] = 1 / DEVIATION[channel]
    return "aipp_op {\n" + "".join(f"  {name}: {value}\n" for name, value in (given | fields).items()) + "}\n"


def channels(name: str, values: Any) -> dict[str, Any]:
    return {f"{name}_chn_{channel}": value for channel, value in enumerate(values)}


RIGHT = config()
RIGHT_YUV = config("YUV420SP_U8", matrix=NARROW_601.to_rgb)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "train.py").write_text(TRAIN)
    (tmp_path / "right.cfg").write_text(RIGHT)
    Image.fromarray(made(120, 160)).save(tmp_path / "photo.png")
    return tmp_path


def told(capsys: Captured, text: str, *words: str, code: int = 0, other: str = "train.py") -> str:
    Path("a.cfg").write_text(text)
    done = main(["compare", "a.cfg", "--with", other, "photo.png", *words])
    out, err = capsys.readouterr()
    assert done == code, out + err
    return out if code < 2 else err


def means(out: str) -> list[float]:
    return [float(found) for found in re.findall(r"^\d +([\d.]+)", out, re.MULTILINE)]


def test_a_right_configuration_in_rgb_agrees(capsys: Captured) -> None:
    out = told(capsys, RIGHT)

    assert max(means(out)) < 0.1
    assert out.splitlines()[-1] == "diagnosis none: both sides agree"


@pytest.mark.parametrize(
    ("matrix", "black", "standard"),
    [
        (NARROW_601.to_rgb, 16, "bt601-narrow"),
        (FULL_601.to_rgb, 0, "bt601-full"),
        (NARROW_709.to_rgb, 16, "bt709-narrow"),
        (FULL_709.to_rgb, 0, "bt709-full"),
    ],
)
def test_a_right_configuration_in_yuv_agrees(matrix: Matrix, black: int, standard: str, capsys: Captured) -> None:
    out = told(capsys, config("YUV420SP_U8", matrix=matrix, black=black), f"--standard={standard}")

    assert max(means(out)) < 2
    assert out.splitlines()[-1] == "diagnosis none: both sides agree"


PLANTED = {
    "red and blue": (config(rbuv_swap_switch="true"), "red and blue are swapped"),
    "U and V": (RIGHT_YUV.replace("csc", "rbuv_swap_switch: true csc"), "red and blue are swapped"),
    "range": (
        config("YUV420SP_U8", matrix=FULL_601.to_rgb, black=0),
        "wrong range: the configuration converts BT.601 full",
    ),
    "standard": (config("YUV420SP_U8", matrix=NARROW_709.to_rgb), "wrong standard: the configuration converts BT.709"),
    "standard and range": (config("YUV420SP_U8", matrix=FULL_709.to_rgb, black=0), "wrong standard and range"),
    "bias": (config("YUV420SP_U8", matrix=NARROW_601.to_rgb, black=0), "input_bias is not that of the matrix"),
    "no conversion": (config("YUV420SP_U8"), "YUV is not converted: csc_switch must be true"),
    "twice": (config(**channels("var_reci", [1 / (255 * d) for d in DEVIATION])), "divided by 255 twice"),
    "not divided": (config(**channels("var_reci", [255 / d for d in DEVIATION])), "not divided by 255"),
    "deviation": (config(**channels("var_reci", DEVIATION)), "var_reci_chn is the deviation, not 1 / the deviation"),
    "deviation of 0 to 1": (
        config(**channels("var_reci", [0.229, 0.224, 0.225])),
        "var_reci_chn is the deviation of pixels of 0 to 1",
    ),
    "order of the mean": (config(**channels("min", MEAN[::-1])), "the mean is in the wrong order"),
    "mean of 0 to 1": (config(**channels("min", [0.485, 0.456, 0.406])), "the mean is that of pixels of 0 to 1"),
    "mean twice": (config(**channels("mean", [123, 116, 103])), "the mean is subtracted twice"),
    "sign": (config(**channels("min", [-one for one in MEAN])), "the mean is added: its sign is wrong"),
    "one pixel": (config(load_start_pos_w=25), "the image is shifted by a pixel or two"),
    "one pixel down": (config(load_start_pos_h=5), "the image is shifted by a pixel or two"),
    "corner": (config(load_start_pos_w=0, load_start_pos_h=0), "the crop does not begin at the centre"),
    "far": (config(load_start_pos_w=40), "the crop does not begin at the centre"),
    "another mean": (config(**channels("min", [104, 117, 110])), "the mean is another one"),
    "converted": (
        config(matrix=NARROW_601.to_rgb, output_bias_0=0, output_bias_1=0, output_bias_2=0),
        "the colours are converted although RGB is fed",
    ),
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_mistake_is_named(name: str, capsys: Captured) -> None:
    text, words = PLANTED[name]
    Path("a.cfg").write_text(text)
    main(["compare", "a.cfg", "--with", "train.py", "photo.png"])
    out = capsys.readouterr().out

    found = [line for line in out.splitlines() if line.startswith("diagnosis")]
    assert len(found) == 1, out
    assert words in " ".join(out.split())


@pytest.mark.parametrize("name", ["U and V", "range", "standard", "standard and range", "bias", "no conversion"])
def test_what_nv12_costs_hides_no_mistake(name: str, folder: Path, capsys: Captured) -> None:
    """Noise of all colours, of which NV12 keeps little."""
    noise = np.random.default_rng(7).integers(0, 256, (120, 160, 3), np.uint8)
    Image.fromarray(noise).save(folder / "photo.png")

    right = told(capsys, RIGHT_YUV)
    assert min(means(right)) > 10
    assert "diagnosis none: both sides agree\n          what is left is the colour" in right
    assert PLANTED[name][1] in " ".join(told(capsys, PLANTED[name][0], code=1).split())


def test_two_mistakes_at_once_are_both_named(capsys: Captured) -> None:
    text = config(**channels("min", MEAN[::-1]), **channels("var_reci", [1 / (255 * d) for d in DEVIATION]))
    out = told(capsys, text, code=1)

    assert out.count("diagnosis") == 2
    assert "divided by 255 twice" in out
    assert "the mean is in the wrong order" in out


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.json", json.dumps({"image_mean": [0.485, 0.456, 0.406], "image_std": [0.229, 0.224, 0.225]})),
        (
            "b.json",
            json.dumps(
                {
                    "do_resize": True,
                    "size": {"shortest_edge": 120},
                    "do_center_crop": True,
                    "crop_size": {"height": 112, "width": 112},
                    "do_rescale": True,
                    "rescale_factor": 1 / 255,
                    "image_mean": [0.485, 0.456, 0.406],
                    "image_std": [0.229, 0.224, 0.225],
                    "resample": 2,
                }
            ),
        ),
        ("c.json", json.dumps({"mean": MEAN, "std": DEVIATION})),
        ("d.py", "img_norm_cfg = dict(mean=[123.675, 116.28, 103.53], std=[58.395, 57.12, 57.375], to_rgb=True)\n"),
        (
            "e.py",
            (
                "from torchvision.transforms import *\n"
                "x = [ToTensor(), Normalize([.485, .456, .406], [.229, .224, .225])]\n"
            ),
        ),
        (
            "f.py",
            (
                "m = [123.675 / 255, 116.28 / 255, 103.53 / 255]\n"
                "Compose([ToTensor(), Normalize(mean=m, std=(.229, .224, .225))])\n"
            ),
        ),
        ("h.yaml", f"mean: {list(MEAN)}\nstd: {list(DEVIATION)}\n"),
        (
            "i.py",
            (
                "import numpy as np\nfrom PIL import Image\n"
                "def load(path):\n"
                "    img = np.array(Image.open(path)) / 255\n"
                "    return (img - np.array([0.485, 0.456, 0.406])) / np.array([0.229, 0.224, 0.225])\n"
            ),
        ),
        (
            "j.py",
            (
                "import cv2\nimg = cv2.imread('a.png')\n"
                "img = (img - [103.53, 116.28, 123.675]) / [57.375, 57.12, 58.395]\n"
            ),
        ),
        ("g.py", "data_preprocessor = {'mean': [103.53, 116.28, 123.675], 'std': [57.375, 57.12, 58.395]}\n"),
    ],
)
def test_pipelines_of_many_forms_are_read(name: str, text: str, folder: Path, capsys: Captured) -> None:
    (folder / name).write_text(text)
    whole = config(crop="false")
    if name in ("g.py", "j.py"):
        whole = config(crop="false", rbuv_swap_switch="true", **channels("min", MEAN[::-1]))
        for channel, deviation in enumerate(DEVIATION[::-1]):
            whole = re.sub(rf"(var_reci_chn_{channel}: ).*", rf"\g<1>{1 / deviation}", whole)
    out = told(capsys, RIGHT if name == "b.json" else whole, other=name)

    assert max(means(out)) < 0.1


def test_another_configuration_and_a_tensor_are_other_sides(capsys: Captured) -> None:
    assert max(means(told(capsys, RIGHT, other="right.cfg"))) == 0
    assert main(["preview", "right.cfg", "photo.png", "-o", "right.npy"]) == 0
    capsys.readouterr()
    assert max(means(told(capsys, RIGHT, other="right.npy"))) == 0
    np.save("last.npy", np.load("right.npy")[0].transpose(1, 2, 0))
    assert max(means(told(capsys, RIGHT, other="last.npy"))) == 0
    assert "red and blue are swapped" in told(capsys, PLANTED["red and blue"][0], other="right.cfg", code=1)
    assert "divided by 255 twice" in told(capsys, PLANTED["twice"][0], other="right.cfg", code=1)


def test_the_application_resizes_as_the_pipeline_does(folder: Path, capsys: Captured) -> None:
    Image.fromarray(made(150, 200)).save(folder / "photo.png")
    out = told(capsys, RIGHT)

    assert "photo.png, resized by the pipeline; fed as bytes in the order R, G, B" in out
    assert max(means(out)) < 0.1


def test_a_heat_map_shows_where_the_difference_is(folder: Path, capsys: Captured) -> None:
    told(capsys, PLANTED["one pixel"][0], "-o", "heat.png", code=1)
    with Image.open(folder / "heat.png") as picture:
        heat = np.asarray(picture)

    assert heat.shape == (112, 112, 3)
    assert heat.max() > 0
    assert (heat.min(axis=(0, 1)) == 0).all()


def test_raw_bytes_are_compared_too(folder: Path, capsys: Captured) -> None:
    (folder / "a.rgb").write_bytes(made(120, 160).tobytes())
    (folder / "right.cfg").write_text(RIGHT)

    assert main(["compare", "right.cfg", "--with", "train.py", "a.rgb", "photo.png"]) == 0
    assert max(means(capsys.readouterr().out)) < 0.1


@pytest.mark.parametrize(
    ("other", "text", "said"),
    [
        ("none.py", None, "none.py: cannot be read: no such file or directory"),
        ("a.py", "x = 1\n", "a.py: no pre-processing can be read there"),
        ("a.py", "x = (\n", "a.py: neither JSON nor Python that can be read"),
        ("a.json", "{}", "a.json: no pre-processing can be read there"),
        (
            "a.json",
            '{"image_mean": [1, 2], "image_std": [1, 1, 1]}',
            "a.json: image_mean must be one number, or a list of three",
        ),
        ("a.json", f'{{"image_mean": 1{"0" * 400}}}', "a.json: image_mean must be one number, or a list of three"),
        ("a.json", '{"image_mean": [1, 2, 3], "image_std": [1, 0, 1]}', "a.json: image_std has a deviation of 0"),
        ("a.py", "Compose([ToTensor(), Normalize(x, y)])", "a.py: a mean or a deviation cannot be read"),
        ("a.py", "Compose([Solarize(), ToTensor()])", "a.py: line 1: Solarize is not known here"),
        (
            "a.py",
            "Compose([ToTensor()])\nCompose([Resize(9), ToTensor()])",
            "choose one by its line, a.py:LINE, of 1, 2",
        ),
        ("a.py", "Compose([Resize(99999999), ToTensor()])", "a size of the pre-processing cannot be read"),
        ("a.py", "Compose([Resize(9000), ToTensor()])", "which is too large for a comparison"),
        ("a.py", "Compose([CenterCrop(500), ToTensor()])", "the pipeline crops H 500, W 500 of H 120, W 160"),
        (
            "a.py",
            "Compose([ToTensor()])",
            "the output of AIPP is H 112, W 112, but that of the pipeline is H 120, W 160",
        ),
        (
            "a.py",
            "Compose([Resize(9), ToTensor()])",
            "the output of AIPP is H 112, W 112, but that of the pipeline is H 9",
        ),
        (
            "a.py",
            "img = mmcv.imread('a.png')\nimg = (img - [1, 2, 3]) / [57.0, 57.12, 58.395]\n",
            "a.py: the code does not say whether its channels are R, G, B or B, G, R",
        ),
        ("a.npy", "no tensor", "a.npy: no tensor that numpy saved"),
    ],
)
def test_a_pipeline_that_cannot_be_read_is_one_line(
    other: str, text: str | None, said: str, folder: Path, capsys: Captured
) -> None:
    if text is not None:
        (folder / other).write_text(text)
    err = told(capsys, RIGHT, code=2, other=other)

    assert re.fullmatch(r"aipplint: [^\n]*\n", err)
    assert said in err


def test_other_sizes_and_bombs_are_one_line(folder: Path, capsys: Captured) -> None:
    np.save("small.npy", np.zeros((3, 9, 9)))
    assert "the tensor small.npy has the shape [3, 9, 9]" in told(capsys, RIGHT, code=2, other="small.npy")
    assert "the output is H 112, W 112, but that of b.cfg" not in told(capsys, RIGHT, other="right.cfg")
    (folder / "b.cfg").write_text(config(crop="false"))
    assert "the output is H 112, W 112, but that of b.cfg is H 120" in told(capsys, RIGHT, code=2, other="b.cfg")
    (folder / "photo.png").write_bytes(bomb(20000))
    assert "photo.png: too large" in told(capsys, RIGHT, code=2)
    assert main(["compare", "right.cfg"]) == 2
    assert "compare needs a configuration and an image" in capsys.readouterr().err


def test_one_of_several_pipelines_is_chosen_by_its_line(folder: Path, capsys: Captured) -> None:
    (folder / "two.py").write_text("Compose([ToTensor()])\nCompose([CenterCrop(112), ToTensor()])\n")
    plain = config(**channels("min", [0, 0, 0]), **channels("var_reci", [1 / 255] * 3))

    assert max(means(told(capsys, plain, other="two.py:2"))) < 0.1


def test_the_training_code_that_was_found_is_the_other_side(folder: Path, capsys: Captured) -> None:
    (folder / ".git").mkdir()
    model = folder / "net"
    (model / "src").mkdir(parents=True)
    (folder / "photo.png").rename(model / "photo.png")
    (folder / "train.py").rename(model / "src" / "transforms.py")
    (folder / "right.cfg").rename(model / "aipp.cfg")
    (model / "convert.sh").write_text("atc --framework=5 --model=net.onnx --output=net --insert_op_conf=aipp.cfg\n")
    for words in ([], ["--with", "training"]):
        assert main(["compare", "net/aipp.cfg", *words, "net/photo.png"]) == 0
        out = capsys.readouterr().out
        assert "net/src/transforms.py:4: resize to a shorter side of 120, crop H 112, W 112" in " ".join(out.split())
        assert max(means(out)) < 0.1

    (model / "src" / "transforms.py").unlink()
    assert main(["compare", "net/aipp.cfg", "net/photo.png"]) == 2
    assert "net/aipp.cfg: no training code was found for it; name it with --with" in capsys.readouterr().err
