"""The run-time settings that the benchmark tool (ais_bench, msit benchmark) reads with ``--aipp_config``.

One section, ``[aipp_op]``, whose keys are nearly those of the configuration. The tool reads it with ConfigParser and
stops where a value is missing, no number or out of range (its dym_aipp_manager.py; fact W31).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from aipplint.findings import Place
from aipplint.hardware.formats import DYNAMIC_FORMATS
from aipplint.readers.extract import Settings
from aipplint.readers.ini import Ini, IniEntry, Section
from aipplint.records import NamedTuple
from aipplint.runtime.settings import Path, Places, Runtime

SECTION = "aipp_op"
REQUIRED = ("input_format", "src_image_size_w", "src_image_size_h")
_REAL = ("min_chn", "var_reci_chn")


class Key(NamedTuple):
    """A key that the tool reads: the setting for its value (as in runtime.schema.json), its range, and its switch.

    ``unchecked`` says that the tool forgets to check it (its loops miss one matrix cell and one bias).
    """

    name: str
    path: Path
    low: float
    high: float
    switch: str = ""
    unchecked: bool = False

    @property
    def whole(self) -> bool:
        """Whether it must be a whole number."""
        return not self.name.startswith(_REAL)


def _keys() -> Iterator[Key]:
    yield Key("src_image_size_w", ("src_image_size_w",), 2, 4096)
    yield Key("src_image_size_h", ("src_image_size_h",), 1, 4096)
    for name in ("rbuv_swap_switch", "ax_swap_switch", "csc_switch", "crop", "padding"):
        yield Key(name, (name,), 0, 1)
    for row in range(3):
        for column in range(3):
            name = f"matrix_r{row}c{column}"
            yield Key(name, (name,), -32677, 32676, "csc_switch")
    for side in ("output", "input"):
        for channel in range(3):
            name = f"{side}_bias_{channel}"
            yield Key(name, (name,), 0, 255, "csc_switch", unchecked=name == "input_bias_2")
    for axis in "wh":
        yield Key(f"load_start_pos_{axis}", ("crop", f"load_start_pos_{axis}"), 0, 4095, "crop")
        yield Key(f"crop_size_{axis}", ("crop", f"crop_size_{axis}"), 1, 4096, "crop")
    for edge in ("top", "bottom", "left", "right"):
        yield Key(f"{edge}_padding_size", ("padding", edge), 0, 32, "padding")
    for channel in range(4):
        yield Key(f"mean_chn_{channel}", (f"mean_chn_{channel}",), 0, 255)
        yield Key(f"min_chn_{channel}", (f"min_chn_{channel}",), 0, 255)
        yield Key(f"var_reci_chn_{channel}", (f"var_reci_chn_{channel}",), -65504, 65504)


KEYS = tuple(_keys())
_GROUPS = ("crop", "padding")


class ToolSettings(NamedTuple):
    """The file, and its section; None if there is none. The first of two is used (the tool accepts neither)."""

    ini: Ini
    section: Section | None

    @property
    def head(self) -> Place:
        """The location of the settings in a finding."""
        return self.section.head if self.section else Place(self.ini.source, self.ini.source.span(0, 0))

    def get(self, name: str) -> IniEntry | None:
        """The entry of a key."""
        return self.section.get(name) if self.section else None

    def on(self, name: str) -> bool:
        """Whether a switch is on."""
        entry = self.get(name)
        return entry is not None and number(entry, whole=True) == 1

    def read(self, key: Key) -> bool:
        """Whether the tool reads a key: its switch is 1."""
        return not key.switch or self.on(key.switch)


def tool_settings(ini: Ini) -> ToolSettings:
    """The settings in an INI file."""
    return ToolSettings(ini, next((section for section in ini.sections if section.name == SECTION), None))


def number(entry: IniEntry, *, whole: bool) -> float | None:
    """A value converted to a number as in the tool, with int() or float() of Python; None if the tool stops."""
    try:
        return int(entry.value) if whole else float(entry.value)
    except ValueError:
        return None


def valid(entry: IniEntry, key: Key) -> bool:
    """Whether the tool accepts a value."""
    value = number(entry, whole=key.whole)
    return value is not None and key.low <= value <= key.high


def settings_of(tool: ToolSettings) -> Settings | None:
    """The settings that the tool passes to AIPP, without the values that it rejects (AIPP810 reports them)."""
    if tool.section is None:
        return None
    values: dict[str, Any] = {}
    places: dict[Path, Place] = {}
    form = tool.get("input_format")
    if form is not None and form.value in DYNAMIC_FORMATS:
        values["input_format"], places[("input_format",)] = form.value, form.value_place
    for key in KEYS:
        entry = tool.get(key.name)
        if entry is None or not tool.read(key) or not valid(entry, key):
            continue
        value = number(entry, whole=key.whole)
        places[key.path] = entry.value_place
        if key.name in _GROUPS:
            if value:
                values.setdefault(key.name, {})
        elif len(key.path) == 1:
            values[key.name] = bool(value) if key.name.endswith("_switch") else value
        else:
            values.setdefault(key.path[0], {})[key.path[1]] = value
    # Whether the size is set besides is the business of the command that names this file.
    runtime = Runtime(values, Places(places, tool.section.head), frozenset(("dynamic_hw_size",)))
    return Settings(runtime, tool.section.head)
