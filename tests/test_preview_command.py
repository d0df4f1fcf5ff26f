"""``aipplint preview``: what it prints and writes, and what it says of bad input."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from aipplint.cli import main
from aipplint.cli.progress import Bar
from aipplint.preview import preview
from tests.pictures import bomb, made

RGB = "aipp_op { aipp_mode: static input_format: RGB888_U8 src_image_size_w: 320 src_image_size_h: 240 }\n"
YUV = RGB.replace("RGB888_U8", "YUV420SP_U8 csc_switch: true")
DYNAMIC = "aipp_op { aipp_mode: dynamic max_src_image_size: 400000 }\n"
Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, text in (("rgb.cfg", RGB), ("yuv.cfg", YUV), ("dynamic.cfg", DYNAMIC)):
        (tmp_path / name).write_text(text)
    Image.fromarray(made()).save(tmp_path / "photo.png")
    return tmp_path


def told(capsys: Captured, *words: str, code: int = 0) -> str:
    assert main(["preview", *words]) == code
    out, err = capsys.readouterr()
    return out if code == 0 else err


def test_tensor_files_have_what_the_library_computes(folder: Path, capsys: Captured) -> None:
    told(capsys, "rgb.cfg", "photo.png", "-o", "a.npy", "-o", "a.bin", "--input-shape=a:1,3,240,320", "--framework=5")
    wanted = preview(RGB, made().tobytes(), 320, 240, {"h": 240, "w": 320})

    found = np.load(folder / "a.npy")
    assert (found == wanted).all()
    assert found.dtype == np.float16
    assert (folder / "a.bin").read_bytes() == wanted.tobytes()


def test_picture_has_the_source_beside_what_the_model_sees(folder: Path, capsys: Captured) -> None:
    config = "crop: true crop_size_w: 100 crop_size_h: 60 padding: true left_padding_size: 9 var_reci_chn_0: 0.5 }"
    (folder / "cut.cfg").write_text(RGB.replace("}", config))
    told(capsys, "cut.cfg", "photo.png", "-o", "seen.png")

    with Image.open(folder / "seen.png") as picture:
        pixels = np.asarray(picture)
    assert pixels.shape == (240, 320 + 16 + 109, 3)
    assert (pixels[61:240, 101:320] == made()[61:, 101:]).all()
    assert (pixels[0, :100] == (255, 48, 48)).all()
    assert abs(pixels[1:59, 346:444].astype(int) - made()[1:59, 1:99]).max() <= 1
    assert (pixels[:60, 336:345] == 0).all()


def test_raw_bytes_are_fed_as_they_are_and_may_be_a_batch(folder: Path, capsys: Captured) -> None:
    (folder / "two.nv12").write_bytes(bytes(range(256)) * 900)
    out = told(capsys, "yuv.cfg", "two.nv12", "--size", "320x240")

    assert "tensor    [2, 3, 240, 320] float16 NCHW" in out
    assert "raw bytes, fed as they are" in out
    assert told(capsys, "yuv.cfg", "two.nv12") == out


def test_pictures_for_yuv_are_converted_and_that_is_said(folder: Path, capsys: Captured) -> None:
    assert "fed as NV12, BT.601 narrow range" in told(capsys, "yuv.cfg", "photo.png", "-o", "a.npy")
    options = ("--standard=bt709-full", "--chroma=nv21")
    assert "fed as NV21, BT.709 full range" in told(capsys, "yuv.cfg", "photo.png", *options, "-o", "b.npy")

    right, other = np.load(folder / "a.npy"), np.load(folder / "b.npy")
    wanted = made()[None].transpose(0, 3, 1, 2)[:, ::-1]
    assert abs(right - wanted).mean() < 2
    assert abs(other - wanted).mean() > 10


def test_order_of_the_colours_is_that_of_the_application(folder: Path, capsys: Captured) -> None:
    told(capsys, "rgb.cfg", "photo.png", "--order", "bgr", "-o", "a.npy")

    assert (np.load(folder / "a.npy")[0] == made().transpose(2, 0, 1)[::-1]).all()


def test_run_time_settings_are_those_of_dynamic_aipp(folder: Path, capsys: Captured) -> None:
    settings = {"input_format": "RGB888_U8", "src_image_size_w": 320, "src_image_size_h": 240, "var_reci_chn_0": 0.5}
    (folder / "set.json").write_text(json.dumps(settings))
    told(capsys, "dynamic.cfg", "photo.png", "--runtime", "set.json", "-o", "a.npy")

    assert (np.load(folder / "a.npy")[0, 0] == made()[..., 0] / 2).all()
    (folder / "set.json").write_text(json.dumps({**settings, "input_format": "YUV420SP_U8", "csc_switch": True}))
    assert "no whole matrix" in told(capsys, "dynamic.cfg", "photo.png", "--runtime", "set.json", code=2)
    assert "--runtime says them" in told(capsys, "dynamic.cfg", "photo.png", code=2)


def test_profile_build_and_operator_are_chosen(folder: Path, capsys: Captured) -> None:
    (folder / "open.cfg").write_text("aipp_op { aipp_mode: static input_format: RGB888_U8 }\n" * 2)
    build = ("--input-shape=a:1,3,-1,-1", "--framework=5", "--dynamic-image-size=60,80;240,320")

    assert "operators with --operator: 1 (line 1), 2 (line 2)" in told(capsys, "open.cfg", "photo.png", code=2)
    chosen = ("open.cfg", "photo.png", "--operator=2")
    assert "with --profile: 0 (H 60, W 80), 1 (H 240, W 320)" in told(capsys, *chosen, *build, code=2)
    assert "aipp_op 2, profile 1" in told(capsys, *chosen, *build, "--profile=1")
    wrong = told(capsys, *chosen, *build, "--profile=0", code=2)
    assert wrong == "aipplint: the image is H 240, W 320, but the source of the configuration is H 60, W 80\n"
    lines = [
        f"atc --insert_op_conf=rgb.cfg --soc_version={soc} --model=m.onnx\n" for soc in ("Ascend310", "Ascend310P3")
    ]
    (folder / "convert.sh").write_text("".join(lines))
    assert "with --build: 1 (Ascend310, no size known), 2 (Ascend310P" in told(capsys, "rgb.cfg", "photo.png", code=2)
    assert "Ascend310P" in told(capsys, "rgb.cfg", "photo.png", "--build", "2")


@pytest.mark.parametrize(
    ("soc_version", "said"),
    [
        (None, "the product is not known"),
        ("Ascend950PR_9579", "the values are those of the published kernel of Ascend 950, in every bit"),
        ("Ascend310P3", "not exact for Ascend310P: nothing publishes how it rounds"),
        ("Ascend310B1", "not exact for Ascend310B: it keeps mean, min and var_reci in single precision"),
    ],
)
def test_what_is_not_known_is_said(soc_version: str | None, said: str, capsys: Captured) -> None:
    options = () if soc_version is None else (f"--soc-version={soc_version}",)
    words = " ".join(told(capsys, "rgb.cfg", "photo.png", *options).split())

    assert f"note {said}" in words


def test_shares_of_clipped_pixels_are_counted(folder: Path, capsys: Captured) -> None:
    (folder / "gain.cfg").write_text(
        "aipp_op { aipp_mode: static input_format: RGB888_U8 csc_switch: true matrix_r0c0: 512 matrix_r0c1: 0 "
        "matrix_r0c2: 0 matrix_r1c0: 0 matrix_r1c1: 256 matrix_r1c2: 0 matrix_r2c0: 0 matrix_r2c1: 0 matrix_r2c2: 256 "
        "output_bias_0: 0 output_bias_1: 0 output_bias_2: 0 }"
    )
    rows = [line.split() for line in told(capsys, "gain.cfg", "photo.png").splitlines()[-3:]]

    share = 100 * float((made()[..., 0] > 127).mean())
    assert [row[-2] for row in rows] == [f"{share:.2f}", "0.00", "0.00"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["rgb.cfg"], "preview needs a configuration and an image: aipplint preview CONFIG IMAGE"),
        (["none.cfg", "photo.png"], "none.cfg: cannot be read: no such file or directory"),
        (["photo.png", "photo.png"], "photo.png: no aipp_op can be read there"),
        (["rgb.cfg", "none.png"], "none.png: cannot be read: no such file or directory"),
        (["rgb.cfg", "."], ".: cannot be read: is a folder"),
        (["rgb.cfg", "rgb.cfg"], "rgb.cfg: no image that can be read; raw bytes need --size"),
        (["rgb.cfg", "cut.png"], "cut.png: no image that can be read"),
        (["rgb.cfg", "page.eps"], "page.eps: no image that can be read"),
        (["rgb.cfg", "bomb.png"], "bomb.png: too large for a preview; a side may have 8192 pixels"),
        (["rgb.cfg", "wide.png"], "wide.png: too large for a preview; a side may have 8192 pixels"),
        (["rgb.cfg", "small.png"], "the image is H 2, W 3, but the source of the configuration is H 240, W 320"),
        (["rgb.cfg", "photo.png", "--size=320x240"], "bytes are no whole images of H 240, W 320 in RGB888_U8"),
        (["rgb.cfg", "photo.png", "--size=320"], "--size: '320' is no width and height, such as 1920x1080"),
        (["rgb.cfg", "photo.png", "--size=9x9"], "the image is H 9, W 9, but the source"),
        (["rgb.cfg", "photo.png", "-o", "there.npy"], "there.npy: is there already; --force overwrites it"),
        (["rgb.cfg", "photo.png", "-o", "a.txt"], "a.txt: the ending says what to write: .npy, .bin, .png"),
        (["rgb.cfg", "photo.png", "-o", "no/a.npy"], "no/a.npy: cannot be written: no such file or directory"),
        (["rgb.cfg", "photo.png", "--standard=x"], "--standard: 'x' is none of bt601-narrow"),
    ],
)
def test_bad_input_is_one_line(words: list[str], said: str, folder: Path, capsys: Captured) -> None:
    (folder / "there.npy").write_bytes(b"kept")
    (folder / "cut.png").write_bytes((folder / "photo.png").read_bytes()[:300])
    Image.new("RGB", (3, 2)).save(folder / "small.png")
    Image.fromarray(made(8, 8)).save(folder / "page.eps")
    (folder / "bomb.png").write_bytes(bomb(20000))
    (folder / "wide.png").write_bytes(bomb(9000))

    err = told(capsys, *words, code=2)

    assert re.fullmatch(r"aipplint: [^\n]*\n", err)
    assert said in err
    assert (folder / "there.npy").read_bytes() == b"kept"


def test_force_overwrites(folder: Path, capsys: Captured) -> None:
    (folder / "a.npy").write_bytes(b"old")
    told(capsys, "rgb.cfg", "photo.png", "-o", "a.npy", "--force")

    assert np.load(folder / "a.npy").shape == (1, 3, 240, 320)


def test_a_bar_is_shown_on_a_terminal_and_removed() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal, pipe = Terminal(), io.StringIO()
    for stream in (terminal, pipe):
        with Bar("computing", stream, after=0) as bar:
            bar.tick(1, 4)

    assert pipe.getvalue() == ""
    assert terminal.getvalue().endswith("computing [#######.......................] 25 %\r\x1b[K")
