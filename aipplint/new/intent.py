"""An intent: everything that a configuration says, settled and free of contradictions."""

from __future__ import annotations

from aipplint.hardware.csc import Standard
from aipplint.hardware.size import Size
from aipplint.new.colours import Image
from aipplint.new.geometry import Geometry
from aipplint.new.normalisations import Normalisation
from aipplint.records import NamedTuple


class Network(NamedTuple):
    """The model and how ATC compiles it; empty where it is not known.

    ``framework`` is the value of --framework, ``rank`` the index of the image input, ``layout`` NCHW or NHWC.
    """

    path: str = ""
    framework: int = 5
    input: str = ""
    rank: int = 0
    layout: str = "NCHW"
    batch: int = 1
    soc_version: str = ""
    is_uint8: bool = False


class Static(NamedTuple):
    """A static operator. ``geometry`` is None for several image sizes, which are then in ``profiles`` (H,W;H,W)."""

    image: Image
    target: str
    standard: Standard | None
    normalisation: Normalisation
    size: Size | None
    geometry: Geometry | None
    profiles: str
    gray: float | None
    network: Network


class Dynamic(NamedTuple):
    """A dynamic operator: the largest image, in ``image`` format if one is given, and the size of the model."""

    image: Image | None
    largest: Size
    size: Size | None
    profiles: str
    network: Network
