"""Configurations of ``aipplint new`` compute what the training computed, pixel by pixel.

The intended values are worked out here from the definitions of the standards and of the normalisation, with nothing of
aipplint; the kernel (aipplint.preview) computes the others.
"""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest

from aipplint.new.settle import Given, intent_of
from aipplint.new.text import text_of
from aipplint.preview import preview

H, W = 6, 8
RANDOM = np.random.default_rng(20)
LUMA = {"bt601": (0.299, 0.114), "bt709": (0.2126, 0.0722)}
"""The weights of red and blue, as the standards define them."""
IMAGENET = ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
NORMALISED: dict[str, Any] = {
    "imagenet": IMAGENET,
    "unit": ((0.0,) * 3, (1.0,) * 3),
    "signed": ((0.5,) * 3, (0.5,) * 3),
}
WITHIN = 1.6
"""Levels of 255: a matrix has whole cells of 1/256, and the kernel rounds after the conversion."""

Planes = Any


def yuv_to_rgb(yuv: Planes, standard: str) -> Planes:
    """Y, U, V of 0 to 255 as R, G, B."""
    name, kept = standard.split("-")
    red, blue = LUMA[name]
    narrow = kept == "narrow"
    y = (yuv[0] - 16) * 255 / 219 if narrow else yuv[0]
    u, v = ((one - 128) * (255 / 224 if narrow else 1) for one in yuv[1:])
    r, b = y + 2 * (1 - red) * v, y + 2 * (1 - blue) * u
    return np.stack([r, (y - red * r - blue * b) / (1 - red - blue), b])


def rgb_to_yuv(rgb: Planes, standard: str) -> Planes:
    """R, G, B of 0 to 255 as Y, U, V."""
    name, kept = standard.split("-")
    red, blue = LUMA[name]
    narrow = kept == "narrow"
    y = red * rgb[0] + (1 - red - blue) * rgb[1] + blue * rgb[2]
    u, v = ((rgb[at] - y) / (2 * (1 - part)) for at, part in ((2, blue), (0, red)))
    luma, chroma = (219 / 255, 224 / 255) if narrow else (1, 1)
    return np.stack([y * luma + (16 if narrow else 0), u * chroma + 128, v * chroma + 128])


def fed(image: str, planes: Planes) -> bytes:
    """Planes (R, G, B or Y, U, V; chroma in blocks of four) as the application feeds them."""
    if image in ("NV12", "NV21"):
        chroma = planes[1:, ::2, ::2] if image == "NV12" else planes[:0:-1, ::2, ::2]
        return planes[0].tobytes() + np.moveaxis(chroma, 0, -1).tobytes()  # type: ignore[no-any-return]
    if image == "GRAY":
        return planes[0].tobytes()  # type: ignore[no-any-return]
    order = {"R": planes[0], "G": planes[1], "B": planes[2], "X": np.full((H, W), 77, np.uint8)}
    return np.stack([order[letter] for letter in image], axis=-1).tobytes()


def picture(image: str) -> Planes:
    """Random planes; for YUV420 with one chroma for four pixels."""
    planes = RANDOM.integers(0, 256, (3, H, W), dtype=np.uint8)
    if image in ("NV12", "NV21"):
        planes[1:] = planes[1:, ::2, ::2].repeat(2, 1).repeat(2, 2)
    return planes


def seen(given: Given, image: bytes, height: int = H, width: int = W) -> Planes:
    """What the model gets, as planes."""
    text = text_of(intent_of(given))
    return preview(text, image, width, height, {"n": 1, "c": 3, "h": H, "w": W})[0].astype(float)


@pytest.mark.parametrize("name", NORMALISED)
@pytest.mark.parametrize("standard", [f"{one}-{kept}" for one, kept in itertools.product(LUMA, ("narrow", "full"))])
@pytest.mark.parametrize("target", ["RGB", "BGR"])
@pytest.mark.parametrize("image", ["NV12", "NV21"])
def test_yuv_to_rgb(image: str, target: str, standard: str, name: str) -> None:
    planes = picture(image)
    given = Given(source=image, target=target, standard=standard, size=f"{W}x{H}", normalize=name)
    mean, deviation = (np.array(numbers)[:, None, None] for numbers in NORMALISED[name])
    rgb = np.clip(yuv_to_rgb(planes.astype(float), standard), 0, 255) / 255
    wanted = (rgb - mean) / deviation

    off = np.abs(seen(given, fed(image, planes))[:: 1 if target == "RGB" else -1] - wanted) * deviation * 255
    assert off.max() < WITHIN


@pytest.mark.parametrize("name", NORMALISED)
@pytest.mark.parametrize("target", ["RGB", "BGR"])
@pytest.mark.parametrize("image", ["RGB", "BGR", "XRGB", "XBGR", "RGBX", "BGRX"])
def test_rgb_in_any_order(image: str, target: str, name: str) -> None:
    planes = picture(image)
    given = Given(source=image, target=target, size=f"{W}x{H}", normalize=name)
    mean, deviation = (np.array(numbers)[:, None, None] for numbers in NORMALISED[name])
    wanted = (planes / 255 - mean) / deviation

    off = np.abs(seen(given, fed(image, planes))[:: 1 if target == "RGB" else -1] - wanted) * deviation * 255
    assert off.max() < 0.5


@pytest.mark.parametrize("standard", [f"{one}-{kept}" for one, kept in itertools.product(LUMA, ("narrow", "full"))])
@pytest.mark.parametrize("target", ["YUV444", "YVU444"])
@pytest.mark.parametrize("image", ["RGB", "BGR", "XRGB", "BGRX"])
def test_rgb_to_yuv(image: str, target: str, standard: str) -> None:
    planes = picture(image)
    given = Given(source=image, target=target, standard=standard, size=f"{W}x{H}", normalize="none")
    wanted = np.clip(rgb_to_yuv(planes.astype(float), standard), 0, 255)

    made = seen(given, fed(image, planes))
    assert np.abs(made[[0, 1, 2] if target == "YUV444" else [0, 2, 1]] - wanted).max() < WITHIN


@pytest.mark.parametrize("image", ["RGB", "BGR", "XRGB", "NV12", "NV21", "GRAY"])
def test_gray(image: str) -> None:
    planes = picture(image)
    given = Given(source=image, target="GRAY", size=f"{W}x{H}", normalize="signed")
    rgb = image not in ("NV12", "NV21", "GRAY")
    luma = 0.299 * planes[0] + 0.587 * planes[1] + 0.114 * planes[2] if rgb else planes[0]

    assert (np.abs(seen(given, fed(image, planes))[0] - (luma / 127.5 - 1)) * 127.5).max() < WITHIN


def test_unconverted_yuv() -> None:
    for image, target in itertools.product(("NV12", "NV21"), ("YUV444", "YVU444")):
        planes = picture(image)
        made = seen(Given(source=image, target=target, size=f"{W}x{H}", normalize="none"), fed(image, planes))
        assert np.array_equal(made[[0, 1, 2] if target == "YUV444" else [0, 2, 1]], planes)


def test_crop_and_border() -> None:
    large = RANDOM.integers(0, 256, (3, 10, 10), dtype=np.uint8)
    given = Given(source="RGB", target="RGB", size=f"{W}x{H}", source_size="10x10", crop="6x4+1+2", normalize="unit")
    made = seen(given._replace(pad="1,1,1,1", pad_gray="114"), np.moveaxis(large, 0, -1).tobytes(), 10, 10)

    assert np.abs(made[:, 1:-1, 1:-1] - large[:, 2:6, 1:7] / 255).max() * 255 < 0.5
    border = np.ones((H, W), bool)
    border[1:-1, 1:-1] = False
    assert np.abs(made[:, border] * 255 - 114).max() < 0.5
