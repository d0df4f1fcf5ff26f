"""What a format of a configuration may not change, for the tests and the fuzzer."""

from __future__ import annotations

from typing import Any

from aipplint.formatting import Unformattable, format_source
from aipplint.pipeline import lint_source
from aipplint.source import Source
from aipplint.syntax.parser import parse
from aipplint.syntax.tree import Field


def meaning(fields: list[Field], *, sort: bool = False) -> list[Any]:
    """Fields with their values as written; with ``sort`` regardless of the order of different names in a block."""
    found = [
        (
            field.name.text,
            [scalar.literal for scalar in field.scalars],
            [meaning(b.fields, sort=sort) for b in field.blocks],
        )
        for field in fields
    ]
    return sorted(found, key=lambda one: one[0]) if sort else found


def comments(source: Source) -> list[str]:
    """Every comment, without the spaces at its end."""
    return sorted(token.text.rstrip(" \t\r\v\f") for token in parse(source).comments)


def assert_formatted(source: Source, *, sort: bool) -> bool:
    """Check every promise of the formatter for a text; return whether it is one that can be formatted."""
    made = format_source(source, sort=sort)
    if isinstance(made, Unformattable):
        assert 0 <= made.span.start <= made.span.end <= len(source.text)
        return False
    after = Source(source.path, made, source.encoding)
    assert Source.from_bytes(source.path, after.data).text == made, "it is read otherwise"
    assert format_source(after, sort=sort) == made, "a second format changes it"
    assert meaning(parse(after).fields, sort=sort) == meaning(parse(source).fields, sort=sort), "another meaning"
    assert comments(after) == comments(source), "other comments"
    before, now = lint_source(source), lint_source(after)
    assert sorted(f.code for f in now.findings) == sorted(f.code for f in before.findings), "other findings"
    assert now.suppressed == before.suppressed, "other suppressions"
    return True
