"""Comments that silence findings: what they stand at, what they mean, and what is said of needless ones."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

import aipplint
from aipplint.fixes import apply
from aipplint.pipeline import lint_source
from aipplint.rules import RULES
from aipplint.run.execute import execute
from aipplint.run.plan import plan_file
from aipplint.run.session import Request, Session
from aipplint.source import Source
from aipplint.suppressions import suppressions_in
from tests.checkout import run
from tests.work import assert_linear

# Two unknown fields, AIPP101 unknown-field, on their own lines.
TWO = """\
aipp_op {{
  aipp_mode: static{mode}
  input_format: RGB888_U8
{above}  colour: true{behind}
  colours: true
}}{close}
"""


def codes(text: str) -> list[str]:
    return [finding.code for finding in aipplint.lint(dedent(text)).findings]


def lines(text: str) -> list[tuple[str, int]]:
    report = aipplint.lint(text)
    return [(f.code, f.place.source.position(f.span.start).line) for f in report.findings]


@pytest.mark.parametrize(
    "comment",
    [
        "# aipplint: ignore[AIPP101]",
        "# aipplint: ignore[unknown-field]",
        "# aipplint: ignore[AIPP1]",
        "# aipplint: ignore[AIPP10]",
        "# aipplint: ignore[AIPP101] the vendor's own build knows it",
        "# aipplint:ignore[ AIPP101 ]",
        "#aipplint: ignore [AIPP101]",
        "# aipplint: ignore",
        "# colour, as ordered # aipplint: ignore[AIPP101]",
    ],
)
def test_a_comment_behind_a_field_silences_it_by_code_name_and_family(comment: str) -> None:
    text = TWO.format(mode="", above="", behind=f"  {comment}", close="")

    assert lines(text) == [("AIPP101", 5)]
    assert aipplint.lint(text).suppressed == 1


def test_a_comment_on_its_own_line_silences_the_next_field() -> None:
    text = TWO.format(mode="", above="  # aipplint: ignore[AIPP101]\n\n  # and why\n", behind="", close="")

    assert lines(text) == [("AIPP101", 8)]


def test_a_comment_on_its_own_line_before_a_block_silences_the_block() -> None:
    text = "# aipplint: ignore[unknown-field]\n" + TWO.format(mode="", above="", behind="", close="")

    assert lines(text) == []
    assert aipplint.lint(text).suppressed == 2


def test_a_comment_behind_an_opening_brace_does_not_silence_what_is_inside() -> None:
    text = TWO.format(mode="", above="", behind="", close="").replace("{\n", "{ # aipplint: ignore[AIPP101]\n")

    assert lines(text) == [("AIPP901", 1), ("AIPP101", 4), ("AIPP101", 5)]


def test_a_comment_behind_an_opening_brace_silences_what_is_said_of_the_block() -> None:
    assert codes("aipp_op {\n  input_format: RGB888_U8\n}\n") == ["AIPP201"]
    assert codes("aipp_op {  # aipplint: ignore[AIPP201]\n  input_format: RGB888_U8\n}\n") == []


def test_a_comment_before_a_closing_brace_stands_at_nothing() -> None:
    text = TWO.format(mode="", above="", behind="", close="")
    text = text.replace("\n}", "\n  # aipplint: ignore[AIPP101]\n}\ncolour: true")

    assert lines(text) == [("AIPP101", 4), ("AIPP101", 5), ("AIPP901", 6), ("AIPP101", 8)]


def test_a_whole_file_on_one_line() -> None:
    line = "aipp_op { aipp_mode: static input_format: RGB888_U8 colour: true }"

    assert codes(f"{line}\n") == ["AIPP101"]
    assert codes(f"{line} # aipplint: ignore[AIPP101]") == []


def test_windows_line_ends_and_no_end_of_the_last_line() -> None:
    text = TWO.format(mode="", above="  # aipplint: ignore[AIPP101] why\n", behind="", close="").rstrip("\n")

    assert lines(text.replace("\n", "\r\n")) == [("AIPP101", 6)]


def test_a_list_over_several_lines_is_one_field() -> None:
    text = """\
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      var_reci_chn_0: [
        0.1,
        "x"%s
      ]
    }
    """

    assert "AIPP102" in codes(text % "")
    assert "AIPP102" not in codes(text % "  # aipplint: ignore[AIPP102]")


def test_a_comment_inside_a_list_silences_the_next_element() -> None:
    text = """\
    aipp_op: [
      {
        aipp_mode: static
        input_format: RGB888_U8
      },
      %s
      {
        aipp_mode: static
        input_format: RGB888_U8
        related_input_rank: 1
        colour: true
      }
    ]
    """

    assert codes(text % "") == ["AIPP101"]
    assert codes(text % "# aipplint: ignore[AIPP101] as ordered") == []


def test_ignore_file_silences_the_whole_file_from_anywhere() -> None:
    text = TWO.format(mode="", above="", behind="", close="  # aipplint: ignore-file[unknown-field]")

    assert lines(text) == []


def test_a_syntax_error_can_be_silenced_on_its_line() -> None:
    text = "aipp_op {\n  aipp_mode = static  # aipplint: ignore[equals-sign]\n  input_format: RGB888_U8\n}\n"

    assert codes(text) == []


def test_text_that_only_looks_like_a_suppression() -> None:
    for comment in ("# aipplint: ignored[AIPP101]", "# aipplint: ignore[AIPP101", "# aipplint ignore[AIPP101]"):
        text = TWO.format(mode="", above="", behind=f"  {comment}", close="")

        assert lines(text) == [("AIPP101", 4), ("AIPP907", 4), ("AIPP101", 5)], comment


def test_inside_a_string_it_is_no_comment() -> None:
    text = 'aipp_op {\n  aipp_mode: dynamic\n  max_src_image_size: 9\n  related_input_name: "# aipplint: ignore"\n}\n'

    assert "AIPP901" not in codes(text)


def test_a_needless_suppression_is_reported_with_the_way_to_delete_it() -> None:
    text = TWO.format(mode="  # aipplint: ignore[AIPP106, AIPP101] why", above="", behind="", close="")
    report = aipplint.lint(text)
    needless = [finding for finding in report.findings if finding.code == "AIPP901"]

    assert [text[f.span.start : f.span.end] for f in needless] == ["AIPP106", "AIPP101"]
    assert needless[0].fix is not None
    (edit,) = needless[0].fix.edits
    assert "  aipp_mode: static\n" in text[: edit.start] + edit.text + text[edit.end :]


def test_of_several_words_only_the_needless_one_is_reported_and_deleted() -> None:
    text = TWO.format(mode="", above="", behind="  # aipplint: ignore[AIPP106, AIPP101] why", close="")
    report = aipplint.lint(text)
    (needless,) = (finding for finding in report.findings if finding.code == "AIPP901")

    assert text[needless.span.start : needless.span.end] == "AIPP106"
    assert needless.fix is not None
    (edit,) = needless.fix.edits
    assert "# aipplint: ignore[AIPP101] why" in text[: edit.start] + edit.text + text[edit.end :]


def test_of_two_that_mean_the_same_finding_the_inner_one_counts() -> None:
    text = "# aipplint: ignore-file[AIPP101]\n"
    text += TWO.format(mode="", above="", behind="  # aipplint: ignore[AIPP101]", close="").replace(
        "colours", "rbuv_swap_switch"
    )

    assert lines(text) == [("AIPP901", 1)]


@pytest.mark.parametrize(
    ("word", "help_line"),
    [
        ("AIPP999", "'aipplint rule' lists all rules"),
        ("unkown-field", "did you mean unknown-field?"),
        ("aipp101", "did you mean AIPP101?"),
        ("unknown_field", "did you mean unknown-field?"),
    ],
)
def test_a_word_that_names_no_rule(word: str, help_line: str) -> None:
    text = TWO.format(mode=f"  # aipplint: ignore[{word}]", above="", behind="", close="")
    found = aipplint.lint(text).findings[0]

    assert (found.code, found.help) == ("AIPP902", help_line)
    assert text[found.span.start : found.span.end] == word


def test_a_rule_that_did_not_run_is_not_judged() -> None:
    text = TWO.format(mode="  # aipplint: ignore[AIPP702, AIPP801]", above="", behind="", close="")

    assert "AIPP901" not in [finding.code for finding in aipplint.lint(text).findings]
    judged = aipplint.lint(text, atc={"input_shape": "data:1,3,4,4"})
    assert [f.message for f in judged.findings if f.code == "AIPP901"] == ["unused suppression of AIPP702"]


def test_a_rule_that_is_not_selected_is_not_judged() -> None:
    text = TWO.format(mode="  # aipplint: ignore[AIPP106]", above="", behind="", close="")
    rules = [rule for rule in RULES if rule.code in ("AIPP101", "AIPP901")]

    assert [f.code for f in lint_source(Source("x", text), rules=rules).findings] == ["AIPP101", "AIPP101"]


def test_nothing_is_judged_in_a_file_of_which_text_was_skipped() -> None:
    assert "AIPP901" not in codes("aipp_op {\n aipp_mode: static # aipplint: ignore[AIPP106]\n ? ! nonsense\n")


def test_findings_about_comments_can_be_silenced_too() -> None:
    text = "# aipplint: ignore-file[AIPP901]\n" + TWO.format(
        mode="  # aipplint: ignore[AIPP106]", above="", behind="", close=""
    )

    assert lines(text) == [("AIPP101", 5), ("AIPP101", 6)]


def test_a_needless_suppression_of_them_is_reported_itself() -> None:
    assert lines(
        "# aipplint: ignore-file[AIPP902]\naipp_op {\n  aipp_mode: static\n  input_format: RGB888_U8\n}\n"
    ) == [("AIPP901", 1)]


def test_many_suppressions_cost_no_more_than_their_number() -> None:
    count = 1000
    body = "".join(f"  f{n}: 1  # aipplint: ignore[AIPP101]\n" for n in range(count))
    report = aipplint.lint(f"aipp_op {{\n  aipp_mode: static\n  input_format: RGB888_U8\n{body}}}\n")

    assert report.findings == ()
    assert report.suppressed == count


# In scripts, documents and code.

ATC = "atc --model=a.onnx --framework=5 --soc_version=Ascend310P3 --insert_op_conf=none.cfg"
LONG = "atc --model=a.onnx --framework=5 --soc_version=Ascend310P3 \\\n  --insert_op_conf=none.cfg"
CALL = """\
subprocess.run([
    "atc", "--model=a.onnx", "--framework=5", "--soc_version=Ascend310P3",
    "--insert_op_conf=none.cfg",
])
"""
STEP = "jobs:\n  a:\n    steps:\n{above}      - run: |\n          {inside}" + ATC + "\n"
SILENT = "# aipplint: ignore[AIPP620]"
HIDDEN = "<!-- aipplint: ignore[AIPP620] -->"
OTHER = "# aipplint: ignore[AIPP905]"
FENCE = f"```sh\n{LONG}\n```\n"


def said_in(folder: Path, name: str, text: str) -> list[str]:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())
    session = Session(Request())
    return [finding.code for finding in execute(session, plan_file(session, str(path), alone=True)).findings]


@pytest.mark.parametrize(
    ("name", "loud", "silent"),
    [
        ("behind.sh", ATC, f"{ATC} {SILENT}"),
        ("above.sh", f"{LONG}\n", f"{SILENT}\n{LONG}\n"),
        ("windows.sh", f"{ATC}\r\n", f"{SILENT}\r\n{ATC}\r\n"),
        ("stacked.sh", f"{OTHER}\n{ATC}\n", f"{SILENT}\n{OTHER}\n{ATC}\n"),
        ("side-by-side.sh", f"{OTHER} {OTHER}\n{ATC}\n", f"{OTHER} {SILENT}\n{ATC}\n"),
        ("explained.sh", f"# convert\n\n{ATC}\n", f"{SILENT}\n# convert\n\n{ATC}\n"),
        ("body.sh", f"f() {{\n  {ATC}\n}}\nf\n", f"{SILENT}\nf() {{\n  {ATC}\n}}\nf\n"),
        ("not-the-next.sh", f"{SILENT}\necho\n{ATC}\n", f"{SILENT}\n{ATC}\n"),
        ("file.sh", ATC, f"{ATC}\n# aipplint: ignore-file[AIPP620]"),
        ("call.py", f"import subprocess\n{CALL}", f"import subprocess\n{SILENT}\n{CALL}"),
        ("fence.md", FENCE, f"{HIDDEN}\n\n{FENCE}"),
        ("inside.md", FENCE, FENCE.replace("atc", f"{SILENT}\natc", 1)),
        ("quote.md", f"> ```sh\n> {ATC}\n> ```\n", f"> {HIDDEN}\n> ```sh\n> {ATC}\n> ```\n"),
        ("item.md", f"1. ```sh\n   {ATC}\n   ```\n", f"{HIDDEN}\n1. ```sh\n   {ATC}\n   ```\n"),
        ("indented.md", f"Run:\n\n    {ATC}\n", f"Run:\n\n{HIDDEN}\n\n    {ATC}\n"),
        (
            "directive.rst",
            f".. code-block:: sh\n\n   {ATC}\n",
            f".. aipplint: ignore[AIPP620]\n\n.. code-block:: sh\n\n   {ATC}\n",
        ),
        (
            ".github/workflows/above.yml",
            STEP.format(above="", inside=""),
            STEP.format(above=f"      {SILENT}\n", inside=""),
        ),
        (
            ".github/workflows/inside.yml",
            STEP.format(above="", inside=""),
            STEP.format(above="", inside=f"{SILENT}\n          "),
        ),
    ],
)
def test_a_comment_in_another_file_silences_what_stands_there(
    tmp_path: Path, name: str, loud: str, silent: str
) -> None:
    run("git", "init", "--quiet", cwd=tmp_path)
    # In a document a file is missed only where another one has nearly its name.
    (tmp_path / "nome.cfg").write_text("aipp_op { aipp_mode: static }\n")

    assert said_in(tmp_path, name, loud) == ["AIPP620"]
    assert said_in(tmp_path, name, silent) == []


@pytest.mark.parametrize(
    "line",
    [
        "# aipplint: ignore\n",
        "# aipplint: ignore ",
        "# aipplint: ignore \\\n",
        "# aipplint: ignore\n- ~~~\n",
        "# aipplint: ignore\nx \\\n",
    ],
)
def test_many_comments_in_a_script_cost_no_more_than_their_number(line: str) -> None:
    assert_linear(lambda times: suppressions_in(Source("x.sh", line * times)), 1_000)


# What looks like one.


@pytest.mark.parametrize(
    ("comment", "better"),
    [
        ("aipplint: disable=AIPP101", "aipplint: ignore[AIPP101]"),
        ("aipplint:disable-line AIPP101, unknown-field", "aipplint: ignore[AIPP101, unknown-field]"),
        ("aipplint-disable AIPP101", "aipplint: ignore[AIPP101]"),
        ("aipplint ignore[AIPP101]", "aipplint: ignore[AIPP101]"),
        ("AIPPLINT: IGNORE[AIPP101]", "aipplint: ignore[AIPP101]"),
        ("Aipplint: ignore[AIPP101]", "aipplint: ignore[AIPP101]"),
        ("aipplint: ignore[AIPP101", "aipplint: ignore[AIPP101]"),
        ("aipplint: ignore-next-line[AIPP101]", "aipplint: ignore[AIPP101]"),
        ("aipplint: ignore_file[AIPP1]", "aipplint: ignore-file[AIPP1]"),
        ("aipplint: skip-file", "aipplint: ignore-file"),
        ("aipplint: off", ""),
        ("noqa: AIPP101", "aipplint: ignore[AIPP101]"),
    ],
)
def test_a_comment_of_another_form_is_told(comment: str, better: str) -> None:
    text = TWO.format(mode="", above="", behind=f"  # {comment}  # why", close="")

    (told,) = [finding for finding in aipplint.lint(text).findings if finding.code == "AIPP907"]

    assert text[told.span.start : told.span.end] == comment
    assert (told.fix.edits[0].text if told.fix else "") == better
    if better:
        assert told.fix is not None
        assert not told.fix.safe
        mended = aipplint.lint(apply(text, [told.fix]))
        assert mended.suppressed
        assert "AIPP907" not in [finding.code for finding in mended.findings]


@pytest.mark.parametrize(
    "comment", ["aipplint: a linter", "see aipplint, which disables nothing", "noqa: E501", "checked by aipplint 0.1"]
)
def test_a_comment_about_something_else_is_left_alone(comment: str) -> None:
    text = TWO.format(mode=f"  # {comment}", above="", behind="", close="")

    assert codes(text) == ["AIPP101", "AIPP101"]


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("convert.sh", f"# aipplint: disable=AIPP620\n{ATC}\n", True),
        ("call.py", f"import subprocess\n{CALL}  # noqa: AIPP620\n", True),
        ("convert.sh", f"{SILENT}\n{ATC}\n", False),
        ("page.md", f"<!-- aipplint: disable=AIPP620 -->\n\n{FENCE}", False),
        ("other.sh", "# aipplint: disable=AIPP620\nmake\n", False),
    ],
)
def test_a_comment_of_another_form_is_told_in_scripts_and_code(
    tmp_path: Path, name: str, text: str, told: bool
) -> None:
    run("git", "init", "--quiet", cwd=tmp_path)

    assert ("AIPP907" in said_in(tmp_path, name, text)) is told
