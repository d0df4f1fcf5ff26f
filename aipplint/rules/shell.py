"""AIPP622, AIPP626, AIPP905: ATC commands in scripts and documents, as the shell reads them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from aipplint.atc.build import Build
from aipplint.atc.options import BATCH, DIMS, IMAGE, SHAPE, SHAPE_RANGE, Option
from aipplint.findings import Fix, Problem, Related, Severity
from aipplint.rules.options import shortened
from aipplint.rules.rule import rule

_NEEDED = (
    "insert_op_conf",
    SHAPE,
    SHAPE_RANGE,
    IMAGE,
    BATCH,
    DIMS,
    "input_format",
)
"""Options without which rules about builds are skipped, the most important first. If the product is unknown, the rules
are not skipped, but report all products."""
# The kinds of mistakes are named here and in atc/words.py, which most runs need not import.
_SEPARATOR, _BLANK, _COMMENT, _COMMENTED_LINE = "separator", "blank", "comment", "commented-line"
_EMPTY_LINE, _MISSING, _RETURN = "empty-line", "missing", "return"
_BROKEN = {
    _BLANK: "unexpected space after the backslash; the command ends here, and ATC does not get {lost}",
    _RETURN: "the line ends in CR LF, so the backslash does not continue it; save the script with LF",
    _COMMENT: "unexpected comment after the backslash; the command ends here, and ATC does not get {lost}",
    _COMMENTED_LINE: "the comment ends the command; ATC does not get {lost}",
    _EMPTY_LINE: "the empty line ends the command; ATC does not get {lost}",
    _MISSING: "missing backslash at the end of the previous line; the command ends there, and ATC does not get {lost}",
}
_MENDED_BY = {_MISSING: "add the backslash", _EMPTY_LINE: "delete the empty line"}


@rule("AIPP622", "unquoted-separator", Severity.ERROR)
def unquoted_separator(build: Build) -> Iterator[Problem]:
    """A `;` in the value of an option is not in quotes.

    The shell ends the command there. ATC gets a truncated list (E10035 for a list with one profile), and the shell runs
    the rest as another command, which fails.

    ## Wrong

    ```sh
    atc --model=net.onnx --framework=5 --output=net --soc_version=Ascend310P3 --input_format=NCHW \\
        --input_shape="data:1,3,-1,-1" --dynamic_image_size=416,416;832,832  # <--
    ```

    ## Right

    ```sh
    atc --model=net.onnx --framework=5 --output=net --soc_version=Ascend310P3 --input_format=NCHW \\
        --input_shape="data:1,3,-1,-1" --dynamic_image_size="416,416;832,832"
    ```

    ## Fix

    Put the value in double quotes.

    ## Source

    Facts W22 and W54; seen in public scripts.
    """
    for mistake in _mistakes(build, _SEPARATOR):
        message = "the shell ends the command at this ';' and runs {lost} as another one; quote the value"
        fix = Fix("quote the value", (mistake.fix,), safe=True) if mistake.fix else None
        yield Problem(mistake.place, message, {"lost": shortened(mistake.text)}, fix=fix)


@rule("AIPP626", "broken-continuation", Severity.WARNING)
def broken_continuation(build: Build) -> Iterator[Problem]:
    """A line continuation in a command is broken.

    A backslash continues a line only if it is the last character. A space, a comment or the carriage return of a
    Windows file after it ends the command, and so does a line in between that is empty, commented out or has no
    backslash. ATC runs without the options that follow; the shell then tries to run them as a command.

    ## Wrong

    ```sh
    atc --model=net.onnx --framework=5 --output=net --soc_version=Ascend310P3 \\
        --input_format=NCHW \\  # the layout <--
        --input_shape="data:1,3,224,224"
    ```

    ## Right

    ```sh
    atc --model=net.onnx --framework=5 --output=net --soc_version=Ascend310P3 \\
        --input_format=NCHW \\
        --input_shape="data:1,3,224,224"
    ```

    ## Fix

    Delete the characters after the backslash, move the comment before the command, or add the missing backslash.

    ## Source

    Facts W54 and O51; seen in public scripts.
    """
    for kind, message in _BROKEN.items():
        found = list(_mistakes(build, kind))
        if not found:
            continue
        title = _MENDED_BY.get(kind, "delete the spaces")
        edits = tuple(sorted(mistake.fix for mistake in found if mistake.fix))
        fix = Fix(title, edits, safe=True) if len(edits) == len(found) else None
        related = tuple(Related(mistake.place, "here as well") for mistake in found[1:])
        yield Problem(found[0].place, message, {"lost": shortened(found[0].text)}, related, fix=fix)


def _mistakes(build: Build, *kinds: str) -> Iterator[ShellMistake]:
    if build.origin is not None:
        yield from (mistake for mistake in build.origin.mistakes if mistake.kind in kinds)


@rule("AIPP905", "unresolved-value", Severity.INFO, advice=True)
def unresolved_value(build: Build) -> Iterator[Problem]:
    """A command that uses AIPP has options whose values cannot be determined without running the script.

    Such a value is a variable that the file does not set, an argument of the script, or the output of a program.
    aipplint treats it as unknown and skips the rules that depend on it. This rule lists them, so that a skipped check
    is not mistaken for a passed one. It is skipped in documents, in which readers fill in the values.

    ## Wrong

    ```sh
    atc --model=net.onnx --framework=5 --output=net --soc_version=Ascend310P3 --insert_op_conf=aipp.cfg \\
        --input_format=NCHW --input_shape="data:1,3,$1,$1"  # <--
    ```

    ## Right

    ```sh
    size=${1:-224}
    atc --model=net.onnx --framework=5 --output=net --soc_version=Ascend310P3 --insert_op_conf=aipp.cfg \\
        --input_format=NCHW --input_shape="data:1,3,224,224"
    ```

    ## Fix

    You need not change anything. If the values are always the same, a default (`${1:-224}`) makes them known. A
    `[[build]]` in the settings tells aipplint how the configuration is built, whatever the scripts do.

    ## Source

    A rule of aipplint about itself: it never guesses unknown values.
    """
    if build.origin is None or build.origin.in_document or build.option("insert_op_conf") is None:
        return
    hidden = [option for name in _NEEDED if (option := build.options.get(name)) is not None and option.value is None]
    if not hidden:
        return
    first = min(hidden, key=_where)
    names = [f"--{option.name}" for option in hidden]
    message = "unknown value of {names}; rules that depend on it are skipped"
    related = tuple(Related(o.place, "--{option} is set here", {"option": o.name}) for o in hidden if o is not first)
    advice = "show a call of the script with its arguments in the repository, or add a [[build]] to the settings"
    yield Problem(first.place, message, {"names": names}, related, help=advice)


def _where(option: Option) -> tuple[str, int]:
    return option.place.source.path, option.place.span.start


if TYPE_CHECKING:
    from aipplint.atc.words import ShellMistake

RULES = (unquoted_separator, broken_continuation, unresolved_value)
