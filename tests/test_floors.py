"""The floors of the house: each part of the package imports only what lies on its own floor or below it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "aipplint"

FLOORS = (
    ("cli", "server"),
    ("report", "show", "explain"),
    ("check", "listing"),
    ("files",),
    ("check_said",),
    ("embedded",),
    ("checker",),
    ("selecting", "pipeline"),
    ("rules",),
    ("fixes", "suppressions"),
    ("project",),
    ("models",),
    ("readers",),
    ("atc", "runtime"),
    ("config",),
    ("hardware",),
    ("schema",),
    ("syntax", "resources"),
    ("source", "findings", "records"),
)
"""From the top to the ground."""

LEVELS = {name: level for level, names in enumerate(FLOORS) for name in names}


def imports_of(module: Path) -> Iterator[tuple[int, str]]:
    """The lines of a module that import from the package when it is run, and the part that each names."""
    tree = ast.parse(module.read_text(encoding="utf-8"))
    only_for_types = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.ImportFrom)
            and node not in only_for_types
            and (node.module or "").startswith("aipplint.")
        ):
            yield node.lineno, (node.module or "").split(".")[1]


PARTS = sorted({path.relative_to(PACKAGE).parts[0].removesuffix(".py") for path in PACKAGE.rglob("*.py")} & set(LEVELS))


@pytest.mark.parametrize("part", PARTS)
def test_a_part_imports_nothing_from_above(part: str) -> None:
    modules = [PACKAGE / f"{part}.py"] if (PACKAGE / f"{part}.py").exists() else sorted((PACKAGE / part).rglob("*.py"))
    above = [
        f"{module.relative_to(PACKAGE)}:{line} imports {name}"
        for module in modules
        for line, name in imports_of(module)
        if name in LEVELS and LEVELS[name] < LEVELS[part]
    ]
    assert above == []


def test_every_part_has_its_floor() -> None:
    parts = {path.relative_to(PACKAGE).parts[0].removesuffix(".py") for path in PACKAGE.rglob("*.py")}
    assert {part for part in parts if not part.startswith("_")} == set(LEVELS)
