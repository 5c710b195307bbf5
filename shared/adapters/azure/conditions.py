"""Asks what a policy's conditions ask: Azure Resource Graph, the host pool, or an address."""

from shared.adapters.azure.arm.clients import ArmClients
from shared.adapters.azure.arm.graph import rows
from shared.adapters.azure.controlplane import VERSION
from shared.adapters.outgoing import Outgoing
from shared.core.conditions.asking import Ask, AskAddress, AskGraph, AskTags, Reply
from shared.core.values.hostpool import HostPoolId

_MOST = 20


class AzureConditions:
    """Implements ``shared.ports.Conditions``. ``loopback``: whether this machine may be called."""

    def __init__(self, clients: ArmClients, *, loopback: bool = False) -> None:
        self._clients = clients
        self._outgoing = Outgoing(loopback=loopback)

    async def reply(self, pool: HostPoolId, ask: Ask) -> Reply:
        match ask:
            case AskGraph(query):
                found = await rows(self._clients, query, [pool.subscription], _MOST)
                return Reply(rows=tuple({k: str(v) for k, v in row.items()} for row in found))
            case AskTags():
                return Reply(tags=await self._tags(pool))
            case AskAddress(url):
                return Reply(status=await self._outgoing.get(url))

    async def _tags(self, pool: HostPoolId) -> dict[str, str]:
        address, versioned = self._clients.at(pool.resource_id), {"api-version": VERSION}
        found = await self._clients.json(pool.subscription, address, **versioned)
        tags = found.get("tags")
        return {str(n): str(v) for n, v in tags.items()} if isinstance(tags, dict) else {}
