"""Causes of errors of ATC: the text of the configuration, its operators, the options of the build.

The wordings are those of CANN 8.5 and later; of older releases where they differ (which put values in brackets).
"""

from __future__ import annotations

from aipplint.atc.options import IMAGE
from aipplint.explain.cause import Cause

_POSITION = r"Error parsing text-format domi\.InsertNewOps: (?P<line>\d+):(?P<column>\d+): "
"""What protobuf writes to the standard error of ATC before it says what is wrong."""

_PROFILES = ((IMAGE, "..."),)
"""That there are profiles; which ones, the complaint does not say."""


def _parser(pattern: str, meaning: str, *rules: str) -> Cause:
    return Cause("E13005", "text-format domi.", f"{_POSITION}(?:{pattern})", meaning, rules)


def _invalid(sign: str, pattern: str, meaning: str, *rules: str) -> Cause:
    return Cause("E10052", sign, pattern, meaning, rules, _PROFILES if "--dynamic_image_size" in pattern else ())


PARSER: tuple[Cause, ...] = (
    _parser(
        r'Message type "domi\.InsertNewOps" has no field named "(?P<name>[^"]*)"',
        "{name} is outside of a block; the top level of the file allows only aipp_op {{ ... }}",
        *("AIPP014", "AIPP101", "AIPP015", "AIPP001", "AIPP008", "AIPP102"),
    ),
    _parser(
        r'Message type "[\w.]*" has no field named "(?P<name>[^"]*)"',
        "AIPP has no field {name}",
        *("AIPP101", "AIPP015", "AIPP001", "AIPP008", "AIPP102"),
    ),
    _parser(
        r'Non-repeated field "(?P<name>[^"]*)" is specified multiple times',
        "{name} is set twice in one block",
        "AIPP106",
    ),
    _parser(r'Expected "[:{]", found "="', "'=' is used instead of ':'", "AIPP005"),
    _parser(
        r'Expected ":", found "(?P<found>[^"]*)"',
        "missing ':' between a field and its value",
        *("AIPP004", "AIPP106", "AIPP001"),
    ),
    _parser(
        r"Interpreting non ascii codepoint (?P<found>\d+)",
        "there is a character that is not ASCII outside of comments and strings: full-width punctuation, an invisible "
        "character, or a byte order mark",
        *("AIPP002", "AIPP003", "AIPP011", "AIPP001", "AIPP101"),
    ),
    _parser(r"Integer out of range", "a number exceeds the range of its field", "AIPP103", "AIPP102"),
    _parser(r"Expected integer, got: -", "a field that must not be negative has a minus sign", "AIPP103", "AIPP102"),
    _parser(r"Expected integer, got: \]", "a list ends with a comma", "AIPP010", "AIPP102"),
    _parser(
        r"Expected integer, got: (?P<found>.{1,80})",
        "{found} is not a whole number, which the field needs (a fraction of a mean goes to min_chn_*)",
        *("AIPP102", "AIPP103"),
    ),
    _parser(r"Expected double, got: \]", "a list ends with a comma", "AIPP010", "AIPP102"),
    _parser(
        r"(?:Expected double|Expect a decimal number), got: (?P<found>.{1,80})",
        "{found} is not a valid number for a float field",
        "AIPP102",
    ),
    _parser(r"Expected string, got: (?P<found>.{1,80})", "a name has no quotes: {found}", "AIPP102"),
    _parser(
        r'Invalid value for boolean field "(?P<name>[^"]*)"\. Value: "(?P<found>[^"]*)"',
        "{name} must be true or false, not {found}",
        "AIPP102",
    ),
    _parser(
        r'Unknown enumeration value of "(?P<found>[^"]*)" for field "(?P<name>[^"]*)"',
        "{name} has no value {found}",
        *("AIPP104", "AIPP101", "AIPP102"),
    ),
    _parser(
        r"Need space between number and identifier|Numbers starting with leading zero|\"e\" must be followed",
        "the text format does not allow a number to be written like this",
        "AIPP102",
    ),
    _parser(
        r"String literals cannot cross|Multiline strings are not allowed",
        "a string is not closed on its line",
        "AIPP009",
    ),
    _parser(r"Expected identifier, got: \}", "there is an unexpected closing brace", "AIPP007"),
    _parser(
        r"Expected identifier, got: /",
        "a comment begins with '/'; only '#' begins one",
        *("AIPP008", "AIPP102"),
    ),
    _parser(r"Expected identifier, got: [;,]", "there is an unexpected separator", "AIPP010"),
    _parser(r"Expected identifier, got: (?=$|\s*$)", "the file ends inside a block: a '}}' is missing", "AIPP006"),
    Cause(
        "E13005",
        "TextFormat::Parse] failed",
        r"\[google::protobuf::TextFormat::Parse\] failed, file (?P<path>\S{1,300})",
        "{path} is not in protobuf's text format (E19999 up to CANN 9.0)",
        ("AIPP001", "AIPP004", "AIPP101", "AIPP102", "AIPP106"),
    ),
    _parser(
        r".{0,200}",
        "the text is not in protobuf's text format",
        *("AIPP001", "AIPP006", "AIPP007", "AIPP008", "AIPP010", "AIPP102"),
    ),
)

CONFIGURATION: tuple[Cause, ...] = (
    _invalid(
        "crop and padding cannot be set",
        r"When --dynamic_image_size is set, crop and padding cannot be set to 'true'",
        "crop or padding is true in an operator; with --dynamic_image_size both must be false",
        "AIPP701",
    ),
    _invalid(
        "src_image_size_h must be set to",
        r"When --dynamic_image_size is set, src_image_size_w and src_image_size_h must be set to '0'",
        "a static operator fixes the source image size; with --dynamic_image_size the size comes from the profile, and "
        "both fields must be 0 or not set",
        "AIPP702",
    ),
    _invalid(
        "Cannot both set related_input_",
        r"Cannot both set related_input_(?:name and related_input_rank|rank and related_input_name)[^(]{0,80}"
        r"(?:\(related_input_(?:name|rank)\))?",
        "one operator uses related_input_name and another related_input_rank; all must use the same field",
        "AIPP208",
    ),
    _invalid(
        "Cannot insert aipp to the same position",
        r"Cannot insert aipp to the same position! Please ensure related_input_name param is different",
        "two operators have the same related_input_name",
        "AIPP207",
    ),
    _invalid(
        "Cannot insert aipp to the same position",
        r"Cannot insert aipp to the same position! Please ensure related_input_rank param is different",
        "two operators have the same input; their related_input_rank must differ (it defaults to 0)",
        "AIPP206",
    ),
    _invalid(
        "Cannot find the data node by aipp",
        r"Cannot find the data node by aipp parameter related_input_rank \[?(?P<found>-?\d+)\]?",
        "the model has no input {found}: related_input_rank counts its inputs from 0",
        "AIPP211",
    ),
    _invalid(
        "convert rank failed",
        r"related_input_name (?P<found>.{0,120}?) ?convert rank failed",
        "there is no input with the name {found}; ATC supports names of inputs for Caffe models only",
        *("AIPP210", "AIPP211"),
    ),
    _invalid(
        "aipp_mode must be configured",
        r"aipp_mode must be configured as static or dynamic",
        "an operator has no aipp_mode, or an unknown one",
        *("AIPP201", "AIPP105"),
    ),
    _invalid(
        "cannot be configured repeatedly",
        r"[Tt]he parameter (?P<name>\w+) cannot be configured repeatedly",
        "{name} is set more than once in one operator",
        "AIPP107",
    ),
    _invalid(
        "max_src_image_size must be set",
        r"For dynamic AIPP params, max_src_image_size must be set which number should be greater than 0",
        "a dynamic operator has no max_src_image_size",
        "AIPP203",
    ),
    _invalid(
        "Input format of AIPP conf",
        r"Input format of AIPP conf (?:must be set in static aipp|is undefined)",
        "a static operator has no input_format",
        "AIPP202",
    ),
    _invalid(
        "must not be configured smaller than 0",
        r"(?P<name>[SLCRTB]\w+_(?:size|pos|output)\w*) must not be configured smaller than 0",
        "{name} is below 0 (the message writes the field with a capital letter)",
        "AIPP112",
    ),
    _invalid(
        "input_edge_idx can not",
        r"input_edge_idx can not be configed repeatedly",
        "input_edge_idx has more than one value, which releases before 8.5 reject; it has no effect, so delete it",
        "AIPP110",
    ),
    _invalid(
        "Cannot config part of outputs",
        r"Cannot config part of outputs of Data node to support AIPP",
        "an input of the model has several outputs, and only some of them got AIPP; no rule of aipplint checks this",
    ),
)

OPTIONS: tuple[Cause, ...] = (
    Cause(
        "E10001",
        "does not support AIPP",
        r"The dynamic dims function does not support AIPP",
        "--dynamic_dims and --insert_op_conf exclude each other",
        ("AIPP614",),
    ),
    Cause(
        "E10001",
        "The value must be N",
        r"The value must be (?:NCHW|NHWC|ND|NCDHW|NDHWC)[\w, ]* in (?P<framework>Caffe|TF|ONNX) model",
        "--input_format has a value that is not supported for {framework} models",
        ("AIPP609",),
    ),
    Cause(
        "E10001",
        "At least one dim should be",
        r"At least one dim should be -1 when dynamic_dims is set",
        "--dynamic_dims is set, but --input_shape has no -1",
        ("AIPP613",),
    ),
    Cause(
        "E10001",
        "Dynamic dims must be",
        r"Dynamic dims must be a positive integer",
        "--dynamic_dims contains something that is not a whole number",
        ("AIPP602",),
    ),
    Cause(
        "E10001",
        "hape size must be",
        r"[Ss]hape size must be in the range ?\[3, ?4\]",
        "the input with dynamic AIPP must have 3 or 4 dimensions",
        ("AIPP706",),
    ),
    Cause(
        "E10001",
        "--insert_op_conf",
        r"Value \[?(?P<path>[^\]]{0,500}?)\]? for parameter \[?--insert_op_conf\]? is invalid",
        "the file of --insert_op_conf does not exist, cannot be read, or its path contains characters that ATC does "
        "not allow",
        ("AIPP620", "AIPP621"),
    ),
    Cause(
        "E10016",
        "is not found in the model",
        r"[Oo]pname \[?(?P<name>[^\]\s]{1,200}?)\]? specified in \[?(?:--)?(?P<option>\w+)\]? is not found in the "
        r"model",
        "the model has no node {name}, which --{option} names",
        ("AIPP642",),
    ),
    Cause(
        "E10002",
        "must contain two parts",
        r"The shape must contain two parts: name and value",
        "an input in --input_shape is not written name:d,d,... (a ';' at the end adds an empty one)",
        ("AIPP601",),
    ),
    Cause(
        "E10002",
        "float number is unsupported",
        r"The float number is unsupported",
        "--input_shape contains a number with a point",
        ("AIPP601",),
    ),
    Cause(
        "E10002",
        "is not a digit",
        r"It is not a digit",
        "--input_shape contains a dimension that is not a number",
        ("AIPP601",),
    ),
    Cause(
        "E10003",
        "the input format only supports",
        r"the input format only supports NCHW or NHWC",
        "--dynamic_image_size requires --input_format=NCHW or NHWC",
        ("AIPP609",),
    ),
    Cause(
        "E10003",
        "Each setting needs to be consistent",
        r"Each setting needs to be consistent with the number of -1 in the input shape",
        "a profile in --dynamic_dims does not have one number for each -1 in --input_shape",
        ("AIPP613",),
    ),
    Cause(
        "E10003",
        "can only contain digits",
        r"It can only contain digits",
        "a list of profiles contains characters other than digits and separators",
        ("AIPP602",),
    ),
    Cause(
        "E13014",
        "in the dynamic AIPP scenario",
        r"The format must be NCHW or NHWC in the dynamic AIPP scenario",
        "dynamic AIPP works only with --input_format NCHW or NHWC",
        ("AIPP706",),
    ),
    Cause(
        "E10001",
        "when dynamic AIPP is linked",
        r"Only format NCHW and NHWC are supported when dynamic AIPP is linked",
        "dynamic AIPP works only with --input_format NCHW or NHWC",
        ("AIPP706",),
    ),
    Cause(
        "E10034",
        "connected to AIPP",
        r"Nodes \(for example, \[?(?P<name>.{1,120}?)\]?\) connected to AIPP must not be of type fp16",
        "--input_fp16_nodes lists the input {name}, which has AIPP and therefore takes bytes",
        ("AIPP615",),
    ),
    Cause(
        "E19999",
        "isdigit(",
        r"Assert \(isdigit\(a\)\) failed|isdigit\(\w+\)[^\n]{0,40} failed",
        "a list of profiles contains something that is not a number, possibly only a space",
        ("AIPP602",),
    ),
)
