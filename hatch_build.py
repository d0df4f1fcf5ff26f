"""What a build adds to the package: the modules generated from grammar/ and schemas/, and those two folders.

hatchling calls ``BuildHook``. ``python hatch_build.py`` writes the generated modules into the checkout, where an
editable install and a plain checkout find them (git ignores them); the Makefile does so whenever a grammar or a
schema has changed.

Where the documentation lives is said by ``AIPPLINT_DOCS_URL`` when a package is built: an address that ends where the
path of a page begins (docs/rules/AIPP702.md). Without it, reports name the path alone.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).resolve().parent
GENERATED = "aipplint/_generated"
RESOURCES = "aipplint/_resources"
FOLDERS = ("grammar", "schemas")


def generated_modules(root: Path = ROOT) -> dict[str, str]:
    """The text of every generated module, by file name: parse tables, the field table, schema checks."""
    if str(root) not in sys.path:
        sys.path.insert(0, str(root))
    from aipplint.schema.generate import check_module, fields_module
    from aipplint.syntax.generate import module

    made = {"__init__.py": '"""Generated from grammar/ and schemas/ when the package was built; do not edit."""\n'}
    made["address.py"] = _address_module(os.environ.get("AIPPLINT_DOCS_URL", ""))
    for grammar in sorted((root / "grammar").glob("*.lark")):
        made[f"{grammar.stem}.py"] = module(grammar.stem, grammar.read_text(encoding="utf-8"))
    for schema in sorted((root / "schemas").glob("*.schema.json")):
        name, text = schema.name.removesuffix(".schema.json"), schema.read_text(encoding="utf-8")
        made[f"check_{name}.py"] = check_module(name, text)
        if name == "insert_op_conf":
            made["fields.py"] = fields_module(text)
    return made


def _address_module(url: str) -> str:
    """Return the text of the module that says where the documentation lives."""
    if url and not url.startswith(("https://", "http://")):
        raise ValueError(f"AIPPLINT_DOCS_URL is no address: {url}")
    ending = url and url.rstrip("/") + "/"
    return f'"""Where the documentation lives; empty for nowhere yet."""\n\nDOCS: str = {ending!r}\n'


def write_modules(folder: Path) -> None:
    """Write the generated modules into a folder, and remove those whose grammar or schema is gone."""
    made = generated_modules()
    folder.mkdir(parents=True, exist_ok=True)
    for stale in set(folder.glob("*.py")) - {folder / name for name in made}:
        stale.unlink()
    for name, text in made.items():
        (folder / name).write_text(text, encoding="utf-8")


class BuildHook(BuildHookInterface[Any]):
    """Adds to wheels what the source tree keeps elsewhere."""

    _made: tempfile.TemporaryDirectory[str] | None = None

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make the generated modules; a wheel carries them, an editable install finds them in the checkout.

        grammar/ and schemas/ go into a wheel only: an editable install finds them beside the package
        (aipplint/resources.py).
        """
        if self.target_name != "wheel":
            return
        if version == "editable":
            write_modules(ROOT / GENERATED)
            return
        self._made = tempfile.TemporaryDirectory(prefix="aipplint-build-")
        folder = Path(self._made.name)
        write_modules(folder)
        added = {str(module): f"{GENERATED}/{module.name}" for module in sorted(folder.glob("*.py"))}
        added |= {str(ROOT / name): f"{RESOURCES}/{name}" for name in FOLDERS}
        build_data["force_include"].update(added)

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002 (hatchling's signature)
        """Remove what was made for the wheel."""
        if self._made is not None:
            self._made.cleanup()


if __name__ == "__main__":
    write_modules(ROOT / GENERATED)
