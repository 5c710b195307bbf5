"""The part of Microsoft.Compute that the app uses: VMs, their instance view, power and tags."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from local.sim.estate.things import Host, Pool
from local.sim.estate.world import World
from local.sim.services import runcommands
from local.sim.services.access import Where, on_vm, on_vms_of
from local.sim.services.arm import Answer, ArmError, Call, page, stamp

_COMPUTE = "Microsoft.Compute"
_POWER = {
    "restart": "restart",
    "deallocate": "deallocate",
    "start": "start",
    "poweroff": "powerOff",
    "redeploy": "redeploy",
}


@dataclass(slots=True)
class Operation:
    id: str
    started_at: datetime
    where: Where
    """The resource group of the VM: the operation's address does not name the VM."""
    error: str | None = None
    """None while the operation runs; then its error, empty if it succeeded."""


@dataclass(slots=True)
class Machines:
    operations: dict[str, Operation] = field(default_factory=dict)

    def answer(self, world: World, call: Call) -> Answer:
        """What a call is, and how to carry it out. Raises ArmError."""
        if call.types[:1] == ("locations",) and call.types[1:] == ("operations",):
            operation = self._operation(call.names[1])
            return Answer(
                "operations.get", "", f"{_COMPUTE}/locations/operations/read", operation.where,
                lambda: _progress(operation),
            )  # fmt: skip
        if call.method == "GET" and call.types == ("virtualmachines",) and not call.names:
            return Answer(
                "virtualMachines.list", "", f"{_COMPUTE}/virtualMachines/read",
                on_vms_of(world, call.subscription, call.group),
                lambda: (200, _list(world, call), {}),
            )  # fmt: skip
        if call.types[:1] != ("virtualmachines",) or not call.names:
            raise ArmError(404, "NotFound", "There is nothing here.")
        pool, host = _host(world, call)
        if call.types == ("virtualmachines", "runcommands") and len(call.names) > 1:
            return runcommands.answer(world, call, pool, host)
        action = call.types[1] if len(call.types) > 1 else ""
        right, where = f"{_COMPUTE}/virtualMachines", on_vm(pool, host)
        match call.method, action:
            case "GET", "":
                return Answer(
                    "virtualMachines.get", host.name, f"{right}/read", where,
                    lambda: (200, _vm_json(world, host), {}),
                )  # fmt: skip
            case "GET", "instanceview":
                return Answer(
                    "virtualMachines.instanceView", host.name, f"{right}/instanceView/read", where,
                    lambda: (200, _view(host), {}),
                )  # fmt: skip
            case "PATCH", "":
                return Answer(
                    "virtualMachines.update", host.name, f"{right}/write", where,
                    lambda: _tags(world, host, call),
                )  # fmt: skip
            case "POST", power if power in _POWER:
                return Answer(
                    f"virtualMachines.{_POWER[power]}", host.name,
                    f"{right}/{_POWER[power]}/action", where,
                    lambda: self._power(world, pool, host, _POWER[power], call),
                )  # fmt: skip
        raise ArmError(405, "MethodNotAllowed", f"{call.method} is not for {'/'.join(call.types)}.")

    def _power(
        self, world: World, pool: Pool, host: Host, what: str, call: Call
    ) -> tuple[int, Any, dict[str, str]]:
        if host.vm.busy:
            text = f"The VM is busy with '{host.vm.busy}'."
            raise ArmError(409, "OperationNotAllowed", text)
        if what in ("restart", "redeploy") and host.vm.power != "running":
            text = f"Operation '{what}' is not allowed on a VM that is not running."
            raise ArmError(409, "OperationNotAllowed", text)
        group = on_vms_of(world, pool.subscription, pool.group_of_vms)
        operation = Operation(world.new_id(), world.now, group)
        self.operations[operation.id] = operation

        def done(error: str) -> None:
            operation.error = error

        host.vm.hibernated = what == "deallocate" and call.query.get("hibernate") == "true"
        world.power(host, what, done)
        address = (
            f"{call.base}/subscriptions/{call.subscription}/providers/Microsoft.Compute/locations/"
            f"{world.location}/operations/{operation.id}?api-version={call.query['api-version']}"
        )
        headers = {
            "Azure-AsyncOperation": address,
            "Location": address + "&monitor=true",
            "Retry-After": "10",
        }
        return 202, None, headers

    def _operation(self, id_: str) -> Operation:
        operation = self.operations.get(id_)
        if operation is None:
            raise ArmError(404, "OperationNotFound", "The operation was not found.")
        return operation


def _progress(operation: Operation) -> tuple[int, Any, dict[str, str]]:
    body: dict[str, Any] = {"name": operation.id, "startTime": stamp(operation.started_at)}
    if operation.error is None:
        return 200, {**body, "status": "InProgress"}, {"Retry-After": "10"}
    if operation.error:
        error = {"code": "OSProvisioningTimedOut", "message": operation.error}
        return 200, {**body, "status": "Failed", "error": error}, {}
    return 200, {**body, "status": "Succeeded"}, {}


def _host(world: World, call: Call) -> tuple[Pool, Host]:
    for pool in world.pools:
        for host in pool.hosts.values():
            if (
                host.short.lower() == call.names[0].lower()
                and pool.subscription == call.subscription
            ):
                return pool, host
    text = f"The Resource 'Microsoft.Compute/virtualMachines/{call.names[0]}' was not found."
    raise ArmError(404, "ResourceNotFound", text)


def tags(world: World, call: Call, vm: str) -> Answer:
    """Microsoft.Resources/tags of a VM: read, merge, delete by name and value."""
    whose = Call(
        call.method, call.subscription, call.group, "", ("virtualmachines",), (vm,), call.query,
        call.body, call.base,
    )  # fmt: skip
    pool, host = _host(world, whose)

    def answer() -> tuple[int, Any, dict[str, str]]:
        if call.method == "PATCH":
            _change_tags(world, host, call.body or {})
        address = f"{host.vm.id}/providers/Microsoft.Resources/tags/default"
        return 200, {"id": address, "properties": {"tags": host.vm.tags}}, {}

    what = {"GET": "get", "PATCH": "updateAtScope"}.get(call.method)
    if what is None:
        raise ArmError(405, "MethodNotAllowed", f"{call.method} is not for tags.")
    right = "Microsoft.Resources/tags/" + ("read" if call.method == "GET" else "write")
    return Answer(f"tags.{what}", host.name, right, on_vm(pool, host), answer)


def _change_tags(world: World, host: Host, body: dict[str, Any]) -> None:
    given = {str(k): str(v) for k, v in ((body.get("properties") or {}).get("tags") or {}).items()}
    match body.get("operation"):
        case "Merge":
            host.vm.tags = {**host.vm.tags, **given}
        case "Delete":
            host.vm.tags = {k: v for k, v in host.vm.tags.items() if given.get(k) != v}
        case "Replace":
            host.vm.tags = given
        case other:
            raise ArmError(400, "InvalidTagsOperation", f"'{other}' is no operation on tags.")
    world.note("tags", host, tags=dict(host.vm.tags))


def _list(world: World, call: Call) -> dict[str, Any]:
    found = [
        host
        for pool in world.pools
        for host in pool.hosts.values()
        if pool.subscription == call.subscription
        and pool.group_of_vms.lower() == call.group.lower()
    ]
    path = f"/subscriptions/{call.subscription}/resourceGroups/{call.group}"
    path = f"{path}/providers/Microsoft.Compute/virtualMachines"
    return page(call, found, path, lambda host: _vm_json(world, host))


def _tags(world: World, host: Host, call: Call) -> tuple[int, Any, dict[str, str]]:
    tags = (call.body or {}).get("tags")
    if isinstance(tags, dict):
        host.vm.tags = {str(k): str(v) for k, v in tags.items()}
        world.note("tags", host, tags=host.vm.tags)
    return 200, _vm_json(world, host), {}


def _vm_json(world: World, host: Host) -> dict[str, Any]:
    return {
        "name": host.short,
        "id": host.vm.id,
        "type": "Microsoft.Compute/virtualMachines",
        "location": world.location,
        "tags": host.vm.tags,
        "properties": {
            "vmId": host.object_id,
            "provisioningState": "Updating" if host.vm.busy else "Succeeded",
        },
    }


def _view(host: Host) -> dict[str, Any]:
    """The instance view. While an operation runs, the VM is ``updating``; afterwards the state has
    the time at which it ended."""
    state = "updating" if host.vm.busy else "succeeded"
    provisioning: dict[str, Any] = {
        "code": f"ProvisioningState/{state}",
        "level": "Info",
        "displayStatus": f"Provisioning {state}",
    }
    if not host.vm.busy:
        provisioning["time"] = stamp(host.vm.changed_at)
    power = {
        "code": f"PowerState/{host.vm.power}",
        "level": "Info",
        "displayStatus": f"VM {host.vm.power}",
    }
    statuses = [provisioning, power]
    if host.vm.hibernated and host.vm.power == "deallocated":
        statuses.append({"code": "HibernationState/Hibernated", "level": "Info"})
    return {"statuses": statuses}
