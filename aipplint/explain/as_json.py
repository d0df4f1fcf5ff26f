"""Explanations as one JSON document. ASCII only, as in the report of findings."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from aipplint import __version__
from aipplint.explain.codes import CODES
from aipplint.explain.explanation import Explanation
from aipplint.explain.log import Log
from aipplint.explain.search import Looked
from aipplint.explain.sizes import Decoded
from aipplint.findings import clean
from aipplint.report.as_json import as_object
from aipplint.rules.rule import Rule

VERSION = 1


def render(explained: Sequence[Explanation], looked: Looked, log: Log, name: str) -> str:
    """The document."""
    document = {
        "version": VERSION,
        "tool": {"name": "aipplint", "version": __version__},
        "log": clean(name),
        "succeeded": log.succeeded,
        "command": [clean(word) for word in log.command],
        "configurations": [clean(path) for path in looked.paths],
        "how_found": looked.why,
        "errors": [_as_object(one) for one in explained],
        "unknown_codes": list(log.unknown),
    }
    return json.dumps(document, indent=2) + "\n"


def _as_object(explanation: Explanation) -> dict[str, Any]:
    seen = explanation.seen
    position = None if seen.position is None else {"line": seen.position[0], "column": seen.position[1]}
    return {
        "code": seen.code,
        "title": CODES[seen.code].meaning,
        "text": clean(seen.text),
        "line": seen.line,
        "times": seen.times,
        "meaning": explanation.meaning,
        "certain": explanation.certain,
        "position": position,
        "rules": [rule_object(rule) for rule in explanation.rules],
        "fix": explanation.advice,
        "findings": [as_object(finding) for finding in explanation.findings],
        "findings_left_out": explanation.left_out,
        "sizes": None if explanation.sizes is None else _sizes(explanation.sizes),
    }


def _sizes(sizes: Decoded) -> dict[str, list[str]]:
    """Return the readings of the two numbers, the likeliest first."""
    return {"fed": [clean(str(one)) for one in sizes.fed], "need": [clean(str(one)) for one in sizes.need]}


def rule_object(rule: Rule) -> dict[str, str]:
    """Return a short description of a rule."""
    return {"code": rule.code, "name": rule.name, "severity": str(rule.severity), "summary": rule.summary}
