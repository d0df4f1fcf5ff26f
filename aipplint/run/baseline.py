"""The baseline: findings that a repository has had before, which are accepted until they are fixed.

An entry is known by its file, its rule, the path of its field and the text that it is about, in single spaces; not by
its line. Lines that move, and a format, change nothing. Equal entries are counted. A finding of a file that was moved
is recognised by the rest, if the file of its entry is gone.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Collection, Iterable

from aipplint.errors import SettingsError
from aipplint.findings import Finding, clean
from aipplint.project.reading import TooLarge, Unreadable, read_file
from aipplint.project.recognise import is_configuration_text
from aipplint.records import NamedTuple
from aipplint.rules.housekeeping import ALWAYS
from aipplint.run.result import Result
from aipplint.source import Source
from aipplint.syntax.parser import parse
from aipplint.syntax.tree import Field, Tree

VERSION = 1
_MAX_BYTES = 16 * 1024 * 1024
_MAX_TEXT = 200
"""Characters of a text that tell it from others."""
_MAX_COUNT = 1_000_000
_PUNCTUATION = str.maketrans(dict.fromkeys("{}<>[],;:", " "))


class Entry(NamedTuple):
    """What an entry is known by. ``path`` is relative to the folder of the baseline, with slashes."""

    path: str
    code: str
    name: str
    field: str
    text: str


class Baseline:
    """The entries of a file, with their counts."""

    def __init__(self, path: str, entries: Counter[Entry] | None = None) -> None:
        self.path = path
        self.entries: Counter[Entry] = entries or Counter()
        self._folder = os.path.dirname(os.path.realpath(path))
        self._trees: dict[int, tuple[Source, Tree | None]] = {}

    def entry(self, finding: Finding) -> Entry | None:
        """Return what a finding is known by; None for one that no baseline accepts."""
        if finding.code in ALWAYS or finding.path.startswith("<"):
            return None
        source, span = finding.place
        tree = self._tree(source)
        if tree is None:
            return Entry(self.name_of(finding.path), finding.code, finding.name, "", _short(source.text[slice(*span)]))
        words = [
            token.text for token in tree.tokens if span.start <= token.start < span.end and token.text not in ",;:"
        ]
        text = " ".join(words) or source.text[slice(*span)]
        return Entry(self.name_of(finding.path), finding.code, finding.name, _path_at(tree, span.start), _short(text))

    def name_of(self, path: str) -> str:
        """Return the path of a file as entries have it."""
        relative = os.path.relpath(os.path.realpath(path), self._folder).replace(os.sep, "/")
        return relative.encode("utf-8", "backslashreplace").decode()

    def described(self, entry: Entry) -> str:
        """Describe an entry, with the path of its file from the current folder."""
        path = clean(os.path.relpath(os.path.join(self._folder, entry.path), os.path.realpath(".")))
        about = " ".join(part for part in (entry.field, clean(entry.text)[:60]) if part)
        return f"{path}: {entry.code} {entry.name} ({about})" if about else f"{path}: {entry.code} {entry.name}"

    def without(self, result: Result) -> tuple[Result, Counter[Entry]]:
        """Return a result without the accepted findings, and the entries that accept nothing in it."""
        left = self.entries.copy()
        new: list[tuple[Finding, Entry | None]] = []
        for finding in result.findings:
            entry = self.entry(finding)
            if entry is not None and left[entry] > 0:
                left[entry] -= 1
            else:
                new.append((finding, entry))
        moved = self._of_gone_files(left)
        kept = []
        for finding, entry in new:
            known = moved.get(entry[1:], []) if entry is not None else []
            if known:
                left[known.pop()] -= 1
            else:
                kept.append(finding)
        accepted = result.accepted + len(result.findings) - len(kept)
        return result._replace(findings=tuple(kept), accepted=accepted), +left

    def judged(self, stale: Counter[Entry], paths: Iterable[str], codes: Collection[str]) -> Counter[Entry]:
        """Return the stale entries of these files, and of files that are gone, as far as their rules have run."""
        checked = {self.name_of(path) for path in paths}
        found = Counter[Entry]()
        for entry, count in stale.items():
            if entry.code in codes and (entry.path in checked or self._is_gone(entry)):
                found[entry] = count
        return found

    def updated(self, result: Result, paths: Iterable[str], codes: Collection[str]) -> Baseline:
        """Return the baseline with the findings of a run; entries that the run says nothing about stay."""
        entries = self.entries - self.judged(self.entries, paths, codes)
        new = Counter(entry for finding in result.findings if (entry := self.entry(finding)))
        # A file that is named by a path of this run is judged, and so has no entry left; others may have.
        return Baseline(self.path, entries | new)

    def text(self) -> str:
        """Return the text of the file: entries in order, one in a line, so that a merge has few conflicts."""
        lines = []
        for entry, count in sorted(self.entries.items()):
            values = {key: value for key, value in entry._asdict().items() if value}
            lines.append("    " + json.dumps({**values, "count": count}, ensure_ascii=False))
        return f'{{\n  "version": {VERSION},\n  "findings": [\n' + ",\n".join(lines) + "\n  ]\n}\n"

    def _of_gone_files(self, left: Counter[Entry]) -> dict[tuple[str, ...], list[Entry]]:
        """Entries of files that are gone, each as often as it counts, by all but their path."""
        found: dict[tuple[str, ...], list[Entry]] = {}
        for entry, count in left.items():
            if count > 0 and self._is_gone(entry):
                found.setdefault(entry[1:], []).extend([entry] * count)
        return found

    def _is_gone(self, entry: Entry) -> bool:
        return not os.path.lexists(os.path.join(self._folder, entry.path))

    def _tree(self, source: Source) -> Tree | None:
        """Return the tree of a configuration; None for another file."""
        known = self._trees.get(id(source))
        if known is None:
            known = source, parse(source) if is_configuration_text(source.path, source.text) else None
            self._trees[id(source)] = known
        return known[1]


def read_baseline(path: str) -> Baseline:
    """Read a baseline; raises SettingsError for a file that is none."""
    content = read_file(path, _MAX_BYTES)
    if isinstance(content, Unreadable):
        raise SettingsError(f"baseline {clean(path)}: cannot be read: {content.reason}")
    if isinstance(content, TooLarge):
        raise SettingsError(f"baseline {clean(path)}: {content.size:,} bytes are too many")
    try:
        data = json.loads(content)
    except (ValueError, RecursionError):
        raise SettingsError(f"baseline {clean(path)}: not valid JSON") from None
    if not isinstance(data, dict) or "version" not in data:
        raise SettingsError(f"baseline {clean(path)}: not a baseline of aipplint")
    if data["version"] != VERSION:
        message = "baseline {path}: version {found}; this aipplint reads version {known}"
        found = clean(str(data["version"]))[:20]
        raise SettingsError(message.format(path=clean(path), found=found, known=VERSION))
    entries = Counter[Entry]()
    for number, one in enumerate(data.get("findings", ()) if isinstance(data.get("findings"), list) else (None,), 1):
        entry = _entry(one)
        if entry is None:
            raise SettingsError(f"baseline {clean(path)}: finding {number} is not valid")
        entries[entry[0]] += entry[1]
    return Baseline(path, entries)


def _entry(given: object) -> tuple[Entry, int] | None:
    if not isinstance(given, dict):
        return None
    values = {name: given.get(name, "") for name in Entry._fields}
    count = given.get("count", 1)
    known = given.keys() <= {*Entry._fields, "count"} and values["path"] and values["code"]
    if not known or not all(isinstance(value, str) for value in values.values()):
        return None
    if type(count) is not int or not 1 <= count <= _MAX_COUNT:
        return None
    return Entry(**values), count


def _path_at(tree: Tree, offset: int) -> str:
    """Return the names of the fields around an offset, from the outermost: ``aipp_op.crop_size_w``."""
    names: list[str] = []
    fields = tree.fields
    while field := _at(fields, offset):
        names.append(field.name.text)
        fields = [inner for block in field.blocks for inner in block.fields]
    return ".".join(names)


def _at(fields: list[Field], offset: int) -> Field | None:
    return next((field for field in fields if field.name.start <= offset < field.end), None)


def _short(text: str) -> str:
    """Return a text in single spaces, cut off, without bytes that are no text.

    Without punctuation too: a format may add or drop it, and the baseline must not look like a configuration.
    """
    words = " ".join(text[: 10 * _MAX_TEXT].translate(_PUNCTUATION).split())[:_MAX_TEXT]
    return words.encode("utf-8", "backslashreplace").decode()
