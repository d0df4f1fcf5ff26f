"""The locations of a build's inputs: in an option, or the option that names the model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipplint.atc.build import Build
from aipplint.atc.options import MODEL
from aipplint.findings import Place
from aipplint.source import Source, Span

if TYPE_CHECKING:
    from aipplint.atc.shapes import Dim, InputShape


def place_of(build: Build, shape: InputShape, dim: Dim | None = None) -> Place | None:
    """Where an input, or one dimension of it, is written."""
    if shape.said:
        return model_place(build)
    option = build.shape_option
    return None if option is None else option.part(*(shape.span if dim is None else dim.span))


def model_place(build: Build) -> Place | None:
    """The location of --model; that of the model if no option names it."""
    option = build.option(MODEL)
    if option is not None:
        return option.place
    return None if build.model is None else Place(Source(build.model.path, ""), Span(0, 0))
