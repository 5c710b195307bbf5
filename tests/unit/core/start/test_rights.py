"""Which rights a drain needs, and which are missing."""

import pytest

from shared.core.maintenance.hold import Hold
from shared.core.maintenance.restart import Restart
from shared.core.observation.seen import PlanSeen, PoolFacts, PoolSeen, PoolType
from shared.core.policy.policy import AtDeadline, Policy
from shared.core.start.permissions import Scope, actions
from shared.core.start.rights import Permission, features_of, missing

FACTS = PoolFacts(PoolSeen("hp", PoolType.POOLED, 10))
ACTION = "Microsoft.Compute/virtualMachines/restart/action"


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        (Permission(("*",)), True),
        (Permission(("microsoft.compute/virtualmachines/*",)), True),
        (Permission(("*/action",)), True),
        (Permission((ACTION,)), True),
        (Permission(("*/read",)), False),
        (Permission(("Microsoft.Compute/virtualMachines/restart",)), False),
        (Permission(("*",), ("Microsoft.Compute/*/restart/action",)), False),
        (Permission(()), False),
    ],
)
def test_a_role_allows_what_it_lists_and_does_not_take_away(
    role: Permission, allowed: bool
) -> None:
    assert role.allows(ACTION) is allowed


def test_what_one_role_takes_away_another_may_give() -> None:
    roles = (Permission(("*",), ("*/action",)), Permission((ACTION,)))
    assert missing([ACTION], {"group": roles}) == ()


def test_what_is_missing_is_named_with_where() -> None:
    [found] = missing([ACTION], {"one": (Permission(("*",)),), "two": ()})
    assert (found.action, found.scope) == (ACTION, "two")


def needed(scope: Scope, policy: Policy, facts: PoolFacts = FACTS) -> tuple[str, ...]:
    return tuple(actions(scope, features_of(policy, facts)))


def test_signing_out_needs_a_right_only_where_the_policy_does_it() -> None:
    right = "Microsoft.DesktopVirtualization/hostpools/sessionhosts/usersessions/delete"
    assert right not in needed(Scope.POOLS, Policy())
    assert right in needed(Scope.POOLS, Policy(at_deadline=AtDeadline.SIGN_OUT))


def test_each_kind_of_maintenance_names_what_it_needs_and_a_scaling_plan_its_tag() -> None:
    assert ACTION in needed(Scope.MACHINES, Policy(maintenance=Restart()))
    held = needed(Scope.MACHINES, Policy(maintenance=Hold()))
    assert held == ("Microsoft.Compute/virtualMachines/instanceView/read",)
    plan = PlanSeen("plan", True, "no-scaling", "UTC")
    planned = PoolFacts(FACTS.pool, (plan,))
    found = needed(Scope.MACHINES, Policy(maintenance=Hold()), planned)
    assert "Microsoft.Resources/tags/write" in found
