"""Paths that Python code composes with os.path and pathlib."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence

from aipplint.findings import Place
from aipplint.readers.python.text import Text, filled, together

_MAX_STEPS_UP = 20
"""Most folders that a path is followed up."""


def in_folder(steps: Sequence[Text], use: Place) -> Text:
    """Folders and a file, joined as by os.path.join. ``use`` is the expression that joins them."""
    texts: list[Text] = []
    for step in steps:
        if step.start.startswith("/"):
            texts = []
        if texts and not texts[-1].sketch.endswith("/"):
            texts.append(filled("/", use))
        texts.append(step)
    return together(texts, use)


def parent(path: Text, steps: int, use: Place) -> Text | None:
    """The parent folder of a path, or an ancestor; None if the path does not contain it."""
    known = path.known if 0 < steps <= _MAX_STEPS_UP else None
    for _ in range(steps if known else 0):
        known = posixpath.dirname(known) if known else None
    return filled(known, use) if known else None


def absolute(path: Text) -> Text | None:
    """An absolute path; any other depends on the working directory at that moment."""
    return path if path.start.startswith("/") else None
