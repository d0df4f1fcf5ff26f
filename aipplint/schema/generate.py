"""schemas/*.json to Python: the field table, and checks that need no jsonschema.

Runs when the package is built; in a checkout that was never built, on first use. A generated check answers one
question, whether an instance conforms; what is wrong with one that does not is explained by jsonschema
(validate.py). The two are held together by a property test.
"""

from __future__ import annotations

import json
from typing import Any

from aipplint.schema.spec import ROOT, FieldSpec, SchemaTable

_TYPES = {
    "object": "type(v) is dict",
    "array": "type(v) is list",
    "string": "type(v) is str",
    "boolean": "type(v) is bool",
    "integer": "(type(v) is int or type(v) is float and v.is_integer())",
    "number": "(type(v) is int or type(v) is float)",
    "null": "v is None",
}
_KNOWN = frozenset(
    "type enum const minimum maximum minLength minItems maxItems items properties additionalProperties required"
    " anyOf $ref".split()
)
_ANNOTATIONS = frozenset("$schema $id $defs $comment title description default examples x-aipp".split())


def field_table(schema_text: str) -> SchemaTable:
    """The field table of the configuration's schema."""
    schema = json.loads(schema_text)
    definitions = schema["$defs"]
    enums = {name: tuple(d["enum"]) for name, d in definitions.items() if "enum" in d}
    messages = {name: _message(d) for name, d in definitions.items() if "properties" in d}
    return SchemaTable({ROOT: _message(schema), **messages}, enums)


def _message(definition: dict[str, Any]) -> dict[str, FieldSpec]:
    return {name: _field(name, field) for name, field in definition["properties"].items()}


def _field(name: str, field: dict[str, Any]) -> FieldSpec:
    facts = field["x-aipp"]
    low, high = facts.get("range", (None, None))
    default = field["default"]
    if isinstance(default, list):
        default = tuple(default)
    texts = {key: facts.get(key, "") for key in ("unit", "zero", "reserved", "since")}
    proto = facts["proto"]
    return FieldSpec(name, proto, facts["repeated"], facts["number"], facts["mode"], default, low, high, **texts)


def fields_module(schema_text: str) -> str:
    """The text of the generated module with the field table."""
    made = field_table(schema_text)
    lines = ['"""Generated from schemas/insert_op_conf.schema.json; do not edit."""', ""]
    lines += ["from aipplint.schema.spec import FieldSpec, SchemaTable", "", "TABLE = SchemaTable(", "    messages={"]
    for message, fields in made.messages.items():
        lines += [f"        {message!r}: {{"]
        lines += [f"            {name!r}: FieldSpec{tuple(spec)!r}," for name, spec in fields.items()]
        lines += ["        },"]
    lines += ["    },", f"    enums={made.enums!r},", ")", ""]
    return "\n".join(lines)


def check_module(name: str, schema_text: str) -> str:
    """The text of a module with ``conforms(instance) -> bool`` for a schema.

    Raises ValueError for a keyword that it does not know, so that a schema cannot outgrow it in silence.
    """
    compiler = _Compiler(json.loads(schema_text))
    root = compiler.function(compiler.schema)
    head = f'"""Generated from schemas/{name}.schema.json; do not edit."""'
    return "\n".join([head, "", *compiler.lines, f"conforms = {root}", ""])


class _Compiler:
    """One Python function for every subschema; equal ones share it."""

    def __init__(self, schema: dict[str, Any]) -> None:
        self.schema = schema
        self.lines: list[str] = []
        self._made: dict[str, str] = {}

    def function(self, schema: dict[str, Any]) -> str:
        """The name of the function that checks a subschema."""
        if "$ref" in schema and not _KNOWN.intersection(schema) - {"$ref"}:
            return self.function(self._resolve(schema["$ref"]))
        key = json.dumps(_without_annotations(schema), sort_keys=True)
        if key not in self._made:
            self._made[key] = name = f"_check_{len(self._made)}"
            body = self._body(name, schema)
            self.lines += [f"def {name}(v):", *(f"    {line}" for line in body), "    return True", "", ""]
        return self._made[key]

    def _body(self, name: str, schema: dict[str, Any]) -> list[str]:
        if unknown := set(schema) - _KNOWN - _ANNOTATIONS:
            raise ValueError(f"keywords without a generated check: {', '.join(sorted(unknown))}")
        lines: list[str] = []

        def need(condition: str) -> None:
            lines.extend((f"if not ({condition}):", "    return False"))

        if "$ref" in schema:
            need(f"{self.function(self._resolve(schema['$ref']))}(v)")
        if "anyOf" in schema:
            need(" or ".join(f"{self.function(part)}(v)" for part in schema["anyOf"]))
        if "type" in schema:
            need(_TYPES[schema["type"]])
        if "enum" in schema:
            need(f"type(v) is str and v in {{{_items(schema['enum'])}}}")
        if "const" in schema:
            need(f"type(v) is {type(schema['const']).__name__} and v == {schema['const']!r}")
        numeric = "type(v) is not int and type(v) is not float"
        if "minimum" in schema:
            need(f"{numeric} or v >= {schema['minimum']!r}")
        if "maximum" in schema:
            need(f"{numeric} or v <= {schema['maximum']!r}")
        if "minLength" in schema:
            need(f"type(v) is not str or len(v) >= {schema['minLength']}")
        if "minItems" in schema:
            need(f"type(v) is not list or len(v) >= {schema['minItems']}")
        if "maxItems" in schema:
            need(f"type(v) is not list or len(v) <= {schema['maxItems']}")
        if "items" in schema:
            need(f"type(v) is not list or all(map({self.function(schema['items'])}, v))")
        if "required" in schema:
            need(f"type(v) is not dict or {{{_items(schema['required'])}}} <= v.keys()")
        if "properties" in schema or "additionalProperties" in schema:
            lines.extend(self._object(name, schema))
        return lines

    def _object(self, name: str, schema: dict[str, Any]) -> list[str]:
        properties = {key: self.function(part) for key, part in schema.get("properties", {}).items()}
        table = ", ".join(f"{key!r}: {function}" for key, function in properties.items())
        rest = schema.get("additionalProperties", True)
        other = "return False" if rest is False else "continue"
        if isinstance(rest, dict):
            other = f"check = {self.function(rest)}"
        return [
            "if type(v) is dict:",
            "    for key, value in v.items():",
            f"        check = {name}_properties.get(key)",
            "        if check is None:",
            f"            {other}",
            "        if not check(value):",
            "            return False",
            *self._later(f"{name}_properties = {{{table}}}"),
        ]

    def _later(self, line: str) -> list[str]:
        self.lines += [line, ""]
        return []

    def _resolve(self, reference: str) -> dict[str, Any]:
        part: Any = self.schema
        for step in reference.removeprefix("#/").split("/"):
            part = part[step]
        found: dict[str, Any] = part
        return found


def _items(values: list[str]) -> str:
    return ", ".join(map(repr, values))


def _without_annotations(schema: Any) -> Any:
    if isinstance(schema, dict):
        return {k: _without_annotations(v) for k, v in schema.items() if k not in _ANNOTATIONS}
    return schema
