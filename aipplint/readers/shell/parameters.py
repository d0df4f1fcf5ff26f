"""``${x%.onnx}``, ``${x/a/b}`` and similar: expansions that change the value of a variable."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from aipplint.readers.shell.values import MAX_SEGMENTS
from aipplint.readers.traced import Segment, Traced, known, known_end, known_start, part, size

_MAX_LETTERS = (512, 256, 64)
"""Code points of a text that a pattern is tried on, by the ``*`` in the pattern; a path has fewer."""

_WILDCARDS = re.compile(r"\\.|\*+|\?|\[[!^]?[^\[\]]+\]|.", re.DOTALL)


@lru_cache(256)
def glob(pattern: str, *, short: bool = False) -> re.Pattern[str] | None:
    """A pattern of the shell as a regular expression; None if it is too complex."""
    if pattern.count("*") >= len(_MAX_LETTERS) or len(pattern) > 200:
        return None
    made = []
    for found in _WILDCARDS.finditer(pattern):
        token = found.group()
        if token[0] == "*":
            made.append(".*?" if short else ".*")
        elif token == "?":
            made.append(".")
        elif token[0] == "[" and len(token) > 2:
            made.append("[" + re.sub(r"^!", "^", token[1:-1]).replace("\\", "\\\\") + "]")
        else:
            made.append(re.escape(token[-1] if token[0] == "\\" else token))
    try:
        return re.compile("".join(made), re.DOTALL)
    except re.error:
        return None


def matches(pattern: str, text: str) -> bool | None:
    """Whether a text matches a pattern; None if the pattern is too complex."""
    expression = glob(pattern)
    if expression is None or _too_long(text, pattern):
        return None
    return expression.fullmatch(text) is not None


def _too_long(text: str, pattern: str) -> bool:
    return len(text) > _MAX_LETTERS[pattern.count("*")]


def without_end(value: Traced, pattern: str, *, longest: bool) -> Traced | None:
    """``${x%pattern}``, ``${x%%pattern}``. Of a value whose beginning is not known the shortest end may be found."""
    text = known(value)
    end = known_end(value) if text is None else text
    expression = glob(pattern)
    if expression is None or _too_long(end, pattern) or (text is None and longest):
        return None
    total = size(value)
    starts = range(len(end) + 1) if longest else range(len(end), -1, -1)
    for start in starts:
        if expression.fullmatch(end, start):
            return part(value, 0, total - len(end) + start)
    return value if text is not None else None


def without_start(value: Traced, pattern: str, *, longest: bool) -> Traced | None:
    """``${x#pattern}``, ``${x##pattern}``. Of a value whose beginning is not known ``##*/`` may be found."""
    text = known(value)
    if text is None and longest and re.fullmatch(r"\*[^*?\[\\]+", pattern):
        end = known_end(value)
        at = end.rfind(pattern[1:])
        return None if at < 0 else part(value, size(value) - len(end) + at + len(pattern) - 1, size(value))
    start = known_start(value) if text is None else text
    expression = glob(pattern)
    if expression is None or _too_long(start, pattern) or (text is None and longest):
        return None
    ends = range(len(start), -1, -1) if longest else range(len(start) + 1)
    for end_at in ends:
        if expression.fullmatch(start, 0, end_at):
            return part(value, end_at, size(value))
    return value if text is not None else None


def replaced(value: Traced, operator: str, pattern: str, new: Traced) -> Traced | None:
    """``${x/a/b}``, ``${x//a/b}``, ``${x/#a/b}``, ``${x/%a/b}`` of a known value."""
    text, expression = known(value), glob(pattern)
    if text is None or expression is None or _too_long(text, pattern) or not pattern:
        return None
    if operator == "/%":
        rest = without_end(value, pattern, longest=True)
        return value if rest is None or known(rest) == text else (*rest, *new)
    if operator == "/#":
        start = expression.match(text)
        return value if start is None else (*new, *part(value, start.end(), len(text)))
    if len(new) > 1 and len(text) * len(new) > MAX_SEGMENTS:
        return None
    made: list[Segment] = []
    at = 0
    for found in expression.finditer(text):
        if found.end() > found.start():
            made += [*part(value, at, found.start()), *new]
            at = found.end()
            if operator != "//":
                break
    return (*made, *part(value, at, len(text)))


_CASES: dict[str, Callable[[str], str]] = {
    "^^": str.upper,
    ",,": str.lower,
    "^": lambda text: text[:1].upper() + text[1:],
    ",": lambda text: text[:1].lower() + text[1:],
}


def in_case(value: Traced, operator: str) -> Traced | None:
    """``${x^^}`` and similar; changed characters have no literal source."""
    text, change = known(value), _CASES.get(operator)
    if text is None or change is None or not value:
        return None if text is None or change is None else value
    return (value[0]._replace(text=change(text)),)


def substring(value: Traced, offset: int, length: int | None) -> Traced | None:
    """``${x:offset:length}`` of a known value."""
    text = known(value)
    if text is None:
        return None
    start, stop, _ = slice(offset if offset >= 0 else max(len(text) + offset, 0), None).indices(len(text))
    end = stop if length is None else start + length if length >= 0 else stop + length
    return part(value, start, min(max(end, start), stop))
