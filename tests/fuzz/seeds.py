"""What mutation begins with: the project's own cases and examples, and models made of nothing but descriptions."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator
from pathlib import Path

from tests import networks
from tests.checkout import ROOT

CASES = ROOT / "tests/cases"
KINDS = (".sh", ".md", ".rst", ".py", ".cpp", ".yml", ".ini", "Dockerfile", "Makefile")
"""Files that reference configurations, by the end of their names."""


def configurations() -> list[bytes]:
    """Configurations, right and wrong."""
    paths = [*CASES.glob("err/*.cfg"), *CASES.glob("ok/*.cfg"), *ROOT.glob("examples/**/*.cfg")]
    return [path.read_bytes() for path in sorted(paths)]


def references() -> dict[str, list[bytes]]:
    """Scripts, documents, code and build files, by the end of their names."""
    found: dict[str, list[bytes]] = {kind: [] for kind in KINDS}
    for path in sorted(_files(CASES / "projects")):
        for kind in KINDS:
            if path.name.endswith(kind):
                found[kind].append(path.read_bytes())
    return found


def settings() -> list[bytes]:
    """Settings of aipplint."""
    written = [path.read_bytes() for path in sorted(CASES.glob("projects/**/aipplint.toml"))]
    return [*written, b'exclude = ["a/**"]\n[per-file-ignores]\n"*.cfg" = ["AIPP2"]\n[severity]\nAIPP2 = "info"\n']


def logs() -> list[bytes]:
    """Logs of ATC and of the runtime."""
    cases = (tomllib.loads(path.read_text("utf-8")) for path in sorted(CASES.glob("explain/*.toml")))
    return [case["log"].encode() for case in cases if isinstance(case.get("log"), str)]


def models() -> dict[str, list[bytes]]:
    """Models, by the end of their names."""
    data = networks.ge_data("data", (1, 3, 224, 224), 0)
    definition = networks.model_def([data])
    table = networks.introduction("data", (1, 3, 224, 224), (1, 224, 224, 3), 4)
    text = b'name: "n"\ninput: "data"\ninput_shape { dim: 1 dim: 3 dim: 2 dim: 2 }\nlayer { name: "c" type: "Input" }\n'
    return {
        ".onnx": [networks.onnx_input(), networks.example()],
        ".pb": [networks.graph_def([networks.placeholder("x", (1, 224, 224, 3))])],
        ".air": [definition],
        ".om": [networks.om(definition, table), networks.om(definition, table, wide=False)],
        ".prototxt": [text],
    }


def _files(folder: Path) -> Iterator[Path]:
    for here, _, names in os.walk(folder):
        yield from (Path(here, name) for name in names)
