"""``python -m tests.benchmarks.server``: from a keystroke to its diagnostics, over the protocol."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.language_client import Client

BUDGET = 30.0
"""Milliseconds that 95 of 100 keystrokes may take, in a file of 60 lines."""
_BUILD = """\
[[build]]
config = "aipp.cfg"
framework = 5
input-shape = "a:1,3,-1,-1;b:1,3,-1,-1"
dynamic-image-size = "416,416;832,832"
soc-version = "Ascend310P3"
"""


def sixty_lines() -> str:
    """Two operators in 60 lines, with values for every channel and a comment that is typed into."""
    lines: list[str] = []
    for rank in range(2):
        lines += ["aipp_op {", "  aipp_mode: static", f"  related_input_rank: {rank}", "  input_format: YUV420SP_U8"]
        lines += ["  csc_switch: true"]
        cells = ((298, 0, 409), (298, -100, -208), (298, 516, 0))
        lines += [f"  matrix_r{r}c{c}: {value}" for r, row in enumerate(cells) for c, value in enumerate(row)]
        lines += [f"  input_bias_{c}: {value}" for c, value in enumerate((16, 128, 128))]
        for name, values in (
            ("mean_chn", (124, 116, 104)),
            ("min_chn", (0.5, 0.25, 0.75)),
            ("var_reci_chn", (0.017,) * 3),
        ):
            lines += [f"  {name}_{c}: {value}" for c, value in enumerate(values)]
        lines += ["  # Typed: ", "  crop: false", "  padding: false", "}"]
    return "\n".join(lines) + "\n"


def measure(keystrokes: int) -> list[float]:
    """Milliseconds of every keystroke: the whole text is sent, the diagnostics of that version come back."""
    text = sixty_lines()
    assert text.count("\n") == 60
    taken: list[float] = []
    with tempfile.TemporaryDirectory(prefix="aipplint-bench-") as folder, Client(Path(folder)) as client:
        path = Path(folder).resolve() / "aipp.cfg"
        path.with_name("aipplint.toml").write_text(_BUILD)
        client.start()
        client.open(path, text)
        typed = text.index("Typed: ") + len("Typed: ")
        for number in range(keystrokes):
            # Every other keystroke leaves a field half written.
            extra = "x" * number if number % 2 else "x" * number + "\n  cro"
            start = time.perf_counter()
            client.change(path, text[:typed] + extra + text[typed:], number + 2)
            taken.append(1000 * (time.perf_counter() - start))
        client.finish()
    return sorted(taken)


def p95(taken: list[float]) -> float:
    """What 95 of 100 of the sorted values stay below."""
    return taken[int(len(taken) * 0.95)]


def main() -> int:
    """Print the median, and what 95 of 100 keystrokes stay below."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.server", allow_abbrev=False)
    parser.add_argument("--check", action="store_true", help="fail when the budget is exceeded")
    parser.add_argument("--keystrokes", type=int, default=300, help="how many (default: 300)")
    arguments = parser.parse_args()
    taken = measure(arguments.keystrokes)
    median, most = taken[len(taken) // 2], p95(taken)
    verdict = "ok" if most <= BUDGET else "OVER"
    measured = f"median {median:.1f} ms, p95 {most:.1f} ms (budget {BUDGET:.0f})"
    print(f"keystroke to diagnostics, 60 lines: {measured}  {verdict}")
    return 1 if most > BUDGET and arguments.check else 0


if __name__ == "__main__":
    sys.exit(main())
