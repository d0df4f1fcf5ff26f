"""The cost of every family of inputs grows no faster than the input (tests/benchmarks/families.py)."""

from __future__ import annotations

import pytest

from tests.benchmarks.families import FAMILIES, Family, measured


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_the_cost_of_a_family_is_linear(family: Family) -> None:
    row = measured(family)

    assert row.linear, f"{row.small:,} calls for {family.size:,}, {row.large:,} for four times that"
