"""The server: open documents, the time of their checks, and the diagnostics for the editor."""

from __future__ import annotations

import asyncio
import os
import re
import time
from functools import partial
from typing import Any

from lsprotocol import types
from pygls.exceptions import FeatureRequestError, JsonRpcException
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path

from aipplint import __version__
from aipplint.errors import SettingsError, message_of
from aipplint.findings import Finding
from aipplint.pipeline import Use
from aipplint.project.recognise import is_configuration, is_named
from aipplint.readers import languages
from aipplint.run.execute import check
from aipplint.run.plan import plan_text, uses_of
from aipplint.run.session import Request, Session
from aipplint.server.convert import NAME, diagnostics_of, settings_diagnostic
from aipplint.server.documents import Document
from aipplint.server.positions import UTF_16
from aipplint.server.projects import Projects
from aipplint.server.protocol import Answered, Protocol, leave
from aipplint.source import Source

_QUICK = 0.03
"""Seconds that a check may take to be made at once; after a slower one typing goes first."""
_PATIENCE = 1.0
"""The longest wait for a pause in typing, in seconds."""
_LANGUAGES = ("aipp",)
_OP = re.compile(r"\baipp_op\b")
"""What the text of a configuration holds, and no other that an editor opens."""


class Server(LanguageServer):
    """The open documents, with their diagnostics and settings."""

    def __init__(self, request: Request) -> None:
        super().__init__(
            NAME, __version__, text_document_sync_kind=types.TextDocumentSyncKind.Full, protocol_cls=Protocol
        )
        self.projects = Projects(request)
        self.documents: dict[str, Document] = {}
        self.ended = False
        """Whether the client asked for the end."""
        self.left = False
        """Whether it said goodbye, and did not just go."""
        self._ours: set[str] = set()
        """Documents that are, or were, configurations: they stay so while they are edited."""
        self._published: dict[str, dict[str, list[types.Diagnostic]]] = {}
        """Diagnostics by the file that they are about and the document that they come from."""
        self._waiting: dict[str, asyncio.TimerHandle] = {}
        self._took: dict[str, float] = {}

    # Documents.

    @property
    def encoding(self) -> str:
        """The code units that columns count, as agreed with the client."""
        agreed = self.server_capabilities.position_encoding or UTF_16
        return agreed.value if isinstance(agreed, types.PositionEncodingKind) else agreed

    def open(self, uri: str, text: str, version: int | None, language: str) -> None:
        """A document was opened."""
        path = self._path(uri)
        # One that is opened under such a name may still be empty.
        if language in _LANGUAGES or is_named(os.path.basename(path)) or is_configuration(path):
            self._ours.add(uri)
        self.put(uri, text, version)

    def put(self, uri: str, text: str, version: int | None) -> None:
        """Replace the text of a document."""
        self.documents[uri] = Document(uri, self._path(uri), text, version, self.encoding)
        if _OP.search(text):
            self._ours.add(uri)
        self.check_soon(uri)

    def drop(self, uri: str) -> None:
        """Close a document and remove its diagnostics."""
        self.documents.pop(uri, None)
        self._ours.discard(uri)
        self._took.pop(uri, None)
        if waiting := self._waiting.pop(uri, None):
            waiting.cancel()
        self._publish(uri, {})

    def _path(self, uri: str) -> str:
        """Return the path of a file; a path in the open folder for a text that is not saved yet."""
        if path := to_fs_path(uri):
            return path
        return os.path.join(self.workspace.root_path or os.getcwd(), "untitled")

    # Checks.

    def check_soon(self, uri: str) -> None:
        """Check a document now, or after a pause in typing if its last check was slow."""
        if waiting := self._waiting.pop(uri, None):
            waiting.cancel()
        took = self._took.get(uri, 0.0)
        if took <= _QUICK:
            self._check(uri)
            return
        self._waiting[uri] = asyncio.get_running_loop().call_later(min(2 * took, _PATIENCE), self._check_late, uri)

    def check_all(self) -> None:
        """Check every open document, after a change of files around them."""
        for uri in list(self.documents):
            self.check_soon(uri)
        self.refresh()

    def settle(self, uri: str) -> Document | None:
        """Return a document with its findings; None if it is not open."""
        if waiting := self._waiting.pop(uri, None):
            waiting.cancel()
            self._check(uri)
        return self.documents.get(uri)

    def _check_late(self, uri: str) -> None:
        self._waiting.pop(uri, None)
        try:
            self._check(uri)
        except BrokenPipeError:
            leave(1)

    def _check(self, uri: str) -> None:
        document = self.documents.get(uri)
        if document is None:
            return
        start = time.perf_counter()
        try:
            document.findings = self.lint(document, document.source)
            found = diagnostics_of(document, document.findings)
        except SettingsError as error:
            document.findings = ()
            found = {uri: [settings_diagnostic(message_of(error))]}
        self._took[uri] = time.perf_counter() - start
        self._publish(uri, found)

    def lint(self, document: Document, source: Source) -> tuple[Finding, ...]:
        """Return the findings for a text as the text of a document."""
        session = self.projects.session(document.path)
        if not (self.may_reference(document) or self.is_configuration(document)):
            return ()
        if session.excluded(document.path):
            return ()
        return check(session, document.path, partial(plan_text, session, source, alone=True)).findings

    def may_reference(self, document: Document) -> bool:
        """Whether a document is a script, a document or code, which may say how configurations are built and set."""
        return document.uri not in self._ours and bool(languages.kind_of_name(document.path))

    def is_configuration(self, document: Document) -> bool:
        """Whether a document is a configuration: by itself, or because a build names it.

        Raises SettingsError where the settings cannot be understood.
        """
        return document.uri in self._ours or bool(uses_of(self.projects.session(document.path), document.path))

    def owns(self, document: Document) -> bool:
        """Whether a document is a configuration that the settings do not exclude."""
        session = self.session(document)
        return session is not None and self.is_configuration(document) and not session.excluded(document.path)

    def session(self, document: Document) -> Session | None:
        """Return the session for a document; None if the settings are invalid, which another diagnostic reports."""
        try:
            session = self.projects.session(document.path)
            session.builds(document.path)
        except SettingsError:
            return None
        return session

    def uses(self, document: Document) -> tuple[Use, ...]:
        """Return the known builds and run-time settings of a document."""
        session = self.session(document)
        return uses_of(session, document.path) if session else ()

    def _publish(self, uri: str, found: dict[str, list[types.Diagnostic]]) -> None:
        """Publish the diagnostics of a document for itself and other files, merged with those of other documents.

        A client that asks for the diagnostics of open documents is only told that those of others have changed.
        """
        before = {target for target, by in self._published.items() if uri in by}
        changed = False
        for target in sorted(before | {uri} | set(found)):
            old = self.diagnostics(target)
            by = self._published.setdefault(target, {})
            by.pop(uri, None)
            if target in found:
                by[uri] = found[target]
            if not by:
                del self._published[target]
            if self._pulls and target in self.documents:
                changed |= target != uri and self.diagnostics(target) != old
                continue
            document = self.documents.get(target)
            self.text_document_publish_diagnostics(
                types.PublishDiagnosticsParams(target, self.diagnostics(target), document.version if document else None)
            )
        if changed:
            self.refresh()

    def diagnostics(self, uri: str) -> list[types.Diagnostic]:
        """Return the diagnostics of a file, of all documents that have some for it."""
        by = self._published.get(uri, {})
        said: list[types.Diagnostic] = []
        for diagnostics in by.values():
            said += [one for one in diagnostics if one not in said] if len(by) > 1 else diagnostics
        return said

    @property
    def _pulls(self) -> bool:
        """Whether the client asks for diagnostics."""
        able = self.client_capabilities.text_document
        return able is not None and able.diagnostic is not None

    def refresh(self) -> None:
        """Have a client that asks for diagnostics ask again."""
        able = self.client_capabilities.workspace
        if self._pulls and able and able.diagnostics and able.diagnostics.refresh_support:
            self.workspace_diagnostic_refresh(None)

    # Manners.

    def report_server_error(self, error: Exception, source: Any) -> None:
        """Answer invalid messages; log other failures at the client, in one line."""
        if isinstance(error, BrokenPipeError):
            raise error
        if isinstance(error, Answered) or source is FeatureRequestError:
            return
        if source is JsonRpcException:
            protocol = self.protocol
            assert isinstance(protocol, Protocol)
            protocol.refuse_broken(error)
            return
        message = message_of(error)
        self.window_log_message(types.LogMessageParams(types.MessageType.Error, f"{NAME}: {message}"))
