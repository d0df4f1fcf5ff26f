"""AIPP101 to AIPP105: fields and values that the schema of the compiler does not know."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from aipplint.config.config import Config, Offence
from aipplint.findings import Edit, Fix, Problem, Severity, clean
from aipplint.hardware.releases import NEWEST, Release
from aipplint.rules.rule import OPERATOR_REJECTS, rule
from aipplint.rules.syntax import PARSE_FAILED
from aipplint.schema.fields import op_fields, table
from aipplint.schema.literals import INT32, bad_escape
from aipplint.schema.spec import OP, ROOT
from aipplint.suggest import DID_YOU_MEAN, nearest

_NOT_IN_SCHEMA = {
    "rotation_angle": "the manual's template lists rotation_angle, but no version of the compiler knows it: delete it",
    "resize_input_w": "resize_input_w is internal to the operator: delete it",
    "resize_input_h": "resize_input_h is internal to the operator: delete it",
    "output_bias_3": "there are three output biases, 0 to 2",
    "input_bias_3": "there are three input biases, 0 to 2",
    "crop_size": "a crop has a width and a height: crop_size_w and crop_size_h",
    "src_image_size": "a source image has a width and a height: src_image_size_w and src_image_size_h",
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
    r"BGR(888)?(_U8)?": "BGR images are RGB888_U8 with rbuv_swap_switch: true",
    r"RGB(888)?": "packed RGB images are RGB888_U8",
    r"X?BGRX?8888(_U8)?": "BGR with a fourth channel is XRGB8888_U8 with rbuv_swap_switch: true",
    r"NV21|YVU420SP(_U8)?": "NV21 images are YUV420SP_U8 with rbuv_swap_switch: true",
    r"NV12|YUV420SP": "NV12 images are YUV420SP_U8",
    r"(GRAY|GREY|Y8|YUV400)(_U8)?": "grey images are YUV400_U8",
}
_WANTED = {
    "int32": "a whole number",
    "uint32": "a whole number",
    "float": "a decimal number",
    "bool": "true or false",
    "string": "a string in quotes",
}


def _offences(config: Config, *keywords: str) -> Iterator[Offence]:
    return (offence for offence in config.offences if offence.violation.keyword in keywords)


@rule("AIPP101", "unknown-field", Severity.ERROR, atc=PARSE_FAILED)
def unknown_field(config: Config, release: Release) -> Iterator[Problem]:
    """The compiler knows no field of this name.

    One unknown name is enough for ATC to reject the whole file with E13005. Names are those of the schema, in
    lower case; the names of the run-time API (`dtc_pixel_mean_chn_0`, `scf_switch`) are not fields, and neither
    is `rotation_angle`, although the manual's template has it. Where `cann-version` names an older release, a
    field that came later counts as unknown.

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

    Correct the name, or delete the field (the fix renames; unsafe, because the nearest name is a guess).

    ## Source

    Facts K5, K7 (what releases differ in), X14 and W1.
    """
    for offence in _offences(config, "additionalProperties"):
        name = offence.field.name.text
        if offence.message == ROOT and name in op_fields():
            continue
        known = table().messages[offence.message]
        better, hint = _better_name(name, known)
        fix = None
        if better:
            edit = Edit(offence.field.name.start, offence.field.name.end, better)
            fix = Fix("rename to {better}", (edit,), safe=False)
        where = (
            "at the top level"
            if offence.message == ROOT
            else "in aipp_op"
            if offence.message == OP
            else "in multi_shape_op"
        )
        values: dict[str, object] = {"name": name, "where": where, "better": better}
        yield Problem(offence.place, "no field {name} {where}", values, fix=fix, help=hint)
    for op in config.ops if release is not NEWEST else ():
        for name in op.entries:
            since = op_fields()[name].since
            if not release.knows(since):
                values = {"name": name, "release": release, "since": since}
                yield Problem(op.name_place(name), "no field {name} in {release}; it came with {since}", values)


def _better_name(name: str, known: Iterable[str]) -> tuple[str, str]:
    """The field that was meant, as far as one can tell, and what to say."""
    if name in _NOT_IN_SCHEMA:
        return "", _NOT_IN_SCHEMA[name]
    for pattern, field in _RUNTIME_NAMES.items():
        if match := re.fullmatch(pattern, name):
            better = match.expand(field)
            return better, "{name} is a name of the run-time API; here it is {better}"
    better = nearest(name, known)
    return better, DID_YOU_MEAN if better else ""


@rule("AIPP102", "wrong-type", Severity.ERROR, atc=PARSE_FAILED)
def wrong_type(config: Config) -> Iterator[Problem]:
    """The literal does not fit the type of the field.

    Text format is strict: a whole number takes no decimal point, a float no leading zero and no hexadecimal, a
    switch only `true`, `True`, `t`, `1` and their opposites, an enum no quotes. A fractional mean goes to
    `min_chn_*`, which is subtracted as well.

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

    Write the value in the form that the message names.

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
    """AIPP009 speaks of it."""
    scalar, spec = offence.scalar, offence.spec
    if scalar is None or scalar.kind == "BAD_STRING":
        return scalar is not None
    is_string = scalar.kind == "STRING" and spec is not None and spec.proto == "string"
    return is_string and any(bad_escape(part.text[1:-1]) for part in scalar.parts)


def _type_message(offence: Offence) -> tuple[str, dict[str, object], str]:
    """Message, values and help for a literal that does not fit."""
    spec, scalar, name = offence.spec, offence.scalar, offence.field.name.text
    assert spec is not None
    proto = spec.proto
    values: dict[str, object] = {"name": name}
    if proto in table().messages:
        return "{name} takes a block, {{ ... }}", values, ""
    if offence.field.blocks:
        return "{name} takes a value, not a block", values, ""
    if offence.field.listed and not spec.repeated:
        return "{name} takes one value, not a list", values, ""
    assert scalar is not None
    values |= {"found": clean(scalar.literal[:40]), "wanted": _WANTED.get(proto, "one of the names of the enum")}
    message = "{name} takes {wanted}, not {found}"
    if proto in ("int32", "uint32") and scalar.kind == "FLOAT":
        values["field"] = name.replace("mean", "min")
        return message, values, "put the fractional part in {field}" if name.startswith("mean_chn_") else ""
    if proto == "float" and scalar.kind in ("INTEGER", "BAD_NUMBER") and re.match(r"0[0-9xX]", scalar.text):
        return "{name} takes a decimal number; {found} has a leading zero or is hexadecimal", values, ""
    if scalar.kind == "STRING" and proto != "string":
        return message, values, "without the quotes"
    if scalar.kind == "NAME" and proto == "string":
        return message, values, 'write {name}: "{found}"'
    if scalar.kind == "NAME" and proto == "bool":
        values["better"] = nearest(scalar.text, ("true", "false"))
        return message, values, DID_YOU_MEAN if values["better"] else ""
    return message, values, "no plus sign, no suffix, no fraction" if scalar.kind == "BAD_NUMBER" else ""


@rule("AIPP103", "integer-overflow", Severity.ERROR, atc=PARSE_FAILED)
def integer_overflow(config: Config) -> Iterator[Problem]:
    """The number does not fit into the 32 bits of the field.

    The parser rejects it; an unsigned field takes no minus sign at all, not even in front of 0.

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

    Give a number inside the range.

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
            yield Problem(offence.place, "{name} is unsigned and takes no minus sign, not even in {found}", values)
        elif type(value) is int and value not in range(low, high + 1):
            message = "{found} does not fit into {name}, which takes {low} to {high}"
            yield Problem(offence.place, message, {**values, "low": low, "high": high})


@rule("AIPP104", "unknown-enum-value", Severity.ERROR, atc=PARSE_FAILED)
def unknown_enum_value(config: Config) -> Iterator[Problem]:
    """The field has no value of this name.

    Names of formats and modes are matched letter by letter. There is no BGR format: BGR is `RGB888_U8` and NV21
    is `YUV420SP_U8`, each with `rbuv_swap_switch: true`.

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
    for offence in _offences(config, "enum"):
        value = offence.violation.value
        if isinstance(value, str):
            better = nearest(value, offence.violation.limit)
            hint = DID_YOU_MEAN if better else "known: {names}"
            if offence.field.name.text == "input_format":
                hint = _format_hint(value) or hint
            message = "{name} has no value {found}"
            values = {"name": offence.field.name.text, "found": clean(value[:40])}
            values |= {"better": better, "names": _names(offence)}
            yield Problem(offence.place, message, values, help=hint)


def _format_hint(name: str) -> str:
    """What to write for a format that does not exist under this name."""
    return next((hint for form, hint in _FORMAT_HINTS.items() if re.fullmatch(form, name, re.IGNORECASE)), "")


def _names(offence: Offence) -> str:
    return ", ".join(name for name in offence.violation.limit if name.lower() != "undefined")


@rule("AIPP105", "unknown-enum-number", Severity.ERROR, also=("E10052", OPERATOR_REJECTS), tiling="EZ0031")
def unknown_enum_number(config: Config, release: Release) -> Iterator[Problem]:
    """The number stands for no value of the enum.

    The parser lets any number pass. An unknown `aipp_mode` is then rejected (E10052, CANN 8.5 and later;
    before, it passed), and an unknown `input_format` is lost on the way to the operator of a static op, which misses it
    (E81012).

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
        message = "{found} stands for no value of {name}; known: {names}"
        severity, code = Severity.WARNING, ""
        if spec.name == "aipp_mode":
            message += "; CANN 8.5 and later refuse it"
            if release.judges_mode_numbers:
                severity, code = Severity.ERROR, "E10052"
        elif spec.name == "input_format" and any(
            op.is_static and offence.field in op.block.fields for op in config.ops
        ):
            severity, code = Severity.ERROR, OPERATOR_REJECTS
        yield Problem(offence.place, message, values, severity=severity, atc=code)


RULES = (unknown_field, wrong_type, integer_overflow, unknown_enum_value, unknown_enum_number)
