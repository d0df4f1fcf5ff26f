"""XML documents: functions that the XML formats share."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from xml.etree.ElementTree import Element, indent, tostring

from aipplint.findings import Finding, clean
from aipplint.report import Context
from aipplint.report.paths import in_repository

_FORBIDDEN = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]+")
"""What XML 1.0 cannot hold, not even escaped, and the carriage return, which its readers take for the end of a line."""


def xml_text(text: str) -> str:
    """Escape the characters of a text that XML does not allow."""
    return _FORBIDDEN.sub(lambda match: "".join(map(_escape, match.group())), text)


def by_file(findings: Sequence[Finding], context: Context) -> Iterator[tuple[str, list[Finding]]]:
    """Return every checked file with its findings, in order of name, and its name in the report."""
    found: dict[str, list[Finding]] = {path: [] for path in context.paths}
    for finding in findings:
        found.setdefault(finding.path, []).append(finding)
    for path in sorted(found):
        yield xml_text(in_repository(path, context.root)), found[path]


def document(root: Element) -> str:
    """Return the document in ASCII, with other characters as numbers, so that it is valid in any encoding."""
    indent(root)
    text = tostring(root, encoding="us-ascii", xml_declaration=False).decode("ascii")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _escape(character: str) -> str:
    shown = clean(character)
    return shown if shown != character else f"\\u{ord(character):04x}"
