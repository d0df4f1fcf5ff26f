"""AIPP616 to AIPP619, AIPP623 to AIPP625, AIPP627, AIPP628: advice about the options of a build."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import aipplint
from aipplint.atc.build import Build
from aipplint.atc.words import NAMES, given_options
from aipplint.findings import Finding, Severity
from aipplint.hardware.products import SOC_VERSIONS, product_of
from aipplint.pipeline import Use, lint_source
from aipplint.project.command import OPTIONS, options_of_command, words_of_command
from aipplint.suggest import distance

STATIC = "aipp_op {\n  aipp_mode: static\n  input_format: RGB888_U8\n}\n"
DYNAMIC = "aipp_op {\n  aipp_mode: dynamic\n  max_src_image_size: 752640\n}\n"
SHAPE = {"framework": "5", "input_shape": "data:1,3,224,224"}


def found(code: str, text: str | None, **atc: str) -> list[Finding]:
    return [finding for finding in aipplint.lint(text, atc=atc).findings if finding.code == code]


def typed(*words: str) -> list[Finding]:
    """The findings about a command line of ATC."""
    build = Build(options_of_command(words), complete=True, words=words_of_command(words))
    return [f for f in lint_source(None, [Use(build)]).findings if f.code in ("AIPP624", "AIPP627")]


def text_of(finding: Finding) -> str:
    return finding.place.source.text[finding.span.start : finding.span.end]


class TestProducts:
    @pytest.mark.parametrize(
        ("name", "said"),
        [
            ("Ascend310p3", "has the wrong case; the chip is Ascend310P3"),
            ("ASCEND910B3", "has the wrong case; the chip is Ascend910B3"),
            ("Ascend310P", "Ascend310P1, Ascend310P3, Ascend310P5, Ascend310P7"),
            ("Ascend310p", "Ascend310P1, Ascend310P3, Ascend310P5, Ascend310P7"),
            ("Ascend310B", "Ascend310B1, Ascend310B2"),
            ("Ascend950", "Ascend950DT_..., Ascend950PR_..."),
            ("Ascend710", "the former name of Ascend310P3"),
            (" Ascend310P3", "spaces around Ascend310P3"),
            ("Ascend31OP3", "unknown chip"),
            ("GPU", "unknown chip"),
        ],
    )
    def test_unknown(self, name: str, said: str) -> None:
        (finding,) = found("AIPP617", None, **SHAPE, soc_version=name)
        assert finding.severity is Severity.WARNING
        assert said in finding.message

    def test_nearest_is_suggested(self) -> None:
        (finding,) = found("AIPP617", None, **SHAPE, soc_version="Ascned310P3")
        assert finding.help == "did you mean Ascend310P3?"

    @pytest.mark.parametrize(
        "name",
        [
            *SOC_VERSIONS,
            "Ascend950PR_9579",
            "Ascend910_9579",
            "Ascend310P3Vir04",
            "Ascend910Vir16",
            "Kirin9030",
            "OPTG",
            "SS928V100",
            "<soc_version>",
            "Ascend${chip}",
            "Ascendxxx",
            "",
        ],
    )
    def test_known_or_none_of_our_business(self, name: str) -> None:
        assert not found("AIPP617", None, **SHAPE, soc_version=name)

    def test_bare_910b(self) -> None:
        assert found("AIPP618", None, **SHAPE, soc_version="Ascend910B")
        assert not found("AIPP618", None, **SHAPE, soc_version="Ascend910B1")

    # Facts T30 and T32.
    def test_no_aipp(self) -> None:
        for version in SOC_VERSIONS:
            product = product_of(version)
            assert product is not None
            findings = found("AIPP619", STATIC, **SHAPE, soc_version=version)
            assert bool(findings) == (not product.formats)
            if findings and version != "Ascend910_95":
                assert (findings[0].severity, findings[0].atc_code) == (Severity.ERROR, "E81012")
        assert found("AIPP619", None, **SHAPE, soc_version="Ascend035", insert_op_conf="aipp.cfg")
        assert not found("AIPP619", None, **SHAPE, soc_version="Ascend035")
        assert not found("AIPP619", "# nothing\n", **SHAPE, soc_version="Ascend035", insert_op_conf="aipp.cfg")

    def test_successor_is_not_judged(self) -> None:
        (finding,) = found("AIPP619", STATIC, **SHAPE, soc_version="Ascend910_95")
        assert finding.severity is Severity.WARNING


class TestSmallChannel:
    def test_dynamic(self) -> None:
        (finding,) = found("AIPP616", STATIC + DYNAMIC, **SHAPE, enable_small_channel="1")
        assert finding.severity is Severity.WARNING

    @pytest.mark.parametrize(("text", "value"), [(STATIC, "1"), (DYNAMIC, "0"), (DYNAMIC, ""), (DYNAMIC, "2")])
    def test_silent(self, text: str, value: str) -> None:
        assert not found("AIPP616", text, **SHAPE, enable_small_channel=value)


class TestHeavyProfiles:
    def test_bytes(self) -> None:
        sizes = "4096,4096;2160,3840"
        (finding,) = found("AIPP623", None, framework="5", input_shape="a:8,3,-1,-1;b:1,4", dynamic_image_size=sizes)
        # 8 * 3 * 4096 * 4096 * 2 bytes, and the same of 2160 by 3840; the second input has 8 bytes.
        assert "require 1,148 MB for their inputs in half precision; the largest requires 768 MB" in finding.message
        assert "swapoff -a" in finding.help
        assert finding.severity is Severity.INFO

    def test_many(self) -> None:
        batches = ",".join(str(n) for n in range(1, 41))
        (finding,) = found("AIPP623", None, framework="5", input_shape="a:-1,3,8,8", dynamic_batch_size=batches)
        assert finding.message.startswith("40 profiles")

    @pytest.mark.parametrize(
        "atc",
        [
            {"input_shape": "a:8,3,-1,-1", "dynamic_image_size": "416,416;832,832"},
            {"input_shape": "a:-1,3,640,640", "dynamic_batch_size": "1,2,4,8,16,32"},
            {"input_shape": "a:8,3,-1,-1", "dynamic_image_size": "x"},
            {"input_shape": "a:8,3,9999,9999"},
            {"input_shape": "a:1,3,-1,-1", "dynamic_dims": "9999,9999;2"},
        ],
    )
    def test_silent(self, atc: dict[str, str]) -> None:
        assert not found("AIPP623", None, framework="5", **atc)
        assert not found("AIPP903", None, framework="5", **atc)


class TestShapeRange:
    # Fact T33: an operator for shape ranges on three chips.
    @pytest.mark.parametrize(
        ("chip", "severity"),
        [
            ("Ascend910B3", Severity.ERROR),
            ("Ascend310B1", Severity.ERROR),
            ("Ascend310P3", Severity.WARNING),
            ("Ascend910A", Severity.WARNING),
            ("Ascend950PR_9579", Severity.WARNING),
            ("", Severity.WARNING),
        ],
    )
    def test_severity(self, chip: str, severity: Severity) -> None:
        for shape in ("data:1,3,-1,-1", "data:1~8,3,224,224", "other:1,3;data:-1,3,8,8"):
            text = STATIC if shape.startswith("data") else STATIC.replace("static", "static related_input_rank: 1")
            (finding,) = found("AIPP625", text, framework="5", input_shape=shape, soc_version=chip)
            assert finding.severity is severity
            assert finding.atc_code == ("E81012" if severity is Severity.ERROR else "")

    @pytest.mark.parametrize(
        ("text", "atc"),
        [
            (STATIC, {"input_shape": "data:1,3,8,8;other:-1,4"}),
            (STATIC, {"input_shape": "data:1,3,-1,-1", "dynamic_image_size": "8,8;16,16"}),
            (STATIC, {"input_shape": "data:-1,3,8,8", "dynamic_batch_size": "1,2"}),
            (DYNAMIC, {"input_shape": "data:1,3,-1,-1"}),
            (STATIC, {"input_shape": "data:1,3,-1,-1", "soc_version": "Ascend035"}),
            (STATIC, {}),
        ],
    )
    def test_silent(self, text: str, atc: dict[str, str]) -> None:
        assert not found("AIPP625", text, framework="5", **atc)

    def test_place(self) -> None:
        atc = {"framework": "5", "input_shape": "im_info:1,3;data:1,3,1~8,9", "soc_version": "Ascend910B3"}
        (finding,) = found("AIPP625", STATIC.replace("static", "static related_input_rank: 1"), **atc)
        assert text_of(finding) == "1~8"


class TestLayout:
    @pytest.mark.parametrize(
        ("text", "atc"),
        [
            (DYNAMIC, {"framework": "1", "input_shape": "input:1,224,224,3"}),
            (DYNAMIC, {"framework": "3", "input_shape": "input:1,3,224,224"}),
            (DYNAMIC, {"framework": "5", "input_shape": "input:8,32,100,1"}),
            (None, {"input_format": "NCHW", "input_shape": "input:1,224,224,3"}),
            (None, {"framework": "5", "insert_op_conf": "a.cfg", "input_shape": "a:1,3;input:1,224,224,3"}),
        ],
    )
    def test_swapped(self, text: str | None, atc: dict[str, str]) -> None:
        (finding,) = found("AIPP628", text, **atc)
        assert finding.severity is Severity.WARNING
        assert text_of(finding).startswith("input:")

    @pytest.mark.parametrize(
        ("atc", "right"),
        [
            ({"framework": "1", "input_shape": "input:1,224,224,3"}, "1,3,224,224"),
            ({"framework": "3", "input_shape": "input:1,3,224,225"}, "1,224,225,3"),
        ],
    )
    def test_swapped_with_too_many_channels_is_one_finding(self, atc: dict[str, str], right: str) -> None:
        assert not found("AIPP628", STATIC, **atc)
        (finding,) = found("AIPP705", STATIC, **atc)
        assert "because --input_format is not given" in finding.message
        assert finding.help.startswith(f"write {right}, or --input_format=")

    @pytest.mark.parametrize(
        ("text", "atc"),
        [
            (STATIC, {"framework": "5", "input_shape": "data:1,3,224,224"}),
            (STATIC, {"framework": "3", "input_shape": "data:1,224,224,3"}),
            (STATIC, {"input_shape": "data:1,224,224,3"}),
            (STATIC, {"framework": "5", "input_shape": "data:1,3,224,3"}),
            (STATIC, {"framework": "5", "input_shape": "data:1,3,224,224;points:1,64,64,3"}),
            (STATIC, {"framework": "5", "input_format": "ND", "input_shape": "data:1,224,224,3"}),
            (STATIC, {"framework": "5", "input_shape": "data:1,-1,-1,3"}),
            (None, {"framework": "5", "input_shape": "data:1,224,224,3"}),
        ],
    )
    def test_silent(self, text: str | None, atc: dict[str, str]) -> None:
        assert not found("AIPP628", text, **atc)


class TestCommandLine:
    @pytest.mark.parametrize(
        ("words", "place", "said"),
        [
            (["--insert_op_config=aipp.cfg"], "--insert_op_config", "unknown option"),
            (["--intput_shape", "a:1,3,8,8"], "--intput_shape", "unknown option"),
            (["-soc_versoin=Ascend310"], "-soc_versoin", "unknown option"),
            (["--output_typ=FP16"], "--output_typ", "unknown option"),
            (["insert_op_conf=aipp.cfg"], "insert_op_conf", "missing '--' before"),
            (["log=debug"], "log", "missing '--' before"),
            (["--input_format=ND--input_shape=video:16,400"], "--input_shape=", "missing space before"),
            (["–output=x"], "–", "U+2013"),
            (["——model=x"], "——", "U+2014"),
            (["--soc_version=", "Ascend310P3"], "Ascend310P3", "unexpected space after --soc_version="),
        ],
    )
    def test_unknown(self, words: list[str], place: str, said: str) -> None:
        (finding,) = typed(*words)
        assert (finding.code, finding.severity) == ("AIPP624", Severity.WARNING)
        assert said in finding.message
        assert text_of(finding) == place

    @pytest.mark.parametrize(
        "words",
        [
            [f"--{name}=1" for name in sorted(NAMES)],
            ["--precision_mode_v3=x", "--some_new_option=1", "--op_new_level=2", "-h", "--help", "--v"],
            ["--model", "a=b.onnx", "--output", "out"],
            ["--input-shape=a:1,3,8,8"],
            ["--op_name_map=", "--model=x"],
            ["--log=", ">", "log.txt"],
            ["--fusion_switch_file=/--model=b/c.cfg"],
            ["--model=model=x.onnx"],
            [],
        ],
    )
    def test_silent(self, words: list[str]) -> None:
        assert typed(*words) == []

    def test_library_call(self) -> None:
        (finding,) = found("AIPP624", None, dynamic_image_sizes="1,2;3,4")
        assert finding.help == "did you mean --dynamic_image_size?"

    def test_twice(self) -> None:
        (finding,) = typed("--framework=5", "--input_shape=a:1,3,8,8", "-framework", "3")
        assert (finding.code, text_of(finding)) == ("AIPP627", "-framework")
        assert finding.related[0].place.span.start == 0
        assert typed("--model=--framework", "--framework=5", "--log=x") == []
        assert typed("--new_one=1", "--new_one=2") == []

    def test_quoted_words_have_their_place(self) -> None:
        (finding,) = typed("--input_shape=a:1,3;b:1,3", "--insert_op_config=a b.cfg")
        assert text_of(finding) == "--insert_op_config"

    def test_names_cover_what_we_read(self) -> None:
        assert {*OPTIONS, "insert_op_conf"} <= NAMES

    @given(st.lists(st.text(st.sampled_from("-–=ab >:;'\"\\lo\n"), max_size=12), max_size=6))
    def test_any_words(self, words: list[str]) -> None:
        placed = words_of_command(words)
        assert [word.text for word in placed] == words
        assert all(word.place.span.end <= len(word.place.source.text) for word in placed)
        assert all(option.word in placed for option in given_options(placed))
        assert all(finding.code != "AIPP903" for finding in typed(*words))

    @pytest.mark.parametrize(
        ("one", "other", "slips"), [("conf", "config", 2), ("ab", "ba", 1), ("", "abc", 3), ("same", "same", 0)]
    )
    def test_distance(self, one: str, other: str, slips: int) -> None:
        assert distance(one, other) == slips
