"""What other files say about an intent: preprocessing settings, the description of a video, a model."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from aipplint.errors import UsageError, where
from aipplint.findings import clean
from aipplint.hardware.csc import FULL_601, FULL_709, NARROW_601, NARROW_709, Standard
from aipplint.hardware.size import Size
from aipplint.models.model import Input, Model
from aipplint.new.normalisations import Normalisation
from aipplint.project.reading import TooLarge, Unreadable, read_file
from aipplint.records import NamedTuple
from aipplint.source import Source
from aipplint.training.normalisation import Normalisation as Trained

PREPROCESSOR = "preprocessor_config.json"
_CODE = (".py", ".yaml", ".yml")
_MAX_FILES, _MAX_FOLDERS = 200, 200
"""Files of a folder that are read, and folders inside of it that are searched."""
_LISTED = 3
"""Places that a message names."""
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


def read_trained(path: str) -> Normalisation:
    """Read the normalisation of ``preprocessor_config.json``, of training code, or of a folder with either.

    Raises UsageError if there is none, or if several places differ.
    """
    if os.path.isdir(path):
        settings = os.path.join(path, PREPROCESSOR)
        return _of_preprocessor(settings) if os.path.isfile(settings) else _of_code(path, list(_code_in(path)))
    return _of_preprocessor(path) if path.lower().endswith(".json") else _of_code(path, [path])


def _code_in(folder: str) -> Iterator[str]:
    """The files of a folder that may be training code, the highest first; nothing hidden, no linked folder."""
    files: list[str] = []
    for above, folders, names in islice(os.walk(folder), _MAX_FOLDERS):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        files += [os.path.normpath(os.path.join(above, name)) for name in names if name.endswith(_CODE)]
    files.sort(key=lambda path: (path.count(os.sep), path))
    return islice((path for path in files if os.path.isfile(path)), _MAX_FILES)


def _of_code(path: str, files: Sequence[str]) -> Normalisation:
    """The one normalisation that is surest in some files."""
    from aipplint.training.normalisation import surest
    from aipplint.training.read import may_normalise, read_training

    found: list[Trained] = []
    for file in files:
        content = read_file(file)
        if not isinstance(content, bytes) and file == path:
            reason = content.reason if isinstance(content, Unreadable) else f"{content.size:,} bytes are too many"
            raise UsageError(f"--normalize-from {clean(path)}: cannot be read: {reason}")
        if isinstance(content, bytes) and may_normalise(file, content):
            found += read_training(Source.from_bytes(file, content))
    known = surest(found)
    if not known:
        raise UsageError(f"--normalize-from {clean(path)}: no normalisation found; give --mean and --std")
    if len(known) > 1:
        places = ", ".join(where(one.place) for one in known[:_LISTED])
        more = f" and {len(known) - _LISTED} more" if len(known) > _LISTED else ""
        raise UsageError(
            f"--normalize-from {clean(path)}: {places}{more} differ; name one of the files, or give --mean and --std"
        )
    return Normalisation(f"as in {where(known[0].place)}", known[0].mean, known[0].deviation)


def _of_preprocessor(path: str) -> Normalisation:
    """The normalisation of ``preprocessor_config.json``."""
    from aipplint.training.preprocessor import read_preprocessor

    option = f"--normalize-from {clean(path)}"
    known = read_preprocessor(option, _read_json("--normalize-from", path))
    if known is None:
        raise UsageError(f"{option}: no normalisation found; give --mean and --std")
    return Normalisation(clean(os.path.basename(path)), *known, by_name=True)


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
