"""``python -m tests.benchmarks``: a table of what was measured, what it may be, and whether it is.

Ratios of whole processes, measured in one run on this machine, so the machine's own speed cancels out; then the calls
that families of growing inputs cost, which are the same on every machine.
"""

from __future__ import annotations

import argparse
import platform
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.benchmarks import families, inputs, measure, server
from tests.benchmarks.environment import Environment, expect_exit, prepare
from tests.checkout import ROOT

COUNT = 1000


class Row(NamedTuple):
    """One measurement: what aipplint took, what it is compared with, and the budget for the quotient.

    Without a comparison the budget is for ``mine`` itself.
    """

    what: str
    mine: float
    other: float | None
    budget: float
    unit: str

    @property
    def value(self) -> float:
        """What the budget is about."""
        return self.mine if self.other is None else self.mine / self.other

    @property
    def ok(self) -> bool:
        """Whether it keeps the budget."""
        return self.value <= self.budget


def rows(environment: Environment, folder: Path, runs: int) -> Iterator[Row]:
    """Measure everything."""
    lint, parse = environment.aipplint, environment.parse_only
    # In a folder of its own: what lies beside a file, and in the folder above, is looked at.
    one, yaml = inputs.one_file(folder / "alone"), inputs.one_yaml_file(folder / "alone")
    yamllint = (*environment.yamllint, "--strict", str(yaml))
    for command in ((*lint, str(one)), (*parse, str(one)), yamllint):
        expect_exit(command, folder, 0)
    mine, parsed, yamled = measure.seconds(((*lint, str(one)), (*parse, str(one)), yamllint), folder, runs)
    yield Row("one file of 30 lines / parse only", 1000 * mine, 1000 * parsed, 1.6, "ms")
    yield Row("one file of 30 lines / yamllint", 1000 * mine, 1000 * yamled, 0.8, "ms")

    many = folder / "many"
    paths = [str(path) for path in inputs.many_files(many, COUNT)]
    expect_exit((*lint, str(many)), folder, 0)
    mine, parsed = measure.seconds(((*lint, str(many)), (*parse, *paths)), folder, max(3, runs // 6))
    yield Row(f"{COUNT} files / parse only, one process", 1000 * mine, 1000 * parsed, 3.0, "ms")

    for kind, make in (("", inputs.long_file), (", many findings", inputs.long_faulty_file)):
        long, short = make(folder, 20_000), make(folder, 2_000)
        few = max(3, runs // 6)
        mine, base = measure.seconds(((*lint, str(long)), (*lint, str(short))), folder, few)
        yield Row(f"20,000 lines / 2,000 lines{kind}", 1000 * mine, 1000 * base, 12.0, "ms")
        mine, base = measure.seconds_in_process(environment.python, (long, short), folder, few)
        yield Row("  the same in process: without start-up", 1000 * mine, 1000 * base, 12.0, "ms")

    peaks = [measure.peak_memory((*lint, str(one)), folder) for _ in range(3)]
    yield Row("peak memory, one file", max(peaks), None, 40.0, "MB")

    model = inputs.large_model(folder)
    yield Row(
        "inputs of a model of 1 GB",
        1000 * measure.seconds_of_model(environment.python, model, folder, 9),
        None,
        50.0,
        "ms",
    )
    show = (*lint[:-1], "show", str(model))
    yield Row("  peak memory of showing them", measure.peak_memory(show, folder), None, 40.0, "MB")

    yield from repository_rows(lint, folder / "repository", max(3, runs // 6))

    keystrokes = server.measure(max(60, 7 * runs))
    yield Row("server: keystroke to diagnostics, 60 lines, p95", server.p95(keystrokes), None, server.BUDGET, "ms")


def repository_rows(lint: tuple[str, ...], folder: Path, runs: int) -> Iterator[Row]:
    """A large repository: finding what is said in it, against git's own search and linting what was found."""
    one = inputs.large_repository(folder)
    configs = sorted(str(path.relative_to(folder)) for path in folder.glob("models/*/*.cfg"))
    alone = (*lint, "--no-discovery", *inputs.BUILD, *configs)
    grep = ("git", "grep", "-l", "atc")
    expect_exit(lint, folder, 0)
    whole, linting, searching = measure.seconds((lint, alone, grep), folder, runs)
    what = "20,000 files / 3 x git grep + linting 300 of them"
    yield Row(what, 1000 * whole, 1000 * (3 * searching + linting), 1.0, "ms")
    # It works with three processes; together they may take 150 MB.
    yield Row("  peak memory, largest of its 3 processes", measure.peak_memory(lint, folder), None, 50.0, "MB")
    hook = (*lint, "--force-exclude", str(one.relative_to(folder)))
    yield Row("  one of its configurations", 1000 * measure.seconds((hook,), folder, runs)[0], None, 500.0, "ms")


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", allow_abbrev=False)
    parser.add_argument("--check", action="store_true", help="fail when a budget is exceeded")
    parser.add_argument("--runs", type=int, default=41, help="runs of the one-file commands (default: 41)")
    parser.add_argument("--environment", type=Path, default=ROOT / ".bench", help="folder to install aipplint in")
    arguments = parser.parse_args()
    environment = prepare(arguments.environment.resolve())
    print(f"Python {platform.python_version()}, {measure.cores()} cores; medians; times in ms, memory in MB")
    print(f"{'what':52} {'aipplint':>9} {'other':>9} {'ratio':>7} {'budget':>7}")
    over = 0
    with tempfile.TemporaryDirectory(prefix="aipplint-bench-") as folder:
        for row in rows(environment, Path(folder), arguments.runs):
            other = "" if row.other is None else f"{row.other:.1f}"
            ratio = "" if row.other is None else f"{row.value:.2f}"
            print(
                f"{row.what:52} {row.mine:9.1f} {other:>9} {ratio:>7} {row.budget:7.1f}  {'ok' if row.ok else 'OVER'}",
                flush=True,
            )
            over += not row.ok
    over += _print_families()
    return 1 if over and arguments.check else 0


def _print_families() -> int:
    """Print what families of growing inputs cost; returns how many cost more than they may."""
    print(f"\n{'calls, by the size of the input':52} {'small':>9} {'4 x':>9} {'ratio':>7} {'budget':>7}")
    over = 0
    for row in families.rows():
        told = f"{row.family.name:52} {row.small:9,} {row.large:9,} {row.large / row.small:7.2f}"
        print(f"{told} {4 * families.FACTOR:7.1f}  {'ok' if row.linear else 'OVER'}", flush=True)
        over += not row.linear
    return over


if __name__ == "__main__":
    sys.exit(main())
