"""AIPP641 to AIPP645: mismatches between the inputs of the model and --input_shape, --input_fp16_nodes, profiles."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from aipplint.atc.build import Build
from aipplint.atc.options import BATCH, DIMS, EXCLUSIVE, IMAGE, SHAPE, Option
from aipplint.atc.places import model_place
from aipplint.findings import Problem, Related, Severity
from aipplint.models.model import AIR, CAFFE, ONNX, TENSORFLOW, Model
from aipplint.rules.by_product import input_here
from aipplint.rules.options import MAX_PROBLEMS, set_here, shortened
from aipplint.rules.rule import rule
from aipplint.suggest import DID_YOU_MEAN, nearest

if TYPE_CHECKING:
    from aipplint.atc.shapes import InputShape
    from aipplint.models.model import Input

_COMPARED = (ONNX, TENSORFLOW, CAFFE, AIR)
"""Formats that ATC reads, so that its checks are known."""
_NO_NODE, _NO_INPUT = "E10016", "E10017"


def _known(build: Build) -> Model | None:
    """Return the model of a build if its inputs are known and ATC reads its format."""
    model = build.model
    return model if model is not None and model.readable and model.inputs and model.form in _COMPARED else None


def _here(build: Build, message: str, **values: object) -> tuple[Related, ...]:
    place = model_place(build)
    return () if place is None else (Related(place, message, values),)


@rule("AIPP641", "unknown-dimension", Severity.ERROR, atc="E10001")
def unknown_dimension(build: Build) -> Iterator[Problem]:
    """An input of the model has an unknown dimension that no option sets.

    Without a dynamic option and without a range, every dimension must be a number, from the model or from
    `--input_shape`. A model that is exported with dynamic axes has a name or no value for such a dimension.

    ## Wrong

    ```atc
    --model=net.onnx --framework=5 --output=net
    ```

    ```model
    net.onnx
    images: FLOAT batchx3x224x224
    ```

    ## Right

    ```atc
    --model=net.onnx --framework=5 --output=net --input_shape="images:1,3,224,224"
    ```

    ```model
    net.onnx
    images: FLOAT batchx3x224x224
    ```

    ## Fix

    Add the input to `--input_shape`.

    ## Source

    Fact M2: omg.cc 131-158. AIR models are not checked.
    """
    model = _known(build)
    if model is None or model.form not in (ONNX, TENSORFLOW):
        return
    option = build.option(SHAPE)
    if not all(map(build.absent, (*EXCLUSIVE, "out_nodes"))) or (option is not None and build.as_ranges is not False):
        return
    place = option.place if option else model_place(build)
    unknown = (s for s in build.inputs or () if s.said and any(dim.value == -1 for dim in s.dims))
    for shape in islice(unknown, MAX_PROBLEMS if place else 0):
        assert place is not None
        message = "input {name} has unknown dimensions in the model; --input_shape does not include it"
        if option is None:
            message = "input {name} has unknown dimensions in the model; --input_shape is required"
        yield Problem(place, message, {"name": shortened(shape.name)}, input_here(build, shape, None, ""))


@rule("AIPP642", "no-such-model-input", Severity.ERROR, atc=_NO_NODE, also=(_NO_INPUT,))
def no_such_model_input(build: Build) -> Iterator[Problem]:
    """An option names an input that the model does not have.

    `--input_shape` and `--input_fp16_nodes` name the inputs of the model: in ONNX by the name of the value, in Caffe of
    the layer, in TensorFlow of the node. For TensorFlow, ATC turns every node that `--input_shape` names into an input;
    it rejects only a name that does not exist.

    ## Wrong

    ```atc
    --model=net.onnx --framework=5 --input_shape="image:1,3,224,224"
    ```

    ```model
    net.onnx
    images: FLOAT 1x3x224x224
    ```

    ## Right

    ```atc
    --model=net.onnx --framework=5 --input_shape="images:1,3,224,224"
    ```

    ```model
    net.onnx
    images: FLOAT 1x3x224x224
    ```

    ## Fix

    Use the name of the input; `aipplint show net.onnx` lists them.

    ## Source

    Facts M1, M3 and M4: omg.cc 109-129, 165-199 and option_utils.cc 1594-1616. E10016: no operator has the name;
    E10017: an operator has the name, but is not an input.
    """
    model = _known(build)
    if model is None:
        return
    inputs = [one.name for one in model.inputs]
    for option, name, start, end in islice(_named(build), MAX_PROBLEMS):
        is_node = model.nodes is not None and name in model.nodes
        becomes_input = model.form == TENSORFLOW and option.name == SHAPE and build.as_ranges is False
        if not name or name in inputs or (becomes_input and (is_node or model.nodes is None)):
            continue
        better = nearest(name, inputs)
        values = {
            "option": option.name,
            "name": shortened(name),
            "inputs": [shortened(one) for one in inputs[:MAX_PROBLEMS]],
        }
        message = "--{option}: the model has no input {name}"
        yield Problem(
            option.part(start, end),
            message,
            {**values, "better": shortened(better)},
            _here(build, "its inputs are {inputs}", inputs=values["inputs"]),
            help=DID_YOU_MEAN if better else "",
            severity=Severity.WARNING if build.may_ignore_shape else None,
            atc=_NO_INPUT if is_node else _NO_NODE,
        )


def _named(build: Build) -> Iterator[tuple[Option, str, int, int]]:
    """Yield the inputs that options name, with the offsets of the names."""
    shapes, nodes = build.shape_option, build.option("input_fp16_nodes")
    for shape in build.shapes or () if shapes is not None else ():
        if shapes is not None and shape.named:
            yield shapes, shape.name, *shape.name_span
    for node in build.input_fp16_nodes or () if nodes is not None else ():
        if nodes is not None:
            yield nodes, node.name, node.start, node.end


@rule("AIPP643", "input-rank-differs", Severity.ERROR, atc="E11010")
def input_rank_differs(build: Build) -> Iterator[Problem]:
    """--input_shape gives an input a number of dimensions that differs from the ONNX model.

    The parser of ONNX models compares only the number of dimensions. It fails with a line in the log ("Parse Shape ...
    from user failed") and a code that has no text in today's releases.

    ## Wrong

    ```atc
    --model=net.onnx --framework=5 --input_shape="images:3,224,224"
    ```

    ```model
    net.onnx
    images: FLOAT 1x3x224x224
    ```

    ## Right

    ```atc
    --model=net.onnx --framework=5 --input_shape="images:1,3,224,224"
    ```

    ```model
    net.onnx
    images: FLOAT 1x3x224x224
    ```

    ## Fix

    Set as many dimensions as the model has.

    ## Source

    Fact M5: onnx_data_parser.cc 124-134 and onnx_parser.cc 621-625.
    """
    option = build.option(SHAPE)
    for shape, one in build.rejected_ranks[: MAX_PROBLEMS if option else 0]:
        assert option is not None
        values = {"name": shortened(shape.name), "found": shape.rank, "rank": len(one.dims or ())}
        message = "--input_shape: {name} has {found} dimensions; the model requires {rank}"
        yield Problem(option.part(*shape.span), message, values, _said(build, one))


def _said(build: Build, one: Input) -> tuple[Related, ...]:
    """Return a related location with the shape of an input in the model."""
    from aipplint.atc.model_inputs import said_of

    assert build.model is not None
    return _here(build, "{said}", said=said_of(build.model, one))


@rule("AIPP644", "replaced-dimension", Severity.WARNING)
def replaced_dimension(build: Build) -> Iterator[Problem]:
    """--input_shape replaces a fixed dimension of the model.

    ATC does not compare the two: it replaces the shape of the model with that of the option. Operators that contain the
    old size as a constant, such as a Reshape or a fully connected layer, may then fail later, or compute wrong results.
    If only the batch differs, the finding is an info.

    ## Wrong

    ```atc
    --model=net.onnx --framework=5 --input_shape="images:1,3,416,416"
    ```

    ```model
    net.onnx
    images: FLOAT 1x3x640x640
    ```

    ## Right

    ```atc
    --model=net.onnx --framework=5 --input_shape="images:1,3,640,640"
    ```

    ```model
    net.onnx
    images: FLOAT 1x3x640x640
    ```

    ## Fix

    Set the shape of the model, or export the model for the new size.

    ## Source

    Fact M6: onnx_data_parser.cc 136-138, caffe_data_parser.cc 93, main_impl.cc 1366-1375.
    """
    model, option = _known(build), build.option(SHAPE)
    if model is None or option is None or build.as_ranges is not False:
        return
    from aipplint.atc.model_inputs import named_pairs

    found = 0
    for shape, one in named_pairs(model, build.shapes or ()):
        numbers = one.numbers
        if shape.rank != len(numbers):
            continue
        pairs = enumerate(zip(shape.dims, numbers, strict=True))
        other = [
            index
            for index, (dim, number) in pairs
            if isinstance(dim.value, int) and dim.value > 0 and number > 0 and dim.value != number
        ]
        if not other or found == MAX_PROBLEMS:
            continue
        found += 1
        values = {"shape": shortened(str(shape)), "name": shortened(one.name), "model": shortened(one.shape)}
        message = "--input_shape: {shape} replaces {model} of the model, which was exported for that shape"
        severity = Severity.INFO if other == [0] else None
        yield Problem(option.part(*shape.span), message, values, _said(build, one), severity=severity)


@rule("AIPP645", "dynamic-input-not-listed", Severity.ERROR, atc="E10019", also=("E10001", "E10003", "E10018"))
def dynamic_input_not_listed(build: Build) -> Iterator[Problem]:
    """An input that --input_shape does not list has unknown dimensions that the profiles do not match.

    ATC also applies profiles to inputs that `--input_shape` does not list, if their unknown dimensions are exactly H
    and W (`--dynamic_image_size`) or the first one (`--dynamic_batch_size`). With `--dynamic_dims` every input with
    unknown dimensions must be listed.

    ## Wrong

    ```atc
    --model=net.onnx --framework=5 --input_shape="images:1,3,-1,-1" --dynamic_image_size="416,416;832,832"
    ```

    ```model
    net.onnx
    images: FLOAT 1x3xHxW
    info: FLOAT batchx4
    ```

    ## Right

    ```atc
    --model=net.onnx --framework=5 --input_shape="images:1,3,-1,-1;info:1,4" --dynamic_image_size="416,416;832,832"
    ```

    ```model
    net.onnx
    images: FLOAT 1x3xHxW
    info: FLOAT batchx4
    ```

    ## Fix

    Add the input to `--input_shape`, with -1 only for the dimensions that the profiles set.

    ## Source

    Facts M8, M9 and M10: multi_batch_clone_pass.cc 284-311, multi_batch_options.cc 728-785.
    """
    model, option, dynamic = _known(build), build.option(SHAPE), build.dynamic
    if model is None or option is None or dynamic is None or build.shapes is None:
        return
    for shape in islice(build.inputs or (), MAX_PROBLEMS):
        code = _code(shape, dynamic, build.input_format) if shape.said else None
        if code is not None:
            message = "--input_shape does not include {name}, and --{option} does not match its unknown dimensions"
            if dynamic == DIMS:
                message = "--input_shape does not include {name}; with --{option} it must list all dynamic inputs"
            values = {"name": shortened(shape.name), "option": dynamic}
            related = (*input_here(build, shape, None, ""), *set_here(build, dynamic))
            yield Problem(option.place, message, values, related, atc=code)


def _code(shape: InputShape, dynamic: str, layout: str | None) -> str | None:
    """Return the code with which ATC rejects an input that is not listed; None if ATC accepts it or it is unknown."""
    unknown = shape.dynamic_dims
    if not unknown or dynamic == DIMS:
        return "E10001" if unknown else None
    if dynamic == BATCH:
        return None if unknown == (0,) else "E10018" if 0 in unknown else ""
    if dynamic == IMAGE:
        if layout not in ("NCHW", "NHWC"):
            return None if layout is None else "E10003"
        return None if shape.rank == 4 and unknown == ((2, 3) if layout == "NCHW" else (1, 2)) else "E10019"
    return None


RULES = (unknown_dimension, no_such_model_input, input_rank_differs, replaced_dimension, dynamic_input_not_listed)
