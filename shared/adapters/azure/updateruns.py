"""Maintenance runs of Azure Update Manager: their machines by Azure Resource Graph, the runs
themselves by their address, which is what the events call ``correlationId``.

The stable SDK of Microsoft.Maintenance knows no cancel, so that one call is made by its address.
"""

from collections.abc import Collection
from typing import Any

from azure.core.rest import HttpRequest

from shared.adapters.azure.arm.clients import ArmClients
from shared.adapters.azure.arm.graph import rows
from shared.adapters.azure.desktops import properties, text
from shared.adapters.faults import ours
from shared.core.maintenance.updaterun import is_run
from shared.core.observation.seen import RunSeen
from shared.errors import PassingError, RejectedError

_VERSION = "2023-09-01-preview"


class AzureUpdateRuns:
    """Keeps the protocol ``shared.ports.UpdateRuns``."""

    def __init__(self, clients: ArmClients) -> None:
        self._clients = clients

    async def machines(self, run: str, subscriptions: Collection[str]) -> tuple[str, ...]:
        query = (
            "maintenanceresources"
            " | where type =~ 'microsoft.maintenance/applyupdates'"
            f" | where properties.correlationId =~ '{_checked(run)}'"
            " | project resourceId = tostring(properties.resourceId)"
            " | order by resourceId asc"
        )
        found = await rows(self._clients, query, subscriptions)
        ids = [str(row.get("resourceId") or "") for row in found]
        return tuple({id_.lower(): id_ for id_ in ids if id_}.values())

    async def state(self, run: str) -> RunSeen:
        raw = await self._call("GET", run, None)
        return RunSeen(text(properties(raw).get("status")))

    async def cancel(self, run: str) -> None:
        await self._call("PUT", run, {"properties": {"status": "Cancel"}})

    async def _call(self, method: str, run: str, body: Any) -> dict[str, Any]:
        subscription = _checked(run).split("/")[2]
        address = f"{self._clients.endpoint}{run}"
        request = HttpRequest(method, address, params={"api-version": _VERSION}, json=body)
        async with ours(write=method != "GET"):
            response = await self._clients.request(subscription, request)
            response.raise_for_status()
            if method != "GET":
                return {}  # that it was taken is all that counts
            raw = response.json() if response.content else None
        if not isinstance(raw, dict):
            raise PassingError("a run that cannot be read")
        return raw


def _checked(run: str) -> str:
    """It becomes part of an address and of a query: only what is known to be one is sent."""
    if not is_run(run):
        raise RejectedError("not the resource id of a maintenance run")
    return run
