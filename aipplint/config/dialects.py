"""Files of other tools that travel under the same name and suffix."""

from __future__ import annotations

from aipplint.records import NamedTuple
from aipplint.source import Span
from aipplint.syntax.tree import Tree

_SVP = "HiSilicon SVP_NNN/AAPP (Hi3403, SS928, Hi3516CV610)"
_HARMONY = "HarmonyOS CANN Kit (Kirin, OMG)"
_BLOCKS = {"aapp_op": _SVP} | dict.fromkeys(
    ("input_para", "crop_func", "csc_func", "dtc_func", "swap_func", "pad_func", "resize_func", "rotate_func"), _HARMONY
)
_SVP_FIELDS = frozenset(("model_format", "image_type"))
_SVP_FORMATS = frozenset("BGR_PLANAR RGB_PLANAR BGR_PACKAGE RGB_PACKAGE YVU420SP YUV420SP GRAY RAW_RGGB".split())


class Dialect(NamedTuple):
    """Another tool's format, and the token that gives it away."""

    name: str
    span: Span
    sign: str


def dialect(tree: Tree) -> Dialect | None:
    """The dialect of a file that is not written for ATC, or None."""
    for field in tree.walk():
        name = field.name.text
        if field.blocks and name in _BLOCKS:
            return Dialect(_BLOCKS[name], field.name_span, name)
        if name in _SVP_FIELDS:
            return Dialect(_SVP, field.name_span, name)
        if name == "input_format" and field.scalars and field.scalars[0].text in _SVP_FORMATS:
            return Dialect(_SVP, field.value_span, field.scalars[0].text)
    return None
