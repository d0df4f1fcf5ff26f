"""What each mechanism of the readers is good for: ``make bench FIELD=FOLDER``.

FOLDER holds work trees of git, one folder each. Every file in them that names a program, or sets AIPP at run time, is
read with all mechanisms, and once more without each. What is known then and what is not, and what is wrong, are the
yield of that mechanism. One that changes no value and avoids no false word is not worth its code.
"""

from __future__ import annotations

import posixpath
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

from aipplint.atc.words import Word
from aipplint.findings import Place, Severity
from aipplint.pipeline import Use, lint_source
from aipplint.project.command import options_of_found
from aipplint.project.resolved import builds_of
from aipplint.readers import languages
from aipplint.readers.extract import ATC, BENCHMARK, Extract
from aipplint.readers.languages import CI, CPP, DOCKERFILE, DOCUMENTS, MAKEFILE, PYTHON, SHELL, may_be_read
from aipplint.readers.programs import MENTION
from aipplint.readers.shell.state import Outcome
from aipplint.readers.traced import Segment
from aipplint.source import MAX_BYTES, Source

_SHELL = "aipplint.readers.shell"
_PYTHON = "aipplint.readers.python"
CONFIGURATIONS = ("insert_op_conf", "aipp_config")
_NEVER = re.compile(r"(?!)")
_SETS_AIPP = re.compile(
    r"aclmdlSetAIPP|aclmdlSetDynamicHWSize|aclmdlCreateAIPP|set_aipp|create_aipp|set_dynamic_hw_size"
)


class Mechanism(NamedTuple):
    """Something that readers do, the kinds of files that it matters to, and what stands in for its parts without it."""

    name: str
    kinds: Sequence[str]
    parts: dict[str, Any]


def _gives(value: object) -> Callable[..., Any]:
    return lambda *_arguments, **_named: value


def _unknown_at(self: Any, *arguments: Any) -> list[Any]:
    """What an expansion of the shell is where nothing is known of it."""
    return [self._unknown(next(one for one in arguments if hasattr(one, "child_count")))]


def _unset(_self: Any, _name: str, place: Place) -> list[Segment]:
    """What a variable of the shell is where nothing is known of any."""
    return [Segment(None, place, place)]


_SCRIPTS = (SHELL, *DOCUMENTS, DOCKERFILE, MAKEFILE, CI, PYTHON)
MECHANISMS = (
    Mechanism("variables", _SCRIPTS, {f"{_SHELL}.expansion.Expander._variable": _unset}),
    Mechanism("${x:-default}", _SCRIPTS, {f"{_SHELL}.expansion.Expander._or_default": _unknown_at}),
    Mechanism(
        "${x%end}, ${x/a/b} and their kin",
        _SCRIPTS,
        {
            f"{_SHELL}.expansion.parameters.{name}": _gives(None)
            for name in ("without_end", "without_start", "replaced", "substring", "in_case")
        },
    ),
    Mechanism("arrays", _SCRIPTS, {f"{_SHELL}.assignments.Assignments._elements": _gives(None)}),
    Mechanism("$( )", _SCRIPTS, {f"{_SHELL}.statements.Statements.captured": _gives(None)}),
    Mechanism("dirname, basename, echo, ...", _SCRIPTS, {f"{_SHELL}.printing.printed": _gives(None)}),
    Mechanism(
        "{a,b} and {1..8}",
        _SCRIPTS,
        {f"{_SHELL}.expansion.braces.{name}": _gives([]) for name in ("alternatives", "numbers")},
    ),
    Mechanism("calls of functions", _SCRIPTS, {f"{_SHELL}.functions.Functions.__contains__": _gives(False)}),
    Mechanism("rounds of loops", _SCRIPTS, {f"{_SHELL}.statements.MAX_ROUNDS": 0}),
    Mechanism("deciding [ ]", _SCRIPTS, {f"{_SHELL}.conditions.Test.outcome": _gives(None)}),
    Mechanism("deciding case", _SCRIPTS, {f"{_SHELL}.conditions.matches": _gives(None)}),
    Mechanism("what may be there or not", _SCRIPTS, {"aipplint.readers.branches.behind": _gives(None)}),
    Mechanism("cd", _SCRIPTS, {f"{_SHELL}.state.State.enter": _gives(None)}),
    Mechanism("strings that are run", _SCRIPTS, {f"{_SHELL}.strings.StringRunner.run": _gives(Outcome.LIKELY)}),
    Mechanism("strings that nothing runs", _SCRIPTS, {f"{_SHELL}.collector.Collector.never_run": _gives([])}),
    Mechanism(
        "mistakes of the shell",
        _SCRIPTS,
        {
            f"{_SHELL}.collector.mistakes.cuts": lambda _letters, _start, end, _option: ([], end),
            f"{_SHELL}.collector.mistakes.breaks": lambda _letters, end, **_: ([], end),
        },
    ),
    Mechanism("prompts in documents", DOCUMENTS, {f"{_SHELL}.preprocess._without_prompts": lambda excerpt: excerpt}),
    Mechanism("placeholders in documents", DOCUMENTS, {f"{_SHELL}.preprocess._PLACEHOLDER": _NEVER}),
    Mechanism(
        "commands in sentences",
        DOCUMENTS,
        {f"aipplint.readers.documents.{kind}.commands": _gives([]) for kind in ("markdown", "restructured")},
    ),
    Mechanism(
        "variables of make", (MAKEFILE,), {"aipplint.readers.build_files.make_values.MakeExpander.value": _gives([])}
    ),
    Mechanism("ENV and ARG", (DOCKERFILE,), {"aipplint.readers.build_files.dockerfile._Reader._set": _gives(None)}),
    Mechanism(
        "variables of CI",
        (CI,),
        {"aipplint.readers.build_files.ci_yaml._Reader._with_variables": lambda _self, known, _node: known},
    ),
    Mechanism("names of Python", (PYTHON,), {f"{_PYTHON}.values.PythonValues._name": _gives(None)}),
    Mechanism("attributes of Python", (PYTHON,), {f"{_PYTHON}.values.PythonValues._attribute": _gives(None)}),
    Mechanism(
        "format and % of Python",
        (PYTHON,),
        {f"{_PYTHON}.values.{name}": _gives(None) for name in ("braces", "percent")},
    ),
    Mechanism("f-strings", (PYTHON,), {f"{_PYTHON}.values.PythonValues._f_string": _gives(None)}),
    Mechanism("values that grow under conditions", (PYTHON,), {f"{_PYTHON}.dataflow._perhaps_grown": _gives(None)}),
    Mechanism("arithmetic of Python", (PYTHON,), {f"{_PYTHON}.values.calculated": _gives(None)}),
    Mechanism("names of C++", (CPP,), {"aipplint.readers.cpp.values.CppValues._of_name": _gives(None)}),
    Mechanism("arithmetic of C++", (CPP,), {"aipplint.readers.cpp.values.calculated": _gives(None)}),
)


class File(NamedTuple):
    """A file of a work tree: its path, its text, what kind of file it is, and the arguments that it is called with."""

    path: str
    source: Source
    kind: str
    arguments: tuple[Word, ...] | None = None


class Said(NamedTuple):
    """What a file says: the values of options and settings (None for unknown), and what rules say of its commands.

    Both are told apart by where the command stands, and which of those there it is.
    """

    values: dict[tuple[object, ...], object]
    findings: Counter[tuple[object, ...]]


class Yield(NamedTuple):
    """What is lost without a mechanism, and how much of what is said then is false."""

    commands: int = 0
    values: int = 0
    configurations: int = 0
    false_values: int = 0
    false_commands: int = 0
    false_findings: int = 0

    def plus(self, other: Yield) -> Yield:
        """Both together."""
        return Yield(*(one + two for one, two in zip(self, other, strict=True)))

    @property
    def earns(self) -> bool:
        """Whether it is good for anything."""
        return any(self)


def files_in(folder: Path) -> Iterator[File]:
    """The files of the work trees in a folder that may say something; each text once."""
    seen: set[tuple[str, str]] = set()
    for tree in sorted(path for path in folder.iterdir() if (path / ".git").exists()):
        listed = subprocess.run(("git", "ls-files", "-sz"), cwd=tree, capture_output=True, check=True).stdout
        for entry in filter(None, listed.decode("utf-8", "surrogateescape").split("\0")):
            (mode, blob, _), name = entry.split("\t")[0].split(), entry.partition("\t")[2]
            path = tree / name
            if mode == "120000" or (blob, path.name) in seen or not may_be_read(name) or not path.is_file():
                continue
            seen.add((blob, path.name))
            if path.stat().st_size <= MAX_BYTES:
                source = Source.from_bytes(name, path.read_bytes())
                kind = languages.kind_of(str(path), source.text)
                if kind and (re.search(MENTION, source.text) or _SETS_AIPP.search(source.text)):
                    yield File(str(path), source, kind)


def with_calls(files: Sequence[File]) -> list[File]:
    """The files, and once more each script that one of them calls, with the arguments of that call."""
    by_path = {file.path: file for file in files}
    found = dict.fromkeys(files)
    for file in files:
        for call in languages.read(file.kind, file.source, file.path).calls:
            path = posixpath.normpath(posixpath.join(posixpath.dirname(file.path), call.folder or "", call.script))
            script = by_path.get(path)
            if script is not None and script.kind == SHELL and not call.vague:
                found[script._replace(arguments=call.words)] = None
    return list(found)


def said_by(file: File) -> Said:
    """Read a file, and hold the rules about options against its commands."""
    extract = languages.read(file.kind, file.source, file.path, file.arguments)
    return _said(file, extract) if extract else Said({}, Counter())


def _said(file: File, extract: Extract) -> Said:
    values: dict[tuple[object, ...], object] = {}
    count: Counter[object] = Counter()
    for command in extract.commands:
        at = _at(command.head)
        key = (command.program, at, count[at])
        count[at] += 1
        values[key] = command.folder
        values |= {(*key, option.name): option.value for option in options_of_found(command.words).values()}
    for settings in extract.settings:
        values |= {("runtime", _at(settings.head), name): value for name, value in settings.runtime.values.items()}
    for config in extract.configs:
        values[("config", _at(config.text.place(0, 1)))] = config.path
    findings: Counter[tuple[object, ...]] = Counter()
    for found in builds_of(extract, file.path, "/", _gives(None), in_document=file.kind in DOCUMENTS):
        report = lint_source(None, [Use(found.build)])
        findings.update((f.code, _at(f.place)) for f in report.findings if f.severity is not Severity.INFO)
    return Said(values, findings)


def _at(place: Place) -> tuple[str, int]:
    return place.source.path, place.span.start


def yield_of(mechanism: Mechanism, files: Sequence[File], with_all: Sequence[Said]) -> Yield:
    """What a mechanism is good for in some files, of which ``with_all`` says what is found with all mechanisms."""
    found = Yield()
    with ExitStack() as stack:
        for target, instead in mechanism.parts.items():
            stack.enter_context(patch(target, instead))
        for file, whole in zip(files, with_all, strict=True):
            if file.kind in mechanism.kinds:
                found = found.plus(_difference(whole, said_by(file)))
    return found


def _difference(whole: Said, without: Said) -> Yield:
    lost = [key for key, value in whole.values.items() if value is not None and without.values.get(key) is None]
    commands = [key for key in whole.values if key[0] in (ATC, BENCHMARK) and len(key) == 3]
    new = [key for key in without.values if key not in whole.values]
    other = [
        key
        for key, value in without.values.items()
        if key in whole.values and value is not None and value != whole.values[key]
    ]
    return Yield(
        commands=sum(key not in without.values for key in commands),
        values=sum(len(key) > 3 or key[0] == "runtime" for key in lost),
        configurations=sum(key[-1] in CONFIGURATIONS or key[0] == "config" for key in lost),
        false_values=len(other),
        false_commands=sum(key[0] in (ATC, BENCHMARK) and len(key) == 3 for key in new),
        false_findings=sum((without.findings - whole.findings).values()),
    )


def table(folder: Path) -> Iterator[str]:
    """The lines of the table."""
    files = with_calls(list(files_in(folder)))
    with_all = [said_by(file) for file in files]
    keys = [(key, value) for said in with_all for key, value in said.values.items()]
    commands = sum(key[0] in (ATC, BENCHMARK) and len(key) == 3 for key, _ in keys)
    options = [value for key, value in keys if len(key) > 3 or key[0] == "runtime"]
    known = sum(value is not None for value in options)
    named = sum(value is not None for key, value in keys if key[-1] in CONFIGURATIONS or key[0] == "config")
    yield f"{len(files)} texts that name a program or set AIPP: {commands} commands, {known} of {len(options)} values"
    yield f"known, {named} configurations known by their paths or texts"
    yield f"{'':36} {'known only with it':>30}   {'false words that it avoids':>30}"
    columns = ("commands", "values", "configs", "values", "commands", "findings")
    yield f"{'mechanism':36} " + " ".join(f"{name:>9}" for name in columns)
    for mechanism in MECHANISMS:
        found = yield_of(mechanism, files, with_all)
        there = any(said.values for file, said in zip(files, with_all, strict=True) if file.kind in mechanism.kinds)
        remark = "" if found.earns else "  nothing" if there else "  nothing to read"
        yield f"{mechanism.name:36} " + " ".join(f"{count:9}" for count in found) + remark


def main(arguments: Sequence[str]) -> int:
    """Print the table; exit 2 where there is nothing to read."""
    folder = Path(arguments[0]) if len(arguments) == 1 else None
    if folder is None or not folder.is_dir() or not any((path / ".git").exists() for path in folder.iterdir()):
        print("usage: python -m tests.benchmarks.yields FOLDER    (FOLDER holds work trees of git)", file=sys.stderr)
        return 2
    for line in table(folder):
        print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
