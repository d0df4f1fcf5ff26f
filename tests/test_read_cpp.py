"""C and C++ code: which calls set dynamic AIPP, and what of their arguments can be known."""

from __future__ import annotations

import pickle
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aipplint.findings import Place
from aipplint.readers.acl.size_names import HEIGHT, WIDTH, side_of
from aipplint.readers.cpp.reader import read_cpp
from aipplint.readers.extract import Extract, Settings
from aipplint.source import Source
from tests.work import at_most


def written(place: Place) -> str:
    """What stands at a place."""
    return place.source.text[place.span.start : place.span.end]


def the_settings(code: str, path: str = "main.cpp") -> Settings:
    """The only settings in a file."""
    (found,) = read_cpp(Source(path, code)).settings
    return found


def in_function(body: str, before: str = "") -> Settings:
    """The settings that calls on one set make in a function."""
    return the_settings(
        f"{before}\nvoid Configure() {{\n  aclmdlAIPP *set = aclmdlCreateAIPP(1);\n{body}\n"
        "  aclmdlSetInputAIPP(modelId, input, index, set);\n}\n"
    )


def value_of(expression: str, before: str = "", locals_: str = "", path: str = "main.cpp") -> Any:
    """What an expression is worth as the width of the source image; None where that is unknown."""
    code = f"{before}\nvoid F(int given) {{\n{locals_}\naclmdlSetAIPPSrcImageSize(set, {expression}, 2);\n}}\n"
    runtime = the_settings(code, path).runtime
    assert ("src_image_size_w" in runtime.unknown) == ("src_image_size_w" not in runtime.values)
    return runtime.values.get("src_image_size_w")


ALL_CALLS = """
  auto ret = aclmdlSetAIPPInputFormat(set, ACL_YUV420SP_U8);
  if (aclmdlSetAIPPSrcImageSize(set, 832, 416) != ACL_SUCCESS) { return; }
  ret = aclmdlSetAIPPCscParams(set, 1, 256, 0, 359, 256, -88, -183, 256, 454, 0, 1, 2, 3, 0, 128, 129);
  ret = aclmdlSetAIPPRbuvSwapSwitch(set, 0);
  ret = aclmdlSetAIPPAxSwapSwitch(set, 1);
  ret = aclmdlSetAIPPCropParams(set, 1, 2, 4, 640, 320, 0);
  ret = aclmdlSetAIPPPaddingParams(set, 1, 5, 6, 7, 8, 0);
  ret = aclmdlSetAIPPScfParams(set, 1, 640, 320, 224, 112, 0);
  ret = aclmdlSetAIPPDtcPixelMean(set, 104, 117, 123, 0, 0);
  ret = aclmdlSetAIPPDtcPixelMin(set, 0.5f, 0, 1e-1, .25, 0);
  ret = aclmdlSetAIPPPixelVarReci(set, 1.0f, 0.0039f, 1, -2.5, 0);
  ret = aclmdlSetDynamicHWSize(modelId, input, index, 112, 224);
  ret = aclmdlSetDynamicBatchSize(modelId, input, index, 8);
"""


def test_every_call_says_what_its_arguments_mean() -> None:
    runtime = in_function(ALL_CALLS).runtime
    assert runtime.values == {
        "batch_size": 1,
        "input_format": "YUV420SP_U8",
        "src_image_size_w": 832,
        "src_image_size_h": 416,
        "csc_switch": True,
        "matrix_r0c0": 256,
        "matrix_r0c1": 0,
        "matrix_r0c2": 359,
        "matrix_r1c0": 256,
        "matrix_r1c1": -88,
        "matrix_r1c2": -183,
        "matrix_r2c0": 256,
        "matrix_r2c1": 454,
        "matrix_r2c2": 0,
        "output_bias_0": 1,
        "output_bias_1": 2,
        "output_bias_2": 3,
        "input_bias_0": 0,
        "input_bias_1": 128,
        "input_bias_2": 129,
        "rbuv_swap_switch": False,
        "ax_swap_switch": True,
        "crop": {"load_start_pos_w": 2, "load_start_pos_h": 4, "crop_size_w": 640, "crop_size_h": 320},
        "padding": {"top": 5, "bottom": 6, "left": 7, "right": 8},
        "resize": {"input_w": 640, "input_h": 320, "output_w": 224, "output_h": 112},
        "mean_chn_0": 104,
        "mean_chn_1": 117,
        "mean_chn_2": 123,
        "mean_chn_3": 0,
        "min_chn_0": 0.5,
        "min_chn_1": 0,
        "min_chn_2": 0.1,
        "min_chn_3": 0.25,
        "var_reci_chn_0": 1.0,
        "var_reci_chn_1": 0.0039,
        "var_reci_chn_2": 1,
        "var_reci_chn_3": -2.5,
        "dynamic_hw_size": {"height": 112, "width": 224},
    }
    assert runtime.unknown == frozenset()
    assert runtime.swaps == ()


def test_every_value_stands_at_its_argument_and_the_whole_at_the_first_call() -> None:
    found = in_function(ALL_CALLS)
    places = {
        ("crop", "crop_size_w"): "640",
        ("padding",): "1",
        ("padding", "right"): "8",
        ("input_format",): "ACL_YUV420SP_U8",
        ("min_chn_2",): "1e-1",
        ("dynamic_hw_size", "height"): "112",
        ("dynamic_hw_size",): "aclmdlSetDynamicHWSize",
        (): "aclmdlCreateAIPP",
    }
    assert {path: written(found.runtime.place(*path)) for path in places} == places
    assert written(found.head) == "aclmdlCreateAIPP"


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("416", 416),
        ("0x1A0", 416),
        ("0b1000", 8),
        ("0640", 416),
        ("4'16", 416),
        ("416UL", 416),
        ("(416)", 416),
        ("-1", -1),
        ("(int32_t)416", 416),
        ("static_cast<int32_t>(416)", 416),
        ("int32_t(416)", 416),
        ("int32_t{416}", 416),
        ("400 + 4 * 4", 416),
        ("(417 / 2) * 2", 416),
        ("-7 / 2", -3),
        ("/* width */ 416", 416),
        ("416.0f", None),
        ("(int)416.7", 416),
        ("int32_t(7 / (float)2)", 3),
        ("static_cast<float>(416)", None),
        ("1 / 0", None),
        ("09", None),
        ("'a'", None),
        ("416_px", None),
        ("std::max(1, 416)", None),
        ("x ? 1 : 2", None),
        ("sizeof(x)", None),
        ("size[0]", None),
        ("config.width", None),
        ("unheard_of", None),
        ("833 % 2", None),
        ("1 << 9", None),
    ],
)
def test_a_number_is_known_as_far_as_it_is_written_there(expression: str, value: int | None) -> None:
    assert value_of(expression) == value


@pytest.mark.parametrize(
    ("before", "expression", "value"),
    [
        ("#define W 832", "W", 832),
        ("#define W (416 * 2) ", "W", 832),
        ("#define H 416\n#define W (H * 2)", "W", 832),
        ("#define W 400 + 16", "W", 416),
        ("#define W 400 + 16", "W * 2", None),
        ("#define W 400 + 16\n#define V (W)", "V", None),
        ("#define W", "W", None),
        ("#define W(x) 832", "W", None),
        ("#define W W", "W", None),
        ("#define W A\n#define A W", "W", None),
        ("#ifndef W\n#define W 832\n#endif", "W", None),
        ("#ifdef BIG\n#define W 832\n#else\n#define W 416\n#endif", "W", None),
        ("#ifdef BIG\n#define W 832\n#else\n#define W 832\n#endif", "W", 832),
        ("#define W 832\n#undef W", "W", None),
        ("#ifndef GUARD_H\n#define GUARD_H\n#define W 832\n#endif", "W", 832),
        ("const int W = 832;", "W", 832),
        ("constexpr int32_t W{832};", "W", 832),
        ("static const uint32_t W(832), H = 416;", "W", 832),
        ("constexpr auto W = 832;", "W", 832),
        ("int W = 832;", "W", None),
        ("static int W = 832;", "W", None),
        ("extern const int W;", "W", None),
        ("namespace { constexpr int W = 832; }", "W", 832),
        ("namespace a { namespace b { const int W = 832; } }", "a::b::W", 832),
        ("class C { public: static const int W = 832; };", "C::W", 832),
        ("struct C { static constexpr int W{832}; };", "C::W", 832),
        ("struct C { int W = 832; };", "C::W", None),
        ("class C { static const int W; };\nconst int C::W = 832;", "C::W", 832),
        ("enum { W = 832 };", "W", 832),
        ("enum class E : int { A = 830, B, W };", "E::W", 832),
        ("enum E { Z, ONE };", "ONE", 1),
        ("const int BASE = 830;\nenum E { A = BASE, B, W };", "W", 832),
        ("enum E { A,\n#if X\n B,\n#endif\n W };", "W", None),
        ("const int W = 832;\nvoid other() { const int W = 1; }", "W", 832),
        ("void other() { const int W = 1; }", "W", None),
        ("void declared(int W);\nconst int W = 832;", "W", 832),
        ("// #define W 1\n#define W 832", "W", 832),
        ('const char *text = "#define W 1";\n#define W 832', "W", 832),
    ],
)
def test_a_named_constant_of_the_file_is_known(before: str, expression: str, value: int | None) -> None:
    assert value_of(expression, before) == value


@pytest.mark.parametrize(
    ("locals_", "value"),
    [
        ("int w = 832;", 832),
        ("int w; w = 832;", 832),
        ("int w(832);", 832),
        ("auto w = static_cast<uint32_t>(832);", 832),
        ("int h = 416; int w = h * 2;", 832),
        ("int w = 832; printf(fmt, w); INFO_LOG(w); w == 3;", 832),
        ("const int w = 832; Use(w);", 832),
        ("int w = 832; w = 832;", 832),
        ("int w = 832; w = 416;", None),
        ("int w = 0; if (big) w = 832;", None),
        ("int w = 832; w++;", None),
        ("int w = 832; w += 1;", None),
        ("int w = 832; Get(&w);", None),
        ("int w = 832; GetSize(w, h);", None),
        ("int w = 832; std::cin >> w;", None),
        ("int w = 832; int &r = w; r = 1;", None),
        ("for (int w = 0; w < 3; w++)", None),
        ("for (int w : sizes)", None),
        ("auto [w, h] = Size();", None),
        ("int w = given;", None),
        ("int w = Width();", None),
        ("int w;", None),
        ("int w[2] = {832, 2};", None),
        ("int *w = &x;", None),
        ("float f = 7; int w = f / 2;", None),
        ("double f; f = 7; int w = (int)(f / 2);", 3),
    ],
)
def test_a_local_variable_that_is_set_once_is_known(locals_: str, value: int | None) -> None:
    assert value_of("w", locals_=locals_) == value


def test_a_local_variable_that_is_set_later_is_unknown() -> None:
    assert (
        in_function("aclmdlSetAIPPSrcImageSize(set, w, 2); int w = 832;").runtime.values.get("src_image_size_w") is None
    )


@pytest.mark.parametrize("declared", ["", "int w;", "int *w = p;", "int w = Width();"])
def test_what_a_function_declares_hides_a_constant(declared: str) -> None:
    assert value_of("given", "const int given = 832;") is None
    assert value_of("w", "const int w = 832;", declared) == (None if declared else 832)


def test_a_factor_is_a_fraction_where_a_part_of_it_is_one() -> None:
    call = "const float one = 1; aclmdlSetAIPPPixelVarReci(set, 1.0 / 256, (float)1 / 256, one / 256, 1 / 256, 0);"
    values = in_function(call).runtime.values
    assert [values[f"var_reci_chn_{channel}"] for channel in range(4)] == [1 / 256, 1 / 256, 1 / 256, 0]


def test_in_c_a_function_cannot_change_its_arguments() -> None:
    assert value_of("w", locals_="int w = 832; Use(w);", path="main.c") == 832
    assert value_of("w", locals_="int w = 832; Use(w);", path="main.cc") is None


@pytest.mark.parametrize(
    ("argument", "name"),
    [
        ("ACL_RGB888_U8", "RGB888_U8"),
        ("aclAippInputFormat::ACL_XRGB8888_U8", "XRGB8888_U8"),
        ("static_cast<aclAippInputFormat>(1)", "YUV420SP_U8"),
        ("(aclAippInputFormat)4", "YUV400_U8"),
        ("(aclAippInputFormat)0", None),
        ("(aclAippInputFormat)15", None),
        ("format", None),
        ("ACL_NO_FORMAT", None),
    ],
)
def test_a_format_is_known_by_its_name_or_its_number(argument: str, name: str | None) -> None:
    runtime = in_function(f"aclmdlSetAIPPInputFormat(set, {argument});").runtime
    assert runtime.values.get("input_format") == name
    assert ("input_format" in runtime.unknown) == (name is None)


@pytest.mark.parametrize(
    ("call", "values", "unknown"),
    [
        ("aclmdlSetAIPPCropParams(set, 0, 0, 0, 0, 0, 0);", {}, set()),
        ("aclmdlSetAIPPCropParams(set, false, 0, 0, w, h, 0);", {}, set()),
        ("aclmdlSetAIPPCropParams(set, on, 0, 0, 8, 8, 0);", {}, {"crop"}),
        (
            "aclmdlSetAIPPCropParams(set, 1, 0, 2, w, 8, 0);",
            {"crop": {"load_start_pos_w": 0, "load_start_pos_h": 2, "crop_size_h": 8}},
            {"crop"},
        ),
        ("aclmdlSetAIPPCropParams(set, 1, 0, 0, 8, 8, 1);", {}, set()),
        (
            "for (i = 0; i < n; i++) aclmdlSetAIPPPaddingParams(set, 1, 1, 2, 3, 4, i);",
            {"padding": {"top": 1, "bottom": 2, "left": 3, "right": 4}},
            set(),
        ),
        ("aclmdlSetAIPPCropParams(set, 1, 0, 0);", {}, {"crop"}),
        ("aclmdlSetAIPPRbuvSwapSwitch(set, 2);", {}, {"rbuv_swap_switch"}),
        ("aclmdlSetAIPPRbuvSwapSwitch(set, true);", {"rbuv_swap_switch": True}, set()),
        (
            "if (a) aclmdlSetAIPPRbuvSwapSwitch(set, 1); else aclmdlSetAIPPRbuvSwapSwitch(set, 0);",
            {},
            {"rbuv_swap_switch"},
        ),
        ("if (a) { aclmdlSetAIPPCropParams(set, 1, 0, 0, 8, 8, 0); }", {}, {"crop"}),
        ("switch (a) { case 1: aclmdlSetAIPPCropParams(set, 1, 0, 0, 8, 8, 0); break; }", {}, {"crop"}),
        ("#ifdef CROP\naclmdlSetAIPPCropParams(set, 1, 0, 0, 8, 8, 0);\n#endif", {}, {"crop"}),
        ("if (a) { aclmdlSetAIPPSrcImageSize(set, 8, 6); }", {"src_image_size_w": 8, "src_image_size_h": 6}, set()),
        (
            "aclmdlSetAIPPSrcImageSize(set, 8, 6); aclmdlSetAIPPSrcImageSize(set, 8, 4);",
            {"src_image_size_w": 8},
            {"src_image_size_h"},
        ),
        ("aclmdlSetDynamicHWSize(modelId, input, index, h, w);", {"dynamic_hw_size": {}}, {"dynamic_hw_size"}),
        (
            "aclmdlSetDynamicHWSize(modelId, input, index, 8, w);",
            {"dynamic_hw_size": {"height": 8}},
            {"dynamic_hw_size"},
        ),
        ("Configure(set);", {}, {"crop", "padding", "resize", "csc_switch"}),
        ("CHECK_NULL(set); if (set == nullptr) { ERROR_LOG(set); }", {}, set()),
        ("aclmdlSetAIPPByInputIndex(modelId, input, 1, set);", {"input_rank": 1}, set()),
        ("aclmdlSetAIPPByInputIndex(modelId, input, index, set);", {}, set()),
    ],
)
def test_what_cannot_be_known_is_unknown(call: str, values: dict[str, Any], unknown: set[str]) -> None:
    runtime = in_function(f"aclmdlSetAIPPAxSwapSwitch(set, 0);\n{call}").runtime
    expected = {"batch_size": 1, "ax_swap_switch": False} | values
    assert runtime.values == expected
    assert runtime.unknown == unknown | ({"dynamic_hw_size"} if "HWSize" not in call else set())


def test_two_sets_are_two_settings_and_functions_are_apart() -> None:
    code = """
    void A() { aclmdlAIPP *a = aclmdlCreateAIPP(1), *b = aclmdlCreateAIPP(2);
      aclmdlSetAIPPSrcImageSize(a, 8, 6); aclmdlSetAIPPSrcImageSize(b, 4, 2); }
    TEST_F(Suite, Name) { auto a = aclmdlCreateAIPP(3); aclmdlSetAIPPSrcImageSize(a, 16, 12); }
    """
    found = read_cpp(Source("a.cpp", code)).settings
    assert [one.runtime.values for one in found] == [
        {"batch_size": batch, "src_image_size_w": w, "src_image_size_h": h}
        for batch, w, h in ((1, 8, 6), (2, 4, 2), (3, 16, 12))
    ]


def test_a_member_that_several_functions_set_is_not_wholly_known_in_any() -> None:
    code = """
    void M::A() { this->set_ = aclmdlCreateAIPP(1); aclmdlSetAIPPSrcImageSize(set_, 8, 6); }
    void M::B() { aclmdlSetAIPPRbuvSwapSwitch(set_, 1); }
    """
    first, second = read_cpp(Source("a.cpp", code)).settings
    assert first.runtime.values == {"batch_size": 1, "src_image_size_w": 8, "src_image_size_h": 6}
    assert second.runtime.values == {"rbuv_swap_switch": True}
    assert "crop" in first.runtime.unknown & second.runtime.unknown


def is_complete(settings: Settings) -> bool:
    """Whether nobody else can have set anything."""
    return "crop" not in settings.runtime.unknown


SETS = "aclmdlSetAIPPRbuvSwapSwitch(aipp, 1);"
LOCAL = f"void A() {{ aclmdlAIPP *aipp = aclmdlCreateAIPP(1); {SETS} %s }}\n"


@pytest.mark.parametrize(
    "other",
    [
        "",
        f"void B(aclmdlAIPP *aipp) {{ {SETS} }}",
        f"void B() {{ aclmdlAIPP *aipp = Made(); {SETS} }}",
        f"void B() {{ aclmdlAIPP *aipp; aipp = Made(); {SETS} }}",
        f"void B() {{ auto &aipp = Sets()[0]; {SETS} }}",
        f"void B() {{ this->{SETS.replace('(aipp', '(this->aipp')} }}",
    ],
)
@pytest.mark.parametrize(
    "rest",
    [
        "",
        "aclmdlSetInputAIPP(m, d, 0, aipp); aclmdlDestroyAIPP(aipp);",
        "if (aipp == nullptr || !aipp) { return; }",
        'LOG_INFO("set %p", aipp);',
        "auto clean = [&aipp] { aclmdlDestroyAIPP(aipp); };",
    ],
)
def test_a_local_set_is_its_functions_own(rest: str, other: str) -> None:
    first, *others = read_cpp(Source("a.cpp", LOCAL % rest + other)).settings
    assert is_complete(first)
    assert not any(map(is_complete, others))


@pytest.mark.parametrize(
    "rest",
    [
        "More(aipp);",
        "More(&aipp);",
        "More(static_cast<void *>(aipp));",
        "More((void *)aipp);",
        "return aipp;",
        "aipp_ = aipp;",
        "this->aipp_ = aipp;",
        "input.sets[0] = aipp;",
        "aclmdlAIPP *other = aipp;",
        "sets.push_back(aipp);",
        "Guard guard(aipp);",
        "auto *guard = new Guard(aipp);",
        "Input input{1, aipp};",
    ],
)
def test_a_local_set_that_other_code_gets_may_be_set_there_too(rest: str) -> None:
    (found,) = read_cpp(Source("a.cpp", LOCAL % rest)).settings
    assert not is_complete(found)


def test_a_global_set_is_shared_by_the_functions() -> None:
    code = f"aclmdlAIPP *aipp;\nvoid A() {{ aipp = aclmdlCreateAIPP(1); {SETS} }}\nvoid B() {{ {SETS} }}"
    assert [is_complete(one) for one in read_cpp(Source("a.cpp", code)).settings] == [False, False]


FAILS = "aclmdlSetAIPPCropParams(aipp, 1, 0, 0, 9999, 6, 0)"


@pytest.mark.parametrize(
    "test",
    [
        f"EXPECT_NE({FAILS}, ACL_SUCCESS);",
        f"ASSERT_NE(ACL_SUCCESS, {FAILS});",
        f"EXPECT_EQ({FAILS}, ACL_ERROR_INVALID_PARAM);",
        f"EXPECT_EQ({FAILS}, ACL_SUCCESS);",
        f"EXPECT_TRUE({FAILS} != 0);",
        f"aclError ret = {FAILS};\n  EXPECT_NE(ret, ACL_SUCCESS);",
        f"ret = {FAILS}; // too large\n  ASSERT_NE(ACL_SUCCESS, ret) << 1;",
        f"ret = {FAILS};\n  EXPECT_EQ(ret, ACL_ERROR_INVALID_PARAM);",
        f"ret = {FAILS};\n  EXPECT_EQ(100000, ret);",
        f"ret = {FAILS};\n  EXPECT_TRUE(ret != ACL_SUCCESS);",
        f"ret = {FAILS};\n  EXPECT_FALSE(ret == ACL_SUCCESS);",
    ],
)
def test_a_call_that_a_unit_test_tries_says_nothing(test: str) -> None:
    code = "TEST_F(Suite, Name) {{\n  aclmdlAIPP *aipp = aclmdlCreateAIPP(1);\n  {}\n}}"
    assert read_cpp(Source("a.cpp", code.format(test))) == Extract()
    (found,) = read_cpp(Source("a.cpp", code.format(SETS + test))).settings
    assert found.runtime.values == {"batch_size": 1, "rbuv_swap_switch": True}
    assert not is_complete(found)


@pytest.mark.parametrize(
    "check",
    [
        "EXPECT_EQ(ret, ACL_SUCCESS);",
        "EXPECT_EQ(ret, ACL_ERROR_NONE);",
        "ASSERT_TRUE(ret == ACL_SUCCESS);",
        "EXPECT_NE(other, ACL_SUCCESS);",
        "if (ret != ACL_SUCCESS) { return; }",
    ],
)
def test_a_call_that_is_meant_to_succeed_counts(check: str) -> None:
    code = f"void f() {{ auto ret = aclmdlSetAIPPSrcImageSize(aipp, 8, 6); {check} }}"
    assert the_settings(code).runtime.values == {"src_image_size_w": 8, "src_image_size_h": 6}


def test_the_size_of_another_function_belongs_to_the_set_where_it_is_the_only_one() -> None:
    one = "void H() { aclmdlSetDynamicHWSize(m, d, i, 6, 8); }\n"
    two = "void K() { aclmdlSetDynamicHWSize(m, d, i, 3, 4); }\n"
    a_set = "void S() { auto s = aclmdlCreateAIPP(1); aclmdlSetAIPPSrcImageSize(s, 8, 6); }\n"
    assert the_settings(one + a_set).runtime.values["dynamic_hw_size"] == {"height": 6, "width": 8}
    found = [settings.runtime for settings in read_cpp(Source("a.cpp", one + two + a_set)).settings]
    assert [runtime.values.get("dynamic_hw_size") for runtime in found] == [
        {"height": 6, "width": 8},
        {"height": 3, "width": 4},
        None,
    ]
    assert found[2].unknown == {"dynamic_hw_size"}


@pytest.mark.parametrize(
    ("code", "model"),
    [
        ('auto path = "models/a.om";', "models/a.om"),
        ('auto path = "a.om"; Load("a.om");', "a.om"),
        ('auto path = "a.om"; auto other = "b.om";', ""),
        ('// "b.om"\nauto path = R"(a.om)"; auto p = "a.om";', "a.om"),
        ('auto path = dir + ".om.bak";', ""),
    ],
)
def test_the_model_is_known_where_one_is_named(code: str, model: str) -> None:
    assert in_function(f"aclmdlSetAIPPAxSwapSwitch(set, 0);\n{code}").model == model


@pytest.mark.parametrize(
    ("call", "swaps"),
    [
        ("aclmdlSetAIPPSrcImageSize(set, srcImageSizeH, srcImageSizeW);", [("W, H", "srcImageSizeH", "srcImageSizeW")]),
        ("aclmdlSetAIPPSrcImageSize(set, (int)height, static_cast<int>(width));", [("W, H", "height", "width")]),
        ("aclmdlSetAIPPSrcImageSize(set, img.rows, img.cols);", [("W, H", "rows", "cols")]),
        ("aclmdlSetAIPPSrcImageSize(set, cfg->GetSizeH(), cfg->GetSizeW());", [("W, H", "GetSizeH", "GetSizeW")]),
        (
            "aclmdlSetAIPPSrcImageSize(set, this->heightAlign_, this->widthAlign_);",
            [("W, H", "heightAlign_", "widthAlign_")],
        ),
        ("aclmdlSetDynamicHWSize(m, d, i, shapeW, shapeH);", [("H, W", "shapeW", "shapeH")]),
        ("aclmdlSetDynamicHWSize(m, d, i, shapeH, shapeW);", []),
        ("aclmdlSetAIPPCropParams(set, 1, startH, startW, cropW, cropH, 0);", [("W, H", "startH", "startW")]),
        ("aclmdlSetAIPPScfParams(set, 1, inW, inH, outH, outW, 0);", [("W, H", "outH", "outW")]),
        ("aclmdlSetAIPPSrcImageSize(set, width, height);", []),
        ("aclmdlSetAIPPSrcImageSize(set, height, other);", []),
        ("aclmdlSetAIPPSrcImageSize(set, height, height);", []),
        ("aclmdlSetAIPPSrcImageSize(set, size[0], size[1]);", []),
        ("aclmdlSetAIPPSrcImageSize(set, threshold, weight);", []),
        ("aclmdlSetAIPPSrcImageSize(set, max(h, 1), max(w, 1));", []),
        ("const int h = 8, w = 8; aclmdlSetAIPPSrcImageSize(set, h, w);", []),
    ],
)
def test_names_in_the_wrong_order_are_a_swap(call: str, swaps: list[tuple[str, str, str]]) -> None:
    runtime = in_function(call).runtime
    assert [(swap.order, swap.first, swap.second) for swap in runtime.swaps] == swaps
    assert all(swap.first in written(swap.place) and swap.second in written(swap.place) for swap in runtime.swaps)


@pytest.mark.parametrize(
    ("name", "side"),
    [
        *(
            (name, HEIGHT)
            for name in (
                "h",
                "H",
                "modelHeight",
                "model_h",
                "IMG_H",
                "height2",
                "heightAlign",
                "resizedH",
                "rows",
                "kH",
                "h0",
            )
        ),
        *(
            (name, WIDTH)
            for name in ("w", "W", "width_", "srcImageSizeW", "m_width", "inputWidth", "IMAGE_WIDTH", "cols")
        ),
        *(
            (name, None)
            for name in (
                "hw",
                "HW",
                "wh",
                "threshold",
                "show",
                "weight",
                "Weight",
                "heightWidth",
                "size",
                "",
                "sizeHW",
                "hash",
                "high",
            )
        ),
    ],
)
def test_a_side_is_a_word_of_a_name(name: str, side: str | None) -> None:
    assert side_of(name) == side


@pytest.mark.parametrize(
    "code",
    [
        "aclError aclmdlSetAIPPSrcImageSize(aclmdlAIPP *set, int32_t w, int32_t h);",
        "aclError aclmdlSetAIPPSrcImageSize(aclmdlAIPP *set, int32_t w, int32_t h) { return Impl(set, h, w); }",
        "struct S { virtual aclError aclmdlSetDynamicHWSize(uint32_t, void*, size_t, uint64_t, uint64_t) = 0; };",
        "// aclmdlSetAIPPSrcImageSize(set, 1, 1);",
        'void f() { LOG("aclmdlSetAIPPSrcImageSize(set, 1, 1) failed"); }',
        "#define SET(s) aclmdlSetAIPPSrcImageSize(s, 1, 1)",
        "void f() { auto p = &aclmdlSetAIPPSrcImageSize; }",
        "void f() { aclmdlAIPP *set = aclmdlCreateAIPP(1); aclmdlDestroyAIPP(set); }",
        "void f() { aclmdlSetDynamicBatchSize(m, d, i, 8); }",
        "void f() { aclmdlSetAIPPByInputIndex(m, d, 0, set); }",
        "int main() { return 0; }",
        "",
    ],
)
def test_what_is_no_call_that_sets_something_says_nothing(code: str) -> None:
    assert read_cpp(Source("a.cpp", code)) == Extract()


def test_calls_in_macros_and_through_an_interface_count() -> None:
    code = "void f() { CHECK(::aclmdlSetAIPPSrcImageSize(set, 8, 6)); api->aclmdlSetDynamicHWSize(m, d, i, 6, 8); }"
    assert the_settings(code).runtime.values == {
        "src_image_size_w": 8,
        "src_image_size_h": 6,
        "dynamic_hw_size": {"height": 6, "width": 8},
    }


def test_places_hold_behind_letters_of_several_bytes_and_bytes_that_are_none() -> None:
    code = "\ufeff// 宽 \udce9\r\nvoid f() { /* é */ aclmdlSetAIPPSrcImageSize(set, 832, 416); }\r\n"
    found = the_settings(code)
    assert written(found.runtime.place("src_image_size_w")) == "832"
    assert written(found.head) == "aclmdlSetAIPPSrcImageSize"


def test_settings_can_be_pickled() -> None:
    found = read_cpp(Source("a.cpp", f"void f() {{ auto set = aclmdlCreateAIPP(1);\n{ALL_CALLS} }}"))
    again = pickle.loads(pickle.dumps(found))  # noqa: S301 - our own
    assert again.settings[0].runtime.values == found.settings[0].runtime.values
    assert written(again.settings[0].runtime.place("crop", "crop_size_h")) == "320"


_FRAGMENTS = st.sampled_from(
    [
        "aclmdlSetAIPPSrcImageSize(set, w, 416);",
        "aclmdlSetAIPPCropParams(set, 1, 0, H, W, 2, i)",
        "aclmdlSetDynamicHWSize(a, b, c, shapeW, shapeH);",
        "auto set = aclmdlCreateAIPP(",
        "#define W 8\n",
        "#if X\n",
        "#endif\n",
        "enum { W, H = W };",
        "const int w = W;",
        "void f() {",
        "if (a) {",
        "}",
        ")",
        "(",
        '"',
        "'",
        "/*",
        "\\\n",
        "宽",
        "\udcff",
        "\ufeff",
        "\x00",
        "\r\n",
        '"a.om"',
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(_FRAGMENTS, st.text(max_size=6)), max_size=25))
def test_any_text_is_read_and_places_lie_inside_it(fragments: list[str]) -> None:
    source = Source("a.cpp", "".join(fragments))
    for found in read_cpp(source).settings:
        runtime = found.runtime
        paths: list[tuple[str, ...]] = [(key,) for key in {*runtime.values, *runtime.unknown}]
        paths += [(key, inner) for key, value in runtime.values.items() if isinstance(value, dict) for inner in value]
        places = [found.head, *(runtime.place(*path) for path in paths)]
        places += [swap.place for swap in runtime.swaps]
        assert all(0 <= place.span.start <= place.span.end <= len(source.text) for place in places)


@pytest.mark.parametrize(
    "code",
    [
        "void f() { aclmdlSetAIPPSrcImageSize(set, " + "(" * 20_000 + "1" + ")" * 20_000 + ", 3); }",
        "void f() " + "{" * 20_000 + "aclmdlSetAIPPSrcImageSize(set, 1, 2);" + "}" * 20_000,
        "}{)(aclmdlSetAIPPSrcImageSize(" * 2_000,
        "".join(f"#define A{i} A{i + 1}\n" for i in range(5_000))
        + "void f() { aclmdlSetAIPPSrcImageSize(set, A0, A1); }",
        "".join(f"const int a{i} = a{i + 1} + a{i + 1};\n" for i in range(99))
        + "void f() { aclmdlSetAIPPSrcImageSize(set, a0, a1); }",
        "void f() { aclmdlSetAIPPSrcImageSize(set, " + " + ".join(["1"] * 5_000) + ", 3); }",
        "enum {"
        + ",".join(f"A{i}" for i in range(5_000))
        + "};\nvoid f() {"
        + "".join(f"aclmdlSetAIPPSrcImageSize(set, A{i}, 2);" for i in range(500))
        + "}",
    ],
    ids=["parentheses", "braces", "garbage", "chain", "doubling", "sum", "enumerators"],
)
def test_hostile_code_costs_little(code: str) -> None:
    with at_most():
        read_cpp(Source("a.cpp", code))
