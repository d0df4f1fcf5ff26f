"""The inputs of the models that a repository builds: what AIPP makes an application feed, and the tensor behind."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from aipplint.atc.build import Build
from aipplint.config.config import read_config
from aipplint.explain.sizes import KnownInput
from aipplint.hardware.size import Size
from aipplint.pipeline import Use
from aipplint.run.plan import uses_of
from aipplint.run.session import Session
from aipplint.source import MAX_OPS, Source
from aipplint.syntax.parser import parse

MAX_INPUTS = 256
"""Inputs that a number is held against."""


def known_inputs(session: Session, log_build: Build | None, paths: Sequence[str]) -> tuple[KnownInput, ...]:
    """The inputs of the configurations at the paths in their builds, and those of builds without a configuration."""
    found: dict[KnownInput, None] = {}
    for one in _inputs(session, log_build, paths):
        found[one] = None
        if len(found) == MAX_INPUTS:
            break
    return tuple(found)


def _inputs(session: Session, log_build: Build | None, paths: Sequence[str]) -> Iterator[KnownInput]:
    for path in paths:
        content = session.files.read(path)
        if isinstance(content, bytes):
            uses = [Use(log_build)] if log_build is not None else uses_of(session, path) or (Use(Build({})),)
            for use in uses:
                yield from _of_configuration(Source.from_bytes(path, content), use)
    index = session.index_of_folder(os.path.abspath(".")) if log_build is None else None
    for build in index.links.builds if index is not None else ():
        if build.config is None and build.build.option("insert_op_conf") is None and build.build.origin is not None:
            source, span = build.build.origin.head
            yield from _of_tensors(build.build, f"{source.path}:{source.position(span.start).line}")
    if log_build is not None and not paths:
        yield from _of_tensors(log_build, "the command in the log")


def _of_configuration(source: Source, use: Use) -> Iterator[KnownInput]:
    """Return the images that the application must pass to the operators of a configuration."""
    from aipplint.show.describe import describe

    config = read_config(source, parse(source))
    if len(config.ops) > MAX_OPS or any(issue.kind == "too-large" for issue in config.tree.issues):
        return
    build = use.build
    for op, described in zip(config.ops, describe(config, use).ops, strict=True):
        shape = build.input_of(op)
        channels = None if shape is None else shape.channels
        if described.work is not None:
            for case in described.work.cases:
                fed = case.steps[0] if case.steps else None
                height = None if fed is None or fed.height is None else fed.height.value
                width = None if fed is None or fed.width is None else fed.width.value
                size = Size(height, width) if height and width else None
                yield KnownInput(source.path, described.work.input_format, size, case.batch, case.model, channels)
        elif described.dynamic is not None:
            dynamic = described.dynamic
            room = dynamic.max_src_image_size
            yield KnownInput(source.path, None, None, dynamic.batch, dynamic.largest, channels, room)


def _of_tensors(build: Build, name: str) -> Iterator[KnownInput]:
    """The images that a build without AIPP takes as tensors."""
    for shape in build.inputs or ():
        if shape.height and shape.width and shape.channels:
            yield KnownInput(name, None, None, shape.batch, Size(shape.height, shape.width), shape.channels)
