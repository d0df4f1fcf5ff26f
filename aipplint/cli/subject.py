"""What ``preview`` and ``compare`` work on: one operator of a configuration, in one profile of one of its builds."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from aipplint.cli.arguments import Parser, has_build
from aipplint.config.colour import MATRIX
from aipplint.config.config import read_config
from aipplint.config.op import AippOp
from aipplint.errors import UsageError
from aipplint.findings import clean
from aipplint.hardware.products import Product, product_of
from aipplint.hardware.size import Size
from aipplint.pipeline import Use
from aipplint.preview.parameters import Parameters, Refused, parameters_of
from aipplint.project.reading import TooLarge, Unreadable, read_file
from aipplint.records import NamedTuple
from aipplint.run.plan import uses_of
from aipplint.run.session import Request, Session
from aipplint.runtime.settings import Runtime
from aipplint.show.profiles import Shape, shapes_of
from aipplint.show.run_time import written
from aipplint.source import MAX_OPS, Source
from aipplint.syntax.parser import parse

_LISTED = 8
"""Choices that a message lists."""


class Subject(NamedTuple):
    """An operator with the parameters that it works with. Sizes of the model are None where nothing says them."""

    path: str
    op: AippOp
    product: Product | None
    size: Size | None
    layout: str
    channels: int
    profile: int | None

    def parameters(self, image: Size | None) -> Parameters:
        """Return the parameters; ``image`` is the size of the image, for what nothing else says."""
        parameters = parameters_of(self.op, self.size or image, self.product)
        if self.size is not None and parameters.window.output != self.size:
            raise Refused(f"the output is {parameters.window.output}, but the model takes {self.size}")
        return parameters


def add_subject(parser: Parser) -> None:
    """Add the options that choose a build, a profile and an operator."""
    chosen = parser.add_argument_group("Which one, where there are several")
    chosen.add_argument("--build", metavar="N", type=int, help="the build, from 1, as 'aipplint builds' lists them")
    chosen.add_argument("--profile", metavar="N", type=int, help="the profile of the build, from 0")
    chosen.add_argument("--operator", metavar="N", type=int, help="the aipp_op of the file, from 1")


def session_of(options: argparse.Namespace, command: str, words: Sequence[str]) -> Session:
    """Return the session for the options of a build and of the settings."""
    if options.config and options.isolated:
        raise UsageError("--config and --isolated exclude each other")
    typed = ("aipplint", command, *words) if has_build(options) else ()
    given = {"config": options.config, "isolated": options.isolated, "release": options.cann_version}
    return Session(Request(words=typed, first=2, runtime=options.runtime, **given))


def subject_of(session: Session, path: str, options: argparse.Namespace) -> Subject:
    """Return the operator that the options choose. Raises UserError where that is not exactly one."""
    ops = _operators(path)
    op = ops[_chosen(options.operator, 1, "operators", "--operator", [f"line {_line(one)}" for one in ops])]
    inputs = list(dict.fromkeys(_input_of(op, use) for use in uses_of(session, path))) or [_Input()]
    taken = inputs[_chosen(options.build, 1, "builds", "--build", [one.words for one in inputs])]
    sizes = [str(shape.size or "no size known") for shape in taken.shapes]
    shape = taken.shapes[_chosen(options.profile, 0, "profiles", "--profile", sizes)]
    return Subject(path, _static(op, taken), taken.product, shape.size, taken.layout, taken.channels, shape.profile)


class _Input(NamedTuple):
    """What a build says of the input that an operator feeds."""

    product: Product | None = None
    shapes: tuple[Shape, ...] = (Shape(None, None, None),)
    layout: str = "NCHW"
    channels: int = 3
    runtime: Runtime | None = None

    @property
    def words(self) -> str:
        """What tells it from others."""
        sizes = "; ".join(str(shape.size or "no size known") for shape in self.shapes[:4])
        return f"{self.product.short}, {sizes}" if self.product else sizes


def _input_of(op: AippOp, use: Use) -> _Input:
    shape = use.build.input_of(op)
    shapes = tuple(dict.fromkeys(one._replace(batch=None) for one in shapes_of(op, use.build)))
    layout, channels = (None, None) if shape is None else (shape.layout, shape.channels)
    known = layout if layout in ("NCHW", "NHWC") else "NCHW"
    return _Input(product_of(use.build.soc_version), shapes, known, channels or 3, use.runtime)


def _operators(path: str) -> Sequence[AippOp]:
    content = read_file(path)
    if isinstance(content, Unreadable):
        raise UsageError(f"{clean(path)}: cannot be read: {content.reason}")
    if isinstance(content, TooLarge):
        raise UsageError(f"{clean(path)}: {content.size:,} bytes are too many for a configuration")
    source = Source.from_bytes(path, content)
    config = read_config(source, parse(source))
    if len(config.ops) > MAX_OPS or any(issue.kind == "too-large" for issue in config.tree.issues):
        raise UsageError(f"{clean(path)}: too large for a configuration")
    if not config.ops:
        raise UsageError(f"{clean(path)}: no aipp_op can be read there")
    return config.ops


def _line(op: AippOp) -> int:
    return op.source.position(op.head.span.start).line


def _chosen(number: int | None, first: int, things: str, option: str, words: Sequence[str]) -> int:
    """Return the index of the chosen thing. Raises UsageError where there is no such one, or none is chosen."""
    if number is None and len(words) == 1:
        return 0
    if number is not None and first <= number < first + len(words):
        return number - first
    listed = ", ".join(f"{at} ({clean(text)})" for at, text in enumerate(words[:_LISTED], first))
    more = f" and {len(words) - _LISTED} more" if len(words) > _LISTED else ""
    raise UsageError(f"choose one of the {things} with {option}: {listed}{more}")


def _static(op: AippOp, taken: _Input) -> AippOp:
    """Return the operator, or for dynamic AIPP one that does what the application sets."""
    if op.is_static:
        return op
    if not op.is_dynamic:
        raise Refused("aipp_mode must be static or dynamic")
    if taken.runtime is None:
        raise Refused("the operator is dynamic: its parameters are set at run time, and --runtime says them")
    set_up = written(taken.runtime)
    if set_up.on("csc_switch") and not all(set_up.has(name) for name in MATRIX):
        raise Refused("csc_switch is true, but the run-time settings have no whole matrix, and there is no default")
    return set_up
