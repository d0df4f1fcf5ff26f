"""Commands that a shell ends too early: the skipped options are found in the text after the command."""

from __future__ import annotations

import re
from collections.abc import Sequence

from aipplint.atc.words import BLANK, COMMENT, COMMENTED_LINE, EMPTY_LINE, MISSING, NAMES
from aipplint.records import NamedTuple

MAX_MISTAKES = 20
"""Mistakes of one command that are reported."""

LISTS = frozenset(
    "input_shape input_shape_range input_hint_shape dynamic_image_size dynamic_dims out_nodes input_fp16_nodes".split()
)
"""Options whose values have parts between ``;``."""

_REST = re.compile(
    r"(?:[\w./-]+:[-\d?${][^\s;|&<>()]*"
    r"|-?\d+(?:[,~][^\s;|&<>()]*)?"
    r"|\$\{?\w+\}?,[^\s;|&<>()]*)(?=[\s;|&<>)]|$)"
)
"""What can go on after a ``;`` in such a value: ``img:1,3``, ``832,832``, ``8``, ``$h,$w``."""

_NODE = re.compile(r"[\w./-]+(?=\s+--?(?:output|soc_version|framework|input_\w+|log)[=\s])")
"""Nodes that may continue a command if options of ATC follow: a command of their own would not accept these."""

_TOKEN = re.compile(
    r"\"(?:[^\"\\]|\\.)*\"|'[^']*'|\\\n|\\.|(?P<blank>[ \t]+)|(?P<cut>;)|(?P<end>[\n|&<>()])|[^\s;|&<>()\"'\\]+",
    re.DOTALL,
)

_ENDED = re.compile(r"[ \t]*(?P<comment>#[^\n]*)?\n[ \t]*")
_GOES_ON = re.compile(
    r"[ \t]*(?P<slash>\\(?P<blanks>[ \t]*))(?P<comment>(?<=[ \t])#[^\n]*)?(?P<end>\n)"
    r"(?P<between>(?>[ \t]*(?>\\[ \t]*)?(?:#[^\n]*)?\n)*)[ \t]*"
)
"""From the last word of a line to the next line that says something: without a backslash, and with one."""
_COMMENT = re.compile(r"[ \t]*(?P<comment>#[^\n]*)")

_QUOTED = r"\"(?:[^\"\\]|\\.){0,4096}\"|'[^']{0,4096}'|`[^`\n]*`|\$\([^()\n]*\)"
_WORD = re.compile(rf"(?:{_QUOTED}|\\[^\n]|[^\s;|&<>()\"'`\\])+", re.DOTALL)
_BETWEEN = re.compile(r"(?:[ \t]|\\\n)+")
_SLASH_AND_BLANKS = re.compile(r"\\[ \t]+(?:\n|\Z)")
"""A backslash that is to join two lines, and does not."""
_OPTION = re.compile(r"--?(?P<name>[A-Za-z][\w-]*)(?:=(?P<value>.*))?", re.ASCII | re.DOTALL)
_PROSE = re.compile(r".*[\uff1a\uff0c\u3002\uff08]|.*:$|[\u2e80-\u9fff\uff00-\uffef]", re.DOTALL)
"""Words of a description: with the punctuation of text, or Chinese where no name stands before it."""
_PLAIN = re.compile(r"[\w$.{}:,;/~?+-]+")


class Cut(NamedTuple):
    """A value of an option that a ``;`` splits. All are offsets; ``plain`` means that quotes around it are enough."""

    at: int
    start: int
    end: int
    plain: bool


class Break(NamedTuple):
    """A broken line continuation: its cause, and the first option that is skipped.

    ``mended`` is a range and its replacement that repairs the continuation; None if one edit is not enough.
    """

    kind: str
    start: int
    end: int
    skipped: str
    mended: tuple[int, int, str] | None = None


def cuts(letters: str, word_start: int, end: int, option: str) -> tuple[list[Cut], int]:
    """The split values in and after a command whose last word, a value of ``option``, ends at ``end``.

    Also returns the offset up to which the following text belongs to the command.
    """
    found: list[Cut] = []
    start = _value_start(letters, word_start)
    at = end
    while option in LISTS and letters.startswith(";", at) and (rest := _rest(letters, at + 1, option)):
        value_end = rest
        while letters.startswith(";", value_end) and (more := _rest(letters, value_end + 1, option)):
            value_end = more
        plain = _PLAIN.fullmatch(letters, start, value_end) is not None
        if len(found) < MAX_MISTAKES:
            found.append(Cut(at, start, value_end, plain))
        at, start, option = _to_next(letters, value_end)
    return found, at


def _rest(letters: str, at: int, option: str) -> int:
    """The end of the rest of a value that begins here; 0 if none does."""
    rest = _REST.match(letters, at) or (
        _NODE.match(letters, at) if option in ("out_nodes", "input_fp16_nodes") else None
    )
    return rest.end() if rest else 0


def _value_start(letters: str, word_start: int) -> int:
    named = re.compile(r"-+\w+=").match(letters, word_start)
    return named.end() if named else word_start


def _to_next(letters: str, at: int) -> tuple[int, int, str]:
    """The next ``;``, or the end of the command: its offset, where the value before it starts, the option of it."""
    word = previous = at
    for token in _TOKEN.finditer(letters, at):
        if token.start() != at or token["cut"] or token["end"]:
            break
        at = token.end()
        if token["blank"] or token.group() == "\\\n":
            previous, word = word, at
    named = re.compile(r"-+(\w+)=").match(letters, word, at)
    if named:
        return at, named.end(), named.group(1)
    given = re.compile(r"\s*-+(\w+)\s").match(letters, previous, word)
    return at, word, given.group(1) if given else ""


def quoted_blanks(letters: str, end: int) -> int:
    """How long the backslash and the spaces are that a word ends with, if it does: ``--name=value\\ ``."""
    at = end
    while at and letters[at - 1] in " \t":
        at -= 1
    return end - at + 1 if 0 < at < end and letters[at - 1] == "\\" else 0


def blanks_behind_slash(letters: str, end: int) -> int:
    """The length of a backslash at the end of a word, with the spaces up to the line end; 0 if there are none."""
    behind = end
    while letters[behind : behind + 1] in (" ", "\t"):
        behind += 1
    ends = behind == len(letters) or letters[behind] == "\n"
    return max(quoted_blanks(letters, behind) - (behind - end), 0) if ends else 0


def breaks(letters: str, end: int, *, in_document: bool) -> tuple[list[Break], int]:
    """Find lines after a command that ends at ``end`` that continue it with options which a shell does not pass.

    Also returns the offset up to which the text belongs to it. In a document (``in_document``), following lines without
    a backslash continue the command, but a list of options with descriptions does not.
    """
    found: list[Break] = []
    while True:
        goes_on = _GOES_ON.match(letters, end)
        gap = goes_on or _ENDED.match(letters, end)
        first = _WORD.match(letters, gap.end()) if gap else None
        behind = options_end(letters, gap.end(), of_atc=not (goes_on or in_document)) if gap else 0
        if gap is None or first is None or not behind:
            return found, end
        skipped = first.group().rstrip("\\ \t")
        broken = _broken(goes_on, skipped) if goes_on else None if in_document else _missing(letters, gap, skipped)
        if broken is not None and len(found) < MAX_MISTAKES:
            found.append(broken)
        end = behind


def _broken(gap: re.Match[str], skipped: str) -> Break | None:
    """The mistake after a backslash; none if it ends the line."""
    if gap["comment"]:
        return Break(COMMENT, *gap.span("comment"), skipped)
    if gap["blanks"]:
        return Break(BLANK, *gap.span("slash"), skipped, (*gap.span("blanks"), ""))
    commented = _COMMENT.match(gap.string, *gap.span("between"))
    if commented is not None:
        return Break(COMMENTED_LINE, *commented.span("comment"), skipped)
    if gap["between"]:
        mended = None if "#" in gap["between"] else (*gap.span("between"), "")
        return Break(EMPTY_LINE, gap.start("slash"), gap.end("end"), skipped, mended)
    return None


def _missing(letters: str, gap: re.Match[str], skipped: str) -> Break:
    end_of_line = letters.index("\n", gap.start())
    mended = None if gap["comment"] else (gap.start(), end_of_line, " \\")
    return Break(MISSING, gap.end(), gap.end() + len(skipped), skipped, mended)


def options_end(letters: str, at: int, *, of_atc: bool) -> int:
    """The end of the options that begin at an offset; 0 if there are none.

    ``--name=value`` and ``--name value`` are options; ``--name: what it means`` describes one. With ``of_atc`` the
    first must be one of ATC's.
    """
    start, takes_value = at, False
    while word := _WORD.match(letters, at):
        option = _OPTION.fullmatch(word.group())
        if _PROSE.match(word.group()) or not (option or takes_value):
            return 0
        if at == start and (option is None or (of_atc and option["name"] not in NAMES)):
            return 0
        takes_value = option is not None and not option["value"]
        end = word.end()
        if letters.startswith("(", end):
            return 0
        if blanks := blanks_behind_slash(letters, end):
            return end - blanks
        between = _BETWEEN.match(letters, end)
        if between is None or letters.startswith("#", between.end()) or _SLASH_AND_BLANKS.match(letters, between.end()):
            return end
        at = between.end()
    return end if at > start else 0


def option_of(words: Sequence[str]) -> str:
    """The name of the option that the last of some words gives a value to."""
    last = words[-1] if words else ""
    if last.startswith("-") and "=" in last:
        return last.partition("=")[0].lstrip("-")
    before = words[-2] if len(words) > 1 else ""
    return before.lstrip("-") if before.startswith("-") and "=" not in before else ""
