"""Files of other tools with the same names and suffixes."""

from __future__ import annotations

import re

from aipplint.records import NamedTuple
from aipplint.schema.fields import op_fields, table
from aipplint.schema.spec import ROOT
from aipplint.source import Source, Span
from aipplint.syntax.tree import Tree

_SVP = "HiSilicon SVP_NNN/AAPP (Hi3403, SS928, Hi3516CV610)"
_HARMONY = "HarmonyOS CANN Kit (Kirin, OMG)"
_BLOCKS = {"aapp_op": _SVP} | dict.fromkeys(
    ("input_para", "crop_func", "csc_func", "dtc_func", "swap_func", "pad_func", "resize_func", "rotate_func"), _HARMONY
)
_SVP_FIELDS = frozenset(("model_format", "image_type"))
_SVP_FORMATS = frozenset("BGR_PLANAR RGB_PLANAR BGR_PACKAGE RGB_PACKAGE YVU420SP YUV420SP GRAY RAW_RGGB".split())

_MINDX = "the post-processing of MindX SDK (postProcessConfigPath)"
_KEY_VALUE = "settings of another kind (KEY=VALUE)"
_MINDX_KEYS = frozenset(
    "CLASS_NUM SOFTMAX TOP_K SCORE_THRESH SEPARATE_SCORE_THRESH OBJECTNESS_THRESH IOU_THRESH BIASES_NUM BIASES"
    " YOLO_TYPE YOLO_VERSION MODEL_TYPE INPUT_TYPE ANCHOR_DIM FRAMEWORK CHECK_MODEL FILE_TYPE PRELABEL_PATH".split()
)
_LINE = r"[ \t]*(?:#[^\n]*)?(?:\n|\Z)|[ \t]*(?P<key>[A-Za-z_][A-Za-z0-9_]*)[ \t]*=[^\n{}<>]*(?:\n|\Z)"


class Dialect(NamedTuple):
    """The format of a different tool, and the token that identifies it."""

    name: str
    span: Span
    sign: str


def dialect(source: Source, tree: Tree) -> Dialect | None:
    """The dialect of a file that is not written for ATC, or None."""
    if tree.issues and (other := _key_value(source.text)):
        return other
    for field in tree.walk():
        name = field.name.text
        if field.blocks and name in _BLOCKS:
            return Dialect(_BLOCKS[name], field.name_span, name)
        if name in _SVP_FIELDS:
            return Dialect(_SVP, field.name_span, name)
        if name == "input_format" and field.scalars and field.scalars[0].text in _SVP_FORMATS:
            return Dialect(_SVP, field.value_span, field.scalars[0].text)
    return None


def _key_value(text: str) -> Dialect | None:
    """The dialect of a text of which every line sets a key with ``=``, and no key is a field of AIPP."""
    fields = {*op_fields(), *table().messages[ROOT]}
    first: re.Match[str] | None = None
    pattern = re.compile(_LINE)
    known, at = _KEY_VALUE, 1 if text.startswith("\ufeff") else 0
    while at < len(text):
        line = pattern.match(text, at)
        if line is None or line["key"] in fields:
            return None
        if line["key"]:
            first = first or line
            known = _MINDX if line["key"] in _MINDX_KEYS else known
        at = line.end()
    return first and Dialect(known, Span(*first.span("key")), first["key"])
