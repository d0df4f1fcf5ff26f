"""Words that several formats share: a message on one line, text that no decoder misreads, the notes below a finding."""

from __future__ import annotations

import re
from collections.abc import Iterator

from aipplint.findings import Finding, clean

_SURROGATES = "[\ud800-\udfff]+"


def one_line(text: str) -> str:
    """A text on one line, with nothing in it that would hide or paint."""
    return clean(" ".join(text.splitlines()))


def with_help(finding: Finding) -> str:
    """The message and the help behind it on one line, for formats that have no other place for it."""
    template = "{message}; {help}" if finding.help else "{message}"
    return one_line(template.format(message=finding.message, help=finding.help))


def unicode(text: str) -> str:
    """A string that is valid Unicode: a byte that is not UTF-8, a lone surrogate for us, is shown as ``\\xNN``."""
    return text if text.isascii() else re.sub(_SURROGATES, lambda match: clean(match.group()), text)


def is_unicode(text: str) -> bool:
    """Whether a string can be written as it is."""
    return text.isascii() or not re.search(_SURROGATES, text)


def notes(finding: Finding) -> Iterator[tuple[str, str]]:
    """What there is to say besides the message: a word, and what it says."""
    if finding.help:
        yield "help", clean(finding.help)
    if finding.atc_code.startswith("E"):
        yield "ATC", finding.atc_code
    elif finding.atc_code:
        yield "at run time", f"error {finding.atc_code}" if finding.atc_code.isdigit() else f"{finding.atc_code} fails"
    if finding.fix is not None:
        yield f"fix ({'safe' if finding.fix.safe else 'unsafe'})", clean(finding.fix.message)


def full_message(finding: Finding, *, related: bool = True) -> str:
    """The message with its code, and below it the related places and the notes, each on a line."""
    lines = [f"{one_line(finding.message)} [{finding.code}]"]
    for location in finding.related if related else ():
        line, column = location.place.source.position(location.place.span.start)
        lines.append(f"{clean(location.place.source.path)}:{line}:{column}: {one_line(location.message)}")
    return "\n".join([*lines, *(f"{word}: {text}" for word, text in notes(finding))])
