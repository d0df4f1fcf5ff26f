"""The sentences of the rules: whole templates, each of which some page, case or conformance case shows."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from string import Formatter

import pytest

from aipplint.rules import RULES, wording
from aipplint.rules import rule as form
from tests import conformance, sentences, test_cases, test_rule_pages

SHOWN = ("by_product", "cross_check")
"""Modules of which every sentence is shown."""
MODULES = sentences.modules()
BY_MODULE = pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)


@BY_MODULE
def test_sentences_are_not_glued_from_parts(path: Path) -> None:
    assert list(sentences.glued(path)) == []


@BY_MODULE
def test_templates_name_their_values(path: Path) -> None:
    for line, sentence in sentences.sentences(path):
        names = [name for _, name, _, _ in Formatter().parse(sentence) if name is not None]
        assert all(name.isidentifier() for name in names), line


def test_every_sentence_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: set[str] = set()

    def recording(template: str, values: Mapping[str, object]) -> str:
        shown.add(template)
        return wording_render(template, values)

    wording_render = wording.render
    monkeypatch.setattr(wording, "render", recording)
    monkeypatch.setattr(form, "render", recording)
    for rule in RULES:
        page = test_rule_pages.PAGES[rule.code]
        for example in (page.wrong, page.right):
            test_rule_pages.findings_of(example, test_rule_pages.source_of(example))
    for path in test_cases.ERR:
        test_cases.findings(path)
    for case in conformance.read_cases(conformance.FOLDER / f"{kind}.jsonl" for kind in conformance.KINDS):
        conformance.judge(case)

    unseen = {
        (path.name, line, text)
        for path in MODULES
        if path.stem in SHOWN
        for line, text in sentences.sentences(path)
        if text not in shown
    }
    assert not unseen, "\n".join(f"{name}:{line}: {text}" for name, line, text in sorted(unseen))
