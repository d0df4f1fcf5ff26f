"""What AIPP510 and AIPP820 say of real repositories, held against rows that were judged by hand.

``python -m tests.field_training TABLE FOLDER [FEEDING]``: FOLDER holds work trees, one folder each. TABLE has tabs and
one row for each configuration and place in code: ``repo`` (a folder of FOLDER), ``config``, ``levels`` and
``config_verdict`` (``agree``, ``differ-true``, ``differ-trap`` or another). It prints, for each verdict, how many
configurations are reported, agree, or are tied to no code; then the wrong ones. Exit 1 if a configuration that agrees
or is a trap is reported, or if one that differs is not, or not with its level. FEEDING is a table of programs
(tests/field_feeding.py).
"""

from __future__ import annotations

import csv
import os
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from aipplint.config.config import read_config
from aipplint.config.normalisation import channels_of
from aipplint.run.plan import training_of
from aipplint.run.session import Request, Session
from aipplint.source import Source
from aipplint.syntax.parser import parse
from aipplint.training.normalisation import AGREES, levels_of
from tests import field_feeding

TRUE, AGREE, TRAP = "differ-true", "agree", "differ-trap"
TOLERANCE = 0.1
"""Levels by which a level may be away from the judged one."""


class Judged(NamedTuple):
    """A configuration that was judged, with the levels of its places."""

    path: str
    verdict: str
    levels: tuple[float, ...]


def judged_in(table: Path) -> dict[str, list[Judged]]:
    """The judged configurations by the folder of their work tree."""
    rows: defaultdict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
    with table.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            rows[row["repo"], row["config"]].append(row)
    found: defaultdict[str, list[Judged]] = defaultdict(list)
    for (tree, path), of_config in rows.items():
        levels = tuple(float(row["levels"]) for row in of_config if row["levels"])
        found[tree].append(Judged(path, of_config[0]["config_verdict"], levels))
    return dict(found)


def levels_in(session: Session, path: str) -> float | None:
    """The difference to the nearest place that counts, in levels of 255; None if no code is tied to it."""
    source = Source.from_bytes(path, Path(path).read_bytes())
    training = training_of(session, source)
    if training is None:
        return None
    op = read_config(source, parse(source)).ops[0]
    found = (levels_of(channels_of(op), place) for place in training.places)
    return min((max(levels) for levels in found if levels), default=None)


def outcomes(tree: Path, judged: Sequence[Judged]) -> Iterator[tuple[Judged, float | None]]:
    """Each configuration of a work tree that is there, with its levels."""
    before = Path.cwd()
    os.chdir(tree)
    try:
        session = Session(Request(isolated=True))
        for one in judged:
            if Path(one.path).is_file():
                yield one, levels_in(session, one.path)
    finally:
        os.chdir(before)


def is_wrong(judged: Judged, levels: float | None) -> bool:
    """Whether the outcome is not the judged one."""
    reported = levels is not None and levels >= AGREES
    if judged.verdict == TRUE:
        return not reported or all(abs((levels or 0) - known) > TOLERANCE for known in judged.levels)
    return reported and judged.verdict in (AGREE, TRAP)


def main(words: Sequence[str]) -> int:
    """Print the counts for the work trees of the folder that is named."""
    if len(words) not in (2, 3):
        print("usage: python -m tests.field_training TABLE FOLDER [FEEDING]", file=sys.stderr)
        return 2
    code = training(Path(words[0]), Path(words[1]))
    if len(words) == 3:
        print()
        code |= field_feeding.main(Path(words[2]), Path(words[1]))
    return code


def training(table: Path, trees: Path) -> int:
    """Print the table of training code."""
    count: Counter[tuple[str, str]] = Counter()
    wrong: list[str] = []
    for tree, judged in sorted(judged_in(table).items()):
        folder = trees / tree
        if not folder.is_dir():
            count["no work tree", "all"] += len(judged)
            continue
        for one, levels in outcomes(folder, judged):
            state = "untied" if levels is None else "agrees" if levels < AGREES else "reported"
            count[one.verdict, state] += 1
            if is_wrong(one, levels):
                wrong.append(f"wrong: {one.verdict}, {state}: {tree} {one.path}")
    verdicts = dict.fromkeys(verdict for verdict, _ in count)
    print(f"{'':14} {'reported':>8} {'agrees':>8} {'untied':>8}")
    for verdict in verdicts:
        print(f"{verdict:14} " + " ".join(f"{count[verdict, state]:8}" for state in ("reported", "agrees", "untied")))
    tied = sum(number for (verdict, state), number in count.items() if verdict in (AGREE, TRUE) and state != "untied")
    known = sum(number for (verdict, _), number in count.items() if verdict in (AGREE, TRUE))
    print(f"tied: {tied} of {known} with a counterpart")
    print("".join(f"{line}\n" for line in wrong), end="")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
