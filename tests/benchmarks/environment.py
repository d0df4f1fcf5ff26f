"""Where it is measured: a virtual environment with a built, byte-compiled aipplint, and the two yardsticks."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from tests.checkout import ROOT, run
from tests.protoc import PROTO, proto_text


class Environment(NamedTuple):
    """The commands to compare, each to be followed by paths."""

    python: str
    aipplint: tuple[str, ...]
    parse_only: tuple[str, ...]
    yamllint: tuple[str, ...]


def prepare(folder: Path) -> Environment:
    """Make the environment, or, in a folder where it is, put the present aipplint into it."""
    folder.mkdir(parents=True, exist_ok=True)
    programs = folder / "venv" / "bin"
    python = programs / "python"
    yardsticks = [f"{name}=={version(name)}" for name in ("protobuf", "yamllint")]
    if not python.exists():
        run(sys.executable, "-m", "venv", folder / "venv", cwd=folder)
    wheels = folder / "wheel"
    shutil.rmtree(wheels, ignore_errors=True)
    run(sys.executable, "-m", "hatchling", "build", "--target=wheel", f"--directory={wheels}", cwd=ROOT)
    wheel = next(wheels.glob("*.whl"))
    install = (python, "-m", "pip", "install", "--quiet", "--compile")
    run(*install, wheel, *yardsticks, cwd=folder)
    # The version may be the same as that of the last run; the code is not.
    run(*install, "--force-reinstall", "--no-deps", wheel, cwd=folder)
    script = _parse_only(folder / "parse_only")
    return Environment(
        str(python),
        (str(programs / "aipplint"), "check"),
        (str(python), str(script)),
        (str(programs / "yamllint"),),
    )


def _parse_only(folder: Path) -> Path:
    """The script, beside the message that protoc makes from our own field table."""
    folder.mkdir(exist_ok=True)
    (folder / PROTO).write_text(proto_text(), encoding="utf-8")
    run(sys.executable, "-m", "grpc_tools.protoc", "-I.", "--python_out=.", PROTO, cwd=folder)
    return Path(shutil.copy(Path(__file__).with_name("parse_only.py"), folder))


def expect_exit(command: Sequence[str], folder: Path, code: int) -> None:
    """Run a command once: what is measured must do what it is measured for."""
    done = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", check=False)
    if done.returncode != code:
        raise SystemExit(
            f"{' '.join(command[:4])}: exit {done.returncode}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
        )
