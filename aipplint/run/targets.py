"""The targets of a run: configurations, and files that reference them, for the paths of the user."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence

from aipplint.findings import Finding, Place
from aipplint.project.border import Border, RealPaths, border_of
from aipplint.project.reading import reason_of
from aipplint.project.recognise import is_candidate, is_configuration
from aipplint.project.repository import begins_otherwise, walk
from aipplint.project.settings import Settings
from aipplint.records import NamedTuple
from aipplint.run.result import unreadable
from aipplint.run.session import Session
from aipplint.source import Source, Span


class Targets(NamedTuple):
    """The files to check, by the names that the user gave, and the findings from the search.

    ``references`` are scripts, documents and code that may reference configurations.
    """

    configs: list[str]
    references: list[str]
    findings: list[Finding]

    @property
    def paths(self) -> list[str]:
        """All files, configurations first."""
        return [*self.configs, *self.references]


def find_targets(session: Session, paths: Sequence[str], *, force_exclude: bool = False) -> Targets:
    """Find the files for the paths of the user: folders are searched, a named file is always included."""
    found = Targets([], [], [])
    named: list[str] = []
    full = map(os.path.abspath, paths)
    session.indexes.surroundings.named(path if os.path.isdir(path) else os.path.dirname(path) for path in full)
    for path in paths:
        if os.path.isdir(path):
            _walk(session, path, found)
        elif not (force_exclude and session.excluded(path)):
            session.note_name(path)
            named.append(path)
    for path in named:
        _take(session, path, found)
    # What a script says depends on the folder from which a link leads to it; what a configuration says does not.
    real = RealPaths().of_file
    own_names_first = sorted(found.configs, key=lambda path: real(path) != os.path.abspath(path))
    references = _once(found.references, os.path.abspath)
    return Targets(_once(own_names_first, real), references, found.findings)


def configurations_in(session: Session, folder: str) -> list[str]:
    """Return the configurations below a folder: a script in it may build others elsewhere."""
    full = os.path.join(os.path.abspath(folder), "")
    return [path for path in find_targets(session, [folder]).configs if os.path.abspath(path).startswith(full)]


def _once(paths: Sequence[str], named: Callable[[str], str]) -> list[str]:
    """Paths in order, each file by the first name that it was given."""
    return sorted({named(path): path for path in reversed(paths)}.values())


def _take(session: Session, path: str, found: Targets) -> None:
    """Add a named file; if it references configurations, add these as well."""
    if session.request.atc or not os.path.isfile(path) or _is_plainly_configuration(session, path):
        found.configs.append(path)
        return
    from aipplint.run.references import is_reference_file, referenced_configs

    if is_reference_file(session, path):
        found.references.append(path)
        found.configs.extend(referenced_configs(session, path))
    else:
        found.configs.append(path)


def _is_plainly_configuration(session: Session, path: str) -> bool:
    """Whether a file is named like a configuration and does not begin like settings of another kind."""
    content = session.files.read(path) if is_candidate(os.path.basename(path)) else None
    return content is not None and not (isinstance(content, bytes) and begins_otherwise(content))


def _walk(session: Session, folder: str, found: Targets) -> None:
    full = os.path.abspath(folder)
    inside = os.path.join(full, "")
    if session.indexes.files_of_folder(full) is None:
        settings = _walk_folders(session, folder, found)
    else:
        index = session.indexes.of_folder(full)
        assert index is not None, "there is one for every repository of git"
        file_list = index.file_list
        folders = filter(
            index.readings.includes_folder, sorted({path.rpartition("/")[0] for path in file_list.below(full)})
        )
        full_folders = (os.path.normpath(os.path.join(file_list.root, path)) for path in folders)
        settings = list(dict.fromkeys(map(session.finder.of_folder, full_folders)))
        found.configs.extend(session.display_path(path) for path in index.configurations if path.startswith(inside))
    if index := session.index_of_folder(full):
        for path, file in index.files_in(full).items():
            found.references.append(session.display_path(path))
            # Those outside of the folder; the others are there already.
            referenced = index.links_of_file(file).referenced_configs(file)
            found.configs.extend(session.display_path(config) for config in referenced if index.includes(config))
    _take_builds(session, folder, settings, found)


def _walk_folders(session: Session, folder: str, found: Targets) -> list[Settings]:
    """Walk a folder outside of git. Return the settings that were found."""

    def failed(path: str, error: OSError) -> None:
        found.findings.extend(unreadable(Place(Source(path, ""), Span(0, 0)), reason_of(error)))

    border = Border(border_of(folder))
    met: dict[Settings, None] = {}
    others: list[str] = []
    for here, entries in walk(folder, session.excluded, failed):
        met[session.finder.of_folder(os.path.abspath(here))] = None
        below = "" if here == folder else os.path.relpath(here, folder)
        for entry in entries:
            path = entry.name if here == "." else os.path.join(here, entry.name)
            known = is_candidate(entry.name) and not session.excluded(path)
            # Of an entry, is_file raises for a loop of links.
            if known and os.path.isfile(path) and border.holds(path) and is_configuration(path, session.files.read):
                found.configs.append(path)
            others.append(os.path.join(below, entry.name))
    session.indexes.surroundings.walked(os.path.abspath(folder), others)
    return list(met)


def _take_builds(session: Session, folder: str, settings: Iterable[Settings], found: Targets) -> None:
    """Configurations that a build names are checked whatever their names; one that is not there is a finding."""
    root, border = os.path.abspath(folder), Border(border_of(folder))
    for one in settings:
        for selector in (config for build in one.builds for config in build.configs):
            path = os.path.normpath(os.path.join(one.folder, selector.text))
            inside = os.path.commonpath((root, path)) == root and (path == root or border.holds(path))
            if not inside or any(sign in selector.text for sign in "*?[") or session.excluded(path):
                continue
            if os.path.lexists(path):
                below = os.path.relpath(path, root)
                found.configs.append(below if folder == "." else os.path.join(folder, below))
            else:
                reason = "no such file or directory"
                found.findings.extend(unreadable(selector.place, reason, selector.text))
