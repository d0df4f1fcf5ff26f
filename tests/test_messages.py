"""The sentences of the rules: whole templates, each of which some page or case shows.

The files of ``cases/sentences`` show those that no page of a rule shows: each section has an example in the form of the
pages and what aipplint says of it. ``pytest --update-cases`` writes the latter.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from string import Formatter

import pytest

from aipplint.cli import main
from aipplint.rules import RULES, wording
from aipplint.rules import rule as form
from aipplint.rules.page import Page, read_page
from tests import conformance, sentences, test_cases, test_projects, test_rule_pages
from tests.shown import shown

FOLDER = Path(__file__).parent / "cases" / "sentences"
FILES = sorted(FOLDER.glob("*.md"))
_SAID = re.compile(r"```text\n.*?```\n*", re.DOTALL)
NO_EXAMPLE = {
    "command.py": ("aipplint does not know the option --{name}",),
    "config_file.py": ("missing file {path}", "missing file {path}, relative to the working directory"),
    "crop.py": ("the operator of this product does not check a crop without a size",),
    "housekeeping.py": (
        "the check of this file failed: {error}",
        "rule {code} ({name}) failed: {error}",
        "this is a bug in aipplint; please report it and attach the file",
        "cannot be read: {reason}",
        "{path} cannot be read: {reason}",
        "the file has {size} bytes and was not checked; the maximum is {limit}",
        "{count} commands, configurations or settings were not checked; the maximum is {limit} in one file",
        "the file was not checked; the maximum is {tokens} tokens and {ops} operators",
        "{count} commands, configurations or settings were not checked; the maximum is {limit} in one file",
    ),
    "related_inputs.py": (
        "its inputs are {blobs}",
        'related_input_name is "{name}"; no input layer of the model outputs it',
        "related_input_rank is {rank}; the model has {count} inputs, 0 to {last}",
        "related_input_rank is {rank}; the model has one input, 0",
    ),
    "model_file.py": (
        "{path} has {size} bytes; the maximum for a model is 2147483647",
        "{path} is not read: {why}",
        "the path of the model is {path}; ATC does not allow '{bad}' in it",
    ),
    "model_inputs.py": (
        "input {name} has unknown dimensions in the model; --input_shape does not include it",
        "--input_shape does not include {name}; with --{option} it must list all dynamic inputs",
    ),
    "options.py": (
        "--{option} has {length} characters and was not checked; the maximum is {longest}",
        "--{hint} and --{option} exclude each other; keep one of them",
    ),
    "whole_command.py": ("aipp_mode is dynamic, which {release} does not support with --mode=7",),
}
"""Sentences about models, missing files, mistakes of aipplint and huge inputs: their own tests show them."""
BY_MODULE = pytest.mark.parametrize("path", sentences.modules(), ids=lambda path: path.stem)


def said(section: str) -> list[str]:
    """The findings of an example with every sentence: message, help, fix and related locations."""
    example = Page("", "", {"Wrong": _SAID.sub("", section)}).wrong
    return shown(test_rule_pages.findings_of(example, test_rule_pages.source_of(example)), "aipp.cfg")


def sections(file: Path) -> dict[str, str]:
    """The sections of a file by their titles."""
    return read_page("\n\n" + file.read_bytes().decode("utf-8", "surrogateescape")).sections


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_examples_say_what_is_written(file: Path, pytestconfig: pytest.Config) -> None:
    given = sections(file)
    made = {title: _SAID.sub("", body).strip("\n") + _block(said(body)) for title, body in given.items()}
    if pytestconfig.getoption("update_cases"):
        text = "\n\n".join(f"## {title}\n{body}" for title, body in made.items())
        file.write_bytes(f"{text}\n".encode("utf-8", "surrogateescape"))

    assert made == {title: body.strip("\n") for title, body in sections(file).items()}
    assert [title for title, body in made.items() if not said(body)] == []


def _block(lines: list[str]) -> str:
    return "\n\n```text\n" + "".join(f"{line}\n" for line in lines) + "```"


@BY_MODULE
def test_sentences_are_not_glued_from_parts(path: Path) -> None:
    assert list(sentences.glued(path)) == []


@BY_MODULE
def test_templates_name_their_values(path: Path) -> None:
    for line, sentence in sentences.sentences(path):
        names = [name for _, name, _, _ in Formatter().parse(sentence) if name is not None]
        assert all(name.isidentifier() for name in names), line


def test_every_sentence_is_shown(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    shown: set[str] = set()
    render = wording.render

    def recording(template: str, values: Mapping[str, object]) -> str:
        shown.add(template)
        return render(template, values)

    monkeypatch.setattr(wording, "render", recording)
    monkeypatch.setattr(form, "render", recording)
    for rule in RULES:
        page = test_rule_pages.PAGES[rule.code]
        for example in (page.wrong, page.right):
            test_rule_pages.findings_of(example, test_rule_pages.source_of(example))
    for body in (body for file in FILES for body in sections(file).values()):
        said(body)
    for path in test_cases.ERR:
        test_cases.findings(path)
    for case in conformance.read_cases(conformance.FOLDER / f"{kind}.jsonl" for kind in conformance.KINDS):
        conformance.judge(case)
    for project in test_projects.CASES:
        monkeypatch.chdir(shutil.copytree(project / "repository", tmp_path / project.name))
        main(["check", "--quiet"])

    unseen = {
        (path.name, line, text)
        for path in sentences.modules()
        for line, text in sentences.sentences(path)
        if text not in shown and text not in NO_EXAMPLE.get(path.name, ())
    }
    written = {text for path in sentences.modules() for _, text in sentences.sentences(path)}
    assert {text for texts in NO_EXAMPLE.values() for text in texts} <= written
    assert not unseen, "\n".join(f"{name}:{line}: {text}" for name, line, text in sorted(unseen))
