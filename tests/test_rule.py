"""``aipplint rule``: by code, by words, and for programs."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from aipplint.cli import main
from aipplint.resources import schema_text
from aipplint.rules import RULES

Captured = pytest.CaptureFixture[str]


def told(capsys: Captured, *words: str) -> str:
    """What the command prints."""
    assert main(["rule", *words]) == 0
    return capsys.readouterr().out


def document(capsys: Captured, *words: str) -> Any:
    """The same as JSON."""
    return json.loads(told(capsys, "--output-format=json", *words))


def codes(text: str) -> list[str]:
    """The codes at the beginning of lines."""
    return [line[:7] for line in text.splitlines() if line.startswith("AIPP")]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("source-size", "AIPP303"),
        ("Source Size", "AIPP303"),
        ("dynamic image", "AIPP702"),
        ("csc", "AIPP401"),
        ("max_src_image_size", "AIPP707"),
        ("nv12", "AIPP302"),
    ],
)
def test_words_find_rules(words: str, code: str, capsys: Captured) -> None:
    assert code in codes(told(capsys, words))


@pytest.mark.parametrize(
    ("one", "other"), [("colour", "color"), ("normalisation", "Normalization"), ("NV21", "YUV420SP")]
)
def test_both_ways_to_spell_a_word_find_the_same(one: str, other: str, capsys: Captured) -> None:
    assert told(capsys, one) == told(capsys, other)


def test_rules_that_say_it_in_their_pages_come_last(capsys: Captured) -> None:
    first, _, last = told(capsys, "colour").rpartition("also in the pages of ")
    assert codes(first)
    assert last.split()
    assert not set(codes(first)) & set(last.split())


def test_what_stands_only_in_examples_is_not_found(capsys: Captured) -> None:
    """Nearly every example has an aipp_op."""
    assert len(told(capsys, "RGB888_U8").split()) < len(RULES)


def test_a_name_that_is_nearly_right_is_suggested(capsys: Captured) -> None:
    assert main(["rule", "unkown-field"]) == 2
    assert "did you mean 'unknown-field'?" in capsys.readouterr().err


def test_the_json_form_keeps_its_schema_and_has_every_rule(capsys: Captured) -> None:
    found = document(capsys)
    jsonschema.validate(found, json.loads(schema_text("rules")))
    assert [rule["code"] for rule in found["rules"]] == sorted(rule.code for rule in RULES)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("AIPP702",), ["AIPP702"]),
        (("E10034",), ["AIPP615"]),
        (("E10056",), []),
        (("AIPP702", "source-size-with-dynamic-image-size"), ["AIPP702"]),
    ],
)
def test_the_json_form_has_what_was_asked_for(words: tuple[str, ...], expected: list[str], capsys: Captured) -> None:
    assert [rule["code"] for rule in document(capsys, *words)["rules"]] == expected


def test_a_rule_for_programs(capsys: Captured) -> None:
    (rule,) = document(capsys, "AIPP801")["rules"]
    assert (rule["name"], rule["severity"], rule["preview"]) == ("size-not-the-largest-profile", "error", False)
    assert (rule["atc_codes"], rule["calls"]) == ([], ["aclmdlSetInputAIPP"])
    assert rule["page"].startswith(rule["summary"][:20])
