"""Azure, as far as the app uses it.

Every call raises OutsideError: PassingError (ThrottledError among them) where nothing happened and a
later try may succeed, AnswerLostError where a write may have happened, DeniedError where a right is
missing, NotFoundError where what it is about is not there, RejectedError where the service does not
take it. Times are UTC. A list is whole, whatever pages the service gave it in. What an item does not tell
is None.
"""

from collections.abc import Collection, Mapping
from contextvars import ContextVar
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
from shared.core.start.doctor.sources import SubscriptionSeen, TopicSeen
from shared.core.start.rights import Permission
from shared.core.values.hostpool import HostPoolId

HURRY: ContextVar[bool] = ContextVar("hurry", default=False)
"""Whether what is asked of Azure just now is for hosts that are due to go back: then it goes before what
others ask."""


class ControlPlane(Protocol):
    """Azure Virtual Desktop. Host and session names are sent in the casing it returned."""

    async def pool(self, pool: HostPoolId) -> PoolSeen:
        """The host pool itself: its type, its session limit, its agent windows."""
        ...

    async def pools(self, scope: str) -> tuple[HostPoolId, ...]:
        """The host pools of a subscription, or of a resource group, by its resource id. One whose own
        id cannot be read is left out, and said in the log."""
        ...

    async def plans(self, pool: HostPoolId) -> tuple[PlanSeen, ...]:
        """The scaling plans that are assigned to the pool, enabled for it or not. Raises PassingError if one
        of them cannot be read."""
        ...

    async def host_update(self, pool: HostPoolId) -> str:
        """The vendor's own session host update that runs on the pool, or is due, in words; empty
        if there is none. Raises PassingError where no version of the service tells it."""
        ...

    async def hosts(self, pool: HostPoolId) -> tuple[HostSeen, ...]:
        """The session hosts of a pool, in the order of the service. It may lag: a write of a moment ago
        need not show."""
        ...

    async def sessions(self, pool: HostPoolId) -> tuple[SessionSeen, ...]:
        """The user sessions on all hosts of a pool. It may lag. Raises PassingError if one of them cannot
        be read: it may be on any host."""
        ...

    async def set_allow_new_session(self, pool: HostPoolId, host: str, allow: bool) -> None:
        """``allow=False`` turns drain mode on. Again does no harm."""
        ...

    async def send_message(
        self, pool: HostPoolId, host: str, session_id: str, title: str, text: str
    ) -> None:
        """Show a message to one session. Again shows it again."""
        ...

    async def sign_out(self, pool: HostPoolId, host: str, session_id: str, force: bool) -> None:
        """End one session. ``force``: also one that does not answer, with the loss of its work. It ends
        some time after the call."""
        ...


class Machines(Protocol):
    """The virtual machines behind the session hosts."""

    async def machine(self, vm_id: str) -> MachineSeen:
        """A VM's instance view."""
        ...

    async def tags(self, vm_id: str) -> Mapping[str, str]:
        """A VM's tags, names in the casing in which they were set."""
        ...

    async def tags_of(self, vm_ids: Collection[str]) -> Mapping[str, Mapping[str, str]]:
        """The tags of many VMs, by VM id as given; a VM that is not found has none."""
        ...

    async def set_tag(self, vm_id: str, name: str, value: str, *, on: bool) -> None:
        """Set one tag, or remove it if it has this value; all others stay as they are."""
        ...

    async def power(self, vm_id: str, what: PowerAction) -> str | None:
        """Begin an operation; its address, None if it is already over. Not to be repeated before it is
        known what came of it."""
        ...

    async def operation(self, pool: HostPoolId, address: str) -> OperationSeen:
        """How far an operation is, by the address that ``power`` gave. ``pool``: whose subscription's
        quota it counts for."""
        ...


class UpdateRuns(Protocol):
    """Maintenance runs of Azure Update Manager, by their resource ids."""

    async def machines(self, run: str, subscriptions: Collection[str]) -> tuple[str, ...]:
        """The VMs that a run is to patch: their resource ids."""
        ...

    async def state(self, run: str) -> RunSeen:
        """How far a run is."""
        ...

    async def cancel(self, run: str) -> None:
        """For this time, and for all its machines. Again does no harm."""
        ...


class Conditions(Protocol):
    """Where a policy's conditions are asked after."""

    async def reply(self, pool: HostPoolId, ask: Ask) -> Reply:
        """What came of asking. That a stranger's address does not answer is a reply, too."""
        ...


class Rights(Protocol):
    """What the app may do."""

    async def permissions(self, scope: str) -> tuple[Permission, ...]:
        """What the app's identity may do at a resource, or in a resource group."""
        ...


class EventSources(Protocol):
    """What brings events."""

    async def topics(self, group: str) -> tuple[TopicSeen, ...]:
        """The topics of a resource group, named by its resource id: system topics and others."""
        ...

    async def subscriptions(self, topic: str) -> tuple[SubscriptionSeen, ...]:
        """The event subscriptions of a topic, named by its resource id."""
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
        """Begin one; ``time_limit`` is in seconds. The same name again does not run it again. Raises
        RejectedError if the operator does not allow the command."""
        ...

    async def script(self, vm_id: str, run: str) -> ScriptSeen:
        """How far a run is, with the end of what it printed."""
        ...

    async def forget(self, vm_id: str, run: str) -> None:
        """Remove a run, and stop it if it has not ended."""
        ...
