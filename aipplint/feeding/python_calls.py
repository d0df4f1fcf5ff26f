"""What the functions of OpenCV, PIL, numpy and torchvision do to images."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aipplint.feeding.array import Array, Batch, Linear, Number, added, unknown_array, unknown_number
from aipplint.feeding.picture import BGR, BYTES, PACKED, PLANAR, RGB
from aipplint.records import NamedTuple

OPENCV = ("cv2", "cv")
_TORCH = ("F", "TF", "functional", "transforms", "T")
_KEEPS = frozenset(
    "copy ascontiguousarray expand_dims squeeze unsqueeze from_numpy numpy cpu detach clone contiguous tobytes "
    "tostring Variable tensor as_tensor deepcopy".split()
)
"""Functions and methods that return the image that they are given."""
_ARRAYS = frozenset(("array", "asarray", "stack"))
_TYPES = frozenset("uint8 int8 float32 float16 float64 float half double".split())


class Transform(NamedTuple):
    """A transform of torchvision: its name and its first argument."""

    name: str
    argument: object = None


_TRANSFORMS = frozenset("Resize Scale CenterCrop ToTensor PILToTensor Normalize".split())


def result(
    module: str, name: str, owner: object, given: Sequence[object], keywords: Mapping[str, object], texts: Sequence[str]
) -> object:
    """What a call returns; None if it is unknown.

    ``module`` is what stands before the name, ``owner`` its value, ``given`` are the values of the arguments and
    ``texts`` how they are written.
    """
    if name == "open" and module in ("Image", "PIL.Image"):
        return unknown_array()._replace(pil=True)
    if name in ("imread", "imdecode"):
        return _read(module, name, texts)
    if name in _TRANSFORMS and not isinstance(owner, Array):
        return Transform(name, given[0] if given else keywords.get("size"))
    if name == "Compose" and given:
        return given[0]
    if name in ("int", "round", "float") and given and isinstance(given[0], Number):
        return _rounded(given[0])
    if name == "tuple" and given and isinstance(given[0], tuple):
        return given[0]
    if isinstance(owner, Array):
        return _method(owner, name, given, keywords, texts)
    image = given[0].image if given and isinstance(given[0], Batch) else given[0] if given else None
    if name == "fromarray" and not isinstance(image, Array):
        return unknown_array()._replace(pil=True)
    return None if not isinstance(image, Array) else _function(image, module, name, given[1:], keywords, texts[1:])


def _read(module: str, name: str, texts: Sequence[str]) -> Array:
    image = unknown_array()
    if module in OPENCV:
        coloured = len(texts) < 2 or texts[1].rpartition(".")[2] in ("IMREAD_COLOR", "1")
        return image._replace(layout=PACKED, numbers=BYTES, order=BGR) if coloured else image
    return image._replace(numbers=BYTES, order=RGB) if name == "imread" and module != "mmcv" else image


def _rounded(value: float | Linear) -> object:
    if isinstance(value, Linear):
        whole = all(weight == int(weight) for _, weight in value.terms) and value.constant == int(value.constant)
        return value if whole else unknown_number()
    return int(value)


def _method(
    image: Array, name: str, given: Sequence[object], keywords: Mapping[str, object], texts: Sequence[str]
) -> object:
    if name == "convert" and image.pil:
        is_rgb = bool(texts) and texts[0].strip("'\"") == "RGB"
        return image._replace(layout=PACKED, numbers=BYTES, order=RGB) if is_rgb else unknown_array()._replace(pil=True)
    if name == "resize" and image.pil:
        return _with(image, given[0] if given else keywords.get("size"))
    if name == "crop" and image.pil:
        return _cropped(image, given[0] if given else keywords.get("box"))
    if name in ("transpose", "permute"):
        axes = given[0] if len(given) == 1 else tuple(given)
        return image.moved(axes)
    if name == "astype":
        return image.cast(texts[0].rpartition(".")[2].strip("'\"") if texts else "")
    if name in ("float", "half", "double", "byte"):
        return image.cast(name)
    if name in _KEEPS:
        return image
    return unknown_array()


def _function(
    image: Array,
    module: str,
    name: str,
    given: Sequence[object],
    keywords: Mapping[str, object],
    texts: Sequence[str],
) -> object:
    if module in OPENCV:
        return _opencv(image, name, given, keywords, texts)
    if name in _ARRAYS:
        kind = str(keywords.get("dtype") or (texts[0] if texts else "")).rpartition(".")[2]
        return image._replace(pil=False).cast(kind) if kind else image._replace(pil=False)
    if name == "fromarray":
        return image._replace(pil=True)
    if name in _TYPES:
        return image.cast(name)
    if name == "transpose":
        return image.moved(given[0] if given else None)
    if name == "pad" and module in ("np", "numpy"):
        return _padded(image, given[0] if given else None)
    if module in _TORCH and name in ("resize", "center_crop", "to_tensor", "normalize"):
        names = {"resize": "Resize", "center_crop": "CenterCrop", "to_tensor": "ToTensor", "normalize": "Normalize"}
        return transformed(image, Transform(names[name], given[0] if given else None))
    return image if name in _KEEPS else None


def _opencv(
    image: Array, name: str, given: Sequence[object], keywords: Mapping[str, object], texts: Sequence[str]
) -> object:
    if name == "resize":
        return _with(image, given[0] if given else keywords.get("dsize"))
    if name == "cvtColor" and texts:
        flips = texts[0].endswith(("COLOR_BGR2RGB", "COLOR_RGB2BGR"))
        return image.turned() if flips else unknown_array()
    if name == "copyMakeBorder" and len(given) >= 4:
        top, bottom, left, right = given[:4]
        return _padded(image, ((top, bottom), (left, right)))
    if name in ("warpAffine", "warpPerspective") and len(given) > 1:
        return _with(image, given[1])
    return unknown_array()


def _with(image: Array, size: object) -> Array:
    """The image with a size that is given as width and height."""
    width, height = size if isinstance(size, tuple) and len(size) == 2 else (None, None)
    return image.sized(height, width)


def _cropped(image: Array, box: object) -> Array:
    if not isinstance(box, tuple) or len(box) != 4 or not all(isinstance(side, Number) for side in box):
        return image.sized(None, None)
    left, top, right, bottom = box
    return image.sized(added(bottom, top, -1), added(right, left, -1))


def _padded(image: Array, sides: object) -> Array:
    """``((top, bottom), (left, right), ...)`` around an image."""
    if image.layout != PACKED or not isinstance(sides, tuple) or len(sides) < 2:
        return image.sized(None, None)
    found: list[object] = []
    for side, pads in zip((image.height, image.width), sides, strict=False):
        known = (
            isinstance(pads, tuple) and len(pads) == 2 and all(isinstance(one, int | float | Linear) for one in pads)
        )
        found.append(added(added(side, pads[0]), pads[1]) if known else None)
    return image.sized(*found)


def transformed(image: Array, transform: object) -> Array:
    """What a transform of torchvision makes of an image; several are a tuple."""
    if isinstance(transform, tuple) and not isinstance(transform, Transform):
        for one in transform:
            image = transformed(image, one)
        return image
    name, argument = transform if isinstance(transform, Transform) else ("", None)
    if name in ("Resize", "Scale", "CenterCrop"):
        if isinstance(argument, tuple) and len(argument) == 2:
            return image.sized(*argument)
        # A number is the shorter side of Resize, and both of CenterCrop.
        return image.sized(argument, argument) if name == "CenterCrop" else image.sized(None, None)
    if name == "ToTensor":
        return image._replace(layout=PLANAR, pil=False).calculated()
    if name == "PILToTensor":
        return image._replace(layout=PLANAR, pil=False)
    return image.calculated() if name == "Normalize" else unknown_array()
