"""Placeholders in a document: a word where ATC expects a number, or a product of no family.

Brackets around a value (``<bs>``, ``{bs}``, ``[soc]``) are known to the reader of the document; what is left are plain
words, in any language, that only their option tells from a value: ``n,3,224,224``, ``Your_Soc_Version``.
"""

from __future__ import annotations

import re

from aipplint.atc.options import Option, Options

_NUMBERS = frozenset(
    "input_shape input_shape_range input_hint_shape dynamic_batch_size dynamic_image_size dynamic_dims".split()
)
_SIGNS = r"[^\w\s,;:~\"'\u2018-\u201f\uff5b\uff5d-]*"
_WORD = rf"\s*(?:{_SIGNS}[^\W\d][\w ./-]*+{_SIGNS}|\{{\s*\}}|\?+|\d+(?:\s*(?:[/|]|or|\u6216)\s*\d+)+)\s*"
"""A word, in brackets or signs perhaps: ``n``, ``{batch size}``, ``@BS@``; question marks; a choice (``1/4/8``)."""
_VALUES = {
    "soc_version": r"(?i:ascend|hi\d|ss\d|sd\d|bs\d|mc\d|optg|kirin)[A-Za-z0-9_-]*",
    "framework": r"[0-9]+",
    "input_format": r"[NCHWDnchwd0-9]+",
}
"""The form of the values of these options, valid or not."""


def without_fill_ins(options: Options) -> dict[str, Option]:
    """The options of a command that a document shows, where those that readers are to fill in are not known."""
    return {name: option._replace(value=None) if _is_fill_in(option) else option for name, option in options.items()}


def _is_fill_in(option: Option) -> bool:
    value = option.value
    if not value:
        return False
    if option.name in _NUMBERS:
        return any(_holds_word(part) for part in value.split(";"))
    pattern = _VALUES.get(option.name)
    return pattern is not None and re.fullmatch(pattern, value.strip()) is None


def _holds_word(part: str) -> bool:
    """Whether a word is a placeholder for a number in ``name:d,d``; without a colon the first may be the name."""
    _, colon, numbers = part.rpartition(":")
    texts = numbers.split(",")
    return any(re.fullmatch(_WORD, text) for text in (texts if colon or len(texts) == 1 else texts[1:]))
