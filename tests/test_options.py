"""AIPP601 to AIPP615: what is said of the ATC options, where, and with which code."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import aipplint
from aipplint.atc.build import Build
from aipplint.atc.options import MAX_VALUE, Option, options_of_mapping
from aipplint.findings import Place
from aipplint.pipeline import Use, lint_source
from aipplint.source import Source, Span
from tests.atc_checks import verdict
from tests.atc_checks_old_releases import RELEASES
from tests.atc_checks_old_releases import verdict as verdict_before
from tests.work import at_most

STATIC = "aipp_op { aipp_mode: static input_format: RGB888_U8 }"
NOT_COUNTED = {"E81012", "E70014"}
PROFILES = {"image": "dynamic_image_size", "batch": "dynamic_batch_size", "dims": "dynamic_dims"}


def said(atc: Mapping[str, str], config: str | None = None) -> list[tuple[str, str, str]]:
    """Code, ATC code and the text under every finding of this family."""
    report = aipplint.lint(config, atc=atc)
    return [(f.code, f.atc_code, _under(f)) for f in report.findings if f.code.startswith("AIPP6")]


def _under(finding: aipplint.Finding) -> str:
    return finding.place.source.text[finding.span.start : finding.span.end]


def onnx(shape: str | None = None, **options: str) -> dict[str, str]:
    """Options of an ONNX model; the profile options by their short names."""
    named = {PROFILES.get(name, name): value for name, value in options.items()}
    return {"framework": "5", **({} if shape is None else {"input_shape": shape}), **named}


IMAGES = "416,416;832,832"

ACCEPTED = [
    onnx("data:1,3,224,224"),
    onnx("data:1,3,224,224;scalar:"),
    onnx(" data : 1, 3 ,224,224"),
    onnx("x:0:1,3,224,224"),
    onnx("data:1,3,-1,-1", image=IMAGES),
    onnx("data:1,3,-1,-1", image=IMAGES + ";"),
    onnx("data:1,3,-1,-1;img_info:1,4,-1,-1;mask:1,10", image=IMAGES),
    onnx("data:1,3,-1,-1;scalar:", image=IMAGES),
    onnx("data:1,-1,-1,3", image=IMAGES, framework="3"),
    onnx("data:1,3,-1,-1", image="0416,416;832,832"),
    onnx("data:-1,3,224,224", batch="1,2,4,8"),
    onnx("data:-1,3,224,224", batch="1,,2,"),
    onnx("data:-1,3,224,224;b:1,10", batch="1,2"),
    onnx("data:1,3,-1,-1;c:-1", dims="1,2,3;4,5,6;"),
    onnx("data:1,3,1~10,-1"),
    onnx("data:-1,3,0,224"),
    onnx("data:-2,-1"),
    onnx(input_shape_range="data:[1~10,3,-1];b:[4]"),
    onnx("-1,3,1~10,224;4", framework="1"),
    onnx(input_shape_range="[1~10,3,-1],[4]", framework="1"),
    onnx("nonsense", input_shape_range="data:[1~10,3,-1]"),
    onnx("data:1,3,224,224", image="", batch="", dims=""),
    onnx("data:1,3,224,224", input_format="NCDHW"),
]


@pytest.mark.parametrize("atc", ACCEPTED, ids=str)
def test_accepted(atc: dict[str, str]) -> None:
    assert verdict(atc, aipp=False) == ""
    assert said(atc) == []


REFUSED: list[tuple[dict[str, str], list[tuple[str, str, str]]]] = [
    # AIPP601, read plainly
    (onnx("data"), [("AIPP601", "E10002", "data")]),
    (onnx("data:1,3;"), [("AIPP601", "E10002", "")]),
    (onnx("data:1,3,224.0"), [("AIPP601", "E10002", "224.0")]),
    (onnx("data:1,3x"), [("AIPP601", "E10002", "3x")]),
    (onnx("data:1,3 x"), [("AIPP601", "E10002", "3 x")]),
    (onnx("data:+1"), [("AIPP601", "E10002", "+1")]),
    (onnx("data:1,,3"), [("AIPP601", "E10014", "")]),
    (onnx("data: "), [("AIPP601", "E10014", " ")]),
    (onnx("data:[1,3]"), [("AIPP601", "E10014", "[1")]),
    (onnx("data:９"), [("AIPP601", "E10014", "９")]),
    (onnx("data:1,9999999999999999999"), [("AIPP601", "E10013", "9999999999999999999")]),
    # AIPP601, read as ranges
    (onnx("data:1~10,3;b"), [("AIPP601", "E10002", "b")]),
    (onnx(":1~10,3"), [("AIPP601", "E10002", ":1~10,3")]),
    (onnx("data:1~10,x"), [("AIPP601", "E10002", "x")]),
    (onnx("data:1~,3"), [("AIPP601", "E10048", "1~")]),
    (onnx("data:-1,,3"), [("AIPP601", "E10048", "")]),
    (onnx("data:1~2~3"), [("AIPP601", "E10048", "1~2~3")]),
    (onnx("data:-1~3"), [("AIPP601", "E10048", "-1")]),
    (onnx(input_shape_range="data:1,3"), [("AIPP601", "E10048", "1,3")]),
    (onnx(input_shape_range="data:[1,y]"), [("AIPP601", "E10048", "y")]),
    (onnx("-1,3,1~10,224;4"), [("AIPP601", "E10048", "-1,3,1~10,224;4")]),
    (onnx(input_shape_range="[1~10,3,-1],[4]"), [("AIPP601", "E10048", "[1~10,3,-1],[4]")]),
    (onnx(" :1~2"), [("AIPP601", "E10016", " :1~2")]),
    # AIPP601, names
    (onnx(":1,3"), [("AIPP601", "E10016", ":1,3")]),
    (onnx(":1,3,-1,-1;b:1", image=IMAGES), [("AIPP601", "E10016", ":1,3,-1,-1")]),
    (onnx("a:1,3,-1,-1;b:1;a:2", image=IMAGES), [("AIPP601", "", "a:2")]),
    # AIPP602 and AIPP603
    (onnx("data:1,3,-1,-1", image="416x416;832,832"), [("AIPP602", "E10003", "416x416")]),
    (onnx("data:1,3,-1,-1", image="416，416;832,832"), [("AIPP602", "E10003", "416，416")]),
    (onnx("data:1,3,-1,-1", image="-1,416;832,832"), [("AIPP602", "E10003", "-1")]),
    (onnx("data:1,3,-1,-1", image="416;832,832"), [("AIPP602", "E10020", "416")]),
    (onnx("data:1,3,-1,-1", image="416,416;;832,832"), [("AIPP602", "E10020", "")]),
    (onnx("data:1,3,-1,-1", image="416, 416;832,832"), [("AIPP602", "E19999", " 416")]),
    (onnx("data:1,3,-1,-1", image="416,;832,832"), [("AIPP602", "E10037", "416,")]),
    (onnx("data:-1,3", batch="1, 2"), [("AIPP602", "E10003", "2")]),
    (onnx("data:-1,3", batch="1;2"), [("AIPP602", "E10003", ";")]),
    (onnx("data:-1,3", dims="1;b"), [("AIPP602", "E10001", "b")]),
    (onnx("data:-1,3", dims=";"), [("AIPP602", "E10058", ";")]),
    (onnx("data:1,3,-1,-1", image="416,416"), [("AIPP603", "E10035", "416,416")]),
    (onnx("data:-1,3", batch="4,"), [("AIPP603", "E10035", "4,")]),
    (onnx("data:-1,3", batch=",,"), [("AIPP603", "", ",,")]),
    (onnx("data:1,3,-1,-1", image=",;,;"), [("AIPP603", "", ",;,;")]),
    (onnx("data:-1,3", dims=";;"), [("AIPP603", "", ";;")]),
    # AIPP605 to AIPP607
    (onnx("data:1,3,-1,-1", image="1,2;3,4;01,2"), [("AIPP605", "E10039", "01,2")]),
    (onnx("data:-1,3", batch="1,2,1,1"), [("AIPP605", "E10039", "1"), ("AIPP605", "E10039", "1")]),
    (onnx("data:-1,3", batch="0,1"), [("AIPP606", "", "0")]),
    (onnx("data:1,-1,-1,3", image=IMAGES), [("AIPP607", "E10019", "data:1,-1,-1,3")]),
    (onnx("data:1,3,224,-1", image=IMAGES), [("AIPP607", "E10019", "data:1,3,224,-1")]),
    (onnx("data:1,3,-1,-1;m:-1,4", image=IMAGES), [("AIPP607", "E10019", "m:-1,4")]),
    (onnx("data:1,3,224,224", image=IMAGES), [("AIPP607", "E10019", "data:1,3,224,224")]),
    (onnx("data:1,3,-1,-1,-1", image=IMAGES), [("AIPP607", "E10019", "data:1,3,-1,-1,-1")]),
    (onnx("data:1,3,224,224", batch="1,2"), [("AIPP607", "E10031", "data:1,3,224,224")]),
    (onnx("data:-1,3,-1,224", batch="1,2"), [("AIPP607", "E10018", "-1")]),
    (onnx("data:-1,3;s:", batch="1,2"), [("AIPP607", "E10012", "s:")]),
    # AIPP608 to AIPP613
    (onnx("data:1,3,-1,-1", image=IMAGES, batch="1,2"), [("AIPP608", "E10009", IMAGES)]),
    (onnx("data:1,3,-1,-1", image=IMAGES, input_shape_range="a:[1]"), [("AIPP608", "E10009", "a:[1]")]),
    (onnx("data:1,3", input_format="NHWC"), [("AIPP609", "E10001", "NHWC")]),
    (onnx("data:1,3", input_format="nchw"), [("AIPP609", "E10001", "nchw")]),
    (onnx("data:1,3", input_format="nchw", framework="1"), [("AIPP609", "E10061", "nchw")]),
    (onnx("data:1,3,-1,-1", image=IMAGES, input_format="nchw", framework="1"), [("AIPP609", "E10003", "nchw")]),
    (onnx("data:1,3,-1,-1", image=IMAGES, input_format="ND"), [("AIPP609", "E10003", "ND")]),
    (onnx(image=IMAGES), [("AIPP610", "E10004", IMAGES)]),
    (onnx("", batch="1,2"), [("AIPP610", "E10004", "1,2")]),
    (onnx("data:0,3"), [("AIPP611", "E10011", "0")]),
    (onnx("data:-2,3"), [("AIPP611", "E10011", "-2")]),
    (onnx("data:1,3,1~10,-1", image=IMAGES), [("AIPP612", "E10040", "1~10")]),
    (onnx("data:1,3,-1,-1", dims="1,2;3"), [("AIPP613", "E10003", "3")]),
    (onnx("data:1,3,-1,-1", dims="1,2,3;4,5"), [("AIPP613", "E10003", "1,2,3")]),
    (onnx("data:1,3", dims="1;2"), [("AIPP613", "E10001", "data:1,3")]),
    (onnx("data:1,3,-1,-1;m:-1,9", batch="1,2"), [("AIPP613", "E10046", "data:1,3,-1,-1")]),
    (onnx("data:1,3,-1,-1;m:-2,9", image=IMAGES), [("AIPP613", "E10045", "m:-2,9")]),
]


@pytest.mark.parametrize(("atc", "expected"), REFUSED, ids=str)
def test_refused(atc: dict[str, str], expected: list[tuple[str, str, str]]) -> None:
    assert said(atc) == expected
    assert verdict(atc, aipp=False) in {code for _, code, _ in expected}


def test_of_two_profile_options_without_a_shape_the_first_is_named() -> None:
    report = aipplint.lint(None, atc={"framework": "5", "dynamic_image_size": "8,8;16,16", "dynamic_batch_size": "1,2"})
    missing = [finding.message for finding in report.findings if finding.code == "AIPP610"]
    assert [message.partition("; ")[2].split()[0] for message in missing] == ["--dynamic_batch_size"]


def test_sizes_that_cannot_be_multiplied() -> None:
    atc = onnx("data:-1,3,-1", dims="1,2;4294967296,4294967296")
    assert verdict(atc, aipp=False) == "E19999"
    assert ("AIPP602", "E19999", "4294967296,4294967296") in said(atc)
    assert "AIPP602" not in {code for code, *_ in said(onnx("data:-1,3", dims="1;9999999999999999999"))}


def many(count: int) -> str:
    """A list of so many batch sizes."""
    return ",".join(map(str, range(1, count + 1)))


@pytest.mark.parametrize(
    ("soc", "count", "severities"),
    [
        ("Ascend310P3", 100, []),
        ("Ascend310P3", 101, ["error"]),
        ("Ascend950PR_9599", 256, []),
        ("Ascend950PR_9599", 257, ["error"]),
        (None, 100, []),
        (None, 101, ["warning"]),
        (None, 257, ["error"]),
    ],
)
def test_too_many_profiles(soc: str | None, count: int, severities: list[str]) -> None:
    atc = onnx("data:-1,3,224,224", batch=many(count)) | ({} if soc is None else {"soc_version": soc})
    report = aipplint.lint(None, atc=atc)
    assert [str(f.severity) for f in report.findings if f.code == "AIPP604"] == severities
    assert {f.code for f in report.findings} <= {"AIPP604", "AIPP623"}


def test_dynamic_dims_with_a_configuration() -> None:
    atc = onnx("data:1,3,-1,-1", dims="1,2;3,4")
    assert said(atc) == []
    assert said(atc, STATIC) == [("AIPP614", "E10001", "1,2;3,4")]
    assert said(atc | {"insert_op_conf": "aipp.cfg"}) == [("AIPP614", "E10001", "1,2;3,4")]
    assert said(atc | {"insert_op_conf": ""}) == []


def test_the_input_of_an_operator_is_not_fp16() -> None:
    config = "aipp_op { aipp_mode: static input_format: RGB888_U8 related_input_rank: 1 }"
    atc = onnx("mask:1,10;data:1,3,224,224", input_fp16_nodes="other;data")
    assert said(atc, config) == [("AIPP615", "E10034", "data")]
    assert said(atc, STATIC) == []
    assert said({"input_fp16_nodes": "data"}, STATIC) == []


def test_static_aipp_needs_a_layout_with_height_and_width() -> None:
    assert said(onnx("data:1,3,224,224", input_format="ND"), STATIC) == [("AIPP609", "E70014", "ND")]
    assert said(onnx("data:1,3,224,224", input_format="ND")) == []


def test_the_message_says_what_is_right() -> None:
    report = aipplint.lint(None, atc=onnx("data:1,-1,-1,3", image=IMAGES))
    (finding,) = report.findings
    assert "NCHW" in finding.message
    assert "data:1,C,-1,-1" in finding.message
    assert [related.message for related in finding.related] == ["--dynamic_image_size is set here"]


def unknown(name: str) -> Option:
    """An option whose value is a variable."""
    return Option(name, None, Place(Source("run.sh", "$X"), Span(0, 2)))


@pytest.mark.parametrize("hidden", ["input_shape", "dynamic_image_size", "dynamic_batch_size", "framework"])
def test_what_is_hidden_in_a_variable_is_not_judged(hidden: str) -> None:
    options = options_of_mapping(onnx("data:1,-1,-1,3", image=IMAGES)) | {hidden: unknown(hidden)}
    report = lint_source(None, [Use(Build(options, complete=True))])
    assert report.findings == ()


@pytest.mark.parametrize(
    "atc",
    [
        {"dynamic_image_size": IMAGES},
        {"input_shape": "data:0,3"},
        {"input_shape": "1,-1"},
        {"input_shape": "data:1,-1,x~3"},
        {"input_shape": "data:1,-1,-1,3", "dynamic_image_size": IMAGES},
    ],
    ids=str,
)
def test_an_incomplete_build_says_nothing_about_what_is_absent(atc: dict[str, str]) -> None:
    report = lint_source(None, [Use(Build(options_of_mapping(atc)))])
    # Ranges are refused with profiles and, where they cannot be read, without.
    assert {f.code for f in report.findings} <= ({"AIPP601"} if "~" in atc.get("input_shape", "") else set())


FRAGMENTS = (
    "data: b: a:b: 1 3 -1 -1 224 , , , ; ~ - -2 0 +1 3x 1.5 1~3 99999999999999999999 data:1,3,-1,-1 info: b:-1,10"
    " data:-1,3,2,2 data:1,-1,-1,3 416,416 832,832 ;"
).split()
texts = st.lists(st.sampled_from([*FRAGMENTS, " "]), max_size=7).map("".join)
NAMES = ["dynamic_batch_size", "dynamic_image_size", "dynamic_dims"]
builds = st.fixed_dictionaries(
    {"framework": st.sampled_from("0135"), "input_shape": texts},
    optional={
        "input_format": st.sampled_from(["NCHW", "NHWC", "ND", "x", "nchw"]),
        **dict.fromkeys(NAMES, texts),
        "input_shape_range": st.sampled_from(["", "data:[1,3,-1,-1]", "data:[1", "a:[1~2~3]", "[1,2],[3]", "data:"]),
    },
)


@given(builds, st.booleans())
def test_errors_are_those_of_the_compiler(atc: dict[str, str], aipp: bool) -> None:
    refused = verdict(atc, aipp=aipp)
    findings = aipplint.lint(STATIC if aipp else None, atc=atc).findings
    codes = {f.atc_code for f in findings if f.severity is aipplint.Severity.ERROR} - NOT_COUNTED
    assert refused in codes if refused else not codes


@given(builds.filter(lambda atc: atc["framework"] != "1"), st.sampled_from(RELEASES), st.booleans())
def test_errors_are_those_of_older_compilers(atc: dict[str, str], release: str, aipp: bool) -> None:
    refused = verdict_before(atc, release, aipp=aipp)
    findings = aipplint.lint(STATIC if aipp else None, atc={**atc, "cann_version": release}).findings
    codes = {f.atc_code for f in findings if f.severity is aipplint.Severity.ERROR} - NOT_COUNTED
    assert codes.intersection(refused.split(" or ")) if refused else not codes


MANY = 30


@pytest.mark.parametrize(
    ("code", "options"),
    [
        ("AIPP607", onnx(";".join(f"x{i}:-1,3,-1,8" for i in range(MANY)), batch="1,2")),
        ("AIPP607", onnx(";".join(f"x{i}:1,3,-1,8" for i in range(MANY)), image=IMAGES)),
        ("AIPP601", onnx(";".join(":1,3" for _ in range(MANY)))),
    ],
)
def test_the_same_mistake_is_said_twenty_times_at_most(code: str, options: dict[str, str]) -> None:
    assert [found for found, _, _ in said(options)].count(code) == 20


@given(
    st.sampled_from(["input_shape", "input_shape_range", "input_fp16_nodes", "framework", "soc_version", *NAMES]),
    st.text() | texts | st.text(",;:~[] -1\t\u3000\udc80"),
    st.dictionaries(st.sampled_from(["input_shape", *NAMES]), texts),
    st.booleans(),
)
@example("input_shape", "9" * 5000, {}, True)
@example("dynamic_batch_size", "9" * 5000, {}, True)
def test_any_text_gives_findings_inside_it(name: str, value: str, others: dict[str, str], complete: bool) -> None:
    build = Build(options_of_mapping({**others, name: value}), complete=complete)
    report = lint_source(Source("aipp.cfg", STATIC), [Use(build)])
    for finding in report.findings:
        assert finding.code != "AIPP903", finding.message
        for source, span in (finding.place, *(related.place for related in finding.related)):
            assert 0 <= span.start <= span.end <= len(source.text)


@pytest.mark.parametrize("unit", [";", ":", ",", "~", "1", " ", "a:1,-1;", "1,1;", "\u3000"])
@pytest.mark.parametrize("name", ["input_shape", "input_shape_range", *NAMES])
def test_a_long_text_costs_little(name: str, unit: str) -> None:
    value = (unit * MAX_VALUE)[:MAX_VALUE]
    with at_most():
        assert all(f.code != "AIPP903" for f in aipplint.lint(None, atc={name: value}).findings)


def test_a_longer_text_is_not_read() -> None:
    for name in ("input_shape", *NAMES):
        report = aipplint.lint(None, atc={name: "1" * (MAX_VALUE + 1)})
        assert any("was not checked" in finding.message for finding in report.findings)
