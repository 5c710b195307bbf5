"""The VMs behind session hosts, by azure-mgmt-compute. Imported when a VM is first needed."""

import re
from typing import Any
from urllib.parse import urlsplit

from azure.core.rest import HttpRequest

from shared.adapters.arm import ArmClients
from shared.adapters.faults import ours
from shared.core.hostpool import HostPoolId
from shared.core.seen import MachineSeen, OperationSeen, OperationState
from shared.errors import RejectedError

_VM = re.compile(
    r"^/subscriptions/(?P<subscription>[^/]+)/resourceGroups/(?P<group>[^/]+)"
    r"/providers/Microsoft\.Compute/virtualMachines/(?P<name>[^/]+)$",
    re.IGNORECASE,
)
_BUSY = ("provisioningstate/updating", "provisioningstate/creating", "provisioningstate/deleting")
_ADDRESS_HEADERS = ("Azure-AsyncOperation", "Location")


class AzureMachines:
    """Keeps the protocol ``shared.ports.Machines``."""

    def __init__(self, clients: ArmClients) -> None:
        self._clients = clients

    async def machine(self, vm_id: str) -> MachineSeen:
        subscription, group, name = _parts(vm_id)
        client = self._clients.compute(subscription)
        async with ours(write=False):
            view = await client.virtual_machines.instance_view(group, name)
        states = {str(status.code).lower(): status for status in view.statuses or ()}
        provisioning = [s for code, s in states.items() if code.startswith("provisioningstate/")]
        return MachineSeen(
            busy=any(code.startswith(_BUSY) for code in states),
            changed_at=provisioning[0].time if provisioning else None,
        )

    async def restart(self, vm_id: str) -> str | None:
        subscription, group, name = _parts(vm_id)
        client = self._clients.compute(subscription)
        headers: dict[str, str] = {}

        def keep(response: Any) -> None:
            headers.update(response.http_response.headers)

        async with ours(write=True):
            await client.virtual_machines.begin_restart(
                group, name, polling=False, raw_response_hook=keep
            )
        told = {key.lower(): value for key, value in headers.items()}
        return next((told[h.lower()] for h in _ADDRESS_HEADERS if h.lower() in told), None)

    async def operation(self, pool: HostPoolId, address: str) -> OperationSeen:
        """Ask once; an operation outlives the process that began it, so its address is kept."""
        if _origin(address) != _origin(self._clients.endpoint):
            raise RejectedError("a long operation at an address that is not the control plane's")
        client = self._clients.compute(pool.subscription)
        async with ours(write=False):
            response = await client.send_request(HttpRequest("GET", address))
            if response.status_code != 202:
                response.raise_for_status()
        if response.status_code == 202:
            return OperationSeen(OperationState.RUNNING)
        body = response.json() if response.content else {}
        status = str(body.get("status", "Succeeded")).lower()
        if status == "succeeded":
            return OperationSeen(OperationState.SUCCEEDED)
        if status in ("failed", "canceled", "cancelled"):
            error = body.get("error") or {}
            text = f"{error.get('code', status)}: {error.get('message', '')}"
            return OperationSeen(OperationState.FAILED, text)
        return OperationSeen(OperationState.RUNNING)


def _parts(vm_id: str) -> tuple[str, str, str]:
    found = _VM.match(vm_id)
    if found is None:
        raise RejectedError(f"not a VM's resource id: {vm_id!r}")
    return found["subscription"], found["group"], found["name"]


def _origin(address: str) -> tuple[str, str]:
    parts = urlsplit(address)
    return parts.scheme, parts.netloc.lower()
