"""The checks of the operator of Ascend 950 on sizes, in their order and the first that fails, as operator_checks.py.

Written after facts 5.2, Z3, Z4 and Z5. Resize and crop sizes that are absent are what distinguishes it.
"""

from __future__ import annotations

from collections.abc import Mapping

from tests.operator_checks import FIELDS, inferred, pads

CHIP = "Ascend950PR_9599"
_LONGEST, _WIDEST_PADDED = 4096, 1080


def verdict(fields: Mapping[str, int], image_format: str, height: int, width: int, *, profile: bool = False) -> str:
    """The code with which the model is refused, or nothing. ``fields`` holds numbers, and switches as 0 and 1."""
    f = {name: fields.get(name, 0) for name in FIELDS}
    if profile and (f["crop"] or f["padding"] or f["src_image_size_w"] or f["src_image_size_h"]):
        return "E10052"
    if inferred(f, "h", height) != height or inferred(f, "w", width) != width:
        return "E70014"
    source = {"h": f["src_image_size_h"] or height, "w": f["src_image_size_w"] or width}
    size = dict(source)
    if f["crop"]:
        if max(f["load_start_pos_h"], f["load_start_pos_w"]) >= _LONGEST:
            return "EZ0033"
        size = {side: f[f"crop_size_{side}"] for side in "hw"}
        if max(size.values()) > _LONGEST:
            return "EZ0033"
    if f["padding"] and max(f[f"{end}_padding_size"] for end in ("top", "bottom", "left", "right")) > 32:
        return "EZ0033"
    if source["h"] == 1 or max(source.values()) > _LONGEST:
        return "EZ0033"
    planar = image_format == "YUV420SP_U8"
    if planar and (source["h"] % 2 or source["w"] % 2):
        return "EZ0034"
    if f["crop"]:
        if any(f[f"load_start_pos_{side}"] + size[side] > source[side] for side in "hw"):
            return "EZ0034"
        if planar and (f["load_start_pos_h"] % 2 or f["load_start_pos_w"] % 2):
            return "EZ0034"
    if f["padding"]:
        if size["h"] + pads(f, "h") != height or size["w"] + pads(f, "w") != width:
            return "EZ0009"
        if width > _WIDEST_PADDED:
            return "EZ0009"
    return ""
