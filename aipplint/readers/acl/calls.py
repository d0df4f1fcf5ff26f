"""The calls by which code sets dynamic AIPP: their names in C and in Python, and what each argument means.

pyACL passes its arguments one by one, in the order of the C prototypes, and accepts no keywords; so one table is used
for both languages. Orders: facts R1 to R12 and R25 to R27, W30. Note that aclmdlSetAIPPSrcImageSize takes W, H and
aclmdlSetDynamicHWSize takes H, W, that the padding is top, bottom, left, right, and that the output biases precede the
input biases.
"""

from __future__ import annotations

from aipplint.records import NamedTuple
from aipplint.runtime.settings import Path

SET, BATCH, OTHER = ("(set)",), ("(batch)",), ("(other)",)
"""Arguments that are no settings: the object that all setters of one input share, the index of an image in the batch,
anything else (model, dataset, index of an input)."""

GROUPS = ("crop", "padding", "resize")
"""Stages that are enabled if present (schemas/runtime.schema.json); in the calls their first argument is a switch."""

FORMATS = (
    "YUV420SP_U8",
    "XRGB8888_U8",
    "RGB888_U8",
    "YUV400_U8",
    "NC1HWC0DI_FP16",
    "NC1HWC0DI_S8",
    "ARGB8888_U8",
    "YUYV_U8",
    "YUV422SP_U8",
    "AYUV444_U8",
    "RAW10",
    "RAW12",
    "RAW16",
    "RAW24",
)
"""aclAippInputFormat, from 1 on (fact R3). Code writes them with ``ACL_`` in front."""

HW_SIZE = "dynamic_hw_size"

Value = int | float | str
"""A known value of an argument; a string is the name of a format."""


class AclCall(NamedTuple):
    """A call: its name in C, its name in Python (after ``acl.mdl.``), and its parameters.

    ``parameters`` are paths of schemas/runtime.schema.json, or SET, BATCH, OTHER. ``pairs`` are the places of a width
    and a height next to each other, ``order`` says which of them is first ("W, H" or "H, W").
    """

    name: str
    python: str
    parameters: tuple[Path, ...]
    pairs: tuple[int, ...] = ()
    order: str = "W, H"


_SHORT = {"set": SET, "batch": BATCH, "-": OTHER}


def _call(name: str, python: str, parameters: str, pairs: tuple[int, ...] = (), order: str = "W, H") -> AclCall:
    """A row of the table; a dot leads into a group."""
    paths = tuple(_SHORT.get(word) or tuple(word.split(".")) for word in parameters.split())
    return AclCall(name, python, paths, pairs, order)


def _of_channels(key: str) -> str:
    return " ".join(f"{key}_{channel}" for channel in range(4))


_MATRIX = " ".join(f"matrix_r{row}c{column}" for row in range(3) for column in range(3))
_BIASES = " ".join(f"{side}_bias_{channel}" for side in ("output", "input") for channel in range(3))
_CROP = "crop.load_start_pos_w crop.load_start_pos_h crop.crop_size_w crop.crop_size_h"
_PADDING = "padding.top padding.bottom padding.left padding.right"
_RESIZE = "resize.input_w resize.input_h resize.output_w resize.output_h"

CREATE = _call("aclmdlCreateAIPP", "create_aipp", "batch_size")
SET_HW_SIZE = _call(
    "aclmdlSetDynamicHWSize", "set_dynamic_hw_size", f"- - - {HW_SIZE}.height {HW_SIZE}.width", (3,), "H, W"
)

_SET_FORMAT = _call("aclmdlSetAIPPInputFormat", "set_aipp_input_format", "set input_format")
_SET_SOURCE_SIZE = _call(
    "aclmdlSetAIPPSrcImageSize", "set_aipp_src_image_size", "set src_image_size_w src_image_size_h", (1,)
)
REQUIRED = (CREATE, _SET_FORMAT, _SET_SOURCE_SIZE)
"""The calls that no set can do without."""

CALLS = (
    *REQUIRED,
    _call("aclmdlSetAIPPCropParams", "set_aipp_crop_params", f"set crop {_CROP} batch", (2, 4)),
    _call("aclmdlSetAIPPPaddingParams", "set_aipp_padding_params", f"set padding {_PADDING} batch"),
    _call("aclmdlSetAIPPScfParams", "set_aipp_scf_params", f"set resize {_RESIZE} batch", (2, 4)),
    _call("aclmdlSetAIPPCscParams", "set_aipp_csc_params", f"set csc_switch {_MATRIX} {_BIASES}"),
    _call("aclmdlSetAIPPRbuvSwapSwitch", "set_aipp_rbuv_swap_switch", "set rbuv_swap_switch"),
    _call("aclmdlSetAIPPAxSwapSwitch", "set_aipp_ax_swap_switch", "set ax_swap_switch"),
    _call("aclmdlSetAIPPDtcPixelMean", "set_aipp_dtc_pixel_mean", f"set {_of_channels('mean_chn')} batch"),
    _call("aclmdlSetAIPPDtcPixelMin", "set_aipp_dtc_pixel_min", f"set {_of_channels('min_chn')} batch"),
    _call("aclmdlSetAIPPPixelVarReci", "set_aipp_pixel_var_reci", f"set {_of_channels('var_reci_chn')} batch"),
    _call("aclmdlSetInputAIPP", "set_input_aipp", "- - - set"),
    # The index is that of the image, which related_input_rank counts too.
    _call("aclmdlSetAIPPByInputIndex", "set_aipp_by_input_index", "- - input_rank set"),
    _call("aclmdlDestroyAIPP", "destroy_aipp", "set"),
    SET_HW_SIZE,
    # Any profile may be passed; it says nothing about the images.
    _call("aclmdlSetDynamicBatchSize", "set_dynamic_batch_size", "- - - -"),
)

BY_NAME = {call.name: call for call in CALLS}
BY_PYTHON_NAME = {call.python: call for call in CALLS}


def is_switch(path: Path) -> bool:
    """Whether an argument switches a stage on or off."""
    return path[-1].endswith("_switch") or (len(path) == 1 and path[0] in GROUPS)


def setting(path: Path, value: Value | None) -> Value | None:
    """The value of a setting for an argument of its call, in the type of the schema; None if it has no such value."""
    if path[-1] == "input_format":
        return _format(value)
    if value is None or isinstance(value, str):
        return None
    if is_switch(path):
        return bool(value) if value in (0, 1) else None
    if path[-1].startswith(("min_chn", "var_reci_chn")):
        return value
    return int(value) if isinstance(value, int) else None


def _format(value: Value | None) -> str | None:
    """A format, by its name or its number."""
    if isinstance(value, str):
        name = value.removeprefix("ACL_")
        return name if name in FORMATS else None
    return FORMATS[value - 1] if isinstance(value, int) and 0 < value <= len(FORMATS) else None
