"""Azure, as far as the app uses it.

Every call may raise an OutsideError:

- PassingError (ThrottledError is one): nothing happened, and a later try may succeed
- AnswerLostError: the call may have taken effect; look before repeating a write
- DeniedError: the app's identity lacks a right
- NotFoundError: the resource does not exist
- RejectedError: the service, or the adapter, does not accept the request

Times are UTC. A list holds the items of all the service's pages. It leaves out an item that cannot
be read, and logs it, unless the call says otherwise. A field that the service does not fill in is
None, or empty if it is a text.
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
"""Whether the current request to Azure serves hosts that are due to be restored. The limiter then
sends it before other requests."""


class ControlPlane(Protocol):
    """Azure Virtual Desktop. Pass host and session names in the casing that the service returned."""

    async def pool(self, pool: HostPoolId) -> PoolSeen:
        """The host pool itself: type, session limit, agent update windows."""
        ...

    async def pools(self, scope: str) -> tuple[HostPoolId, ...]:
        """The host pools of a subscription or a resource group, whose resource id is ``scope``."""
        ...

    async def plans(self, pool: HostPoolId) -> tuple[PlanSeen, ...]:
        """All scaling plans that are assigned to the pool, whether enabled for it or not. Raises
        PassingError if one of them cannot be read."""
        ...

    async def host_update(self, pool: HostPoolId) -> str:
        """The state of the vendor's own session host update that runs on the pool or is scheduled,
        in the service's words; empty if there is none. Raises RejectedError if the service
        accepts none of the preview api-versions that report it."""
        ...

    async def hosts(self, pool: HostPoolId) -> tuple[HostSeen, ...]:
        """The pool's session hosts, in the order of the service. The list may lag: a recent write
        need not show yet."""
        ...

    async def sessions(self, pool: HostPoolId, *, whole: bool = True) -> tuple[SessionSeen, ...]:
        """The user sessions on all hosts of the pool; if not ``whole`` only some of them, to see whether
        they can be read. The list may lag. Raises PassingError if one session cannot be read, because
        it may be on any host."""
        ...

    async def sessions_on(
        self, pool: HostPoolId, hosts: Collection[str]
    ) -> tuple[SessionSeen, ...] | None:
        """The user sessions on the hosts of these names. None if the list of the whole pool takes no more
        requests, as far as is known, or if the sessions of one host cannot be listed alone."""
        ...

    def room(self, pool: HostPoolId) -> int:
        """How many writes to the pool would be sent at once if they were asked for now, by what is
        known of the service's limits. Further writes would wait. The service is not asked."""
        ...

    async def set_allow_new_session(self, pool: HostPoolId, host: str, allow: bool) -> None:
        """Set drain mode: ``allow=False`` turns it on, ``allow=True`` off. Repeating it does no
        harm."""
        ...

    async def send_message(
        self, pool: HostPoolId, host: str, session_id: str, title: str, text: str
    ) -> None:
        """Show a message to one session. Repeating the call shows the message again. Raises
        NotFoundError if the session has ended, RejectedError for an empty ``session_id``."""
        ...

    async def sign_out(self, pool: HostPoolId, host: str, session_id: str, force: bool) -> None:
        """Begin to sign out one session; it ends some time after the call. ``force=True`` also ends
        a session that does not respond, and unsaved work in it is lost. Raises NotFoundError if
        the session has ended, RejectedError for an empty ``session_id``."""
        ...


class Machines(Protocol):
    """The virtual machines behind the session hosts. ``vm_id`` is a VM's resource id. Calls raise
    RejectedError for an id that they cannot use."""

    async def machine(self, vm_id: str) -> MachineSeen:
        """The VM's instance view: power state, and whether an operation is running."""
        ...

    async def tags(self, vm_id: str) -> Mapping[str, str]:
        """The VM's tags. Names keep the casing in which they were set."""
        ...

    async def tags_of(self, vm_ids: Collection[str]) -> Mapping[str, Mapping[str, str]]:
        """The tags of many VMs, by the VM ids as given. A VM that is not found, or an id that is no
        VM's, has no tags. One request for each resource group."""
        ...

    async def set_tag(self, vm_id: str, name: str, value: str, *, on: bool) -> None:
        """Set one tag (``on=True``), or remove it if it has this value (``on=False``). Other tags
        stay as they are. Repeating it does no harm."""
        ...

    async def power(self, vm_id: str, what: PowerAction) -> str | None:
        """Begin a power operation. Returns the address at which it can be followed, or None if the
        service gave none: the operation is over. Do not repeat the call before the outcome of
        the first is known."""
        ...

    async def operation(self, pool: HostPoolId, address: str) -> OperationSeen:
        """The state of a long operation, by the address that ``power`` returned. The request counts
        against the quota of ``pool``'s subscription. Raises RejectedError for an address outside
        the control plane."""
        ...


class UpdateRuns(Protocol):
    """Maintenance runs of Azure Update Manager. ``run`` is a run's resource id. Each call raises
    RejectedError for any other text."""

    async def machines(self, run: str, subscriptions: Collection[str]) -> tuple[str, ...]:
        """The resource ids of the VMs that the run is to patch, found in these subscriptions."""
        ...

    async def state(self, run: str) -> RunSeen:
        """The status of the run."""
        ...

    async def cancel(self, run: str) -> None:
        """Cancel this run, for all its VMs; later runs of its schedule take place. Repeating it
        does no harm."""
        ...


class Conditions(Protocol):
    """Where the questions of a policy's conditions are asked."""

    async def reply(self, pool: HostPoolId, ask: Ask) -> Reply:
        """The reply to one question. For an address that is its HTTP status, whatever it is. Raises
        OutsideError if there is no reply."""
        ...


class Rights(Protocol):
    """What Azure lets the app do. Each call raises OutsideError."""

    async def permissions(self, scope: str) -> tuple[Permission, ...]:
        """The permissions of the app's identity on ``scope``, the id of a resource or a resource
        group: one for each role that it holds there."""
        ...


class EventSources(Protocol):
    """What brings events. Each call raises OutsideError."""

    async def topics(self, group: str) -> tuple[TopicSeen, ...]:
        """The topics of a resource group, named by its resource id: system topics and others."""
        ...

    async def subscriptions(self, topic: str) -> tuple[SubscriptionSeen, ...]:
        """The event subscriptions of a topic, named by its resource id."""
        ...


class Scripts(Protocol):
    """Scripts that run on VMs. Each run is a resource of the VM, with a name that the caller
    chooses."""

    async def run(
        self,
        vm_id: str,
        run: str,
        command: str,
        parameters: Mapping[str, str],
        time_limit: int,
    ) -> None:
        """Begin a run named ``run`` of the allowed script named ``command``; the service stops it
        after ``time_limit`` seconds. A repeated call with the same name does not run the script
        again. Raises RejectedError if the operator does not allow the command."""
        ...

    async def script(self, vm_id: str, run: str) -> ScriptSeen:
        """The state of a run, with the last part of its output. Raises NotFoundError if the VM has
        no such run."""
        ...

    async def forget(self, vm_id: str, run: str) -> None:
        """Remove a run from the VM. This stops a run that has not ended. Raises NotFoundError if
        there is none."""
        ...
