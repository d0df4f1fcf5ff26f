"""What a rule says: severity, place, message, the edits that mend it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum

from aipplint.records import NamedTuple
from aipplint.source import Source, Span


class Severity(IntEnum):
    """How sure and how bad; the order is the order of weight.

    ERROR: the toolchain rejects it. WARNING: accepted, but ignored, replaced, undefined or very probably not
    meant. INFO: advice, which never changes the exit code by default.
    """

    INFO = 1
    WARNING = 2
    ERROR = 3

    def __str__(self) -> str:
        return self.name.lower()


class Place(NamedTuple):
    """A span in a source."""

    source: Source
    span: Span


class Related(NamedTuple):
    """A second place that explains a finding, such as the option it contradicts."""

    place: Place
    message: str


class Edit(NamedTuple):
    """Replace ``text[start:end]`` of the finding's source by ``text``."""

    start: int
    end: int
    text: str


class Fix(NamedTuple):
    """Edits that remove the finding. ``safe`` means that the meaning cannot change for the worse."""

    message: str
    edits: tuple[Edit, ...]
    safe: bool


class Problem(NamedTuple):
    """What a rule function yields; the pipeline stamps it with the rule and makes it a Finding.

    ``message`` is a template for ``str.format`` over ``values``, kept apart so that it can be translated. What is
    None is taken from the rule's declaration; an empty ``atc`` says that no code belongs to this one.
    """

    place: Place
    message: str
    values: Mapping[str, object] = {}
    related: tuple[Related, ...] = ()
    fix: Fix | None = None
    help: str = ""
    severity: Severity | None = None
    atc: str | None = None


class Finding(NamedTuple):
    """One thing to tell the user.

    ``atc_code`` is what the real toolchain would have said: an ATC error code, or at run time the name of the
    call that fails; empty where nothing fails.
    """

    code: str
    name: str
    severity: Severity
    message: str
    place: Place
    atc_code: str = ""
    related: tuple[Related, ...] = ()
    fix: Fix | None = None
    help: str = ""

    @property
    def span(self) -> Span:
        """The offsets of the finding in its source."""
        return self.place.span

    @property
    def path(self) -> str:
        """The name of the source as the user gave it."""
        return self.place.source.path

    def sort_key(self) -> tuple[str, int, int, str, str]:
        """Order of printing: by file, place, code."""
        span = self.place.span
        return (self.place.source.path, span.start, span.end, self.code, self.message)


def clean(text: str) -> str:
    """Escape what could hide in a name or value: controls, bidi and other invisible characters, bad bytes."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(c if c == " " or c.isprintable() else _escape(c) for c in text)


def _escape(character: str) -> str:
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
