"""A picture of what the model sees, beside the source: de-normalised, with the crop and the padding drawn."""

from __future__ import annotations

import io

import numpy as np

from aipplint.preview.kernel import Bytes, Tensor
from aipplint.preview.parameters import Parameters, Window

FORMATS = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".bmp": "BMP", ".webp": "WEBP"}
_CROP, _IMAGE = (255, 48, 48), (48, 160, 255)
_GAP = 16


def seen(tensor: Tensor, layout: str, parameters: Parameters) -> Bytes:
    """Return the first image of a tensor as bytes (H, W, 3): the normalisation undone, channel 0 shown as red."""
    planes = (tensor if layout == "NCHW" else tensor.transpose(0, 3, 1, 2))[0]
    undone = np.zeros((*planes.shape[1:], len(planes)), np.float32)
    for index, plane in enumerate(planes):
        channel = parameters.channels[index]
        values = plane.astype(np.float32)
        if tensor.dtype == np.float16 and channel.reciprocal:
            values = values / np.float32(channel.reciprocal) + np.float32(channel.offset)
        undone[..., index] = np.nan_to_num(values, posinf=255.0, neginf=0.0)
    shown = np.clip(np.rint(undone), 0, 255).astype(np.uint8)
    return np.repeat(shown[..., :1], 3, axis=2) if len(planes) == 1 or parameters.gray else shown


def drawn(source: Bytes, model: Bytes, window: Window, ending: str) -> bytes:
    """Return a picture file: the source with the crop, and what the model sees with the image in its padding."""
    from PIL import Image

    height = max(source.shape[0], model.shape[0])
    canvas = np.full((height, source.shape[1] + _GAP + model.shape[1], 3), 255, np.uint8)
    canvas[: source.shape[0], : source.shape[1]] = source
    canvas[: model.shape[0], source.shape[1] + _GAP :] = model
    if window.crop != window.source:
        _frame(canvas, (window.start.height, window.start.width), window.crop, _CROP)
    if window.output != window.crop:
        corner = (window.before.height, source.shape[1] + _GAP + window.before.width)
        _frame(canvas, corner, window.crop, _IMAGE)
    stream = io.BytesIO()
    Image.fromarray(canvas).save(stream, FORMATS[ending])
    return stream.getvalue()


def _frame(canvas: Bytes, corner: tuple[int, int], size: tuple[int, int], colour: tuple[int, int, int]) -> None:
    """Draw a frame of one pixel just inside a rectangle."""
    (top, left), (height, width) = corner, size
    inside = canvas[top : top + height, left : left + width]
    inside[[0, -1]] = colour
    inside[:, [0, -1]] = colour
