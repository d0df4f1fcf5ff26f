"""The other side of a comparison: a pipeline, another configuration, or a tensor."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

import numpy as np

from aipplint.hardware.size import Size
from aipplint.preview.comparison import Pair, levels
from aipplint.preview.feed import Program, fed
from aipplint.preview.kernel import Bytes, compute
from aipplint.preview.mistakes import Trained
from aipplint.preview.parameters import Parameters, Refused
from aipplint.preview.pipeline import Values, normalised, stages
from aipplint.preview.pipeline_text import Pipeline
from aipplint.records import NamedTuple


class Sides(NamedTuple):
    """One picture: what the application feeds of it, how in words, and what the model should get of that (C, H, W)."""

    fed: Bytes
    how: str
    rest: Callable[[Bytes], Values]


class Other(NamedTuple):
    """What a configuration is compared with.

    ``per_level`` is what one level of 255 is in each channel, ``trained`` the normalisation where it is known, and
    ``sides`` works on a picture (H, W, 3) and raises Refused where the sizes do not go together.
    """

    words: str
    per_level: Sequence[float]
    trained: Trained | None
    sides: Callable[[Bytes], Sides]


def of_pipeline(name: str, pipeline: Pipeline, given: Parameters) -> Other:
    """Pre-processing in training code: fed is its last stage that has the size of the source."""
    if given.gray:
        raise Refused("the configuration gives one channel of gray, the pipeline three of colour")
    factors = tuple(1 / one for one in pipeline.deviation)
    source, output = given.window.source, given.window.output

    def sides(picture: Bytes) -> Sides:
        made = list(stages(pipeline, picture))
        fitting = [(how, one) for how, one in made if _size(one) == source]
        if not fitting:
            sizes = ", ".join(f"{how} {_size(one)}" for how, one in made)
            raise Refused(f"the source of the configuration is {source}, but the picture is {sizes}")
        last = made[-1][1]
        if _size(last) != output:
            raise Refused(f"the output of AIPP is {output}, but that of the pipeline is {_size(last)}")
        how, shown = fitting[-1]
        return Sides(shown, how, lambda again: normalised(pipeline, _after(pipeline, again, output)))

    trained = Trained(pipeline.mean, factors)
    return Other(f"{name}: {pipeline.steps}", factors, trained, sides)


def of_configuration(name: str, mine: Parameters, given: Parameters, program: Program) -> Other:
    """Another configuration, which gets the same picture."""
    for what, own, others in zip(("source", "output"), _outer(given), _outer(mine), strict=True):
        if own != others:
            raise Refused(f"the {what} is {own}, but that of {name} is {others}")

    def sides(picture: Bytes) -> Sides:
        _check(picture, given)
        return Sides(picture, "as it is", made)

    def made(picture: Bytes) -> Values:
        values: Values = compute(mine, fed(picture, mine, program)[None], "NCHW", "float16")[0].astype(np.float64)
        return values

    factors = tuple(one.reciprocal or 1.0 for one in mine.channels)
    return Other(
        f"{name}, another configuration", factors, Trained(tuple(c.offset for c in mine.channels), factors), sides
    )


def of_tensor(name: str, tensor: Values, given: Parameters) -> Other:
    """A tensor that somebody saved: channels come first or last, perhaps behind a batch of one."""
    size, shape = given.window.output, list(tensor.shape)
    tensor = tensor[0] if tensor.ndim == 4 and len(tensor) == 1 else tensor
    if tensor.ndim == 3 and tensor.shape[:2] == size and tensor.shape[2] in (1, 3):
        tensor = tensor.transpose(2, 0, 1)
    if tensor.ndim != 3 or tensor.shape[1:] != size or len(tensor) not in (1, 3):
        raise Refused(f"the output of AIPP is {size}, but the tensor {name} has the shape {shape}")

    def sides(picture: Bytes) -> Sides:
        _check(picture, given)
        return Sides(picture, "as it is", lambda _: tensor)

    factors = tuple(one.reciprocal or 1.0 for one in given.channels)
    return Other(f"{name}, a tensor of {shape}; a level is that of the configuration", factors, None, sides)


def tensor_in(name: str, content: bytes) -> Values:
    """Return the tensor of a .npy file. Raises Refused where it is none, or none of numbers."""
    try:
        tensor = np.load(io.BytesIO(content), allow_pickle=False)
    except (OSError, ValueError, EOFError, SyntaxError, MemoryError):
        raise Refused(f"{name}: no tensor that numpy saved") from None
    if not isinstance(tensor, np.ndarray) or tensor.dtype.kind not in "fiu":
        raise Refused(f"{name}: no tensor of numbers")
    return tensor.astype(np.float64)


def mean_level(pairs: Sequence[Pair], per_level: Sequence[float], dtype: str) -> Callable[[Parameters], float]:
    """Return what scores parameters: the mean difference of all images and channels, in levels."""

    def score(parameters: Parameters) -> float:
        found = [levels(compute(parameters, pair.data, "NCHW", dtype), pair.lossy, per_level) for pair in pairs]
        return float(np.mean([apart.mean() for apart in found]))

    return score


def _after(pipeline: Pipeline, picture: Bytes, output: Size) -> Bytes:
    """What the pipeline makes of a picture that it has brought to the source size: only a crop can be left."""
    if _size(picture) == output:
        return picture
    made = [one for _, one in stages(pipeline._replace(resize=None), picture)]
    if _size(made[-1]) == output:
        return made[-1]
    return [one for _, one in stages(pipeline, picture)][-1]


def _outer(given: Parameters) -> tuple[Size, Size]:
    return given.window.source, given.window.output


def _size(picture: Bytes) -> Size:
    return Size(*picture.shape[:2])


def _check(picture: Bytes, given: Parameters) -> None:
    if _size(picture) != given.window.source:
        raise Refused(f"the image is {_size(picture)}, but the source of the configuration is {given.window.source}")
