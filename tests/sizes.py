"""What the tests of the rules about sizes share: short ways to a configuration, a build and a finding."""

from __future__ import annotations

import aipplint
from aipplint.findings import Severity

ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO


def text(fields: str, image_format: str = "RGB888_U8") -> str:
    return f"aipp_op {{\n aipp_mode: static\n input_format: {image_format}\n {fields}\n}}\n"


def options(shape: str = "", chip: str = "", **more: str) -> dict[str, str]:
    given = {"input_shape": shape and f"data:{shape}", "soc_version": chip, "input_format": "NCHW", **more}
    return {name: value for name, value in given.items() if value}


def found(config: str, code: str, **atc: str) -> list[aipplint.Finding]:
    return [f for f in aipplint.lint(config, atc=options(**atc)).findings if f.code == code]


def one(config: str, code: str, **atc: str) -> aipplint.Finding:
    (finding,) = found(config, code, **atc)
    return finding


def severity(config: str, code: str, **atc: str) -> Severity | None:
    findings = found(config, code, **atc)
    return findings[0].severity if findings else None


def under(finding: aipplint.Finding) -> str:
    return finding.place.source.text[finding.span.start : finding.span.end]
