"""``python -m tests.previews CASES.jsonl``: how many tensors of the published kernel the preview computes bit for bit.

A case is one line of JSON: ``config``, ``image`` (``hex``: n images one after the other), ``model``, ``expected``
(little-endian halves or bytes as hex) and ``undefined``, the values that the kernel never writes.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from aipplint.preview import preview

CASES = Path(__file__).parent / "data" / "conformance" / "preview.jsonl"


def read_cases(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def is_of_previews(path: Path) -> bool:
    """Whether a file has cases of this kind."""
    with path.open(encoding="utf-8") as lines:
        return '"expected"' in next(lines, "")


def differing(case: dict[str, Any]) -> list[int]:
    """The indices of the values that differ in any bit, of those that the kernel writes."""
    image, expected = case["image"], case["expected"]
    tensor = preview(case["config"], bytes.fromhex(image["hex"]), image["width"], image["height"], case["model"])
    wide = np.dtype({"float16": "<u2", "uint8": "u1"}[expected["dtype"]])
    right = np.frombuffer(bytes.fromhex(expected["hex"]), wide)
    if list(tensor.shape) != expected["shape"] or tensor.dtype != expected["dtype"]:
        return list(range(len(right)))
    ours = np.frombuffer(tensor.tobytes(), wide)
    undefined = set(case.get("undefined", ()))
    return [int(index) for index in np.flatnonzero(ours != right) if int(index) not in undefined]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the counts by family, then the cases that differ; exit status 1 where one does."""
    parser = argparse.ArgumentParser(prog="python -m tests.previews", description=__doc__.partition("\n")[0])
    parser.add_argument("cases", nargs="*", type=Path, default=[CASES])
    found = [(case, differing(case)) for path in parser.parse_args(arguments).cases for case in read_cases(path)]
    equal = Counter(case["family"].partition("/")[0] for case, wrong in found if not wrong)
    every = Counter(case["family"].partition("/")[0] for case, _ in found)
    for family, count in every.items():
        print(f"{family:<20}{equal[family]:>5} of {count:>5}")
    print(f"{'all':<20}{equal.total():>5} of {every.total():>5}")
    for case, wrong in found:
        if wrong:
            print(f"{case['id']} {case['family']}: {len(wrong)} values differ, the first at {wrong[0]}; {case['note']}")
    return int(equal.total() < every.total())


if __name__ == "__main__":
    sys.exit(main())
