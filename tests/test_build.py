"""The build: options as typed values."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aipplint.atc.build import Build
from aipplint.atc.options import Option, options_of_mapping
from aipplint.atc.shapes import InputShape, Range
from aipplint.atc.tokens import cut, number
from aipplint.config.config import read_config
from aipplint.config.op import AippOp
from aipplint.findings import Place
from aipplint.hardware.formats import image_bytes
from aipplint.hardware.products import product_of
from aipplint.hardware.size import Size, ties
from aipplint.source import Source, Span
from aipplint.syntax.parser import parse


def build(**options: str) -> Build:
    return Build(options_of_mapping(options), complete=True)


def part_of_a_build(**options: str) -> Build:
    return Build(options_of_mapping(options))


def shapes(**options: str) -> tuple[InputShape, ...]:
    found = build(**options).shapes
    assert found is not None
    return found


def op(fields: str = "") -> AippOp:
    source = Source("aipp.cfg", f"aipp_op {{ aipp_mode: static {fields} }}")
    return read_config(source, parse(source)).ops[0]


def values(shape: InputShape) -> list[Any]:
    return [dim.value for dim in shape.dims]


def test_shapes_in_the_order_written() -> None:
    data, info, scalar = shapes(input_shape="data:8,3,-1,-1; x:0 : 1 , 4;s:")
    assert (data.name, values(data), data.rank) == ("data", [8, 3, -1, -1], 4)
    assert (info.name, values(info)) == ("x:0", [1, 4])
    assert (scalar.name, scalar.dims, scalar.rank) == ("s", (), 0)
    assert data.dynamic_dims == (2, 3)


def test_every_piece_knows_its_place() -> None:
    value = "data:8, 3 ,1~20;b: 4"
    option = build(input_shape=value).option("input_shape")
    data, other = shapes(input_shape=value)
    assert option is not None
    pieces = [dim.span for shape in (data, other) for dim in shape.dims] + [data.name_span, other.span]
    assert [value[start:end] for start, end in pieces] == ["8", "3", "1~20", "4", "data", "b: 4"]
    place = option.part(*data.dims[2].span)
    assert place.source.text[place.span.start : place.span.end] == "1~20"


def test_ranges() -> None:
    (data,) = shapes(input_shape="data:1~10,3,-1,0~5")
    assert values(data) == [Range(1, 10), 3, -1, Range(0, 5)]
    first, second = shapes(input_shape_range="[1~10, 3],[-1]", input_shape="ignored")
    assert (values(first), values(second)) == ([Range(1, 10), 3], [-1])
    (named,) = shapes(input_shape_range="a:b:[1~10,3]")
    assert (named.name, values(named)) == ("a:b", [Range(1, 10), 3])


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"framework": "5", "input_shape": "d:8,3,10,20"}, (8, 3, 10, 20)),
        ({"framework": "3", "input_shape": "d:8,10,20,3"}, (8, 3, 10, 20)),
        ({"input_format": "NHWC", "input_shape": "d:10,20,3"}, (1, 3, 10, 20)),
        ({"input_format": "NCHW", "input_shape": "d:3,10,20"}, (1, 3, 10, 20)),
        ({"framework": "5", "input_shape": "d:8,3,-1,1~20"}, (8, 3, None, None)),
        ({"framework": "5", "input_format": "ND", "input_shape": "d:8,3,10,20"}, (None,) * 4),
        ({"input_shape": "d:8,3,10,20"}, (None,) * 4),
        ({"framework": "5", "input_shape": "d:8,3"}, (None,) * 4),
    ],
    ids=str,
)
def test_axes(options: dict[str, str], expected: tuple[int | None, ...]) -> None:
    (shape,) = shapes(**options)
    assert (shape.batch, shape.channels, shape.height, shape.width) == expected


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"input_shape": ""},
        {"input_shape": "data"},
        {"input_shape": "data:1,x"},
        {"input_shape": "data:0x10"},
        {"input_shape": "data:1~10", "dynamic_image_size": "1,2;3,4"},
        {"input_shape_range": "data:1,2"},
    ],
    ids=str,
)
def test_shapes_that_cannot_be_known(options: dict[str, str]) -> None:
    assert build(**options).shapes is None


def test_single_values() -> None:
    known = build(framework="3", soc_version="Ascend310P3", enable_small_channel="1", output_type="FP16")
    assert (known.framework, known.input_format, known.soc_version) == (3, "NHWC", "Ascend310P3")
    assert (known.enable_small_channel, known.output_type) == (True, "FP16")
    assert build(framework="0").input_format == "NCHW"
    assert build(framework="0", input_format="ND").input_format == "ND"
    assert build(framework="7").framework is None
    assert build(framework="five").framework is None
    assert build().input_format is None


def test_absence_counts_only_in_a_complete_build() -> None:
    assert build().enable_small_channel is False
    assert build().input_fp16_nodes == ()
    assert part_of_a_build().enable_small_channel is None
    assert part_of_a_build().input_fp16_nodes is None
    assert part_of_a_build(enable_small_channel="").enable_small_channel is False


def test_names() -> None:
    nodes = build(input_fp16_nodes="data;x:0").input_fp16_nodes
    assert nodes is not None
    assert [tuple(node) for node in nodes] == [("data", 0, 4), ("x:0", 5, 8)]


def test_the_option_in_force() -> None:
    assert build(dynamic_image_size="1,2;3,4").dynamic == "dynamic_image_size"
    assert build(dynamic_image_size="", dynamic_batch_size="1,2").dynamic == "dynamic_batch_size"
    assert build(dynamic_image_size="1,2;3,4", dynamic_batch_size="1,2").dynamic is None
    assert build(dynamic_image_size="1,2;3,4", input_shape_range="a:[1]").dynamic is None
    hidden = Option("dynamic_dims", None, Place(Source("run.sh", "$X"), Span(0, 2)))
    options = options_of_mapping({"dynamic_image_size": "1,2;3,4"}) | {"dynamic_dims": hidden}
    assert Build(options).dynamic is None


def test_profiles_with_a_missing_number_are_left_out() -> None:
    found = build(dynamic_image_size="8,16;4,").profiles("dynamic_image_size")
    assert found is not None
    assert [profile.numbers for profile in found.items] == [(8, 16)]
    assert [flaw.code for flaw in found.flaws] == ["E10037"]


def test_profiles() -> None:
    assert build(dynamic_image_size="416,832;32,32;").image_sizes == (Size(416, 832), Size(32, 32))
    assert build(dynamic_batch_size="1,,8").batch_sizes == (1, 8)
    assert build(dynamic_image_size="416,832;x").image_sizes is None
    assert build(dynamic_image_size="").image_sizes is None


def test_the_largest_profile_is_the_first_of_those_with_most_pixels() -> None:
    tied = build(dynamic_image_size="32,32;416,832;832,416;416,832;600,500")
    assert tied.largest_image_size == Size(416, 832)
    assert ties(tied.image_sizes or ()) == (Size(832, 416),)
    assert ties(build(dynamic_image_size="32,32;416,416").image_sizes or ()) == ()
    assert build().largest_image_size is None


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (
            {"input_shape": "data:8,3,-1,-1;img_info:8,4,-1,-1", "dynamic_image_size": "416,416;832,832"},
            [
                "Profile 0: data(8,3,416,416) + img_info(8,4,416,416)",
                "Profile 1: data(8,3,832,832) + img_info(8,4,832,832)",
            ],
        ),
        (
            {"input_shape": "data:-1,3,224,224;info:1,10", "dynamic_batch_size": "1,8"},
            ["Profile 0: data(1,3,224,224) + info(1,10)", "Profile 1: data(8,3,224,224) + info(1,10)"],
        ),
        (
            {"input_shape": "a:1,-1;b:-1,2,-1;s:", "dynamic_dims": "1,2,3;4,5,6"},
            ["Profile 0: a(1,1) + b(2,2,3) + s()", "Profile 1: a(1,4) + b(5,2,6) + s()"],
        ),
        ({"input_shape": "a:1,-1,-1;b:-1,2,-1", "dynamic_dims": "1;4"}, []),
        ({"input_shape": "a:1,2", "dynamic_dims": ""}, []),
        ({"dynamic_image_size": "416,416;832,832"}, []),
    ],
    ids=str,
)
def test_expanded_profiles(options: dict[str, str], expected: list[str]) -> None:
    assert [str(profile) for profile in build(**options).expanded_profiles] == expected


def test_the_input_of_an_operator() -> None:
    known = build(input_shape="a:1,3,4,4;b:1,3,8,8")
    by_default, by_rank, by_name = (
        known.input_of(op(fields)) for fields in ("", "related_input_rank: 1", 'related_input_name: "b"')
    )
    assert by_default is not None
    assert by_rank is not None
    assert by_name is not None
    assert [by_default.name, by_rank.name, by_name.name] == ["a", "b", "b"]
    assert known.input_of(op("related_input_rank: 2")) is None
    assert known.input_of(op('related_input_name: "c"')) is None
    assert known.input_of(op("related_input_rank: x")) is None
    assert build().input_of(op()) is None


@pytest.mark.parametrize(
    ("soc", "short"),
    [
        ("Ascend310", "Ascend310"),
        ("Ascend310P3", "Ascend310P"),
        ("Ascend310B4", "Ascend310B"),
        ("Ascend910A", "Ascend910"),
        ("Ascend910B", "Ascend910"),
        ("Ascend910ProB", "Ascend910"),
        ("Ascend910B2C", "Ascend910B"),
        ("Ascend910_9391", "Ascend910_93"),
        ("Ascend950PR_9599", "Ascend950"),
        ("Ascend610Lite", "Ascend610Lite"),
        ("SD3403", "SD3403"),
        ("ascend310", None),
        (None, None),
    ],
)
def test_products(soc: str | None, short: str | None) -> None:
    found = product_of(soc)
    assert (found and found.short) == short


def test_image_bytes() -> None:
    pixels = 4 * 6
    sizes = [image_bytes(name, pixels) for name in ("YUV400_U8", "YUV420SP_U8", "RGB888_U8", "XRGB8888_U8", "RGB20")]
    assert sizes == [24, 36, 72, 96, None]


def test_numbers_are_capped_like_strtol() -> None:
    assert [number(word) for word in ("", "0", "007", "9" * 18, "1" * 30, "-1", "1 ", "１")] == [
        *(None, 0, 7, 10**18 - 1, 2**63 - 1, None, None, None)
    ]


@given(st.text(",;:~ 1-x\n[]"))
def test_nothing_is_lost_in_cutting(value: str) -> None:
    for grammar in ("input_shape", "profiles", "names"):
        assert _joined(cut(grammar, value)) == value


def _joined(nested: list[Any]) -> str:
    parts = []
    for index, element in enumerate(nested):
        if isinstance(element, list):
            parts.append(_joined(element))
        else:
            parts.append(element.text if index % 2 else element.raw)
    return "".join(parts)
