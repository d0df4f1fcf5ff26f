"""The checks of the compiler on sizes, written down again from the facts, one after another and the first that fails.

An oracle for aipplint's geometry: it shares nothing with it. ``verdict`` follows the order of the real code: what
refuses the file (D, V), what infers shapes (U), then the operator of CANN 8.1 (T). The formats are those that every
product takes, the chips those that the conformance cases use, and Hi3796CV300ES and SD3403 besides.
"""

from __future__ import annotations

from collections.abc import Mapping

LENIENT = frozenset(("Ascend910B1", "Ascend910_9391", "Ascend310B1"))
"""Take an odd start of a crop (T13)."""
HISI = frozenset(("SD3403", "Hi3796CV300ES"))
CHIPS = ("Ascend310", "Ascend310P3", "Ascend910A", "Ascend910B", *sorted(LENIENT), *sorted(HISI))
LINE_BYTES = {"YUV420SP_U8": 1, "YUV400_U8": 1, "RGB888_U8": 3, "XRGB8888_U8": 4}


def verdict(fields: Mapping[str, int], image_format: str, chip: str, height: int, width: int, *, profile: bool) -> str:
    """The code with which the model is refused, or nothing. ``fields`` holds numbers, and switches as 0 and 1."""
    f = {name: fields.get(name, 0) for name in FIELDS}
    if profile and (f["crop"] or f["padding"] or f["src_image_size_w"] or f["src_image_size_h"]):
        return "E10052"
    if inferred(f, "h", height) != height or inferred(f, "w", width) != width:
        return "E70014"
    return "E81012" if _operator_refuses(f, image_format, chip, height, width) else ""


FIELDS = (
    "crop resize padding src_image_size_h src_image_size_w load_start_pos_h load_start_pos_w crop_size_h crop_size_w"
    " resize_output_h resize_output_w top_padding_size bottom_padding_size left_padding_size right_padding_size"
).split()


def pads(f: Mapping[str, int], side: str) -> int:
    """What padding adds to a side."""
    if not f["padding"]:
        return 0
    ends = ("top", "bottom") if side == "h" else ("left", "right")
    return sum(f[f"{end}_padding_size"] for end in ends)


def inferred(f: Mapping[str, int], side: str, model: int) -> int:
    """U3."""
    size = model
    if f["crop"]:
        size = f[f"crop_size_{side}"] or size
    if f["resize"]:
        size = f[f"resize_output_{side}"] or size
    if not f["crop"] and not f["resize"]:
        size = f[f"src_image_size_{side}"] or size
    return size + pads(f, side)


def _operator_refuses(f: Mapping[str, int], image_format: str, chip: str, height: int, width: int) -> bool:
    planar, hisi = image_format == "YUV420SP_U8", chip in HISI
    source_h, source_w = f["src_image_size_h"], f["src_image_size_w"]
    odd_source = planar and bool(source_h % 2 or source_w % 2)
    if f["crop"] or f["resize"] or f["padding"]:
        if not source_h or not source_w or odd_source:  # T8, T9
            return True
        if hisi and source_w * LINE_BYTES[image_format] % 16:  # T10
            return True
    elif (planar and (height % 2 or width % 2)) or (hisi and width * LINE_BYTES[image_format] % 16):  # T22
        return True
    return (
        (bool(f["crop"]) and _crop_refused(f, chip, planar=planar, height=height, width=width))
        or (bool(f["resize"]) and (not hisi or _resize_refused(f, height, width)))
        or (bool(f["padding"]) and _padding_refused(f, chip, width))
        or _outside(source_h or height, 1)
        or _outside(source_w or width, 2)
    )


def _outside(side: int, low: int) -> bool:
    """T23."""
    return not low <= side <= 4096


def _crop_refused(f: Mapping[str, int], chip: str, *, planar: bool, height: int, width: int) -> bool:
    crop_h, crop_w = f["crop_size_h"], f["crop_size_w"]
    if not (crop_h and crop_w) and (f["resize"] or f["padding"]):  # T11
        return True
    crop_h, crop_w = crop_h or height, crop_w or width
    start_h, start_w = f["load_start_pos_h"], f["load_start_pos_w"]
    if start_h + crop_h > f["src_image_size_h"] or start_w + crop_w > f["src_image_size_w"]:  # T12
        return True
    if planar and chip not in LENIENT and (start_h % 2 or start_w % 2):  # T13
        return True
    return planar and chip in HISI and bool(crop_h % 2 or crop_w % 2)  # T14


def _resize_refused(f: Mapping[str, int], height: int, width: int) -> bool:
    """T17."""
    for side, model, widest in (("h", height, 4096), ("w", width, 1920)):
        before = f[f"crop_size_{side}"] if f["crop"] else f[f"src_image_size_{side}"]
        after = f[f"resize_output_{side}"]
        if not after and f["padding"]:
            return True
        after = after or model
        if not 16 <= before <= 4096 or not 16 <= after <= widest or not before <= 16 * after <= 256 * before:
            return True
    return False


def _padding_refused(f: Mapping[str, int], chip: str, width: int) -> bool:
    """T18, T19."""
    limit = 4096 if chip in HISI else None if chip == "Ascend910_9391" else 1080
    if limit is not None and width > limit:
        return True
    return any(f[f"{end}_padding_size"] > 32 for end in ("top", "bottom", "left", "right"))
