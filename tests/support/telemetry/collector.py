"""An OTLP collector in this process: receives OTLP over HTTP with protobuf, and keeps it."""

import contextlib
import gzip
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


@dataclass
class Came:
    """A span, a log record, or a data point of a metric."""

    name: str
    attributes: dict[str, Any]
    resource: dict[str, Any]
    raw: Any
    trace: str = ""
    id: str = ""
    parent: str = ""

    @property
    def value(self) -> float:
        """The value of a counter or a gauge."""
        return float(self.raw.as_double if self.raw.HasField("as_double") else self.raw.as_int)


@dataclass
class Collector:
    """A collector. ``status``: the status of every response. While ``open`` is not set, it accepts
    requests and does not respond."""

    url: str = ""
    status: int = 200
    open: threading.Event = field(default_factory=threading.Event)
    spans: list[Came] = field(default_factory=list)
    logs: list[Came] = field(default_factory=list)
    points: list[Came] = field(default_factory=list)
    requests: int = 0
    bodies: list[tuple[str, bytes]] = field(default_factory=list)
    """The bodies received, unpacked: ``traces``, ``logs`` or ``metrics``."""
    headers: list[dict[str, str]] = field(default_factory=list)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def take(self, path: str, headers: dict[str, str], body: bytes) -> int:
        self.open.wait(60)
        with self.changed:
            self.requests += 1
            self.headers.append(headers)
            self.changed.notify_all()
            if self.status != 200:
                return self.status
            kind = path.rsplit("/", 1)[-1]
            self.bodies.append((kind, body))
            {"traces": self._spans, "logs": self._logs, "metrics": self._points}[kind](body)
            return 200

    def wait(self, until: Callable[["Collector"], object], within: float = 30) -> None:
        """Wait until something was received. Raises AssertionError if it was not in time."""
        with self.changed:
            assert self.changed.wait_for(lambda: until(self), within), "it was not told"

    def named(self, name: str) -> list[Came]:
        with self.changed:
            return [each for each in (*self.spans, *self.points) if each.name == name]

    def _spans(self, body: bytes) -> None:
        for of in ExportTraceServiceRequest.FromString(body).resource_spans:
            for scope in of.scope_spans:
                self.spans += [
                    Came(
                        s.name, read(s.attributes), read(of.resource.attributes), s,
                        s.trace_id.hex(), s.span_id.hex(), s.parent_span_id.hex(),
                    )
                    for s in scope.spans
                ]  # fmt: skip

    def _logs(self, body: bytes) -> None:
        for of in ExportLogsServiceRequest.FromString(body).resource_logs:
            for scope in of.scope_logs:
                self.logs += [
                    Came(
                        r.body.string_value, read(r.attributes), read(of.resource.attributes), r,
                        r.trace_id.hex(), r.span_id.hex(),
                    )
                    for r in scope.log_records
                ]  # fmt: skip

    def _points(self, body: bytes) -> None:
        for of in ExportMetricsServiceRequest.FromString(body).resource_metrics:
            for scope in of.scope_metrics:
                for metric in scope.metrics:
                    data = getattr(metric, metric.WhichOneof("data"))
                    self.points += [
                        Came(metric.name, read(p.attributes), read(of.resource.attributes), p)
                        for p in data.data_points
                    ]


def read(attributes: Any) -> dict[str, Any]:
    return {
        a.key: getattr(a.value, a.value.WhichOneof("value") or "string_value") for a in attributes
    }


@contextmanager
def collecting(port: int = 0) -> Iterator[Collector]:
    """A collector that accepts everything, on ``port``, or on any free port if it is 0."""
    collector = Collector()
    collector.open.set()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            headers = {name.lower(): value for name, value in self.headers.items()}
            status = collector.take(self.path, headers, body)
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None: ...  # noqa: A002 - so it is called

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    collector.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield collector
    finally:
        collector.open.set()
        server.shutdown()
        server.server_close()
        thread.join(5)


def main() -> None:
    """``python -m tests.support.telemetry.collector [PORT]``: prints what an app sends to it."""
    with collecting(int(sys.argv[1]) if len(sys.argv) > 1 else 4318) as collector:
        print(f"listening: OTEL_EXPORTER_OTLP_ENDPOINT={collector.url}", flush=True)
        kinds = (collector.spans, collector.logs, collector.points)
        shown = [0, 0, 0]
        with contextlib.suppress(KeyboardInterrupt):
            while True:
                with collector.changed:
                    collector.changed.wait()
                for number, kind in enumerate(kinds):
                    for came in kind[shown[number] :]:
                        print(("span  ", "log   ", "metric")[number], in_words(came), flush=True)
                    shown[number] = len(kind)


def in_words(came: Came) -> str:
    about = " ".join(f"{name}={value}" for name, value in came.attributes.items())
    if came.trace and came.parent:
        took = (came.raw.end_time_unix_nano - came.raw.start_time_unix_nano) / 1e6
        return f"{came.trace[:8]} {came.name:10} {took:8.1f} ms  {about}"
    if hasattr(came.raw, "severity_text"):
        return f"{came.raw.severity_text} {came.name}  {about}"
    if hasattr(came.raw, "bucket_counts"):
        return f"{came.name} {came.raw.count} values, together {came.raw.sum:g}  {about}"
    return f"{came.name} {came.value:g}  {about}"


if __name__ == "__main__":
    main()
