"""AIPP720 to AIPP722: what AIPP and the image sizes make of the model."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from aipplint.atc.build import Build
from aipplint.atc.options import IMAGE, PROFILE_OPTIONS
from aipplint.atc.places import model_place
from aipplint.config.op import AippOp
from aipplint.findings import Problem, Related, Severity
from aipplint.hardware.size import Size
from aipplint.rules.options import MAX_PROBLEMS, set_here, shortened
from aipplint.rules.rule import rule

if TYPE_CHECKING:
    from aipplint.atc.shapes import InputShape
    from aipplint.models.model import Input, Model

_IMAGE_TYPES = frozenset(("FLOAT", "FLOAT16", "HALF", "FLOAT32", "UINT8", "INT8"))
"""Types of inputs for which there is an operator, and float, which a cast makes one of."""
_UNSAID = frozenset(("UNDEFINED", "INVALID"))


def _input(model: Model, shape: InputShape | None) -> Input | None:
    """Return the input of the model that a shape is for."""
    found = [one for one in model.inputs if shape is not None and one.name == shape.name]
    return found[0] if len(found) == 1 else None


def _said(build: Build, model: Model, one: Input) -> tuple[Related, ...]:
    """Return what the model says of an input."""
    from aipplint.atc.model_inputs import said_of

    place = model_place(build)
    return () if place is None else (Related(place, "{said}", {"said": said_of(model, one)}),)


@rule("AIPP720", "model-input-type", Severity.WARNING)
def model_input_type(op: AippOp, build: Build) -> Iterator[Problem]:
    """AIPP works on an input whose type is not that of an image.

    The output of AIPP takes the type of the model's input. There are operators for float16, uint8 and int8, and float
    works through a conversion. An input of INT64 or BOOL holds indexes, sizes or flags: very probably the operator
    belongs to another input.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      related_input_rank: 1  # <--
    }
    ```

    ```atc
    --model=net.onnx --framework=5
    ```

    ```model
    net.onnx
    images: FLOAT 1x3x224x224
    ids: INT64 1x3x224x224
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      related_input_rank: 0
    }
    ```

    ```atc
    --model=net.onnx --framework=5
    ```

    ```model
    net.onnx
    images: FLOAT 1x3x224x224
    ids: INT64 1x3x224x224
    ```

    ## Fix

    Set `related_input_rank` to the input that takes the image; it counts the inputs of the model from 0.

    ## Source

    Fact M21: aipp_op.cc 282-305; the kernels of the operator Aipp in CANN 8.1.RC1.
    """
    model = build.model
    one = None if model is None or not model.readable else _input(model, build.input_of(op))
    if model is None or one is None or one.dtype is None or not (op.is_static or op.is_dynamic):
        return
    dtype = one.dtype.removeprefix("DT_").upper()
    if dtype in _IMAGE_TYPES or dtype in _UNSAID or dtype.isdigit():
        return
    message = "AIPP on input {name} of type {dtype} is very probably wrong"
    values = {"name": shortened(one.name), "dtype": one.dtype}
    yield Problem(op.place("related_input_rank"), message, values, _said(build, model, one))


@rule("AIPP721", "data-dependent-output", Severity.ERROR, atc="E19999")
def data_dependent_output(build: Build) -> Iterator[Problem]:
    """The model is built with profiles, and the length of one of its outputs depends on the data.

    ATC makes a branch of the network for every profile and infers all shapes. It refuses the model where an output of
    the network keeps an unknown dimension: that of NonZero, NonMaxSuppression, Unique and Compress, which find as many
    elements as the image holds. The manual says that operators of dynamic shape are not supported with
    `--dynamic_image_size`.

    ## Wrong

    ```atc
    --model=net.onnx --framework=5 --input_shape="images:1,3,-1,-1" --dynamic_image_size="416,416;832,832"
    ```

    ```model
    net.onnx
    images: FLOAT 1x3xHxW
    output found: NonZero
    ```

    ## Right

    ```atc
    --model=net.onnx --framework=5 --input_shape="images:1,3,416,416"
    ```

    ```model
    net.onnx
    images: FLOAT 1x3xHxW
    output found: NonZero
    ```

    ## Fix

    Cut the model in front of the operator (`--out_nodes`, or when it is exported) and do the rest in the application,
    or build one model for each size.

    ## Source

    Fact M12: infershape_pass.cc 339-386. With `--out_nodes` other outputs count. Reported only where data of an input
    reaches the operator, and nothing stands between it and the output.
    """
    model, place = build.model, model_place(build)
    if model is None or place is None or build.dynamic not in PROFILE_OPTIONS or not build.absent("out_nodes"):
        return
    option = build.option(build.dynamic)
    if option is None or build.shapes is None or build.profiles(option.name) is None:
        return
    for one in model.loose[:MAX_PROBLEMS]:
        values = {"option": option.name, "name": shortened(one.name), "operator": one.operator}
        message = "--{option} is not possible: output {name} of the model is as long as {operator} finds elements"
        related = (Related(place, "output {name} comes straight from {operator}", values),)
        yield Problem(option.place, message, values, related)


@rule("AIPP722", "exported-for-one-size", Severity.WARNING)
def exported_for_one_size(build: Build) -> Iterator[Problem]:
    """The model is built for several image sizes, but was exported for one.

    ATC accepts it: the -1 of `--input_shape` take the place of H and W of the model. Whether the network works for the
    other sizes was settled when it was exported: a constant in a Reshape or a Resize holds the old size. The manual
    wants every profile to be valid in the original framework.

    ## Wrong

    ```atc
    --model=net.onnx --framework=5 --input_shape="images:1,3,-1,-1" --dynamic_image_size="416,416;832,832"
    ```

    ```model
    net.onnx
    images: FLOAT 1x3x416x416
    ```

    ## Right

    ```atc
    --model=net.onnx --framework=5 --input_shape="images:1,3,-1,-1" --dynamic_image_size="416,416;832,832"
    ```

    ```model
    net.onnx
    images: FLOAT 1x3xHxW
    ```

    ## Fix

    Export the model with dynamic axes for H and W.

    ## Source

    Fact M7: onnx_data_parser.cc 136-138, caffe_data_parser.cc 93. That sides are divisible by 32 is not required.
    """
    model, option, sizes = build.model, build.option(IMAGE), build.image_sizes
    if model is None or not model.readable or option is None or build.dynamic != IMAGE or not sizes:
        return
    found = 0
    for shape in build.shapes or ():
        one = _input(model, shape)
        at = [shape.dims.index(dim) for letter in "HW" if (dim := shape.axis(letter)) is not None]
        if (
            one is None
            or found == MAX_PROBLEMS
            or shape.rank != 4
            or len(one.numbers) != 4
            or shape.dynamic_dims != tuple(at)
        ):
            continue
        size = Size(*(one.numbers[index] for index in at))
        if min(size) > 0 and any(other != size for other in sizes):
            found += 1
            message = "input {name} of the model was exported for {size} only"
            related = (*_said(build, model, one), *set_here(build, "input_shape"))
            yield Problem(option.place, message, {"name": shortened(one.name), "size": size}, related)


RULES = (model_input_type, data_dependent_output, exported_for_one_size)
