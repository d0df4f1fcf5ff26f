"""One ``aipp_op``: written values, their locations, and effective values."""

from __future__ import annotations

from functools import cache

from aipplint.findings import Place
from aipplint.records import NamedTuple
from aipplint.schema.fields import op_fields
from aipplint.schema.literals import FieldValue
from aipplint.source import Source, Span
from aipplint.syntax.tree import Block, Field, Scalar


class Entry(NamedTuple):
    """One value that is given to a known field; a list gives one entry for each element.

    ``value`` is None where the literal does not fit, so that nothing can be concluded from it.
    """

    field: Field
    scalar: Scalar
    value: FieldValue | None


@cache
def defaults() -> dict[str, FieldValue]:
    """Return the value of each field that is not set: the default of the schema, 0 for an empty list."""
    found: dict[str, FieldValue] = {}
    for name, spec in op_fields().items():
        default = spec.default[0] if isinstance(spec.default, tuple) and spec.default else spec.default
        found[name] = default if isinstance(default, (int, float, str)) else 0
    return found


class AippOp:
    """An operator of the configuration.

    The accessors answer with effective values as the compiler has them after parsing: the last one given, or the
    type's zero for a field that is absent. None means *unknown*: given, but not understood (a wrong literal).
    """

    __slots__ = ("block", "damaged", "entries", "field", "index", "instance", "source")

    def __init__(self, source: Source, index: int, field: Field, block: Block, damaged: bool) -> None:
        self.source = source
        self.index = index
        self.field = field
        self.block = block
        self.damaged = damaged
        """Text inside was skipped by the parser: that a field is absent proves nothing."""
        self.entries: dict[str, list[Entry]] = {}
        self.instance: dict[str, object] = {}
        """What schemas/insert_op_conf.schema.json judges."""

    # What is written.

    def has(self, name: str) -> bool:
        """Return whether the field is set, with any value."""
        return name in self.entries

    def last(self, name: str) -> Entry | None:
        """Return the effective entry, or None if the field is not set."""
        entries = self.entries.get(name)
        return entries[-1] if entries else None

    # What it means.

    def value(self, name: str) -> FieldValue | None:
        """The effective value of a field of any type."""
        entries = self.entries.get(name)
        return entries[-1].value if entries else defaults()[name]

    def number(self, name: str) -> int | None:
        """The effective value of an integer field."""
        value = self.value(name)
        return value if type(value) is int else None

    def real(self, name: str) -> float | None:
        """The effective value of a float field, before any rounding."""
        value = self.value(name)
        return float(value) if isinstance(value, (int, float)) else None

    def flag(self, name: str) -> bool | None:
        """The effective value of a bool field."""
        value = self.value(name)
        return value if isinstance(value, bool) else None

    def text(self, name: str) -> str | None:
        """The effective value of a string or enum field; None for an enum number without a name."""
        value = self.value(name)
        return value if isinstance(value, str) else None

    @property
    def is_static(self) -> bool:
        """Whether aipp_mode is known to be static."""
        return self.value("aipp_mode") == "static"

    @property
    def is_dynamic(self) -> bool:
        """Whether aipp_mode is known to be dynamic."""
        return self.value("aipp_mode") == "dynamic"

    def on(self, name: str) -> bool:
        """Whether a switch is known to be on."""
        return self.value(name) is True

    # Where it is written.

    @property
    def head(self) -> Place:
        """The words ``aipp_op``, which are the location for something missing in the block."""
        return Place(self.source, self.field.name_span)

    def place(self, name: str) -> Place:
        """``name: value``; the head of the block where the field is absent."""
        entry = self.last(name)
        return Place(self.source, entry.field.span) if entry else self.head

    def name_place(self, name: str) -> Place:
        """The name of a field; the head of the block where the field is absent."""
        entry = self.last(name)
        return Place(self.source, entry.field.name_span) if entry else self.head

    def value_place(self, name: str) -> Place:
        """The value of a field; the head of the block where the field is absent."""
        entry = self.last(name)
        if entry is None:
            return self.head
        return Place(self.source, entry.field.name_span if entry.scalar.missing else entry.scalar.span)

    def at(self, span: Span) -> Place:
        """A span of the operator's source as a place."""
        return Place(self.source, span)
