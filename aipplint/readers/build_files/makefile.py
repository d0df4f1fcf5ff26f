"""Scripts in Makefiles: every logical line of a recipe, with make's variables filled in."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from itertools import islice

from aipplint.atc.words import Word
from aipplint.readers.build_files.make_lines import Assignment, Exports, MakeRule, statements
from aipplint.readers.build_files.make_values import Definition, Definitions, MakeExpander
from aipplint.readers.contents import EMPTY, MAX_SCRIPTS, Contents, may_fetch
from aipplint.readers.documents.blocks import matters
from aipplint.readers.excerpt import Excerpt
from aipplint.readers.extract import Script
from aipplint.readers.placeholders import placeholder
from aipplint.readers.traced import Segment, Traced, as_word, known, of_excerpt, shell_text, written
from aipplint.source import Source

_PREFIX = re.compile(r"[@+\-\s]*")
_UNKNOWN_PREFIX = re.compile(r"\$\{MAKE_\w*\}(?=\w)")
_END_OF_LINE = re.compile(r"(?<!\\)\n")
_SHELL = re.compile(r"\s*(?:\S*/)?(?:ba|da|z|k|a)?sh(?:\s|\Z)")
_MOVES = re.compile(r"\b(?:cd|pushd)\s")
_EVAL = re.compile(r"\$\(eval\s+\$\(call\s+([\w.-]+)")

_SET_BY_EVAL = re.compile(
    r"\$[({]eval\s+(?:override\s+)?([\w.-]+)\s*[:+?]*=|^[ \t]*undefine[ \t]+([\w.-]+)", re.MULTILINE
)
_STARTS_ITSELF = re.compile(r"\$[({]MAKE[)}](?![^\n;&|]{0,500}?\s-[Cf])[^\n;&|]{0,500}")
_GIVEN = re.compile(r"(?<=\s)([\w.-]+)[:+?]?=")

MAX_INHERITED = 2_000
"""Number of prerequisites that are searched for those that inherit the variables of another target."""

MAX_PATTERNS = 20
"""Patterns (``%.om: CFG = x``) that are tried for a rule, and targets of a rule that they are tried for."""

MAX_ADDED = 500
"""Maximum number of parts of a value that ``+=`` extends; one with more is unknown."""

MAX_EXPORTED = 200
"""More are not kept: every recipe carries all of them."""


def read_makefile(source: Source) -> Contents:
    """The scripts of a Makefile: each logical line of a recipe is one, or with ``.ONESHELL`` each recipe."""
    if not matters(source.text):
        return EMPTY
    return _Makefile(Excerpt.whole(source).plain()).contents()


class _Makefile:
    """Make reads a file twice: for its variables and rules, and then it runs recipes with the last values."""

    def __init__(self, text: Excerpt) -> None:
        self.text = text
        name = posixpath.basename(text.source.path.replace("\\", "/"))
        self.variables: Definitions = {"MAKEFILE_LIST": self._given(name), "MAKE": self._given("make")}
        self.for_targets: dict[str, Definitions] = {}
        self.for_patterns: dict[str, Definitions] = {}
        self.exported: dict[str, None] = {}
        self.rules: list[MakeRule] = []
        self.expander = MakeExpander(self.variables, len(text.text))
        self._read(text)
        for called in islice(dict.fromkeys(_EVAL.findall(text.text)), MAX_PATTERNS):
            self._read_template(called)
        for name in _set_while_running(text.text):
            if name in self.variables:
                self.variables[name] = self._unknown(name)
        self.inherited = self._inherited()

    def _unknown(self, name: str) -> Definition:
        unknown = Segment(None, self.text.place(0, 0), variable=placeholder("MAKE", name))
        return Definition((unknown,), recursive=False)

    def _given(self, value: str) -> Definition:
        """What make itself sets."""
        return Definition((Segment(value, self.text.place(0, 0)),), recursive=False)

    def contents(self) -> Contents:
        """All recipes, with the values that variables have at the end of the file."""
        shell = self.variables.get("SHELL")
        if shell is not None and (found := shell_text(self.expander.value(shell, {}))) and not _SHELL.match(found.text):
            return EMPTY
        one_shell = any(".ONESHELL" in rule.targets.text for rule in self.rules)
        environment = tuple(self._environment())
        scripts: list[Script] = []
        fetches = False
        for rule in self.rules:
            if len(scripts) >= MAX_SCRIPTS:
                break
            for text in self._recipe(rule, one_shell=one_shell):
                fetches = fetches or may_fetch(text.text)
                if matters(text.text):
                    scripts.append(Script((text,), environment))
        return Contents(tuple(scripts), (), fetches) if scripts else EMPTY

    def _read(self, text: Excerpt) -> None:
        """The first reading."""
        for statement in statements(text):
            if isinstance(statement, MakeRule):
                self.rules.append(statement)
            elif isinstance(statement, Exports):
                self.exported |= dict.fromkeys(statement.names)
            else:
                self._assign(statement)

    def _read_template(self, name: str) -> None:
        """``$(eval $(call X,...))``: the text of X is read as a part of the file; its arguments are unknown."""
        value = self.variables.get(name)
        body = value.parts[0] if value is not None and value.recursive and len(value.parts) == 1 else None
        if isinstance(body, Excerpt):
            dollars = re.finditer(re.escape("$$"), body.text)
            self._read(body.replace((found.start(), found.end(), "$") for found in dollars))

    def _assign(self, given: Assignment) -> None:
        """``X = y`` and its kin, for all targets or for some."""
        if given.exported:
            self.exported[given.name] = None
        scopes = [self.variables]
        if given.targets is not None:
            scopes = [
                (self.for_patterns if "%" in target else self.for_targets).setdefault(target, {})
                for target in given.targets.text.split()
            ]
        for scope in scopes:
            before = scope.get(given.name)
            if before is None or not (given.operator == "?=" or given.unless_set):
                scope[given.name] = self._value(given, before or self.variables.get(given.name))

    def _value(self, given: Assignment, before: Definition | None) -> Definition:
        """The value after an assignment; ``before`` is the one that ``+=`` adds to."""
        text = given.value
        unknown = Segment(None, text.place(0, len(text.text)), variable=placeholder("MAKE", given.name))
        space = Segment(" ", text.place(0, 0))
        if before is not None and len(before.parts) > MAX_ADDED:
            return Definition((unknown,), recursive=False)
        if given.operator == "!=" or not given.sure:
            if given.operator == "+=" and before is not None:  # What was there is there still.
                return Definition((*before.parts, space, unknown), before.recursive)
            return Definition((unknown,), recursive=False)
        if given.operator == "+=" and before is not None:
            added = [text] if before.recursive else self.expander.expand(text, {})
            return Definition((*before.parts, space, *added), before.recursive)
        if given.operator in {":=", "::=", ":::="}:
            return Definition(tuple(self.expander.expand(text, {})), recursive=False)
        return Definition((text,))

    def _inherited(self) -> dict[str, set[str]]:
        """For each target what others may set for it: ``all: X = 2`` holds for all that ``all`` needs, too."""
        needed: dict[str, list[str]] = {}
        for rule in self.rules if self.for_targets else ():
            for target in self._words(rule.targets)[:MAX_PATTERNS]:
                needed.setdefault(target.text, []).extend(word.text for word in self._words(rule.prerequisites))
        found: dict[str, set[str]] = {}
        left = MAX_INHERITED
        for owner, scope in self.for_targets.items():
            waiting = [*needed.get(owner, [])]
            seen = {owner}
            while waiting and left > 0:
                left -= 1
                name = waiting.pop()
                if name not in seen:
                    seen.add(name)
                    found.setdefault(name, set()).update(scope)
                    waiting += needed.get(name, [])
        return found

    def _recipe(self, rule: MakeRule, *, one_shell: bool) -> Iterator[Excerpt]:
        """The scripts of a recipe."""
        if not rule.lines:
            return
        scope = self._scope(rule)
        texts: list[Excerpt] = []
        moves = False
        for line in rule.lines:
            parts = self.expander.expand(line, scope)
            moves = _MOVES.search(line.text) is not None or (moves and one_shell)
            if moves:  # make's folder is no longer that of the shell.
                parts = [one._replace(variable="MAKE_CURDIR") if one.variable == "PWD" else one for one in parts]
            text = shell_text(parts)
            if text is None:
                continue
            start = 0
            ends = [match.start() for match in _END_OF_LINE.finditer(text.text)]
            for end in [*ends, len(text.text)]:  # A ``define`` is as many lines as it has.
                texts.append(_without_prefix(text.part(start, end)))
                start = end + 1
        if one_shell and texts:
            yield Excerpt.join(
                part for text in texts for part in (text, text.stand_in(len(text.text), len(text.text), "\n"))
            )
        else:
            yield from texts

    def _scope(self, rule: MakeRule) -> Definitions:
        """The variables of a rule: automatic ones, and those of its target."""
        scope: Definitions = {}
        targets = self._words(rule.targets)
        for target in targets:
            scope |= {name: self._unknown(name) for name in self.inherited.get(target.text, ())}
        for pattern, values in islice(self.for_patterns.items(), MAX_PATTERNS):
            if any(_matches(target.text, pattern) for target in targets[:MAX_PATTERNS]):
                scope |= values
        for target in targets:
            scope |= self.for_targets.get(target.text, {})
        if len(targets) == 1 and "%" not in targets[0].text:
            _automatic(scope, "@", targets)
        sources = self._words(rule.prerequisites)
        order_only = next((index for index, word in enumerate(sources) if word.text == "|"), len(sources))
        sources = sources[:order_only]
        if sources and not any("%" in word.text or ":" in word.text for word in sources):
            _automatic(scope, "<", sources[:1])
            _automatic(scope, "^", sources)
            _automatic(scope, "+", sources)
        return scope

    def _words(self, text: Excerpt) -> list[Excerpt]:
        """Split targets or prerequisites; none if a part of them is unknown."""
        parts = self.expander.expand(text, {})
        if not known(parts):
            return []
        whole = written(parts)
        return [whole.part(*match.span()) for match in re.finditer(r"\S+", whole.text)]

    def _environment(self) -> Iterator[tuple[str, Word]]:
        """The variables that ``export`` hands to the shell."""
        for name in islice(self.exported, MAX_EXPORTED):
            value = self.variables.get(name)
            parts = tuple(self.expander.value(value, {})) if value is not None else ()
            if parts:
                yield name, as_word(parts, parts[0].place)


def _set_while_running(text: str) -> set[str]:
    """Variables that a recipe sets, or hands to the make that it starts."""
    names = {found[1] or found[2] for found in _SET_BY_EVAL.finditer(text)}
    return names.union(*(_GIVEN.findall(started.group()) for started in _STARTS_ITSELF.finditer(text)))


def _matches(target: str, pattern: str) -> bool:
    head, _, tail = pattern.partition("%")
    return len(target) >= len(head) + len(tail) and target.startswith(head) and target.endswith(tail)


def _automatic(scope: Definitions, name: str, words: list[Excerpt]) -> None:
    """``$@`` and with it ``$(@D)`` and ``$(@F)``."""
    segments: Traced = ()
    for word in words:
        segments += (*((Segment(" ", word.place(0, 0)),) if segments else ()), *of_excerpt(word))
    scope[name] = Definition(segments, recursive=False)
    if len(words) == 1:
        word = words[0]
        at = word.text.rfind("/")
        folder = word.part(0, at) if at > 0 else word.stand_in(0, len(word.text), ".")
        scope[f"{name}D"] = Definition(of_excerpt(folder), recursive=False)
        scope[f"{name}F"] = Definition(of_excerpt(word.part(at + 1, len(word.text))), recursive=False)


def _without_prefix(text: Excerpt) -> Excerpt:
    """A line without ``@``, ``-`` and ``+``, or the variable that may hold them."""
    match = _PREFIX.match(text.text)
    start = match.end() if match else 0
    if unknown := _UNKNOWN_PREFIX.match(text.text, start):
        start = unknown.end()
    return text.part(start, len(text.text))
