"""The exporters of OpenTelemetry and of Azure Monitor. They are imported in a sender's thread,
because the import takes longer than an app's start may."""

import logging
import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shared.adapters.telemetry.sdk import OpenTelemetryExporter

VERSION = "0.1.0"
SERVICE = "avd-drain"
TIMEOUT = 10
"""The seconds for one request and all its retries."""
_QUIET = ("opentelemetry", "azure.monitor.opentelemetry")
"""Loggers of the libraries. They are silenced, because they would log each failure; the sender logs
it once."""
_OWN_TELEMETRY = (
    "APPLICATIONINSIGHTS_STATSBEAT_DISABLED_ALL",
    "APPLICATIONINSIGHTS_SDKSTATS_DISABLED",
    "APPLICATIONINSIGHTS_CONTROLPLANE_DISABLED",
)
"""The Azure Monitor exporter sends telemetry about itself to its vendor every few minutes, from
threads of its own, and fetches configuration from there. Only these variables switch that off."""


def resource() -> Mapping[str, str]:
    """The resource that all telemetry is about. Azure Monitor shows the name as the cloud role, and
    the instance id as the role instance."""
    return {
        "service.name": SERVICE,
        "service.version": VERSION,
        "service.instance.id": f"{socket.gethostname()}-{os.getpid()}",
    }


@dataclass(frozen=True, slots=True)
class Otlp:
    """Any OTLP collector, over HTTP with protobuf. ``headers``: in the format of
    ``OTEL_EXPORTER_OTLP_HEADERS``."""

    endpoint: str
    headers: str = field(default="", repr=False)

    def __call__(self) -> "OpenTelemetryExporter":
        from opentelemetry.exporter.otlp.proto.http import Compression
        from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
        from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.util.re import parse_env_headers

        from shared.adapters.telemetry.sdk import OpenTelemetryExporter

        _quiet()
        base, headers = self.endpoint.rstrip("/"), parse_env_headers(self.headers, liberal=True)
        gzip = Compression.Gzip
        return OpenTelemetryExporter(
            OTLPSpanExporter(
                f"{base}/v1/traces", headers=headers, timeout=TIMEOUT, compression=gzip
            ),
            OTLPLogExporter(f"{base}/v1/logs", headers=headers, timeout=TIMEOUT, compression=gzip),
            OTLPMetricExporter(
                f"{base}/v1/metrics", headers=headers, timeout=TIMEOUT, compression=gzip
            ),
            Resource.create(dict(resource())),
        )


@dataclass(frozen=True, slots=True)
class AzureMonitor:
    """Application Insights. ``identity``: whether the app authenticates with a managed identity;
    ``client_id``: which one, empty for the system-assigned identity."""

    connection_string: str = field(repr=False)
    identity: bool = False
    client_id: str = ""

    def __call__(self) -> "OpenTelemetryExporter":
        for name in _OWN_TELEMETRY:
            os.environ.setdefault(name, "true")
        from azure.identity import ManagedIdentityCredential
        from azure.monitor.opentelemetry.exporter import (
            AzureMonitorLogExporter,
            AzureMonitorMetricExporter,
            AzureMonitorTraceExporter,
        )
        from opentelemetry.sdk.resources import Resource

        from shared.adapters.telemetry.sdk import OpenTelemetryExporter

        _quiet()
        credential = (
            ManagedIdentityCredential(client_id=self.client_id or None) if self.identity else None
        )
        options = {
            "connection_string": self.connection_string,
            "credential": credential,
            "disable_offline_storage": True,  # an instance's disk is gone before anybody reads it
            "timeout": TIMEOUT,
            "retry_total": 1,
        }
        return OpenTelemetryExporter(
            AzureMonitorTraceExporter(**options),
            AzureMonitorLogExporter(**options),
            AzureMonitorMetricExporter(**options),
            Resource.create(dict(resource())),
        )


def _quiet() -> None:
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    logging.getLogger("azure.core.pipeline.policies.http_logging_policy").setLevel(logging.WARNING)
