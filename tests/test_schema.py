"""The schemas are sound, the generated checks agree with jsonschema, and the fields are those of the compiler."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from aipplint.schema.fields import table
from aipplint.schema.literals import Misfit
from aipplint.schema.spec import OP, ROOT
from aipplint.schema.validate import conforms, explain, validator, violations

FOLDER = Path(__file__).parent.parent / "schemas"
SCHEMAS = {
    path.name.removesuffix(".schema.json"): json.loads(path.read_text("utf-8")) for path in FOLDER.glob("*.json")
}
EVERY = pytest.mark.parametrize("name", sorted(SCHEMAS))


@EVERY
def test_schema_is_valid(name: str) -> None:
    schema = SCHEMAS[name]

    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator.check_schema(schema)


ODD: list[Any] = [
    None,
    True,
    False,
    0,
    1,
    -1,
    2,
    1.0,
    0.5,
    -0.0,
    2**31,
    -(2**31) - 1,
    2**32,
    math.nan,
    math.inf,
    1e300,
    "",
    "x",
    "static",
]
ODD += [[], {}, [1], {"x": 1}, Misfit(literal="x")]


def instances(schema: dict[str, Any], root: dict[str, Any], depth: int = 0) -> st.SearchStrategy[Any]:
    """Instances near a schema: parts that fit, with odd ones between them."""
    odd = st.sampled_from(ODD)
    if "$ref" in schema:
        part: Any = root
        for step in schema["$ref"].removeprefix("#/").split("/"):
            part = part[step]
        return instances(part, root, depth + 1)
    if "anyOf" in schema:
        return st.one_of([instances(part, root, depth + 1) for part in schema["anyOf"]])
    if "enum" in schema:
        return st.sampled_from([*schema["enum"], "?", 1])
    if "const" in schema:
        return st.sampled_from([schema["const"], "?"])
    kind = schema.get("type")
    if kind == "array" and depth < 8:
        return st.lists(instances(schema.get("items", {}), root, depth + 1), max_size=3) | odd
    if kind == "object" and depth < 8:
        return objects(schema, root, depth) | odd
    low, high = schema.get("minimum", -300), schema.get("maximum", 300)
    simple: dict[Any, st.SearchStrategy[Any]] = {
        "integer": st.integers(low - 1, high + 1) | st.integers(low - 1, high + 1).map(float),
        "number": st.floats(low - 1, high + 1) | st.sampled_from([low, high]),
        "string": st.text(max_size=3) | st.sampled_from(schema.get("examples", ["x"])),
        "boolean": st.booleans(),
    }
    return st.one_of([simple[kind]] * 6 + [odd]) if kind in simple else odd


def objects(schema: dict[str, Any], root: dict[str, Any], depth: int) -> st.SearchStrategy[Any]:
    properties = {key: instances(part, root, depth + 1) for key, part in schema.get("properties", {}).items()}
    needed = {key: properties.pop(key) for key in schema.get("required", []) if key in properties}
    rest = schema.get("additionalProperties", True)
    extra = instances(rest, root, depth + 1) if isinstance(rest, dict) else st.sampled_from(ODD)
    most = list(properties)

    def chosen(keys: list[str]) -> st.SearchStrategy[Any]:
        return st.fixed_dictionaries({**needed, **{key: properties[key] for key in keys}})

    right = st.lists(st.sampled_from(most), max_size=4, unique=True).flatmap(chosen) if most else chosen([])
    more = st.dictionaries(st.sampled_from(["x", "", "aipp_op", "crop"]), extra, max_size=1)
    without = st.builds(
        lambda value, key: {k: v for k, v in value.items() if k != key}, right, st.sampled_from([*needed, ""])
    )
    return st.one_of(right, right, right, st.builds(lambda a, b: {**b, **a}, right, more), without)


def agree(name: str, instance: Any) -> None:
    right = validator(name).is_valid(instance)

    assert conforms(name)(instance) is right
    assert (violations(name, instance) == []) is right
    assert (explain(name, instance) == []) is right


@EVERY
def test_generated_check_agrees_with_jsonschema(name: str) -> None:
    @settings(max_examples=250)
    @given(instances(SCHEMAS[name], SCHEMAS[name]))
    def check(instance: Any) -> None:
        agree(name, instance)

    check()


@EVERY
def test_generated_check_agrees_on_odd_values(name: str) -> None:
    for value in ODD:
        agree(name, value)
        for key in [*SCHEMAS[name].get("properties", {}), "x"]:
            agree(name, {key: value})
            agree(name, {key: [value, value]})
            agree(name, {key: [{inner: value} for inner in ("crop", "var_reci_chn_0", "config", "height", "x")]})


# The table of fields (fact K2), in the order of the field numbers: a number, a type ("*" for repeated), the names.

FIELDS = """
1 AippMode aipp_mode | 2 uint32 related_input_rank | 3 uint32* input_edge_idx | 4 uint32 max_src_image_size
5 bool support_rotation | 6 string related_input_name
10 int32 mean_chn_0 mean_chn_1 mean_chn_2 | 13 float min_chn_0 min_chn_1 min_chn_2
16 float* var_reci_chn_0 var_reci_chn_1 var_reci_chn_2 | 19 int32 mean_chn_3 | 20 float min_chn_3
21 float* var_reci_chn_3
30 int32* matrix_r0c0 matrix_r0c1 matrix_r0c2 matrix_r1c0 matrix_r1c1 matrix_r1c2 matrix_r2c0 matrix_r2c1 matrix_r2c2
39 int32* output_bias_0 output_bias_1 output_bias_2 input_bias_0 input_bias_1 input_bias_2
45 uint32 raw_rgbir_to_f16_n
51 InputFormat input_format | 52 bool csc_switch | 53 float cpadding_value
54 bool rbuv_swap_switch ax_swap_switch single_line_mode | 57 int32 src_image_size_w src_image_size_h | 59 bool crop
60 int32 load_start_pos_w load_start_pos_h crop_size_w crop_size_h | 64 bool resize
65 int32 resize_output_w resize_output_h
67 bool padding | 68 int32 left_padding_size right_padding_size top_padding_size bottom_padding_size
72 float padding_value
"""
FORMATS = """UNDEFINED YUV420SP_U8 XRGB8888_U8 RGB888_U8 YUV400_U8 NC1HWC0DI_FP16 NC1HWC0DI_S8 ARGB8888_U8 YUYV_U8
YUV422SP_U8 AYUV444_U8 RAW10 RAW12 RAW16 RAW24 RGB16 RGB20 RGB24 RGB8_IR RGB16_IR RGB24_IR"""


def fields_of_the_compiler() -> dict[str, tuple[int, str, bool]]:
    found = {}
    for group in FIELDS.replace("\n", "|").split("|"):
        if group.strip():
            number, kind, *names = group.split()
            for offset, name in enumerate(names):
                found[name] = (int(number) + offset, kind.rstrip("*"), kind.endswith("*"))
    return found


def test_fields_are_those_of_the_compiler() -> None:
    ours = {spec.name: (spec.number, spec.proto, spec.repeated) for spec in table().messages[OP].values()}

    assert ours == fields_of_the_compiler()


def test_the_other_messages_are_those_of_the_compiler() -> None:
    messages = {
        message: {spec.name: (spec.number, spec.proto, spec.repeated) for spec in specs.values()}
        for message, specs in table().messages.items()
    }

    assert messages[ROOT] == {"aipp_op": (1, OP, True), "multi_shape_op": (2, "MultiShapeOpParams", True)}
    assert messages["MultiShapeOpParams"] == {
        "mode": (1, "MultiShapeMode", False),
        "related_input_rank": (2, "uint32", False),
        "batch_list": (11, "uint32", True),
    }


def test_enums_are_those_of_the_compiler() -> None:
    assert table().enums["AippMode"] == ("undefined", "static", "dynamic")
    assert table().enums["MultiShapeMode"] == ("batch", "resolution")
    assert table().enums["InputFormat"] == tuple(FORMATS.split())
