"""The table of codes: the meaning of each one in one line, and its other names."""

from __future__ import annotations

from collections.abc import Sequence

from aipplint.explain.size_causes import SIZE
from aipplint.hardware.releases import FORMER_CODES, former_names
from aipplint.records import NamedTuple
from aipplint.rules.acl_ranges import CALLS as SETTERS
from aipplint.rules.rule import Rule
from aipplint.rules.runtime_model import SET_BATCH_SIZE, SET_INPUT_AIPP
from aipplint.rules.runtime_profiles import SET_HW_SIZE


class Code(NamedTuple):
    """An error code of the toolchain. ``meaning`` completes "the toolchain says that ..."."""

    name: str
    meaning: str


def _table() -> dict[str, Code]:
    rows = (
        ("E10001", "the value of an option is not valid"),
        ("E10002", "the syntax of --input_shape is not valid"),
        ("E10003", "the value of an option is not valid"),
        ("E10004", "a required option is empty"),
        ("E10005", "the value of a switch is neither true nor false"),
        ("E10007", "--framework is missing, or ATC does not know its value"),
        ("E10008", "a Caffe model has no --weight"),
        (
            "E10009",
            "--dynamic_batch_size, --dynamic_image_size, --dynamic_dims and --input_shape_range exclude each other",
        ),
        ("E10011", "--input_shape has a size that is not greater than 0, and no dynamic option sets it"),
        (
            "E10012",
            "--dynamic_batch_size requires inputs with a batch, but --input_shape has an input without dimensions",
        ),
        ("E10013", "a number in an option is too large"),
        ("E10014", "a number in an option cannot be read"),
        ("E10016", "an option names a node that the model does not have"),
        ("E10017", "an option names a node that is not an input of the model"),
        ("E10018", "with --dynamic_batch_size only the batch may be -1"),
        ("E10019", "with --dynamic_image_size exactly the height and the width must be -1 in --input_shape"),
        ("E10020", "a profile in --dynamic_image_size is not H,W"),
        ("E10031", "--dynamic_batch_size is set, but no input has the batch -1"),
        ("E10033", "--dynamic_batch_size contains something that is not a number (old releases; later E10003)"),
        ("E10042", "a profile in --dynamic_dims does not have one number for each -1 (old releases; later E10003)"),
        ("E10034", "--input_fp16_nodes lists an input with AIPP"),
        ("E10035", "there are fewer than two profiles"),
        ("E10036", "there are too many profiles"),
        ("E10037", "the profiles are of different lengths"),
        ("E10038", "a profile contains a size that is not greater than 0"),
        ("E10039", "a profile is duplicated"),
        ("E10040", "profiles require -1 in --input_shape, and cannot be combined with ranges (n1~n2)"),
        ("E10041", "the model is not an AIR file, which --framework=1 requires"),
        ("E10045", "--input_shape has more -1 than the profiles have numbers"),
        ("E10046", "--input_shape has more -1 than the profiles have numbers"),
        ("E10047", "two options exclude each other"),
        ("E10048", "the syntax of a shape range is not valid"),
        ("E10049", "the number of dimensions of a shape differs from that of the model's input"),
        ("E10050", "a size in --input_shape is outside of its range"),
        ("E10052", "the AIPP configuration is not valid"),
        ("E10054", "a required option is empty, or the value of an option is not quoted (a ';' ends a command)"),
        ("E10056", "two options exclude each other"),
        ("E10058", "an option has no value"),
        ("E10061", "the value of an option is unknown"),
        ("E11010", "--input_shape sets a number of dimensions that differs from the ONNX model (ATC prints no text)"),
        ("E13001", "a file cannot be opened"),
        ("E13005", "a file is not valid protobuf: usually the AIPP configuration, otherwise the model"),
        ("E13014", "a parameter of an operator is not valid"),
        ("E13015", "a file is empty or too large"),
        ("E19999", "an internal error; its text contains the cause"),
        ("E70014", "the output size of AIPP does not match the model's input size"),
        ("E81012", "the AIPP operator cannot be compiled"),
        ("EZ0009", "the output size of AIPP does not match the model's input size, or is too wide (Ascend 950)"),
        ("EZ0031", "a setting of the AIPP operator is missing (Ascend 950)"),
        ("EZ0032", "the AIPP operator does not support this input_format (Ascend 950)"),
        ("EZ0033", "the AIPP operator does not accept a value (Ascend 950)"),
        ("EZ0034", "values for the AIPP operator contradict each other (Ascend 950)"),
        ("EH0005", "the runtime rejects the settings of dynamic AIPP"),
        ("100000", "a call of the runtime rejected an argument (ACL_ERROR_INVALID_PARAM)"),
        ("145000", "an argument for the model, such as a buffer, is not valid (ACL_ERROR_GE_PARAM_INVALID)"),
        ("145011", "the buffer for the settings of dynamic AIPP has no address"),
        ("145012", "the buffer for the settings of dynamic AIPP or for the profile is too small"),
        ("145013", "the size or batch set at run time is not a profile of the model"),
        ("145014", "the batch in the settings of dynamic AIPP is 0"),
        ("145015", "the model has no such AIPP input"),
        ("145016", "the AIPP input has the wrong mode: static instead of dynamic, or the reverse"),
        ("507011", "the model failed while it ran on the device (ACL_ERROR_RT_MODEL_EXECUTE)"),
        (SIZE, "the size of a buffer differs from that of the model's input"),
        (SET_INPUT_AIPP, "the runtime rejects the settings of dynamic AIPP"),
        (SET_HW_SIZE, "the size set at run time is not a profile of the model"),
        (SET_BATCH_SIZE, "the batch set at run time is not a profile of the model"),
    )
    refused = "the call rejects this value"
    return {name: Code(name, meaning) for name, meaning in (*rows, *((name, refused) for name in SETTERS))}


CODES = _table()

_ANYTHING = frozenset(("E13001", "E13014", "E13015", "E19999", "145000", "507011"))
"""Codes that any mistake may carry, most of them not about AIPP: alone they tell nothing."""

_OF_ANY_OPTION = frozenset(
    ("E10001", "E10003", "E10004", "E10013", "E10014", "E10047", "E10054", "E10056", "E10058", "E10061")
)
"""Codes that ATC has for any of its options: which one it is, the text says."""

_OLD = {old: new for new, former in FORMER_CODES.items() for _, old in former if old not in CODES}
"""Codes of older releases, and what they are called now. E19999 was used for all kinds of things, and still is."""

_IN_USE = "6.0"
"""The oldest release whose names of codes are told beside those of today."""

_SYMBOLS = {
    "ACL_ERROR_INVALID_PARAM": "100000",
    "ACL_ERROR_GE_PARAM_INVALID": "145000",
    "ACL_ERROR_GE_DYNAMIC_INPUT_ADDR_INVALID": "145011",
    "ACL_ERROR_GE_DYNAMIC_INPUT_LENGTH_INVALID": "145012",
    "ACL_ERROR_GE_DYNAMIC_BATCH_SIZE_INVALID": "145013",
    "ACL_ERROR_GE_AIPP_BATCH_EMPTY": "145014",
    "ACL_ERROR_GE_AIPP_NOT_EXIST": "145015",
    "ACL_ERROR_GE_AIPP_MODE_INVALID": "145016",
    "ACL_ERROR_RT_MODEL_EXECUTE": "507011",
}
"""The numbers of the runtime by the names that its headers give them."""

_CALLS = {
    "EH0005": (SET_INPUT_AIPP,),
    "100000": (SET_INPUT_AIPP, *SETTERS),
    "145013": (SET_HW_SIZE, SET_BATCH_SIZE),
}
"""Codes that stand for calls: rules name the call."""


def canonical(word: str) -> str:
    """Return the name of a code in the table, or nothing: case is ignored, and Python names of calls are accepted."""
    if word.upper() in _OLD:
        return _OLD[word.upper()]
    if word.upper() in CODES or word.upper() in _SYMBOLS:
        return _SYMBOLS.get(word.upper(), word.upper())
    return _by_call().get(_call_key(word), "")


def _by_call() -> dict[str, str]:
    return {_call_key(name): name for name in CODES if name.startswith("acl")}


def _call_key(word: str) -> str:
    """A call as C and Python write it: aclmdlSetInputAIPP, acl.mdl.set_input_aipp."""
    return word.lower().replace("_", "").replace(".", "")


def titled(code: str) -> str:
    """Return a code with its older names, if they differ, or a call with the code that it returns."""
    if former := former_names(code, _IN_USE):
        return f"{code} ({former})"
    given = next((number for number, calls in _CALLS.items() if code in calls), "")
    return f"{code} ({given})" if given else code


def is_of_run_time(code: str) -> bool:
    """Return whether an application gets a code, and not ATC."""
    return not code.startswith("E") or code in _CALLS


def decides(code: str) -> bool:
    """Whether a code alone says what happened, so that its single rule is the cause."""
    return code not in _ANYTHING and code not in _OF_ANY_OPTION


def tells_nothing(code: str) -> bool:
    """Return whether a code without a known text may have any cause, even if it has rules."""
    return code in _ANYTHING


def rules_of(code: str, rules: Sequence[Rule]) -> tuple[Rule, ...]:
    """The rules that prevent a code of the table."""
    return tuple(rule for rule in rules if any(same(word, code) for word in rule.codes))


def same(found: str, code: str) -> bool:
    """Return whether a code of the table includes the code of a finding."""
    return found == code or found in _CALLS.get(code, ())
