"""What aipplint finds in real repositories, counted: ``python -m tests.field FOLDER``.

FOLDER holds work trees, one folder each. For every tree it prints how many commands were found, how many of their
options have a known value, how many name a configuration that is there (links), how many ``--input_shape`` are known to
the last number, and how many profiles these give. A change of a reader must not lower them without a reason. Exit 2
where there is no tree to count in.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

from aipplint.atc.shapes import read_shapes

_LINKED = ("here", "written")


class Recall(NamedTuple):
    """What was found in a tree, or in several."""

    commands: int = 0
    options: int = 0
    links: int = 0
    shapes: int = 0
    profiles: int = 0

    def plus(self, other: Recall) -> Recall:
        """What was found in both."""
        return Recall(*(one + two for one, two in zip(self, other, strict=True)))

    def line(self, name: str) -> str:
        """A line of the table."""
        return f"{name:44} " + " ".join(f"{count:9}" for count in self)


def recall_of(listed: dict[str, Any]) -> Recall:
    """The counts of what ``aipplint builds --output-format=json`` lists."""
    found = [build for build in listed["builds"] if build["source"] != "settings"]
    shapes = [build["options"].get("input_shape", "") for build in found]
    return Recall(
        len(found),
        sum(len(build["options"]) for build in found),
        sum(build["state"] in _LINKED for build in found),
        sum(map(_is_known, shapes)),
        sum(len(build["profiles"]) for build in found),
    )


def _is_known(shape: str) -> bool:
    """Whether every dimension of every input is a number or a range."""
    return bool(shape) and all(dim.value is not None for one in read_shapes(shape) for dim in one.dims)


def recall_in(tree: Path) -> Recall:
    """The counts of a work tree."""
    command = [sys.executable, "-m", "aipplint", "builds", "--quiet", "--output-format=json", "."]
    run = subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False)
    if run.returncode not in (0, 1):
        sys.exit(f"{tree}: aipplint builds ended with {run.returncode}: {run.stderr.strip()}")
    return recall_of(json.loads(run.stdout))


def trees_in(folder: Path) -> list[Path]:
    """The work trees in a folder, in order; none where it is not there."""
    return sorted(path for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []


def main(words: list[str]) -> int:
    """Print the counts for the trees of the folder that is named."""
    if len(words) != 1:
        print("usage: python -m tests.field FOLDER", file=sys.stderr)
        return 2
    trees = trees_in(Path(words[0]))
    if not trees:
        print(f"{words[0]} holds no work trees: nothing is counted", file=sys.stderr)
        return 2
    print(f"{'':44} " + " ".join(f"{name:>9}" for name in Recall._fields))
    total = Recall()
    for tree in trees:
        recall = recall_in(tree)
        total = total.plus(recall)
        print(recall.line(tree.name), flush=True)
    print(total.line("all"))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
