"""AIPP002, AIPP003, AIPP008, AIPP009, AIPP011, AIPP016: characters, comments, strings, encoding."""

from __future__ import annotations

from collections.abc import Iterator

from aipplint.config.config import Config
from aipplint.findings import Fix, Place, Problem, Severity, clean
from aipplint.rules.rule import rule
from aipplint.rules.syntax import PARSE_FAILED, fix_of, issues, message_values
from aipplint.schema.literals import bad_escape
from aipplint.source import Span
from aipplint.syntax.tree import SyntaxIssue


@rule("AIPP002", "look-alike-punctuation", Severity.ERROR, atc=PARSE_FAILED)
def look_alike_punctuation(config: Config) -> Iterator[Problem]:
    """A full-width character or a no-break space is used instead of an ASCII character.

    A Chinese input method types a full-width colon that looks almost like ':', and copied text contains no-break
    spaces. The parser accepts only ASCII; in comments and strings, all characters are allowed.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      related_input_rank\uff1a 0  # <--
    }
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      related_input_rank: 0
    }
    ```

    ## Fix

    Replace the character by the ASCII one.

    ## Source

    Fact X6; found in published configurations.
    """
    for issue, place in issues(config, "look-alike", "look-alike-blank"):
        values = message_values(issue)
        if issue.kind == "look-alike":
            message = "'{found}' is {code_point} {name}; use the ASCII character '{plain}'"
            fix = fix_of(issue, "replace it by '{plain}'", True)
        else:
            message = "the space is {code_point} {name}; use the ASCII space"
            fix = fix_of(issue, "replace it by a space", True)
        yield Problem(place, message, values, fix=fix)


@rule("AIPP003", "invisible-character", Severity.ERROR, atc=PARSE_FAILED)
def invisible_character(config: Config) -> Iterator[Problem]:
    """The text contains an invisible character.

    Numbers that are copied from a web page or a spreadsheet can contain bidirectional controls, zero-width spaces and
    control characters. No editor shows them, but the parser rejects the file. It rejects a NUL even in a comment.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      var_reci_chn_0: 0.0171247\u202c  # <--
    }
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      var_reci_chn_0: 0.0171247
    }
    ```

    ## Fix

    Delete the character.

    ## Source

    Fact X6; found in published configurations (U+202C after a number).
    """
    for issue, place in issues(config, "invisible"):
        count = issue.span.end - issue.span.start
        message = "invisible character {code_point} {name}"
        if count > 1:
            message = "{count} invisible characters; the first is {code_point} {name}"
        fix = fix_of(issue, "delete the invisible characters", True)
        yield Problem(place, message, {**issue.values, "count": count}, fix=fix)


@rule("AIPP008", "comment-without-hash", Severity.ERROR, atc=PARSE_FAILED)
def comment_without_hash(config: Config) -> Iterator[Problem]:
    """A comment does not begin with `#`.

    Only `#` begins a comment. `//` and `/* */` are errors, and so is a line of prose: the template of the official
    manual contains two, and ATC rejects every configuration that is copied from it.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      src_image_size_w: 224
      src_image_size_h: 224 // as the camera sends it  <--
    }
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      src_image_size_w: 224
      src_image_size_h: 224 # as the camera sends it
    }
    ```

    ## Fix

    Write a `#` before the comment (unsafe: it could hide a field).

    ## Source

    Facts X2, W1 and W51.
    """
    for issue in _without_breaks(config):
        message = "'{mark}' does not begin a comment; use '#'"
        if issue.kind == "prose":
            message = "the text is neither a field nor a comment; a comment begins with '#'"
        place = Place(config.source, issue.span)
        yield Problem(place, message, message_values(issue), fix=fix_of(issue, "make it a comment", False))


def _without_breaks(config: Config) -> list[SyntaxIssue]:
    """Return the text that should be a comment; what stands on adjacent lines is one."""
    joined: list[SyntaxIssue] = []
    for issue, (_, span) in issues(config, "foreign-comment", "prose"):
        last = joined[-1] if joined else None
        if last and last.kind == issue.kind and config.source.text[last.span.end : span.start].isspace():
            joined[-1] = last._replace(span=Span(last.span.start, span.end), edits=last.edits + issue.edits)
        else:
            joined.append(issue)
    return joined


@rule("AIPP009", "bad-string", Severity.ERROR, atc=PARSE_FAILED)
def bad_string(config: Config) -> Iterator[Problem]:
    """A string is not closed on its line, or contains an unknown escape.

    A string must end on the line on which it begins, with the same quote. The parser stops there, and ATC rejects the
    whole file with E13005.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      related_input_name: "data  # <--
    }
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      related_input_name: "data"
    }
    ```

    ## Fix

    Close the string with the quote that opens it. The escapes are those of C: a backslash and one of `abfnrtv?'"`, a
    backslash, up to three octal digits, `x` and hexadecimal digits, `u` and four of them, `U` and eight.

    ## Source

    Fact X11.
    """
    if config.dialect is not None:
        return
    for token in config.tree.tokens:
        if token.kind not in ("STRING", "BAD_STRING"):
            continue
        place = Place(config.source, Span(token.start, token.end))
        if token.kind == "BAD_STRING":
            yield Problem(place, "the string is not closed before the end of the line")
        elif token.kind == "STRING" and (escape := bad_escape(token.text[1:-1])):
            yield Problem(place, "unknown escape {escape} in the string", {"escape": clean(escape)})


@rule("AIPP011", "byte-order-mark", Severity.ERROR, atc=PARSE_FAILED)
def byte_order_mark(config: Config) -> Iterator[Problem]:
    """The file begins with a byte order mark, or is UTF-16.

    Editors on Windows write such files. The parser reads the mark as a character of the configuration and rejects the
    file; it cannot read UTF-16 at all.

    ## Wrong

    ```aipp
    \ufeffaipp_op {  # <--
      aipp_mode: static
      input_format: RGB888_U8
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

    Save the file as UTF-8 without byte order mark.

    ## Source

    Fact X6.
    """
    for issue in config.tree.issues:
        place = Place(config.source, issue.span)
        if issue.kind == "byte-order-mark":
            yield Problem(
                place, "the file begins with a byte order mark", fix=Fix("delete the mark", issue.edits, True)
            )
        elif issue.kind == "utf-16":
            message = "the file is {encoding}; ATC reads ASCII and UTF-8"
            yield Problem(place, message, issue.values, help="save it as UTF-8 without byte order mark")


@rule("AIPP016", "undecodable-comment", Severity.INFO)
def undecodable_comment(config: Config) -> Iterator[Problem]:
    """A comment is not UTF-8.

    ATC accepts all bytes in a comment except for NUL. Other tools do not: editors show garbage, and a save in the wrong
    encoding destroys the text.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: static # \\xd6\\xd0\\xce\\xc4  <--
      input_format: RGB888_U8
    }
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: static # the image
      input_format: RGB888_U8
    }
    ```

    ## Fix

    Convert the file to UTF-8, for example with `iconv -f gbk -t utf-8`.

    ## Source

    Fact X2; published configurations with comments in GBK.
    """
    if config.source.text.isascii():
        return
    bad = [c for c in config.tree.comments if any("\udc80" <= letter <= "\udcff" for letter in c.text)]
    if bad:
        message = "the comment is not UTF-8 (GBK?); ATC accepts it, other tools do not"
        if len(bad) > 1:
            message = "{count} comments are not UTF-8 (GBK?); ATC accepts them, other tools do not"
        yield Problem(Place(config.source, Span(bad[0].start, bad[0].end)), message, {"count": len(bad)})


RULES = (
    look_alike_punctuation,
    invisible_character,
    comment_without_hash,
    bad_string,
    byte_order_mark,
    undecodable_comment,
)
