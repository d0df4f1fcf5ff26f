"""A client of the language server protocol: a real process, raw messages, and nothing that knows pygls."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from queue import Queue
from typing import Any, Self

from tests.checkout import ROOT, clean_environment

PATIENCE = 60.0
"""Seconds to wait for a message: only a server that hangs takes so long."""

Json = dict[str, Any]


class Client:
    """A server in a folder, by default ours, and the client's end of its pipes."""

    def __init__(
        self,
        folder: Path,
        *arguments: str,
        command: Sequence[str] = (sys.executable, "-m", "aipplint", "server"),
        environment: Mapping[str, str] | None = None,
    ) -> None:
        environment = environment or clean_environment() | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(
            [*command, *arguments], cwd=folder, env=environment, stdin=pipe, stdout=pipe, stderr=pipe, bufsize=0
        )
        self.folder = folder
        self._number = 0
        self._arrived: Queue[Json | None] = Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    # Messages.

    def raw(self, data: bytes) -> None:
        """Send bytes as they are."""
        assert self.process.stdin
        self.process.stdin.write(data)

    def body(self, text: str) -> None:
        """Send a message with a header that fits it."""
        data = text.encode()
        self.raw(b"Content-Length: %d\r\n\r\n" % len(data) + data)

    def notify(self, method: str, params: Any) -> None:
        self.body(json.dumps({"jsonrpc": "2.0", "method": method, "params": params}))

    def ask(self, method: str, params: Any) -> Any:
        """Send a request; its result."""
        answer = self.answer(method, params)
        assert "error" not in answer, answer
        return answer["result"]

    def answer(self, method: str, params: Any) -> Json:
        """Send a request; its whole answer. What comes before is dropped."""
        self._number += 1
        self.body(json.dumps({"jsonrpc": "2.0", "id": self._number, "method": method, "params": params}))
        while True:
            message = self.receive()
            if message.get("id") == self._number and "method" not in message:
                return message

    def receive(self) -> Json:
        """The next message."""
        message = self._arrived.get(timeout=PATIENCE)
        assert message is not None, f"the server ended: {self.process.stderr.read() if self.process.stderr else b''!r}"
        return message

    def _read(self) -> None:
        stream = self.process.stdout
        assert stream
        while True:
            size = 0
            while (header := stream.readline()) not in (b"\r\n", b""):
                name, _, value = header.partition(b":")
                size = int(value) if name.lower() == b"content-length" else size
            body = b""
            while len(body) < size and (piece := stream.read(size - len(body))):
                body += piece
            if not header or len(body) < size:
                self._arrived.put(None)
                return
            self._arrived.put(json.loads(body))

    # A session.

    def start(self, encodings: list[str] | None = None, process: int | None = None, **capabilities: Any) -> Json:
        """Initialize; the server's capabilities. Without more, a client that can do everything that is asked here."""
        general = {"positionEncodings": encodings} if encodings else {}
        able = {
            "general": general,
            "textDocument": {
                "hover": {"contentFormat": ["markdown"]},
                "documentSymbol": {"hierarchicalDocumentSymbolSupport": True},
                "completion": {"completionItem": {"snippetSupport": True}},
            },
        }
        params = {"processId": process, "rootUri": self.folder.as_uri(), "capabilities": able | capabilities}
        result: Json = self.ask("initialize", params)
        self.notify("initialized", {})
        return dict(result["capabilities"])

    def open(self, path: Path, text: str, language: str = "aipp") -> list[Json]:
        """Open a document; its diagnostics."""
        document = {"uri": path.as_uri(), "languageId": language, "version": 1, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": document})
        return self.diagnostics(path)

    def change(self, path: Path, text: str, version: int = 2) -> list[Json]:
        """Change a document; its diagnostics."""
        name = {"uri": path.as_uri(), "version": version}
        self.notify("textDocument/didChange", {"textDocument": name, "contentChanges": [{"text": text}]})
        return self.diagnostics(path, version)

    def save(self, path: Path) -> list[Json]:
        """Say that a document was saved; its diagnostics."""
        self.notify("textDocument/didSave", {"textDocument": {"uri": path.as_uri()}})
        return self.diagnostics(path)

    def close(self, path: Path) -> list[Json]:
        """Close a document; its diagnostics."""
        self.notify("textDocument/didClose", {"textDocument": {"uri": path.as_uri()}})
        return self.diagnostics(path)

    def diagnostics(self, path: Path, version: int | None = None) -> list[Json]:
        """The next diagnostics of a file, of a version if one is given."""
        while True:
            message = self.receive()
            params = message.get("params", {})
            if message.get("method") == "textDocument/publishDiagnostics" and params["uri"] == path.as_uri():
                assert version is None or params["version"] == version
                return list(params["diagnostics"])

    def at(self, method: str, path: Path, line: int, character: int, **more: Any) -> Any:
        """Ask about a place in a document."""
        position = {"line": line, "character": character}
        return self.ask(
            f"textDocument/{method}", {"textDocument": {"uri": path.as_uri()}, "position": position, **more}
        )

    def actions(self, path: Path, *only: str, diagnostics: list[Json] | None = None) -> list[Json]:
        """The code actions of a whole document."""
        context: Json = {"diagnostics": diagnostics or []}
        if only:
            context["only"] = list(only)
        whole = {"start": {"line": 0, "character": 0}, "end": {"line": 100_000, "character": 0}}
        params = {"textDocument": {"uri": path.as_uri()}, "range": whole, "context": context}
        return list(self.ask("textDocument/codeAction", params))

    # The end.

    def finish(self) -> int:
        """Leave as the protocol says; the exit code."""
        self.ask("shutdown", None)
        self.notify("exit", None)
        return self.ended()

    def ended(self) -> int:
        """Wait for the end of the process; its exit code."""
        code = self.process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        for stream in (self.process.stdin, self.process.stdout):
            if stream:
                stream.close()
        return code

    def complaints(self) -> str:
        """What the process, which has ended, wrote to standard error."""
        assert self.process.stderr
        with self.process.stderr as stream:
            return stream.read().decode()

    def stop_reading(self) -> None:
        """Close our end of the pipe that the server writes to, as a process that dies does.

        Python cannot close a stream that a thread is reading, so the descriptor is given to another file.
        """
        assert self.process.stdout
        with Path(os.devnull).open("rb") as nothing:
            os.dup2(nothing.fileno(), self.process.stdout.fileno())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.ended()
        if self.process.stderr and not self.process.stderr.closed:
            self.process.stderr.close()
