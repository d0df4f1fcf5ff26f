"""Run-time settings, described like a static operator whose parameters the application sets."""

from __future__ import annotations

from aipplint.config.colour import MATRIX
from aipplint.config.config import read_config
from aipplint.config.op import AippOp
from aipplint.hardware.size import Size
from aipplint.runtime.settings import Runtime
from aipplint.schema.fields import op_fields
from aipplint.show.description import AtRunTime, Unknown, Work
from aipplint.show.profiles import Shape
from aipplint.show.stages import case_of, conversion_of, missing, values_of
from aipplint.source import Source
from aipplint.syntax.parser import parse

_GROUPS: dict[str, dict[str, str]] = {
    "crop": {},
    "padding": {side: f"{side}_padding_size" for side in ("left", "right", "top", "bottom")},
    "resize": {"output_w": "resize_output_w", "output_h": "resize_output_h"},
}
"""The settings that switch a stage on, and what the configuration calls the values in them."""


def at_run_time(runtime: Runtime, shapes: tuple[Shape, ...], largest: Shape, room: int | None) -> AtRunTime:
    """Describe the settings. ``largest`` is the shape that their output must have (fact R15)."""
    op = written(runtime)
    batch = runtime.number("batch_size") or largest.batch
    target = Shape(largest.profile, batch, largest.size)
    case = case_of(op, target, from_model=False, room=room)
    colour, values = conversion_of(op), values_of(op)
    unknown = missing(op, case, colour, values)
    if case.steps and (case.steps[0].height is None or case.steps[0].width is None):
        unknown.append(Unknown("size of the images", "needs src_image_size_w and src_image_size_h"))
    if op.on("csc_switch") and not all(op.has(name) for name in MATRIX):
        # There are no defaults at run time: one call sets the whole matrix.
        colour = None
        unknown.append(Unknown("colours", "needs matrix_r0c0 to matrix_r2c2, because csc_switch is true"))
    work = Work(op.text("input_format"), (case,), colour, values, 0.0 if op.on("padding") else None)
    size_set = runtime.dynamic_size
    return AtRunTime(work, size_set, _profile_of(size_set, shapes), tuple(unknown))


def _profile_of(size: Size | None, shapes: tuple[Shape, ...]) -> int | None:
    return next((shape.profile for shape in shapes if size is not None and shape.size == size), None)


def written(runtime: Runtime) -> AippOp:
    """Convert the settings to an equivalent static operator, so that the same code can describe them."""
    known = op_fields()
    lines = ["aipp_mode: static"]
    for key, value in runtime.values.items():
        if key in _GROUPS and isinstance(value, dict):
            lines.append(f"{key}: true")
            lines += [f"{_GROUPS[key].get(name, name)}: {part}" for name, part in value.items()]
        elif key in known:
            lines.append(f"{key}: {str(value).lower() if isinstance(value, bool) else value}")
    fields = [line for line in lines if line.partition(":")[0] in known]
    source = Source("<runtime>", "aipp_op {\n" + "\n".join(fields) + "\n}\n")
    return read_config(source, parse(source)).ops[0]
