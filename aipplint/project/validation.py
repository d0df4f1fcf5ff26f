"""Violations of a schema by settings, in one line."""

from __future__ import annotations

from aipplint.errors import SettingsError, where
from aipplint.findings import clean
from aipplint.project.locate import Locator
from aipplint.schema.validate import Violation, violations

_KINDS = {
    "string": "a string",
    "array": "a list",
    "object": "a table",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
}


_OFF = ("off", "none", "ignore", "disable", "disabled", "false")


def check(schema: str, values: object, locator: Locator) -> None:
    """Raise SettingsError for the first thing in ``values`` that the schema forbids."""
    found = violations(schema, values)
    if found:
        # A key that is missing may be there in another spelling.
        first = min(found, key=lambda one: (one.keyword == "required", locator.place(one.path).span))
        raise _error(first, locator)


def _error(violation: Violation, locator: Locator) -> SettingsError:
    path, keyword, limit, value = violation
    name = clean(".".join(str(step) for step in path if isinstance(step, str)))
    head = f"{where(locator.key_place(path))}: "
    if keyword == "additionalProperties":
        wrong = str(path[-1])
        if wrong == "tool" and len(path) == 1:
            return SettingsError(f"{head}this file must not have the table [tool.aipplint]; only pyproject.toml has it")
        return SettingsError(f"{head}unknown key '{clean(wrong)}'", wrong, tuple(limit))
    if keyword == "required":
        return SettingsError(f"{head}{name or 'this'} needs a '{limit}'")
    if keyword == "enum":
        known = tuple(map(str, limit))
        if path[0] == "severity" and str(value).lower() in _OFF:
            message = "{head}{name} must be {known}, not '{value}'; to leave a rule out, put it into 'ignore'"
            return SettingsError(message.format(head=head, name=name, known=_one_of(known), value=value))
        return SettingsError(f"{head}{name} must be {_one_of(known)}, not '{clean(str(value))}'", str(value), known)
    if keyword == "type" and limit == "array" and isinstance(value, dict):
        return SettingsError(f"{head}{name} must be a list of tables; write [[{name}]] with double brackets")
    if keyword == "type":
        return SettingsError(f"{head}{name or 'this'} must be {_KINDS[limit]}, not {_kind(value)}")
    if keyword in ("minLength", "minItems") or value in ("", []):
        return SettingsError(f"{head}{name} must not be empty")
    if keyword == "anyOf":
        kinds = tuple(_KINDS.get(part.get("type"), "a string") for part in limit)
        return SettingsError(f"{head}{name} must be {_one_of(kinds)}, not {_kind(value)}")
    relation = {"minimum": "at least", "maximum": "at most", "maxItems": "at most"}.get(keyword, keyword)
    return SettingsError(f"{head}{name} must be {relation} {limit}, not {clean(str(value))[:80]}")


def _one_of(words: tuple[str, ...]) -> str:
    return " or ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else words[0]


def _kind(value: object) -> str:
    kinds = {str: "string", list: "array", dict: "object", bool: "boolean", int: "integer", float: "number"}
    return _KINDS.get(kinds.get(type(value), ""), "a date")
