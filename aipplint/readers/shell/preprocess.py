"""Preparation of a script for the parser: prompts, placeholders, line ends. Offsets do not change."""

from __future__ import annotations

import re

from aipplint.readers.excerpt import Excerpt
from aipplint.readers.shell.text import UNKNOWN
from aipplint.source import Span

_PROMPT = re.compile(
    r"[ \t]*(?:\([\w.-]+\)[ \t]*)?"
    r"(?:\[?[\w.-]+@[\w.-]+(?:[: ][^\n$#\]]*)?\]?[ \t]*[$#]|\$|%)[ \t]+(?=\S)"
)
_ROOT_PROMPT = re.compile(r"[ \t]*#[ \t]+(?=\S)")
_QUOTE_PROMPT = re.compile(r"[ \t]*>[ \t]+(?=\S)")
_ROOT_COMMAND = re.compile(r"(?m)^[ \t]*#[ \t]+(?:\S*/)?atc(?:\.bin)?[ \t]+--?[A-Za-z]")
_PLAIN_COMMAND = re.compile(r"(?m)^[ \t]*(?:\S*/)?atc(?:\.bin)?[ \t]+--?[A-Za-z]")

_PLACEHOLDER = re.compile(
    r"<(?![\s<(&=\d])[^<>\n|;&\"'`$]{0,80}?(?<!\s)>"
    r"|(?<=[=/:,;\s\"'])\[(?:--?[\w-]+[ =])?[^\W\d][^\[\]\n\"'`$,;]*\]"
    r"|(?<!\$)\{[^\W\d][\w .-]*\}"
    r"|(?<![\w])[xX]{3,}|[xX]{3,}(?![\w])|\*{3,}|\.{3,}|\u2026+"
    r"|\$\{[A-Za-z]\w*-[\w.-]+\}"  # my-model.om, or `om` for want of a `my`? The latter has `:-` in documents.
)

_IN_BRACES = r"[#!]?(?:[A-Za-z_][A-Za-z0-9_]*+|\d++|[@*#?$!-])[]}[:=+?%#/^,@~*-]"
"""The beginning of the text between the braces of an expansion, up to the character after the name."""
_NAMELESS = re.compile(
    rf"(?<!\\)\$(?:\{{(?!{_IN_BRACES})(?:[^${{}}\n\"'`]|\$(?!\{{)|\$\{{[^{{}}\n\"'`]{{0,80}}\}}){{0,80}}\}}"
    rf"|(?![\0-\x7f])[\w{UNKNOWN}]+)"
)
"""An expansion without a valid name. A shell rejects it; the grammar would extend it to the next brace."""
_DIGIT = re.compile(r"(?:(?<![\\\s=$])(?<![\s=(]\")|(?<![\\$])(?=\$[0-9]\w))\$([0-9])")
"""An argument inside a word: ``a$1,$2``, ``$1x``. The grammar ends the word before the 2, and reads 1x as a name."""


def prepared(excerpt: Excerpt, *, in_document: bool) -> tuple[Excerpt, bool]:
    """The script as a shell is to read it; whether its lines ended in CR LF.

    A dropped or replaced text keeps its length, so that findings have the right location.
    """
    returns = "\r\n" in excerpt.text
    excerpt = excerpt.plain()
    if in_document:
        excerpt = _without_prompts(excerpt)
        excerpt = _replaced(excerpt, _PLACEHOLDER, UNKNOWN)
    if "$" in excerpt.text:
        excerpt = _replaced(_replaced(excerpt, _NAMELESS, UNKNOWN), _DIGIT, r"${\1}")
    return excerpt, returns


def _without_prompts(excerpt: Excerpt) -> Excerpt:
    """Only the typed commands, if prompts separate them from the output."""
    text = excerpt.text
    prompts = [_PROMPT]
    if _ROOT_COMMAND.search(text) and not _PLAIN_COMMAND.search(text):
        prompts.append(_ROOT_PROMPT)
    starts = [0, *(found.end() for found in re.finditer("\n", text))]
    lines = [Span(start, end) for start, end in zip(starts, [*starts[1:], len(text)], strict=True) if end > start]
    if not any(prompt.match(text, start) for start, _ in lines for prompt in prompts):
        return excerpt
    kept: list[Span] = []
    going_on = document = False
    for start, end in lines:
        found = next((match for prompt in prompts if (match := prompt.match(text, start, end))), None)
        line = text[start:end].strip()
        if found is not None:
            kept.append(Span(found.end(), end))
            document = "<<" in text[found.end() : end]
        elif going_on or document or line.startswith("--") or _QUOTE_PROMPT.match(text, start, end):
            quote = _QUOTE_PROMPT.match(text, start, end)
            kept.append(Span(quote.end() if quote else start, end))
        else:
            continue
        going_on = line.endswith("\\")
    return excerpt.splice(kept)


def _replaced(excerpt: Excerpt, pattern: re.Pattern[str], template: str) -> Excerpt:
    """With something else in place of all that a pattern finds."""
    found = (match for match in pattern.finditer(excerpt.text) if match.end() > match.start())
    return excerpt.replace((match.start(), match.end(), match.expand(template)) for match in found)
