"""Every output format over one set of findings that has all that is difficult, and what its readers insist on."""

from __future__ import annotations

import json
import re
import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft4Validator, Draft202012Validator

from aipplint.cli.reporting import _describe
from aipplint.findings import Edit, Finding, Fix, Place, Related, Severity
from aipplint.fixes import apply
from aipplint.report import COLUMN_UNITS, FORMATS, Context, render
from aipplint.report.paths import as_uri, in_repository
from aipplint.report.positions import code_points, in_editor, utf8_bytes
from aipplint.rules import RULES
from aipplint.schema.validate import violations
from aipplint.source import Source, Span
from tests.checkout import run
from tests.test_report import CONCISE, CONFIG, at, shared_findings

STORED = Path(__file__).parent / "cases" / "formats"
DATA = Path(__file__).parent / "data"

HOSTILE = Source(
    "模型/50%, a:b \x1b[31m\udcff::error::x.cfg", "aipp_op {\n  # 🚗 裁剪 crop: true\n  mode: 1 mode: 2\n}\n"
)
MARKED = Source("./bom.cfg", "\ufeffaipp_op {}\n")
SETTINGS = Source("aipplint.toml", 'ignore = ["AIPP205"]\n\n[[build]]\ninput-shape = "data:8"\n')
TWO = "mode: 1 mode: 2"


def edits(source: Source, *changes: tuple[str, str], message: str = "mend it", safe: bool = True) -> Fix:
    """Replace the first place of each text in a source."""
    found = ((source.text.index(old), old, new) for old, new in changes)
    return Fix(message, tuple(Edit(start, start + len(old), new) for start, old, new in found), safe=safe)


def findings() -> list[Finding]:
    here = HOSTILE.text.index(": 2")
    insert = Fix("insert a blank", (Edit(here, here, " "),), safe=True)
    options = Related(Place(SETTINGS, Span(35, 55)), "\\the [build] is here")
    return [
        *shared_findings(),
        at(HOSTILE, "crop", "behind an emoji", fix=edits(HOSTILE, ("# ", ""), ("true", "🚙")), related=(options,)),
        Finding(
            "AIPP007", "no-width", Severity.WARNING, "nothing\nbetween", Place(HOSTILE, Span(here, here)), fix=insert
        ),
        at(HOSTILE, TWO, "a name like [this](https://example.com) is a stranger's", Severity.INFO),
        at(HOSTILE, TWO, "the same place again, 100%: a, b", fix=edits(HOSTILE, ("2", "\udcff"))),
        at(MARKED, "\ufeff", "a byte order mark", fix=edits(MARKED, ("\ufeff", ""))),
        at(MARKED, "aipp_op", "behind a byte order mark", Severity.WARNING),
        at(SETTINGS, "AIPP205", "in the settings", Severity.INFO),
    ]


def shown(name: str, found: list[Finding] | None = None, **more: Any) -> str:
    context = Context(files=2, suppressed=1, paths=("deploy/aipp.cfg", "deploy/good.cfg"), describe=_describe)
    return render(name, findings() if found is None else found, context._replace(**more))


def objects(node: Any) -> list[dict[str, Any]]:
    """Every object in a JSON document."""
    inner = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    return [*([node] if isinstance(node, dict) else []), *(found for value in inner for found in objects(value))]


# Every format.


@pytest.mark.parametrize("name", list(FORMATS))
def test_the_findings_look_as_stored(name: str, request: pytest.FixtureRequest) -> None:
    """Rules keep their own pages: SARIF is stored without them, so that it changes only when the format does."""
    stored = STORED / f"report.{name}"
    rendered = shown(name, describe=lambda _: None)
    if request.config.getoption("--update-cases"):
        stored.parent.mkdir(parents=True, exist_ok=True)
        stored.write_text(rendered, encoding="utf-8", newline="")

    assert rendered == stored.read_bytes().decode()


def test_nothing_is_stored_for_a_format_that_is_gone() -> None:
    assert {path.suffix[1:] for path in STORED.iterdir()} == set(FORMATS)


@pytest.mark.parametrize("name", list(FORMATS))
def test_every_format_can_be_printed_anywhere_and_hides_nothing(name: str) -> None:
    rendered = shown(name)

    assert rendered == "" or rendered.endswith("\n")
    rendered.encode("utf-8")
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f\u202c\ufeff]", rendered)
    if name not in ("full", "concise", "github"):
        assert rendered.isascii()


@pytest.mark.parametrize("name", list(FORMATS))
def test_the_same_findings_give_the_same_text(name: str) -> None:
    assert shown(name) == shown(name)


@pytest.mark.parametrize("name", list(FORMATS))
def test_without_findings_a_report_is_valid(name: str) -> None:
    text = shown(name, [], files=0, paths=())

    if name in ("json", "sarif", "gitlab", "rdjson"):
        document = json.loads(text)
        assert name != "json" or violations("report", document) == []
        assert name != "gitlab" or document == []
        assert name != "sarif" or document["runs"][0]["results"] == []
        assert name != "rdjson" or document["diagnostics"] == []
    elif name in ("checkstyle", "junit"):
        assert len(parsed(text)) == (1 if name == "junit" else 0)
    else:
        assert text == ""


@given(
    st.lists(
        st.tuples(
            st.text(max_size=12),
            st.text(max_size=8) | st.sampled_from(["<stdin>", "a b", "./x", "/x", "", "."]),
            st.integers(0, 12),
            st.integers(0, 12),
            st.text(max_size=5),
            st.sampled_from(Severity),
        ),
        max_size=3,
    )
)
def test_no_text_breaks_a_format(given_: list[tuple[str, str, int, int, str, Severity]]) -> None:
    found = []
    for text, path, start, end, message, severity in given_:
        source = Source(path, text)
        place = Place(source, source.span(start, end))
        fix = Fix(message, (Edit(*place.span, message),), safe=False)
        found.append(Finding("AIPP999", "x", severity, message, place, "", (Related(place, message),), fix, message))
    for name in FORMATS:
        rendered = shown(name, found)
        rendered.encode("utf-8")
        if name in READERS:
            READERS[name](rendered)
    # No rule has an empty message, and no file a name without a letter.
    usual = [finding for finding in found if finding.message.strip() and finding.path[:1].isalnum()]
    run_of(shown("sarif", usual))


@pytest.mark.parametrize("name", list(FORMATS))
def test_no_name_of_a_file_brings_a_control_character(name: str) -> None:
    source = Source("a\r\x1b[31m\x9b_aipp.cfg", "x")
    place = Place(source, Span(0, 1))
    finding = Finding("AIPP999", "x", Severity.ERROR, "wrong", place, "", (Related(place, "here"),), None, "")

    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f]", shown(name, [finding]))


def lines_of(text: str) -> list[Any]:
    return [json.loads(line) for line in text.split("\n")[:-1]]


def parsed(text: str) -> ET.Element:
    return ET.fromstring(text)  # noqa: S314 (our own report)


READERS: dict[str, Callable[[str], Any]] = {
    **dict.fromkeys(("json", "sarif", "gitlab", "rdjson"), json.loads),
    **dict.fromkeys(("jsonl", "rdjsonl"), lines_of),
    **dict.fromkeys(("checkstyle", "junit"), parsed),
}


# Units.


@pytest.mark.parametrize(
    ("text", "points", "size"),
    [("a", 2, 2), ("é", 2, 3), ("图", 2, 4), ("🚗", 2, 5), ("\udcff", 2, 2), ("\ud800", 2, 4), ("\r", 2, 2)],
)
def test_columns_in_every_unit(text: str, points: int, size: int) -> None:
    source = Source("x", f"图\n{text}!")
    offset = source.text.index("!")

    assert code_points(source, offset) == (2, points)
    assert utf8_bytes(source, offset) == (2, size)


@pytest.mark.parametrize(
    ("text", "characters", "size", "utf_16"),
    [
        ("a", 2, 2, 2),
        ("é", 2, 3, 2),
        ("图", 2, 4, 2),
        ("🚗", 2, 5, 3),
        ("\t", 2, 2, 2),
        ("\ufeff", 1, 1, 1),
        ("", 1, 1, 1),
    ],
)
def test_columns_as_an_editor_counts_them(text: str, characters: int, size: int, utf_16: int) -> None:
    """No editor shows a byte order mark as a part of the text."""
    source = Source("x", f"{text}!")
    columns = [in_editor(source, len(text), unit).column for unit in COLUMN_UNITS]

    assert columns == [characters, size, utf_16]
    assert [in_editor(Source("x", f"图\n{text}!"), 2, unit).line for unit in COLUMN_UNITS] == [2, 2, 2]


@given(st.text(st.characters() | st.sampled_from("图🚗\ufeff\udcff\ud800\n"), max_size=20), st.integers(0, 20))
def test_columns_lie_in_the_line(text: str, offset: int) -> None:
    source = Source("x", text)
    offset = min(offset, len(text))
    line, column = source.position(offset)
    characters, size, utf_16 = (in_editor(source, offset, unit) for unit in COLUMN_UNITS)

    assert characters.line == size.line == utf_16.line == line
    assert characters.column in (column, column - 1)
    assert characters.column <= utf_16.column <= 2 * column
    assert utf_16.column <= size.column <= 4 * column


def test_only_concise_counts_as_one_wants() -> None:
    for name in FORMATS:
        texts = {shown(name, column_unit=unit) for unit in COLUMN_UNITS}
        assert len(texts) == (len(COLUMN_UNITS) if name == "concise" else 1)


def test_a_byte_order_mark_counts_in_bytes_only() -> None:
    assert [code_points(MARKED, offset).column for offset in (0, 1, 2)] == [1, 1, 2]
    assert [utf8_bytes(MARKED, offset).column for offset in (0, 1, 2)] == [1, 4, 5]
    second = Source("x", "\ufeff\na")
    assert code_points(second, 3) == (2, 2)


# Paths.


def test_paths_are_relative_to_the_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path.resolve()
    (root / "work" / "deploy").mkdir(parents=True)
    (root / "work" / "link").symlink_to(root / "work" / "deploy")
    (root / "work" / "out").symlink_to(root)
    monkeypatch.chdir(root / "work" / "deploy")
    work = str(root / "work")

    assert in_repository("aipp.cfg", work) == "deploy/aipp.cfg"
    assert in_repository("./aipp.cfg", work) == "deploy/aipp.cfg"
    assert in_repository("../link/aipp.cfg", work) == "deploy/aipp.cfg"
    assert in_repository("../out/aipp.cfg", work) == "out/aipp.cfg"
    assert in_repository("../../aipp.cfg", work) == f"{root}/aipp.cfg"
    assert in_repository(f"{work}/a b.cfg", work) == "a b.cfg"
    assert in_repository("<command line>", work) == "<command line>"
    assert as_uri("../../a b.cfg", work) == f"file://{root}/a%20b.cfg"
    assert as_uri("a%\udcff.cfg", work) == "deploy/a%25%FF.cfg"


def test_without_a_root_a_path_stays_as_given() -> None:
    assert [in_repository(path, "") for path in ("./a/b.cfg", "a/./b.cfg", "../b", "/b", "<stdin>")] == [
        "a/b.cfg",
        "a/./b.cfg",
        "../b",
        "/b",
        "<stdin>",
    ]


# Ours.


def test_jsonl_has_the_findings_of_json() -> None:
    document = json.loads(shown("json"))

    assert violations("report", document) == []
    assert lines_of(shown("jsonl")) == document["findings"]


def test_concise_is_one_line_for_each_finding() -> None:
    assert all(CONCISE.match(line) for line in shown("concise").split("\n")[:-1])
    assert len(shown("concise").split("\n")) == len(findings()) + 1


# SARIF.


def sarif_schema() -> Any:
    return json.loads((DATA / "sarif-2.1.0.schema.json").read_text(encoding="utf-8"))


def run_of(text: str) -> dict[str, Any]:
    document = json.loads(text)
    assert [error.message for error in Draft202012Validator(sarif_schema()).iter_errors(document)] == []
    run: dict[str, Any] = document["runs"][0]
    return run


def test_the_schema_of_sarif_is_itself_valid_and_strict() -> None:
    Draft202012Validator.check_schema(sarif_schema())
    document = json.loads(shown("sarif"))
    region = document["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]
    for changed, wrong in ((region, {"startColumn": 0}), (document, {"version": "2.0.0"}), (region, {"more": 1})):
        before = dict(changed)
        changed.update(wrong)
        assert not Draft202012Validator(sarif_schema()).is_valid(document)
        changed.clear()
        changed.update(before)


@pytest.fixture(scope="module")
def official_schema(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The whole schema of SARIF 2.1.0, which ours is a part of, from a package of its authors."""
    folder = tmp_path_factory.mktemp("sarif")
    run("npm", "pack", "--silent", "@microsoft/jest-sarif@1.0.0-beta.0", cwd=folder)
    with tarfile.open(next(folder.glob("*.tgz"))) as archive:
        file = archive.extractfile("package/lib/schemas/sarif-2.1.0-rtm.5.json")
        assert file is not None
        return json.load(file)


needs_npm = pytest.mark.skipif(shutil.which("npm") is None, reason="no npm, which would fetch the official schema")


@needs_npm
@pytest.mark.registry
def test_sarif_is_what_the_official_schema_says(official_schema: Any) -> None:
    validator = Draft4Validator(official_schema)
    every = [Finding(rule.code, rule.name, rule.severity, "m", Place(CONFIG, Span(0, 1))) for rule in RULES]
    for found in (findings(), [], every):
        assert [error.message for error in validator.iter_errors(json.loads(shown("sarif", found)))] == []

    document = json.loads(shown("sarif"))
    document["runs"][0]["results"][0]["level"] = "info"
    assert not validator.is_valid(document)


@needs_npm
@pytest.mark.registry
def test_our_part_of_the_schema_of_sarif_lets_nothing_more_pass(official_schema: Any) -> None:
    """Whatever key of a report is renamed or loses its value: what the whole schema minds, ours minds."""
    official, ours = Draft4Validator(official_schema), Draft202012Validator(sarif_schema())
    document = json.loads(shown("sarif", findings()[:3]))
    minded = 0
    for node in objects(document):
        for key in list(node):
            before = dict(node)
            for change in ({"strange" + key: node[key]}, {key: None}, {key: -1}):
                node.clear()
                node.update(before | change)
                if not official.is_valid(document):
                    minded += 1
                    assert not ours.is_valid(document), (key, change)
            node.clear()
            node.update(before)
    assert minded > 100


def test_sarif_has_what_its_schema_and_github_ask_for() -> None:
    run = run_of(shown("sarif"))

    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == sorted({finding.code for finding in findings()})
    for result, finding in zip(run["results"], findings(), strict=True):
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == finding.code
        assert result["level"] == {"info": "note"}.get(str(finding.severity), str(finding.severity))
        region = result["locations"][0]["physicalLocation"]["region"]
        start, end = ((region[f"{at}Line"], region[f"{at}Column"]) for at in ("start", "end"))
        assert start < end
        if finding.span.start < finding.span.end and finding.place.source is not MARKED:
            assert start == finding.place.source.position(finding.span.start)
            assert end == finding.place.source.position(finding.span.end)
    texts = json.dumps(run)
    assert "security-severity" not in texts
    assert '"text": ""' not in texts


def test_sarif_takes_the_help_of_a_rule_from_its_page() -> None:
    found = [Finding(rule.code, rule.name, rule.severity, "m", Place(CONFIG, Span(0, 1))) for rule in reversed(RULES)]
    run = run_of(shown("sarif", found))

    for rule, shown_rule in zip(RULES, run["tool"]["driver"]["rules"], strict=True):
        assert (shown_rule["id"], shown_rule["name"]) == (rule.code, rule.name)
        assert shown_rule["shortDescription"]["text"] == rule.summary
        assert shown_rule["fullDescription"]["text"].startswith(rule.summary)
        assert "## Wrong" in shown_rule["help"]["markdown"]
        assert len(set(shown_rule["properties"]["tags"])) == len(shown_rule["properties"]["tags"]) <= 10
    assert len(run["results"]) == len(RULES)


def test_sarif_uris_are_the_bytes_of_the_name() -> None:
    uris = [found["uri"] for found in objects(run_of(shown("sarif"))) if "uri" in found]

    assert HOSTILE.path.encode("utf-8", "surrogateescape") in map(unquote_to_bytes, uris)
    assert {"bom.cfg", "%3Ccommand%20line%3E"} <= set(uris)
    assert all(re.fullmatch(r"[\w./%-]+", uri) for uri in uris)


def test_sarif_links_the_related_places_and_nothing_else() -> None:
    results = run_of(shown("sarif"))["results"]

    assert results[0]["message"]["text"] == "crop is on; switch it off; [--dynamic_image_size is set here](1)"
    (related,) = results[0]["relatedLocations"]
    assert related["id"] == 1
    assert related["physicalLocation"]["region"]["snippet"]["text"].startswith("aipplint check --dynamic")
    (emoji,) = [result for result in results if "emoji" in result["message"]["text"]]
    assert emoji["message"]["text"] == "behind an emoji; [\\\\the \\[build\\] is here](1)"
    (strange,) = [result for result in results if "stranger" in result["message"]["text"]]
    assert "\\[this\\](https" in strange["message"]["text"]


def test_fixes_in_sarif_do_what_the_fixes_do() -> None:
    results = run_of(shown("sarif"))["results"]
    done = 0
    for finding, result in zip(findings(), results, strict=True):
        if finding.fix is None or any("\udcff" in edit.text for edit in finding.fix.edits):
            assert "fixes" not in result
            continue
        (fix,) = result["fixes"]
        (change,) = fix["artifactChanges"]
        source = finding.place.source
        made = [
            Edit(
                offset(source, replacement["deletedRegion"], "start"),
                offset(source, replacement["deletedRegion"], "end"),
                replacement.get("insertedContent", {"text": ""})["text"],
            )
            for replacement in change["replacements"]
        ]
        if source is not MARKED:
            assert tuple(made) == finding.fix.edits
        assert ("unsafe" in fix["description"]["text"]) is not finding.fix.safe
        done += 1
    assert done >= 3


def offset(source: Source, region: dict[str, int], at_: str) -> int:
    return source.line_starts[region[f"{at_}Line"] - 1] + region[f"{at_}Column"] - 1


# GitHub's workflow commands.


def test_github_prints_commands_and_nothing_else() -> None:
    lines = shown("github").split("\n")[:-1]

    assert len(lines) == len(findings())
    severities = [re.match(r"::(error|warning|notice) ", line) for line in lines]
    assert [match and match.group(1) for match in severities] == ["error"] * 11 + ["warning"] * 3 + ["notice"] * 3
    for line in lines:
        head, message = line[2:].split("::", 1)
        properties = dict(pair.split("=", 1) for pair in head.split(" ", 1)[1].split(","))
        assert properties.keys() <= {"file", "line", "endLine", "col", "endColumn", "title"}
        one_line = "line" in properties and properties["line"] == properties["endLine"]
        assert ("col" in properties) == ("endColumn" in properties) == one_line
        assert ":" not in head.split(" ", 1)[1]
        assert re.match(r".+:\d+:\d+: .+ \[AIPP\d+\]", message)


def test_github_escapes_what_would_be_a_command() -> None:
    (line,) = [line for line in shown("github").split("\n") if "100%" in line]

    assert "file=模型/50%25%2C a%3Ab \\x1b[31m\\xff%3A%3Aerror%3A%3Ax.cfg,line=3," in line
    assert "100%25: a, b [AIPP702]%0Afix (safe): mend it" in line


# GitLab.


def test_gitlab_has_the_keys_it_needs_and_unique_fingerprints() -> None:
    entries = json.loads(shown("gitlab"))

    for entry, finding in zip(entries, findings(), strict=True):
        assert entry.keys() == {"description", "check_name", "fingerprint", "severity", "location"}
        assert entry["description"].startswith(f"{finding.code}: ")
        assert entry["severity"] in ("major", "minor", "info")
        assert entry["location"]["lines"]["begin"] >= 1
        assert not entry["location"]["path"].startswith("./")
        assert re.fullmatch("[0-9a-f]{64}", entry["fingerprint"])
    assert len({entry["fingerprint"] for entry in entries}) == len(entries)


def test_gitlab_fingerprints_stay_when_lines_move() -> None:
    body = "  a: 1\n  a: 1\n"

    def fingerprints(text: str) -> list[str]:
        source = Source("x.cfg", text)
        spans = [Span(match.start(), match.end()) for match in re.finditer("a", text)]
        found = [Finding("AIPP103", "twice", Severity.ERROR, "m", Place(source, span)) for span in spans]
        return [entry["fingerprint"] for entry in json.loads(shown("gitlab", found))]

    first = fingerprints(body)
    assert len(set(first)) == 2
    assert fingerprints(f"# one\n# two\n{body}") == first
    assert fingerprints(body.replace("  a", "\ta")) == first
    assert set(fingerprints(body.replace("1", "2"))).isdisjoint(first)


# XML.


def test_checkstyle_has_a_file_for_each_file() -> None:
    root = parsed(shown("checkstyle"))

    assert root.get("version")
    files = {file.get("name", ""): list(file) for file in root}
    assert len(files) == len(root)
    assert files["deploy/good.cfg"] == []
    assert "模型/50%, a:b \\x1b[31m\\xff::error::x.cfg" in files
    errors = [error for found in files.values() for error in found]
    assert len(errors) == len(findings())
    for error in errors:
        assert list(error.keys()) == ["line", "column", "severity", "message", "source"]
        assert error.get("severity") in ("error", "warning", "info")
        assert re.fullmatch(r"aipplint\.AIPP\d{3}", error.get("source", ""))


def test_junit_has_a_unique_case_for_each_finding() -> None:
    root = parsed(shown("junit"))

    cases = root.findall("testsuite/testcase")
    names = [(case.get("classname"), case.get("name")) for case in cases]
    assert len(set(names)) == len(names) == len(findings()) + 1
    assert ("deploy/good.cfg", "no findings") in names
    failures = root.findall("testsuite/testcase/failure")
    assert all(failure.text and failure.get("message") for failure in failures)
    assert {failure.get("type") for failure in failures} == {"error", "warning"}
    assert root.get("failures") == str(len(failures))
    assert root.get("tests") == str(len(cases))
    for suite in root:
        assert suite.get("tests") == str(len(suite))
        assert suite.get("failures") == str(len(suite.findall("testcase/failure")))


# reviewdog.


def test_rdjson_counts_bytes() -> None:
    diagnostics = json.loads(shown("rdjson"))["diagnostics"]

    assert lines_of(shown("rdjsonl")) == [entry | {"source": {"name": "aipplint"}} for entry in diagnostics]
    for entry, finding in zip(diagnostics, findings(), strict=True):
        source = finding.place.source
        text = source.text.encode("utf-8", "surrogateescape")
        found = text[byte(text, entry["location"]["range"]["start"]) : byte(text, entry["location"]["range"]["end"])]
        start, end = finding.span
        assert found == source.text[start:end].encode("utf-8", "surrogateescape")
        assert entry["severity"] in ("ERROR", "WARNING", "INFO")


def test_a_suggestion_of_reviewdog_is_the_whole_fix() -> None:
    diagnostics = json.loads(shown("rdjson"))["diagnostics"]
    done = 0
    for entry, finding in zip(diagnostics, findings(), strict=True):
        if finding.fix is None or any("\udcff" in edit.text for edit in finding.fix.edits):
            assert "suggestions" not in entry
            continue
        (suggestion,) = entry["suggestions"]
        text = finding.place.source.text.encode("utf-8", "surrogateescape")
        start, end = (byte(text, suggestion["range"][at_]) for at_ in ("start", "end"))
        mended = text[:start] + suggestion["text"].encode() + text[end:]
        assert mended == apply(finding.place.source.text, [finding.fix]).encode("utf-8", "surrogateescape")
        done += 1
    assert done == 4


def byte(text: bytes, position: dict[str, int]) -> int:
    lines = text.split(b"\n")
    return sum(len(line) + 1 for line in lines[: position["line"] - 1]) + position["column"] - 1
