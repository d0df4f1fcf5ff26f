"""``preprocessor_config.json`` of transformers, and the ``config.json`` of timm: the normalisation in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aipplint.errors import UsageError
from aipplint.training.normalisation import PIXELS, Numbers

_KEYS = ("image_mean", "mean", "rescale_factor", "do_rescale")
"""One of these stands in every file that says how images are normalised."""


def read_preprocessor(name: str, data: Mapping[str, Any]) -> tuple[Numbers, Numbers] | None:
    """Return the mean and the deviation for pixels of 0 to 255, in the order R, G, B; None if nothing is said.

    Raises UsageError, which begins with ``name``, for what cannot be read.
    """
    inner = data.get("pretrained_cfg")
    found = inner if not _says(data) and isinstance(inner, Mapping) else data
    if not _says(found):
        return None
    factor = _factor(name, found)
    if found.get("do_normalize", True) is False or not ("image_mean" in found or "mean" in found):
        return (0.0,), (1 / factor,)
    mean, deviation = _numbers(name, found, "image_mean", "mean"), _numbers(name, found, "image_std", "std")
    return tuple(value / factor for value in mean), tuple(value / factor for value in deviation)


def _says(data: Mapping[str, Any]) -> bool:
    return any(key in data for key in _KEYS)


def _factor(name: str, found: Mapping[str, Any]) -> float:
    """What pixels are multiplied with before the mean is subtracted."""
    if found.get("do_rescale", True) is False:
        return 1.0
    values = [found.get(key) for key in ("mean", "std")]
    listed = [one for value in values for one in (value if isinstance(value, list) else [value])]
    whole = "image_mean" not in found and any(isinstance(one, (int, float)) and one > 2 for one in listed)
    factor = found.get("rescale_factor", 1.0 if whole else 1 / PIXELS[-1])
    if isinstance(factor, bool) or not isinstance(factor, (int, float)) or not 1e-6 <= factor <= 1:
        raise UsageError(f"{name}: rescale_factor must be above 0 and at most 1")
    return float(factor)


def _numbers(name: str, found: Mapping[str, Any], *keys: str) -> Numbers:
    key = next((key for key in keys if key in found), keys[0])
    value = found.get(key, 1.0 if "std" in key else None)
    values = value if isinstance(value, list) else [value]
    numbers = (one for one in values if isinstance(one, (int, float)) and not isinstance(one, bool))
    known = [float(one) for one in numbers if -1e9 < one < 1e9]
    if len(values) not in (1, 3) or len(known) != len(values):
        raise UsageError(f"{name}: {key} must be one number, or a list of three")
    if "std" in key and not all(known):
        raise UsageError(f"{name}: {key} has a deviation of 0")
    return tuple(known)
