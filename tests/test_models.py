"""Reading models: what their files say of the inputs, by ``aipplint show`` and in every form."""

from __future__ import annotations

import json
import os
import random
from pathlib import Path
from typing import Any

import pytest

import aipplint
from aipplint.cli import main
from aipplint.models.data import Data
from aipplint.models.model import POINTER, Dims, Feed, Loose, Model
from aipplint.models.read import read_model
from aipplint.schema.validate import violations
from tests.networks import (
    INT64,
    Dim,
    field,
    ge_data,
    graph_def,
    introduction,
    model_def,
    node,
    om,
    onnx,
    onnx_input,
    placeholder,
    text_attribute,
    value_info,
    varint,
    weight,
)

SHARED = Path(__file__).resolve().parent.parent.parent / "shared" / "conformance" / "models"
MUTATIONS = int(os.environ.get("AIPPLINT_TEST_EXAMPLES", "150")) * 10

COMMAND = "atc --model=net.onnx --framework=5 --insert_op_conf=aipp.cfg"
AIPP = field(
    10,
    field(1, "aipp")
    + field(
        2,
        field(
            10,
            field(2, field(1, "aipp_mode") + field(2, field(3, 1)))
            + field(2, field(1, "input_format") + field(2, field(3, 1)))
            + field(2, field(1, "crop") + field(2, field(5, 1))),
        ),
    ),
)
CASE = (
    field(1, "case")
    + field(2, "Case")
    + b"".join(
        field(10, field(1, key) + field(2, value))
        for key, value in (
            ("batch_num", field(3, 2)),
            ("mbatch_dynamic_type", field(3, 2)),
            ("_pred_value_0", field(1, field(3, varint(416) + varint(416)))),
            ("_pred_value_1", field(1, field(3, varint(832) + varint(832)))),
        )
    )
)
FILES = {
    "net.onnx": onnx_input(),
    "net.pb": graph_def([placeholder("x", (1, 224, 224, 3))]),
    "net.air": model_def([ge_data("x", (1, 3, 8, 8), 0)]),
    "net.om": om(model_def([ge_data("x", (1, 3, 8, 8), 0, AIPP), CASE], [text_attribute("atc_cmdline", COMMAND)])),
    "old.om": om(model_def([ge_data("x", (1, 3, 8, 8), 0)]), wide=False),
    "net.mindir": field(1, "0.1.1") + field(7, field(5, field(1, "x") + field(2, field(1, 1) + field(1, 3)))),
    "net.prototxt": b'input: "data"\ninput_dim: 1 input_dim: 3 input_dim: 8 input_dim: 8\nlayer { name: "c" }\n',
}


def read(content: bytes, name: str = "net.onnx") -> Model:
    return read_model(Data.of(content), name)


def shapes(model: Model) -> list[tuple[str, Dims | None]]:
    assert model.readable, model.why
    return [(one.name, one.dims) for one in model.inputs]


@pytest.mark.parametrize(
    ("dims", "shown"),
    [
        ((1, 3, 640, 640), (1, 3, 640, 640)),
        (("N", 3, -1, None), ("N", 3, None, None)),
        ((0, 2**40), (0, 2**40)),
        ((), ()),
        (None, None),
    ],
)
def test_dimensions_are_known_named_or_unknown(dims: tuple[Dim, ...] | None, shown: Dims | None) -> None:
    assert shapes(read(onnx_input("images", dims))) == [("images", shown)]


def test_weights_among_the_inputs_are_none() -> None:
    inputs = [value_info("w", (8, 3)), value_info("images", (1, 3))]
    assert shapes(read(onnx(inputs, weights=[weight("w", (8, 3), bytes(96))]))) == [("images", (1, 3))]


def test_parts_of_a_message_are_merged_and_the_last_of_alternatives_counts() -> None:
    halves = [field(1, field(2, field(1, field(1, dim)))) for dim in (1, 3)]
    merged = field(1, "x") + field(2, halves[0]) + field(2, halves[1])
    sequence = field(1, "q") + field(2, halves[0] + field(4, b""))
    assert shapes(read(onnx([merged, sequence]))) == [("x", (1, 3)), ("q", None)]


def test_numbers_of_ten_bytes_and_groups_are_read() -> None:
    group = varint(9 << 3 | 3) + field(1, 5) + varint(9 << 3 | 4)
    assert shapes(read(group + onnx_input("x", (-1, 3)))) == [("x", (None, 3))]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("net.onnx", [("images", (1, 3, 640, 640))]),
        ("net.pb", [("x", (1, 224, 224, 3))]),
        ("net.air", [("x", (1, 3, 8, 8))]),
        ("net.om", [("x", (1, 3, 8, 8))]),
        ("old.om", [("x", (1, 3, 8, 8))]),
        ("net.mindir", [("x", (1, 3))]),
        ("net.prototxt", [("data", (1, 3, 8, 8))]),
    ],
)
def test_every_form_is_read_by_its_name_and_without_it(name: str, expected: list[tuple[str, Dims]]) -> None:
    assert shapes(read(FILES[name], name)) == expected
    assert shapes(read(FILES[name], "a_file")) == expected


def test_inputs_of_a_compiled_model_go_by_their_index() -> None:
    definition = model_def([ge_data("a", (1,), 1), ge_data("b", (2,), 0)])
    assert shapes(read(om(definition), "net.om")) == [("b", (2,)), ("a", (1,))]


def test_what_to_feed_is_in_the_table_of_a_compiled_model() -> None:
    """It has the dimensions after AIPP, and numbers of its own for types: 4 is UINT8, 0 FLOAT."""
    definition = model_def([ge_data("x", (1, 3, 8, 8), 0)])
    for number, dtype, size in ((4, "UINT8", 300), (0, "FLOAT", 1200), (99, "FLOAT", 1200)):
        model = read(om(definition, introduction("x", (1, 3, 8, 8), (1, 10, 10, 3), number)), "net.om")
        assert model.compiled is not None
        assert model.compiled.feeds == (Feed("x", dtype, (1, 10, 10, 3), "NCHW", size),)


def test_caffe_inputs_are_layers_then_the_old_form() -> None:
    text = """
        input: "z" input_shape { dim: 7 }
        layer { name: "l" type: "Input" top: "blob" input_param { shape { dim: [1, 3] } } }
        layer { name: "t" type: "Input" top: "t" include { phase: TRAIN } input_param { shape { dim: 9 } } }
    """
    model = read(text.encode(), "net.prototxt")
    assert shapes(model) == [("l", (1, 3)), ("z", (7,))]
    assert [one.blob for one in model.inputs] == ["blob", "z"]
    assert model.nodes == frozenset(("l", "z"))


@pytest.mark.parametrize(
    ("operator", "inputs", "loose"),
    [
        ("NonZero", ["x"], True),
        ("NonZero", ["w"], False),  # of a constant: its length is known when the model is compiled
        ("NonZero", ["s"], False),  # of a shape, which is known then, too
        ("TopK", ["x"], False),
    ],
)
def test_outputs_of_data_dependent_length(operator: str, inputs: list[str], loose: bool) -> None:
    model = onnx(
        [value_info("x", (1, 3, 8, 8))],
        [node("Shape", ["x"], ["s"]), node(operator, inputs, ["y"])],
        [value_info("y", None, INT64)],
        [weight("w", (1,), bytes(4))],
    )
    assert read(model).loose == ((Loose("y", operator),) if loose else ())


@pytest.mark.parametrize(
    ("content", "name", "why"),
    [
        (b"", "net.onnx", "empty file"),
        (
            b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 104857600\n",
            "net.onnx",
            "Git LFS pointer: the file itself (104,857,600 bytes) was not fetched",
        ),
        (b"../.git/annex/objects/xx/net.onnx\n", "net.onnx", "git-annex pointer"),
        (b"PK\x03\x04" + bytes(100), "net.onnx", "ZIP archive"),
        (b"<!DOCTYPE html>\n<html></html>", "net.onnx", "HTML page"),
        (bytes(64), "net.onnx", "only zeros"),
        (b"\n  \n", "net.onnx", "only white space"),
        (b'{"graph": {"input": []}}', "net.onnx", "text form (json)"),
        (b'node {\n  name: "x"\n}\n', "net.pb", "text form (pbtxt)"),
        (field(1, 1) + field(2, b""), "saved_model.pb", "SavedModel, not a frozen GraphDef"),
        (onnx_input()[:-3], "net.onnx", "protobuf: a field runs over the end of its message"),
        (field(3, "data") + field(100, b"\n\x05conv1"), "net.prototxt", "binary (a .caffemodel), not text"),
        (b"layer { name: a }", "net.prototxt", "line 1, column 9: name does not take this value"),
        (b'layer { name: "a"\n', "net.prototxt", "line 1, column 7: unclosed block"),
        (FILES["net.om"][:200], "net.om", "truncated header"),
        (FILES["net.om"][:270], "net.om", "truncated partition table"),
        (FILES["net.om"][:-70], "net.om", "partition beyond the end of the file"),
        (b"JUNK" + FILES["net.om"][4:], "net.om", "does not begin with IMOD"),
        (bytes(FILES["net.om"][:80]) + b"\1" + FILES["net.om"][81:], "net.om", "encrypted model"),
        (om(b"\xff" * 40), "net.om", "the model definition is not readable"),
        (b"anything", "a_file", "not a known model format"),
    ],
)
def test_what_is_no_model_is_said(content: bytes, name: str, why: str) -> None:
    model = read(content, name)
    assert not model.readable
    assert why in model.why
    assert (model.trouble == POINTER) == ("pointer" in why)


@pytest.mark.parametrize("name", FILES)
def test_damaged_files_are_read_or_refused(name: str) -> None:
    content, chance = FILES[name], random.Random(1)  # noqa: S311 - damage, no secret
    for _ in range(MUTATIONS // len(FILES)):
        damaged = bytearray(content)
        for _ in range(chance.choice((1, 2, 8))):
            at = chance.randrange(len(damaged) + 1)
            damaged[at : at + chance.randrange(3)] = chance.randbytes(chance.randrange(3))
        read(bytes(damaged), name)


@pytest.mark.parametrize(
    "content",
    [
        varint(1 << 3) * 2_000_000,
        field(7, field(1, b"") * 1_000_000),
        field(7, field(11, field(2, field(1, field(2, field(1, b"") * 1_000_000))))),
        (field(1, field(1, "x") + field(2, "Placeholder"))) * 200_000,
        field(7, field(11, field(1, b"a" * 1_000_000)) * 100),
    ],
    ids=["fields", "operators", "dimensions", "inputs", "names"],
)
@pytest.mark.parametrize("name", ["net.onnx", "net.pb", "net.mindir", "net.air"])
def test_no_file_is_walked_for_long(content: bytes, name: str) -> None:
    """A bound on the work, not on the time: how often and how much is read."""
    asked: list[int] = []

    def read_at(offset: int, size: int) -> bytes:
        asked.append(size)
        return content[offset : offset + size]

    read_model(Data(read_at, len(content)), name)
    assert sum(asked) < 70_000_000
    assert len(asked) < 310_000


def test_weights_are_not_read() -> None:
    weights = [weight(f"w{index}", (1000, 1000), bytes(4_000_000)) for index in range(10)]
    content = onnx([value_info("x", (1, 3))], weights=weights)
    asked: list[int] = []

    def read_at(offset: int, size: int) -> bytes:
        asked.append(size)
        return content[offset : offset + size]

    assert shapes(read_model(Data(read_at, len(content)), "net.onnx")) == [("x", (1, 3))]
    assert sum(asked) < len(content) / 100


def test_a_file_that_becomes_shorter_is_refused() -> None:
    model = read_model(Data(lambda offset, size: FILES["net.onnx"][offset : offset + size // 2], 1000), "net.onnx")
    assert "the file ends too early" in model.why


def shown(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> str:
    assert main(["show", *words]) == code
    return capsys.readouterr().out


def test_show_prints_all_forms(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, content in FILES.items():
        Path(name).write_bytes(content)
    text = shown(capsys, *FILES)
    for line in ("images  FLOAT  1x3x640x640", "data  float32  1x3x8x8", COMMAND, '"416,416;832,832"', "crop: true"):
        assert line in text
    document: dict[str, Any] = json.loads(shown(capsys, *FILES, "--output-format", "json"))
    assert list(violations("show", document)) == []
    assert [one["path"] for one in document["models"]] == list(FILES)
    compiled = document["models"][list(FILES).index("net.om")]["compiled"]
    assert compiled["command"] == COMMAND
    assert compiled["profiles"] == {"option": "dynamic_image_size", "numbers": [[416, 416], [832, 832]]}
    assert compiled["configurations"] == [{"aipp_mode": "static", "input_format": "YUV420SP_U8", "crop": "true"}]
    assert compiled["feed"] == [{"name": "x", "dtype": "FLOAT", "dims": [1, 3, 8, 8], "layout": "NCHW", "bytes": 768}]


def test_names_that_are_not_utf8_are_shown_as_bytes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "net.onnx"
    path.write_bytes(onnx_input("\udcff\udcfe\n"))
    (model,) = json.loads(shown(capsys, str(path), "--output-format", "json"))["models"]
    assert model["inputs"][0]["name"] == "hex:fffe0a"
    assert "\\xff\\xfe\\x0a" in shown(capsys, str(path))


def test_show_says_what_cannot_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "net.onnx"
    assert "no such file or directory" in shown(capsys, str(path), code=2)
    os.mkfifo(tmp_path / "pipe.onnx")
    assert "is a pipe (FIFO)" in shown(capsys, str(tmp_path / "pipe.onnx"), code=2)


def test_a_text_may_be_a_configuration_or_a_network(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    network, configuration = tmp_path / "net.txt", tmp_path / "aipp.prototxt"
    network.write_bytes(FILES["net.prototxt"])
    configuration.write_text("aipp_op { aipp_mode: static input_format: RGB888_U8 }")
    text = shown(capsys, str(network), str(configuration))
    assert "aipp_op 1 (line 1), static AIPP" in text
    assert "data  float32  1x3x8x8" in text


def test_a_large_model_costs_a_few_reads(tmp_path: Path) -> None:
    path = tmp_path / "large.onnx"
    head = onnx([value_info("x", (1, 3, 8, 8))])
    with path.open("wb") as file:
        file.write(head + varint(99 << 3 | 2) + varint(2**30))
        file.truncate(file.tell() + 2**30)
    assert shapes(aipplint.read_model(str(path))) == [("x", (1, 3, 8, 8))]


@pytest.mark.skipif(not SHARED.exists(), reason="../shared/conformance/models is not here")
def test_what_the_real_libraries_see() -> None:
    """All but two: a file of no bytes is called a network in one label, and an .om is sorted by its indexes here."""
    doubted = {"files/c041.prototxt", "files/m002.om"}
    wrong = []
    for case in json.loads((SHARED / "expected.json").read_text())["cases"]:
        model = read((SHARED / case["file"]).read_bytes(), case["file"])
        lenient = case["status"] == "unreadable" and "mutation" in case
        expected = None if case["status"] != "ok" else [(_label(one["name"]), one["dims"]) for one in case["inputs"]]
        found = None if not model.readable else [(one.name, one.dims) for one in model.inputs]
        if case["file"] not in doubted and not lenient and _plain(found) != _plain(expected):
            wrong.append((case["file"], found, expected))
    assert wrong == []


def _label(name: str) -> str:
    return bytes.fromhex(name[4:]).decode("utf-8", "surrogateescape") if name.startswith("hex:") else name


def _plain(inputs: list[tuple[str, Any]] | None) -> list[tuple[str, Any]] | None:
    if inputs is None:
        return None
    return [(name, None if dims is None else [None if d in (-1, "") else d for d in dims]) for name, dims in inputs]
