"""The search for the configuration of a log, and the findings in it."""

from __future__ import annotations

import os
from collections.abc import Sequence

from aipplint.atc.build import Build
from aipplint.atc.options import Option
from aipplint.explain.explanation import Explanation
from aipplint.explain.inputs import known_inputs
from aipplint.explain.log import Log
from aipplint.explain.size_causes import SIZE
from aipplint.explain.sizes import KnownInput
from aipplint.findings import Finding, Place, clean
from aipplint.pipeline import Use, lint_source
from aipplint.project.command import CONFIG, words_of_command
from aipplint.project.reading import Unreadable
from aipplint.project.recognise import is_configuration, is_named
from aipplint.records import NamedTuple
from aipplint.run.plan import uses_of, uses_of_options
from aipplint.run.result import unreadable
from aipplint.run.session import Request, Session
from aipplint.run.targets import find_targets
from aipplint.source import Source, Span

MAX_CONFIGURATIONS = 64
"""Configurations that are looked at where the log names none."""
_BY_COMMAND, _BY_ERROR = "named by the command in the log", "named by the error"
_NAMED_AS = {_BY_COMMAND: "named by the command in the log as {}", _BY_ERROR: "named by the error as {}"}


class Looked(NamedTuple):
    """The result of a search: the configurations, how they were found (as text), and all findings in them."""

    paths: tuple[str, ...]
    why: str
    findings: tuple[Finding, ...]
    inputs: tuple[KnownInput, ...] = ()
    """Inputs of models, where an error is about their sizes."""


def look(log: Log, explained: list[Explanation], beside: str) -> Looked:
    """Lint the configurations of a log: those that an error or the command names, or those in the current folder.

    ``beside`` is the folder of the log itself, where relative paths may begin as well. The command's options are the
    build; without a command the settings file says what is built.
    """
    session = Session(Request(words=("atc", *log.command), first=1, atc=True) if log.command else Request())
    assumed = [] if log.command else _assumed(explained)
    named, why = _named(log, session)
    here = {path: name for name in named if (path := _here(name, beside))}
    if named and not here:
        missing = ", ".join(clean(name) for name in named[:3])
        return Looked((), f"the log names {missing}, which does not exist here", _of_options(session, log))
    if log.command and not here:
        why = "the command in the log has no --insert_op_conf"
        return Looked((), why, _of_options(session, log), _inputs(session, log, explained, []))
    if not log.command and not any(seen.position is not None for seen in log.errors):
        # The file that could not be parsed may be the model.
        here = {path: name for path, name in here.items() if is_named(os.path.basename(path)) or is_configuration(path)}
    paths = list(here)
    if not paths:
        paths, why = find_targets(session, ["."]).configs[:MAX_CONFIGURATIONS], "found in the current folder"
        if not paths:
            why = "unknown: the log names no configuration, and there is none in the current folder"
    elif paths != list(here.values()):
        why = _NAMED_AS[why].format(", ".join(clean(name) for name in here.values()))
    findings: list[Finding] = []
    for path in paths:
        findings += _findings(session, log, path, assumed)
    return Looked(tuple(paths), why, tuple(dict.fromkeys(findings)), _inputs(session, log, explained, paths))


def _inputs(
    session: Session, log: Log, explained: Sequence[Explanation], paths: Sequence[str]
) -> tuple[KnownInput, ...]:
    """Return the inputs to compare an error about sizes with; nothing if there is no such error."""
    if not any(one.seen.code == SIZE for one in explained):
        return ()
    uses = _uses_of_command(session, log) if log.command else []
    return known_inputs(session, uses[0].build if uses else None, paths)


def _named(log: Log, session: Session) -> tuple[list[str], str]:
    """The configurations that the log names, those of errors first, and which place of the log names them."""
    config = session.flags.get(CONFIG)
    if config is not None and config.value and not hidden(config.value):
        return [config.value], _BY_COMMAND
    return list(log.paths), _BY_ERROR


def _of_options(session: Session, log: Log) -> tuple[Finding, ...]:
    uses = _uses_of_command(session, log) if log.command else uses_of_options(session)
    return lint_source(None, uses).findings


def _here(name: str, beside: str) -> str:
    """The path under which a named file can be read: as it is named, beside the log, or its end below this folder.

    A log from another machine has absolute paths of that machine; the longest end of such a path that exists is
    the same file of another checkout.
    """
    steps = [step for step in name.replace("\\", "/").split("/") if step not in ("", ".")]
    ends = ["/".join(steps[at:]) for at in range(len(steps)) if ".." not in steps[at:]]
    for path in (name, os.path.join(beside, name), *ends):
        # A null character in a path is no file (ValueError in some releases of Python).
        if "\0" not in path and os.path.isfile(path):
            return path
    return ""


def _findings(session: Session, log: Log, path: str, assumed: list[Use]) -> list[Finding]:
    """Return all findings in one file, including rules that the settings disable."""
    content = session.files.read(path)
    if not isinstance(content, bytes):
        reason = content.reason if isinstance(content, Unreadable) else "is too large"
        return list(unreadable(Place(Source(path, ""), Span(0, 0)), reason))
    uses = _uses(session, log, path) or assumed
    return list(lint_source(Source.from_bytes(path, content), uses).findings)


def _assumed(explained: list[Explanation]) -> list[Use]:
    """Return the build that the errors imply, if there is no other one."""
    options: dict[str, Option] = {}
    for seen, cause in ((one.seen, one.seen.cause) for one in explained):
        for name, value in cause.assumes if cause is not None else ():
            place = Place(Source("<log>", seen.text), Span(0, len(seen.text)))
            options.setdefault(name, Option(name, value.format_map(seen.groups), place))
    return [Use(Build(options))] if options else []


def _uses(session: Session, log: Log, path: str) -> list[Use]:
    """The build of the command in the log, else those of the settings file."""
    return _uses_of_command(session, log) if log.command else list(uses_of(session, path))


def _uses_of_command(session: Session, log: Log) -> list[Use]:
    """The build of the command in the log, which may hold variables of a script: what they stand for is not known."""
    flags = {
        name: option._replace(value=None) if hidden(option.value) else option for name, option in session.flags.items()
    }
    words = words_of_command(session.request.words, session.request.first)
    return [Use(Build(flags, complete=not any(map(hidden, log.command)), words=words))]


def hidden(word: str | None) -> bool:
    """Return whether a shell would replace a word or a part of it."""
    return word is not None and any(sign in word for sign in "$`")
