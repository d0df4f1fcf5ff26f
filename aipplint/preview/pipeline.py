"""The pre-processing that a model was trained with, as numbers, and what it makes of a picture."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from aipplint.hardware.size import Size
from aipplint.preview.kernel import Bytes
from aipplint.preview.parameters import MAX_SIDE, Refused
from aipplint.preview.pipeline_text import Pipeline

Values = npt.NDArray[np.float64]
"""Three channels (C, H, W), before any rounding."""


def stages(pipeline: Pipeline, picture: Bytes) -> Iterator[tuple[str, Bytes]]:
    """Yield the picture after each step that changes its size, with the name of the step; first as it is."""
    yield "as it is", picture
    if pipeline.resize is not None:
        picture = _resized(picture, pipeline)
        yield "resized by the pipeline", picture
    if pipeline.crop is not None:
        picture = _centre(picture, pipeline.crop)
        yield "resized and cropped by the pipeline" if pipeline.resize else "cropped by the pipeline", picture


def normalised(pipeline: Pipeline, picture: Bytes) -> Values:
    """Return the channels of a picture of the final size."""
    pixels = picture.astype(np.float64) if pipeline.order == "rgb" else picture[..., ::-1].astype(np.float64)
    values = (pixels - np.array(pipeline.mean)) / np.array(pipeline.deviation)
    return np.ascontiguousarray(values.transpose(2, 0, 1))


def _resized(picture: Bytes, pipeline: Pipeline) -> Bytes:
    """As torchvision does on a picture of Pillow: one number is the shorter side."""
    from PIL import Image

    height, width = picture.shape[:2]
    wanted = pipeline.resize
    if isinstance(wanted, int):
        short, long = min(height, width), max(height, width)
        other = int(wanted * long / short)
        wanted = Size(wanted, other) if height <= width else Size(other, wanted)
    assert wanted is not None
    if not 0 < min(wanted) <= max(wanted) <= MAX_SIDE:
        raise Refused(f"the pipeline resizes to {wanted}, which is too large for a comparison")
    resampled = Image.fromarray(picture).resize((wanted.width, wanted.height), Image.Resampling(pipeline.resample))
    return np.asarray(resampled)


def _centre(picture: Bytes, size: Size) -> Bytes:
    height, width = picture.shape[:2]
    if size.height > height or size.width > width:
        raise Refused(f"the pipeline crops {size} of {Size(height, width)}")
    top, left = round((height - size.height) / 2), round((width - size.width) / 2)
    return picture[top : top + size.height, left : left + size.width]
