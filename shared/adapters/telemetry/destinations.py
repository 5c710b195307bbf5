"""The exporters of OpenTelemetry and of Azure Monitor. They are imported where they are made, in a sender's
thread: that takes longer than an app's start may."""

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
"""Seconds for one request, and for all tries of it."""
_QUIET = ("opentelemetry", "azure.monitor.opentelemetry")
"""Loggers of the libraries: each failure would be a line, or a traceback. The sender tells it once."""
_OWN_TELEMETRY = (
    "APPLICATIONINSIGHTS_STATSBEAT_DISABLED_ALL",
    "APPLICATIONINSIGHTS_SDKSTATS_DISABLED",
    "APPLICATIONINSIGHTS_CONTROLPLANE_DISABLED",
)
"""The Azure Monitor exporter tells its maker of itself, every few minutes and from threads of its own, and
asks it for orders. It has no other switches for that than these."""


def resource() -> Mapping[str, str]:
    """Azure Monitor shows the name as the cloud role, and the instance's id as the role's instance."""
    return {
        "service.name": SERVICE,
        "service.version": VERSION,
        "service.instance.id": f"{socket.gethostname()}-{os.getpid()}",
    }


@dataclass(frozen=True, slots=True)
class Otlp:
    """Any OTLP collector, by HTTP and protobuf. ``headers``: as ``OTEL_EXPORTER_OTLP_HEADERS`` has them."""

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
    """Application Insights. ``identity``: whether the app signs with its identity, ``client_id`` which one,
    empty for the system-assigned one."""

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
