"""``python -m aipplint``."""

from __future__ import annotations

import sys

if __name__ == "__main__":
    # Python looks for every module in the current folder first, which may be a stranger's.
    if not sys.flags.safe_path:
        del sys.path[0]

    from aipplint.cli import program

    program()
