"""Causes of errors of the AscendCL runtime when an application sets dynamic AIPP (facts R1 to R29)."""

from __future__ import annotations

from aipplint.explain.cause import Cause
from aipplint.rules.acl_ranges import CREATE
from aipplint.rules.runtime_model import SET_INPUT_AIPP
from aipplint.rules.runtime_profiles import SET_HW_SIZE


def _input(sign: str, pattern: str, meaning: str, *rules: str) -> Cause:
    return Cause(SET_INPUT_AIPP, sign, pattern, meaning, rules)


def _range(argument: str, call: str) -> Cause:
    return Cause(
        call,
        "must be in range of",
        rf"\[Check\]\[(?P<name>{argument})\]\s*param:\[(?P<found>[^\]]{{1,40}})\] must be in range of "
        r"\[(?P<low>[^\]]{1,40})\] and \[(?P<high>[^\]]{1,40})\]",
        f"{{name}} is {{found}}; {call} accepts {{low}} to {{high}}",
        ("AIPP807",),
    )


RUNTIME: tuple[Cause, ...] = (
    Cause(
        CREATE,
        "[Check][BatchSize]",
        r"\[Check\]\[BatchSize\]the batchSize can't be zero",
        "the batch size of aclmdlCreateAIPP is 0, so it returns a null pointer",
        ("AIPP807",),
    ),
    _input(
        "bigger than max_src_image_size",
        r"dynamic aipp size \[?(?P<found>\d+)\]? (?:is )?bigger than max_src_image_size",
        "the source image has {found} bytes, more than max_src_image_size in the configuration of the model",
        "AIPP806",
    ),
    _input(
        "bigger than max_src_image_size",
        r"bigger than max_src_image_size",
        "the source image has more bytes than max_src_image_size in the configuration of the model",
        "AIPP806",
    ),
    _input(
        "aipp output shape",
        r"aipp output shape (?:must equal model|set by ACL must be equal to aipp output shape in the model)",
        "the output of AIPP (batch; source size or crop, plus padding) does not match the model's input; with several "
        "profiles, the input is always the largest one",
        *("AIPP801", "AIPP805", "AIPP814", "AIPP802"),
    ),
    _input(
        "YUV400 or raw not support",
        r"\[Check\]\[Params\]YUV400 or raw not support csc switch",
        "the colour conversion is on for a format that has no colour to convert",
        "AIPP807",
    ),
    _input(
        "the sum of cropStartPos",
        r"\[Check\]\[Params\]the sum of cropStartPos(?P<side>[HW])\[(?P<start>\d+)\] and cropSize[HW]\[(?P<size>\d+)\] "
        r"cannot be larger than srcImageSize[HW]\[(?P<source>\d+)\]",
        "the crop extends beyond the image: start {start} + size {size} exceeds the source {side} {source}",
        "AIPP807",
    ),
    _input(
        "[Check][InputFormat]",
        r"\[Check\]\[InputFormat\][^\n]{0,40}only support [^\n]{0,200}",
        "this product does not support this image format for dynamic AIPP",
        "AIPP807",
    ),
    _input(
        "Not support scf",
        r"\[Check\]\[Params\]Not support scf!",
        "resize (scf) is on; dynamic AIPP does not support it on any product",
        *("AIPP807", "AIPP802"),
    ),
    _input(
        "[Check][Params]",
        r"\[Check\]\[Params\]srcImageSize[HW]\[(?P<first>\d+)\][^\n]{0,60}must be even[^\n]{0,40}",
        "this format requires an even size of the source image",
        "AIPP807",
    ),
    _input(
        "[Check][Params]",
        r"\[Check\]\[Params\][^\n]{0,80}cropStartPos[HW][^\n]{0,60}must be even[^\n]{0,40}",
        "the crop of this format must start at even positions",
        "AIPP807",
    ),
    _input(
        "after padding, aipp output W",
        r"\[Check\]\[Params\]after padding, aipp output W\[(?P<found>\d+)\] should be less than or equal to "
        r"(?P<limit>\d+)",
        "with padding the width is {found}; the maximum on this product is {limit}",
        "AIPP807",
    ),
    _range(r"srcImageSize[WH]", "aclmdlSetAIPPSrcImageSize"),
    _range(r"crop(?:StartPos|Size)[WH]", "aclmdlSetAIPPCropParams"),
    _range(r"paddingSize(?:Left|Right|Top|Bottom)", "aclmdlSetAIPPPaddingParams"),
    _range(r"dtcPixelMeanChn\d", "aclmdlSetAIPPDtcPixelMean"),
    _range(r"dtcPixelMinChn\d", "aclmdlSetAIPPDtcPixelMin"),
    _range(r"dtcPixelVarReciChn\d", "aclmdlSetAIPPPixelVarReci"),
    _range(r"csc\w+|(?:matrix|outputBias|inputBias)\w*", "aclmdlSetAIPPCscParams"),
    _range(r"scf\w+", "aclmdlSetAIPPScfParams"),
    Cause(
        SET_HW_SIZE,
        "cannot match the gear",
        r"cannot match the gear of model",
        "the height and width (or the batch) set at run time is not a profile of the model; the height comes first",
        ("AIPP803", "AIPP815"),
    ),
)
