"""Scripts in YAML: steps of GitHub's workflows and actions, GitLab's jobs, and what else is run.

Other CI, compose files and Kubernetes have the same ``run:``, ``script:`` and ``command:``, and are read alike.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from itertools import islice

from aipplint.atc.words import Word
from aipplint.readers.build_files.docker_lines import quoted
from aipplint.readers.build_files.yaml_nodes import (
    MAX_MERGES,
    Mapping,
    Node,
    Sequence,
    YamlScalar,
    excerpt_of,
    read_yaml,
)
from aipplint.readers.contents import EMPTY, Contents, may_fetch
from aipplint.readers.documents.blocks import matters
from aipplint.readers.excerpt import Excerpt
from aipplint.readers.extract import Script
from aipplint.readers.placeholders import placeholder, with_placeholders
from aipplint.readers.traced import Segment, as_word, of_excerpt, of_word
from aipplint.records import NamedTuple
from aipplint.source import Source

MAX_VARIABLES = 200
"""More are not kept: every script carries all that it sees."""

MAX_SEGMENTS = 50
"""Parts of a variable's value: one that grows beyond is unknown."""

MAX_EXTENDED = 11
"""Jobs that one job extends, directly or not: GitLab's own limit."""

MAX_TEXTS = 2_000
"""Texts of one file, beside one for each of its lines. Lists that hold each other by aliases would give more."""

MAX_LETTERS = 100_000
"""Maximum length of a script, in characters."""

_LINES = ("run", "script", "bash", "sh", "commands", "cmds", "cmd", "inlineScript", "shell")
"""Keys whose lists are lines of a script."""
_WORDS = ("entrypoint", "command", "args")
"""Keys whose lists are the words of one command, in this order."""
_NOT_SHELL = frozenset(("with", "uses", "image"))
_FOLDER = ("working-directory", "workingDirectory", "working_directory", "workdir", "working_dir", "chdir")
_VARIABLES = ("env", "environment", "variables")
_FILLED_IN = re.compile(
    r"\$?\{\{(?P<inner>(?:[^{}]|\{[^{}]{0,200}\}){0,500}?)\}\}|\{%[^%\n]{0,500}%\}"
    r"|<<\s*(?P<circle>(?:parameters|pipeline|matrix)\.[\w.-]+)\s*>>"
)
_ENVIRONMENT = re.compile(r"\s*env\.(\w+)\s*\Z|\s*env\[\s*'(\w+)'\s*\]\s*\Z")
_VALUE = re.compile(rf"{_FILLED_IN.pattern}|\$(?:(?P<name>\w+)|\{{(?P<braced>\w+)\}}|\$|\{{[^{{}}]*\}}|\([^()]*\))")
_FOR_LATER_STEPS = re.compile(r"^.*(?:\bGITHUB_ENV\b|\btask\.setvariable\b).*$", re.MULTILINE)
_NAME_SET = re.compile(r"\bvariable=(\w+)|\b(\w+)(?:=|<<)")
"""A pattern for lines where a step sets variables for later steps."""
_OTHER_SHELLS = re.compile(r"\s*(?:python[\d.]*|pwsh|powershell|cmd|node|perl|ruby|Rscript)\s*(?:\Z|[^\n]*\{0\})")
_SHELLS = re.compile(r"\s*(?:\S*/)?(?:ba|da|z|k|a)?sh\b")
_MAY_PASS_FILES = re.compile(r"\b(?:download-artifact|artifacts|dependencies|needs|restore_cache|cache)\b")


class Inherited(NamedTuple):
    """The settings that a script inherits from the levels above it."""

    variables: dict[str, Word] = {}
    folder: str | None = ""
    shell: bool = True
    """Whether it is run by a shell, and not by Python or PowerShell."""
    before: Node | None = None
    """GitLab's before_script."""
    after: Node | None = None


def read_ci(source: Source) -> Contents:
    """The scripts of a YAML file, with the variables and the folder that they start with."""
    if not matters(source.text):
        return EMPTY
    reader = _Reader(Excerpt.whole(source).plain())
    reader.read()
    if not reader.scripts:
        return EMPTY
    fetches = reader.fetches or _MAY_PASS_FILES.search(source.text) is not None
    return Contents(tuple(reader.scripts), (), fetches)


class _Reader:
    """Walks over a file from the top; no node is read twice, however many aliases lead to it."""

    def __init__(self, text: Excerpt) -> None:
        self.text = text
        self.scripts: list[Script] = []
        self.fetches = False
        self.texts_left = MAX_TEXTS + text.text.count("\n")
        self.templates: set[int] = set()
        self.set_by_steps = {
            name[1] or name[2]
            for line in _FOR_LATER_STEPS.finditer(text.text)
            for name in _NAME_SET.finditer(line.group())
        }
        self.jobs: Mapping | None = None
        """The top of the document, where GitLab's ``extends`` and ``!reference`` look for names."""

    def read(self) -> None:
        """All documents."""
        seen: set[int] = set()
        for document in read_yaml(self.text.text):
            self.jobs = document if isinstance(document, Mapping) else None
            self.templates = _templates(document)
            waiting: list[tuple[Node, Inherited]] = [(document, Inherited())]
            while waiting:
                node, context = waiting.pop()
                if isinstance(node, YamlScalar) or id(node) in seen:
                    continue
                seen.add(id(node))
                if isinstance(node, Sequence):
                    waiting += ((item, context) for item in reversed(node.items))
                else:
                    context = self._read_mapping(node, context)
                    waiting += (
                        (value, context) for key, value in reversed(node.entries.items()) if key not in _NOT_SHELL
                    )

    def _read_mapping(self, node: Mapping, context: Inherited) -> Inherited:
        """A level: its settings for the levels below it, and its scripts."""
        levels = [node, *self._extended(node)]
        # Only the job itself is a level of its own; what it extends is read where it stands.
        for level in reversed(levels):
            context = self._context(level, context)
        if not context.shell or id(node) in self.templates:
            return context
        for key in _LINES:
            value = next((found for level in levels if (found := level.get(key)) is not None), None)
            if value is not None:
                self._add_lines(key, value, context)
        self._add_words(node, context)
        return context

    def _extended(self, node: Mapping) -> list[Mapping]:
        """GitLab: the jobs that a job extends, nearest first."""
        found: list[Mapping] = []
        waiting = [node]
        while waiting and self.jobs is not None and len(found) < MAX_EXTENDED:
            names = waiting.pop().get("extends")
            for name in reversed(names.items) if isinstance(names, Sequence) else [names]:
                job = self.jobs.get(name.value) if isinstance(name, YamlScalar) else None
                if isinstance(job, Mapping) and job is not node and job not in found:
                    found.append(job)
                    waiting.append(job)
        return found

    def _context(self, node: Mapping, context: Inherited) -> Inherited:
        """The settings of a mapping for its scripts and for the levels below it."""
        variables = context.variables
        for key in _VARIABLES:
            if (value := node.get(key)) is not None:
                variables = self._with_variables(variables, value)
        if chosen := {name: _unknown(self.text) for name in _chosen(node) if name in variables}:
            variables = variables | chosen
        defaults = node.get("default")
        defaults = defaults if isinstance(defaults, Mapping) else Mapping()
        run = node.get("defaults")
        run = run.get("run") if isinstance(run, Mapping) else None
        folder, shell = context.folder, context.shell
        for level in (run, node):
            if isinstance(level, Mapping):
                folder = self._folder(level, folder)
                named = level.get("shell")
                if isinstance(named, YamlScalar):
                    shell = _OTHER_SHELLS.match(named.value) is None
        before = node.get("before_script") or defaults.get("before_script") or context.before
        after = node.get("after_script") or defaults.get("after_script") or context.after
        return Inherited(variables, folder, shell, before, after)

    def _folder(self, node: Mapping, folder: str | None) -> str | None:
        for key in _FOLDER:
            value = node.get(key)
            if isinstance(value, YamlScalar):
                path = value.value.strip()
                if "$" in path or "{{" in path or "<<" in path:
                    return None
                path = posixpath.normpath(path) if path else ""
                return "" if path == "." else path
        return folder

    def _with_variables(self, known: dict[str, Word], node: Node) -> dict[str, Word]:
        """The variables that are known on a level, with those that it sets itself."""
        variables = dict(known)
        for name, given in islice(_named_values(node), MAX_VARIABLES):
            # GitLab: a value with a description.
            value = given.get("value") if isinstance(given, Mapping) else given
            if name.isidentifier() and len(variables) < MAX_VARIABLES:
                if isinstance(value, YamlScalar) and name not in self.set_by_steps:
                    variables[name] = self._word(value, variables)
                else:
                    variables[name] = _unknown(self.text)
        return variables

    def _word(self, scalar: YamlScalar, variables: dict[str, Word]) -> Word:
        """Return the value of a variable; a reference is known if it is another variable of the file."""
        text = excerpt_of(self.text, scalar)
        segments: list[Segment] = []
        at = 0
        for match in _VALUE.finditer(text.text):
            segments += of_excerpt(text.part(at, match.start()))
            at = match.end()
            name = _name_in(match["inner"]) or match["name"] or match["braced"]
            known = variables.get(name or "")
            if known is not None and len(known.pieces) + len(segments) < MAX_SEGMENTS:
                segments += of_word(known)
            else:
                segments.append(Segment("$" if match[0] == "$$" else None, text.place(*match.span())))
        segments += of_excerpt(text.part(at, len(text.text)))
        return as_word(tuple(segments), text.place(0, len(text.text)))

    def _add_lines(self, key: str, node: Node, context: Inherited) -> None:
        """A script, or a list of its lines; for GitLab with what runs before it, in the same shell."""
        texts = list(self._texts(context.before, context)) if key == "script" and context.before is not None else []
        texts += self._texts(node, context)
        self._add(texts, context)
        if key == "script" and context.after is not None:
            self._add(list(self._texts(context.after, context)), context)

    def _texts(self, node: Node, context: Inherited) -> Iterator[Excerpt]:
        """The lines in a list, in lists in it, and in what ``!reference`` names."""
        waiting: list[tuple[Node, int]] = [(node, 0)]
        while waiting and self.texts_left > 0:
            found, depth = waiting.pop()
            self.texts_left -= 1
            if isinstance(found, YamlScalar) and len(found.value) <= MAX_LETTERS:
                yield self._filled_in(excerpt_of(self.text, found), context)
            elif isinstance(found, Sequence) and depth < 12:
                if found.tag == "!reference":
                    if (named := self._referenced(found)) is not None:
                        waiting.append((named, depth + 1))
                else:
                    waiting += ((item, depth + 1) for item in reversed(found.items))

    def _referenced(self, names: Sequence) -> Node | None:
        node: Node | None = self.jobs
        for name in names.items[:5]:
            node = node.get(name.value) if isinstance(node, Mapping) and isinstance(name, YamlScalar) else None
        return node

    def _add_words(self, node: Mapping, context: Inherited) -> None:
        """``command:`` as a line, or ``command: [atc, ...]`` with ``args:`` after it."""
        words: list[Excerpt] = []
        for key in _WORDS:
            value = node.entries.get(key)
            if isinstance(value, YamlScalar):
                if key == "command":
                    self._add([self._filled_in(excerpt_of(self.text, value), context)], context)
            elif isinstance(value, Sequence) and value.items:
                texts = list(self._texts(value, context))
                if any(" " in text.text for text in texts[:1]):  # Lines, not words.
                    self._add(texts, context)
                else:
                    words += texts
        if len(words) >= 3 and _SHELLS.match(words[0].text) and re.match(r"-\w*c\Z", words[1].text):
            self._add(words[2:3], context)
        elif words:
            line = [part for word in words for part in (quoted(word), word.stand_in(0, 0, " "))]
            self._add([Excerpt.join(line[:-1])], context)

    def _filled_in(self, text: Excerpt, context: Inherited) -> Excerpt:
        """A script with variables in place of expressions of the CI or a template."""
        unknown: list[tuple[int, int, str]] = []
        for match in _FILLED_IN.finditer(text.text):
            name = _name_in(match["inner"])
            if name not in context.variables:
                name = placeholder("CI", match["inner"] or match["circle"] or "")
            unknown.append((match.start(), match.end(), name))
        return with_placeholders(text, unknown)

    def _add(self, texts: list[Excerpt], context: Inherited) -> None:
        self.fetches = self.fetches or any(may_fetch(text.text) for text in texts)
        if any(matters(text.text) for text in texts):
            self.scripts.append(Script(tuple(texts), tuple(context.variables.items()), context.folder))


def _named_values(node: Node) -> Iterator[tuple[str, Node | None]]:
    """Names and values in a mapping, or a list of names and values; None for a value that is not read."""
    if isinstance(node, Mapping):
        for mapping in reversed(list(islice(node.with_merged(), MAX_MERGES))):
            yield from mapping.entries.items()
    elif isinstance(node, Sequence):
        for item in node.items:
            if isinstance(item, Mapping) and isinstance(name := item.get("name"), YamlScalar):
                yield name.value, item.get("value")
            elif isinstance(item, YamlScalar) and "=" in item.value:  # Compose: "NAME=value".
                yield item.value.partition("=")[0], None


def _chosen(job: Mapping) -> Iterator[str]:
    """GitLab: the variables that ``rules:`` or ``parallel: matrix:`` may give other values."""
    parallel, rules = job.get("parallel"), job.get("rules")
    matrix = parallel.get("matrix") if isinstance(parallel, Mapping) else None
    for choices, key in ((matrix, None), (rules, "variables")):
        for choice in choices.items if isinstance(choices, Sequence) else ():
            names = choice.get(key) if key and isinstance(choice, Mapping) else choice
            yield from names.entries if isinstance(names, Mapping) else ()


def _unknown(text: Excerpt) -> Word:
    place = text.place(0, 0)
    return as_word((Segment(None, place),), place)


def _templates(document: Node) -> set[int]:
    """Templates: ``.name`` and ``x-name`` mappings that others merge or extend.

    They are compared by identity: two equal ones may have different uses.
    """
    lent: set[int] = set()
    extended: set[str] = set()
    seen: set[int] = set()
    waiting: list[Node] = [document]
    while waiting:
        node = waiting.pop()
        if isinstance(node, YamlScalar) or id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, Sequence):
            waiting += node.items
            continue
        waiting += node.entries.values()
        lent.update(id(mapping) for mapping in islice(node.with_merged(), 1, MAX_MERGES))
        names = node.get("extends")
        for name in names.items if isinstance(names, Sequence) else [names]:
            if isinstance(name, YamlScalar):
                extended.add(name.value)
    if not isinstance(document, Mapping):
        return set()
    return {
        id(node)
        for name, node in document.entries.items()
        if name.startswith((".", "x-")) and (id(node) in lent or name in extended)
    }


def _name_in(expression: str | None) -> str:
    """The variable that an expression such as ``env.X`` is."""
    match = _ENVIRONMENT.match(expression or "")
    return (match[1] or match[2]) if match else ""
