"""A text that is open in an editor, with its configuration and fields, independent of the protocol."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from aipplint.config.config import Config, Message, read_config
from aipplint.config.op import AippOp
from aipplint.findings import Finding
from aipplint.records import NamedTuple
from aipplint.schema.fields import table
from aipplint.schema.spec import OP, ROOT, FieldSpec
from aipplint.server.positions import Lines
from aipplint.source import MAX_BYTES, Source
from aipplint.syntax.parser import parse
from aipplint.syntax.tree import Field


class LocatedField(NamedTuple):
    """The field at an offset: its message type, its specification and its operator."""

    message: str
    field: Field
    spec: FieldSpec
    op: AippOp | None


class Document:
    """One version of an open text. ``path`` names it in findings and selects its settings."""

    def __init__(self, uri: str, path: str, text: str, version: int | None, encoding: str) -> None:
        self.uri = uri
        self.path = path
        self.version = version
        self.source = Source(path, text)
        self.encoding = encoding
        self.findings: tuple[Finding, ...] = ()
        """What the last check of this version found; empty until then."""

    @cached_property
    def lines(self) -> Lines:
        """The lines as the protocol counts them."""
        return Lines(self.source.text, self.encoding)

    @cached_property
    def config(self) -> Config | None:
        """The configuration in the text; None if it is too large to be checked."""
        if len(self.source.text) > MAX_BYTES:
            return None
        return read_config(self.source, parse(self.source))

    def field_at(self, offset: int) -> LocatedField | None:
        """The innermost known field whose name or value an offset touches."""
        if self.config is None:
            return None
        for message in self.config.messages:
            for field in _touching(message.block.fields, offset):
                found = self._found(message, field)
                if found is not None and not field.blocks:
                    return found
        for field in self.config.tree.fields:
            spec = table().messages[ROOT].get(field.name.text)
            if spec is not None and field.name.start <= offset <= field.name.end:
                op = next((op for op in self.config.ops if op.field is field), None)
                return LocatedField(ROOT, field, spec, op)
        return None

    def op_at(self, offset: int) -> AippOp | None:
        """The operator whose block an offset lies in."""
        ops = self.config.ops if self.config else ()
        return next((op for op in ops if op.block.span.start < offset <= op.block.span.end), None)

    def _found(self, message: Message, field: Field) -> LocatedField | None:
        root = table().messages[ROOT].get(message.name)
        spec = table().messages[root.proto].get(field.name.text) if root else None
        if root is None or spec is None or self.config is None:
            return None
        op = next((op for op in self.config.ops if op.block is message.block), None)
        return LocatedField(root.proto if op is None else OP, field, spec, op)


def _touching(fields: list[Field], offset: int) -> Iterator[Field]:
    return (field for field in fields if field.name.start <= offset <= field.end)
