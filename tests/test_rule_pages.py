"""The pages of the rules: complete, and their examples do what they say."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Sequence
from inspect import signature
from pathlib import Path

import pytest

from aipplint.atc.build import Build
from aipplint.feeding.cpp_program import read as read_program
from aipplint.feeding.picture import Feeding, Program
from aipplint.findings import Finding, Severity
from aipplint.fixes import apply, fix_source
from aipplint.models.model import ONNX, POINTER, Input, Loose, Model
from aipplint.pipeline import Use, lint_source
from aipplint.project.command import options_of_command, words_of_command
from aipplint.project.resolved import builds_of
from aipplint.readers.benchmark_ini import tool_settings
from aipplint.readers.ini import read_ini
from aipplint.readers.languages import SHELL, read
from aipplint.rules import RULES
from aipplint.rules.page import HEADINGS, Example, read_page
from aipplint.rules.rule import Rule
from aipplint.runtime.settings import runtime_of_mapping
from aipplint.source import Source
from aipplint.training.normalisation import Training
from aipplint.training.python_code import read_code
from tests.shown import read_lines, shown, write_lines

WITHOUT_EXAMPLES = {"AIPP620", "AIPP621", "AIPP630", "AIPP646", "AIPP903", "AIPP904", "AIPP906"}
"""Rules about what no example can show: a failure of aipplint itself, files that are missing, unreadable or too large,
and what only ``aipplint atc`` is asked."""

FOLDER = Path(__file__).parent / "cases" / "pages"
"""What the *Wrong* example of each page reports; ``pytest --update-cases`` writes it."""
PAGES = {rule.code: read_page(rule.page) for rule in RULES}
SHOWN = [rule for rule in RULES if rule.code not in WITHOUT_EXAMPLES]


def uses_of(example: Example) -> list[Use]:
    """The build and run-time settings of an example."""
    if example.sh is not None:
        source = Source("convert.sh", example.sh)
        found = read(SHELL, source, "")
        return [Use(build.build) for build in builds_of(found, "", "/", lambda *_: "/aipp.cfg", in_document=False)]
    if example.atc is None and example.runtime is None:
        return []
    words = ["atc", *shlex.split(example.atc or "")]
    options, words_ = options_of_command(words, 1), words_of_command(words, 1)
    complete = example.atc is not None
    build = Build(options, complete=complete, words=words_ if complete else (), model=model_of(example))
    runtime = None if example.runtime is None else runtime_of_mapping(json.loads(example.runtime))
    return [Use(build, runtime)]


def model_of(example: Example) -> Model | None:
    """The model of an example: its name; ``input: TYPE 1x3xHxW``, ``output NAME: OPERATOR``, ``unreadable: WHY``."""
    if example.model is None:
        return None
    path, *lines = example.model.splitlines()
    told = [line.split(": ", 1) for line in lines]
    why = next((what for name, what in told if name == "unreadable"), "")
    loose = tuple(Loose(name.removeprefix("output "), what) for name, what in told if name.startswith("output "))
    inputs = tuple(
        Input(name, dtype, tuple(int(dim) if dim.isdigit() else dim for dim in dims.split("x")))
        for name, (dtype, dims) in ((name, what.split()) for name, what in told if len(what.split()) == 2)
    )
    names = frozenset(one.name for one in inputs)
    return Model(path, ONNX, why, inputs, names, loose, trouble=POINTER if why else "", size=1000)


def training_of(example: Example) -> Training | None:
    """The training code of an example."""
    return None if example.python is None else Training(tuple(read_code(Source("src/dataset.py", example.python))))


def feeding_of(example: Example) -> Feeding | None:
    """What the program of an example feeds."""
    return None if example.cpp is None else Feeding(tuple(map(Program, read_program(Source("infer.cpp", example.cpp)))))


def source_of(example: Example) -> Source | None:
    return None if example.config is None else Source("aipp.cfg", example.config)


def marked_text(example: Example) -> str:
    """The text in which a line is marked."""
    return example.config or example.sh or example.ini or ""


def findings_of(example: Example, source: Source | None, rules: Sequence[Rule] = RULES) -> tuple[Finding, ...]:
    tool = None if example.ini is None else tool_settings(read_ini(Source("aipp.ini", example.ini)))
    training, feeding = training_of(example), feeding_of(example)
    return lint_source(source, uses_of(example), rules, tool=tool, training=training, feeding=feeding).findings


def by_code(rules: Sequence[Rule]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("rule", rules, ids=lambda rule: rule.code)


def test_codes_are_unique_and_in_order() -> None:
    codes = [rule.code for rule in RULES]

    assert codes == sorted(set(codes))
    assert all(re.fullmatch(r"AIPP\d{3}", code) for code in codes)


def test_names_are_unique_and_in_the_form_of_the_catalogue() -> None:
    names = [rule.name for rule in RULES]

    assert len(names) == len(set(names))
    assert [name for name in names if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name)] == []


@by_code(RULES)
def test_page_is_complete(rule: Rule) -> None:
    page = PAGES[rule.code]

    assert tuple(page.sections) == HEADINGS
    assert page.summary.endswith("."), "the summary is one sentence"
    assert not re.search(r"\.\s+[A-Z]", page.summary), "the summary is one sentence"
    assert page.why, "the page says why it matters"
    assert all(page.sections.values())
    assert rule.check.__name__ == rule.name.replace("-", "_")


GIVEN = {
    "tree": "Tree",
    "config": "Config",
    "op": "AippOp",
    "release": "Release",
    "build": "Build",
    "runtime": "Runtime",
    "tool": "ToolSettings",
    "training": "Training",
    "feeding": "Feeding",
    # Housekeeping is called by whoever knows of a failure, with what it is about.
    "source": "Source",
    "place": "Place",
    "path": "str",
    "reason": "str",
    "size": "int",
    "left_out": "int",
    "error": "Exception",
    "rule": "Rule | None",
    "every": "Sequence[Rule]",
    "unused": "Sequence[tuple[Suppression, SuppressedCode]]",
    "unknown": "Sequence[SuppressedCode]",
}
"""The type of everything that a rule can ask for, by the name of the parameter."""


@by_code(RULES)
def test_a_rule_asks_for_what_it_is_given(rule: Rule) -> None:
    """No type checker sees the call of a rule."""
    told = {name: str(parameter.annotation) for name, parameter in signature(rule.check).parameters.items()}
    optional = set(rule.wants) - set(rule.needs)

    assert told == {name: GIVEN[name] + (" | None" if name in optional else "") for name in rule.wants}


@by_code(RULES)
def test_page_has_examples(rule: Rule) -> None:
    page = PAGES[rule.code]

    assert page.wrong.runs == page.right.runs == (rule.code not in WITHOUT_EXAMPLES)
    assert not page.right.line


@by_code(SHOWN)
def test_wrong_example_fires_once_at_its_mark(rule: Rule) -> None:
    wrong = PAGES[rule.code].wrong
    source = source_of(wrong)
    own = [finding for finding in findings_of(wrong, source) if finding.code == rule.code]

    assert len(own) == 1, own
    place = own[0].place
    if wrong.line:
        assert place.source.text == marked_text(wrong)
        assert place.source.position(place.span.start).line == wrong.line
    elif wrong.config:
        assert place.source is not source, "the finding is in the configuration, so its line wants a mark"


@by_code(SHOWN)
def test_wrong_example_reports_what_is_stored(rule: Rule, pytestconfig: pytest.Config) -> None:
    wrong, out = PAGES[rule.code].wrong, FOLDER / f"{rule.code}.out"
    lines = shown(findings_of(wrong, source_of(wrong)), "aipp.cfg")
    if pytestconfig.getoption("update_cases"):
        write_lines(out, lines)

    assert lines == read_lines(out)


def test_every_stored_report_has_its_rule() -> None:
    assert {path.stem for path in FOLDER.glob("*.out")} == {rule.code for rule in SHOWN}


@by_code(SHOWN)
def test_right_example_is_silent(rule: Rule) -> None:
    right = PAGES[rule.code].right
    findings = findings_of(right, source_of(right))

    assert [f for f in findings if f.code == rule.code or f.severity is Severity.ERROR] == []


@by_code(SHOWN)
def test_wrong_example_is_silent_when_ignored(rule: Rule) -> None:
    wrong = PAGES[rule.code].wrong
    source = source_of(wrong)
    if wrong.line and source is not None:
        text = source.text + f"\n# aipplint: ignore-file[{rule.code}] as a test\n"
        findings = findings_of(wrong, Source("aipp.cfg", text))
        codes = [finding.code for finding in findings]
        if rule.code != "AIPP901":
            assert "AIPP901" not in codes, "the comment is not unused"
    else:
        codes = [f.code for f in findings_of(wrong, source, [other for other in RULES if other is not rule])]

    assert rule.code not in codes


def has_fix(rule: Rule) -> bool:
    wrong = PAGES[rule.code].wrong
    return any(finding.fix for finding in findings_of(wrong, source_of(wrong)) if finding.code == rule.code)


@by_code([rule for rule in SHOWN if has_fix(rule)])
def test_fixed_wrong_example_is_silent(rule: Rule) -> None:
    wrong = PAGES[rule.code].wrong
    source = source_of(wrong)
    own = next(finding for finding in findings_of(wrong, source) if finding.code == rule.code)
    if source is not None and own.place.source is source:
        fixed = fix_source(source, lambda mended: findings_of(wrong, mended), unsafe=True)
        assert fixed.made > 0
        after = fixed.findings
    else:
        assert own.fix is not None
        mended = apply(own.place.source.text, [own.fix])
        if wrong.sh or wrong.ini:
            changed = wrong._replace(sh=wrong.sh and mended, ini=wrong.ini and mended)
        else:
            changed = wrong._replace(atc=mended.removeprefix("atc "))
        after = findings_of(changed, source)

    assert rule.code not in [finding.code for finding in after]


@by_code(RULES)
def test_messages_are_templates_in_the_form_of_the_house(rule: Rule) -> None:
    wrong = PAGES[rule.code].wrong
    for finding in findings_of(wrong, source_of(wrong)):
        assert finding.message == finding.message.strip()
        assert "\n" not in finding.message
        assert not finding.message.endswith(".")
        assert not re.match(r"[A-Z][a-z]+ ", finding.message), "a message starts in lower case"
