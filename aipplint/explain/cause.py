"""The form of a cause: the pattern of a line in a log, and its meaning."""

from __future__ import annotations

import re
from functools import cache

from aipplint.records import NamedTuple


class Cause(NamedTuple):
    """One error message of the toolchain, recognised by its text.

    ``code`` is the ATC error code or the run-time call that carries it. ``sign`` is a piece of text that every such
    line holds, so that other lines cost little. ``pattern`` finds the complaint in the line; the match is what is
    quoted. ``meaning`` says it in plain words: a template over the named groups of the pattern. ``rules`` are the
    codes of the rules that say it before the toolchain does, the likeliest first. ``assumes`` is what the complaint
    tells of the build, as options of ATC: it helps where the log has no command.
    """

    code: str
    sign: str
    pattern: str
    meaning: str
    rules: tuple[str, ...]
    assumes: tuple[tuple[str, str], ...] = ()

    @property
    def expression(self) -> re.Pattern[str]:
        """The compiled pattern."""
        return _compiled(self.pattern)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
