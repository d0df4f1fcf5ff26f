"""``aipplint new``: a configuration from an intent."""

from __future__ import annotations

import argparse
import os
import sys

from aipplint.cli.arguments import Parser
from aipplint.cli.output import complain, emit
from aipplint.errors import UsageError
from aipplint.findings import clean
from aipplint.new.beside import command, feed
from aipplint.new.settle import Given, intent_of
from aipplint.new.text import text_of
from aipplint.project.reading import reason_of
from aipplint.project.writing import write_file

_EPILOG = """\
Without FILE the configuration is printed. What the application has to feed, and the command of ATC, are printed on
standard error. On a terminal, 'aipplint new' without options asks for everything.

Images: NV12, NV21, RGB, BGR, XRGB, XBGR, RGBX, BGRX, GRAY. Colours of the model: RGB, BGR, YUV444, YVU444, GRAY.
Standards: bt601-narrow (most videos), bt601-full (JPEG), bt709-narrow, bt709-full.
Normalisations: none, unit (0 to 1), signed (-1 to 1), imagenet, imagenet-caffe (means only), mindspore, clip, cifar10,
cifar100, mnist.

Sizes are WIDTHxHEIGHT, but H,W in --dynamic-image-size, as ATC has it. AIPP crops and pads, but does not resize.

Exit code: 0 written, 2 an intent that is impossible, incomplete or contradicts itself.

Examples:
  aipplint new --from NV12 --to RGB --standard bt601-narrow --size 640x640 --normalize imagenet
  aipplint new --from BGR --to RGB --model yolo.onnx --normalize unit --pad center --pad-gray 114 --source-size 640x608
  aipplint new --from RGB --to RGB --model vit.onnx --normalize-from preprocessor_config.json deploy/aipp.cfg
  aipplint new --video clip.json --to RGB --size 1920x1080 --mean 123.675,116.28,103.53 --std 58.395,57.12,57.375
  aipplint new --dynamic --max-size 1920x1080 --from NV12 --size 640x640
"""


def arguments() -> Parser:
    """Return the parser of this command's options."""
    parser = Parser("aipplint new", "aipplint new [OPTIONS] [FILE]", "Write a configuration from an intent.", _EPILOG)
    add = parser.add_argument_group("Images").add_argument
    add("--from", dest="source", metavar="IMAGE", default="", help="what the application feeds, such as NV12")
    add("--to", dest="target", metavar="COLOUR", default="", help="the colours that the model was trained with")
    add("--standard", metavar="NAME", default="", help="standard and range of YUV, such as bt601-narrow")
    add("--video", metavar="FILE", default="", help="read all this from the JSON of ffprobe -show_streams")
    add = parser.add_argument_group("Sizes").add_argument
    add("--size", metavar="WxH", default="", help="size of the model's input")
    add("--source-size", metavar="WxH", default="", help="size of the image that is fed (default: from the others)")
    add("--crop", metavar="WxH+X+Y", default="", help="part of the image to keep; WxH and center are in the middle")
    add("--pad", metavar="L,R,T,B", default="", help="border in pixels: left, right, top, bottom; or center")
    add("--pad-gray", metavar="LEVEL", default="", help="gray of the border, 0 to 255, before the normalisation")
    add("--dynamic-image-size", dest="profiles", metavar="H,W;H,W", default="", help="several sizes of the model")
    add("--dynamic_image_size", dest="profiles", help=argparse.SUPPRESS)
    add = parser.add_argument_group("Normalisation, as in the training").add_argument
    add("--normalize", metavar="NAME", default="", help="a well-known one, such as imagenet")
    add(
        "--normalize-from",
        metavar="FILE",
        default="",
        help="preprocessor_config.json, training code, or a folder with either",
    )
    add("--mean", metavar="NUMBERS", default="", help="one number or three, of pixels of 0 to 1 or of 0 to 255")
    add("--std", metavar="NUMBERS", default="", help="standard deviation, like --mean")
    add("--scale", metavar="LEVEL", default="", help="1 or 255: the largest pixel that --mean and --std are for")
    add = parser.add_argument_group("Model").add_argument
    add("--model", metavar="FILE", default="", help="read sizes, channels, layout and name of the input from a model")
    add("--input", metavar="NAME", default="", help="its input that takes the images")
    add("--batch", metavar="NUMBER", default="", help="images at a time (default: that of the model, or 1)")
    add("--soc-version", metavar="NAME", default="", help="the product, such as Ascend310P3")
    add("--soc_version", dest="soc_version", help=argparse.SUPPRESS)
    add = parser.add_argument_group("Dynamic AIPP").add_argument
    add("--dynamic", action="store_true", help="let the application set everything at run time")
    add("--max-size", metavar="WxH", default="", help="size of the largest image")
    add = parser.add_argument_group("Output").add_argument
    add("--force", action="store_true", help="replace a file that exists")
    add("-q", "--quiet", action="store_true", help="print nothing but the configuration")
    add("-h", "--help", action="store_true", help="show this help")
    return parser


def run(words: list[str]) -> int:
    """Run the command and return the exit code."""
    parser = arguments()
    options, paths = parser.read(words)
    if options.help:
        emit(parser.format_help())
        return 0
    if len(paths) > 1:
        raise UsageError("new writes one file: aipplint new [OPTIONS] [FILE]")
    path = paths[0] if paths else ""
    given = Given(**{name: getattr(options, name) for name in Given._fields})
    if given == Given():
        if not (sys.stdin.isatty() and sys.stderr.isatty()):
            raise UsageError("new needs an intent, such as --from NV12 --to RGB --size 640x640; see --help")
        from aipplint.cli.questions import ask

        given = ask()
    intent = intent_of(given)
    text = text_of(intent)
    if path:
        _write(path, text, force=options.force)
        if not options.quiet:
            complain(f"{clean(path)} written")
    else:
        emit(text)
    if not options.quiet:
        for line in (*feed(intent), command(intent, path)):
            complain(clean(line))
    return 0


def _write(path: str, text: str, *, force: bool) -> None:
    if os.path.lexists(path) and not force:
        raise UsageError(f"{clean(path)} exists; --force replaces it")
    try:
        write_file(path, text.encode())
    except OSError as error:
        raise UsageError(f"cannot write {clean(path)}: {reason_of(error)}") from error
