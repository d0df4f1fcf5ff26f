"""XML documents: what the formats made of it share."""

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
    """A text with the characters that are not to stand in XML shown as escapes."""
    return _FORBIDDEN.sub(lambda match: "".join(map(_escape, match.group())), text)


def by_file(findings: Sequence[Finding], context: Context) -> Iterator[tuple[str, list[Finding]]]:
    """Every file that was looked at with its findings, in order of name, and then the name as the report shows it."""
    found: dict[str, list[Finding]] = {path: [] for path in context.paths}
    for finding in findings:
        found.setdefault(finding.path, []).append(finding)
    for path in sorted(found):
        yield xml_text(in_repository(path, context.root)), found[path]


def document(root: Element) -> str:
    """The document. Only ASCII, other characters by number: no encoding of a terminal or file can break it."""
    indent(root)
    text = tostring(root, encoding="us-ascii", xml_declaration=False).decode("ascii")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _escape(character: str) -> str:
    shown = clean(character)
    return shown if shown != character else f"\\u{ord(character):04x}"
