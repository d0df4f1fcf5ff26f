"""Placeholders that another program replaces in a script before a shell reads it: ``${{ x }}``, ``$(X)``.

An unknown one becomes the expansion of a shell variable that nothing sets, which is unknown to the shell reader. A
shell expands nothing in single quotes and in a heredoc whose end is quoted: there the quotes are opened.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from aipplint.readers.excerpt import Excerpt

_NO_NAME = re.compile(r"[^A-Za-z0-9]+")
_QUOTES = re.compile(
    r"\\[\s\S]|\$?'|\"|(?<!\S)#[^\n]*|\n|<<(?P<dash>-?)[ \t]*(?P<quote>['\"\\]?)(?P<end>[A-Za-z_]\w*)['\"]?"
)


def placeholder(prefix: str, name: str) -> str:
    """The name of a shell variable for an unknown text."""
    return f"{prefix}_{_NO_NAME.sub('_', name).strip('_')[:60]}"


def with_placeholders(text: Excerpt, unknown: Iterable[tuple[int, int, str]]) -> Excerpt:
    """A shell text in which parts are replaced by variables; ``unknown`` is (start, end, variable), in order."""
    parts = list(unknown)
    return text.replace(sorted(_edits(text.text, parts))) if parts else text


def _edits(text: str, parts: list[tuple[int, int, str]]) -> Iterator[tuple[int, int, str]]:
    """The replacements, each in the form that the quotes around it require."""
    ahead = iter(parts)
    part = next(ahead, None)
    quote = ""
    at = 0
    waiting: list[re.Match[str]] = []
    """Heredocs whose text begins with the next line."""
    while part is not None:
        match = _QUOTES.search(text, at)
        while part is not None and (match is None or part[0] < match.end()):
            # A quote that belongs to the part itself is none of the shell's.
            yield part[0], part[1], f"'\"${{{part[2]}}}\"'" if quote == "'" else f"${{{part[2]}}}"
            at = part[1]
            part = next(ahead, None)
            if match is not None and match.start() < at:
                match = _QUOTES.search(text, at)
        if match is None:
            return
        at = match.end()
        mark = match[0]
        if mark == "\n" and waiting:
            for heredoc in waiting:
                end = _end_of_heredoc(text, at, heredoc)
                inside = False
                while part is not None and part[0] < end:
                    yield part[0], part[1], f"${{{part[2]}}}"
                    inside = True
                    part = next(ahead, None)
                if inside and heredoc["quote"]:
                    start = heredoc.start("quote")
                    yield start, heredoc.end(), heredoc["end"]
                at = max(end, at)
            waiting = []
        elif quote:
            if mark.endswith(quote) or (quote == "'" and mark == "\\'"):
                quote = ""
        elif mark in {"'", "$'", '"'}:
            quote = mark[-1]
        elif match["end"]:
            waiting.append(match)


def _end_of_heredoc(text: str, at: int, heredoc: re.Match[str]) -> int:
    """The end of a heredoc, after its last line."""
    tabs = r"\t*" if heredoc["dash"] else ""
    match = re.compile(rf"^{tabs}{heredoc['end']}$", re.MULTILINE).search(text, at)
    return match.end() if match else at
