"""What a file may say about builds and run-time settings, seen in its bytes: to interpret it costs much more."""

from __future__ import annotations

import re

from aipplint.records import NamedTuple

_SPEAKING = (
    rb"(?<![A-Za-z0-9])(?:atc|ais_bench|ais-bench|ais_infer|msit|ait)(?![A-Za-z0-9])|insert_op_conf|a[ai]pp_op|mdl"
)
"""One of these stands in every script, document and program that holds a command, a configuration or settings."""
_SETTING = rb"(?i)(?<![\w-])--?(?:aipp|dym|dhw|db\b)|mdl|\[aipp_op\]"
"""One of these stands in every file that holds run-time settings: flags of the benchmark tool, AscendCL, INI."""
_GIVEN = rb"insert_op_conf(?:ig_file_path)?[\"'\s=,:]*([^\s\"'`,;()\[\]|&]*)"
"""What stands behind the option that names a configuration."""
_NAME = rb"[\w.~@+-]*\.[A-Za-z]\w*"
"""The name of a file as it is written, in full: no variable, no gap, and nothing that may follow."""
_WORDS = rb"[^\0-\x7f]"
"""A letter of another alphabet: a document describes the value."""
_GAP = rb"[$%{}<>*?\\]"
"""A sign in a name that is put together."""
_MAX_NAME_BYTES = 255
"""Largest name of a file."""


class Mentions(NamedTuple):
    """What a file may say.

    ``speaks``: it may hold a command, a configuration or run-time settings. ``sets``: it may hold run-time settings.
    ``configurations`` are the names (without folder) of those that its commands give in plain words; ``open``: others
    are put together, from variables for example, and may have any name.
    """

    speaks: bool = False
    sets: bool = False
    configurations: frozenset[bytes] = frozenset()
    open: bool = False


def mentions_of(content: bytes, *, plain: bool) -> Mentions:
    """What a file may say; ``plain``: a word in its language stands for itself, and is no variable."""
    if re.search(_SPEAKING, content) is None:
        return Mentions()
    found = [_names_in(value.rpartition(b"/")[2]) if plain else None for value in set(re.findall(_GIVEN, content))]
    return Mentions(
        speaks=True,
        sets=re.search(_SETTING, content) is not None,
        configurations=frozenset(name for names in found for name in names or ()),
        open=None in found,
    )


def _names_in(value: bytes) -> list[bytes] | None:
    """The names that a value without its folders may mean; None if it may mean any."""
    if re.fullmatch(_NAME, value):
        return [value]
    if len(value) > _MAX_NAME_BYTES or re.search(_GAP, value):
        return None
    described = re.search(_WORDS, value) is not None
    names = re.findall(_NAME, value)
    return [value, *names] if described or names else None
