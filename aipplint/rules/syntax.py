"""AIPP001, AIPP004 to AIPP007, AIPP010: the punctuation of the syntax. text.py has the rules for other characters."""

from __future__ import annotations

from collections.abc import Iterator

from aipplint.config.config import Config
from aipplint.findings import Fix, Place, Problem, Related, Severity, clean
from aipplint.rules.rule import rule
from aipplint.source import Span
from aipplint.syntax.tree import SyntaxIssue

PARSE_FAILED = "E13005"
"""Older releases call the same failure E19005 and E19999 (``FORMER_CODES``)."""

_SYNTAX_ERRORS = {
    "instead-of-field": "unexpected '{found}'; a field name or the end of the block is required here",
    "after-name": "unexpected '{found}' after '{name}'; ':' and a value are required here",
    "lone-name": "missing value of '{name}'; write 'name: value'",
    "wrong-close": "'{found}' closes a block that '{opened}' opens; use '{right}'",
    "wrong-bracket": "unexpected '{found}'; use '{right}'",
    "quoted-name": "the field name {name} is in quotes; write it without quotes",
    "decimal-comma": "decimal comma in {written}; write a decimal point",
    "missing-open": "missing '{{' after '{name}'",
    "extra-sign": "unexpected '{found}' after '{before}'; a value is required here",
    "missing-value": "missing value after '{before}'",
    "bracket-instead-of-value": "unexpected '{found}'; a value is required here",
    "instead-of-value": "'{found}' is not a value",
    "after-value": "unexpected '{found}' after the value; a separator, a field or the end of the block must follow",
    "missing-comma": "missing comma between the values of a list",
    "unclosed-list": "the list is not closed; ',' or ']' is required before '{found}'",
    "missing-blank": "missing space between the number {number} and the name {name}",
    "bad-bytes": "bytes that are not UTF-8 outside of a comment (GBK?); only ASCII is allowed here",
    "json": "the file is JSON; ATC reads protobuf text format: aipp_op {{ name: value }}",
    "xml": "the file is XML; ATC reads protobuf text format: aipp_op {{ name: value }}",
    "ini": "the file is an INI file, as the benchmark tool reads at run time; ATC reads aipp_op {{ name: value }}",
    "text": "the file contains only prose; ATC reads protobuf text format: aipp_op {{ name: value }}",
    "too-many": "too many syntax errors; the rest of the file is skipped",
}


def issues(config: Config, *kinds: str) -> Iterator[tuple[SyntaxIssue, Place]]:
    """Yield the mistakes of some kinds with their locations; none in the file of another tool."""
    if config.dialect is None:
        for issue in config.tree.issues:
            if issue.kind in kinds:
                yield issue, Place(config.source, issue.span)


def message_values(issue: SyntaxIssue) -> dict[str, str]:
    """Return the values of a mistake for a message: on one line, cut to 40 characters, without invisible ones."""
    values = {}
    for name, value in issue.values.items():
        line = clean(" ".join(value.split()))
        values[name] = line if len(line) <= 40 else line[:37] + "..."
    return values


def fix_of(issue: SyntaxIssue, message: str, safe: bool) -> Fix | None:
    """Return the edits of a mistake as a fix."""
    return Fix(message, issue.edits, safe) if issue.edits else None


@rule("AIPP001", "syntax-error", Severity.ERROR, atc=PARSE_FAILED)
def syntax_error(config: Config) -> Iterator[Problem]:
    """The text-format parser of ATC rejects the file.

    ATC reads the file with protobuf's text-format parser, which stops at the first error. You see a code with the name
    of the file; line and column are only in a log. Common mistakes have their own rules; this rule reports all others.

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

    Write `name: value` for a field and `name { ... }` for a block; separate fields on one line by spaces.

    ## Source

    Facts X1 to X16 and F10.
    """
    for issue, place in issues(config, *_SYNTAX_ERRORS):
        fix = fix_of(issue, "insert a space", True) if issue.kind == "missing-blank" else None
        related: tuple[Related, ...] = ()
        if issue.related >= 0:
            opened = Place(config.source, Span(issue.related, issue.related + 1))
            related = (Related(opened, "it is opened here"),)
        yield Problem(place, _SYNTAX_ERRORS[issue.kind], message_values(issue), related, fix)


@rule("AIPP004", "missing-colon", Severity.ERROR, atc=PARSE_FAILED)
def missing_colon(config: Config) -> Iterator[Problem]:
    """The colon between a field and its value is missing.

    Only a block may follow its name without a colon.

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

    Write a colon after the name.

    ## Source

    Fact X5.
    """
    for issue, place in issues(config, "missing-colon"):
        fix = fix_of(issue, "insert ':'", True)
        yield Problem(place, "missing ':' between {name} and its value", message_values(issue), fix=fix)
    for op in config.ops:
        for field in op.block.fields:
            if field.listed and not field.colon and not field.blocks:
                values = {"name": field.name.text}
                yield Problem(op.at(field.name_span), "missing ':' between {name} and its list", values)


@rule("AIPP005", "equals-sign", Severity.ERROR, atc=PARSE_FAILED)
def equals_sign(config: Config) -> Iterator[Problem]:
    """A field has an equals sign instead of a colon.

    INI files and shell scripts use `crop = true`; protobuf text format requires `crop: true`.

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

    Fact X5.
    """
    for issue, place in issues(config, "equals-sign"):
        yield Problem(place, "unexpected '='; use ':'", fix=fix_of(issue, "replace it by ':'", True))


@rule("AIPP006", "unclosed-block", Severity.ERROR, atc=PARSE_FAILED)
def unclosed_block(config: Config) -> Iterator[Problem]:
    """A block is not closed.

    ATC notices it at the end of the file, or at the next `aipp_op`, which it reads as a field of the open block.

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

    Fact X3.
    """
    for issue, place in issues(config, "unclosed-block"):
        yield Problem(place, "'{bracket}' of {name} is not closed", message_values(issue))


@rule("AIPP007", "unmatched-close", Severity.ERROR, atc=PARSE_FAILED)
def unmatched_close(config: Config) -> Iterator[Problem]:
    """A bracket closes a block that is not open.

    There is one closing bracket too many, or a bracket closes the block before its last fields.

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

    Delete the bracket, or the earlier one that closes the block too early.

    ## Source

    Fact X3.
    """
    for issue, place in issues(config, "unmatched-close"):
        yield Problem(place, "'{found}' closes nothing; no block is open here", message_values(issue))


@rule("AIPP010", "extra-separator", Severity.ERROR, atc=PARSE_FAILED)
def extra_separator(config: Config) -> Iterator[Problem]:
    """There is one separator too many.

    One `;` or `,` may follow a field. A separator must not precede the first field or the `]` of a list, nor be
    repeated.

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

    Delete the separator.

    ## Source

    Fact X4.
    """
    for issue, place in issues(config, "extra-separator"):
        yield Problem(
            place, "extra '{found}'; it separates nothing", message_values(issue), fix=fix_of(issue, "delete it", True)
        )


RULES = (syntax_error, missing_colon, equals_sign, unclosed_block, unmatched_close, extra_separator)
