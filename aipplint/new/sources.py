"""What other files say about an intent: preprocessing settings, the description of a video, a model."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Any

from aipplint.errors import UsageError
from aipplint.findings import clean
from aipplint.hardware.csc import FULL_601, FULL_709, NARROW_601, NARROW_709, Standard
from aipplint.hardware.size import Size
from aipplint.models.model import Input, Model
from aipplint.new.normalisations import NORMALISATIONS, Normalisation, Numbers
from aipplint.project.reading import TooLarge, Unreadable, read_file
from aipplint.records import NamedTuple

PREPROCESSOR = "preprocessor_config.json"
_MATRICES = {
    ("bt709", "tv"): NARROW_709,
    ("bt709", "pc"): FULL_709,
    ("smpte170m", "tv"): NARROW_601,
    ("smpte170m", "pc"): FULL_601,
    ("bt470bg", "tv"): NARROW_601,
    ("bt470bg", "pc"): FULL_601,
}
"""The standard for what ffprobe calls colour space and range."""
_RANGES = {"tv": "tv", "mpeg": "tv", "limited": "tv", "pc": "pc", "jpeg": "pc", "full": "pc"}
_PIXELS = {
    "yuv420p": "NV12",
    "yuvj420p": "NV12",
    "nv12": "NV12",
    "nv21": "NV21",
    "rgb24": "RGB",
    "bgr24": "BGR",
    "gray": "GRAY",
    "argb": "XRGB",
    "0rgb": "XRGB",
    "abgr": "XBGR",
    "0bgr": "XBGR",
    "rgba": "RGBX",
    "rgb0": "RGBX",
    "bgra": "BGRX",
    "bgr0": "BGRX",
}
"""The image for a pixel format of ffprobe; the decoder of the chip gives planes of 4:2:0 as NV12."""


class Video(NamedTuple):
    """What ffprobe says about a video. ``stored`` is the size of a decoded frame in memory, with its border."""

    image: str
    size: Size
    stored: Size
    standard: Standard | None
    why: str
    """Why the standard is unknown."""


def read_preprocessor(path: str) -> Normalisation:
    """Read the normalisation of ``preprocessor_config.json``, or of a folder with one; raises UsageError."""
    if os.path.isdir(path):
        path = os.path.join(path, PREPROCESSOR)
    data = _read_json("--normalize-from", path)
    found = next((one for one in (data, data.get("pretrained_cfg"), data) if _has_mean(one)), data)
    assert isinstance(found, Mapping)
    name = os.path.basename(path)
    scaled = found.get("do_rescale", True) is not False
    if found.get("do_normalize", True) is False:
        return NORMALISATIONS["unit" if scaled else "none"]._replace(name=clean(name))
    mean, deviation = (_numbers(path, found, *keys) for keys in (("image_mean", "mean"), ("image_std", "std")))
    factor = found.get("rescale_factor", 1 / 255) if scaled else 1
    if isinstance(factor, bool) or not isinstance(factor, (int, float)) or not 1e-6 <= factor <= 1:
        raise UsageError(f"--normalize-from {clean(path)}: rescale_factor must be above 0 and at most 1")
    means, deviations = (tuple(value / factor for value in values) for values in (mean, deviation))
    return Normalisation(clean(name), means, deviations, by_name=True)


def _has_mean(data: object) -> bool:
    return isinstance(data, Mapping) and ("image_mean" in data or "mean" in data)


def _numbers(path: str, data: Mapping[str, Any], *keys: str) -> Numbers:
    value = next((data[key] for key in keys if key in data), None)
    values = value if isinstance(value, list) else [value]
    if len(values) not in (1, 3) or any(isinstance(one, bool) or not isinstance(one, (int, float)) for one in values):
        raise UsageError(f"--normalize-from {clean(path)}: {keys[0]} must be one number, or a list of three")
    return tuple(map(float, values))


def read_video(path: str) -> Video:
    """Read the JSON of ``ffprobe -show_streams -of json``; raises UsageError."""
    streams = _read_json("--video", path).get("streams")
    found = [one for one in streams if isinstance(one, dict)] if isinstance(streams, list) else []
    stream = next((one for one in found if one.get("codec_type", "video") == "video" and "pix_fmt" in one), None)
    if stream is None:
        raise UsageError(f"--video {clean(path)}: no video stream; write it with 'ffprobe -show_streams -of json'")
    pixels = str(stream["pix_fmt"])
    if pixels not in _PIXELS:
        raise UsageError(f"--video {clean(path)}: AIPP cannot take images of {clean(pixels)}")
    size = _size(path, stream, "width", "height")
    stored = _size(path, stream, "coded_width", "coded_height") if stream.get("coded_width") else size
    space, given = str(stream.get("color_space", "unknown")), str(stream.get("color_range", "unknown"))
    kept = "pc" if pixels.startswith("yuvj") else _RANGES.get(given, given)
    standard = _MATRICES.get((space, kept))
    why = f"{os.path.basename(path)} has colour space {space} and range {kept}"
    if standard is None and space not in ("unknown", "unspecified") and all(space != one for one, _ in _MATRICES):
        raise UsageError(f"--video {clean(path)}: there is no documented matrix for the colour space {clean(space)}")
    return Video(_PIXELS[pixels], size, Size(*map(max, size, stored)), standard, clean(why))


def _size(path: str, stream: Mapping[str, Any], width: str, height: str) -> Size:
    values = [stream.get(name) for name in (height, width)]
    if any(type(value) is not int or not 1 <= value <= 2**16 for value in values):
        raise UsageError(f"--video {clean(path)}: {width} and {height} must be whole numbers")
    return Size(*(int(value or 0) for value in values))


def _read_json(option: str, path: str) -> dict[str, Any]:
    content = read_file(path)
    if isinstance(content, Unreadable):
        raise UsageError(f"{option} {clean(path)}: cannot be read: {content.reason}")
    if isinstance(content, TooLarge):
        raise UsageError(f"{option} {clean(path)}: {content.size:,} bytes are too many")
    try:
        data = json.loads(content)
    except (ValueError, RecursionError):
        raise UsageError(f"{option} {clean(path)}: not valid JSON") from None
    if not isinstance(data, dict):
        raise UsageError(f"{option} {clean(path)}: not a JSON object")
    return data


class ModelInput(NamedTuple):
    """An image input of a model: its rank, and N, C, H, W as far as they are known (None: chosen in the build)."""

    rank: int
    input: Input
    layout: str
    batch: int | None
    channels: int
    size: Size | None


def image_input(model: Model, name: str) -> ModelInput:
    """Return the input of a model that takes images, or the one with a name; raises UsageError."""
    head = f"--model {clean(model.path)}"
    if not model.readable:
        raise UsageError(f"{head}: {model.why}")
    if model.compiled is not None:
        raise UsageError(f"{head}: a compiled model; give the model that ATC compiles")
    found = [one for rank, given in enumerate(model.inputs) if (one := _as_image(rank, given)) is not None]
    names = tuple(one.input.name for one in found)
    if name:
        found = [one for one in found if one.input.name == name]
        if not found:
            raise UsageError(f"--input: {clean(name)} is not an image input of {clean(model.path)}", name, names)
    if not found:
        raise UsageError(f"{head}: no input has 1 or 3 channels, height and width")
    if len(found) > 1:
        raise UsageError(f"{head}: several inputs may be images: add --input with one of {clean(', '.join(names))}")
    return found[0]


def _as_image(rank: int, given: Input) -> ModelInput | None:
    if given.dims is None or len(given.dims) != 4:
        return None
    numbers = given.numbers
    layout = given.layout or ("NCHW" if numbers[1] in (1, 3) else "NHWC")
    if layout not in ("NCHW", "NHWC"):
        return None
    batch, channels = numbers[0], numbers[layout.index("C")]
    height, width = numbers[layout.index("H")], numbers[layout.index("W")]
    if channels not in (1, 3):
        return None
    size = Size(height, width) if height > 0 and width > 0 else None
    return ModelInput(rank, given, layout, batch if batch > 0 else None, channels, size)
