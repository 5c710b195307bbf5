"""Azure, as far as the app uses it."""

from collections.abc import Collection, Mapping
from typing import Protocol

from shared.core.conditions import Ask, Reply
from shared.core.host.actions import PowerAction
from shared.core.observation.seen import (
    HostSeen,
    MachineSeen,
    OperationSeen,
    PlanSeen,
    PoolSeen,
    RunSeen,
    ScriptSeen,
    SessionSeen,
)
from shared.core.start.rights import Permission
from shared.core.values.hostpool import HostPoolId


class ControlPlane(Protocol):
    """Azure Virtual Desktop. Host and session names are sent in the casing it returned."""

    async def pool(self, pool: HostPoolId) -> PoolSeen: ...

    async def pools(self, scope: str) -> tuple[HostPoolId, ...]:
        """The host pools of a subscription, or of a resource group, by its resource id."""
        ...

    async def plans(self, pool: HostPoolId) -> tuple[PlanSeen, ...]: ...

    async def host_update(self, pool: HostPoolId) -> str:
        """The vendor's own session host update that runs on the pool, or is due, in words; empty
        if there is none."""
        ...

    async def hosts(self, pool: HostPoolId) -> tuple[HostSeen, ...]: ...

    async def sessions(self, pool: HostPoolId) -> tuple[SessionSeen, ...]: ...

    async def set_allow_new_session(self, pool: HostPoolId, host: str, allow: bool) -> None: ...

    async def send_message(
        self, pool: HostPoolId, host: str, session_id: str, title: str, text: str
    ) -> None: ...

    async def sign_out(self, pool: HostPoolId, host: str, session_id: str, force: bool) -> None: ...


class Machines(Protocol):
    """The virtual machines behind the session hosts."""

    async def machine(self, vm_id: str) -> MachineSeen: ...

    async def tags(self, vm_id: str) -> Mapping[str, str]: ...

    async def tags_of(self, vm_ids: Collection[str]) -> Mapping[str, Mapping[str, str]]:
        """The tags of many VMs, by VM id as given; a VM that is not found has none."""
        ...

    async def set_tag(self, vm_id: str, name: str, value: str, *, on: bool) -> None:
        """Set one tag, or remove it if it has this value; all others stay as they are."""
        ...

    async def power(self, vm_id: str, what: PowerAction) -> str | None:
        """Begin an operation; its address, None if it is already over."""
        ...

    async def operation(self, pool: HostPoolId, address: str) -> OperationSeen: ...


class UpdateRuns(Protocol):
    """Maintenance runs of Azure Update Manager, by their resource ids."""

    async def machines(self, run: str, subscriptions: Collection[str]) -> tuple[str, ...]:
        """The VMs that a run is to patch: their resource ids."""
        ...

    async def state(self, run: str) -> RunSeen: ...

    async def cancel(self, run: str) -> None:
        """For this time, and for all its machines. Again does no harm."""
        ...


class Conditions(Protocol):
    """Where a policy's conditions are asked after."""

    async def reply(self, pool: HostPoolId, ask: Ask) -> Reply: ...


class Rights(Protocol):
    async def permissions(self, scope: str) -> tuple[Permission, ...]:
        """What the app's identity may do at a resource, or in a resource group."""
        ...


class Scripts(Protocol):
    """Scripts that run on VMs, as runs with names of their own."""

    async def run(
        self,
        vm_id: str,
        run: str,
        command: str,
        parameters: Mapping[str, str],
        time_limit: int,
    ) -> None:
        """Begin one. Raises RejectedError if the operator does not allow the command."""
        ...

    async def script(self, vm_id: str, run: str) -> ScriptSeen: ...

    async def forget(self, vm_id: str, run: str) -> None:
        """Remove a run, and stop it if it has not ended."""
        ...
