"""What a script, document or code says at an offset of how configurations are built or set at run time."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from aipplint.findings import Place, clean
from aipplint.project.index import Index
from aipplint.project.resolved import FoundBuild, FoundSettings, IndexedFile
from aipplint.records import NamedTuple
from aipplint.run.session import Session
from aipplint.server.documents import Document
from aipplint.source import Source, Span


class Reference(NamedTuple):
    """A command or run-time settings: where it stands, what it says in Markdown, and the configurations it is for."""

    span: Span
    text: str
    configurations: tuple[Place, ...]


def reference_at(document: Document, session: Session, offset: int) -> Reference | None:
    """The command or the run-time settings at an offset; None where there is none, or it cannot be known."""
    index, full = session.index(document.path), os.path.abspath(document.path)
    if index is None:
        return None
    file = index.index_file(full, document.source, anew=True)
    if not file.extract:
        return None
    return next(_references(document, session, index.with_overlay(full, file), file, offset), None)


def _references(
    document: Document, session: Session, index: Index, file: IndexedFile, offset: int
) -> Iterator[Reference]:
    for build in file.builds:
        span = _span_at(document.source, _places_of_build(build), offset)
        if span is not None:
            written = [text.text.place(0, 0) for text in build.texts]
            configs = [_file(session, build.config)] if build.config else written
            yield Reference(span, _build_text(build, configs), tuple(configs))
    for settings in file.settings:
        span = _span_at(document.source, _places_of_settings(settings), offset)
        if span is not None:
            configs = [_file(session, path) for path in index.links_of_file(file).configurations_set_by(settings)]
            yield Reference(span, _settings_text(settings, configs), tuple(configs))


def _span_at(source: Source, places: Iterable[Place], offset: int) -> Span | None:
    """From the first to the last of the places in a text, where an offset lies between them."""
    spans = [place.span for place in places if place.source is source]
    if not spans:
        return None
    whole = Span(min(span.start for span in spans), max(span.end for span in spans))
    return whole if whole.start <= offset <= whole.end else None


def _places_of_build(build: FoundBuild) -> Iterator[Place]:
    assert build.build.origin is not None, "it was found somewhere"
    yield build.build.origin.head
    yield from (word.place for word in build.build.words)


def _places_of_settings(settings: FoundSettings) -> Iterator[Place]:
    yield settings.head
    yield from (settings.runtime.place(name) for name in settings.runtime.values)


def _file(session: Session, path: str) -> Place:
    """The beginning of a file."""
    return Place(Source(session.display_path(path), ""), Span(0, 0))


def _build_text(build: FoundBuild, configs: list[Place]) -> str:
    options = build.build.options.values()
    known = [f"- `--{option.name}={clean(option.value)}`" for option in options if option.value is not None]
    unknown = [f"- `--{option.name}`: not known" for option in options if option.value is None]
    return "\n".join((_title("Build", configs), "", *known, *unknown))


def _settings_text(settings: FoundSettings, configs: list[Place]) -> str:
    values = [f"- {clean(name)}: `{clean(str(value))}`" for name, value in settings.runtime.values.items()]
    return "\n".join((_title("Run-time settings", configs), "", *values))


def _title(what: str, configs: list[Place]) -> str:
    names = ", ".join(f"`{clean(config.source.path)}`" for config in configs)
    return f"**{what}** of {names}" if names else f"**{what}**, no configuration is known"
