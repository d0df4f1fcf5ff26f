"""AIPP206 to AIPP211: the model input to which an operator belongs."""

from __future__ import annotations

from collections.abc import Iterator

from aipplint.atc.build import Build
from aipplint.atc.places import model_place
from aipplint.config.config import Config
from aipplint.config.op import AippOp
from aipplint.findings import Problem, Related, Severity, clean
from aipplint.models.model import CAFFE, ONNX, TENSORFLOW, Model
from aipplint.rules.rule import rule
from aipplint.rules.values import CONFIGURATION_INVALID

_CAFFE_FRAMEWORK = 0


def _names(config: Config) -> list[str] | None:
    """Return the input name of each operator (empty if not set); None if one is unknown or there is only one op."""
    names = [op.text("related_input_name") for op in config.ops]
    known = [name for name in names if name is not None]
    return known if len(known) == len(names) > 1 else None


def _other(op: AippOp, name: str, message: str) -> tuple[Related, ...]:
    return (Related(op.place(name), message),)


@rule("AIPP206", "same-input-rank", Severity.ERROR, atc=CONFIGURATION_INVALID)
def same_input_rank(config: Config) -> Iterator[Problem]:
    """Two operators belong to the same model input.

    `related_input_rank` numbers the inputs from 0 and defaults to 0. ATC rejects two operators with the same rank,
    unless the first operator names its input: then it does not compare the ranks.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
    }
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      related_input_rank: 0  # <--
    }
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
    }
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      related_input_rank: 1
    }
    ```

    ## Fix

    Set a different rank in every operator.

    ## Source

    Facts P2 and P5: insert_aipp_op_util.cc 185-193.
    """
    names = _names(config)
    if names is None or names[0]:
        return
    seen: dict[int, AippOp] = {}
    for op in config.ops:
        rank = op.number("related_input_rank")
        if rank is None:
            continue
        if rank in seen:
            related = _other(seen[rank], "related_input_rank", "the other operator is here")
            message = "two operators belong to input {rank}; each input can have only one"
            if not op.has("related_input_rank"):
                message = "two operators belong to input 0; related_input_rank is missing here and defaults to 0"
            yield Problem(op.place("related_input_rank"), message, {"rank": rank}, related)
        seen.setdefault(rank, op)


@rule("AIPP207", "same-input-name", Severity.ERROR, atc=CONFIGURATION_INVALID)
def same_input_name(config: Config) -> Iterator[Problem]:
    """Two operators name the same model input.

    An input can have only one operator; ATC rejects the second one with E10052.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      related_input_name: "data"
    }
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      related_input_name: "data"  # <--
    }
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      related_input_name: "data"
    }
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      related_input_name: "im_info"
    }
    ```

    ## Fix

    Set a different input in every operator.

    ## Source

    Fact P4: insert_aipp_op_util.cc 153-161.
    """
    names = _names(config)
    if names is None or not names[0]:
        return
    seen: dict[str, AippOp] = {}
    for op, name in zip(config.ops, names, strict=True):
        if name and name in seen:
            related = _other(seen[name], "related_input_name", "the other operator is here")
            message = 'two operators belong to the input "{name}"; each input can have only one'
            yield Problem(op.value_place("related_input_name"), message, {"name": clean(name)}, related)
        seen.setdefault(name, op)


@rule("AIPP208", "mixed-rank-and-name", Severity.ERROR, atc=CONFIGURATION_INVALID)
def mixed_rank_and_name(config: Config) -> Iterator[Problem]:
    """One operator names its input, and another one uses the rank.

    If the first operator has a `related_input_name`, all must have one; if it has none, no other operator can have one.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      related_input_rank: 1
    }
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      related_input_name: "data"  # <--
    }
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      related_input_rank: 1
    }
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      related_input_rank: 0
    }
    ```

    ## Fix

    Use `related_input_rank` everywhere; names work only for Caffe models.

    ## Source

    Facts P1 and P3: insert_aipp_op_util.cc 144-152, 176-184.
    """
    names = _names(config)
    if names is None:
        return
    first = config.ops[0]
    for op, name in zip(config.ops[1:], names[1:], strict=True):
        if name and not names[0]:
            related = _other(first, "related_input_name", "the first operator has no name")
            message = 'this operator names its input "{name}", but the first operator uses the rank'
            yield Problem(op.place("related_input_name"), message, {"name": clean(name)}, related)
        elif names[0] and not name:
            related = _other(first, "related_input_name", "the first operator has a name")
            yield Problem(op.head, "missing related_input_name; the first operator has one", {}, related)


@rule("AIPP209", "name-overrides-rank", Severity.WARNING)
def name_overrides_rank(op: AippOp) -> Iterator[Problem]:
    """An operator has both a rank and a name.

    If the model has an input of this name, the name silently overrides the rank.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      related_input_rank: 1  # <--
      related_input_name: "data"
    }
    ```

    ## Right

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      related_input_rank: 1
    }
    ```

    ## Fix

    Keep one of the two.

    ## Source

    Facts P5 and I3.
    """
    if op.has("related_input_rank") and op.text("related_input_name"):
        related = _other(op, "related_input_name", "the name is set here")
        message = "related_input_rank has no effect; related_input_name overrides it"
        yield Problem(op.place("related_input_rank"), message, {}, related)


@rule("AIPP210", "name-outside-caffe", Severity.ERROR, atc=CONFIGURATION_INVALID)
def name_outside_caffe(op: AippOp, build: Build) -> Iterator[Problem]:
    """The operator names its input, although the model is not a Caffe model.

    Only the Caffe parser keeps the names of inputs; for other frameworks, ATC does not find the name.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      related_input_name: "data"  # <--
    }
    ```

    ```atc
    --framework=5
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
    --framework=5
    ```

    ## Fix

    Use `related_input_rank`.

    ## Source

    Fact I3: aipp_op.cc 566-598.
    """
    framework = build.framework
    name = op.text("related_input_name")
    if name and framework is not None and framework != _CAFFE_FRAMEWORK:
        option = build.option("framework")
        values = {"name": clean(name), "framework": framework}
        related = (Related(option.place, "--framework={framework} is set here", values),) if option else ()
        message = 'related_input_name "{name}" requires a Caffe model (--framework=0); --framework is {framework}'
        yield Problem(op.place("related_input_name"), message, values, related)


@rule("AIPP211", "no-such-input", Severity.WARNING, also=(CONFIGURATION_INVALID,))
def no_such_input(op: AippOp, build: Build) -> Iterator[Problem]:
    """The operator belongs to an input that `--input_shape` does not list.

    The compiler looks the input up in the model and rejects a rank or a name that is not there (E10052).
    `--input_shape` may list some of the inputs only, hence a warning; where the file of the model is there, it is an
    error.

    ## Wrong

    ```aipp
    aipp_op {
      aipp_mode: static
      input_format: RGB888_U8
      related_input_rank: 1  # <--
    }
    ```

    ```atc
    --input_shape="data:1,3,224,224"
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
    --input_shape="data:1,3,224,224"
    ```

    ## Fix

    Number the inputs of the model from 0.

    ## Source

    Facts I1 and M14 (aipp_op.cc 466-499), I3 and M15 (566-598).
    """
    shapes, option = build.shapes, build.option("input_shape")
    rank, name = op.number("related_input_rank"), op.text("related_input_name")
    if rank is None or name is None:
        return
    if build.model is not None and build.model.readable:
        yield from _not_in_model(op, build, build.model, name, rank)
        return
    if not shapes or option is None:
        return
    related = (Related(option.place, "the inputs are listed here"),)
    if name:
        if build.framework == _CAFFE_FRAMEWORK and all(shape.name != name for shape in shapes):
            message = 'related_input_name "{name}" is not an input in --input_shape'
            yield Problem(op.place("related_input_name"), message, {"name": clean(name)}, related)
    elif rank >= len(shapes):
        values = {"rank": rank, "count": len(shapes), "last": len(shapes) - 1}
        message = "related_input_rank is {rank}, but --input_shape lists {count} inputs, 0 to {last}"
        if len(shapes) == 1:
            message = "related_input_rank is {rank}, but --input_shape lists one input, 0"
        yield Problem(op.place("related_input_rank"), message, values, related)


def _not_in_model(op: AippOp, build: Build, model: Model, name: str, rank: int) -> Iterator[Problem]:
    """Report an input that a model does not have: then ATC certainly rejects it."""
    place, count = model_place(build), len(model.inputs)
    inputs = {one.name for one in model.inputs}
    # TensorFlow makes an input of every node that --input_shape names.
    more = any(shape.named and shape.name not in inputs for shape in build.shapes or ()) or build.inputs is None
    if place is None or not count or model.form not in (ONNX, CAFFE, TENSORFLOW) or more:
        return
    values = {"rank": rank, "name": clean(name), "count": count, "last": count - 1}
    severity, code = Severity.ERROR, CONFIGURATION_INVALID
    if name:
        if model.form == CAFFE and all(one.blob != name for one in model.inputs):
            related = (Related(place, "its inputs are {blobs}", {"blobs": [clean(one.blob) for one in model.inputs]}),)
            message = 'related_input_name is "{name}"; no input layer of the model outputs it'
            yield Problem(op.place("related_input_name"), message, values, related, severity=severity, atc=code)
    elif rank >= count:
        related = (Related(place, "its inputs are {inputs}", {"inputs": [clean(one.name) for one in model.inputs]}),)
        message = "related_input_rank is {rank}; the model has {count} inputs, 0 to {last}"
        if count == 1:
            message = "related_input_rank is {rank}; the model has one input, 0"
        yield Problem(op.place("related_input_rank"), message, values, related, severity=severity, atc=code)


RULES = (
    same_input_rank,
    same_input_name,
    mixed_rank_and_name,
    name_overrides_rank,
    name_outside_caffe,
    no_such_input,
)
PLACES = frozenset(one.code for one in (same_input_rank, same_input_name, mixed_rank_and_name, name_outside_caffe))
"""Rules about which input an operator takes: their errors had other codes than those of its fields (Z23)."""
