"""The expansion of ``$(X)`` by make: variables, automatic variables, and functions of known text."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator

from aipplint.findings import Place
from aipplint.readers.excerpt import Excerpt
from aipplint.readers.placeholders import placeholder
from aipplint.readers.programs import ATC_PATTERN
from aipplint.readers.traced import Segment, known, of_excerpt
from aipplint.records import NamedTuple

MAX_DEPTH = 20
"""How deep variables are followed into variables."""

MAX_PARTS = 20_000
"""Maximum number of parts of all expansions in a file, in addition to one for each character: ``A = $(B)$(B)``
doubles."""

_DOLLAR = re.compile(r"\$(?:(?P<open>[({])|(?P<one>[^\s]))")
_BRACKETS = {"(": re.compile(r"[()]"), "{": re.compile(r"[{}]")}
_FUNCTION = re.compile(r"([a-z]+)[ \t]+")
_SUBSTITUTION = re.compile(r"([^\s:=#]+):([^=]*)=(.*)\Z", re.DOTALL)
_TOOL = re.compile(rf"\s*\S*?(?<![\w.-])(?:{ATC_PATTERN}|ais_bench|msit|ait)(?=\s|\Z)")
_HERE = frozenset(("CURDIR", "PWD"))


class Definition(NamedTuple):
    """The values of a variable: texts that are expanded at the use (``=``), segments that are final (``:=``)."""

    parts: tuple[Excerpt | Segment, ...]
    recursive: bool = True


Definitions = dict[str, Definition]


class MakeExpander:
    """Expands the texts of one makefile."""

    def __init__(self, variables: Definitions, size: int) -> None:
        self.variables = variables
        self._left = MAX_PARTS + size

    def expand(self, text: Excerpt, scope: Definitions, depth: int = 0) -> list[Segment]:
        """The parts of a text; ``scope`` has the values for one target only, or for one call."""
        written = text.text
        parts: list[Segment] = []
        at = 0
        while match := _DOLLAR.search(written, at):
            if match.start() > at:
                parts += of_excerpt(text.part(at, match.start()))
            at = match.end()
            if match["one"] == "$":
                parts.append(Segment("$", text.place(match.start(), at)))
                continue
            start = match.start("one") if match["one"] else at
            end = at if match["one"] else _closing(written, at, match["open"])
            if end is None:  # An unclosed reference: make would stop here.
                parts.append(self._unknown(text.part(match.start(), len(written)), "open"))
                return parts
            at = end if match["one"] else end + 1
            whole = text.part(match.start(), at)
            found = self._reference(whole, text.part(start, end), scope, depth)
            parts += found if depth else _with_head_at(whole, found)
        if at < len(written):
            parts += of_excerpt(text.part(at, len(written)))
        self._left -= len(parts)
        return parts

    def _reference(self, whole: Excerpt, inner: Excerpt, scope: Definitions, depth: int) -> list[Segment]:
        """The expansion of ``$(inner)``; ``whole`` is the complete expression."""
        name = inner.text.strip()
        if depth >= MAX_DEPTH or self._left <= 0:
            return [self._unknown(whole, name)]
        value = scope.get(name) or self.variables.get(name)
        if value is not None:
            return self.value(value, scope, depth)
        if name in _HERE or name == "shell pwd":
            return [self._unknown(whole, "", variable="PWD")]
        if function := _FUNCTION.match(inner.text.lstrip()):
            offset = len(inner.text) - len(inner.text.lstrip()) + function.end()
            return self._call(function[1], whole, inner.part(offset, len(inner.text)), scope, depth)
        if substitution := _SUBSTITUTION.match(inner.text):
            before, after = substitution[2], substitution[3]
            if "%" not in before:
                before, after = f"%{before}", f"%{after}"
            value = scope.get(substitution[1]) or self.variables.get(substitution[1])
            words = known(self.value(value, scope, depth)) if value is not None else None
            if words is not None and "$" not in before + after:
                return [Segment(_patsubst(before, after, words), _place(whole))]
        elif "$" in name and (computed := known(self.expand(inner, scope, depth + 1))) is not None:
            value = scope.get(computed) or self.variables.get(computed)
            if value is not None:
                return self.value(value, scope, depth)
        return [self._unknown(whole, name)]

    def value(self, value: Definition, scope: Definitions, depth: int = 0) -> list[Segment]:
        """The parts of a variable's value."""
        self._left -= len(value.parts)
        parts: list[Segment] = []
        for part in value.parts:
            parts += [part] if isinstance(part, Segment) else self.expand(part, scope, depth + 1)
        return parts

    def _call(self, name: str, whole: Excerpt, arguments: Excerpt, scope: Definitions, depth: int) -> list[Segment]:
        """A function of make."""
        given = list(_arguments(arguments))
        if name == "call":
            called = given[0].text.strip()
            value = scope.get(called) or self.variables.get(called)
            if value is None:
                return [self._unknown(whole, called)]
            numbered = {
                str(number): Definition(tuple(self.expand(argument, scope, depth + 1)), recursive=False)
                for number, argument in enumerate(given[1:], 1)
            }
            return self.value(value, scope | numbered, depth)
        expanded = [self.expand(argument, scope, depth + 1) for argument in given]
        if name in {"strip", "abspath", "realpath"}:  # A path stays relative to where make runs, and means the same.
            return expanded[0]
        texts = [known(parts) for parts in expanded]
        function = _FUNCTIONS.get(name)
        if function is None or len(texts) != function[0] or None in texts:
            return [self._unknown(whole, name)]
        return [Segment(function[1](*[text or "" for text in texts]), _place(whole))]

    @staticmethod
    def _unknown(whole: Excerpt, name: str, variable: str = "") -> Segment:
        return Segment(None, _place(whole), variable=variable or placeholder("MAKE", name))


def _with_head_at(whole: Excerpt, parts: list[Segment]) -> list[Segment]:
    """The parts of ``$(ATC)`` in a recipe: the location of the tool's name is there, and not where the variable is set.

    It is set once for many commands, and each needs a location of its own.
    """
    for index in range(len(parts) - 1, -1, -1):
        letters = parts[index].text or ""
        if match := _TOOL.match(letters):
            here = [*parts[:index], parts[index].part(0, match.end())]
            rest = [parts[index].part(match.end(), len(letters))] if match.end() < len(letters) else []
            return [*(part._replace(place=_place(whole)) for part in here), *rest, *parts[index + 1 :]]
    return parts


def _place(text: Excerpt) -> Place:
    return text.place(0, len(text.text))


def _closing(text: str, at: int, bracket: str) -> int | None:
    """The bracket that closes one that was opened before ``at``."""
    depth = 1
    for match in _BRACKETS[bracket].finditer(text, at):
        depth += 1 if match[0] == bracket else -1
        if depth == 0:
            return match.start()
    return None


def _arguments(text: Excerpt) -> Iterator[Excerpt]:
    """The arguments of a function, apart at the commas outside brackets."""
    start = depth = 0
    for match in re.finditer(r"[(){},]", text.text):
        if match[0] == ",":
            if depth == 0:
                yield text.part(start, match.start())
                start = match.end()
        else:
            depth += 1 if match[0] in "({" else -1
    yield text.part(start, len(text.text))


def _patsubst(before: str, after: str, words: str) -> str:
    head, percent, tail = before.partition("%")
    changed: list[str] = []
    for word in words.split():
        if percent and word.startswith(head) and word.endswith(tail) and len(word) >= len(head) + len(tail):
            changed.append(after.replace("%", word[len(head) : len(word) - len(tail)], 1))
        else:
            changed.append(after if word == before else word)
    return " ".join(changed)


def _each(change: Callable[[str], str]) -> Callable[[str], str]:
    return lambda words: " ".join(change(word) for word in words.split())


_FUNCTIONS: dict[str, tuple[int, Callable[..., str]]] = {
    "dir": (1, _each(lambda word: word[: word.rfind("/") + 1] or "./")),
    "notdir": (1, _each(posixpath.basename)),
    "basename": (1, _each(lambda word: posixpath.splitext(word)[0])),
    "suffix": (1, _each(lambda word: posixpath.splitext(word)[1])),
    "firstword": (1, lambda words: " ".join(words.split()[:1])),
    "lastword": (1, lambda words: " ".join(words.split()[-1:])),
    "addprefix": (2, lambda prefix, words: _each(lambda word: prefix + word)(words)),
    "addsuffix": (2, lambda suffix, words: _each(lambda word: word + suffix)(words)),
    "subst": (3, lambda before, after, text: text.replace(before, after) if before else text + after),
    "patsubst": (3, _patsubst),
}
"""Functions of known text: their number of arguments, and their implementation."""
