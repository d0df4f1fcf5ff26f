"""``aipplint field``: what the schema says, and which rules look at a field."""

from __future__ import annotations

import json

import pytest

from aipplint.cli import main
from aipplint.explain.fields import fields_of, names
from aipplint.rules import RULES
from aipplint.schema.fields import table
from aipplint.schema.spec import OP


def rules_of(name: str, capsys: pytest.CaptureFixture[str]) -> set[str]:
    assert main(["field", name, "--output-format=json"]) == 0
    (field,) = [one for one in json.loads(capsys.readouterr().out)["fields"] if one["message"] == OP]
    return {rule["code"] for rule in field["rules"]}


def test_a_page(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["field", "crop_size_w"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("crop_size_w (aipp_op, field 62)\n\nWidth of the crop")
    assert "type      whole number (int32)\n" in out
    assert "range     1 to 4096 pixels, or 0: the width of the model\n" in out
    assert "default   0\n" in out
    assert "mode      static AIPP\n" in out
    assert "  AIPP305  crop-outside-source " in out


def test_every_field_has_a_page_and_a_line_in_the_list(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["field"]) == 0
    listed = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in listed] == [name for _, name in names()]
    assert len(listed) == sum(map(len, table().messages.values()))
    for _, name in names():
        assert main(["field", name]) == 0
        assert f"{name} (" in capsys.readouterr().out


def test_fields_of_one_name_in_two_messages(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["field", "related_input_rank"]) == 0
    out = capsys.readouterr().out
    assert "(aipp_op, field 2)" in out
    assert "(multi_shape_op, field 2)" in out


def test_values_of_an_enum_and_what_is_reserved(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["field", "input_format", "cpadding_value"]) == 0
    out = capsys.readouterr().out
    assert "values    UNDEFINED, YUV420SP_U8, " in out
    assert "reserved  ATC does not pass it to the operator\n" in out


def test_the_list_in_json_holds_every_field_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["field", "--output-format=json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert sorted((one["message"], one["name"]) for one in document["fields"]) == sorted(names())


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("crop_siz_w", "did you mean 'crop_size_w'?"),
        ("Crop-Size-W", "did you mean 'crop_size_w'?"),
        ("rotation_angle", "AIPP has no field 'rotation_angle'"),
    ],
)
def test_no_such_field(wrong: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["field", wrong]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err


@pytest.mark.parametrize(
    ("name", "some", "none"),
    [
        ("crop_size_w", "AIPP112 AIPP305 AIPP307 AIPP311 AIPP704", "AIPP101 AIPP301 AIPP401"),
        ("load_start_pos_h", "AIPP112 AIPP305 AIPP306 AIPP310", "AIPP301 AIPP308"),
        ("crop", "AIPP305 AIPP310 AIPP701", "AIPP005 AIPP401"),
        ("padding", "AIPP308 AIPP701", "AIPP301"),
        ("bottom_padding_size", "AIPP308 AIPP310", "AIPP301 AIPP305"),
        ("src_image_size_h", "AIPP301 AIPP302 AIPP702", "AIPP106 AIPP108 AIPP308"),
        ("matrix_r2c1", "AIPP107 AIPP109 AIPP402 AIPP403", "AIPP305"),
        ("var_reci_chn_2", "AIPP107 AIPP109 AIPP501 AIPP504", "AIPP003"),
        ("mean_chn_1", "AIPP109 AIPP413 AIPP503", "AIPP504"),
        ("input_bias_2", "AIPP107 AIPP404 AIPP407", "AIPP504"),
        ("input_format", "AIPP104 AIPP202 AIPP411", "AIPP607 AIPP624"),
        ("aipp_mode", "AIPP105 AIPP201 AIPP212", "AIPP702"),
        ("related_input_rank", "AIPP206 AIPP208 AIPP211", "AIPP002"),
        ("max_src_image_size", "AIPP203 AIPP205 AIPP707 AIPP806", "AIPP103"),
        ("single_line_mode", "AIPP110", "AIPP201 AIPP204"),
        ("rbuv_swap_switch", "AIPP104 AIPP410", "AIPP201"),
    ],
)
def test_rules_about_a_field(name: str, some: str, none: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = rules_of(name, capsys)
    assert set(some.split()) <= found
    assert not set(none.split()) & found


def test_every_reserved_field_stands_on_the_page_of_its_rule() -> None:
    assert fields_of("AIPP110") == {name for name, spec in table().messages[OP].items() if spec.reserved}


def test_every_rule_about_operators_is_about_some_field() -> None:
    about = {rule.code: fields_of(rule.code) for rule in RULES if rule.code[4] in "2345" and "op" in rule.needs}
    assert about
    assert [code for code, found in about.items() if not found] == []
