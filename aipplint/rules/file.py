"""AIPP012 to AIPP015: the file as a whole."""

from __future__ import annotations

from collections.abc import Iterator

from aipplint.atc.build import Build
from aipplint.config.config import Config
from aipplint.findings import Edit, Fix, Place, Problem, Severity
from aipplint.rules.rule import rule
from aipplint.rules.syntax import PARSE_FAILED
from aipplint.schema.fields import op_fields

_THEIR_CHIPS = ("SS524", "SS626", "SS927", "SS928", "Hi3403", "Hi3516", "Hi3519", "Hi3559", "OPTG")
"""Prefixes of the chips whose compiler has the name and the options of ATC, but its own dialect."""


@rule("AIPP012", "empty-file", Severity.ERROR)
def empty_file(config: Config) -> Iterator[Problem]:
    """The file is empty.

    ATC rejects a file of zero bytes without an error code; only its log reports "size is 0". It accepts a file of
    spaces and comments: see AIPP013.

    ## Wrong

    ```aipp
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
    }
    ```

    ## Fix

    Write the configuration, or delete `--insert_op_conf`.

    ## Source

    Fact F6: util.cc 131-152 and proto_util.cc 74-77.
    """
    if not config.source.text:
        yield Problem(config.whole, "the file is empty; ATC rejects it without an error code")


@rule("AIPP013", "no-aipp-op", Severity.WARNING)
def no_aipp_op(config: Config) -> Iterator[Problem]:
    """The file has no `aipp_op`, so the model silently gets no AIPP.

    The parser accepts spaces, comments and an empty list. ATC builds the model as if there were no configuration, and
    the model requires float input although the application feeds images.

    ## Wrong

    ```aipp
    # aipp_op { aipp_mode: static }  <--
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
    }
    ```

    ## Fix

    Add an operator, or delete `--insert_op_conf`.

    ## Source

    Fact X16.
    """
    empty = not config.ops and not config.offences and not config.skipped
    if empty and config.source.text and config.dialect is None:
        yield Problem(config.whole, "missing aipp_op; ATC builds the model without AIPP and does not report it")


@rule("AIPP014", "fields-without-block", Severity.ERROR, atc=PARSE_FAILED)
def fields_without_block(config: Config) -> Iterator[Problem]:
    """Fields of AIPP are at the top level instead of in an `aipp_op { }` block.

    The snippets of the toolkit and many web pages show bare fields; at the top level, the parser accepts only
    `aipp_op`.

    ## Wrong

    ```aipp
    aipp_mode: static  # <--
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

    Write `aipp_op {` before and `}` after them (unsafe: they may belong to a block that is closed too early).

    ## Source

    Fact X14.
    """
    if config.dialect is not None:
        return
    known = op_fields()
    bare = [field for field in config.tree.fields if field.name.text in known]
    if not bare:
        return
    fix = None
    if len(bare) == len(config.tree.fields):
        end = "\r\n" if "\r\n" in config.source.text else "\n"
        first, last = bare[0].name.start, bare[-1].end
        edits = (Edit(first, first, "aipp_op {" + end), Edit(last, last, end + "}"))
        fix = Fix("wrap the fields in aipp_op {{ }}", edits, safe=False)
    message = "{name} is outside of aipp_op {{ }}"
    if len(bare) > 1:
        message = "{name} and {more} more are outside of aipp_op {{ }}"
    values = {"name": bare[0].name.text, "more": len(bare) - 1}
    yield Problem(Place(config.source, bare[0].name_span), message, values, fix=fix)


@rule("AIPP015", "other-dialect", Severity.ERROR, atc=PARSE_FAILED)
def other_dialect(config: Config, build: Build) -> Iterator[Problem]:
    """The file is written for another tool.

    HiSilicon's SVP/AAPP compiler and the CANN Kit of HarmonyOS have pre-processing files that look like AIPP and have
    the same name. The post-processing of MindX SDK has settings (`CLASS_NUM=1000`) that are often named after the
    model, `resnet50_aipp.cfg`. ATC rejects them line by line; aipplint reports the file once and does not change it.
    The finding is an info if `aipplint check` knows no build of ATC with the file. If the command that builds it is for
    a chip of the other tool (SS928V100, Hi3516CV610, ...), the rule is skipped.

    ## Wrong

    ```aipp
    aapp_op {  # <--
      related_input_rank: 0
      input_format: BGR_PLANAR
      model_format: BGR
    }
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: static
      related_input_rank: 0
      input_format: RGB888_U8
      rbuv_swap_switch: true
    }
    ```

    ## Fix

    Use the file with its own tool, or rewrite it for ATC.

    ## Source

    Facts K5 and K7; both dialects were seen in public repositories.
    """
    theirs = (build.soc_version or "").startswith(_THEIR_CHIPS)
    if not theirs and (found := config.dialect):
        values = {"sign": found.sign, "dialect": found.name}
        yield Problem(Place(config.source, found.span), "'{sign}' is for {dialect}, not for ATC", values)


RULES = (empty_file, no_aipp_op, fields_without_block, other_dialect)
