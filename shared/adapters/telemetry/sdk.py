"""Makes OpenTelemetry's own records with its SDK, and gives them to its exporters.

It runs in a sender's thread only. The SDK's processors, which have threads and timers of their own,
are not used: the caller decides what is sent, and when.
"""

import logging
from collections.abc import Iterable, Sequence

from opentelemetry._logs import LogRecord, SeverityNumber
from opentelemetry.context import Context
from opentelemetry.metrics import Counter, Histogram, Meter, _Gauge
from opentelemetry.sdk import metrics as sdk
from opentelemetry.sdk._logs import ReadableLogRecord
from opentelemetry.sdk._logs.export import LogRecordExporter, LogRecordExportResult
from opentelemetry.sdk.metrics import MeterProvider, _Gauge as SdkGauge
from opentelemetry.sdk.metrics.export import (
    AggregationTemporality,
    InMemoryMetricReader,
    MetricExporter,
    MetricExportResult,
    MetricsData,
)
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.id_generator import IdGenerator
from opentelemetry.sdk.trace.sampling import ALWAYS_ON
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import (
    NonRecordingSpan,
    SpanContext,
    Status,
    StatusCode,
    TraceFlags,
    set_span_in_context,
)

from shared.adapters.telemetry.batch import Batch, LogLine, Point, Span
from shared.ports.measures import Kind, Metric

SCOPE = "avd-drain"
BUCKETS = (1, 5, 15, 30, 60, 120, 300, 600, 1_800, 3_600, 7_200, 14_400, 28_800, 86_400)
"""Upper bounds in seconds: from a late step to users who stay for a day."""
_SEVERITIES = (
    (logging.CRITICAL, SeverityNumber.FATAL),
    (logging.ERROR, SeverityNumber.ERROR),
    (logging.WARNING, SeverityNumber.WARN),
    (logging.INFO, SeverityNumber.INFO),
)


class OpenTelemetryExporter:
    """The exporters of one destination for spans, logs and metrics."""

    def __init__(
        self,
        spans: SpanExporter,
        logs: LogRecordExporter,
        metrics: MetricExporter,
        resource: Resource,
    ) -> None:
        self._span_exporter, self._log_exporter, self._metric_exporter = spans, logs, metrics
        self._resource = resource
        self._spans = Spans(resource)
        self._metrics = Metrics(resource)

    def send(self, batch: Batch) -> Batch:
        """Send each kind by itself. Returns what was not accepted. A counter that is sent again
        counts once, because the SDK has already reported and forgotten its growth."""
        return Batch(
            batch.spans if batch.spans and not self._sent_spans(batch.spans) else (),
            batch.logs if batch.logs and not self._sent_logs(batch.logs) else (),
            batch.points if batch.points and not self._sent_points(batch.points) else (),
        )

    def _sent_spans(self, spans: Sequence[Span]) -> bool:
        return self._span_exporter.export(self._spans.made(spans)) is SpanExportResult.SUCCESS

    def _sent_logs(self, logs: Iterable[LogLine]) -> bool:
        made = [_log_record(line, self._resource) for line in logs]
        return self._log_exporter.export(made) is LogRecordExportResult.SUCCESS

    def _sent_points(self, points: Iterable[Point]) -> bool:
        data = self._metrics.made(points)
        return data is None or self._metric_exporter.export(data) is MetricExportResult.SUCCESS


class Spans(SpanProcessor, IdGenerator):
    """Makes spans of the SDK that keep the ids given when they were recorded: log records refer to
    them."""

    def __init__(self, resource: Resource) -> None:
        provider = TracerProvider(
            sampler=ALWAYS_ON, resource=resource, id_generator=self, shutdown_on_exit=False
        )
        provider.add_span_processor(self)
        self._tracer = provider.get_tracer(SCOPE)
        self._id = 0
        self._made: list[ReadableSpan] = []

    def made(self, spans: Iterable[Span]) -> list[ReadableSpan]:
        self._made = []
        for span in spans:
            self._id = int(span.id, 16)
            began = self._tracer.start_span(
                span.name,
                _context(span.trace, span.parent),
                attributes=span.attributes,
                start_time=span.began,
            )
            if span.failed:
                began.set_status(Status(StatusCode.ERROR, span.failed))
            began.end(span.ended)
        return self._made

    def on_end(self, span: ReadableSpan) -> None:
        self._made.append(span)

    def generate_span_id(self) -> int:
        return self._id

    def generate_trace_id(self) -> int:
        raise RuntimeError("each span has its drain's trace")


class Metrics:
    """Makes metrics of the SDK. Each export has only what was added since the last one: instances
    come and go, and their sum is what counts. A gauge is exported only by an instance that has
    measured it since. Otherwise an instance that lost a timer to another would go on reporting an
    old value."""

    def __init__(self, resource: Resource) -> None:
        delta = AggregationTemporality.DELTA
        self._reader = InMemoryMetricReader(
            {sdk.Counter: delta, sdk.Histogram: delta, SdkGauge: delta}
        )
        provider = MeterProvider([self._reader], resource, shutdown_on_exit=False)
        self._meter: Meter = provider.get_meter(SCOPE)
        self._instruments: dict[Metric, Counter | _Gauge | Histogram] = {}

    def made(self, points: Iterable[Point]) -> MetricsData | None:
        for point in points:
            if point.metric not in self._instruments:
                self._instruments[point.metric] = self._instrument(point.metric)
            _tell(self._instruments[point.metric], point)
        return self._reader.get_metrics_data()

    def _instrument(self, metric: Metric) -> Counter | _Gauge | Histogram:
        words = (metric.name, metric.unit, metric.meaning)
        match metric.kind:
            case Kind.COUNTER:
                return self._meter.create_counter(*words)
            case Kind.GAUGE:
                return self._meter.create_gauge(*words)
            case Kind.HISTOGRAM:
                return self._meter.create_histogram(
                    *words, explicit_bucket_boundaries_advisory=BUCKETS
                )


def _tell(instrument: Counter | _Gauge | Histogram, point: Point) -> None:
    match instrument:
        case Counter():
            instrument.add(sum(point.values), point.attributes)
        case _Gauge():
            instrument.set(point.values[-1], point.attributes)
        case Histogram():
            for value in point.values:
                instrument.record(value, point.attributes)


def _context(trace: str, span: str) -> Context:
    flags = TraceFlags(TraceFlags.SAMPLED)
    parent = SpanContext(int(trace, 16), int(span, 16), is_remote=True, trace_flags=flags)
    return set_span_in_context(NonRecordingSpan(parent), Context())


def _log_record(line: LogLine, resource: Resource) -> ReadableLogRecord:
    severity = next((n for level, n in _SEVERITIES if line.level >= level), SeverityNumber.DEBUG)
    record = LogRecord(
        timestamp=line.at,
        context=_context(line.trace, line.span) if line.trace else Context(),
        severity_text=line.level_name,
        severity_number=severity,
        body=line.text,
        attributes=line.attributes,
    )
    return ReadableLogRecord(record, resource, InstrumentationScope(line.logger))
