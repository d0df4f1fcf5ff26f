"""YAML and JSON: the normalisations in the settings of training code, and in ``preprocessor_config.json``."""

from __future__ import annotations

import re

from aipplint.findings import Place
from aipplint.readers.build_files.yaml_nodes import Mapping, Node, Sequence, YamlScalar, read_yaml
from aipplint.source import Source
from aipplint.training.names import deviation_key, mean_key, reciprocal_key
from aipplint.training.normalisation import NAMED, Normalisation, Numbers, on_bytes

MAX_FOUND = 50
"""Normalisations of one file that are looked at."""
MAX_NODES = 20_000
"""Nodes of a file that is read."""
WORDS = re.compile(rb"(?i)mean")
"""Stands in every file with a mean."""

_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_LIST = re.compile(rf"\s*[\[(]\s*{_NUMBER.pattern}(?:\s*,\s*{_NUMBER.pattern})*\s*,?\s*[\])]\s*")


def read_settings(source: Source) -> list[Normalisation]:
    """Read the normalisations of a YAML or JSON file, as far as it can be read."""
    found: list[Normalisation] = []
    todo: list[Node] = list(reversed(read_yaml(source.text)))
    seen: set[int] = set()
    while todo and len(seen) < MAX_NODES and len(found) < MAX_FOUND:
        node = todo.pop()
        if isinstance(node, YamlScalar) or id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, Mapping):
            one = _of_mapping(source, node)
            found += [one] if one is not None else []
            todo.extend(reversed(list(node.entries.values())))
        elif isinstance(node, Sequence):
            todo.extend(reversed(node.items))
    return found


def _of_mapping(source: Source, mapping: Mapping) -> Normalisation | None:
    """The mean and the deviation of a mapping."""
    if any(_text(mapping, key) in ("false", "False") for key in ("do_normalize",)):
        return None
    values = {key: (number, node) for key, node in mapping.entries.items() if (number := _numbers(node))}
    means = [key for key in values if mean_key(key) is not None]
    if len(means) != 1:
        return None
    mean, node = values[means[0]]
    deviation = next((values[key][0] for key in values if deviation_key(key) is not None), None)
    if deviation is None:
        factors = next((values[key][0] for key in values if reciprocal_key(key) is not None), None)
        if factors is None or len(factors) != 3 or min(factors) <= 0 or max(factors) > 1:
            return None
        deviation = tuple(1 / factor for factor in factors)
    elif 3 not in (len(mean), len(deviation)):
        return None
    known = on_bytes(mean, deviation)
    if known is None:
        return None
    start = _start(node)
    return Normalisation(*known, Place(source, source.span(start, start + 1)), NAMED, (), means[0])


def _text(mapping: Mapping, key: str) -> str:
    node = mapping.entries.get(key)
    return node.value if isinstance(node, YamlScalar) else ""


def _numbers(node: Node) -> Numbers:
    """The numbers of a list, or of a text that is one; empty for anything else."""
    if isinstance(node, Sequence):
        parts = [
            part.value for part in node.items[:4] if isinstance(part, YamlScalar) and _NUMBER.fullmatch(part.value)
        ]
        return tuple(map(float, parts)) if len(parts) == len(node.items) else ()
    if isinstance(node, YamlScalar):
        if _NUMBER.fullmatch(node.value):
            return (float(node.value),)
        if _LIST.fullmatch(node.value):
            return tuple(float(one) for one in _NUMBER.findall(node.value))
    return ()


def _start(node: Node) -> int:
    while isinstance(node, Sequence) and node.items:
        node = node.items[0]
    return node.start if isinstance(node, YamlScalar) else 0
