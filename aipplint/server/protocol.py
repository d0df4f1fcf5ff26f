"""Protocol robustness: every request gets a response, even an invalid one, and never a traceback."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, BinaryIO, cast
from urllib.parse import urlsplit

from lsprotocol import types
from pygls.exceptions import (
    JsonRpcException,
    JsonRpcInvalidParams,
    JsonRpcInvalidRequest,
    JsonRpcParseError,
    JsonRpcServerNotInitialized,
)
from pygls.protocol import LanguageServerProtocol

MAX_MESSAGE = 64 * 1024 * 1024
"""Bytes of a message that is read; what is larger is skipped and refused."""
_INCREDIBLE = 16 * MAX_MESSAGE
"""Bytes of a message that nobody sends."""
_MAX_HEADER = 1024
_MAX_SIZE = 64
"""Bytes of a header that may be cut in two where a line is too long."""
_HEADER = rb"Content-Length: \d+\r\n\Z"
_CHUNK = 1 << 20


class Answered(Exception):
    """An invalid message that already has its response."""


class Protocol(LanguageServerProtocol):
    """The protocol of pygls, with a response in cases where pygls sends none."""

    def structure_message(self, data: dict[str, Any]) -> Any:
        """Convert a message to its types; answer a request that does not match them."""
        try:
            return super().structure_message(data)
        except JsonRpcException as error:
            if "method" in data and isinstance(data.get("id"), (int, str)):
                self._send_response(data["id"], error=error.to_response_error())
                raise Answered from error
            raise

    def handle_message(self, message: Any) -> None:
        """Handle a message; reject requests before initialize and after shutdown."""
        method, number = getattr(message, "method", None), getattr(message, "id", None)
        begun = self._workspace is not None
        if isinstance(method, str) and method != types.EXIT:
            if not begun and method != types.INITIALIZE:
                return self._refuse(number, JsonRpcServerNotInitialized("the first request must be initialize"))
            if self._shutdown:
                return self._refuse(number, JsonRpcInvalidRequest("the server was shut down"))
            if begun and method == types.INITIALIZE:
                return self._refuse(number, JsonRpcInvalidRequest("initialize was sent before"))
            if not _is_uri(getattr(getattr(message.params, "text_document", None), "uri", "")):
                return self._refuse(number, JsonRpcInvalidParams("what names the document is no URI"))
        super().handle_message(message)
        return None

    def _execute_handler(
        self,
        msg_id: str | int,
        handler: Callable[..., Any],
        callback: Callable[[Future[Any]], None],
        args: tuple[Any, ...] | None = None,
        kwargs: dict[str, Any] | None = None,
    ) -> None:
        """Call the handler of a message and drop its future, which pygls keeps for every notification."""

        def done(future: Future[Any]) -> None:
            self._request_futures.pop(msg_id, None)
            callback(future)

        super()._execute_handler(msg_id, handler, done, args, kwargs)

    def refuse_broken(self, error: Exception) -> None:
        """Answer invalid JSON-RPC; the response has no number, because there is none."""
        if isinstance(error, (ValueError, RecursionError)):
            answer: JsonRpcException = JsonRpcParseError("not JSON in UTF-8")
        else:
            answer = JsonRpcInvalidRequest("not a message of JSON-RPC 2.0")
        error_object = {"code": answer.code, "message": answer.message}
        self._send_data({"jsonrpc": self.VERSION, "id": None, "error": error_object})

    def _refuse(self, number: Any, error: JsonRpcException) -> None:
        if number is not None:
            self._send_response(number, error=error.to_response_error())

    def _send_response(self, msg_id: Any, result: Any = None, error: types.ResponseError | None = None) -> None:
        """Send a response without ``data``, into which pygls puts a traceback."""
        if error is not None:
            error.data = None
        super()._send_response(msg_id, result, error)


def _is_uri(text: object) -> bool:
    try:
        # No file has half a character in its name.
        urlsplit(str(text).encode())
    except ValueError:
        return False
    return True


class LimitedInput:
    """Standard input with limits for the size of headers and messages."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._before = b""

    def readline(self) -> bytes:
        """One line of a header, or as much of it as is allowed.

        After a wrong size the next header stands after what is left of a message: that is dropped.
        """
        line = self._stream.readline(_MAX_HEADER)
        header = re.search(_HEADER, self._before + line)
        self._before = b"" if line.endswith(b"\n") else line[-_MAX_SIZE:]
        return header[0] if header else line

    def read(self, size: int) -> bytes:
        """A message; an empty line stands for one that is too large.

        Such a message is read away. A size that no client means is not believed.
        """
        if size <= MAX_MESSAGE:
            return self._stream.read(size)
        if size > _INCREDIBLE:
            return b"\n"
        while size > 0 and (chunk := self._stream.read(min(size, _CHUNK))):
            size -= len(chunk)
        return b"\n"

    def as_stream(self) -> BinaryIO:
        """Return the stream with the type that pygls requires; it calls only the two methods above."""
        return cast("BinaryIO", self)


def leave(code: int) -> None:
    """End the process at once, without waiting for the reading thread, because the client has gone."""
    os._exit(code)
