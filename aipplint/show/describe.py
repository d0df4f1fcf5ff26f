"""Describe a configuration with its build and run-time settings."""

from __future__ import annotations

from collections.abc import Iterator

from aipplint.atc.build import Build
from aipplint.config.config import Config
from aipplint.config.normalisation import SINGLE_PRECISION, channels_of
from aipplint.config.op import AippOp
from aipplint.hardware.formats import DYNAMIC_FORMATS
from aipplint.hardware.products import RUNTIME_ARCHES, product_of
from aipplint.pipeline import Use
from aipplint.rules.runtime_model import op_of
from aipplint.runtime.settings import Runtime
from aipplint.show.defaults import filled_in, filled_in_dynamic
from aipplint.show.description import (
    Compiled,
    Description,
    Dynamic,
    Filled,
    Given,
    Input,
    Operator,
    Trained,
    Unknown,
    Work,
)
from aipplint.show.input_buffer import feed_of
from aipplint.show.profiles import Shape, largest, shapes_of, why_unknown
from aipplint.show.run_time import at_run_time
from aipplint.show.stages import case_of, conversion_of, missing, padding_value_of, values_of
from aipplint.training.normalisation import AGREES, Training, levels_of

_HEAD_BYTES, _BATCH_BYTES = 64, 96
"""Of AippData: its head, and what each image of the batch adds (fact I9)."""


def describe(config: Config, use: Use, training: Training | None = None) -> Description:
    """Describe a configuration in one build. ``training`` is the training code of its model."""
    ops = tuple(_operator(config, op, use, training) for op in config.ops)
    return Description(config.source.path, _compiled(use.build), ops)


def _compiled(build: Build) -> Compiled:
    options = []
    for name, option in build.options.items():
        if option.given and name != "insert_op_conf":
            source, span = option.place
            options.append(Given(name, option.value, source.path, source.position(span.start).line))
    product = product_of(build.soc_version)
    return Compiled(tuple(options), None if product is None else product.family)


def _operator(config: Config, op: AippOp, use: Use, training: Training | None) -> Operator:
    build, runtime = use
    shapes = shapes_of(op, build)
    unknown = [why] if (why := why_unknown(op, build)) else []
    work: Work | None = None
    dynamic: Dynamic | None = None
    filled: tuple[Filled, ...] = ()
    if op.is_static:
        work, more = _static(op, build, shapes)
        work = work._replace(training=tuple(_trained(op, training)) if training is not None else ())
        filled = tuple(filled_in(op, work.cases))
        unknown += more
    elif op.is_dynamic:
        mine = runtime if runtime is not None and op_of(config, runtime) is op else None
        dynamic = _dynamic(op, shapes, mine)
        filled = tuple(filled_in_dynamic(op))
        if mine is None:
            unknown.append(Unknown("what the application does", "needs --runtime (or 'runtime' in the settings)"))
    else:
        unknown.append(Unknown("what it does", "needs aipp_mode static or dynamic"))
    mode = "static" if work else "dynamic" if dynamic else None
    line = op.source.position(op.head.span.start).line
    notes = tuple(_notes(op, build))
    return Operator(op.index, line, mode, _input(op, build), work, dynamic, filled, notes, tuple(unknown))


def _input(op: AippOp, build: Build) -> Input:
    shape, shapes = build.input_of(op), build.inputs
    name = op.text("related_input_name") or ""
    if shape is None or shapes is None:
        return Input(None if name else op.number("related_input_rank"), name, None, None)
    layout = shape.layout if shape.axis("H") is not None else None
    if layout is not None and shape.rank == 3:
        layout = layout.replace("N", "", 1)
    return Input(shapes.index(shape), shape.name, tuple(dim.text for dim in shape.dims), layout)


def _static(op: AippOp, build: Build, shapes: tuple[Shape, ...]) -> tuple[Work, list[Unknown]]:
    shape, product = build.input_of(op), product_of(build.soc_version)
    single = product is not None and product.short in SINGLE_PRECISION
    cases = tuple(case_of(op, shape) for shape in shapes)
    colour = conversion_of(op)
    values = values_of(op, None if shape is None else shape.channels, single=single)
    work = Work(op.text("input_format"), cases, colour, values, padding_value_of(op))
    return work, missing(op, cases[0], colour, values)


def _trained(op: AippOp, training: Training) -> Iterator[Trained]:
    """Compare the values with each place in training code, the nearest first."""
    channels = channels_of(op)
    found = [(max(levels), place) for place in training.places if (levels := levels_of(channels, place))]
    for worst, place in sorted(found, key=lambda pair: pair[0]):
        yield Trained(place.place.source.path, place.line, round(worst, 2), worst < AGREES)


def _dynamic(op: AippOp, shapes: tuple[Shape, ...], runtime: Runtime | None) -> Dynamic:
    most = largest(shapes)
    room = op.number("max_src_image_size")
    needs = (feed_of(name, most.size, most.batch, room) for name in DYNAMIC_FORMATS)
    parameters = None if most.batch is None else _HEAD_BYTES + _BATCH_BYTES * most.batch
    set_up = None if runtime is None else at_run_time(runtime, shapes, most, room)
    return Dynamic(room, most.size, most.batch, tuple(feed for feed in needs if feed), parameters, set_up)


def _notes(op: AippOp, build: Build) -> list[str]:
    """Yield additional notes, each a sentence."""
    notes, product = [], product_of(build.soc_version)
    if op.damaged:
        notes.append("a part of this block cannot be read and is missing here")
    if op.is_static and build.output_type == "UINT8":
        notes.append("if the model's input is UINT8 (--output_type=UINT8 suggests it), AIPP does not normalise")
    if product is not None and not product.formats:
        notes.append(f"{build.soc_version} has no AIPP")
    elif op.is_dynamic and product is not None and product.arch not in RUNTIME_ARCHES:
        notes.append(f"the runtime does not let an application set dynamic AIPP on {build.soc_version}")
    return notes
