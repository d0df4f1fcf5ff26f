"""Files from the disk through the pipeline: each with its settings, its builds and the rules selected for it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from aipplint.atc.build import Build
from aipplint.atc.options import CANN_VERSION, Option, Options, options_of_mapping
from aipplint.findings import Finding, Place, Severity
from aipplint.pipeline import Use, lint_source
from aipplint.project.builds import Builds, check_release, read_runtime, release_option
from aipplint.project.command import COMMAND_LINE, CONFIG, options_of_command, words_of_command
from aipplint.project.discovery import walk
from aipplint.project.patterns import matches
from aipplint.project.reading import Content, TooLarge, Unreadable, read_file, reason_of
from aipplint.project.settings import Finder, Selector, Settings, SettingsError, where
from aipplint.records import NamedTuple
from aipplint.rules import RULES
from aipplint.rules.housekeeping import ALWAYS, file_too_large, unreadable_file
from aipplint.rules.rule import Rule
from aipplint.rules.selection import ALL, Layer, families, nearest_rule, selected, vocabulary
from aipplint.runtime.settings import Runtime
from aipplint.source import Source, Span

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


class Result(NamedTuple):
    """Findings in order, the number of files looked at, and of findings that comments silenced."""

    findings: tuple[Finding, ...]
    files: int
    suppressed: int


class Files(NamedTuple):
    """The files to check, and what was found wrong on the way to them."""

    paths: list[str]
    findings: list[Finding]


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
        self._builds: dict[Settings, Builds] = {}
        self._rules: dict[tuple[Settings, tuple[str, ...]], tuple[Rule, ...]] = {}
        self._severities: dict[Settings, Callable[[Finding], Finding] | None] = {}
        for option, words in zip(("--select", "--extend-select", "--ignore"), request.layer, strict=True):
            _known(option, [(word, "") for word in words or ()])

    def check(self, path: str, name: str = "", content: Content | None = None) -> Result:
        """Check a file; ``name`` is what stands for it in findings and settings, ``content`` what was read of it."""
        name = name or path
        content = read_file(path) if content is None else content
        if isinstance(content, Unreadable):
            place = Place(Source(name, ""), Span(0, 0))
            return Result(tuple(unreadable(place, content.reason)), 1, 0)
        if isinstance(content, TooLarge):
            given = {"source": Source(name, ""), "size": content.size}
            return Result(tuple(file_too_large.findings(given)), 1, 0)
        return self.check_source(Source.from_bytes(name, content), name)

    def check_source(self, source: Source | None, path: str) -> Result:
        """Check a text, or the options alone, with the settings for a path."""
        settings = self.finder.of_file(path)
        report = lint_source(source, self.uses(path), self.rules(path), self._severity(settings))
        return merged([Result(report.findings, int(source is not None), report.suppressed)])

    def uses(self, path: str) -> list[Use]:
        """How the configuration at a path is used."""
        settings = self.finder.of_file(path)
        if self.request.atc:
            words = words_of_command(self.request.words, self.request.first)
            config_file = _resolved(self.flags.get(CONFIG))
            options = {**release_option(settings), **self.flags}
            return [Use(Build(options, complete=True, words=words, config_file=config_file), self.runtime)]
        if settings not in self._builds:
            self._builds[settings] = Builds(settings, self.flags, self.runtime)
        return [Use(*use) for use in self._builds[settings].uses_of(path)]

    def rules(self, path: str) -> tuple[Rule, ...]:
        """The rules that run on a file."""
        settings = self.finder.of_file(path)
        full = os.path.abspath(path)
        ignored = tuple(
            selector.text
            for pattern, selectors in settings.per_file_ignores()
            if matches(pattern, settings.folder, full)
            for selector in selectors
        )
        key = (settings, ignored)
        if key not in self._rules:
            layers = (_layer(settings), self.request.layer, Layer(ignore=ignored))
            preview = self.request.preview or bool(settings.values.get("preview"))
            self._rules[key] = selected(RULES, layers, preview)
        return self._rules[key]

    def excluded(self, path: str) -> bool:
        """Whether the settings, or ``--exclude``, leave a file or folder out."""
        full = os.path.abspath(path)
        if any(matches(pattern, os.getcwd(), full) for pattern in self.request.exclude):
            return True
        settings = self.finder.of_file(full)
        return any(matches(str(p), settings.folder, full) for p in settings.values.get("exclude", ()))

    def files(self, paths: Sequence[str], force_exclude: bool = False) -> Files:
        """The files to check for what the user named: folders are walked, a file is taken whatever its name."""
        found = Files([], [])
        for path in paths:
            if os.path.isdir(path):
                self._walk(path, found)
            elif not (force_exclude and self.excluded(path)):
                found.paths.append(path)
        by_path = {os.path.abspath(path): path for path in reversed(found.paths)}
        return Files(sorted(by_path.values()), found.findings)

    def _walk(self, folder: str, found: Files) -> None:
        def failed(path: str, error: OSError) -> None:
            found.findings.extend(unreadable(Place(Source(path, ""), Span(0, 0)), reason_of(error)))

        met: dict[Settings, None] = {}
        for here, files in walk(folder, self.excluded, failed):
            met[self.finder.of_folder(os.path.abspath(here))] = None
            found.paths.extend(files)
        if not self.request.atc:
            self._walk_builds(folder, met, found)

    def _walk_builds(self, folder: str, met: Sequence[Settings] | dict[Settings, None], found: Files) -> None:
        """Configurations that a build names are checked whatever their names; one that is not there is a finding."""
        root = os.path.abspath(folder)
        for settings in met:
            for selector in (config for build in settings.builds for config in build.configs):
                path = os.path.normpath(os.path.join(settings.folder, selector.text))
                inside = os.path.commonpath((root, path)) == root
                if not inside or any(sign in selector.text for sign in "*?[") or self.excluded(path):
                    continue
                if os.path.lexists(path):
                    below = os.path.relpath(path, root)
                    found.paths.append(below if folder == "." else os.path.join(folder, below))
                else:
                    reason = "no such file or directory"
                    found.findings.extend(unreadable(selector.place, reason, selector.text))

    def _severity(self, settings: Settings) -> Callable[[Finding], Finding] | None:
        """What the table ``severity`` makes of a finding."""
        if settings not in self._severities:
            self._severities[settings] = _severities(settings)
        return self._severities[settings]


def _resolved(option: Option | None) -> str | None:
    """The path that ATC makes of --insert_op_conf: absolute, without links; empty where there is no such file."""
    if option is None or not option.value:
        return None
    return os.path.realpath(option.value) if os.path.exists(option.value) else ""


def check_files(checker: Checker, files: Files) -> Result:
    """Check files, many of them in several processes. The order of the findings does not depend on that."""
    paths = files.paths
    several = len(paths) >= MANY and (os.cpu_count() or 1) > 1
    results = list(_in_processes(checker, paths)) if several else [_check_all(checker, paths)]
    return merged([Result(tuple(files.findings), 0, 0), *results])


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


def _in_processes(checker: Checker, paths: Sequence[str]) -> Iterator[Result]:
    from concurrent.futures import ProcessPoolExecutor

    workers = min(os.cpu_count() or 1, len(paths) // _FEW)
    size = -(-len(paths) // (workers * _CHUNKS))
    chunks = [tuple(paths[at : at + size]) for at in range(0, len(paths), size)]
    try:
        pool = ProcessPoolExecutor(workers, initializer=_ignore_interrupts)
    except (OSError, ImportError):
        # A system without shared semaphores: one process has to do.
        yield _check_all(checker, paths)
        return
    try:
        yield from pool.map(_check_chunk, [checker.request] * len(chunks), chunks)
    finally:
        pool.shutdown(cancel_futures=True)


def _ignore_interrupts() -> None:
    """Ctrl-C reaches every process; only the first one has to say so."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _check_all(checker: Checker, paths: Sequence[str]) -> Result:
    return merged([checker.check(path) for path in paths])


def _check_chunk(request: Request, paths: tuple[str, ...]) -> Result:
    return _check_all(_checker_of_process(request), paths)


@lru_cache(maxsize=1)
def _checker_of_process(request: Request) -> Checker:
    """One for all pieces of work that a process is given; never used in the process of the caller."""
    return Checker(request)


def unreadable(place: Place, reason: str, path: str = "") -> Iterator[Finding]:
    """AIPP904 for a file that was to be checked; ``path`` where the place is not in the file itself."""
    return unreadable_file.findings({"place": place, "reason": reason, "path": path})


def _layer(settings: Settings) -> Layer:
    """What the settings say about rules; raises SettingsError for a word that names none."""

    def words(name: str) -> tuple[str, ...] | None:
        return _texts(name, settings.selectors(name))

    for pattern, selectors in settings.per_file_ignores():
        _texts(f"per-file-ignores.{pattern}", selectors)
    return Layer(words("select"), words("extend-select") or (), words("ignore") or ())


def _texts(name: str, selectors: Sequence[Selector] | None) -> tuple[str, ...] | None:
    if selectors is None:
        return None
    _known(name, [(selector.text, f"{where(selector.place)}: ") for selector in selectors])
    return tuple(selector.text for selector in selectors)


def _known(name: str, words: Sequence[tuple[str, str]]) -> None:
    """Raise SettingsError for the first word that names no rule; each comes with its place, shown."""
    if not words:
        return
    vocabulary_of_all = vocabulary(RULES)
    for word, place in words:
        if word not in vocabulary_of_all and word != ALL:
            meant = nearest_rule(word, RULES)
            raise SettingsError(
                f"{place}{name}: no rule has the code or name '{word}'", word, (meant,) if meant else ()
            )


def _severities(settings: Settings) -> Callable[[Finding], Finding] | None:
    levels = {selector.text: Severity[level.upper()] for selector, level in settings.severities()}
    _texts("severity", [selector for selector, _ in settings.severities()])
    if not levels:
        return None

    def change(finding: Finding) -> Finding:
        if finding.code in ALWAYS:
            return finding
        for word in (finding.code, finding.name, *families(finding.code), ALL):
            if word in levels:
                return finding._replace(severity=levels[word])
        return finding

    return change
