"""The pages about what the model sees: their commands print what stands there."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checkout import ROOT
from tests.pages import as_run


@pytest.mark.parametrize("name", ["preview.md", "compare.md", "symptoms.md"])
def test_commands_print_what_the_page_shows(
    name: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    pytestconfig: pytest.Config,
) -> None:
    monkeypatch.chdir(tmp_path)
    page = ROOT / "docs" / name
    stored = page.read_text(encoding="utf-8")
    now = as_run(stored, tmp_path, capsys)
    if pytestconfig.getoption("update_cases"):
        page.write_text(now, encoding="utf-8")
        stored = now

    assert now == stored
