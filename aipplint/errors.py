"""What can go wrong outside of the checked files, and its wording: one line for the user, never a traceback."""

from __future__ import annotations

import os
import sys

from aipplint.findings import Place, clean


class UserError(Exception):
    """A mistake of the user that ends the command, with one line of text.

    ``wrong`` is the unknown word and ``known`` the words that it could have been; ``message_of`` suggests the nearest.
    """

    def __init__(self, message: str, wrong: str = "", known: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.wrong = wrong
        self.known = known


class UsageError(UserError):
    """A command that aipplint does not understand."""


class SettingsError(UserError):
    """Settings that aipplint does not understand."""


def message_of(error: Exception) -> str:
    """An exception in one line, with its suggestion, if any."""
    if not isinstance(error, UserError):
        return f"{internal_error(error)}; please report it with the command"
    text = clean(str(error))
    if error.known:
        from aipplint.suggest import nearest

        meant = nearest(error.wrong, error.known)
        if meant:
            return f"{text}; did you mean '{meant}'?"
    return text


def internal_error(error: Exception) -> str:
    """An unexpected exception in one line."""
    return clean(f"internal error: {type(error).__name__}: {error}")


def where(place: Place) -> str:
    """``path:line`` of a place."""
    return f"{clean(place.source.path)}:{place.source.position(place.span.start).line}"


def silence_output() -> None:
    """Send standard output nowhere, after its reader has gone: the interpreter would complain when it closes."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        return
