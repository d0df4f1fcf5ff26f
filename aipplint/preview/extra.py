"""The libraries of the extra ``aipplint[preview]``, and what is said where one of them is missing."""

from __future__ import annotations

from importlib.util import find_spec

from aipplint.preview.parameters import Refused

_NAMES = {"numpy": "numpy", "PIL": "Pillow"}


def need(*modules: str) -> None:
    """Raise Refused where one of the modules is not installed."""
    missing = [_NAMES[module] for module in modules if find_spec(module) is None]
    if missing:
        raise Refused(f"this needs {' and '.join(missing)}: pip install 'aipplint[preview]'")
