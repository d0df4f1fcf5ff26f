"""ATC options as given: text, and its location."""

from __future__ import annotations

from collections.abc import Mapping

from aipplint.findings import Place
from aipplint.records import NamedTuple
from aipplint.source import Source, Span

BATCH, IMAGE, DIMS = "dynamic_batch_size", "dynamic_image_size", "dynamic_dims"
PROFILE_OPTIONS = (BATCH, IMAGE, DIMS)
"""The options that list profiles, by ATC's names."""
SHAPE, SHAPE_RANGE = "input_shape", "input_shape_range"
HINT = "input_hint_shape"
EXCLUSIVE = (*PROFILE_OPTIONS, SHAPE_RANGE)
"""The options of which ATC takes one at the most (fact O2)."""
MINDSPORE, TENSORFLOW = 1, 3
FRAMEWORKS = {0: "Caffe", MINDSPORE: "MindSpore", TENSORFLOW: "TensorFlow", 5: "ONNX"}
"""The values of --framework."""
"""The options of which ATC takes one at the most (fact 7.3)."""
MODEL = "model"
"""The file of the network."""
CANN_VERSION = "cann_version"
"""The release of CANN, which is no option of ATC."""
MAX_VALUE = 32 * 1024
"""Longest option value that is read, in code points; the longest real one known has 4 k."""


class Option(NamedTuple):
    """The value of one option.

    ``value`` is the text that ATC receives, without the quotes of a shell; None if unknown (a variable in a script).
    ``place`` is the location of the value; ``exact`` means that it is literal, so that a part of the value is the same
    part of the location. ``elsewhere`` are the locations of parts outside of the command: in an assignment, or in the
    call of the script.
    """

    name: str
    value: str | None
    place: Place
    exact: bool = False
    elsewhere: tuple[Place, ...] = ()

    @property
    def given(self) -> bool:
        """Whether the option is set for ATC: an empty value is not."""
        return self.value != ""

    def part(self, start: int, end: int) -> Place:
        """The location of ``value[start:end]``; of the whole value if it is not literal."""
        if not self.exact:
            return self.place
        source, span = self.place
        return Place(source, source.span(span.start + start, span.start + end))


Options = Mapping[str, Option]
"""Options by ATC's names, without dashes."""


def options_of_mapping(values: Mapping[str, str], path: str = "<options>") -> dict[str, Option]:
    """Options from names and values: they get a line of text, so that they have locations."""
    return options_of_words([f"--{name}={value}" for name, value in values.items()], list(values), path)


def options_of_words(words: list[str], names: list[str], path: str) -> dict[str, Option]:
    """Options from words of the form ``--name=value``; ``names`` are those that the words set, in their order."""
    pieces: list[str] = []
    found: list[tuple[str, str, int, int, bool]] = []
    at = 0
    for word, name in zip(words, names, strict=True):
        head, _, value = word.partition("=")
        shown, exact = quoted(value)
        quotes = 1 if exact and shown != value else 0
        start = at + len(head) + 1 + quotes
        found.append((name, value, start, start + len(shown) - 2 * quotes, exact))
        pieces.append(f"{head}={shown}")
        at += len(pieces[-1]) + 1
    source = Source(path, " ".join(pieces))
    return {
        name: Option(name, value, Place(source, Span(start, end)), exact) for name, value, start, end, exact in found
    }


def quoted(value: str) -> tuple[str, bool]:
    """A value quoted for a shell, and whether its characters are unchanged."""
    if value and all(c.isalnum() or c in "_-./:,+=@%" for c in value):
        return value, True
    if '"' not in value and "$" not in value and "`" not in value and "\\" not in value and "!" not in value:
        return f'"{value}"', True
    import shlex

    return shlex.quote(value), False
