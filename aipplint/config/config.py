"""Conversion of a tree to a configuration: typed values and operators."""

from __future__ import annotations

from aipplint.config.dialects import Dialect, dialect
from aipplint.config.op import AippOp, Entry
from aipplint.findings import Place
from aipplint.records import NamedTuple
from aipplint.schema.fields import table
from aipplint.schema.literals import Misfit, value_in_range, value_of
from aipplint.schema.spec import OP, ROOT, FieldSpec
from aipplint.schema.validate import Violation, violations
from aipplint.source import Source, Span
from aipplint.syntax.tree import Block, Field, Scalar, Tree

SCHEMA = "insert_op_conf"
_MAX_OVERWRITTEN = 500
"""Of the wrong values that a later one replaces, so many are reported: each is judged on its own."""


class Offence(NamedTuple):
    """A violation of the schema, with the field it stands in and the very token.

    ``message`` names the message type that the field was read in, ``spec`` is None for an unknown field.
    """

    violation: Violation
    message: str
    spec: FieldSpec | None
    field: Field
    scalar: Scalar | None
    place: Place


class Message(NamedTuple):
    """A block of any known kind, ``aipp_op`` or ``multi_shape_op``, with the values of its known fields."""

    name: str
    field: Field
    block: Block
    entries: dict[str, list[Entry]]


class Config(NamedTuple):
    """A configuration: its operators, and what the schema forbids in it, in the order of the file.

    Of a file in another tool's dialect only that is known: it has neither.
    """

    source: Source
    tree: Tree
    ops: tuple[AippOp, ...]
    offences: tuple[Offence, ...]
    dialect: Dialect | None
    messages: tuple[Message, ...] = ()

    @property
    def skipped(self) -> bool:
        """Whether the parser skipped text, so that the absence of an operator proves nothing."""
        return any(issue.skipped for issue in self.tree.issues)

    @property
    def torn(self) -> bool:
        """Whether the parser skipped text without a fix, so that the text around it cannot be interpreted."""
        return any(issue.skipped and not issue.edits for issue in self.tree.issues)

    @property
    def whole(self) -> Place:
        """The start of the file, which is the location for something missing in it."""
        return Place(self.source, Span(0, 0))


def read_config(source: Source, tree: Tree) -> Config:
    """Make a configuration of a tree."""
    if other := dialect(source, tree):
        return Config(source, tree, (), (), other)
    reader = _Reader(source, tree)
    reader.read_root()
    found = violations(SCHEMA, reader.instance)
    offences = [offence for v in found if (offence := reader.locate(v))]
    offences += reader.overwritten()
    offences.sort(key=lambda offence: offence.place.span)
    return Config(source, tree, tuple(reader.ops), tuple(offences), None, tuple(reader.messages.values()))


class _Reader:
    """Builds the instance for the schema, and keeps the field of each part.

    An instance holds the last value of a singular field and the list of a repeated one. The compiler reads the
    earlier values of a singular field too: they are judged one by one (``overwritten``).
    """

    def __init__(self, source: Source, tree: Tree) -> None:
        self.source = source
        self.tree = tree
        self.ops: list[AippOp] = []
        self.instance: dict[str, object] = {}
        self._root_fields: dict[str, list[Field]] = {}
        self.messages: dict[tuple[str, int], Message] = {}
        self._earlier: list[tuple[str, FieldSpec, Entry, object]] = []
        self._named: tuple[Block, dict[str, Field]] | None = None
        self._skipped = [issue.span for issue in tree.issues if issue.skipped]

    def read_root(self) -> None:
        """Read the fields of the file and the messages in them."""
        schema = table()
        for field in self.tree.fields:
            name = field.name.text
            self._root_fields.setdefault(name, []).append(field)
            spec = schema.messages[ROOT].get(name)
            if spec is None:
                self.instance[name] = Misfit(literal=name)
                continue
            parts = self.instance.setdefault(name, [])
            assert isinstance(parts, list)
            for block in field.blocks:
                parts.append(self._read_message(name, spec, field, block, len(parts)))
            parts.extend(scalar.text for scalar in field.scalars)

    def _read_message(self, name: str, spec: FieldSpec, field: Field, block: Block, index: int) -> dict[str, object]:
        entries: dict[str, list[Entry]] = {}
        instance: dict[str, object] = {}
        if spec.proto == OP:
            span = block.span
            damaged = any(span.start <= skipped.start <= span.end for skipped in self._skipped)
            op = AippOp(self.source, len(self.ops), field, block, damaged)
            self.ops.append(op)
            entries, instance = op.entries, op.instance
        self.messages[name, index] = Message(name, field, block, entries)
        self._read_fields(name, block, entries, instance)
        return instance

    def locate(self, violation: Violation) -> Offence | None:
        """The field and token of a violation."""
        root, *rest = violation.path
        if not rest or not isinstance(rest[0], int):
            return self._offence(violation, ROOT, self._root_fields[str(root)][0], None)
        message = table().messages[ROOT][str(root)].proto
        if len(rest) == 1:
            field = next(f for f in self._root_fields[str(root)] if f.scalars)
            return self._offence(violation, ROOT, field, field.scalars[0])
        block, entries = self.messages[str(root), rest[0]][2:]
        name = str(rest[1])
        given = entries.get(name, [])
        if len(rest) > 2 and isinstance(rest[2], int) and rest[2] < len(given):
            entry = given[rest[2]]
        elif violation.keyword == "maxItems" and int(violation.limit) < len(given):
            entry = given[int(violation.limit)]
        elif given:
            entry = next((e for e in given if e.value is None), given[-1])
        else:
            return self._offence(violation, message, self._first_fields(block)[name], None)
        return self._of_entry(violation, message, entry)

    def _of_entry(self, violation: Violation, message: str, entry: Entry) -> Offence | None:
        """Return the offence of one value; None if it is missing, which is a syntax issue."""
        field, scalar = entry.field, entry.scalar
        if not scalar.missing:
            return self._offence(violation, message, field, scalar)
        if field.blocks or (field.listed and not table().messages[message][field.name.text].repeated):
            return self._offence(violation, message, field, None)
        return None

    def _first_fields(self, block: Block) -> dict[str, Field]:
        """The first field of each name in a block, kept for the next question about it."""
        if self._named is None or self._named[0] is not block:
            self._named = block, {field.name.text: field for field in reversed(block.fields)}
        return self._named[1]

    def _offence(self, violation: Violation, message: str, field: Field, scalar: Scalar | None) -> Offence:
        spec = table().messages[message].get(field.name.text)
        span = field.name_span if spec is None else scalar.span if scalar else field.value_span
        return Offence(violation, message, spec, field, scalar, Place(self.source, span))

    def overwritten(self) -> list[Offence]:
        """Check values that a later value of the same field replaces against the schema."""
        found: list[Offence] = []
        for root, spec, entry, value in self._earlier:
            if len(found) >= _MAX_OVERWRITTEN:
                break
            message = table().messages[ROOT][root].proto
            for violation in violations(SCHEMA, {root: [{spec.name: value}]}):
                if offence := self._of_entry(violation, message, entry):
                    found.append(offence)
        return found

    def _read_fields(
        self, root: str, block: Block, entries: dict[str, list[Entry]], instance: dict[str, object]
    ) -> None:
        """Type the fields of one message."""
        schema = table()
        specs, enums = schema.messages[schema.messages[ROOT][root].proto], schema.enums
        for field in block.fields:
            name = field.name.text
            spec = specs.get(name)
            if spec is None:
                instance[name] = Misfit(literal=name)
                continue
            values: list[object] = []
            given = entries.get(name, [])
            if given and not spec.repeated:
                self._earlier.append((root, spec, given[-1], instance[name]))
            for scalar in field.scalars:
                value = value_of(scalar, spec, enums)
                given.append(Entry(field, scalar, value_in_range(value, spec, enums)))
                values.append(value)
            if not field.scalars and not (field.listed and spec.repeated):
                given.append(Entry(field, _nothing(field), None))
            if given:
                entries[name] = given
            if field.blocks or (field.listed and not spec.repeated):
                values = [Misfit(literal="block" if field.blocks else "list")]
            if not spec.repeated:
                instance[name] = values[-1] if values else Misfit(literal="")
            elif isinstance(before := instance.get(name), list):
                before += values
            else:
                instance[name] = values


def _nothing(field: Field) -> Scalar:
    """Placeholder for the literal of a field that has a block or an empty list instead."""
    return Scalar("BAD_NUMBER", "", False, field.name.end, field.name.end, ())
