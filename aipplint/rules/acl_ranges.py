"""AIPP807: the checks of the aclmdlSetAIPP* calls."""

from __future__ import annotations

from collections.abc import Iterator

from aipplint.atc.build import Build
from aipplint.config.config import Config
from aipplint.findings import Problem, Severity
from aipplint.hardware.formats import DYNAMIC_FORMATS, EVEN_HEIGHT, EVEN_WIDTH, ONE_CHANNEL
from aipplint.hardware.products import RUNTIME_ARCHES, product_of
from aipplint.records import NamedTuple
from aipplint.rules.rule import rule
from aipplint.rules.runtime_model import SET_INPUT_AIPP, op_of
from aipplint.runtime.settings import Runtime

_NO_CSC = (*ONE_CHANNEL, "RAW24")


class _Range(NamedTuple):
    """The range of one argument of a call; ``group`` is the switch that enables the check."""

    call: str
    group: str
    name: str
    low: float
    high: float
    bits: int = 0
    """The bits of the argument, where it is a narrow one: what does not fit wraps (fact Z12). Negative: with a sign."""

    def passed(self, value: float) -> float:
        """Return the value that the call sees."""
        if not self.bits or not value.is_integer():
            return value
        size = 1 << abs(self.bits)
        seen = int(value) % size
        return seen - size if self.bits < 0 and seen >= size // 2 else seen


def _ranges() -> Iterator[_Range]:
    """Yield the ranges that the calls check (facts R4 to R12)."""
    yield _Range("aclmdlSetAIPPSrcImageSize", "", "src_image_size_w", 2, 4096)
    yield _Range("aclmdlSetAIPPSrcImageSize", "", "src_image_size_h", 1, 4096)
    for row in range(3):
        for column in range(3):
            yield _Range("aclmdlSetAIPPCscParams", "csc_switch", f"matrix_r{row}c{column}", -32677, 32676, -16)
    for side in ("output", "input"):
        for channel in range(3):
            yield _Range("aclmdlSetAIPPCscParams", "csc_switch", f"{side}_bias_{channel}", 0, 255, 8)
    for side in "wh":
        yield _Range("aclmdlSetAIPPCropParams", "crop", f"load_start_pos_{side}", 0, 4095)
        yield _Range("aclmdlSetAIPPCropParams", "crop", f"crop_size_{side}", 1, 4096)
        yield _Range("aclmdlSetAIPPScfParams", "resize", f"input_{side}", 16, 4096)
        yield _Range("aclmdlSetAIPPScfParams", "resize", f"output_{side}", 16, 1920 if side == "w" else 4096)
    for side in ("top", "bottom", "left", "right"):
        yield _Range("aclmdlSetAIPPPaddingParams", "padding", side, 0, 32)
    for channel in range(4):
        yield _Range("aclmdlSetAIPPDtcPixelMean", "", f"mean_chn_{channel}", 0, 255, -16)
        yield _Range("aclmdlSetAIPPDtcPixelMin", "", f"min_chn_{channel}", 0, 255)
        yield _Range("aclmdlSetAIPPPixelVarReci", "", f"var_reci_chn_{channel}", -65504, 65504)


CREATE = "aclmdlCreateAIPP"
CALLS = (CREATE, *dict.fromkeys(row.call for row in _ranges()))
"""The calls that check their own arguments."""


@rule("AIPP807", "setting-out-of-range", Severity.ERROR, atc=SET_INPUT_AIPP, also=CALLS)
def setting_out_of_range(config: Config, build: Build, runtime: Runtime) -> Iterator[Problem]:
    """A run-time setting is out of the range of its call.

    Every aclmdlSetAIPP* call checks its own arguments and returns 100000 (ACL_ERROR_INVALID_PARAM). aclmdlSetInputAIPP
    then checks them together: the format on this product, even sizes for YUV420SP, the crop inside the source, the
    colour conversion of formats without colour, and the padded width. Before all that, aclmdlCreateAIPP returns a null
    pointer for a batch size of 0. A number that does not fit its argument wraps before the call sees it: a bias of 256
    arrives as 0. If the call accepts what arrives, the finding is a warning.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: dynamic
      max_src_image_size: 752640
    }
    ```

    ```runtime
    {"input_format": "RGB888_U8", "src_image_size_w": 224, "src_image_size_h": 224, "mean_chn_0": 256}
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: dynamic
      max_src_image_size: 752640
    }
    ```

    ```runtime
    {"input_format": "RGB888_U8", "src_image_size_w": 224, "src_image_size_h": 224, "mean_chn_0": 124}
    ```

    ## Fix

    Pass a value that the message allows.

    ## Source

    Facts R3 to R12 (acl_aipp_om2.cpp, model_common.h 100-115), R16 to R21 (aipp_param_check.cpp), Z11 and Z12.
    """
    if op_of(config, runtime) is None:
        return
    batch = runtime.number("batch_size")
    if batch is not None and batch < 1:
        message = "batch_size is {batch}; {call} returns a null pointer for less than 1"
        yield Problem(runtime.place("batch_size"), message, {"batch": batch, "call": CREATE}, atc=CREATE)
    for limit in _ranges():
        path = (limit.group, limit.name) if limit.group and limit.group != "csc_switch" else (limit.name,)
        value = runtime.real(*path)
        if value is not None and not limit.low <= value <= limit.high and (not limit.group or runtime.on(limit.group)):
            yield _out_of_range(runtime, path, limit, value)
    yield from _format_problems(build, runtime)
    yield from _crop_problems(runtime)
    yield from _width_problems(build, runtime)


def _out_of_range(runtime: Runtime, path: tuple[str, ...], limit: _Range, value: float) -> Problem:
    whole = runtime.number(*path)
    passed = limit.passed(value)
    values: dict[str, object] = {"name": ".".join(path), "found": value if whole is None else whole, "call": limit.call}
    values |= {"low": limit.low, "high": limit.high, "passed": passed}
    if limit.low <= passed <= limit.high:
        message = "{name} is {found}, which arrives as {passed}; the range of {call} is {low} to {high}"
        return Problem(runtime.place(*path), message, values, severity=Severity.WARNING)
    message = "{name} is {found}; the range of {call} is {low} to {high}"
    return Problem(runtime.place(*path), message, values, atc=limit.call)


def _format_problems(build: Build, runtime: Runtime) -> Iterator[Problem]:
    """Check R16 to R19: the format on the product, colour conversion, even sizes, resize."""
    form = runtime.text("input_format")
    size, product = runtime.source_size, product_of(build.soc_version)
    place = runtime.place("input_format")
    # The call checks the architecture of chips that its release knows; older chips (Ascend310) have older releases.
    if product is not None and product.arch and product.arch not in RUNTIME_ARCHES:
        message = "{product} does not support dynamic AIPP at run time"
        yield Problem(place, message, {"product": product.short})
    if form is not None and form not in DYNAMIC_FORMATS:
        message = "{form} is not supported in dynamic AIPP; supported formats: {formats}"
        yield Problem(place, message, {"form": form, "formats": ", ".join(DYNAMIC_FORMATS)})
    if form in _NO_CSC and runtime.on("csc_switch"):
        message = "csc_switch is true, but {form} has no colour to convert"
        yield Problem(runtime.place("csc_switch"), message, {"form": form})
    if size is not None and form in EVEN_WIDTH:
        odd = size.width % 2 or (size.height % 2 and form in EVEN_HEIGHT)
        if odd:
            message = "the source size is {size}; {form} requires an even width"
            if form == "YUV420SP_U8":
                message = "the source size is {size}; {form} requires an even width and height"
            yield Problem(runtime.place("src_image_size_w"), message, {"form": form, "size": size})
    if runtime.on("resize"):
        yield Problem(runtime.place("resize"), "resize is true, but no product supports it at run time")


def _crop_problems(runtime: Runtime) -> Iterator[Problem]:
    """Check R20: the crop is inside the source and its start is even."""
    source, form = runtime.source_size, runtime.text("input_format")
    if not runtime.on("crop") or source is None:
        return
    for side, limit in (("w", source.width), ("h", source.height)):
        start = runtime.number("crop", f"load_start_pos_{side}")
        size = runtime.number("crop", f"crop_size_{side}")
        if start is None or size is None:
            continue
        values = {"side": side, "start": start, "size": size, "sum": start + size, "limit": limit, "form": form}
        if start + size > limit:
            message = (
                "crop_size_{side} {size} + load_start_pos_{side} {start} = {sum} exceeds src_image_size_{side} {limit}"
            )
            yield Problem(runtime.place("crop", f"crop_size_{side}"), message, values)
        if start % 2 and (form == "YUV420SP_U8" or (form in EVEN_WIDTH and side == "w")):
            message = "load_start_pos_{side} is {start}; {form} requires an even crop start"
            yield Problem(runtime.place("crop", f"load_start_pos_{side}"), message, values)


def _width_problems(build: Build, runtime: Runtime) -> Iterator[Problem]:
    """Check R21: the width with padding. Ascend310B has no limit; if the product is unknown, it is a warning."""
    output, product = runtime.output_size, product_of(build.soc_version)
    limit = 1080 if product is None else product.runtime_padded_width
    if not runtime.on("padding") or output is None or not limit or output.width <= limit:
        return
    values = {"width": output.width, "limit": limit}
    message = "the width with padding is {width}; the maximum is {limit}"
    note, severity = "", None
    if product is None:
        note, severity = "every product except for Ascend310B rejects it", Severity.WARNING
    yield Problem(runtime.place("padding"), message, values, severity=severity, note=note)


RULES = (setting_out_of_range,)
