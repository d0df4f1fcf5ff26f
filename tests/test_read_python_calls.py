"""Python code: which calls set dynamic AIPP, and what of their arguments can be known."""

from __future__ import annotations

import textwrap
from typing import Any

import pytest

from aipplint.findings import Place
from aipplint.readers.extract import Extract, Settings
from aipplint.readers.python.reader import read_python
from aipplint.source import Source


def read(code: str) -> Extract:
    """What code says that stands indented in a test."""
    return read_python(Source("infer.py", textwrap.dedent(code)), "infer.py")


def written(place: Place) -> str:
    """What stands at a place."""
    return place.source.text[place.span.start : place.span.end]


ALL_CALLS = """
    ret = acl.mdl.set_aipp_input_format(aipp, ACL_YUV420SP_U8)
    ret = acl.mdl.set_aipp_src_image_size(aipp, 832, 416)
    ret = acl.mdl.set_aipp_csc_params(aipp, 1, 256, 0, 359, 256, -88, -183, 256, 454, 0, 1, 2, 3, 0, 128, 129)
    ret = acl.mdl.set_aipp_rbuv_swap_switch(aipp, 0)
    ret = acl.mdl.set_aipp_ax_swap_switch(aipp, 1)
    ret = acl.mdl.set_aipp_crop_params(aipp, 1, 2, 4, 640, 320, 0)
    ret = acl.mdl.set_aipp_padding_params(aipp, 1, 5, 6, 7, 8, 0)
    ret = acl.mdl.set_aipp_scf_params(aipp, 0, 0, 0, 0, 0, 0)
    ret = acl.mdl.set_aipp_dtc_pixel_mean(aipp, 104, 117, 123, 0, 0)
    ret = acl.mdl.set_aipp_dtc_pixel_min(aipp, 0.5, 0, 0, 0, 0)
    ret = acl.mdl.set_aipp_pixel_var_reci(aipp, 1.0, 1 / 256, 1, 1, 0)
    ret = acl.mdl.set_dynamic_hw_size(model_id, dataset, index, 416, 832)
    ret = acl.mdl.set_dynamic_batch_size(model_id, dataset, index, 8)
    ret = acl.mdl.set_input_aipp(model_id, dataset, index, aipp)
"""


def the_settings(body: str, before: str = "") -> Settings:
    """The settings that calls on one set make in a function."""
    code = f"import acl\n{before}\ndef configure(self, given):\n    aipp = acl.mdl.create_aipp(1)\n{body}\n"
    (found,) = read_python(Source("infer.py", code), "infer.py").settings
    return found


def test_every_call_says_what_its_arguments_mean() -> None:
    found = the_settings(ALL_CALLS)
    values, runtime = found.runtime.values, found.runtime
    assert runtime.unknown == frozenset()
    assert values["input_format"] == "YUV420SP_U8"
    assert (values["src_image_size_w"], values["src_image_size_h"]) == (832, 416)
    assert values["dynamic_hw_size"] == {"height": 416, "width": 832}
    assert values["crop"] == {"load_start_pos_w": 2, "load_start_pos_h": 4, "crop_size_w": 640, "crop_size_h": 320}
    assert values["padding"] == {"top": 5, "bottom": 6, "left": 7, "right": 8}
    assert (values["output_bias_0"], values["input_bias_2"], values["matrix_r1c1"]) == (1, 129, -88)
    assert (values["min_chn_0"], values["var_reci_chn_1"], values["mean_chn_2"]) == (0.5, 1 / 256, 123)
    assert (values["csc_switch"], values["rbuv_swap_switch"], values["ax_swap_switch"]) == (True, False, True)
    assert "resize" not in values
    assert written(found.head) == "create_aipp"
    assert written(runtime.place("crop", "crop_size_h")) == "320"
    assert written(runtime.place("dynamic_hw_size")) == "set_dynamic_hw_size"


@pytest.mark.parametrize(
    ("before", "prefix"),
    [
        ("import acl", "acl.mdl."),
        ("import acl as a", "a.mdl."),
        ("import acl.mdl", "acl.mdl."),
        ("import acl.mdl as m", "m."),
        ("from acl import mdl", "mdl."),
        ("from acl import mdl as m", "m."),
        ("from acl.mdl import *\nfrom acl.mdl import set_aipp_src_image_size", ""),
        ("", "self.acl.mdl."),
    ],
)
def test_the_calls_are_known_under_the_names_that_imports_give_them(before: str, prefix: str) -> None:
    found = read(f"{before}\n{prefix}set_aipp_src_image_size(aipp, 8, 6)\n").settings
    assert [settings.runtime.values for settings in found] == [{"src_image_size_w": 8, "src_image_size_h": 6}]


def test_functions_of_other_modules_are_no_calls() -> None:
    assert (
        read("import acl\nself.set_aipp_src_image_size(aipp, 8, 6)\nother.mdl.set_aipp_src_image_size(a, 8, 6)")
        == Extract()
    )


@pytest.mark.parametrize(
    ("before", "body", "expression", "value"),
    [
        ("W = 832", "", "W", 832),
        ("W, H = 832, 416", "", "H", 416),
        ("SIZE = (832, 416)", "", "SIZE[1]", 416),
        ("SIZE = (832, 416)", "w, h = SIZE", "h", 416),
        ("", "w = 2 * 416", "w", 832),
        ("", "w = w2 = 832", "w2", 832),
        ("", "w: int = 832", "int(w)", 832),
        ("class C:\n    W = 832", "", "C.W", 832),
        ("class C:\n    W = 832\nC.W = 1", "", "C.W", None),
        ("class C:\n    W = 832\nclass C:\n    W = 416", "", "C.W", None),
        ("", "w = 0x" + "f" * 5000, "w", None),
        ("", "w = int(1e999)", "w", None),
        ("W = 832\nW = 416", "", "W", None),
        ("W = 832\nif x:\n    W = 416", "", "W", None),
        ("", "w = 832\n    w += 1", "w", None),
        ("", "w = given", "w", None),
        ("", "(w := 832)", "w", None),
        ("", "for w in range(3):\n        pass", "w", None),
        ("W = 832\ndef other():\n    global W\n    W = 1", "", "W", None),
        ("given = 832", "", "given", None),
        ("", "w = 832\n    def inner():\n        nonlocal w\n        w = 1", "w", None),
        ("from sizes import W", "", "W", None),
        ("", "", "image.width", None),
        ("", "", "'832'", None),
        ("", "", "832.5", None),
        ("", "", "unheard_of", None),
    ],
)
def test_a_number_is_known_as_far_as_the_file_says_it(
    before: str, body: str, expression: str, value: int | None
) -> None:
    call = f"    {body}\n    acl.mdl.set_aipp_src_image_size(aipp, {expression}, 2)"
    runtime = the_settings(call, before).runtime
    assert runtime.values.get("src_image_size_w") == value
    assert ("src_image_size_w" in runtime.unknown) == (value is None)


@pytest.mark.parametrize(
    ("before", "argument", "name"),
    [
        ("", "1", "YUV420SP_U8"),
        ("", "3", "RGB888_U8"),
        ("ACL_FORMAT = 4", "ACL_FORMAT", "YUV400_U8"),
        ("from constants import *", "ACL_XRGB8888_U8", "XRGB8888_U8"),
        ("", "const.ACL_RGB888_U8", "RGB888_U8"),
        ("", "0", None),
        ("", "given", None),
    ],
)
def test_a_format_is_known_by_its_name_or_its_number(before: str, argument: str, name: str | None) -> None:
    runtime = the_settings(f"    acl.mdl.set_aipp_input_format(aipp, {argument})", before).runtime
    assert runtime.values.get("input_format") == name


@pytest.mark.parametrize(
    ("body", "values", "unknown"),
    [
        ("acl.mdl.set_aipp_crop_params(aipp, 0, 0, 0, 0, 0, 0)", {}, set()),
        ("acl.mdl.set_aipp_crop_params(aipp, 1, [0, 0, 8, 8], 0)", {}, {"crop"}),
        ("acl.mdl.set_aipp_crop_params(aipp, crop_switch=1)", {}, {"crop"}),
        ("acl.mdl.set_aipp_crop_params(aipp, 1, 0, 0, w, 8, 2)", {}, set()),
        ("if x:\n        acl.mdl.set_aipp_rbuv_swap_switch(aipp, 1)", {}, {"rbuv_swap_switch"}),
        (
            "try:\n        acl.mdl.set_aipp_rbuv_swap_switch(aipp, 1)\n    except E: pass",
            {"rbuv_swap_switch": True},
            set(),
        ),
        ("for i in range(2):\n        acl.mdl.set_aipp_rbuv_swap_switch(aipp, 1)", {"rbuv_swap_switch": True}, set()),
        ("self.more(aipp)", {}, {"crop", "padding", "resize", "csc_switch"}),
    ],
)
def test_what_cannot_be_known_is_unknown(body: str, values: dict[str, Any], unknown: set[str]) -> None:
    runtime = the_settings(f"    acl.mdl.set_aipp_ax_swap_switch(aipp, 0)\n    {body}").runtime
    assert runtime.values == {"batch_size": 1, "ax_swap_switch": False} | values
    assert runtime.unknown == unknown | {"dynamic_hw_size"}


@pytest.mark.parametrize(
    ("call", "swaps"),
    [
        ("set_aipp_src_image_size(aipp, self.model_h, self.model_w)", [("W, H", "model_h", "model_w")]),
        ("set_aipp_src_image_size(aipp, int(frame.height()), int(frame.width()))", [("W, H", "height", "width")]),
        ("set_dynamic_hw_size(m, d, i, width, height)", [("H, W", "width", "height")]),
        ("set_dynamic_hw_size(m, d, i, height, width)", []),
        ("set_aipp_src_image_size(aipp, hw[0], hw[1])", []),
        ("set_aipp_src_image_size(aipp, height, size)", []),
    ],
)
def test_names_in_the_wrong_order_are_a_swap(call: str, swaps: list[tuple[str, str, str]]) -> None:
    runtime = the_settings(f"    acl.mdl.{call}\n    acl.mdl.set_aipp_ax_swap_switch(aipp, 0)").runtime
    assert [(swap.order, swap.first, swap.second) for swap in runtime.swaps] == swaps
    assert all(call.startswith(f"{swap.call}(") for swap in runtime.swaps)
    assert all(written(swap.place).startswith(("self", "int", "width")) for swap in runtime.swaps)


def test_a_constant_of_an_object_is_one_that_no_other_class_has() -> None:
    code = """
    import acl
    class Base:
        W, H = 832, 416
        def configure(self, aipp):
            acl.mdl.set_aipp_src_image_size(aipp, self.W, self.H)
    class Small(Base):
        W = 416
    """
    (found,) = read(code).settings
    assert found.runtime.values == {"src_image_size_h": 416}


def test_a_class_that_sets_from_several_methods_is_not_wholly_known() -> None:
    code = """
    import acl
    class Aipp:
        def __init__(self):
            self.aipp_set = acl.mdl.create_aipp(1)
            acl.mdl.set_aipp_src_image_size(self.aipp_set, 8, 6)
        def swap(self):
            acl.mdl.set_aipp_rbuv_swap_switch(self.aipp_set, 1)
    """
    first, second = read(code).settings
    assert first.runtime.values == {"batch_size": 1, "src_image_size_w": 8, "src_image_size_h": 6}
    assert second.runtime.values == {"rbuv_swap_switch": True}
    assert "crop" in first.runtime.unknown & second.runtime.unknown


def is_complete(settings: Settings) -> bool:
    """Whether nobody else can have set anything."""
    return "crop" not in settings.runtime.unknown


SETS = "    acl.mdl.set_aipp_rbuv_swap_switch(aipp, 1)\n"


@pytest.mark.parametrize(
    "other", ["", f"def g(aipp):\n{SETS}", f"def g():\n    aipp = made()\n{SETS}", f"for aipp in sets:\n{SETS}"]
)
@pytest.mark.parametrize(
    "rest",
    [
        "acl.mdl.set_input_aipp(m, d, 0, aipp)",
        "if aipp is None or not aipp: return",
        "ret = acl.mdl.destroy_aipp(aipp)",
        "assert aipp",
    ],
)
def test_a_local_set_is_its_functions_own(rest: str, other: str) -> None:
    code = f"import acl\ndef f():\n    aipp = acl.mdl.create_aipp(1)\n{SETS}    {rest}\n{other}"
    first, *others = read_python(Source("a.py", code), "a.py").settings
    assert is_complete(first)
    assert not any(map(is_complete, others))


@pytest.mark.parametrize(
    "rest",
    [
        "more(aipp)",
        "more(given=aipp)",
        "more([aipp])",
        "return aipp",
        "return m, aipp",
        "yield aipp",
        "self.aipp = aipp",
        "sets = {0: aipp}",
        "for one in (aipp, other): pass",
        "def g():\n        acl.mdl.set_aipp_ax_swap_switch(aipp, 1)",
        "def g():\n        nonlocal aipp\n        acl.mdl.set_aipp_ax_swap_switch(aipp, 1)",
    ],
)
def test_a_local_set_that_other_code_gets_may_be_set_there_too(rest: str) -> None:
    code = f"import acl\ndef f(self):\n    aipp = acl.mdl.create_aipp(1)\n{SETS}    {rest}\n"
    assert not is_complete(read_python(Source("a.py", code), "a.py").settings[0])


def test_a_set_of_the_module_is_shared_by_its_functions() -> None:
    code = (
        f"import acl\naipp = None\ndef f():\n    global aipp\n    aipp = acl.mdl.create_aipp(1)\n{SETS}def g():\n{SETS}"
    )
    assert [is_complete(one) for one in read_python(Source("a.py", code), "a.py").settings] == [False, False]


def test_the_model_is_known_where_one_is_named() -> None:
    body = "    acl.mdl.set_aipp_ax_swap_switch(aipp, 0)"
    assert the_settings(body, "MODEL = 'models/a.om'").model == "models/a.om"
    assert the_settings(body, "MODELS = ['a.om', 'b.om']").model == ""
