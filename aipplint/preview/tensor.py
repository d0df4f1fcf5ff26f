"""The tensor of one operator for the bytes of some images: checks what is given, then computes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from aipplint.config.config import Config, read_config
from aipplint.config.op import AippOp
from aipplint.hardware.formats import image_bytes
from aipplint.hardware.products import Product, product_of
from aipplint.hardware.size import Size
from aipplint.preview.kernel import Tensor, compute
from aipplint.preview.parameters import Parameters, Refused, parameters_of
from aipplint.records import NamedTuple
from aipplint.source import MAX_BYTES, MAX_OPS, Source
from aipplint.syntax.parser import parse

LAYOUTS = ("NCHW", "NHWC")
DTYPES = ("float16", "uint8")
_MAX_BATCH = 1024


class Model(NamedTuple):
    """The input of a model: batch, channels, size, layout and type."""

    batch: int
    channels: int
    size: Size
    layout: str
    dtype: str

    @classmethod
    def of_mapping(cls, given: Mapping[str, Any]) -> Model:
        """Read the keys n, c, h, w, layout and dtype. Raises Refused where one of them is wrong."""
        for name in ("n", "c", "h", "w"):
            if type(given.get(name)) is not int or not 0 < given[name] <= 65536:
                raise Refused(f"the model's {name} must be a whole number above 0")
        if given["n"] > _MAX_BATCH:
            raise Refused(f"the model's n must be at most {_MAX_BATCH}")
        for name, known in (("layout", LAYOUTS), ("dtype", DTYPES)):
            if given.get(name) not in known:
                raise Refused(f"the model's {name} must be {' or '.join(known)}")
        return cls(given["n"], given["c"], Size(given["h"], given["w"]), given["layout"], given["dtype"])


def read(config: str | bytes, path: str = "<string>") -> Config:
    """Read the text of a configuration. Raises Refused where it is too large."""
    text = Source.from_bytes(path, config) if isinstance(config, bytes) else Source(path, config)
    if len(text.text) > MAX_BYTES:
        raise Refused(f"{path}: too large for a configuration")
    made = read_config(text, parse(text))
    if len(made.ops) > MAX_OPS or any(issue.kind == "too-large" for issue in made.tree.issues):
        raise Refused(f"{path}: too large for a configuration")
    return made


def one_operator(config: Config) -> AippOp:
    """Return the only operator, which must be static. Raises Refused."""
    if not config.ops:
        raise Refused("there is no aipp_op that can be read")
    if len(config.ops) > 1:
        raise Refused(f"there are {len(config.ops)} operators; a preview is of one")
    return config.ops[0]


def parameters_for(op: AippOp, model: Model, product: Product | None = None) -> Parameters:
    """Return the parameters of an operator in front of a model. Raises Refused where they do not go together."""
    if op.is_dynamic:
        raise Refused("the operator is dynamic: its parameters are set at run time, which needs the run-time settings")
    if not op.is_static:
        raise Refused("aipp_mode must be static or dynamic")
    if product is not None and not product.formats:
        raise Refused(f"{product.family} has no AIPP")
    if model.channels not in (1, 3):
        raise Refused(
            f"nothing that is published says what a model with C {model.channels} gets; a preview needs C 3 or 1"
        )
    parameters = parameters_of(op, model.size, product)
    if parameters.window.output != model.size:
        raise Refused(f"the output is {parameters.window.output}, but the model takes {model.size}")
    return parameters


def check_size(parameters: Parameters, width: int, height: int) -> None:
    """Raise Refused where the images are not of the source size."""
    source, given = parameters.window.source, Size(height, width)
    if given != source:
        raise Refused(f"the image is {given}, but the source of the configuration is {source}")


def tensor_of(
    parameters: Parameters,
    images: bytes | bytearray | memoryview,
    model: Model,
    product: Product | None = None,
    tick: Callable[[int, int], None] | None = None,
    clipped: list[int] | None = None,
) -> Tensor:
    """Return the tensor for the bytes of a batch of images. Raises Refused where they are too few or too many."""
    source = parameters.window.source
    one = image_bytes(parameters.image_format, source.pixels)
    assert one is not None
    if len(images) != one * model.batch:
        many = f"{model.batch} images of {source}" if model.batch > 1 else f"an image of {source}"
        wanted = f"{many} in {parameters.image_format} must have {one * model.batch} bytes"
        raise Refused(f"{wanted}, but there are {len(images)}")
    data = np.frombuffer(images, np.uint8).reshape(model.batch, one)
    tensor = compute(parameters, data, model.layout, model.dtype, tick, clipped)
    if model.channels == 1 and not always_three(product):
        return tensor[:, :1] if model.layout == "NCHW" else tensor[..., :1]
    return tensor


def always_three(product: Product | None) -> bool:
    """Whether the operator writes three channels whatever the model has (fact N12)."""
    return product is not None and product.tiling


def product_named(soc_version: str | None) -> Product | None:
    """Return the product of a --soc_version; raises Refused for an unknown one."""
    product = product_of(soc_version)
    if soc_version is not None and product is None:
        raise Refused(f"'{soc_version}' is no known soc_version")
    return product
