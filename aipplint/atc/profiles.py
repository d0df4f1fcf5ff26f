"""The profile lists: --dynamic_batch_size, --dynamic_image_size and --dynamic_dims (facts O30 to O45).

A profile is a tuple of numbers: one batch size, ``(H, W)`` in pixels, or one number for each -1 of --input_shape.
What ATC rejects while it reads a list is a ``Flaw``; the profiles are those that are left when it is done.
"""

from __future__ import annotations

from collections.abc import Callable

from aipplint.atc.options import BATCH, DIMS, IMAGE
from aipplint.atc.tokens import Element, cut, number
from aipplint.records import NamedTuple
from aipplint.source import Span

_IMAGE_CHARACTERS = frozenset("0123456789, ;")


class Profile(NamedTuple):
    """One profile: its numbers in the order written, and its location in the option's value."""

    numbers: tuple[int, ...]
    span: Span

    def __str__(self) -> str:
        return ",".join(map(str, self.numbers))


class Flaw(NamedTuple):
    """Why ATC rejects a profile: its code, a sentence (a template over ``text``), the piece."""

    code: str
    reason: str
    span: Span
    text: str


class Profiles(NamedTuple):
    """The list as ATC reads it.

    ``parts`` is the number of parts in each profile, with empty ones, and the location. If there are flaws, ``items``
    contains only the valid profiles. ``skipped`` are spaces that an old release ignores.
    """

    option: str
    items: tuple[Profile, ...]
    flaws: tuple[Flaw, ...]
    parts: tuple[tuple[int, Span], ...] = ()
    skipped: tuple[Flaw, ...] = ()


def read_profiles(option: str, value: str, *, blanks: bool = False) -> Profiles:
    """Read the value of one of the three options. Every text results in profiles or flaws.

    ``blanks`` means that the release ignores spaces in batch and image sizes, as strtol does.
    """
    groups = cut("profiles", value)
    read = _with_blanks if blanks and option != DIMS else number
    if option == BATCH:
        return _batches(groups, read)
    if _is_empty(groups[-1]):
        del groups[-2:]
    if option == DIMS and len(groups) == 1 and _is_empty(groups[0]):
        return Profiles(option, (), (Flaw("E10058", "the list is empty", Span(0, len(value)), ""),))
    judge = _image_flaw if option == IMAGE else _dims_flaw
    items, flaws, parts = [], [], []
    skipped: list[Flaw] = []
    for pieces in (group[::2] for group in groups[::2]):
        span = Span(pieces[0].span.start, pieces[-1].span.end)
        parts.append((len(pieces), span))
        flaw = judge(pieces, span)
        numbers = tuple(n for piece in pieces if (n := read(piece.raw)) is not None)
        if flaw is not None and flaw.code == "E19999" and read is _with_blanks:
            skipped.append(flaw)
        elif flaw is not None:
            flaws.append(flaw)
            continue
        if any(piece.raw for piece in pieces):
            items.append(Profile(numbers, span))
    if option == IMAGE and any(len(item.numbers) < 2 for item in items):
        flaws += _halves(items)
        items = [item for item in items if len(item.numbers) == 2]
    return Profiles(option, tuple(items), tuple(flaws), tuple(parts), tuple(skipped))


def _with_blanks(text: str) -> int | None:
    """A text of digits and spaces as strtol reads it: the first digits, or 0; None for anything else."""
    if not text or text.strip(" 0123456789"):
        return None
    return number(next(iter(text.split()), "0"))


def _is_empty(group: list[Element]) -> bool:
    return len(group) == 1 and not group[0].raw


def _halves(items: list[Profile]) -> list[Flaw]:
    """Profiles of which one number is missing: ATC skips the hole, and then finds the profiles uneven, or too short."""
    uneven = any(len(item.numbers) == 2 for item in items)
    code = "E10035" if len(items) < 2 else "E10037" if uneven else "E10046"
    return [
        Flaw(code, "'{text}' is only one number; a profile is H,W", item.span, str(item))
        for item in items
        if len(item.numbers) == 1
    ]


def _batches(groups: list[list[Element]], read: Callable[[str], int | None]) -> Profiles:
    """``1,2,4,8``: digits and commas, nothing else, today not even a space; empty parts are skipped."""
    items: list[Profile] = []
    flaws: list[Flaw] = []
    skipped: list[Flaw] = []
    if len(groups) > 1:
        at = groups[0][-1].end
        flaws.append(Flaw("E10003", "unexpected ';'; separate batch sizes by ','", Span(at, at + 1), ";"))
    for group in groups[::2]:
        for piece in group[::2]:
            size = read(piece.raw)
            if size is not None:
                items.append(Profile((size,), piece.span))
            if piece.raw and number(piece.raw) is None:
                kept = flaws if size is None else skipped
                kept.append(Flaw("E10003", _why_not_a_number(piece), piece.span, piece.raw))
    return Profiles(BATCH, tuple(items), tuple(flaws), skipped=tuple(skipped))


def _why_not_a_number(piece: Element) -> str:
    """A sentence about a piece that is not digits alone."""
    word = piece.word
    if not word or number(word) is not None or " " in word:
        return "'{text}' contains a space, which a list of profiles must not"
    if any("\uff00" <= c <= "\uffef" or c in "\u3001\u3000" for c in word):
        return "'{text}' contains full-width characters; use ASCII digits, ',' and ';'"
    if word[0] == "-":
        return "'{text}' is negative; the numbers of a profile must be greater than 0"
    return "'{text}' is not a number; use only digits"


def _image_flaw(pieces: list[Element], span: Span) -> Flaw | None:
    """``H,W``: ATC checks the characters of the whole list, then the number of parts, then the numbers."""
    text = ",".join(piece.raw for piece in pieces)
    strange = next((p for p in pieces if not _IMAGE_CHARACTERS.issuperset(p.raw)), None)
    if strange is not None:
        return Flaw("E10003", _why_not_a_number(strange), strange.span, strange.word)
    if len(pieces) != 2:
        reason = "'{text}' is not H,W; separate profiles by ';'" if text else "empty profile; a profile is H,W"
        return Flaw("E10020", reason, span, text)
    blank = next((p for p in pieces if " " in p.raw), None)
    if blank is not None:
        return Flaw("E19999", _why_not_a_number(blank), Span(blank.start, blank.end), blank.raw)
    return None


def _dims_flaw(pieces: list[Element], _span: Span) -> Flaw | None:
    """``d,d,...``: digits only. How many there must be is another question (AIPP613)."""
    if _is_empty(pieces):
        return None
    for piece in pieces:
        if number(piece.raw) is None:
            reason = _why_not_a_number(piece) if piece.raw else "missing number"
            return Flaw("E10001", reason, piece.span, piece.raw)
    return None
