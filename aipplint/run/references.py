"""Files that reference configurations: scripts, documents, code, settings of the benchmark tool; and their jobs."""

from __future__ import annotations

import os
from collections.abc import Iterator

from aipplint.atc.build import Build
from aipplint.findings import Finding
from aipplint.pipeline import Use, failed
from aipplint.project.index import Index, index_standalone
from aipplint.project.resolved import FoundBuild, IndexedFile
from aipplint.readers import languages
from aipplint.readers.benchmark_ini import tool_settings
from aipplint.readers.extract import ConfigText
from aipplint.readers.ini import read_ini
from aipplint.rules.housekeeping import attempt_problems, file_too_large, unreadable_suppression
from aipplint.run.jobs import FilePlan, Job
from aipplint.run.session import Session
from aipplint.source import Source
from aipplint.suppressions import attempts_in


def is_reference_file(session: Session, path: str) -> bool:
    """Return whether a file is not a configuration, but may reference one."""
    if not languages.may_be_read(path):
        return False
    if languages.kind_of_name(path):
        return True
    content = session.files.read(path)
    return isinstance(content, bytes) and bool(languages.kind_of(path, Source.from_bytes(path, content).text))


def referenced_configs(session: Session, path: str) -> list[str]:
    """The configurations that a file references: those that its commands name, and those that it sets."""
    index = session.index(path)
    content = session.files.read(path)
    if index is None or not isinstance(content, bytes):
        return []
    file = index.index_file(os.path.abspath(path), Source.from_bytes(path, content))
    # Most files reference nothing; then the others need not be read.
    found = index.links_of_file(file).referenced_configs(file) if file.extract else ()
    return [session.display_path(config) for config in found if index.includes(config)]


def plan_reference_text(session: Session, source: Source, *, alone: bool) -> FilePlan:
    """Plan the check of a file that references configurations, without the check of these.

    ``alone``: they are not checked in this run, and the file is checked against them.
    """
    path, full = source.path, os.path.abspath(source.path)
    index = session.index(path)
    file = index_standalone(path, source) if index is None else index.index_file(full, source, anew=alone)
    jobs = tuple(_jobs(session, index, file, path, alone=alone))
    failure = index.readings.failures.get(full) if index is not None else None
    said = failed(path, failure).findings if failure is not None else (*_attempts(session, file), *_left_out(file))
    return FilePlan(path, jobs, said)


def _left_out(file: IndexedFile) -> Iterator[Finding]:
    """The finding for a file with more references than the maximum."""
    if file.extract.left_out:
        yield from file_too_large.findings({"source": file.source, "size": 0, "left_out": file.extract.left_out})


def _attempts(session: Session, file: IndexedFile) -> tuple[Finding, ...]:
    """Find invalid suppression comments in a script or code. In a document they may be examples."""
    path = file.source.path
    if not file.extract or file.kind in languages.DOCUMENTS or unreadable_suppression not in session.rules(path):
        return ()
    problems = attempt_problems(file.source, attempts_in(file.source))
    weigh = session.severity_override(path)
    return tuple(weigh(unreadable_suppression.stamp(problem)) for problem in problems)


def _jobs(session: Session, index: Index | None, file: IndexedFile, path: str, *, alone: bool) -> Iterator[Job]:
    full = os.path.abspath(path)
    if index is not None and alone and file.extract:
        index = index.with_overlay(full, file)
    if index is not None:
        yield from _builds(session, index, file, path)
        if alone and file.extract:
            yield from _with_configurations(session, index, file, path)
    unlinked = [
        settings
        for settings in file.settings
        if index is None or not index.links_of_file(file).configurations_set_by(settings)
    ]
    uses = tuple(Use(Build({}), settings.runtime) for settings in unlinked)
    if file.tool is not None or uses:
        yield Job(path, None, uses, file.tool)


def _builds(session: Session, index: Index, file: IndexedFile, path: str) -> Iterator[Job]:
    """Plan the commands without their configurations, and the configurations in the same file."""
    builds, links = session.builds(path), index.links_of_file(file)
    for build in map(index.looked_for, file.builds):
        if (
            not build.config
            or not index.includes(build.config)
            or session.builds(build.config).configured(build.config)
        ):
            uses = [Use(builds.build(one), runtime) for one, runtime in links.uses_of_build(build)]
            yield Job(path, None, tuple(uses))
    if not session.finder.of_file(path).values.get("documents", True):
        return
    used: dict[ConfigText, list[FoundBuild]] = {text: [] for text in file.extract.configs}
    for build in file.builds:
        for text in build.texts:
            used[text].append(build)
    for text, by in used.items():
        uses = [Use(builds.build(one), runtime) for build in by for one, runtime in links.uses_of_build(build)]
        yield Job(path, text.text, tuple(uses))
    for tool in file.extract.tools:
        yield Job(path, tool, tool=tool_settings(read_ini(Source(path, tool.text))))


def _with_configurations(session: Session, index: Index, file: IndexedFile, path: str) -> Iterator[Job]:
    """Plan the referenced configurations, for the findings that they cause in the file."""
    for config in index.links_of_file(file).referenced_configs(file):
        content = session.files.take(config) if index.includes(config) else None
        if isinstance(content, bytes):
            name = session.display_path(config)
            uses = session.builds(name).uses_of(config, index.links_of_configuration(config).uses_of(config))
            yield Job(name, Source.from_bytes(name, content), tuple(Use(*use) for use in uses), only=path)
