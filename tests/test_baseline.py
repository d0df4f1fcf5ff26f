"""The baseline: what a repository had before is accepted, until it is fixed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from aipplint.cli import main
from aipplint.project.recognise import is_configuration

Captured = pytest.CaptureFixture[str]

BAD = "aipp_op {\n  aipp_mode: static\n  input_format: RGB888\n  crop: ture\n}\n"
GOOD = "aipp_op {\n  aipp_mode: static\n  input_format: RGB888_U8\n}\n"
HINT = "aipplint: 'aipplint check --write-baseline' removes what is stale from the baseline\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with a bad configuration."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bad_aipp.cfg").write_text(BAD)
    return tmp_path


def check(capsys: Captured, *words: str) -> tuple[int, list[str], str]:
    """Exit code, the codes of the findings, and standard error without the notes about builds."""
    code = main(["check", "-f", "concise", "--baseline", "b.json", *words])
    out, err = capsys.readouterr()
    lines = (line for line in err.splitlines(keepends=True) if "no build is known" not in line and "git" not in line)
    return code, [line[line.rindex("[") + 1 : -1] for line in out.splitlines()], "".join(lines)


def write(capsys: Captured, *words: str) -> None:
    assert check(capsys, "--write-baseline", *words)[0] == 0


def test_two_hundred_bad_configurations(folder: Path, capsys: Captured) -> None:
    (folder / "aipplint.toml").write_text('baseline = "known/b.json"\n')
    (folder / "known").mkdir()
    for number in range(200):
        (folder / f"net{number}_aipp.cfg").write_text(BAD.replace("ture", f"ture{number % 3}"))
    assert main(["check", "-q", "-f", "concise"]) == 1
    assert main(["check", "--write-baseline", "-q"]) == 0
    assert main(["check", "-q"]) == 0
    capsys.readouterr()

    # One that moves in its file, one that is new, and one that is fixed.
    (folder / "net0_aipp.cfg").write_text("# a comment\n\n" + BAD.replace("ture", "ture0"))
    (folder / "net1_aipp.cfg").write_text(BAD.replace("ture", "ture1").replace("}", "  colour: 1\n}"))
    (folder / "net2_aipp.cfg").write_text(GOOD)
    assert main(["check", "-f", "concise"]) == 1
    out, err = capsys.readouterr()

    assert out == "net1_aipp.cfg:5:3: error: unknown field colour in aipp_op [AIPP101]\n"
    assert [line for line in err.splitlines() if "stale in" in line] == [
        "aipplint: stale in the baseline: net2_aipp.cfg: AIPP102 wrong-type (aipp_op.crop ture2)",
        "aipplint: stale in the baseline: net2_aipp.cfg: AIPP104 unknown-enum-value (aipp_op.input_format RGB888)",
    ]
    assert "1 error (201 files checked), 400 in the baseline" in err


def test_a_format_changes_nothing(folder: Path, capsys: Captured) -> None:
    write(capsys)
    (folder / "bad_aipp.cfg").write_text("aipp_op<aipp_mode:static; input_format:RGB888;\n\n crop : ture>")

    assert check(capsys) == (0, [], "aipplint: no findings (1 file checked), 2 in the baseline\n")


def test_a_file_that_moves_takes_its_entries_along(folder: Path, capsys: Captured) -> None:
    write(capsys)
    (folder / "sub").mkdir()
    (folder / "bad_aipp.cfg").rename(folder / "sub" / "new_aipp.cfg")
    assert check(capsys)[:2] == (0, [])

    # A copy does not.
    (folder / "bad_aipp.cfg").write_text(BAD)
    assert check(capsys)[:2] == (1, ["AIPP104", "AIPP102"])


def test_equal_findings_are_counted(folder: Path, capsys: Captured) -> None:
    (folder / "bad_aipp.cfg").write_text(BAD + BAD)
    write(capsys)
    entries = json.loads((folder / "b.json").read_text())["findings"]
    assert {entry["count"] for entry in entries if entry["code"] in ("AIPP102", "AIPP104")} == {2}

    (folder / "bad_aipp.cfg").write_text(BAD + BAD + BAD)
    assert sorted(code for code in check(capsys)[1] if code in ("AIPP102", "AIPP104")) == ["AIPP102", "AIPP104"]


def test_a_part_of_the_repository_is_judged_alone(folder: Path, capsys: Captured) -> None:
    (folder / "other_aipp.cfg").write_text(BAD)
    write(capsys)
    (folder / "other_aipp.cfg").write_text(GOOD)
    assert check(capsys, "bad_aipp.cfg")[2] == "aipplint: no findings (1 file checked), 2 in the baseline\n"
    assert "stale" not in check(capsys, "--select", "AIPP2")[2]

    # Writing it for one file keeps the rest.
    write(capsys, "bad_aipp.cfg")
    assert len(json.loads((folder / "b.json").read_text())["findings"]) == 4
    write(capsys)
    assert len(json.loads((folder / "b.json").read_text())["findings"]) == 2


def test_findings_in_scripts_are_accepted_too(folder: Path, capsys: Captured) -> None:
    (folder / "bad_aipp.cfg").write_text(GOOD)
    (folder / "convert.sh").write_text(
        "atc --model=a.onnx --framework=5 --soc_version=Ascend310PX --insert_op_conf=bad_aipp.cfg --output=a\n"
    )
    assert check(capsys, "--write-baseline")[0] == 0
    assert [entry["path"] for entry in json.loads((folder / "b.json").read_text())["findings"]] == ["convert.sh"]
    assert check(capsys)[:2] == (0, [])


def test_line_formats_know_it_too(capsys: Captured) -> None:
    write(capsys)
    assert main(["check", "-q", "-f", "jsonl", "--baseline", "b.json"]) == 0
    assert capsys.readouterr().out == ""


def test_standard_input(monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    write(capsys)
    monkeypatch.setattr("aipplint.cli.check.read_stdin", ("# x\n" + BAD).encode)
    assert check(capsys, "--stdin-filename", "bad_aipp.cfg", "-")[:2] == (0, [])


def test_what_remains_after_fixes(folder: Path, capsys: Captured) -> None:
    write(capsys)
    (folder / "bad_aipp.cfg").write_text(BAD.replace("mode:", "mode ="))
    assert check(capsys, "--fix")[:2] == (0, [])


def test_the_baseline_is_no_configuration(folder: Path, capsys: Captured) -> None:
    (folder / "bad_aipp.cfg").write_text("aipp_op { } aipp_op { related_input_rank: 70000 } aipp_op { <\n")
    check(capsys, "--write-baseline")
    assert not is_configuration(str(folder / "b.json"))


def test_a_file_that_cannot_be_read_is_never_accepted(folder: Path, capsys: Captured) -> None:
    assert check(capsys, "--write-baseline", "none_aipp.cfg")[:2] == (1, ["AIPP904"])
    assert json.loads((folder / "b.json").read_text())["findings"] == []


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("{", "not valid JSON"),
        ("[" * 100_000, "not valid JSON"),
        ("[]", "not a baseline of aipplint"),
        ("{}", "not a baseline of aipplint"),
        ('{"version": 2, "findings": []}', "version 2; this aipplint reads version 1"),
        ('{"version": 1}', "finding 1 is not valid"),
        ('{"version": 1, "findings": [{"path": "a", "code": "AIPP101", "count": 0}]}', "finding 1 is not valid"),
        ('{"version": 1, "findings": [{"path": "a", "code": "AIPP101", "line": 3}]}', "finding 1 is not valid"),
        ('{"version": 1, "findings": [{"path": 1, "code": "AIPP101"}]}', "finding 1 is not valid"),
    ],
)
def test_a_file_that_is_no_baseline_is_one_line_and_stays(
    folder: Path, capsys: Captured, text: str, complaint: str
) -> None:
    (folder / "b.json").write_text(text)
    for words in ([], ["--write-baseline"]):
        assert check(capsys, *words) == (2, [], f"aipplint: baseline b.json: {complaint}\n")
    assert (folder / "b.json").read_text() == text


def test_a_place_that_cannot_be_written(folder: Path, capsys: Captured) -> None:
    (folder / "b.json").mkdir()
    assert check(capsys, "--write-baseline")[2] == "aipplint: baseline b.json: cannot be read: is a folder\n"
    assert main(["check", "--write-baseline", "--baseline", "none/b.json"]) == 2
    assert capsys.readouterr().err == "aipplint: cannot write none/b.json: no such file or directory\n"


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["--write-baseline"], "--write-baseline needs --baseline FILE, or the setting baseline"),
        (["--baseline", "none.json"], "baseline none.json: no such file; --write-baseline writes it"),
        (["--write-baseline", "--fix"], "--write-baseline goes with files, without --fix and --diff"),
    ],
)
def test_mistakes_in_the_command(words: list[str], complaint: str, capsys: Captured) -> None:
    assert main(["check", *words]) == 2
    assert capsys.readouterr() == ("", f"aipplint: {complaint}\n")


def test_a_setting_without_its_file_says_how_to_make_it(folder: Path, capsys: Captured) -> None:
    (folder / "aipplint.toml").write_text('baseline = "b.json"\n')
    assert main(["check", "-f", "concise"]) == 1
    assert (
        "baseline b.json does not exist yet; 'aipplint check --write-baseline' writes it\n" in capsys.readouterr().err
    )


def test_stale_entries_are_listed_up_to_a_number(folder: Path, capsys: Captured) -> None:
    fields = "".join(f"  colour{number}: 1\n" for number in range(25))
    (folder / "bad_aipp.cfg").write_text(GOOD.replace("}", fields + "}"))
    write(capsys)
    (folder / "bad_aipp.cfg").write_text(GOOD)
    _, _, err = check(capsys)

    assert err.count("stale in the baseline: bad_aipp.cfg: AIPP101") == 20
    assert "aipplint: stale in the baseline: 5 more\n" + HINT in err
