"""Reasons why a text is not TOML: error messages of tomllib in terms of the settings."""

from __future__ import annotations

_REASONS = (
    ("Cannot overwrite a value", "the key is given already"),
    ("Duplicate inline table key", "the key is given already"),
    ("Cannot declare", "the table is given already"),
    ("Cannot mutate immutable", "the key was given as a whole already, and nothing can be added to it"),
    ("Invalid value", "there is no value, or one that TOML does not know; a string needs quotes"),
    ("Invalid statement", "a line begins with a key or with [table]"),
    ("Invalid initial character for a key part", "a key is made of letters, digits, '-' and '_', or needs quotes"),
    ("Expected '=' after a key", "there is no '=' behind the key"),
    ("Expected newline or end of document", "something stands behind the value"),
    ("Unclosed array", "a list is not closed, or a ',' is missing in it"),
    ("Unclosed inline table", "a table in braces is not closed, or a ',' is missing in it"),
    ("Unterminated string", "a string is not closed"),
    ("Illegal character '\\n'", "a string is not closed on its line"),
    ("Illegal character", "there is a control character"),
    ('Expected "\'"', "a string is not closed"),
    ("Unescaped '\\'", "a backslash in a string is written twice, or the string stands in single quotes"),
    ("Escaped character", "an escape in a string is no character"),
    ("Invalid hex value", "an escape in a string is no character"),
    ("Expected ']", "the name of a table is not closed"),
    ("Invalid date or datetime", "there is no such date"),
)
"""By the beginning of the message."""


def reason_of(message: str) -> str:
    """The reason for a message of tomllib; empty if unknown."""
    return next((reason for beginning, reason in _REASONS if message.startswith(beginning)), "")
