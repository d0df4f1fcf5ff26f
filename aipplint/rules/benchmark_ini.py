"""AIPP810, AIPP811: the run-time settings that the benchmark tool reads from an INI file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from aipplint.findings import Edit, Fix, Problem, Related, Severity
from aipplint.hardware.formats import DYNAMIC_FORMATS, ONE_CHANNEL
from aipplint.rules.options import shortened
from aipplint.rules.rule import rule

# Few runs find such a file.
if TYPE_CHECKING:
    from aipplint.readers.benchmark_ini import ToolSettings
    from aipplint.readers.ini import Ini, IniFault

_SECTION = "aipp_op"
_CROP_SIZES = ("crop_size_w", "crop_size_h")


@rule("AIPP810", "tool-settings-unreadable", Severity.ERROR)
def tool_settings_unreadable(tool: ToolSettings) -> Iterator[Problem]:
    """The benchmark tool cannot read its settings for dynamic AIPP.

    `ais_bench --aipp_config` (and `msit benchmark`) reads an INI file with Python's ConfigParser. It requires exactly
    one section `[aipp_op]`, each key only once, `input_format`, both source sizes, and values in their range. Otherwise
    it stops before it runs the model.

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

    Delete the duplicate, add the missing key, or set a value in the range that the message gives.

    ## Source

    Fact W31 (dym_aipp_manager.py of ais_bench); the official example has a duplicate key itself.
    """
    yield from map(_fault_problem, tool.ini.faults)
    if tool.section is None:
        yield Problem(tool.head, "missing section [{section}]", {"section": _SECTION})
        return
    yield from _missing(tool)
    yield from _refused(tool)


def _fault_problem(fault: IniFault) -> Problem:
    messages = {
        "section-twice": "duplicate section [{text}]; the tool supports only one input with dynamic AIPP",
        "key-twice": "duplicate key {text}; ConfigParser rejects it",
        "no-separator": "missing '=' or ':' in the line '{text}'",
        "missing-header": "the line '{text}' is before the first section",
    }
    related = (Related(fault.first, "it is first written here"),) if fault.first else ()
    return Problem(fault.place, messages[fault.kind], {"text": shortened(fault.text)}, related)


def _missing(tool: ToolSettings) -> Iterator[Problem]:
    """Yield the mandatory keys that are missing."""
    from aipplint.readers.benchmark_ini import REQUIRED

    for name in REQUIRED:
        if tool.get(name) is None:
            yield Problem(tool.head, "missing key {name}", {"name": name})
    if tool.on("crop"):
        switch = tool.get("crop")
        assert switch is not None, "it is on"
        for name in _CROP_SIZES:
            if tool.get(name) is None:
                message = "missing key {name}; crop is true, and the tool rejects its default, 0"
                yield Problem(switch.value_place, message, {"name": name})


def _refused(tool: ToolSettings) -> Iterator[Problem]:
    """Yield the values that the tool rejects."""
    from aipplint.readers.benchmark_ini import KEYS, number, valid

    form = tool.get("input_format")
    if form is not None and form.value not in DYNAMIC_FORMATS:
        values = {"found": shortened(form.value), "formats": ", ".join(DYNAMIC_FORMATS)}
        yield Problem(form.value_place, "input_format is {found}; the tool supports {formats}", values)
    for key in KEYS:
        entry = tool.get(key.name)
        if entry is None or not tool.read(key) or valid(entry, key):
            continue
        limits: dict[str, object] = {
            "name": key.name,
            "found": shortened(entry.value),
            "low": key.low,
            "high": key.high,
        }
        if number(entry, whole=key.whole) is None:
            message = "{name} is '{found}', which is not a number"
            if key.whole:
                message = "{name} is '{found}', which is not an integer"
            yield Problem(entry.value_place, message, limits)
        elif not key.unchecked:
            yield Problem(entry.value_place, "{name} is {found}; the range of the tool is {low:g} to {high:g}", limits)


@rule("AIPP811", "reciprocal-missing-in-tool-settings", Severity.ERROR)
def reciprocal_missing_in_tool_settings(tool: ToolSettings) -> Iterator[Problem]:
    """A `var_reci_chn` is missing in the settings of the benchmark tool.

    In a configuration of ATC and in the AscendCL calls, the factor defaults to 1. The tool passes 0 instead: every
    pixel of the channel becomes 0, and the results are wrong without a message.

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

    Set the factor of every channel; 1.0 has no effect.

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
    message = "missing {names}; the tool passes 0.0, and every pixel of the channel becomes 0"
    end = _end(tool.ini)
    lines = "".join(f"{name} : 1.0\n" for name in missing)
    fix = Fix("set it to 1.0", (Edit(end, end, lines),), safe=False) if len(tool.ini.sections) == 1 else None
    yield Problem(tool.head, message, {"names": missing}, fix=fix)


def _end(ini: Ini) -> int:
    """Return the offset where a line can be added: after the last entry of the last section."""
    text = ini.source.text
    section = ini.sections[-1]
    last = section.entries[-1].value_place.span.end if section.entries else section.head.span.end
    end = text.find("\n", last)
    return len(text) if end < 0 else end + 1


RULES = (tool_settings_unreadable, reciprocal_missing_in_tool_settings)
