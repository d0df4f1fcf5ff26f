"""One cause is one finding, which says where its value comes from."""

from __future__ import annotations

from pathlib import Path

import pytest

from aipplint import lint
from aipplint.cli import main
from aipplint.findings import Finding
from aipplint.models.data import Data
from aipplint.models.read import read_model
from aipplint.run.execute import check
from aipplint.run.session import Request, Session
from tests.networks import onnx, onnx_input, value_info

ATC = "atc --model=net.onnx --framework=5 --output=net --soc_version=Ascend310P3 "


def found(folder: Path, monkeypatch: pytest.MonkeyPatch, **files: str) -> list[Finding]:
    """What is found in a script, ``build``, among other files; names are without suffix."""
    for name, text in files.items():
        (folder / (f"{name}.md" if name == "README" else f"{name}.sh")).write_text(text)
    monkeypatch.chdir(folder)
    return list(check(Session(Request(isolated=True)), "build.sh").findings)


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        ("--input_shape=\u201cx:1,3,8,8\u201d", "AIPP601", "typographic quotes \u201c \u201d"),
        ('--input_shape="x:1,3,8,8"--log=info', "AIPP601", "space before --log"),
        ('--input_shape="x:1,3,8,8"--log=info--out_nodes=y', "AIPP601", "space before --log"),
        ('--input_shape="x:1,3,8,8 --out_nodes=y:0" --log=info', "AIPP611", "--out_nodes"),
        ("--input_format=NCHW--log=info", "AIPP609", "space before --log"),
        ('--input_shape="x:[1~8,3];y:[1~8,3]"', "AIPP601", "; write x:1~8,3;y:1~8,3"),
        ('--input_shape="x:a,a;y:a,a"', "AIPP601", "a"),
        ('--input_shape="x:-1,3" --dynamic_batch_size="x:1,3;y:2"', "AIPP602", "--input_shape"),
    ],
)
def test_one_cause_is_one_error(
    options: str, code: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    findings = found(tmp_path, monkeypatch, build=f"{ATC}{options}\n")

    assert [(finding.code, str(finding.severity)) for finding in findings] == [(code, "error")]
    assert said in findings[0].message


def test_what_explains_an_error_on_its_line_has_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (finding,) = found(tmp_path, monkeypatch, build=f'{ATC}--input_shape="x:1,3,8,8"--log=info\n')

    assert finding.place.source.text[slice(*finding.span)].startswith("--log")


def test_two_mistakes_are_two_errors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    findings = found(tmp_path, monkeypatch, build=f'{ATC}--input_shape="x:1.5,3;y:a,3"\n')

    assert [finding.code for finding in findings] == ["AIPP601", "AIPP601"]


def test_a_value_from_a_call_elsewhere_has_the_call_as_related(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    readme = "```\nbash build.sh 12x8 Ascend310P3\n```\n"
    (finding,) = found(tmp_path, monkeypatch, build=f'{ATC}--input_shape="x:8,$1"\n', README=readme)

    ((place, *_),) = finding.related
    assert (place.source.path, place.source.text[slice(*place.span)]) == ("README.md", "12x8")


def test_a_slip_without_an_error_is_told_as_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    script = tmp_path / "build.sh"
    script.write_text(f'{ATC}--input_shape="x:1,3"  --log=info--mode=0\n')

    assert main(["check", "--isolated", "--output-format=concise", str(script)]) == 1
    assert "space before --mode" in capsys.readouterr().out


STATIC = "aipp_op { aipp_mode: static input_format: RGB888_U8 src_image_size_w: 8 src_image_size_h: 8 }"
DYNAMIC = "aipp_op { aipp_mode: dynamic max_src_image_size: 32 }"


@pytest.mark.parametrize("config", [STATIC, DYNAMIC], ids=["static", "dynamic"])
@pytest.mark.parametrize("shape", ["3,640,640", "1,640,640", "640,640,3", "640,3", "1,3,4,640,640"])
def test_a_rank_that_the_model_contradicts_has_no_consequences(shape: str, config: str) -> None:
    """Everything else about that shape would be about an input that the model does not have."""
    model = read_model(Data.of(onnx_input("images", (1, 3, 640, 640))), "net.onnx")
    report = lint(config, atc={"framework": "5", "input_shape": f"images:{shape}"}, model=model)

    assert [finding.code for finding in report.findings] == ["AIPP643"]


def test_a_rank_of_another_input_hides_nothing() -> None:
    model = read_model(Data.of(onnx([value_info("images", (1, 4)), value_info("mask", (1, 3, 8, 8))])), "net.onnx")
    report = lint(STATIC, atc={"framework": "5", "input_shape": "images:1,4;mask:1,8,8"}, model=model)

    assert [finding.code for finding in report.findings] == ["AIPP706", "AIPP643"]
