"""The files of grammar/ and schemas/, wherever this copy of aipplint keeps them.

A wheel carries them inside the package; in a checkout and in an editable install they stand beside it.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent


def _read(folder: str, name: str) -> str:
    inside = _PACKAGE / "_resources" / folder / name
    beside = _PACKAGE.parent / folder / name
    return (inside if inside.exists() else beside).read_text(encoding="utf-8")


def grammar_text(name: str) -> str:
    """``grammar/<name>.lark``. Raises FileNotFoundError for a name that does not exist."""
    return _read("grammar", f"{name}.lark")


def schema_text(name: str) -> str:
    """``schemas/<name>.schema.json``. Raises FileNotFoundError for a name that does not exist."""
    return _read("schemas", f"{name}.schema.json")
