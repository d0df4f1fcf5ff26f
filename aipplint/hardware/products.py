"""The products of each ``--soc_version``, with the abilities of their AIPP.

From the platform configuration and the operator library of CANN 8.1.RC1 (facts C1 and C3), the operator of
Ascend 950 (A1 to A10) and the tables of the run time (R16, R21). A soc_version is an exact, case-sensitive name.
"""

from __future__ import annotations

from aipplint.hardware.formats import TENSORS
from aipplint.records import NamedTuple

_FOUR = ("YUV420SP_U8", "XRGB8888_U8", "RGB888_U8", "YUV400_U8")
_RAW = ("RAW10", "RAW12", "RAW16")
_CAR = (*_FOUR, "ARGB8888_U8", "YUV422SP_U8")
_HISI = (*_FOUR, "ARGB8888_U8", "YUYV_U8", "YUV422SP_U8", "AYUV444_U8", *_RAW)
_INFRARED = (*_FOUR, *TENSORS, "RGB16", "RGB20", "RGB24", "RGB8_IR", "RGB16_IR", "RGB24_IR")

RUNTIME_ARCHES = (1001, 2002, 2201, 3002, 3510)
"""The NpuArchs whose run time lets dynamic AIPP be set (R16)."""

MAX_PROFILES = 100
MAX_PROFILES_950 = 256
"""How many profiles the manual allows, and on Ascend 950 (fact W20)."""


class Product(NamedTuple):
    """One kind of chip.

    ``short`` is its Short_SoC_version, ``family`` the name of the hardware in the manuals, ``arch`` its NpuArch (0 if
    unknown). ``formats`` are the values of input_format that the operator accepts (C1); none means that there is no
    AIPP (1.7, T32). ``padded_width`` limits the output width with padding, in pixels (0: no limit; T18, A8), and
    ``runtime_padded_width`` at run time (R21). ``odd_crop_start`` means that a crop of YUV420SP may start at odd pixels
    (T13), ``odd_crop_start_422`` that its width may for YUV422SP and YUYV (T15). ``hisi`` marks the chips that support
    resize and require lines of whole 16 bytes (T10, T14, T16, T17), ``tiling`` the operator with limits of its own (A1
    to A10), ``shape_range`` the chips whose operator exists for shape ranges (T33).
    """

    short: str
    family: str
    arch: int
    formats: tuple[str, ...]
    padded_width: int = 1080
    runtime_padded_width: int = 1080
    odd_crop_start: bool = False
    odd_crop_start_422: bool = False
    hisi: bool = False
    tiling: bool = False
    shape_range: bool = False
    raw_shift: int = 0
    """The largest raw_rgbir_to_f16_n, if the product has the field (T28)."""


def _car(short: str, formats: tuple[str, ...]) -> Product:
    return Product(short, short, 0, formats, odd_crop_start=True, odd_crop_start_422=True)


def _hisi(short: str) -> Product:
    return Product(short, short, 0, _HISI, padded_width=4096, hisi=True, raw_shift=15)


_ALL = (
    Product("Ascend310", "Atlas 200/300/500", 0, (*_FOUR, *TENSORS), shape_range=True),
    Product("Ascend310P", "Atlas inference products", 2002, (*_FOUR, *TENSORS), shape_range=True),
    _car("Ascend310B", (*_FOUR, *_RAW))._replace(
        family="Atlas 200I/500 A2 inference products", arch=3002, runtime_padded_width=0
    ),
    Product("Ascend910", "Atlas training products", 1001, _FOUR, shape_range=True),
    Product("Ascend910B", "Atlas A2 training products / Atlas A2 inference products", 2201, _FOUR, odd_crop_start=True),
    Product(
        "Ascend910_93",
        "Atlas A3 training products / Atlas A3 inference products",
        2201,
        _FOUR,
        padded_width=0,
        odd_crop_start=True,
    ),
    Product("Ascend950", "Ascend 950", 3510, _FOUR, tiling=True),
    Product("Ascend350", "Ascend 350", 3510, _FOUR, tiling=True),
    Product("Ascend610", "Ascend 610", 0, (*_FOUR, *TENSORS)),
    _car("Ascend610Lite", _CAR),
    _car("AS31XM1", (*_FOUR, *_RAW)),
    _car("BS9SX2A", _CAR),
    _car("MC61AM21A", _CAR),
    Product("BS9SX1A", "BS9SX1A", 0, _INFRARED, padded_width=0, raw_shift=31),
    _hisi("Hi3796CV300ES"),
    _hisi("Hi3796CV300CS"),
    _hisi("SD3403"),
    Product("Ascend910_55", "Ascend 910_55", 0, ()),
    Product("Ascend910_95", "Ascend 910_95", 0, ()),
    Product("Ascend031", "Ascend 031", 3004, ()),
    Product("Ascend035", "IPV350", 3505, ()),
)
PRODUCTS = {product.short: product for product in _ALL}

_VERSIONS = {
    "Ascend310": "Ascend310",
    "Ascend310P": "Ascend310P1 Ascend310P3 Ascend310P5 Ascend310P7",
    "Ascend310B": "Ascend310B1 Ascend310B2 Ascend310B3 Ascend310B4",
    "Ascend910": "Ascend910A Ascend910B Ascend910ProA Ascend910ProB Ascend910PremiumA",
    "Ascend910B": "Ascend910B1 Ascend910B2 Ascend910B2C Ascend910B3 Ascend910B4 Ascend910B4-1",
    "Ascend910_93": "Ascend910_9362 Ascend910_9363 Ascend910_9372 Ascend910_9381 Ascend910_9382 Ascend910_9391"
    " Ascend910_9392",
    "Ascend910_55": "Ascend910_5591",
    "Ascend910_95": "Ascend910_95",
    "Ascend031": "Ascend031",
    "Ascend035": "Ascend035 Ascend035A Ascend035B",
    "Ascend610": "Ascend610",
    "Ascend610Lite": "Ascend610Lite",
    "AS31XM1": "AS31XM1X",
    "BS9SX1A": "BS9SX1AA BS9SX1AB BS9SX1AC",
    "BS9SX2A": "BS9SX2AA BS9SX2AB",
    "MC61AM21A": "MC61AM21AA MC61AM21AB",
    "Hi3796CV300ES": "Hi3796CV300ES",
    "Hi3796CV300CS": "Hi3796CV300CS",
    "SD3403": "SD3403",
}
_PREFIXES = {"Ascend950DT_": "Ascend950", "Ascend950PR_": "Ascend950", "Ascend350_": "Ascend350"}

SOC_VERSIONS = {version: short for short, versions in _VERSIONS.items() for version in versions.split()}
"""Short_SoC_version by soc_version. The bare Ascend910B is the first Ascend910, in spite of its name."""


def product_of(soc_version: str | None) -> Product | None:
    """The product of a ``--soc_version``; None if it is missing or unknown."""
    if soc_version is None:
        return None
    short = SOC_VERSIONS.get(soc_version)
    if short is None:
        short = next((s for prefix, s in _PREFIXES.items() if soc_version.startswith(prefix)), "")
    return PRODUCTS.get(short)
