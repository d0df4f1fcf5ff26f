"""Checkstyle XML, for most CI servers and reviewdog."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement

from aipplint.findings import Finding
from aipplint.report import Context
from aipplint.report.texts import with_help
from aipplint.report.xml import by_file, document

_VERSION = "4.3"
"""Of the format; readers insist on one."""


def render(findings: Sequence[Finding], context: Context) -> str:
    """Render the document. Files without findings are included."""
    root = Element("checkstyle", version=_VERSION)
    for path, found in by_file(findings, context):
        element = SubElement(root, "file", name=path)
        for finding in found:
            line, column = finding.place.source.position(finding.span.start)
            SubElement(
                element,
                "error",
                line=str(line),
                column=str(column),
                severity=str(finding.severity),
                message=with_help(finding),
                source=f"aipplint.{finding.code}",
            )
    return document(root)
