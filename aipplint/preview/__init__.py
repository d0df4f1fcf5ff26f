"""What the model sees: the pixels that AIPP makes of an image, as the published kernel computes them.

numpy and Pillow are the extra ``aipplint[preview]``; they are imported here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aipplint.preview.kernel import Tensor

__all__ = ["preview"]

_MODEL = {"n": 1, "c": 3, "h": 480, "w": 640, "layout": "NCHW", "dtype": "float16"}


def preview(
    config: str | bytes,
    image: bytes,
    width: int = 640,
    height: int = 480,
    model: Mapping[str, Any] = _MODEL,
    *,
    soc_version: str | None = None,
) -> Tensor:
    """Return the tensor that the model gets, as a numpy array: N, C, H, W or N, H, W, C, as its layout says.

    ``config`` is the text of a configuration with one static ``aipp_op``; ``image`` holds the bytes of ``n`` images of
    ``width`` x ``height`` pixels in its input_format, one after the other. ``model`` is the input of the model: keys
    that it lacks are those of the default; ``dtype`` is ``float16`` or ``uint8``. Without ``soc_version``, or for
    Ascend 950, the values are those of the published kernel, bit for bit; the rounding of other products is not known.
    Raises aipplint.preview.parameters.Refused, a one-line UserError, where there is nothing to compute.
    """
    from aipplint.preview.extra import need

    need("numpy")
    from aipplint.preview import tensor

    taken, product = tensor.Model.of_mapping({**_MODEL, **model}), tensor.product_named(soc_version)
    parameters = tensor.parameters_for(tensor.one_operator(tensor.read(config)), taken, product)
    tensor.check_size(parameters, width, height)
    return tensor.tensor_of(parameters, image, taken, product)
