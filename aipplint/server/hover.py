"""Hover: the meaning of a field, the effect of its value, and the page of a rule."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from aipplint.explain.fields import description
from aipplint.pipeline import Use
from aipplint.rules import RULES
from aipplint.rules.documentation import address, rule_page
from aipplint.rules.rule import Rule
from aipplint.schema.fields import table
from aipplint.schema.spec import MODES, FieldSpec
from aipplint.server.documents import Document, LocatedField
from aipplint.server.effects import effects
from aipplint.server.references import Reference
from aipplint.source import Span

_CODE = re.compile(r"AIPP\d{3}")


def hover(document: Document, offset: int, uses: Sequence[Use]) -> tuple[str, Span] | None:
    """Return Markdown for an offset, and its span; None if there is no hover text."""
    found = document.field_at(offset)
    parts: list[str] = []
    span: Span | None = None
    if found is not None:
        inside = found.field.name_span if found.field.blocks else found.field.span
        parts.append("\n\n".join(_of_field(found, uses)))
        span = inside
    for rule, where in _rules_at(document, offset):
        parts.append("\n\n".join(_of_rule(rule)))
        span = span or where
    return ("\n\n---\n\n".join(parts), span) if span is not None else None


def hover_in_reference(document: Document, offset: int, reference: Reference | None) -> tuple[str, Span] | None:
    """As hover, in a script, document or code, where ``reference`` is the command or the settings at the offset."""
    rules = list(_rules_at(document, offset))
    parts = ["\n\n".join(_of_rule(rule)) for rule, _ in rules]
    spans = [where for _, where in rules]
    if reference is not None:
        parts.insert(0, reference.text)
        spans.append(reference.span)
    return ("\n\n---\n\n".join(parts), spans[0]) if spans else None


def _of_field(found: LocatedField, uses: Sequence[Use]) -> Iterator[str]:
    spec = found.spec
    kind = f"`{spec.proto}`, {MODES[spec.mode]}" if not found.field.blocks else "block"
    yield f"**{spec.name}** ({kind})"
    yield description(found.message, spec.name)
    if facts := list(field_facts(spec)):
        yield "\n".join(f"- {fact}" for fact in facts)
    if found.op is not None:
        done = effects(found.op, "" if found.field.blocks else spec.name, uses)
        if done:
            yield "Here:\n\n" + "\n".join(f"- {line}" for line in done)


def field_facts(spec: FieldSpec) -> Iterator[str]:
    """Return the range, default and other properties of a field in the schema."""
    values = [value for value in table().enums.get(spec.proto, ()) if value != spec.default]
    if values:
        yield f"values: {', '.join(values)}"
    if spec.low is not None and spec.high is not None:
        unit = f" {spec.unit}" if spec.unit else ""
        zero = f", or 0: {spec.zero}" if spec.zero else ""
        yield f"range: {spec.low:.10g} to {spec.high:.10g}{unit}{zero}"
    default = spec.default[0] if isinstance(spec.default, (list, tuple)) and spec.default else spec.default
    if isinstance(default, (bool, int, float)):
        yield f"default: {str(default).lower() if isinstance(default, bool) else default}"
    if spec.reserved:
        yield f"reserved: {spec.reserved}"
    if spec.since:
        yield f"since: {spec.since}"


def _rules_at(document: Document, offset: int) -> Iterator[tuple[Rule, Span]]:
    """Return the rules of the findings at an offset, and the rule that a comment names there, without duplicates."""
    found = {
        f.code: f.span for f in document.findings if _at(document, f.place.source is document.source, f.span, offset)
    }
    comments = document.config.tree.comments if document.config else ()
    for comment in comments:
        if comment.start <= offset <= comment.end:
            for code in _CODE.finditer(comment.text):
                span = Span(comment.start + code.start(), comment.start + code.end())
                if span.start <= offset <= span.end:
                    found[code.group()] = span
    return ((rule, found[rule.code]) for rule in RULES if rule.code in found)


def _at(document: Document, here: bool, span: Span, offset: int) -> bool:
    """Return whether a finding is at an offset; a finding about the whole file is not."""
    return here and span.start <= offset <= span.end and (span.end > span.start or document.source.text == "")


def _of_rule(rule: Rule) -> Iterator[str]:
    from aipplint.rules.page import read_page

    page = read_page(rule.page)
    yield f"**{rule.code} {rule.name}**"
    yield page.summary
    if page.why:
        yield page.why
    if fix := page.sections.get("Fix"):
        yield f"Fix: {fix}"
    page_at = address(rule_page(rule.code))
    yield f"[The whole page]({page_at})" if page_at else f"`aipplint rule {rule.code}` shows the whole page."
