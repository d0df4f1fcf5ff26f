"""What AIPP820 says of real repositories, held against programs that were judged by hand.

``python -m tests.field_training TABLE FOLDER FEEDING`` prints it as its second table. FEEDING has tabs and one row for
each program: ``repo`` (a folder of FOLDER), ``program`` (with a line), ``config`` and ``verdict`` (``wrong``, ``right``
or ``cannot tell``). It counts, for each verdict, the programs that are reported, that are read and not reported, and
of which nothing is known.
"""

from __future__ import annotations

import csv
import os
from collections import Counter, defaultdict
from pathlib import Path
from typing import NamedTuple

from aipplint.pipeline import lint_source
from aipplint.rules.fed import RULES
from aipplint.run.plan import feeding_of
from aipplint.run.session import Request, Session
from aipplint.source import Source

WRONG, RIGHT = "wrong", "right"


class Judged(NamedTuple):
    """A program that was judged, with the configuration of the model that it feeds."""

    program: str
    config: str
    verdict: str


def judged_in(table: Path) -> dict[str, list[Judged]]:
    """The judged programs by the folder of their work tree."""
    found: defaultdict[str, list[Judged]] = defaultdict(list)
    with table.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            found[row["repo"]].append(Judged(row["program"], row["config"], row["verdict"]))
    return dict(found)


def state_of(session: Session, judged: Judged) -> str:
    """Whether a program is reported, silent (it was read), or unknown."""
    path = judged.program.rpartition(":")[0]
    if not Path(judged.config).is_file():
        return "unknown"
    source = Source.from_bytes(judged.config, Path(judged.config).read_bytes())
    feeding = feeding_of(session, source)
    if feeding is None or all(one.fed.place.source.path != path for one in feeding.programs):
        return "unknown"
    findings = lint_source(source, rules=RULES, feeding=feeding).findings
    named = {related.place.source.path for finding in findings for related in finding.related}
    return "reported" if path in named else "silent"


def main(table: Path, folder: Path) -> int:
    """Print the counts; return 1 if a right program is reported, or if less than half of the wrong ones are."""
    count: Counter[tuple[str, str]] = Counter()
    wrong: list[str] = []
    for tree, rows in sorted(judged_in(table).items()):
        if not (folder / tree).is_dir():
            count["no work tree", "unknown"] += len(rows)
            continue
        before = Path.cwd()
        os.chdir(folder / tree)
        try:
            session = Session(Request(isolated=True, preview=True))
            for judged in rows:
                state = state_of(session, judged)
                count[judged.verdict, state] += 1
                if judged.verdict == (RIGHT if state == "reported" else WRONG):
                    wrong.append(f"wrong: {judged.verdict}, {state}: {tree} {judged.program}")
        finally:
            os.chdir(before)
    states = ("reported", "silent", "unknown")
    print(f"{'':14} " + " ".join(f"{state:>8}" for state in states))
    for verdict in dict.fromkeys(verdict for verdict, _ in count):
        print(f"{verdict:14} " + " ".join(f"{count[verdict, state]:8}" for state in states))
    found, false = count[WRONG, "reported"], count[RIGHT, "reported"]
    every = sum(number for (verdict, _), number in count.items() if verdict == WRONG)
    print(f"found: {found} of {every} wrong ones; precision: {found} of {found + false}")
    print("".join(f"{line}\n" for line in wrong), end="")
    return int(bool(false) or 2 * found < every)
