"""Images, target colours and standards by name, and the fields that convert one into the other."""

from __future__ import annotations

from aipplint.config.colour import BIAS, MATRIX
from aipplint.errors import UsageError
from aipplint.findings import clean
from aipplint.hardware.csc import (
    FULL_601,
    FULL_709,
    NARROW_601,
    NARROW_709,
    RGB,
    YUV,
    Conversion,
    Standard,
    conversions,
)
from aipplint.records import NamedTuple

GRAY = "GRAY"
Value = bool | int | str
Fields = list[tuple[str, Value]]


class Image(NamedTuple):
    """A kind of image that an application feeds.

    ``swapped`` says that red and blue, or U and V, are stored in the other order; ``alpha_first`` that the unused byte
    of four comes first.
    """

    name: str
    format: str
    family: str
    swapped: bool = False
    alpha_first: bool = False


IMAGES = (
    Image("NV12", "YUV420SP_U8", YUV),
    Image("NV21", "YUV420SP_U8", YUV, swapped=True),
    Image("RGB", "RGB888_U8", RGB),
    Image("BGR", "RGB888_U8", RGB, swapped=True),
    Image("XRGB", "XRGB8888_U8", RGB, alpha_first=True),
    Image("XBGR", "XRGB8888_U8", RGB, swapped=True, alpha_first=True),
    Image("RGBX", "XRGB8888_U8", RGB),
    Image("BGRX", "XRGB8888_U8", RGB, swapped=True),
    Image(GRAY, "YUV400_U8", GRAY),
)
TARGETS = ("RGB", "BGR", "YUV444", "YVU444", GRAY)
STANDARDS = {
    "bt601-narrow": NARROW_601,
    "bt601-full": FULL_601,
    "bt709-narrow": NARROW_709,
    "bt709-full": FULL_709,
    "jpeg": FULL_601,
}

_ALIASES = {
    "YUV420SP": "NV12",
    "YVU420SP": "NV21",
    "ARGB": "XRGB",
    "ABGR": "XBGR",
    "RGBA": "RGBX",
    "BGRA": "BGRX",
    "GREY": GRAY,
    "YUV400": GRAY,
    "Y": GRAY,
    "YUV": "YUV444",
    "YVU": "YVU444",
}


def image_of(name: str) -> Image:
    """Return an image by its name (NV12, BGR, XRGB8888_U8, ...); raises UsageError for an unknown one."""
    word = _plain(name)
    found = next((image for image in IMAGES if image.name == word), None)
    if found is None:
        names = tuple(image.name for image in IMAGES)
        raise UsageError(f"--from: '{clean(name)}' is none of {', '.join(names)}", word, names)
    return found


def target_of(name: str) -> str:
    """Return a target colour by its name; raises UsageError for an unknown one."""
    word = _plain(name)
    if word not in TARGETS:
        raise UsageError(f"--to: '{clean(name)}' is none of {', '.join(TARGETS)}", word, TARGETS)
    return word


def standard_of(name: str) -> Standard:
    """Return a colour standard by its name; raises UsageError for an unknown one."""
    word = name.lower().replace("_", "-").replace(".", "").replace("bt-", "bt").replace("bt601n", "bt601-n")
    for given, known in (("limited", "narrow"), ("wide", "full"), ("601full", "601-full"), ("709", "709-")):
        word = word.replace(given, known).replace("--", "-")
    if word.rstrip("-") not in STANDARDS:
        raise UsageError(f"--standard: '{clean(name)}' is none of {', '.join(STANDARDS)}", word, tuple(STANDARDS))
    return STANDARDS[word.rstrip("-")]


def _plain(name: str) -> str:
    word = name.upper().removesuffix("_U8")
    for digits in ("8888", "888"):
        word = word.removesuffix(digits)
    return _ALIASES.get(word, word)


def needs_standard(image: Image, target: str) -> bool:
    """Whether a conversion depends on a colour standard: from YUV to RGB, or the reverse."""
    return {image.family, RGB if target in ("RGB", "BGR") else target[:3]} in ({YUV, RGB}, {RGB, "YVU"})


def is_possible(image: Image, target: str) -> bool:
    """Whether AIPP can make the colours: a gray image has none."""
    return image.family != GRAY or target == GRAY


def conversion_of(image: Image, target: str, standard: Standard | None) -> Conversion | None:
    """Return the documented conversion; None if none is needed."""
    if image.family == GRAY or ((image.family == RGB) == (target in ("RGB", "BGR")) and target != GRAY):
        return None
    return next(
        one
        for one in conversions()
        if one.documented and (one.source, one.target) == (image.family, target) and one.standard in (None, standard)
    )


def swap_fields(image: Image, target: str, conversion: Conversion | None) -> Fields:
    """Return the two switches that change the order of channels."""
    fields: Fields = []
    if image.format == "XRGB8888_U8":
        fields.append(("ax_swap_switch", image.alpha_first))
    if image.family != GRAY:
        exchanged = conversion is None and target in ("BGR", "YVU444")
        # Gray is made of Y alone: the order of U and V does not matter.
        without = image.family == YUV and target == GRAY
        fields.append(("rbuv_swap_switch", image.swapped != exchanged and not without))
    return fields


def conversion_fields(conversion: Conversion | None) -> Fields:
    """Return the switch, the matrix and the bias that has an effect."""
    if conversion is None:
        return [("csc_switch", False)]
    fields: Fields = [("csc_switch", True), *zip(MATRIX, conversion.matrix, strict=True)]
    return fields + list(zip(BIAS[conversion.bias_side], conversion.bias, strict=True))
