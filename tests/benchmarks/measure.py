"""Measuring: whole processes in turn, so that a busy moment of the machine meets both sides alike."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from time import perf_counter

from tests.checkout import clean_environment

# Times each of the files in the arguments, in turn, and prints the least of a few runs for each. The garbage collector
# is set as the command line sets it.
_IN_PROCESS = """
import gc, sys, time
import aipplint
from aipplint.cli import GARBAGE
gc.set_threshold(GARBAGE)
sources = [open(path, "rb").read() for path in sys.argv[2:]]
best = [9e9] * len(sources)
for _ in range(int(sys.argv[1])):
    for index, source in enumerate(sources):
        start = time.perf_counter()
        aipplint.lint(source)
        best[index] = min(best[index], time.perf_counter() - start)
print(*best)
"""

# Times the reading of a model, as above.
_MODEL = """
import sys, time
from aipplint.models import ge, mindir, om, onnx, read, tensorflow
from aipplint.project.models import read_model
best = 9e9
for _ in range(int(sys.argv[1])):
    start = time.perf_counter()
    assert read_model(sys.argv[2]).readable
    best = min(best, time.perf_counter() - start)
print(best)
"""

# Starts a command and prints the peak of its memory in KiB. A process counts what the one that started it held at
# that moment, so this small one stands between.
_PEAK = """
import os, sys
null = os.open(os.devnull, os.O_RDWR)
files = [(os.POSIX_SPAWN_DUP2, null, fd) for fd in (0, 1, 2)]
child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=files)
print(os.wait4(child, 0)[2].ru_maxrss, flush=True)
"""


def seconds(commands: Sequence[Sequence[str]], folder: Path, runs: int) -> list[float]:
    """Median wall time of each command, which are run in turn."""
    env = clean_environment()
    times: list[list[float]] = [[] for _ in commands]
    for turn in range(runs + 1):
        for command, taken in zip(commands, times, strict=True):
            start = perf_counter()
            subprocess.run(
                command, cwd=folder, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False
            )
            if turn:
                taken.append(perf_counter() - start)
    return [median(taken) for taken in times]


def seconds_in_process(python: str, paths: Sequence[Path], folder: Path, runs: int) -> list[float]:
    """Least time of ``aipplint.lint`` for each file, start-up not counted."""
    return _timed(python, _IN_PROCESS, paths, folder, runs)


def seconds_of_model(python: str, path: Path, folder: Path, runs: int) -> float:
    """Least time of reading a model's inputs, start-up not counted."""
    return _timed(python, _MODEL, [path], folder, runs)[0]


def _timed(python: str, code: str, paths: Sequence[Path], folder: Path, runs: int) -> list[float]:
    command = [python, "-c", code, str(runs), *map(str, paths)]
    done = subprocess.run(
        command, cwd=folder, env=clean_environment(), capture_output=True, encoding="utf-8", check=True
    )
    return [float(word) for word in done.stdout.split()]


def peak_memory(command: Sequence[str], folder: Path) -> float:
    """Peak of resident memory of a command, in MB (10**6 bytes)."""
    launcher = [sys.executable, "-I", "-S", "-c", _PEAK, *command]
    done = subprocess.run(
        launcher, cwd=folder, env=clean_environment(), capture_output=True, encoding="utf-8", check=True
    )
    return int(done.stdout) * 1024 / 1e6


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0))
