"""aipplint: a linter for Huawei Ascend AIPP configurations that knows what the compiler will say.

>>> import aipplint
>>> report = aipplint.lint("aipp_op { aipp_mode: static }")
>>> [(finding.code, finding.atc_code) for finding in report.findings]
[('AIPP202', 'E10052')]
"""

from __future__ import annotations

__version__ = "0.1.0"
__all__ = ["Finding", "Report", "Severity", "__version__", "lint"]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from aipplint.findings import Finding, Severity
    from aipplint.pipeline import Report, lint


def __dir__() -> list[str]:
    """The names of the library, which ``help`` shows."""
    return [*__all__, "__doc__"]


def __getattr__(name: str) -> object:
    """Import the library on first use, so that ``aipplint --version`` stays quick."""
    if name in ("lint", "Report"):
        from importlib import import_module

        return getattr(import_module("aipplint.pipeline"), name)
    if name in ("Finding", "Severity"):
        from aipplint import findings

        return getattr(findings, name)
    raise AttributeError(f"module 'aipplint' has no attribute {name!r}")
