"""The outline of a configuration, and the locations of its builds."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from aipplint.findings import Place, clean
from aipplint.pipeline import Use
from aipplint.project.patterns import matches
from aipplint.records import NamedTuple
from aipplint.run.plan import uses_of
from aipplint.run.session import Session
from aipplint.server.documents import Document
from aipplint.source import Span
from aipplint.syntax.tree import Field

_MAX_DETAIL = 80
"""Characters of a value that an outline shows."""


class Symbol(NamedTuple):
    """A block or a field: its name, a detail, and its location."""

    name: str
    detail: str
    whole: Span
    head: Span
    is_block: bool
    children: tuple[Symbol, ...] = ()


def outline(document: Document) -> list[Symbol]:
    """Return the blocks of a configuration with their fields, without deeper blocks."""
    if document.config is None:
        return []
    symbols = []
    ops = {id(op.block): op for op in document.config.ops}
    for field in document.config.tree.fields:
        for block in field.blocks:
            children = tuple(map(_field, block.fields))
            op = ops.get(id(block))
            detail = (
                ", ".join(str(op.value(name)) for name in ("aipp_mode", "input_format") if op.has(name)) if op else ""
            )
            whole = Span(min(field.name.start, block.span.start), block.span.end)
            symbols.append(Symbol(field.name.text, clean(detail), whole, field.name_span, True, children))
        if not field.blocks:
            symbols.append(_field(field))
    return symbols


def _field(field: Field) -> Symbol:
    shown = ", ".join(scalar.literal for scalar in field.scalars)[:_MAX_DETAIL]
    return Symbol(field.name.text, clean(shown), field.span, field.name_span, bool(field.blocks))


def builds(document: Document, session: Session) -> list[Place]:
    """Return the locations of the builds of a configuration: lines of the settings, and commands, that name it."""
    return list(dict.fromkeys((*_commands(uses_of(session, document.path)), *_in_settings(document, session))))


def _commands(uses: Sequence[Use]) -> Iterator[Place]:
    for use in uses:
        option = use.build.option("insert_op_conf")
        if use.build.origin is not None:
            yield use.build.origin.head
        elif option is not None:
            yield option.place


def _in_settings(document: Document, session: Session) -> Iterator[Place]:
    settings = session.finder.of_file(document.path)
    path = os.path.abspath(document.path)
    for table in settings.builds:
        for selector in table.configs:
            # The paths of a build begin at the settings file, also where they have no slash.
            pattern = selector.text if "/" in selector.text else f"./{selector.text}"
            if matches(pattern, settings.folder, path):
                yield selector.place
