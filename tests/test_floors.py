"""The floors of the house: what each room of the package may import, and that no two parts import each other."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "aipplint"

FLOORS = (
    ("cli", "server"),
    ("report", "show", "explain", "preview", "new"),
    ("run",),
    ("pipeline",),
    ("rules",),
    ("fixes", "formatting", "suppressions"),
    ("project",),
    ("training", "feeding"),
    ("readers",),
    ("atc", "runtime"),
    ("config",),
    ("hardware",),
    ("models",),
    ("schema",),
    ("syntax", "resources"),
    ("errors", "suggest"),
    ("source", "findings", "records"),
)
"""From the top to the ground. A room imports what is on floors below it; on its own floor, only one way."""

LEVELS = {name: level for level, names in enumerate(FLOORS) for name in names}
NO_ARROWS = frozenset(("__init__", "__main__", "_generated"))
"""What belongs to no room: the package's own entrances, and modules made by the build."""


def name_of(path: Path) -> str:
    """The dotted name of a module, without that of the package."""
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__")


MODULES = {name_of(path): path for path in sorted(PACKAGE.rglob("*.py"))}


def imports_of(name: str) -> Iterator[tuple[int, str]]:
    """The lines of a module that import from the package, also late or for a type checker, and the module named."""
    for node in ast.walk(ast.parse(MODULES[name].read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("aipplint"):
            package = (node.module or "").removeprefix("aipplint").removeprefix(".")
            for alias in node.names:
                inner = f"{package}.{alias.name}".removeprefix(".")
                yield node.lineno, inner if inner in MODULES else package


def room_of(name: str) -> str:
    return name.split(".", maxsplit=1)[0]


def circle_in(arrows: dict[str, Iterable[str]]) -> list[str]:
    """One circle among arrows, in its order; nothing where there is none."""
    try:
        TopologicalSorter(arrows).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


ROOMS = sorted({room_of(name) for name in MODULES} - NO_ARROWS)


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_nothing_from_above(room: str) -> None:
    above = [
        f"{name}:{line} imports {imported}"
        for name in MODULES
        if room_of(name) == room
        for line, imported in imports_of(name)
        if LEVELS.get(room_of(imported), LEVELS[room]) < LEVELS[room]
    ]
    assert above == []


def test_no_two_rooms_of_one_floor_import_each_other() -> None:
    arrows: dict[str, set[str]] = {room: set() for room in ROOMS}
    for name in MODULES:
        for _, imported in imports_of(name):
            if room_of(name) in arrows and room_of(imported) in arrows and room_of(name) != room_of(imported):
                arrows[room_of(name)].add(room_of(imported))
    assert circle_in({**arrows}) == []


def test_no_modules_import_each_other() -> None:
    packages = {name for name, path in MODULES.items() if path.name == "__init__.py"}
    arrows = {name: {imported for _, imported in imports_of(name)} - packages - {name} for name in MODULES}
    assert circle_in({**arrows}) == []


def test_every_room_has_its_floor() -> None:
    assert set(ROOMS) == set(LEVELS)


def test_a_docstring_can_be_read_alone() -> None:
    """None leans on the one before it; a name for a limit begins with MAX."""
    texts = {name: path.read_text(encoding="utf-8") for name, path in MODULES.items()}
    assert [name for name, text in texts.items() if re.search(r'"""(The same|Return the same)\b', text)] == []
    assert [name for name, text in texts.items() if re.search(r"(?m)^_?(MOST|LONGEST|LARGEST|DEEPEST)\b", text)] == []


def test_a_circle_is_seen() -> None:
    assert circle_in({"a": ["b"], "b": ["c"], "c": ["b"]}) in (["b", "c", "b"], ["c", "b", "c"])
