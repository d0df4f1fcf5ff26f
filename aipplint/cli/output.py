"""Output functions of all commands."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from aipplint.errors import UsageError, silence_output


def emit(text: str) -> None:
    """Print to standard output. It is not an error if the reader has closed it: ``aipplint check . | head``."""
    _print(lambda: sys.stdout.write(text))


def emit_bytes(data: bytes) -> None:
    """Print bytes unchanged, such as the text of a file in its own encoding."""
    _print(lambda: sys.stdout.buffer.write(data))


def _print(write: Callable[[], object]) -> None:
    try:
        write()
        sys.stdout.flush()
    except BrokenPipeError:
        silence_output()
    except OSError as error:
        from aipplint.project.reading import reason_of

        silence_output()
        raise UsageError(f"cannot write to standard output: {reason_of(error)}") from error


def save(path: str, text: str) -> None:
    """Write a report to a file completely or not at all; directly if it is not a regular file (/dev/null, a pipe)."""
    from aipplint.project.writing import write_file

    try:
        write_file(path, text.encode("utf-8", "backslashreplace"))
    except OSError as error:
        from aipplint.project.reading import reason_of

        raise UsageError(f"cannot write {path}: {reason_of(error)}") from error


def complain(line: str) -> None:
    """Print one line to standard error, as coming from aipplint."""
    try:
        sys.stderr.write(f"aipplint: {line}\n")
        sys.stderr.flush()
    except (OSError, ValueError):
        # Nobody is listening there.
        return


def wants_color(choice: str) -> bool:
    """Return whether to colour: by the option, else by NO_COLOR and FORCE_COLOR, else on a terminal."""
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR", "0") != "0":
        return True
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def plural(count: int, word: str) -> str:
    """``1 file``, ``2 files``."""
    return f"{count} {word}" if count == 1 else f"{count} {word}s"
