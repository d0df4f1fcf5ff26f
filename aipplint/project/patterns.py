"""Path patterns of settings: ``exclude``, ``per-file-ignores`` and the ``config`` of builds."""

from __future__ import annotations

import os
import re
from functools import lru_cache

_TOKEN = r"(?s)(?:(?<=/)|\A)\*\*/|\*\*|\*|\?|\[[^]/]+\]|."
_GAPS = {"**/": "(?:[^/]+/)*?", "**": ".*?", "*": "[^/]*?"}
"""What may stand between two fixed pieces of a pattern; ``**/`` only where a part of the path begins."""


def matches(pattern: str, folder: str, path: str) -> bool:
    """Whether a path, or a folder above it, matches a pattern of a settings file in ``folder``.

    ``*`` and ``?`` stay within one part of a path, ``**`` does not. A pattern without a slash is the name of a file
    or folder anywhere below; one with a slash begins at the folder of the settings file. Both paths are absolute.
    """
    relative = os.path.relpath(path, folder).replace(os.sep, "/")
    if pattern.startswith("/"):
        return _regex(pattern.strip("/")).match(path.replace(os.sep, "/").lstrip("/")) is not None
    pattern = pattern.removeprefix("./")
    if relative.startswith("../") and not pattern.startswith("../"):
        return False
    pattern = pattern.rstrip("/")
    return _regex(pattern if "/" in pattern else f"**/{pattern}").match(relative) is not None


@lru_cache(maxsize=4096)
def _regex(pattern: str) -> re.Pattern[str]:
    """The expression for a pattern, which takes no choice back: what stands after a gap is taken where it comes first.

    If it comes again further on, then so does everything after it, as far as a gap of that kind reaches. So a path
    costs no more than its letters, whatever the pattern; with choices it was exponential in the number of stars.
    """
    gaps, pieces = [""], [""]
    for token in re.findall(_TOKEN, pattern):
        if token in _GAPS:
            gaps.append(token)
            pieces.append("")
        else:
            pieces[-1] += _fixed(token)
    steps = [f"{_GAPS.get(gap, '')}{piece}" for gap, piece in zip(gaps, pieces, strict=True)]
    # A gap over folders is tried again where the parts behind it do not fit, up to the next such gap.
    wide = [index for index, gap in enumerate(gaps) if gap != "*"]
    made = ""
    for start, end in zip(wide, [*wide[1:], len(gaps)], strict=True):
        inner = [f"(?>{step})" for step in steps[start + 1 : end]]
        if end < len(gaps):
            made += f"(?>{steps[start]}{''.join(inner)})"
        else:
            # The last piece ends where a part of the path does, which need not be the first place.
            made += "".join([steps[start], *inner[:-1], *steps[start + 1 :][-1:]])
    return re.compile(f"{made}(?:/|\\Z)", re.DOTALL)


def _fixed(token: str) -> str:
    """The expression for one letter, or a set of them."""
    if token == "?":
        return "[^/]"
    if len(token) == 1:
        return re.escape(token)
    inside = re.sub(r"([\[\\&|~^])", r"\\\1", token[1:-1])
    not_in = inside.startswith("!") and len(inside) > 1
    made = f"[^{inside[1:]}/]" if not_in else f"[{inside}]"
    try:
        re.compile(made)
    except re.error:  # Such as [z-a].
        return re.escape(token)
    return made
