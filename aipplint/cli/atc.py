"""``aipplint atc``: a check of exactly the command line of ATC, before ATC runs."""

from __future__ import annotations

import os
from functools import partial

from aipplint.cli.arguments import Parser, add_common, request_of, settle
from aipplint.cli.output import emit
from aipplint.cli.reporting import report
from aipplint.project.command import COMMAND_LINE, CONFIG
from aipplint.project.reading import TooLarge, Unreadable
from aipplint.run.execute import check
from aipplint.run.plan import plan_content, plan_options
from aipplint.run.result import Result, merged, unreadable
from aipplint.run.session import Request, Session

_EPILOG = """\
Put 'aipplint' in front of an ATC command: the configuration of --insert_op_conf (from the current folder) is
checked against the command's own options, and the options without one. Options that have nothing to do with AIPP
or the shapes are passed over. Options of aipplint come before the first argument of ATC.

Exit code: 0 ATC has no reason to refuse, 1 findings at or above the fail level, 2 a mistake in the command.

Examples:
  aipplint atc --model=resnet50.onnx --framework=5 --output=resnet50 --insert_op_conf=aipp.cfg \\
      --input_shape="data:8,3,-1,-1" --dynamic_image_size="416,416;832,832" --soc_version=Ascend310P3
  aipplint atc --output-format=concise $ATC_ARGUMENTS && atc $ATC_ARGUMENTS
"""


def arguments() -> Parser:
    """Return the parser of this command's options."""
    parser = Parser(
        "aipplint atc",
        "aipplint atc [OPTIONS] ATC-ARGUMENTS...",
        "Check what an ATC command line would compile, before ATC does.",
        _EPILOG,
    )
    parser.add_argument_group("Build").add_argument(
        "--runtime", metavar="FILE", default="", help="run-time settings of dynamic AIPP, in JSON"
    )
    add_common(parser, fail_level="error")
    return parser


def run(words: list[str]) -> int:
    """Run the command and return the exit code."""
    parser = arguments()
    own, _ = parser.split(words)
    options, _ = parser.read(own)
    if options.help or not words:
        emit(parser.format_help())
        return 0
    request: Request = request_of(
        options, words=("aipplint", "atc", *words), first=2 + len(own), atc=True, runtime=options.runtime
    )
    session = Session(request)
    settle(options, session.finder, "error")
    config = session.flags.get(CONFIG)
    return report(_check(session), options, [config.value] if config and config.value else [])


def _check(session: Session) -> Result:
    """Check the configuration with the options, or the options alone if no configuration can be read."""
    options = partial(check, session, COMMAND_LINE, partial(plan_options, session))
    config = session.flags.get(CONFIG)
    if config is None or not config.value:
        return options()
    if not os.path.exists(config.value):
        return options()
    content = session.files.take(config.value)
    if isinstance(content, Unreadable):
        found = Result(tuple(unreadable(config.place, content.reason, config.value)), 0, 0)
        return merged([found, options()])
    result = check(session, config.value, partial(plan_content, session, config.value, content))
    if isinstance(content, TooLarge):
        return merged([result, options()])
    return result
