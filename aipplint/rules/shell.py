"""AIPP622, AIPP626, AIPP905: what a shell makes of an ATC command that was found in a script or a document."""

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
"""Options without which rules about builds are silent, those that hide most first. (A product that is not known makes
them speak of all products.)"""
# The kinds of mistakes are named here and in atc/words.py, which most runs need not import.
_SEPARATOR, _BLANK, _COMMENT, _COMMENTED_LINE = "separator", "blank", "comment", "commented-line"
_MISSING, _RETURN = "missing", "return"
_BROKEN = {
    _BLANK: "blanks stand behind the backslash: the command ends here, and {lost} is not passed to ATC",
    _RETURN: "the line ends in CR LF: the backslash does not join the next line to it; save the script with LF",
    _COMMENT: "a comment stands behind the backslash: the command ends here, and {lost} is not passed to ATC",
    _COMMENTED_LINE: "a commented line ends the command: {lost} is not passed to ATC",
    _MISSING: (
        "a backslash is missing at the end of the line before: the command ends there, and {lost} is not passed to ATC"
    ),
}


@rule("AIPP622", "unquoted-separator", Severity.ERROR)
def unquoted_separator(build: Build) -> Iterator[Problem]:
    """A `;` in the value of an option stands outside quotes.

    A shell ends the command there. ATC gets a list that is cut short (with one profile it says E10035), and the
    rest is run as a command of its own, which fails.

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

    The manual page of --dynamic_image_size ("enclose the whole argument in double quotation marks"); seen in public
    scripts.
    """
    for mistake in _mistakes(build, _SEPARATOR):
        message = "the shell ends the command at this ';', and runs {lost} as another one; quote the value"
        fix = Fix("quote the value", (mistake.fix,), safe=True) if mistake.fix else None
        yield Problem(mistake.place, message, {"lost": shortened(mistake.text)}, fix=fix)


@rule("AIPP626", "broken-continuation", Severity.WARNING)
def broken_continuation(build: Build) -> Iterator[Problem]:
    """A command is meant to go on in the next line, but does not.

    A backslash joins two lines only where it is the last character. Behind it a blank, a comment or the carriage
    return of a file from Windows ends the command, and so does a line inside it that is commented out. Where there is
    no backslash at all, the command ends, too, although options follow in the next line. ATC runs without the options
    that follow; the shell then tries to run them.

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

    Delete what stands behind the backslash, or move the comment in front of the command; write the backslash that is
    missing.

    ## Source

    The grammar of the shell; seen in public scripts.
    """
    for kind, message in _BROKEN.items():
        found = list(_mistakes(build, kind))
        if not found:
            continue
        title = "write the backslash" if kind == _MISSING else "delete the blanks"
        edits = tuple(sorted(mistake.fix for mistake in found if mistake.fix))
        fix = Fix(title, edits, safe=True) if len(edits) == len(found) else None
        related = tuple(Related(mistake.place, "and here") for mistake in found[1:])
        yield Problem(found[0].place, message, {"lost": shortened(found[0].text)}, related, fix=fix)


def _mistakes(build: Build, *kinds: str) -> Iterator[ShellMistake]:
    if build.origin is not None:
        yield from (mistake for mistake in build.origin.mistakes if mistake.kind in kinds)


@rule("AIPP905", "unresolved-value", Severity.INFO, advice=True)
def unresolved_value(build: Build) -> Iterator[Problem]:
    """A command that uses AIPP has options whose values cannot be known without running the script.

    A variable that nothing in the file sets, an argument of the script, the output of a program: aipplint takes
    them as unknown, and the rules that need them are silent. This says which, so that the silence is not taken for
    approval. In documents, whose readers fill in the values, it is not said.

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

    Nothing has to be mended. Where the values are always the same, a default (`${1:-224}`) makes them known; a
    `[[build]]` in the settings says how the configuration is built, whatever the scripts do.

    ## Source

    The rule is about aipplint itself: what is not known is never guessed.
    """
    if build.origin is None or build.origin.in_document or build.option("insert_op_conf") is None:
        return
    hidden = [option for name in _NEEDED if (option := build.options.get(name)) is not None and option.value is None]
    if not hidden:
        return
    first = min(hidden, key=_where)
    names = ", ".join(f"--{option.name}" for option in hidden)
    message = "the value of {names} cannot be known here; rules that need it are silent"
    if len(hidden) > 1:
        message = "the values of {names} cannot be known here; rules that need them are silent"
    related = tuple(Related(o.place, "--{option} is set here", {"option": o.name}) for o in hidden if o is not first)
    advice = "call the script with these values where the repository shows it, or write a [[build]] in the settings"
    yield Problem(first.place, message, {"names": names}, related, help=advice)


def _where(option: Option) -> tuple[str, int]:
    return option.place.source.path, option.place.span.start


if TYPE_CHECKING:
    from aipplint.atc.words import ShellMistake

RULES = (unquoted_separator, broken_continuation, unresolved_value)
