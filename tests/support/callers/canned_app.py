"""An app with a few canned responses, and the command line called against it."""

import gzip
import json
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from typer.testing import CliRunner, Result

from cli.main import _commands


def host(
    name: str = "hp/avd-1.contoso.example", phase: str = "done", **more: Any
) -> dict[str, Any]:
    return {"name": name, "phase": phase, "sessions": 0, "deadline": None, "waitsFor": None,
            "outcome": None, "attention": None, **more}  # fmt: skip


def drain(status: str = "Running", *hosts: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"id": "d1", "status": status, "hostPool": "/x/hostPools/hp", "reason": "patches",
            "askedAt": "2026-01-02T03:04:05Z", "attention": [], "paused": None,
            "attentionCount": len(more.get("attention", ())),
            "summary": dict(Counter(each["phase"] for each in hosts or (host(),))),
            "hosts": list(hosts) or [host()], **more}  # fmt: skip


class FakeApp(ThreadingHTTPServer):
    """Responds to each address with what was laid out for it. The last response is repeated."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers: dict[str, list[tuple[int, Any, dict[str, str]]]] = {}
        self.asked: list[tuple[str, dict[str, str], Any]] = []
        self.queries: list[tuple[str, dict[str, str]]] = []
        self.url = f"http://127.0.0.1:{self.server_port}"

    def lay(self, what: str, status: int, body: Any, **headers: str) -> None:
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers.setdefault(what, []).append((status, body, told))

    def lay_drain(self, made: dict[str, Any], **headers: str) -> None:
        """Lay out a drain, and its hosts in pages of their own."""
        told = {name: value for name, value in made.items() if name != "hosts"}
        self.lay("GET /api/drains/d1", 200, told, **headers)
        self.lay("GET /api/drains/d1/hosts", 200, {"value": made["hosts"]})


class _Handler(BaseHTTPRequestHandler):
    server: FakeApp

    def do_GET(self) -> None:
        what, query = f"{self.command} {self.path.split('?')[0]}", urlsplit(self.path).query
        self.server.queries += [(what, dict(parse_qsl(query)))] if query else []
        size = int(self.headers.get("content-length") or 0)
        body = json.loads(self.rfile.read(size)) if size else None
        self.server.asked.append((what, {k.lower(): v for k, v in self.headers.items()}, body))
        left = self.server.answers[what]
        status, told, headers = left.pop(0) if len(left) > 1 else left[0]
        data = json.dumps(told).encode() if status != 304 else b""
        if data and "gzip" in self.headers.get("accept-encoding", ""):
            data, headers = gzip.compress(data), {**headers, "Content-Encoding": "gzip"}
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_POST = do_GET  # noqa: N815

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def canned(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeApp]:
    with FakeApp() as made:
        thread = threading.Thread(target=made.serve_forever, args=(0.01,))
        thread.start()
        monkeypatch.setenv("AVD_DRAIN_URL", made.url)
        monkeypatch.setenv("AVD_DRAIN_KEY", "secret-key")
        monkeypatch.delenv("AVD_DRAIN_SCOPE", raising=False)
        monkeypatch.setattr("cli.client._PAUSES", (0.01,))
        monkeypatch.setattr("cli.waiting._AWAY", 0.01)
        yield made
        made.shutdown()
        thread.join()


def run(*words: str) -> Result:
    return CliRunner().invoke(_commands, list(words))
