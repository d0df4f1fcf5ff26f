"""``aipplint show``: the effect of a configuration in its builds, or the contents of a model file."""

from __future__ import annotations

import os
from functools import partial

from aipplint.cli.arguments import COLORS, Parser, add_build, add_settings, has_build, settle
from aipplint.cli.output import complain, emit, plural, wants_color
from aipplint.cli.subject import add_subject
from aipplint.config.config import read_config
from aipplint.errors import UsageError
from aipplint.findings import clean
from aipplint.pipeline import Use
from aipplint.project.models import is_model_file, read_model
from aipplint.project.reading import STDIN, TooLarge, Unreadable, read_file, read_stdin
from aipplint.report import counts
from aipplint.run.execute import check
from aipplint.run.plan import plan_configuration, training_of, uses_of
from aipplint.run.result import Result
from aipplint.run.session import Request, Session
from aipplint.show.describe import describe
from aipplint.show.description import Description
from aipplint.source import MAX_OPS, Source
from aipplint.syntax.parser import parse

_EPILOG = """\
In a folder, every configuration is shown. Of two configurations, what differs is shown at the end.

For every aipp_op: what the application has to feed, and how the images are cut, converted and normalised on
the way into the model. Sizes are always H (height) and W (width) by name. What depends on the build needs its
options, found in the scripts around, given here or in the settings file, as for 'aipplint check'; what is not
known is said, and what would make it known.

For every model (.onnx, .prototxt, .pb, .air, .mindir, .om): its inputs; for a compiled one also the command,
the product, the profiles and the AIPP configuration it was made with, and what to feed. Weights are not read.

Exit code: 0 shown, 1 shown, but 'aipplint check' finds errors, 2 a mistake in the command, or a file that
cannot be read.

Examples:
  aipplint show aipp.cfg
  aipplint show deploy/
  aipplint show aipp.cfg --framework 5 --input-shape "data:8,3,-1,-1" --dynamic-image-size "416,416;832,832"
  aipplint show model.onnx compiled.om
  aipplint show aipp.cfg --pixel 16,128,128
  aipplint show aipp.cfg --as numpy > preprocess.py
  aipplint show aipp.cfg --svg > aipp.svg
  aipplint show aipp.cfg --runtime aipp_settings.json --output-format json
"""

_FORMATS = ("full", "json")
_CODE = ("torchvision", "numpy", "opencv", "onnx")


def run(words: list[str]) -> int:
    """Run the command and return the exit code."""
    parser = arguments()
    options, paths = parser.read(words)
    if options.help:
        emit(parser.format_help())
        return 0
    if not paths:
        raise UsageError("show needs a configuration or a model: aipplint show FILE")
    if options.config and options.isolated:
        raise UsageError("--config and --isolated exclude each other")
    numbers = options.numbers or options.pixel or options.code or options.svg
    if numbers and options.output_format == "json":
        raise UsageError("--output-format json is for the description: it excludes --numbers, --pixel, --as and --svg")
    if STDIN in paths and len(paths) > 1:
        raise UsageError("'-' (standard input) cannot be mixed with paths")
    if options.stdin_filename and STDIN not in paths:
        raise UsageError("--stdin-filename is only for standard input: give '-' as the path")
    typed = ("aipplint", "show", *words) if has_build(options) else ()
    given = {"config": options.config, "isolated": options.isolated, "release": options.cann_version}
    session = Session(Request(words=typed, first=2, runtime=options.runtime, **given))
    settle(options, session.finder)
    paths = [one for path in paths for one in _files(session, path)]
    if numbers:
        from aipplint.cli.show_numbers import show_numbers

        return show_numbers(session, paths, options)
    named = [path for path in paths if path != STDIN and is_model_file(path)]
    models = [read_model(path) for path in named]
    sources = [_source(path, options.stdin_filename) for path in paths if path not in named]
    descriptions = [one for source in sources for one in _descriptions(session, source)]
    if options.output_format == "json":
        from aipplint.show.as_json import render as as_json

        emit(as_json(descriptions, models))
    else:
        from aipplint.show.full import render as full

        emit(full(descriptions, models, color=wants_color(options.color)))
        if len(sources) == len(descriptions) == 2 and not models:
            from aipplint.show.apart import render as apart

            emit(apart(*descriptions))
    results = [check(session, one.path, partial(plan_configuration, session, one)) for one in sources]
    verdicts = [_verdict(source, result, options.quiet) for source, result in zip(sources, results, strict=True)]
    return max((*verdicts, *(0 if model.readable else 2 for model in models)))


def arguments() -> Parser:
    """Return the parser of this command's options."""
    parser = Parser(
        "aipplint show",
        "aipplint show [OPTIONS] PATH...",
        "Show what a configuration does, or the inputs of a model file.",
        _EPILOG,
    )
    add_build(parser)
    add_settings(parser)
    parser.add_argument_group("Files").add_argument(
        "--stdin-filename",
        metavar="NAME",
        default="",
        help="file name to assume for standard input ('-'), also when looking for settings",
    )
    add_subject(parser)
    numbers = parser.add_argument_group("Instead of the description")
    numbers.add_argument("--numbers", action="store_true", help="the matrix, and what well-known colours become")
    numbers.add_argument("--pixel", metavar="BYTES", default="", help="the arithmetic of one pixel, such as 16,128,128")
    numbers.add_argument("--as", dest="code", metavar="KIND", choices=_CODE, help=f"as code: {', '.join(_CODE)}")
    numbers.add_argument("--svg", action="store_true", help="a drawing of crop and padding with their sizes")
    output = parser.add_argument_group("Output")
    output.add_argument(
        "-f", "--output-format", metavar="NAME", choices=_FORMATS, default="full", help="full or json (default: full)"
    )
    output.add_argument(
        "--color", metavar="WHEN", choices=COLORS, help="auto, always or never (default: the setting color, or auto)"
    )
    output.add_argument("-q", "--quiet", action="store_true", help="do not print notes on standard error")
    output.add_argument("-h", "--help", action="store_true", help="show this help")
    return parser


def _files(session: Session, path: str) -> list[str]:
    """Return a file, or the configurations in a folder."""
    if path == STDIN or not os.path.isdir(path):
        return [path]
    from aipplint.run.targets import configurations_in

    configs = configurations_in(session, path)
    if not configs:
        raise UsageError(f"{clean(path)}: no AIPP configuration found")
    return configs


def _source(path: str, stdin_name: str) -> Source:
    name = (stdin_name or "<stdin>") if path == STDIN else path
    content = read_stdin() if path == STDIN else read_file(path)
    if isinstance(content, Unreadable):
        raise UsageError(f"{clean(name)}: cannot be read: {content.reason}")
    if isinstance(content, TooLarge):
        raise UsageError(f"{clean(name)}: {content.size:,} bytes are too many for a configuration")
    return Source.from_bytes(name, content)


def _descriptions(session: Session, source: Source) -> list[Description]:
    """Describe the file in each of its builds, or in an unknown build if there is none."""
    from aipplint.atc.build import Build

    config = read_config(source, parse(source))
    if len(config.ops) > MAX_OPS or any(issue.kind == "too-large" for issue in config.tree.issues):
        raise UsageError(f"{clean(source.path)}: too large for a configuration")
    uses = uses_of(session, source.path) or (Use(Build({})),)
    training = training_of(session, source)
    return list(dict.fromkeys(describe(config, use, training) for use in uses))


def _verdict(source: Source, result: Result, quiet: bool) -> int:
    """Print the number of findings of a file to standard error; return the exit code."""
    errors, *others = counts(result.findings)
    named = zip((errors, *others), ("error", "warning", "info"), strict=True)
    words = [plural(count, word) for count, word in named if count and word != "info"]
    if words and not quiet:
        complain(f"{clean(source.path)}: 'aipplint check' finds {' and '.join(words)}")
    return int(errors > 0)
