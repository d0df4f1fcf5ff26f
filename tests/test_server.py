"""The language server, over the protocol, as a process."""

from __future__ import annotations

import asyncio
import gc
import io
import json
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import aipplint
from aipplint import Severity, lint
from aipplint.formatting import format_source
from aipplint.rules import RULES
from aipplint.run.session import Request
from aipplint.server.positions import Lines, units
from aipplint.source import Source
from tests.checkout import ROOT, run
from tests.language_client import Client, Json

pytest.importorskip("pygls", reason="the language server needs pygls (aipplint[lsp])")

STATIC = "aipp_op {\n  aipp_mode: static\n  input_format: RGB888_U8\n}\n"
EQUALS = STATIC.replace("mode: static", "mode= static")
FULL = """\
aipp_op {
  aipp_mode: static
  input_format: YUV420SP_U8
  src_image_size_w: 640
  src_image_size_h: 480
  crop: true
  load_start_pos_h: 20
  crop_size_w: 640
  crop_size_h: 400
  csc_switch: true
  matrix_r0c0: 256
  matrix_r0c1: 0
  matrix_r0c2: 359
  matrix_r1c0: 256
  matrix_r1c1: -88
  matrix_r1c2: -183
  matrix_r2c0: 256
  matrix_r2c1: 454
  matrix_r2c2: 0
  input_bias_0: 0
  input_bias_1: 128
  input_bias_2: 128
  mean_chn_0: 123
  mean_chn_1: 116
  mean_chn_2: 103
  min_chn_0: 0.675
  min_chn_1: 0.28
  min_chn_2: 0.53
  var_reci_chn_0: 0.0171247538316637
  var_reci_chn_1: 0.0175070028011204
  var_reci_chn_2: 0.0174291938997821
}
"""
COMMAND = (
    'atc --model=a.onnx --framework=5 --input_format=NCHW --input_shape="data:1,3,-1,-1" '
    '--dynamic_image_size="416,416;832,832" --insert_op_conf=aipp.cfg\n'
)
BUILD = """\
[[build]]
config = "aipp.cfg"
input-format = "NCHW"
input-shape = "data:1,3,-1,-1"
dynamic-image-size = "416,416;832,832"
"""
ENCODINGS = {"utf-8": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with Client(tmp_path_factory.mktemp("shared")) as client:
        assert client.start()["positionEncoding"] == "utf-16"
        yield client


@pytest.fixture
def client(shared: Client, tmp_path: Path) -> Client:
    shared.folder = tmp_path
    return shared


@pytest.fixture
def path(client: Client) -> Path:
    return client.folder / "aipp.cfg"


def codes(diagnostics: list[Json]) -> list[str]:
    return [diagnostic["code"] for diagnostic in diagnostics]


def covered(text: str, place: Json, encoding: str = "utf-16") -> str:
    """The text that a range covers."""
    lines = Lines(text, encoding)
    ends = [lines.offset(place[end]["line"], place[end]["character"]) for end in ("start", "end")]
    return text[slice(*ends)]


def edited(text: str, action: Json) -> str:
    """A text after the edits of an action."""
    ((_, edits),) = action["edit"]["changes"].items()
    for edit in sorted(edits, key=lambda edit: json.dumps(edit["range"]["start"]), reverse=True):
        lines = Lines(text, "utf-16")
        start, end = (lines.offset(place["line"], place["character"]) for place in edit["range"].values())
        text = text[:start] + edit["newText"] + text[end:]
    return text


# Diagnostics.


def test_diagnostics_follow_the_text(client: Client, path: Path) -> None:
    (diagnostic,) = client.open(path, EQUALS)
    assert (diagnostic["code"], diagnostic["source"], diagnostic["severity"]) == ("AIPP005", "aipplint", 1)
    assert covered(EQUALS, diagnostic["range"]) == "="
    assert "equals-sign, ATC: E13005" in diagnostic["message"]
    assert client.change(path, STATIC) == []
    assert codes(client.change(path, EQUALS, 3)) == ["AIPP005"]
    assert client.close(path) == []


def test_severities(client: Client, path: Path) -> None:
    text = STATIC.replace("}", "  src_image_size_w: 9999\n  mean_chn_0: 0x10\n  padding: true\n  padding: true\n}")
    on_trial = {rule.code for rule in RULES if rule.preview}
    found = [finding for finding in aipplint.lint(text).findings if finding.code not in on_trial]
    assert {str(finding.severity) for finding in found} >= {"error", "warning"}
    number = {"error": 1, "warning": 2, "info": 3}
    given = [(d["code"], d["severity"]) for d in client.open(path, text)]
    assert given == [(finding.code, number[str(finding.severity)]) for finding in found]


def test_only_configurations_are_checked(client: Client, path: Path) -> None:
    other = path.with_name("setup.cfg")
    assert client.open(other, "[metadata]\nname = thing\n", "ini") == []
    # One that becomes a configuration is one, also while its first words are mended.
    assert codes(client.change(other, EQUALS)) == ["AIPP005"]
    assert client.change(other, "aip { mode = 1", 3) != []
    client.close(other)


def test_related_places_and_definition_are_in_the_settings(client: Client, path: Path) -> None:
    settings = path.with_name("aipplint.toml")
    settings.write_text(BUILD)
    diagnostics = client.open(path, FULL)
    assert codes(diagnostics) == ["AIPP702", "AIPP701"]
    (related,) = diagnostics[0]["relatedInformation"]
    assert related["location"]["uri"] == settings.as_uri()
    assert covered(BUILD, related["location"]["range"]) == "416,416;832,832"
    (definition,) = client.at("definition", path, 1, 3)
    assert (definition["uri"], covered(BUILD, definition["range"])) == (settings.as_uri(), '"aipp.cfg"')
    client.close(path)


def test_a_command_in_a_script_counts_and_is_where_definition_leads(client: Client, path: Path) -> None:
    script = path.with_name("convert.sh")
    path.write_text(FULL)
    script.write_text(COMMAND)
    diagnostics = client.open(path, FULL)
    assert codes(diagnostics) == ["AIPP702", "AIPP701"]
    (related,) = diagnostics[0]["relatedInformation"]
    assert related["location"]["uri"] == script.as_uri()
    assert covered(COMMAND, related["location"]["range"]) == "416,416;832,832"
    (definition,) = client.at("definition", path, 1, 3)
    assert (definition["uri"], covered(COMMAND, definition["range"])) == (script.as_uri(), "atc")
    assert "profile 1 (H 832, W 832)" in client.at("hover", path, 7, 4)["contents"]["value"]
    script.write_text("echo nothing\n")
    assert client.save(path) == []
    script.unlink()
    client.close(path)


def test_a_script_alone_has_its_findings_hover_and_definition(client: Client, path: Path) -> None:
    script, text = path.with_name("convert.sh"), COMMAND.replace("--framework=5", "--framework=5 --framework=3")
    path.write_text(FULL)
    script.write_text(text)
    diagnostics = client.open(script, text, "shellscript")
    assert "AIPP627" in codes(diagnostics)
    assert client.change(script, COMMAND.replace("atc ", "atc --output=a --soc_version=Ascend310P3 ")) == []
    hover = client.at("hover", script, 0, 40)["contents"]["value"]
    assert "**Build** of" in hover
    assert "aipp.cfg" in hover
    assert "dynamic_image_size=416,416;832,832" in hover
    (definition,) = client.at("definition", script, 0, 40)
    assert definition["uri"] == path.as_uri()
    client.close(script)


def test_code_alone_has_its_findings_hover_and_definition(client: Client, path: Path) -> None:
    shutil.copytree(ROOT / "examples", path.parent / "x")
    (path.parent / "x" / "aipplint.toml").touch()
    code, config = path.parent / "x" / "src" / "track.cpp", path.parent / "x" / "deploy" / "tracker_aipp.cfg"
    text = code.read_text()
    assert codes(client.open(code, text, "cpp")) == ["AIPP801"]
    assert codes(client.change(code, text.replace("416", "832"))) == ["AIPP806"]
    assert codes(client.change(code, text, 3)) == ["AIPP801"]
    line = text[: text.index("aclmdlSetAIPPSrcImageSize")].count("\n")
    hover = client.at("hover", code, line, 6)["contents"]["value"]
    assert hover.startswith("**Run-time settings** of `")
    assert "AIPP801" in client.at("hover", code, line, text.splitlines()[line].index("kSide"))["contents"]["value"]
    (definition,) = client.at("definition", code, line, 6)
    assert definition["uri"] == config.as_uri()
    # The file that the code is checked against changes on disk.
    config.write_text(STATIC)
    client.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": config.as_uri(), "type": 2}]})
    assert "AIPP801" not in codes(client.diagnostics(code))
    client.close(code)


def test_what_a_script_and_its_configuration_both_say_is_said_once(client: Client, path: Path) -> None:
    script, text = path.with_name("convert.sh"), COMMAND.replace("--framework=5", "--framework=5 --framework=3")
    path.write_text(FULL)
    script.write_text(text)
    alone = client.open(script, text, "shellscript")
    client.open(path, FULL)
    client.notify("textDocument/didSave", {"textDocument": {"uri": script.as_uri()}})
    assert client.diagnostics(script) == alone
    client.close(path)
    client.close(script)


def test_findings_about_the_settings_stand_there(client: Client, path: Path) -> None:
    settings = path.with_name("aipplint.toml")
    settings.write_text(BUILD.replace("416,416;832,832", "416,416;416,416"))
    document = {"uri": path.as_uri(), "languageId": "aipp", "version": 1, "text": STATIC}
    client.notify("textDocument/didOpen", {"textDocument": document})
    assert codes(client.diagnostics(settings)) == ["AIPP605"]
    client.notify("textDocument/didClose", {"textDocument": {"uri": path.as_uri()}})
    assert client.diagnostics(settings) == []


def test_settings_are_read_again_when_they_change(client: Client, path: Path) -> None:
    settings = path.with_name("aipplint.toml")
    assert codes(client.open(path, EQUALS)) == ["AIPP005"]
    settings.write_text('ignore = ["equals-sign"]\n')
    assert client.save(path) == []
    settings.write_text('[per-file-ignores]\n"other.cfg" = ["AIPP005"]\n')
    client.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": settings.as_uri(), "type": 2}]})
    assert codes(client.diagnostics(path)) == ["AIPP005"]
    settings.write_text('[per-file-ignores]\n"aipp.cfg" = ["AIPP0"]\n')
    assert client.change(path, EQUALS) == []
    settings.write_text('exclude = ["*.cfg"]\n')
    assert client.change(path, EQUALS, 3) == []
    settings.write_text("ignored = []\n")
    (broken,) = client.change(path, EQUALS, 4)
    assert (broken["code"], "did you mean 'ignore'?" in broken["message"]) == ("settings", True)
    assert client.at("hover", path, 1, 3) is not None
    assert client.at("definition", path, 1, 3) == []
    settings.unlink()
    assert codes(client.change(path, EQUALS, 5)) == ["AIPP005"]
    client.close(path)


# Edits.


def test_quick_fix(client: Client, path: Path) -> None:
    diagnostics = client.open(path, EQUALS)
    fix, ignore = client.actions(path, "quickfix", diagnostics=diagnostics)
    assert (fix["isPreferred"], fix["diagnostics"]) == (True, diagnostics)
    assert edited(EQUALS, fix) == STATIC
    assert fix["title"] == "Replace it by ':'"
    assert "AIPP005" in ignore["title"]
    assert client.change(path, edited(EQUALS, ignore)) == []
    client.close(path)


def test_fix_all(client: Client, path: Path) -> None:
    text = EQUALS.replace("format: RGB", "format： RGB")
    assert len(client.open(path, text)) == 2
    for asked in ("source.fixAll.aipplint", "source.fixAll", "source"):
        (action,) = client.actions(path, asked)
        assert (action["kind"], edited(text, action)) == ("source.fixAll.aipplint", STATIC)
    assert client.actions(path, "refactor") == []
    assert client.change(path, STATIC) == []
    assert client.actions(path) == []
    client.close(path)


def test_ignoring_offers_only_what_works(client: Client, path: Path) -> None:
    text = "aipp_op { aipp_mode: static input_format: RGB888_U8 crop = true\r\n src_image_size_w: 9999 }\r\n"
    client.open(path, text)
    for number, action in enumerate(client.actions(path, "quickfix")):
        if action["title"].startswith("Ignore"):
            code = re.findall(r"AIPP\d{3}", action["title"])
            assert not set(code) & set(codes(client.change(path, edited(text, action), 2 * number + 2)))
            client.change(path, text, 2 * number + 3)
    client.close(path)


# What stands here, what can stand here.


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("crop_size_h", ["`int32`, static AIPP", "range: 1 to 4096 pixels", "H 400 from 20 (20 + 400 = 420 of 480)"]),
        ("csc_switch", ["YUV420SP (NV12) to RGB, BT.601 full range (JPEG)"]),
        ("matrix_r1c1", ["BT.601 full range (JPEG)"]),
        ("var_reci_chn_0", ["(pixel - 123 - 0.675) * 0.01712475", "ImageNet, R, G, B"]),
        ("mean_chn_0", ["a grey pixel becomes 0.07", "a red pixel becomes 2.2", "a white pixel becomes 2.2"]),
        ("aipp_mode", ["values: static, dynamic"]),
        ("aipp_op", ["One AIPP operator", "colour: ", "source: H 480, W 640", "channel 2: "]),
    ],
)
def test_hover_on_a_field(client: Client, path: Path, field: str, said: list[str]) -> None:
    client.open(path, FULL)
    line = next(number for number, text in enumerate(FULL.splitlines()) if text.strip().startswith(field))
    hover = client.at("hover", path, line, FULL.splitlines()[line].index(field) + 1)
    assert hover["contents"]["kind"] == "markdown"
    assert covered(FULL, hover["range"]).startswith(field)
    for text in said:
        assert text in hover["contents"]["value"], hover["contents"]["value"]
    assert client.at("hover", path, len(FULL.splitlines()), 0) is None
    client.close(path)


def test_hover_on_a_finding_and_on_a_comment_shows_the_rule(client: Client, path: Path) -> None:
    text = "# aipplint: ignore[AIPP401] checked\n" + EQUALS
    client.open(path, text)
    at_comment = client.at("hover", path, 0, 22)
    assert "**AIPP401 csc-without-matrix**" in at_comment["contents"]["value"]
    assert covered(text, at_comment["range"]) == "AIPP401"
    assert "**AIPP005 equals-sign**" in client.at("hover", path, 2, 11)["contents"]["value"]
    client.close(path)


def test_hover_knows_the_build(client: Client, path: Path) -> None:
    path.with_name("aipplint.toml").write_text(BUILD)
    client.open(path, FULL)
    assert "profile 1 (H 832, W 832)" in client.at("hover", path, 7, 4)["contents"]["value"]
    client.close(path)


def test_hover_on_the_room_of_a_dynamic_operator(client: Client, path: Path) -> None:
    client.open(path, "aipp_op {\n  aipp_mode: dynamic\n  max_src_image_size: 1038336\n}\n")
    assert "YUV420SP_U8: 692,224 pixels" in client.at("hover", path, 2, 4)["contents"]["value"]
    client.close(path)


def labels(client: Client, path: Path, text: str) -> dict[str, Json]:
    """The completions at the bar in a text, by label."""
    at = text.index("|")
    line, column = Lines(text, "utf-16").position(at)
    client.open(path, text.replace("|", "", 1))
    items = client.at("completion", path, line, column)
    client.close(path)
    return {item["label"]: item for item in items}


def test_completion_of_fields(client: Client, path: Path) -> None:
    found = labels(client, path, STATIC.replace("}", "  cro|\n}"))
    assert found["crop"]["textEdit"]["newText"] == "crop: ${1|true,false|}"
    assert found["crop"]["textEdit"]["range"] == {
        "start": {"line": 3, "character": 2},
        "end": {"line": 3, "character": 5},
    }
    assert not {"aipp_mode", "input_format", "max_src_image_size", "input_edge_idx"} & set(found)
    dynamic = labels(client, path, "aipp_op { aipp_mode: dynamic\n | }")
    assert "max_src_image_size" in dynamic
    assert "crop" not in dynamic
    assert "crop" in labels(client, path, "aipp_op { aipp_mode: static cs = 3 { } , |")


def test_completion_of_values(client: Client, path: Path) -> None:
    assert set(labels(client, path, "aipp_op { aipp_mode: |")) == {"static", "dynamic"}
    assert set(labels(client, path, "aipp_op { crop: t|")) == {"true", "false"}
    formats = labels(client, path, "aipp_op { input_format: YUV|\n}")
    assert {"YUV420SP_U8", "RGB888_U8"} <= set(formats)
    assert "UNDEFINED" not in formats
    assert labels(client, path, "aipp_op { mean_chn_0: |") == {}
    assert labels(client, path, "aipp_op { # a comment |\n}") == {}
    assert labels(client, path, 'aipp_op { related_input_name: "cr|') == {}


def test_completion_of_whole_operators(client: Client, path: Path) -> None:
    found = labels(client, path, "|")
    assert {"aipp_op (static)", "aipp_op (dynamic)"} <= set(found)
    for label in ("aipp_op (static)", "aipp_op (dynamic)"):
        snippet = found[label]["textEdit"]["newText"]
        filled = re.sub(r"\$\{\d+(?::([^}]*)|\|([^,|]*)[^}]*)\}", lambda m: m[1] or m[2], snippet)
        filled = filled.replace("max_src_image_size: 0", "max_src_image_size: 1038336")
        assert aipplint.lint(filled).ok, aipplint.lint(filled).findings


def test_symbols(client: Client, path: Path) -> None:
    client.open(path, FULL + "aipp_op { related_input_rank: 1 }\n")
    first, second = client.ask("textDocument/documentSymbol", {"textDocument": {"uri": path.as_uri()}})
    assert (first["name"], first["detail"], len(first["children"])) == ("aipp_op", "static, YUV420SP_U8", 30)
    assert [child["name"] for child in second["children"]] == ["related_input_rank"]
    assert covered(FULL, first["range"]) == FULL.strip()
    client.close(path)


def test_formatting(client: Client, path: Path) -> None:
    options = {"textDocument": {"uri": path.as_uri()}, "options": {"tabSize": 2, "insertSpaces": True}}
    client.open(path, "aipp_op{\n  aipp_mode : static\n    input_format: RGB888_U8\n}\n")
    edits = client.ask("textDocument/formatting", options)
    assert len(edits) == 1
    assert edits[0]["newText"] == " {\n    aipp_mode"
    client.change(path, EQUALS)
    assert client.ask("textDocument/formatting", options) == []
    script = path.with_name("convert.sh")
    client.open(script, COMMAND, "shellscript")
    assert client.ask("textDocument/formatting", {**options, "textDocument": {"uri": script.as_uri()}}) == []


def whole(path: Path) -> Json:
    end = {"line": 1000, "character": 0}
    return {"textDocument": {"uri": path.as_uri()}, "range": {"start": {"line": 0, "character": 0}, "end": end}}


def test_inlay_hints(client: Client, path: Path) -> None:
    client.open(path, FULL.replace("  csc_switch", "  padding: true\n  top_padding_size: 8\n  csc_switch"))
    hints = client.ask("textDocument/inlayHint", whole(path))

    assert [(hint["position"]["line"], hint["label"]) for hint in hints] == [
        (8, "20 + 400 = 420 of 480"),
        (8, "400 + 8 = 408 with padding"),
        (11, "YUV420SP (NV12) to RGB, BT.601 full range (JPEG)"),
        (24, "ImageNet, R, G, B"),
    ]
    few = {**whole(path), "range": {"start": {"line": 11, "character": 0}, "end": {"line": 12, "character": 0}}}
    assert len(client.ask("textDocument/inlayHint", few)) == 1
    client.change(path, "aipp_op {")
    assert client.ask("textDocument/inlayHint", whole(path)) == []


def test_links_lead_to_the_command_and_from_it(client: Client, path: Path) -> None:
    script = path.with_name("convert.sh")
    script.write_text("\n" + COMMAND)
    path.write_text(STATIC)
    client.open(path, STATIC)
    (link,) = client.ask("textDocument/documentLink", {"textDocument": {"uri": path.as_uri()}})
    assert link["target"] == f"{script.as_uri()}#L2"
    assert link["range"]["end"] == {"line": 0, "character": 7}

    client.open(script, "\n" + COMMAND, "shellscript")
    (link,) = client.ask("textDocument/documentLink", {"textDocument": {"uri": script.as_uri()}})
    assert link["target"] == path.as_uri()
    start, end = link["range"]["start"]["character"], link["range"]["end"]["character"]
    assert COMMAND[start:end] == "aipp.cfg"


def test_an_empty_file_is_offered_whole_configurations(client: Client, path: Path) -> None:
    client.open(path, "\n")
    offered = [action for action in client.actions(path) if action["title"].startswith("New configuration: ")]
    assert len(offered) == 7
    for action in offered:
        (edit,) = action["edit"]["changes"][path.as_uri()]
        text = edit["newText"]
        assert not [one for one in lint(text).findings if one.severity > Severity.INFO]
        assert format_source(Source("aipp.cfg", text), sort=True) == text
    client.change(path, STATIC)
    assert not [action for action in client.actions(path) if action["title"].startswith("New")]


def test_a_client_may_ask_for_diagnostics(tmp_path: Path) -> None:
    path, script = tmp_path / "aipp.cfg", tmp_path / "convert.sh"
    with Client(tmp_path) as client:
        able: Json = {"textDocument": {"diagnostic": {}}, "workspace": {"diagnostics": {"refreshSupport": True}}}
        assert client.start(**able)["diagnosticProvider"]["interFileDependencies"]
        for file, text in ((path, EQUALS), (script, "echo\n")):
            document = {"uri": file.as_uri(), "languageId": "", "version": 1, "text": text}
            client.notify("textDocument/didOpen", {"textDocument": document})
        report = client.ask("textDocument/diagnostic", {"textDocument": {"uri": path.as_uri()}})
        assert [one["code"] for one in report["items"]] == ["AIPP005"]
        client.notify("workspace/didChangeWatchedFiles", {"changes": []})
        while (message := client.receive())["method"] != "workspace/diagnostic/refresh":
            assert message["method"] != "textDocument/publishDiagnostics"
        assert client.finish() == 0


def test_a_client_that_is_told_may_ask_too(client: Client, path: Path) -> None:
    pushed = client.open(path, EQUALS)
    report = client.ask("textDocument/diagnostic", {"textDocument": {"uri": path.as_uri()}})

    assert report == {"kind": "full", "items": pushed}


def test_what_is_not_open_has_no_answer(client: Client, path: Path) -> None:
    assert client.at("hover", path, 0, 0) is None
    assert client.at("completion", path, 0, 0) == []
    assert client.at("definition", path, 0, 0) == []
    assert client.actions(path) == []
    for method in ("formatting", "documentLink", "inlayHint"):
        assert (
            client.ask(f"textDocument/{method}", {**whole(path), "options": {"tabSize": 4, "insertSpaces": True}}) == []
        )
    assert client.ask("textDocument/diagnostic", whole(path))["items"] == []
    client.notify(
        "textDocument/didChange", {"textDocument": {"uri": path.as_uri(), "version": 2}, "contentChanges": []}
    )
    assert client.open(path, STATIC) == []
    client.close(path)


# Positions.

WIDE = 'aipp_op { related_input_name: "数据😀" aipp_mode = static input_format: RGB888_U8 }\n'


@pytest.mark.parametrize(
    ("offered", "agreed"),
    [(["utf-8", "utf-16"], "utf-8"), (["utf-16"], "utf-16"), (["utf-7", "utf-32"], "utf-32")],
)
def test_position_encodings(tmp_path: Path, offered: list[str], agreed: str) -> None:
    path = tmp_path / "aipp.cfg"
    with Client(tmp_path) as client:
        assert client.start(offered)["positionEncoding"] == agreed
        (diagnostic,) = (one for one in client.open(path, WIDE) if one["code"] == "AIPP005")
        before = WIDE[: WIDE.index("=")].encode(ENCODINGS[agreed])
        width = {"utf-8": 1, "utf-16": 2, "utf-32": 4}[agreed]
        assert diagnostic["range"]["start"] == {"line": 0, "character": len(before) // width}
        assert covered(WIDE, diagnostic["range"], agreed) == "="
        column = units(WIDE[: WIDE.index("input_format") + 3], agreed)
        hover = client.at("hover", path, 0, column)
        assert covered(WIDE, hover["range"], agreed) == "input_format: RGB888_U8"
        assert client.finish() == 0


@given(st.text(st.sampled_from("a数😀\r\n\u2028\ud800\udc80é"), max_size=30), st.sampled_from(sorted(ENCODINGS)))
def test_lines(text: str, encoding: str) -> None:
    lines = Lines(text, encoding)
    for offset in range(len(text) + 1):
        line, column = lines.position(offset)
        back = lines.offset(line, column)
        assert back == offset or text[back:offset] in ("\r", "\n", "\r\n") or text[back : offset + 1] == "\r\n"
    ends = re.split(r"\r\n|\r|\n", text)
    assert lines.position(len(text)) == (len(ends) - 1, units(ends[-1], encoding))
    assert lines.offset(len(ends) - 1, 10_000) == len(text)
    assert lines.offset(10_000, 0) == len(text)


def test_units() -> None:
    assert [units("a数😀", encoding) for encoding in ENCODINGS] == [8, 4, 3]
    assert [Lines("😀a", encoding).offset(0, 1) for encoding in ENCODINGS] == [0, 0, 1]


# Bad input.


def test_errors_of_the_protocol(tmp_path: Path) -> None:
    with Client(tmp_path) as client:
        assert client.answer("textDocument/hover", {})["error"]["code"] in (-32602, -32002)
        assert (
            client.answer("textDocument/documentSymbol", {"textDocument": {"uri": "file:///a"}})["error"]["code"]
            == -32002
        )
        client.notify("textDocument/didSave", {"textDocument": {"uri": "file:///a"}})
        client.start()
        assert (
            client.answer("initialize", {"processId": None, "rootUri": None, "capabilities": {}})["error"]["code"]
            == -32600
        )
        assert client.answer("aipplint/nothing", {})["error"]["code"] == -32601
        refused = client.answer("textDocument/hover", {"textDocument": 5})
        assert (refused["error"]["code"], "Traceback" in json.dumps(refused)) == (-32602, False)
        client.notify("aipplint/nothing", {})
        client.notify("$/cancelRequest", {"id": 99})
        for broken, code in BROKEN:
            client.body(broken)
            message = client.receive()
            assert (message["error"]["code"], message["id"]) == (code, None), broken
        client.raw(b"Content-Length: 4\r\n\r\n\xff\xfe{}")
        assert client.receive()["error"]["code"] == -32700
        client.raw(b"nonsense\r\n\r\n" + b"x" * 5000 + b"\r\nContent-Length: -5\r\n\r\n")
        assert client.answer("aipplint/nothing", {})["error"]["code"] == -32601
        client.ask("shutdown", None)
        assert client.answer("aipplint/nothing", {})["error"]["code"] == -32600
        client.notify("exit", None)
        assert (client.ended(), client.complaints()) == (0, "")


BROKEN = (
    ("{", -32700),
    ("[" * 100_000, -32700),
    ("[]", -32600),
    ("null", -32600),
    ("{}", -32600),
    ('"text"', -32600),
    ('{"jsonrpc": "2.0"}', -32600),
)


def test_a_message_that_is_too_large_is_skipped(client: Client) -> None:
    size = 65 * 1024 * 1024
    client.raw(b"Content-Length: %d\r\n\r\n" % size)
    for _ in range(65):
        client.raw(b" " * (size // 65))
    while "error" not in (message := client.receive()):
        pass
    assert message["error"]["code"] == -32700


@pytest.mark.parametrize("last", [b"", b"Content-Length: 50\r\n\r\n{"])
def test_a_client_that_dies(tmp_path: Path, last: bytes) -> None:
    with Client(tmp_path) as client:
        client.start()
        client.open(tmp_path / "aipp.cfg", STATIC)
        client.raw(last)
        assert client.process.stdin
        client.process.stdin.close()
        assert client.ended() == 0
        assert client.complaints() == ""


def test_a_client_that_dies_while_it_is_answered(tmp_path: Path) -> None:
    """Both pipes close at once, and there is nobody to send to."""
    with Client(tmp_path) as client:
        client.start()
        assert client.process.stdin
        assert client.process.stdout
        document = {"uri": (tmp_path / "aipp.cfg").as_uri(), "languageId": "aipp", "version": 1, "text": EQUALS * 100}
        client.stop_reading()
        client.notify("textDocument/didOpen", {"textDocument": document})
        client.process.stdin.close()
        assert client.ended() in (0, 1)
        assert client.complaints() == ""


def test_a_client_that_listens_no_more(tmp_path: Path) -> None:
    """Somebody else may hold standard input open."""
    with Client(tmp_path) as client:
        client.start()
        client.stop_reading()
        # The last answer that is read; nothing is said after it.
        client.body('{"jsonrpc": "2.0", "id": 0, "method": "no/such"}')
        assert (client.ended(), client.complaints()) == (1, "")


def test_a_client_that_is_gone_though_the_pipes_are_open(tmp_path: Path) -> None:
    # An editor that ends as soon as its input does, also when this test fails.
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE) as editor, Client(tmp_path) as client:
        client.start(process=editor.pid)
        client.open(tmp_path / "aipp.cfg", STATIC)
        editor.communicate()
        assert (client.ended(), client.complaints()) == (1, "")


@pytest.mark.parametrize("size", [2**62, 9_223_372_036_854_775_807])
def test_a_size_that_nobody_means_swallows_nothing(client: Client, path: Path, size: int) -> None:
    client.raw(b"Content-Length: %d\r\n\r\nabc" % size)
    while "error" not in (message := client.receive()):
        pass
    assert message["error"]["code"] == -32700
    assert client.open(path, "aipp_op {") != []


@pytest.mark.parametrize("rest", [b"ll", b"x" * 1010, b"x" * 1024, b"x" * 5000])
def test_a_wrong_size_costs_one_message(client: Client, path: Path, rest: bytes) -> None:
    client.raw(b"Content-Length: 2\r\n\r\nnu" + rest)
    assert client.open(path, "aipp_op {") != []


@pytest.mark.parametrize("uri", ["file://[::1/x_aipp.cfg", "file:///tmp/\ud800_aipp.cfg"])
def test_what_is_no_uri_is_refused(client: Client, path: Path, uri: str) -> None:
    """The notification says nothing; the request gets an answer."""
    document = {"uri": uri, "languageId": "aipp", "version": 1, "text": ""}
    client.notify("textDocument/didOpen", {"textDocument": document})
    name = {"textDocument": {"uri": document["uri"]}, "position": {"line": 0, "character": 0}}
    client.body(json.dumps({"jsonrpc": "2.0", "id": "x", "method": "textDocument/hover", "params": name}))
    message = client.receive()
    assert (message["id"], message["error"]["code"]) == ("x", -32602)
    assert client.open(path, "aipp_op {") != []


def test_edits_leave_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many there were: nothing is kept of a message that is done."""
    from pygls.io_ import StdoutWriter

    from aipplint.server.features import register
    from aipplint.server.server import Server

    # On a busy machine checks are put off, by timers that only a loop with time to spare takes away.
    monkeypatch.setattr("aipplint.server.server._QUICK", float("inf"))
    server = Server(Request())
    register(server)
    server.protocol.set_writer(StdoutWriter(io.BytesIO()))
    uri = (tmp_path / "aipp.cfg").as_uri()

    def handle(method: str, params: Any, **number: int) -> None:
        text = json.dumps({"jsonrpc": "2.0", "method": method, "params": params, **number})
        server.protocol.handle_message(json.loads(text, object_hook=server.protocol.structure_message))

    def edit(times: int) -> int:
        for version in range(times):
            change = {"textDocument": {"uri": uri, "version": version}, "contentChanges": [{"text": EQUALS}]}
            handle("textDocument/didChange", change)
            handle("textDocument/didSave", {"textDocument": {"uri": uri}})
        server.protocol.set_writer(StdoutWriter(io.BytesIO()))
        gc.collect()
        return len(gc.get_objects())

    async def session() -> list[int]:
        handle("initialize", {"processId": None, "rootUri": None, "capabilities": {}}, id=1)
        handle("textDocument/didOpen", {"textDocument": {"uri": uri, "languageId": "aipp", "version": 0, "text": ""}})
        return [edit(50), edit(50), edit(400)]

    _, before, after = asyncio.run(session())
    assert server.protocol._request_futures == {}
    # Timers that were cancelled go in their own time, so a few hundred objects may be left; not two for each message.
    assert after - before < 700


def test_a_client_that_leaves_without_a_word(tmp_path: Path) -> None:
    with Client(tmp_path) as client:
        client.notify("exit", None)
        assert (client.ended(), client.complaints()) == (1, "")


def test_no_text_ends_the_server(client: Client, path: Path) -> None:
    luck = random.Random(0)  # noqa: S311 - no secret
    pieces = [
        "aipp_op",
        "{",
        "}",
        "<",
        "[",
        ":",
        "crop",
        "true",
        '"',
        "#",
        "\0",
        "\r",
        "\n",
        "😀",
        "\ufeff",
        "\ud800",
        "\udc80",
        " ",
    ]
    texts = ["".join(luck.choices(pieces, k=luck.randrange(60))) for _ in range(40)]
    texts += ["aipp_op {" * 5000, "[" * 5000, "\0" * 100, "aipp_op { crop: \udcff }", "x" * 100_000]
    client.open(path, "aipp_op")
    for version, text in enumerate(texts, 2):
        client.change(path, text, version)
        line, column = Lines(text, "utf-16").position(luck.randrange(len(text) + 1))
        client.at("hover", path, line, column)
        client.at("completion", path, line, column)
        client.actions(path)
        client.ask("textDocument/documentSymbol", {"textDocument": {"uri": path.as_uri()}})
    assert client.change(path, STATIC, 1000) == []
    client.close(path)


@pytest.mark.parametrize("uri", ["untitled:Untitled-1", "file:///a%00b.cfg", "", "::", "file://host"])
def test_any_uri(client: Client, uri: str) -> None:
    document = {"uri": uri, "languageId": "aipp", "version": 1, "text": EQUALS}
    client.notify("textDocument/didOpen", {"textDocument": document})
    found: Any = {}
    while (found.get("uri"), found.get("version")) != (uri, 1):
        found = client.receive().get("params", {})
    assert codes(found["diagnostics"]) == ["AIPP005"]
    client.notify("textDocument/didClose", {"textDocument": {"uri": uri}})


def test_half_a_character_names_no_file(client: Client, path: Path) -> None:
    document = {"uri": "file:///\ud800", "languageId": "aipp", "version": 1, "text": EQUALS}
    client.notify("textDocument/didOpen", {"textDocument": document})
    request = {"textDocument": {"uri": "file:///\ud800"}}
    assert client.answer("textDocument/documentSymbol", request)["error"]["code"] == -32602
    assert codes(client.open(path, EQUALS)) == ["AIPP005"]


# The command.


def test_without_pygls_one_line_says_what_to_do() -> None:
    code = "import sys; sys.modules['pygls'] = None; from aipplint.cli import main; sys.exit(main(['server']))"
    done = run(sys.executable, "-c", code, cwd=Path(__file__).parent.parent, fails=True)
    assert done.returncode == 2
    assert done.stderr == "aipplint: the language server needs pygls: pip install 'aipplint[lsp]'\n"


def test_nothing_else_loads_pygls(tmp_path: Path) -> None:
    (tmp_path / "aipp.cfg").write_text(STATIC)
    code = (
        "import sys; from aipplint.cli import main; main(['check', sys.argv[1]]); main(['rule', 'AIPP001']);"
        "sys.exit(any(name.startswith(('pygls', 'lsprotocol', 'asyncio')) for name in sys.modules))"
    )
    run(sys.executable, "-c", code, str(tmp_path), cwd=Path(__file__).parent.parent)


def test_arguments(tmp_path: Path) -> None:
    (tmp_path / "other.toml").write_text('ignore = ["AIPP005"]\n')
    with Client(tmp_path, "--stdio", "--config", "other.toml") as client:
        client.start()
        assert client.open(tmp_path / "aipp.cfg", EQUALS) == []
        assert client.finish() == 0
    with Client(tmp_path, "port") as client:
        assert client.ended() == 2
        assert "takes no arguments" in client.complaints()
