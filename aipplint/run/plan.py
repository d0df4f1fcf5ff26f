"""The plan of a run: the texts to check, with their builds and run-time settings. It checks nothing."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from aipplint.atc.build import Build
from aipplint.atc.options import Option
from aipplint.findings import Place
from aipplint.pipeline import Use
from aipplint.project.builds import release_option
from aipplint.project.command import COMMAND_LINE, CONFIG, words_of_command
from aipplint.project.reading import Content, TooLarge, Unreadable
from aipplint.project.recognise import is_configuration_text
from aipplint.rules.housekeeping import file_too_large
from aipplint.run.jobs import FilePlan, Job
from aipplint.run.result import unreadable
from aipplint.run.session import Session
from aipplint.source import Source, Span

if TYPE_CHECKING:
    from aipplint.feeding.picture import Feeding
    from aipplint.training.normalisation import Training


def plan_file(session: Session, path: str, *, alone: bool = False) -> FilePlan:
    """Plan the check of a file on the disk. ``alone``: see plan_text."""
    return plan_content(session, path, session.files.read(path), alone=alone)


def plan_reference(session: Session, path: str) -> FilePlan:
    """Plan the check of a file that may reference configurations: its text is in the index already, or on the disk."""
    index = session.index(path)
    source = index.source_of(os.path.abspath(path)) if index is not None else None
    known = source is not None and source.path == path
    return plan_text(session, source) if source is not None and known else plan_file(session, path)


def plan_content(session: Session, path: str, content: Content, *, alone: bool = False) -> FilePlan:
    """Plan the check of a file whose content was read. ``alone``: see plan_text."""
    if isinstance(content, Unreadable):
        place = Place(Source(path, ""), Span(0, 0))
        return FilePlan(path, findings=tuple(unreadable(place, content.reason)))
    if isinstance(content, TooLarge):
        given = {"source": Source(path, ""), "size": content.size, "left_out": 0}
        return FilePlan(path, findings=tuple(file_too_large.findings(given)))
    return plan_text(session, Source.from_bytes(path, content), alone=alone)


def plan_text(session: Session, source: Source, *, alone: bool = False) -> FilePlan:
    """Plan the check of a text, which is a configuration or a file that references configurations.

    ``alone`` says that no other file is checked in this run: a script is then checked against its configurations, and
    what is wrong between the two is reported in the script.
    """
    if session.request.atc or is_configuration_text(source.path, source.text):
        return plan_configuration(session, source)
    from aipplint.run.references import plan_reference_text

    return plan_reference_text(session, source, alone=alone)


def plan_configuration(session: Session, source: Source) -> FilePlan:
    """Plan the check of a text that is a configuration, whatever its name."""
    job = Job(
        source.path,
        source,
        uses_of(session, source.path),
        training=training_of(session, source),
        feeding=feeding_of(session, source),
    )
    return FilePlan(source.path, (job,))


def plan_options(session: Session) -> FilePlan:
    """Plan the check of the options on the command line without a configuration, by the settings of this folder."""
    return FilePlan(COMMAND_LINE, (Job(COMMAND_LINE, None, uses_of_options(session)),), files=0)


def uses_of(session: Session, path: str) -> tuple[Use, ...]:
    """Return the uses of a configuration: those of the command line and the settings, else the discovered ones."""
    if session.request.atc:
        return _typed(session, path)
    builds, full = session.builds(path), os.path.abspath(path)
    index = None if builds.configured(full) else session.index(path)
    config = "" if index is None else index.real(full)
    found = () if index is None else index.links_of_configuration(config).uses_of(config)
    return tuple(Use(*use) for use in builds.uses_of(path, found))


def uses_of_options(session: Session) -> tuple[Use, ...]:
    """Return the uses that the command line alone gives; nothing around is searched."""
    if session.request.atc:
        return _typed(session, COMMAND_LINE)
    return tuple(Use(*use) for use in session.builds(COMMAND_LINE).uses_of(COMMAND_LINE))


def _typed(session: Session, path: str) -> tuple[Use, ...]:
    """Return the one use that a whole command line of ATC gives."""
    options = {**release_option(session.finder.of_file(path)), **session.flags}
    words = words_of_command(session.request.words, session.request.first)
    build = Build(options, complete=True, words=words, config_file=_resolved(session.flags.get(CONFIG)), typed=True)
    return (Use(session.models.read_typed(build), session.runtime),)


def training_of(session: Session, source: Source) -> Training | None:
    """Return the training code of the model that a configuration is for; None if none is found around it."""
    index = session.index(source.path)
    if index is None:
        return None
    return session.trained_models(index).of(index.real(os.path.abspath(source.path)), source)


def feeding_of(session: Session, source: Source) -> Feeding | None:
    """Return what programs feed to the model of a configuration; None if none is found, or if no rule asks for it."""
    if not any("feeding" in rule.needs for rule in session.rules(source.path)):
        return None
    index = session.index(source.path)
    if index is None:
        return None
    return session.feeding_programs(index).of(index.real(os.path.abspath(source.path)), source)


def _resolved(option: Option | None) -> str | None:
    """Return the path of --insert_op_conf as ATC resolves it: absolute, without links; empty if it does not exist."""
    if option is None or not option.value:
        return None
    return os.path.realpath(option.value) if os.path.exists(option.value) else ""
