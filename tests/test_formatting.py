"""The canonical form: properties on made and damaged configurations, forms one by one, and the command."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aipplint.cli import main
from aipplint.formatting import PROCESSING, Unformattable, format_source
from aipplint.schema.fields import op_fields
from aipplint.source import Source
from tests.corpus import FOLDER, read_files
from tests.formatted import assert_formatted
from tests.strategies import configs, damaged, encoded

Captured = pytest.CaptureFixture[str]

MESSY = """\
# for the detector

aipp_op{ aipp_mode:static # fixed
  input_format : YUV420SP_U8;src_image_size_w : 640,


  # even
  src_image_size_h: 640
  min_chn_0:- 1.50
} # end
"""
NEAT = """\
# for the detector

aipp_op {
    aipp_mode: static  # fixed
    input_format: YUV420SP_U8
    src_image_size_w: 640

    # even
    src_image_size_h: 640
    min_chn_0: -1.50
}  # end
"""


def formatted(text: str, *, sort: bool = False) -> str:
    """A text that can be formatted, in its canonical form."""
    made = format_source(Source("aipp.cfg", text), sort=sort)
    assert isinstance(made, str)
    return made


def refused(text: str) -> Unformattable:
    """Why a text is left as it is."""
    made = format_source(Source("aipp.cfg", text))
    assert isinstance(made, Unformattable)
    return made


def with_directives(text: str) -> str:
    """Some of the comments of a made text suppress findings."""
    return text.replace("# note", "# aipplint: ignore[AIPP1, AIPP2] note").replace("# c", "# aipplint: ignore c")


# Properties.

CONFIGS = configs() | configs().map(with_directives)


@given(st.one_of(encoded(CONFIGS), damaged(encoded(CONFIGS))), st.booleans())
@example(b"", False)
@example(b"\n", False)
@example(b"\xef\xbb\xbf# a\r\naipp_op{}", False)
@example("aipp_op{crop:true}".encode("utf-16"), True)
def test_the_form_is_settled_and_says_what_was_said(data: bytes, sort: bool) -> None:
    assert_formatted(Source.from_bytes("aipp.cfg", data), sort=sort)


@pytest.mark.skipif(not FOLDER.exists(), reason=f"the corpus is not here ({FOLDER.name} beside the checkout)")
@pytest.mark.parametrize("sort", [False, True])
def test_real_files_keep_their_meaning(sort: bool) -> None:
    files = list(read_files(FOLDER))
    done = [file for file in files if assert_formatted(Source.from_bytes(f"{file.name}.cfg", file.data), sort=sort)]

    accepted = {file.name for file in files if file.accepted}
    assert accepted <= {file.name for file in done}


# Forms.


def test_one_field_in_a_line_with_its_comments() -> None:
    assert formatted(MESSY) == NEAT


@pytest.mark.parametrize(
    ("text", "neat"),
    [
        ("aipp_op<crop:true>", "aipp_op {\n    crop: true\n}\n"),
        ("aipp_op: {}", "aipp_op {}\n"),
        ("aipp_op { # a\n}", "aipp_op {  # a\n}\n"),
        ("aipp_op # a\n{ crop: true }", "# a\naipp_op {\n    crop: true\n}\n"),
        ("aipp_op {\n\n\n# a\n\n}", "aipp_op {\n    # a\n}\n"),
        ("aipp_op { crop: # a\n # b\n true }", "aipp_op {\n    # a\n    # b\n    crop: true\n}\n"),
        ("aipp_op{}aipp_op{}", "aipp_op {}\naipp_op {}\n"),
        ("aipp_op [{}, <>]", "aipp_op: [\n    {},\n    {}\n]\n"),
        ("aipp_op{var_reci_chn_0:[1,\n2]}", "aipp_op {\n    var_reci_chn_0: [1, 2]\n}\n"),
        (
            "aipp_op{var_reci_chn_0:[1 # a\n]}",
            "aipp_op {\n    var_reci_chn_0: [\n        1  # a\n    ]\n}\n",
        ),
        ("aipp_op{related_input_name:\"a\"\n'b'}", "aipp_op {\n    related_input_name: \"a\" 'b'\n}\n"),
        ("aipp_op{min_chn_0:.5f mean_chn_0:0x10}", "aipp_op {\n    min_chn_0: .5f\n    mean_chn_0: 0x10\n}\n"),
        ("# a   \n\n\n\n# b", "# a\n\n# b\n"),
        ("\n\n  aipp_op{}\n\n\n", "aipp_op {}\n"),
        ("\ufeffaipp_op{}", "\ufeffaipp_op {}\n"),
        ("aipp_op{\r\ncrop:true\r\n}", "aipp_op {\r\n    crop: true\r\n}\r\n"),
    ],
)
def test_forms(text: str, neat: str) -> None:
    assert formatted(text) == neat


def test_bytes_that_are_no_text_stay() -> None:
    data = b"aipp_op{crop:true # \xc4\xe3\xba\xc3\n}"
    made = format_source(Source.from_bytes("aipp.cfg", data))

    assert isinstance(made, str)
    assert made.encode("utf-8", "surrogateescape") == b"aipp_op {\n    crop: true  # \xc4\xe3\xba\xc3\n}\n"


@pytest.mark.parametrize(
    "text",
    ["# txtpbfmt: disable\naipp_op{}", "\n# a\n#txtpbfmt:disable because\naipp_op{ crop:true }"],
)
def test_a_comment_of_another_formatter_keeps_the_file(text: str) -> None:
    assert formatted(text) == text


def test_only_a_comment_at_the_beginning_keeps_the_file() -> None:
    assert formatted("aipp_op{} # txtpbfmt: disable") == "aipp_op {}  # txtpbfmt: disable\n"


@pytest.mark.parametrize(
    ("text", "reason", "at"),
    [
        ("aipp_op {", "it has a syntax error", 8),
        ("aipp_op { crop = true }", "it has a syntax error", 15),
        ("aipp_op { mean_chn_0: 08 }", "it has a syntax error", 22),
        ("aapp_op { }", "it is a file of HiSilicon SVP_NNN/AAPP (Hi3403, SS928, Hi3516CV610)", 0),
        ("aipp_op { crop: true # aipplint: ignore\n}", "this comment would suppress findings of other fields", 21),
        ("aipp_op{" * 60 + "}" * 60, "it is nested too deeply", 407),
    ],
)
def test_what_is_left_as_it_is(text: str, reason: str, at: int) -> None:
    found = refused(text)

    assert (found.reason, found.span.start) == (reason, at)


def test_a_comment_that_suppresses_stays_at_its_field() -> None:
    text = "aipp_op{\n # aipplint: ignore[AIPP504] meant\n var_reci_chn_0:0\n crop:true # aipplint: ignore\n}"

    assert formatted(text) == (
        "aipp_op {\n    # aipplint: ignore[AIPP504] meant\n    var_reci_chn_0: 0\n"
        "    crop: true  # aipplint: ignore\n}\n"
    )


# Sorted.


def test_every_field_has_its_stage() -> None:
    names = [name for stage in PROCESSING for name in stage]

    assert sorted(names) == sorted(op_fields())


def test_sorted_by_stage_with_the_comments() -> None:
    text = (
        "aipp_op {\n# grey\npadding_value: 114 # p\nmean_chn_1: 2\nmean_chn_0: 1\nmystery: 1\n\n"
        "crop: true\naipp_mode: static\n# end\n}"
    )

    assert formatted(text, sort=True) == (
        "aipp_op {\n    aipp_mode: static\n\n    crop: true\n\n    mean_chn_0: 1\n    mean_chn_1: 2\n\n"
        "    # grey\n    padding_value: 114  # p\n\n    mystery: 1\n    # end\n}\n"
    )


def test_of_one_field_given_twice_the_last_one_stays_the_last() -> None:
    assert formatted("aipp_op{crop:true crop:false aipp_mode:static}", sort=True) == (
        "aipp_op {\n    aipp_mode: static\n\n    crop: true\n    crop: false\n}\n"
    )


# The command.


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with a file of each kind."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "messy_aipp.cfg").write_text(MESSY)
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "neat_aipp.cfg").write_text(NEAT)
    return tmp_path


def standard_input(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("aipplint.cli.format.read_stdin", text.encode)


def test_a_folder_is_formatted_and_then_settled(folder: Path, capsys: Captured) -> None:
    path = folder / "messy_aipp.cfg"
    path.chmod(0o640)

    assert main(["format"]) == 0
    assert capsys.readouterr() == ("", "aipplint: 1 file reformatted, 1 file already formatted\n")
    assert path.read_text() == NEAT
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert main(["format", "."]) == 0
    assert capsys.readouterr() == ("", "aipplint: 2 files already formatted\n")


def test_check_writes_nothing(folder: Path, capsys: Captured) -> None:
    assert main(["format", "--check", "messy_aipp.cfg", "sub"]) == 1
    said = "aipplint: 1 file would be reformatted, 1 file already formatted\n"
    assert capsys.readouterr() == ("would reformat messy_aipp.cfg\n", said)
    assert (folder / "messy_aipp.cfg").read_text() == MESSY
    assert main(["format", "--check", "-q", "sub"]) == 0
    assert capsys.readouterr() == ("", "")


def test_diff_can_be_applied(folder: Path, capsys: Captured) -> None:
    assert main(["format", "--diff", "messy_aipp.cfg"]) == 1
    out = capsys.readouterr().out

    assert out.startswith("--- a/messy_aipp.cfg\n+++ b/messy_aipp.cfg\n@@ ")
    assert "+    input_format: YUV420SP_U8\n" in out
    assert (folder / "messy_aipp.cfg").read_text() == MESSY


def test_what_cannot_be_formatted_is_said_and_left(folder: Path, capsys: Captured) -> None:
    bad = folder / "bad_aipp.cfg"
    bad.write_text("aipp_op {\n  crop = true\n}\n")
    (folder / "convert.sh").write_text("#!/bin/sh\natc --model=a.onnx\n")

    assert main(["format", "bad_aipp.cfg", "messy_aipp.cfg", "convert.sh", "none.cfg"]) == 2
    assert capsys.readouterr().err == (
        "aipplint: bad_aipp.cfg:2: not formatted: it has a syntax error\n"
        "aipplint: convert.sh: not formatted: it is not an AIPP configuration\n"
        "aipplint: none.cfg: cannot be read: no such file or directory\n"
        "aipplint: 1 file reformatted\n"
    )
    assert bad.read_text() == "aipp_op {\n  crop = true\n}\n"
    assert (folder / "messy_aipp.cfg").read_text() == NEAT


@pytest.mark.skipif(sys.platform == "win32", reason="modes of POSIX")
def test_a_write_protected_file_is_left(folder: Path, capsys: Captured) -> None:
    (folder / "messy_aipp.cfg").chmod(0o444)

    assert main(["format", "messy_aipp.cfg"]) == 2
    assert "cannot write messy_aipp.cfg: the file is write-protected" in capsys.readouterr().err


def test_standard_input(monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    standard_input(monkeypatch, MESSY)
    assert main(["format", "-"]) == 0
    assert capsys.readouterr() == (NEAT, "")

    standard_input(monkeypatch, "aipp_op {")
    assert main(["format", "--stdin-filename", "x_aipp.cfg", "-"]) == 2
    assert capsys.readouterr() == ("aipp_op {", "aipplint: x_aipp.cfg:1: not formatted: it has a syntax error\n")

    standard_input(monkeypatch, MESSY)
    assert main(["format", "--check", "-"]) == 1
    assert capsys.readouterr().out == "would reformat <stdin>\n"


def test_excluded_files(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    (folder / "aipplint.toml").write_text('exclude = ["messy*"]\n')
    assert main(["format", "--check", "."]) == 0
    assert main(["format", "--check", "--force-exclude", "messy_aipp.cfg"]) == 0
    assert main(["format", "--check", "messy_aipp.cfg"]) == 1
    capsys.readouterr()
    standard_input(monkeypatch, MESSY)
    assert main(["format", "--stdin-filename", "messy_aipp.cfg", "-"]) == 0
    assert capsys.readouterr().out == MESSY


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["-", "a.cfg"], "'-' (standard input) cannot be mixed with paths"),
        (["--stdin-filename", "a.cfg"], "--stdin-filename is only for standard input: give '-' as the path"),
        (["--chek"], "unknown option --chek; did you mean '--check'?"),
        (["--config", "a.toml", "--isolated"], "--config and --isolated exclude each other"),
    ],
)
def test_mistakes_in_the_command(words: list[str], complaint: str, capsys: Captured) -> None:
    assert main(["format", *words]) == 2
    assert capsys.readouterr() == ("", f"aipplint: {complaint}\n")
