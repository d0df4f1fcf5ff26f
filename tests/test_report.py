"""The formats for people, and json. The findings here are shown by every format in test_formats.py."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from aipplint.findings import Edit, Finding, Fix, Place, Related, Severity
from aipplint.report import Context, render
from aipplint.report.excerpt import WIDTH, show
from aipplint.schema.validate import validator, violations
from aipplint.source import Source, Span
from tests.work import at_most

CONCISE = re.compile(r"^(.+?):(\d+):(\d+):\s(error|warning|info):\s(.+?)\s\[([A-Z]+\d+)\]$")

CONFIG = Source(
    "deploy/aipp.cfg",
    "aipp_op {\r\n\taipp_mode: static  # 静态\r\n  名称: 图像 crop: true\u202c\n"
    "  mean: [\n    1,\n    2 \udcff\n  ]\n}\n",
)
COMMAND = Source(
    "<command line>", 'aipplint check --dynamic-image-size "416,416;832,832" ' + "x/very/long/path.cfg " * 20
)
EMPTY = Source("no such\nfile.cfg", "")


def at(source: Source, text: str, message: str, severity: Severity = Severity.ERROR, **more: Any) -> Finding:
    start = source.text.index(text)
    place = Place(source, Span(start, start + len(text)))
    return Finding("AIPP702", "some-rule", severity, message, place, **more)


def shared_findings() -> list[Finding]:
    option = COMMAND.text.index("416,416;832,832")
    related = Related(Place(COMMAND, Span(option, option + 15)), "--dynamic_image_size is set here")
    fix = Fix(
        "set crop to false", (Edit(CONFIG.text.index("true"), CONFIG.text.index("true") + 4, "false"),), safe=False
    )
    size = len(CONFIG.text)
    return [
        at(CONFIG, "crop: true", "crop is on", atc_code="E10052", related=(related,), fix=fix, help="switch it off"),
        at(CONFIG, "static", "behind a tab", Severity.WARNING),
        at(CONFIG, "图像", "wide characters", Severity.INFO),
        at(CONFIG, "\u202c", "U+202C is invisible", help="delete it"),
        at(CONFIG, "\udcff", "a byte that is not UTF-8"),
        at(
            CONFIG,
            "[\n    1,\n    2 \udcff\n  ]",
            "several\nlines, \x1b[31m and a \udcff",
            atc_code="aclmdlSetInputAIPP",
        ),
        at(CONFIG, "{\r\n\taipp_mode", "two lines", atc_code="145013"),
        at(COMMAND, "832,832", "to the right"),
        Finding("AIPP006", "unclosed-block", Severity.ERROR, "at the end", Place(CONFIG, Span(size, size))),
        Finding("AIPP904", "unreadable-file", Severity.ERROR, "cannot be read", Place(EMPTY, Span(0, 0))),
    ]


def test_color_changes_nothing_but_color() -> None:
    plain = render("full", shared_findings(), Context())
    painted = render("full", shared_findings(), Context(color=True))

    assert "\x1b[1;31m" in painted
    assert re.sub(r"\x1b\[[0-9;]*m", "", painted) == plain
    assert "\x1b" not in plain
    assert render("concise", shared_findings(), Context(color=True)) == render("concise", shared_findings(), Context())


def test_concise_is_one_line_in_the_form_that_matchers_read() -> None:
    lines = render("concise", shared_findings(), Context()).splitlines()

    assert len(lines) == len(shared_findings())
    assert all(CONCISE.match(line) for line in lines), lines
    assert lines[-1] == "no such\\x0afile.cfg:1:1: error: cannot be read [AIPP904]"


def test_json_is_what_its_schema_says() -> None:
    text = render("json", shared_findings(), Context(files=2, configs=2, unbuilt=1, suppressed=1))
    document = json.loads(text.encode("utf-8").decode("utf-8"))

    assert violations("report", document) == []
    assert validator("report").is_valid(document)
    files = {"files": 2, "configurations": 2, "without_build": 1}
    assert document["summary"] == files | {"errors": 8, "warnings": 1, "infos": 1, "suppressed": 1}
    first = document["findings"][0]
    assert first["start"] == {"line": 3, "column": 10, "offset": CONFIG.text.index("crop")}
    assert first["fix"]["edits"][0]["text"] == "false"
    assert first["related"][0]["path"] == "<command line>"
    assert "\\xff" in document["findings"][5]["message"]


@pytest.mark.parametrize("text", ["a\tb", "\t\t", "图a", "e\u0301x", "\x00\x7f", "\udc80", "\u200b", "\U0001f600!"])
def test_columns_are_those_of_the_text_as_shown(text: str) -> None:
    shown, columns = show(text)

    assert len(columns) == len(text) + 1
    assert columns == sorted(columns)
    assert shown.isprintable()


def test_wide_characters_fill_two_columns_and_tabs_go_to_the_next_stop() -> None:
    assert show("图a") == ("图a", [0, 2, 3])
    assert show("ab\tc") == ("ab  c", [0, 1, 2, 4, 5])
    assert show("\u202c") == ("\\u202c", [0, 6])


def test_a_line_of_a_megabyte_is_cut_around_every_finding_once() -> None:
    source = Source("x", "x: 1 " * 200_000)
    findings = [
        Finding("AIPP101", "unknown-field", Severity.ERROR, "m", Place(source, Span(n * 50, n * 50 + 1)))
        for n in range(20_000)
    ]
    with at_most():
        text = render("full", findings, Context())

    assert max(map(len, text.splitlines())) < WIDTH + 40
