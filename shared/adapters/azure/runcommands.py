"""Scripts on VMs, as managed run commands, through Azure's compute API.

The resource's creation ends when the script starts (``asyncExecution``); the state of the script is
in its instance view. The service stops the script after ``timeoutInSeconds``, and when the resource
is deleted.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from shared.adapters.azure.arm.clients import ArmClients
from shared.adapters.azure.fields import text
from shared.adapters.azure.machines import VERSION, parts_of
from shared.core.access.allowed import Script
from shared.core.observation.seen import OperationState, ScriptSeen
from shared.errors import PassingError, RejectedError

_VERSIONED = {"api-version": VERSION}
_STATES = {
    "succeeded": OperationState.SUCCEEDED,
    "failed": OperationState.FAILED,
    "timedout": OperationState.FAILED,
    "canceled": OperationState.FAILED,
}
"""The execution states that are final. The others are ``Unknown``, ``Pending`` and ``Running``."""


class AzureRunCommands:
    """Implements ``shared.ports.Scripts``."""

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
        subscription, _, _ = parts_of(vm_id)
        vm = await self._clients.json(subscription, self._clients.at(vm_id), **_VERSIONED)
        wanted = {
            "location": vm.get("location"),
            "properties": {
                "source": {"script": script.text} if script.text else {"scriptUri": script.uri},
                "parameters": [{"name": k, "value": v} for k, v in parameters.items() if v],
                "asyncExecution": True,
                "timeoutInSeconds": time_limit,
            },
        }
        await self._clients.send(subscription, "PUT", self._at(vm_id, run), wanted, **_VERSIONED)

    async def script(self, vm_id: str, run: str) -> ScriptSeen:
        """The state of a script. Raises PassingError for a response of another shape: not knowing
        is not an end."""
        subscription, _, _ = parts_of(vm_id)
        params = {**_VERSIONED, "$expand": "instanceView"}
        found = await self._clients.json(subscription, self._at(vm_id, run), **params)
        properties = found.get("properties")
        if not isinstance(properties, dict):
            raise PassingError("a run command without properties in its answer")
        return _script(properties)

    async def forget(self, vm_id: str, run: str) -> None:
        subscription, _, _ = parts_of(vm_id)
        await self._clients.send(subscription, "DELETE", self._at(vm_id, run), **_VERSIONED)

    def _at(self, vm_id: str, run: str) -> str:
        return f"{self._clients.at(vm_id)}/runCommands/{quote(run, safe='')}"


def _script(properties: Mapping[str, Any]) -> ScriptSeen:
    raw = text(properties.get("provisioningState")).lower()
    view = properties.get("instanceView")
    if not isinstance(view, dict):
        return ScriptSeen(_STATES["failed"] if raw == "failed" else OperationState.RUNNING)
    state = text(view.get("executionState")) or "Unknown"
    known = _STATES.get(state.lower(), OperationState.RUNNING)
    if known is OperationState.RUNNING and raw == "failed":
        known, state = OperationState.FAILED, "it could not be started"
    printed = "\n".join(str(view[name]) for name in ("output", "error") if view.get(name))
    code = view.get("exitCode")
    return ScriptSeen(known, printed, f"exit code {code}" if code else state)
