"""The result of a reader: commands, configurations and run-time settings in a file."""

from __future__ import annotations

from aipplint.atc.options import Option
from aipplint.atc.words import ShellMistake, Word
from aipplint.findings import Place
from aipplint.readers.excerpt import Excerpt
from aipplint.readers.ini import Ini
from aipplint.records import NamedTuple
from aipplint.runtime.settings import Runtime
from aipplint.source import MAX_FOUND

ATC = "atc"
BENCHMARK = "benchmark"
"""The benchmark tool (ais_bench, msit benchmark), which reads run-time settings from an INI file."""


class Command(NamedTuple):
    """One command line that a file runs or shows, as far as it is known without execution.

    ``program`` is ATC or BENCHMARK, ``head`` the word that names it (the location of the command in findings),
    ``words`` are those after it. ``folder`` is the working directory: a path, relative to where the script is started
    ('' there, 'x' after ``cd x``) or absolute; None if unknown. ``fetches`` means that a file may be created or fetched
    before the command runs (wget, cp, tar, ...), so that a missing one proves nothing.
    """

    program: str
    head: Place
    words: tuple[Word, ...]
    folder: str | None = ""
    mistakes: tuple[ShellMistake, ...] = ()
    fetches: bool = False


class Declared(NamedTuple):
    """A build that a file declares by keys, not by a command line; ``head`` is the key that names the configuration."""

    options: tuple[Option, ...]
    head: Place


class ConfigText(NamedTuple):
    """An AIPP configuration inside a file of another kind.

    ``path`` is the file that it is written to (``cat > aipp.cfg << EOF``, or the words before it in a document), '' if
    unknown. ``folder`` is as in Command. ``near`` means that one without a path is next to a command with a
    configuration in a document: the next block after it with words that refer to it, or before it in the same section.
    """

    text: Excerpt
    path: str = ""
    folder: str | None = ""
    near: bool = False


class Settings(NamedTuple):
    """Run-time settings of dynamic AIPP in code, or in the INI file of the benchmark tool.

    ``head`` is their location in findings: the first call, the section. ``model`` is the path of their model
    (``resnet50.om``), '' if unknown.
    """

    runtime: Runtime
    head: Place
    model: str = ""


class Call(NamedTuple):
    """A shell script that a file starts: its path as far as it is known, and its arguments. ``folder``: see Command.

    ``vague`` means that the number of arguments is unknown (``"$@"``), and so is the number of each one.
    """

    script: str
    words: tuple[Word, ...]
    folder: str | None = ""
    vague: bool = False


class Extract(NamedTuple):
    """The commands, configurations, settings and calls of one file, in its order.

    ``positional`` means that a command depends on unknown arguments of the script. ``tools`` are
    settings of the benchmark tool in a document. ``ini`` is an INI file as it was parsed.
    ``left_out`` is how many commands, configurations, settings and calls the file has beyond the first MAX_FOUND.
    """

    commands: tuple[Command, ...] = ()
    configs: tuple[ConfigText, ...] = ()
    settings: tuple[Settings, ...] = ()
    calls: tuple[Call, ...] = ()
    positional: bool = False
    declared: tuple[Declared, ...] = ()
    tools: tuple[Excerpt, ...] = ()
    ini: Ini | None = None
    left_out: int = 0

    def __bool__(self) -> bool:
        parts = (self.commands, self.configs, self.settings, self.calls, self.declared, self.tools)
        return any(parts)


class Script(NamedTuple):
    """A shell script inside a file of another kind: a recipe, a step of CI, a block of a document.

    One shell runs ``texts`` one after the other; each is parsed alone, so that a broken one does not affect the others.
    ``variables`` are set before it starts (``env:`` of a CI job), ``folder`` is where it starts, as in Command.
    ``in_document`` means that a document shows it: it may contain prompts, ``<placeholder>`` and ``...``.
    """

    texts: tuple[Excerpt, ...]
    variables: tuple[tuple[str, Word], ...] = ()
    folder: str | None = ""
    in_document: bool = False


NOTHING = Extract()


def bounded(extract: Extract) -> Extract:
    """The content of a file, up to MAX_FOUND of each kind."""
    kept = extract._replace(
        commands=extract.commands[:MAX_FOUND],
        configs=extract.configs[:MAX_FOUND],
        settings=extract.settings[:MAX_FOUND],
        calls=extract.calls[:MAX_FOUND],
    )
    return kept._replace(left_out=_count(extract) - _count(kept))


def _count(extract: Extract) -> int:
    return len(extract.commands) + len(extract.configs) + len(extract.settings) + len(extract.calls)


def merged(parts: list[Extract]) -> Extract:
    """Several findings of one file as one."""
    return Extract(
        tuple(command for part in parts for command in part.commands),
        tuple(config for part in parts for config in part.configs),
        tuple(settings for part in parts for settings in part.settings),
        tuple(call for part in parts for call in part.calls),
        any(part.positional for part in parts),
        tuple(declared for part in parts for declared in part.declared),
        tuple(tool for part in parts for tool in part.tools),
        left_out=sum(part.left_out for part in parts),
    )
