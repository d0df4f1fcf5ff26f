"""Descriptions as one JSON document, described by schemas/show.schema.json. ASCII only, as in the report."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Any

from aipplint import __version__
from aipplint.findings import clean
from aipplint.models.model import Model
from aipplint.show.description import Description
from aipplint.show.models import as_value

VERSION = 1


def render(descriptions: Sequence[Description], models: Sequence[Model] = ()) -> str:
    """The document."""
    document = {
        "version": VERSION,
        "tool": {"name": "aipplint", "version": __version__},
        "configurations": [_plain(one) for one in descriptions],
        "models": [as_value(one) for one in models],
    }
    return json.dumps(document, indent=2, allow_nan=False) + "\n"


def _plain(value: object) -> Any:
    """Convert a description to types of JSON; field names become keys, and a number that is not finite becomes null."""
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return {name: _plain(part) for name, part in zip(value._fields, value, strict=True)}
    if isinstance(value, (tuple, list)):
        return [_plain(part) for part in value]
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
