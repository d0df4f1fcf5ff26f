"""The field table: every field of the configuration, read from schemas/insert_op_conf.schema.json."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from aipplint.schema.spec import OP, FieldSpec, SchemaTable


@cache
def table() -> SchemaTable:
    """The field table: the one made when the package was built, or, in a checkout, made now from schemas/."""
    try:
        made: SchemaTable = import_module("aipplint._generated.fields").TABLE
    except ImportError:
        from aipplint.resources import schema_text
        from aipplint.schema.generate import field_table

        made = field_table(schema_text("insert_op_conf"))
    return made


def op_fields() -> dict[str, FieldSpec]:
    """The fields of ``aipp_op``, by name."""
    return table().messages[OP]
