"""The programs whose commands are searched for: their names, and the words that a text with a command contains."""

from __future__ import annotations

ATC_NAMES = frozenset(("atc", "atc.bin"))
BENCHMARK_NAMES = frozenset(("ais_bench", "ais-bench"))
"""The benchmark tool, as a program and as a module of Python."""
SUITES = frozenset(("msit", "ait"))
"""Programs whose command ``benchmark`` is the benchmark tool."""
BENCHMARK_SCRIPT = "ais_infer.py"
"""The name of the benchmark tool before it was a module."""

WORDS = ("atc", "ais_bench", "ais_infer", "msit", "ait")
"""Each text that names one of the programs contains one of these."""

MENTION = rf"(?<![A-Za-z0-9])(?:{'|'.join(WORDS)})(?![A-Za-z0-9])"
"""A pattern for one of those words as a whole word."""
ATC_PATTERN = r"atc(?:\.bin)?"
BENCHMARK_PATTERN = r"ais_bench|(?:msit|ait)\s+benchmark|python[\d.]*\s+(?:-m\s+ais_bench|\S*ais_infer\.py)"
"""The programs as written at the beginning of a command line, without a folder."""
