"""Whole configurations for an empty file, as ``aipplint new`` writes them."""

from __future__ import annotations

from functools import cache

from aipplint.new.settle import Given, intent_of
from aipplint.new.text import text_of

_NV12 = Given(source="NV12", standard="bt601-narrow", size="640x640")
_INTENTS = {
    "NV12 to RGB, BT.601 narrow range, ImageNet": _NV12._replace(target="RGB", normalize="imagenet"),
    "NV12 to RGB, BT.601 narrow range, 0 to 1": _NV12._replace(target="RGB", normalize="unit"),
    "NV12 to BGR, BT.601 narrow range, bytes": _NV12._replace(target="BGR", normalize="none"),
    "RGB, ImageNet": Given(source="RGB", target="RGB", size="224x224", normalize="imagenet"),
    "BGR to RGB, 0 to 1": Given(source="BGR", target="RGB", size="640x640", normalize="unit"),
    "GRAY, 0 to 1": Given(source="GRAY", target="GRAY", size="224x224", normalize="unit"),
    "dynamic AIPP, images up to 1920x1080": Given(dynamic=True, max_size="1920x1080"),
}


@cache
def templates() -> dict[str, str]:
    """Return the configurations by what they do."""
    return {name: text_of(intent_of(given)) for name, given in _INTENTS.items()}
