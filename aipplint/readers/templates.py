"""Configurations with gaps, which are filled before ATC reads them: ``src_image_size_w: ${WIDTH}``."""

from __future__ import annotations

import re

_GAP = (
    r"(?m)^[^#\n]*?[\w\"][ \t]*:[ \t]*[-\"]?"
    r"(?:<[^\W\d][^<>:\n]*>|\$[A-Za-z0-9_]|\$?\{{1,2}[ \t]*[^\W\d][^{}:\n]*\}|\$\([^\W\d]|@\w+@|%\w+%|%[sdif]\b|\*{3})"
    r"|^[ \t]*\{%"
)
"""A value, or a statement between lines, in the notations of shells, Python, CMake, Jinja, and of people."""


def has_gaps(text: str) -> bool:
    """Whether a value of a configuration is still to be filled in, by a program or by its reader."""
    return re.search(_GAP, text) is not None
