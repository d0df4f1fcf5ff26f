"""Arithmetic of the shell: the variables that it changes. Its result is not calculated."""

from __future__ import annotations

import re

_CHANGED = re.compile(
    r"(?<![\w$])([A-Za-z_]\w*)(?:\[[^\[\]]{0,200}\])?\s{0,20}(?:\+\+|--|(?:[-+*/%&|^]|<<|>>)?=(?!=))"
    r"|(?:\+\+|--)\s{0,20}([A-Za-z_]\w*)"
)


def changed_in(written: str) -> list[str]:
    """The variables that an expression changes: ``i++``, ``--i``, ``i += 2``."""
    return [found[1] or found[2] for found in _CHANGED.finditer(written)]
