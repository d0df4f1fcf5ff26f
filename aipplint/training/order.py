"""The channel order in which training code reads images: only where all of it reads them in one order."""

from __future__ import annotations

import re

WORDS = re.compile(rb"(?i)image\.open|imread|decode|imagefolder|mmcv|bgr|to_rgb")
"""One of these stands in every file that reads images or turns their channels."""

_READS = re.compile(
    r"\b(?:Image\.open|imageio(?:\.v2)?\.imread|(?:skimage\.)?io\.imread|(?:scipy\.)?misc\.imread"
    r"|(?:[Vv]ision|C|CV|CC|c_vision|V_C)\.Decode|decode_(?:jpeg|image|png)|ImageFolder(?:Dataset(?:V2)?)?)\("
)
"""Functions that read pixels in the order R, G, B."""
_OPENCV = re.compile(r"\b(?:cv2?|cv)\.im(?:read|decode)\(")
"""Functions that read them in the order B, G, R."""
_TURNED = re.compile(r"\bcv2?\.COLOR_BGR2RGB\b")
_UNCLEAR = re.compile(
    r"(?i)mmcv|to_rgb|tobgr|rgb2bgr|(?<!color_)bgr(?!2rgb)|\[\s*(?:\.\.\.|:\s*,\s*:)\s*,\s*::-1\s*\]|2,\s*1,\s*0\b"
)
"""What may turn the channels, or read them in the other order."""
_COMMENT = re.compile(r"(?m)#.*$")


def reads_rgb(text: str) -> int | None:
    """Where a Python file reads images in the order R, G, B, as an offset; -1 if it reads none.

    None if it may read them in another order.
    """
    code = _COMMENT.sub(lambda match: " " * len(match[0]), text)
    if _UNCLEAR.search(code) or len(_OPENCV.findall(code)) > len(_TURNED.findall(code)):
        return None
    found = _READS.search(code) or _TURNED.search(code)
    return found.start() if found else -1


def reads_bgr(text: str) -> bool:
    """Whether a Python file reads images with OpenCV only, and nothing in it may turn the channels."""
    code = _COMMENT.sub("", text)
    turned = _UNCLEAR.search(code) or _TURNED.search(code) or _READS.search(code)
    return bool(_OPENCV.search(code)) and not turned
