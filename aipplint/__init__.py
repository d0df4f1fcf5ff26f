"""aipplint: a linter that finds mistakes in Huawei Ascend AIPP configurations before ATC does.

>>> import aipplint
>>> report = aipplint.lint("aipp_op { aipp_mode: static }")
>>> [(finding.code, finding.atc_code) for finding in report.findings]
[('AIPP202', 'E10052')]
"""

from __future__ import annotations

from typing import TYPE_CHECKING

__version__ = "0.1.0"
__all__ = ["Finding", "Model", "Report", "Severity", "__version__", "lint", "read_model"]

if TYPE_CHECKING:
    from aipplint.findings import Finding, Severity
    from aipplint.models.model import Model
    from aipplint.pipeline import Report, lint
    from aipplint.project.models import read_model


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
    if name == "Model":
        from aipplint.models.model import Model

        return Model
    if name == "read_model":
        from aipplint.project.models import read_model

        return read_model
    raise AttributeError(f"module 'aipplint' has no attribute {name!r}")
