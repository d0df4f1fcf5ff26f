"""The generated part of docs/: a page for every rule, the indexes, the fields, the manual page.

``python -m tests.docs`` writes it anew; test_docs.py fails where the tree differs from what is made here.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from aipplint.findings import clean
from aipplint.hardware.releases import former_names
from aipplint.project.command import OPTIONS
from aipplint.resources import schema_text
from aipplint.rules import RULES
from aipplint.rules.documentation import fact_page, linked
from aipplint.rules.rule import Rule
from aipplint.schema.fields import table
from aipplint.schema.spec import OP, FieldSpec
from tests.checkout import ROOT
from tests.man import man_page

DOCS = ROOT / "docs"
FAMILIES = {
    "0": "Syntax: the file as protobuf text format",
    "1": "Schema: fields, types, values",
    "2": "The operator and its input",
    "3": "Geometry: source, crop, padding, resize",
    "4": "Colour",
    "5": "Normalisation",
    "6": "The ATC options",
    "7": "The configuration against the build",
    "8": "Run time: what an application passes to dynamic AIPP",
    "9": "Housekeeping",
}
_MADE = "<!-- Made by `python -m tests.docs`; do not edit. -->\n"


def pages() -> dict[Path, str]:
    """Every generated file with its text."""
    made = {DOCS / "rules" / f"{rule.code}.md": rule_page(rule) for rule in RULES}
    made[DOCS / "rules" / "README.md"] = rule_index()
    made[DOCS / "errors.md"] = error_index()
    made[DOCS / "fields.md"] = field_reference()
    made[DOCS / "settings.md"] = settings_reference()
    made[DOCS / "aipplint.1"] = man_page()
    return made


def rule_page(rule: Rule) -> str:
    """The page of a rule, as ``aipplint rule`` prints it, with its facts in front."""
    text = linked("\n".join(clean(line) for line in rule.page.split("\n")), fact_link)
    facts = [f"**{rule.severity}**"]
    if rule.codes:
        facts.append(f"prevents {', '.join(rule.codes)}")
    facts.append(f"since {rule.since}")
    if rule.preview:
        facts.append("preview")
    return f"{_MADE}\n# {rule.code} {rule.name}\n\n{' · '.join(facts)}\n\n{text.strip()}\n"


def fact_link(fact: str) -> str:
    """Return a fact as a link from the page of a rule."""
    return f"[{fact}](../{fact_page(fact).removeprefix('docs/')})"


def rule_index() -> str:
    """All rules by family."""
    lines = [_MADE, "# Rules", "", "Severity is a promise: an *error* is what the toolchain rejects."]
    family = ""
    for rule in RULES:
        if rule.code[4] != family:
            family = rule.code[4]
            lines += [
                "",
                f"## {family}xx {FAMILIES[family]}",
                "",
                "| code | name | severity | what |",
                "|---|---|---|---|",
            ]
        lines.append(f"| [{rule.code}]({rule.code}.md) | {rule.name} | {rule.severity} | {rule.summary} |")
    return "\n".join(lines) + "\n"


def error_index() -> str:
    """For people who have a code and want to know why."""
    by_code: dict[str, list[Rule]] = {}
    for rule in RULES:
        for code in rule.codes:
            by_code.setdefault(code, []).append(rule)
    lines = [
        _MADE,
        "# By ATC error code",
        "",
        "Which rules say what is behind a code, or behind a call that fails at run time.",
    ]
    for code in sorted(by_code, key=lambda code: (not code.startswith("E"), code)):
        lines += ["", f"## {code}", ""]
        if former := former_names(code):
            lines += [f"Older releases: {former}.", ""]
        lines += [f"- [{r.code}](rules/{r.code}.md) {r.name}: {r.summary}" for r in by_code[code]]
    return "\n".join(lines) + "\n"


def field_reference() -> str:
    """The fields of ``aipp_op``, from the schema."""
    described = json.loads(schema_text("insert_op_conf"))["$defs"][OP]["properties"]
    lines = [
        _MADE,
        "# The fields of aipp_op",
        "",
        "For programs: their [schema](../schemas/insert_op_conf.schema.json).",
        "",
    ]
    lines += ["| field | type | range | default | mode | meaning |", "|---|---|---|---|---|---|"]
    for spec in table().messages[OP].values():
        meaning = described[spec.name]["description"]
        cells = (f"`{spec.name}`", f"{spec.proto}, {spec.number}", _range(spec), _default(spec), spec.mode, meaning)
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def settings_reference() -> str:
    """The keys of the settings, from their schema."""
    schema = json.loads(schema_text("settings"))
    lines = [
        _MADE,
        "# Settings",
        "",
        "They stand in `aipplint.toml`, or under `[tool.aipplint]` in `pyproject.toml`; the nearest file above a",
        "configuration counts, and `--config` names another. Keys may be written with `-` or `_`; an unknown one is an",
        "error. `aipplint check --show-settings` prints what is in force. Editors can check the file by its",
        "[schema](../schemas/settings.schema.json).",
        "",
        *_settings_table(schema, schema["properties"]),
        "",
        "## Builds",
        "",
        "How a configuration is compiled, where no script shows it: a table `[[build]]` (in `pyproject.toml`",
        "`[[tool.aipplint.build]]`) for each. The values are those that ATC gets.",
        "",
        *_settings_table(schema, schema["$defs"]["build"]["properties"]),
        "",
        "The keys of `runtime` are those of its [schema](../schemas/runtime.schema.json).",
    ]
    return "\n".join(lines) + "\n"


def _settings_table(schema: dict[str, Any], properties: dict[str, Any]) -> list[str]:
    lines = ["| key | type | default | meaning |", "|---|---|---|---|"]
    for name, given in properties.items():
        spec = {**_referred(schema, given), **given}
        default = f"`{json.dumps(spec['default'])}`" if "default" in spec else ""
        meaning = spec["description"]
        if name.replace("-", "_") in OPTIONS and properties is not schema["properties"]:
            meaning = f"`--{name.replace('-', '_')}`. {meaning}"
        lines.append(f"| `{name}` | {_type_of(schema, spec)} | {default} | {meaning} |")
    return lines


def _referred(schema: dict[str, Any], spec: dict[str, Any]) -> dict[str, Any]:
    """The definition that a part of a schema refers to."""
    found: dict[str, Any] = schema["$defs"].get(spec.get("$ref", "").rpartition("/")[2], {})
    return found


def _type_of(schema: dict[str, Any], spec: dict[str, Any]) -> str:
    """What a value may be, for people."""
    spec = {**_referred(schema, spec), **spec}
    if "enum" in spec:
        return ", ".join(f"`{json.dumps(value)}`" for value in spec["enum"])
    if "anyOf" in spec:
        return " or ".join(_type_of(schema, part) for part in spec["anyOf"])
    if spec["type"] == "array":
        return f"list of {_type_of(schema, spec['items'])}s"
    if spec["type"] == "object":
        inner = spec.get("additionalProperties")
        return f"table of {_type_of(schema, inner)}" if inner else "table"
    return {"boolean": "true or false", "integer": "whole number"}.get(spec["type"], str(spec["type"]))


def _range(spec: FieldSpec) -> str:
    if spec.low is None or spec.high is None:
        return ""
    zero = f", or 0 for {spec.zero}" if spec.zero else ""
    return f"{spec.low:g} to {spec.high:.10g} {spec.unit}".strip() + zero


def _default(spec: FieldSpec) -> str:
    default = spec.default
    if isinstance(default, tuple):
        default = default[0] if default else ""
    return str(default).lower() if isinstance(default, bool) else str(default)


def write() -> None:
    """Write the generated files, and remove pages of rules that are gone."""
    made = pages()
    for old in (DOCS / "rules").glob("*.md"):
        if old not in made:
            old.unlink()
    for path, text in made.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write()
