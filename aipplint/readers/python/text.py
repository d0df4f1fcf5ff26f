"""Text that Python code composes."""

from __future__ import annotations

from collections.abc import Iterable

from aipplint.findings import Place
from aipplint.readers.traced import MAX_LETTERS, Segment, Traced, known, known_start, sketch
from aipplint.records import NamedTuple

MAX_SEGMENTS = 4096
"""Maximum number of runs of a text."""


class Text(NamedTuple):
    """A string, as far as it is known. An unknown part is a hole."""

    segments: Traced

    @property
    def known(self) -> str | None:
        """The string; None if a part of it is unknown."""
        return known(self.segments)

    @property
    def start(self) -> str:
        """The known beginning."""
        return known_start(self.segments)

    @property
    def sketch(self) -> str:
        """The known parts, with a null character for every hole."""
        return sketch(self.segments, "\0")


def hole(use: Place) -> Text:
    """A string of which nothing is known."""
    return Text((Segment(None, use, use),))


def filled(text: str, use: Place) -> Text:
    """A string without a source of its own: a number, a separator."""
    return Text((Segment(text, use, use),) if text else ())


def together(texts: Iterable[Text], use: Place | None = None) -> Text:
    """Strings one after the other; ``use`` is the location of their use, if they are written elsewhere."""
    segments: list[Segment] = []
    length = 0
    for text in texts:
        for segment in text.segments:
            length += 1 if segment.text is None else len(segment.text)
            place = use if use is not None and segment.text is None else segment.place
            segments.append(segment._replace(place=place, use=use or segment.use))
            if length > MAX_LETTERS or len(segments) > MAX_SEGMENTS:
                return hole(use or segments[0].place)
    return Text(tuple(segments))
