"""The process of the server, from the first message to the exit code."""

from __future__ import annotations

import logging
import os
import select
import sys
from threading import Thread

from aipplint.errors import silence_output
from aipplint.run.session import Request
from aipplint.server.features import register
from aipplint.server.protocol import LimitedInput, leave
from aipplint.server.server import Server

_LOOK = 1
"""Seconds between two looks at whether the client is still there."""


def serve(request: Request) -> int:
    """Serve on standard input and output until the client exits; return the exit code."""
    # Its messages hold tracebacks, and standard error is shown to people.
    for name in ("pygls", "asyncio"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    server = Server(request)
    register(server)
    Thread(target=_end_with_the_client, args=(server,), daemon=True).start()
    server.start_io(LimitedInput(sys.stdin.buffer).as_stream(), sys.stdout.buffer)
    try:
        # pygls closes it when the client has said goodbye.
        if not sys.stdout.closed:
            sys.stdout.flush()
    except BrokenPipeError:
        # The client died before it was told everything.
        silence_output()
    return 1 if server.left and not server.ended else 0


def _end_with_the_client(server: Server) -> None:
    """End the process when its output is closed, or when the process of the client ends.

    Standard input, at whose end it ends too, may be held open by others.
    """
    if os.name != "posix":
        return
    listeners = select.poll()
    # Without any event: what is told of all the same is that there is no other end any more.
    listeners.register(os.dup(sys.stdout.fileno()), 0)
    while not listeners.poll(_LOOK * 1000) and _lives(server.process_id):
        pass
    if not server.left:
        leave(1)


def _lives(process: int | None) -> bool:
    try:
        os.kill(process or 0, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        # It belongs to somebody else, or is no number of a process.
        return True
    return True
