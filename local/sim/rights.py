"""Microsoft.Authorization: what the app's identity may do at a host pool, or in a resource group."""

from typing import Any

from local.sim.arm import Answer, ArmError, Call
from local.sim.world import World

_ROLES: dict[str, list[dict[str, Any]]] = {
    "all": [
        {"actions": ["Microsoft.Authorization/*/read"], "notActions": []},
        {"actions": ["*"], "notActions": ["Microsoft.Authorization/*/Delete"]},
    ],
    "read": [{"actions": ["*/read"], "notActions": []}],
    "none": [],
}
_BEST_FIRST = tuple(_ROLES)


def answer(world: World, call: Call) -> Answer:
    """In a group the identity may do what it may at any of the group's pools."""
    if call.method != "GET":
        raise ArmError(405, "MethodNotAllowed", f"{call.method} is not for permissions.")
    pools = [
        pool
        for pool in world.pools
        if pool.subscription == call.subscription
        and pool.resource_group.lower() == call.group.lower()
        and (
            call.provider == "microsoft.authorization" or pool.name.lower() == call.names[0].lower()
        )
    ]
    if not pools:
        raise ArmError(404, "ResourceNotFound", "There is no such resource.")
    best = min((pool.rights for pool in pools), key=_BEST_FIRST.index)
    return Answer(
        "permissions.list", "", "permissions/read", None,
        lambda: (200, {"value": _ROLES[best]}, {}),
    )  # fmt: skip
