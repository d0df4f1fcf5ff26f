"""``python -m tests.fuzz``: attack for some seconds; what is found is printed, and kept in a folder to look at.

Every round has a source of chance of its own, made of the seed and its number: ``--seed N --round M`` repeats one.
"""

from __future__ import annotations

import argparse
import gc
import hashlib
import json
import os
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path
from random import Random

from aipplint.cli import GARBAGE
from tests.checkout import ROOT
from tests.fuzz import server
from tests.fuzz.attacks import ATTACKS, Given
from tests.fuzz.mutations import Mutator

HANG = 20.0
"""Seconds of the processor after which a round counts as a hang."""
SLOW = 1.0
"""Seconds of the processor from which on a round is told of: its input is small."""
_EVERY = 60.0
"""Seconds between two lines about the state."""
_SERVER_EVERY = 2_000
"""Rounds between two sessions of the server."""
_CONFIG = "aipp_op { aipp_mode: static input_format: YUV420SP_U8 crop: true crop_size_w: 224 crop_size_h: 224 }\n"


class Hang(BaseException):
    """A round that does not end. Nothing catches it on the way."""


class Fuzzer:
    """Counts rounds and keeps what they find."""

    def __init__(self, seed: int, folder: Path) -> None:
        self.seed = seed
        self.folder = folder
        self.rounds: Counter[str] = Counter()
        self.found: Counter[str] = Counter()

    def round(self, number: int, only: str = "") -> None:
        """Attack once."""
        mutator = Mutator(Random(f"{self.seed}/{number}"))
        names = [only] if only else list(ATTACKS)
        weights = [ATTACKS[name][0] for name in names]
        name = mutator.random.choices(names, weights)[0]
        given = Given()
        self.rounds[name] += 1
        started = time.process_time()
        signal.setitimer(signal.ITIMER_VIRTUAL, HANG)
        try:
            ATTACKS[name][1](mutator, given)
        except (Exception, Hang) as error:
            self._note(name, number, error, given)
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        took = time.process_time() - started
        if took > SLOW:
            self._note(name, number, TimeoutError("slow"), given)

    def session(self, number: int) -> None:
        """Attack the server once."""
        try:
            self.rounds["server"] += server.attack(Mutator(Random(f"{self.seed}/{number}")))
        except Exception as error:
            self._note("server", number, error, Given())

    def _note(self, name: str, number: int, error: BaseException, given: Given) -> None:
        """Print a finding the first times that it is made, and keep its input."""
        last = traceback.extract_tb(error.__traceback__)[-1:]
        where = f"{Path(last[0].filename).name}:{last[0].lineno}" if last else ""
        kind = f"{name}: {type(error).__name__} {where} {str(error)[:80]}".replace("\n", " ")
        self.found[kind] += 1
        if self.found[kind] > 3:
            return
        text = f"SEED={self.seed} ROUND={number}\n{''.join(traceback.format_exception(error))}\n"
        text += "".join(f"{part} = {value!r}\n" for part, value in given.parts.items())
        self.folder.mkdir(parents=True, exist_ok=True)
        file = self.folder / f"{name}-{hashlib.sha256(text.encode('utf-8', 'replace')).hexdigest()[:10]}.txt"
        file.write_text(text, "utf-8", "backslashreplace")
        print(f"FOUND {kind!a} SEED={self.seed} ROUND={number} {file}", flush=True)


def main() -> int:
    """Attack until the time is over; exit code 1 where something was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", allow_abbrev=False)
    parser.add_argument("--seconds", type=float, default=60.0, help="how long (default: 60)")
    parser.add_argument("--seed", type=int, default=None, help="where chance begins (default: another one every time)")
    parser.add_argument("--round", type=int, default=None, help="repeat this round alone")
    parser.add_argument("--only", choices=tuple(ATTACKS), default="", help="one attack alone")
    parser.add_argument("--folder", type=Path, default=ROOT / ".fuzz", help="where findings are kept")
    arguments = parser.parse_args()
    seed = Random().randrange(10**6) if arguments.seed is None else arguments.seed
    print(f"SEED={seed}", flush=True)
    fuzzer = Fuzzer(seed, arguments.folder.resolve())
    gc.set_threshold(GARBAGE)
    signal.signal(signal.SIGVTALRM, _hang)
    with tempfile.TemporaryDirectory(prefix="aipplint-fuzz-") as folder:
        os.chdir(folder)
        Path("aipp.cfg").write_text(_CONFIG, "utf-8")
        if arguments.round is None:
            _run(fuzzer, arguments.seconds, arguments.only)
        else:
            fuzzer.round(arguments.round, arguments.only)
        os.chdir(ROOT)
    print(f"SEED={seed} rounds {json.dumps(fuzzer.rounds)} found {json.dumps(fuzzer.found)}")
    return 1 if fuzzer.found else 0


def _run(fuzzer: Fuzzer, seconds: float, only: str) -> None:
    started = said = time.monotonic()
    number = 0
    while time.monotonic() - started < seconds:
        fuzzer.round(number, only)
        if number % _SERVER_EVERY == _SERVER_EVERY - 1 and not only:
            fuzzer.session(number)
        number += 1
        if time.monotonic() - said > _EVERY:
            said = time.monotonic()
            print(f"{said - started:.0f} s: {json.dumps(fuzzer.rounds)}, found {fuzzer.found.total()}", flush=True)


def _hang(_signal: int, _frame: object) -> None:
    raise Hang(f"more than {HANG:.0f} s")


if __name__ == "__main__":
    sys.exit(main())
