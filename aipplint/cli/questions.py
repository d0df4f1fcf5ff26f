"""The questions of ``aipplint new`` on a terminal, each with a sensible answer."""

from __future__ import annotations

import sys
from collections.abc import Callable

from aipplint.errors import UsageError, message_of
from aipplint.new.colours import STANDARDS, image_of, is_possible, needs_standard, standard_of, target_of
from aipplint.new.geometry import size_of
from aipplint.new.normalisations import NORMALISATIONS, normalisation_of
from aipplint.new.settle import Given
from aipplint.new.sources import image_input
from aipplint.project.models import read_model


def ask() -> Given:
    """Ask for an intent. Raises UsageError when the input ends."""
    model = _answer("Model file, to read sizes and names from (empty: none)", "", _model)
    found = image_input(read_model(model), "") if model else None
    source = _answer("What does the application feed: NV12, NV21, RGB, BGR, XRGB, GRAY ...?", "NV12", image_of)
    image = image_of(source)
    gray = not is_possible(image, "RGB") or (found is not None and found.channels == 1)
    usual = "GRAY" if gray else "RGB"
    target = _answer("Colours of the training: RGB, BGR, GRAY ...?", usual, target_of)
    standard = ""
    if needs_standard(image, target_of(target)):
        standard = _answer(f"Standard: {', '.join(STANDARDS)}?", "bt601-narrow", standard_of)
    size = ""
    if found is None or found.size is None:
        size = _answer("Size of the model's input, WIDTHxHEIGHT?", "640x640", lambda text: size_of("size", text))
    usual = "unit" if gray else "imagenet"
    normalize = _answer(f"Normalisation: {', '.join(NORMALISATIONS)}?", usual, normalisation_of)
    soc_version = _answer("Product (--soc_version), such as Ascend310P3 (empty: unknown)?", "", str)
    return Given(
        source=source,
        target=target,
        standard=standard,
        size=size,
        normalize=normalize,
        model=model,
        soc_version=soc_version,
    )


def _model(path: str) -> object:
    return image_input(read_model(path), "") if path else None


def _answer(question: str, usual: str, read: Callable[[str], object]) -> str:
    """Ask until the answer can be read; an empty answer is the usual one."""
    while True:
        sys.stderr.write(f"{question} [{usual}] " if usual else f"{question} ")
        sys.stderr.flush()
        line = sys.stdin.readline()
        if not line:
            raise UsageError("no answer")
        answer = line.strip() or usual
        try:
            read(answer)
        except UsageError as error:
            sys.stderr.write(f"{message_of(error)}\n")
        else:
            return answer
