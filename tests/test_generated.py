"""What the build generates is what grammar/ and schemas/ say now, and works as what is made on the spot."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from aipplint.schema.generate import check_module, field_table
from aipplint.schema.spec import SchemaTable
from aipplint.syntax.generate import tables
from hatch_build import generated_modules

ROOT = Path(__file__).parent.parent
GENERATED = ROOT / "aipplint" / "_generated"
MODULES = generated_modules()


def namespace(text: str) -> dict[str, Any]:
    """The names of a generated module."""
    names: dict[str, Any] = {}
    exec(text, names)  # noqa: S102 - our own text, made a line above
    return names


@pytest.mark.skipif(not GENERATED.exists(), reason="this checkout was never built, so nothing can be stale")
def test_generated_modules_are_up_to_date() -> None:
    found = {path.name: path.read_text(encoding="utf-8") for path in GENERATED.glob("*.py")}

    assert sorted(found) == sorted(MODULES)
    assert [name for name, text in found.items() if text != MODULES[name]] == []


def test_there_is_a_module_for_every_grammar_and_schema() -> None:
    grammars = {f"{path.stem}.py" for path in (ROOT / "grammar").glob("*.lark")}
    schemas = {f"check_{path.name.removesuffix('.schema.json')}.py" for path in (ROOT / "schemas").glob("*.json")}

    assert grammars | schemas | {"__init__.py", "address.py", "fields.py"} == set(MODULES)


def test_making_them_twice_gives_the_same_text() -> None:
    assert generated_modules() == MODULES


@pytest.mark.parametrize("path", sorted((ROOT / "grammar").glob("*.lark")), ids=lambda path: path.stem)
def test_generated_tables_are_those_of_the_grammar(path: Path) -> None:
    made = namespace(MODULES[f"{path.stem}.py"])["TABLES"]

    assert made == tables(path.read_text(encoding="utf-8"))
    re.compile(made.pattern)


def test_generated_field_table_is_that_of_the_schema() -> None:
    made: SchemaTable = namespace(MODULES["fields.py"])["TABLE"]

    assert made == field_table((ROOT / "schemas" / "insert_op_conf.schema.json").read_text(encoding="utf-8"))


def test_a_keyword_without_a_generated_check_is_refused() -> None:
    with pytest.raises(ValueError, match="uniqueItems"):
        check_module("x", '{"type": "array", "uniqueItems": true}')


def test_generated_modules_import_nothing_heavy() -> None:
    for name, text in MODULES.items():
        imports = re.findall(r"^(?:from|import) (\S+)", text, re.MULTILINE)
        assert set(imports) <= {"aipplint.syntax.lalr", "aipplint.schema.spec"}, name
