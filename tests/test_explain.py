"""Explaining logs: the table of causes against the real verdicts and rules, and the command from the outside."""

from __future__ import annotations

import io
import json
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aipplint import Finding, lint
from aipplint.cli import main
from aipplint.explain.codes import CODES, canonical, rules_of, same
from aipplint.explain.command import words_of
from aipplint.explain.explanation import explanations, fix_of
from aipplint.explain.log import CAUSES, MAX_ERRORS, read_log
from aipplint.rules import RULES
from tests.conformance import FILES, Case, read_cases

BAD = """\
aipp_op {
  aipp_mode: static
  input_format: YUV420SP_U8
  src_image_size_w: 832
  crop: true
}
"""
PROFILES = "--input_shape='data:8,3,-1,-1' --dynamic_image_size='416,416;832,832'"
CROP = "When --dynamic_image_size is set, crop and padding cannot be set to 'true'"
FAILED = f"""\
ATC start working now, please wait for a moment.
ATC run failed, Please check the detail log, Try 'atc --help' for more information
E10052: [PID: 10490] 2025-03-18-09:02:18.501.341 AIPP configuration is invalid. Reason: {CROP}.
        TraceBack (most recent call last):
        {CROP}[FUNC:Parse][FILE:insert_aipp_op_util.cc][LINE:70]
"""
"""What ATC prints, in the form of CANN 8."""


class Run(NamedTuple):
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The JSON on standard output."""
        return json.loads(self.out)

    def errors(self) -> list[tuple[str, tuple[str, ...], tuple[tuple[str, int], ...]]]:
        """Code, rules, and code and line of the findings of every error."""
        return [
            (
                error["code"],
                tuple(rule["code"] for rule in error["rules"]),
                tuple((finding["code"], finding["start"]["line"]) for finding in error["findings"]),
            )
            for error in self.document["errors"]
        ]


Explain = Callable[..., Run]
Judged = list[tuple[Case, tuple[Finding, ...]]]


@pytest.fixture
def explain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Explain:
    """Run ``aipplint explain`` in an empty folder; the first argument is what comes through standard input."""
    monkeypatch.chdir(tmp_path)
    for variable in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(variable, raising=False)

    def run(text: str | bytes | None, *words: str) -> Run:
        data = text.encode() if isinstance(text, str) else text or b""
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        capfd.readouterr()
        code = main(["explain", *words])
        return Run(code, *capfd.readouterr())

    return run


@pytest.fixture(scope="module")
def judged() -> Judged:
    """All cases, with what aipplint says."""
    cases = read_cases(first for first, _ in FILES.values())
    return [(case, lint(case.config, atc=case.atc, runtime=case.runtime).findings) for case in cases]


def as_log(case: Case) -> bytes:
    """What the toolchain prints for a case."""
    if case.code == "E13005":
        return f"{case.message}\nE13005: Failed to parse file /x/aipp.cfg.\n".encode()
    forms = {
        "E10052": "E10052: AIPP configuration is invalid. Reason: {}.",
        "E81012": "E81012: [PID: 1] 2025-07-08-10:25:28.680.962 Compile op[aipp] failed, cause: {}",
        "E70014": "E70014: In op[aipp], {}",
    }
    return forms.get(case.code, f"{case.code}: {{}}").format(case.message).encode()


# The table of causes.


def test_every_rule_that_a_cause_names_exists() -> None:
    named = {code for cause in CAUSES for code in cause.rules}
    assert named <= {rule.code for rule in RULES}


def test_every_cause_has_a_known_code_and_a_meaning_that_can_be_filled() -> None:
    for cause in CAUSES:
        assert cause.code in CODES
        groups = dict.fromkeys(cause.expression.groupindex, "1")
        assert cause.meaning.format_map(groups)
        assert all(value.format_map(groups) for _, value in cause.assumes)


def test_the_causes_of_all_verdicts_are_known_and_lead_to_the_rule_that_says_it(judged: Judged) -> None:
    """Each verdict of the real code, as the toolchain prints it, is one error, and names a rule that aipplint gives."""
    wrong = []
    for case, found in judged:
        if case.accepted or not case.code:
            continue
        told = explanations(read_log(io.BytesIO(as_log(case))))
        ours = {finding.code for finding in found if same(finding.atc_code, case.code)}
        if (
            [one.seen.code for one in told] != [case.code]
            or not ours & {rule.code for rule in told[0].rules}
            or (case.code in ("E10052", "E13005", "E81012", "E70014") and not told[0].certain)
        ):
            wrong.append((case.name, case.code, case.message, sorted(ours), told))
    assert wrong == []


def test_every_code_that_a_rule_gives_is_declared_and_in_the_table(judged: Judged) -> None:
    declared = {rule.code: rule.codes for rule in RULES}
    given = {(finding.code, finding.atc_code) for _, found in judged for finding in found if finding.atc_code}
    assert [(rule, code) for rule, code in given if code not in declared[rule]] == []
    assert {code for codes in declared.values() for code in codes} <= set(CODES)


def test_the_advice_comes_from_the_pages() -> None:
    assert all(fix_of(rule).endswith((".", "`", ":")) for rule in RULES)


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("e10052", "E10052"),
        ("E19005", "E13005"),
        ("E19021", "E10052"),
        ("E19999", "E19999"),
        ("acl.mdl.set_input_aipp", "aclmdlSetInputAIPP"),
        ("aclmdlsetaippcropparams", "aclmdlSetAIPPCropParams"),
        ("E99999", ""),
        ("AIPP702", ""),
    ],
)
def test_codes_are_known_by_all_their_names(word: str, code: str) -> None:
    assert canonical(word) == code


def test_the_parser_of_older_releases_is_told_by_its_words() -> None:
    line = b"E19999: [Parse][File]Through [google::protobuf::TextFormat::Parse] failed, file deploy/aipp.cfg\n"
    log = read_log(io.BytesIO(line))

    assert [(seen.code, seen.groups["path"]) for seen in log.errors] == [("E13005", "deploy/aipp.cfg")]
    assert log.paths == ("deploy/aipp.cfg",)


def test_codes_of_run_time_stand_for_their_calls() -> None:
    def codes(code: str) -> list[str]:
        return [rule.code for rule in rules_of(code, RULES)]

    assert codes("EH0005") == codes("aclmdlSetInputAIPP")
    assert codes("145013") == ["AIPP803", "AIPP815"]
    assert "AIPP807" in codes("100000")


# Reading.


def codes_of(data: bytes) -> list[tuple[str, int, int]]:
    return [(seen.code, seen.line, seen.times) for seen in read_log(io.BytesIO(data)).errors]


def test_what_atc_prints_is_one_error() -> None:
    assert codes_of(FAILED.encode()) == [("E10052", 3, 2)]


def test_the_form_of_cann_9_and_colours() -> None:
    line = f"\x1b[31m[PID: 7] 2026-01-02-03:04:05.678.901 Invalid_Argument(E10052): Reason: {CROP}.\x1b[0m\n"
    (seen,) = read_log(io.BytesIO(line.encode())).errors
    assert (seen.code, seen.text) == ("E10052", CROP)


def test_several_errors_each_once_in_order() -> None:
    text = "E10019: x\n" * 3 + "E81012: resize only support Hi3796CV300ES\nE10019: x\nE10019: y\n"
    assert codes_of(text.encode()) == [("E10019", 1, 4), ("E81012", 4, 1), ("E10019", 6, 1)]


def test_codes_in_chinese_text_and_in_gbk() -> None:
    for encoding in ("utf-8", "gbk", "utf-16"):
        data = "模型转换失败，错误码E10052，原因：配置错误\n".encode(encoding)
        assert [code for code, *_ in codes_of(data)] == ["E10052"], encoding


def test_what_only_looks_like_a_code_is_none() -> None:
    text = "0xE10052F E100521 xE10052 size 100000 aclrtMalloc ret 100000 E0000 00:00:17 text_format.cc:337]\n"
    assert codes_of(text.encode()) == []


def test_codes_that_calls_return() -> None:
    text = (
        "acl.mdl.set_input_aipp failed ret=100000\n[ERROR] aclmdlSetDynamicHWSize failed, errorCode is 145013\n"
        "[INFO] aclmdlSetInputAIPP success\n"
    )
    assert codes_of(text.encode()) == [("aclmdlSetInputAIPP", 1, 1), ("aclmdlSetDynamicHWSize", 2, 1)]


def test_the_operators_exception_in_python() -> None:
    text = (
        "RuntimeError: ({'errCode': 'E81012', 'op_name': 'aipp', 'cause': 'mean_chn_1[256] should be within[0, 255]'})"
    )
    (one,) = explanations(read_log(io.BytesIO(text.encode())))
    assert one.meaning == "mean_chn_1 is 256; the operator accepts 0 to 255"
    assert [rule.code for rule in one.rules][:1] == ["AIPP109"]


def test_many_different_errors_are_cut_off_and_counted() -> None:
    log = read_log(io.BytesIO(b"".join(b"E10001: Value %d\n" % number for number in range(MAX_ERRORS + 7))))
    assert (len(log.errors), log.dropped) == (MAX_ERRORS, 7)


def test_a_long_log_takes_little_memory() -> None:
    class Endless(io.RawIOBase):
        """Sixteen blocks: of lines that say nothing, and without any end of a line."""

        left = 16

        def read(self, size: int = -1) -> bytes:
            self.left -= 1
            if self.left < 0:
                return b""
            return (
                b"x" * size if self.left % 4 else b"[INFO] GE(1,atc.bin) crop and padding, 224 by 224\n" * (size // 50)
            )

    tracemalloc.start()
    log = read_log(Endless())  # type: ignore[arg-type]  # all that is used of it is read
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert log.errors == ()
    assert peak < 12 * 1024 * 1024


def test_an_error_across_blocks_and_far_in_a_line_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aipplint.explain.log._BLOCK", 8192)
    text = f"{'x' * 5000} E10052: AIPP configuration is invalid. Reason: {CROP}.\n"
    assert codes_of(("a\n" * 3000 + text).encode()) == [("E10052", 3001, 1)]


@given(
    st.lists(
        st.sampled_from([*(cause.pattern for cause in CAUSES), *CODES, "atc ", "--insert_op_conf=", "\\", "\n", "'"])
    )
)
def test_no_text_makes_it_fail(pieces: list[str]) -> None:
    explanations(read_log(io.BytesIO(" ".join(pieces).encode())))


@given(st.binary(max_size=400))
def test_no_bytes_make_it_fail(data: bytes) -> None:
    explanations(read_log(io.BytesIO(b"E10052 atc --insert_op_conf " + data)))


@pytest.mark.parametrize(
    "line",
    [
        "+ atc --model=a.onnx --dynamic_image_size='416,416;832,832' --insert_op_conf=a.cfg",
        "$ bin/atc --model=a.onnx --dynamic_image_size=416,416;832,832 --insert_op_conf=a.cfg 2>&1 | tee log",
        "running ['atc', '--model=a.onnx', '--dynamic_image_size=416,416;832,832', '--insert_op_conf=a.cfg']",
        '"--model=a.onnx" "--dynamic_image_size=416,416;832,832" "--insert_op_conf=a.cfg"',
        "cmd: --model=a.onnx --dynamic_image_size='416,416;832,832' --insert_op_conf=a.cfg > out.txt",
    ],
)
def test_commands_in_logs(line: str) -> None:
    assert words_of(line) == ("--model=a.onnx", "--dynamic_image_size=416,416;832,832", "--insert_op_conf=a.cfg")


def test_a_command_over_several_lines() -> None:
    text = "atc --model=a.onnx \\\n  --insert_op_conf=a.cfg \\\r\n  --input_shape='data:1,3,-1,-1'\nE10004: x\n"
    log = read_log(io.BytesIO(text.encode()))
    assert log.command == ("--model=a.onnx", "--insert_op_conf=a.cfg", "--input_shape=data:1,3,-1,-1")
    assert [seen.line for seen in log.errors] == [4]


# The command, and where it looks.


def test_the_command_in_the_log_leads_to_the_line(explain: Explain, tmp_path: Path) -> None:
    (tmp_path / "aipp.cfg").write_text(BAD)
    run = explain(f"+ atc --framework=5 --insert_op_conf=./aipp.cfg {PROFILES}\n{FAILED}", "--output-format=json")
    assert run.code == 0
    assert run.errors() == [("E10052", ("AIPP701",), (("AIPP701", 5),))]
    assert run.document["configurations"] == ["./aipp.cfg"]


def test_a_path_of_another_machine_is_found_by_its_end(explain: Explain, tmp_path: Path) -> None:
    (tmp_path / "deploy").mkdir()
    (tmp_path / "deploy" / "aipp.cfg").write_text(BAD)
    run = explain(f"atc --insert_op_conf=/home/ci/work/deploy/aipp.cfg {PROFILES}\n{FAILED}", "--output-format=json")
    assert run.document["configurations"] == ["deploy/aipp.cfg"]
    assert run.errors()[0][2] == (("AIPP701", 5),)


def test_without_a_command_the_current_folder_is_searched(explain: Explain, tmp_path: Path) -> None:
    """And the error itself says that there are profiles."""
    (tmp_path / "aipp.cfg").write_text(BAD)
    (tmp_path / "good_aipp.cfg").write_text(BAD.replace("crop: true", "crop: false"))
    run = explain(FAILED)
    assert run.code == 0
    assert "aipp.cfg:5:3" in run.out
    assert "error[AIPP701]" in run.out
    assert "found in the current folder" in run.out
    assert "AIPP702" not in run.out


def test_sizes_in_an_error_are_the_models(explain: Explain, tmp_path: Path) -> None:
    (tmp_path / "aipp.cfg").write_text(
        "aipp_op {\n  aipp_mode: static\n  input_format: RGB888_U8\n  src_image_size_w: 256\n"
        "  src_image_size_h: 256\n  crop: true\n  crop_size_w: 220\n  crop_size_h: 224\n}\n"
    )
    text = (
        "E70014: In op[aipp], aipp output H and W should be equal to data's H and W, but actually aipp output H is "
        "[224], aipp output W is [220], data's H is [224], data's W is [224]."
    )
    run = explain(text, "--output-format=json")
    assert [findings for *_, findings in run.errors()] == [(("AIPP704", 7),)]
    assert "224,220" in run.document["errors"][0]["meaning"]


def test_the_position_that_the_parser_gives(explain: Explain, tmp_path: Path) -> None:
    (tmp_path / "aipp.cfg").write_text("aipp_op {\n  aipp_mode = static\n  crop true\n}\n")
    text = (
        "[libprotobuf ERROR google/protobuf/text_format.cc:317] Error parsing text-format domi.InsertNewOps: 2:13: "
        'Expected ":", found "=".\nE19005: Failed to parse file [./aipp.cfg].\n'
    )
    run = explain(text, "--output-format=json")
    (error,) = run.document["errors"]
    assert (error["code"], error["position"]) == ("E13005", {"line": 2, "column": 13})
    assert run.errors()[0][1:] == (("AIPP005",), (("AIPP005", 2),))


def test_a_file_that_is_not_the_configuration_is_told_apart(explain: Explain, tmp_path: Path) -> None:
    (tmp_path / "aipp.cfg").write_text(BAD)
    (tmp_path / "net.prototxt").write_text('name: "net"\nlayer {\n')
    run = explain("atc --insert_op_conf=aipp.cfg --model=net.prototxt\nE13005: Failed to parse file ./net.prototxt.")
    assert "the AIPP configuration is aipp.cfg" in run.out
    assert "AIPP0" not in run.out
    run = explain("E13005: Failed to parse file ./net.prototxt.", "--output-format=json")
    assert run.document["configurations"] == ["aipp.cfg"]


def test_an_option_that_has_nothing_to_do_with_aipp(explain: Explain) -> None:
    run = explain("E10001: Value [x] for parameter [--output] is invalid. Reason: no such folder")
    assert run.code == 0
    assert "--output, which is unrelated to AIPP" in run.out
    assert "AIPP6" not in run.out


def test_an_error_of_the_options_alone(explain: Explain) -> None:
    run = explain(
        "atc --framework=5 --input_shape=data:1,3,-1,224 --dynamic_image_size='1,1;2,2'\nE10019: x",
        "--output-format=json",
    )
    assert run.errors()[0][2] == (("AIPP607", 1),)


def test_options_behind_variables_are_not_known(explain: Explain, tmp_path: Path) -> None:
    (tmp_path / "aipp.cfg").write_text(BAD)
    run = explain(f"atc --insert_op_conf=aipp.cfg --dynamic_image_size=$SIZES\n{FAILED}", "--output-format=json")
    assert run.errors()[0][1] == ("AIPP701",)
    assert not any(finding[0].startswith("AIPP6") for error in run.errors() for finding in error[2])


def test_an_error_at_run_time_with_the_settings_of_the_project(explain: Explain, tmp_path: Path) -> None:
    (tmp_path / "aipp.cfg").write_text("aipp_op {\n  aipp_mode: dynamic\n  max_src_image_size: 1000\n}\n")
    (tmp_path / "aipplint.toml").write_text(
        '[[build]]\nconfig = "aipp.cfg"\ninput-shape = "data:1,3,224,224"\nframework = 5\n'
        'runtime = { input-format = "RGB888_U8", src-image-size-w = 224, src-image-size-h = 224 }\n'
    )
    text = "EH0005: AIPP argument is invalid. dynamic aipp size 150528 bigger than max_src_image_size"
    run = explain(text, "--output-format=json")
    assert [(code, rules) for code, rules, _ in run.errors()] == [("aclmdlSetInputAIPP", ("AIPP806",))]
    assert [code for code, _ in run.errors()[0][2]] == ["AIPP806"]


def test_settings_that_cannot_be_read_do_not_stop_it(explain: Explain, tmp_path: Path) -> None:
    (tmp_path / "aipplint.toml").write_text("nonsense = 1\n")
    (tmp_path / "aipp.cfg").write_text(BAD)
    run = explain(FAILED)
    assert run.code == 0
    assert "AIPP701" in run.out
    assert "unknown key 'nonsense'" in run.err


def test_a_file_that_the_log_names_and_that_is_gone(explain: Explain) -> None:
    run = explain(f"atc --insert_op_conf=deploy/aipp.cfg {PROFILES}\n{FAILED}")
    assert run.code == 0
    assert "the log names deploy/aipp.cfg, which does not exist here" in run.out


def test_a_log_in_a_file_and_paths_beside_it(explain: Explain, tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "build.log").write_text(f"atc --insert_op_conf=aipp.cfg {PROFILES}\n{FAILED}")
    (tmp_path / "logs" / "aipp.cfg").write_text(BAD)
    run = explain(None, "logs/build.log", "--output-format=json")
    assert run.document["configurations"] == ["logs/aipp.cfg"]
    assert run.document["log"] == "logs/build.log"


def test_text_without_an_error(explain: Explain) -> None:
    run = explain("hello\nEZ9999: Inner Error!\n")
    assert (run.code, run.out) == (1, "")
    assert run.err == "aipplint: <stdin>: no known error; not known here: EZ9999\n"


def test_a_log_of_success(explain: Explain) -> None:
    run = explain("ATC start working now, please wait for a moment.\nATC run success, welcome to the next use.\n")
    assert (run.code, run.out) == (0, "")
    assert "ATC succeeded" in run.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nothing.log",), "nothing.log: cannot be read: no such file or directory"),
        ((".",), ".: cannot be read: is a directory"),
        (("a", "b"), "one log at a time"),
        (("--colour",), "unknown option --colour; did you mean '--color'?"),
    ],
)
def test_mistakes_in_the_command(explain: Explain, words: tuple[str, ...], said: str) -> None:
    run = explain("", *words)
    assert (run.code, run.out) == (2, "")
    assert said in run.err
    assert run.err.count("\n") == 1


def test_colours_and_controls(explain: Explain) -> None:
    coloured = explain(FAILED, "--color=always")
    assert "\x1b[1;31mE10052\x1b[0m" in coloured.out
    hostile = explain("E10001: Value [\x1b]0;x\x07\u202e\x08] for parameter [--input_shape] is invalid\n")
    assert "\x1b" not in hostile.out
    assert "\u202e" not in hostile.out


# What it does not know, it does not say.


def test_where_nothing_is_here_nothing_is_found_here(explain: Explain) -> None:
    run = explain("E10052: AIPP config file is invalid, reason: crop must be false")
    assert "the log names no configuration, and there is none in the current folder" in run.out
    assert "found in the current folder" not in run.out
    assert "fix:" not in run.out


def test_a_code_of_many_mistakes_has_no_cause(explain: Explain) -> None:
    run = explain("E19999: Inner Error!")
    assert "cause: unknown: this code has many causes" in run.out
    assert "AIPP" not in run.out.replace("(AIPP", "")


def test_findings_of_a_long_log_are_told_once_and_bounded(explain: Explain, tmp_path: Path) -> None:
    (tmp_path / "aipp.cfg").write_text("aipp_op { input_format: RGB888_U8 related_input_rank: 1 }\n" * 60)
    lines = (f"E10052: AIPP config file is invalid, reason: number {number}" for number in range(90))
    run = explain("\n".join(lines), "--output-format=json")
    findings = [json.dumps(finding) for error in run.document["errors"] for finding in error["findings"]]
    assert len(run.document["errors"]) == MAX_ERRORS
    assert 0 < len(findings) == len(set(findings)) <= 20
    assert run.document["errors"][0]["findings_left_out"] > 0


def test_readings_of_sizes_are_told_with_what_follows_from_them(explain: Explain, tmp_path: Path) -> None:
    (tmp_path / "aipp.cfg").write_text(BAD.replace("  src_image_size_w: 832\n  crop: true\n", ""))
    (tmp_path / "convert.sh").write_text("atc --framework=5 --input_shape=data:1,3,224,224 --insert_op_conf=aipp.cfg\n")
    run = explain("input image size[602112] is not equal to model input size[75264]")
    assert "fed: 602112 bytes: 1x224x224x3 float32, or 8x224x224 YUV420SP_U8\n" in run.out
    assert "needed: 75264 bytes: 1x224x224 YUV420SP_U8 (aipp.cfg)\n" in run.out
    assert "cause: uncertain; if the first readings are right, the application passes a tensor of float32" in run.out


# Rules by code.


def test_rules_by_code(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rule", "E10052"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("E10052: the AIPP configuration is not valid\n")
    assert {"AIPP105", "AIPP701", "AIPP702"} <= {line[:7] for line in out.splitlines()}
    assert main(["rule", "e19005"]) == 0
    assert "AIPP001" in capsys.readouterr().out
    assert main(["rule", "acl.mdl.set_aipp_crop_params"]) == 0
    assert "AIPP807" in capsys.readouterr().out
    assert main(["rule", "E13001"]) == 0
    assert "no rule prevents it" in capsys.readouterr().out
    assert main(["rule", "E10099"]) == 2
