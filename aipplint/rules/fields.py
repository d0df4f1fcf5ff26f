"""AIPP101 to AIPP105: fields and values that the schema of ATC does not define."""

from __future__ import annotations

import re
from collections.abc import Iterator

from aipplint.config.config import Config, Offence
from aipplint.findings import Edit, Fix, Problem, Severity, clean
from aipplint.hardware.releases import NEWEST, Release
from aipplint.rules.rule import OPERATOR_REJECTS, rule
from aipplint.rules.syntax import PARSE_FAILED
from aipplint.schema.fields import op_fields, table
from aipplint.schema.literals import INT32, bad_escape
from aipplint.schema.spec import OP, ROOT
from aipplint.suggest import DID_YOU_MEAN, Nearest, nearest

_NOT_IN_SCHEMA = {
    "rotation_angle": "delete it; the manual's template has it, but no version of ATC supports it",
    "resize_input_w": "delete it; it is internal to the operator",
    "resize_input_h": "delete it; it is internal to the operator",
    "output_bias_3": "there are only three output biases, 0 to 2",
    "input_bias_3": "there are only three input biases, 0 to 2",
    "crop_size": "use crop_size_w and crop_size_h",
    "src_image_size": "use src_image_size_w and src_image_size_h",
}
_RUNTIME_NAMES = {
    r"dtc_pixel_mean_chn_?([0-3])": r"mean_chn_\1",
    r"dtc_pixel_min_chn_?([0-3])": r"min_chn_\1",
    r"dtc_pixel_var_reci_chn_?([0-3])": r"var_reci_chn_\1",
    r"crop_start_pos_([wh])": r"load_start_pos_\1",
    r"padding_size_(left|right|top|bottom)": r"\1_padding_size",
    r"scf_switch": "resize",
    r"scf_output_size_([wh])": r"resize_output_\1",
    r"crop_switch": "crop",
    r"padding_switch": "padding",
}
_FORMAT_HINTS = {
    r"BGR(888)?(_U8)?": "for BGR images, use RGB888_U8 and rbuv_swap_switch: true",
    r"RGB(888)?": "for packed RGB images, use RGB888_U8",
    r"X?BGRX?8888(_U8)?": "for BGR images with a fourth channel, use XRGB8888_U8 and rbuv_swap_switch: true",
    r"NV21|YVU420SP(_U8)?": "for NV21 images, use YUV420SP_U8 and rbuv_swap_switch: true",
    r"NV12|YUV420SP": "for NV12 images, use YUV420SP_U8",
    r"(GRAY|GREY|Y8|YUV400)(_U8)?": "for grey images, use YUV400_U8",
}
_WRONG_TYPE = {
    "int32": "{name} is {found}; it must be an integer",
    "uint32": "{name} is {found}; it must be an integer",
    "float": "{name} is {found}; it must be a decimal number",
    "bool": "{name} is {found}; it must be true or false",
    "string": "{name} is {found}; it must be a string in quotes",
}
_NOT_IN_ENUM = "{name} is {found}; it must be one of the names of the enum"
_UNKNOWN = {ROOT: "unknown field {name} at the top level", OP: "unknown field {name} in aipp_op"}


def _offences(config: Config, *keywords: str) -> Iterator[Offence]:
    return (offence for offence in config.offences if offence.violation.keyword in keywords)


@rule("AIPP101", "unknown-field", Severity.ERROR, atc=PARSE_FAILED)
def unknown_field(config: Config, release: Release) -> Iterator[Problem]:
    """The field is unknown to ATC.

    ATC rejects the whole file with E13005 for one unknown name. The names are those of the schema, in lower case. The
    names of the run-time API (`dtc_pixel_mean_chn_0`, `scf_switch`) are not fields, and neither is `rotation_angle`,
    although the manual's template has it. If `cann-version` is an older release, fields of later releases are unknown.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      csc_swtich: false  # <--
    }
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      csc_switch: false
    }
    ```

    ## Fix

    Correct the name, or delete the field (the fix renames it; unsafe, because the nearest name is a guess).

    ## Source

    Facts K5, K7 (what releases differ in), X14 and W1.
    """
    meant_by = {message: Nearest(known) for message, known in table().messages.items()}
    for offence in _offences(config, "additionalProperties"):
        name = offence.field.name.text
        if offence.message == ROOT and name in op_fields():
            continue
        better, hint = _better_name(name, meant_by[offence.message])
        fix = None
        if better:
            edit = Edit(offence.field.name.start, offence.field.name.end, better)
            fix = Fix("rename it to {better}", (edit,), safe=False)
        message = _UNKNOWN.get(offence.message, "unknown field {name} in multi_shape_op")
        values: dict[str, object] = {"name": name, "better": better}
        yield Problem(offence.place, message, values, fix=fix, help=hint)
    for op in config.ops if release is not NEWEST else ():
        for name in op.entries:
            since = op_fields()[name].since
            if not release.knows(since):
                values = {"name": name, "release": release, "since": since}
                yield Problem(op.name_place(name), "unknown field {name} in {release}; it was added in {since}", values)


def _better_name(name: str, meant_by: Nearest) -> tuple[str, str]:
    """Return the field that was probably meant, and a help line."""
    if name in _NOT_IN_SCHEMA:
        return "", _NOT_IN_SCHEMA[name]
    for pattern, field in _RUNTIME_NAMES.items():
        if match := re.fullmatch(pattern, name):
            better = match.expand(field)
            return better, "{name} is a name of the run-time API; use {better}"
    better = meant_by(name)
    return better, DID_YOU_MEAN if better else ""


@rule("AIPP102", "wrong-type", Severity.ERROR, atc=PARSE_FAILED)
def wrong_type(config: Config) -> Iterator[Problem]:
    """The value does not match the type of the field.

    The text format is strict: an integer has no decimal point, a float neither leading zeros nor hexadecimal digits, an
    enum no quotes, and a switch is only `true`, `True`, `t`, `1` or their opposites. Put the fractional part of a mean
    in `min_chn_*`, which is subtracted as well.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      mean_chn_0: 123.675  # <--
    }
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      min_chn_0: 123.675
    }
    ```

    ## Fix

    Write the value in the form of the message.

    ## Source

    Facts X7 to X11.
    """
    for offence in _offences(config, "type", "enum"):
        if isinstance(offence.violation.value, (str, int)) and offence.violation.keyword == "enum":
            continue
        if not _is_negative_unsigned(offence) and not _is_bad_string(offence):
            message, values, hint = _type_message(offence)
            yield Problem(offence.place, message, values, help=hint)


def _is_negative_unsigned(offence: Offence) -> bool:
    scalar, spec = offence.scalar, offence.spec
    is_negative = scalar is not None and scalar.negative and scalar.kind == "INTEGER"
    return is_negative and spec is not None and spec.proto == "uint32"


def _is_bad_string(offence: Offence) -> bool:
    """Return whether AIPP009 reports it."""
    scalar, spec = offence.scalar, offence.spec
    if scalar is None or scalar.kind == "BAD_STRING":
        return scalar is not None
    is_string = scalar.kind == "STRING" and spec is not None and spec.proto == "string"
    return is_string and any(bad_escape(part.text[1:-1]) for part in scalar.parts)


def _type_message(offence: Offence) -> tuple[str, dict[str, object], str]:
    """Return the message, values and help for a value of another type."""
    spec, scalar, name = offence.spec, offence.scalar, offence.field.name.text
    assert spec is not None
    proto = spec.proto
    values: dict[str, object] = {"name": name}
    if proto in table().messages:
        return "{name} must be a block, {{ ... }}", values, ""
    if offence.field.blocks:
        return "{name} must be a value, not a block", values, ""
    if offence.field.listed and not spec.repeated:
        return "{name} must be one value, not a list", values, ""
    assert scalar is not None
    values["found"] = clean(scalar.literal[:40])
    message = _WRONG_TYPE.get(proto, _NOT_IN_ENUM)
    if proto in ("int32", "uint32") and scalar.kind == "FLOAT":
        values["field"] = name.replace("mean", "min")
        return message, values, "put the fractional part in {field}" if name.startswith("mean_chn_") else ""
    if proto == "float" and scalar.kind in ("INTEGER", "BAD_NUMBER") and re.match(r"0[0-9xX]", scalar.text):
        return "{name} is {found}; it must be a decimal number without leading zeros", values, ""
    if scalar.kind == "STRING" and proto != "string":
        return message, values, "delete the quotes"
    if scalar.kind == "NAME" and proto == "string":
        return message, values, 'write {name}: "{found}"'
    if scalar.kind == "NAME" and proto == "bool":
        values["better"] = nearest(scalar.text, ("true", "false"))
        return message, values, DID_YOU_MEAN if values["better"] else ""
    advice = "write the number without plus sign, suffix and fraction" if scalar.kind == "BAD_NUMBER" else ""
    return message, values, advice


@rule("AIPP103", "integer-overflow", Severity.ERROR, atc=PARSE_FAILED)
def integer_overflow(config: Config) -> Iterator[Problem]:
    """The number exceeds the 32 bits of the field.

    The parser rejects it. An unsigned field must not have a minus sign, not even before 0.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: dynamic
      max_src_image_size: -1  # <--
    }
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: dynamic
      max_src_image_size: 752640
    }
    ```

    ## Fix

    Set a number in the range.

    ## Source

    Fact X7.
    """
    for offence in _offences(config, "minimum", "maximum", "enum", "type"):
        spec, scalar, value = offence.spec, offence.scalar, offence.violation.value
        if spec is None or scalar is None:
            continue
        values = {"name": spec.name, "found": scalar.literal[:24]}
        unsigned = spec.proto == "uint32"
        low, high = (0, 2**32 - 1) if unsigned else (INT32[0], INT32[-1])
        if _is_negative_unsigned(offence) or (unsigned and scalar.negative and offence.violation.keyword == "minimum"):
            yield Problem(offence.place, "{name} is {found}; it is unsigned and must not have a minus sign", values)
        elif type(value) is int and value not in range(low, high + 1):
            message = "{name} is {found}; the range is {low} to {high}"
            yield Problem(offence.place, message, {**values, "low": low, "high": high})


@rule("AIPP104", "unknown-enum-value", Severity.ERROR, atc=PARSE_FAILED)
def unknown_enum_value(config: Config) -> Iterator[Problem]:
    """The value is not one of the names that the field allows.

    The names of formats and modes must match exactly. There is no BGR format: use `RGB888_U8` for BGR and `YUV420SP_U8`
    for NV21, both with `rbuv_swap_switch: true`.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: BGR888_U8  # <--
    }
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      rbuv_swap_switch: true
    }
    ```

    ## Fix

    Use one of the names of the schema.

    ## Source

    Facts K4, X10 and W5 (names that do not exist).
    """
    meant_by: dict[str, Nearest] = {}
    for offence in _offences(config, "enum"):
        value = offence.violation.value
        if isinstance(value, str):
            better = meant_by.setdefault(offence.field.name.text, Nearest(offence.violation.limit))(value)
            hint = DID_YOU_MEAN if better else "use one of {names}"
            if offence.field.name.text == "input_format":
                hint = _format_hint(value) or hint
            message = "unknown value {found} of {name}"
            values = {"name": offence.field.name.text, "found": clean(value[:40])}
            values |= {"better": better, "names": _names(offence)}
            yield Problem(offence.place, message, values, help=hint)


def _format_hint(name: str) -> str:
    """Return a help line for a format that has another name in AIPP."""
    return next((hint for form, hint in _FORMAT_HINTS.items() if re.fullmatch(form, name, re.IGNORECASE)), "")


def _names(offence: Offence) -> str:
    return ", ".join(name for name in offence.violation.limit if name.lower() != "undefined")


@rule("AIPP105", "unknown-enum-number", Severity.ERROR, also=("E10052", OPERATOR_REJECTS), tiling="EZ0031")
def unknown_enum_number(config: Config, release: Release) -> Iterator[Problem]:
    """The number is not a value of the enum.

    The parser accepts any number. ATC then rejects an unknown `aipp_mode` (E10052, CANN 8.5 and later). It drops an
    unknown `input_format`, and a static operator fails because the format is missing (E81012).

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: 7  # <--
      input_format: RGB888_U8
    }
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: 1
      input_format: 3
    }
    ```

    ## Fix

    Write the name.

    ## Source

    Facts X10, V1 and T2.
    """
    for offence in _offences(config, "enum"):
        value, spec = offence.violation.value, offence.spec
        if type(value) is not int or value not in INT32 or spec is None:
            continue
        values = {"name": spec.name, "found": value, "names": _names(offence)}
        severity, code, note = Severity.WARNING, "", ""
        if spec.name == "aipp_mode":
            note = "CANN 8.5 and later reject it"
            if release.judges_mode_numbers:
                severity, code = Severity.ERROR, "E10052"
        elif spec.name == "input_format" and any(
            op.is_static and offence.field in op.block.fields for op in config.ops
        ):
            severity, code = Severity.ERROR, OPERATOR_REJECTS
        message = "{found} is not a value of {name}; use one of {names}"
        yield Problem(offence.place, message, values, severity=severity, atc=code, note=note)


RULES = (unknown_field, wrong_type, integer_overflow, unknown_enum_value, unknown_enum_number)
