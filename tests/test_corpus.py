"""Real files: no error on what the compiler accepts, every known mistake found, every trap passed in silence."""

from __future__ import annotations

import pytest

from aipplint import Severity
from aipplint.run.execute import check
from aipplint.run.session import Request, Session
from tests.corpus import FOLDER, File, Mistake, agrees, errors, findings, main, read_files, read_mistakes

pytestmark = pytest.mark.skipif(
    not FOLDER.exists(), reason=f"the corpus is not here ({FOLDER.name} beside the checkout)"
)

FILES: dict[str, File] = {file.name: file for file in read_files(FOLDER)} if FOLDER.exists() else {}
MISTAKES: list[Mistake] = list(read_mistakes(FOLDER)) if FOLDER.exists() else []
IN_FILE = [mistake for mistake in MISTAKES if mistake.needs == "file"]


def of_verdict(verdict: str) -> pytest.MarkDecorator:
    rows = [mistake for mistake in IN_FILE if mistake.verdict == verdict]
    return pytest.mark.parametrize("mistake", rows, ids=lambda mistake: f"{mistake.name}-{mistake.kind}")


def test_verdicts_are_those_of_the_compiler() -> None:
    wrong = {file.name: [error.message for error in errors(file)] for file in FILES.values() if not agrees(file)}

    assert wrong == {}


@of_verdict("true")
def test_true_mistake_is_found(mistake: Mistake) -> None:
    assert [f for f in findings(FILES[mistake.name]) if f.code[:5] != "AIPP9"]


@of_verdict("likely")
def test_likely_mistake_is_mentioned(mistake: Mistake) -> None:
    assert [f for f in findings(FILES[mistake.name]) if f.code[:5] in ("AIPP4", "AIPP5")]


@of_verdict("trap")
def test_trap_is_passed_in_silence(mistake: Mistake) -> None:
    found = findings(FILES[mistake.name])

    assert [f for f in found if f.severity is not Severity.INFO] == []
    assert [f for f in found if f.code.startswith("AIPP5")] == []


@of_verdict("dialect")
def test_other_dialect_is_one_finding(mistake: Mistake) -> None:
    assert [finding.code for finding in findings(FILES[mistake.name])] == ["AIPP015"]


def test_characters_that_cannot_be_seen_are_named() -> None:
    for mistake in MISTAKES:
        if mistake.kind == "invisible-char":
            found = errors(FILES[mistake.name])
            assert {f.code for f in found} == {"AIPP003"}
            assert all("U+202C" in f.message for f in found)


def test_comments_in_gbk_are_no_error() -> None:
    files = [file for file in FILES.values() if file.encoding == "gbk"]

    assert files
    for file in files:
        assert errors(file) == []
        assert "AIPP016" in [f.code for f in findings(file)]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("001", ["duplicate key csc_switch"]),
        ("002", ["duplicate key csc_switch"]),
        ("003", ["src_image_size_h is 4256"]),
        ("004", ["missing key src_image_size_h"]),
        ("005", []),
        ("006", ["duplicate section [aipp_op]"]),
    ],
)
def test_settings_of_the_benchmark_tool(name: str, said: list[str]) -> None:
    found = check(Session(Request(isolated=True, discovery=False)), str(FOLDER / "runtime" / f"{name}.config")).findings

    assert [finding.code for finding in found] == ["AIPP810"] * len(said)
    assert all(finding.message.startswith(start) for finding, start in zip(found, said, strict=True))


def test_program_runs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(FOLDER)]) == 0
    assert capsys.readouterr().out.startswith(f"{len(FILES)} files")
