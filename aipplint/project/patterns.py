"""Path patterns of settings: ``exclude``, ``per-file-ignores`` and the ``config`` of builds."""

from __future__ import annotations

import os
import re
from functools import lru_cache


def matches(pattern: str, folder: str, path: str) -> bool:
    """Whether a path, or a folder above it, matches a pattern of a settings file in ``folder``.

    ``*`` and ``?`` stay within one part of a path, ``**`` does not. A pattern without a slash is the name of a file
    or folder anywhere below; one with a slash begins at the folder of the settings file. Both paths are absolute.
    """
    relative = os.path.relpath(path, folder).replace(os.sep, "/")
    if pattern.startswith("/"):
        return _regex(pattern.strip("/"), anchored=True).match(path.replace(os.sep, "/").lstrip("/")) is not None
    pattern = pattern.removeprefix("./")
    if relative.startswith("../") and not pattern.startswith("../"):
        return False
    anchored = "/" in pattern.rstrip("/")
    return _regex(pattern.rstrip("/"), anchored).match(relative) is not None


@lru_cache(maxsize=4096)
def _regex(pattern: str, anchored: bool) -> re.Pattern[str]:
    parts = []
    for token in re.findall(r"\*\*/?|\*|\?|\[[^]/]+\]|.", pattern, re.DOTALL):
        if token == "**/":
            parts.append("(?:[^/]+/)*")
        elif token == "**":
            parts.append(".*")
        elif token in ("*", "?"):
            parts.append(f"[^/]{token if token == '*' else ''}")
        elif len(token) > 1:
            inside = token[1:-1].replace("\\", "\\\\")
            parts.append(f"[^{inside[1:]}]" if inside.startswith("!") and len(inside) > 1 else f"[{inside}]")
        else:
            parts.append(re.escape(token))
    start = "" if anchored else "(?:.*/)?"
    try:
        return re.compile(f"{start}{''.join(parts)}(?:/.*)?\\Z", re.DOTALL)
    except re.error:
        return re.compile(f"{start}{re.escape(pattern)}(?:/.*)?\\Z", re.DOTALL)
