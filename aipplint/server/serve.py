"""The life of the server's process: from the first message to its exit code."""

from __future__ import annotations

import logging
import sys

from aipplint.errors import silence_output
from aipplint.run.session import Request
from aipplint.server.features import register
from aipplint.server.protocol import Input
from aipplint.server.server import Server


def serve(request: Request) -> int:
    """Serve on standard input and output until the client leaves; the exit code."""
    # Its messages hold tracebacks, and standard error is shown to people.
    for name in ("pygls", "asyncio"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    server = Server(request)
    register(server)
    server.start_io(Input(sys.stdin.buffer).as_stream(), sys.stdout.buffer)
    try:
        # pygls closes it when the client has said goodbye.
        if not sys.stdout.closed:
            sys.stdout.flush()
    except BrokenPipeError:
        # The client died before it was told everything.
        silence_output()
    return 1 if server.left and not server.ended else 0
