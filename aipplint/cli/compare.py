"""``aipplint compare``: what the model sees against what it was trained with, and the mistake between the two."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from aipplint.cli.arguments import Parser, add_build, add_settings
from aipplint.cli.output import emit
from aipplint.cli.preview import PICTURES, add_feed, check_outputs, program_of, write
from aipplint.cli.progress import Bar
from aipplint.cli.subject import Subject, add_subject, session_of, subject_of
from aipplint.errors import UsageError, where
from aipplint.findings import Place, clean
from aipplint.hardware.formats import image_bytes
from aipplint.hardware.size import Size
from aipplint.preview.extra import need
from aipplint.preview.parameters import Parameters, Refused
from aipplint.project.reading import TooLarge, Unreadable, read_file
from aipplint.run.plan import training_of
from aipplint.run.session import Session
from aipplint.source import Source

if TYPE_CHECKING:
    from aipplint.preview.comparison import Diagnosis, Difference, Pair
    from aipplint.preview.images import Image
    from aipplint.preview.other import Other

_EPILOG = """\
The same image goes through AIPP and through the pre-processing that the model was trained with. The differences are in
levels of 255: the mean, the 99th percentile and the largest of each channel. Where they are large, known mistakes are
tried on the configuration, one and then two at once; what explains the difference is named.

PIPELINE is one of these; nothing of it is executed:
  training           the training code that the repository has for CONFIG; so
                     it is without --with
  FILE.py            torchvision: Compose([Resize, CenterCrop, ToTensor,
                     Normalize]); mmcv: img_norm_cfg; or any normalisation
  FILE.py:LINE       one of several pipelines
  FILE.json          preprocessor_config.json, or {"mean": [...], "std": [...]}
  FILE.cfg           another configuration
  FILE.npy           a tensor (C, H, W or H, W, C), saved by numpy

A picture has the size of the source, or the pipeline brings it to that size: then the application is taken to resize
and crop as the pipeline does. Converted pictures stay below 2 levels, pictures in RGB below 0.1.

Exit code: 0 the mean of every channel is below 2 levels, apart from what the conversion to NV12 costs, 1 it is
not, 2 a mistake in the command, or something that cannot be read.

Examples:
  aipplint compare aipp.cfg --with train.py photo.png
  aipplint compare aipp.cfg --with preprocessor_config.json photo1.png photo2.png
  aipplint compare aipp.cfg --with old_aipp.cfg photo.png -o heat.png
  aipplint compare aipp.cfg --with tensor.npy frame.nv12 --size 1920x1080
"""

_AGREE = 2.0
"""Levels of the mean below which two sides agree: what the conversion to NV12 and back may cost."""
FOUND = "training"
"""Stands for the training code that belongs to a configuration."""
_LISTED = 3
_MAX_TENSOR = 1 << 30
_BLOCK = re.compile(r"\baipp_op\s*:?\s*[{<]")
"""The beginning of an operator, which makes a text a configuration."""


def run(words: list[str]) -> int:
    """Run the command and return the exit code."""
    parser = arguments()
    options, paths = parser.read(words)
    if options.help:
        emit(parser.format_help())
        return 0
    if len(paths) < 2:
        raise UsageError("compare needs a configuration and an image: aipplint compare CONFIG --with PIPELINE IMAGE...")
    if options.output and len(paths) > 2:
        raise UsageError("a heat map (-o) is of one image")
    check_outputs(options.output, PICTURES, force=options.force)
    need("numpy", "PIL")
    session = session_of(options, "compare", words)
    return _compared(session, subject_of(session, paths[0], options), paths[1:], options)


def arguments() -> Parser:
    """Return the parser of this command's options."""
    parser = Parser(
        "aipplint compare",
        "aipplint compare [OPTIONS] CONFIG [--with PIPELINE] IMAGE...",
        "Compare what the model sees with what it was trained with.",
        _EPILOG,
    )
    parser.add_argument_group("Training").add_argument(
        "--with", dest="pipeline", metavar="PIPELINE", default="", help="code, settings, a configuration or a tensor"
    )
    add_feed(parser)
    add_subject(parser)
    add_build(parser)
    add_settings(parser)
    output = parser.add_argument_group("Output")
    output.add_argument(
        "-o", "--output", metavar="FILE", action="append", default=[], help=f"write a heat map: {', '.join(PICTURES)}"
    )
    output.add_argument("--force", action="store_true", help="overwrite files")
    output.add_argument("-q", "--quiet", action="store_true", help="do not print notes on standard error")
    output.add_argument("-h", "--help", action="store_true", help="show this help")
    return parser


def _compared(session: Session, subject: Subject, paths: Sequence[str], options: argparse.Namespace) -> int:
    from aipplint.preview.comparison import diagnose, differences, heat_map, levels
    from aipplint.preview.images import read_image
    from aipplint.preview.kernel import compute
    from aipplint.preview.other import mean_level

    images = [read_image(path, raw=options.size is not None) for path in paths]
    parameters = subject.parameters(_size_of(images[0], options) or subject.size)
    other = _other(session, subject.path, options, parameters)
    pairs: list[Pair] = []
    agree, lost = True, False
    for image in images:
        pair, how = _pair(image, other, parameters, options)
        pairs.append(pair)
        apart = levels(compute(parameters, pair.data, "NCHW", options.dtype), pair.wanted, other.per_level)
        found = differences(apart)
        left = differences(levels(compute(parameters, pair.data, "NCHW", options.dtype), pair.lossy, other.per_level))
        agree = agree and max(one.mean for one in left) < _AGREE
        lost = lost or (agree and max(one.mean for one in found) >= _AGREE)
        emit("".join(f"{line}\n" for line in _table(image.path, how, other, found)))
        for file in options.output:
            write(file, heat_map(apart, os.path.splitext(file)[1].lower()), force=options.force)
    with Bar("trying mistakes") as bar:
        score = mean_level(pairs, other.per_level, options.dtype)
        diagnosis = diagnose(parameters, other.trained, score, bar.tick)
    emit("".join(f"{line}\n" for line in _words(diagnosis, agree=agree, lost=lost)))
    return 0 if agree else 1


def _size_of(image: Image, options: argparse.Namespace) -> Size | None:
    if image.picture is not None:
        return Size(*image.picture.shape[:2])
    size: Size | None = options.size
    return size


def _found(session: Session, path: str) -> Place:
    """Return the place of the training code of a configuration. Raises UsageError if there is not exactly one."""
    from aipplint.training.normalisation import surest

    content = read_file(path)
    training = training_of(session, Source.from_bytes(path, content)) if isinstance(content, bytes) else None
    if training is None:
        raise UsageError(f"{clean(path)}: no training code was found for it; name it with --with")
    known = surest(training.places)
    if len(known) > 1:
        places = ", ".join(where(one.place) for one in known[:_LISTED])
        raise UsageError(
            f"{clean(path)}: its training code normalises in several ways; name one of {places} with --with"
        )
    return known[0].place


def _other(session: Session, configuration: str, options: argparse.Namespace, given: Parameters) -> Other:
    """Return the other side, by what the file is; without one, the training code that was found."""
    from aipplint.preview import other
    from aipplint.preview.pipeline_text import read_pipeline

    if options.pipeline in ("", FOUND):
        place = _found(session, configuration)
        name = where(place)
        first = place.source.position(place.span.start).line
        return other.of_pipeline(name, read_pipeline(name, place.source, first), given)
    path, line = options.pipeline, None
    if not os.path.exists(path) and (match := re.fullmatch(r"(.+):(\d{1,7})", path)):
        path, line = match[1], int(match[2])
    content = read_file(path, _MAX_TENSOR) if path.endswith(".npy") else read_file(path)
    if isinstance(content, Unreadable):
        raise UsageError(f"{clean(path)}: cannot be read: {content.reason}")
    if isinstance(content, TooLarge):
        raise UsageError(f"{clean(path)}: {content.size:,} bytes are too many")
    if path.endswith(".npy"):
        return other.of_tensor(clean(path), other.tensor_in(clean(path), content), given)
    source = Source.from_bytes(path, content)
    if _BLOCK.search(source.text) and not path.endswith((".py", ".json")):
        plain = argparse.Namespace(operator=None, build=None, profile=None)
        mine = subject_of(session, path, plain).parameters(given.window.source)
        return other.of_configuration(clean(path), mine, given, program_of(options))
    return other.of_pipeline(clean(options.pipeline), read_pipeline(clean(path), source, line), given)


def _pair(image: Image, other: Other, parameters: Parameters, options: argparse.Namespace) -> tuple[Pair, str]:
    """Return what is fed for one image, what it should become, and how it was made."""
    import numpy as np

    from aipplint.preview.comparison import Pair
    from aipplint.preview.feed import fed, pictured

    program = program_of(options)
    if image.picture is not None:
        sides = other.sides(image.picture)
        how = f"{sides.how}; fed as {program.words(parameters.image_format)}"
        data = fed(sides.fed, parameters, program)
        wanted = lossy = sides.rest(sides.fed)
        if parameters.image_format == "YUV420SP_U8":
            lossy = sides.rest(pictured(data, parameters, program))
        return Pair(data[None], wanted, lossy), how
    one = image_bytes(parameters.image_format, parameters.window.source.pixels)
    if len(image.raw) != one:
        raise Refused(f"{clean(image.path)}: one image of {parameters.window.source} must have {one} bytes")
    data = np.frombuffer(image.raw, np.uint8)
    sides = other.sides(pictured(data, parameters, program))
    wanted = sides.rest(sides.fed)
    return Pair(data[None], wanted, wanted), "raw bytes, fed as they are"


def _table(path: str, how: str, other: Other, found: Sequence[Difference]) -> Iterator[str]:
    from textwrap import wrap

    yield f"image     {clean(path)}, {how}"
    yield from wrap(f"with      {other.words}", 98, subsequent_indent=" " * 10)
    yield f"{'channel':<10}{'mean':>9}{'99 %':>9}{'largest':>9}   levels of 255"
    for one in found:
        yield f"{one.channel:<10}{one.mean:>9.2f}{one.most:>9.2f}{one.largest:>9.2f}"
    yield ""


def _words(diagnosis: Diagnosis | None, *, agree: bool, lost: bool) -> Iterator[str]:
    from textwrap import wrap

    if diagnosis is None:
        yield "diagnosis none: both sides agree" if agree else "diagnosis none of the known mistakes explains this"
        if lost:
            yield "          what is left is the colour that YUV420SP has only once for 2 x 2 pixels"
        return
    for words in diagnosis.words:
        yield from wrap(f"diagnosis {words}", 98, subsequent_indent=" " * 10)
    yield f"          the mean difference would be {diagnosis.after:.2f} levels instead of {diagnosis.before:.2f}"
