"""Microsoft.Authorization: what the app's identity may do on a host pool, or in a resource
group."""

from local.sim.estate.world import World
from local.sim.services.access import Where, on_pool, on_pools_of, on_vms_of
from local.sim.services.arm import Answer, ArmError, Call, find_pool


def answer(world: World, call: Call) -> Answer:
    """The permissions of a pool or group. In a group, the identity may do what it may do on any of
    its pools and VMs."""
    if call.method != "GET":
        raise ArmError(405, "MethodNotAllowed", f"{call.method} is not for permissions.")
    if call.provider == "microsoft.authorization":
        where = _in_group(world, call)
    else:
        where = on_pool(find_pool(world, call))
    return Answer(
        "permissions.list", "", "Microsoft.Authorization/permissions/read", where,
        lambda: (200, {"value": [{"actions": list(where.held), "notActions": []}]}, {}),
    )  # fmt: skip


def _in_group(world: World, call: Call) -> Where:
    pools = on_pools_of(world, call.subscription, call.group)
    vms = on_vms_of(world, call.subscription, call.group)
    return Where(vms.scope, (*pools.held, *vms.held))
