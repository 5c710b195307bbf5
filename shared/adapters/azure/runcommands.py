"""Scripts on VMs as managed run commands, by azure-mgmt-compute.

The resource's creation ends when the script starts (``asyncExecution``); how the script fares is
in its instance view. The service stops it after ``timeoutInSeconds``, and when it is deleted.
"""

from collections.abc import Mapping
from typing import Any

from shared.adapters.azure.arm.clients import ArmClients
from shared.adapters.azure.machines import parts_of
from shared.adapters.faults import ours
from shared.core.observation.seen import OperationState, ScriptSeen
from shared.core.values.allowed import Script
from shared.errors import RejectedError

_STATES = {
    "succeeded": OperationState.SUCCEEDED,
    "failed": OperationState.FAILED,
    "timedout": OperationState.FAILED,
    "canceled": OperationState.FAILED,
}
"""Execution states that are final; the others are ``Unknown``, ``Pending`` and ``Running``."""


class AzureRunCommands:
    """Keeps the protocol ``shared.ports.Scripts``."""

    def __init__(self, clients: ArmClients, scripts: Mapping[str, Script]) -> None:
        self._clients = clients
        self._scripts = scripts

    async def run(
        self,
        vm_id: str,
        run: str,
        command: str,
        parameters: Mapping[str, str],
        time_limit: int,
    ) -> None:
        script = self._scripts.get(command)
        if script is None:
            raise RejectedError(f"script '{command}' is not among the allowed ones any more")
        subscription, group, name = parts_of(vm_id)
        client = self._clients.compute(subscription)
        async with ours(write=False):
            vm = await client.virtual_machines.get(group, name)
        wanted: Any = {
            "location": vm.location,
            "properties": {
                "source": {"script": script.text} if script.text else {"scriptUri": script.uri},
                "parameters": [{"name": k, "value": v} for k, v in parameters.items() if v],
                "asyncExecution": True,
                "timeoutInSeconds": time_limit,
            },
        }
        async with ours(write=True):
            await client.virtual_machine_run_commands.begin_create_or_update(
                group, name, run, wanted, polling=False
            )

    async def script(self, vm_id: str, run: str) -> ScriptSeen:
        subscription, group, name = parts_of(vm_id)
        commands = self._clients.compute(subscription).virtual_machine_run_commands
        async with ours(write=False):
            found = await commands.get_by_virtual_machine(group, name, run, expand="instanceView")
            return _script(found.properties)

    async def forget(self, vm_id: str, run: str) -> None:
        subscription, group, name = parts_of(vm_id)
        commands = self._clients.compute(subscription).virtual_machine_run_commands
        async with ours(write=True):
            await commands.begin_delete(group, name, run, polling=False)


def _script(properties: Any) -> ScriptSeen:
    view = properties.instance_view if properties is not None else None
    raw = str(getattr(properties, "provisioning_state", "") or "").lower()
    if view is None:
        return ScriptSeen(_STATES["failed"] if raw == "failed" else OperationState.RUNNING)
    state = _word(view.execution_state)
    known = _STATES.get(state.lower(), OperationState.RUNNING)
    if known is OperationState.RUNNING and raw == "failed":
        known, state = OperationState.FAILED, "it could not be started"
    output = "\n".join(str(part) for part in (view.output, view.error) if part)
    code = f"exit code {view.exit_code}" if view.exit_code else state
    return ScriptSeen(known, output, code)


def _word(value: Any) -> str:
    return str(getattr(value, "value", value) or "Unknown")
