"""Where a shell ends a command earlier than its writer meant: what is lost then is seen in the letters behind it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from aipplint.atc.words import BLANK, COMMENT, COMMENTED_LINE
from aipplint.records import NamedTuple

MOST = 20
"""Slips of one command that are told."""

LISTS = frozenset(
    "input_shape input_shape_range input_hint_shape dynamic_image_size dynamic_dims out_nodes input_fp16_nodes".split()
)
"""Options whose values have parts between ``;``."""

_REST = re.compile(
    r"(?:[\w./-]+:[-\d?${][^\s;|&<>()]*"
    r"|-?\d+(?:[,~][^\s;|&<>()]*)?"
    r"|\$\{?\w+\}?,[^\s;|&<>()]*)(?=[\s;|&<>)]|$)"
)
"""What can go on behind a ``;`` in such a value: ``img:1,3``, ``832,832``, ``8``, ``$h,$w``."""

_NODE = re.compile(r"[\w./-]+(?=\s+--?(?:output|soc_version|framework|input_\w+|log)[=\s])")
"""The same for names of nodes, where options of ATC follow: as a command it would not take them."""

_TOKEN = re.compile(
    r"\"(?:[^\"\\]|\\.)*\"|'[^']*'|\\\n|\\.|(?P<blank>[ \t]+)|(?P<cut>;)|(?P<end>[\n|&<>()])|[^\s;|&<>()\"'\\]+",
    re.DOTALL,
)

_GAP = re.compile(r"(?>[ \t]*(?>\\[ \t]*)?(?:#[^\n]*)?\n)+[ \t]*(?=--?[A-Za-z])")
_LINE = re.compile(r"(?:[^\n\\]|\\[^\n])*(?:\\\n)?")
_SLIP = re.compile(
    r"(?P<blank>\\[ \t]+)\n"
    r"|\\[ \t]+(?P<comment>#[^\n]*)\n"
    r"|\n[ \t]*(?P<line>#[^\n]*)(?=\n)"
    r"|(?P<empty>\\\n)(?:[ \t]*\n)+"
)
_OPTION = re.compile(r"\s(--?[A-Za-z][^\s]*)")
_KINDS = {"blank": BLANK, "comment": COMMENT, "line": COMMENTED_LINE, "empty": BLANK}
_PLAIN = re.compile(r"[\w$.{}:,;/~?+-]+")


class Cut(NamedTuple):
    """A value of an option that a ``;`` cuts in two. All are offsets; ``plain``: it may be put in quotes as it is."""

    at: int
    start: int
    end: int
    plain: bool


class Break(NamedTuple):
    """A line that does not go on: what is wrong there, the first option that is lost, blanks that must go."""

    kind: str
    start: int
    end: int
    lost: str
    blanks: tuple[int, int] | None


def cuts(letters: str, word_start: int, end: int, option: str) -> tuple[list[Cut], int]:
    """The values that are cut, in and behind a command whose last word, a value of ``option``, ends at ``end``.

    Also gives the offset up to which the letters behind belong to the command.
    """
    found: list[Cut] = []
    start = _value_start(letters, word_start)
    at = end
    while option in LISTS and letters.startswith(";", at) and (rest := _rest(letters, at + 1, option)):
        value_end = rest
        while letters.startswith(";", value_end) and (more := _rest(letters, value_end + 1, option)):
            value_end = more
        plain = _PLAIN.fullmatch(letters, start, value_end) is not None
        if len(found) < MOST:
            found.append(Cut(at, start, value_end, plain))
        at, start, option = _to_next(letters, value_end)
    return found, at


def _rest(letters: str, at: int, option: str) -> int:
    """Where the rest of a value ends that begins here; 0 where none does."""
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
    """How long the backslash and the blanks are that a word ends with, if it does: ``--name=value\\ ``."""
    at = end
    while at and letters[at - 1] in " \t":
        at -= 1
    return end - at + 1 if 0 < at < end and letters[at - 1] == "\\" else 0


def breaks(letters: str, end: int) -> tuple[list[Break], int, bool]:
    """Where lines behind a command that ends at ``end`` go on with options which a shell does not see.

    Also gives the offset up to which the letters belong to it, and whether a backslash says that they should.
    """
    region = end
    while gap := _GAP.match(letters, region):
        region = gap.end()
        while (line := _LINE.match(letters, region)) and line.end() > region:
            region = line.end()
            if not letters.endswith("\\\n", 0, region):
                break
    if region == end:
        return [], end, False
    found = list(islice(_breaks(letters, end, region), MOST))
    first = _GAP.match(letters, end)
    return found, region, bool(found) or (first is not None and "\\" in first.group())


def _breaks(letters: str, start: int, end: int) -> Iterator[Break]:
    for slip in _SLIP.finditer(letters, start, end):
        kind = slip.lastgroup or ""
        if kind == "line" and letters[slip.start() - 1] != "\\":
            continue
        after = _OPTION.search(letters, slip.end() - 1, end)
        if after is None:
            break
        blanks = None
        if kind == "blank":
            blanks = (slip.start() + 1, slip.end("blank"))
        elif kind == "empty":
            blanks = (slip.end("empty"), slip.end())
        yield Break(_KINDS[kind], slip.start(kind), slip.end(kind), after.group(1), blanks)


def option_of(words: Sequence[str]) -> str:
    """The name of the option that the last of some words gives a value to."""
    last = words[-1] if words else ""
    if last.startswith("-") and "=" in last:
        return last.partition("=")[0].lstrip("-")
    before = words[-2] if len(words) > 1 else ""
    return before.lstrip("-") if before.startswith("-") and "=" not in before else ""
