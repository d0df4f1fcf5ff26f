"""Checking what says how configurations are used: scripts, documents, code, settings of the benchmark tool."""

from __future__ import annotations

import os
from collections.abc import Iterator

from aipplint.atc.build import Build
from aipplint.checker import Checker, Result, merged, without_silenced
from aipplint.embedded import lint_embedded, lint_embedded_tool
from aipplint.pipeline import Use
from aipplint.project.index import Index, Said, said_alone
from aipplint.project.reading import read_file
from aipplint.readers import languages
from aipplint.source import Source


def speaks(path: str) -> bool:
    """Whether a file that was named is no configuration, but may say how one is used."""
    if not languages.may_be_read(path):
        return False
    if languages.kind_of_name(path):
        return True
    content = read_file(path)
    return isinstance(content, bytes) and bool(languages.kind_of(path, Source.from_bytes(path, content).text))


def configurations_of(checker: Checker, path: str) -> list[str]:
    """The configurations that a file says something about: those that its commands name, and those that it sets."""
    index = checker.index(path)
    content = read_file(path)
    if index is None or not isinstance(content, bytes):
        return []
    said = index.said_by(os.path.abspath(path), Source.from_bytes(path, content))
    # Most files say nothing; then the others need not be read.
    found = index.links.concerned(said) if said.found else ()
    return [checker.shown(config) for config in found if index.lists(config)]


def check_said(checker: Checker, source: Source, path: str, *, alone: bool) -> Result:
    """Check what a file says, as far as that is not checked with the configurations that it names.

    ``alone``: those are not checked now, so that it is all said here.
    """
    index = checker.index(path)
    full = os.path.abspath(path)
    said = said_alone(path, source) if index is None else index.said_by(full, source, anew=alone)
    if index is not None and alone and said.found:
        index = index.told(full, said)
    results = [Result((), 1, 0)]
    if index is not None:
        results += _builds(checker, index, said, path)
        if alone and said.found:
            results += _with_configurations(checker, index, said, path)
    unlinked = [
        settings for settings in said.settings if index is None or not index.links.configurations_set_by(settings)
    ]
    uses = [Use(Build({}), settings.runtime) for settings in unlinked]
    if said.tool is not None or uses:
        results.append(checker.lint(None, path, uses, said.tool))
    return without_silenced(checker, merged(results))


def _builds(checker: Checker, index: Index, said: Said, path: str) -> Iterator[Result]:
    """The commands without their configuration, and the configurations that are written in the same file."""
    builds = checker.builds(path)
    for build in said.builds:
        if not build.config or not index.lists(build.config) or checker.builds(build.config).configured(build.config):
            uses = [Use(builds.build(one), runtime) for one, runtime in index.links.uses_of_build(build)]
            yield checker.lint(None, path, uses)
    if not checker.finder.of_file(path).values.get("documents", True):
        return
    for text in said.found.configs:
        uses = [
            Use(builds.build(one), runtime)
            for build in said.builds
            if text in build.texts
            for one, runtime in index.links.uses_of_build(build)
        ]
        yield lint_embedded(checker, text.text, path, uses)
    for tool in said.found.tools:
        yield lint_embedded_tool(checker, tool, path)


def _with_configurations(checker: Checker, index: Index, said: Said, path: str) -> Iterator[Result]:
    """What there is to say of a file when it is held against the configurations that it has to do with."""
    for config in index.links.concerned(said):
        content = read_file(config) if index.lists(config) else None
        if isinstance(content, bytes):
            name = checker.shown(config)
            uses = [Use(*use) for use in checker.builds(name).uses_of(config, index.links.uses_of(config))]
            result = checker.lint(Source.from_bytes(name, content), name, uses)
            yield Result(tuple(finding for finding in result.findings if finding.path == path), 0, 0)
