"""AIPP901 to AIPP907: suppression comments, files that aipplint cannot check, and its own failures.

These rules require arguments that only the pipeline and its callers have, which therefore call them by name.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from aipplint.config.config import Config
from aipplint.findings import Edit, Finding, Fix, Place, Problem, Severity, clean
from aipplint.rules.rule import Rule, rule
from aipplint.rules.selection import nearest_rule, vocabulary
from aipplint.source import MAX_BYTES, MAX_FOUND, MAX_OPS, Source, Span
from aipplint.suggest import DID_YOU_MEAN
from aipplint.suppressions import EVERYTHING, Attempt, Silencer, SuppressedCode, Suppression, read_attempts
from aipplint.syntax.lalr import MAX_TOKENS

MAX_WORDS = 1_000
"""Words in the comments of a file that are reported, of each kind."""


@rule("AIPP901", "unused-suppression", Severity.WARNING)
def unused_suppression(source: Source, unused: Sequence[tuple[Suppression, SuppressedCode]]) -> Iterator[Problem]:
    """A comment suppresses a rule that reports nothing on its line.

    The mistake is gone, or the comment is on the wrong line. If it remains, it hides the next mistake there. Only
    comments for rules that ran are reported, not those for a rule that is not selected or has no build to check.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: static  # aipplint: ignore[AIPP106] <--
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

    Delete the code from the comment, or the whole comment, as the fix does. The fix is safe, because ATC ignores
    comments.

    ## Source

    A rule of aipplint's own: the real toolchain knows no such comments.
    """
    by_comment: dict[Span, list[SuppressedCode]] = {}
    for suppression, word in unused:
        by_comment.setdefault(suppression.span, []).append(word)
    comments = {suppression.span: suppression for suppression, _ in unused}
    for span, words in by_comment.items():
        written = comments[span].words
        whole = len(words) == len(written)
        indices = {word: index for index, word in enumerate(written)}
        for word in words:
            message = "unused suppression comment" if word.text == EVERYTHING else "unused suppression of {word}"
            edit = _comment_deletion(source, comments[span]) if whole else _word_deletion(written, indices[word])
            fix = Fix("delete it", (edit,), safe=True)
            yield Problem(Place(source, word.span), message, {"word": clean(word.text)}, fix=fix)


def _word_deletion(words: Sequence[SuppressedCode], index: int) -> Edit:
    """Delete a word from the brackets, with what separates it from the next."""
    if index + 1 < len(words):
        return Edit(words[index].span.start, words[index + 1].span.start, "")
    return Edit(words[index - 1].span.end, words[index].span.end, "")


def _comment_deletion(source: Source, suppression: Suppression) -> Edit:
    """Delete a whole comment."""
    text = source.text
    start, end = suppression.comment
    while start and text[start - 1] in " \t":
        start -= 1
    if end > start and text[end - 1] == "\r":
        end -= 1
    return Edit(start, end, "")


@rule("AIPP902", "unknown-code-in-suppression", Severity.WARNING)
def unknown_code_in_suppression(
    source: Source, unknown: Sequence[SuppressedCode], every: Sequence[Rule]
) -> Iterator[Problem]:
    """A comment suppresses a rule that does not exist.

    A misspelt code or name suppresses nothing, so that the finding is still reported. Codes, names and family prefixes
    such as `AIPP7` are valid.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: static  # aipplint: ignore[duplicate-feild] <--
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

    Correct the code or name. `aipplint rule` lists all of them.

    ## Source

    A rule of aipplint's own: the real toolchain knows no such comments.
    """
    meant_by = nearest_rule(every)
    for word in unknown:
        message = "unknown rule '{word}'"
        meant = meant_by(word.text)
        help_line = DID_YOU_MEAN if meant else "'aipplint rule' lists all rules"
        yield Problem(Place(source, word.span), message, {"word": clean(word.text), "better": meant}, help=help_line)


@rule("AIPP903", "internal-error", Severity.ERROR)
def internal_error(place: Place, rule: Rule | None, error: Exception) -> Iterator[Problem]:
    """aipplint failed on this file, because of a bug in aipplint.

    If a rule failed, it reported nothing more about this file, and all other rules ran as usual. If aipplint failed
    before or after the rules, it reports nothing else about this file. All other files were checked as usual. The exit
    code is 2, so that a failed check is not mistaken for a passed one. This finding cannot be suppressed.

    ## Wrong

    ```console
    aipp.cfg:1:1: error: rule AIPP305 (crop-outside-source) failed: ZeroDivisionError: division by zero [AIPP903]
    ```

    ## Right

    Every check is completed for every file.

    ## Fix

    Report it with the file (or the part of it that causes the failure) and the line that aipplint printed. Until it is
    fixed, exclude the rule with `--ignore` and its code, or the file with `--exclude`.

    ## Source

    A rule of aipplint's own.
    """
    values = {"error": clean(f"{type(error).__name__}: {error}")}
    message = "the check of this file failed: {error}"
    if rule is not None:
        values |= {"code": rule.code, "name": rule.name}
        message = "rule {code} ({name}) failed: {error}"
    yield Problem(place, message, values, help="this is a bug in aipplint; please report it and attach the file")


@rule("AIPP904", "unreadable-file", Severity.ERROR)
def unreadable_file(place: Place, reason: str, path: str) -> Iterator[Problem]:
    """aipplint cannot read a file.

    The file does not exist, is a folder or a device, or has no read permission; or it is a symbolic link to a file
    outside of the repository, which aipplint does not follow. The other files are checked as usual. A pipe (FIFO) is
    never opened, because reading from it may block. This finding cannot be suppressed, because the file was not
    checked.

    ## Wrong

    ```console
    $ aipplint check --output-format=concise no-such-file.cfg
    no-such-file.cfg:1:1: error: cannot be read: no such file or directory [AIPP904]
    ```

    ## Right

    ```console
    $ aipplint check deploy/
    ```

    ## Fix

    Correct the path. To check the output of a pipe, use `-`, and `--stdin-filename` for its name.

    ## Source

    Facts F1 to F9: ATC checks the path of `--insert_op_conf` itself, with E10001 and E13001.
    """
    message = "{path} cannot be read: {reason}" if path else "cannot be read: {reason}"
    yield Problem(place, message, {"path": clean(path), "reason": reason})


@rule("AIPP906", "file-too-large", Severity.ERROR)
def file_too_large(source: Source, size: int, left_out: int) -> Iterator[Problem]:
    """The file is too large for an AIPP configuration, or says too much, and aipplint did not check all of it.

    The largest known configuration has 4 kB; a file of megabytes is a model, a log or an attack. aipplint checks the
    limit before it reads the file. Of a script, a document or code, it checks the first 250 commands, configurations,
    run-time settings and calls of scripts. This finding cannot be suppressed, because something was not checked.

    ## Wrong

    ```console
    $ aipplint check --output-format=concise resnet50.cfg
    resnet50.cfg:1:1: error: 102,442,450 bytes, above the limit of 2,097,152: not checked [AIPP906]
    ```

    ## Right

    ```console
    $ aipplint check aipp.cfg
    ```

    ## Fix

    Check the path. ATC has no limit for this file, but a file of this size is not a configuration.

    ## Source

    Fact F7: the compiler has no upper limit. The limits are aipplint's own.
    """
    if size > MAX_BYTES:
        message = "the file has {size} bytes and was not checked; the maximum is {limit}"
        yield Problem(Place(source, Span(0, 0)), message, {"size": f"{size:,}", "limit": f"{MAX_BYTES:,}"})
    elif left_out:
        message = "{count} commands, configurations or settings were not checked; the maximum is {limit} in one file"
        yield Problem(Place(source, Span(0, 0)), message, {"count": f"{left_out:,}", "limit": MAX_FOUND})
    else:
        message = "the file was not checked; the maximum is {tokens} tokens and {ops} operators"
        yield Problem(Place(source, Span(0, 0)), message, {"tokens": f"{MAX_TOKENS:,}", "ops": f"{MAX_OPS:,}"})


@rule("AIPP907", "unreadable-suppression", Severity.WARNING)
def unreadable_suppression(config: Config) -> Iterator[Problem]:
    """A suppression comment has the wrong form and suppresses nothing.

    Other linters have other words for it (`disable=`, `noqa:`), and these comments are case-sensitive. The finding is
    still reported.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: static  # aipplint: disable=AIPP201 <--
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

    Write `# aipplint: ignore[CODE]`, with codes, names or families such as `AIPP7`, on the line of the finding or on a
    separate line above it. `# aipplint: ignore-file[CODE]` is for the whole file; without the brackets, both are for
    every rule. The fix is unsafe, because the comment then suppresses findings.

    ## Source

    A rule of aipplint's own: the real toolchain knows no such comments.
    """
    yield from attempt_problems(config.source, read_attempts(config.tree))


def attempt_problems(source: Source, attempts: Sequence[Attempt]) -> Iterator[Problem]:
    """Yield the problems of AIPP907 in a file of any kind."""
    for span, better in attempts:
        fix = Fix("replace it by '{better}'", (Edit(*span, better),), safe=False) if better else None
        values = {"better": better or "aipplint: ignore[CODE]"}
        message, help_line = "invalid suppression comment; it suppresses nothing", "write '{better}'"
        yield Problem(Place(source, span), message, values, fix=fix, help=help_line)


def suppression_findings(
    source: Source,
    suppressions: Sequence[Suppression],
    used: AbstractSet[SuppressedCode],
    rules: Sequence[Rule],
    judged: AbstractSet[str],
    every: Sequence[Rule],
) -> list[Finding]:
    """Return AIPP901 and AIPP902 for the comments of a file, except for those that its comments suppress.

    ``used`` are the words that suppressed a finding, ``rules`` the selected rules, ``every`` all rules, and ``judged``
    the codes of the rules that ran.
    """
    codes = vocabulary(every) | {EVERYTHING: {known.code for known in every}}
    about = {unused_suppression.code, unknown_code_in_suppression.code}
    unknown: list[SuppressedCode] = []
    unused: list[tuple[Suppression, SuppressedCode]] = []
    later: list[tuple[Suppression, SuppressedCode]] = []
    for suppression in suppressions:
        for word in suppression.words:
            meant = codes.get(word.text)
            if meant is None:
                unknown.append(word)
            elif word in used:
                continue
            elif word.text != EVERYTHING and meant & about:
                later.append((suppression, word))
            elif meant <= judged:
                unused.append((suppression, word))
    given = {"source": source, "unknown": unknown[:MAX_WORDS], "every": every}
    found = _found(unknown_code_in_suppression, rules, given)
    found += _found(unused_suppression, rules, {"source": source, "unused": unused[:MAX_WORDS]})
    found.sort(key=Finding.sort_key)
    silencer = Silencer([suppression._replace(words=(word,)) for suppression, word in later])
    kept = [finding for finding in found if not silencer.silences(finding)]
    needless = [(suppression, word) for suppression, word in later if word not in silencer.used]
    return kept + _found(unused_suppression, rules, {"source": source, "unused": needless[:MAX_WORDS]})


def _found(made: Rule, rules: Sequence[Rule], given: dict[str, Any]) -> list[Finding]:
    return list(made.findings(given)) if made in rules else []


RULES = (
    unused_suppression,
    unknown_code_in_suppression,
    internal_error,
    unreadable_file,
    file_too_large,
    unreadable_suppression,
)

ALWAYS = frozenset(found.code for found in (internal_error, unreadable_file, file_too_large))
"""Codes that no selection, severity or comment changes, because the file was not checked."""
