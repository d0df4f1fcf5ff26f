"""Differences between two texts of a file, in the format of patch."""

from __future__ import annotations

import re


def unified(path: str, before: str, after: str) -> list[str]:
    """Return the lines of a unified diff; none if the texts are the same."""
    from difflib import unified_diff

    # str.splitlines knows more line ends than patch does.
    old, new = (re.findall(r"[^\n]*\n|[^\n]+", text) for text in (before, after))
    lines = []
    for line in unified_diff(old, new, f"a/{path}", f"b/{path}"):
        lines.append(line if line.endswith("\n") else line + "\n\\ No newline at end of file\n")
    return lines
