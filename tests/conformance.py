"""The measure of truth: how often aipplint agrees with the compiler and the runtime.

``python -m tests.conformance [CASES.jsonl ...]`` prints agreement by kind, and the disagreements, worst first. A case
is one line of JSON: a configuration (``hex``: one that is no text), its options and run-time settings, and the verdict
of the real code. Where cases name the ``source`` that they come from, agreement is printed by source as well. Without
files it takes those of tests/data/conformance. Files of images and tensors (tests/previews.py) are counted as such.

aipplint agrees with a verdict when it has an error exactly where the real code rejects. It agrees with the code, too,
when the code of a rejection is among those of its errors: the real code stops at the first complaint, aipplint
reports all. The kinds syntax, ops and options carry the verdict of what runs before the operator is compiled, so
that errors which only its compilation gives do not count there.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from aipplint import Finding, Severity, lint
from tests.previews import is_of_previews
from tests.previews import main as previews

FOLDER = Path(__file__).parent / "data" / "conformance"
KINDS = ("syntax", "ops", "options", "compile", "runtime")
FILES = {kind: (FOLDER / f"{kind}.jsonl", FOLDER / "second" / f"{kind}.jsonl") for kind in KINDS}
"""The cases of the project: those of the newest release, and those of a second generator with all products, releases
and strange option values."""
COMPILATION = frozenset(("E81012", "E70014", "EZ0009", "EZ0032", "EZ0033", "EZ0034"))
"""Codes of the operator's own compilation, those of Ascend 950 included."""
_BEFORE_COMPILATION = frozenset(("syntax", "ops", "options"))


class Case(NamedTuple):
    """One case; ``code`` is empty where the real code accepts, or rejects without a code.

    ``source`` is what made it, empty where nothing is said. ``forbidden`` marks what the real code lets pass although
    the manual forbids it: an error is right there.
    """

    name: str
    kind: str
    source: str
    config: str | bytes | None
    atc: dict[str, str]
    runtime: dict[str, Any] | None
    accepted: bool
    forbidden: bool
    code: str
    message: str


class Result(NamedTuple):
    """A case with the errors that count, and whether they agree with its verdict and with its code."""

    case: Case
    errors: tuple[Finding, ...]
    verdict: bool
    code: bool

    @property
    def trouble(self) -> str:
        """What kind of disagreement this is, or nothing."""
        if any(error.code == "AIPP903" for error in self.errors):
            return "a rule failed"
        if self.verdict:
            return "" if self.code else "another code"
        return "false error" if self.errors else "missed"


TROUBLES = ("a rule failed", "false error", "missed", "another code")
"""Disagreements, worst first: a false error sends people after mistakes that they have not made."""


def read_cases(paths: Iterable[Path]) -> Iterator[Case]:
    """The cases in some files."""
    for path in paths:
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                if line.strip():
                    yield _case(json.loads(line))


def _case(row: dict[str, Any]) -> Case:
    verdict = row["verdict"]
    accepted = verdict["accept"]
    config = bytes.fromhex(row["hex"]) if row.get("hex") else row["config"]
    return Case(
        name=row["id"],
        kind=row["kind"],
        source=row.get("source", ""),
        config=config,
        atc=row["atc"],
        runtime=row.get("runtime"),
        accepted=accepted,
        forbidden=accepted and verdict.get("documented") is False,
        code=verdict.get("code") or "",
        message=verdict.get("message", ""),
    )


def judge(case: Case) -> Result:
    """Lint a case and compare."""
    report = lint(case.config, path=f"{case.name}.cfg", atc=case.atc, runtime=case.runtime)
    ignored = COMPILATION if case.kind in _BEFORE_COMPILATION else frozenset()
    errors = tuple(f for f in report.findings if f.severity is Severity.ERROR and f.atc_code not in ignored)
    failed = any(error.code == "AIPP903" for error in errors)
    verdict = not failed and bool(errors) != (case.accepted and not case.forbidden)
    code = verdict and (not case.code or any(f.atc_code == case.code for f in errors))
    return Result(case, errors, verdict, code)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the comparison; exit status 1 where a kind is below ``--min``."""
    parser = argparse.ArgumentParser(prog="python -m tests.conformance", description=__doc__.partition("\n")[0])
    parser.add_argument("cases", nargs="*", type=Path, help="files of cases (default: those of tests/data/conformance)")
    parser.add_argument("--kind", choices=KINDS, action="append", help="only this kind; may be repeated")
    parser.add_argument("--limit", type=int, default=10, help="disagreements to show for each kind (default: 10)")
    parser.add_argument("--min", type=float, help="exit 1 if verdicts of a kind agree in less than this percentage")
    options = parser.parse_args(arguments)
    if options.cases and all(map(is_of_previews, options.cases)):
        return previews(list(map(str, options.cases)))
    paths = options.cases or [path for kind in options.kind or KINDS for path in FILES[kind]]
    cases = [case for case in read_cases(paths) if not options.kind or case.kind in options.kind]
    results = [judge(case) for case in cases]
    by_kind = {kind: of_kind for kind in KINDS if (of_kind := [r for r in results if r.case.kind == kind])}
    _print_table("kind", by_kind)
    sources = sorted({case.source for case in cases})
    by_source = {source: [r for r in results if r.case.source == source] for source in sources}
    if any(sources):
        print()
        _print_table("source", by_source)
    for kind, of_kind in by_kind.items():
        _print_disagreements(kind, of_kind, options.limit)
    print(_row("all", results))
    lowest = min((_share(of_kind) for of_kind in by_kind.values()), default=100.0)
    return int(options.min is not None and lowest < options.min)


def _share(results: list[Result]) -> float:
    """How many verdicts agree, in per cent."""
    return 100 * sum(result.verdict for result in results) / len(results)


def _print_table(title: str, groups: dict[str, list[Result]]) -> None:
    print(f"{title:<10}{'cases':>6}{'verdict':>16}{'code':>16}")
    for name, results in groups.items():
        print(_row(name or "-", results))


def _row(name: str, results: list[Result]) -> str:
    size = len(results)
    cells = []
    for agreed in (sum(result.verdict for result in results), sum(result.code for result in results)):
        cells.append(f"{agreed:>6} {_percent(agreed, size):>8}")
    return f"{name:<10}{size:>6} {cells[0]} {cells[1]}"


def _percent(part: int, whole: int) -> str:
    """A percentage that says 100 only where it is."""
    share = 100 * part / whole if whole else 100.0
    return f"{min(share, 99.99) if part < whole else 100.0:.2f} %"


def _print_disagreements(kind: str, results: list[Result], limit: int) -> None:
    wrong = sorted((r for r in results if r.trouble), key=lambda r: (TROUBLES.index(r.trouble), r.case.name))
    if not wrong:
        return
    counts = ", ".join(f"{sum(r.trouble == trouble for r in wrong)} {trouble}" for trouble in TROUBLES)
    print(f"\n{kind}: {counts}")
    for result in wrong[:limit]:
        case = result.case
        wanted = "accepted" if case.accepted else f"{case.code or 'rejected'} {case.message}".rstrip()
        if case.forbidden:
            wanted += ", though the manual forbids it"
        said = "; ".join(f"{f.code} ({f.atc_code or 'no code'}) {f.message}" for f in result.errors) or "no error"
        print(f"  {case.name} {result.trouble}\n    real: {wanted}\n    aipplint: {said}")
    if len(wrong) > limit:
        print(f"  ... and {len(wrong) - limit} more (--limit)")


if __name__ == "__main__":
    sys.exit(main())
