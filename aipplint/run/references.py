"""Files that reference configurations: scripts, documents, code, settings of the benchmark tool; and their jobs."""

from __future__ import annotations

import os
from collections.abc import Iterator

from aipplint.atc.build import Build
from aipplint.pipeline import Use
from aipplint.project.index import Index, said_alone
from aipplint.project.resolved import Said
from aipplint.readers import languages
from aipplint.readers.benchmark_ini import tool_settings
from aipplint.readers.ini import read_ini
from aipplint.run.jobs import Job
from aipplint.run.session import Session
from aipplint.source import Source


def is_reference_file(session: Session, path: str) -> bool:
    """Whether a file that the user named is no configuration, but may reference one."""
    if not languages.may_be_read(path):
        return False
    if languages.kind_of_name(path):
        return True
    content = session.read(path)
    return isinstance(content, bytes) and bool(languages.kind_of(path, Source.from_bytes(path, content).text))


def referenced_configs(session: Session, path: str) -> list[str]:
    """The configurations that a file references: those that its commands name, and those that it sets."""
    index = session.index(path)
    content = session.read(path)
    if index is None or not isinstance(content, bytes):
        return []
    said = index.said_by(os.path.abspath(path), Source.from_bytes(path, content))
    # Most files say nothing; then the others need not be read.
    found = index.links.concerned(said) if said.found else ()
    return [session.shown(config) for config in found if index.lists(config)]


def reference_jobs(session: Session, source: Source, *, alone: bool) -> Iterator[Job]:
    """The jobs of a file that references configurations, without those of the configurations.

    ``alone``: the configurations are not checked in this run, and the file is checked against them.
    """
    path = source.path
    index = session.index(path)
    full = os.path.abspath(path)
    said = said_alone(path, source) if index is None else index.said_by(full, source, anew=alone)
    if index is not None and alone and said.found:
        index = index.told(full, said)
    if index is not None:
        yield from _builds(session, index, said, path)
        if alone and said.found:
            yield from _with_configurations(session, index, said, path)
    unlinked = [
        settings for settings in said.settings if index is None or not index.links.configurations_set_by(settings)
    ]
    uses = tuple(Use(Build({}), settings.runtime) for settings in unlinked)
    if said.tool is not None or uses:
        yield Job(path, None, uses, said.tool)


def _builds(session: Session, index: Index, said: Said, path: str) -> Iterator[Job]:
    """The commands without their configuration, and what is written out in the same file."""
    builds = session.builds(path)
    for build in said.builds:
        if not build.config or not index.lists(build.config) or session.builds(build.config).configured(build.config):
            uses = [Use(builds.build(one), runtime) for one, runtime in index.links.uses_of_build(build)]
            yield Job(path, None, tuple(uses))
    if not session.finder.of_file(path).values.get("documents", True):
        return
    for text in said.found.configs:
        uses = [
            Use(builds.build(one), runtime)
            for build in said.builds
            if text in build.texts
            for one, runtime in index.links.uses_of_build(build)
        ]
        yield Job(path, text.text, tuple(uses))
    for tool in said.found.tools:
        yield Job(path, tool, tool=tool_settings(read_ini(Source(path, tool.text))))


def _with_configurations(session: Session, index: Index, said: Said, path: str) -> Iterator[Job]:
    """The configurations that a file references, for what they show to be wrong in the file."""
    for config in index.links.concerned(said):
        content = session.read(config) if index.lists(config) else None
        if isinstance(content, bytes):
            name = session.shown(config)
            uses = session.builds(name).uses_of(config, index.links.uses_of(config))
            yield Job(name, Source.from_bytes(name, content), tuple(Use(*use) for use in uses), only=path)
