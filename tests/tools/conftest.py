"""Every test in this folder is one with tools of other people."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tools.workplace import Workplace

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark them: ``-m tools`` runs them alone, ``-m 'not tools'`` leaves them out."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.tools)


@pytest.fixture
def workplace(tmp_path: Path) -> Workplace:
    return Workplace(tmp_path)
