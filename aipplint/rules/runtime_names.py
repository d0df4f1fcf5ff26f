"""AIPP816: names of run-time settings that no call has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from aipplint.findings import Problem, Severity, clean
from aipplint.rules.rule import rule
from aipplint.runtime.settings import Path, Runtime
from aipplint.suggest import DID_YOU_MEAN, nearest

MAX_NAMES = 20
"""Names that are told of one set of settings."""


@rule("AIPP816", "unknown-runtime-setting", Severity.WARNING)
def unknown_runtime_setting(runtime: Runtime) -> Iterator[Problem]:
    """A run-time setting has a name that aipplint does not know.

    What it says is not looked at, so that a mistake behind a misspelt name goes unseen. In settings files and in JSON
    such a name is a mistake of the file; this finding is for programs that call the library.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: dynamic
      max_src_image_size: 1000000
    }
    ```

    ```runtime
    {"input_format": "RGB888_U8", "src_image_size_ww": 224, "src_image_size_h": 224}
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: dynamic
      max_src_image_size: 1000000
    }
    ```

    ```runtime
    {"input_format": "RGB888_U8", "src_image_size_w": 224, "src_image_size_h": 224}
    ```

    ## Fix

    Write the name as schemas/runtime.schema.json has it.

    ## Source

    A rule of aipplint's own.
    """
    for (path, known), _ in zip(_unknown(runtime.values, _names(), ()), range(MAX_NAMES), strict=False):
        better = nearest(path[-1], known)
        values = {"name": clean(".".join(path)), "better": better}
        message = "no run-time setting is called {name}"
        yield Problem(runtime.place(*path), message, values, help=DID_YOU_MEAN if better else "")


def _unknown(
    values: Mapping[str, Any], known: Mapping[str, Any], above: Path
) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """The paths to keys that the schema has not, each with the keys that it has there."""
    for key, value in values.items():
        path = (*above, str(key))
        if key not in known:
            yield path, known
        elif isinstance(value, Mapping) and known[key]:
            yield from _unknown(value, known[key], path)


@cache
def _names() -> dict[str, dict[str, Any]]:
    """The keys of the schema, and below each the keys in it."""
    import json

    from aipplint.resources import schema_text

    properties: dict[str, Any] = json.loads(schema_text("runtime"))["properties"]
    return {key: {inner: {} for inner in spec.get("properties", {})} for key, spec in properties.items()}


RULES = (unknown_runtime_setting,)
