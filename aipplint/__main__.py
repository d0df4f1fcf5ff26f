"""``python -m aipplint``."""

from __future__ import annotations

from aipplint.cli import program

if __name__ == "__main__":
    program()
