"""The lines of a Makefile: assignments, rules, and the logical lines of their recipes.

Own code, because tree-sitter-make 1.1 reads the rest of a file as an error after ``$(@:.om=)`` or an awk program in a
recipe; the grammar of make is based on lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from aipplint.readers.excerpt import Excerpt, line_spans
from aipplint.records import NamedTuple

_SYNTAX = re.compile(r"\$?[({]|[)}]|:::?=|[:?+!]?=|:|;|(?<!\\)#")
_WORD = re.compile(r"[ \t]*([A-Za-z]+)(?=[ \t]|\Z)")
_MODIFIERS = frozenset(("override", "private", "export"))
_CONTINUED = re.compile(r"[ \t]*\\\n[ \t]*")
_ODD_BACKSLASHES = re.compile(r"(?<!\\)(?:\\\\)*\\\Z")


class Assignment(NamedTuple):
    """``name operator value``; ``define`` is an assignment with ``=``.

    ``targets`` limits it to these targets. ``sure`` means that it is unconditional, ``unless_set`` that it is in an
    ``ifndef`` of its own name. ``exported``: it is in the environment of the recipes.
    """

    name: str
    operator: str
    value: Excerpt
    targets: Excerpt | None = None
    sure: bool = True
    unless_set: bool = False
    exported: bool = False


class MakeRule(NamedTuple):
    """Targets, prerequisites, and the logical lines of a recipe; literal texts."""

    targets: Excerpt
    prerequisites: Excerpt
    lines: list[Excerpt]


class Exports(NamedTuple):
    """``export A B``."""

    names: list[str]


MakeStatement = Assignment | MakeRule | Exports


def statements(text: Excerpt) -> Iterator[MakeStatement]:
    """The content of a Makefile in order. A rule receives its lines while the following text is read."""
    lines = line_spans(text.text)
    conditions: list[str] = []
    rule: MakeRule | None = None
    at = 0
    while at < len(lines):
        first = at
        at = _behind(text.text, lines, at)
        spans = lines[first:at]
        start = spans[0][0]
        if rule is not None and text.text.startswith("\t", start):
            rule.lines.append(_recipe_line(text, spans))
            continue
        line = _joined(text, spans)
        word = _first_word(line.text)
        if word in {"ifeq", "ifneq", "ifdef", "ifndef"}:
            conditions.append(line.text.split()[1] if word == "ifndef" and len(line.text.split()) > 1 else "")
        elif word == "else" and conditions:
            conditions[-1] = ""
        elif word == "endif" and conditions:
            conditions.pop()
        elif word == "define":
            rule = None
            end = _end_of_define(text.text, lines, at)
            name = line.text.split()[1:2]
            body = text.part(lines[at][0], max(lines[end - 1][1], lines[at][0])) if end > at else line.part(0, 0)
            if name:
                yield Assignment(name[0], "=", body, sure=not conditions)
            at = end + 1
        elif line.text.strip() and (statement := _statement(line, word, conditions)) is not None:
            if isinstance(statement, MakeRule) or (isinstance(statement, Assignment) and statement.targets is None):
                rule = statement if isinstance(statement, MakeRule) else None
            yield statement


def _behind(text: str, lines: list[tuple[int, int]], at: int) -> int:
    """The line after a logical line, which continues after a backslash at its end."""
    while at < len(lines):
        start, end = lines[at]
        at += 1
        if not text.endswith("\\", start, end) or not _ODD_BACKSLASHES.search(text[start:end]):
            break
    return at


def _end_of_define(text: str, lines: list[tuple[int, int]], at: int) -> int:
    """The line of the ``endef`` that belongs to a ``define`` before ``at``."""
    depth = 1
    for number in range(at, len(lines)):
        word = _first_word(text[slice(*lines[number])])
        depth += {"define": 1, "endef": -1}.get(word, 0)
        if depth == 0:
            return number
    return len(lines)


def _recipe_line(text: Excerpt, spans: list[tuple[int, int]]) -> Excerpt:
    """A logical line of a recipe: make removes the tab at the start of each of its lines."""
    last = spans[-1]
    return text.splice(
        ((start + text.text.startswith("\t", start), end + ((start, end) != last)) for start, end in spans)
    )


def _joined(text: Excerpt, spans: list[tuple[int, int]]) -> Excerpt:
    """A logical line outside recipes: one blank where lines meet."""
    line = text.part(spans[0][0], spans[-1][1])
    if len(spans) == 1:
        return line
    return line.replace((gap.start(), gap.end(), " ") for gap in _CONTINUED.finditer(line.text))


def _first_word(line: str) -> str:
    match = _WORD.match(line)
    return match[1] if match else ""


def _statement(line: Excerpt, word: str, conditions: list[str]) -> MakeStatement | None:
    """An assignment, a rule, or ``export``; None for all else (``include``, ``$(info ...)``, comments)."""
    start = 0
    exported = False
    while word in _MODIFIERS:
        exported = exported or word == "export"
        match = _WORD.match(line.text, start)
        start = match.end() if match else start
        word = _first_word(line.text[start:])
    marks = list(_marks(line.text, start))
    mark, at = marks[0] if marks else ("#", len(line.text))
    if exported and mark == "#":
        return Exports(line.text[start:at].split())
    if mark.endswith("="):
        return _assignment(line, start, marks, conditions, None, exported=exported)
    if mark != ":":
        return None
    targets = line.part(start, at)
    rest = at + 1 + line.text.startswith(":", at + 1)
    behind = [(found, place) for found, place in marks if place >= rest]
    if behind and behind[0][0].endswith("="):
        return _assignment(line, rest, behind, conditions, targets, exported=False)
    end = next((place for found, place in behind if found in {";", "#"}), len(line.text))
    recipe = [line.part(end + 1, len(line.text))] if any(found == (";", end) for found in behind) else []
    return MakeRule(targets, line.part(rest, end), recipe)


def _assignment(
    line: Excerpt,
    start: int,
    marks: list[tuple[str, int]],
    conditions: list[str],
    targets: Excerpt | None,
    *,
    exported: bool,
) -> Assignment | None:
    operator, at = marks[0]
    name = line.text[start:at].split()
    while len(name) > 1 and name[0] in _MODIFIERS:
        name.pop(0)
    if len(name) != 1:
        return None
    begin = at + len(operator)
    begin += len(line.text[begin:]) - len(line.text[begin:].lstrip())
    comment = next((place for mark, place in marks if mark == "#"), -1)
    # Blanks in front of a comment belong to the value; those at the end of a line are nobody's intention.
    end = comment if comment >= begin else len(line.text.rstrip())
    unless_set = conditions == name
    return Assignment(
        name[0],
        operator,
        line.part(begin, max(end, begin)),
        targets,
        not conditions or unless_set,
        unless_set,
        exported,
    )


def _marks(text: str, start: int) -> Iterator[tuple[str, int]]:
    """The marks of the syntax outside brackets, and comments anywhere, with their offsets."""
    depth = 0
    for match in _SYNTAX.finditer(text, start):
        mark = match[0]
        if mark == "#":
            yield mark, match.start()
            return
        if mark in {"$(", "${"} or (mark in {"(", "{"} and depth):
            depth += 1
        elif mark in {")", "}"}:
            depth = max(depth - 1, 0)
        elif depth == 0 and mark not in {"(", "{"}:
            yield mark, match.start()
