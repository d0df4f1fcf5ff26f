"""Configurations without a name next to a command, which the command probably uses."""

from __future__ import annotations

import re

_SPEAKS = re.compile(r"aipp|config|\bcfg\b|insert_op|\u914d\u7f6e|\u5982\u4e0b|follow", re.IGNORECASE)
_OF_ANOTHER = re.compile(
    r"\b(?:second|third|another|other|different)\b|\u7b2c[\u4e8c\u4e09\u56db2-9]|\u5176[\u4ed6\u5b83]|\u53e6"
    r"|\u522b\u7684|\u4e0d\u540c",
    re.IGNORECASE,
)
_SHORT = 300
"""Code points of the longest text between a command and its configuration."""


class Neighbours:
    """Receives the parts of a document in order. ``near`` are the numbers of configurations next to a command.

    A configuration is near if it is the next block after a command, with at most one short paragraph between them,
    which refers to it; or if it is the only one without a name before a command in the same section.
    """

    def __init__(self) -> None:
        self.near: set[int] = set()
        self._behind_command = False
        self._between: list[str] = []
        self._waiting: list[int] = []

    def heading(self) -> None:
        """A new section begins: nothing in it belongs to the text above."""
        self.other()
        self._waiting = []

    def words(self, text: str) -> None:
        """A paragraph; colons alone, which announce a block, are none."""
        if text.strip(" :"):
            self._between.append(text)

    def command(self) -> None:
        """Take a command with a configuration. It is ambiguous which of several configurations before it is meant."""
        if len(self._waiting) == 1:
            self.near.add(self._waiting[0])
        self.other()
        self._waiting = []
        self._behind_command = True

    def config(self, number: int) -> None:
        """A configuration without a name."""
        if self._behind_command and self._is_meant():
            self.near.add(number)
        else:
            self._waiting.append(number)
        self.other()

    def other(self) -> None:
        """Any other block."""
        self._behind_command = False
        self._between = []

    def _is_meant(self) -> bool:
        """Whether the text since the command refers to the configuration."""
        if len(self._between) > 1 or sum(map(len, self._between)) > _SHORT:
            return False
        said = " ".join(self._between)
        return not said.strip() or (_SPEAKS.search(said) is not None and _OF_ANOTHER.search(said) is None)
