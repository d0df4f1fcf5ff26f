"""AIPP106 to AIPP108, AIPP110, AIPP112: values that the parser accepts, but that are wrong."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from aipplint.atc.build import Build
from aipplint.config.config import Config
from aipplint.config.op import AippOp, Entry
from aipplint.findings import Edit, Fix, Place, Problem, Related, Severity
from aipplint.hardware.products import product_of
from aipplint.hardware.releases import Release
from aipplint.rules.rule import OPERATOR_REJECTS, rule
from aipplint.rules.syntax import PARSE_FAILED
from aipplint.rules.wording import Phrase
from aipplint.schema.fields import op_fields, table
from aipplint.schema.literals import int_value, is_zero
from aipplint.schema.spec import ROOT

CONFIGURATION_INVALID = "E10052"

_NEGATIVE_E10052 = (
    "src_image_size_w src_image_size_h load_start_pos_w load_start_pos_h crop_size_w resize_output_w"
    " resize_output_h left_padding_size right_padding_size top_padding_size bottom_padding_size"
).split()


@rule("AIPP106", "duplicate-field", Severity.ERROR, atc=PARSE_FAILED)
def duplicate_field(config: Config) -> Iterator[Problem]:
    """A field that can have only one value is set twice.

    The parser rejects the second value if the first is not zero. It treats a first value of 0, `false` or an empty
    string as not set, so that the second value silently overrides it; then the finding is a warning.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      src_image_size_w: 224
      src_image_size_h: 224
      src_image_size_w: 256  # <--
    }
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      src_image_size_w: 256
      src_image_size_h: 224
    }
    ```

    ## Fix

    Keep one of them (the fix keeps the later one; unsafe, because the earlier may be the right one).

    ## Source

    Fact X13.
    """
    for message in config.messages:
        specs = table().messages[table().messages[ROOT][message.name].proto]
        for name, entries in message.entries.items():
            if specs[name].repeated:
                continue
            for earlier, later in pairwise(entries):
                if earlier.value is not None:
                    yield _duplicate(config, name, earlier, later)


def _duplicate(config: Config, name: str, earlier: Entry, later: Entry) -> Problem:
    source = config.source
    related = Related(Place(source, earlier.field.span), "it is first set here")
    end = (
        later.field.name.start
        if source.text[earlier.field.end : later.field.name.start].isspace()
        else earlier.field.end
    )
    fix = Fix("delete the earlier field", (Edit(earlier.field.name.start, end, ""),), safe=False)
    values = {"name": name, "earlier": earlier.scalar.literal, "later": later.scalar.literal}
    place = Place(source, later.field.name_span)
    assert earlier.value is not None
    if (
        is_zero(earlier.value)
        or (name == "mode" and earlier.value == "batch")
        or earlier.value in ("undefined", "UNDEFINED")
    ):
        message = "duplicate field {name}; the parser reads {earlier} as not set, and {later} overrides it"
        return Problem(place, message, values, (related,), fix, severity=Severity.WARNING)
    message = "duplicate field {name} with {earlier} and {later}; it can have only one value"
    return Problem(place, message, values, (related,), fix)


@rule("AIPP107", "repeated-coefficient", Severity.ERROR, atc=CONFIGURATION_INVALID)
def repeated_coefficient(config: Config, release: Release) -> Iterator[Problem]:
    """A coefficient is set more than once.

    `var_reci_chn_*`, `matrix_*`, `output_bias_*` and `input_bias_*` are lists in the schema, so that ATC can
    distinguish a missing one from 0. The parser therefore accepts several values, but a later check rejects them, in
    static and dynamic AIPP. Up to CANN 6.0 (`cann-version`), this includes `input_edge_idx`.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      var_reci_chn_0: 0.0171247
      var_reci_chn_0: 0.0175070  # <--
    }
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      var_reci_chn_0: 0.0171247
      var_reci_chn_1: 0.0175070
      var_reci_chn_2: 0.0174291
    }
    ```

    ## Fix

    Keep one value; often the other one is for another channel.

    ## Source

    Facts V3 and V4: aipp_op.cc 696-738, and ge_aipp_op.cc of GraphEngine r1.11.
    """
    for offence in config.offences:
        if offence.violation.keyword == "maxItems":
            values = {"name": offence.field.name.text, "count": len(offence.violation.value)}
            yield Problem(offence.place, "{name} is set {count} times; it can be set only once", values)
    for op in config.ops if release.takes_one_edge else ():
        edges = op.entries.get("input_edge_idx", [])
        if len(edges) > 1:
            message = "input_edge_idx is set {count} times; {release} supports only one"
            yield Problem(op.at(edges[1].scalar.span), message, {"count": len(edges), "release": release})


@rule("AIPP108", "surprising-number", Severity.WARNING)
def surprising_number(op: AippOp) -> Iterator[Problem]:
    """An integer is octal or hexadecimal.

    A leading zero means octal, as in C: `010` is 8.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      src_image_size_w: 0224  # <--
      src_image_size_h: 148
    }
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      src_image_size_w: 224
      src_image_size_h: 224
    }
    ```

    ## Fix

    Write the number in decimal.

    ## Source

    Facts X7 and X8.
    """
    for name, entries in op.entries.items():
        for entry in entries:
            scalar = entry.scalar
            if scalar.kind != "INTEGER" or scalar.text[0] != "0" or len(scalar.text) == 1 or entry.value is None:
                continue
            value = int_value(scalar)
            hexadecimal = scalar.text[1] in "xX"
            if hexadecimal or value != int(scalar.text):
                values = {"name": name, "found": scalar.literal[:24], "value": str(value)[:24]}
                message = "{name} is {found}, which is octal for {value}"
                if hexadecimal:
                    message = "{name} is {found}, which is hexadecimal for {value}"
                yield Problem(op.at(scalar.span), message, values)


@rule("AIPP110", "reserved-field", Severity.WARNING)
def reserved_field(config: Config, build: Build, release: Release) -> Iterator[Problem]:
    """The field has no effect.

    ATC does not pass `cpadding_value` and `single_line_mode` to the operator, nor `input_edge_idx` since CANN 8.5. No
    product supports rotation (`support_rotation`). Only discontinued chips use `raw_rgbir_to_f16_n`. ATC parses
    `multi_shape_op`, but does not use it.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      cpadding_value: 1.0  # <--
    }
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
    }
    ```

    ## Fix

    Delete the field.

    ## Source

    Facts S5 (what is never sent), V4, T28, K1 and W2.
    """
    product = product_of(build.soc_version)
    reads_raw = product is not None and product.raw_shift > 0
    for message in config.messages:
        if message.name == "multi_shape_op":
            place = Place(config.source, message.field.name_span)
            yield Problem(place, "multi_shape_op has no effect; ATC does not use it")
    for op in config.ops:
        for name, entries in op.entries.items():
            reserved = op_fields()[name].reserved
            value = entries[-1].value
            if not reserved or value is None or (is_zero(value) and not op_fields()[name].repeated):
                continue
            if (name == "raw_rgbir_to_f16_n" and reads_raw) or (name == "support_rotation" and op.is_static):
                continue
            if name == "input_edge_idx" and not release.ignores_edges:
                continue
            yield Problem(op.place(name), "{name} has no effect; {why}", {"name": name, "why": Phrase(reserved)})


@rule("AIPP112", "negative-size", Severity.ERROR, atc=CONFIGURATION_INVALID, also=(OPERATOR_REJECTS,), tiling="EZ0033")
def negative_size(op: AippOp) -> Iterator[Problem]:
    """A size or position of a static operator is negative.

    ATC rejects it even if the switch of the field is false. It does not check `crop_size_h`, which fails later, when
    ATC compiles the operator, and only if `crop` is true.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      left_padding_size: -2  # <--
    }
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      left_padding_size: 0
    }
    ```

    ## Fix

    Set 0 or more.

    ## Source

    Facts V7 and V8: aipp_op.cc 749-770.
    """
    if not op.is_static:
        return
    for name in (*_NEGATIVE_E10052, "crop_size_h"):
        value = op.number(name)
        if value is None or value >= 0:
            continue
        values = {"name": name, "found": value}
        if name != "crop_size_h":
            yield Problem(op.value_place(name), "{name} is {found}; it must not be negative", values)
        elif op.on("crop"):
            message = "{name} is {found}; it must not be negative, although only the operator checks it"
            yield Problem(op.value_place(name), message, values, atc=OPERATOR_REJECTS)


RULES = (duplicate_field, repeated_coefficient, surprising_number, reserved_field, negative_size)
