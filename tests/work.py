"""Counting work instead of time: how many calls a piece of code makes, which a busy machine does not change."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

MAX_CALLS = 12_000_000
"""Calls of functions, Python's and C's, that one hostile input may cost: a few seconds on a quiet machine."""


class Counter:
    """The number of calls so far."""

    calls = 0


@contextmanager
def at_most(calls: int = MAX_CALLS) -> Iterator[Counter]:
    """Fail as soon as the code in this block makes more calls than that; what would hang ends here.

    What a single call does inside of C, such as a search for a pattern, is one call however long it takes.
    """
    counter = Counter()

    def count(_frame: FrameType, event: str, _argument: Any) -> None:
        if event in ("call", "c_call"):
            counter.calls += 1
            if counter.calls > calls:
                sys.setprofile(None)
                raise AssertionError(f"more than {calls:,} calls")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        yield counter
    finally:
        sys.setprofile(before)


def calls_of(action: Callable[[], object]) -> int:
    """Return the number of calls that an action makes."""
    with at_most(sys.maxsize) as counter:
        action()
    return counter.calls


def assert_linear(action: Callable[[int], object], size: int, factor: float = 1.5) -> None:
    """Fail if four times the size costs more than ``factor`` times four times the calls."""
    small, large = calls_of(lambda: action(size)), calls_of(lambda: action(4 * size))
    assert large <= 4 * factor * small, f"{small:,} calls for {size:,}, {large:,} for {4 * size:,}"
