"""What an editor is to a language server: opens files, and asks what it shows at a place.

It speaks the Language Server Protocol over a child's standard streams. In a text `|` marks the cursor.
"""

import json
import re
import subprocess
import threading
from pathlib import Path
from queue import Empty, Queue
from typing import Any, NamedTuple

PATIENCE = 30
"""Seconds after which an answer is taken not to come."""

CURSOR = "|"

FIELD = 10
"""The kind of an offer that is a key of a map, as the protocol counts them."""


class Problem(NamedTuple):
    """A line under some text: what it says, which text it is under, and in which line that begins, from 1."""

    message: str
    under: str
    line: int


class Server:
    """A language server, talked to as an editor does; `settings` are those of the editor."""

    def __init__(self, command: list[str | Path], folder: Path, settings: dict[str, Any]) -> None:
        self._settings = settings
        self._folder = folder
        self._asked = 0
        self._version = 0
        self._open: set[str] = set()
        self._answers: Queue[dict[str, Any]] = Queue()
        self._configured = threading.Event()
        self._problems: dict[str, list[dict[str, Any]]] = {}
        self._told = threading.Condition()
        self._process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        text_document = {
            "hover": {"contentFormat": ["markdown", "plaintext"]},
            "completion": {"completionItem": {"documentationFormat": ["markdown"], "snippetSupport": True}},
            "publishDiagnostics": {},
        }
        parameters = {
            "processId": None,
            "rootUri": folder.as_uri(),
            "workspaceFolders": [{"uri": folder.as_uri(), "name": folder.name}],
            "capabilities": {"workspace": {"configuration": True}, "textDocument": text_document},
        }
        self._ask("initialize", parameters)
        self._tell("initialized", {})
        assert self._configured.wait(PATIENCE), f"the server asked for no settings in {PATIENCE} seconds"

    # --- what an editor does with it ---------------------------------------------------------------------------------

    def hover(self, path: Path, text: str) -> str:
        """What is shown for the word at the cursor, in Markdown; nothing: the empty string."""
        answer = self._ask("textDocument/hover", self._at(path, text))
        return answer["contents"]["value"] if answer else ""

    def completions(self, path: Path, text: str) -> dict[str, dict[str, Any]]:
        """What is offered at the cursor, by label."""
        answer = self._ask("textDocument/completion", self._at(path, text))
        items = answer["items"] if isinstance(answer, dict) else answer or []
        return {item["label"]: item for item in items}

    def keys(self, path: Path, text: str) -> set[str]:
        """The keys that are offered at the cursor."""
        return {label for label, item in self.completions(path, text).items() if item["kind"] == FIELD}

    def accepted(self, path: Path, text: str, label: str) -> str:
        """The text once an offer was accepted, with the first places to fill in marked as `<…>`."""
        edit = self.completions(path, text)[label]["textEdit"]
        text = text.replace(CURSOR, "", 1)
        start, end = (_offset(text, edit["range"][each]) for each in ("start", "end"))
        return text[:start] + _filled(edit["newText"]) + text[end:]

    def problems(self, path: Path, text: str) -> list[Problem]:
        """What is underlined in a file with this text, beside a file that is there."""
        # The server does not say of which version of a text it speaks, so each text is a file of its own.
        new = path.with_stem(f"{path.stem}-{self._version}")
        return self._underlined(new, self._write(new, text), text)

    def problems_of(self, paths: list[Path]) -> dict[Path, list[Problem]]:
        """What is underlined in files as they are, each opened once and all of them at the same time."""
        texts = {path: path.read_text("utf-8") for path in paths}
        opened = {path: self._write(path, text) for path, text in texts.items()}
        return {path: self._underlined(path, uri, texts[path]) for path, uri in opened.items()}

    def close(self) -> None:
        """End the server, in the way of the protocol if it still obeys."""
        try:
            self._ask("shutdown", None)
            self._tell("exit", None)
            self._process.wait(5)
        except (AssertionError, OSError, subprocess.TimeoutExpired):
            self._process.kill()
        self._process.wait()
        self._listener.join(5)
        for stream in (self._process.stdin, self._process.stdout):
            if stream:
                stream.close()

    # --- the protocol ------------------------------------------------------------------------------------------------

    def _underlined(self, path: Path, uri: str, text: str) -> list[Problem]:
        with self._told:
            known = self._told.wait_for(lambda: uri in self._problems, PATIENCE)
            assert known, f"nothing was said about {path.name} in {PATIENCE} seconds"
            found = [(each["message"], each["range"]) for each in self._problems[uri]]
        return [
            Problem(
                message, text[_offset(text, place["start"]) : _offset(text, place["end"])], place["start"]["line"] + 1
            )
            for message, place in found
        ]

    def _at(self, path: Path, text: str) -> dict[str, Any]:
        before, mark, after = text.partition(CURSOR)
        assert mark, "the text has no cursor"
        uri = self._write(path, before + after)
        position = {"line": before.count("\n"), "character": _units(before.rpartition("\n")[2])}
        return {"textDocument": {"uri": uri}, "position": position}

    def _write(self, path: Path, text: str) -> str:
        uri = path.as_uri()
        self._version += 1
        document = {"uri": uri, "version": self._version}
        if uri in self._open:
            self._tell("textDocument/didChange", {"textDocument": document, "contentChanges": [{"text": text}]})
        else:
            self._open.add(uri)
            self._tell("textDocument/didOpen", {"textDocument": {**document, "languageId": "yaml", "text": text}})
        return uri

    def _ask(self, method: str, params: Any) -> Any:
        self._asked += 1
        self._send({"id": self._asked, "method": method, "params": params})
        while True:
            try:
                answer = self._answers.get(timeout=PATIENCE)
            except Empty:
                raise AssertionError(f"no answer to {method} in {PATIENCE} seconds") from None
            if answer["id"] == self._asked:
                assert "error" not in answer, answer["error"]
                return answer["result"]

    def _tell(self, method: str, params: Any) -> None:
        self._send({"method": method, "params": params})

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        stream = self._process.stdin
        assert stream is not None
        stream.write(f"Content-Length: {len(body)}\r\n\r\n".encode() + body)
        stream.flush()

    def _listen(self) -> None:
        stream = self._process.stdout
        assert stream is not None
        while True:
            size = 0
            while line := stream.readline().strip():
                name, _, value = line.partition(b":")
                if name.lower() == b"content-length":
                    size = int(value)
            if not size:
                return
            self._hear(json.loads(stream.read(size)))

    def _hear(self, message: dict[str, Any]) -> None:
        method = message.get("method")
        if method is None:
            self._answers.put(message)
        elif method == "textDocument/publishDiagnostics":
            with self._told:
                self._problems[message["params"]["uri"]] = message["params"]["diagnostics"]
                self._told.notify_all()
        elif "id" in message:
            asked = method == "workspace/configuration"
            result = [self._settings.get(each["section"], {}) for each in message["params"]["items"]] if asked else None
            self._send({"id": message["id"], "result": result})
            if asked:
                self._configured.set()


def _units(text: str) -> int:
    """The length of a text as the protocol counts it: in units of UTF-16."""
    return len(text.encode("utf-16-le")) // 2


def _offset(text: str, position: dict[str, int]) -> int:
    """Where a position of the protocol lies in a text."""
    lines = text.split("\n")
    before = sum(len(line) + 1 for line in lines[: position["line"]])
    line = lines[position["line"]].encode("utf-16-le")
    return before + len(line[: 2 * position["character"]].decode("utf-16-le"))


def _filled(snippet: str) -> str:
    """A snippet with what stands in its stops, and `<…>` around it; an empty one leaves nothing."""
    return re.sub(r"\$\{[0-9]+:([^{}]*)\}|\$\{?[0-9]+\}?", lambda stop: f"<{stop[1]}>" if stop[1] else "", snippet)
