"""JUnit XML: a suite for each file, a test case for each finding; a file without findings has one passing case.

An info is a passing case as well, because it does not make a run fail; its text is the output of the case.
"""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement

from aipplint.findings import Finding, Severity
from aipplint.report import Context
from aipplint.report.texts import full_message, one_line
from aipplint.report.xml import by_file, document, xml_text

_CLEAN = "no findings"


def render(findings: Sequence[Finding], context: Context) -> str:
    """Render the document. It contains no times and host names, so that equal findings give equal text."""
    # Some servers take a report without tests for a failure.
    suites = [_suite(path, found) for path, found in by_file(findings, context)] or [_suite("aipplint", [])]
    root = Element("testsuites", name="aipplint")
    for name in ("tests", "failures", "errors"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in suites)))
    root.extend(suites)
    return document(root)


def _suite(file: str, findings: Sequence[Finding]) -> Element:
    failures = sum(finding.severity > Severity.INFO for finding in findings)
    suite = Element("testsuite", name=file, tests=str(len(findings) or 1), failures=str(failures), errors="0")
    if not findings:
        SubElement(suite, "testcase", classname=file, name=_CLEAN, file=file)
    seen: dict[str, int] = {}
    for finding in findings:
        line, column = finding.place.source.position(finding.span.start)
        name = f"{finding.code} {line}:{column}"
        # Of two cases with one name, servers drop one.
        seen[name] = count = seen.get(name, 0) + 1
        name += f" ({count})" if count > 1 else ""
        case = SubElement(suite, "testcase", classname=file, name=name, file=file, line=str(line))
        text = xml_text(f"{file}:{line}:{column}: {finding.severity}: {full_message(finding)}")
        if finding.severity == Severity.INFO:
            SubElement(case, "system-out").text = text
        else:
            # Some servers show the attribute, others the text.
            message = f"{one_line(finding.message)} [{finding.code}]"
            SubElement(case, "failure", message=message, type=str(finding.severity)).text = text
    return suite
