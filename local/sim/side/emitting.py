"""POST ``/_sim/emit``: makes a source of events publish something about the estate.

====================  =====================================================================
``updateRun``         ``configuration``, ``hosts`` (pool name to host names), and in the
                      estate's seconds ``startsIn``, ``lasts``, ``cutOff`` before the start
``annotation``        ``pool``, ``host``, ``name``; ``context`` (Platform Initiated)
``availability``      ``pool``, ``host``, ``state``; ``before``
``scheduledEvent``    ``pool``, ``hosts``, ``eventId``, ``kind``, ``status``; ``startsIn``
``alert``             ``pool``, ``hosts``, ``rule``, ``id``, ``condition``; ``severity``
====================  =====================================================================

``schema`` is ``eventGrid`` or ``cloudEvents``; ``times`` publishes the same more than once.
"""

from collections.abc import Callable
from email.utils import format_datetime
from typing import Any

from local.sim.estate.things import Host, Pool
from local.sim.estate.world import World, find_host
from local.sim.services import updates
from local.sim.services.arm import stamp
from local.sim.side.publisher import event

_HEALTH = "Microsoft.ResourceNotifications.HealthResources"
_SCHEDULED = "Microsoft.ResourceNotifications.MaintenanceResources.ScheduledEventEmitted"


def emit(world: World, told: dict[str, Any]) -> list[dict[str, Any]]:
    """Publish what ``told`` asks for, and return it. Raises ValueError that says what is wrong."""
    what = EMITS.get(str(told.get("what")))
    if what is None:
        raise ValueError(f"'what' is one of {', '.join(EMITS)}")
    published = what(world, told)
    for _ in range(int(told.get("times", 1))):
        for each in published:
            world.publish(each)
    return published


def _pool(world: World, name: Any) -> Pool:
    found = next((pool for pool in world.pools if pool.name == name), None)
    if found is None:
        raise ValueError(f"a pool is one of {', '.join(pool.name for pool in world.pools)}")
    return found


def _host(pool: Pool, name: Any) -> Host:
    found = find_host(pool, str(name))
    if found is None:
        raise ValueError(f"a host is one of {', '.join(h.short for h in pool.hosts.values())}")
    return found


def _update_run(world: World, told: dict[str, Any]) -> list[dict[str, Any]]:
    """Schedule a maintenance run. ``updates`` publishes its events, so there are none to return."""
    pools = []
    for name, hosts in (told.get("hosts") or {}).items():
        pool = _pool(world, name)
        pools.append((pool, [_host(pool, host) for host in hosts]))
    updates.schedule(
        world,
        str(told.get("configuration", "patch-night")),
        pools,
        starts_in=float(told.get("startsIn", 2400)),
        lasts=float(told.get("lasts", 3600)),
        cut_off=float(told.get("cutOff", 600)),
        schema=str(told.get("schema", "eventGrid")),
    )
    return []


def _health(world: World, told: dict[str, Any], kind: str, properties: dict[str, Any]) -> Any:
    vm = _host(_pool(world, told.get("pool")), told.get("host")).vm.id
    name = world.new_id()
    properties = {
        "targetResourceId": vm,
        "targetResourceType": "Microsoft.Compute/virtualMachines",
        "occurredTime": stamp(world.now),
        **properties,
    }
    info = {"id": f"{vm}/providers/Microsoft.ResourceHealth/x/{name}", "properties": properties}
    source = "/".join(vm.split("/")[:3])
    schema = str(told.get("schema", "eventGrid"))
    return [event(world.now, f"{_HEALTH}.{kind}", name, source, vm, {"resourceInfo": info}, schema)]


def _annotation(world: World, told: dict[str, Any]) -> list[dict[str, Any]]:
    properties = {
        "annotationName": str(told.get("name")),
        "reason": str(told.get("reason", "the platform says so")),
        "context": str(told.get("context", "Platform Initiated")),
        "category": str(told.get("category", "Unplanned")),
    }
    return list(_health(world, told, "ResourceAnnotated", properties))


def _availability(world: World, told: dict[str, Any]) -> list[dict[str, Any]]:
    properties = {
        "previousAvailabilityState": str(told.get("before", "Unavailable")),
        "availabilityState": str(told.get("state", "Available")),
    }
    return list(_health(world, told, "AvailabilityStatusChanged", properties))


def _scheduled(world: World, told: dict[str, Any]) -> list[dict[str, Any]]:
    pool = _pool(world, told.get("pool"))
    hosts = [_host(pool, name) for name in told.get("hosts") or ()]
    id_ = str(told.get("eventId") or world.new_id())
    scope = f"{hosts[0].vm.id}/providers/microsoft.maintenance/scheduledevents/{id_}"
    at = world.now + world.span(float(told.get("startsIn", 900)))
    properties = {
        "EventId": id_,
        "EventSource": str(told.get("by", "Platform")),
        "EventStatus": str(told.get("status", "Scheduled")),
        "EventType": str(told.get("kind", "Reboot")),
        "NotBefore": format_datetime(at, usegmt=True),
        "Resources": [host.vm.id.rsplit("/", 1)[-1] for host in hosts],
        "ResourceType": "VirtualMachine",
    }
    data = {"resourceInfo": {"id": scope, "name": id_, "properties": properties}}
    source = "/".join(scope.split("/")[:3])
    schema = str(told.get("schema", "eventGrid"))
    return [event(world.now, _SCHEDULED, world.new_id(), source, scope, data, schema)]


def _alert(world: World, told: dict[str, Any]) -> list[dict[str, Any]]:
    pool = _pool(world, told.get("pool"))
    hosts = [_host(pool, name) for name in told.get("hosts") or ()]
    condition = str(told.get("condition", "Fired"))
    essentials = {
        "alertId": f"/subscriptions/{pool.subscription}/providers/Microsoft.AlertsManagement"
        f"/alerts/{told.get('id') or world.new_id()}",
        "alertRule": str(told.get("rule", "disk almost full")),
        "severity": str(told.get("severity", "Sev2")),
        "signalType": "Metric",
        "monitorCondition": condition,
        "monitoringService": "Platform",
        "alertTargetIDs": [host.vm.id.lower() for host in hosts],
        "firedDateTime": stamp(world.now),
        **({"resolvedDateTime": stamp(world.now)} if condition == "Resolved" else {}),
    }
    data = {"essentials": essentials, "alertContext": {}}
    return [{"schemaId": "azureMonitorCommonAlertSchema", "data": data}]


EMITS: dict[str, Callable[[World, dict[str, Any]], list[dict[str, Any]]]] = {
    "updateRun": _update_run,
    "annotation": _annotation,
    "availability": _availability,
    "scheduledEvent": _scheduled,
    "alert": _alert,
}
