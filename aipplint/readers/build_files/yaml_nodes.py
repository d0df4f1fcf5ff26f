"""A YAML file as mappings, sequences and scalars with their locations.

Based on the events of PyYAML's parser (libyaml, if available), whose marks count code points. No objects are
constructed, and nothing recurses; an alias refers to the node itself, so it costs no more than a pointer. The content
before a syntax error in the file is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from aipplint.readers.excerpt import Excerpt, line_spans

if TYPE_CHECKING:
    from yaml.events import ScalarEvent

MAX_MERGES = 20
"""Maximum number of mappings that one mapping merges by ``<<`` or ``extends``."""

_UNREADABLE = re.compile("[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
"""Characters that libyaml rejects, or reads as a line end although the rest of aipplint does not."""

_PROPERTIES = re.compile(r"(?:[&!][^\s,\[\]{}]*[ \t\n]+)+")
"""An anchor and a tag before a scalar, which belong to it."""

_MAX_EDITS = 5_000
"""Maximum number of spaces and escapes in one scalar that are mapped one by one; one with more is mapped as a whole."""

_BLANKS = re.compile(r"[ \t\n]+")
_LETTERS = {'"': re.compile(r"[^ \t\n\\\"]+"), "'": re.compile(r"[^ \t\n']+")}
_PLAIN_LETTERS = re.compile(r"[^ \t\n]+")
_ESCAPE = re.compile(r"\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|(?P<break>\n[ \t\n]*)|.)")


class YamlScalar:
    """A text. ``style`` is as in the file: ``|``, ``>``, a quote, or None for plain."""

    __slots__ = ("end", "start", "style", "value")

    def __init__(self, value: str, style: str | None, start: int, end: int) -> None:
        self.value = value
        self.style = style
        self.start = start
        self.end = end


class Sequence:
    """A list; ``tag`` may be ``!reference``."""

    __slots__ = ("items", "tag")

    def __init__(self, tag: str | None) -> None:
        self.tag = tag
        self.items: list[Node] = []


class Mapping:
    """Keys and values. Of a key that is given twice the last one is used; keys that are no scalars are left out."""

    __slots__ = ("entries", "merged")

    def __init__(self) -> None:
        self.entries: dict[str, Node] = {}
        self.merged: list[Node] = []
        """What ``<<`` names."""

    def get(self, key: str) -> Node | None:
        """The value of a key, own or merged."""
        for mapping in islice(self.with_merged(), MAX_MERGES):
            if key in mapping.entries:
                return mapping.entries[key]
        return None

    def with_merged(self) -> Iterator[Mapping]:
        """The mapping and those that are merged into it, the highest priority first."""
        waiting: list[Node] = [self]
        seen: set[int] = set()
        while waiting:
            node = waiting.pop()
            if id(node) in seen:
                continue
            seen.add(id(node))
            if isinstance(node, Mapping):
                yield node
                waiting += reversed(node.merged)
            elif isinstance(node, Sequence):
                waiting += reversed(node.items)


Node = YamlScalar | Sequence | Mapping


def read_yaml(text: str) -> list[Node]:
    """The documents of a file, as far as they can be read."""
    import yaml
    from yaml.events import AliasEvent, CollectionEndEvent, MappingStartEvent, ScalarEvent, SequenceStartEvent

    builder = _Builder()
    try:
        for event in yaml.parse(_readable(text), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            if isinstance(event, ScalarEvent):
                builder.add(_scalar(event, text), event.anchor)
            elif isinstance(event, MappingStartEvent):
                builder.begin(Mapping(), event.anchor)
            elif isinstance(event, SequenceStartEvent):
                builder.begin(Sequence(event.tag), event.anchor)
            elif isinstance(event, CollectionEndEvent):
                builder.end()
            elif isinstance(event, AliasEvent):
                builder.add_alias(event.anchor or "")
    except (yaml.YAMLError, RecursionError):
        pass  # What was read so far is there already.
    return builder.documents


def _scalar(event: ScalarEvent, text: str) -> YamlScalar:
    start = event.start_mark.index if event.start_mark else 0
    end = event.end_mark.index if event.end_mark else start
    if (event.anchor or event.tag) and (properties := _PROPERTIES.match(text, start, end)):
        start = properties.end()
    return YamlScalar(event.value, event.style or None, start, end)  # libyaml says "" for plain


def _readable(text: str) -> str:
    """The text without characters that libyaml does not accept; offsets do not change."""
    return _UNREADABLE.sub(lambda match: " " if match[0] == "\r" else "?", text)


class _Builder:
    """Makes nodes of events."""

    def __init__(self) -> None:
        self.documents: list[Node] = []
        self._open: list[Sequence | Mapping] = []
        self._keys: list[Node | None] = []
        """For every open node the key that waits for its value."""
        self._anchors: dict[str, Node] = {}

    def begin(self, node: Sequence | Mapping, anchor: str | None) -> None:
        """A collection begins."""
        self.add(node, anchor)
        self._open.append(node)
        self._keys.append(None)

    def end(self) -> None:
        """The innermost collection ends."""
        self._open.pop()
        self._keys.pop()

    def add_alias(self, anchor: str) -> None:
        """The node of an anchor once more; an anchor that is not there is nothing."""
        self.add(self._anchors.get(anchor) or YamlScalar("", None, 0, 0), None)

    def add(self, node: Node, anchor: str | None) -> None:
        """A node, into the innermost collection."""
        if anchor:
            self._anchors[anchor] = node
        if not self._open:
            self.documents.append(node)
            return
        parent = self._open[-1]
        if isinstance(parent, Sequence):
            parent.items.append(node)
        elif self._keys[-1] is None:
            self._keys[-1] = node
        else:
            key, self._keys[-1] = self._keys[-1], None
            if isinstance(key, YamlScalar) and key.value == "<<" and key.style is None:
                parent.merged.append(node)
            elif isinstance(key, YamlScalar):
                parent.entries[key.value] = node


def excerpt_of(text: Excerpt, scalar: YamlScalar) -> Excerpt:
    """The value of a scalar; ``text`` is the file. Each character is mapped to the file if it is literal."""
    found = _literal(text, scalar) if scalar.style == "|" else _flowing(text, scalar)
    return found or text.part(scalar.start, scalar.end).replace([(0, scalar.end - scalar.start, scalar.value)])


def _literal(text: Excerpt, scalar: YamlScalar) -> Excerpt | None:
    """A literal block: the lines below its head, each without its indentation."""
    head = text.text.find("\n", scalar.start, scalar.end) + 1
    lines = scalar.value.split("\n")
    if head == 0:
        return None
    written = line_spans(text.text[head : scalar.end])
    spans: list[tuple[int, int]] = []
    readable = _readable(text.text[head : scalar.end])
    for number, line in enumerate(lines):
        last = number == len(lines) - 1
        if number >= len(written):
            if line or not last:
                return None
            break
        start, end = written[number]
        if not readable.endswith(line, start, end):
            return None
        spans.append((head + end - len(line), head + end + (not last)))
    return text.splice(spans)


def _flowing(text: Excerpt, scalar: YamlScalar) -> Excerpt | None:
    """All other scalars: the same words in both, spaces and escapes between them."""
    at = scalar.start
    if scalar.style == ">":
        at = text.text.find("\n", scalar.start, scalar.end) + 1
    elif scalar.style:
        at += 1
    written = _readable(text.text[at : scalar.end])
    edits: list[tuple[int, int, str]] = []
    value = scalar.value
    done = here = 0
    letters = _LETTERS.get(scalar.style or "", _PLAIN_LETTERS)
    while len(edits) < _MAX_EDITS and (done < len(value) or (scalar.style == ">" and here < len(written))):
        if blank := _BLANKS.match(written, here):
            size = _blanks_left(value, done, blank[0], scalar.style)
            if value[done : done + size] != blank[0]:
                edits.append((here, blank.end(), value[done : done + size]))
            done += size
            here = blank.end()
        elif run := letters.match(written, here):
            if not value.startswith(run[0], done):
                return None
            done += len(run[0])
            here = run.end()
        elif scalar.style == "'" and written.startswith("''", here):
            edits.append((here, here + 2, "'"))
            done += 1
            here += 2
        elif scalar.style == '"' and (escape := _ESCAPE.match(written, here)):
            edits.append((here, escape.end(), "" if escape["break"] else value[done : done + 1]))
            done += not escape["break"]
            here = escape.end()
        else:
            return None
    return text.part(at, at + here).replace(edits) if len(edits) < _MAX_EDITS else None


def _blanks_left(value: str, at: int, written: str, style: str | None) -> int:
    """The number of spaces and line ends in the value that replace those in the file."""
    if style == ">":
        blank = _BLANKS.match(value, at)
        return len(blank[0]) if blank else 0
    breaks = written.count("\n")
    return len(written) if breaks == 0 else max(breaks - 1, 1)
