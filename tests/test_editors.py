"""docs/editors.md, as far as it goes without the editors; tests/tools runs its recipes in them."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest

from aipplint.project.recognise import NAMED
from tests.checkout import ROOT, run
from tests.test_report import CONCISE

GUIDE = (ROOT / "docs" / "editors.md").read_text(encoding="utf-8")
BAD = "aipp_op {\n  aipp_mode: static\n  input_format: RGB888_U8\n  colour: true\n}\n"


def test_links_lead_somewhere() -> None:
    headings = re.findall(r"^#+ (.+)$", GUIDE, re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}
    inside = re.findall(r"\]\(#([\w-]+)\)", GUIDE)
    outside = re.findall(r"\]\(([\w./-]+)(?:#[\w-]+)?\)", GUIDE)

    assert set(inside) <= anchors
    assert len(inside) > 5
    assert outside
    assert all((ROOT / "docs" / link).exists() for link in outside)


def test_the_guide_shows_what_is_printed(tmp_path: Path) -> None:
    ((command, shown),) = re.findall(r"```console\n\$ (.+)\n((?:.+\n)+)```", GUIDE)
    (tmp_path / "buffer").write_text(BAD, encoding="utf-8")
    program = command.replace("aipplint ", f'"{sys.executable}" -m aipplint ', 1)
    done = run("sh", "-c", program, cwd=tmp_path, env={"PYTHONPATH": str(ROOT)}, fails=True)

    assert done.stdout == shown
    assert CONCISE.match(shown.rstrip("\n"))


def test_json_in_the_guide_is_json() -> None:
    found = re.findall(r"```jsonc?\n(.*?)```", GUIDE, re.DOTALL)

    assert len(found) == 3
    assert all(json.loads(text) for text in found)


@pytest.mark.parametrize("language", ["vim", "lua", "elisp", "json"])
def test_the_patterns_for_names_are_ours(language: str) -> None:
    """Every ending that a recipe names belongs to a configuration, and the usual ones are named."""
    recipes = "".join(re.findall(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL))
    endings = set(re.findall(r"\b(cfg|conf|config|prototxt|aippconfig)\b", recipes.partition("aipp")[2]))

    assert endings >= {"cfg", "conf", "config", "prototxt"}
    assert all(re.match(NAMED, f"aipp.{ending}") for ending in endings - {"aippconfig"})
