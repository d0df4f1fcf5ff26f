"""Whatever the input: no exception, no endless work, every span inside its text."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aipplint import lint
from aipplint.cli import GARBAGE
from aipplint.source import MAX_BYTES, MAX_OPS
from aipplint.syntax.lalr import MAX_TOKENS
from tests import strategies
from tests.sound import assert_sound
from tests.work import assert_linear, at_most


@pytest.fixture(autouse=True)
def collector() -> Iterator[None]:
    """Garbage is collected as rarely as in the command line."""
    before = gc.get_threshold()
    gc.set_threshold(GARBAGE)
    yield
    gc.set_threshold(*before)


EXAMPLES = int(os.environ.get("AIPPLINT_TEST_EXAMPLES", "150"))
MEGABYTE = 1_000_000


def check(data: bytes | str | None, **settings_of_use: Any) -> None:
    """Lint by as many calls as only a hang or a square exceeds, and check the findings."""
    with at_most():
        report = lint(data, **settings_of_use)
    assert_sound(report.findings)


BUILD = {
    "framework": "5",
    "input_shape": "data:8,3,-1,-1",
    "dynamic_image_size": "416,416;832,832",
    "soc_version": "Ascend310P3",
    "insert_op_conf": "aipp.cfg",
}


@pytest.fixture(autouse=True, scope="module")
def warm() -> None:
    """What is imported and compiled once is not measured."""
    check("aipp_op { x: 1 crop }", atc=BUILD, runtime={})


@settings(max_examples=EXAMPLES)
@given(st.binary(max_size=200))
def test_any_bytes(data: bytes) -> None:
    check(data)


@settings(max_examples=EXAMPLES)
@given(st.text(max_size=200) | st.text("aipp_o {}<>[]:;,.-+#'\"\\0129ef\n\t\u202c\uff1a\u3000\u00a0/*=", max_size=200))
def test_any_text(text: str) -> None:
    check(text)


@settings(max_examples=EXAMPLES * 2)
@given(strategies.damaged(strategies.encoded(strategies.configs())), st.booleans())
def test_damaged_configurations(data: bytes, built: bool) -> None:
    check(data, atc=BUILD if built else None)


OPTION_NAMES = [
    "input_shape",
    "input_shape_range",
    "dynamic_image_size",
    "dynamic_batch_size",
    "dynamic_dims",
    "input_format",
]
OPTION_NAMES += [
    "soc_version",
    "framework",
    "output_type",
    "input_fp16_nodes",
    "enable_small_channel",
    "insert_op_conf",
    "x",
    "",
]
VALUES = st.text("data:;,-1 0239~[]\"'$`\\!\u00a0\uff1a.x", max_size=30) | st.text(max_size=20)
NUMBERS = st.integers() | st.integers(-5, 5000) | st.floats() | st.booleans() | st.none() | st.text(max_size=5)
SIZES = st.dictionaries(
    st.sampled_from(["height", "width", "crop_size_w", "load_start_pos_h", "x"]), NUMBERS, max_size=3
)
RUNTIME_NAMES = [
    "input_format",
    "src_image_size_w",
    "src_image_size_h",
    "batch_size",
    "crop",
    "padding",
    "resize",
    "dynamic_hw_size",
]
RUNTIME_NAMES += [
    "input_rank",
    "mean_chn_0",
    "min_chn_1",
    "var_reci_chn_2",
    "csc_switch",
    "matrix_r0c0",
    "batches",
    "x",
    "",
]


@settings(max_examples=EXAMPLES * 2)
@given(
    st.none() | strategies.configs(),
    st.dictionaries(st.sampled_from(OPTION_NAMES), VALUES, max_size=4),
    st.none()
    | st.dictionaries(st.sampled_from(RUNTIME_NAMES), NUMBERS | SIZES | st.lists(SIZES, max_size=2), max_size=5),
)
def test_any_options_and_settings(config: str | None, atc: dict[str, str], runtime: dict[str, Any] | None) -> None:
    check(config, atc=atc, runtime=runtime)


def filled(unit: str | bytes, before: str = "", behind: str = "") -> bytes:
    """A megabyte of a text said again and again."""
    one = unit.encode("utf-8") if isinstance(unit, str) else unit
    return before.encode() + one * (MEGABYTE // len(one)) + behind.encode()


def within_limit(unit: str, before: str = "", behind: str = "", tokens: int = 1) -> bytes:
    """As many as the limit on tokens allows; ``tokens`` is how many a unit has."""
    return (before + unit * (MAX_TOKENS // tokens - 10) + behind).encode()


LARGE = {
    "nested blocks, closed": b"aipp_op {" * 100_000 + b"}" * 100_000,
    "nested blocks, open": b"aipp_op {" * 100_000,
    "nested blocks within the limit, closed": b"aipp_op {" * 33_000 + b"}" * 33_000,
    "nested blocks within the limit, open": b"aipp_op {" * 49_000,
    "nested lists": b"aipp_op: [<" * 16_000 + b">]" * 16_000,
    "opening braces": filled("{"),
    "closing braces": filled("}"),
    "closing braces within the limit": within_limit("}"),
    "brackets without an end": within_limit("a:[", tokens=3),
    "quotes": filled('"'),
    "open strings": within_limit('"\n'),
    "one long string": filled("\\n", 'aipp_op { related_input_name: "', '" }'),
    "wrong escapes": filled("\\q", 'aipp_op { related_input_name: "', '" }'),
    "many strings": within_limit('"a"', "aipp_op { related_input_name: ", " }"),
    "invisible characters": filled("a\u202c"),
    "nothing but invisible characters": filled("\u202c"),
    "full-width colons": filled("a\uff1a1\n"),
    "no-break spaces": filled("a:\xa01\n"),
    "NUL": filled("a\0"),
    "bytes that are no text": filled(b"\xff"),
    "comments in GBK": filled(b"# \xb0\xa1\n"),
    "comments": within_limit("#\n"),
    "suppressions": within_limit("# aipplint: ignore[AIPP001]\n", tokens=8),
    "comments of C": filled("/* x */"),
    "open comments of C": filled("/*"),
    "one long name": filled("a"),
    "one long number": filled("1", "aipp_op { mean_chn_0: ", " }"),
    "one long hexadecimal number": filled("f", "aipp_op { mean_chn_0: 0x", " }"),
    "one long fraction": filled("1/", "aipp_op { min_chn_0: ", " }"),
    "words": filled("word "),
    "lines of words": filled("some words on a line\n"),
    "missing colons": within_limit("crop true\n", tokens=2),
    "equals signs": within_limit("crop = true\n", tokens=3),
    "separators": within_limit(";"),
    "signs": within_limit("-", "aipp_op { mean_chn_0:"),
    "one field many times": within_limit("mean_chn_0: 1\n", "aipp_op {", "}", tokens=3),
    "one wrong value many times": within_limit("mean_chn_0: 0.5\n", "aipp_op {", "}", tokens=3),
    "many unknown fields": ("aipp_op {" + "".join(f"x{n}: 0\n" for n in range(33_000)) + "}").encode(),
    "a long list": within_limit("1,", "aipp_op { var_reci_chn_0: [", "1] }", tokens=2),
    "a long wrong list": within_limit("true,", "aipp_op { var_reci_chn_0: [", "1] }", tokens=2),
    "many operators": filled("aipp_op { aipp_mode: static }\n"),
    "operators never closed": within_limit("aipp_op { crop: true\n", tokens=5),
    "blanks": filled(" \n"),
    "UTF-16": b"\xff\xfe" + ("crop: true\n" * 40_000).encode("utf-16-le"),
}


@pytest.mark.parametrize("name", LARGE)
def test_a_megabyte_costs_little(name: str) -> None:
    data = LARGE[name]

    assert len(data) < MAX_BYTES
    check(data, atc=BUILD)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("mark", ["\ufeff", ""])
def test_utf_16_is_one_finding_with_and_without_a_mark(encoding: str, mark: str) -> None:
    data = (mark + "aipp_op {\n  aipp_mode: static\n  input_format: RGB888_U8\n}\n").encode(encoding)

    assert [(found.code, found.message) for found in lint(data).findings] == [
        ("AIPP011", f"the file is {encoding.upper()}; ATC reads ASCII and UTF-8")
    ]


def test_cost_grows_with_size_and_not_with_its_square() -> None:
    field = "  mean_chn_0: 0  # a comment\n"

    assert_linear(lambda lines: lint("aipp_op {\n" + field * lines + "}\n"), 3_000)


@pytest.mark.parametrize(
    "text",
    [
        "aipp_op{matrix_r2c1[{}matrix_r2c1:",
        "aipp_op { matrix_r2c1: [{}]54 matrix_r2c1: 454 }",
        "aipp_op { min_chn_0: [{}] min_chn_0: 1 min_chn_0: }",
    ],
)
def test_more_values_than_entries_of_a_field_are_found(text: str) -> None:
    report = lint(text)

    assert not report.ok
    assert_sound(report.findings)


def test_a_failure_before_the_rules_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise IndexError("list index out of range")

    monkeypatch.setattr("aipplint.pipeline.read_config", fail)
    (finding,) = lint("aipp_op {}", path="a.cfg").findings

    assert (finding.code, finding.path, finding.span) == ("AIPP903", "a.cfg", (0, 0))
    assert finding.message == "the check of this file failed: IndexError: list index out of range"


def test_what_is_too_large_is_refused_in_words() -> None:
    for data in (b"#" * (MAX_BYTES + 1), b"a" * 50_000_000, b"{ " * MAX_TOKENS, b"aipp_op { }\n" * (MAX_OPS + 1)):
        assert [(finding.code, finding.span) for finding in lint(data).findings] == [("AIPP906", (0, 0))]


@pytest.mark.parametrize(
    "text",
    [
        "aipp_op { matrix_r2c1: [{}]54 matrix_r2c1: 454 }",
        "aipp_op{matrix_r2c1[{}matrix_r2c1:",
        "aipp_op { var_reci_chn_0: {} var_reci_chn_0: {} }",
        "aipp_op { var_reci_chn_0: [{}, {}, 1] min_chn_0 { } min_chn_0 [ { } ] }",
    ],
)
def test_messages_in_the_place_of_values(text: str) -> None:
    """They are values for the schema, and none for the grammar."""
    check(text)


def deep(levels: int) -> dict[str, Any]:
    """Settings inside settings."""
    settings: dict[str, Any] = {}
    for _ in range(levels):
        settings = {"crop": settings}
    return settings


ENDLESS: dict[str, Any] = {}
ENDLESS["crop"] = ENDLESS
LIST: list[Any] = []
for _ in range(5000):
    LIST = [LIST]


@pytest.mark.parametrize(
    "runtime",
    [
        {"mean_chn_0": 10**400, "var_reci_chn_0": -(10**400), "src_image_size_w": 10**400},
        {"mean_chn_0": 10**5000, "min_chn_0": 10.0**300, "src_image_size_h": -(10**5000)},
        {"input_format": LIST, "crop": {"crop_size_w": LIST}},
        deep(5000),
        ENDLESS,
    ],
    ids=["hundreds of digits", "thousands of digits", "lists", "deep", "endless"],
)
def test_settings_that_python_cannot_take(runtime: dict[str, Any]) -> None:
    check("aipp_op { aipp_mode: dynamic max_src_image_size: 1 }", atc=BUILD, runtime=runtime)


def test_options_that_are_no_strings() -> None:
    check(None, atc={"input_shape": "data:1,3,2" + "2" * 5000, "dynamic_image_size": "9" * 5000 + ",1"})
    found = lint(None, atc={"input_shape": 10**5000}).findings  # type: ignore[dict-item]

    assert [finding.code for finding in found] == ["AIPP903"]
