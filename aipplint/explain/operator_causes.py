"""Causes of errors of the AIPP operator's compiler: E70014 for shapes, E81012 for everything else.

The wordings are those of the operator in CANN 8.1; ``[n]`` in them is the value that was found. The operator of Ascend
950 has codes of its own, EZ0009 and EZ0032 to EZ0034, and quotes its settings as JSON where others name a file.
"""

from __future__ import annotations

from aipplint.explain.cause import Cause

_SWITCHES = r"crop\[\w*\] or resize\[\w*\] or padding\[\w*\]"
_RAW = r"(?:RAW\w*|uint16|RGB\d+(?:_IR)?|NC1HWC0DI_\w+)"


def _operator(sign: str, pattern: str, meaning: str, *rules: str) -> Cause:
    return Cause("E81012", sign, pattern, meaning, rules)


SHAPE: tuple[Cause, ...] = (
    Cause(
        "E70014",
        "aipp output W is",
        r"aipp output H is \[(?P<h>-?\d+)\], aipp output W is \[(?P<w>-?\d+)\], data's H is \[(?P<data_h>-?\d+)\], "
        r"data's W is \[(?P<data_w>-?\d+)\]",
        "the output size of crop, resize and padding is H,W {h},{w}; the model's input size is {data_h},{data_w}",
        ("AIPP704", "AIPP303", "AIPP307"),
        (("input_shape", "input:1,3,{data_h},{data_w}"), ("input_format", "NCHW")),
    ),
    Cause(
        "E70014",
        "aipp output H",
        r"aipp output H ?(?:and|,) ?W\b[^\n]{0,60}(?:!=|should be equal)[^\n]{0,100}",
        "crop, resize and padding do not end in the size that the model takes",
        ("AIPP704", "AIPP303", "AIPP307"),
    ),
    Cause(
        "E70014",
        "aipp input format only support",
        r"aipp input format only support NCHW, NHWC[^\n]{0,40}",
        "AIPP requires --input_format=NCHW or NHWC, and an input of 4 dimensions",
        ("AIPP609",),
    ),
)

OPERATOR: tuple[Cause, ...] = (
    _operator(
        "] is enable, src_image_size_w[",
        rf"when {_SWITCHES} is enable, src_image_size_w\[(?P<w>\d+)\] and src_image_size_h\[(?P<h>\d+)\] should be "
        r"greater than 0",
        "crop, resize or padding is true, but the source image size is not set (src_image_size_w {w}, "
        "src_image_size_h {h})",
        "AIPP303",
    ),
    _operator(
        "should be not enable",
        r"when crop_size_h\[\d+\] is equal to 0 or crop_size_w\[\d+\] is equal to 0, resize\[\w*\] and padding\[\w*\] "
        r"should be not enable",
        "a crop without a size (it defaults to the model's input size) cannot be followed by resize or padding",
        "AIPP307",
    ),
    _operator(
        "should be less than or equal to src_image",
        r"load_start_pos_(?P<side>[hw])\[(?P<start>-?\d+)\] \+ crop_size_[hw]\[(?P<size>-?\d+)\] should be less than "
        r"or equal to src_image_size_[hw]\[(?P<source>\d+)\]",
        "the crop extends beyond the image: load_start_pos_{side} {start} + crop_size_{side} {size} exceeds "
        "src_image_size_{side} {source}",
        *("AIPP305", "AIPP704"),
    ),
    _operator(
        "should be even for",
        r"src_image_size_[hw]\[\d+\](?: and src_image_size_[hw]\[\d+\])? should be even for (?P<format>\w+)",
        "{format} shares colour between neighbouring pixels, so the size of the image must be even",
        *("AIPP302", "AIPP703"),
    ),
    _operator(
        "should be even for",
        r"input_[hw]\[?\w*\]?[^\n]{0,60} should be even for (?P<format>\w+)",
        "{format} shares colour between neighbouring pixels, and the size that comes from the model is odd",
        *("AIPP302", "AIPP703"),
    ),
    _operator(
        "of network should be within",
        r"when src_image_size_(?P<side>[hw]) is 0, [^\n]{0,80}?input_[HW]\[(?P<found>-?\d+)\] of network should be "
        r"within \[(?P<low>\d+), ?(?P<high>\d+)\]",
        "src_image_size_{side} is not set, so it is {found}, as in the model; AIPP accepts {low} to {high}",
        *("AIPP301", "AIPP703"),
    ),
    _operator(
        "] should be within",
        r"src_image_size_(?P<side>[hw])\[(?P<found>-?\d+)\] should be within ?\[(?P<low>\d+), ?(?P<high>\d+)\]",
        "src_image_size_{side} is {found}; AIPP accepts {low} to {high}",
        *("AIPP301", "AIPP112"),
    ),
    _operator(
        " must be even",
        r"load_start_pos_[hw](?:\[-?\d+\])?(?:,? (?:and )?load_start_pos_[hw](?:\[-?\d+\])?)? must be even",
        "on this product, the crop of this format must start at even positions",
        "AIPP306",
    ),
    _operator(
        " must be even",
        r"crop_size_[hw](?:\[-?\d+\])?(?:,? (?:and )?crop_size_[hw](?:\[-?\d+\])?)? must be even",
        "on this product, the crop of this format must have even sizes",
        "AIPP314",
    ),
    _operator(
        " of 16",
        r"src_image_size_w[^\n]{0,80}(?:multiple|multiples) of 16[^\n]{0,40}",
        "on this product a line of the image must be a multiple of 16 bytes",
        "AIPP314",
    ),
    _operator(
        "resize only support",
        r"resize only support [^\n]{0,80}",
        "resize is true, but AIPP does not support resize on this product",
        "AIPP312",
    ),
    _operator(
        "should be",
        r"resize_(?:in|out)put_[hw]\[?[^\n]{0,120}should be[^\n]{0,80}",
        "the sizes of resize are outside of the range of the product",
        *("AIPP313", "AIPP704"),
    ),
    _operator(
        "after padding, aipp output w",
        r"after padding, aipp output w\[(?P<found>\d+)\] should be less than or ea?qual to (?P<limit>\d+)",
        "with padding the width is {found}; the maximum on this product is {limit}",
        *("AIPP309",),
    ),
    _operator(
        "The max padding size is",
        r"The max padding size is 32, and left_padding_size is (?P<left>-?\d+), right_padding_size is (?P<right>-?\d+)"
        r", top_padding_size is (?P<top>-?\d+), bottom_padding_size is (?P<bottom>-?\d+)",
        "the maximum padding on each side is 32 pixels (left {left}, right {right}, top {top}, bottom {bottom})",
        "AIPP308",
    ),
    _operator(
        "padding_value",
        r"padding_value[^\n]{0,120}should be the same|output dtype[^\n]{0,120}padding_value[^\n]{0,80}",
        "a padding_value other than 0 requires a float16 output",
        "AIPP315",
    ),
    _operator(
        "network input c[",
        r"network input c\[(?P<found>\d+)\] should be less than or equal to (?P<limit>\d+)",
        "the model's input has {found} channels; the maximum with AIPP is {limit}",
        "AIPP705",
    ),
    _operator(
        " when input_format is ",
        r"input c\[?(?P<found>\d+)\]? must be (?P<right>\d+) when input_format is (?P<format>\w+)",
        "the image has {found} channels, and {format} has {right}",
        *("AIPP709", "AIPP704"),
    ),
    _operator(
        "make sense to convert to RGB",
        r"it doesn't make sense to convert to RGB, csc_switch\[\w*\]",
        "csc_switch is true for YUV400_U8, which has no colour to convert",
        "AIPP406",
    ),
    _operator(
        "not support csc_switch",
        rf"(?P<format>{_RAW}) (?:input )?not support csc_switch(?:\[\w*\])?[^\n]{{0,60}}",
        "{format} supports no colour conversion, no resize and (except for RGB16) no padding",
        *("AIPP406", "AIPP411"),
    ),
    _operator(
        "not support resize[",
        rf"(?P<format>{_RAW}) not support resize\[\w*\][^\n]{{0,40}}",
        "{format} supports neither resize nor padding",
        *("AIPP406", "AIPP411", "AIPP312"),
    ),
    _operator(
        "current input format is",
        r"(?P<products>[A-Z][\w/]{3,120}) only support [A-Z][^\n]{0,400}, current input format is (?P<format>\w+)",
        "{products} does not support images in {format}",
        "AIPP411",
    ),
    _operator(
        "must be setted",
        r"the input_format must be setted",
        "input_format is unknown",
        *("AIPP105", "AIPP202"),
    ),
    _operator(
        "] should be within",
        r"(?P<name>(?:mean|min|var_reci)_chn_\d|matrix_r\dc\d|(?:in|out)put_bias_\d|raw_rgbir_to_f16_n)\[(?P<found>[^\]]{1,60})\]"
        r" should be within ?\[(?P<low>[^,\]]{1,40}), ?(?P<high>[^\]]{1,40})\]",
        "{name} is {found}; the operator accepts {low} to {high}",
        *("AIPP109", "AIPP111"),
    ),
    _operator(
        " should be equal to",
        r"input [hw][^\n]{0,60} of network should be equal to src_image_size_[hw][^\n]{0,60}"
        r"|src_image_size_[hw][^\n]{0,80} should be equal to [^\n]{0,80}",
        "without crop, resize and padding the source image must have the model's input size",
        "AIPP704",
    ),
    _operator(
        " should be equal to",
        r"(?:crop_size|resize_output|padding_size)[^\n]{0,160} should be equal to [^\n]{0,80}",
        "crop, resize and padding do not end in the size that the model takes",
        "AIPP704",
    ),
    _operator(
        "ipp only support",
        r"dynamic aipp only support [^\n]{0,200}|aipp only support Ascend[^\n]{0,200}",
        "this product does not support this mode of AIPP",
        "AIPP619",
    ),
    _operator(
        "aipp dynamic shape only",
        r"aipp dynamic shape only support [^\n]{0,80}",
        "only three products support static AIPP on an input with a shape range",
        "AIPP625",
    ),
    _operator(
        "dynamic aipp single op",
        r"dynamic aipp single op not support NC1HWC0_C04 output_format",
        "dynamic AIPP cannot be built with --enable_small_channel=1",
        "AIPP616",
    ),
)

_IN_FILE = r"in configuration file [^\n]{0,4000}?"
_WHY = r"invalid\. Reason: (?P<why>[^\n]{1,300}?)\.?(?=$|\n)"
TILING: tuple[Cause, ...] = (
    Cause(
        "EZ0032",
        " of configuration item ",
        rf"Value (?P<found>\S{{1,60}}) of configuration item (?P<name>\w{{1,60}}) {_IN_FILE} is invalid, it should be "
        r"(?P<right>[^\n]{1,200}?)\.?(?=$|\n|\[)",
        "{name} is {found}; this product accepts {right}",
        ("AIPP411",),
    ),
    Cause(
        "EZ0033",
        " of configuration item ",
        rf"Value (?P<found>\S{{1,60}}) of configuration item src_image_size_(?P<side>[hw]) {_IN_FILE} is {_WHY}",
        "src_image_size_{side} (or the model's own side, where it is not set) is {found}: {why}",
        ("AIPP301", "AIPP703"),
    ),
    Cause(
        "EZ0033",
        " of configuration item ",
        rf"Value (?P<found>\S{{1,60}}) of configuration item (?P<name>\w{{1,60}}) {_IN_FILE} is {_WHY}",
        "{name} is {found}: {why}",
        ("AIPP109", "AIPP305", "AIPP308", "AIPP406", "AIPP410", "AIPP315", "AIPP111", "AIPP112"),
    ),
    Cause(
        "EZ0034",
        " of configuration items ",
        rf"Values (?P<found>[^\n]{{1,80}}?) of configuration items (?P<names>[^\n]{{1,120}}?) {_IN_FILE} "
        rf"are {_WHY}",
        "{names} are {found}: {why}",
        ("AIPP302", "AIPP305", "AIPP306", "AIPP703"),
    ),
    Cause(
        "EZ0009",
        "arameter features of",
        r"[Pp]arameter features of [^\n]{0,120}has incorrect shape (?P<found>\[?[-\d, ]{1,60}\]?)\. Reason: "
        r"(?P<why>[^\n]{1,300}?)\.?(?=$|\n)",
        "the output of AIPP does not match the model's input {found}: {why}",
        ("AIPP704", "AIPP309", "AIPP307"),
    ),
)
