"""Recognition of AIPP configurations by their content; a name alone proves nothing."""

from __future__ import annotations

import os
import re
from collections.abc import Callable

from aipplint.project.reading import Content, read_file
from aipplint.source import MAX_BYTES

# Patterns stay texts, here and elsewhere: one that is compiled at import costs every run, used or not.
NAMED = r"(?i)(?:[^/]*(?:aipp|insert_op)[^/]*\.(?:cfg|conf|config|prototxt|pbtxt|txtpb|textproto)|.*\.ai?pp?config)\Z"
"""Names of configurations: the pattern of the pre-commit hook."""

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

_CONTENT = rb"(?:^|[\s,;\]}>])aipp_op\s*+(?::\s*+)?(?:\[\s*+)?[{<]"
"""The beginning of an operator: what no other file holds."""

_FIELDS = (
    rb"(?<![A-Za-z0-9_])(?:a[ai]pp_op\w*|aipp_mode|related_input_\w+|input_edge_idx|src_image_size\w*|max_src_image_size"
    rb"|\w+_swap_switch|csc_switch|load_start_pos\w*|crop_size\w*|resize_(?:output|model)\w*|\w+_padding_size"
    rb"|cpadding_value|(?:mean|min|var_reci)_chn\w*|matrix_r[0-9]c[0-9]|(?:in|out)put_bias_[0-9]|single_line_mode"
    rb"|support_rotation|raw_rgbir_to_f16_n|model_format|input_para|crop_func)(?![A-Za-z0-9_])"
)
"""Fields of AIPP, and of the dialects that share its name, as far as no other settings are called so."""
_MODEST = 256 * 1024
"""Bytes up to which a file is opened only to see whether it is an AIPP configuration."""


def is_named(name: str) -> bool:
    """Whether a file is a configuration by its name."""
    return re.match(NAMED, name) is not None


def is_candidate(path: str) -> bool:
    """Whether a file can be a configuration at all, going by how its name ends."""
    return path.lower().endswith(_PLAUSIBLE)


def is_configuration(path: str, read: Callable[[str, int], Content] = read_file) -> bool:
    """Whether a file contains an AIPP operator or, if it is a configuration by its name, fields of AIPP.

    Other tools have settings whose names say ``aipp`` (the post-processing of a model with AIPP), and a template is
    filled in before ATC reads it. What is named like a configuration and cannot be read counts: that is told.
    """
    named = is_named(os.path.basename(path))
    content = read(path, MAX_BYTES if named else _MODEST)
    if not isinstance(content, bytes):
        return named
    if b"aipp_op" in content and re.search(_CONTENT, content):
        return not _is_template(content)
    return named and shows_fields(content) and not _is_template(content)


def _is_template(content: bytes) -> bool:
    from aipplint.readers.templates import has_gaps

    return has_gaps(content.decode(errors="replace"))


def shows_fields(content: bytes) -> bool:
    """Whether a text holds the name of a field of AIPP, in whatever Unicode it is written."""
    return re.search(_FIELDS, content.replace(b"\0", b"")) is not None


def is_configuration_text(path: str, text: str) -> bool:
    """Whether a text is to be read as a configuration: all are but those that are clearly something else."""
    if is_candidate(os.path.basename(path)):
        from aipplint.readers.ini import is_ini

        return not is_ini(text)
    from aipplint.readers.languages import kind_of

    return not kind_of(path, text)
