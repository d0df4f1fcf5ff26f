"""``check --add-ignores``: a comment for each finding, with a reason to fill in, and nothing else changes."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given

from aipplint.cli import main
from aipplint.findings import Finding
from aipplint.pipeline import lint_source
from aipplint.run.ignores import ignore
from aipplint.source import Source
from aipplint.syntax.parser import parse
from tests.strategies import configs, damaged, encoded

Captured = pytest.CaptureFixture[str]

BAD = """\
aipp_op {
  aipp_mode: static
  input_format: RGB888
  crop: ture # x
  foo: 1 bar: 2
}
"""
DONE = """\
aipp_op {
  aipp_mode: static
  # aipplint: ignore[AIPP104] TODO: give the reason
  input_format: RGB888
  # aipplint: ignore[AIPP102] TODO: give the reason
  crop: ture # x
  # aipplint: ignore[AIPP101] TODO: give the reason
  foo: 1 bar: 2  # aipplint: ignore[AIPP101] TODO: give the reason
}
"""


def lint(source: Source) -> tuple[Finding, ...]:
    return lint_source(source).findings


@given(encoded(configs()) | damaged(encoded(configs())))
def test_comments_only_take_findings_away(data: bytes) -> None:
    source = Source.from_bytes("aipp.cfg", data)
    before = lint(source)
    made = ignore(source, before, lint)
    after = lint(made.source)

    assert len(after) <= len(before)
    assert bool(made.comments) == (made.source.text != source.text)
    tokens = [token.text for token in parse(source).tokens]
    assert not made.comments or [token.text for token in parse(made.source).tokens] == tokens


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bad_aipp.cfg").write_text(BAD)
    return tmp_path


def test_comments_are_shown_and_then_written(folder: Path, capsys: Captured) -> None:
    assert main(["check", "--add-ignores", "--diff"]) == 1
    out, err = capsys.readouterr()
    assert "+  # aipplint: ignore[AIPP104] TODO: give the reason\n" in out
    assert err == "aipplint: 4 comments would be added\n"
    assert (folder / "bad_aipp.cfg").read_text() == BAD

    assert main(["check", "--add-ignores"]) == 0
    assert "aipplint: 4 comments added; fill in the reasons\n" in capsys.readouterr().err
    assert (folder / "bad_aipp.cfg").read_text() == DONE
    assert main(["check", "--add-ignores", "-q"]) == 0
    assert (folder / "bad_aipp.cfg").read_text() == DONE


@pytest.mark.parametrize(
    ("text", "done"),
    [
        ("aipp_op {\r\n crop: 2\r\n}\r\n", "aipp_op {  # aipplint: ignore[AIPP201] TODO: give the reason\r\n"),
        ("aipp_op {} aipp_op {}", "aipp_op {} aipp_op {}  # aipplint: ignore[AIPP201, AIPP206] TODO: give the reason"),
        ("# nothing", "# aipplint: ignore-file[AIPP013] TODO: give the reason\n# nothing"),
    ],
)
def test_places(text: str, done: str) -> None:
    source = Source("aipp.cfg", text)
    made = ignore(source, lint(source), lint)

    assert made.source.text.startswith(done)


def test_what_a_comment_cannot_suppress_is_reported(folder: Path, capsys: Captured) -> None:
    (folder / "bad_aipp.cfg").chmod(0o444)
    assert main(["check", "--add-ignores", "-f", "concise"]) == 2
    assert "cannot write bad_aipp.cfg: the file is write-protected" in capsys.readouterr().err
    assert main(["check", "--add-ignores", "-f", "concise", "none_aipp.cfg"]) == 1
    assert "AIPP904" in capsys.readouterr().out


def test_findings_in_the_baseline_need_no_comment(folder: Path, capsys: Captured) -> None:
    assert main(["check", "-q", "--baseline", "b.json", "--write-baseline"]) == 0
    assert main(["check", "--baseline", "b.json", "--add-ignores"]) == 0
    assert "aipplint: 0 comments added" in capsys.readouterr().err
    assert (folder / "bad_aipp.cfg").read_text() == BAD


def test_mistakes_in_the_command(capsys: Captured) -> None:
    assert main(["check", "--add-ignores", "--fix"]) == 2
    assert capsys.readouterr().err == "aipplint: --add-ignores goes with files, without --fix and --write-baseline\n"
