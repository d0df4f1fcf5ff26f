"""What is known of the values of a preview, in sentences: how exact they are, and what the kernel leaves open."""

from __future__ import annotations

from collections.abc import Iterator

from aipplint.config.normalisation import SINGLE_PRECISION
from aipplint.hardware.products import Product
from aipplint.preview.parameters import Parameters

EXACT = "the values are those of the published kernel of {product}, in every bit"
_UNKNOWN = (
    "the product is not known: the values are those of the published kernel of Ascend 950; other products round in "
    "hardware, which nothing publishes (--soc-version)"
)
_ASSUMED = (
    "not exact for {product}: nothing publishes how it rounds; the formula of Ascend 950 is assumed. A converted "
    "colour may differ by one level, a value by its last bit"
)
_SINGLE = (
    "not exact for {product}: it keeps mean, min and var_reci in single precision, as is done here, but nothing "
    "publishes where it rounds; a value may differ by its last bit, a converted colour by one level"
)
_LARGE = 32895
"""Of the sum of a matrix row: above it the sums of the kernel overflow, and C++ leaves the result open."""


def exactness(product: Product | None) -> str:
    """Say how far the values of a product are known."""
    if product is None:
        return _UNKNOWN
    if product.tiling:
        return EXACT.format(product=product.family)
    return (_SINGLE if product.short in SINGLE_PRECISION else _ASSUMED).format(product=product.short)


def notes_on(parameters: Parameters, product: Product | None, channels: int = 3) -> Iterator[str]:
    """Yield what is worth knowing about these parameters."""
    yield exactness(product)
    window = parameters.window
    if parameters.image_format == "YUV420SP_U8" and not parameters.gray:
        odd = [name for name, side in zip(("row", "column"), window.output, strict=True) if side % 2]
        if odd:
            last = " and ".join(odd)
            yield f"the output has an odd side: the kernel never writes the last {last}, so its values may be anything"
    if any(sum(map(abs, parameters.matrix[at : at + 3])) > _LARGE for at in (0, 3, 6)):
        yield "a row of the matrix is so large that sums may overflow, and then the kernel may do anything"
    if channels == 1 and product is not None and product.tiling:
        yield f"the model has C 1, but {product.family} writes three channels all the same"
