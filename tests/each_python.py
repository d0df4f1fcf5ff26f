"""What has to work on every Python, without any dependency: a program for test_pythons.py, which runs it with each.

It compiles every module, and prints the pages of all rules, the fields with their rules and what is found in the
example deployment when no scripts are read. Warnings are errors.
"""

from __future__ import annotations

import os
import sys
import warnings
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Do all of it; an exception ends the program."""
    warnings.simplefilter("error")
    sys.dont_write_bytecode = True
    for path in sorted((*ROOT.glob("*.py"), *ROOT.glob("aipplint/**/*.py"), *ROOT.glob("tests/*.py"))):
        compile(path.read_bytes(), path, "exec")

    sys.path.insert(0, str(ROOT))
    from aipplint.cli import main as aipplint
    from aipplint.rules import RULES

    os.chdir(ROOT / "examples")
    assert aipplint(["rule", *(rule.code for rule in RULES)]) == 0
    assert aipplint(["field", "--output-format=json"]) == 0
    build = ("--no-discovery", "--dynamic-image-size=416,416;832,832", "--input-shape=data:8,3,-1,-1")
    assert aipplint(["check", "--output-format=concise", *build, "deploy"]) == 1


if __name__ == "__main__":
    main()
