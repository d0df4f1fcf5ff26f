"""A rule's page, taken apart: the one text that ``aipplint rule``, the documentation and the tests read."""

from __future__ import annotations

import re

from aipplint.records import NamedTuple

HEADINGS = ("Wrong", "Right", "Fix", "Source")
MARK = "<--"
"""Stands behind the line of an example on which the finding begins, in a comment."""

_HEADING = re.compile(r"^## (.+)$", re.MULTILINE)
_FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_BYTE = re.compile(r"\\x([89a-f][0-9a-f])")


class Example(NamedTuple):
    """What an example shows, each part None where it has none.

    ``config`` is a configuration (the page writes a byte that is not UTF-8 as ``\\xNN``), ``sh`` a shell script and
    ``ini`` settings of the benchmark tool, all without the mark; ``line`` is the number of the marked line (0 for
    none). ``atc`` holds the options of a command as typed in a shell, ``runtime`` run-time settings in JSON, ``model``
    the name of a model and its inputs, one on a line, ``python`` training code, ``cpp`` a program, ``console`` a
    session.
    """

    config: str | None = None
    line: int = 0
    sh: str | None = None
    ini: str | None = None
    atc: str | None = None
    runtime: str | None = None
    model: str | None = None
    python: str | None = None
    cpp: str | None = None
    console: str | None = None

    @property
    def runs(self) -> bool:
        """Whether there is anything to lint in it."""
        return any(part is not None for part in (self.config, self.sh, self.ini, self.atc, self.runtime))


class Page(NamedTuple):
    """A page: the summary (one sentence), why it matters, and the text under each heading, in order."""

    summary: str
    why: str
    sections: dict[str, str]

    @property
    def wrong(self) -> Example:
        """The example that the rule speaks of."""
        return _example(self.sections["Wrong"])

    @property
    def right(self) -> Example:
        """The example at which it is silent."""
        return _example(self.sections["Right"])


def read_page(text: str) -> Page:
    """Take a page apart. A heading that comes twice is an error (ValueError); that all are there the tests see to."""
    head, *rest = _HEADING.split(text)
    summary, _, why = head.strip().partition("\n\n")
    sections = {heading: body.strip("\n") for heading, body in zip(rest[::2], rest[1::2], strict=True)}
    if len(sections) != len(rest) // 2:
        raise ValueError("a heading comes twice")
    return Page(" ".join(summary.split()), why.strip(), sections)


def _example(section: str) -> Example:
    """The fenced blocks of a section, at most one of a kind."""
    blocks: dict[str, str] = {}
    for kind, body in _FENCE.findall(section + "\n"):
        if kind in blocks:
            raise ValueError(f"two blocks of {kind} in one example")
        blocks[kind] = body
    line = 0
    for kind, body in blocks.items():
        if MARK in body:
            line = body[: body.index(MARK)].count("\n") + 1
            blocks[kind] = re.sub(r"[ \t]*#?[ \t]*" + re.escape(MARK), "", body)
    config = blocks.pop("aipp", None)
    if config is not None:
        # As a file that is read has them (PEP 383).
        config = _BYTE.sub(lambda byte: chr(0xDC00 + int(byte[1], 16)), config)
    return Example(config, line, **blocks)
