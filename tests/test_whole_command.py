"""AIPP629 to AIPP634: whole commands in scripts, and the traps beside them."""

from __future__ import annotations

import pytest

import aipplint
from aipplint.atc.build import Build
from aipplint.atc.options import options_of_mapping
from aipplint.pipeline import Use, lint_source
from aipplint.project.resolved import builds_of
from aipplint.readers.languages import SHELL, read
from aipplint.rules import RULES
from aipplint.source import Source

CODES = [f"AIPP{code}" for code in (608, 629, 630, 631, 632, 633, 634)]
FULL = "--model=net.onnx --framework=5 --output=net --soc_version=Ascend310P3"
CAFFE = "--model=net.prototxt --framework=0 --output=net --soc_version=Ascend310P3"


def said(command: str, config: str | None = None, **extra: str) -> list[tuple[str, str]]:
    """Rule and code of the errors and warnings of this family in a script; ``extra`` are options of the settings."""
    found = read(SHELL, Source("convert.sh", command), "")
    builds = [one.build for one in builds_of(found, "", "/", lambda *_: None, in_document=False)]
    uses = [Use(build.with_options({**build.options, **options_of_mapping(extra)})) for build in builds]
    source = None if config is None else Source("aipp.cfg", config)
    rules = [rule for rule in RULES if rule.code in CODES]
    return [(finding.code, finding.atc_code) for finding in lint_source(source, uses, rules).findings]


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (f"atc {FULL}", []),
        (f"atc {CAFFE}", [("AIPP629", "E10008")]),
        (f"atc {CAFFE} --weight=net.caffemodel", []),
        (f"atc {CAFFE} --weight net.caffemodel", []),
        (f"atc {CAFFE} --weight=$WEIGHT", []),
        (f"atc {CAFFE} --log info stray", []),
        (f"atc {FULL} --input_hint_shape=0:[1,3,8,8]", []),
        (f"atc {CAFFE} --weight=", [("AIPP629", "E10008")]),
        (f"atc {CAFFE} --mode=0", [("AIPP629", "E10008")]),
        ("atc --framework=5 --model=net.onnx --output=net", [("AIPP634", "E10054")]),
        ("atc --model=net.onnx --output=net --soc_version=Ascend310P3", [("AIPP634", "E10007")]),
        (f"atc {FULL} --is_input_adjust_hw_layout='true, false'", []),
        (f"atc {FULL} --is_input_adjust_hw_layout=True", [("AIPP632", "E10005")]),
        (
            f"atc {FULL} --input_shape='a:-1,3' --dynamic_batch_size=1,2 --input_hint_shape='0:[1]'",
            [("AIPP608", "E10001")],
        ),
        ("atc --mode=7 --model=n --input_shape_range='a:[1~2]'", [("AIPP633", "E10001")]),
        ("atc --mode=7 --model=n --input_shape='a:1~2'", []),
        (f"atc {FULL.replace('310P3', '310B4')} --input_shape='a:1~2'", [("AIPP631", "")]),
        (f"atc {FULL} --input_shape='a:1~2'", []),
    ],
)
def test_whole_commands(command: str, expected: list[tuple[str, str]]) -> None:
    assert said(command) == expected


@pytest.mark.parametrize(
    "command",
    [
        f"atc {CAFFE} $MORE",
        f"atc {CAFFE} ...",
        f"atc {CAFFE} --mode=1",
        f"atc {CAFFE} --mode=$MODE",
        f"atc {CAFFE} --an_option_of_another_release=1",
        "atc --framework=0 --output=net",
        "atc --mode=1 --om=net.om --json=net.json",
        "atc --singleop=op.json --model=x --output=out",
        f"atc {CAFFE} --weight net.caffemodel --log debug",
    ],
)
def test_what_is_not_whole_is_not_judged(command: str) -> None:
    assert said(command) == []


def test_settings_and_library_calls_make_no_whole_command() -> None:
    assert said("atc --framework=5 --model=net.onnx --output=net", soc_version="Ascend310P3") == []
    assert said("atc --model=net.prototxt --output=net --soc_version=Ascend310P3", framework="0") == []
    for atc in ({"framework": "0", "model": "net.prototxt"}, {"model": "net.onnx", "input_hint_shape": "0:[1]"}):
        found = aipplint.lint(None, atc={**atc, "input_shape": "a:1,3,-1,-1", "dynamic_image_size": "1,2;3,4"}).findings
        assert [finding.code for finding in found if finding.code in CODES] == []
    use = Use(Build(options_of_mapping({"framework": "0", "model": "net.prototxt"})))
    assert lint_source(None, [use]).findings == ()


def test_one_beta_refuses_dynamic_aipp_in_mode_7() -> None:
    config = "aipp_op { aipp_mode: dynamic max_src_image_size: 150528 }"
    command = f"atc {FULL} --mode=7 --insert_op_conf=aipp.cfg"
    assert said(command, config, cann_version="9.2.0-beta.1") == [("AIPP633", "E10001")]
    assert said(command, config, cann_version="9.2.0") == []
    assert said(command, config) == []
