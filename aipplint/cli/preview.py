"""``aipplint preview``: the tensor that the model gets for an image, as numbers, files and a picture."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from aipplint.cli.arguments import Parser, add_build, add_settings
from aipplint.cli.output import complain, emit
from aipplint.cli.progress import Bar
from aipplint.cli.subject import Subject, add_subject, session_of, subject_of
from aipplint.config.colour import GRAY, colour_of
from aipplint.errors import UsageError
from aipplint.findings import clean
from aipplint.hardware.csc import RGB
from aipplint.hardware.formats import image_bytes
from aipplint.hardware.size import Size
from aipplint.preview.extra import need
from aipplint.preview.parameters import Parameters, Refused
from aipplint.project.reading import reason_of

if TYPE_CHECKING:
    from aipplint.preview.feed import Program
    from aipplint.preview.images import Image
    from aipplint.preview.kernel import Tensor

_EPILOG = """\
An image goes the way that the chip takes it: crop, swap of channels, colour conversion, normalisation in half
precision, padding. The table says what comes out. -o writes the tensor (.npy with its shape, .bin without) or a
picture (.png, .jpg, ...): the source with the crop on the left, what the model sees on the right, the normalisation
undone and channel 0 shown as red.

IMAGE is a picture (PNG, JPEG, ...: what Pillow reads) or raw bytes (--size, or an ending such as .nv12), which are fed
as they are. A picture is converted as the application is assumed to do: to NV12 by BT.601 narrow range for YUV420SP_U8,
to the order R, G, B for RGB formats; --standard, --chroma and --order say what it really does.

The build says the size of the model and the product; it is found in the scripts around, given here or in the
settings file, as for 'aipplint check'. The values are those of the published kernel of Ascend 950, bit for bit; how
other products round is not published, and that is said.

Exit code: 0 shown, 2 a mistake in the command, or nothing that can be computed.

Examples:
  aipplint preview aipp.cfg photo.png -o seen.png
  aipplint preview aipp.cfg frame.nv12 --size 1920x1080 -o tensor.npy
  aipplint preview aipp.cfg photo.jpg --standard bt601-full --soc-version Ascend310P3
  aipplint preview aipp.cfg photo.png --runtime aipp_settings.json
"""

_TENSORS = (".npy", ".bin")
PICTURES = (".png", ".jpg", ".jpeg", ".bmp", ".webp")
_STANDARDS = ("bt601-narrow", "bt601-full", "bt709-narrow", "bt709-full")
_LETTERS = {"RGB": "RGB", "BGR": "BGR", "YUV444": "YUV", "YVU444": "YVU", "GRAY": "Y"}


def run(words: list[str]) -> int:
    """Run the command and return the exit code."""
    parser = arguments()
    options, paths = parser.read(words)
    if options.help:
        emit(parser.format_help())
        return 0
    if len(paths) != 2:
        raise UsageError("preview needs a configuration and an image: aipplint preview CONFIG IMAGE")
    check_outputs(options.output, (*_TENSORS, *PICTURES), force=options.force)
    need("numpy", "PIL")
    from aipplint.preview.images import read_image

    subject = subject_of(session_of(options, "preview", words), paths[0], options)
    image = read_image(paths[1], raw=options.size is not None)
    return _shown(subject, image, options)


def arguments() -> Parser:
    """Return the parser of this command's options."""
    parser = Parser(
        "aipplint preview",
        "aipplint preview [OPTIONS] CONFIG IMAGE",
        "Show what the model sees of an image.",
        _EPILOG,
    )
    add_feed(parser)
    add_subject(parser)
    add_build(parser)
    add_settings(parser)
    output = parser.add_argument_group("Output")
    output.add_argument(
        "-o", "--output", metavar="FILE", action="append", default=[], help=f"write {', '.join(_TENSORS + PICTURES)}"
    )
    output.add_argument("--force", action="store_true", help="overwrite files")
    output.add_argument("-q", "--quiet", action="store_true", help="do not print notes on standard error")
    output.add_argument("-h", "--help", action="store_true", help="show this help")
    return parser


def add_feed(parser: Parser) -> None:
    """Add the options that say what the application feeds, and what the model takes."""
    feed = parser.add_argument_group("What is fed")
    feed.add_argument("--size", metavar="WxH", type=_size, help="IMAGE is raw bytes of this width and height")
    feed.add_argument(
        "--standard", metavar="NAME", choices=_STANDARDS, default=_STANDARDS[0], help=f"of YUV: {', '.join(_STANDARDS)}"
    )
    feed.add_argument("--chroma", metavar="NAME", choices=("nv12", "nv21"), help="order of U and V: nv12 or nv21")
    feed.add_argument("--order", metavar="NAME", choices=("rgb", "bgr"), help="order of the colours: rgb or bgr")
    feed.add_argument(
        "--dtype",
        metavar="NAME",
        choices=("float16", "uint8"),
        default="float16",
        help="type of the model's input: float16, or uint8, which is not normalised (default: float16)",
    )


def _size(text: str) -> Size:
    match = re.fullmatch(r"(\d{1,5})[xX*,](\d{1,5})", text)
    if match is None:
        raise argparse.ArgumentTypeError(f"'{clean(text)}' is no width and height, such as 1920x1080")
    return Size(int(match[2]), int(match[1]))


def check_outputs(paths: list[str], endings: tuple[str, ...], *, force: bool) -> None:
    """Raise UsageError for a file that has another ending, or that is there already."""
    for path in paths:
        if os.path.splitext(path)[1].lower() not in endings:
            raise UsageError(f"{clean(path)}: the ending says what to write: {', '.join(endings)}")
        if os.path.lexists(path) and not force:
            raise UsageError(f"{clean(path)}: is there already; --force overwrites it")


def program_of(options: argparse.Namespace) -> Program:
    """Return what the application feeds, as the options say it."""
    from aipplint.preview.feed import Program

    return Program(options.standard, options.chroma or "nv12", options.order or "rgb")


def _shown(subject: Subject, image: Image, options: argparse.Namespace) -> int:
    from aipplint.preview.table import lines_of, table_of
    from aipplint.preview.tensor import Model, check_size, tensor_of

    size = options.size if image.picture is None else Size(*image.picture.shape[:2])
    parameters = subject.parameters(size)
    if size is not None:
        check_size(parameters, size.width, size.height)
    program = program_of(options)
    data = bytes_of(image, parameters, program)
    batch = batch_of(data, parameters)
    model = Model(batch, subject.channels, parameters.window.output, subject.layout, options.dtype)
    clipped = [0, 0, 0]
    with Bar("computing") as bar:
        tensor = tensor_of(parameters, data, model, subject.product, bar.tick, clipped)
    rows = table_of(tensor, model.layout, clipped, batch * parameters.window.crop.pixels)
    letters = _letters(subject, program, raw=image.picture is None)
    head = _head(subject, image, parameters, program, tensor, model.layout)
    emit("".join(f"{line}\n" for line in (*head, "", *lines_of(rows, letters))))
    for path in options.output:
        write(path, _content(path, tensor, image, parameters, program, model.layout), force=options.force)
    return 0


def bytes_of(image: Image, parameters: Parameters, program: Program) -> bytes:
    """Return what is fed: raw bytes as they are, a picture converted."""
    if image.picture is None:
        return image.raw
    from aipplint.preview.feed import fed

    return fed(image.picture, parameters, program).tobytes()


def batch_of(data: bytes, parameters: Parameters) -> int:
    """Return the number of images in some bytes. Raises Refused where they are not whole."""
    source, image_format = parameters.window.source, parameters.image_format
    one = image_bytes(image_format, source.pixels) or 1
    if not data or len(data) % one:
        raise Refused(
            f"{len(data):,} bytes are no whole images of {source} in {image_format}, which have {one:,} bytes"
        )
    return len(data) // one


def _head(
    subject: Subject, image: Image, parameters: Parameters, program: Program, tensor: Tensor, layout: str
) -> Iterator[str]:
    from textwrap import wrap

    from aipplint.preview.notes import notes_on

    colour = colour_of(subject.op)
    window = parameters.window
    yield f"config    {clean(subject.path)}, aipp_op {subject.op.index + 1}{_profile(subject)}"
    how = "raw bytes, fed as they are" if image.picture is None else f"fed as {program.words(parameters.image_format)}"
    yield f"image     {clean(image.path)}, {window.source}, {parameters.image_format}; {how}"
    if window.crop != window.source:
        yield f"crop      {window.crop}, starting at {window.start}"
    if window.output != window.crop:
        yield f"padding   to {window.output}, with the image at {window.before}"
    if colour is not None:
        yield f"colour    {colour.name}"
    yield f"tensor    {list(tensor.shape)} {tensor.dtype} {layout}"
    for note in notes_on(parameters, subject.product, subject.channels):
        yield from wrap(note, 90, initial_indent="note      ", subsequent_indent=" " * 10)


def _profile(subject: Subject) -> str:
    product = f", {subject.product.short}" if subject.product else ""
    return f"{product}{'' if subject.profile is None else f', profile {subject.profile}'}"


def _letters(subject: Subject, program: Program, *, raw: bool) -> str:
    """Return the names of the channels; without a conversion they have the order that is fed, unknown of raw bytes."""
    colour = colour_of(subject.op)
    if colour is None:
        return ""
    letters = _LETTERS.get(colour.target or "", "")
    if colour.family == GRAY or colour.on:
        return letters
    if colour.family == RGB:
        return "" if raw else (letters if program.order == "rgb" else letters[::-1])
    return letters


def _content(path: str, tensor: Tensor, image: Image, parameters: Parameters, program: Program, layout: str) -> bytes:
    ending = os.path.splitext(path)[1].lower()
    if ending == ".bin":
        return tensor.tobytes()
    if ending == ".npy":
        return npy(tensor)
    from aipplint.preview.feed import pictured
    from aipplint.preview.picture import drawn, seen

    source = image.picture
    if source is None:
        import numpy as np

        one = image_bytes(parameters.image_format, parameters.window.source.pixels)
        source = pictured(np.frombuffer(image.raw, np.uint8)[:one], parameters, program)
    return drawn(source, seen(tensor, layout, parameters), parameters.window, ending)


def npy(tensor: Tensor) -> bytes:
    """Return a tensor as the file that ``numpy.load`` reads."""
    import io

    import numpy as np

    stream = io.BytesIO()
    np.save(stream, np.ascontiguousarray(tensor), allow_pickle=False)
    return stream.getvalue()


def write(path: str, content: bytes, *, force: bool) -> None:
    """Write a file, which must not be there without ``force``. Raises UsageError where that fails."""
    try:
        with open(path, "wb" if force else "xb") as file:
            file.write(content)
    except (OSError, ValueError) as error:
        raise UsageError(f"{clean(path)}: cannot be written: {reason_of(error)}") from None
    complain(f"{clean(path)}: written")
