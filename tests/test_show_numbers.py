"""``aipplint show`` in numbers and code: right for whole images, and the code runs."""

from __future__ import annotations

import re
import sys
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aipplint.cli import main
from aipplint.config.colour import colour_of
from aipplint.hardware.csc import FULL_601, NARROW_601, exchange_rows
from aipplint.hardware.formats import image_bytes
from aipplint.preview import preview
from aipplint.preview.code import code_of
from aipplint.preview.parameters import parameters_of
from aipplint.preview.pixel import channels_of
from aipplint.preview.tensor import one_operator, read
from tests.pictures import made
from tests.test_preview import fields, text_of

Captured = pytest.CaptureFixture[str]
YUV = """\
aipp_op {
  aipp_mode: static
  input_format: YUV420SP_U8
  src_image_size_w: 12
  src_image_size_h: 8
  csc_switch: true
  mean_chn_0: 16
  var_reci_chn_1: 0.5
}
"""


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "aipp.cfg"
    path.write_text(YUV)
    return path


def shown(capsys: Captured, *words: str, code: int = 0) -> str:
    assert main(["show", *words]) == code
    out, err = capsys.readouterr()
    return out if code == 0 else err


def executed(code: str) -> Callable[[bytes], Any]:
    names: dict[str, Any] = {"__name__": "made"}
    exec(code, names)  # noqa: S102 - the code that aipplint makes, which is what is tested
    return names["preprocess"]  # type: ignore[no-any-return]


def code_for(kind: str, text: str) -> str:
    op = one_operator(read(text))
    colour = colour_of(op)
    assert colour is not None
    return code_of(kind, parameters_of(op), colour, "aipp.cfg")


def tensor_of(text: str, image: bytes) -> Any:
    window = parameters_of(one_operator(read(text))).window
    size = {"h": window.output.height, "w": window.output.width}
    return preview(text, image, window.source.width, window.source.height, size)


def image_for(given: dict[str, Any], chance: Any) -> bytes:
    pixels = given["src_image_size_h"] * given["src_image_size_w"]
    return bytes(chance.randrange(256) for _ in range(image_bytes(given["input_format"], pixels) or 0))


@settings(max_examples=40, deadline=None)
@given(fields(), st.randoms())
def test_code_for_numpy_is_equal_in_every_bit(given: dict[str, Any], chance: Any) -> None:
    image, text = image_for(given, chance), text_of(given)

    found, wanted = executed(code_for("numpy", text))(image), tensor_of(text, image)

    assert found.tobytes() == wanted.tobytes()


def _near(found: Any, wanted: Any, text: str) -> bool:
    """Whether values are those of the chip before its roundings to half: a quarter of a level, and what is infinite."""
    factors = [abs(channel.reciprocal) for channel in parameters_of(one_operator(read(text))).channels]
    ours, chips = (np.clip(side.astype(np.float64), -65000, 65000) for side in (found, wanted))
    return bool(np.allclose(ours, chips, rtol=4e-3, atol=0.25 * max(factors) + 0.01))


def test_code_for_opencv_is_near() -> None:
    pytest.importorskip("cv2", reason="opencv-python-headless is not installed")

    @settings(max_examples=25, deadline=None)
    @given(fields(), st.randoms())
    def near(given: dict[str, Any], chance: Any) -> None:
        image, text = image_for(given, chance), text_of(given)
        assert _near(executed(code_for("opencv", text))(image), tensor_of(text, image), text)

    near()


def test_nodes_of_onnx_are_near() -> None:
    pytest.importorskip("onnx", reason="onnx is not installed")
    from onnx.checker import check_model
    from onnx.reference import ReferenceEvaluator

    @settings(max_examples=15, deadline=None)
    @given(fields(), st.randoms())
    def near(given: dict[str, Any], chance: Any) -> None:
        image, text = image_for(given, chance), text_of(given)
        names: dict[str, Any] = {"__name__": "made"}
        exec(code_for("onnx", text), names)  # noqa: S102 - as above
        model = names["model"]()
        check_model(model, full_check=True)
        (found,) = ReferenceEvaluator(model).run(None, {"image": np.frombuffer(image, np.uint8)})
        assert _near(found, tensor_of(text, image), text)

    near()


def install_torchvision(monkeypatch: pytest.MonkeyPatch) -> None:
    """As much of torchvision as the code uses, on arrays: torch is too large for a test."""
    transforms, functional = types.ModuleType("transforms"), types.ModuleType("functional")
    vars(functional)["crop"] = lambda p, top, left, height, width: p[top : top + height, left : left + width]
    each: dict[str, Any] = {
        "Compose": lambda steps: lambda one: _through(steps, one),
        "Lambda": lambda function: function,
        "ToTensor": lambda: lambda picture: picture.transpose(2, 0, 1) / 255,
        "Normalize": lambda mean, std: lambda t: (t - np.reshape(mean, (3, 1, 1))) / np.reshape(std, (3, 1, 1)),
        "Pad": lambda sides, fill: (
            lambda t: np.pad(t, ((0, 0), (sides[1], sides[3]), (sides[0], sides[2])), constant_values=fill)
        ),
    }
    for name, made_of in each.items():
        vars(transforms)[name] = made_of
    vars(transforms)["functional"] = functional
    package = types.ModuleType("torchvision")
    vars(package)["transforms"] = transforms
    for name, module in (("", package), (".transforms", transforms)):
        monkeypatch.setitem(sys.modules, f"torchvision{name}", module)


def _through(steps: list[Callable[[Any], Any]], one: Any) -> Any:
    for step in steps:
        one = step(one)
    return one


def _picture_config(image_format: str, more: str) -> str:
    return (
        f"aipp_op {{ aipp_mode: static input_format: {image_format} src_image_size_w: 32 src_image_size_h: 24 {more} "
        "crop: true crop_size_w: 16 crop_size_h: 12 load_start_pos_w: 4 load_start_pos_h: 2 padding: true "
        "left_padding_size: 3 padding_value: 0.25 mean_chn_0: 100 min_chn_1: 3.5 var_reci_chn_2: 0.0171247538 }"
    )


def test_code_for_torchvision_does_the_same_to_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    install_torchvision(monkeypatch)
    picture = made(24, 32)
    for order, more in (("rgb", ""), ("bgr", "rbuv_swap_switch: true")):
        text = _picture_config("RGB888_U8", more)
        names: dict[str, Any] = {}
        exec(code_for("torchvision", text), names)  # noqa: S102 - as above

        assert _near(names["transform"](picture), tensor_of(text, picture.tobytes())[0], text), order


def test_code_for_torchvision_is_refused_where_the_model_gets_no_rgb() -> None:
    for more in (
        "",
        "csc_switch: true matrix_r0c0: 256 "
        + " ".join(f"matrix_r{r}c{c}: 0" for r in range(3) for c in range(3) if r + c),
    ):
        with pytest.raises(Exception, match=r"torchvision works on RGB, but the model gets (YUV444|GRAY)"):
            code_for("torchvision", _picture_config("YUV420SP_U8", more))


@settings(max_examples=30, deadline=None)
@given(fields(), st.tuples(*[st.integers(0, 255)] * 4))
def test_one_pixel_is_what_a_whole_image_of_it_is(given: dict[str, Any], pixel: tuple[int, ...]) -> None:
    given = {name: value for name, value in given.items() if "padding" not in name}
    text, op = text_of(given), one_operator(read(text_of(given)))
    parameters = parameters_of(op)
    height, width = parameters.window.source
    image_format = given["input_format"]
    if image_format == "YUV420SP_U8":
        image = bytes(pixel[:1]) * (height * width) + bytes(pixel[1:3]) * (height * width // 4)
        stored = pixel[:3]
    else:
        count = {"YUV400_U8": 1, "RGB888_U8": 3, "XRGB8888_U8": 4}[image_format]
        image = bytes(pixel[:count]) * (height * width)
        stored = (*pixel[:count], 0, 0)[parameters.first : parameters.first + 3]

    values = [channel.value for channel in channels_of(parameters, stored)]  # type: ignore[arg-type]

    assert np.array(values, np.float16).tobytes() == np.ascontiguousarray(tensor_of(text, image)[0, :, 0, 0]).tobytes()


def test_pixel_shows_every_step(config: Path, capsys: Captured) -> None:
    out = shown(capsys, str(config), "--pixel", "81,90,240")

    assert "channel 0: (298 * (81 - 16) + 516 * (90 - 128) + 128) >> 8 = -1, clipped to 0" in out
    assert "  (0 - 16) * 1 = -16" in out
    assert "channel 2: (298 * (81 - 16) + 409 * (240 - 128) + 128) >> 8 = 255" in out


def test_numbers_show_the_matrix_and_well_known_colours(config: Path, capsys: Captured) -> None:
    out = shown(capsys, str(config), "--numbers")

    assert "channel 1 = (|   298  -100  -208 | * | byte 1 - 128 | + 128) / 256 +   0" in out
    rows = {line.split()[0]: line for line in out.splitlines() if line.startswith("  ")}
    assert re.search(r"white +235, 128, 128 +255, 255, 255 +239, 127.5, 255$", rows["white"])
    assert re.search(r"black +16, 128, 128 +0, 0, 0 +-16, 0, 0$", rows["black"])
    assert "the product is not known" in out


def test_code_is_printed_for_one_configuration(config: Path, capsys: Captured) -> None:
    for kind in ("numpy", "opencv", "torchvision", "onnx"):
        compile(shown(capsys, str(config), "--as", kind), kind, "exec")
    image = bytes(range(144))
    code = shown(capsys, str(config), "--as=numpy")
    assert executed(code)(image).tobytes() == preview(YUV, image, 12, 8, {"h": 8, "w": 12}).tobytes()
    assert "--as and --svg are for one" in shown(capsys, str(config), str(config), "--as=numpy", code=2)
    assert "exclude each other" in shown(capsys, str(config), "--svg", "--as=numpy", code=2)


@pytest.mark.parametrize("pixel", ["1,2", "1,2,x", "1,2,256", "1,2,3,4", "1,2,99999999999", "-1,2,3"])
def test_a_pixel_that_is_none_is_one_line(pixel: str, config: Path, capsys: Captured) -> None:
    err = shown(capsys, str(config), f"--pixel={pixel}", code=2)

    assert err == "aipplint: a pixel of YUV420SP_U8 is 3 numbers of 0 to 255, such as 16,128,128\n"


@pytest.mark.parametrize("option", ["--numbers", "--pixel=16,128,128", "--as=numpy", "--svg"])
def test_what_is_no_description_has_no_json(option: str, config: Path, capsys: Captured) -> None:
    assert "--output-format json is for the description" in shown(capsys, str(config), option, "-f", "json", code=2)


def test_drawing_has_the_sizes(config: Path, capsys: Captured) -> None:
    config.write_text(YUV.replace("}", "crop: true crop_size_w: 6 crop_size_h: 4 padding: true left_padding_size: 2 }"))
    out = shown(capsys, str(config), "--svg")

    for text in ("source H 8, W 12", "crop H 4, W 6", "output H 4, W 8", "at H 0, W 2"):
        assert f">{text}</text>" in out
    assert out.startswith("<svg ")
    assert out.endswith("</svg>\n")


def test_two_configurations_show_what_differs(config: Path, capsys: Captured) -> None:
    other = config.with_name("other.cfg")
    other.write_text(YUV.replace("mean_chn_0: 16", "mean_chn_0: 17"))
    out = shown(capsys, "aipp.cfg", "other.cfg")

    gone, new = (re.findall(rf"^[{sign}] values +(.*)$", out, re.MULTILINE) for sign in "-+")
    assert gone == ["channel 0 B: (0..255 - 16) * 1 = -16 to 239"]
    assert new == ["channel 0 B: (0..255 - 17) * 1 = -17 to 238"]
    other.write_text(YUV)
    assert shown(capsys, "aipp.cfg", "other.cfg").endswith("- aipp.cfg\n+ other.cfg\n  both do the same\n")


def test_standards_are_those_of_the_configuration(config: Path, capsys: Captured) -> None:
    for standard, white in ((FULL_601, "255, 128, 128"), (NARROW_601, "235, 128, 128")):
        cells = enumerate(exchange_rows(standard.to_rgb, 0, 2))
        more = "".join(f"matrix_r{at // 3}c{at % 3}: {cell} " for at, cell in cells)
        biases = "".join(f"input_bias_{at}: {bias} " for at, bias in enumerate(standard.bias))
        config.write_text(YUV.replace("}", f"{more}{biases}}}"))

        assert f"white   {white}" in shown(capsys, "aipp.cfg", "--numbers")
