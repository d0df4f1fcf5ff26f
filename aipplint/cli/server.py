"""``aipplint server``: the language server, for editors."""

from __future__ import annotations

import sys

from aipplint.cli.arguments import Parser
from aipplint.cli.output import complain, emit
from aipplint.errors import UsageError
from aipplint.run.session import Request

_EPILOG = """\
Editors start it; docs/editors.md says how. It speaks the language server protocol (3.17) on standard input and output,
and reads the same settings files as 'aipplint check'. It needs pygls: pip install 'aipplint[lsp]'.

Example:
  aipplint server
"""
_NEEDED = ("pygls", "lsprotocol", "attrs", "attr", "cattrs")


def arguments() -> Parser:
    """Return the parser of this command's options."""
    parser = Parser(
        "aipplint server", "aipplint server [OPTIONS]", "Serve editors (language server protocol).", _EPILOG
    )
    parser.add_argument("--stdio", action="store_true", help="use standard input and output (always the case)")
    parser.add_argument("--config", metavar="FILE", default="", help="use this settings file for everything")
    parser.add_argument("--isolated", action="store_true", help="use no settings file")
    parser.add_argument("--preview", action="store_true", help="also run preview rules")
    parser.add_argument("-h", "--help", action="store_true", help="show this help")
    return parser


def run(words: list[str]) -> int:
    """Run the command and return the exit code."""
    parser = arguments()
    options, rest = parser.read(words)
    if options.help:
        emit(parser.format_help())
        return 0
    if rest:
        raise UsageError(f"aipplint server takes no arguments, only options: {rest[0]}")
    if options.config and options.isolated:
        raise UsageError("--config and --isolated exclude each other")
    request = Request(config=options.config, isolated=options.isolated, preview=options.preview)
    try:
        from aipplint.server.serve import serve
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in _NEEDED:
            raise
        raise UsageError("the language server needs pygls: pip install 'aipplint[lsp]'") from None
    if sys.stdin.isatty():
        complain("serving an editor on standard input; press Ctrl-C to stop")
    _end_on_interrupt()
    return serve(request)


def _end_on_interrupt() -> None:
    """Let Ctrl-C end the process, because a thread that waits for input would delay a normal exit."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_DFL)
