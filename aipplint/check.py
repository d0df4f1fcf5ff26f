"""Files from the disk through the pipeline: each with its settings, its builds and the rules selected for it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import chain

from aipplint.atc.build import Build
from aipplint.atc.options import CANN_VERSION, Option, Options, options_of_mapping
from aipplint.files import Files
from aipplint.findings import Finding, Place
from aipplint.pipeline import Use, lint_source
from aipplint.project.builds import Builds, FoundUses, check_release, read_runtime, release_option
from aipplint.project.command import COMMAND_LINE, CONFIG, options_of_command, words_of_command
from aipplint.project.discovery import is_configuration_text
from aipplint.project.indexes import Indexes
from aipplint.project.patterns import matches
from aipplint.project.reading import Content, TooLarge, Unreadable, read_file
from aipplint.project.settings import Finder, Settings
from aipplint.records import NamedTuple
from aipplint.rules.housekeeping import file_too_large, unreadable_file
from aipplint.rules.rule import Rule
from aipplint.rules.selection import Layer
from aipplint.runtime.settings import Runtime
from aipplint.selecting import Selecting
from aipplint.source import Source, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from aipplint.project.index import Index
    from aipplint.readers.tool_settings import ToolSettings

MANY = 64
"""Files from which on it pays to start more processes."""
_FEW = 32
"""Files for which a process is not worth its start."""
_CHUNKS = 4
"""Pieces of work for each process: enough to share it fairly, few enough to send."""


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
    """Checks one file after another; remembers what it read of settings on the way."""

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

    def check(self, path: str, content: Content | None = None, *, alone: bool = False) -> Result:
        """Check a file; ``content`` is what was read of it.

        ``alone`` says that nothing else is checked in this run: what a script has to do with the configurations that it
        builds is then said of the script.
        """
        content = read_file(path) if content is None else content
        if isinstance(content, Unreadable):
            place = Place(Source(path, ""), Span(0, 0))
            return Result(tuple(unreadable(place, content.reason)), 1, 0)
        if isinstance(content, TooLarge):
            given = {"source": Source(path, ""), "size": content.size}
            return Result(tuple(file_too_large.findings(given)), 1, 0)
        return self.check_text(Source.from_bytes(path, content), path, alone=alone)

    def check_text(self, source: Source, path: str, *, alone: bool = False) -> Result:
        """Check a text as what it is: a configuration, or what says how configurations are used."""
        if self.request.atc or is_configuration_text(path, source.text):
            return self.check_source(source, path)
        from aipplint.check_said import check_said

        return check_said(self, source, path, alone=alone)

    def check_source(self, source: Source | None, path: str) -> Result:
        """Check a configuration, or the options alone, with the settings for a path."""
        return self.lint(source, path, self.uses(path))

    def lint(
        self, source: Source | None, path: str, uses: Sequence[Use] = (), tool: ToolSettings | None = None
    ) -> Result:
        """Check a text, or what is known without one, as the settings for a path want it."""
        report = lint_source(source, uses, self.rules(path), self.weighing(path), tool)
        result = Result(report.findings, int(source is not None), report.suppressed)
        if any(finding.path != path for finding in result.findings):
            from aipplint.check_said import without_silenced

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

    def weighing(self, path: str) -> Callable[[Finding], Finding]:
        """What gives a finding the severity that the settings for the file in which it stands want.

        One on the command line is about the file at ``path``.
        """

        def weighed(finding: Finding) -> Finding:
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


def check_files(checker: Checker, files: Files, done: Callable[[Result], None] | None = None) -> Result:
    """Check files, many of them in several processes. The order of the findings does not depend on that.

    ``done`` is called with what was found in one or several files, in their order, as soon as they are checked.
    """
    several = len(files.paths) >= MANY and (os.cpu_count() or 1) > 1
    results = [Result(tuple(files.findings), 0, 0)]
    everything = chain(files.paths, files.others)
    for result in _in_processes(checker, files) if several else map(checker.check, everything):
        results.append(result)
        if done is not None:
            done(result)
    return merged(results)


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


def _in_processes(checker: Checker, files: Files) -> Iterator[Result]:
    """Check configurations in processes of their own, and the other files meanwhile in this one."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    # The first one here: what it loads need not be loaded by each of the processes.
    yield checker.check(files.paths[0])
    paths = files.paths[1:]
    workers = min(os.cpu_count() or 1, len(paths) // _FEW)
    size = -(-len(paths) // (workers * _CHUNKS))
    chunks = [tuple(paths[at : at + size]) for at in range(0, len(paths), size)]
    # What the files around say is found once, here. Where processes are forks they have it, and it is not sent.
    found = {os.path.abspath(path): uses for path in paths if (uses := checker.found_uses(path))}
    method = "fork" if sys.platform == "linux" else None
    try:
        pool = ProcessPoolExecutor(workers, get_context(method), _begin_process, (checker.request, found))
    except (OSError, ImportError):
        # A system without shared semaphores: one process has to do.
        yield _check_all(checker, [*paths, *files.others])
        return
    try:
        checked = pool.map(_check_chunk, chunks)
        others = _check_all(checker, files.others)
        yield from checked
        yield others
    finally:
        pool.shutdown(cancel_futures=True)


_checkers: list[Checker] = []
"""The checker of a process that was started to check files; empty in the process of the caller."""


def _begin_process(request: Request, found: dict[str, FoundUses]) -> None:
    """Make the checker of a new process. Ctrl-C reaches every process; only the first one has to say so."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    checker = Checker(request)
    checker.found = found
    _checkers[:] = [checker]


def _check_all(checker: Checker, paths: Sequence[str]) -> Result:
    return merged([checker.check(path) for path in paths])


def _check_chunk(paths: tuple[str, ...]) -> Result:
    return _check_all(_checkers[0], paths)


def unreadable(place: Place, reason: str, path: str = "") -> Iterator[Finding]:
    """AIPP904 for a file that was to be checked; ``path`` where the place is not in the file itself."""
    return unreadable_file.findings({"place": place, "reason": reason, "path": path})
