"""What the app's identity may do, and where. Each request needs an action of Azure's role-based
access control at a scope.

Rights are a word (``all``, ``read``, ``none``) or a list of actions, in which ``*`` stands for
anything.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from local.sim.estate.things import Host, Pool, Rights
from local.sim.estate.world import World

WORDS: dict[str, tuple[str, ...]] = {"all": ("*",), "read": ("*/read",), "none": ()}


@dataclass(frozen=True, slots=True)
class Where:
    """A scope by its id, and the actions that the identity has there."""

    scope: str
    held: tuple[str, ...]

    def allows(self, action: str) -> bool:
        return any(fnmatchcase(action.lower(), pattern.lower()) for pattern in self.held)


def actions(rights: Rights) -> tuple[str, ...]:
    return WORDS[rights] if isinstance(rights, str) else tuple(rights)


def on_pool(pool: Pool) -> Where:
    return Where(pool.id, actions(pool.rights))


def on_vm(pool: Pool, host: Host) -> Where:
    return Where(host.vm.id, actions(pool.rights_on_vms))


def on_pools_of(world: World, subscription: str, group: str) -> Where:
    """The scope of all pools in a resource group, or in the subscription: it has the actions of any
    of them."""
    found = [
        pool.rights
        for pool in world.pools
        if pool.subscription == subscription and group.lower() in ("", pool.resource_group.lower())
    ]
    return _any(subscription, group, found)


def on_vms_of(world: World, subscription: str, group: str) -> Where:
    found = [
        pool.rights_on_vms
        for pool in world.pools
        if pool.subscription == subscription and pool.group_of_vms.lower() == group.lower()
    ]
    return _any(subscription, group, found)


def on_subscription(world: World, subscription: str) -> Where:
    return Where(f"/subscriptions/{subscription}", actions(world.rights["subscriptions"]))


def on_group(world: World, subscription: str, group: str) -> Where:
    """The resource group of what brings events."""
    scope = f"/subscriptions/{subscription}/resourceGroups/{group}"
    return Where(scope, actions(world.rights["sources"]))


def on_configuration(world: World, configuration: str) -> Where:
    return Where(configuration, actions(world.rights["configurations"]))


def _any(subscription: str, group: str, rights: Iterable[Rights]) -> Where:
    scope = f"/subscriptions/{subscription}" + (f"/resourceGroups/{group}" if group else "")
    return Where(scope, tuple(action for held in rights for action in actions(held)))
