"""Builds with a model: where its file is there, its inputs are the build's."""

from __future__ import annotations

from pathlib import Path

import pytest

import aipplint
from aipplint import Finding, Model, lint
from aipplint.atc.build import Build
from aipplint.cli import main
from aipplint.models.data import Data
from aipplint.models.read import read_model
from aipplint.project.models import Models
from tests.networks import Dim, field, graph_def, onnx, onnx_input, placeholder, value_info

CONFIG = """\
aipp_op {
  aipp_mode: static
  input_format: RGB888_U8
  src_image_size_w: 416
  src_image_size_h: 416
}
"""
SAID = "input `images` of yolo.onnx is 1x3x640x640"


def model_of(content: bytes, name: str = "yolo.onnx") -> Model:
    return read_model(Data.of(content), name)


def found(code: str, read: Model | None, config: str | None = CONFIG, **atc: str) -> list[Finding]:
    framework = {"framework": "5"} if read is None or read.form == "onnx" else {}
    report = lint(config, atc={**framework, **atc}, model=read)
    return [finding for finding in report.findings if finding.code == code]


@pytest.fixture
def deployment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "aipp.cfg").write_text(CONFIG)
    (tmp_path / "yolo.onnx").write_bytes(onnx_input())
    return tmp_path


def said(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    main([*words])
    return capsys.readouterr().out


def test_a_library_call_takes_the_inputs_as_a_value() -> None:
    (finding,) = found("AIPP704", model_of(onnx_input()))
    assert finding.atc_code == "E70014"
    assert finding.related[0].message == SAID
    assert finding.related[0].place.source.path == "yolo.onnx"


def test_an_option_that_names_the_model_is_the_related_place() -> None:
    (finding,) = found("AIPP704", model_of(onnx_input()), model="yolo.onnx")
    source, span = finding.related[0].place
    assert source.text[span.start : span.end] == "yolo.onnx"


def test_read_model_reads_the_file(deployment: Path) -> None:
    model = aipplint.read_model(str(deployment / "yolo.onnx"))
    assert [(one.name, one.dims) for one in model.inputs] == [("images", (1, 3, 640, 640))]


def test_input_shape_wins_over_the_model() -> None:
    assert not found("AIPP704", model_of(onnx_input()), input_shape="images:1,3,416,416")
    (finding,) = found("AIPP704", model_of(onnx_input()), input_shape="images:1,3,224,224")
    assert finding.related[0].place.source.path == "<options>"


def test_a_rank_counts_the_inputs_of_the_model() -> None:
    """--input_shape may list them in another order, or only some."""
    model = model_of(onnx([value_info("info", (1, 4)), value_info("images", (1, 3, 416, 416))]))
    config = CONFIG.replace("aipp_mode", "related_input_rank: 1 aipp_mode")
    assert not found("AIPP704", model, config, input_shape="images:1,3,416,416")
    assert found("AIPP704", model, config, input_shape="images:1,3,224,224")


def test_the_layout_goes_by_the_form_of_the_model() -> None:
    model = model_of(graph_def([placeholder("x", (1, 640, 640, 3))]), "net.pb")
    (finding,) = found("AIPP704", model)
    assert finding.related[0].message == "input `x` of net.pb is 1x640x640x3"


def test_several_inputs_whose_order_is_not_known_are_silent() -> None:
    nodes = [placeholder("x", (1, 640, 640, 3)), placeholder("y", (1, 640, 640, 3))]
    assert not found("AIPP704", model_of(graph_def(nodes), "net.pb"))


@pytest.mark.parametrize("dims", [(1, 3, None, None), ("N", 3, "H", "W"), None])
def test_what_the_model_does_not_say_is_not_known(dims: tuple[Dim, ...] | None) -> None:
    assert not found("AIPP704", model_of(onnx_input("images", dims)))


def test_profiles_go_to_unknown_dimensions_of_the_model() -> None:
    inputs = [value_info("images", (1, 3, 640, 640)), value_info("mask", (1, 1, None, None))]
    options = {"input_shape": "images:1,3,-1,-1", "dynamic_image_size": "416,416;832,832"}
    config = "aipp_op { aipp_mode: static input_format: YUV400_U8 related_input_rank: 1 src_image_size_w: 100 }"
    assert found("AIPP702", model_of(onnx(inputs)), config, **options)


@pytest.mark.parametrize(
    ("code", "dims", "fields", "atc"),
    [
        ("AIPP628", (1, 224, 224, 3), "aipp_mode: static input_format: RGB888_U8", {}),
        ("AIPP705", (1, 224, 224, 3), "aipp_mode: static input_format: RGB888_U8", {"soc_version": "Ascend310P3"}),
        ("AIPP706", (1, 3), "aipp_mode: static input_format: RGB888_U8", {}),
        ("AIPP706", (1, 3), "aipp_mode: dynamic max_src_image_size: 1000", {}),
        ("AIPP709", (1, 1, 32, 100), "aipp_mode: static input_format: RGB888_U8", {}),
        ("AIPP709", (1, 3, 32, 100), "aipp_mode: static input_format: YUV400_U8", {}),
    ],
)
def test_layout_channels_and_rank_are_those_of_the_model(
    code: str, dims: tuple[Dim, ...], fields: str, atc: dict[str, str]
) -> None:
    (finding,) = found(code, model_of(onnx_input("images", dims)), f"aipp_op {{ {fields} }}", **atc)
    shape = "x".join(map(str, dims))
    assert f"input `images` of yolo.onnx is {shape}" in [one.message for one in finding.related]


def test_memory_and_types_go_by_the_model() -> None:
    dynamic = "aipp_op { aipp_mode: dynamic max_src_image_size: 1000 }"
    assert found("AIPP707", model_of(onnx_input()), dynamic)
    assert not found("AIPP707", None, dynamic)
    assert found("AIPP615", model_of(onnx_input()), input_fp16_nodes="images")


def test_a_model_that_cannot_be_read_says_nothing_of_inputs() -> None:
    assert not found("AIPP704", model_of(b"PK\x03\x04"))


COMMAND = "atc --model=yolo.onnx --framework=5 --output=yolo --insert_op_conf=aipp.cfg"


@pytest.mark.parametrize(
    ("script", "speaks"),
    [
        (COMMAND, True),
        (f"{COMMAND} --input_shape=images:1,3,416,416", False),
        (COMMAND.replace("yolo.onnx", "no_such.onnx"), False),
        (COMMAND.replace("yolo.onnx", "$MODEL"), False),
        (f'{COMMAND} "$@"', False),  # it may hold an --input_shape
        (f"cd models\n{COMMAND.replace('yolo.onnx', '../yolo.onnx')}", True),
    ],
)
@pytest.mark.usefixtures("deployment")
def test_found_commands(script: str, speaks: bool, capsys: pytest.CaptureFixture[str]) -> None:
    Path("build.sh").write_text(script + "\n")
    assert (SAID in said(capsys, "check", "--select=AIPP704")) == speaks


@pytest.mark.usefixtures("deployment")
def test_settings(capsys: pytest.CaptureFixture[str]) -> None:
    Path("aipplint.toml").write_text('[[build]]\nconfig = "aipp.cfg"\nmodel = "yolo.onnx"\n')
    text = said(capsys, "check")
    assert "aipplint.toml:3:10" in text
    assert SAID in text


def test_a_model_that_changes_is_read_anew(deployment: Path) -> None:
    """A server outlives the file."""
    models, build = Models(str), Build({}, model_file=str(deployment / "yolo.onnx"))
    assert models.read(build).inputs == models.read(build).inputs
    (deployment / "yolo.onnx").write_bytes(onnx_input("other"))
    assert [shape.name for shape in models.read(build).inputs or ()] == ["other"]
    (deployment / "yolo.onnx").unlink()
    assert models.read(build).inputs is None


@pytest.mark.usefixtures("deployment")
def test_command_lines(capsys: pytest.CaptureFixture[str]) -> None:
    assert SAID in said(capsys, "check", "--model", "yolo.onnx", "aipp.cfg")
    assert SAID in said(capsys, *COMMAND.split())
    assert "works on    input 0 'images' of the model: N 1, C 3, H 640, W 640" in said(
        capsys, "show", "--model=yolo.onnx", "aipp.cfg"
    )


@pytest.mark.usefixtures("deployment")
def test_the_framework_says_what_a_model_is(capsys: pytest.CaptureFixture[str]) -> None:
    """As in ATC, not the name of the file."""
    Path("net.bin").write_bytes(onnx_input())
    assert "net.bin is 1x3x640x640" in said(capsys, "check", "--model=net.bin", "--framework=5", "aipp.cfg")
    assert "net.bin is 1x3x640x640" in said(capsys, "check", "--model=net.bin", "aipp.cfg")


def test_no_model_outside_of_the_repository_is_read(deployment: Path, capsys: pytest.CaptureFixture[str]) -> None:
    inside = deployment / "repository"
    inside.mkdir()
    (inside / ".git").mkdir()
    (inside / "aipp.cfg").write_text(CONFIG)
    (inside / "link.onnx").symlink_to(deployment / "yolo.onnx")
    (inside / "a.sh").write_text(COMMAND.replace("yolo.onnx", "../yolo.onnx") + "\n")
    (inside / "b.sh").write_text(COMMAND.replace("yolo.onnx", "link.onnx") + "\n")
    assert "is 1x3x640x640" not in said(capsys, "check", str(inside))


def test_nothing_is_read_where_there_is_no_model(deployment: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (deployment / "build.sh").write_text(COMMAND.replace("yolo.onnx", "no_such.onnx") + "\n")
    monkeypatch.setattr("aipplint.models.read.read_model", lambda *_: pytest.fail("a model was read"))
    assert main(["check", "--quiet"]) == 0


def test_caffe_inputs_go_by_the_blob_of_their_layer() -> None:
    text = 'layer { name: "l" type: "Input" top: "data" input_param { shape { dim: [1, 3, 640, 640] } } }'
    config = CONFIG.replace("aipp_mode", 'related_input_name: "data" aipp_mode')
    (finding,) = found("AIPP704", model_of(text.encode(), "net.prototxt"), config, framework="0")
    assert finding.related[0].message == "input `l` of net.prototxt is 1x3x640x640"


def test_no_graph_in_the_file() -> None:
    assert not found("AIPP704", model_of(field(1, 8)))
