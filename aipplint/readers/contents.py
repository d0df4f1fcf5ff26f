"""The contents of a document or a build file: shell scripts, for the shell reader, and configurations."""

from __future__ import annotations

import re

from aipplint.readers.excerpt import Excerpt
from aipplint.readers.extract import ConfigText, Script
from aipplint.records import NamedTuple

MAX_SCRIPTS = 500
"""Scripts in a document, a build file or a program that are read."""


class Contents(NamedTuple):
    """The scripts and configurations of one file, each in the order of the file.

    ``fetches`` means that something in the file may create or fetch files. A script does not know the effects of
    earlier ones (``wget`` in one step, ``atc`` in the next), but a file that is missing in the repository proves
    nothing then. ``tools`` are run-time settings of the benchmark tool that are written out (``[aipp_op]``, an INI
    file).
    """

    scripts: tuple[Script, ...] = ()
    configs: tuple[ConfigText, ...] = ()
    fetches: bool = False
    tools: tuple[Excerpt, ...] = ()


EMPTY = Contents()

_FETCH = (
    r"(?<![\w./-])(?:wget|curl|git\s+(?:clone|lfs|pull|checkout)|cp|mv|ln|tar|unzip|7z|gsutil|aws|rsync|scp|python[\d.]*"
    r"|sed\s+-i|tee|modelscope|huggingface-cli|obsutil)\s|\.sh(?!\w)|>"
)


def may_fetch(text: str) -> bool:
    """Whether a shell text may make or fetch files."""
    return re.search(_FETCH, text) is not None
