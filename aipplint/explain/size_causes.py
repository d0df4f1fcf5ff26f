"""Messages of applications and of the runtime about a buffer whose size differs from the model's input.

The wordings are those of the samples and tools of Ascend (``acl`` samples, msame, ais_bench, MindX) and of the runtime.
Every pattern has the groups ``fed`` and ``need``, both in bytes.
"""

from __future__ import annotations

from aipplint.explain.cause import Cause

SIZE = "input size"
"""Stands for the code that these complaints have not."""


def _size(sign: str, pattern: str) -> Cause:
    return Cause(SIZE, sign, pattern, "the application passes {fed} bytes; the input of the model requires {need}", ())


SIZES: tuple[Cause, ...] = (
    _size(
        "not equal to model input size",
        r"size ?\[?(?P<fed>\d{1,15})\]? (?:is )?not equal to model input size ?\[?(?P<need>\d{1,15})\]?",
    ),
    _size(
        "does not match model required size",
        r"input data size ?\(?(?P<fed>\d{1,15})\)? does not match model required size ?\(?(?P<need>\d{1,15})\)?",
    ),
    _size("needsize", r"size: ?(?P<fed>\d{1,15}),? needsize: ?(?P<need>\d{1,15})(?: not match)?"),
    _size("filesize", r"tensorsize: ?(?P<need>\d{1,15}),? filesize: ?(?P<fed>\d{1,15})(?: not match)?"),
    _size("ndata size", r"ndata size: ?(?P<fed>\d{1,15}) not match (?P<need>\d{1,15})"),
    _size(
        "from user add align",
        r"input size: ?(?P<fed>\d{1,15}) from user add align: ?\d{1,9} < (?:input_)?op_size: ?(?P<need>\d{1,15})",
    ),
    _size(
        "not match with input bin data size",
        r"node data size ?\[?(?P<need>\d{1,15})\]? not match with input bin data size ?\[?(?P<fed>\d{1,15})\]?",
    ),
    _size(
        "does not match model input",
        r"data ?size of [^\n]{0,80}\((?P<fed>\d{1,15})\) does not match model inputTensors\[\d{1,9}\]"
        r"\((?P<need>\d{1,15})\)",
    ),
    _size(
        "is not equal with buffer size",
        r"file size ?\[?(?P<fed>\d{1,15})\]? is not equal with buffer size ?\[?(?P<need>\d{1,15})\]?",
    ),
    # What people write themselves.
    _size(
        "xpect",
        r"(?i)(?:size|bytes)\W{0,4}(?:is\W{1,3}|of\W{1,3})?(?P<fed>\d{3,15})\b[^\d\n]{0,60}\bexpect(?:s|ed)?\b"
        r"[^\d\n]{0,40}(?P<need>\d{3,15})\b",
    ),
    _size(
        "xpect",
        r"(?i)\bexpect(?:s|ed)?\b[^\d\n]{0,20}(?:size|bytes|length)\W{0,4}(?:is\W{1,3}|of\W{1,3})?"
        r"(?P<need>\d{3,15})\b[^\d\n]{0,40}\b(?:got|actual(?:ly)?|but|given|real)\b[^\d\n]{0,40}(?P<fed>\d{3,15})\b",
    ),
)
