"""Turn templates and named values into text. Each sentence is one whole literal, so that it can be translated.

A template is for ``str.format_map``: a brace that belongs to the text is doubled. Its values are names and numbers of
the configuration; a value that needs words of its own is a Phrase, and a list is joined here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aipplint.findings import clean
from aipplint.records import NamedTuple

WITH_NOTE = "{message}; {note}"


class Phrase(NamedTuple):
    """A value that is made of words: a template of its own and its values."""

    template: str
    values: Mapping[str, object] = {}

    def __str__(self) -> str:
        return render(self.template, self.values)


def render(template: str, values: Mapping[str, object]) -> str:
    """Fill in a template, with lists in words, and escape what is invisible."""
    if not values and "{" not in template and "}" not in template:
        return template
    return clean(template.format_map({name: _shown(value) for name, value in values.items()}))


def _shown(value: object) -> object:
    return in_words([str(item) for item in value]) if isinstance(value, list) else value


def in_words(items: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    return " and ".join(filter(None, [", ".join(items[:-1]), *items[-1:]]))
