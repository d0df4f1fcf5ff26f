"""The measure of truth: how often aipplint agrees with the compiler and the runtime.

``python -m tests.conformance [CASES.jsonl ...]`` prints agreement by kind, and the disagreements, worst first. A case
is one line of JSON: a configuration, its options and run-time settings, and the verdict of the real code. Without files
it takes those of tests/data/conformance.

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

FOLDER = Path(__file__).parent / "data" / "conformance"
KINDS = ("syntax", "ops", "options", "compile", "runtime")
COMPILATION = frozenset(("E81012", "E70014"))
"""Codes of the operator's own compilation."""
_BEFORE_COMPILATION = frozenset(("syntax", "ops", "options"))


class Case(NamedTuple):
    """One case; ``code`` is empty where the real code accepts, or rejects without a code.

    ``forbidden`` marks what the real code lets pass although the manual forbids it: an error is right there.
    """

    name: str
    kind: str
    config: str | None
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
    forbidden = accepted and verdict.get("documented") is False
    code, message = verdict.get("code") or "", verdict.get("message", "")
    return Case(
        row["id"], row["kind"], row["config"], row["atc"], row.get("runtime"), accepted, forbidden, code, message
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
    paths = options.cases or [FOLDER / f"{kind}.jsonl" for kind in KINDS]
    cases = [case for case in read_cases(paths) if not options.kind or case.kind in options.kind]
    results = [judge(case) for case in cases]
    present = [kind for kind in KINDS if any(case.kind == kind for case in cases)]
    lowest = 100.0
    print(f"{'kind':<10}{'cases':>6}{'verdict':>16}{'code':>16}")
    for kind in present:
        of_kind = [result for result in results if result.case.kind == kind]
        print(_row(kind, of_kind))
        lowest = min(lowest, 100 * sum(result.verdict for result in of_kind) / len(of_kind))
    for kind in present:
        _print_disagreements(kind, [result for result in results if result.case.kind == kind], options.limit)
    print(_row("all", results))
    return int(options.min is not None and lowest < options.min)


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
