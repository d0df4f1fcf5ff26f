"""``aipplint field``: the description of a field, and the rules that check it."""

from __future__ import annotations

from collections.abc import Iterator

from aipplint.cli.arguments import Parser
from aipplint.cli.output import emit
from aipplint.errors import UsageError
from aipplint.explain.fields import Field, description, fields, names
from aipplint.schema.spec import MODES, OP, ROOT, FieldSpec

_EPILOG = """\
Without NAME, all fields are listed, one on a line. The facts come from schemas/insert_op_conf.schema.json, the rules
from their own pages.

Examples:
  aipplint field crop_size_w
  aipplint field --output-format=json src_image_size_w
"""

_FORMATS = ("full", "json")
_WHERE = {ROOT: "top level", OP: "aipp_op", "MultiShapeOpParams": "multi_shape_op"}
_TYPES = {
    "int32": "whole number (int32)",
    "uint32": "whole number from 0 on (uint32)",
    "float": "number (float)",
    "bool": "true or false (bool)",
    "string": "string",
}


def arguments() -> Parser:
    """Return the parser of this command's options."""
    parser = Parser("aipplint field", "aipplint field [OPTIONS] [NAME]...", "Describe fields, or list all.", _EPILOG)
    parser.add_argument(
        "-f", "--output-format", metavar="NAME", choices=_FORMATS, default="full", help="full or json (default: full)"
    )
    parser.add_argument("-h", "--help", action="store_true", help="show this help")
    return parser


def run(words: list[str]) -> int:
    """Run the command and return the exit code."""
    parser = arguments()
    options, wanted = parser.read(words)
    if options.help:
        emit(parser.format_help())
        return 0
    found = [field for name in wanted for field in _fields(name)]
    if options.output_format == "json":
        emit(
            _json(
                found if wanted else [field for name in dict.fromkeys(n for _, n in names()) for field in fields(name)]
            )
        )
    else:
        emit("\n".join(map(_page, found)) if wanted else _listed())
    return 0


def _fields(name: str) -> tuple[Field, ...]:
    found = fields(name)
    if not found:
        raise UsageError(f"AIPP has no field '{name}'", name, tuple(known for _, known in names()))
    return found


def _listed() -> str:
    """One line for each field: name, type, where it stands, the first sentence of its meaning."""
    lines = []
    for message, name in names():
        sentence = description(message, name).split(". ", 1)[0].rstrip(".")
        where = "" if message == OP else f" [{_WHERE[message]}]"
        lines.append(f"{name:<20}{where} {sentence}\n")
    return "".join(lines)


def _page(field: Field) -> str:
    spec = field.spec
    rows = [
        ("", f"{spec.name} ({_WHERE[field.message]}, field {spec.number})"),
        ("", ""),
        ("", field.description),
        ("", ""),
    ]
    rows += list(_facts(field))
    text = "".join(f"{head:<10}{what}".rstrip() + "\n" if head else f"{what}\n" for head, what in rows)
    if field.rules:
        width = max(len(rule.name) for rule in field.rules)
        text += "rules\n"
        text += "".join(f"  {rule.code}  {rule.name:<{width}}  {rule.severity}\n" for rule in field.rules)
    return text


def _facts(field: Field) -> Iterator[tuple[str, str]]:
    """Describe the properties of a field in the schema."""
    spec = field.spec
    repeated = (
        ", repeated (given once at the most: ATC refuses more)"
        if _once(spec)
        else ", repeated"
        if spec.repeated
        else ""
    )
    yield "type", _TYPES.get(spec.proto, "one of a list of names" if field.values else "block") + repeated
    if field.values:
        yield "values", ", ".join(field.values)
    if spec.low is not None and spec.high is not None:
        unit = f" {spec.unit}" if spec.unit else ""
        zero = f", or 0: {spec.zero}" if spec.zero else ""
        yield "range", f"{spec.low:g} to {spec.high:.10g}{unit}{zero}"
    if spec.proto in _TYPES or field.values:
        yield "default", _shown(spec.default)
    yield "mode", MODES[spec.mode]
    if spec.reserved:
        yield "reserved", spec.reserved
    if spec.since:
        yield "since", spec.since


def _once(spec: FieldSpec) -> bool:
    """Whether the field is repeated in the schema only so that absent can be told from 0 (fact V3)."""
    return spec.repeated and spec.default not in ([], ())


def _shown(value: object) -> str:
    if isinstance(value, (list, tuple)):
        return ", ".join(map(_shown, value)) or "none"
    if isinstance(value, bool):
        return str(value).lower()
    return '""' if value == "" else str(value)


def _json(found: list[Field]) -> str:
    import json

    from aipplint.explain.as_json import rule_object

    rows = []
    for field in found:
        spec = field.spec._asdict()
        rows.append(
            {
                "name": spec.pop("name"),
                "where": _WHERE[field.message],
                "message": field.message,
                "description": field.description,
                "type": spec.pop("proto"),
                **spec,
                "values": list(field.values),
                "rules": [rule_object(rule) for rule in field.rules],
            }
        )
    return json.dumps({"version": 1, "fields": rows}, indent=2) + "\n"
