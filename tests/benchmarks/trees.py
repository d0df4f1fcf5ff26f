"""How long real work trees take: ``make bench FIELD=FOLDER``, before the yields of the readers.

FOLDER holds work trees of git, one folder each. In each one, the check of everything and the check of one configuration
are compared with git's own search for the words that matter, and the latter with the check without discovery.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from aipplint.project.recognise import is_named
from aipplint.project.repository import WORDS
from tests.benchmarks import measure
from tests.benchmarks.environment import prepare
from tests.checkout import ROOT

RUNS = 3


def search() -> tuple[str, ...]:
    """The command with which git searches for the words that matter."""
    return ("git", "grep", "-lzaF", "--untracked", *(part for word in WORDS for part in ("-e", word)))


def configuration_in(tree: Path) -> str | None:
    """The configuration in the middle of those that are named like one; None if there is none."""
    listed = subprocess.run(("git", "ls-files", "-z"), cwd=tree, capture_output=True, check=True).stdout
    paths = [path for path in listed.decode(errors="surrogateescape").split("\0") if path]
    named = sorted(path for path in paths if is_named(path.rpartition("/")[2]) and (tree / path).is_file())
    return named[len(named) // 2] if named else None


def rows(lint: tuple[str, ...], trees: Path) -> Iterator[tuple[str, list[float]]]:
    """Each work tree with its milliseconds: search, everything, one configuration, that without discovery."""
    for tree in sorted(path for path in trees.iterdir() if (path / ".git").exists()):
        one = configuration_in(tree)
        alone = ((*lint, one), (*lint, "--no-discovery", one)) if one is not None else ()
        taken = measure.seconds((search(), (*lint, "."), *alone), tree, RUNS)
        yield tree.name, [1000 * seconds for seconds in taken]


def main() -> int:
    """Print the table."""
    environment = prepare((ROOT / ".bench").resolve())
    print(f"\n{'ms, medians':44} {'git grep':>9} {'check':>9} {'ratio':>7} {'one':>9} {'ratio':>7} {'alone':>7}")
    for name, (searched, whole, *rest) in rows(environment.aipplint, Path(sys.argv[1]).resolve()):
        told = f"{name[:44]:44} {searched:9.0f} {whole:9.0f} {whole / searched:7.1f}"
        if rest:
            told += f" {rest[0]:9.0f} {rest[0] / searched:7.1f} {rest[1]:7.0f}"
        print(told, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
