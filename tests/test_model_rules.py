"""What ATC holds against the model (facts M0 to M23): which checks are errors, with which code, which are silent."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aipplint import Finding, Model, lint, read_model
from aipplint.atc.build import Build
from aipplint.cli import main
from aipplint.models.data import Data
from aipplint.models.model import Input, Loose
from aipplint.models.read import read_model as read
from tests.networks import INT64, field, graph_def, node, onnx, onnx_input, placeholder, value_info, varint, weight

STATIC = "aipp_op { aipp_mode: static input_format: RGB888_U8 %s }"
FIXED = read(Data.of(onnx_input()), "yolo.onnx")
DYNAMIC = read(Data.of(onnx_input("images", ("N", 3, "H", "W"))), "yolo.onnx")
TWO = read(Data.of(onnx([value_info("images", (1, 3, "H", "W")), value_info("info", ("N", 4))])), "two.onnx")
LATER = read(Data.of(onnx([value_info("images", ("N", 3, 8, 8)), value_info("info", ("N", 4))])), "later.onnx")
WITH_NODES = read(
    Data.of(
        onnx(
            [value_info("images", (1, 3, 8, 8)), value_info("w", (4,))],
            [node("Relu", ["images"], ["y"], "relu")],
            weights=[weight("w", (4,), bytes(16))],
        )
    ),
    "net.onnx",
)
GRAPH = read(Data.of(graph_def([placeholder("x", (-1, 224, 224, 3)), field(1, "conv") + field(2, "Conv2D")])), "net.pb")
CAFFE = read(
    Data.of(
        b'layer { name: "l" type: "Input" top: "data" input_param { shape { dim: [1, 3, 8, 8] } } }'
        b'layer { name: "c" type: "Convolution" bottom: "data" top: "c" }'
    ),
    "net.prototxt",
)
NON_ZERO = read(
    Data.of(
        onnx(
            [value_info("images", (1, 3, "H", "W"))],
            [node("NonZero", ["images"], ["found"]), node("Relu", ["images"], ["kept"])],
            [value_info("found", None, INT64), value_info("kept", None)],
        )
    ),
    "net.onnx",
)
FRAMEWORKS = {"onnx": "5", "tensorflow": "3", "caffe": "0"}
PROFILES = {"dynamic_image_size": "416,416;832,832"}


def found(model: Model, config: str | None = None, **atc: str) -> list[Finding]:
    report = lint(config, atc={"framework": FRAMEWORKS.get(model.form, "5"), **atc}, model=model)
    mine = ("AIPP64", "AIPP72", "AIPP211")
    return [finding for finding in report.findings if finding.code.startswith(mine)]


def codes(model: Model, config: str | None = None, **atc: str) -> list[tuple[str, str, str]]:
    return [(one.code, str(one.severity), one.atc_code) for one in found(model, config, **atc)]


@pytest.mark.parametrize(
    ("model", "atc", "expected"),
    [
        # M1
        (WITH_NODES, {"input_fp16_nodes": "relu"}, [("AIPP642", "error", "E10017")]),
        (WITH_NODES, {"input_fp16_nodes": "images;no"}, [("AIPP642", "error", "E10016")]),
        # M2
        (DYNAMIC, {}, [("AIPP641", "error", "E10001")]),
        (DYNAMIC, {"input_shape": "images:1,3,8,8"}, []),
        (DYNAMIC, {"input_shape": "images:-1,3,8,8"}, []),
        (DYNAMIC, {"out_nodes": "y:0"}, []),
        (FIXED, {}, []),
        (TWO, {"input_shape": "images:1,3,8,8"}, [("AIPP641", "error", "E10001")]),
        (GRAPH, {}, [("AIPP641", "error", "E10001")]),
        # M3, M4
        (FIXED, {"input_shape": "image:1,3,640,640"}, [("AIPP642", "error", "E10016")]),
        (WITH_NODES, {"input_shape": "relu:1,3,8,8"}, [("AIPP642", "error", "E10017")]),
        (WITH_NODES, {"input_shape": "w:4"}, [("AIPP642", "error", "E10017")]),
        (WITH_NODES, {"input_shape": "relu:1~4,3,8,8"}, [("AIPP642", "error", "E10017")]),
        (GRAPH, {"input_shape": "conv:1,224,224,3"}, []),  # becomes an input
        (GRAPH, {"input_shape": "conv:1~4,224,224,3"}, [("AIPP642", "error", "E10017")]),
        (GRAPH, {"input_shape": "x:0:1,224,224,3"}, [("AIPP642", "error", "E10016")]),
        (CAFFE, {"input_shape": "data:1,3,8,8"}, [("AIPP642", "error", "E10016")]),
        (CAFFE, {"input_shape": "c:1,3,8,8"}, [("AIPP642", "error", "E10017")]),
        (CAFFE, {"input_shape": "l:1,3,8,8"}, []),
        # M5
        (FIXED, {"input_shape": "images:3,640,640"}, [("AIPP643", "error", "E11010")]),
        (CAFFE, {"input_shape": "l:3,8,8"}, []),
        # M6
        (FIXED, {"input_shape": "images:1,3,416,416"}, [("AIPP644", "warning", "")]),
        (FIXED, {"input_shape": "images:8,3,640,640"}, [("AIPP644", "info", "")]),
        (DYNAMIC, {"input_shape": "images:8,3,416,416"}, []),
        # M7
        (FIXED, {"input_shape": "images:1,3,-1,-1", **PROFILES}, [("AIPP722", "warning", "")]),
        (DYNAMIC, {"input_shape": "images:1,3,-1,-1", **PROFILES}, []),
        # M8
        (TWO, {"input_shape": "images:1,3,-1,-1", **PROFILES}, [("AIPP645", "error", "E10019")]),
        (TWO, {"input_shape": "images:1,3,-1,-1;info:1,4", **PROFILES}, []),
        # M9: the images keep H and W, behind a batch that is fixed
        (TWO, {"input_shape": "info:-1,4", "dynamic_batch_size": "1,2"}, [("AIPP645", "error", "")]),
        (DYNAMIC, {"input_shape": "images:-1,3,8,8", "dynamic_batch_size": "1,2"}, []),
        (LATER, {"input_shape": "images:-1,3,8,8", "dynamic_batch_size": "1,2"}, []),
        # M10
        (TWO, {"input_shape": "info:-1,4", "dynamic_dims": "1;2"}, [("AIPP645", "error", "E10001")]),
        # M12
        (NON_ZERO, {"input_shape": "images:1,3,-1,-1", **PROFILES}, [("AIPP721", "error", "E19999")]),
        (NON_ZERO, {"input_shape": "images:1,3,-1,-1", "out_nodes": "relu:0", **PROFILES}, []),
        (NON_ZERO, {"input_shape": "images:1,3,8,8"}, []),
    ],
)
def test_options(model: Model, atc: dict[str, str], expected: list[tuple[str, str, str]]) -> None:
    assert codes(model, **atc) == expected


@pytest.mark.parametrize(
    ("model", "fields", "expected"),
    [
        (FIXED, "", []),
        (FIXED, "related_input_rank: 1", [("AIPP211", "error", "E10052")]),  # M14
        (WITH_NODES, "related_input_rank: 1", [("AIPP211", "error", "E10052")]),  # the weight is no input
        (CAFFE, 'related_input_name: "l"', [("AIPP211", "error", "E10052")]),  # M15: the layer, not its top
        (CAFFE, 'related_input_name: "data"', []),
    ],
)
def test_operators(model: Model, fields: str, expected: list[tuple[str, str, str]]) -> None:
    assert codes(model, STATIC % fields) == expected


@pytest.mark.parametrize(
    ("dtype", "speaks"),
    [(1, False), (10, False), (2, False), (3, False), (7, True), (9, True), (0, False), (99, False)],
)
def test_types_of_inputs(dtype: int, speaks: bool) -> None:
    model = read(Data.of(onnx_input("x", (1, 3, 8, 8), dtype)), "net.onnx")
    assert codes(model, STATIC % "") == ([("AIPP720", "warning", "")] if speaks else [])


@pytest.mark.parametrize(
    ("content", "framework", "code"),
    [
        (b"", "5", "E13015"),
        (b"", "3", "E13015"),
        (b"PK\x03\x04" + bytes(60), "5", "E13005"),
        (onnx_input()[:-3], "5", "E13005"),
        (field(1, 1) + field(2, b""), "3", "E13005"),
        (b"\xff" * 20, "1", "E10041"),
    ],
)
def test_unreadable_models(content: bytes, framework: str, code: str, tmp_path: Path) -> None:
    (tmp_path / "net").write_bytes(content)
    form = {"5": "onnx", "3": "tensorflow", "1": "air"}[framework]
    model = read(Data.of(content), "net", form)
    report = lint(None, atc={"framework": framework}, model=model)
    assert [(one.code, one.atc_code) for one in report.findings] == [("AIPP640", code)]


@pytest.mark.parametrize(
    ("form", "framework"), [("caffe", 0), ("air", 1), ("tensorflow", 3), ("onnx", 5), ("mindir", None)]
)
def test_a_model_says_the_framework_where_nothing_else_does(form: str, framework: int | None) -> None:
    model = Model("net", form)
    assert Build({}, model=model).framework == framework


def test_what_is_too_much_work_proves_nothing() -> None:
    model = read(Data.of(field(7, field(11, b"") * 400_000)), "net.onnx")
    assert not model.readable
    assert codes(model) == []


def test_a_model_above_2_gb(tmp_path: Path) -> None:
    path = tmp_path / "net.onnx"
    with path.open("wb") as file:
        file.write(onnx_input() + varint(99 << 3 | 2) + varint(2**31))
        file.truncate(file.tell() + 2**31)
    assert codes(read_model(str(path))) == [("AIPP640", "error", "E13015")]


@pytest.mark.parametrize(("missing", "code"), [(True, "[AIPP640]"), (False, "no findings")])
def test_a_missing_model_is_an_error_in_a_command_line_alone(
    missing: bool, code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    if not missing:
        Path("net.onnx").write_bytes(onnx_input())
    Path("aipp.cfg").write_text(STATIC % "")
    command = "atc --model=net.onnx --framework=5 --soc_version=Ascend310P3 --output=net --insert_op_conf=aipp.cfg"
    Path("build.sh").write_text(command + "\n")
    assert main(["check"]) == 0
    capsys.readouterr()
    assert main(["atc", "--output-format=concise", *command.split()[1:]]) == int(missing)
    captured = capsys.readouterr()
    assert code in captured.out + captured.err


def test_a_model_that_was_not_fetched_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("net.onnx").write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1000000\n")
    Path("aipp.cfg").write_text(STATIC % "")
    Path("build.sh").write_text("atc --model=net.onnx --framework=5 --output=net --insert_op_conf=aipp.cfg\n")
    assert main(["check", "--output-format=concise"]) == 0
    assert "info: net.onnx is not read: Git LFS pointer" in capsys.readouterr().out


def test_characters_in_the_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("my net.onnx").write_bytes(onnx_input())
    assert main(["atc", "--output-format=concise", "--model=my net.onnx", "--framework=5"]) == 1
    assert "ATC does not allow ' ' in it [AIPP646]" in capsys.readouterr().out

    repository = tmp_path / "a folder"
    repository.mkdir()
    Path("my net.onnx").rename(repository / "net+.onnx")
    (repository / "aipp.cfg").write_text(STATIC % "")
    (repository / "build.sh").write_text("atc --model=net+.onnx --framework=5 --insert_op_conf=aipp.cfg\n")
    assert main(["check", "--output-format=concise", str(repository)]) == 1
    assert "the path of the model is net+.onnx; ATC does not allow '+' in it" in capsys.readouterr().out


def test_a_wrong_name_gets_the_right_one() -> None:
    (finding,) = found(FIXED, input_shape="image:1,3,640,640")
    assert finding.help == "did you mean images?"
    assert finding.related[0].message == "its inputs are images"
    source, span = finding.place
    assert source.text[span.start : span.end] == "image"


def test_profiles_reach_inputs_that_are_not_listed() -> None:
    """M8: exactly H and W are unknown, so that the sizes go there as well."""
    model = read(Data.of(onnx([value_info("a", (1, 3, "H", "W")), value_info("b", (1, 3, "H", "W"))])), "net.onnx")
    report = lint(
        STATIC % "related_input_rank: 1 src_image_size_w: 8",
        atc={"framework": "5", "input_shape": "a:1,3,-1,-1", **PROFILES},
        model=model,
    )
    assert "AIPP645" not in [finding.code for finding in report.findings]


NAMES = st.sampled_from(["a", "b", "", "a:0", "a;b", "\udcff", "{x}", "图像", "\n"])
DIMS = st.one_of(st.none(), st.lists(st.one_of(st.none(), NAMES, st.integers(-3, 2**64)), max_size=5).map(tuple))
INPUTS = st.builds(Input, NAMES, st.sampled_from([None, "FLOAT", "INT64", "DT_HALF", "99"]), DIMS)
MODELS = st.builds(
    Model,
    NAMES,
    st.sampled_from(["onnx", "caffe", "tensorflow", "air", "mindir", "om", "other"]),
    st.sampled_from(["", "", "", "{why}"]),
    st.lists(INPUTS, max_size=3).map(tuple),
    st.one_of(st.none(), st.frozensets(NAMES)),
    st.lists(st.builds(Loose, NAMES, NAMES), max_size=2).map(tuple),
)
OPTIONS = st.fixed_dictionaries(
    {},
    optional={
        "framework": st.sampled_from(["0", "1", "3", "5"]),
        "input_format": st.sampled_from(["NCHW", "NHWC", "ND"]),
        "input_shape": st.sampled_from(["a:1,3,8,8", "a:1,3,-1,-1", "b:-1", "1,3,8,8", "a:1~4,3", "", ":1"]),
        "dynamic_image_size": st.sampled_from(["8,8;16,16", "8"]),
        "dynamic_batch_size": st.just("1,2"),
        "dynamic_dims": st.just("1;2"),
        "input_fp16_nodes": st.sampled_from(["a", "b;{x}"]),
    },
)


@settings(deadline=None)
@given(MODELS, OPTIONS, st.sampled_from([None, STATIC % "", STATIC % "related_input_rank: 1"]))
def test_any_model_is_linted(model: Model, atc: dict[str, str], config: str | None) -> None:
    report = lint(config, atc=atc, model=model)
    assert "AIPP903" not in [finding.code for finding in report.findings]
