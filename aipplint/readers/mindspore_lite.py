"""The INI file of MindSpore Lite's converter (``converter_lite --configFile``): a build that is declared by keys.

Three sections contain the options of ATC: ``[ascend_context]``, ``[acl_option_cfg_param]`` (its older form) and
``[acl_build_options]``, which holds GraphEngine's own names (fact W32).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from aipplint.atc.options import BATCH, DIMS, IMAGE, SHAPE, Option
from aipplint.readers.extract import Declared
from aipplint.readers.ini import Ini, IniEntry

_OPTIONS = {
    "insert_op_config_file_path": "insert_op_conf",
    "ge.insertopfile": "insert_op_conf",
    "ge.inseropfile": "insert_op_conf",  # As the manual spells it.
    "input_format": "input_format",
    "input_shape": SHAPE,
    "ge.inputshape": SHAPE,
    "dynamic_batch_size": BATCH,
    "ge.dynamicbatchsize": BATCH,
    "dynamic_image_size": IMAGE,
    "ge.dynamicimagesize": IMAGE,
    "ge.dynamicdims": DIMS,
    "ge.input_nodes_set_fp16": "input_fp16_nodes",
    "ge.enablesmallchannel": "enable_small_channel",
    "ge.socversion": "soc_version",
    "output_type": "output_type",
}
"""ATC's names of keys, in lower case as ConfigParser gives them."""

_SECTIONS = ("ascend_context", "acl_option_cfg_param", "acl_build_options", "acl_init_options")
_MARKS = ("insert_op_config_file_path", "ge.inser")
_BRACKETED = r"([^\s:;\[\]]+)\s*:\s*\[([^\]]*)\]"


def is_converter(text: str) -> bool:
    """Whether a text may be such a file: it names a configuration of AIPP."""
    return any(mark in text for mark in _MARKS) and any(f"[{section}]" in text for section in _SECTIONS)


def declared_build(ini: Ini) -> Declared | None:
    """The build in a file; None if it names no configuration of AIPP."""
    options: dict[str, Option] = {}
    head = None
    for section in ini.sections:
        if section.name not in _SECTIONS:
            continue
        for entry in section.entries:
            name = _OPTIONS.get(entry.key)
            if name is not None and entry.value:
                options[name] = _option(name, entry)
                if name == "insert_op_conf":
                    head = entry.key_place
    if head is None:
        return None
    return Declared((*options.values(), *_profiles(ini, options)), head)


def _profiles(ini: Ini, options: Mapping[str, Option]) -> Iterator[Option]:
    """The profiles that [ascend_context] lists in brackets, ``dynamic_dims=[224,224],[448,448]``, in ATC's form.

    The -1 in the shape of the only input decides which option of ATC they are; if that is ambiguous, they are left out.
    """
    entry = next((entry for section in ini.sections if (entry := section.get("dynamic_dims"))), None)
    shape = re.fullmatch(r"[^:;]*:([^:;]*)", (options[SHAPE].value if SHAPE in options else "") or "")
    if entry is None or shape is None or not re.fullmatch(r"\s*\[[\d,\s]+\](\s*,\s*\[[\d,\s]+\])*\s*", entry.value):
        return
    profiles = [re.sub(r"\s", "", profile) for profile in re.findall(r"\[([^\]]*)\]", entry.value)]
    layout = options["input_format"].value if "input_format" in options else None
    free = "".join(axis for axis, dim in zip(layout or "", shape[1].split(","), strict=False) if dim.strip() == "-1")
    if free == "HW":
        yield Option(IMAGE, ";".join(profiles), entry.value_place)
    elif free == "N":
        yield Option(BATCH, ",".join(profiles), entry.value_place)


def _option(name: str, entry: IniEntry) -> Option:
    value, exact = entry.value, entry.exact
    if len(value) > 1 and value[0] == value[-1] == '"':
        return Option(name, value[1:-1], entry.value_place)
    if name == SHAPE and "[" in value:
        plain = re.sub(_BRACKETED, r"\1:\2", value)
        return Option(name, None if "[" in plain else plain, entry.value_place)
    return Option(name, value, entry.value_place, exact)
