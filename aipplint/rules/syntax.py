"""AIPP001, AIPP004 to AIPP007, AIPP010: the signs of the syntax. What is in the text besides: text.py."""

from __future__ import annotations

from collections.abc import Iterator

from aipplint.config.config import Config
from aipplint.findings import Fix, Place, Problem, Related, Severity, clean
from aipplint.rules.rule import rule
from aipplint.source import Span
from aipplint.syntax.tree import Slip

PARSE_FAILED = "E13005"
"""Older releases call the same failure E19005 and E19999 (``FORMER_CODES``)."""

_SYNTAX_ERRORS = {
    "instead-of-field": "'{found}' where a field name or the end of the block is needed",
    "after-name": "'{found}' behind '{name}', where ':' and a value are needed",
    "lone-name": "'{name}' has no value; a field is written 'name: value'",
    "wrong-close": "'{found}' closes what '{opened}' opened; it takes '{right}'",
    "wrong-bracket": "'{found}' where '{right}' is needed",
    "quoted-name": "the field name {name} is in quotes; names are written without",
    "decimal-comma": "{written}: the decimal sign is a point, a comma ends the field",
    "missing-open": "'{name}' opens a block, but the '{{' is missing",
    "extra-sign": "'{found}' behind '{before}', where the value must begin",
    "missing-value": "no value behind '{before}'",
    "bracket-instead-of-value": "'{found}' where a value is needed",
    "instead-of-value": "'{found}' is no value",
    "after-value": "'{found}' behind the value; the next must be a separator, a field or the end of the block",
    "missing-comma": "the values of a list are separated by commas",
    "unclosed-list": "the list is not closed: '{found}' where ',' or ']' is needed",
    "missing-blank": "the number {number} runs into the name {name}; a blank must separate them",
    "bad-bytes": "bytes that are not UTF-8 outside of a comment (GBK?); only ASCII is allowed there",
    "json": "this is JSON; ATC reads protobuf text format: aipp_op { name: value }",
    "xml": "this is XML; ATC reads protobuf text format: aipp_op { name: value }",
    "ini": "this is an INI file, as the benchmark tool reads at run time; ATC reads aipp_op { name: value }",
    "too-many": "too many syntax errors; the rest of the file was not read",
}


def slips(config: Config, *kinds: str) -> Iterator[tuple[Slip, Place]]:
    """The slips of some kinds with their places; none in the file of another tool."""
    if config.dialect is None:
        for slip in config.tree.slips:
            if slip.kind in kinds:
                yield slip, Place(config.source, slip.span)


def shown(slip: Slip) -> dict[str, str]:
    """The values of a slip for a message: on one line, cut to size, nothing hidden in them."""
    values = {}
    for name, value in slip.values.items():
        line = clean(" ".join(value.split()))
        values[name] = line if len(line) <= 40 else line[:37] + "..."
    return values


def fix_of(slip: Slip, message: str, safe: bool) -> Fix | None:
    """The edits of a slip as a fix."""
    return Fix(message, slip.edits, safe) if slip.edits else None


@rule("AIPP001", "syntax-error", Severity.ERROR, atc=PARSE_FAILED)
def syntax_error(config: Config) -> Iterator[Problem]:
    """The text-format parser of the compiler rejects this.

    ATC reads the file with protobuf's text-format parser and stops at the first thing it does not know. What
    people see is a code with the name of the file; line and column only reach a log. The common slips have rules of
    their own, this one says the rest.

    | release | code |
    |---|---|
    | up to CANN 8.1 | E19005 |
    | CANN 8.5 and 9.0, betas of 9.1 | E19999 |
    | CANN 9.1.0 and later | E13005 |

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format:  # <--
      src_image_size_w: 224
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

    Write `name: value` for a field and `name { ... }` for a block; separate what stands on one line by blanks.

    ## Source

    Facts 2.3, 2.4 and F10: `google::protobuf::TextFormat::Parse` with its default parser, proto_util.cc 90-96;
    the literal tables were run on protobuf 3.13, 3.21 and 25.1.
    """
    for slip, place in slips(config, *_SYNTAX_ERRORS):
        fix = fix_of(slip, "insert a blank", True) if slip.kind == "missing-blank" else None
        related: tuple[Related, ...] = ()
        if slip.related >= 0:
            opened = Place(config.source, Span(slip.related, slip.related + 1))
            related = (Related(opened, "opened here"),)
        yield Problem(place, _SYNTAX_ERRORS[slip.kind], shown(slip), related, fix)


@rule("AIPP004", "missing-colon", Severity.ERROR, atc=PARSE_FAILED)
def missing_colon(config: Config) -> Iterator[Problem]:
    """The colon between a field and its value is missing.

    Only a block may follow its name without one.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      csc_switch false  # <--
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

    Put a colon behind the name.

    ## Source

    Facts 2.4 (run).
    """
    for slip, place in slips(config, "missing-colon"):
        fix = fix_of(slip, "insert ':'", True)
        yield Problem(place, "no ':' between {name} and its value", shown(slip), fix=fix)
    for op in config.ops:
        for field in op.block.fields:
            if field.listed and not field.colon and not field.blocks:
                yield Problem(op.at(field.name_span), "no ':' between {name} and its list", {"name": field.name.text})


@rule("AIPP005", "equals-sign", Severity.ERROR, atc=PARSE_FAILED)
def equals_sign(config: Config) -> Iterator[Problem]:
    """An equals sign stands where the colon must be.

    INI files and shell scripts write `crop = true`; protobuf text format writes `crop: true`.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format = RGB888_U8  # <--
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

    Replace `=` by `:`.

    ## Source

    Facts 2.4 (run).
    """
    for slip, place in slips(config, "equals-sign"):
        yield Problem(place, "'=' where ':' is needed", fix=fix_of(slip, "replace by ':'", True))


@rule("AIPP006", "unclosed-block", Severity.ERROR, atc=PARSE_FAILED)
def unclosed_block(config: Config) -> Iterator[Problem]:
    """A block is opened and never closed.

    The compiler notices at the end of the file, or at the next `aipp_op`, which it takes for a field of the open one.

    ## Wrong

    ```aipp
    aipp_op {  # <--
      aipp_mode: static
      input_format: RGB888_U8
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
    }
    ```

    ## Fix

    Close the block.

    ## Source

    Facts 2.4 (run).
    """
    for slip, place in slips(config, "unclosed-block"):
        yield Problem(place, "'{bracket}' of {name} is never closed", shown(slip))


@rule("AIPP007", "unmatched-close", Severity.ERROR, atc=PARSE_FAILED)
def unmatched_close(config: Config) -> Iterator[Problem]:
    """A bracket closes a block that is not open.

    One closing bracket too many, or one that closes the block before its last fields.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
    }
    }  # <--
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
    }
    ```

    ## Fix

    Delete the bracket, or the earlier one that closes too soon.

    ## Source

    Facts 2.4 (run).
    """
    for slip, place in slips(config, "unmatched-close"):
        yield Problem(place, "'{found}' closes nothing: no block is open here", shown(slip))


@rule("AIPP010", "extra-separator", Severity.ERROR, atc=PARSE_FAILED)
def extra_separator(config: Config) -> Iterator[Problem]:
    """A separator too many.

    One `;` or `,` may follow a field; none may stand in front, none twice, and none before the `]` of a list.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: static;
      input_format: RGB888_U8;;  # <--
    }
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: static;
      input_format: RGB888_U8;
    }
    ```

    ## Fix

    Delete it.

    ## Source

    Facts 2.4 (run).
    """
    for slip, place in slips(config, "extra-separator"):
        yield Problem(place, "'{found}' with nothing to separate", shown(slip), fix=fix_of(slip, "delete it", True))


RULES = (syntax_error, missing_colon, equals_sign, unclosed_block, unmatched_close, extra_separator)
