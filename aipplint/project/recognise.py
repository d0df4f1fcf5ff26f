"""Which files are AIPP configurations: by name, or by what stands in them."""

from __future__ import annotations

import os
import re

from aipplint.project.reading import read_file

# Patterns stay texts, here and elsewhere: one that is compiled at import costs every run, used or not.
NAMED = r"(?i)(?:[^/]*(?:aipp|insert_op)[^/]*\.(?:cfg|conf|config|prototxt|pbtxt|txtpb|textproto)|.*\.ai?pp?config)\Z"
"""Names that say what is inside: the pattern of the pre-commit hook."""

_PLAUSIBLE = (
    ".cfg",
    ".conf",
    ".config",
    ".prototxt",
    ".pbtxt",
    ".txtpb",
    ".textproto",
    ".textpb",
    ".aipp",
    ".json",
    "pconfig",
)
"""Suffixes of files that are worth a look inside. No .txt: data sets have a hundred thousand of them."""

_CONTENT = rb"(?:^|[\s,;\]}>])aipp_op\s*:?\s*(?:\[\s*)?[{<]"
"""The beginning of an operator: what no other file holds."""
_MODEST = 256 * 1024
"""Bytes up to which a file is opened only to see whether it is an AIPP configuration."""


def is_named(name: str) -> bool:
    """Whether the name of a file says that it is a configuration."""
    return re.match(NAMED, name) is not None


def is_candidate(path: str) -> bool:
    """Whether a file can be a configuration at all, going by how its name ends."""
    return path.lower().endswith(_PLAUSIBLE)


def is_configuration(path: str) -> bool:
    """Whether a file is an AIPP configuration by its name, or else by its content."""
    if is_named(os.path.basename(path)):
        return True
    content = read_file(path, _MODEST)
    return isinstance(content, bytes) and b"aipp_op" in content and re.search(_CONTENT, content) is not None


def is_configuration_text(path: str, text: str) -> bool:
    """Whether a text is to be read as a configuration: all are but those that are clearly something else."""
    if is_candidate(os.path.basename(path)):
        from aipplint.readers.ini import is_ini

        return not is_ini(text)
    from aipplint.readers.languages import kind_of

    return not kind_of(path, text)
