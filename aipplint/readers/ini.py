"""INI files, as Python's ConfigParser reads them: the benchmark tool does so, and MindSpore Lite nearly.

ConfigParser returns values without locations, and stops at the first error. This reader follows the same rules
(sections, ``=`` and ``:``, comments on lines of their own, continued values in indented lines), keeps locations and
continues.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from aipplint.findings import Place
from aipplint.records import NamedTuple
from aipplint.source import Source, Span

MISSING_HEADER, NO_SEPARATOR, SECTION_TWICE, KEY_TWICE = "missing-header", "no-separator", "section-twice", "key-twice"
"""Kinds of faults: what makes ConfigParser raise."""

_HEADER = r"\[(?P<name>.+)\]"
_ENTRY = r"(?P<key>.*?)\s*(?P<sign>[=:])\s*(?P<value>.*)\Z"
_COMMENTS = ("#", ";")


class IniEntry(NamedTuple):
    """A key (in lower case) and its value, each with its location."""

    key: str
    value: str
    key_place: Place
    value_place: Place

    @property
    def exact(self) -> bool:
        """Whether the value is a literal copy of its location: it has one line."""
        source, span = self.value_place
        return source.text[span.start : span.end] == self.value


class Section(NamedTuple):
    """A section with its entries in order; a repeated section is a second one."""

    name: str
    head: Place
    entries: tuple[IniEntry, ...]

    def get(self, key: str) -> IniEntry | None:
        """The last entry of a key."""
        return next((entry for entry in reversed(self.entries) if entry.key == key), None)


class IniFault(NamedTuple):
    """What ConfigParser would not read, and where; ``text`` is the name or line that it is about."""

    kind: str
    place: Place
    text: str
    first: Place | None = None
    """The location of the first one, if something is repeated."""


class Ini(NamedTuple):
    """A whole file."""

    source: Source
    sections: tuple[Section, ...]
    faults: tuple[IniFault, ...]


def is_ini(text: str) -> bool:
    """Whether a text begins with a section, as an INI file does and a configuration never."""
    for line in re.finditer(r"[^\n]+", text):
        stripped = line.group().strip().lstrip("\ufeff")
        if stripped and not stripped.startswith(_COMMENTS):
            return re.fullmatch(_HEADER, stripped) is not None
    return False


def read_ini(source: Source) -> Ini:
    """Read a file. Never raises; what cannot be read is a fault."""
    reader = _Reader(source)
    for start, end in _lines(source.text):
        reader.line(start, end)
    reader.end_section()
    return Ini(source, tuple(reader.sections), tuple(reader.faults))


def _lines(text: str) -> Iterator[tuple[int, int]]:
    """Begin and end of every line, without its line end."""
    for match in re.finditer(r"[^\n]*\n|[^\n]+", text):
        end = match.end() - match.group().endswith("\n")
        yield match.start(), end


class _Reader:
    """Reads the lines as ConfigParser does."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.sections: list[Section] = []
        self.faults: list[IniFault] = []
        self._head: tuple[str, Place] | None = None
        self._entries: list[IniEntry] = []
        self._keys: dict[str, Place] = {}
        self._heads: dict[str, Place] = {}
        self._indent = 0
        self._open = False
        """Whether a value may go on in the next line."""

    def line(self, start: int, end: int) -> None:
        """Read one line."""
        text = self.source.text[start:end].lstrip("\ufeff")
        start = end - len(text)
        stripped = text.strip()
        if not stripped or stripped.startswith(_COMMENTS):
            return
        first = start + len(text) - len(text.lstrip())
        indent = first - start
        if self._open and self._entries and indent > self._indent:
            self._go_on(stripped, first)
            return
        self._indent = indent
        if header := re.match(_HEADER, stripped):
            self._begin(header["name"], Place(self.source, Span(first, first + len(stripped))))
        elif self._head is None:
            self._open = False
            self._fault(MISSING_HEADER, first, stripped)
        elif (entry := re.match(_ENTRY, stripped)) and entry["key"].strip():
            self._add(entry, first)
        else:
            self._open = False
            self._fault(NO_SEPARATOR, first, stripped)

    def end_section(self) -> None:
        """The section that is open is complete."""
        if self._head is not None:
            self.sections.append(Section(*self._head, tuple(self._entries)))
        self._head, self._entries, self._keys = None, [], {}

    def _begin(self, name: str, place: Place) -> None:
        self.end_section()
        if name in self._heads:
            self.faults.append(IniFault(SECTION_TWICE, place, name, self._heads[name]))
        self._heads.setdefault(name, place)
        self._head, self._open = (name, place), False

    def _add(self, entry: re.Match[str], first: int) -> None:
        key = entry["key"].strip().lower()
        place = Place(self.source, Span(first + entry.start("key"), first + entry.start("key") + len(entry["key"])))
        value = Place(self.source, Span(first + entry.start("value"), first + entry.end("value")))
        if key in self._keys:
            self.faults.append(IniFault(KEY_TWICE, place, key, self._keys[key]))
        self._keys.setdefault(key, place)
        self._entries.append(IniEntry(key, entry["value"], place, value))
        self._open = True

    def _go_on(self, text: str, first: int) -> None:
        last = self._entries[-1]
        place = Place(self.source, Span(last.value_place.span.start, first + len(text)))
        self._entries[-1] = last._replace(value=f"{last.value}\n{text}".strip("\n"), value_place=place)

    def _fault(self, kind: str, first: int, text: str) -> None:
        self.faults.append(IniFault(kind, Place(self.source, Span(first, first + len(text))), text))
