"""Options, settings and fixtures that all tests share."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.checkout import ROOT, run

_SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]

# The usual run is the same on every machine; AIPPLINT_TEST_EXAMPLES=20000 makes it long, and different each time.
settings.register_profile("usual", deadline=None, derandomize=True, database=None, suppress_health_check=_SLOW)
settings.register_profile("long", deadline=None, database=None, suppress_health_check=_SLOW, print_blob=True)
settings.load_profile("long" if "AIPPLINT_TEST_EXAMPLES" in os.environ else "usual")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of this test suite."""
    parser.addoption(
        "--update-cases", action="store_true", help="write what aipplint says now into tests/cases/err/*.out"
    )


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from this working tree with what is installed here."""
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "hatchling", "build", "--target=wheel", f"--directory={folder}", cwd=ROOT)
    return next(folder.glob("*.whl"))
