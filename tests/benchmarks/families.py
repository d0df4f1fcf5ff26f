"""Families of inputs that grow: what each costs at one size and at four times that, counted in calls.

Every one of them was once worse than linear, or is near to one that was. Calls are counted, not seconds: the same on a
busy machine. What a pattern of ``re`` does is one call however long it takes; those families are so large that a
square would be seen by anybody who waits for it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import NamedTuple

from aipplint import lint
from aipplint.errors import SettingsError
from aipplint.fixes import fix_source
from aipplint.pipeline import lint_source
from aipplint.project.patterns import matches
from aipplint.project.settings import read_settings
from aipplint.run.execute import check
from aipplint.run.plan import plan_file
from aipplint.run.session import Request, Session
from aipplint.source import MAX_OPS, Source
from tests.work import calls_of

ATC = "atc --model=a.onnx --framework=5 --soc_version=Ascend310P3 --insert_op_conf=aipp.cfg"
CONFIG = "aipp_op { aipp_mode: static input_format: YUV420SP_U8 crop: true crop_size_w: 224 crop_size_h: 224 }\n"
BUILD = {"framework": "5", "soc_version": "Ascend310P3", "insert_op_conf": "aipp.cfg"}
LARGE = 4_000
"""Size of families whose work is done inside of ``re``."""
FACTOR = 1.3
"""By how much four times the size may cost more than four times the calls."""


class Family(NamedTuple):
    """Inputs by their size: ``size`` is the smaller of the two that are compared."""

    name: str
    size: int
    act: Callable[[int], object]


class Row(NamedTuple):
    """The calls of a family at its size, at four times that, and at nearly none: those that any size costs."""

    family: Family
    small: int
    large: int
    fixed: int

    @property
    def linear(self) -> bool:
        """Whether the cost grows no faster than the input."""
        return self.large - self.fixed <= 4 * FACTOR * max(0, self.small - self.fixed)


def measured(family: Family) -> Row:
    """Count the calls of a family."""
    family.act(2)  # What is imported and compiled once is not counted.
    small, large, fixed = (calls_of(partial(family.act, size)) for size in (family.size, 4 * family.size, 1))
    return Row(family, small, large, fixed)


def rows() -> Iterator[Row]:
    """Measure all families."""
    return map(measured, FAMILIES)


def _checked(name: str, make: Callable[[int], str], size: int) -> None:
    """Check a file of a name, in a folder with a configuration."""
    with tempfile.TemporaryDirectory(prefix="aipplint-family-") as folder:
        Path(folder, "aipp.cfg").write_text(CONFIG, "utf-8")
        file = Path(folder, name)
        file.write_text(make(size), "utf-8")
        session = Session(Request())
        check(session, str(file), partial(plan_file, session, str(file), alone=True))


def _linted(make: Callable[[int], str], options: Callable[[int], Mapping[str, str]], size: int) -> None:
    lint(make(size), path="aipp.cfg", atc={**BUILD, **options(size)})


def _settings(make: Callable[[int], str], size: int) -> None:
    with tempfile.TemporaryDirectory(prefix="aipplint-family-") as folder:
        file = Path(folder, "aipplint.toml")
        file.write_text(make(size), "utf-8")
        try:
            read_settings(str(file), folder)
        except SettingsError:
            return


def _fixed(make: Callable[[int], str], size: int) -> None:
    fix_source(Source("aipp.cfg", make(size)), lambda source: lint_source(source).findings, unsafe=True)


def _file(name: str, kind: str, size: int, make: Callable[[int], str]) -> Family:
    return Family(name, size, partial(_checked, kind, make))


def _config(
    name: str, size: int, make: Callable[[int], str], options: Callable[[int], Mapping[str, str]] = lambda _: {}
) -> Family:
    return Family(name, size, partial(_linted, make, options))


def _each(form: str, size: int) -> str:
    return "".join(form.format(i=i, before=i - 1, after=i + 1) for i in range(size))


def _fence(text: str) -> str:
    return f"```sh\n{text}\n```\n"


def _names(size: int) -> str:
    return ";".join(f"d{i}:8,3,-1,-1" for i in range(size))


def _profiles(size: int) -> str:
    return ";".join(f"{i + 16},{i + 16}" for i in range(size))


def _aliases(size: int) -> str:
    """Lists of a YAML file that hold the ones before them, nine times each; all that grows are its lines."""
    lists = [f"a{i}: &a{i} [{','.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 4)]
    return f"a0: &a0\n- {ATC}\n{''.join(lists)}job:\n  script: *a3\n" + "# x\n" * size


_WRONG = f"{ATC} --framework=9\n"
_STEP = f"    - run: {ATC}\n"
_CALL = f"os.system('{ATC}')\n"
_RGB = "aipp_mode: static input_format: RGB888_U8"
_SHELL = [
    _file("commands of a script", "x.sh", 20, lambda n: f"{ATC}\n" * n),
    _file("words of a command", "x.sh", 200, lambda n: ATC + " --a=b" * n),
    _file("variables made of the one before", "x.sh", 300, lambda n: _each("v{after}=${{v{i}}}b\n", n) + ATC),
    _file("functions that call another", "x.sh", 100, lambda n: _each("f{i}() {{ f{before}; x=1; }}\n", n) + ATC),
    _file("options of a case", "x.sh", 200, lambda n: f"case $1 in\n{_each('--a{i}) v{i}=$2;;', n)}\nesac\n{ATC}\n"),
    _file("folders that are entered", "x.sh", 200, lambda n: "cd a\n" * n + ATC),
    _file(
        "comments that silence", "x.sh", 200, lambda n: "# aipplint: ignore[AIPP601]\n" * n + f"{ATC} --framework=9\n"
    ),
    _file(
        "brackets that nothing closes", "x.sh", LARGE, lambda n: "# aipplint: ignore[\n" * n + f"{ATC} --framework=9\n"
    ),
    _file(
        "recipes that call a function",
        "Makefile",
        40,
        lambda n: f"f = {ATC} $(1)\nx:\n" + _each("\t$(call f,{i})\n", n),
    ),
    _file("steps of CI", "x.yml", 20, lambda n: "jobs:\n  a:\n    steps:\n" + _STEP * n),
    _file("aliases that hold aliases", "x.yml", 100, _aliases),
    _file("escapes of a scalar", "x.yml", 500, lambda n: f'script: "{ATC} ' + "\\u0041" * n + '"\n'),
    _file("words of a scalar", "x.yml", 200, lambda n: f"script: '{ATC} {'x ' * n}'\n"),
]
_DOCUMENTS = [
    _file("blocks of a document", "x.md", 20, lambda n: _fence(ATC) * n),
    _file("configurations of a document", "x.md", 20, lambda n: _fence("aipp_op { aipp_mode: static }") * n),
    _file(
        "cells of a table", "x.md", 20, lambda n: "|" + " a |" * n + "\n|" + "---|" * n + "\n|" + f"{ATC}|" * n + "\n"
    ),
    _file("a line of spaces", "x.md", LARGE, lambda n: _fence("aipp.cfg" + " " * n + "x") + _fence(ATC)),
    _file("tags that nothing ends", "x.md", LARGE, lambda n: f"<div>{'<pre ' * n}{ATC}"),
]
_CODE = [
    _file("operands of a sum", "x.py", 100, lambda n: "import os\nos.system(" + "'a'+" * n + f"'{ATC}')\n"),
    _file("calls of a program", "x.py", 20, lambda n: "import os\n" + _CALL * n),
    _file("folders of a program", "x.py", 100, lambda n: "import os\n" + "os.chdir('a')\n" * n + _CALL),
    _file(
        "names in lists",
        "x.py",
        200,
        lambda n: f"import os\nos.system(['{ATC}'," + _each("[x for a{i} in y],", n) + "])\n",
    ),
]
_CONFIGS = [
    _config("words of a comment", 200, lambda n: f"# aipplint: ignore[{'AIPP101,' * n}]\n{CONFIG}"),
    _config("unknown words of comments", 200, lambda n: f"# aipplint: ignore[{_each('X{i},', n)}]\n{CONFIG}"),
    _config("unknown fields", 200, lambda n: "aipp_op {" + _each("mean_chn{i}: 1\n", n) + "}"),
    _config("fields of the same name", 500, lambda n: "aipp_op {" + "mean_chn_0: 1\n" * n + "}"),
    _config(
        "operators by the name of their input",
        MAX_OPS // 8,
        lambda n: _each("aipp_op {{ " + _RGB + ' related_input_name: "d{i}" }}\n', n),
        lambda n: {"input_shape": _names(n)},
    ),
    _config("inputs", 100, lambda _: CONFIG, lambda n: {"input_shape": _names(n), "dynamic_image_size": _profiles(20)}),
    _config("profiles", 50, lambda _: CONFIG, lambda n: {"input_shape": _names(1), "dynamic_image_size": _profiles(n)}),
    _config(
        "profiles and inputs beyond the limit",
        150,
        lambda _: CONFIG,
        lambda n: {"input_shape": _names(n), "dynamic_image_size": _profiles(n)},
    ),
    Family("fixes of a file", 100, partial(_fixed, lambda n: "aipp_op {\n" + "crop = true;\n" * n + "}")),
]
_TABLE = '[[build]]\nconfig="d{i}/a.cfg"\ninput-shape="d:1,3,2,2"\n'
_PROJECTS = [
    Family("stars of a path pattern", 10, lambda n: matches("*a" * n + "b", "/r", "/r/" + "a" * 200)),
    Family("folders of a path pattern", 10, lambda n: matches("**/" * n + "b", "/r", "/r/" + "a/" * 100 + "c")),
    Family("parts of a key", LARGE, partial(_settings, lambda n: "a." * n + "b=1\n")),
    Family("builds of the settings", 100, partial(_settings, lambda n: _each(_TABLE, n))),
]

FAMILIES = (*_SHELL, *_DOCUMENTS, *_CODE, *_CONFIGS, *_PROJECTS)
