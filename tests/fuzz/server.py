"""The server, attacked: a real process that must answer the last request whatever came before."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from tests.fuzz import seeds
from tests.fuzz.mutations import PIECES, Mutator
from tests.language_client import Client

MESSAGES = 60
"""Messages of one session."""
_ASKED = ["hover", "completion", "documentSymbol", "definition", "codeAction"]
_ASKED += ["formatting", "inlayHint", "documentLink", "diagnostic"]


def attack(mutator: Mutator) -> int:
    """One session of random edits, questions and broken messages; returns how many messages there were."""
    with tempfile.TemporaryDirectory(prefix="aipplint-fuzz-") as name, Client(Path(name).resolve()) as client:
        client.start()
        session = _Session(mutator, client)
        for _ in range(MESSAGES):
            session.step()
        # What was broken before must not keep it from this.
        client.answer("shutdown", None)
        client.notify("exit", None)
        assert client.ended() == 0, "the server failed"
        complaints = client.complaints()
        assert "Traceback" not in complaints, complaints[-2000:]
    return MESSAGES


class _Session:
    def __init__(self, mutator: Mutator, client: Client) -> None:
        self.mutator = mutator
        self.client = client
        self.texts = seeds.configurations()
        self.version = 1

    def step(self) -> None:
        """Send one message, most often a sound one."""
        random = self.mutator.random
        uri = (self.client.folder / random.choice(["a_aipp.cfg", "b.cfg", "convert.sh"])).as_uri()
        document = {"uri": uri, "version": self.version}
        self.version += 1
        chance = random.random()
        text = self.mutator.damaged(random.choice(self.texts), self.texts).decode("utf-8", "replace")
        if chance < 0.2:
            opened = document | {"languageId": random.choice(["aipp", "shellscript"]), "text": text}
            self.client.notify("textDocument/didOpen", {"textDocument": opened})
        elif chance < 0.5:
            self.client.notify("textDocument/didChange", {"textDocument": document, "contentChanges": [{"text": text}]})
        elif chance < 0.9:
            self._ask(uri, random.choice(_ASKED))
        elif chance < 0.95:
            self.client.notify(f"textDocument/{random.choice(['didSave', 'didClose'])}", {"textDocument": document})
        else:
            self._break(uri)

    def _ask(self, uri: str, what: str) -> None:
        position = {"line": self.mutator.number(), "character": self.mutator.number()}
        params: dict[str, object] = {"textDocument": {"uri": uri}, "position": position}
        params["options"] = {"tabSize": 4, "insertSpaces": True}
        if what in ("codeAction", "inlayHint"):
            end = {"line": self.mutator.number(), "character": self.mutator.number()}
            params |= {"range": {"start": position, "end": end}, "context": {"diagnostics": []}}
        answer = self.client.answer(f"textDocument/{what}", params)
        assert answer.get("error", {}).get("code") != -32603, answer

    def _break(self, uri: str) -> None:
        """A message that is none, or one with a part that does not belong there."""
        params = {"textDocument": {"uri": uri}}
        sound = {"jsonrpc": "2.0", "method": "textDocument/hover", "id": 10**6, "params": params}
        damaged = self.mutator.damaged(json.dumps(sound).encode(), [*PIECES])
        self.client.raw(b"Content-Length: %d\r\n\r\n" % len(damaged) + damaged)
