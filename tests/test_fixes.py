"""Fixes: pure properties on made and damaged configurations, and the command on real files."""

from __future__ import annotations

import os
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aipplint.atc.build import Build
from aipplint.atc.options import options_of_mapping
from aipplint.cli import main
from aipplint.findings import Edit, Finding, Fix, Place, Severity
from aipplint.fixes import apply, fix_source, fixes_of
from aipplint.pipeline import Use, lint_source
from aipplint.source import Source, Span
from aipplint.syntax.parser import parse
from tests.strategies import configs, damaged, encoded

SLIPS = b"aipp_op {\r\n  aipp_mode: static  # \xc4\xe3\r\n  input_format = RGB888_U8;;\r\n  csc_swtich: false\r\n}\r\n"
SAFE = SLIPS.replace(b"= RGB888_U8;;", b": RGB888_U8;")
UNSAFE = SAFE.replace(b"swtich", b"switch")


def lint(source: Source) -> tuple[Finding, ...]:
    """What is wrong with a source by itself."""
    return lint_source(source).findings


def fixed(text: str, *, unsafe: bool = True) -> str:
    """A text after its fixes."""
    return fix_source(Source("aipp.cfg", text), lint, unsafe=unsafe).source.text


def errors(findings: tuple[Finding, ...]) -> int:
    """How many of them are errors."""
    return sum(finding.severity is Severity.ERROR for finding in findings)


CONFIGS = st.one_of(encoded(configs()), damaged(encoded(configs())))


@given(CONFIGS, st.booleans())
def test_fixing_makes_nothing_worse_and_settles(data: bytes, unsafe: bool) -> None:
    """No more errors than before, comments survive, and a second run finds nothing to do."""
    source = Source.from_bytes("aipp.cfg", data)
    before = lint(source)

    once = fix_source(source, lint, unsafe=unsafe)
    again = fix_source(once.source, lint, unsafe=unsafe)

    assert errors(once.findings) <= errors(before)
    assert again.made == 0
    assert again.source.text == once.source.text
    comments = [token.text for token in parse(source).comments]
    kept = [token.text for token in parse(once.source).comments]
    assert all(any(comment in other for other in kept) for comment in comments)


@given(CONFIGS)
def test_edits_that_are_made_together_never_overlap(data: bytes) -> None:
    """Edits of one round are disjoint and lie inside the text."""
    source = Source.from_bytes("aipp.cfg", data)
    edits = sorted(edit for fix in fixes_of(source, lint(source), unsafe=True) for edit in fix.edits)

    assert all(one.end <= other.start for one, other in pairwise(edits))
    assert all(0 <= edit.start <= edit.end <= len(source.text) for edit in edits)


def test_apply_replaces_inserts_and_deletes() -> None:
    """Edits are offsets into the original text, in any order."""
    fix = Fix("", (Edit(4, 5, ""), Edit(0, 0, ">"), Edit(2, 3, "X")), safe=True)

    assert apply("abcdef", [fix]) == ">abXdf"


STATIC = "aipp_mode: static input_format: RGB888_U8"
WRITTEN = {
    "aipp_op { aipp_mode static input_format: RGB888_U8 }": f"aipp_op {{ {STATIC} }}",
    f"\ufeffaipp_op {{ {STATIC} }}": f"aipp_op {{ {STATIC} }}",
    "aipp_op { aipp_mode\uff1a static input_format: RGB888_U8 }": f"aipp_op {{ {STATIC} }}",
    f"{STATIC}\n": f"aipp_op {{\n{STATIC}\n}}\n",
    f"{STATIC}\r\n": f"aipp_op {{\r\n{STATIC}\r\n}}\r\n",
    f"aipp_op {{ {STATIC} // NV12? no\n}}": f"aipp_op {{ {STATIC} # // NV12? no\n}}",
}


@pytest.mark.parametrize(("wrong", "right"), WRITTEN.items())
def test_what_a_fix_writes(wrong: str, right: str) -> None:
    """The text of some fixes, letter by letter; the result is accepted."""
    assert fixed(wrong) == right
    assert errors(lint(Source("aipp.cfg", right))) == 0


def test_fix_writes_the_file_as_it_was_but_for_the_fixes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Line ends, bytes that are not UTF-8, mode and links survive."""
    monkeypatch.chdir(tmp_path)
    real = tmp_path / "real.cfg"
    real.write_bytes(SLIPS)
    real.chmod(0o640)
    Path("aipp.cfg").symlink_to(real)

    code = main(["check", "--fix", "aipp.cfg"])

    assert code == 1
    assert real.read_bytes() == SAFE
    assert real.stat().st_mode & 0o777 == 0o640
    assert Path("aipp.cfg").is_symlink()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["aipp.cfg", "real.cfg"]

    assert main(["check", "--fix", "--unsafe-fixes", "aipp.cfg"]) == 0
    assert real.read_bytes() == UNSAFE


def test_diff_prints_and_writes_nothing(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    """A unified difference in the bytes of the file; exit 1 where something would change."""
    path = tmp_path / "aipp.cfg"
    path.write_bytes(SLIPS)

    code = main(["check", "--diff", str(path)])

    out = capfdbinary.readouterr().out
    assert code == 1
    assert b"-  input_format = RGB888_U8;;\r\n+  input_format : RGB888_U8;\r\n" in out
    assert path.read_bytes() == SLIPS
    path.write_bytes(UNSAFE)
    assert main(["check", "--diff", str(path)]) == 0


GARBLED = "    min_c-infhn_0 : 125.307\n    min_chn_2 :n_chn_2 : 0\n"
UNCOVERING = f"""\
aipp_op {{
    input_format : RGB888_U8
    rbuv_swap_swiinput_format: YUV420SP_U8
tch : true

    mea: false

    csc_switch : false
    rbpadding: true
uv_swap_switch : false

    min_chn_0 : 0
    min_chn_1 : 0
    min_chn_2 : n_chn_0 : 0
    min_chn_2 :     mean_chn_0 : 0
    min_chn_1 : 122.961
    min_chn_2 : 11k.8575
   mean_chn_2 : 0
{GARBLED * 6}    min_c-infhn_0 : 125.307
    min_chn_2 :n_chn :n_chn :n_chn_2 : 0
{GARBLED * 6}    min_c-infhn_0 : 125.307
    var_reci_chn_0 : 0.01938492
{GARBLED}}}
"""


def test_fixes_that_uncover_fixes_are_all_made() -> None:
    """Most of them one by one, because together they would make it worse."""
    once = fixed(UNCOVERING)

    assert fixed(once) == once


TORN = """\
aipp_op{
    aipp_m
resize_output_h 67
[{}]ode:static
    inpusize_h : 736
    src_image_s\0ize_w : 1280

    min_#hn_1 : 116.28
   eci_chn_2: 0.0174291938997821
}
 var_reci_chn_0: 0.017124753831663668
    var_reci_[1, 2]chn_2: 0.0174291938997822
}
"""


def test_a_safe_fix_alone_adds_no_error() -> None:
    """As an editor makes it, also where nobody knows what was meant."""
    source = Source("aipp.cfg", TORN)
    before = lint(source)

    for finding in before:
        if finding.fix and finding.fix.safe:
            after = lint(Source("aipp.cfg", apply(TORN, [finding.fix])))
            assert errors(after) <= errors(before), finding.message
    assert any(finding.fix and not finding.fix.safe for finding in before)


def test_unsafe_fixes_alone_are_a_mistake(capsys: pytest.CaptureFixture[str]) -> None:
    """The flag says which fixes, not that any are to be made."""
    assert main(["check", "--unsafe-fixes", "."]) == 2
    assert "--fix or --diff" in capsys.readouterr().err


def test_a_file_that_cannot_be_written_is_one_line_and_exit_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The others are still mended."""
    first, second = tmp_path / "a_aipp.cfg", tmp_path / "b_aipp.cfg"
    first.write_bytes(SLIPS)
    second.write_bytes(SLIPS)
    replace = os.replace

    def refuse(source: str, target: str) -> None:
        if target.endswith("a_aipp.cfg"):
            raise PermissionError(13, "Permission denied")
        replace(source, target)

    monkeypatch.setattr(os, "replace", refuse)

    assert main(["check", "--fix", str(tmp_path)]) == 2
    assert "cannot write" in capsys.readouterr().err
    assert first.read_bytes() == SLIPS
    assert second.read_bytes() == SAFE
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a_aipp.cfg", "b_aipp.cfg"]


def test_the_fixes_that_are_made_are_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("aipp.cfg").write_bytes(SLIPS.replace(b"\xc4\xe3", b"x"))
    listed = ["aipplint: aipp.cfg:3:16: replace it by ':' [AIPP005]", "aipplint: aipp.cfg:3:28: delete it [AIPP010]"]

    main(["check", "--diff", "--show-fixes", "aipp.cfg"])
    assert capsys.readouterr().err.splitlines()[:2] == listed
    main(["check", "--fix", "--show-fixes", "aipp.cfg"])
    assert capsys.readouterr().err.splitlines()[:3] == [*listed, "aipplint: 2 fixes made"]
    assert main(["check", "--show-fixes", "aipp.cfg"]) == 2


def test_a_fix_that_does_harm_is_found_in_few_tries() -> None:
    """Each try lints the source again: as many tries as fixes would cost the square of its size."""
    tries = 0
    mended = {"a": "b", "x": "y"}

    def lint_letters(source: Source) -> tuple[Finding, ...]:
        nonlocal tries
        tries += 1
        found: list[Finding] = []
        for at, letter in enumerate(source.text):
            place = Place(source, Span(at, at + 1))
            if letter in mended:
                fix = Fix("replace", (Edit(at, at + 1, mended[letter]),), safe=True)
                found.append(Finding("AIPP001", "letter", Severity.WARNING, letter, place, fix=fix))
            elif letter == "y":
                found.append(Finding("AIPP001", "letter", Severity.ERROR, letter, place))
        return tuple(found)

    once = fix_source(Source("aipp.cfg", "a" * 300 + "x" + "a" * 200), lint_letters)

    assert once.source.text == "b" * 300 + "x" + "b" * 200
    assert tries < 30


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--fix-only", "AIPP005"], {"AIPP005"}),
        (["--fix-only", "AIPP0"], {"AIPP005", "AIPP010"}),
        (["--unfixable", "equals-sign"], {"AIPP010", "AIPP101"}),
        (["--unfixable", "AIPP0"], {"AIPP101"}),
        (["--fix-only", "AIPP005", "--unfixable", "AIPP005"], set()),
    ],
)
def test_fixes_by_rule(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    said: set[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "aipp.cfg").write_bytes(SLIPS.replace(b"\xc4\xe3", b"x"))
    main(["check", "--diff", "--unsafe-fixes", "--show-fixes", *words, "aipp.cfg"])
    lines = capsys.readouterr().err.splitlines()

    assert {line[-8:-1] for line in lines if line.endswith("]")} == said


def test_rules_of_fixes_are_known(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--fix", "--fix-only", "AIPP0000", "."]) == 2
    assert capsys.readouterr().err.startswith("aipplint: --fix-only: no rule has the code or name 'AIPP0000'")
    assert main(["check", "--unfixable", "AIPP005", "."]) == 2
    assert capsys.readouterr().err == "aipplint: --unfixable goes with --fix or --diff\n"


OUTPUT = "aipp_op {{ aipp_mode: static input_format: {} src_image_size_w: {} src_image_size_h: {} {} }}"


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        (("RGB888_U8", 192, 48, ""), ("RGB888_U8", 256, 64, "")),
        (("RGB888_U8", 64, 256, ""), ("RGB888_U8", 256, 64, "")),
        (
            ("RGB888_U8", 300, 100, "crop: true crop_size_w: 250 crop_size_h: 64"),
            ("RGB888_U8", 300, 100, "crop: true crop_size_w: 256 crop_size_h: 64"),
        ),
        (
            ("RGB888_U8", 256, 64, "padding: true left_padding_size: 2"),
            ("RGB888_U8", 254, 64, "padding: true left_padding_size: 2"),
        ),
        (("RGB888_U8", 252, 64, "crop: true crop_size_w: 250 crop_size_h: 64"), None),
        (("YUV420SP_U8", 192, 48, "padding: true left_padding_size: 1"), None),
    ],
)
def test_the_size_of_the_output_is_made_that_of_the_model(
    wrong: tuple[object, ...], right: tuple[object, ...] | None
) -> None:
    build = Build(options_of_mapping({"input_format": "NCHW", "input_shape": "data:1,3,64,256"}))

    def found(source: Source) -> tuple[Finding, ...]:
        return lint_source(source, [Use(build)]).findings

    fixed = fix_source(Source("aipp.cfg", OUTPUT.format(*wrong)), found, unsafe=True)
    assert fixed.source.text == OUTPUT.format(*(right or wrong))
    assert any(finding.code == "AIPP704" for finding in fixed.findings) == (right is None)


def test_reciprocals_come_into_the_order_of_the_means() -> None:
    means = "mean_chn_0: 104 mean_chn_1: 117 mean_chn_2: 124"
    fields = "{} var_reci_chn_0: {} var_reci_chn_1: {} var_reci_chn_2: {}"
    text = f"aipp_op {{{{ aipp_mode: static input_format: RGB888_U8 {fields} }}}}"
    numbers = ("0.0171247538", "0.0175070028", "0.0174291939")

    assert fixed(text.format(means, *numbers)) == text.format(means, *numbers[::-1])
