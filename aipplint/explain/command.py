"""The ATC command in a log: typed at a prompt, echoed by a shell, or printed by Python as a list."""

from __future__ import annotations

import re
from collections.abc import Sequence

from aipplint.project.command import CONFIG

_LISTED = re.compile(r"""(?P<quote>["'])(?P<word>--?[a-z]\w*(?:=(?:(?!(?P=quote)).){0,4000})?)(?P=quote)""")
_ATC = re.compile(r"(?:^|[\s/;&|$#(`+>])(?:atc|atc\.bin)\s+")
_FIRST_OPTION = re.compile(r"(?:^|\s)(?=--?[a-z]\w*(?:[=\s]))")
_ENDS = ("|", "||", "&&", ";", "&", ">", ">>", "2>", "2>>", "2>&1", "&>", "<", ")")


def words_of(line: str) -> tuple[str, ...]:
    """Return the arguments of ``atc`` in a line, as ATC got them; nothing if there are none."""
    listed = [found["word"] for found in _LISTED.finditer(line)]
    if any(word.startswith(("--model", "--insert_op_conf", "--framework")) for word in listed):
        return tuple(listed)
    found = _ATC.search(line) or _FIRST_OPTION.search(line)
    return _until_end(_split(line[found.end() :])) if found is not None else ()


def config_of(words: Sequence[str]) -> str:
    """The file of --insert_op_conf, or nothing."""
    for index, word in enumerate(words):
        name, equals, value = word.partition("=")
        if name.lstrip("-") == CONFIG:
            return value if equals else "".join(words[index + 1 : index + 2])
    return ""


def _split(text: str) -> list[str]:
    """Split words like a shell, or at spaces if the quotes do not match."""
    import shlex

    lexer = shlex.shlex(text, posix=True)
    lexer.whitespace_split = True
    lexer.commenters = ""
    try:
        return list(lexer)
    except ValueError:
        return [word.strip("\"'") for word in text.split()]


def _until_end(words: list[str]) -> tuple[str, ...]:
    """Return the words up to the end of the command in the shell."""
    for index, word in enumerate(words):
        if word in _ENDS or word.startswith(("2>", "1>", ">", "<", "&>")):
            return tuple(words[:index])
    return tuple(words)
