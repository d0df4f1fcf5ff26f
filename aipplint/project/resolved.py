"""Resolved results of a reader: builds with their configuration, run-time settings with their model."""

from __future__ import annotations

import os
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from aipplint.atc.build import Build
from aipplint.atc.options import MODEL, Option
from aipplint.atc.origin import Origin
from aipplint.findings import Place
from aipplint.project.border import within
from aipplint.project.command import CONFIG, OPTIONS, OUTPUT, options_of_found
from aipplint.project.fill_in import without_fill_ins
from aipplint.readers import languages
from aipplint.readers.extract import BENCHMARK, Command, ConfigText, Declared, Extract, Settings
from aipplint.records import NamedTuple
from aipplint.runtime.settings import Path, Places, Runtime
from aipplint.source import Source

if TYPE_CHECKING:
    from aipplint.readers.benchmark_ini import ToolSettings

_TOOL_CONFIG = ("aipp_config", "aipp-config", "aipp")
_TOOL_MODEL = ("model", "om_model", "om-model", "om", "m")
_TOOL_SIZE = ("dymHW", "dym_hw", "dym-hw", "dhw")
_TOOL_BATCH = ("dymBatch", "dym_batch", "dym-batch", "db")
"""Flags of the benchmark tool, in the spellings of its versions."""


class FoundBuild(NamedTuple):
    """A discovered build and its configuration.

    ``config`` is the absolute path of the configuration; '' if it names one that is not there, None if it names
    none, or where it is unknown. ``texts`` are configurations written in the same file that it may mean. ``model``
    is the name of the model that is made, without folder and suffix; '' if that is unknown. ``file`` is the
    absolute path of the file that the build was found in, ``folder`` where the command is run (as in Command).
    """

    build: Build
    config: str | None
    texts: tuple[ConfigText, ...]
    model: str
    file: str
    folder: str | None = ""


class FoundSettings(NamedTuple):
    """Run-time settings that a file shows; ``model`` as in FoundBuild."""

    runtime: Runtime
    head: Place
    model: str
    file: str


class IndexedFile(NamedTuple):
    """A file that references configurations: its source, its kind, its extract, and the resolved extract.

    ``tool`` is there for a settings file of the benchmark tool.
    """

    source: Source
    kind: str
    extract: Extract
    builds: tuple[FoundBuild, ...] = ()
    settings: tuple[FoundSettings, ...] = ()
    tool: ToolSettings | None = None


Resolve = Callable[[str, str | None, str], str | None]
"""Finds a file by (path, folder, absolute path of the referencing file): Index.resolve."""


def builds_of(extract: Extract, file: str, root: str, resolve: Resolve, *, in_document: bool) -> Iterator[FoundBuild]:
    """The builds in an extract of a file in the repository at ``root``."""
    texts = Texts(extract)
    for command in extract.commands:
        if command.program != BENCHMARK:
            yield _of_command(command, texts, file, root, resolve, in_document=in_document)
    for declared in extract.declared:
        yield _of_keys(declared, file, root, resolve)


def _of_command(
    command: Command, texts: Texts, file: str, root: str, resolve: Resolve, *, in_document: bool
) -> FoundBuild:
    options = options_of_found(command.words)
    if in_document or _told_by_document(command):
        options = without_fill_ins(options)
    # What a mistake cuts off is meant all the same: that it is missing is not said a second time.
    complete = not command.mistakes and all(
        word.text is not None or word.start.startswith("-") for word in command.words
    )
    config = _file(options.get(CONFIG), command.folder, file, resolve)
    meant = texts.meant(options.get(CONFIG), command.head)
    fetches = command.fetches or bool(meant)
    build = Build(
        options,
        complete=complete,
        words=command.words,
        config_file=_in_repository(config, root) if _starts_inside(command.folder, file, root) else None,
        origin=Origin(command.head, in_document, fetches, command.mistakes),
        model_file=_model(options.get(MODEL), command.folder, file, root, resolve),
    )
    return FoundBuild(build, config, meant, _stem(options.get(OUTPUT)), file, command.folder)


def _told_by_document(command: Command) -> bool:
    """Whether a part of a command is from a document: from a call of a script that it shows."""
    places = (place for word in command.words for place in (word.place, *(piece.place for piece in word.pieces)))
    paths = {place.source.path for place in places}
    return any(languages.kind_of_name(path) in languages.DOCUMENTS for path in paths)


def _starts_inside(folder: str | None, file: str, root: str) -> bool:
    """Whether a command is known to start in the repository: elsewhere, files of these names may be others."""
    if folder is None:
        return False
    start = os.path.normpath(os.path.join(os.path.dirname(file), folder))
    # A path that leads above the root may begin deeper than the file of the command.
    return not os.path.isabs(folder) or os.path.join(start, "").startswith(os.path.join(root, ""))


def _of_keys(declared: Declared, file: str, root: str, resolve: Resolve) -> FoundBuild:
    options = {option.name: option for option in declared.options}
    config = _file(options.get(CONFIG), "", file, resolve)
    build = Build(options, config_file=_in_repository(config, root), origin=Origin(declared.head))
    return FoundBuild(build, config, (), "", file)


def _file(option: Option | None, folder: str | None, file: str, resolve: Resolve) -> str | None:
    if option is None or not option.value:
        return None
    return resolve(option.value, folder, file)


def _model(option: Option | None, folder: str | None, file: str, root: str, resolve: Resolve) -> str:
    """The absolute path of a model; empty if it is unknown, missing, or outside of the repository."""
    path = _file(option, folder, file, resolve)
    return path if path and within(path, root) else ""


def _in_repository(config: str | None, root: str) -> str | None:
    """The path of a configuration as far as it is the same on every machine: from the root of the repository."""
    return os.path.relpath(config, root) if config else config


class Texts:
    """The configurations that are written out in a file, and which of them a command in it means."""

    def __init__(self, extract: Extract) -> None:
        self._named: dict[str, list[ConfigText]] = {}
        for text in extract.configs:
            self._named.setdefault(os.path.basename(text.path), []).append(text)
        self._near = {text.text.place(0, 1).span.start: text for text in extract.configs if text.near and not text.path}
        self._starts = sorted(self._near)
        self._heads = sorted(command.head.span.start for command in extract.commands)

    def meant(self, option: Option | None, head: Place) -> tuple[ConfigText, ...]:
        """The configurations with the name in a command, else one without a name next to it.

        That is the one after the command, or else the one in front of it, with no other command between.
        """
        if option is None or not option.value:
            return ()
        if named := self._named.get(os.path.basename(option.value)):
            return tuple(named)
        here = head.span.start
        first, last = bisect_right(self._starts, here), bisect_left(self._starts, here)
        nearest = (*self._starts[first : first + 1], *self._starts[max(last - 1, 0) : last])
        chosen = next((at for at in nearest if not self._commands_between(here, at)), None)
        return () if chosen is None else (self._near[chosen],)

    def _commands_between(self, one: int, other: int) -> bool:
        """Whether a command begins between two offsets."""
        start, end = min(one, other), max(one, other)
        return bisect_right(self._heads, start) < bisect_left(self._heads, end)


def _stem(option: Option | None) -> str:
    """The name of a model file without its folder and suffix; '' if unknown."""
    return stem(option.value or "") if option is not None else ""


def stem(path: str) -> str:
    """``models/net.om`` is ``net``."""
    return os.path.basename(path.replace("\\", "/")).removesuffix(".om")


def settings_of(
    extract: Extract, file: str, tool_settings: Callable[[Command], Settings | None]
) -> list[FoundSettings]:
    """The run-time settings in an extract of a file; ``tool_settings`` reads a file that a command names."""
    settings = [FoundSettings(s.runtime, s.head, stem(s.model), file) for s in extract.settings]
    for command in extract.commands:
        if command.program == BENCHMARK:
            settings += _of_tool(command, tool_settings(command), file)
    return settings


def _of_tool(command: Command, settings: Settings | None, file: str) -> Iterator[FoundSettings]:
    """The settings of one run of the benchmark tool: its file, and the size that it sets."""
    values = dict(settings.runtime.values) if settings else {}
    unknown = set(settings.runtime.unknown) if settings else set()
    head = settings.head if settings else command.head
    places: dict[Path, Place] = {(name,): settings.runtime.place(name) for name in values} if settings else {}
    if settings:
        inner = ((name, key) for name, group in values.items() if isinstance(group, dict) for key in group)
        places |= {path: settings.runtime.place(*path) for path in inner}
    batch = flag(command, _TOOL_BATCH)
    if batch is not None and (batch.value or "").isdecimal():
        values["dynamic_batch_size"] = int(batch.value or "")
        places[("dynamic_batch_size",)] = batch.place
    size = flag(command, _TOOL_SIZE)
    unknown.discard("dynamic_hw_size")
    if size is not None:
        numbers = [part.strip() for part in (size.value or "").split(",")]
        known = len(numbers) == 2 and all(part.isdecimal() for part in numbers)
        values["dynamic_hw_size"] = dict(zip(("height", "width"), map(int, numbers), strict=True)) if known else {}
        places[("dynamic_hw_size",)] = size.place
        if not known:
            unknown.add("dynamic_hw_size")
    elif any(word.text is None and not word.start for word in command.words):
        unknown.add("dynamic_hw_size")
    if not values:
        return
    model = flag(command, _TOOL_MODEL)
    runtime = Runtime(values, Places(places, head), frozenset(unknown))
    yield FoundSettings(runtime, head, stem((model.value if model else "") or ""), file)


def tool_config(command: Command) -> Option | None:
    """The file that a run of the benchmark tool names with --aipp_config."""
    return flag(command, _TOOL_CONFIG)


def flag(command: Command, names: Iterable[str]) -> Option | None:
    """A flag of the benchmark tool: ``--name value`` or ``--name=value``, in any of its spellings."""
    wanted = {name.replace("-", "_").lower() for name in names}
    words = command.words
    for index, word in enumerate(words):
        head, equals, _ = word.start.partition("=")
        if not head.startswith("-") or head.lstrip("-").replace("-", "_").lower() not in wanted:
            continue
        if equals:
            value = None if word.text is None else word.text[len(head) + 1 :]
            return Option(head, value, word.part(len(head) + 1, len(word.text or word.start)))
        if index + 1 < len(words):
            return Option(head, words[index + 1].text, words[index + 1].place)
    return None


def same_build(one: FoundBuild) -> tuple[object, ...]:
    """The identity of a build: its location and its content."""
    options = tuple((name, option.value) for name, option in one.build.options.items())
    return (one.build.origin and one.build.origin.head, options, one.config)


def hidden_options(build: Build) -> list[Option]:
    """The options of a build that matter to AIPP and whose values cannot be known, in the order of ATC's list."""
    named = (build.options.get(name) for name in (CONFIG, *OPTIONS) if name != MODEL)
    return [option for option in named if option is not None and option.value is None]
