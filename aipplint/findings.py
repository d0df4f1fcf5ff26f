"""The records of a result: severity, place, message, related places and the edits of a fix."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum

from aipplint.records import NamedTuple
from aipplint.source import Source, Span


class Severity(IntEnum):
    """How severe a finding is, in ascending order.

    ERROR: the toolchain rejects it. WARNING: the toolchain accepts it, but ignores or changes it, leaves it undefined,
    or the user probably did not intend it. INFO: advice, which does not change the exit code by default.
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
    """A related location that explains a finding, such as the option that it contradicts.

    In a Problem, ``message`` is a template over ``values``; in a Finding it is text.
    """

    place: Place
    message: str
    values: Mapping[str, object] | None = None


class Edit(NamedTuple):
    """Replace ``text[start:end]`` of the finding's source by ``text``."""

    start: int
    end: int
    text: str


class Fix(NamedTuple):
    """Edits that remove the finding. ``safe`` means that the meaning cannot change for the worse.

    In a Problem, ``message`` is a template over the values of the problem; in a Finding it is text.
    """

    message: str
    edits: tuple[Edit, ...]
    safe: bool


class Problem(NamedTuple):
    """The result of a rule function; the rule converts it to a Finding.

    ``message``, ``note``, ``help`` and the message of ``fix`` are templates over ``values`` (see rules/wording.py).
    The note is a second sentence of the message, such as which products reject it. ``severity`` and ``atc`` default to
    those of the rule; an empty ``atc`` means that no code belongs to this problem.
    """

    place: Place
    message: str
    values: Mapping[str, object] = {}
    related: tuple[Related, ...] = ()
    fix: Fix | None = None
    help: str = ""
    severity: Severity | None = None
    atc: str | None = None
    note: str = ""


class Finding(NamedTuple):
    """One result for the user.

    ``atc_code`` is what the toolchain reports: an ATC error code, or at run time the name of the call that fails; empty
    if nothing fails.
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

    @property
    def line(self) -> int:
        """The line that it begins in, from 1."""
        return self.place.source.position(self.span.start).line

    @property
    def column(self) -> int:
        """The column of its first code point, from 1."""
        return self.place.source.position(self.span.start).column

    @property
    def end_line(self) -> int:
        """The line that it ends in, from 1."""
        return self.place.source.position(self.span.end).line

    @property
    def end_column(self) -> int:
        """The column after its last code point, from 1."""
        return self.place.source.position(self.span.end).column

    def sort_key(self) -> tuple[str, int, int, str, str]:
        """Sort by file, place and code, for printing."""
        span = self.place.span
        return (self.place.source.path, span.start, span.end, self.code, self.message)


def clean(text: str) -> str:
    """Escape what could hide in a name or value: controls, bidi and other invisible characters, bad bytes."""
    if text.isascii() and text.isprintable():
        return text
    return text.translate(_VISIBLE)


class _Visible(dict[int, str]):
    """How characters are shown, by their code points; each is looked at once."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        shown = self[code] = character if character == " " or character.isprintable() else _escape(code)
        return shown


_VISIBLE = _Visible()


def _escape(code: int) -> str:
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
