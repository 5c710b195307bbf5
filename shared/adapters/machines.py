"""The VMs behind session hosts, by azure-mgmt-compute. Imported when a VM is first needed."""

import re
from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import urlsplit

from azure.core.rest import HttpRequest

from shared.adapters.arm import ArmClients
from shared.adapters.faults import ours
from shared.core.actions import PowerAction
from shared.core.hostpool import HostPoolId
from shared.core.seen import MachineSeen, OperationSeen, OperationState
from shared.errors import RejectedError

_VM = re.compile(
    r"^/subscriptions/(?P<subscription>[^/]+)/resourceGroups/(?P<group>[^/]+)"
    r"/providers/Microsoft\.Compute/virtualMachines/(?P<name>[^/]+)$",
    re.IGNORECASE,
)
_BUSY = ("provisioningstate/updating", "provisioningstate/creating", "provisioningstate/deleting")
_TAGS_VERSION = "2021-04-01"
_ADDRESS_HEADERS = ("Azure-AsyncOperation", "Location")


class AzureMachines:
    """Keeps the protocol ``shared.ports.Machines``."""

    def __init__(self, clients: ArmClients) -> None:
        self._clients = clients

    async def machine(self, vm_id: str) -> MachineSeen:
        subscription, group, name = parts_of(vm_id)
        client = self._clients.compute(subscription)
        async with ours(write=False):
            view = await client.virtual_machines.instance_view(group, name)
        states = {str(status.code).lower(): status for status in view.statuses or ()}
        provisioning = [s for code, s in states.items() if code.startswith("provisioningstate/")]
        power = [code for code in states if code.startswith("powerstate/")]
        return MachineSeen(
            busy=any(code.startswith(_BUSY) for code in states),
            changed_at=provisioning[0].time if provisioning else None,
            power=power[0].removeprefix("powerstate/") if power else "",
        )

    async def power(self, vm_id: str, what: PowerAction) -> str | None:
        subscription, group, name = parts_of(vm_id)
        machines = self._clients.compute(subscription).virtual_machines
        begin = {
            PowerAction.RESTART: machines.begin_restart,
            PowerAction.START: machines.begin_start,
            PowerAction.DEALLOCATE: machines.begin_deallocate,
            PowerAction.POWER_OFF: machines.begin_power_off,
            PowerAction.REDEPLOY: machines.begin_redeploy,
        }[what]
        headers: dict[str, str] = {}

        def keep(response: Any) -> None:
            headers.update(response.http_response.headers)

        async with ours(write=True):
            await begin(group, name, polling=False, raw_response_hook=keep)
        told = {key.lower(): value for key, value in headers.items()}
        return next((told[h.lower()] for h in _ADDRESS_HEADERS if h.lower() in told), None)

    async def tags(self, vm_id: str) -> Mapping[str, str]:
        async with ours(write=False):
            response = await self._tags("GET", vm_id)
        return _tags_in(response)

    async def tags_of(self, vm_ids: Collection[str]) -> Mapping[str, Mapping[str, str]]:
        """One list a resource group, instead of a question a VM."""
        found: dict[str, Mapping[str, str]] = {}
        for subscription, group in sorted({parts_of(vm_id)[:2] for vm_id in vm_ids}):
            client = self._clients.compute(subscription)
            async with ours(write=False):
                async for vm in client.virtual_machines.list(group):
                    found[str(vm.id).lower()] = dict(vm.tags or {})
        return {vm_id: found.get(vm_id.lower(), {}) for vm_id in vm_ids}

    async def set_tag(self, vm_id: str, name: str, value: str, *, on: bool) -> None:
        """By the tags' own address, which merges: a write of the VM would replace all tags."""
        operation = "Merge" if on else "Delete"
        body = {"operation": operation, "properties": {"tags": {name: value}}}
        async with ours(write=True):
            await self._tags("PATCH", vm_id, body)

    async def _tags(self, method: str, vm_id: str, body: Any = None) -> Any:
        subscription, _, _ = parts_of(vm_id)
        address = f"{self._clients.endpoint}{vm_id}/providers/Microsoft.Resources/tags/default"
        request = HttpRequest(
            method, address, params={"api-version": _TAGS_VERSION}, json=body
        )  # fmt: skip
        response = await self._clients.compute(subscription).send_request(request)
        response.raise_for_status()
        return response

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


def _tags_in(response: Any) -> dict[str, str]:
    properties = response.json().get("properties") or {}
    return {str(k): str(v) for k, v in (properties.get("tags") or {}).items()}


def parts_of(vm_id: str) -> tuple[str, str, str]:
    found = _VM.match(vm_id)
    if found is None:
        raise RejectedError(f"not a VM's resource id: {vm_id!r}")
    return found["subscription"], found["group"], found["name"]


def _origin(address: str) -> tuple[str, str]:
    parts = urlsplit(address)
    return parts.scheme, parts.netloc.lower()
