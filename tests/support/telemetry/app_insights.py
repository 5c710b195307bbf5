"""Turns what the Azure Monitor exporter sends into the rows that Application Insights makes of it.

By the vendor's reference of the tables: the base type of an envelope says which table; ``value`` is
``Sum``, ``count`` is ``ItemCount``; tags are the columns that all tables have.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from azure.monitor.opentelemetry.exporter.export._base import ExportResult

from shared.adapters.telemetry.batch import Batch
from shared.adapters.telemetry.destinations import AzureMonitor
from tests.support.telemetry.workspace import Row

_NOWHERE = (
    "InstrumentationKey=00000000-0000-0000-0000-000000000000;IngestionEndpoint=http://127.0.0.1:9/"
)


class Instance:
    """An instance of the app whose envelopes are kept and not sent."""

    def __init__(self) -> None:
        self._exporter = AzureMonitor(_NOWHERE)()
        self._envelopes: list[Any] = []
        for name in ("_span_exporter", "_log_exporter", "_metric_exporter"):
            getattr(self._exporter, name)._transmit = self._keep

    def _keep(self, envelopes: Iterable[Any]) -> Any:
        self._envelopes += envelopes
        return ExportResult.SUCCESS

    def send(self, batch: Batch, minutes: float = 0.5) -> list[Row]:
        """The rows made of a batch that was sent ``minutes`` ago."""
        self._envelopes = []
        assert len(self._exporter.send(batch)) == 0
        return [row(envelope.as_dict(), timedelta(minutes=minutes)) for envelope in self._envelopes]


def row(envelope: Mapping[str, Any], ago: timedelta) -> Row:
    kind, data = envelope["data"]["baseType"], envelope["data"]["baseData"]
    tags = envelope.get("tags", {})
    values = {
        "Properties": {str(k): str(v) for k, v in (data.get("properties") or {}).items()},
        "AppRoleInstance": tags.get("ai.cloud.roleInstance", ""),
        "OperationId": tags.get("ai.operation.id", ""),
        "ParentId": tags.get("ai.operation.parentId", ""),
    }
    match kind:
        case "MetricData":
            [told] = data["metrics"]
            values |= {"Name": told["name"], "Sum": told["value"], "ItemCount": told["count"]}
            values |= {"Min": told.get("min"), "Max": told.get("max")}
            return Row("AppMetrics", values, ago)
        case "RequestData" | "RemoteDependencyData":
            table = "AppRequests" if kind == "RequestData" else "AppDependencies"
            values |= {"Name": data["name"], "Id": data["id"], "Success": data["success"]}
            return Row(table, values | {"DurationMs": milliseconds(data["duration"])}, ago)
        case "ExceptionData":
            [error] = data["exceptions"]
            values |= {"ExceptionType": error["typeName"], "OuterMessage": error["message"]}
            return Row("AppExceptions", values, ago)
        case "MessageData":
            return Row("AppTraces", values | {"Message": data["message"]}, ago)
    raise AssertionError(f"not known: {kind}")


def milliseconds(duration: str) -> float:
    """The milliseconds of a duration such as ``0.00:00:01.500``."""
    days, _, rest = duration.partition(".")
    hours, minutes, seconds = rest.split(":")
    whole = timedelta(
        days=int(days), hours=int(hours), minutes=int(minutes), seconds=float(seconds)
    )
    return whole / timedelta(milliseconds=1)
