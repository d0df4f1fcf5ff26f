"""The session of a run: settings, builds and selected rules of each file."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from aipplint.atc.options import CANN_VERSION, Options, options_of_mapping
from aipplint.findings import Finding, Severity
from aipplint.project.builds import Builds, check_release, read_runtime
from aipplint.project.command import COMMAND_LINE, options_of_command
from aipplint.project.file_cache import FileCache
from aipplint.project.index_cache import Indexes
from aipplint.project.models import Models
from aipplint.project.patterns import matches
from aipplint.project.settings import Finder, Settings
from aipplint.records import NamedTuple
from aipplint.rules.file import other_dialect
from aipplint.rules.rule import Rule
from aipplint.rules.selection import Layer
from aipplint.run.rule_settings import RuleSelection
from aipplint.runtime.settings import Runtime

if TYPE_CHECKING:
    from aipplint.project.fed import FeedingPrograms
    from aipplint.project.index import Index
    from aipplint.project.trained import TrainedModels


class Request(NamedTuple):
    """The request of a run in plain values, from which every process creates its Session."""

    words: tuple[str, ...] = ()
    """The command line as it was typed."""
    first: int = 0
    """Index of its first word that may be an option of ATC."""
    atc: bool = False
    """Whether it is a whole command line of ATC: missing options are not given, and the settings add no builds."""
    layer: Layer = Layer()
    exclude: tuple[str, ...] = ()
    config: str = ""
    isolated: bool = False
    preview: bool = False
    runtime: str = ""
    release: str = ""
    """The release of CANN on the command line, if any."""
    discovery: bool = True
    """Whether builds and run-time settings are looked for in the files around."""


class Session:
    """Provides the rules, builds and settings of each file, and caches them."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.flags: Options = {}
        if request.words:
            self.flags = options_of_command(request.words, request.first, own=not request.atc)
        if request.release:
            check_release(request.release, "--cann-version")
            self.flags = {**self.flags, **options_of_mapping({CANN_VERSION: request.release}, COMMAND_LINE)}
        self.runtime: Runtime | None = read_runtime(request.runtime) if request.runtime else None
        self.finder = Finder(request.config, request.isolated)
        self.rule_selection = RuleSelection(request.layer, preview=request.preview)
        self.files = FileCache()
        self.indexes = Indexes(
            self.files, self.excluded, self.display_path, lambda folder: self.finder.of_folder(folder).folder
        )
        self._names: dict[str, str] = {}
        """The user's names of files, by absolute path."""
        self.models = Models(self.display_path)
        self._builds: dict[Settings, Builds] = {}
        self._known_code: dict[str, tuple[TrainedModels, FeedingPrograms]] = {}

    def __reduce__(self) -> tuple[type[Session], tuple[Request]]:
        """Pickle only the request, so that another process creates its own session."""
        return Session, (self.request,)

    def builds(self, path: str) -> Builds:
        """The builds of the settings for a path, and of the command line."""
        settings = self.finder.of_file(path)
        if settings not in self._builds:
            self._builds[settings] = Builds(settings, self.flags, self.runtime, self.models)
        return self._builds[settings]

    def index(self, path: str) -> Index | None:
        """Return the index of the files around a file; None if none has references, or if discovery is off."""
        return self.index_of_folder(os.path.dirname(os.path.abspath(path)))

    def index_of_folder(self, folder: str) -> Index | None:
        """The index of the files around a folder, given by its absolute path; None as for index."""
        wanted = self.request.discovery and not self.request.atc
        if not wanted or not self.finder.of_folder(folder).values.get("discovery", True):
            return None
        return self.indexes.of_folder(folder)

    def trained_models(self, index: Index) -> TrainedModels:
        """The training code in the repository of an index."""
        return self._code(index)[0]

    def feeding_programs(self, index: Index) -> FeedingPrograms:
        """The programs in the repository of an index that feed models."""
        return self._code(index)[1]

    def _code(self, index: Index) -> tuple[TrainedModels, FeedingPrograms]:
        from aipplint.project.fed import FeedingPrograms
        from aipplint.project.model_folders import ModelFolders
        from aipplint.project.trained import TrainedModels

        root = index.file_list.root
        known = self._known_code.get(root)
        if known is None or known[0].index is not index:
            # Files have changed, or none was asked for yet.
            folders = ModelFolders(index, self.files, self.display_path)
            known = self._known_code[root] = TrainedModels(folders), FeedingPrograms(folders)
        return known

    def note_name(self, path: str) -> None:
        """Note a file by the name that the user gave it: the first one is kept."""
        self._names.setdefault(os.path.abspath(path), path)

    def display_path(self, path: str) -> str:
        """The displayed name of a file with an absolute path."""
        if path in self._names:
            return self._names[path]
        relative = os.path.relpath(path)
        return relative if len(relative) < len(path) else path

    def rules(self, path: str) -> tuple[Rule, ...]:
        """The rules that run on a file."""
        return self.rule_selection.rules(self.finder.of_file(path), path)

    def severity_override(self, path: str, *, built: bool = True) -> Callable[[Finding], Finding]:
        """Return a function that applies the severities in the settings of a finding's file.

        One on the command line is about the file at ``path``. That a file is written for another tool is no mistake
        unless ATC is given it (``built``).
        """

        def overridden(finding: Finding) -> Finding:
            if not built and finding.code == other_dialect.code:
                finding = finding._replace(severity=Severity.INFO, atc_code="")
            where = path if finding.path == COMMAND_LINE else finding.path
            change = self.rule_selection.severities(self.finder.of_file(where))
            return finding if change is None else change(finding)

        return overridden

    def excluded(self, path: str) -> bool:
        """Return whether the settings or ``--exclude`` exclude a file or folder."""
        full = os.path.abspath(path)
        if any(matches(pattern, os.getcwd(), full) for pattern in self.request.exclude):
            return True
        settings = self.finder.of_file(full)
        return any(matches(str(p), settings.folder, full) for p in settings.values.get("exclude", ()))
