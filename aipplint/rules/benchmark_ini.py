"""AIPP810, AIPP811: the run-time settings that the benchmark tool reads from an INI file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from aipplint.findings import Edit, Fix, Problem, Related, Severity
from aipplint.hardware.formats import DYNAMIC_FORMATS, ONE_CHANNEL
from aipplint.rules.options import shown
from aipplint.rules.rule import rule

# Few runs meet such a file.
if TYPE_CHECKING:
    from aipplint.readers.benchmark_ini import Key, ToolSettings
    from aipplint.readers.ini import Entry, Fault, Ini

_SECTION = "aipp_op"
_CROP_SIZES = ("crop_size_w", "crop_size_h")


@rule("AIPP810", "tool-settings-unreadable", Severity.ERROR)
def tool_settings_unreadable(tool: ToolSettings) -> Iterator[Problem]:
    """The benchmark tool cannot read its settings for dynamic AIPP.

    `ais_bench --aipp_config` (and `msit benchmark`) reads an INI file with Python's ConfigParser: exactly one section
    `[aipp_op]`, every key once, `input_format` and both source sizes there, every value a number in its range.
    Otherwise it stops before the model is run.

    ## Wrong

    ```ini
    [aipp_op]
    input_format : RGB888_U8
    src_image_size_w : 224
    src_image_size_h : 224
    csc_switch : 0
    csc_switch : 0  # <--
    var_reci_chn_0 : 0.0171247538316637
    var_reci_chn_1 : 0.0175070028011204
    var_reci_chn_2 : 0.0174291938997821
    ```

    ## Right

    ```ini
    [aipp_op]
    input_format : RGB888_U8
    src_image_size_w : 224
    src_image_size_h : 224
    csc_switch : 0
    var_reci_chn_0 : 0.0171247538316637
    var_reci_chn_1 : 0.0175070028011204
    var_reci_chn_2 : 0.0174291938997821
    ```

    ## Fix

    Delete what is there twice, add what is missing, or write a value that the message allows.

    ## Source

    Fact W31 (dym_aipp_manager.py of ais_bench); the official example itself has a key twice.
    """
    yield from map(_fault_problem, tool.ini.faults)
    if tool.section is None:
        yield Problem(tool.head, "there is no section [{section}]", {"section": _SECTION})
        return
    yield from _missing(tool)
    yield from _refused(tool)


def _fault_problem(fault: Fault) -> Problem:
    messages = {
        "section-twice": "the section [{text}] is there twice; the tool takes one input with dynamic AIPP only",
        "key-twice": "{text} is there twice; ConfigParser refuses that",
        "no-separator": "no '=' or ':' in this line: {text}",
        "missing-header": "this line stands in front of the first section: {text}",
    }
    related = (Related(fault.first, "it stands here before"),) if fault.first else ()
    return Problem(fault.place, messages[fault.kind], {"text": shown(fault.text)}, related)


def _missing(tool: ToolSettings) -> Iterator[Problem]:
    """Keys without which the tool stops."""
    from aipplint.readers.benchmark_ini import REQUIRED

    for name in REQUIRED:
        if tool.get(name) is None:
            yield Problem(tool.head, "{name} is missing", {"name": name})
    if tool.on("crop"):
        switch = tool.get("crop")
        assert switch is not None, "it is on"
        for name in _CROP_SIZES:
            if tool.get(name) is None:
                message = "crop is on and {name} is missing: it becomes 0, which the tool refuses"
                yield Problem(switch.value_place, message, {"name": name})


def _refused(tool: ToolSettings) -> Iterator[Problem]:
    """Values that the tool does not take."""
    from aipplint.readers.benchmark_ini import KEYS, number, valid

    form = tool.get("input_format")
    if form is not None and form.value not in DYNAMIC_FORMATS:
        values = {"found": shown(form.value), "formats": ", ".join(DYNAMIC_FORMATS)}
        yield Problem(form.value_place, "input_format is {found}; the tool takes {formats}", values)
    for key in KEYS:
        entry = tool.get(key.name)
        if entry is None or not tool.read(key) or valid(entry, key):
            continue
        if number(entry, whole=key.whole) is None:
            yield Problem(entry.value_place, "{name} is {found}, which is no {kind}", _values(entry, key))
        elif not key.unchecked:
            yield Problem(
                entry.value_place, "{name} is {found}; the tool takes {low:g} to {high:g}", _values(entry, key)
            )


def _values(entry: Entry, key: Key) -> dict[str, object]:
    kind = "whole number" if key.whole else "number"
    return {"name": key.name, "found": shown(entry.value) or "empty", "low": key.low, "high": key.high, "kind": kind}


@rule("AIPP811", "reciprocal-missing-in-tool-settings", Severity.ERROR)
def reciprocal_missing_in_tool_settings(tool: ToolSettings) -> Iterator[Problem]:
    """The settings of the benchmark tool lack a var_reci_chn.

    In a configuration of ATC, and in the AscendCL calls, a factor that is not given is 1. The tool passes 0 instead:
    every pixel of that channel becomes 0, and the results are wrong without any message.

    ## Wrong

    ```ini
    [aipp_op]  # <--
    input_format : RGB888_U8
    src_image_size_w : 224
    src_image_size_h : 224
    ```

    ## Right

    ```ini
    [aipp_op]
    input_format : RGB888_U8
    src_image_size_w : 224
    src_image_size_h : 224
    var_reci_chn_0 : 1.0
    var_reci_chn_1 : 1.0
    var_reci_chn_2 : 1.0
    ```

    ## Fix

    Write the factor of every channel; 1.0 changes nothing.

    ## Source

    Fact W31 (dym_aipp_manager.py of ais_bench).
    """
    form = tool.get("input_format")
    if tool.section is None or form is None or form.value not in DYNAMIC_FORMATS:
        return
    channels = 1 if form.value in ONE_CHANNEL else 3
    missing = [name for n in range(channels) if tool.get(name := f"var_reci_chn_{n}") is None]
    if not missing:
        return
    values = {"names": ", ".join(missing), "channels": "its channel" if len(missing) == 1 else "their channels"}
    message = "{names} missing: the tool passes 0.0, and every pixel of {channels} becomes 0"
    end = _end(tool.ini)
    lines = "".join(f"{name} : 1.0\n" for name in missing)
    fix = Fix("write 1.0", (Edit(end, end, lines),), safe=False) if len(tool.ini.sections) == 1 else None
    yield Problem(tool.head, message, values, fix=fix)


def _end(ini: Ini) -> int:
    """Where a line can be added: behind the last entry of the last section."""
    text = ini.source.text
    section = ini.sections[-1]
    last = section.entries[-1].value_place.span.end if section.entries else section.head.span.end
    end = text.find("\n", last)
    return len(text) if end < 0 else end + 1


RULES = (tool_settings_unreadable, reciprocal_missing_in_tool_settings)
