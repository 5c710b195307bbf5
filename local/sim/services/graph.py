"""Azure Resource Graph, as far as the app uses it: the machines of a maintenance run, firing
alerts, service issues; in pages."""

import re
from collections.abc import Callable
from typing import Any

from local.sim.estate.world import World
from local.sim.services.access import Where, on_subscription
from local.sim.services.arm import ArmError

RIGHT = "Microsoft.ResourceGraph/resources/read"
PATH = "/providers/microsoft.resourcegraph/resources"
LARGEST = 2
"""The rows of a page: so few that a reader who stops after one page is found out."""
_RUN = re.compile(r"properties[.]correlationId\s*=~\s*'([^']*)'", re.IGNORECASE)
_RULE = re.compile(r"name\s*=~\s*'((?:[^'\\]|\\.)*)'", re.IGNORECASE)
_SERVICE = re.compile(r"properties[.]Impact\)\s*has\s*'((?:[^'\\]|\\.)*)'", re.IGNORECASE)

Rows = list[dict[str, Any]]


def subscriptions(body: Any) -> set[str]:
    """The subscriptions that a query is about."""
    told = body if isinstance(body, dict) else {}
    return {str(s).lower() for s in told.get("subscriptions") or ()}


def answer(world: World, body: Any, allowed: Callable[[str, Where], bool]) -> dict[str, Any]:
    """Respond to a query. Raises ArmError for a query that is not simulated. Subscriptions whose
    rows the identity may not read are silently left out, as the service does."""
    told = body if isinstance(body, dict) else {}
    query = str(told.get("query") or "").strip()
    table = TABLES.get(query.split("|", 1)[0].strip().lower())
    if table is None:
        raise ArmError(400, "BadRequest", "Please provide below info: this query is not simulated.")
    right, rows_of = table
    rows = rows_of(
        world, query, {s for s in subscriptions(body) if allowed(right, on_subscription(world, s))}
    )
    options = told.get("options") or {}
    skip = int(options.get("$skipToken") or 0)
    size = min(int(options.get("$top") or 1000), LARGEST)
    part = rows[skip : skip + size]
    answer_: dict[str, Any] = {
        "totalRecords": len(rows),
        "count": len(part),
        "resultTruncated": "false",
        "facets": [],
        "data": part,
    }
    if skip + size < len(rows):
        answer_["$skipToken"] = str(skip + size)
    return answer_


def _machines(world: World, query: str, where: set[str]) -> Rows:
    """``maintenanceresources``: one row for each machine of a run."""
    found = _RUN.search(query)
    run = world.runs.get(found[1].lower()) if found is not None else None
    return [
        {"resourceId": host.vm.id.lower()}
        for host in (run.hosts if run is not None else ())
        if host.vm.id.split("/")[2].lower() in where
    ]


def _alerts(world: World, query: str, where: set[str]) -> Rows:
    """``alertsmanagementresources``: the firing alerts of one rule, or of any."""
    found = _RULE.search(query)
    rule = found[1].lower() if found is not None else ""
    return [
        {"text": f"{name} (Sev1)"}
        for name in sorted(world.alerts)
        if where and rule in ("", name.lower())
    ]


def _issues(world: World, query: str, where: set[str]) -> Rows:
    """``servicehealthresources``: the active issues of one service, or of any."""
    found = _SERVICE.search(query)
    service = found[1].lower() if found is not None else ""
    return [
        {"text": title} for title, what in world.issues.items() if where and service in what.lower()
    ]


TABLES: dict[str, tuple[str, Callable[[World, str, set[str]], Rows]]] = {
    "maintenanceresources": ("Microsoft.Maintenance/applyUpdates/read", _machines),
    "alertsmanagementresources": ("Microsoft.AlertsManagement/alerts/read", _alerts),
    "servicehealthresources": ("Microsoft.ResourceHealth/events/read", _issues),
}
"""The tables by name: the right that reading needs, and the function that makes the rows."""
