"""What differs between two descriptions: the lines of each side that the other has not."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

from aipplint.findings import clean
from aipplint.show.description import Description, Operator
from aipplint.show.full import operator_rows


def render(one: Description, other: Description) -> str:
    """Render the differences, or say that there are none."""
    lines = [line for pair in zip_longest(one.ops, other.ops) for line in _of_operators(*pair)]
    head = f"- {clean(one.path)}\n+ {clean(other.path)}\n"
    if not lines:
        return f"\n{head}  both do the same\n"
    return f"\n{head}" + "".join(f"{line}\n" for line in lines)


def _of_operators(one: Operator | None, other: Operator | None) -> Iterator[str]:
    sides = [[] if op is None else list(_labelled(op)) for op in (one, other)]
    number = next(op.number for op in (one, other) if op is not None)
    gone, new = ([row for row in mine if row not in theirs] for mine, theirs in (sides, sides[::-1]))
    if gone or new:
        yield f"aipp_op {number + 1}"
    for label in dict.fromkeys(label for label, _ in (*gone, *new)):
        yield from (f"- {label:<11} {text}".rstrip() for mine, text in gone if mine == label)
        yield from (f"+ {label:<11} {text}".rstrip() for mine, text in new if mine == label)


def _labelled(op: Operator) -> Iterator[tuple[str, str]]:
    """The rows with the label of the part that they belong to."""
    label = ""
    for mine, text in operator_rows(op):
        label = mine or label
        yield label, " ".join(text.split())
