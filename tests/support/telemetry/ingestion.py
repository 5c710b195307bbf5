"""A stand-in, in this process, for the ingestion endpoint of Application Insights. It keeps what it
receives."""

import gzip
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KEY = "00000000-0000-0000-0000-000000000001"


@dataclass
class Ingestion:
    connection_string: str = ""
    items: list[dict[str, Any]] = field(default_factory=list)
    sizes: dict[str, int] = field(default_factory=dict)
    """The bytes received by the kind of item, before compression: about what is billed."""
    asked: list[str] = field(default_factory=list)
    """The paths of all requests."""

    def take(self, body: bytes) -> int:
        items = (
            json.loads(body)
            if body.startswith(b"[")
            else [json.loads(x) for x in body.splitlines()]
        )
        for item in items:
            kind = item["data"]["baseType"]
            self.sizes[kind] = self.sizes.get(kind, 0) + len(json.dumps(item))
        self.items += items
        return len(items)

    def of(self, kind: str) -> list[dict[str, Any]]:
        """The items of a kind: ``RemoteDependencyData`` (spans), ``MessageData`` and
        ``ExceptionData`` (logs), ``MetricData``."""
        return [item for item in self.items if item["data"]["baseType"] == kind]


@contextmanager
def taking_in() -> Iterator[Ingestion]:
    ingestion = Ingestion()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            ingestion.asked.append(self.path)
            came = ingestion.take(body)
            told = json.dumps({"itemsReceived": came, "itemsAccepted": came, "errors": []}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)

        def log_message(self, format: str, *args: Any) -> None: ...  # noqa: A002 - so it is called

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{server.server_address[1]}/"
    ingestion.connection_string = f"InstrumentationKey={KEY};IngestionEndpoint={address}"
    try:
        yield ingestion
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
