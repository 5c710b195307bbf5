"""Every action of Azure that the app uses: where, for which feature, and in which call of a port.

This is the only list. ``docs/permissions.md`` is made from it, the roles in ``infra/`` are compared
with it, and the start of a drain looks up what its policy needs. A test compares it with what the
calls ask of the simulated Azure. The names are the vendor's resource provider operations.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Scope(StrEnum):
    """Where a right is needed. The values are words for readers."""

    POOLS = "host pools"
    MACHINES = "VMs"
    CONFIGURATIONS = "maintenance configurations"
    SUBSCRIPTION = "subscriptions"
    SOURCES = "event sources"


class Feature(StrEnum):
    """What a right is needed for: the kinds of maintenance, and the names in ``hostFeatures`` in
    ``infra/``."""

    DRAIN = "drain"
    START = "start"
    MESSAGES = "messages"
    SIGN_OUT = "signOut"
    HOST_UPDATE = "hostUpdate"
    SCALING_PLANS = "scalingPlans"
    RESTART = "restart"
    REDEPLOY = "redeploy"
    DEALLOCATE = "deallocate"
    RUN_COMMAND = "runCommand"
    UPDATE_RUN = "updateRun"
    CONDITIONS = "conditions"
    EVENT_SOURCES = "eventSources"

    @property
    def meaning(self) -> str:
        return _MEANINGS[self]


_MEANINGS = {
    Feature.DRAIN: "drain mode, sessions and the state of VMs: every drain",
    Feature.START: "what is read before a drain: scaling plans, tags it selects by, the app's own rights",
    Feature.MESSAGES: "messages to users",
    Feature.SIGN_OUT: "signing users out",
    Feature.HOST_UPDATE: "seeing the vendor's own session host update",
    Feature.SCALING_PLANS: "the tag that keeps autoscale away",
    Feature.RESTART: "maintenance `restart`",
    Feature.REDEPLOY: "maintenance `redeploy`",
    Feature.DEALLOCATE: "maintenance `deallocate`",
    Feature.RUN_COMMAND: "maintenance `runCommand`",
    Feature.UPDATE_RUN: "runs of Update Manager: their events, and maintenance `updateRun`",
    Feature.CONDITIONS: "conditions on alerts and service issues",
    Feature.EVENT_SOURCES: "the doctor's look at what brings events",
}
ALWAYS = frozenset({Feature.DRAIN, Feature.START})
"""Features that cannot be left out of the role on hosts."""


@dataclass(frozen=True, slots=True)
class Right:
    """One action at one scope, and the features that need it."""

    action: str
    scope: Scope
    features: tuple[Feature, ...]
    calls: tuple[str, ...]
    """The methods of ports that use it, as ``Port.method``."""


def _right(action: str, scope: Scope, features: str, calls: str) -> Right:
    return Right(
        f"Microsoft.{action}", scope, tuple(map(Feature, features.split())), tuple(calls.split())
    )


_POOL = "DesktopVirtualization/hostpools"
_HOST = f"{_POOL}/sessionhosts"
_MANAGED = f"{_POOL}/sessionHostManagements"
_VM = "Compute/virtualMachines"
_STOPS = "restart deallocate runCommand"
"""A VM that was started for its maintenance is stopped again, and one that was deallocated is
started."""

TABLE: tuple[Right, ...] = (
    _right(f"{_POOL}/read", Scope.POOLS, "drain",
           "ControlPlane.pool ControlPlane.pools Conditions.reply"),
    _right(f"{_HOST}/read", Scope.POOLS, "drain", "ControlPlane.hosts"),
    _right(f"{_HOST}/write", Scope.POOLS, "drain", "ControlPlane.set_allow_new_session"),
    _right(f"{_HOST}/usersessions/read", Scope.POOLS, "drain",
           "ControlPlane.sessions ControlPlane.sessions_on"),
    _right(f"{_HOST}/usersessions/sendMessage/action", Scope.POOLS, "messages",
           "ControlPlane.send_message"),
    _right(f"{_HOST}/usersessions/delete", Scope.POOLS, "signOut", "ControlPlane.sign_out"),
    _right("DesktopVirtualization/scalingPlans/read", Scope.POOLS, "start", "ControlPlane.plans"),
    _right("Authorization/permissions/read", Scope.POOLS, "start", "Rights.permissions"),
    _right(f"{_MANAGED}/sessionHostUpdateStatuses/read", Scope.POOLS, "hostUpdate",
           "ControlPlane.host_update"),
    _right(f"{_MANAGED}/sessionHostProvisioningStatuses/read", Scope.POOLS, "hostUpdate",
           "ControlPlane.host_update"),
    _right(f"{_VM}/instanceView/read", Scope.MACHINES, "drain", "Machines.machine"),
    _right(f"{_VM}/read", Scope.MACHINES, "start runCommand", "Machines.tags_of Scripts.run"),
    _right("Authorization/permissions/read", Scope.MACHINES, "start", "Rights.permissions"),
    _right("Resources/tags/read", Scope.MACHINES, "scalingPlans", "Machines.tags"),
    _right("Resources/tags/write", Scope.MACHINES, "scalingPlans", "Machines.set_tag"),
    _right(f"{_VM}/restart/action", Scope.MACHINES, "restart", "Machines.power"),
    _right(f"{_VM}/redeploy/action", Scope.MACHINES, "redeploy", "Machines.power"),
    _right(f"{_VM}/start/action", Scope.MACHINES, _STOPS, "Machines.power"),
    _right(f"{_VM}/deallocate/action", Scope.MACHINES, _STOPS, "Machines.power"),
    _right(f"{_VM}/powerOff/action", Scope.MACHINES, "restart runCommand", "Machines.power"),
    _right("Compute/locations/operations/read", Scope.MACHINES, f"{_STOPS} redeploy",
           "Machines.operation"),
    _right(f"{_VM}/runCommands/read", Scope.MACHINES, "runCommand", "Scripts.script"),
    _right(f"{_VM}/runCommands/write", Scope.MACHINES, "runCommand", "Scripts.run"),
    _right(f"{_VM}/runCommands/delete", Scope.MACHINES, "runCommand", "Scripts.forget"),
    _right("Maintenance/applyUpdates/read", Scope.CONFIGURATIONS, "updateRun", "UpdateRuns.state"),
    _right("Maintenance/applyUpdates/write", Scope.CONFIGURATIONS, "updateRun",
           "UpdateRuns.cancel"),
    _right("ResourceGraph/resources/read", Scope.SUBSCRIPTION, "updateRun conditions",
           "UpdateRuns.machines Conditions.reply"),
    _right("Maintenance/applyUpdates/read", Scope.SUBSCRIPTION, "updateRun",
           "UpdateRuns.machines"),
    _right("AlertsManagement/alerts/read", Scope.SUBSCRIPTION, "conditions", "Conditions.reply"),
    _right("ResourceHealth/events/read", Scope.SUBSCRIPTION, "conditions", "Conditions.reply"),
    _right("EventGrid/systemTopics/read", Scope.SOURCES, "eventSources", "EventSources.topics"),
    _right("EventGrid/systemTopics/eventSubscriptions/read", Scope.SOURCES, "eventSources",
           "EventSources.subscriptions"),
    _right("EventGrid/topics/read", Scope.SOURCES, "eventSources", "EventSources.topics"),
    _right("EventGrid/topics/eventSubscriptions/read", Scope.SOURCES, "eventSources",
           "EventSources.subscriptions"),
)  # fmt: skip


def actions(scope: Scope, features: frozenset[Feature]) -> Iterator[str]:
    """The actions that these features need at this scope, in the table's order."""
    return (r.action for r in TABLE if r.scope is scope and not features.isdisjoint(r.features))
