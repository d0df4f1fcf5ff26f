"""The programs whose commands are searched for: their names, and the words that a text with a command contains."""

from __future__ import annotations

ATC_NAMES = frozenset(("atc", "atc.bin"))
BENCHMARK_NAMES = frozenset(("ais_bench", "ais-bench"))
"""The benchmark tool, as a program and as a module of Python."""
SUITES = frozenset(("msit", "ait"))
"""Programs whose command ``benchmark`` is the benchmark tool."""
BENCHMARK_SCRIPT = "ais_infer.py"
"""What the benchmark tool was, before it was a module."""

WORDS = ("atc", "ais_bench", "ais_infer", "msit", "ait")
"""One of these stands in every text that names one of the programs."""

MENTION = rf"(?<![A-Za-z0-9])(?:{'|'.join(WORDS)})(?![A-Za-z0-9])"
"""A pattern that finds one of those words, standing by itself."""
ATC_PATTERN = r"atc(?:\.bin)?"
BENCHMARK_PATTERN = r"ais_bench|(?:msit|ait)\s+benchmark|python[\d.]*\s+(?:-m\s+ais_bench|\S*ais_infer\.py)"
"""The programs as they stand at the beginning of a command line, without a folder."""
