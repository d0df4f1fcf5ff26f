"""What readers find in the files of a repository, each of which is read once. Nothing is ever run."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import cached_property

from aipplint.atc.words import Word
from aipplint.project.file_cache import FileCache
from aipplint.project.mentions import Mentions, mentions_of
from aipplint.project.reading import Content, TooLarge
from aipplint.project.recognise import is_candidate
from aipplint.project.repository import SKIPPED, FileList, begins_otherwise
from aipplint.readers import languages
from aipplint.readers.extract import NOTHING, Extract
from aipplint.records import NamedTuple
from aipplint.source import Source


class Reading(NamedTuple):
    """A file as it was read: its source, its kind, and what a reader found in it."""

    source: Source
    kind: str
    extract: Extract


class Readings:
    """The files of a repository, and what readers find in them.

    ``excluded`` tells of paths that the settings leave out, ``display_path`` how people see a path. Paths are absolute,
    but those of ``file_list``.
    """

    def __init__(
        self,
        file_list: FileList,
        cache: FileCache,
        excluded: Callable[[str], bool],
        display_path: Callable[[str], str],
    ) -> None:
        self.file_list = file_list
        self.skipped: dict[str, int] = {}
        """Files that may say something but are too large to be read, with their size in bytes."""
        self.failures: dict[str, Exception] = {}
        """Files at which a reader failed, which is a mistake of aipplint."""
        self._excluded = excluded
        self._display_path = display_path
        self._cache = cache
        self._entered: dict[str, bool] = {}
        self._read: dict[str, Reading | None] = {}
        self._mentions: dict[str, Mentions] = {}
        self._texts: dict[str, Mentions] = {}
        """What files may say whose text is not that on the disk."""

    @cached_property
    def candidates(self) -> tuple[str, ...]:
        """The files that may say something about builds or run-time settings, in order."""
        readable = filter(languages.may_be_read, self.file_list.candidates)
        listed = (self.full(path) for path in readable if self.is_included(path))
        return tuple(sorted({*listed, *self._texts}))

    def is_included(self, path: str) -> bool:
        """Whether a file (of the list) is looked at: it and its folders are not excluded, and no link leads out."""
        included = self.includes_folder(path.rpartition("/")[0]) and not self._excluded(self.full(path))
        return included and self.file_list.owns(path)

    def includes_folder(self, folder: str) -> bool:
        """Whether the files of a folder (its path from the root) are looked at."""
        if folder not in self._entered:
            above, _, name = folder.rpartition("/")
            entered = not folder or (self.includes_folder(above) and not self._excluded(self.full(folder)))
            self._entered[folder] = entered and name not in SKIPPED
        return self._entered[folder]

    def full(self, path: str) -> str:
        """The absolute path of a file of the list."""
        return os.path.join(self.file_list.root, *path.split("/"))

    def of_file(self, path: str) -> Reading | None:
        """What a reader finds in a file; None where there is no reader for it, or it cannot be read."""
        if path not in self._read:
            # What may be a configuration as well is looked at again.
            content = self._content(path) if is_candidate(path) else self._cache.take(path)
            readable = isinstance(content, bytes) and _has_reader(path, content)
            source = Source.from_bytes(self._display_path(path), content) if isinstance(content, bytes) else None
            self._read[path] = self.of_text(path, source) if readable and source is not None else None
        return self._read[path]

    def of_text(self, path: str, source: Source) -> Reading:
        """What a reader finds in a text, which need not be that on the disk."""
        kind = languages.kind_of(path, source.text)
        return Reading(source, kind, self.extract(kind, source, path))

    def extract(self, kind: str, source: Source, path: str, arguments: Sequence[Word] | None = None) -> Extract:
        """What a reader finds. One that fails finds nothing, which is noted (``failures``); the other files go on."""
        try:
            return languages.read(kind, source, path, arguments) if kind else NOTHING
        except Exception as error:
            self.failures[path] = error
            return NOTHING

    def note(self, path: str, reading: Reading) -> None:
        """Note what was found in a file whose text was read already, because somebody named it."""
        self._read.setdefault(path, reading)

    def source_of(self, path: str) -> Source | None:
        """The text of a file that was interpreted; None for any other."""
        reading = self._read.get(path)
        return reading.source if reading is not None else None

    def mentions(self, path: str) -> Mentions:
        """What a file may say, without interpreting it."""
        if path in self._texts:
            return self._texts[path]
        if path not in self._mentions:
            self._mentions[path] = _mentions_in(path, self._text(path))
        return self._mentions[path]

    def names(self, path: str, word: str) -> bool:
        """Whether a word stands in a file."""
        return os.fsencode(word) in self._text(path)

    def with_text(self, path: str, reading: Reading) -> Readings:
        """A copy in which a file holds another text."""
        made = Readings(self.file_list, self._cache, self._excluded, self._display_path)
        made.skipped, made.failures, made._entered = self.skipped, self.failures, self._entered
        made._read = {**self._read, path: reading}
        made._mentions = self._mentions
        made._texts = {**self._texts, path: _mentions_in(path, reading.source.text.encode(errors="replace"))}
        return made

    def _text(self, path: str) -> bytes:
        """The text of a file that has a reader; empty for any other."""
        if path in self._read:
            reading = self._read[path]
            return b"" if reading is None else reading.source.text.encode(errors="replace")
        content = self._content(path)
        return content if isinstance(content, bytes) and _has_reader(path, content) else b""

    def _content(self, path: str) -> Content:
        content = self._cache.read(path)
        if isinstance(content, TooLarge):
            self.skipped[path] = content.size
        return content


def _has_reader(path: str, content: bytes) -> bool:
    """Whether there is a reader for a file: by its name, or by how it begins."""
    return bool(languages.kind_of_name(path)) or begins_otherwise(content)


def _mentions_in(path: str, content: bytes) -> Mentions:
    kind = languages.kind_of_name(path)
    mentions = mentions_of(content, plain=kind != languages.PYTHON)
    if kind or not content or content.startswith(b"#!"):
        return mentions
    # An INI file, which may be settings of the benchmark tool by its name and keys.
    return mentions._replace(speaks=True, sets=True)
