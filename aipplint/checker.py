"""What a run knows of each file that it checks: settings, builds, the rules that are selected for it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence

from aipplint.atc.build import Build
from aipplint.atc.options import CANN_VERSION, Option, Options, options_of_mapping
from aipplint.findings import Finding, Place, Severity
from aipplint.pipeline import Use, lint_source
from aipplint.project.builds import Builds, FoundUses, check_release, read_runtime, release_option
from aipplint.project.command import COMMAND_LINE, CONFIG, options_of_command, words_of_command
from aipplint.project.index_cache import Indexes
from aipplint.project.patterns import matches
from aipplint.project.settings import Finder, Settings
from aipplint.records import NamedTuple
from aipplint.rules.file import other_dialect
from aipplint.rules.housekeeping import ALWAYS, unreadable_file
from aipplint.rules.rule import Rule
from aipplint.rules.selection import Layer
from aipplint.runtime.settings import Runtime
from aipplint.selecting import Selecting
from aipplint.source import Source
from aipplint.suppressions import Silencer, suppressions_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from aipplint.project.index import Index
    from aipplint.readers.benchmark_ini import ToolSettings


class Request(NamedTuple):
    """What a run was asked for, in plain values: every process makes its own Checker of it."""

    words: tuple[str, ...] = ()
    """The command line as it was typed."""
    first: int = 0
    """Index of its first word that may be an option of ATC."""
    atc: bool = False
    """Whether it is a whole command line of ATC: what is not there is not given, and the settings add no builds."""
    layer: Layer = Layer()
    exclude: tuple[str, ...] = ()
    config: str = ""
    isolated: bool = False
    preview: bool = False
    runtime: str = ""
    release: str = ""
    """The release of CANN, where the command line says it."""
    discovery: bool = True
    """Whether builds and run-time settings are looked for in the files around."""


class Result(NamedTuple):
    """Findings in order, the number of files looked at, and of findings that comments silenced."""

    findings: tuple[Finding, ...]
    files: int
    suppressed: int


class Checker:
    """Knows for every file which rules, builds and settings hold for it; remembers what it read on the way."""

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
        self.selecting = Selecting(request.layer, preview=request.preview)
        self.indexes = Indexes(self.excluded, self.shown)
        self.names: dict[str, str] = {}
        """What the user calls a file, by its absolute path."""
        self.found: dict[str, FoundUses] | None = None
        """The uses that were found for every configuration, in a process that is told instead of looking."""
        self._builds: dict[Settings, Builds] = {}

    def check_source(self, source: Source | None, path: str) -> Result:
        """Check a configuration, or the options alone, with the settings for a path."""
        return self.lint(source, path, self.uses(path))

    def lint(
        self, source: Source | None, path: str, uses: Sequence[Use] = (), tool: ToolSettings | None = None
    ) -> Result:
        """Check a text, or what is known without one, as the settings for a path want it."""
        report = lint_source(source, uses, self.rules(path), self.weighing(path, built=bool(uses)), tool)
        result = Result(report.findings, int(source is not None), report.suppressed)
        if any(finding.path != path for finding in result.findings):
            result = without_silenced(self, result, path)
        return merged([result])

    def uses(self, path: str) -> list[Use]:
        """How the configuration at a path is used."""
        if self.request.atc:
            settings = self.finder.of_file(path)
            words = words_of_command(self.request.words, self.request.first)
            config_file = _resolved(self.flags.get(CONFIG))
            options = {**release_option(settings), **self.flags}
            return [Use(Build(options, complete=True, words=words, config_file=config_file), self.runtime)]
        return [Use(*use) for use in self.builds(path).uses_of(path, self.found_uses(path))]

    def builds(self, path: str) -> Builds:
        """The builds of the settings for a path, and of the command line."""
        settings = self.finder.of_file(path)
        if settings not in self._builds:
            self._builds[settings] = Builds(settings, self.flags, self.runtime)
        return self._builds[settings]

    def index(self, path: str) -> Index | None:
        """What the files around a file say; None where nothing can be said, or nobody is to look."""
        return self.index_of_folder(os.path.dirname(os.path.abspath(path)))

    def index_of_folder(self, folder: str) -> Index | None:
        """The same for the files of a folder, given by its absolute path."""
        wanted = self.request.discovery and not self.request.atc
        if not wanted or not self.finder.of_folder(folder).values.get("discovery", True):
            return None
        return self.indexes.of_folder(folder)

    def found_uses(self, path: str) -> FoundUses:
        """The uses of a configuration that the files around it show; none where the settings have builds for it."""
        full = os.path.abspath(path)
        if self.found is not None:
            return self.found.get(full, ())
        if self.builds(path).configured(full):
            return ()
        index = self.index(path)
        return tuple(index.links.uses_of(index.real(full))) if index is not None else ()

    def shown(self, path: str) -> str:
        """The name of a file, given by its absolute path, as people see it."""
        if path in self.names:
            return self.names[path]
        relative = os.path.relpath(path)
        return relative if len(relative) < len(path) else path

    def rules(self, path: str) -> tuple[Rule, ...]:
        """The rules that run on a file."""
        return self.selecting.rules(self.finder.of_file(path), path)

    def weighing(self, path: str, *, built: bool = True) -> Callable[[Finding], Finding]:
        """What gives a finding the severity that the settings for the file in which it stands want.

        One on the command line is about the file at ``path``. That a file is written for another tool is no mistake
        unless ATC is given it (``built``).
        """

        def weighed(finding: Finding) -> Finding:
            if not built and finding.code == other_dialect.code:
                finding = finding._replace(severity=Severity.INFO, atc_code="")
            where = path if finding.path == COMMAND_LINE else finding.path
            change = self.selecting.severities(self.finder.of_file(where))
            return finding if change is None else change(finding)

        return weighed

    def excluded(self, path: str) -> bool:
        """Whether the settings, or ``--exclude``, leave a file or folder out."""
        full = os.path.abspath(path)
        if any(matches(pattern, os.getcwd(), full) for pattern in self.request.exclude):
            return True
        settings = self.finder.of_file(full)
        return any(matches(str(p), settings.folder, full) for p in settings.values.get("exclude", ()))


def _resolved(option: Option | None) -> str | None:
    """The path that ATC makes of --insert_op_conf: absolute, without links; empty where there is no such file."""
    if option is None or not option.value:
        return None
    return os.path.realpath(option.value) if os.path.exists(option.value) else ""


def without_silenced(checker: Checker, result: Result, config: str = "") -> Result:
    """A result without what the files in which it stands, such as the script of a build, do not want said.

    Their own ``per-file-ignores`` count, and the comments in them. Of the configuration at a path this is settled.
    """
    silencers: dict[str, Silencer] = {}
    rules: dict[str, frozenset[str]] = {}
    kept: list[Finding] = []
    suppressed = 0
    for finding in sorted(result.findings, key=Finding.sort_key):
        path = finding.path
        if path in (config, COMMAND_LINE) or finding.code in ALWAYS:
            kept.append(finding)
            continue
        if path not in rules:
            rules[path] = frozenset(rule.code for rule in checker.rules(path))
            silencers[path] = Silencer(suppressions_in(finding.place.source))
        if finding.code not in rules[path]:
            continue
        if silencers[path].silences(finding):
            suppressed += 1
        else:
            kept.append(finding)
    return Result(tuple(kept), result.files, result.suppressed + suppressed)


def merged(results: Sequence[Result]) -> Result:
    """One result of many.

    What is found about an option, and so with every file, is said once; what several builds find at one place in the
    same words is one finding, related to all of them.
    """
    findings: dict[tuple[object, ...], Finding] = {}
    for result in results:
        for finding in result.findings:
            key = finding.sort_key()
            same = findings.get(key)
            findings[key] = finding if same is None else _joined(same, finding)
    ordered = tuple(sorted(findings.values(), key=Finding.sort_key))
    return Result(ordered, sum(r.files for r in results), sum(r.suppressed for r in results))


def _joined(one: Finding, other: Finding) -> Finding:
    """A finding with the related places of another. Sources may be copies, made in different processes."""
    related = {(r.place.source.path, r.place.span, r.message): r for r in (*other.related, *one.related)}
    if len(related) == len(one.related):
        return one
    return one._replace(related=tuple(related[key] for key in sorted(related)))


def unreadable(place: Place, reason: str, path: str = "") -> Iterator[Finding]:
    """AIPP904 for a file that was to be checked; ``path`` where the place is not in the file itself."""
    return unreadable_file.findings({"place": place, "reason": reason, "path": path})
