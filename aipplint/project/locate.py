"""The locations of values in a TOML or JSON text, for findings about settings.

The standard library's parsers give values without places. This scanner gives places without values: it is run on
texts that a parser has accepted, and a place is used only where parsing the text that stands there gives the value
again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from copy import copy
from typing import Any

from aipplint.findings import Place
from aipplint.records import NamedTuple
from aipplint.source import Source, Span

Path = tuple[str | int, ...]
"""Keys and indexes from the root to a value."""

_TOKEN = re.compile(
    r'''
      (?P<string>  """ (?: \\. | [^\\] )*? "{3,5} | \'\'\' .*? \'{3,5} | " (?: \\. | [^"\\\n] )* " | ' [^'\n]* ' )
    | (?P<newline> \n )
    | (?P<skip>    [ \t\r]+ | \#[^\n]* )
    | (?P<mark>    [][{},=:.] )
    | (?P<word>    [^][{},=:."'\#\s]+ | ["'] )
    ''',
    re.VERBOSE | re.DOTALL,
)


class Located(NamedTuple):
    """A key (or table header) and its value; the spans are equal where there is only one of them."""

    key: Span
    value: Span


class Locator:
    """Finds the place of a value by its path.

    ``plain`` makes what is asked for and what is written the same: kebab-case and snake_case, for instance.
    """

    def __init__(
        self,
        source: Source,
        data: Any,
        places: Mapping[Path, Located],
        parse: Callable[[str], Any],
        plain: Callable[[str], str] = str,
    ) -> None:
        self.source = source
        self._data = data
        self._plain = plain
        self.prefix: Path = ()
        """What every path that is asked for begins with."""
        self._places = {self._plainly(path): (path, located) for path, located in places.items()}
        self._parse = parse

    def below(self, prefix: Path) -> Locator:
        """A locator for a part of the text: its paths begin where ``prefix`` ends."""
        part = copy(self)
        part.prefix = (*self.prefix, *prefix)
        return part

    def _plainly(self, path: Path) -> Path:
        return tuple(self._plain(step) if isinstance(step, str) else step for step in path)

    def place(self, path: Path) -> Place:
        """The place of a value; where it is not certain, of its key, or of the nearest thing around it."""
        path = (*self.prefix, *self._plainly(path))
        for length in range(len(path), 0, -1):
            if found := self._places.get(path[:length]):
                written, located = found
                certain = length == len(path) and self._means(located.value, written)
                return Place(self.source, located.value if certain else located.key)
        return Place(self.source, Span(0, 0))

    def key_place(self, path: Path) -> Place:
        """The place of a key."""
        full = (*self.prefix, *self._plainly(path))
        return Place(self.source, self._places[full][1].key) if full in self._places else self.place(path)

    def text_place(self, path: Path, value: str) -> tuple[Place, bool]:
        """The place of a string, and whether it is written there literally (then without its quotes)."""
        place = self.place(path)
        start, end = place.span
        for quotes in (3, 1):
            if self.source.text[start + quotes : end - quotes] == value and end - start == len(value) + 2 * quotes:
                return Place(self.source, Span(start + quotes, end - quotes)), True
        return place, self.source.text[start:end] == value

    def _means(self, span: Span, path: Path) -> bool:
        value = self._data
        try:
            for step in path:
                value = value[step]
            return bool(self._parse(self.source.text[span.start : span.end]) == value)
        except (KeyError, IndexError, TypeError, ValueError):
            return False


def toml_locator(source: Source, data: Mapping[str, Any], plain: Callable[[str], str]) -> Locator:
    """A locator for a TOML text that tomllib has read as ``data``."""
    return Locator(source, data, _toml(source.text), _toml_value, plain)


def json_locator(source: Source, data: Any, plain: Callable[[str], str]) -> Locator:
    """A locator for a JSON text that json has read as ``data``."""
    import json

    scanner = _Scanner(source.text, json.loads)
    scanner.value(())
    return Locator(source, data, scanner.places, json.loads, plain)


def _toml_value(text: str) -> Any:
    """A value of TOML."""
    import tomllib

    return tomllib.loads(f"v = {text}")["v"]


def _toml(text: str) -> dict[Path, Located]:
    scanner = _Scanner(text, _toml_value)
    table: Path = ()
    while scanner.kind:
        if scanner.text == "[":
            table = scanner.header()
        elif scanner.kind in ("word", "string"):
            scanner.entry(table)
        else:
            scanner.advance()
    return scanner.places


class _Scanner:
    """Walks over the tokens of an accepted text. Lost, it goes on: what it says is verified by its user."""

    def __init__(self, text: str, unquote: Callable[[str], Any]) -> None:
        self.places: dict[Path, Located] = {}
        self._unquote = unquote
        self._tokens = [match for match in _TOKEN.finditer(text) if match.lastgroup != "skip"]
        self._index = 0
        self._last: dict[Path, int] = {}
        """Index of the newest element, by the path of an array of tables."""

    @property
    def kind(self) -> str:
        """Kind of the current token; empty at the end."""
        return str(self._tokens[self._index].lastgroup) if self._index < len(self._tokens) else ""

    @property
    def text(self) -> str:
        """Text of the current token."""
        return self._tokens[self._index].group() if self.kind else ""

    def advance(self) -> Span:
        """Step over the current token; its span."""
        if not self.kind:
            return Span(0, 0)
        self._index += 1
        return Span(*self._tokens[self._index - 1].span())

    def _skip_newlines(self) -> None:
        while self.kind == "newline":
            self._index += 1

    def key(self) -> tuple[tuple[str, ...], Span]:
        """A key, which may be dotted."""
        parts: list[str] = []
        start, end = -1, -1
        while self.kind in ("word", "string"):
            part = self.text
            parts.append(str(self._unquote(part)) if self.kind == "string" else part)
            span = self.advance()
            start, end = (span.start if start < 0 else start), span.end
            if self.text != ".":
                break
            self.advance()
        return tuple(parts), Span(max(start, 0), max(end, 0))

    def header(self) -> Path:
        """``[table]`` or ``[[array.of.tables]]``: the path that the lines below it begin with."""
        start = self.advance().start
        array = self.text == "["
        if array:
            self.advance()
        keys, span = self.key()
        end = span.end
        while self.text == "]":
            end = self.advance().end
        path: Path = ()
        for depth, key in enumerate(keys, 1):
            path = (*path, key)
            if array and depth == len(keys):
                self._last[path] = self._last.get(path, -1) + 1
            if path in self._last:
                path = (*path, self._last[path])
        self.places[path] = Located(Span(start, end), Span(start, end))
        return path

    def entry(self, table: Path) -> None:
        """``key = value`` (in JSON with a colon)."""
        keys, span = self.key()
        if self.text in ("=", ":"):
            self.advance()
        self._skip_newlines()
        path = (*table, *keys)
        self.places[path] = Located(span, self.value(path))

    def value(self, path: Path) -> Span:
        """A value and, inside it, the places of its parts. Returns its span."""
        self._skip_newlines()
        if self.text in ("[", "{"):
            return self._composite(path, "]" if self.text == "[" else "}")
        span = self.advance()
        if self._tokens and self._tokens[self._index - 1].lastgroup == "string":
            return span
        while self.kind == "word" or self.text in (".", ":"):
            span = Span(span.start, self.advance().end)
        return span

    def _composite(self, path: Path, close: str) -> Span:
        start = end = self.advance().start
        index = 0
        while self.kind:
            self._skip_newlines()
            if self.text == close:
                end = self.advance().end
                break
            before = self._index
            if self.text == ",":
                self.advance()
            elif close == "}":
                self.entry(path)
            else:
                span = self.value((*path, index))
                self.places[*path, index] = Located(span, span)
                index += 1
            if self._index == before:
                self.advance()
        return Span(start, end)
