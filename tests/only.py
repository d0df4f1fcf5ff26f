"""A plugin of pytest for ``make mutants``: run only the tests that the file in ``ONLY`` lists, in its order."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the listed tests."""
    listed = Path(os.environ["ONLY"]).read_text(encoding="utf-8").splitlines()
    order = {name: number for number, name in enumerate(listed)}
    items[:] = sorted((item for item in items if item.nodeid in order), key=lambda item: order[item.nodeid])
