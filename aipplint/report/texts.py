"""Texts that several formats share: messages on one line, valid Unicode, and the notes below a finding."""

from __future__ import annotations

import re
from collections.abc import Iterator

from aipplint.findings import Finding, clean

_SURROGATES = "[\ud800-\udfff]+"


def one_line(text: str) -> str:
    """Return a text on one line, with control and invisible characters escaped."""
    return clean(" ".join(text.splitlines()))


def with_help(finding: Finding) -> str:
    """Return the message and the help on one line, for formats that have no field for the help."""
    template = "{message}; {help}" if finding.help else "{message}"
    return one_line(template.format(message=finding.message, help=finding.help))


def unicode(text: str) -> str:
    """A string that is valid Unicode: a byte that is not UTF-8, a lone surrogate for us, is shown as ``\\xNN``."""
    return text if text.isascii() else re.sub(_SURROGATES, lambda match: clean(match.group()), text)


def is_unicode(text: str) -> bool:
    """Return whether a string is valid Unicode."""
    return text.isascii() or not re.search(_SURROGATES, text)


def notes(finding: Finding) -> Iterator[tuple[str, str]]:
    """Return the notes on a finding, each with a label."""
    if finding.help:
        yield "help", clean(finding.help)
    if finding.atc_code.startswith("E"):
        yield "ATC", finding.atc_code
    elif finding.atc_code:
        yield "at run time", f"error {finding.atc_code}" if finding.atc_code.isdigit() else f"{finding.atc_code} fails"
    if finding.fix is not None:
        yield f"fix ({'safe' if finding.fix.safe else 'unsafe'})", clean(finding.fix.message)


def full_message(finding: Finding, *, related: bool = True) -> str:
    """Return the message with its code, followed by related locations and notes, each on a line."""
    lines = [f"{one_line(finding.message)} [{finding.code}]"]
    for location in finding.related if related else ():
        line, column = location.place.source.position(location.place.span.start)
        lines.append(f"{clean(location.place.source.path)}:{line}:{column}: {one_line(location.message)}")
    return "\n".join([*lines, *(f"{word}: {text}" for word, text in notes(finding))])
