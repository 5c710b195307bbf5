"""Which rights a drain needs, and which of them the app's identity lacks.

A right is an action of Azure's role-based access control. What an identity may do is a list of
permissions, one for each role. An action is allowed if one role lists it, with ``*`` for anything,
and does not exclude it again.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from shared.core.observation.seen import PoolFacts
from shared.core.policy.policy import AtDeadline, Policy
from shared.core.start.permissions import Feature

_AVD = "Microsoft.DesktopVirtualization/hostpools"


@dataclass(frozen=True, slots=True)
class Permission:
    """The actions that one role allows, and those that it excludes."""

    actions: tuple[str, ...]
    not_actions: tuple[str, ...] = ()

    def allows(self, action: str) -> bool:
        """Whether the role allows the action. Letter case does not matter."""
        return _any(self.actions, action) and not _any(self.not_actions, action)


@dataclass(frozen=True, slots=True)
class Missing:
    """A right that the app's identity lacks."""

    action: str
    scope: str
    """The resource id of the host pool, or of the VMs' resource group."""

    @property
    def text(self) -> str:
        return (
            f"{self.action} is missing on {self.scope}; the role '{role_for(self.action)}' has it"
        )


_ROLES = (
    (f"{_AVD}/sessionhosts/usersessions/", "Desktop Virtualization User Session Operator"),
    (f"{_AVD}/", "Desktop Virtualization Session Host Operator"),
    ("Microsoft.DesktopVirtualization/", "Desktop Virtualization Reader"),
    ("Microsoft.Resources/tags/", "Tag Contributor"),
    ("Microsoft.Compute/", "Virtual Machine Contributor"),
)


def role_for(action: str) -> str:
    """A built-in role that has the action, from the vendor's list of built-in roles."""
    low = action.lower()
    return next((role for begins, role in _ROLES if low.startswith(begins.lower())), "Contributor")


def features_of(policy: Policy, facts: PoolFacts) -> frozenset[Feature]:
    """The features that the drain needs and that a list of rights must allow. Readings made before
    the drain are left out: their own answer says more than a list."""
    found = {Feature.DRAIN}
    if policy.messages:
        found.add(Feature.MESSAGES)
    if policy.at_deadline is AtDeadline.SIGN_OUT or policy.disconnected_for is not None:
        found.add(Feature.SIGN_OUT)
    if facts.plan is not None and facts.plan.exclusion_tag:
        found.add(Feature.SCALING_PLANS)
    if policy.maintenance.works_on_vm:
        found.add(Feature(policy.maintenance.kind))
    return frozenset(found)


def missing(
    needed: Iterable[str], held: Mapping[str, tuple[Permission, ...]]
) -> tuple[Missing, ...]:
    """The needed actions that are not allowed, with the scope. ``held``: the identity's permissions
    by scope."""
    wanted = tuple(needed)
    return tuple(
        Missing(action, scope)
        for scope, permissions in held.items()
        for action in wanted
        if not any(permission.allows(action) for permission in permissions)
    )


def _any(patterns: tuple[str, ...], action: str) -> bool:
    return any(_pattern(pattern).fullmatch(action) for pattern in patterns)


@cache
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(".*".join(map(re.escape, text.split("*"))), re.IGNORECASE)
