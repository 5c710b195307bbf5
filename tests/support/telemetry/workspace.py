"""A Log Analytics workspace in memory: rows as the exporter writes them, and a second engine that
runs Kusto queries on them (duckdb-kql). It is not the service's own engine: its results are checked
against expectations here, and the vendor's grammar has a test of its own."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import duckdb_kql

from local.kusto import grammar

_TYPES = {
    "string": "VARCHAR", "real": "DOUBLE", "int": "INTEGER", "bool": "BOOLEAN",
    "datetime": "TIMESTAMP", "dynamic": "JSON",
}  # fmt: skip

NOW = datetime.fromisoformat("2026-03-01T12:00:30")
"""The time that queries see as now."""


@dataclass(frozen=True, slots=True)
class Row:
    table: str
    values: Mapping[str, object]
    ago: timedelta


def metric(name: str, value: float, minutes: float = 0.5, **properties: str) -> Row:
    """A gauge or a counter. The exporter sends its value with a count of 1, and neither a minimum
    nor a maximum."""
    return _row("AppMetrics", minutes, Name=name, Sum=value, ItemCount=1, Properties=properties)


def histogram(name: str, *values: float, minutes: float = 0.5, **properties: str) -> Row:
    return _row(
        "AppMetrics", minutes, Name=name, Sum=sum(values), ItemCount=len(values),
        Min=min(values), Max=max(values), Properties=properties,
    )  # fmt: skip


def span(name: str, minutes: float = 0.5, *, table: str = "AppDependencies", **values: Any) -> Row:
    return _row(table, minutes, Name=name, **values)


def trace(message: str, minutes: float = 0.5, **properties: str) -> Row:
    return _row("AppTraces", minutes, Message=message, SeverityLevel=1, Properties=properties)


def error(kind: str, message: str, minutes: float = 0.5, **properties: str) -> Row:
    """A log line with an error. The exporter sends the line as the message of an exception."""
    return _row(
        "AppExceptions", minutes, ExceptionType=kind, OuterMessage=message, SeverityLevel=3,
        Properties=properties,
    )  # fmt: skip


def _row(table: str, minutes: float, **values: object) -> Row:
    return Row(table, values, timedelta(minutes=minutes))


def run(query: str, rows: Iterable[Row], within: timedelta) -> list[dict[str, Any]]:
    """The result of the query on rows that are no older than ``within``: the service and the portal
    cut what a query sees like that."""
    workspace = duckdb_kql.connect()
    tables: Mapping[str, Mapping[str, str]] = json.loads(
        (grammar.HERE / "tables.json").read_text(encoding="utf-8")
    )
    for table, columns in tables.items():
        written = ", ".join(f'"{name}" {_TYPES[kind]}' for name, kind in columns.items())
        workspace.sql(f'CREATE TABLE "{table}" ({written})')
    for row in rows:
        if row.ago <= within:
            _insert(workspace, row)
    assert "ago(" not in query
    found = duckdb_kql.query(workspace, query.replace("now()", f"datetime({NOW.isoformat()})"))
    return [dict(zip(found.columns, values, strict=True)) for values in found.fetchall()]


def _insert(workspace: Any, row: Row) -> None:
    values = {"TimeGenerated": NOW - row.ago, **row.values}
    kept = [json.dumps(v) if isinstance(v, Mapping) else v for v in values.values()]
    names = ", ".join(f'"{name}"' for name in values)
    marks = ", ".join("?" for _ in values)
    workspace.execute(f'INSERT INTO "{row.table}" ({names}) VALUES ({marks})', kept)
