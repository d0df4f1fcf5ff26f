"""Real files: what aipplint says of the corpus, against the verdict of the real parser and mistakes found by hand.

``python -m tests.corpus ../shared/corpus`` prints where it differs from the ``compiler`` column of configs.tsv, and
what it says at each row of mistakes.tsv. The files belong to others: they are read where they are and never copied.
Templates in other languages (kind ``py``) have no verdict of their own.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from aipplint import Finding, Severity, lint
from tests.conformance import COMPILATION

FOLDER = Path(__file__).parent.parent.parent / "shared" / "corpus"


class File(NamedTuple):
    """One file of the corpus, and whether the compiler's parser and checks accept it (None: a template)."""

    name: str
    accepted: bool | None
    encoding: str
    data: bytes


class Mistake(NamedTuple):
    """A row of mistakes.tsv: true, likely, note, trap or dialect; ``needs`` is what one must know to see it."""

    name: str
    kind: str
    verdict: str
    needs: str
    detail: str


def read_files(folder: Path) -> Iterator[File]:
    """The configurations, in the order of configs.tsv."""
    for row in _rows(folder / "configs.tsv"):
        data = (folder / "configs" / f"{row['id']}.cfg").read_bytes()
        accepted = None if row["kind"] == "py" else row["compiler"] == "accept"
        yield File(row["id"], accepted, row["encoding"], data)


def read_mistakes(folder: Path) -> Iterator[Mistake]:
    """The known mistakes and traps in these files (not those in commands and programs, which are not here)."""
    for row in _rows(folder / "mistakes.tsv"):
        if row["id"].isdigit():
            yield Mistake(row["id"], row["class"], row["verdict"], row["needs"], row["detail"])


def _rows(path: Path) -> Iterator[dict[str, str]]:
    head, *lines = path.read_text(encoding="utf-8").splitlines()
    for line in lines:
        yield dict(zip(head.split("\t"), [*line.split("\t"), ""], strict=False))


def findings(file: File) -> tuple[Finding, ...]:
    """What aipplint says of a file alone."""
    return lint(file.data, path=f"{file.name}.cfg").findings


def errors(file: File) -> list[Finding]:
    """The errors that count: those of the stages before the operator is compiled."""
    return [f for f in findings(file) if f.severity is Severity.ERROR and f.atc_code not in COMPILATION]


def agrees(file: File) -> bool:
    """Whether aipplint accepts and rejects as the compiler does."""
    return file.accepted is None or file.accepted is not bool(errors(file))


def _line(finding: Finding) -> str:
    position = finding.place.source.position(finding.span.start)
    return f"{position.line}:{position.column} {finding.severity} {finding.code} {finding.message}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the comparison; the exit status is always 0."""
    parser = argparse.ArgumentParser(prog="python -m tests.corpus", description=__doc__.partition("\n")[0])
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER, help="the corpus (default: ../shared/corpus)")
    folder: Path = parser.parse_args(arguments).folder
    files = {file.name: file for file in read_files(folder)}
    wrong = [file for file in files.values() if not agrees(file)]
    judged = [file for file in files.values() if file.accepted is not None]
    print(f"{len(files)} files; of {len(judged)} with a verdict {len(judged) - len(wrong)} agree")
    for file in wrong:
        said = "; ".join(map(_line, errors(file))) or "no error"
        print(f"  {file.name} is {'accepted' if file.accepted else 'rejected'}; aipplint: {said}")
    for mistake in read_mistakes(folder):
        print(f"\n{mistake.name} {mistake.kind} ({mistake.verdict}, needs {mistake.needs}): {mistake.detail}")
        for finding in findings(files[mistake.name]):
            print(f"    {_line(finding)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
