"""The VMs behind session hosts, through Azure's compute API."""

from collections.abc import Collection, Mapping
from typing import Any

from azure.core.rest import HttpRequest

from shared.adapters.azure.arm.clients import ArmClients
from shared.adapters.azure.fields import each, properties, text, time
from shared.adapters.faults import ours
from shared.core.host.actions import PowerAction
from shared.core.observation.seen import MachineSeen, OperationSeen, OperationState
from shared.core.values.hostpool import HostPoolId
from shared.core.values.resources import parts_of_vm
from shared.errors import PassingError, RejectedError

VERSION = "2024-07-01"
_BUSY = ("provisioningstate/updating", "provisioningstate/creating", "provisioningstate/deleting")
_TAGS_VERSION = "2021-04-01"
_ADDRESS_HEADERS = ("Azure-AsyncOperation", "Location")


class AzureMachines:
    """Implements ``shared.ports.Machines``."""

    def __init__(self, clients: ArmClients) -> None:
        self._clients = clients

    async def machine(self, vm_id: str) -> MachineSeen:
        subscription, _, _ = parts_of(vm_id)
        view = await self._clients.json(
            subscription, f"{self._clients.at(vm_id)}/instanceView", **{"api-version": VERSION}
        )
        statuses = view.get("statuses")
        if not isinstance(statuses, list):
            raise PassingError("an instance view without statuses")
        states = dict(each(statuses, lambda s: (text(s["code"]).lower(), s), "a VM's status"))
        provisioning = [s for code, s in states.items() if code.startswith("provisioningstate/")]
        power = [code for code in states if code.startswith("powerstate/")]
        return MachineSeen(
            busy=any(code.startswith(_BUSY) for code in states),
            changed_at=time(provisioning[0].get("time")) if provisioning else None,
            power=power[0].removeprefix("powerstate/") if power else "",
            hibernated="hibernationstate/hibernated" in states,
        )

    async def power(self, vm_id: str, what: PowerAction) -> str | None:
        subscription, _, _ = parts_of(vm_id)
        name, params = what.value, {"api-version": VERSION}
        if what is PowerAction.HIBERNATE:
            name, params = PowerAction.DEALLOCATE.value, {**params, "hibernate": "true"}
        request = HttpRequest("POST", f"{self._clients.at(vm_id)}/{name}", params=params)
        async with ours(write=True):
            response = await self._clients.request(subscription, request)
            response.raise_for_status()
        raw = {key.lower(): value for key, value in response.headers.items()}
        return next((raw[h.lower()] for h in _ADDRESS_HEADERS if h.lower() in raw), None)

    async def tags(self, vm_id: str) -> Mapping[str, str]:
        found = await self._clients.json(
            _subscription(vm_id), self._tags(vm_id), **{"api-version": _TAGS_VERSION}
        )
        try:
            return _tags_in(properties(found, needed=True))
        except ValueError as error:
            raise PassingError(f"an answer without tags: {error}") from None

    async def tags_of(self, vm_ids: Collection[str]) -> Mapping[str, Mapping[str, str]]:
        """The tags of VMs, with one listing per resource group instead of one request per VM. What is
        no VM, or is not listed, is left out."""
        groups = {p[:2] for vm_id in vm_ids if (p := parts_of_vm(vm_id)) is not None}
        found: dict[str, Mapping[str, str]] = {}
        for subscription, group in sorted(groups):
            path = f"/subscriptions/{subscription}/resourceGroups/{group}"
            address = self._clients.at(f"{path}/providers/Microsoft.Compute/virtualMachines")
            listed = await self._clients.listed(subscription, address, **{"api-version": VERSION})
            found |= dict(each(listed, lambda vm: (vm["id"].lower(), _tags_in(vm)), "a VM"))
        return {vm_id: found[vm_id.lower()] for vm_id in vm_ids if vm_id.lower() in found}

    async def set_tag(self, vm_id: str, name: str, value: str, *, on: bool) -> None:
        """Set or remove a tag through the tags' own address, which merges. A write of the VM would
        replace all its tags."""
        operation = "Merge" if on else "Delete"
        body = {"operation": operation, "properties": {"tags": {name: value}}}
        versioned = {"api-version": _TAGS_VERSION}
        await self._clients.send(
            _subscription(vm_id), "PATCH", self._tags(vm_id), body, **versioned
        )

    def _tags(self, vm_id: str) -> str:
        return f"{self._clients.at(vm_id)}/providers/Microsoft.Resources/tags/default"

    async def operation(self, pool: HostPoolId, address: str) -> OperationSeen:
        """The state of an operation, by one request. An operation outlives the process that began
        it, so its address is stored."""
        request = HttpRequest("GET", self._clients.checked(address))
        async with ours(write=False):
            response = await self._clients.request(pool.subscription, request)
            if response.status_code == 202:
                return OperationSeen(OperationState.RUNNING)
            response.raise_for_status()
            body = response.json() if response.content else {}
        if not isinstance(body, dict):
            raise PassingError("an operation's answer that is no JSON object")
        return _operation(body)


def _operation(body: Mapping[str, Any]) -> OperationSeen:
    """An answer without a status tells the result of an operation that is over: of one that failed, an error."""
    status = text(body.get("status", "failed" if body.get("error") else "succeeded")).lower()
    if status == "succeeded":
        return OperationSeen(OperationState.SUCCEEDED)
    if status in ("failed", "canceled", "cancelled"):
        error = body.get("error")
        error = error if isinstance(error, dict) else {}
        raw = f"{text(error.get('code')) or status}: {text(error.get('message'))}"
        return OperationSeen(OperationState.FAILED, raw)
    return OperationSeen(OperationState.RUNNING)


def _tags_in(holder: Mapping[str, Any]) -> dict[str, str]:
    """Raises ValueError for tags of another shape: that is not the same as none."""
    raw = holder.get("tags", {})
    if not isinstance(raw, dict):
        raise ValueError("tags that are no object")
    return {str(k): str(v) for k, v in raw.items()}


def parts_of(vm_id: str) -> tuple[str, str, str]:
    """Subscription, resource group and name of a VM. Raises RejectedError if the id is not of a VM
    of Microsoft.Compute."""
    found = parts_of_vm(vm_id)
    if found is None:
        raise RejectedError(f"not the resource id of a Microsoft.Compute VM: {vm_id[:200]!r}")
    return found


def _subscription(resource_id: str) -> str:
    """The subscription of any resource: session hosts may run on something other than a VM of
    Microsoft.Compute. Raises RejectedError if it is no resource id."""
    parts = resource_id.split("/")
    if len(parts) < 3 or parts[1].lower() != "subscriptions":
        raise RejectedError(f"not a resource id: {resource_id[:200]!r}")
    return parts[2]
