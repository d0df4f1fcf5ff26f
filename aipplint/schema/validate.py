"""Validation of an instance: the generated check decides, jsonschema explains violations."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from itertools import islice
from typing import Any

from aipplint.records import NamedTuple

MAX_ITEMS = 5000
"""So many elements of a list, and unknown keys of an object, are looked at in what does not conform."""
_MAX_ERRORS = 1000
"""So many errors of jsonschema are explained; each takes it a tenth of a millisecond."""


class Violation(NamedTuple):
    """One broken keyword of a schema.

    ``path`` leads from the root of the instance to the value, by keys and indexes; for an unknown key it leads
    to the key itself. ``limit`` is what the keyword asks for, ``value`` what was found.
    """

    path: tuple[str | int, ...]
    keyword: str
    limit: Any
    value: Any


def violations(schema: str, instance: object) -> list[Violation]:
    """Everything in an instance that ``schemas/<schema>.schema.json`` forbids, in the order of the instance."""
    return [] if conforms(schema)(instance) else explain(schema, instance)


@cache
def conforms(schema: str) -> Callable[[object], bool]:
    """The generated check of a schema."""
    try:
        module = import_module(f"aipplint._generated.check_{schema}")
        check: Callable[[object], bool] = module.conforms
    except ImportError:
        from aipplint.resources import schema_text
        from aipplint.schema.generate import check_module

        scope: dict[str, Any] = {}
        exec(check_module(schema, schema_text(schema)), scope)
        check = scope["conforms"]
    return check


@cache
def validator(schema: str) -> Any:
    """jsonschema's validator for a schema; importing it takes a tenth of a second."""
    import json

    from jsonschema import Draft202012Validator

    from aipplint.resources import schema_text

    return Draft202012Validator(json.loads(schema_text(schema)))


def _cut(instance: object) -> object:
    """An instance without the far end of its lists, of which jsonschema would look at every element."""
    if isinstance(instance, dict):
        return {key: _cut(value) if type(value) in (dict, list) else value for key, value in instance.items()}
    return [_cut(value) for value in instance[:MAX_ITEMS]] if isinstance(instance, list) else instance


def explain(schema: str, instance: object) -> list[Violation]:
    """What jsonschema finds wrong, one violation for each offending key or value."""
    found: list[Violation] = []
    for error in islice(validator(schema).iter_errors(_cut(instance)), _MAX_ERRORS):
        path = tuple(error.absolute_path)
        if error.validator == "additionalProperties":
            known = error.schema.get("properties", {})
            extra = [key for key in error.instance if key not in known][:MAX_ITEMS]
            found += [
                Violation((*path, key), "additionalProperties", list(known), error.instance[key]) for key in extra
            ]
        elif error.validator == "required":
            missing = [key for key in error.validator_value if key not in error.instance]
            found += [Violation(path, "required", key, error.instance) for key in missing]
        else:
            found.append(Violation(path, error.validator, error.validator_value, error.instance))
    return list({(v.path, v.keyword, str(v.limit)): v for v in found}.values())
