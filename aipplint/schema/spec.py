"""The rows of the field table, and the names of its messages and modes."""

from __future__ import annotations

from aipplint.records import NamedTuple


class FieldSpec(NamedTuple):
    """One field of a message.

    ``proto`` is its type in domi.InsertNewOps: a scalar type, an enum or a message. ``low`` and ``high`` are
    the documented range (inclusive; None where there is none); ``zero`` says what 0 stands for where it is
    allowed besides. ``mode`` is the AIPP mode that reads the field. ``reserved`` and ``since`` are empty for a
    field that works in every release; before the release ``since`` it was surely not there (fact K7, by the dates of
    GraphEngine's tags).
    """

    name: str
    proto: str
    repeated: bool
    number: int
    mode: str
    default: object
    low: float | None = None
    high: float | None = None
    unit: str = ""
    zero: str = ""
    reserved: str = ""
    since: str = ""


class SchemaTable(NamedTuple):
    """The tables of the configuration's schema: fields by message, value names by enum (in order of number)."""

    messages: dict[str, dict[str, FieldSpec]]
    enums: dict[str, tuple[str, ...]]


MODES = {"static": "static AIPP", "dynamic": "dynamic AIPP", "both": "static and dynamic AIPP"}
"""What the modes of a field are called."""

ROOT = "InsertNewOps"
OP = "AippOpParams"
