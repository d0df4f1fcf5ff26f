"""Any file of training code."""

from __future__ import annotations

from aipplint.source import Source
from aipplint.training import python_code, settings_file
from aipplint.training.normalisation import Normalisation


def may_normalise(path: str, content: bytes) -> bool:
    """Whether a file has one of the words that stand in every file with a normalisation."""
    words = python_code.WORDS if path.endswith(".py") else settings_file.WORDS
    return bool(words.search(content))


def read_training(source: Source) -> list[Normalisation]:
    """Read the normalisations of Python code, YAML or JSON, by the ending of the name."""
    return python_code.read_code(source) if source.path.endswith(".py") else settings_file.read_settings(source)
