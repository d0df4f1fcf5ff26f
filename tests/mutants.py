"""How many small mistakes in the code the tests notice: ``make mutants``, with cosmic-ray.

Draws COUNT mutants by SEED from the packages that decide what is an error. For each, it runs the tests that reach the
changed line, those of its module first, until one fails. All of it happens in a copy of this working tree. mutants.toml
lists mutants that mean the same as the code, with the reason. Exit code 1 if fewer than 95 of 100 others are killed.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import os
import random
import re
import shlex
import shutil
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator
from cosmic_ray.testing import run_tests
from coverage import CoverageData

from tests.checkout import ROOT, commit_all, copy_checkout

PACKAGES = ("aipplint/atc", "aipplint/config", "aipplint/rules")
EQUIVALENT = ROOT / "tests" / "mutants.toml"
WANTED = 0.95
OPERATORS = """
AddNot ExceptionReplacer NumberReplacer ReplaceAndWithOr ReplaceOrWithAnd ReplaceBreakWithContinue
ReplaceContinueWithBreak ReplaceFalseWithTrue ReplaceTrueWithFalse ReplaceUnaryOperator_Delete_Not
ReplaceUnaryOperator_Delete_USub ZeroIterationForLoop
ReplaceComparisonOperator_Eq_NotEq ReplaceComparisonOperator_NotEq_Eq ReplaceComparisonOperator_Is_IsNot
ReplaceComparisonOperator_IsNot_Is ReplaceComparisonOperator_Lt_LtE ReplaceComparisonOperator_LtE_Lt
ReplaceComparisonOperator_Gt_GtE ReplaceComparisonOperator_GtE_Gt
ReplaceBinaryOperator_Add_Sub ReplaceBinaryOperator_Sub_Add ReplaceBinaryOperator_Mul_FloorDiv
ReplaceBinaryOperator_FloorDiv_Mul ReplaceBinaryOperator_Div_Mul ReplaceBinaryOperator_Mod_FloorDiv
ReplaceBinaryOperator_BitAnd_BitOr
""".split()
"""The negations and the neighbours. Not those that end in a TypeError at once, such as `-` for `|` in an annotation."""
TESTS = [
    f"tests/test_{name}.py"
    for name in """
    cases crop_and_padding acl_ranges library colour build_advice layout releases cross_check one_cause whole_command
    tiling normalisation model_rules rule_pages suppressions build fixes literals geometry messages show options
    conformance
    """.split()
]
"""The tests of the rules, the quick ones first."""
_MEASURED = ("--cov", "--cov-context=test", "--cov-report=", "--cov-fail-under=0")
_ONLY = Path("only.txt")
_COVERAGE = Path(".bench/coverage")
_MAX_LINES = 3
"""Of a statement over several lines, coverage counts the first one: so many lines before it are looked at."""


class Mutant(NamedTuple):
    """One small change: the lines that it takes away and those that it puts there, without indentation."""

    module: str
    line: str
    mutant: str


def main() -> int:
    """Run a sample and tell how many were killed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=60)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        copy = copy_checkout(Path(folder))
        commit_all(copy)
        shutil.copytree(ROOT / "aipplint" / "_generated", copy / "aipplint" / "_generated")
        os.chdir(copy)
        return run(asked.seed, asked.count)


def run(seed: int, count: int) -> int:
    """Test a sample of mutants in the current folder, the copy."""
    modules = sorted(path for package in PACKAGES for path in Path(package).glob("*.py"))
    every = [(path, *change) for path in modules for change in changes(path)]
    sample = random.Random(seed).sample(every, min(count, len(every)))  # noqa: S311 - a sample, no secret
    began = time.monotonic()
    # Compiled here once: cosmic-ray's own runs write no compiled files.
    outcome, output = run_tests(f"env -u PYTHONDONTWRITEBYTECODE {command(TESTS, *_MEASURED)}", None)
    if outcome != "survived":
        print(output, "the tests fail without any mutant", sep="\n")
        return 2
    patience = 60 + 5 * (time.monotonic() - began)
    reached = CoverageData(str(_COVERAGE))
    reached.read()
    known, counts = equivalents(), {"killed": 0, "survived": 0, "equivalent": 0}
    for number, (path, operator, occurrence) in enumerate(sample, 1):
        told, killer = judge(path, operator, occurrence, known, reached, patience)
        counts[told] += 1
        print(f"{number}/{len(sample)} {told} {killer}", flush=True)
    killed, judged = counts["killed"], counts["killed"] + counts["survived"]
    print(f"{len(every)} mutants, {len(sample)} drawn with SEED={seed}: {counts['equivalent']} equivalent, ", end="")
    print(f"{killed} of {judged} killed ({killed / max(1, judged):.1%})")
    return int(killed < WANTED * judged)


def changes(path: Path) -> Iterator[tuple[str, int]]:
    """Yield what can be changed in a module: the operator of cosmic-ray and the how-manieth place for it."""
    nodes = list(ast_nodes(get_ast(path.read_text(encoding="utf-8"))))
    for name in OPERATORS:
        operator = get_operator(f"core/{name}")()
        places = sum(1 for node in nodes for _ in operator.mutation_positions(node))
        yield from ((name, occurrence) for occurrence in range(places))


def judge(
    path: Path, operator: str, occurrence: int, known: set[Mutant], reached: CoverageData, patience: float
) -> tuple[str, str]:
    """Return what became of a mutant, and which test killed it or what it is."""
    text = path.read_text(encoding="utf-8")
    mutated = mutate_code(text, get_operator(f"core/{operator}")(), occurrence)
    mutant, line = mutant_of(path, text, mutated)
    place = f"{path}:{line}"
    if mutant in known:
        return "equivalent", place
    _ONLY.write_text("\n".join(tests := tests_of(path, line, reached)), encoding="utf-8")
    path.write_text(mutated, encoding="utf-8")
    try:
        files = dict.fromkeys(test.split("::")[0] for test in tests)
        outcome, output = run_tests(f"env ONLY={_ONLY} {command(list(files), '-p', 'tests.only')}", patience)
    finally:
        path.write_text(text, encoding="utf-8")
    if not tests or outcome == "survived":
        return "survived", f"{place}\n  - {mutant.line}\n  + {mutant.mutant}"
    killer = re.search(r"^(?:FAILED|ERROR) (\S+)", output, re.MULTILINE)
    return "killed", f"{place} by {killer[1] if killer else output.strip().split(chr(10))[-1]}"


def mutant_of(path: Path, text: str, mutated: str) -> tuple[Mutant, int]:
    """Return what a mutant changes, and where."""
    before, after = text.splitlines(), mutated.splitlines()
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    _, start, end, start_after, end_after = next(code for code in matcher.get_opcodes() if code[0] != "equal")
    line, mutant = ("\n".join(map(str.strip, lines)) for lines in (before[start:end], after[start_after:end_after]))
    return Mutant(path.as_posix(), line, mutant), start + 1


def tests_of(path: Path, line: int, reached: CoverageData) -> list[str]:
    """Return the tests that reach a line, those about its module or its rules first."""
    by_line = reached.contexts_by_lineno(str(path.resolve()))
    statement = next((number for number in range(line, line - _MAX_LINES, -1) if by_line.get(number)), None)
    every = statement is None or runs_once(path, line)
    contexts = reached.measured_contexts() if every else by_line[statement or line]
    names = {context.rpartition("|")[0] for context in contexts} - {""}
    codes = re.findall(r'@rule\("(AIPP\d{3})"', path.read_text(encoding="utf-8"))
    about = {
        file: path.stem in file or any(code in Path(file).read_text(encoding="utf-8") for code in codes)
        for file in TESTS
    }

    def order(name: str) -> tuple[bool, int]:
        file = name.partition("::")[0]
        return not (about[file] or any(code in name for code in codes)), TESTS.index(file)

    return sorted(names, key=order)


def runs_once(path: Path, line: int) -> bool:
    """Whether a line concerns tests that do not reach it: it runs on import, or its function keeps its results."""
    functions = [
        node
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.body[0].lineno <= line <= (node.end_lineno or 0)
    ]
    return not functions or any("cache" in ast.unparse(mark).split(".") for f in functions for mark in f.decorator_list)


def command(files: list[str], *options: str) -> str:
    """Return the command line that runs tests until one fails."""
    fixed = ("-q", "-x", "-p", "no:cacheprovider", "--tb=no")
    return shlex.join([sys.executable, "-m", "pytest", *fixed, *options, *files])


def equivalents() -> set[Mutant]:
    """Return the mutants that mean the same as the code."""
    given: dict[str, list[dict[str, Any]]] = tomllib.loads(EQUIVALENT.read_text(encoding="utf-8"))
    return {Mutant(entry["module"], entry["line"], entry["mutant"]) for entry in given["equivalent"]}


if __name__ == "__main__":
    sys.exit(main())
