"""INI files: the benchmark tool's settings and MindSpore Lite's, read as Python's ConfigParser reads them."""

from __future__ import annotations

import configparser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aipplint.readers import ini, languages
from aipplint.readers.benchmark_ini import settings_of, tool_settings
from aipplint.readers.ini import is_ini, read_ini
from aipplint.readers.mindspore_lite import declared_build
from aipplint.source import Source

_ERRORS = {
    configparser.MissingSectionHeaderError: ini.MISSING_HEADER,
    configparser.DuplicateSectionError: ini.SECTION_TWICE,
    configparser.DuplicateOptionError: ini.KEY_TWICE,
    configparser.ParsingError: ini.NO_SEPARATOR,
}
_PIECES = ["[a]", "[aipp_op]", "k", "kk", "=", ":", " ", "    ", "\n", "\n", "\n", "\t", "# c", "; c", "v", "1", "\r\n"]


def verdict(text: str) -> str | dict[str, dict[str, str]]:
    """What ConfigParser makes of a text: its values, or the kind of its first complaint."""
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read_string(text)
    except configparser.Error as error:
        return next(kind for of, kind in _ERRORS.items() if type(error) is of)
    return {name: {key: " ".join(value.split()) for key, value in parser.items(name)} for name in parser.sections()}


@given(st.lists(st.sampled_from(_PIECES), max_size=16).map("".join))
def test_reads_as_config_parser_does(text: str) -> None:
    # A key of no letters is one for ConfigParser, and none here.
    read, expected = read_ini(Source("x.ini", text)), verdict(text)
    faults = [fault.kind for fault in read.faults]
    if isinstance(expected, str):
        assert expected in faults or ini.NO_SEPARATOR in faults
    elif ini.NO_SEPARATOR not in faults:
        assert not faults
        assert expected == {
            section.name: {entry.key: " ".join(entry.value.split()) for entry in section.entries}
            for section in read.sections
        }


@given(st.text(st.sampled_from("[]a=: \n\t#;\r\ufeff\udc80中")))
def test_never_raises_and_places_lie_in_the_text(text: str) -> None:
    read = read_ini(Source("x.ini", text))
    places = [fault.place for fault in read.faults]
    for section in read.sections:
        places += [section.head, *(p for entry in section.entries for p in (entry.key_place, entry.value_place))]

    assert all(0 <= place.span.start <= place.span.end <= len(text) for place in places)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[aipp_op]\nx = 1\n", True),
        ("# a comment\n\n  [aipp_op]\n", True),
        ("\ufeff[aipp_op]\n", True),
        ("aipp_op {\n  # [aipp_op]\n}\n", False),
        ("", False),
        ("[1, 2,\n3]", False),
    ],
)
def test_what_begins_with_a_section(text: str, *, expected: bool) -> None:
    assert is_ini(text) is expected


def test_settings_of_the_benchmark_tool_become_run_time_settings() -> None:
    text = """\
[aipp_op]
input_format : RGB888_U8
src_image_size_w : 256
src_image_size_h : 240
crop : 1
load_start_pos_w : 16
crop_size_w : 224
crop_size_h : 224
padding : 0
top_padding_size : 3
csc_switch : 1
matrix_r0c0 : 99999
min_chn_0 : 123.675
var_reci_chn_0 : 0.017
"""
    settings = settings_of(tool_settings(read_ini(Source("aipp.ini", text))))

    assert settings is not None
    runtime = settings.runtime
    assert runtime.values == {
        "input_format": "RGB888_U8",
        "src_image_size_w": 256,
        "src_image_size_h": 240,
        "crop": {"load_start_pos_w": 16, "crop_size_w": 224, "crop_size_h": 224},
        "csc_switch": True,
        "min_chn_0": 123.675,
        "var_reci_chn_0": 0.017,
    }
    place = runtime.place("crop", "crop_size_h")
    assert place.source.position(place.span.start) == (8, 15)
    assert runtime.place("mean_chn_0") == settings.head


@pytest.mark.parametrize(
    ("text", "options"),
    [
        (
            (
                "[ascend_context]\ninput_format=NHWC\ninput_shape=in:[1,-1,-1,3]\ndynamic_dims=[224,224],[448,448]\n"
                "insert_op_config_file_path=./aipp.cfg\n"
            ),
            {
                "input_format": "NHWC",
                "input_shape": "in:1,-1,-1,3",
                "dynamic_image_size": "224,224;448,448",
                "insert_op_conf": "./aipp.cfg",
            },
        ),
        (
            (
                "[ascend_context]\ninput_format=NCHW\ninput_shape=a:[-1,3,8,8]\ndynamic_dims=[1],[2], [4]\n"
                "insert_op_config_file_path=a.cfg\n"
            ),
            {
                "input_format": "NCHW",
                "input_shape": "a:-1,3,8,8",
                "dynamic_batch_size": "1,2,4",
                "insert_op_conf": "a.cfg",
            },
        ),
        (
            # Of two inputs, or without a layout, it is not clear which option of ATC this would be.
            "[ascend_context]\ninput_shape=a:[-1,-1,8,8]\ndynamic_dims=[1,2],[3,4]\ninsert_op_config_file_path=a.cfg\n",
            {"input_shape": "a:-1,-1,8,8", "insert_op_conf": "a.cfg"},
        ),
        (
            (
                '[acl_option_cfg_param]\ninput_format="NCHW"\ndynamic_image_size="96,96;32,32"\n'
                "insert_op_config_file_path=aipp.cfg\n"
            ),
            {"input_format": "NCHW", "dynamic_image_size": "96,96;32,32", "insert_op_conf": "aipp.cfg"},
        ),
        (
            "[acl_build_options]\nge.dynamicBatchSize=1,2\nge.inserOpFile=aipp.cfg\n[acl_init_options]\nge.socVersion=Ascend310P3\n",
            {"dynamic_batch_size": "1,2", "insert_op_conf": "aipp.cfg", "soc_version": "Ascend310P3"},
        ),
    ],
)
def test_a_build_of_mindspore_lite(text: str, options: dict[str, str]) -> None:
    declared = declared_build(read_ini(Source("convert.ini", text)))

    assert declared is not None
    assert {option.name: option.value for option in declared.options} == options
    assert languages.read(languages.INI, Source("convert.ini", text), "/x/convert.ini").declared


def test_an_ini_file_of_somebody_else_says_nothing() -> None:
    assert not languages.read(languages.INI, Source("x.ini", "[ascend_context]\ninput_format=NCHW\n"), "/x.ini")
    assert not languages.read(languages.INI, Source("x.ini", "[metadata]\nname = aipp\n"), "/x.ini")
