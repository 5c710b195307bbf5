"""Maintenance runs of Azure Update Manager. Their machines are found by Azure Resource Graph; the
runs are read by their address, which the events call ``correlationId``.

The stable SDK of Microsoft.Maintenance has no cancel, so that call is made by address.
"""

from collections.abc import Collection

from shared.adapters.azure.arm.clients import ArmClients
from shared.adapters.azure.arm.graph import rows
from shared.adapters.azure.fields import properties, text
from shared.core.observation.seen import RunSeen
from shared.core.values.resources import is_run
from shared.errors import RejectedError

_VERSIONED = {"api-version": "2023-09-01-preview"}


class AzureUpdateRuns:
    """Implements ``shared.ports.UpdateRuns``."""

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
        raw = await self._clients.json(*self._at(run), **_VERSIONED)
        return RunSeen(text(properties(raw).get("status")))

    async def cancel(self, run: str) -> None:
        """Cancel a run. Only the acceptance of the request counts."""
        subscription, address = self._at(run)
        body = {"properties": {"status": "Cancel"}}
        await self._clients.send(subscription, "PUT", address, body, **_VERSIONED)

    def _at(self, run: str) -> tuple[str, str]:
        """The run's subscription, and its address."""
        return _checked(run).split("/")[2], f"{self._clients.endpoint}{run}"


def _checked(run: str) -> str:
    """The id, if it is the resource id of a maintenance run: it becomes part of an address and of a
    query. Raises RejectedError."""
    if not is_run(run):
        raise RejectedError("not the resource id of a maintenance run")
    return run
