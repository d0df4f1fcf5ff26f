"""Where a build was found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipplint.records import NamedTuple

if TYPE_CHECKING:
    from aipplint.atc.words import ShellMistake
    from aipplint.findings import Place


class Origin(NamedTuple):
    """The command that a build was found in.

    ``head`` is the word that stands for it. ``in_document`` says that a document shows it to people.
    ``fetches`` says that files may be made or fetched before it runs. ``mistakes`` are what the shell makes of it and
    nobody meant. Where the file of --insert_op_conf is not there, ``tried`` are the paths from the root of the
    repository at which it was looked for, and ``similar`` is the name of a configuration that nearly has its name.
    """

    head: Place
    in_document: bool = False
    fetches: bool = False
    mistakes: tuple[ShellMistake, ...] = ()
    tried: tuple[str, ...] = ()
    similar: str = ""
