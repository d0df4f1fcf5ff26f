"""What commands print whose output depends on nothing but their words: echo, printf, dirname, basename, seq, which."""

from __future__ import annotations

import posixpath
import re

from aipplint.findings import Place
from aipplint.readers.shell.escapes import printed as with_escapes
from aipplint.readers.shell.programs import Words
from aipplint.readers.traced import Segment, Traced, known, known_end, part, size
from aipplint.source import Span

PRINTERS = frozenset(
    ("echo", "printf", "cat", "tee", "pwd", "realpath", "readlink", "dirname", "basename", "seq", "which", "command")
)

_ECHO_OPTION = re.compile(r"-[neE]+")
_FORMAT = re.compile(r"%(.)", re.DOTALL)
_MAX_SEQUENCE = 64


def printed(name: str, words: Words) -> Traced | None:
    """The output of a command; None if it is unknown."""
    place, end = words[0][1], newline(words)
    arguments = [value for value, _ in words[1:]]
    if name == "echo":
        return _echoed(words[1:], end)
    if name == "printf":
        return _formatted(arguments)
    if name in ("which", "command"):
        looked_up = known(arguments[-1]) if arguments else None
        return (
            None
            if not looked_up or "/" in looked_up
            else (Segment(None, place), Segment("/" + looked_up, words[-1][1]), end)
        )
    arguments = [value for value in arguments if known(value) != "--"]
    if not arguments or (known(arguments[0]) or "").startswith("-"):
        return None
    value = _sequence(arguments, end) if name == "seq" else _part_of_path(name, arguments)
    return None if value is None else (*value, end)


def newline(words: Words) -> Segment:
    """The line end that a command prints, located at the end of the command."""
    source, span = words[-1][1]
    return Segment("\n", Place(source, Span(span.end, span.end)))


def _echoed(words: Words, end: Segment) -> Traced:
    escapes, ends = False, True
    at = 0
    while at < len(words) and _ECHO_OPTION.fullmatch(option := known(words[at][0]) or ""):
        escapes, ends = escapes or "e" in option, ends and "n" not in option
        at += 1
    segments: list[Segment] = []
    for value, (source, span) in words[at:]:
        if segments:
            segments.append(Segment(" ", Place(source, Span(span.start, span.start))))
        segments += value
    made = with_escapes(tuple(segments)) if escapes else tuple(segments)
    return (*made, end) if ends else made


def _formatted(arguments: list[Traced]) -> Traced | None:
    """``printf``: plain text, ``%s``, ``%d`` and ``%%``."""
    text = known(arguments[0]) if arguments else None
    if text is None or text.startswith("-"):
        return None
    signs = [found for found in _FORMAT.finditer(text) if found.group(1) != "%"]
    if any(found.group(1) not in "sd" for found in signs) or len(arguments) - 1 > max(len(signs), 0):
        return None
    segments: list[Segment] = []
    at, left = 0, arguments[1:]
    for found in _FORMAT.finditer(text):
        segments += with_escapes(part(arguments[0], at, found.start()))
        sign = part(arguments[0], found.start(), found.end())
        if found.group(1) == "%":
            segments += part(sign, 0, 1)
        elif left:
            segments += [segment._replace(use=sign[0].place) for segment in left.pop(0)]
        at = found.end()
    return (*segments, *with_escapes(part(arguments[0], at, len(text))))


def _part_of_path(name: str, arguments: list[Traced]) -> Traced | None:
    """``dirname``, ``basename``; of a path whose beginning is not known, its last component may be."""
    value = arguments[0]
    text = known(value)
    if name == "dirname":
        if text is None or len(arguments) > 1:
            return None
        folder = posixpath.dirname(text.rstrip("/") or "/")
        at = text.rstrip("/").rfind("/")
        return part(value, 0, max(at, 1)) if folder and at >= 0 else (value[0]._replace(text="."),) if value else None
    end = (known_end(value) if text is None else text).rstrip("/")
    if text is None and "/" not in end:
        return None
    if end != (known_end(value) if text is None else text):
        return None
    total = size(value)
    last = part(value, total - len(end) + end.rfind("/") + 1, total)
    last = tuple(segment for segment in last if segment.text is not None)
    suffix = known(arguments[1]) if len(arguments) > 1 else ""
    if suffix is None:
        return None
    letters = size(last)
    return part(last, 0, letters - len(suffix)) if suffix and end.endswith(suffix) and letters > len(suffix) else last


def _sequence(arguments: list[Traced], end: Segment) -> Traced | None:
    """``seq 1 8``."""
    texts = [known(value) for value in arguments]
    if len(texts) > 2 or not all(text is not None and re.fullmatch(r"-?\d{1,6}", text) for text in texts):
        return None
    numbers = [int(text or "") for text in texts]
    first, last = (1, numbers[0]) if len(numbers) == 1 else numbers
    if not 0 <= last - first < _MAX_SEQUENCE:
        return None
    segments: list[Segment] = []
    for number in range(first, last + 1):
        segments += [Segment(str(number), arguments[0][0].place), end]
    return tuple(segments[:-1])
