"""A field of the configuration: its description in the schema, and the rules that check it.

The rules are derived from their pages: the fields that the text names, and those on the lines that the
examples mark, and from the names in the source of their functions. So no list of them can grow old.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from types import FunctionType
from typing import TYPE_CHECKING, Any

from aipplint.records import NamedTuple
from aipplint.rules import RULES
from aipplint.rules.rule import Rule
from aipplint.schema.fields import table
from aipplint.schema.spec import OP, ROOT, FieldSpec

if TYPE_CHECKING:
    import ast

_FENCE = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
_MARKED = re.compile(r"^\s*(?P<name>[a-z]\w*)\b[^\n]*# <--", re.MULTILINE)
_NAMED = re.compile(r"(?<![-\w])(?P<quote>`)?(?P<name>[a-z][a-z0-9]*(?:_[a-z0-9]+)*)(?P<more>_)?\*?(?!-|\w)")
_ANY = ("AIPP0", "AIPP101")
"""Rules about text that is no field yet."""
_TYPES = "AIPP1"


class Field(NamedTuple):
    """A field with its message, its description, the values that it can have if they have names, and its rules."""

    message: str
    spec: FieldSpec
    description: str
    values: tuple[str, ...]
    rules: tuple[Rule, ...]


def names() -> list[tuple[str, str]]:
    """Message and name of every field, in the order of the schema; those of the operator first."""
    messages = table().messages
    ordered = sorted(messages, key=lambda message: (message != OP, message == ROOT))
    return [(message, name) for message in ordered for name in messages[message]]


def fields(name: str) -> tuple[Field, ...]:
    """Return the fields with a name: several if two messages have it."""
    return tuple(_field(message, found) for message, found in names() if found == name)


def description(message: str, name: str) -> str:
    """Return the description of a field."""
    described = _properties(message)[name].get("description", "")
    return str(described)


def _field(message: str, name: str) -> Field:
    spec = table().messages[message][name]
    rules = tuple(rule for rule in RULES if name in fields_of(rule.code)) if message == OP else ()
    return Field(message, spec, description(message, name), table().enums.get(spec.proto, ()), rules)


@cache
def _schema() -> dict[str, Any]:
    from aipplint.resources import schema_text

    schema: dict[str, Any] = json.loads(schema_text("insert_op_conf"))
    return schema


def _properties(message: str) -> dict[str, Any]:
    holder = _schema() if message == ROOT else _schema()["$defs"][message]
    properties: dict[str, Any] = holder["properties"]
    return properties


@cache
def fields_of(code: str) -> frozenset[str]:
    """Return the fields of the operator that a rule checks; none if it checks all of them."""
    if code.startswith(_ANY):
        return frozenset()
    rule = next(rule for rule in RULES if rule.code == code)
    named = (*_of_page(rule), *_of_code(rule))
    return frozenset(field for name in named for field in _siblings(name))


def _of_page(rule: Rule) -> Iterator[str]:
    """Return the fields in the text of a page, and those on the marked lines of its examples.

    The examples of the rules about types may show any field; of those the text alone counts.
    """
    page = rule.page
    if not rule.code.startswith(_TYPES):
        yield from _known(found["name"] for found in _MARKED.finditer(page))
    for found in _NAMED.finditer(_FENCE.sub("", page)):
        # A word that is English as well (crop, padding) counts as a field only where it is marked as one.
        name = found["name"] + (found["more"] or "")
        if found["quote"] or "_" in name:
            yield from _meant(name)


def _of_code(rule: Rule) -> Iterator[str]:
    """Return the fields whose names are in the function of a rule, completely or as a prefix.

    Rules about options and run-time settings use the same names for those.
    """
    check = rule.check
    if not isinstance(check, FunctionType) or "runtime" in rule.needs or not {"op", "config"} & set(rule.needs):
        return
    for text in _texts(check, {check}):
        if "op" in rule.needs or "_" in text:
            yield from _meant(text)


def _known(found: Iterable[str]) -> Iterator[str]:
    known = table().messages[OP]
    return (name for name in found if name in known)


def _meant(name: str) -> Iterator[str]:
    """Return the fields of a possible prefix: ``crop_size`` and ``mean_chn_`` match several."""
    stem = name.rstrip("_")
    known = table().messages[OP]
    if stem in known:
        yield stem
    elif "_" in name:
        yield from (field for field in known if field.startswith(f"{stem}_"))


def _siblings(name: str) -> Iterator[str]:
    """Fields that differ in the axis, the side, the channel or the cell only: rules treat them alike."""
    pattern = re.sub(r"^(?:left|right|top|bottom)_", "(?:left|right|top|bottom)_", name)
    pattern = re.sub(r"_r\dc\d$", r"_r\\dc\\d", pattern)
    pattern = re.sub(r"_\d$", r"_\\d", pattern)
    pattern = re.sub(r"_[hw]$", "_[hw]", pattern)
    return (field for field in table().messages[OP] if re.fullmatch(pattern, field))


def _texts(function: FunctionType, seen: set[FunctionType]) -> Iterator[str]:
    """The strings in a function and in the constants that it names; of a table, the columns that it reads.

    Functions of its own module that it calls are part of it.
    """
    body = _bodies(function.__module__)[function.__name__]
    yield from body.literals
    for name in body.names:
        value = function.__globals__.get(name)
        yield from _strings(value, body.attributes)
        if isinstance(value, FunctionType) and value.__module__ == function.__module__ and value not in seen:
            seen.add(value)
            yield from _texts(value, seen)


class _Body(NamedTuple):
    """The contents of a function: literal strings, global names, attributes that it reads."""

    literals: tuple[str, ...]
    names: frozenset[str]
    attributes: frozenset[str]


@cache
def _bodies(module: str) -> dict[str, _Body]:
    """The bodies of the functions of a module by name, from its source: bytecode differs between releases of Python."""
    import ast
    import inspect
    import sys

    tree = ast.parse(inspect.getsource(sys.modules[module]))
    return {node.name: _body(node) for node in tree.body if isinstance(node, ast.FunctionDef)}


def _body(function: ast.FunctionDef) -> _Body:
    import ast

    literals: list[str] = []
    names: set[str] = set()
    variables: set[str] = set()
    attributes: set[str] = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            literals.append(node.value)
        elif isinstance(node, ast.Name):
            (names if isinstance(node.ctx, ast.Load) else variables).add(node.id)
        elif isinstance(node, ast.arg):
            variables.add(node.arg)
        elif isinstance(node, ast.Attribute):
            attributes.add(node.attr)
    # The docstring is a literal too; its page says more than a name.
    documentation = ast.get_docstring(function, clean=False)
    return _Body(
        tuple(text for text in literals if text != documentation),
        frozenset(names - variables),
        frozenset(attributes),
    )


def _strings(value: object, columns: frozenset[str]) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple) and hasattr(value, "_fields"):
        for column in columns.intersection(value._fields):
            yield from _strings(getattr(value, column), columns)
    elif isinstance(value, (tuple, list, frozenset)):
        for part in value:
            yield from _strings(part, columns)
    elif isinstance(value, dict):
        yield from _strings((*value, *value.values()), columns)
