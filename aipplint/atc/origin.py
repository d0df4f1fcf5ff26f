"""The origin of a discovered build."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipplint.records import NamedTuple

if TYPE_CHECKING:
    from aipplint.atc.words import ShellMistake
    from aipplint.findings import Place


class Origin(NamedTuple):
    """The command of a discovered build.

    ``head`` is its location in findings: the name of the program. ``in_document`` means that a document shows it.
    ``fetches`` means that files may be created or fetched before it runs. ``mistakes`` are unintended effects of the
    shell. If the file of --insert_op_conf does not exist, ``tried`` are the searched paths, relative to the root of the
    repository, and ``similar`` is the name of a configuration with a similar name.
    """

    head: Place
    in_document: bool = False
    fetches: bool = False
    mistakes: tuple[ShellMistake, ...] = ()
    tried: tuple[str, ...] = ()
    similar: str = ""
